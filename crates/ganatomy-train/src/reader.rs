//! The real batches of a run's steps, read ahead of them where that pays.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use ganatomy_data::{BatchKey, Dataset};
use ganatomy_tensor::{Program, Store};

use crate::error::TrainError;
use crate::real::{RealBatch, RealBatches};

/// Steps whose batches are read ahead, beside those of a call.
const AHEAD: usize = 2;

/// The real batches of a run's steps.
pub(crate) struct StepBatches {
    real: RealBatches,
    /// Steps whose batches are read ahead; none where they are read when they are due.
    n_ahead: usize,
    reader: Option<Reader>,
}

/// A batch that was read.
struct Filled {
    items: Vec<f32>,
    labels: Vec<u32>,
}

/// A thread that reads the batches of step after step. As many buffers go around as steps are read ahead.
struct Reader {
    /// The step whose batches come next.
    next: u64,
    seed: u64,
    read: Receiver<Vec<Filled>>,
    /// Dropped to end the thread.
    spare: Option<SyncSender<Vec<Filled>>>,
    thread: Option<JoinHandle<()>>,
}

impl StepBatches {
    /// Those that a step wants.
    pub fn of(program: &Program) -> StepBatches {
        StepBatches { real: RealBatches::of(program), n_ahead: 0, reader: None }
    }

    /// From now on they are read by a thread of their own, while the steps before are made; `n` of them in one call at most.
    pub fn read_ahead(&mut self, n: u64) {
        self.n_ahead = if self.real.len() > 0 { n as usize + AHEAD } else { 0 };
    }

    /// Fills them with the batches of a step. Batches are numbered through, so that an epoch sees every item once whatever the scheme. Allocates
    /// nothing, but where steps do not follow each other.
    pub fn fill(
        &mut self,
        data: &Arc<dyn Dataset>,
        seed: u64,
        step: u64,
        store: &mut Store<f32>,
    ) -> Result<(), TrainError> {
        if self.n_ahead > 0 {
            return self.take_read(data, seed, step, store);
        }
        let first = BatchKey { seed, step: step * self.real.len() as u64, draw: 0 };
        Ok(self.real.fill(&**data, first, store)?)
    }

    fn take_read(
        &mut self,
        data: &Arc<dyn Dataset>,
        seed: u64,
        step: u64,
        store: &mut Store<f32>,
    ) -> Result<(), TrainError> {
        // A run that was forked, or begun anew elsewhere, asks for other steps than those that were read.
        let mut reader = match self.reader.take().filter(|reader| (reader.next, reader.seed) == (step, seed))
        {
            Some(reader) => reader,
            None => self.reader_from(data, seed, step),
        };
        let read = reader
            .read
            .recv()
            .map_err(|_| TrainError::Other("the thread that reads the data has stopped".into()))?;
        for (batch, filled) in self.real.batches.iter().zip(&read) {
            store.get_mut(&batch.items)?.values_mut().copy_from_slice(&filled.items);
            batch.put_labels(&filled.labels, store)?;
        }
        reader.next += 1;
        if let Some(spare) = &reader.spare {
            // A thread that has stopped is noticed at the next step.
            let _ = spare.send(read);
        }
        self.reader = Some(reader);
        Ok(())
    }

    fn reader_from(&self, data: &Arc<dyn Dataset>, seed: u64, step: u64) -> Reader {
        let [(spare, empty), (full, read)] = [0; 2].map(|_| sync_channel::<Vec<Filled>>(self.n_ahead));
        let (n_labels, data) = (self.real.labels.len(), Arc::clone(data));
        for _ in 0..self.n_ahead {
            let buffer =
                |batch: &RealBatch| Filled { items: vec![0.0; batch.numel], labels: vec![0; n_labels] };
            let _ = spare.send(self.real.batches.iter().map(buffer).collect());
        }
        let work = move || {
            let mut next = step;
            while let Ok(mut buffers) = empty.recv() {
                let n = buffers.len() as u64;
                for (i, Filled { items, labels }) in (0..).zip(&mut buffers) {
                    data.fill(BatchKey { seed, step: next * n + i, draw: 0 }, items, labels);
                }
                if full.send(buffers).is_err() {
                    return;
                }
                next += 1;
            }
        };
        Reader { next: step, seed, read, spare: Some(spare), thread: Some(std::thread::spawn(work)) }
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        drop(self.spare.take());
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has said so.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use ganatomy_data::Points;
    use ganatomy_tensor::Trace;

    use super::*;

    fn batches(ahead: bool) -> (StepBatches, Store<f32>) {
        let trace = Trace::new();
        let sum = trace.input("real.0", [3, 2]).sum_all() + trace.input("real.1", [3, 2]).sum_all();
        let program = Program::compile(&trace, &[("sum", &sum)]).unwrap();
        let mut store = Store::new();
        for (name, shape) in program.inputs() {
            store.place(name, shape).unwrap();
        }
        let mut real = StepBatches::of(&program);
        if ahead {
            real.read_ahead(1);
        }
        (real, store)
    }

    #[test]
    fn what_is_read_ahead_is_what_is_read_when_it_is_due() {
        let points: Vec<[f32; 2]> = (0..40).map(|i| [i as f32, -(i as f32)]).collect();
        let data: Arc<dyn Dataset> = Arc::new(Points::new(points).unwrap());
        let (mut here, mut there) = (batches(false), batches(true));
        // One after another, then back, and another seed.
        for (seed, step) in [(1, 5), (1, 6), (1, 7), (1, 2), (1, 3), (9, 4), (9, 5)] {
            here.0.fill(&data, seed, step, &mut here.1).unwrap();
            there.0.fill(&data, seed, step, &mut there.1).unwrap();
            for name in ["real.0", "real.1"] {
                let [a, b] = [&here.1, &there.1].map(|store| store.get(name).unwrap().values().to_vec());
                assert_eq!(a, b, "{name} of step {step}");
            }
        }
        assert_ne!(here.1.get("real.0").unwrap().values(), here.1.get("real.1").unwrap().values());
    }
}

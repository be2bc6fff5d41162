//! A lowered program with its memory, and the loop in which the threads run it.

use std::time::Instant;

use super::device::Cpu;
use super::frame::Frame;
use super::level::Level;
use super::lower::{Lowered, lower};
use super::machine::{KernelTime, Machine};
use super::native::Native;
use super::pass::Scratch;
use super::pool::{Barrier, Shares};
use crate::aligned::Aligned;
use crate::compile::Program;
use crate::philox::Key;
use crate::store::StoreError;

impl Native for f32 {
    fn machine(program: &Program, names: &[String], cpu: &Cpu) -> Result<Box<dyn Machine<f32>>, StoreError> {
        machine(program, names, cpu)
    }

    fn planned_bytes(program: &Program, names: &[String], cpu: &Cpu) -> usize {
        lower::<f32>(program, names, cpu.level()).planned_bytes(cpu.threads())
    }
}

impl Native for f64 {
    fn machine(program: &Program, names: &[String], cpu: &Cpu) -> Result<Box<dyn Machine<f64>>, StoreError> {
        machine(program, names, cpu)
    }

    fn planned_bytes(program: &Program, names: &[String], cpu: &Cpu) -> usize {
        lower::<f64>(program, names, cpu.level()).planned_bytes(cpu.threads())
    }
}

/// Measures where one thread's time goes.
struct Clock {
    times: Vec<KernelTime>,
    last: Instant,
    kernel: usize,
}

impl Clock {
    fn new(n_kernels: usize) -> Self {
        Clock { times: vec![KernelTime::default(); n_kernels], last: Instant::now(), kernel: 0 }
    }

    fn lap(&mut self) -> f64 {
        let before = std::mem::replace(&mut self.last, Instant::now());
        (self.last - before).as_secs_f64()
    }

    /// The time since the last call was spent waiting, which the kernel before caused.
    fn waited(&mut self) {
        self.times[self.kernel].wait += self.lap();
    }

    /// The time since the last call was spent on this kernel's tasks.
    fn worked(&mut self, kernel: usize) {
        self.times[kernel].work += self.lap();
        self.kernel = kernel;
    }
}

struct Loaded<E> {
    lowered: Lowered<E>,
    level: Level,
    arena: Aligned<E>,
    threads: Vec<PerThread<E>>,
    shares: Shares,
    barrier: Barrier,
}

/// The memory of one thread.
struct PerThread<E> {
    scratch: Scratch<E>,
    clock: Option<Clock>,
}

/// A program lowered for a device; its named tensors are numbered by `names`.
fn machine<E: Native>(
    program: &Program,
    names: &[String],
    cpu: &Cpu,
) -> Result<Box<dyn Machine<E>>, StoreError> {
    Ok(Box::new(load::<E>(program, names, cpu)?))
}

fn load<E: Native>(program: &Program, names: &[String], cpu: &Cpu) -> Result<Loaded<E>, StoreError> {
    let lowered = lower::<E>(program, names, cpu.level());
    let arena = Aligned::try_zeros(lowered.arena_len).ok_or_else(|| StoreError::Memory {
        what: "the program".to_owned(),
        bytes: lowered.arena_len.saturating_mul(size_of::<E>()),
    })?;
    let own = |_| PerThread { scratch: lowered.scratch(), clock: None };
    let threads = (0..cpu.threads()).map(own).collect();
    let shares = Shares::new(lowered.phases.len(), cpu.threads());
    let (level, barrier) = (cpu.level(), Barrier::new(cpu.threads()));
    Ok(Loaded { lowered, level, arena, threads, shares, barrier })
}

impl<E: Native> Machine<E> for Loaded<E> {
    fn planned_for(&self) -> (usize, Level) {
        (self.threads.len(), self.level)
    }

    fn memory_bytes(&self) -> usize {
        let scratch = self.threads.iter().map(|own| own.scratch.chunks.len() + own.scratch.local.len());
        (self.arena.len() + self.lowered.literals.len() + scratch.sum::<usize>()) * size_of::<E>()
    }

    fn measure(&mut self, start: bool) -> Vec<KernelTime> {
        let n_kernels = self.lowered.kernels.len();
        let mut means = vec![KernelTime::default(); n_kernels];
        let share = 1.0 / self.threads.len() as f64;
        for own in &mut self.threads {
            let clock = std::mem::replace(&mut own.clock, start.then(|| Clock::new(n_kernels)));
            for (mean, time) in means.iter_mut().zip(clock.iter().flat_map(|clock| &clock.times)) {
                mean.work += time.work * share;
                mean.wait += time.wait * share;
            }
        }
        means
    }

    unsafe fn run(&mut self, cpu: &Cpu, named: *const *mut E, key: Key) -> Result<(), String> {
        let arena = self.arena.as_mut_ptr();
        let frame = Frame { arena, literals: self.lowered.literals.as_ptr(), named, key, level: cpu.level() };
        let threads = Threads(self.threads.as_mut_ptr());
        let (lowered, shares, barrier) = (&self.lowered, &self.shares, &self.barrier);
        let ran = cpu.run(&|thread| {
            let _others_leave = barrier.unless_finished();
            // SAFETY: each thread takes what is of its own number, which exists: a bound program
            // runs on the device it was bound to.
            let PerThread { scratch, clock } = unsafe { threads.of(thread) };
            for (at, phase) in lowered.phases.iter().enumerate() {
                if phase.barrier && !barrier.wait() {
                    return;
                }
                if let Some(clock) = clock {
                    clock.waited();
                }
                shares.each_task(at, phase.n_tasks, thread, |task| {
                    // SAFETY: phases run in order with barriers where they touch the same memory.
                    unsafe { lowered.kernels[phase.kernel].run(&frame, scratch, phase.phase, task) };
                });
                if let Some(clock) = clock {
                    clock.worked(phase.kernel);
                }
            }
            if !barrier.wait() {
                return;
            }
            shares.refill(thread);
            if let Some(clock) = clock {
                clock.waited();
            }
        });
        if ran.is_err() {
            barrier.mend();
            (0..self.threads.len()).for_each(|thread| shares.refill(thread));
        }
        ran
    }
}

/// A program whose every phase is checked when it runs, on one thread (see [`super::checked`]).
#[cfg(test)]
pub(crate) struct CheckedProgram<E> {
    names: Vec<String>,
    loaded: Loaded<E>,
}

#[cfg(test)]
impl<E: Native> CheckedProgram<E> {
    pub fn new(program: &Program, level: Level, store: &mut crate::Store<E>) -> Result<Self, String> {
        let mut names = Vec::<String>::new();
        for (name, shape) in program.named() {
            store.place(name, shape).map_err(|error| error.to_string())?;
            names.push(name.to_owned());
        }
        let cpu = Cpu::with_level(1, level);
        let loaded = load::<E>(program, &names, &cpu).map_err(|error| error.to_string())?;
        Ok(CheckedProgram { names, loaded })
    }

    /// Runs it once on the store that it was made for.
    pub fn run(&mut self, store: &mut crate::Store<E>, key: Key) -> Result<(), String> {
        let mut named = Vec::new();
        for name in &self.names {
            let values = store.get_mut(name).map_err(|error| error.to_string())?.values_mut();
            named.push((values.as_mut_ptr(), values.len()));
        }
        let Loaded { lowered, level, threads, .. } = &mut self.loaded;
        // SAFETY: the pointers are those of the store's arrays, which is borrowed.
        unsafe { super::checked::run(lowered, &mut threads[0].scratch, &named, key, *level) }
    }
}

struct Threads<E>(*mut PerThread<E>);
// SAFETY: every thread uses the element of its own number only.
unsafe impl<E> Sync for Threads<E> {}

impl<E> Threads<E> {
    /// # Safety
    /// The number is below the number of threads, and no two threads give the same.
    #[allow(clippy::mut_from_ref)]
    unsafe fn of(&self, thread: usize) -> &mut PerThread<E> {
        // SAFETY: the caller's promise.
        unsafe { &mut *self.0.add(thread) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Store, Tensor, Trace};

    /// A kernel that panics ends the run with an error, on any number of threads; the next run is whole again.
    #[test]
    fn a_kernel_that_panics_ends_the_run_and_not_the_process() {
        let trace = Trace::new();
        let y: Tensor = trace.input("x", [40, 30]).matmul(&trace.input("w", [30, 20])).tanh();
        let program = Program::compile(&trace, &[("y", &y)]).unwrap();
        let names = ["w", "x", "y"].map(str::to_owned);
        for threads in [1, 3] {
            let cpu = Cpu::new(threads);
            let mut store = Store::<f32>::new();
            store.insert("w", [30, 20], vec![0.1; 600]).unwrap();
            store.insert("x", [40, 30], vec![0.1; 1200]).unwrap();
            store.insert("y", [40, 20], vec![0.0; 800]).unwrap();
            let mut pointers = Vec::new();
            for name in &names {
                pointers.push(store.get_mut(name).unwrap().values_mut().as_mut_ptr());
            }
            let mut loaded = load::<f32>(&program, &names, &cpu).unwrap();
            let last = loaded.lowered.phases.len() - 1;
            let kernel = loaded.lowered.phases[last].kernel;
            for broken in [true, false, true, false] {
                loaded.lowered.phases[last].kernel = if broken { 99 } else { kernel };
                // SAFETY: the pointers are those of the program's tensors, in the order of `names`.
                let ran = unsafe { loaded.run(&cpu, pointers.as_ptr(), Key::default()) };
                assert_eq!(ran.is_err(), broken, "{threads} threads: {ran:?}");
            }
            assert!((store.get("y").unwrap().values()[7] - 0.3f32.tanh()).abs() < 1e-5);
        }
    }
}

//! A lowered program with its memory, and the loop in which the threads run it.

use std::time::Instant;

use super::device::Cpu;
use super::frame::Frame;
use super::lower::{Lowered, lower};
use super::machine::{KernelTime, Machine};
use super::native::Native;
use super::pass::Scratch;
use super::pool::{Barrier, Shares};
use crate::aligned::{Aligned, NoRoom};
use crate::compile::Program;
use crate::philox::Key;

impl Native for f32 {
    fn machine(program: &Program, names: &[String], cpu: &Cpu) -> Result<Box<dyn Machine<f32>>, NoRoom> {
        machine(program, names, cpu)
    }

    fn planned_bytes(program: &Program, names: &[String], cpu: &Cpu) -> Result<usize, NoRoom> {
        planned_bytes::<f32>(program, names, cpu)
    }
}

impl Native for f64 {
    fn machine(program: &Program, names: &[String], cpu: &Cpu) -> Result<Box<dyn Machine<f64>>, NoRoom> {
        machine(program, names, cpu)
    }

    fn planned_bytes(program: &Program, names: &[String], cpu: &Cpu) -> Result<usize, NoRoom> {
        planned_bytes::<f64>(program, names, cpu)
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
fn machine<E: Native>(program: &Program, names: &[String], cpu: &Cpu) -> Result<Box<dyn Machine<E>>, NoRoom> {
    let lowered = lower::<E>(program, names, cpu.level())?;
    let own = |_| Ok(PerThread { scratch: lowered.scratch()?, clock: None });
    let threads = (0..cpu.threads()).map(own).collect::<Result<Vec<_>, NoRoom>>()?;
    let shares = Shares::new(lowered.phases.len(), cpu.threads());
    let arena = Aligned::zeros(lowered.arena_len)?;
    Ok(Box::new(Loaded { lowered, arena, threads, shares, barrier: Barrier::new(cpu.threads()) }))
}

/// What a bound program would take, found without taking it.
fn planned_bytes<E: Native>(program: &Program, names: &[String], cpu: &Cpu) -> Result<usize, NoRoom> {
    let lowered = lower::<E>(program, names, cpu.level())?;
    Ok(lowered.n_elements(cpu.threads()).saturating_mul(size_of::<E>()))
}

impl<E: Native> Machine<E> for Loaded<E> {
    fn threads(&self) -> usize {
        self.threads.len()
    }

    fn memory_bytes(&self) -> usize {
        let scratch = self.threads.iter().map(|own| own.scratch.chunks.len() + own.scratch.local.len());
        (self.arena.len() + scratch.sum::<usize>()) * size_of::<E>()
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

    unsafe fn run(&mut self, cpu: &Cpu, named: *const *mut E, key: Key) {
        let arena = self.arena.as_mut_ptr();
        let frame = Frame { arena, literals: self.lowered.literals.as_ptr(), named, key, level: cpu.level() };
        let threads = Threads(self.threads.as_mut_ptr());
        let (lowered, shares, barrier) = (&self.lowered, &self.shares, &self.barrier);
        cpu.run(&|thread| {
            // SAFETY: each thread takes what is of its own number, which exists: a bound program
            // runs on the device it was bound to.
            let PerThread { scratch, clock } = unsafe { threads.of(thread) };
            for (at, phase) in lowered.phases.iter().enumerate() {
                if phase.barrier {
                    barrier.wait();
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
            barrier.wait();
            shares.refill(thread);
            if let Some(clock) = clock {
                clock.waited();
            }
        });
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

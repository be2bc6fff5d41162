//! A program bound to a device and a store: planned kernels, their memory, and the loop that runs them.

use std::sync::Mutex;
use std::time::Instant;

use super::lower::{Lowered, Work, lower};
use super::pass::{Frame, Scratch};
use super::pool::Barrier;
use super::{Aligned, Cpu, Key, Native};
use crate::compile::Program;
use crate::op::Op;
use crate::store::{Store, StoreError};

/// Where a tensor starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In the program's arena.
    Arena(usize),
    /// Among the program's literal tables.
    Literal(usize),
    /// In the store: the program's n-th named tensor.
    Named(usize),
}

/// One phase of one kernel.
#[derive(Clone, Copy, Debug)]
pub(super) struct Phase {
    pub kernel: usize,
    pub phase: usize,
    pub n_tasks: usize,
    /// Must all threads meet before it?
    pub barrier: bool,
}

/// A program ready to run on the tensors of one store. Running it allocates nothing.
pub struct Bound<E> {
    machine: Box<dyn Machine<E>>,
    /// The store's places of the named tensors.
    places: Vec<usize>,
    /// How many elements each was planned for.
    lens: Vec<usize>,
    pointers: Vec<*mut E>,
}

// SAFETY: the pointers are set at the start of each run and not used after it.
unsafe impl<E: Send> Send for Bound<E> {}

/// A lowered program with its memory. Behind a trait object made in this crate, so that the kernels are
/// compiled here once and not again in every crate that runs a program.
pub trait Machine<E>: Send {
    /// Runs the program on named tensors.
    ///
    /// # Safety
    /// `named` holds a pointer to each named tensor of the program, with as many elements as it was
    /// planned for, and nothing else uses those tensors meanwhile.
    unsafe fn run(&mut self, cpu: &Cpu, named: *const *mut E, key: Key, clock: Option<&mut Clock>);

    /// Bytes of the arena and of all scratch memory.
    fn memory_bytes(&self) -> usize;

    /// The threads it was planned for.
    fn threads(&self) -> usize;
}

/// Measures the time between one kernel and the next.
pub struct Clock {
    entered: Instant,
    kernel: usize,
    secs: Vec<f64>,
}

impl Clock {
    /// The work before this moment was of the kernel entered last.
    fn enter(&mut self, kernel: usize) {
        let now = Instant::now();
        self.secs.resize(self.kernel.max(kernel) + 1, 0.0);
        self.secs[self.kernel] += (now - self.entered).as_secs_f64();
        (self.entered, self.kernel) = (now, kernel);
    }
}

struct Loaded<E> {
    lowered: Lowered<E>,
    arena: Aligned<E>,
    scratch: Vec<Scratch<E>>,
    barrier: Barrier,
}

/// A program lowered for a device; its named tensors are numbered by `names`.
pub(super) fn machine<E: Native>(program: &Program, names: &[String], cpu: &Cpu) -> Box<dyn Machine<E>> {
    let lowered = lower::<E>(program, names, cpu.level());
    let scratch = (0..cpu.threads()).map(|_| lowered.scratch()).collect();
    let arena = Aligned::zeros(lowered.arena_len);
    Box::new(Loaded { lowered, arena, scratch, barrier: Barrier::new(cpu.threads()) })
}

impl Program {
    /// Plans the program for a device, and makes room in the store for its outputs.
    ///
    /// Every input must be in the store already, with the shape it was traced with.
    pub fn bind<E: Native>(&self, cpu: &Cpu, store: &mut Store<E>) -> Result<Bound<E>, StoreError> {
        for (name, shape) in self.inputs() {
            store.get(name)?;
            store.place(name, shape)?;
        }
        let mut names: Vec<String> = Vec::new();
        let (mut places, mut lens) = (Vec::new(), Vec::new());
        let all = self.inputs().into_iter().chain(self.outputs());
        for (name, shape) in all {
            if !names.iter().any(|known| known == name) {
                places.push(store.place(name, shape)?);
                lens.push(shape.numel());
                names.push(name.to_owned());
            }
        }
        let machine = E::machine(self, &names, cpu);
        Ok(Bound { machine, pointers: vec![std::ptr::null_mut(); places.len()], places, lens })
    }

    /// The values of literal tables, one after another, and where each starts.
    pub(super) fn literals<E: Native>(&self) -> (Aligned<E>, Vec<Option<usize>>) {
        let mut values = Vec::new();
        let mut starts = vec![None; self.nodes.len()];
        for (id, node) in self.nodes.iter().enumerate() {
            if let Op::Literal(table) = &node.op {
                starts[id] = Some(values.len());
                values.extend(table.iter().map(|value| E::from_f64(value.0)));
                values.resize(values.len().next_multiple_of(16), E::ZERO);
            }
        }
        let mut aligned = Aligned::zeros(values.len());
        aligned.copy_from_slice(&values);
        (aligned, starts)
    }
}

impl<E: Native> Bound<E> {
    /// Bytes of the arena and of all scratch memory.
    pub fn memory_bytes(&self) -> usize {
        self.machine.memory_bytes()
    }

    /// Runs the program once on the store it was bound to.
    ///
    /// The bits of the result do not depend on the number of threads.
    ///
    /// # Panics
    /// On another store or a device of another number of threads than it was bound to.
    pub fn run(&mut self, cpu: &Cpu, store: &mut Store<E>, key: Key) {
        self.run_timed(cpu, store, key, None);
    }

    /// Runs the program as [`Bound::run`] does, and tells the seconds that passed in each kernel, in
    /// the order of [`Program::kernel_costs`]: from the moment thread 0 enters it until it enters the next.
    pub fn profile(&mut self, cpu: &Cpu, store: &mut Store<E>, key: Key) -> Vec<f64> {
        let mut clock = Clock { entered: Instant::now(), kernel: 0, secs: Vec::new() };
        self.run_timed(cpu, store, key, Some(&mut clock));
        clock.secs
    }

    fn run_timed(&mut self, cpu: &Cpu, store: &mut Store<E>, key: Key, clock: Option<&mut Clock>) {
        assert_eq!(cpu.threads(), self.machine.threads(), "a program runs on the device it was bound to");
        for (i, pointer) in self.pointers.iter_mut().enumerate() {
            let values = store.at(self.places[i]);
            assert_eq!(values.len(), self.lens[i], "a program runs on the store it was bound to");
            *pointer = values.as_mut_ptr();
        }
        // SAFETY: binding has checked the shapes, and the store is borrowed for the whole run.
        unsafe { self.machine.run(cpu, self.pointers.as_ptr(), key, clock) };
    }
}

impl<E: Native> Machine<E> for Loaded<E> {
    fn threads(&self) -> usize {
        self.scratch.len()
    }

    fn memory_bytes(&self) -> usize {
        let scratch: usize = self.scratch.iter().map(|s| s.chunks.len() + s.local.len()).sum();
        (self.arena.len() + scratch) * size_of::<E>()
    }

    unsafe fn run(&mut self, cpu: &Cpu, named: *const *mut E, key: Key, clock: Option<&mut Clock>) {
        let clock = clock.map(Mutex::new);
        let tick = |thread: usize, kernel: usize| {
            if let (0, Some(clock)) = (thread, &clock)
                && let Ok(mut clock) = clock.lock()
            {
                clock.enter(kernel);
            }
        };
        let arena = self.arena.as_mut_ptr();
        let frame = Frame { arena, literals: self.lowered.literals.as_ptr(), named, key, level: cpu.level() };
        let threads = cpu.threads().min(self.scratch.len());
        let scratches = Scratches(self.scratch.as_mut_ptr());
        let (lowered, barrier) = (&self.lowered, &self.barrier);
        cpu.run(&|thread| {
            // SAFETY: each thread takes the scratch of its own number, which exists: a bound program
            // runs on the device it was bound to.
            let scratch = unsafe { scratches.of(thread) };
            for phase in &lowered.phases {
                tick(thread, phase.kernel);
                if phase.barrier {
                    barrier.wait();
                }
                let (start, end) = super::share(phase.n_tasks, threads.min(phase.n_tasks), thread);
                for task in start..end {
                    // SAFETY: phases run in order with barriers where they touch the same memory.
                    unsafe { lowered.kernels[phase.kernel].run(&frame, scratch, phase.phase, task) };
                }
            }
            barrier.wait();
            tick(thread, lowered.kernels.len() - 1);
        });
    }
}

struct Scratches<E>(*mut Scratch<E>);
// SAFETY: every thread uses the element of its own number only.
unsafe impl<E> Sync for Scratches<E> {}

impl<E> Scratches<E> {
    /// # Safety
    /// The number is below the number of scratches, and no two threads give the same.
    #[allow(clippy::mut_from_ref)]
    unsafe fn of(&self, thread: usize) -> &mut Scratch<E> {
        // SAFETY: the caller's promise.
        unsafe { &mut *self.0.add(thread) }
    }
}

impl<E: Native> Work<E> {
    /// Runs a task of a phase.
    ///
    /// # Safety
    /// The frame is of the program this kernel belongs to; earlier phases have finished.
    unsafe fn run(&self, frame: &Frame<E>, scratch: &mut Scratch<E>, phase: usize, task: usize) {
        // SAFETY: the caller's promise; places were planned by the same program.
        unsafe {
            match self {
                Work::Product { product, a, b, c, workspace, epilogue } => {
                    let local = scratch.local.as_mut_ptr();
                    let (left, right) = (frame.at(a.0).add(a.1), frame.at(b.0).add(b.1));
                    let shared = frame.at(Place::Arena(*workspace));
                    let tile = product.run(phase, task, left, right, frame.at(*c), shared, local);
                    if let (Some(tile), Some(pass)) = (tile, epilogue) {
                        pass.prepare(scratch);
                        let whole = tile.cols == tile.ld;
                        let (rows, cols) =
                            if whole { (1, tile.rows * tile.cols) } else { (tile.rows, tile.cols) };
                        for row in 0..rows {
                            let start = (tile.row + row) * tile.ld + tile.col;
                            pass.run(frame, scratch, start, start + cols, &mut |_, _| {});
                        }
                    }
                }
                Work::Map { pass, n_tasks } => {
                    let granules = pass.len.div_ceil(pass.granule());
                    let (start, end) = super::share(granules, *n_tasks, task);
                    let limit = |granule: usize| (granule * pass.granule()).min(pass.len);
                    pass.prepare(scratch);
                    pass.run(frame, scratch, limit(start), limit(end), &mut |_, _| {});
                }
                Work::Reduce { plan, pass, out, workspace } => {
                    let (out, room) = (frame.at(*out), frame.at(Place::Arena(*workspace)));
                    plan.run(pass, frame, scratch, (phase, task), out, room);
                }
                Work::Move(movement) => movement.run(frame, task),
            }
        }
    }
}

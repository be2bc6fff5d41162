//! A program bound to a device and a store: planned kernels, their memory, and the loop that runs them.

use std::time::Instant;

use super::lower::{Lowered, Work, lower};
use super::pass::{Frame, Scratch, Stretch};
use super::pool::{Barrier, Shares};
use super::task::Pointers;
use super::{Cpu, Native};
use crate::aligned::Aligned;
use crate::compile::Program;
use crate::op::Op;
use crate::philox::Key;
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
    unsafe fn run(&mut self, cpu: &Cpu, named: *const *mut E, key: Key);

    /// Starts or stops measuring where the time goes, and answers what was measured.
    fn measure(&mut self, start: bool) -> Vec<KernelTime>;

    /// Bytes of the arena and of all scratch memory.
    fn memory_bytes(&self) -> usize;

    /// The threads it was planned for.
    fn threads(&self) -> usize;
}

/// Where the time of a kernel went, in seconds, as the mean over the threads.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct KernelTime {
    /// Running its tasks.
    pub work: f64,
    /// Waiting for the other threads to finish theirs.
    pub wait: f64,
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

/// What a thread has for itself.
struct PerThread<E> {
    scratch: Scratch<E>,
    clock: Option<Clock>,
}

/// A program lowered for a device; its named tensors are numbered by `names`.
pub(super) fn machine<E: Native>(program: &Program, names: &[String], cpu: &Cpu) -> Box<dyn Machine<E>> {
    let lowered = lower::<E>(program, names, cpu.level());
    let own = |_| PerThread { scratch: lowered.scratch(), clock: None };
    let threads = (0..cpu.threads()).map(own).collect();
    let shares = Shares::new(lowered.phases.len(), cpu.threads());
    let arena = Aligned::zeros(lowered.arena_len);
    Box::new(Loaded { lowered, arena, threads, shares, barrier: Barrier::new(cpu.threads()) })
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
        assert_eq!(cpu.threads(), self.machine.threads(), "a program runs on the device it was bound to");
        for (i, pointer) in self.pointers.iter_mut().enumerate() {
            let values = store.at(self.places[i]);
            assert_eq!(values.len(), self.lens[i], "a program runs on the store it was bound to");
            *pointer = values.as_mut_ptr();
        }
        // SAFETY: binding has checked the shapes, and the store is borrowed for the whole run.
        unsafe { self.machine.run(cpu, self.pointers.as_ptr(), key) };
    }

    /// Runs the program as [`Bound::run`] does, and tells where the time went, kernel by kernel in the
    /// order of [`Program::kernel_costs`].
    pub fn profile(&mut self, cpu: &Cpu, store: &mut Store<E>, key: Key) -> Vec<KernelTime> {
        self.machine.measure(true);
        self.run(cpu, store, key);
        self.machine.measure(false)
    }
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
                    let pointers = Pointers { a: left, b: right, c: frame.at(*c), shared, local };
                    let tile = product.run(phase, task, &pointers);
                    if let (Some(tile), Some(pass)) = (tile, epilogue) {
                        let whole = tile.cols == tile.ld;
                        let (rows, cols) =
                            if whole { (1, tile.rows * tile.cols) } else { (tile.rows, tile.cols) };
                        let first = tile.row * tile.ld + tile.col;
                        let stretch = Stretch { first, rows, cols, stride: tile.ld };
                        pass.prepare(frame, scratch);
                        pass.run(frame, scratch, stretch, &mut |_, _| {});
                    }
                }
                Work::Map { pass, n_tasks } => {
                    let granules = pass.len.div_ceil(pass.granule());
                    let (start, end) = super::share(granules, *n_tasks, task);
                    let limit = |granule: usize| (granule * pass.granule()).min(pass.len);
                    let stretch = Stretch::range(limit(start), limit(end));
                    pass.prepare(frame, scratch);
                    pass.run(frame, scratch, stretch, &mut |_, _| {});
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

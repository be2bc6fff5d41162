//! Persistent threads that run one function together, and the barrier at which they meet.
//!
//! A step of a small network takes a millisecond and passes a hundred barriers, so threads that
//! wait, at a barrier or for the next run, spin first, and yield the processor only after a while.

use std::hint;
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use super::share::share;

/// Spins before a waiting thread yields: about 20 microseconds.
const SPINS: usize = 4_000;
/// Yields before a waiting worker sleeps: a few milliseconds on an idle machine.
const YIELDS: usize = 2_000;

type Job = *const (dyn Fn(usize) + Sync);

/// What the caller and the workers share.
struct Shared {
    /// Counts runs; a change means a new job for the workers.
    run: AtomicUsize,
    job: Mutex<Option<SendJob>>,
    wake: Condvar,
    stop: AtomicBool,
    finished: AtomicUsize,
    /// What the first thread said that panicked in this run.
    panic: Mutex<Option<String>>,
}

#[derive(Clone, Copy)]
struct SendJob(Job);
// SAFETY: the function behind the pointer is `Sync`, and `Pool::run` does not return before every
// worker has finished with it.
unsafe impl Send for SendJob {}

/// Worker threads that wait for work; the caller is thread 0.
pub(crate) struct Pool {
    shared: Arc<Shared>,
    workers: Vec<JoinHandle<()>>,
}

impl Pool {
    /// A pool of `threads` in all, the caller included.
    pub fn new(threads: usize) -> Self {
        let shared = Arc::new(Shared {
            run: AtomicUsize::new(0),
            job: Mutex::new(None),
            wake: Condvar::new(),
            stop: AtomicBool::new(false),
            finished: AtomicUsize::new(0),
            panic: Mutex::new(None),
        });
        let spawn = |index: usize| {
            let shared = Arc::clone(&shared);
            let name = format!("ganatomy-{index}");
            thread::Builder::new().name(name).spawn(move || work(&shared, index)).ok()
        };
        // If the machine refuses threads, the pool works with those it got.
        let workers = (1..threads).map_while(spawn).collect();
        Pool { shared, workers }
    }

    /// How many threads run a job.
    pub fn threads(&self) -> usize {
        self.workers.len() + 1
    }

    /// Runs `job(thread)` on every thread and returns when all are done; answers what the first said that panicked.
    pub fn run(&self, job: &(dyn Fn(usize) + Sync)) -> Result<(), String> {
        if self.workers.is_empty() {
            self.shared.guarded(|| job(0));
            return self.shared.outcome();
        }
        // SAFETY: only the lifetime changes; no worker uses the pointer after `finished` is full,
        // which is waited for below.
        let job_pointer =
            SendJob(unsafe { std::mem::transmute::<*const (dyn Fn(usize) + Sync + '_), Job>(job) });
        self.shared.finished.store(0, Ordering::Relaxed);
        {
            let mut slot = self.shared.job.lock().unwrap_or_else(PoisonError::into_inner);
            *slot = Some(job_pointer);
            self.shared.run.fetch_add(1, Ordering::Release);
        }
        self.shared.wake.notify_all();
        self.shared.guarded(|| job(0));
        wait_until(|| self.shared.finished.load(Ordering::Acquire) == self.workers.len());
        self.shared.outcome()
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        {
            let _slot = self.shared.job.lock().unwrap_or_else(PoisonError::into_inner);
            self.shared.stop.store(true, Ordering::Release);
        }
        self.shared.wake.notify_all();
        for worker in self.workers.drain(..) {
            // A worker that panicked has no result.
            let _ = worker.join();
        }
    }
}

fn work(shared: &Shared, index: usize) {
    let mut done = 0;
    loop {
        let waiting = || shared.run.load(Ordering::Acquire) == done && !shared.stop.load(Ordering::Acquire);
        for turn in 0..SPINS + YIELDS {
            if !waiting() {
                break;
            }
            if turn < SPINS { hint::spin_loop() } else { thread::yield_now() }
        }
        let mut slot = shared.job.lock().unwrap_or_else(PoisonError::into_inner);
        while waiting() {
            slot = shared.wake.wait(slot).unwrap_or_else(PoisonError::into_inner);
        }
        if shared.stop.load(Ordering::Acquire) {
            return;
        }
        let job = *slot;
        drop(slot);
        done = shared.run.load(Ordering::Acquire);
        if let Some(SendJob(job)) = job {
            // SAFETY: the caller of `run` keeps the function alive until this thread has counted
            // itself finished.
            shared.guarded(|| unsafe { (*job)(index) });
        }
        shared.finished.fetch_add(1, Ordering::Release);
    }
}

impl Shared {
    /// Runs a thread's part of a job, and keeps what it says if it panics, which is a defect. (What a job has half
    /// done is not looked at after a panic.)
    fn guarded(&self, job: impl FnOnce()) {
        if let Err(payload) = panic::catch_unwind(AssertUnwindSafe(job)) {
            let text = payload.downcast_ref::<&str>().copied().map(str::to_owned);
            let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
            let mut first = self.panic.lock().unwrap_or_else(PoisonError::into_inner);
            first.get_or_insert(text.unwrap_or_else(|| "it panicked".to_owned()));
        }
    }

    /// What the first thread said that panicked since this was last asked.
    fn outcome(&self) -> Result<(), String> {
        self.panic.lock().unwrap_or_else(PoisonError::into_inner).take().map_or(Ok(()), Err)
    }
}

fn wait_until(done: impl Fn() -> bool) {
    let mut turn = 0;
    while !done() {
        if turn < SPINS {
            hint::spin_loop()
        } else {
            thread::yield_now()
        }
        turn += 1;
    }
}

/// Where the threads of a job meet. If one of them panics, it is broken, and the others leave.
pub(crate) struct Barrier {
    threads: usize,
    arrived: AtomicUsize,
    round: AtomicUsize,
    broken: AtomicBool,
}

/// Breaks a barrier if it is dropped by a panic.
pub(crate) struct UnlessFinished<'a>(&'a Barrier);

impl Drop for UnlessFinished<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.broken.store(true, Ordering::Release);
        }
    }
}

impl Barrier {
    /// A barrier for this many threads.
    pub fn new(threads: usize) -> Self {
        let (arrived, round) = (AtomicUsize::new(0), AtomicUsize::new(0));
        Barrier { threads, arrived, round, broken: AtomicBool::new(false) }
    }

    /// Held by a thread during a job: a panic breaks the barrier for the others.
    pub fn unless_finished(&self) -> UnlessFinished<'_> {
        UnlessFinished(self)
    }

    /// Makes a broken barrier whole again, when no thread is in a job.
    pub fn mend(&self) {
        self.arrived.store(0, Ordering::Relaxed);
        self.broken.store(false, Ordering::Release);
    }

    /// Returns when every thread has reached it: true, or false as soon as it is broken.
    pub fn wait(&self) -> bool {
        if self.threads == 1 {
            return true;
        }
        let round = self.round.load(Ordering::Relaxed);
        if self.arrived.fetch_add(1, Ordering::AcqRel) + 1 == self.threads {
            self.arrived.store(0, Ordering::Relaxed);
            self.round.store(round.wrapping_add(1), Ordering::Release);
        } else {
            let met = || self.round.load(Ordering::Acquire) != round;
            wait_until(|| met() || self.broken.load(Ordering::Acquire));
            return met();
        }
        true
    }
}

/// How many tasks of a thread's share of a phase have been taken; alone in a cache line.
#[derive(Default)]
#[repr(align(64))]
struct Taken(AtomicUsize);

/// Which thread runs which task. Every thread has a share of each phase's tasks, always the same one so that
/// its caches still hold the data of the phase before. It helps the others when its own share is done.
pub(crate) struct Shares {
    threads: usize,
    /// By thread, then by phase.
    taken: Vec<Taken>,
    n_phases: usize,
}

impl Shares {
    /// Shares for this many phases and threads.
    pub fn new(n_phases: usize, threads: usize) -> Self {
        let taken = (0..n_phases * threads).map(|_| Taken::default()).collect();
        Shares { threads, taken, n_phases }
    }

    /// Calls `run` with tasks of a phase that no thread has taken, until there are none.
    #[inline]
    pub fn each_task(&self, phase: usize, n_tasks: usize, thread: usize, mut run: impl FnMut(usize)) {
        if self.threads == 1 {
            return (0..n_tasks).for_each(run);
        }
        // A single task stays with the first thread, which runs such phases without a barrier between.
        let sharing = self.threads.min(n_tasks);
        if sharing < 2 {
            return (0..n_tasks).filter(|_| thread == 0).for_each(run);
        }
        for owner in (thread..self.threads).chain(0..thread) {
            let (start, end) = share(n_tasks, sharing, owner);
            let taken = &self.taken[owner * self.n_phases + phase].0;
            // Reading first leaves the owner's cache line unchanged when there is nothing left.
            while taken.load(Ordering::Relaxed) < end - start {
                let task = start + taken.fetch_add(1, Ordering::Relaxed);
                if task < end {
                    run(task);
                }
            }
        }
    }

    /// Resets a thread's shares, after all threads have finished a run.
    pub fn refill(&self, thread: usize) {
        for taken in &self.taken[thread * self.n_phases..(thread + 1) * self.n_phases] {
            taken.0.store(0, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_thread_runs_every_job_and_meets_at_every_barrier() {
        let (pool, sums) = (Pool::new(3), [const { AtomicUsize::new(0) }; 3]);
        let barrier = Barrier::new(pool.threads());
        for run in 0..200 {
            pool.run(&|thread| {
                sums[thread].fetch_add(1, Ordering::Relaxed);
                barrier.wait();
                let total: usize = sums.iter().map(|s| s.load(Ordering::Relaxed)).sum();
                assert_eq!(total, 3 * (run + 1));
                barrier.wait();
            })
            .unwrap();
        }
    }

    #[test]
    fn a_panic_is_an_error_of_its_run_alone() {
        let (pool, barrier) = (Pool::new(3), Barrier::new(3));
        for round in 0..6 {
            let broken = AtomicUsize::new(0);
            let ran = pool.run(&|thread| {
                let _others_leave = barrier.unless_finished();
                assert!(thread != round, "thread {thread} fell");
                if !barrier.wait() {
                    broken.fetch_add(1, Ordering::Relaxed);
                }
            });
            let expected = if round < 3 { Err(format!("thread {round} fell")) } else { Ok(()) };
            assert_eq!(ran, expected);
            assert_eq!(broken.load(Ordering::Relaxed), if round < 3 { 2 } else { 0 });
            barrier.mend();
        }
    }

    #[test]
    fn every_task_is_run_once_whichever_thread_is_slow() {
        let (pool, n_tasks) = (Pool::new(3), 17);
        let (shares, barrier) = (Shares::new(2, pool.threads()), Barrier::new(pool.threads()));
        let runs: Vec<AtomicUsize> = (0..n_tasks).map(|_| AtomicUsize::new(0)).collect();
        for round in 0..20 {
            pool.run(&|thread| {
                for phase in 0..2 {
                    shares.each_task(phase, n_tasks, thread, |task| {
                        if thread == round % 3 {
                            thread::sleep(std::time::Duration::from_micros(300));
                        }
                        runs[task].fetch_add(1, Ordering::Relaxed);
                    });
                    barrier.wait();
                }
                shares.refill(thread);
            })
            .unwrap();
        }
        assert!(runs.iter().all(|n| n.load(Ordering::Relaxed) == 40));
    }

    #[test]
    fn sleeping_workers_wake() {
        let pool = Pool::new(2);
        let count = AtomicUsize::new(0);
        for _ in 0..3 {
            thread::sleep(std::time::Duration::from_millis(30));
            pool.run(&|_| {
                count.fetch_add(1, Ordering::Relaxed);
            })
            .unwrap();
        }
        assert_eq!(count.load(Ordering::Relaxed), 6);
    }
}

//! A step of a run allocates nothing, from the batch of data to the event that tells of it.

use std::alloc::{GlobalAlloc, Layout, System};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};

use ganatomy_data::DataContext;
use ganatomy_record::{Event, RecordError, RunSpec, Sink};
use ganatomy_tensor::Cpu;
use ganatomy_train::{Plan, Session, train};

static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);

struct Counting;

// SAFETY: every call is passed on to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// Allocations so far, at the end of each step.
struct Watch(Vec<usize>);

impl Sink for Watch {
    fn receive(&mut self, event: &Event) -> Result<ControlFlow<()>, RecordError> {
        if let Event::Step { .. } = event {
            self.0.push(ALLOCATIONS.load(Ordering::Relaxed));
        }
        Ok(ControlFlow::Continue(()))
    }
}

#[test]
fn a_step_of_a_run_allocates_nothing() {
    // Readings every ten steps: what they take is not the step's.
    let text = "steps = 30\nbatch = 16\nreadings_every_steps = 10\nprobes.gradients.every_steps = 10\n\
                probes.modes.every_steps = 10\nsamples.every_steps = 10\ncheckpoint.every_steps = 10\n";
    let spec = RunSpec::parse(text, "test").unwrap();
    let plan = Plan::new(&spec, &DataContext::default()).unwrap();
    let mut watch = Watch(Vec::with_capacity(30));
    train(plan, Session::in_memory(Cpu::new(2)), &mut watch).unwrap();
    for (step, counts) in (2..).zip(watch.0.windows(2)) {
        let due = step % 10 == 0;
        assert!(due || counts[1] == counts[0], "{} allocations in step {step}", counts[1] - counts[0]);
    }
    assert_eq!(watch.0.len(), 30);
    assert!(watch.0[9] > watch.0[8], "the readings were not counted");
}

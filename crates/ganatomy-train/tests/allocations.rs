//! Running allocates nothing: neither a bound program, nor a step of a run from the batch of data to its event.
//!
//! Without the test harness, whose own thread allocates while a test runs.

use std::alloc::{GlobalAlloc, Layout, System};
use std::error::Error;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};

use ganatomy_data::DataContext;
use ganatomy_record::{Event, RecordError, RunSpec, Sink};
use ganatomy_tensor::{ConvGeometry, Cpu, Key, Program, Store, Tensor, Trace, grad};
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

fn main() -> Result<(), Box<dyn Error>> {
    a_bound_program()?;
    a_step_of_a_run()?;
    println!("running allocates nothing: ok");
    Ok(())
}

fn a_bound_program() -> Result<(), Box<dyn Error>> {
    let trace = Trace::new();
    let (w, c) = (trace.input("w", [64, 256]), trace.input("c", [4, 4, 4, 8]));
    let images = trace.normal("z", [16, 64]).matmul(&w).normalize(&[0], 1e-5).0.reshape([16, 8, 8, 4]);
    let halved = images.leaky_relu(0.2).conv2d(&c, &ConvGeometry::strided(2, 1));
    let loss = halved.softplus().mean_all() + images.max(&[3]).mean_all();
    let slopes = grad(&loss, &[&w, &c]);
    let (next_w, next_c) = (&w - &slopes[0] * 0.1, &c - &slopes[1] * 0.1);
    let outputs: [(&str, &Tensor); 3] = [("w", &next_w), ("c", &next_c), ("loss", &loss)];
    let program = Program::compile(&trace, &outputs)?;
    let cpu = Cpu::new(2);
    let mut store = Store::<f32>::new();
    store.insert("w", [64, 256], (0..64 * 256).map(|i| (i as f32).sin() * 0.1).collect())?;
    store.insert("c", [4, 4, 4, 8], (0..512).map(|i| (i as f32).cos() * 0.1).collect())?;
    let mut bound = program.bind(&cpu, &mut store)?;
    bound.run(&cpu, &mut store, Key { seed: 0, step: 0 })?;
    let before = ALLOCATIONS.load(Ordering::Relaxed);
    for step in 1..50 {
        bound.run(&cpu, &mut store, Key { seed: 0, step })?;
    }
    assert_eq!(ALLOCATIONS.load(Ordering::Relaxed) - before, 0, "allocations in 49 runs");
    assert!(store.get("loss")?.values()[0].is_finite(), "the loss is no number");
    Ok(())
}

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

fn a_step_of_a_run() -> Result<(), Box<dyn Error>> {
    // Readings every ten steps: what they take is not the step's.
    let text = "steps = 30\nbatch = 16\nreadings_every_steps = 10\nprobes.gradients.every_steps = 10\n\
                probes.modes.every_steps = 10\nsamples.every_steps = 10\ncheckpoint.every_steps = 10\n\
                remedies.r1.every_steps = 4\n";
    let spec = RunSpec::parse(text, "test")?;
    let plan = Plan::new(&spec, &DataContext::default())?;
    let mut watch = Watch(Vec::with_capacity(30));
    train(plan, Session::in_memory(Cpu::new(2)), &mut watch)?;
    for (step, counts) in (2..).zip(watch.0.windows(2)) {
        let due = step % 10 == 0;
        assert!(due || counts[1] == counts[0], "{} allocations in step {step}", counts[1] - counts[0]);
    }
    assert_eq!(watch.0.len(), 30);
    assert!(watch.0[9] > watch.0[8], "the readings were not counted");
    Ok(())
}

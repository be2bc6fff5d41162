//! Running a compiled program allocates nothing.
//!
//! Without the test harness, whose own thread allocates while the test runs.

use std::alloc::{GlobalAlloc, Layout, System};
use std::error::Error;
use std::sync::atomic::{AtomicUsize, Ordering};

use ganatomy_tensor::cpu::Key;
use ganatomy_tensor::{Cpu, Program, Store, Tensor, Trace, grad};

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
    let trace = Trace::new();
    let (w, c) = (trace.input("w", [64, 256]), trace.input("c", [4, 4, 4, 8]));
    let images = trace.normal("z", [16, 64]).matmul(&w).normalize(&[0], 1e-5).0.reshape([16, 8, 8, 4]);
    let halved = images.leaky_relu(0.2).conv2d(&c, &ganatomy_tensor::ConvGeometry::strided(2, 1));
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
    bound.run(&cpu, &mut store, Key { seed: 0, step: 0 });
    let before = ALLOCATIONS.load(Ordering::Relaxed);
    for step in 1..50 {
        bound.run(&cpu, &mut store, Key { seed: 0, step });
    }
    assert_eq!(ALLOCATIONS.load(Ordering::Relaxed) - before, 0, "allocations in 49 runs");
    assert!(store.get("loss")?.values()[0].is_finite(), "the loss is no number");
    println!("running a program allocates nothing: ok");
    Ok(())
}

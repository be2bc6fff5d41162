//! Where the time of a step goes, kernel by kernel, beside what each must compute and move.

use std::collections::BTreeMap;

use ganatomy::tensor::cpu::Key;
use ganatomy::tensor::{Cpu, KernelCost, Program, Store};

use crate::Failure;

const RUNS: usize = 15;

/// Equal kernels together.
#[derive(Default)]
struct Group {
    count: usize,
    secs: f64,
    flops: u64,
    elements: u64,
}

/// Prints the kernels of a program, equal ones together, the slowest first.
pub(crate) fn print(name: &str, program: &Program, cpu: &Cpu) -> Result<(), Failure> {
    let secs = measure(program, cpu)?;
    let total: f64 = secs.iter().sum();
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    for (KernelCost { what, flops, elements }, secs) in program.kernel_costs().into_iter().zip(secs) {
        let group = groups.entry(what).or_default();
        group.count += 1;
        group.secs += secs;
        group.flops += flops;
        group.elements += elements;
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by(|a, b| b.1.secs.total_cmp(&a.1.secs));
    println!("{name}: {:.3} ms in {} kernels, median of {RUNS} steps", total * 1e3, program.n_kernels());
    println!("{:>9} {:>6} {:>4} {:>8} {:>7}  kernel", "ms", "share", "n", "GFLOP/s", "GB/s");
    for (what, group) in groups {
        println!(
            "{:>9.4} {:>5.1}% {:>4} {:>8.1} {:>7.1}  {what}",
            group.secs * 1e3,
            group.secs / total * 100.0,
            group.count,
            group.flops as f64 / group.secs / 1e9,
            (group.elements * 4) as f64 / group.secs / 1e9,
        );
    }
    Ok(())
}

/// The median seconds of each kernel.
fn measure(program: &Program, cpu: &Cpu) -> Result<Vec<f64>, Failure> {
    let mut store = Store::<f32>::new();
    for (name, shape) in program.inputs() {
        // Weights as training starts with them; second moments stay positive; nothing is subnormal.
        let (n, fan_in) = (shape.numel(), shape.numel() / shape.last().copied().unwrap_or(1).max(1));
        let spread = if shape.len() < 2 { 0.1 } else { (6.0 / fan_in as f32).sqrt() };
        let noise = (0..n).map(|i| spread * ((i * 7919 % 1009) as f32 / 504.0 - 1.0));
        let square = name.ends_with("square");
        store.insert(name, shape.clone(), noise.map(|x| if square { x * x + 1e-6 } else { x }).collect())?;
    }
    let mut bound = program.bind(cpu, &mut store)?;
    let key = |step| Key { seed: 0, step };
    (0..3).for_each(|step| bound.run(cpu, &mut store, key(step)));
    let runs: Vec<Vec<f64>> =
        (0..RUNS as u64).map(|step| bound.profile(cpu, &mut store, key(3 + step))).collect();
    let median = |kernel: usize| {
        let mut times: Vec<f64> = runs.iter().map(|run| run[kernel]).collect();
        times.sort_by(f64::total_cmp);
        times[RUNS / 2]
    };
    Ok((0..program.n_kernels()).map(median).collect())
}

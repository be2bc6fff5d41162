//! Where the time of a step goes, kernel by kernel, beside what each must compute and move.

use std::collections::BTreeMap;

use ganatomy::tensor::cpu::{KernelTime, Key};
use ganatomy::tensor::{Cpu, KernelCost, Program, Store};

use crate::Failure;

const RUNS: usize = 15;

/// Equal kernels together.
#[derive(Default)]
struct Group {
    count: usize,
    work: f64,
    wait: f64,
    flops: u64,
    elements: u64,
}

/// Prints the kernels of a program, equal ones together, the slowest first.
pub(crate) fn print(name: &str, program: &Program, cpu: &Cpu) -> Result<(), Failure> {
    let times = measure(program, cpu)?;
    let work: f64 = times.iter().map(|time| time.work).sum();
    let wait: f64 = times.iter().map(|time| time.wait).sum();
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    for (KernelCost { what, flops, elements }, time) in program.kernel_costs().into_iter().zip(times) {
        let group = groups.entry(what).or_default();
        group.count += 1;
        group.work += time.work;
        group.wait += time.wait;
        group.flops += flops;
        group.elements += elements;
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by(|a, b| (b.1.work + b.1.wait).total_cmp(&(a.1.work + a.1.wait)));
    println!(
        "{name}: {:.3} ms work and {:.3} ms waiting in {} kernels, medians of {RUNS} steps",
        work * 1e3,
        wait * 1e3,
        program.n_kernels()
    );
    println!(
        "{:>9} {:>8} {:>6} {:>4} {:>8} {:>7}  kernel",
        "work ms", "wait ms", "share", "n", "GFLOP/s", "GB/s"
    );
    for (what, group) in groups {
        let secs = group.work + group.wait;
        println!(
            "{:>9.4} {:>8.4} {:>5.1}% {:>4} {:>8.1} {:>7.1}  {what}",
            group.work * 1e3,
            group.wait * 1e3,
            secs / (work + wait) * 100.0,
            group.count,
            group.flops as f64 / secs / 1e9,
            (group.elements * 4) as f64 / secs / 1e9,
        );
    }
    Ok(())
}

/// The median times of each kernel.
fn measure(program: &Program, cpu: &Cpu) -> Result<Vec<KernelTime>, Failure> {
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
    for step in 0..3 {
        bound.run(cpu, &mut store, key(step))?;
    }
    let profiles = (0..RUNS as u64).map(|step| bound.profile(cpu, &mut store, key(3 + step)));
    let runs: Vec<Vec<KernelTime>> = profiles.collect::<Result<_, _>>()?;
    let median = |of: &dyn Fn(&Vec<KernelTime>) -> f64| {
        let mut times: Vec<f64> = runs.iter().map(of).collect();
        times.sort_by(f64::total_cmp);
        times[RUNS / 2]
    };
    let time = |k: usize| KernelTime { work: median(&|run| run[k].work), wait: median(&|run| run[k].wait) };
    Ok((0..program.n_kernels()).map(time).collect())
}

//! A population on a device is what it is on the processor, and a call of several steps ends where one of its members does.
//!
//! It needs a plugin: `GANATOMY_PJRT` names its file, and without one the tests say so and are left out.

#![allow(clippy::unwrap_used, reason = "these are tests")]

use ganatomy_tensor::{
    ConvGeometry, Cpu, Device, Distribution, Key, Many, Members, Precision, Program, Shape, Store, Tensor,
    Trace,
};
use ganatomy_xla::{Options, Xla};

const SEEDS: [u64; 3] = [7, 8, u64::MAX];
const KEY: Key = Key { seed: SEEDS[0], step: 1 << 33 };

fn device() -> Option<Xla> {
    let Some(path) = std::env::var_os("GANATOMY_PJRT") else {
        eprintln!("skipped: GANATOMY_PJRT names no plugin");
        return None;
    };
    Some(Xla::open(path.as_ref(), &Options::default()).unwrap())
}

fn population(member: impl Fn(&Trace, f64) -> Vec<(&'static str, Tensor)>) -> Program {
    let mut members: Option<Members> = None;
    for (at, seed) in SEEDS.into_iter().enumerate() {
        let trace = Trace::new();
        let owned = member(&trace, 0.1 * (at + 1) as f64);
        let outputs: Vec<(&str, &Tensor)> = owned.iter().map(|(name, tensor)| (*name, tensor)).collect();
        match &mut members {
            None => members = Some(Members::new(&trace, &outputs, seed).unwrap()),
            Some(members) => members.add(&trace, &outputs, seed).unwrap(),
        }
    }
    members.unwrap().program().unwrap()
}

/// Something of every kind of rule: random numbers, products, convolutions, rows by index, nearness, sums, and numbers that differ.
fn step(trace: &Trace, lr: f64) -> Vec<(&'static str, Tensor)> {
    let (w, images) = (trace.input("w", [6, 4]), trace.input("images", [2, 5, 5, 1]));
    let z = trace.normal("z", [300, 6]) + trace.uniform("u", [6]);
    let index = trace.random(Distribution::Integer(6), "rows", [9]);
    let hidden = z.matmul(&w).tanh();
    let near = hidden.slice(&[0, 0], [10, 4]).transpose().reshape([2, 2, 10]).nearness();
    let kernel = w.slice(&[0, 0], [4, 4]).reshape([4, 4, 1, 1]);
    let seen = images.conv2d(&kernel, &ConvGeometry::strided(1, 1));
    let loss = hidden.square().mean_all() + near.sum_all() * 0.01 + seen.max(&[1, 2]).sum_all();
    let rows = w.gather(&index).scatter_add(&index, 6);
    let slope = ganatomy_tensor::grad(&loss, &[&w]).remove(0);
    vec![("w", &w - (&slope + rows * 0.01) * lr), ("loss", loss), ("best", hidden.argmax(1).sum_all())]
}

fn numbers(shape: &Shape, salt: usize) -> Vec<f32> {
    (0..shape.numel()).map(|i| (((i * 37 + salt * 11) as f32 * 0.618).fract() - 0.5) * 1.4).collect()
}

#[test]
fn a_population_is_what_it_is_on_the_processor() {
    let Some(device) = device() else { return };
    let program = population(step);
    let (cpu, mut store) = (Cpu::new(1), Store::<f32>::new());
    let mut room = device.room(Precision::Highest).unwrap();
    let there = room.compile(&program).unwrap();
    for (salt, (name, shape)) in program.inputs().into_iter().enumerate() {
        assert_eq!(shape[0], SEEDS.len(), "{name}");
        room.put(name, shape, &numbers(shape, salt)).unwrap();
        store.insert(name, shape.clone(), numbers(shape, salt)).unwrap();
    }
    let mut here = program.bind(&cpu, &mut store).unwrap();
    for nth in 0..5 {
        let key = Key { step: KEY.step + nth, ..KEY };
        here.run(&cpu, &mut store, key).unwrap();
        room.run(there, key).unwrap();
    }
    for (name, shape) in program.outputs() {
        let mut found = vec![0.0; shape.numel()];
        room.get(name, &mut found).unwrap();
        let truth = store.get(name).unwrap().values();
        let close = |(a, b): (&f32, &f32)| (a - b).abs() <= 2e-5 * (1.0 + b.abs());
        assert!(found.iter().zip(truth).all(close), "{name}: {found:?} is not {truth:?}");
    }
}

#[test]
fn a_call_ends_where_a_member_does() {
    let Some(device) = device() else { return };
    let program = population(|trace, _| {
        let left = trace.input("left", []) - 1.0;
        vec![("reading", left.sqrt()), ("left", left)]
    });
    let mut room = device.room(Precision::Highest).unwrap();
    let many = Many { most: 8, fed: Vec::new(), watched: vec!["reading".to_owned()] };
    let there = room.compile_many(&program, &many).unwrap();
    for (left, made) in [([9.0, 2.5, 100.0], 3), ([100.0, 100.0, 5.5], 6), ([50.0, 50.0, 50.0], 8)] {
        room.put("left", &[3].into(), &left).unwrap();
        assert_eq!(room.run_many(there, KEY, 8).unwrap(), made, "{left:?}");
    }
}

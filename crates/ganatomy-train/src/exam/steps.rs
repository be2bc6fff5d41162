//! Whole steps, compiled, against the plain interpreter.

use std::collections::BTreeMap;

use ganatomy_data::keyed::Keyed;
use ganatomy_tensor::cpu::{Key, Level};
use ganatomy_tensor::{Cpu, Program, Store, Tensor, Trace, grad};

use super::{interpreted, plan};
use crate::programs::trace_step;
use crate::state::initial;

const TOLERANCE: f32 = 2e-3;

/// A whole step of a run, compiled, against the plain interpreter.
fn check(spec: &str, fresh: bool) {
    let plan = plan(spec).unwrap();
    let trace = Trace::new();
    let (mut all, readings) = trace_step(plan.rules(), plan.rules().board(), &trace);
    all.extend(readings);
    let outputs: Vec<(&str, &Tensor)> = all.iter().map(|(name, t)| (name.as_str(), t)).collect();
    let program = Program::compile(&trace, &outputs).unwrap();
    let mut random = Keyed::new(&[5]);
    let inputs: BTreeMap<String, Vec<f32>> = program
        .inputs()
        .iter()
        .map(|(name, shape)| {
            let positive = name.ends_with("square") || name.ends_with("variance");
            if fresh && !name.starts_with("real.") {
                let initial = initial(plan.rules()).unwrap();
                let known = initial.get(name).map(|array| array.values().to_vec());
                return ((*name).to_owned(), known.unwrap_or_else(|_| vec![0.0; shape.numel()]));
            }
            let number = || if positive { 0.5 + random.uniform() } else { 0.3 * random.normal() };
            ((*name).to_owned(), std::iter::repeat_with(number).take(shape.numel()).collect())
        })
        .collect();
    let key = Key { seed: 1, step: 2 };
    let tensors: Vec<&Tensor> = outputs.iter().map(|(_, t)| *t).collect();
    let truth = interpreted(&tensors, &inputs, key);
    for level in Level::available() {
        let cpu = Cpu::with_level(2, level);
        let mut store = Store::<f32>::new();
        for (name, shape) in program.inputs() {
            store.insert(name, shape, inputs[name].clone()).unwrap();
        }
        let mut bound = program.bind(&cpu, &mut store).unwrap();
        bound.run(&cpu, &mut store, key).unwrap();
        for ((name, _), truth) in outputs.iter().zip(&truth) {
            let found = store.get(name).unwrap().values();
            let largest = truth.iter().fold(1.0f32, |m, x| m.max(x.abs()));
            let error = found
                .iter()
                .zip(truth)
                .map(|(a, b)| (a - b).abs())
                .fold(0.0f32, |m, e| if e.is_nan() { f32::INFINITY } else { m.max(e) });
            assert!(error <= TOLERANCE * largest, "{name} ({level}): error {error}, largest {largest}");
        }
    }
}

#[test]
fn a_player_moves_as_if_its_opponent_stood_still() {
    let plan = plan("batch = 4").unwrap();
    let trace = Trace::new();
    let (state, _) = trace_step(plan.rules(), plan.rules().board(), &trace);
    // A step whose gradients flowed through the other's update would need second derivatives.
    let slope = grad(&state["generator.out.bias"].sum_all(), &[&trace.input("update.discriminator.t", [])]);
    let inputs = BTreeMap::from([("update.discriminator.t".to_owned(), vec![1.0f64])]);
    let found = interpreted(&[&slope[0]], &inputs, Key::default());
    assert_eq!(found[0][0], 0.0);
}

#[test]
fn whole_steps_agree_with_the_interpreter() {
    check("batch = 8", false);
    check(
        "batch = 8\n[generator]\nnorm = \"batch\"\n[discriminator]\nnorm = \"layer\"\n[scheme]\nd_steps = 2",
        false,
    );
    let images = "batch = 4\n[data]\nkind = \"glyphs\"\nsize = 16\n";
    for network in ["infogan", "dcgan"] {
        let own = format!("kind = \"{network}\"\nwidth = 4\n");
        let spec = format!("{images}[generator]\n{own}z_dims = 5\n[discriminator]\n{own}");
        check(&spec, false);
        // As training starts, where moments are zero.
        check(&spec, true);
    }
}

//! The second-order workload: five critic steps with a gradient penalty and one generator step.

use std::time::Instant;

use ganatomy::game::step::{Init, Moment, Update};
use ganatomy::game::update::Adam;
use ganatomy::tensor::cpu::Key;
use ganatomy::tensor::{Cpu, Distribution, Program, Shape, Store, Tensor, Trace, grad};

use crate::rounds::rounds;
use crate::{Failure, Timing};

const BATCH: usize = 256;
const WIDTH: usize = 512;

type Named = Vec<(String, Tensor)>;

/// A player's parameters, their moments and their update counter.
struct Player {
    parameters: Named,
    slots: Vec<[Tensor; 2]>,
    t: Tensor,
}

impl Player {
    fn new(trace: &Trace, name: &str, n_out: usize) -> Player {
        let sizes = [2, WIDTH, WIDTH, WIDTH, n_out];
        let input = |kind: &str, shape: Shape| (format!("{name}.{kind}"), shape);
        let shapes: Vec<(String, Shape)> = (0..4)
            .flat_map(|i| {
                let (a, b) = (sizes[i], sizes[i + 1]);
                [input(&format!("w{i}"), [a, b].into()), input(&format!("b{i}"), [b].into())]
            })
            .collect();
        let slot = |(n, s): &(String, Shape)| {
            ["mean", "square"].map(|k| trace.input(&format!("{n}.{k}"), s.clone()))
        };
        Player {
            slots: shapes.iter().map(slot).collect(),
            parameters: shapes.into_iter().map(|(n, s)| (n.clone(), trace.input(&n, s))).collect(),
            t: trace.input(&format!("{name}.t"), []),
        }
    }

    fn apply(&self, x: &Tensor) -> Tensor {
        let layer = |h: Tensor, i: usize| h.matmul(&self.parameters[2 * i].1) + &self.parameters[2 * i + 1].1;
        let hidden = (0..3).fold(x.clone(), |h, i| layer(h, i).relu());
        layer(hidden, 3)
    }

    fn step(&mut self, loss: &Tensor) {
        let rule = Adam::new(1e-4, 0.5, 0.9);
        let parameters: Vec<&Tensor> = self.parameters.iter().map(|(_, p)| p).collect();
        let slopes = grad(loss, &parameters);
        self.t = &self.t + 1.0;
        let lr = self.t.trace().full([], rule.lr());
        for (((_, p), slots), g) in self.parameters.iter_mut().zip(&mut self.slots).zip(&slopes) {
            let (next, moved) = rule.step(p, g, slots, &Moment { lr: &lr, t: &self.t });
            *p = next.stop_gradient();
            *slots = [moved[0].clone(), moved[1].clone()];
        }
    }

    fn state(&self, name: &str) -> Named {
        let moments = self.parameters.iter().zip(&self.slots).flat_map(|((n, _), slots)| {
            ["mean", "square"]
                .into_iter()
                .zip(slots)
                .map(move |(kind, slot)| (format!("{n}.{kind}"), slot.clone()))
        });
        let counter = (format!("{name}.t"), self.t.clone());
        self.parameters.iter().cloned().chain(moments).chain([counter]).collect()
    }
}

fn ring(trace: &Trace, purpose: &str) -> Tensor {
    let angle = |i: usize| i as f64 / 8.0 * std::f64::consts::TAU;
    let centres: Vec<f64> = (0..8).flat_map(|i| [2.0 * angle(i).cos(), 2.0 * angle(i).sin()]).collect();
    let mode = trace.random(Distribution::Integer(8), &format!("{purpose}.mode"), [BATCH]);
    trace.literal([8, 2], &centres).gather(&mode) + trace.normal(&format!("{purpose}.x"), [BATCH, 2]) * 0.02
}

/// One step: five moves of the critic and one of the generator.
pub(crate) fn traced() -> Result<Program, Failure> {
    let trace = Trace::new();
    let (mut g, mut d) = (Player::new(&trace, "g", 2), Player::new(&trace, "d", 1));
    for n in 0..5 {
        let real = ring(&trace, &format!("d{n}"));
        let fake = g.apply(&trace.normal(&format!("d{n}.z"), [BATCH, 2])).stop_gradient();
        let mix = trace.uniform(&format!("d{n}.mix"), [BATCH, 1]);
        let between = &mix * &real + (1.0 - &mix) * &fake;
        let slope = grad(&d.apply(&between).sum_all(), &[&between]).remove(0);
        let penalty = (slope.square().sum(&[1]).sqrt() - 1.0).square().mean_all();
        let loss = d.apply(&fake).mean_all() - d.apply(&real).mean_all() + penalty * 0.1;
        d.step(&loss);
    }
    let loss = -d.apply(&g.apply(&trace.normal("g.z", [BATCH, 2]))).mean_all();
    g.step(&loss);
    let state: Named = g.state("g").into_iter().chain(d.state("d")).collect();
    let outputs: Vec<(&str, &Tensor)> = state.iter().map(|(name, value)| (name.as_str(), value)).collect();
    Ok(Program::compile(&trace, &outputs)?)
}

/// Times the workload.
pub(crate) fn time(cpu: &Cpu) -> Result<Timing, Failure> {
    let began = Instant::now();
    let program = traced()?;
    let mut store = Store::<f32>::new();
    for (name, shape) in program.inputs() {
        let weight = shape.len() == 2 && !name.ends_with("mean") && !name.ends_with("square");
        let init = if weight { Init::He(1.0) } else { Init::Constant(0.0) };
        store.insert(name, shape, init.values(shape, name, 0))?;
    }
    let mut bound = program.bind(cpu, &mut store)?;
    let compile_secs = began.elapsed().as_secs_f64();
    let (mut step, mut failed) = (0, None);
    let rounds = rounds(10, || {
        failed = bound.run(cpu, &mut store, Key { seed: 0, step }).err();
        step += 1;
    });
    if let Some(error) = failed {
        return Err(error.into());
    }
    if !store.get("d.w0")?.values().iter().all(|x| x.is_finite()) {
        return Err("wgan-gp-2d diverged while it was timed".into());
    }
    Ok(Timing { compile_secs, flops: program.product_flops(), rounds })
}

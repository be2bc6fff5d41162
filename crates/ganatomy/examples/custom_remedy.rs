//! A remedy of your own: G's loss also asks its samples to be spread out.

use ganatomy::game::remedy::{Remedy, Row};
use ganatomy::game::step::{Scene, Who};
use ganatomy::prelude::*;
use ganatomy::record::Range;
use ganatomy::tensor::Tensor;

/// `L_G -= weight mean |x - mean x|^2` over the generated batch.
struct Spread {
    weight: f64,
}

impl Remedy for Spread {
    fn keeps_zero_sum(&self) -> bool {
        false
    }

    fn objective(&self, scene: &Scene<'_>, loss: Tensor) -> Tensor {
        if scene.who != Who::GENERATOR {
            return loss;
        }
        let samples = &scene.samples;
        let spread = (samples - samples.mean_kept(&[0])).square().mean_all();
        scene.turn.memory.report("generator/spread", spread.clone());
        loss - spread * self.weight
    }
}

/// Runs the example.
pub fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut registry = Registry::builtin();
    registry.remedies.push(Row::new("spread", "G is asked for different samples", |fields| {
        Ok(Box::new(Spread { weight: fields.number("weight", "of the spread", 0.1, Range::at_least(0.0))? }))
    }));
    let spec = RunSpec::parse("[remedies.spread]\nweight = 0.05\n", "example")?;
    let plan = Plan::with_registry(&spec, &DataContext::default(), &registry)?;
    let mut training = Training::new(plan, Session::in_memory(Cpu::new(1)))?;
    training.advance(100)?;
    println!("the samples' variance is {:.3}", training.readings()["generator/spread"]);
    Ok(())
}

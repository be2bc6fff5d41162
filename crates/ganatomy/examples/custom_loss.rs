//! A loss of your own, with a setting that is known only while the program runs.

use ganatomy::game::loss::{Loss, Row, Scores};
use ganatomy::prelude::*;
use ganatomy::tensor::Tensor;

/// The squared loss of Mao et al. (2017) with targets `real` and 0.
struct Squared {
    real: f64,
}

impl Loss for Squared {
    fn discriminator(&self, scores: &Scores<'_>) -> Tensor {
        ((&scores.real - self.real).square().mean_all() + scores.fake.square().mean_all()) * 0.5
    }
    fn generator(&self, scores: &Scores<'_>) -> Tensor {
        (&scores.fake - self.real).square().mean_all() * 0.5
    }
}

/// Runs the example.
pub fn main() -> Result<(), Box<dyn std::error::Error>> {
    let usual: f64 = std::env::var("TARGET").ok().and_then(|text| text.parse().ok()).unwrap_or(1.0);
    let mut registry = Registry::builtin();
    registry.losses.push(Row::new("squared", "distances from targets", move |fields| {
        let range = ganatomy::record::Range::positive();
        Ok(Box::new(Squared { real: fields.number("real", "target of real items", usual, range)? }))
    }));
    let spec = RunSpec::parse("steps = 200\nloss = { kind = \"squared\", real = 0.9 }\n", "example")?;
    let plan = Plan::with_registry(&spec, &DataContext::default(), &registry)?;
    let mut events: Vec<Event> = Vec::new();
    let outcome = train(plan, Session::in_memory(Cpu::new(1)), &mut events)?;
    println!("{}: {} events", outcome.word(), events.len());
    Ok(())
}

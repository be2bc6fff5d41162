//! An update of your own: steps of one length, whatever the gradient's size.

use ganatomy::game::update::{Moment, Row, Update};
use ganatomy::prelude::*;
use ganatomy::record::Range;
use ganatomy::tensor::Tensor;

/// `p <- p - lr g / |g|`
struct Unit {
    lr: f64,
}

impl Update for Unit {
    fn slots(&self) -> &'static [&'static str] {
        &[]
    }
    fn lr(&self) -> f64 {
        self.lr
    }
    fn step(&self, p: &Tensor, g: &Tensor, _: &[Tensor], at: &Moment<'_>) -> (Tensor, Vec<Tensor>) {
        let length = (g.square().sum_all() + 1e-12).sqrt();
        (p - at.lr * g / length, vec![])
    }
}

/// Runs the example.
pub fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut registry = Registry::builtin();
    registry.updates.push(Row::new("unit", "steps of one length", |fields| {
        Ok(Box::new(Unit { lr: fields.number("lr", "length of a step", 1e-2, Range::positive())? }))
    }));
    let text = "steps = 200\ngenerator.update.kind = \"unit\"\ndiscriminator.update = { kind = \"unit\", lr = 5e-3 }\n";
    let plan = Plan::with_registry(&RunSpec::parse(text, "example")?, &DataContext::default(), &registry)?;
    let outcome = train(plan, Session::in_memory(Cpu::new(1)), &mut Vec::<Event>::new())?;
    println!("{}", outcome.word());
    Ok(())
}

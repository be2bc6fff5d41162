//! A scheme of your own: every player moves along the mean of its gradients on several batches.

use ganatomy::game::scheme::{Play, Row, Scheme};
use ganatomy::prelude::*;

struct Averaged {
    n_batches: u64,
}

impl Scheme for Averaged {
    fn step(&self, play: &mut Play<'_>) {
        for who in play.order() {
            let mut mean = play.gradient(who);
            for _ in 1..self.n_batches {
                let next = play.gradient(who);
                for (name, g) in &mut mean.by_parameter {
                    *g = &*g + &next.by_parameter[name];
                }
            }
            for g in mean.by_parameter.values_mut() {
                *g = &*g * (1.0 / self.n_batches as f64);
            }
            play.apply(who, &mean);
        }
    }
}

/// Runs the example.
pub fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut registry = Registry::builtin();
    registry.schemes.push(Row::new("averaged", "gradients averaged over batches", |fields| {
        Ok(Box::new(Averaged { n_batches: fields.count("n_batches", "batches of a move", 2, 1..=64)? }))
    }));
    let spec = RunSpec::parse(
        "steps = 100\nbatch = 32\nscheme = { kind = \"averaged\", n_batches = 3 }\n",
        "example",
    )?;
    let plan = Plan::with_registry(&spec, &DataContext::default(), &registry)?;
    let outcome = train(plan, Session::in_memory(Cpu::new(1)), &mut Vec::<Event>::new())?;
    println!("{}", outcome.word());
    Ok(())
}

//! A probe of your own, with a field of its own: how sure D is, and how long its gradient, on samples drawn for it.

use ganatomy::game::step::Who;
use ganatomy::prelude::*;
use ganatomy::record::{Direction, Entry};
use ganatomy::tensor::Key;
use ganatomy::train::TrainError;
use ganatomy::train::look::Live;
use ganatomy::train::probe::{Probe, ProbeKind, ProbeSpec, Site};

#[derive(Clone)]
struct Sureness {
    beyond: f64,
}

impl ProbeSpec for Sureness {
    fn build(&self, site: &mut Site<'_>) -> Result<Option<Box<dyn Probe>>, TrainError> {
        // Only where the items are points of the plane.
        let applies = site.data().item_shape() == [2];
        Ok(applies.then(|| Box::new(self.clone()) as Box<dyn Probe>))
    }
}

impl Probe for Sureness {
    fn readings(&self) -> Vec<(String, Direction)> {
        ["discriminator/sure_share", "discriminator/slope"]
            .map(|name| (name.to_owned(), Direction::None))
            .to_vec()
    }

    fn read(&mut self, live: &mut Live<'_>) -> Result<Vec<(String, f64)>, TrainError> {
        let (n, step) = (live.n_samples(), live.step());
        let items = live.draw(n, Key { seed: live.seed(), step })?;
        let logits = live.judge(&items)?.unwrap_or_default();
        let sure = logits.iter().filter(|c| f64::from(c.abs()) > self.beyond).count();
        let gradient = live.gradient(Who::DISCRIMINATOR, step)?;
        let slope = gradient.iter().map(|g| f64::from(*g).powi(2)).sum::<f64>().sqrt();
        let share = sure as f64 / logits.len().max(1) as f64;
        Ok(vec![("discriminator/sure_share".into(), share), ("discriminator/slope".into(), slope)])
    }
}

/// Runs the example.
pub fn main() -> Result<(), Box<dyn std::error::Error>> {
    let entry = Entry::<dyn ProbeSpec>::new("sureness", "how sure D is of samples", |fields| {
        let beyond =
            fields.number("beyond", "logits that count as sure", 2.0, ganatomy::record::Range::positive())?;
        Ok(Box::new(Sureness { beyond }))
    });
    let mut registry = Registry::builtin();
    registry.probes.push(ProbeKind::new(entry, 50, 256));
    let spec =
        RunSpec::parse("steps = 200\n[probes.sureness]\nbeyond = 0.5\nevery_steps = 100\n", "example")?;
    let plan = Plan::with_registry(&spec, &DataContext::default(), &registry)?;
    let mut events: Vec<Event> = Vec::new();
    train(plan, Session::in_memory(Cpu::new(1)), &mut events)?;
    let read = |event: &Event| match event {
        Event::Readings { step, values, .. } => Some((*step, *values.get("discriminator/sure_share")?)),
        _ => None,
    };
    let seen: Vec<(u64, f64)> = events.iter().filter_map(read).collect();
    println!("{seen:?}");
    assert_eq!(seen.iter().map(|(step, _)| *step).collect::<Vec<_>>(), [100, 200]);
    Ok(())
}

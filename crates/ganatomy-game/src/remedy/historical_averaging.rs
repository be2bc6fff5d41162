//! Historical averaging.

use ganatomy_record::{Fields, Range, SpecError};
use ganatomy_tensor::Tensor;

use super::Remedy;
use crate::step::{Players, Scene, Turn, Who};

/// Each player's loss gains `weight |p - mean of p so far|^2` (Salimans et al. 2016, section 3.3).
///
/// # Shapes
/// - p: all parameters of a player
///
/// Declared property: damps orbits around an equilibrium, because the mean of an orbit lies inside it.
#[derive(Clone, Copy, Debug)]
pub struct HistoricalAveraging {
    weight: f64,
}

impl HistoricalAveraging {
    /// Reads the remedy's fields.
    pub fn read(fields: &mut Fields<'_>) -> Result<HistoricalAveraging, SpecError> {
        let weight = fields.number("weight", "weight of the penalty", 1e-3, Range::at_least(0.0))?;
        Ok(HistoricalAveraging { weight })
    }
}

/// Steps in the average; not those of the run, as a fork may begin with it.
const STEPS: &str = "remedy.history.steps";

fn slot(name: &str) -> String {
    format!("remedy.history.{name}")
}

impl Remedy for HistoricalAveraging {
    fn objective(&self, scene: &Scene<'_>, loss: Tensor) -> Tensor {
        // In the first step there is no past.
        let any = scene.turn.memory.get(STEPS, []).gt(0.5) * self.weight;
        let past = |name: &str, p: &Tensor| scene.turn.memory.get(&slot(name), p.shape());
        let parameters = scene.parameters(scene.who).into_iter();
        let away = parameters.map(|(name, p)| (p - past(name, p)).square().sum_all());
        match away.reduce(|sum, part| sum + part) {
            Some(away) => loss + away * any,
            None => loss,
        }
    }

    fn end_step(&self, turn: &Turn<'_>, players: &Players) {
        let steps = turn.memory.get(STEPS, []) + 1.0;
        let share = 1.0 / &steps;
        turn.memory.set(STEPS, steps);
        for who in [Who::GENERATOR, Who::DISCRIMINATOR] {
            for (name, p) in players.of(who) {
                let past = turn.memory.get(&slot(name), p.shape());
                turn.memory.set(&slot(name), &past + &share * (p - &past));
            }
        }
    }
}

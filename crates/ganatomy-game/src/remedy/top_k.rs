//! Top-k training.

use ganatomy_record::{Fields, Range, SpecError};

use super::{Parts, Remedy};
use crate::step::{Scores, Who};

/// G learns only from the `k` generated items that D judges best (Sinha et al. 2020, algorithm 1); `k` falls from the whole
/// batch to `share` of it in a straight line over the first `until` of the run. (In the paper k is multiplied by 0.99 each
/// epoch until it is half of the batch.)
///
/// The logits of the others are set to zero, so that their cost is constant; G's mean is still over the whole batch.
///
/// # Shapes
/// - logits: `[batch]`; ranks are counted over all pairs
///
/// Declared property: samples whose gradient points away from the data are left out.
#[derive(Clone, Copy, Debug)]
pub struct TopK {
    share: f64,
    until: f64,
}

impl TopK {
    /// Reads the remedy's fields.
    pub fn read(fields: &mut Fields<'_>) -> Result<TopK, SpecError> {
        Ok(TopK {
            share: fields.number(
                "share",
                "of the batch that counts in the end",
                0.5,
                Range::above_to(0.0, 1.0),
            )?,
            until: fields.number(
                "until",
                "share of the run after which it does",
                0.5,
                Range::above_to(0.0, 1.0),
            )?,
        })
    }
}

impl Remedy for TopK {
    fn fit(&mut self, parts: &Parts<'_>) -> Result<(), String> {
        if parts.averages_logits {
            return Err(
                "does not go with a loss that compares logits with averages, which would hold those left out"
                    .to_owned(),
            );
        }
        match parts.beside.contains(&"feature-matching") {
            true => Err("does not go with feature-matching, which has no use for logits".to_owned()),
            false => Ok(()),
        }
    }

    fn keeps_zero_sum(&self) -> bool {
        false
    }

    fn scores<'a>(&self, who: Who, scores: Scores<'a>) -> Scores<'a> {
        if who != Who::GENERATOR {
            return scores;
        }
        let (turn, n) = (scores.turn, scores.fake.shape()[0]);
        let fixed = scores.fake.stop_gradient();
        let better = fixed.reshape([1, n]).gt(fixed.reshape([n, 1])).sum(&[1]);
        let way = (&turn.done * (1.0 / self.until)).minimum(&turn.trace.full([], 1.0));
        let k = (1.0 - way * (1.0 - self.share)) * n as f64;
        let counts = 1.0 - better.ge(k.broadcast([n]));
        let fake = counts.select(&scores.fake, 0.0);
        Scores { fake, ..scores }
    }
}

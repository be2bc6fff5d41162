//! Unrolled moves.

use ganatomy_record::{Fields, SpecError};

use super::{Play, Scheme};
use crate::step::{Game, Players};

/// G minimises its loss against the D of `k` updates later, and through those updates: the derivative of D's
/// parameters after `k` of its own moves (by its own rule, Adam's moments included) by G's parameters is exact. D itself makes
/// one move, from where both stood (Metz et al. 2017, eq. 2 to 6). All moves share one batch.
///
/// With `stop_gradient` D's later parameters are taken as given: the shortcut of many implementations.
///
/// Declared property: on `xy` with gradient descent the factor is `sqrt(1 - (2k - 1) lr^2)` a step while `k lr <= 1`, and
/// `sqrt(1 - (k - 1) lr^2)` for the shortcut: k = 1 with the shortcut gains nothing.
#[derive(Clone, Copy, Debug)]
pub struct Unrolled {
    k: u64,
    stop_gradient: bool,
}

impl Unrolled {
    /// Reads the scheme's fields.
    ///
    /// # Errors
    /// A field whose value is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<Unrolled, SpecError> {
        Ok(Unrolled {
            k: fields.count("k", "updates of D that G looks ahead", 5, 0..=1000)?,
            stop_gradient: fields.flag("stop_gradient", "take D's later parameters as given", false)?,
        })
    }
}

/// Moves that are unrolled at most where objectives hold gradients: compiling 1, 2, 3 and 4 of them takes 0.03, 0.2, 4 and 150 s.
const MOST_MOVES_OF_GRADIENTS: u64 = 3;

impl Scheme for Unrolled {
    fn step(&self, play: &mut Play<'_>) {
        let order = play.order();
        let (d, g) = (order[0], order[1]);
        let (batch, leaves) = (play.batch(None), play.leaves());
        *play.players_mut() = leaves.clone();
        let mut moved = None;
        let start = play.mark();
        for _ in 0..self.k.max(1) {
            let point: Players = play.players().clone();
            let objective = play.objective(&batch, &point, d);
            let gradient = play.slope(&batch, &point, d, objective);
            play.apply(d, &gradient);
            moved.get_or_insert_with(|| play.mark());
        }
        let mut later = if self.k == 0 { leaves.clone() } else { play.players().clone() };
        if self.stop_gradient {
            later.of_mut(d).values_mut().for_each(|value| *value = value.stop_gradient());
        }
        let objective = play.objective(&batch, &later, g);
        let gradient = play.slope(&batch, &leaves, g, objective);
        play.rewind(&moved.unwrap_or(start), false);
        play.apply(g, &gradient);
    }

    fn fit(&self, game: &dyn Game) -> Result<(), String> {
        match (game.players().len(), self.k) {
            (2, k) if k > MOST_MOVES_OF_GRADIENTS && game.differentiates_parameters() => Err(format!(
                "does not go with remedies.consensus-penalty beyond scheme.k = {MOST_MOVES_OF_GRADIENTS}, found {k}: each \
                 unrolled move would be differentiated through all moves before it, which takes minutes to compile"
            )),
            (2, _) => Ok(()),
            (n, _) => Err(format!("unrolls one player against another, and this game has {n}")),
        }
    }

    fn bilinear_rate(&self, lr: f64, beta: f64) -> Option<f64> {
        let k = self.k as f64;
        let gain = if self.stop_gradient { k - 1.0 } else { 2.0 * k - 1.0 };
        (beta == 0.0 && k * lr <= 1.0).then(|| (1.0 - gain * lr * lr).sqrt())
    }
}

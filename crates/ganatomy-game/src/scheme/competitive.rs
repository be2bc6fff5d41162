//! Competitive gradient descent.

use ganatomy_record::{Fields, SpecError};
use ganatomy_tensor::{Tensor, vjp};

use super::{Along, Play, Scheme};
use crate::step::Game;
use crate::step::{dot, references};

/// Each player's move is its best answer to the other's, in the game's bilinear approximation with a quadratic cost of
/// moving (Schaefer and Anandkumar 2019, eq. 3). For players `x` and `y` with losses `f` and `g`, the move of x is
///
/// `-lr_x (I + lr_x lr_y B B^T)^-1 (grad_x f - lr_y B grad_y g)`, `B = d^2 f / dx dy`,
///
/// solved by conjugate gradients; both moves are handed to the players' update rules as gradients.
///
/// Declared property: on `xy` with gradient descent the distance shrinks by exactly `1 / sqrt(1 + lr^2)` a step for every lr,
/// as for the implicit method. The game must be zero-sum, or the system is not symmetric.
#[derive(Clone, Copy, Debug)]
pub struct Competitive {
    iterations: u64,
}

impl Competitive {
    /// Reads the scheme's fields.
    ///
    /// # Errors
    /// A field whose value is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<Competitive, SpecError> {
        let doc = "iterations of conjugate gradients";
        Ok(Competitive { iterations: fields.count("iterations", doc, 5, 1..=1000)? })
    }

    /// `(I + scale M)^-1 b` for a symmetric positive `M`, by conjugate gradients from zero.
    fn solve(&self, b: Along, scale: &Tensor, times: impl Fn(&[Tensor]) -> Along) -> Along {
        let mut x: Along = b.iter().map(|b| b.trace().zeros(b.shape())).collect();
        let (mut residual, mut direction) = (b.clone(), b);
        for _ in 0..self.iterations {
            let applied: Along =
                times(&direction).iter().zip(&direction).map(|(m, d)| d + scale * m).collect();
            let (Some(size), Some(curve)) = (dot(&residual, &residual), dot(&direction, &applied)) else {
                return x;
            };
            let length = &size / nonzero(&curve);
            x = x.iter().zip(&direction).map(|(x, d)| x + &length * d).collect();
            residual = residual.iter().zip(&applied).map(|(r, a)| r - &length * a).collect();
            let Some(left) = dot(&residual, &residual) else { return x };
            let turn = left / nonzero(&size);
            direction = residual.iter().zip(&direction).map(|(r, d)| r + &turn * d).collect();
        }
        x
    }
}

impl Scheme for Competitive {
    fn step(&self, play: &mut Play<'_>) {
        let field = play.field();
        let order = play.order();
        let mut gradients = field.gradients.clone();
        for (me, other) in [(order[0], order[1]), (order[1], order[0])] {
            let own = |who| -> Along {
                let names = field.gradients[&who].by_parameter.keys();
                names.map(|name| field.leaves.of(who)[name].clone()).collect()
            };
            let slopes = |who| -> Along { field.gradients[&who].by_parameter.values().cloned().collect() };
            let (mine, theirs, my_slope, their_slope) = (own(me), own(other), slopes(me), slopes(other));
            // In a zero-sum game the mixed derivatives of the two losses differ only in sign.
            let b_times = |v: &[Tensor]| -> Along {
                let pulled = vjp(&references(&their_slope), &references(&mine), &references(v));
                pulled.iter().map(|p| -p).collect()
            };
            let b_transposed_times =
                |v: &[Tensor]| vjp(&references(&my_slope), &references(&theirs), &references(v));
            let (my_lr, their_lr) = (play.lr(me), play.lr(other));
            let expected = b_times(&their_slope);
            let aim = my_slope.iter().zip(expected).map(|(g, e)| g - &their_lr * e).collect();
            let scale = &my_lr * &their_lr;
            let answer = self.solve(aim, &scale, |v| b_times(&b_transposed_times(v)));
            if let Some(gradient) = gradients.get_mut(&me) {
                gradient.by_parameter.values_mut().zip(answer).for_each(|(g, a)| *g = a);
            }
        }
        play.apply_all(&gradients);
    }

    fn fit(&self, game: &dyn Game) -> Result<(), String> {
        let n = game.players().len();
        if n != 2 {
            return Err(format!("plays one player against another, and this game has {n}"));
        }
        match game.is_zero_sum() {
            true => Ok(()),
            false => {
                Err("needs a zero-sum game (of loss minimax, wasserstein or one of the f-divergences): its linear \
                          system is symmetric only then"
                    .to_owned())
            }
        }
    }

    fn bilinear_rate(&self, lr: f64, beta: f64) -> Option<f64> {
        (beta == 0.0).then(|| 1.0 / (1.0 + lr * lr).sqrt())
    }
}

/// Avoids 0 / 0 where the system is solved exactly before the last iteration.
fn nonzero(x: &Tensor) -> Tensor {
    x.eq(0.0).select(1.0, x.clone())
}

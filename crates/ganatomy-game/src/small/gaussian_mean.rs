//! The mean of a Gaussian.

use super::{Coordinate, Rules, SmallGame, by_hand, zero_sum};
use crate::step::Game;

/// `min_theta max_w <w, v - theta>` with `v = (3, 4)`: a linear critic w separates a generator of N(theta, I) from data of
/// N(v, I), in expectation (Daskalakis et al. 2018, section 2.1).
///
/// # Shapes
/// - w, theta: `[2]`
///
/// Declared property: gradient descent cycles outwards around theta = v, w = 0; the optimistic scheme converges to it. From
/// w = (1.4, 1.4), theta = (1.7, 1.7) with lr 0.1 it stands at theta = (2.99126, 3.98490) after 998 steps.
#[derive(Clone, Copy, Debug)]
pub struct GaussianMean;

const MEAN: [f64; 2] = [3.0, 4.0];

impl SmallGame for GaussianMean {
    fn game(&self, _: Rules) -> Box<dyn Game> {
        let players = [by_hand("critic", "w", &[2]), by_hand("learner", "theta", &[2])];
        zero_sum(players, |trace, critic, learner| {
            (&critic["critic.w"] * (trace.literal([2], &MEAN) - &learner["learner.theta"])).sum_all()
        })
    }
    fn start(&self) -> Vec<Coordinate> {
        let theta = Coordinate::all("theta", "learner.theta", &[1.7, 1.7]);
        [theta, Coordinate::all("w", "critic.w", &[1.4, 1.4])].concat()
    }
    fn equilibrium(&self) -> Vec<f64> {
        vec![MEAN[0], MEAN[1], 0.0, 0.0]
    }
    fn is_bilinear(&self) -> bool {
        true
    }
}

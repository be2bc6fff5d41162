//! The covariance of a Gaussian.

use super::{Coordinate, Rules, SmallGame, by_hand, zero_sum};
use crate::step::Game;

/// `min_V max_W sum_ij W_ij (S - V V^T)_ij` with `S = [[2, 1], [1, 1]]`: a quadratic critic W separates a generator V z,
/// z normal, from data of N(0, S), in expectation (Daskalakis et al. 2018, section 5).
///
/// # Shapes
/// - V, W: `[2, 2]`
///
/// Declared property: at equilibrium `V V^T = S`, which leaves V free up to a rotation; W is 0. Distances are measured to the
/// lower triangular V.
#[derive(Clone, Copy, Debug)]
pub struct GaussianCovariance;

const COVARIANCE: [f64; 4] = [2.0, 1.0, 1.0, 1.0];

impl SmallGame for GaussianCovariance {
    fn game(&self, _: Rules) -> Box<dyn Game> {
        let players = [by_hand("critic", "w", &[2, 2]), by_hand("learner", "v", &[2, 2])];
        zero_sum(players, |trace, critic, learner| {
            let v = &learner["learner.v"];
            let error = trace.literal([2, 2], &COVARIANCE) - v.product(v, false, true);
            (&critic["critic.w"] * error).sum_all()
        })
    }
    fn start(&self) -> Vec<Coordinate> {
        let v = Coordinate::all("v", "learner.v", &[1.0, 0.0, 0.0, 1.0]);
        [v, Coordinate::all("w", "critic.w", &[0.1, 0.0, 0.0, 0.1])].concat()
    }
    fn equilibrium(&self) -> Vec<f64> {
        let root = std::f64::consts::SQRT_2;
        vec![root, 0.0, 1.0 / root, 1.0 / root, 0.0, 0.0, 0.0, 0.0]
    }
}

//! How the field bends along itself: inwards, or round.

use super::Live;
use crate::error::TrainError;

/// What the Jacobian `H` of the field makes of the field `xi` itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bend {
    /// `xi . H xi / |xi|^2`: above 0 the field gets smaller along the players' way, so that they are attracted.
    pub attraction: f64,
    /// `|H xi - attraction xi| / |xi|`: the rest turns the field, so that they go round.
    pub rotation: f64,
}

impl Live<'_> {
    /// How the field bends at the players' place, from the field there and on either side along it: `H xi = (xi(p + e xi) - xi(p - e xi)) / 2 e`
    /// on one batch, where `e |xi|` is `step` times the length of all parameters. Nothing where the field is zero or not finite. The
    /// run itself stays where it is.
    ///
    /// # Errors
    /// As [`Live::field`].
    pub fn bend(&mut self, key: u64, step: f64) -> Result<Option<Bend>, TrainError> {
        let before = self.parameters()?;
        let found = self.bend_at(&before, key, step);
        self.set_parameters(&before)?;
        found
    }

    fn bend_at(&mut self, point: &[f32], key: u64, step: f64) -> Result<Option<Bend>, TrainError> {
        let xi = self.field(key)?;
        let (norm, length) = (norm(&xi), norm(point));
        let by = step * length.max(f64::MIN_POSITIVE) / norm;
        if !(norm > 0.0 && by.is_finite() && by > 0.0) {
            return Ok(None);
        }
        let mut at = |by: f64| {
            let moved = point.iter().zip(&xi).map(|(p, x)| (f64::from(*p) + by * f64::from(*x)) as f32);
            self.set_parameters(&moved.collect::<Vec<f32>>())?;
            self.field(key)
        };
        let (up, down) = (at(by)?, at(-by)?);
        let turned = || up.iter().zip(&down).map(|(a, b)| (f64::from(*a) - f64::from(*b)) / (2.0 * by));
        let along: f64 = turned().zip(&xi).map(|(v, x)| v * f64::from(*x)).sum();
        let attraction = along / norm.powi(2);
        let rest: f64 = turned().zip(&xi).map(|(v, x)| (v - attraction * f64::from(*x)).powi(2)).sum();
        Ok(Some(Bend { attraction, rotation: rest.sqrt() / norm }))
    }
}

fn norm(x: &[f32]) -> f64 {
    x.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>().sqrt()
}

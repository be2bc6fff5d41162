//! How the field lies to the straight line between two moments of a run.

use super::Live;
use crate::error::TrainError;

/// A point of the line between two parameter vectors.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PathPoint {
    /// The share of the way from the first to the second.
    pub share: f64,
    /// Cosine of the angle between the direction in which the players move and the line; not a number where either is zero.
    pub cosine: f64,
    /// The length of the field.
    pub norm: f64,
}

impl Live<'_> {
    /// The path angle and path norm at the given shares of the way between two parameter vectors:
    ///
    /// `cos(-xi(p), to - from)` and `|xi(p)|` at `p = from + share (to - from)`, on one batch.
    ///
    /// Towards a point that attracts the cosine goes from positive to negative; around a point that the players also circle it
    /// has a bump on top of that (Berard et al. 2020, section 4.1, where the sign is that of `xi`). The run itself stays where it is.
    ///
    /// # Shapes
    /// - from, to: as [`Live::parameters`]; output: one point a share
    ///
    /// # Errors
    /// [`TrainError::Count`] where an end has more or fewer numbers than there are parameters.
    pub fn path_angle(
        &mut self,
        from: &[f32],
        to: &[f32],
        shares: &[f64],
        key: u64,
    ) -> Result<Vec<PathPoint>, TrainError> {
        let before = self.parameters()?;
        for (what, ends) in [("the start of the path", from), ("the end of the path", to)] {
            if ends.len() != before.len() {
                return Err(TrainError::Count { what, found: ends.len(), wanted: before.len() });
            }
        }
        let points = shares.iter().map(|&share| self.path_point(from, to, share, key)).collect();
        self.set_parameters(&before)?;
        points
    }

    fn path_point(
        &mut self,
        from: &[f32],
        to: &[f32],
        share: f64,
        key: u64,
    ) -> Result<PathPoint, TrainError> {
        let line = || from.iter().zip(to).map(|(&a, &b)| (f64::from(a), f64::from(b) - f64::from(a)));
        let point: Vec<f32> = line().map(|(a, way)| (a + share * way) as f32).collect();
        self.set_parameters(&point)?;
        let (mut dot, mut length, mut norm) = (0.0, 0.0, 0.0);
        for (xi, (_, way)) in self.field(key)?.into_iter().map(f64::from).zip(line()) {
            dot -= xi * way;
            length += way * way;
            norm += xi * xi;
        }
        Ok(PathPoint { share, cosine: dot / (length * norm).sqrt(), norm: norm.sqrt() })
    }
}

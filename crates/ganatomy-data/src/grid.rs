//! `grid`: Gaussians on a square grid.

use ganatomy_record::{Fields, SpecError};

use crate::mixture::{Mixture, SIZES, std};
use crate::{DataContext, DataError, DataSpec, Dataset};

/// Gaussians on a square grid centred on the origin: c = spacing·(i, j), i and j from −(side−1)/2 to (side−1)/2.
///
/// Reference: Lin et al. 2018 (PacGAN), the grid {−4, −2, 0, 2, 4}² with std 0.05.
#[derive(Clone, Debug, PartialEq)]
pub struct GridSpec {
    /// Modes along a side; default 5, from 1 to 64.
    pub side: u64,
    /// Distance of neighbours; default 2, from 1e-6 to 1e6.
    pub spacing: f64,
    /// Standard deviation of a mode; default 0.05, from 1e-6 to 1e6.
    pub std: f64,
}

impl GridSpec {
    /// Reads the spec from its table.
    ///
    /// # Errors
    /// A field with a value that is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<GridSpec, SpecError> {
        Ok(GridSpec {
            side: fields.count("side", "how many Gaussians stand along a side", 5, 1..=64)?,
            spacing: fields.number("spacing", "distance between neighbours", 2.0, SIZES)?,
            std: std(fields, 0.05)?,
        })
    }
}

impl DataSpec for GridSpec {
    fn build(&self, _context: &DataContext<'_>) -> Result<Box<dyn Dataset>, DataError> {
        let at = |i: u64| ((i as f64 - (self.side - 1) as f64 / 2.0) * self.spacing) as f32;
        let centre = |k: u64| [at(k % self.side), at(k / self.side)];
        let fingerprint = format!("grid-1-{}-{}-{}", self.side, self.spacing, self.std);
        let centres = (0..self.side * self.side).map(centre).collect();
        Ok(Box::new(Mixture::new(centres, self.std as f32, fingerprint)))
    }
}

#[cfg(test)]
mod tests {
    use crate::mixture::check_spread;
    use crate::testing::{build, refused};

    #[test]
    fn the_default_grid_is_pacgans() {
        let grid = build("grid", "");
        let modes = grid.modes().unwrap();
        assert_eq!((modes.centres.len(), modes.std), (25, 0.05));
        assert_eq!((&modes.centres[0], &modes.centres[13]), (&vec![-4.0, -4.0], &vec![2.0, 0.0]));
        check_spread(&*grid, 50_000);
    }

    #[test]
    fn an_even_side_straddles_the_origin() {
        let grid = build("grid", "side = 4\nspacing = 1\nstd = 0.02");
        assert_eq!(grid.modes().unwrap().centres[0], vec![-1.5, -1.5]);
    }

    #[test]
    fn bad_values_are_refused() {
        refused("grid", "side = 0", "side");
        refused("grid", "spacing = 0.0", "spacing");
        refused("grid", "std = \"wide\"", "std");
    }
}

//! `ring`: Gaussians evenly spaced on a circle.

use std::f64::consts::TAU;

use ganatomy_record::{Fields, SpecError};

use crate::mixture::{Mixture, SIZES, std};
use crate::{DataContext, DataError, DataSpec, Dataset};

/// Gaussians evenly spaced on a circle: cₖ = radius·(cos 2πk/n, sin 2πk/n).
///
/// Reference: Gulrajani et al. 2017 (WGAN-GP), the toy of its code before it is rescaled; others use radius 1 and std 0.01.
#[derive(Clone, Debug, PartialEq)]
pub struct RingSpec {
    /// How many modes; default 8, from 1 to 1024.
    pub n_modes: u64,
    /// Radius of the circle; default 2, from 1e-6 to 1e6.
    pub radius: f64,
    /// Standard deviation of a mode; default 0.02, from 1e-6 to 1e6.
    pub std: f64,
}

impl RingSpec {
    /// Reads the spec from its table.
    ///
    /// # Errors
    /// A field with a value that is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<RingSpec, SpecError> {
        Ok(RingSpec {
            n_modes: fields.count("n_modes", "how many Gaussians stand on the circle", 8, 1..=1024)?,
            radius: fields.number("radius", "radius of the circle", 2.0, SIZES)?,
            std: std(fields, 0.02)?,
        })
    }
}

impl DataSpec for RingSpec {
    fn build(&self, _context: &DataContext<'_>) -> Result<Box<dyn Dataset>, DataError> {
        let angle = |k| TAU * k as f64 / self.n_modes as f64;
        let centre =
            |k| [(self.radius * f64::cos(angle(k))) as f32, (self.radius * f64::sin(angle(k))) as f32];
        let fingerprint = format!("ring-1-{}-{}-{}", self.n_modes, self.radius, self.std);
        Ok(Box::new(Mixture::new((0..self.n_modes).map(centre).collect(), self.std as f32, fingerprint)))
    }
}

#[cfg(test)]
mod tests {
    use crate::mixture::check_spread;
    use crate::testing::{build, refused};

    #[test]
    fn the_default_ring_is_the_one_of_the_papers() {
        let ring = build("ring", "");
        let modes = ring.modes().unwrap();
        assert_eq!((modes.centres.len(), modes.std), (8, 0.02));
        assert!((modes.centres[1][0] - 2f32.sqrt()).abs() < 1e-6 && (modes.centres[2][1] - 2.0).abs() < 1e-6);
        assert_eq!((ring.item_shape(), ring.n_items(), ring.n_classes()), (&[2][..], None, 0));
        check_spread(&*ring, 20_000);
    }

    #[test]
    fn options_are_used() {
        let ring = build("ring", "n_modes = 3\nradius = 5\nstd = 0.5");
        assert_eq!(ring.modes().unwrap().centres.len(), 3);
        assert_eq!(ring.fingerprint(), "ring-1-3-5-0.5");
        check_spread(&*ring, 20_000);
    }

    #[test]
    fn bad_values_are_refused() {
        refused("ring", "n_modes = 0", "n_modes");
        refused("ring", "radius = -1.0", "radius");
        refused("ring", "std = 0", "std");
        refused("ring", "std = nan", "std");
        refused("ring", "n_mode = 8", "n_modes");
        refused("ring", "flip = true", "flip");
    }
}

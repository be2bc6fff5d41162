//! `subspaces`: Gaussians of many dimensions, each on a random subspace of a larger space.

use std::f32::consts::TAU;

use ganatomy_record::{Fields, Range, SpecError};

use crate::keyed::{Keyed, purpose};
use crate::sampler::Permutation;
use crate::{BatchKey, DataContext, DataError, DataSpec, Dataset, Modes};

/// Gaussians each on a random subspace: x = c_k + std Q_k n, k uniform, n ~ N(0, I) of `mode_dims` dimensions.
///
/// The centres c_k are normal, N(0, I) of `dims` dimensions, so that two of them are sqrt(2 dims) apart (49 by
/// default); the maps Q_k have orthonormal columns, so that a sample is std sqrt(mode_dims) from its centre (2.6).
/// Centres and maps are the same in every run.
///
/// A sample is of high quality if it is within sqrt(mode_dims + 10^2) standard deviations of a centre: as far as a
/// typical sample of the mode that is moved by ten standard deviations off the subspace. By default
/// 99.5 % of real samples are. The paper allows ten standard deviations in all, which no real sample of 700 dimensions
/// can meet, as its distance is 26.5 +- 0.7 of them; `high_quality_stds = 10` asks for that.
///
/// Reference: Srivastava et al. 2017, section 5.1, "mixture of ten 700 dimensional Gaussians embedded in a 1200
/// dimensional space". The paper gives neither centres nor widths nor maps; these are ours.
#[derive(Clone, Debug, PartialEq)]
pub struct SubspacesSpec {
    /// How many modes; default 10, from 1 to 1000.
    pub n_modes: u64,
    /// Dimensions of a point; default 1200, from 2 to 10,000.
    pub dims: u64,
    /// Dimensions of a mode; default 700, from 1 to `dims`.
    pub mode_dims: u64,
    /// Standard deviation of a mode along its subspace; default 0.1, from 1e-6 to 1e6.
    pub std: f64,
    /// How many standard deviations from a centre are near it; default sqrt(`mode_dims` + 100), from 1e-3 to 1e6.
    pub high_quality_stds: f64,
}

impl SubspacesSpec {
    /// Reads the spec from its table.
    ///
    /// # Errors
    /// A field with a value that is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<SubspacesSpec, SpecError> {
        let dims = fields.count("dims", "dimensions of a point", 1200, 2..=10_000)?;
        let mode_dims = fields.count("mode_dims", "dimensions of a mode", dims.min(700), 1..=dims)?;
        let near = "a sample this many standard deviations from a centre is still of high quality";
        let usual = ((mode_dims + OFF_SUBSPACE_STDS * OFF_SUBSPACE_STDS) as f64).sqrt();
        let sizes = Range::between(1e-6, 1e6);
        Ok(SubspacesSpec {
            n_modes: fields.count("n_modes", "how many Gaussians there are", 10, 1..=1000)?,
            dims,
            mode_dims,
            std: fields.number(
                "std",
                "standard deviation of each Gaussian along its subspace",
                0.1,
                sizes,
            )?,
            high_quality_stds: fields.number("high_quality_stds", near, usual, Range::between(1e-3, 1e6))?,
        })
    }
}

/// The paper's limit on the whole distance is the limit off the subspace here.
const OFF_SUBSPACE_STDS: u64 = 10;
const CENTRES: u64 = purpose("subspace centres");
const TURNS: u64 = purpose("subspace turns");
const POINTS: u64 = purpose("subspace points");

impl DataSpec for SubspacesSpec {
    fn build(&self, _context: &DataContext<'_>) -> Result<Box<dyn Dataset>, DataError> {
        let dims = self.dims as usize;
        let centre = |mode| {
            let mut stream = Keyed::new(&[CENTRES, mode]);
            (0..dims).map(|_| stream.normal()).collect()
        };
        let mut modes = Modes::new((0..self.n_modes).map(centre).collect(), self.std as f32);
        modes.high_quality_stds = self.high_quality_stds as f32;
        let rotations = (0..self.n_modes).map(|mode| Rotation::new(dims, mode)).collect();
        Ok(Box::new(Subspaces { spec: self.clone(), shape: [dims], modes, rotations }))
    }
}

struct Subspaces {
    spec: SubspacesSpec,
    shape: [usize; 1],
    modes: Modes,
    rotations: Vec<Rotation>,
}

impl Dataset for Subspaces {
    fn item_shape(&self) -> &[usize] {
        &self.shape
    }

    fn fill(&self, key: BatchKey, out: &mut [f32], labels: &mut [u32]) {
        labels.fill(0);
        let mut stream = Keyed::new(&[key.seed, POINTS, key.step, key.draw]);
        for point in out.chunks_exact_mut(self.shape[0]) {
            let mode = stream.below(self.spec.n_modes) as usize;
            let (inside, rest) = point.split_at_mut(self.spec.mode_dims as usize);
            inside.iter_mut().for_each(|x| *x = self.modes.std * stream.normal());
            rest.fill(0.0);
            self.rotations[mode].apply(point);
            point.iter_mut().zip(&self.modes.centres[mode]).for_each(|(x, c)| *x += c);
        }
    }

    fn modes(&self) -> Option<&Modes> {
        Some(&self.modes)
    }

    fn memory_bytes(&self) -> u64 {
        let turns = self.rotations.iter().map(|rotation| size_of_val(&rotation.turns[..]));
        let centres = self.modes.centres.iter().map(|centre| size_of_val(&centre[..]));
        turns.chain(centres).sum::<usize>() as u64
    }

    fn fingerprint(&self) -> String {
        let spec = &self.spec;
        // What counts as near changes scores, not data.
        format!("subspaces-1-{}-{}-{}-{}", spec.n_modes, spec.dims, spec.mode_dims, spec.std)
    }
}

/// A random rotation of space as rounds of turns in planes of two coordinates each, O(d log d) in time and memory.
///
/// Every round forms new random pairs of all coordinates, and turns each pair by 45 degrees, or 135, 225 or 315. Such a turn
/// spreads either coordinate evenly over both, so that log2 d rounds spread it over all of them.
///
/// ```text
///   round 0         round 1
///   x0 -+  x1 -+    x0 -+  x3 -+
///       |      |        |      |     (x, y) -> (x cos a - y sin a, x sin a + y cos a)
///   x3 -+  x2 -+    x1 -+  x2 -+ ..
/// ```
struct Rotation {
    turns: Vec<Turn>,
}

struct Turn {
    axes: [u32; 2],
    cos: f32,
    sin: f32,
}

impl Rotation {
    fn new(dims: usize, mode: u64) -> Rotation {
        let rounds = dims.next_power_of_two().ilog2() as u64 + 4;
        let turn = |round: u64| {
            let pairing = Permutation::new(dims as u64, &[TURNS, mode, round]);
            let mut stream = Keyed::new(&[TURNS, mode, round, 1]);
            (0..dims as u64 / 2).map(move |pair| {
                let (sin, cos) = (TAU / 8.0 * (2 * stream.below(4) + 1) as f32).sin_cos();
                Turn { axes: [2 * pair, 2 * pair + 1].map(|place| pairing.at(place) as u32), cos, sin }
            })
        };
        Rotation { turns: (0..rounds).flat_map(turn).collect() }
    }

    fn apply(&self, point: &mut [f32]) {
        for Turn { axes: [i, j], cos, sin } in &self.turns {
            let (i, j) = (*i as usize, *j as usize);
            let (x, y) = (point[i], point[j]);
            (point[i], point[j]) = (cos * x - sin * y, sin * x + cos * y);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{build, refused};

    fn draw(set: &dyn Dataset, n: usize) -> Vec<f32> {
        let mut out = vec![f32::NAN; n * set.item_shape()[0]];
        set.fill(BatchKey { seed: 1, step: 2, draw: 0 }, &mut out, &mut vec![7; n]);
        out
    }

    #[test]
    fn a_sample_is_as_far_from_its_centre_as_its_dimensions_say() {
        let set = build("subspaces", "n_modes = 1\nstd = 0.5");
        let centre = &set.modes().unwrap().centres[0];
        let square =
            |point: &[f32]| point.iter().zip(centre).map(|(a, b)| f64::from(a - b).powi(2)).sum::<f64>();
        let mean = draw(&*set, 1000).chunks(1200).map(|point| square(point) / 0.25).sum::<f64>() / 1000.0;
        // Chi squared of 700 degrees of freedom has deviation 37, its mean over 1000 samples 1.2.
        assert!((mean - 700.0).abs() < 6.0, "{mean}");
    }

    #[test]
    fn a_rotation_keeps_lengths_and_mixes_every_coordinate() {
        let rotation = Rotation::new(1200, 3);
        let column = |axis: usize| {
            let mut point = vec![0.0; 1200];
            point[axis] = 1.0;
            rotation.apply(&mut point);
            point
        };
        let columns: Vec<Vec<f32>> = (0..40).map(|i| column(30 * i)).collect();
        for (i, a) in columns.iter().enumerate() {
            for (j, b) in columns.iter().enumerate() {
                let dot: f32 = a.iter().zip(b).map(|(x, y)| x * y).sum();
                assert!((dot - f32::from(u8::from(i == j))).abs() < 1e-5, "{i} {j}: {dot}");
            }
        }
        // The entries of an even rotation are close to normal: of mean square 1/d and kurtosis 3.
        let moment = |k: i32| columns.iter().flatten().map(|x| f64::from(*x).powi(k)).sum::<f64>() / 48_000.0;
        let kurtosis = moment(4) / moment(2).powi(2);
        assert!((kurtosis - 3.0).abs() < 0.25, "{kurtosis}");
        assert!((moment(1) * 1200f64.sqrt()).abs() < 0.03, "{}", moment(1));
    }

    #[test]
    fn options_are_used() {
        let set = build("subspaces", "dims = 5\nn_modes = 2");
        let modes = set.modes().unwrap();
        assert_eq!((set.item_shape(), modes.centres.len()), (&[5][..], 2));
        assert!((modes.high_quality_stds - 105f32.sqrt()).abs() < 1e-6);
        assert_ne!(modes.centres[0], modes.centres[1]);
    }

    #[test]
    fn bad_values_are_refused() {
        refused("subspaces", "mode_dims = 1201", "mode_dims");
        refused("subspaces", "n_modes = 0", "n_modes");
        refused("subspaces", "std = -1.0", "std");
        refused("subspaces", "dims = 1", "dims");
    }
}

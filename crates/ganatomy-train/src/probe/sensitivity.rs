//! How G's items move with its latent points: the size of its Jacobian, and how many directions it has.

use ganatomy_data::keyed::{Keyed, purpose};
use ganatomy_record::Direction;
use nalgebra::DMatrix;

use super::{BuiltIn, Probe, Site};
use crate::error::TrainError;
use crate::look::Live;
use crate::room::{Room, tensor_bytes};
use crate::rules::Rules;

/// Directions of the latent space that are looked into; of more, so many that are drawn.
const MOST: usize = 64;
/// How far a latent point is moved either way. A third of the digits of single precision are left for the difference.
const STEP: f32 = 1e-2;

struct Sensitivity;

/// Its row.
pub(super) const PROBE: BuiltIn = BuiltIn { build, readings: known };

fn build(site: &mut Site<'_>) -> Result<Option<Box<dyn Probe>>, TrainError> {
    Ok(applies(site.rules()).then(|| Box::new(Sensitivity) as Box<dyn Probe>))
}

/// A generator that is given images is moved by them, too.
fn applies(rules: &Rules) -> bool {
    rules.generator.n_given == 0
}

pub(super) fn needs(room: &mut Room<'_>, n_samples: usize) -> Result<u64, TrainError> {
    if !applies(room.rules) {
        return Ok(0);
    }
    let directions = room.rules.generator.noise.z_dims.min(MOST);
    Ok(room.items(n_samples * 2 * directions)
        + tensor_bytes(&vec![directions, room.rules.item_len(), 4].into()))
}

/// The names of its readings, and which way is better.
pub(crate) fn readings() -> Vec<(String, Direction)> {
    ["generator/jacobian_norm", "generator/jacobian_rank"]
        .map(|name| (name.to_owned(), Direction::None))
        .to_vec()
}

/// What it reads in a run.
fn known(rules: &Rules) -> Vec<(String, Direction)> {
    if applies(rules) { readings() } else { Vec::new() }
}

impl Probe for Sensitivity {
    fn readings(&self) -> Vec<(String, Direction)> {
        readings()
    }

    fn read(&mut self, live: &mut Live<'_>) -> Result<Vec<(String, f64)>, TrainError> {
        let noise = &live.rules.generator.noise;
        let (z_dims, n_points) = (noise.z_dims, live.n_samples().max(1));
        let mut random = Keyed::new(&[live.seed(), purpose("sensitivity"), live.step()]);
        let points: Vec<f32> = (0..n_points * z_dims).map(|_| noise.draw_one(&mut random)).collect();
        let directions = directions(z_dims, &mut random);
        let n_directions = directions.len() / z_dims;
        let mut latent = Vec::with_capacity(2 * points.len() * n_directions);
        for (point, way) in points.chunks(z_dims).flat_map(|p| directions.chunks(z_dims).map(move |d| (p, d)))
        {
            for by in [STEP, -STEP] {
                latent.extend(point.iter().zip(way).map(|(x, d)| x + by * d));
            }
        }
        let n_classes = live.rules.generator.n_classes;
        // Either side of a point is of the same class.
        let class = |moved: usize| (moved / (2 * n_directions) % n_classes.max(1)) as u32;
        let classes: Vec<u32> = (0..latent.len() / z_dims).map(class).collect();
        let items = live.player_samples_of(&latent, &classes)?;
        let (mut square, mut rank, mut n_ranks) = (0.0, 0.0, 0);
        for moved in items.chunks(items.len() / n_points) {
            let products = products(moved, n_directions);
            square += products.trace() / n_directions as f64;
            // Singular values squared are the eigenvalues, so that their sums are traces.
            let participation = products.trace().powi(2) / products.norm_squared();
            if participation.is_finite() {
                rank += participation;
                n_ranks += 1;
            }
        }
        if !square.is_finite() {
            return Ok(Vec::new());
        }
        let mut values = vec![("generator/jacobian_norm".to_owned(), (square / n_points as f64).sqrt())];
        // A generator that does not move at all has no directions.
        values
            .extend((n_ranks > 0).then(|| ("generator/jacobian_rank".to_owned(), rank / f64::from(n_ranks))));
        Ok(values)
    }
}

/// Unit vectors: the axes, or some drawn ones.
fn directions(z_dims: usize, random: &mut Keyed) -> Vec<f32> {
    if z_dims <= MOST {
        return (0..z_dims * z_dims).map(|i| if i % (z_dims + 1) == 0 { 1.0 } else { 0.0 }).collect();
    }
    let mut all: Vec<f32> = (0..MOST * z_dims).map(|_| random.normal()).collect();
    for way in all.chunks_mut(z_dims) {
        let length = way.iter().map(|x| x * x).sum::<f32>().sqrt();
        way.iter_mut().for_each(|x| *x /= length);
    }
    all
}

/// `J^T J` along the directions, of the items made on either side of one latent point.
fn products(moved: &[f32], n_directions: usize) -> DMatrix<f64> {
    let item = moved.len() / (2 * n_directions);
    let column = |d: usize| {
        let (up, down) = moved[2 * d * item..][..2 * item].split_at(item);
        up.iter()
            .zip(down)
            .map(|(a, b)| (f64::from(*a) - f64::from(*b)) / (2.0 * f64::from(STEP)))
            .collect::<Vec<f64>>()
    };
    let columns: Vec<f64> = (0..n_directions).flat_map(column).collect();
    let slopes = DMatrix::from_vec(item, n_directions, columns);
    slopes.tr_mul(&slopes)
}

#[cfg(test)]
mod tests {
    use crate::Training;
    use crate::exam::{plan, session};

    /// A linear generator of so many latent numbers, before its first step.
    fn linear(z_dims: usize, weight: &[f32]) -> [f64; 2] {
        let spec = format!(
            "batch = 8\nprobes = {{ bins.every_steps = 0, sensitivity.n_samples = 16 }}\n\
             generator = {{ hidden = [], z_dims = {z_dims} }}\n"
        );
        let mut run = Training::new(plan(&spec).unwrap(), session()).unwrap();
        run.set("generator.out.weight", weight).unwrap();
        let found = run.probe().unwrap();
        ["norm", "rank"]
            .map(|name| found.get(&format!("generator/jacobian_{name}")).copied().unwrap_or(f64::NAN))
    }

    fn near(found: [f64; 2], expected: [f64; 2], tolerance: f64) {
        let off = (0..2).map(|i| (found[i] / expected[i] - 1.0).abs()).fold(0.0, f64::max);
        assert!(off < tolerance, "{found:?} for {expected:?}");
    }

    #[test]
    fn a_linear_generator_has_the_jacobian_of_its_weights() {
        // |J|^2 = 9 + 16; singular values 3 and 4: (9 + 16)^2 / (81 + 256).
        near(linear(2, &[3.0, 0.0, 0.0, 4.0]), [12.5f64.sqrt(), 625.0 / 337.0], 1e-4);
        near(linear(2, &[1.0, 1.0, 1.0, 1.0]), [2.0f64.sqrt(), 1.0], 1e-4);
        near(linear(3, &[1.0, 0.0, 0.0, 1.0, 0.0, 0.0]), [(2.0f64 / 3.0).sqrt(), 2.0], 1e-4);
        let [norm, rank] = linear(2, &[0.0; 4]);
        assert!(norm == 0.0 && rank.is_nan());
    }

    #[test]
    fn of_many_latent_numbers_some_directions_are_enough() {
        let weight: Vec<f32> = (0..400).map(|i| if i % 2 == i / 2 % 2 { 1.0 } else { 0.0 }).collect();
        near(linear(200, &weight), [1.0, 2.0], 0.15);
    }

    #[test]
    fn items_of_different_classes_are_not_compared() {
        let spec = "batch = 8\ndata = { kind = \"glyphs\", size = 8 }\nremedies.class-conditioning = {}\n\
                    probes = { bins.every_steps = 0, classes.every_steps = 0, sensitivity.n_samples = 32 }\n\
                    generator = { hidden = [], z_dims = 2 }\ndiscriminator.hidden = [4]\n";
        let mut run = Training::new(plan(spec).unwrap(), session()).unwrap();
        let found = run.probe().unwrap()["generator/jacobian_norm"];
        // Differences of classes would be divided by the small step.
        assert!((0.01..5.0).contains(&found), "{found}");
    }
}

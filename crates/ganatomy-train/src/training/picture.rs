//! What is kept of a moment for pictures: generated items beside real ones, and for points D's surface behind them.

use ganatomy_data::BatchKey;
use ganatomy_record::{SampleContent, SampleFile, Surface};
use ganatomy_tensor::Key;

use crate::error::TrainError;
use crate::look::Live;
use crate::rules::Rules;

/// Columns and rows of D's surface.
const SIDE: usize = 96;
/// Points of a scatter plot, real and generated each, per item asked for.
const POINTS_PER_SAMPLE: usize = 16;
/// Generated images to a real one beside them.
const IMAGES_PER_REAL: usize = 4;
/// Keeps the real items of pictures apart from training batches.
const DRAW: u64 = 2 << 32;

/// Takes pictures of a run.
pub(super) struct Camera {
    scene: Scene,
    n: usize,
}

enum Scene {
    /// For two-dimensional data.
    Plane(Plane),
    /// Real images beside the generated ones.
    Sheet { real: Vec<u8> },
}

/// Real points and D's surface.
struct Plane {
    real: Vec<[f32; 2]>,
    extent: [f32; 4],
    grid: Vec<f32>,
}

impl Camera {
    /// A camera for so many items a picture.
    pub fn new(rules: &Rules, n: usize) -> Camera {
        let real = |n: usize| {
            let (mut real, mut labels) = (vec![0.0; rules.item_len() * n], vec![0; n]);
            rules.data.fill(BatchKey { seed: rules.seed, step: 0, draw: DRAW }, &mut real, &mut labels);
            real
        };
        if rules.generator.item != [2] {
            let real = bytes(&real(n.div_ceil(IMAGES_PER_REAL)));
            return Camera { scene: Scene::Sheet { real }, n };
        }
        let n = n * POINTS_PER_SAMPLE;
        let real = real(n);
        // A square around the data, with room for samples that stray.
        let reach = 1.4 * real.iter().fold(0.0f32, |m, x| m.max(x.abs()));
        let extent = [-reach, reach, -reach, reach];
        Camera { scene: Scene::Plane(Plane { real: points(&real), extent, grid: grid(extent) }), n }
    }

    /// The picture of this moment. The latent points are the same at every moment of a run.
    pub fn take(&self, live: &mut Live<'_>) -> Result<SampleFile, TrainError> {
        let items = live.draw(self.n, Key { seed: live.seed(), step: u64::MAX >> 1 })?;
        let content = match &self.scene {
            Scene::Plane(Plane { real, extent, grid }) => SampleContent::Points {
                real: real.clone(),
                generated: points(&items),
                // Nothing where the judge has no opinion of single points.
                surface: live.judge(grid)?.map(|logits| {
                    let (width, height, extent) = (SIDE, SIDE, *extent);
                    Surface { width, height, extent, logits }
                }),
            },
            Scene::Sheet { real } => images(&items, real, &live.rules().generator.item, self.n),
        };
        Ok(SampleFile { step: live.step(), content })
    }
}

/// The points of a square grid, row by row from below.
fn grid([left, right, low, high]: [f32; 4]) -> Vec<f32> {
    let at = |from: f32, to: f32, i: usize| from + (to - from) * i as f32 / (SIDE - 1) as f32;
    (0..SIDE * SIDE).flat_map(|i| [at(left, right, i % SIDE), at(low, high, i / SIDE)]).collect()
}

fn points(values: &[f32]) -> Vec<[f32; 2]> {
    values.chunks_exact(2).map(|p| [p[0], p[1]]).collect()
}

/// Items that are not images become one row of pixels.
fn images(items: &[f32], real: &[u8], item: &[usize], n: usize) -> SampleContent {
    let [height, width, channels] = match *item {
        [h, w, c] => [h, w, c],
        _ => [1, item.iter().product(), 1],
    };
    SampleContent::Images { n, height, width, channels, pixels: bytes(items), real: real.to_vec() }
}

/// Values of `[-1, 1]` as bytes.
fn bytes(items: &[f32]) -> Vec<u8> {
    items.iter().map(|x| ((x + 1.0) * 127.5).round().clamp(0.0, 255.0) as u8).collect()
}

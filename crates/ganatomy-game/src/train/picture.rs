//! What is kept of a moment for pictures: generated items, and for points D's surface behind them.

use ganatomy_record::{SampleContent, SampleFile, Surface};
use ganatomy_tensor::cpu::Key;
use ganatomy_tensor::{Cpu, Store};

use crate::data::BatchKey;
use crate::judge::Judge;
use crate::plan::Plan;
use crate::snapshot::Snapshot;
use crate::train::TrainError;

/// Columns and rows of D's surface.
const SIDE: usize = 96;
/// Points of a scatter plot, real and generated each, per item asked for.
const POINTS_PER_SAMPLE: usize = 16;
/// Keeps the real points of pictures apart from training batches.
const DRAW: u64 = 2 << 32;

/// Takes pictures of a run.
pub(super) struct Camera {
    /// The real points and D's surface, for two-dimensional data.
    plane: Option<Plane>,
    n: usize,
}

struct Plane {
    real: Vec<[f32; 2]>,
    extent: [f32; 4],
    grid: Vec<f32>,
    /// None where the judge has no opinion of single points.
    judge: Option<Judge>,
}

impl Camera {
    pub fn new(plan: &Plan, cpu: &Cpu, store: &mut Store<f32>) -> Result<Camera, TrainError> {
        let n = plan.cadence.n_samples;
        if plan.generator.item != [2] {
            return Ok(Camera { plane: None, n });
        }
        let n = n * POINTS_PER_SAMPLE;
        let (mut real, mut labels) = (vec![0.0; 2 * n], vec![0; n]);
        plan.data.fill(BatchKey { seed: plan.seed, step: 0, draw: DRAW }, &mut real, &mut labels);
        // A square around the data, with room for samples that stray.
        let reach = 1.4 * real.iter().fold(0.0f32, |m, x| m.max(x.abs()));
        let judge = Judge::new(plan, cpu, store)?;
        let extent = [-reach, reach, -reach, reach];
        Ok(Camera { plane: Some(Plane { real: points(&real), extent, grid: grid(extent), judge }), n })
    }

    /// The picture of this moment. The latent points are the same at every moment of a run.
    pub fn take(
        &mut self,
        plan: &Plan,
        cpu: &Cpu,
        store: &mut Store<f32>,
        snapshot: &mut Snapshot,
        step: u64,
    ) -> Result<SampleFile, TrainError> {
        let items = snapshot.draw(cpu, store, self.n, Key { seed: plan.seed, step: u64::MAX >> 1 })?;
        let content = match &mut self.plane {
            Some(plane) => SampleContent::Points {
                real: plane.real.clone(),
                generated: points(&items),
                surface: plane.look(cpu, store)?,
            },
            None => images(&items, &plan.generator.item, self.n),
        };
        Ok(SampleFile { step, content })
    }
}

impl Plane {
    fn look(&mut self, cpu: &Cpu, store: &mut Store<f32>) -> Result<Option<Surface>, TrainError> {
        let Some(judge) = &mut self.judge else {
            return Ok(None);
        };
        let logits = judge.logits(cpu, store, &self.grid)?;
        Ok(Some(Surface { width: SIDE, height: SIDE, extent: self.extent, logits }))
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

/// Items of `[-1, 1]` as bytes; items that are not images become one row of pixels.
fn images(items: &[f32], item: &[usize], n: usize) -> SampleContent {
    let [height, width, channels] = match *item {
        [h, w, c] => [h, w, c],
        _ => [1, item.iter().product(), 1],
    };
    let byte = |x: &f32| ((x + 1.0) * 127.5).round().clamp(0.0, 255.0) as u8;
    SampleContent::Images { n, height, width, channels, pixels: items.iter().map(byte).collect() }
}

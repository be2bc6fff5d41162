//! A convolutional network of fixed random weights as features.

use ganatomy_game::network::{Activation, Layers, Norm, Window};
use ganatomy_game::step::{Init, Mode, Scope, Values};
use ganatomy_record::{Fields, SpecError};
use ganatomy_tensor::cpu::Key;
use ganatomy_tensor::{Bound, Cpu, Program, Store, Trace};

use super::{Extractor, ExtractorSpec, Features, Place, Size, hash_of};
use crate::error::ScoreError;

/// Images looked at together.
const BATCH: usize = 64;
/// Channels of the layers, as many as it takes until an image is of at most four pixels a side.
const CHANNELS: [usize; 8] = [32, 64, 128, 128, 128, 128, 128, 128];

/// Features of a network that nobody trained: 3 x 3 convolutions in steps of two with He's weights and leaky rectifiers.
///
/// The features are the mean of every channel of every layer, and of the last layer the mean of each quarter of the image:
/// 736 numbers for 28 x 28, 864 for 64 x 64. Equal seeds give equal weights; nothing is downloaded, and images of every size
/// from 8 pixels on will do.
///
/// It sees edges, textures, noise, blur and rough layout, and ranks such faults well; of what things are it knows nothing, so
/// that a digit that is wrong but crisp costs little.
#[derive(Clone, Copy, Debug)]
pub struct Random {
    seed: u64,
}

impl Random {
    /// Reads its settings.
    ///
    /// # Errors
    /// A field that is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<Random, SpecError> {
        Ok(Random { seed: fields.count("seed", "fixes the weights", 0, 0..=u64::MAX >> 1)? })
    }
}

impl ExtractorSpec for Random {
    fn refusal(&self, place: &Place<'_>) -> Option<String> {
        let fits = matches!(place.item, [h, w, _] if *h >= 8 && *w >= 8);
        (!fits).then(|| {
            format!("needs images of 8 pixels a side or more, found items of shape {:?}", place.item)
        })
    }

    fn size(&self, place: &Place<'_>) -> Result<Size, ScoreError> {
        let &[h, w, c] = place.item else { return Ok(Size { bytes: 0, dims: 0 }) };
        let (program, _) = network([h, w, c], self.seed)?;
        let named: usize =
            program.named().into_iter().map(|(_, shape)| size_of::<f32>() * shape.numel()).sum();
        let dims = program.outputs().iter().map(|(_, shape)| shape.numel() / BATCH).sum();
        Ok(Size { bytes: (program.planned_bytes::<f32>(place.cpu) + named) as u64, dims })
    }

    fn build(&self, place: &Place<'_>) -> Result<Box<dyn Extractor>, ScoreError> {
        let &[h, w, c] = place.item else {
            return Err(ScoreError::Missing { score: "the extractor random", what: "images" });
        };
        let (program, weights) = network([h, w, c], self.seed)?;
        let hash =
            hash_of(&weights.iter().flat_map(|(_, array)| array.values().to_vec()).collect::<Vec<_>>());
        let mut store = weights;
        for (name, shape) in program.inputs() {
            store.place(name, shape)?;
        }
        let program = program.bind(place.cpu, &mut store)?;
        let dims = store.get("features")?.values().len() / BATCH;
        Ok(Box::new(Built { program, store, size: h * w * c, dims, hash }))
    }
}

/// The program, and a store of the weights alone.
fn network([h, w, c]: [usize; 3], seed: u64) -> Result<(Program, Store<f32>), ScoreError> {
    let layers = Layers { init: Init::He(1.0), norm: Norm::None, activation: Activation::Rectifier(0.2) };
    let (trace, values) = (Trace::new(), Values::new());
    let mut scope = Scope::new(&trace, "random", &values, Mode::Sample, "random");
    let mut x = trace.input("x", [BATCH, h, w, c]);
    let mut features = Vec::new();
    for (i, channels) in CHANNELS.into_iter().enumerate() {
        let window = Window { size: 3, stride: 2, pad: 1 };
        let name = i.to_string();
        let linear = layers.conv(&mut scope, &name, &x, window, channels);
        x = layers.finish(&mut scope, &name, &linear);
        features.push(x.mean(&[1, 2]));
        if x.shape()[1].max(x.shape()[2]) <= 4 {
            break;
        }
    }
    let (h, w, c) = (x.shape()[1], x.shape()[2], x.shape()[3]);
    let quarter = |top: usize, left: usize| {
        let (tall, wide) = (h.div_ceil(2), w.div_ceil(2));
        let start = [0, top * (h - tall), left * (w - wide), 0];
        x.slice(&start, [BATCH, tall, wide, c]).mean(&[1, 2])
    };
    features.extend([(0, 0), (0, 1), (1, 0), (1, 1)].map(|(top, left)| quarter(top, left)));
    let (first, rest) =
        features.split_first().ok_or(ScoreError::Missing { score: "random", what: "layers" })?;
    let joined = first.concat(&rest.iter().collect::<Vec<_>>(), 1);
    let program = Program::compile(&trace, &[("features", &joined)])?;
    let mut store = Store::new();
    for d in scope.finish().declared {
        let values = d.init.values(&d.shape, &d.name, seed);
        store.insert(&d.name, d.shape, values)?;
    }
    Ok((program, store))
}

struct Built {
    program: Bound<f32>,
    store: Store<f32>,
    size: usize,
    dims: usize,
    hash: String,
}

impl Extractor for Built {
    fn dims(&self) -> usize {
        self.dims
    }

    fn hash(&self) -> String {
        self.hash.clone()
    }

    fn add(&mut self, items: &[f32], cpu: &Cpu, to: &mut Features) -> Result<(), ScoreError> {
        for batch in items.chunks(BATCH * self.size) {
            self.store.get_mut("x")?.values_mut()[..batch.len()].copy_from_slice(batch);
            self.program.run(cpu, &mut self.store, Key::default())?;
            let n = batch.len() / self.size;
            to.values.extend_from_slice(&self.store.get("features")?.values()[..n * self.dims]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use ganatomy_data::Silent;

    use super::*;
    use crate::testing::made;

    fn features(item: [usize; 3], items: &[f32], threads: usize) -> (Vec<f32>, usize, String) {
        let cpu = Cpu::new(threads);
        let cache_dir = std::path::Path::new("");
        let place = Place { item: &item, data: None, cpu: &cpu, cache_dir, progress: &Silent };
        let mut built = Random { seed: 0 }.build(&place).unwrap();
        let mut found = Features::default();
        built.add(items, &cpu, &mut found).unwrap();
        (found.values, built.dims(), built.hash())
    }

    #[test]
    fn features_do_not_depend_on_threads_or_batches() {
        let item = [28, 28, 1];
        let items = made(1, 70, 28 * 28);
        let (all, dims, hash) = features(item, &items, 2);
        assert_eq!((dims, all.len()), (32 + 64 + 128 + 4 * 128, 70 * dims));
        let (last, _, again) = features(item, &items[65 * 784..], 1);
        assert_eq!(hash, again);
        assert_eq!(all[65 * dims..], last);
        assert!(all.iter().all(|x| x.is_finite()));
    }

    #[test]
    fn images_of_every_size_will_do() {
        for item in [[8, 9, 3], [64, 64, 3], [17, 40, 1]] {
            let size = item.iter().product();
            let (found, dims, _) = features(item, &made(1, 2, size), 1);
            assert_eq!(found.len(), 2 * dims, "{item:?}");
            assert_ne!(found[..dims], found[dims..]);
        }
    }
}

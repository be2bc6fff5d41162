//! A few items of a set, over and over, and others of it that are held out.

use ganatomy::data::keyed::Keyed;
use ganatomy::data::{BatchKey, DataContext, DataError, DataSpec, Dataset, Modes};

/// Items that are held out.
const N_HELD_OUT: usize = 1000;

#[derive(Debug)]
pub struct FewSpec {
    pub n: usize,
    pub of: Box<dyn DataSpec>,
}

impl DataSpec for FewSpec {
    fn build(&self, context: &DataContext<'_>) -> Result<Box<dyn Dataset>, DataError> {
        let of = self.of.build(context)?;
        let name = format!("few-{}-{}", self.n, of.fingerprint());
        let part = |n, draw| Few::of(&*of, n, draw, name.clone());
        Ok(Box::new(Few { held_out: Some(Box::new(part(N_HELD_OUT, 2))), ..part(self.n, 1) }))
    }
}

#[derive(Clone)]
struct Few {
    shape: Vec<usize>,
    items: Vec<f32>,
    labels: Vec<u32>,
    n_classes: usize,
    modes: Option<Modes>,
    name: String,
    held_out: Option<Box<Few>>,
}

impl Few {
    fn of(set: &dyn Dataset, n: usize, draw: u64, name: String) -> Few {
        let shape = set.item_shape().to_vec();
        let (mut items, mut labels) = (vec![0.0; n * shape.iter().product::<usize>()], vec![0; n]);
        set.fill(BatchKey { seed: 77, step: 0, draw }, &mut items, &mut labels);
        let (n_classes, modes) = (set.n_classes(), set.modes().cloned());
        Few { shape, items, labels, n_classes, modes, name, held_out: None }
    }
}

impl Dataset for Few {
    fn item_shape(&self) -> &[usize] {
        &self.shape
    }

    fn n_items(&self) -> Option<usize> {
        Some(self.labels.len())
    }

    fn n_classes(&self) -> usize {
        self.n_classes
    }

    fn fill(&self, key: BatchKey, out: &mut [f32], labels: &mut [u32]) {
        let size: usize = self.shape.iter().product();
        let mut random = Keyed::new(&[key.seed, key.step, key.draw, 0xfe]);
        for (item, label) in out.chunks_exact_mut(size).zip(labels) {
            let i = random.below(self.labels.len() as u64) as usize;
            item.copy_from_slice(&self.items[i * size..(i + 1) * size]);
            *label = self.labels[i];
        }
    }

    fn modes(&self) -> Option<&Modes> {
        self.modes.as_ref()
    }

    fn held_out(&self) -> Option<Box<dyn Dataset>> {
        self.held_out.clone().map(|set| set as Box<dyn Dataset>)
    }

    fn fingerprint(&self) -> String {
        self.name.clone()
    }
}

//! A set whose numbers are in another range than the generator's.

use ganatomy::data::{BatchKey, DataContext, DataError, DataSpec, Dataset};

#[derive(Debug)]
pub struct ScaledSpec {
    pub factor: f32,
    pub of: Box<dyn DataSpec>,
}

impl DataSpec for ScaledSpec {
    fn build(&self, context: &DataContext<'_>) -> Result<Box<dyn Dataset>, DataError> {
        Ok(Box::new(Scaled { factor: self.factor, of: self.of.build(context)? }))
    }
}

struct Scaled {
    factor: f32,
    of: Box<dyn Dataset>,
}

impl Dataset for Scaled {
    fn item_shape(&self) -> &[usize] {
        self.of.item_shape()
    }

    fn n_items(&self) -> Option<usize> {
        self.of.n_items()
    }

    fn n_classes(&self) -> usize {
        self.of.n_classes()
    }

    fn fill(&self, key: BatchKey, out: &mut [f32], labels: &mut [u32]) {
        self.of.fill(key, out, labels);
        out.iter_mut().for_each(|x| *x *= self.factor);
    }

    fn held_out(&self) -> Option<Box<dyn Dataset>> {
        let of = self.of.held_out()?;
        Some(Box::new(Scaled { factor: self.factor, of }))
    }

    fn fingerprint(&self) -> String {
        format!("scaled-{}-{}", self.factor, self.of.fingerprint())
    }
}

//! The real batches that a program is given before it runs.

use ganatomy_data::{BatchKey, Dataset};
use ganatomy_tensor::{Program, Store, StoreError};

/// The real batches of one program.
pub(crate) struct RealBatches {
    pub batches: Vec<RealBatch>,
    pub labels: Vec<u32>,
}

/// Where a real batch goes in the store.
pub(crate) struct RealBatch {
    pub items: String,
    /// How many numbers it has.
    pub numel: usize,
    /// Where its classes go, if the program wants them.
    pub labels: Option<String>,
}

impl RealBatches {
    /// Those that a program wants, in order.
    pub fn of(program: &Program) -> RealBatches {
        let inputs = program.inputs();
        let wanted = |name: &str| inputs.iter().any(|(known, _)| *known == name);
        let (mut batches, mut n) = (Vec::new(), 0);
        for (name, shape) in inputs.iter().filter(|(name, _)| name.starts_with("real.")) {
            let labels = Some(name.replacen("real.", "labels.", 1)).filter(|labels| wanted(labels));
            batches.push(RealBatch { items: (*name).to_owned(), numel: shape.numel(), labels });
            n = shape[0];
        }
        RealBatches { batches, labels: vec![0; n] }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.batches.len()
    }

    /// Fills them with the batch that `first` names and those of the steps that follow it. Allocates nothing.
    pub fn fill(
        &mut self,
        data: &dyn Dataset,
        first: BatchKey,
        store: &mut Store<f32>,
    ) -> Result<(), StoreError> {
        for (i, batch) in (0..).zip(&self.batches) {
            let key = BatchKey { step: first.step + i, ..first };
            data.fill(key, store.get_mut(&batch.items)?.values_mut(), &mut self.labels);
            batch.put_labels(&self.labels, store)?;
        }
        Ok(())
    }
}

impl RealBatch {
    /// Puts the classes where the program wants them.
    pub fn put_labels(&self, labels: &[u32], store: &mut Store<f32>) -> Result<(), StoreError> {
        if let Some(name) = &self.labels {
            let to = store.get_mut(name)?.values_mut();
            to.iter_mut().zip(labels).for_each(|(to, from)| *to = *from as f32);
        }
        Ok(())
    }
}

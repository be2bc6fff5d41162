//! The real batches that a program is given before it runs.

use ganatomy_data::{BatchKey, Dataset};
use ganatomy_tensor::{Program, Store, StoreError};

/// The real batches of one program.
pub(crate) struct RealBatches {
    batches: Vec<RealBatch>,
    labels: Vec<u32>,
}

/// Where a real batch goes in the store.
struct RealBatch {
    items: String,
    /// Where its classes go, if the program wants them.
    labels: Option<String>,
}

impl RealBatches {
    /// Those that a program wants, in order.
    pub fn of(program: &Program) -> RealBatches {
        let inputs = program.inputs();
        let wanted = |name: &str| inputs.iter().any(|(known, _)| *known == name);
        let (mut batches, mut n) = (Vec::new(), 0);
        for (name, shape) in inputs.iter().filter(|(name, _)| name.starts_with("real.")) {
            let labels = Some(name.replacen("real.", "labels.", 1)).filter(|labels| wanted(labels));
            batches.push(RealBatch { items: (*name).to_owned(), labels });
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
            if let Some(labels) = &batch.labels {
                let labels = store.get_mut(labels)?;
                labels.values_mut().iter_mut().zip(&self.labels).for_each(|(to, from)| *to = *from as f32);
            }
        }
        Ok(())
    }
}

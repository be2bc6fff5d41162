//! What a classifier's last hidden layer makes of items: features for scores.

use ganatomy_game::step::Mode;
use ganatomy_record::sum;
use ganatomy_tensor::cpu::Key;
use ganatomy_tensor::{Cpu, Program, Trace};

use super::{BATCH, Classifier, ClassifierError, applied, input, is_weight, log_sum_exp, place_inputs};

/// Features and class probabilities of some items.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Seen {
    /// `[n, 256]`: the last hidden layer.
    pub features: Vec<f32>,
    /// `[n, n_classes]`.
    pub probabilities: Vec<f32>,
}

impl Classifier {
    /// The last hidden layer and the class probabilities of items of the data that it was prepared for.
    ///
    /// # Errors
    /// The classifier's tensors do not fit.
    pub fn look(&mut self, cpu: &Cpu, items: &[f32]) -> Result<Seen, ClassifierError> {
        let mut program = match self.look.take() {
            Some(program) => program,
            None => {
                let program = looking(&self.item, self.n_classes)?;
                place_inputs(&program, &mut self.store)?;
                program.bind(cpu, &mut self.store)?
            }
        };
        let size: usize = self.item.iter().product();
        let mut seen = Seen::default();
        for batch in items.chunks(BATCH * size) {
            self.store.get_mut("x")?.values_mut()[..batch.len()].copy_from_slice(batch);
            program.run(cpu, &mut self.store, Key::default())?;
            let n = batch.len() / size;
            for (name, to) in [("features", &mut seen.features), ("classes", &mut seen.probabilities)] {
                let all = self.store.get(name)?.values();
                to.extend_from_slice(&all[..n * (all.len() / BATCH)]);
            }
        }
        self.look = Some(program);
        Ok(seen)
    }

    /// The checksum of its weights.
    ///
    /// # Errors
    /// The classifier's tensors do not fit.
    pub fn hash(&self) -> Result<String, ClassifierError> {
        Ok(sum(&self.store.to_safetensors(is_weight, &std::collections::BTreeMap::new())?))
    }
}

fn looking(item: &[usize], n_classes: usize) -> Result<Program, ClassifierError> {
    let trace = Trace::new();
    let ([hidden, logits], _, _) = applied(&trace, n_classes, Mode::Sample, &input(&trace, item));
    let probabilities = (&logits - log_sum_exp(&logits).reshape([BATCH, 1])).exp();
    Ok(Program::compile(&trace, &[("features", &hidden), ("classes", &probabilities)])?)
}

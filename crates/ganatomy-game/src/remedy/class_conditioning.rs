//! Class conditioning.

use ganatomy_record::{Fields, SpecError};
use ganatomy_tensor::Tensor;

use super::{Parts, Remedy, Uses, View};
use crate::step::{Init, Scope, Who, one_hot};

/// Both players are given the class `y` of every item. G sees it beside its latent point, as a column for each class. D
/// sees it beside the item (`concatenation`, Mirza and Osindero 2014; a constant plane for each class of an image), or
/// adds `<e_y, h>` to its logit, with a learned `e_y` for each class and its last hidden layer `h` (`projection`, Miyato
/// and Koyama 2018, eq. 3).
///
/// # Shapes
/// - y: `[batch]`, whole numbers; h: `[batch, n]`; e: `[n_classes, n]`
///
/// Declared property: G makes the class that it is asked for; D sees it if a class is left out.
#[derive(Clone, Copy, Debug)]
pub struct ClassConditioning {
    projects: bool,
    n_classes: usize,
}

impl ClassConditioning {
    /// Reads the remedy's fields.
    pub fn read(fields: &mut Fields<'_>) -> Result<ClassConditioning, SpecError> {
        let names = ["projection", "concatenation"];
        let how = fields.choice("how", "how the discriminator is told", "projection", &names)?;
        Ok(ClassConditioning { projects: how == "projection", n_classes: 0 })
    }
}

impl Remedy for ClassConditioning {
    fn fit(&mut self, parts: &Parts<'_>) -> Result<(), String> {
        self.n_classes = parts.n_classes;
        match parts.n_classes {
            0 | 1 => Err("needs data with class labels, such as mnist or glyphs".to_owned()),
            _ => Ok(()),
        }
    }

    fn n_classes(&self) -> usize {
        self.n_classes
    }

    fn projects(&self) -> bool {
        self.projects
    }

    fn uses(&self, who: Who) -> Uses {
        Uses { logits: self.projects && who == Who::DISCRIMINATOR, ..Uses::default() }
    }

    fn input(&self, view: &View<'_>, x: Tensor) -> Tensor {
        let Some(labels) = view.labels.filter(|_| !self.projects) else {
            return x;
        };
        let mut shape = x.shape().to_vec();
        let last = shape.len() - 1;
        let mut narrow = vec![1; shape.len()];
        (narrow[0], narrow[last], shape[last]) = (shape[0], self.n_classes, self.n_classes);
        x.concat(&[&one_hot(labels, self.n_classes).reshape(narrow).broadcast(shape)], last)
    }

    fn logits(&self, scope: &mut Scope<'_>, logits: Tensor, h: &Tensor) -> Tensor {
        let Some(labels) = scope.labels.clone().filter(|_| self.projects) else {
            return logits;
        };
        if scope.player() != Who::DISCRIMINATOR.name() {
            return logits;
        }
        let e = scope.weight("class.embedding", [self.n_classes, h.shape()[1]], Init::Normal(0.05));
        logits + (one_hot(&labels, self.n_classes).matmul(&e) * h).sum(&[1])
    }
}

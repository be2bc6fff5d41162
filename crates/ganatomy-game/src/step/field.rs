//! The gradients of all players at one point, whose own derivatives show how the players push each other.

use std::collections::BTreeMap;

use ganatomy_tensor::{Tensor, jvp, vjp};

use super::{Batch, Gradient, Players, Who};

/// The field `xi`: every player's gradient by its own parameters, on one batch.
///
/// Its Jacobian `H` has the players' Hessians on the diagonal and their interactions beside it.
#[derive(Debug)]
#[non_exhaustive]
pub struct Field {
    /// The batch.
    pub batch: Batch,
    /// The point.
    pub leaves: Players,
    /// The gradients at the point.
    pub gradients: BTreeMap<Who, Gradient>,
}

/// Tensors of every parameter of every player, in one fixed order.
pub type Along = Vec<Tensor>;

impl Field {
    /// `xi` itself.
    pub fn xi(&self) -> Along {
        self.gradients.values().flat_map(|gradient| gradient.by_parameter.values().cloned()).collect()
    }

    /// `H^T v`
    pub fn transposed_times(&self, v: &[Tensor]) -> Along {
        vjp(&references(&self.xi()), &references(&self.point()), &references(v))
    }

    /// `H v`
    pub fn times(&self, v: &[Tensor]) -> Along {
        jvp(&references(&self.xi()), &references(&self.point()), &references(v))
    }

    /// The gradients with other values in their place.
    pub fn replaced(&self, by: Along) -> BTreeMap<Who, Gradient> {
        let mut by = by.into_iter();
        let mut gradients = self.gradients.clone();
        for g in gradients.values_mut().flat_map(|gradient| gradient.by_parameter.values_mut()) {
            if let Some(next) = by.next() {
                *g = next;
            }
        }
        gradients
    }

    /// The parameters of all players.
    fn point(&self) -> Along {
        let own = |(who, gradient): (&Who, &Gradient)| -> Along {
            gradient.by_parameter.keys().map(|name| self.leaves.of(*who)[name].clone()).collect()
        };
        self.gradients.iter().flat_map(own).collect()
    }
}

/// The inner product of two lists of tensors, a scalar.
pub fn dot(a: &[Tensor], b: &[Tensor]) -> Option<Tensor> {
    a.iter().zip(b).map(|(a, b)| (a * b).sum_all()).reduce(|sum, part| sum + part)
}

/// References to all of them.
pub fn references(all: &[Tensor]) -> Vec<&Tensor> {
    all.iter().collect()
}

//! No movement at all.

use ganatomy_tensor::Tensor;

use super::{Moment, Update};

/// `p <- p`: the player stays where it is, its running statistics too.
///
/// # Shapes
/// - p, output: that of the parameter
///
/// Declared property: nothing of the player changes, and its gradient is not computed, because nothing asks for it.
#[derive(Clone, Copy, Debug)]
pub struct Still;

impl Update for Still {
    fn slots(&self) -> &'static [&'static str] {
        &[]
    }
    fn lr(&self) -> f64 {
        0.0
    }
    fn stays(&self) -> bool {
        true
    }
    fn step(&self, p: &Tensor, _: &Tensor, _: &[Tensor], _: &Moment<'_>) -> (Tensor, Vec<Tensor>) {
        (p.clone(), vec![])
    }
}

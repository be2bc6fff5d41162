//! A player: who it is, and the tensors that it owns.

use ganatomy_tensor::{Shape, Trace};

use super::{Init, Values, Who};

/// A parameter or running statistic.
#[derive(Clone, Debug, PartialEq)]
pub struct Declared {
    /// Its full name, such as `generator.0.weight`.
    pub name: String,
    /// Its shape.
    pub shape: Shape,
    /// What it is before training.
    pub init: Init,
    /// Do gradients move it? They do not move running statistics.
    pub trained: bool,
}

/// Who plays, and with which tensors.
#[derive(Clone, Debug, PartialEq)]
pub struct Player {
    /// Which player.
    pub who: Who,
    /// Its tensors.
    pub declared: Vec<Declared>,
}

impl Player {
    /// The player's tensors as inputs of a program.
    pub fn inputs(&self, trace: &Trace) -> Values {
        let input = |d: &Declared| (d.name.clone(), trace.input(&d.name, d.shape.clone()));
        self.declared.iter().map(input).collect()
    }

    /// The tensors that gradients move, in order of their making.
    pub fn trained(&self) -> impl Iterator<Item = &Declared> {
        self.declared.iter().filter(|d| d.trained)
    }

    /// How many numbers gradients move.
    pub fn n_parameters(&self) -> usize {
        self.trained().map(|d| d.shape.numel()).sum()
    }
}

//! A player: its network, and the tensors that the network is made of.

use ganatomy_record::{Fields, SpecError};
use ganatomy_tensor::{Tensor, Trace};

use super::Who;
use crate::data::keyed::Keyed;
use crate::network::{Declared, Mode, Network, Scope, Values};

/// What the generator's input is drawn from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Noise {
    /// Length of a latent point.
    pub z_dims: usize,
    uniform: bool,
}

impl Noise {
    /// Reads `z_dims` and `z`.
    pub fn read(fields: &mut Fields<'_>) -> Result<Noise, SpecError> {
        let z_dims = fields.count("z_dims", "length of a latent point", 64, 1..=65_536)?;
        let names = ["normal", "uniform"];
        let from =
            fields.choice("z", "what latent points are drawn from: N(0, 1) or U(-1, 1)", "normal", &names)?;
        Ok(Noise { z_dims: z_dims as usize, uniform: from == "uniform" })
    }

    /// A batch of latent points.
    ///
    /// # Shapes
    /// - output: `[batch, z_dims]`
    pub fn draw(&self, trace: &Trace, purpose: &str, batch: usize) -> Tensor {
        let (name, shape) = (format!("{purpose}.z"), [batch, self.z_dims]);
        if self.uniform { trace.uniform(&name, shape) * 2.0 - 1.0 } else { trace.normal(&name, shape) }
    }

    /// One coordinate of a latent point, outside of any program.
    pub(crate) fn draw_one(&self, random: &mut Keyed) -> f32 {
        if self.uniform { random.between(-1.0, 1.0) } else { random.normal() }
    }
}

/// A network with a name.
pub struct Player {
    /// Which player.
    pub who: Who,
    /// What it computes.
    pub network: Box<dyn Network>,
    /// Its tensors.
    pub declared: Vec<Declared>,
}

impl Player {
    /// A player whose network takes a batch of `input` items; the tensors it needs are found by
    /// applying it once.
    pub fn new(who: Who, network: Box<dyn Network>, input: &[usize]) -> Player {
        let (trace, values) = (Trace::new(), Values::new());
        // Two items, because one would make batch statistics degenerate.
        let shape: Vec<usize> = [2].iter().chain(input).copied().collect();
        let mut scope = Scope::new(&trace, who.name(), &values, Mode::Train, "declare");
        network.forward(&mut scope, &trace.input("x", shape));
        let (declared, _) = scope.finish();
        Player { who, network, declared }
    }

    /// The player's tensors as inputs of a program.
    pub fn inputs(&self, trace: &Trace) -> Values {
        let input = |d: &Declared| (d.name.clone(), trace.input(&d.name, d.shape.clone()));
        self.declared.iter().map(input).collect()
    }

    /// Names of the tensors that gradients move, in order of their making.
    pub fn trained(&self) -> impl Iterator<Item = &Declared> {
        self.declared.iter().filter(|d| d.trained)
    }

    /// How many numbers gradients move.
    pub fn n_parameters(&self) -> usize {
        self.trained().map(|d| d.shape.numel()).sum()
    }

    /// Applies the network with the given tensors; answers its output and its running statistics.
    pub fn apply(
        &self,
        trace: &Trace,
        values: &Values,
        mode: Mode,
        purpose: &str,
        x: &Tensor,
    ) -> (Tensor, Values) {
        let mut scope = Scope::new(trace, self.who.name(), values, mode, purpose);
        let out = self.network.forward(&mut scope, x);
        (out, scope.finish().1)
    }
}

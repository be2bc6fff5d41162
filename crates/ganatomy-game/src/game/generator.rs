//! The generator: a player that maps latent points, and classes where it is told them, to samples.

use std::sync::Arc;

use ganatomy_record::{Fields, SpecError};
use ganatomy_tensor::{Distribution, Tensor, Trace};

use super::{Call, Player, Turn};
use crate::data::keyed::Keyed;
use crate::network::Values;

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

    /// Normal latent points.
    pub fn normal(z_dims: usize) -> Noise {
        Noise { z_dims, uniform: false }
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

/// The generator of a game.
#[derive(Clone)]
pub struct Generator {
    /// Its network and tensors.
    pub player: Arc<Player>,
    /// What latent points are drawn from.
    pub noise: Noise,
    /// The shape of an item.
    pub item: Vec<usize>,
    /// How many classes it is told of; 0 where it makes what it likes.
    pub n_classes: usize,
    /// Latent points whose statistics stand for every batch's; 0 for none.
    pub n_reference: usize,
}

/// A generated batch.
pub struct Generated {
    /// The samples.
    pub samples: Tensor,
    /// The classes asked for.
    pub labels: Option<Tensor>,
    /// The generator's running statistics afterwards.
    pub running: Values,
}

impl Generator {
    /// A batch of samples from fresh latent points.
    pub fn generate(&self, turn: &Turn<'_>, values: &Values) -> Generated {
        let (trace, batch) = (turn.trace, turn.batch);
        let z = self.noise.draw(trace, &turn.purpose, batch);
        let labels = (self.n_classes > 0).then(|| {
            let any = Distribution::Integer(self.n_classes as u32);
            trace.random(any, &format!("{}.class", turn.purpose), [batch])
        });
        let told = self.told(&z, labels.as_ref());
        let mut call = Call::training(&turn.purpose);
        if self.n_reference == 0 {
            let made = self.player.apply(values, &told, &call);
            return Generated { samples: made.out, labels, running: made.running };
        }
        call.n_reference = self.n_reference;
        let both = self.reference(turn).concat(&[&told], 0);
        let made = self.player.apply(values, &both, &call);
        let mut start = vec![0; made.out.shape().len()];
        start[0] = self.n_reference;
        let shape: Vec<usize> = [batch].iter().chain(&self.item).copied().collect();
        Generated { samples: made.out.slice(&start, shape), labels, running: made.running }
    }

    /// Latent points with the class that is asked for beside them.
    ///
    /// # Shapes
    /// - z: `[batch, z_dims]`, labels: `[batch]`; output: `[batch, z_dims + n_classes]`
    pub fn told(&self, z: &Tensor, labels: Option<&Tensor>) -> Tensor {
        labels.map_or_else(|| z.clone(), |labels| z.concat(&[&one_hot(labels, self.n_classes)], 1))
    }

    /// The latent points of the reference batch: drawn in the first step, the same ever after.
    fn reference(&self, turn: &Turn<'_>) -> Tensor {
        let name = "remedy.virtual-batch-norm.z";
        let drawn = self.noise.draw(turn.trace, "reference", self.n_reference);
        let kept = turn.memory.get(name, drawn.shape());
        let now = turn.step.ge(0.5).broadcast(drawn.shape()).select(&kept, &drawn);
        turn.memory.set(name, now.clone());
        let labels = (self.n_classes > 0).then(|| {
            let cycle: Vec<f64> = (0..self.n_reference).map(|i| (i % self.n_classes) as f64).collect();
            turn.trace.literal([self.n_reference], &cycle)
        });
        self.told(&now, labels.as_ref())
    }
}

/// 1 in the column of the class, 0 elsewhere.
///
/// # Shapes
/// - labels: `[batch]`; output: `[batch, n_classes]`
pub(crate) fn one_hot(labels: &Tensor, n_classes: usize) -> Tensor {
    let classes: Vec<f64> = (0..n_classes).map(|class| class as f64).collect();
    let all = labels.trace().literal([1, n_classes], &classes);
    labels.reshape([labels.shape()[0], 1]).eq(all)
}

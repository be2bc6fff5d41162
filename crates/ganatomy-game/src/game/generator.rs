//! The generator: a player that maps latent points, and classes or images where it is given them, to samples.

use std::sync::Arc;

use ganatomy_data::keyed::Keyed;
use ganatomy_record::{Fields, SpecError};
use ganatomy_tensor::{Distribution, Tensor, Trace};

use super::walk::{great_circle, straight};
use super::{Call, Model};
use crate::step::{Turn, Values, channels, one_hot};

/// What the generator's input is drawn from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Noise {
    /// Length of a latent point.
    pub z_dims: usize,
    uniform: bool,
}

impl Noise {
    /// Reads `z_dims` and `z`.
    ///
    /// # Errors
    /// A field whose value is not allowed.
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

    /// Are latent points normal?
    pub fn is_normal(&self) -> bool {
        !self.uniform
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
    pub fn draw_one(&self, random: &mut Keyed) -> f32 {
        if self.uniform { random.between(-1.0, 1.0) } else { random.normal() }
    }

    /// The latent point at a share of the way between two: on a great circle where points are normal, and straight where they
    /// are uniform, so that the way stays where points are drawn from.
    pub fn between(&self, from: &[f32], to: &[f32], share: f32) -> Vec<f32> {
        if self.uniform { straight(from, to, share) } else { great_circle(from, to, share) }
    }
}

/// The generator of a game.
#[derive(Clone, Debug)]
pub struct Generator {
    /// Its network and tensors.
    pub model: Arc<Model>,
    /// What latent points are drawn from.
    pub noise: Noise,
    /// The shape of an item.
    pub item: Vec<usize>,
    /// How many classes it may be given; 0 where it is given none.
    pub n_classes: usize,
    /// How often each class is asked for; empty where all are alike.
    pub class_shares: Vec<f64>,
    /// How many leading channels of an item it is given; it makes the others. 0 where it makes all of an item.
    pub n_given: usize,
    /// Latent points of the reference batch, whose statistics replace every batch's; 0 for none.
    pub n_reference: usize,
}

/// What a generator is given beside latent points.
#[derive(Clone, Copy, Debug, Default)]
pub struct Given<'a> {
    /// The classes asked for, `[batch]`.
    pub labels: Option<&'a Tensor>,
    /// The given channels, `[batch, h, w, n_given]`.
    pub image: Option<&'a Tensor>,
}

/// A generated batch.
#[derive(Debug)]
#[non_exhaustive]
pub struct Generated {
    /// The samples.
    pub samples: Tensor,
    /// The classes asked for.
    pub labels: Option<Tensor>,
    /// The generator's running statistics afterwards.
    pub running: Values,
}

impl Generator {
    /// A batch of samples from fresh latent points, and from the given channels of a real batch.
    pub fn generate(&self, turn: &Turn<'_>, values: &Values, real: &Tensor) -> Generated {
        let (trace, batch) = (turn.trace, turn.batch);
        let z = self.noise.draw(trace, &turn.purpose, batch);
        let labels =
            (self.n_classes > 0).then(|| self.draw_classes(trace, &format!("{}.class", turn.purpose), batch));
        let image = (self.n_given > 0).then(|| channels(real, 0, self.n_given));
        let given = Given { labels: labels.as_ref(), image: image.as_ref() };
        let mut call = Call::training(&turn.purpose);
        if self.n_reference == 0 {
            let (samples, running) = self.make(values, &z, given, &call);
            return Generated { samples, labels, running };
        }
        call.n_reference = self.n_reference;
        let both = self.reference(turn).concat(&[&self.input(&z, given)], 0);
        let made = self.model.apply(values, &both, &call);
        let mut start = vec![0; made.out.shape().len()];
        start[0] = self.n_reference;
        let shape: Vec<usize> = [batch].iter().chain(&self.item).copied().collect();
        Generated { samples: made.out.slice(&start, shape), labels, running: made.running }
    }

    /// Classes to be asked for, each as often as its share says.
    ///
    /// # Shapes
    /// - output: `[batch]`, whole numbers
    pub fn draw_classes(&self, trace: &Trace, purpose: &str, batch: usize) -> Tensor {
        if self.class_shares.is_empty() {
            return trace.random(Distribution::Integer(self.n_classes as u32), purpose, [batch]);
        }
        self.classes_of(&trace.uniform(purpose, [batch]))
    }

    /// The class within whose share of the line from 0 to 1 each number lies.
    fn classes_of(&self, numbers: &Tensor) -> Tensor {
        let ends = self.class_shares.iter().scan(0.0, |end, share| {
            *end += share;
            Some(*end)
        });
        let ends: Vec<f64> = ends.take(self.n_classes - 1).collect();
        let all = numbers.trace().literal([1, ends.len()], &ends);
        numbers.reshape([numbers.shape()[0], 1]).ge(all).sum(&[1])
    }

    /// Whole items, with the given channels in front, and the running statistics afterwards.
    ///
    /// # Shapes
    /// - z: `[batch, z_dims]`; output: `[batch, ..item]`
    pub fn make(&self, values: &Values, z: &Tensor, given: Given<'_>, call: &Call<'_>) -> (Tensor, Values) {
        let made = self.model.apply(values, &self.input(z, given), call);
        let items = given.image.map_or_else(|| made.out.clone(), |image| image.concat(&[&made.out], 3));
        (items, made.running)
    }

    /// The shape of the channels of an item that it is given; nothing where it is given none.
    pub fn given_shape(&self) -> Option<[usize; 3]> {
        match *self.item {
            [h, w, _] if self.n_given > 0 => Some([h, w, self.n_given]),
            _ => None,
        }
    }

    /// Latent points with what is given beside them: a column for each class, the numbers of an image one after another.
    ///
    /// # Shapes
    /// - z: `[batch, z_dims]`; output: `[batch, z_dims + n_classes + h w n_given]`
    fn input(&self, z: &Tensor, given: Given<'_>) -> Tensor {
        let columns = given.labels.map(|labels| one_hot(labels, self.n_classes));
        let flat =
            given.image.map(|image| image.reshape([z.shape()[0], image.shape()[1..].iter().product()]));
        let beside: Vec<&Tensor> = columns.iter().chain(&flat).collect();
        if beside.is_empty() { z.clone() } else { z.concat(&beside, 1) }
    }

    /// The latent points of the reference batch: drawn in the first step of the remedy, the same ever after.
    fn reference(&self, turn: &Turn<'_>) -> Tensor {
        let name = "remedy.virtual-batch-norm.z";
        let drawn = self.noise.draw(turn.trace, "reference", self.n_reference);
        let kept = turn.memory.get(name, drawn.shape());
        let is_drawn = "remedy.virtual-batch-norm.is_drawn";
        let known = turn.memory.get(is_drawn, []).broadcast(drawn.shape());
        let now = known.select(&kept, &drawn);
        turn.memory.set(name, now.clone());
        turn.memory.set(is_drawn, turn.trace.full([], 1.0));
        let labels = (self.n_classes > 0).then(|| {
            let n = self.n_reference;
            if self.class_shares.is_empty() {
                let cycle: Vec<f64> = (0..n).map(|i| (i % self.n_classes) as f64).collect();
                return turn.trace.literal([n], &cycle);
            }
            let spread: Vec<f64> = (0..n).map(|i| (i as f64 + 0.5) / n as f64).collect();
            self.classes_of(&turn.trace.literal([n], &spread))
        });
        self.input(&now, Given { labels: labels.as_ref(), image: None })
    }
}

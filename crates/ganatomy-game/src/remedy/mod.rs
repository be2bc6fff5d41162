//! Remedies: what can be added to a run to make it healthier. A remedy takes part at the points of a step
//! that it needs, and leaves the others alone.

mod adaptive_balance;
mod augmentation;
mod class_conditioning;
mod consensus_penalty;
mod dragan;
mod feature_matching;
mod gradient_penalty;
mod historical_averaging;
mod image_conditioning;
mod instance_noise;
mod label_smoothing;
mod minibatch_discrimination;
mod minibatch_stddev;
mod packing;
pub(crate) mod penalty;
mod r1;
mod r2;
mod reconstruction;
mod replay;
mod spectral_norm;
mod top_k;
mod two_time_scales;
mod virtual_batch_norm;
mod weight_clipping;

use std::sync::Arc;

use ganatomy_record::{Fields, SpecError};
use ganatomy_tensor::{Tensor, Trace};

use crate::step::{Hooks, Mode, Players, Scene, Scope, Scores, Turn, Who};
use ganatomy_record::Entry;

/// Something added to an adversarial game. A remedy writes the methods that it needs; by default, a method changes nothing.
pub trait Remedy: Send + Sync {
    /// Fits itself to the rest of the game.
    ///
    /// # Errors
    /// Why the remedy cannot be used in this game.
    fn fit(&mut self, _parts: &Parts<'_>) -> Result<(), String> {
        Ok(())
    }

    /// How many classes the generator may be given.
    fn n_classes(&self) -> usize {
        0
    }

    /// How often the generator is asked for each class; nothing where all are alike.
    fn class_shares(&self) -> &[f64] {
        &[]
    }

    /// How many leading channels of an item the generator is given.
    fn n_given(&self) -> usize {
        0
    }

    /// Does it add a projection of the class to the discriminator's logit?
    fn projects(&self) -> bool {
        false
    }

    /// Does a zero-sum game stay zero-sum, so that by G's moves D still gains what G loses?
    fn keeps_zero_sum(&self) -> bool {
        true
    }

    /// Does it add the gradients of losses by the players' parameters to an objective?
    fn differentiates_parameters(&self) -> bool {
        false
    }

    /// Does it add D's slope to an objective, which means little where batch normalisation ties items together?
    fn wants_slopes(&self) -> bool {
        false
    }

    /// How many latent points the generator's reference batch has.
    fn n_reference(&self) -> usize {
        0
    }

    /// Does this make a player's output for an item depend on the other items of its batch?
    fn mixes_batch(&self, _who: Who) -> bool {
        false
    }

    /// The parts of a player's network that it changes; a network without them is refused.
    fn uses(&self, _who: Who) -> Uses {
        Uses::default()
    }

    /// The generated items that the discriminator is trained on, in place of a fresh batch.
    ///
    /// # Shapes
    /// - fake and output: `[batch, ..item]`
    fn generated(&self, _turn: &Turn<'_>, fake: Tensor) -> Tensor {
        fake
    }

    /// Items as the discriminator sees them.
    ///
    /// # Shapes
    /// - x: `[batch, ..item]` as left by the remedies before
    fn input(&self, _view: &View<'_>, x: Tensor) -> Tensor {
        x
    }

    /// A network's weight as it is used.
    fn weight(&self, _scope: &mut Scope<'_>, _name: &str, weight: Tensor) -> Tensor {
        weight
    }

    /// The discriminator's last hidden layer as its last weights see it.
    fn hidden(&self, _scope: &mut Scope<'_>, h: Tensor) -> Tensor {
        h
    }

    /// The discriminator's logits, given its last hidden layer.
    fn logits(&self, _scope: &mut Scope<'_>, logits: Tensor, _h: &Tensor) -> Tensor {
        logits
    }

    /// The logits as a player's loss sees them.
    fn scores<'a>(&self, _who: Who, scores: Scores<'a>) -> Scores<'a> {
        scores
    }

    /// What a player minimises.
    fn objective(&self, _scene: &Scene<'_>, loss: Tensor) -> Tensor {
        loss
    }

    /// Steps from one in which its part of the objective counts to the next; between them that part is zero.
    fn period(&self) -> u64 {
        1
    }

    /// A factor of a player's learning rate.
    fn lr_factor(&self, _who: Who) -> f64 {
        1.0
    }

    /// 1 where the player moves this time and 0 where it waits.
    fn gate(&self, _turn: &Turn<'_>, _who: Who, _loss: &Tensor) -> Option<Tensor> {
        None
    }

    /// The value that a parameter takes after a move.
    fn moved(&self, _who: Who, _name: &str, value: Tensor) -> Tensor {
        value
    }

    /// Called once a step, after all moves.
    fn end_step(&self, _turn: &Turn<'_>, _players: &Players) {}
}

/// What a network must hand to its scope for a remedy to work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Uses {
    /// Weights, by [`Scope::weight`].
    pub weights: bool,
    /// The last hidden layer, by [`Scope::hidden`].
    pub hidden: bool,
    /// The logits, by [`Scope::logits`].
    pub logits: bool,
}

/// The rest of a game, as a remedy sees it before step 0.
#[derive(Debug)]
pub struct Parts<'a> {
    /// Does the loss label items real or generated?
    pub has_labels: bool,
    /// Does the loss compare logits with averages of others?
    pub averages_logits: bool,
    /// Does the generator normalise over its batch?
    pub generator_mixes_batch: bool,
    /// Does a remedy project classes onto the discriminator's features?
    pub projects: bool,
    /// The shape of an item.
    pub item: &'a [usize],
    /// Classes that the data's labels name.
    pub n_classes: usize,
    /// The share of each class in the data; empty where they are alike, or not known.
    pub class_shares: &'a [f64],
    /// Items in a batch.
    pub batch: usize,
    /// The names of the other remedies.
    pub beside: &'a [&'a str],
}

/// One look of the discriminator at items.
#[non_exhaustive]
pub struct View<'a> {
    /// The program being written.
    pub trace: &'a Trace,
    /// To train, or to judge items outside training.
    pub mode: Mode,
    /// Keys the random numbers of this look.
    pub purpose: &'a str,
    /// The share of the run that is done; nothing outside of a run.
    pub done: Option<&'a Tensor>,
    /// The classes of the items, where the discriminator is given them.
    pub labels: Option<&'a Tensor>,
}

impl std::fmt::Debug for View<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("View")
            .field("mode", &self.mode)
            .field("purpose", &self.purpose)
            .field("done", &self.done)
            .field("labels", &self.labels)
            .finish_non_exhaustive()
    }
}

/// The remedies of a game, in the order of the registry.
#[derive(Clone, Default)]
pub struct Remedies(Arc<[Arc<dyn Remedy>]>);

impl std::fmt::Debug for Remedies {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Remedies({})", self.0.len())
    }
}

impl Remedies {
    /// Exactly these remedies.
    pub fn new(remedies: Vec<Arc<dyn Remedy>>) -> Remedies {
        Remedies(remedies.into())
    }

    /// The shape of an item as the discriminator sees it.
    pub fn seen_shape(&self, item: &[usize], batch: usize, n_classes: usize) -> Vec<usize> {
        let trace = Trace::new();
        let shape: Vec<usize> = [batch].iter().chain(item).copied().collect();
        let labels = (n_classes > 0).then(|| trace.zeros([batch]));
        self.shaped(&trace.zeros(shape), labels.as_ref()).shape()[1..].to_vec()
    }

    /// Items in the shape in which the discriminator sees them in training, without what changes over a run.
    pub fn shaped(&self, items: &Tensor, labels: Option<&Tensor>) -> Tensor {
        let (mode, purpose, done) = (Mode::Train, "shape", None);
        let view = View { trace: items.trace(), mode, purpose, done, labels };
        self.iter().fold(items.clone(), |x, remedy| remedy.input(&view, x))
    }

    /// One remedy that shows items as [`Remedies::shaped`] and does nothing else.
    pub fn shaping(&self) -> Remedies {
        Remedies::new(vec![Arc::new(Shaping(self.clone()))])
    }

    /// The remedies in their order.
    pub fn iter(&self) -> impl Iterator<Item = &dyn Remedy> {
        self.0.iter().map(|remedy| &**remedy)
    }
}

struct Shaping(Remedies);

impl Remedy for Shaping {
    fn input(&self, view: &View<'_>, x: Tensor) -> Tensor {
        self.0.shaped(&x, view.labels)
    }
}

impl Hooks for Remedies {
    fn weight(&self, scope: &mut Scope<'_>, name: &str, weight: Tensor) -> Tensor {
        self.iter().fold(weight, |weight, remedy| remedy.weight(scope, name, weight))
    }

    fn hidden(&self, scope: &mut Scope<'_>, h: Tensor) -> Tensor {
        self.iter().fold(h, |h, remedy| remedy.hidden(scope, h))
    }

    fn logits(&self, scope: &mut Scope<'_>, logits: Tensor, h: &Tensor) -> Tensor {
        self.iter().fold(logits, |logits, remedy| remedy.logits(scope, logits, h))
    }
}

/// A remedy by its name.
pub type Named = (String, Box<dyn Remedy>);

/// Reads `[remedies.NAME]` for every remedy in the spec: a remedy is on if its table is written.
///
/// # Errors
/// An unknown remedy, or a field whose value is not allowed.
pub fn read(root: &mut Fields<'_>, entries: &[Entry<dyn Remedy>]) -> Result<Vec<Named>, SpecError> {
    let mut fields =
        root.table("remedies", "what is added to the game; writing a remedy's table turns it on")?;
    let mut all = Vec::new();
    for entry in entries {
        let name = entry.name();
        if fields.has(name) {
            let mut own = fields.table(name, entry.doc())?;
            all.push((name.to_owned(), entry.read(&mut own)?));
            fields.resolved(name, own.finish()?);
        } else {
            fields.optional(name);
        }
    }
    root.resolved("remedies", fields.finish()?);
    Ok(all)
}

/// A row of the table.
pub type Row = Entry<dyn Remedy>;

/// Every remedy, in the order in which they take part.
#[rustfmt::skip]
pub fn remedies() -> Vec<Row> {
    vec![
        Row::new("replay", "D also sees generated items of earlier steps", |f| Ok(Box::new(replay::Replay::read(f)?))).explained_by(include_str!("replay.rs")),
        Row::new("augmentation", "D sees real and generated images changed at random (differentiable)", |f| Ok(Box::new(augmentation::Augmentation::read(f)?))).explained_by(include_str!("augmentation.rs")),
        Row::new("instance-noise", "noise on everything D sees, fading over the run", |f| Ok(Box::new(instance_noise::InstanceNoise::read(f)?))).explained_by(include_str!("instance_noise.rs")),
        Row::new("class-conditioning", "both players are told the class of an item", |f| Ok(Box::new(class_conditioning::ClassConditioning::read(f)?))).explained_by(include_str!("class_conditioning.rs")),
        Row::new("image-conditioning", "both players are told some channels of an image, and G makes the others", |f| Ok(Box::new(image_conditioning::ImageConditioning::read(f)?))).explained_by(include_str!("image_conditioning.rs")),
        Row::new("packing", "D judges several items at once", |f| Ok(Box::new(packing::Packing::read(f)?))).explained_by(include_str!("packing.rs")),
        Row::new("spectral-norm", "every weight matrix is divided by its largest singular value", |f| Ok(Box::new(spectral_norm::SpectralNorm::read(f)?))).explained_by(include_str!("spectral_norm.rs")),
        Row::new("virtual-batch-norm", "G's batch statistics come from one reference batch", |f| Ok(Box::new(virtual_batch_norm::VirtualBatchNorm::read(f)?))).explained_by(include_str!("virtual_batch_norm.rs")),
        Row::new("minibatch-discrimination", "D sees how near each item is to the others of its batch", |f| Ok(Box::new(minibatch_discrimination::MinibatchDiscrimination::read(f)?))).explained_by(include_str!("minibatch_discrimination.rs")),
        Row::new("minibatch-stddev", "D sees how much the items of a batch differ", |_| Ok(Box::new(minibatch_stddev::MinibatchStddev))).explained_by(include_str!("minibatch_stddev.rs")),
        Row::new("top-k", "G learns from its best-judged samples only", |f| Ok(Box::new(top_k::TopK::read(f)?))).explained_by(include_str!("top_k.rs")),
        Row::new("feature-matching", "G matches the mean of D's last hidden layer", |f| Ok(Box::new(feature_matching::FeatureMatching::read(f)?))).explained_by(include_str!("feature_matching.rs")),
        Row::new("label-smoothing", "real items are labelled a little less than real", |f| Ok(Box::new(label_smoothing::LabelSmoothing::read(f)?))).explained_by(include_str!("label_smoothing.rs")),
        Row::new("gradient-penalty", "D's slope between real and generated items is kept near one (WGAN-GP)", |f| Ok(Box::new(gradient_penalty::GradientPenalty::read(f)?))).explained_by(include_str!("gradient_penalty.rs")),
        Row::new("dragan", "D's slope near real items is kept near one", |f| Ok(Box::new(dragan::Dragan::read(f)?))).explained_by(include_str!("dragan.rs")),
        Row::new("r1", "D's slope at real items is kept small", |f| Ok(Box::new(r1::R1::read(f)?))).explained_by(include_str!("r1.rs")),
        Row::new("r2", "D's slope at generated items is kept small", |f| Ok(Box::new(r2::R2::read(f)?))).explained_by(include_str!("r2.rs")),
        Row::new("reconstruction", "G is also drawn to the image that belongs to what it is told (pix2pix)", |f| Ok(Box::new(reconstruction::Reconstruction::read(f)?))).explained_by(include_str!("reconstruction.rs")),
        Row::new("consensus-penalty", "both players also want all gradients small", |f| Ok(Box::new(consensus_penalty::ConsensusPenalty::read(f)?))).explained_by(include_str!("consensus_penalty.rs")),
        Row::new("historical-averaging", "parameters are drawn to the mean of their past", |f| Ok(Box::new(historical_averaging::HistoricalAveraging::read(f)?))).explained_by(include_str!("historical_averaging.rs")),
        Row::new("weight-clipping", "D's parameters are clipped to a box after every move", |f| Ok(Box::new(weight_clipping::WeightClipping::read(f)?))).explained_by(include_str!("weight_clipping.rs")),
        Row::new("two-time-scales", "D learns at a multiple of its learning rate", |f| Ok(Box::new(two_time_scales::TwoTimeScales::read(f)?))).explained_by(include_str!("two_time_scales.rs")),
        Row::new("adaptive-balance", "the player that is winning waits", |f| Ok(Box::new(adaptive_balance::AdaptiveBalance::read(f)?))).explained_by(include_str!("adaptive_balance.rs")),
    ]
}

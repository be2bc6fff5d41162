//! The experiment of Arjovsky and Bottou (2017): a generator is trained for a while and frozen, and a discriminator learns
//! from scratch to separate its samples from data.

use std::collections::BTreeMap;
use std::sync::Arc;

use ganatomy_data::BatchKey;
use ganatomy_game::step::Who;
use ganatomy_train::{Plan, TrainError, Training};

use super::{Bench, Budget, Findings, LessonError, Words, advance, stats};

/// Epochs after which the generator is frozen.
pub const EPOCHS: [u64; 3] = [1, 10, 25];

/// The size of the experiment.
pub struct Protocol {
    /// Items that count as an epoch of the data, which may be endless.
    pub epoch_items: u64,
    /// Steps that each discriminator learns.
    pub d_steps: u64,
    /// Numbers in a latent point.
    pub z_dims: usize,
    /// Is the data MNIST, or digits drawn offline?
    real: bool,
    base: String,
    /// D's learning rate when it begins anew.
    lr: f64,
}

/// What every run has in common.
const BASE: &str = r#"
batch = 64
average = { kind = "none" }
probes = { gradients = { every_steps = 0 }, classes = { every_steps = 0 } }
"#;
const BATCH: u64 = 64;
/// Networks of two hidden layers, which two cores train in seconds. D learns five times as fast as the paper's when it
/// begins anew.
const NETWORKS: &str = r#"
[generator]
kind = "mlp"
hidden = [128, 128]
z_dims = 32
activation = "leaky-relu"
init = "he"
update = { kind = "adam", lr = 1e-3, beta1 = 0.5 }
[discriminator]
kind = "mlp"
hidden = [128, 128]
activation = "leaky-relu"
init = "he"
update = { kind = "adam", lr = 5e-4, beta1 = 0.5 }
"#;
/// A generator at the moment it was frozen.
pub struct Stage {
    /// How long it had been trained.
    pub epochs: u64,
    /// Its parameters and running statistics.
    tensors: BTreeMap<String, Vec<f32>>,
    /// Images of it, the same latent points at every stage.
    pub images: Vec<f32>,
}

impl Protocol {
    /// The protocol of a bench: on MNIST where it was given, on drawn digits where not.
    pub fn of(bench: &Bench<'_>) -> Protocol {
        let real = bench.real("mnist").is_some();
        let data = if real { "mnist" } else { "glyphs" };
        Protocol {
            epoch_items: 3840,
            d_steps: bench.pick(1000, 4000),
            z_dims: 32,
            real,
            lr: 1e-3,
            base: format!("{BASE}data = {{ kind = \"{data}\" }}\n{NETWORKS}"),
        }
    }

    /// What is learned from.
    pub fn data(&self) -> Words {
        if self.real {
            "MNIST".into()
        } else {
            Words::new("digits drawn by a simulated hand", "가상의 손이 그린 숫자")
        }
    }

    /// Numbers in an image.
    pub fn n_pixels(&self, bench: &Bench<'_>) -> Result<usize, LessonError> {
        Ok(self.frozen(bench, "minimax", "")?.data().item_shape().iter().product())
    }

    /// Notes how this differs from the paper's.
    pub fn note_shortened(&self, found: &mut Findings, bench: &Bench<'_>) {
        if bench.budget == Budget::Quick {
            found.shortened((
                "Arjovsky and Bottou: a DCGAN, real epochs, 4,000 steps of D. Here networks of two hidden layers, 3,840 images for an epoch, and 1,000 \
                 steps of D at five times DCGAN's learning rate.",
                "Arjovsky와 Bottou는 DCGAN과 실제 에폭, 판별자 4,000걸음을 썼습니다. 여기서는 은닉층이 두 개인 신경망, 3,840장짜리 에폭, 그리고 DCGAN의 다섯 배 학습률로 판별자 \
                 1,000걸음을 썼습니다.",
            ));
        } else {
            found.shortened((
                "Arjovsky and Bottou: a DCGAN and real epochs. Here networks of two hidden layers, 3,840 images for an epoch, and five times DCGAN's \
                 learning rate for D. What changes with real epochs: docs/results.md.",
                "Arjovsky와 Bottou는 DCGAN과 실제 에폭을 썼습니다. 여기서는 은닉층이 두 개인 신경망, 3,840장짜리 에폭, 그리고 판별자에 DCGAN의 다섯 배 학습률을 썼습니다. 실제 \
                 에폭에서 달라지는 점은 docs/results.md에 있습니다.",
            ));
        }
    }

    /// A plan of this protocol with `over` laid over it. It is far longer than the steps that are trained, so that what
    /// fades over a run stays as it is at its start.
    fn plan(&self, bench: &Bench<'_>, over: &str) -> Result<Arc<Plan>, LessonError> {
        let steps = format!("steps = {}\n", 1000 * self.d_steps);
        bench.plan(&bench.spec(&[&self.base, &steps, over], bench.seed)?)
    }

    /// A plan in which the generator stands still and D learns.
    pub fn frozen(&self, bench: &Bench<'_>, loss: &str, over: &str) -> Result<Arc<Plan>, LessonError> {
        let lr = self.lr;
        let players = format!(
            "generator = {{ update = {{ kind = \"still\" }} }}\n\
             discriminator = {{ update = {{ lr = {lr:?} }} }}\nloss = {{ kind = \"{loss}\" }}\n"
        );
        self.plan(bench, &format!("{players}{over}"))
    }

    /// A plan in which D stands still and the generator follows its non-saturating loss.
    pub fn following(&self, bench: &Bench<'_>, lr: f64, over: &str) -> Result<Arc<Plan>, LessonError> {
        let players = format!(
            "generator = {{ update = {{ lr = {lr:?} }} }}\ndiscriminator = {{ update = {{ kind = \"still\" }} }}\n\
             loss = {{ kind = \"non-saturating\" }}\n"
        );
        self.plan(bench, &format!("{players}{over}"))
    }

    /// Trains a generator in a healthy game, and freezes a copy after each of [`EPOCHS`].
    pub fn stages(&self, bench: &Bench<'_>, n_images: usize) -> Result<Vec<Stage>, LessonError> {
        let last = EPOCHS[EPOCHS.len() - 1] * self.epoch_items / BATCH;
        bench.watch.begin("generator", last);
        let plan = self.plan(bench, "loss = { kind = \"non-saturating\" }\n")?;
        let mut training = bench.training(&plan)?;
        let mut stages = Vec::new();
        for epochs in EPOCHS {
            while training.step() < epochs * self.epoch_items / BATCH {
                let n_steps = (epochs * self.epoch_items / BATCH - training.step()).min(20);
                advance(&mut training, n_steps)?;
                bench.watch.advance(n_steps);
            }
            let tensors = training.tensors_of(Who::GENERATOR)?;
            stages.push(Stage { epochs, tensors, images: training.samples(n_images, bench.seed)? });
        }
        bench.watch.end();
        Ok(stages)
    }
}

impl Stage {
    /// Puts this generator into a run.
    pub fn place(&self, training: &mut Training) -> Result<(), LessonError> {
        for (name, values) in &self.tensors {
            training.set(name, values)?;
        }
        Ok(())
    }

    /// What the stage is called.
    pub fn name(&self) -> Words {
        let plural = if self.epochs == 1 { "" } else { "s" };
        Words::of(format!("after {} epoch{plural}", self.epochs), format!("{}에폭 뒤", self.epochs))
    }
}

/// Steps at which a discriminator is looked at: the start, and then at growing distances.
pub fn stops(d_steps: u64, n: u64) -> Vec<u64> {
    let share = |i: u64| (i as f64 / n as f64).powi(2);
    let mut stops: Vec<u64> = (0..=n).map(|i| (d_steps as f64 * share(i)).round() as u64).collect();
    stops.insert(1, 1);
    stops.dedup();
    stops
}

/// D's logits of real items and of generated ones, drawn independently of any step.
pub fn logits(training: &mut Training, n: usize) -> Result<[Vec<f64>; 2], LessonError> {
    let plan = Arc::clone(training.plan());
    let real = items(&plan, n);
    let fake = training.samples(n, plan.seed())?;
    let mut of = |items: &[f32]| -> Result<Vec<f64>, LessonError> {
        let logits = training.judge(items)?.ok_or(TrainError::NoJudge { what: "the lesson" })?;
        Ok(logits.into_iter().map(f64::from).collect())
    };
    Ok([of(&real)?, of(&fake)?])
}

/// Real items, drawn independently of any step; a finite set may have shown them before.
pub fn items(plan: &Plan, n: usize) -> Vec<f32> {
    let item: usize = plan.data().item_shape().iter().product();
    let mut items = vec![0.0; n * item];
    let key = BatchKey { seed: plan.seed(), step: u64::MAX / 2, draw: 9 };
    plan.data().fill(key, &mut items, &mut vec![0; n]);
    items
}

/// The gradient of the generator's loss by its parameters, over several batches.
pub struct Pull {
    /// The norm of the mean gradient.
    pub norm: f64,
    /// How far a batch's gradient lies from the mean: the root of the summed variances.
    pub spread: f64,
    /// The norm of each batch's gradient.
    pub norms: Vec<f64>,
}

impl Pull {
    /// The pull on `n_batches` batches.
    pub fn of(training: &mut Training, n_batches: u64) -> Result<Pull, LessonError> {
        let (mut mean, mut norms) = (Vec::<f64>::new(), Vec::new());
        for key in 0..n_batches {
            let gradient = training.gradient(Who::GENERATOR, key)?;
            mean.resize(gradient.len(), 0.0);
            mean.iter_mut().zip(&gradient).for_each(|(sum, g)| *sum += f64::from(*g) / n_batches as f64);
            norms.push(gradient.iter().map(|g| f64::from(*g).powi(2)).sum::<f64>().sqrt());
        }
        let squared = mean.iter().map(|g| g * g).sum::<f64>();
        let squares: Vec<f64> = norms.iter().map(|norm| norm * norm).collect();
        let n = n_batches as f64;
        // Rounding may leave the difference a little below zero.
        let variance = (stats::mean(&squares) - squared).max(0.0) * n / (n - 1.0);
        Ok(Pull { norm: squared.sqrt(), spread: variance.sqrt(), norms })
    }
}

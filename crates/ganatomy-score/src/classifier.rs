//! A small classifier that names what samples show; it is trained by this engine the first time, and then kept.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ganatomy_record::RecordError;
use ganatomy_tensor::cpu::Key;
use ganatomy_tensor::{Bound, Cpu, Program, Store, StoreError, Tensor, Trace, TraceError, grad};

use ganatomy_data::{BatchKey, Dataset, Progress, Task, Unit};
use ganatomy_game::network::{Activation, Layers, Norm, Window};
use ganatomy_game::step::{Declared, Init, Mode, Moment, Schedule, Scope, Update, Values};
use ganatomy_game::update::{Adam, Cosine};

use crate::kept;

/// Changes whenever the network or its training does, so that older ones are not used again.
const VERSION: &str = "2";
const BATCH: usize = 128;
const STEPS: u64 = 2000;
const SEED: u64 = 20_181;
const PLAYER: &str = "classifier";
/// Held-out items that the accuracy is measured on.
const N_HELD_OUT: usize = 10_000;

/// Why there is no classifier.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClassifierError {
    /// Its programs do not fit together.
    #[error("the classifier's program is wrong")]
    Trace(#[from] TraceError),
    /// Its tensors do not fit together.
    #[error("the classifier's tensors do not fit")]
    Store(#[from] StoreError),
    /// It cannot be kept.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The data has nothing to measure it on.
    #[error("a classifier needs labels and a held-out part of the data to be measured on")]
    NoHeldOut,
    /// The receiver of progress asked for a stop.
    #[error("training the classifier was interrupted at step {step} of {steps}{}", if *kept { ", from where it goes on next time" } else { "" })]
    Stopped {
        /// Steps made.
        step: u64,
        /// Steps in all.
        steps: u64,
        /// Does it go on from there next time?
        kept: bool,
    },
}

/// A trained classifier and its accuracy.
pub struct Classifier {
    store: Store<f32>,
    program: Bound<f32>,
    /// Made when features are first asked for.
    look: Option<Bound<f32>>,
    item: Vec<usize>,
    n_classes: usize,
    /// The share of held-out items that it names rightly.
    pub accuracy: f64,
}

impl std::fmt::Debug for Classifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Classifier")
            .field("item", &self.item)
            .field("n_classes", &self.n_classes)
            .field("accuracy", &self.accuracy)
            .finish_non_exhaustive()
    }
}

/// Two strided convolutions and a dense layer, with batch norm; the dense layer `[batch, 256]` and logits `[batch, n_classes]`.
fn network(scope: &mut Scope<'_>, x: &Tensor, n_classes: usize) -> [Tensor; 2] {
    let layers = Layers { init: Init::He(1.0), norm: Norm::Batch, activation: Activation::Rectifier(0.0) };
    let window = Window { size: 5, stride: 2, pad: 2 };
    let mut h = x.clone();
    for (name, channels) in [("0", 32), ("1", 64)] {
        let linear = layers.conv(scope, name, &h, window, channels);
        h = layers.finish(scope, name, &linear);
    }
    let batch = h.shape()[0];
    let flat = h.reshape([batch, h.shape().numel() / batch]);
    let dense = layers.dense(scope, "2", &flat, 256);
    let dense = layers.finish(scope, "2", &dense);
    let kept = if scope.mode() == Mode::Train {
        let keep = scope.uniform("dropout", dense.shape()).gt(0.5);
        dense * keep * 2.0
    } else {
        dense
    };
    let logits = layers.dense(scope, "out", &kept, n_classes);
    [kept, logits]
}

/// `log sum exp` of each row of logits.
fn log_sum_exp(logits: &Tensor) -> Tensor {
    let (batch, k) = (logits.shape()[0], logits.shape()[1]);
    let top = logits.max(&[1]).stop_gradient();
    let shifted = logits - top.reshape([batch, 1]).broadcast([batch, k]);
    shifted.exp().sum(&[1]).log() + top
}

impl Classifier {
    /// The classifier for a labelled data set: from the cache, or trained now and cached.
    ///
    /// # Errors
    /// Data without labels or without a held-out part, programs and tensors that do not fit together, or a stop that
    /// `progress` asked for: what was trained until then is kept, and the next call goes on with it.
    pub fn prepare(
        data: &dyn Dataset,
        cpu: &Cpu,
        cache_dir: &Path,
        progress: &dyn Progress,
    ) -> Result<Classifier, ClassifierError> {
        Classifier::trained_for(STEPS, data, cpu, cache_dir, progress)
    }

    fn trained_for(
        steps: u64,
        data: &dyn Dataset,
        cpu: &Cpu,
        cache_dir: &Path,
        progress: &dyn Progress,
    ) -> Result<Classifier, ClassifierError> {
        let held_out = data.held_out().filter(|_| data.n_classes() > 1).ok_or(ClassifierError::NoHeldOut)?;
        let places = Places::of(data, cache_dir);
        let mut store = Store::new();
        declare(data, &mut store)?;
        if !places.as_ref().is_some_and(|places| kept::read(&places.whole, &mut store, is_weight)) {
            train(steps, data, cpu, &mut store, places.as_ref(), progress)?;
            // A cache that cannot be written costs time next time, nothing else.
            if let Some(Places { whole, begun }) = &places {
                if !kept::write(whole, &store, is_weight)? {
                    progress.note(&format!("the classifier could not be kept in {}", cache_dir.display()));
                }
                let _ = std::fs::remove_file(begun);
            }
        }
        let mut classifier = Classifier {
            program: bind_judge(data, cpu, &mut store)?,
            store,
            look: None,
            item: data.item_shape().to_vec(),
            n_classes: data.n_classes(),
            accuracy: f64::NAN,
        };
        classifier.accuracy = classifier.measure(&*held_out, cpu)?;
        Ok(classifier)
    }

    /// The bytes that [`Classifier::prepare`] and the classifier take, without taking them; 0 where there can be none.
    ///
    /// # Errors
    /// Programs that do not fit together.
    pub fn memory_bytes(data: &dyn Dataset, cpu: &Cpu, cache_dir: &Path) -> Result<u64, ClassifierError> {
        if data.held_out().is_none() {
            return Ok(0);
        }
        let program = match Places::of(data, cache_dir).is_some_and(|places| places.whole.exists()) {
            true => judge(data)?,
            false => training_step(data, STEPS)?,
        };
        let tensors = program.named().into_iter().map(|(_, shape)| size_of::<f32>() * shape.numel());
        Ok((program.planned_bytes::<f32>(cpu) + tensors.sum::<usize>()) as u64)
    }

    /// Class probabilities of items.
    ///
    /// # Shapes
    /// - items: `[n, ..item]`; output: `[n, n_classes]`
    ///
    /// # Errors
    /// The classifier's tensors do not fit.
    pub fn probabilities(&mut self, cpu: &Cpu, items: &[f32]) -> Result<Vec<f32>, ClassifierError> {
        let size: usize = self.item.iter().product();
        let mut all = Vec::with_capacity(items.len() / size * self.n_classes);
        for batch in items.chunks(BATCH * size) {
            self.store.get_mut("x")?.values_mut()[..batch.len()].copy_from_slice(batch);
            self.program.run(cpu, &mut self.store, Key::default())?;
            let rows = batch.len() / size * self.n_classes;
            all.extend_from_slice(&self.store.get("probabilities")?.values()[..rows]);
        }
        Ok(all)
    }

    /// The number of classes.
    pub fn n_classes(&self) -> usize {
        self.n_classes
    }

    /// The likeliest class of each item; of equals the last, and so of NaN.
    ///
    /// # Shapes
    /// - items: `[n, ..item]`; output: `n`
    ///
    /// # Errors
    /// The classifier's tensors do not fit.
    pub fn classes(&mut self, cpu: &Cpu, items: &[f32]) -> Result<Vec<usize>, ClassifierError> {
        let found = self.probabilities(cpu, items)?;
        let best =
            |row: &[f32]| row.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map_or(0, |(i, _)| i);
        Ok(found.chunks_exact(self.n_classes).map(best).collect())
    }

    fn measure(&mut self, held_out: &dyn Dataset, cpu: &Cpu) -> Result<f64, ClassifierError> {
        let size: usize = self.item.iter().product();
        let n = held_out.n_items().unwrap_or(N_HELD_OUT).min(N_HELD_OUT);
        let (mut right, mut seen) = (0, 0);
        let batch = BATCH.min(n);
        for step in 0..(n / batch) as u64 {
            let (mut items, mut labels) = (vec![0.0; batch * size], vec![0; batch]);
            held_out.fill(BatchKey { seed: SEED, step, draw: 0 }, &mut items, &mut labels);
            let found = self.classes(cpu, &items)?;
            right += found.iter().zip(&labels).filter(|(class, label)| **class == **label as usize).count();
            seen += batch;
        }
        Ok(right as f64 / seen.max(1) as f64)
    }
}

fn is_weight(name: &str) -> bool {
    name.starts_with("classifier.")
}

/// Weights, what the update keeps of each, and the number of steps made.
fn is_state(name: &str) -> bool {
    is_weight(name) || name.starts_with("slot.") || name == "n"
}

/// Where the cache keeps a classifier, and one whose training was interrupted.
struct Places {
    whole: PathBuf,
    begun: PathBuf,
}

impl Places {
    /// A run in memory names no folder, and then nothing is kept.
    fn of(data: &dyn Dataset, cache_dir: &Path) -> Option<Places> {
        let name = format!("classifier-v{VERSION}-{}", data.fingerprint());
        let place = |end: &str| cache_dir.join(format!("{name}{end}"));
        let keeps = !cache_dir.as_os_str().is_empty();
        keeps.then(|| Places { whole: place(".arrays"), begun: place("-begun.arrays") })
    }
}

fn applied(trace: &Trace, n_classes: usize, mode: Mode, x: &Tensor) -> ([Tensor; 2], Vec<Declared>, Values) {
    let values = Values::new();
    let mut scope = Scope::new(trace, PLAYER, &values, mode, "classifier");
    let layers = network(&mut scope, x, n_classes);
    let left = scope.finish();
    (layers, left.declared, left.running)
}

fn input(trace: &Trace, item: &[usize]) -> Tensor {
    let shape: Vec<usize> = [BATCH].iter().chain(item).copied().collect();
    trace.input("x", shape)
}

fn declare(data: &dyn Dataset, store: &mut Store<f32>) -> Result<(), ClassifierError> {
    let trace = Trace::new();
    let (_, declared, _) = applied(&trace, data.n_classes(), Mode::Train, &input(&trace, data.item_shape()));
    for d in declared {
        let values = d.init.values(&d.shape, &d.name, SEED);
        store.insert(&d.name, d.shape, values)?;
    }
    Ok(())
}

fn judge(data: &dyn Dataset) -> Result<Program, TraceError> {
    let trace = Trace::new();
    let ([_, logits], _, _) =
        applied(&trace, data.n_classes(), Mode::Sample, &input(&trace, data.item_shape()));
    let probabilities = (&logits - log_sum_exp(&logits).reshape([BATCH, 1])).exp();
    Program::compile(&trace, &[("probabilities", &probabilities)])
}

fn bind_judge(data: &dyn Dataset, cpu: &Cpu, store: &mut Store<f32>) -> Result<Bound<f32>, ClassifierError> {
    let program = judge(data)?;
    place_inputs(&program, store)?;
    Ok(program.bind(cpu, store)?)
}

fn place_inputs(program: &Program, store: &mut Store<f32>) -> Result<(), StoreError> {
    for (name, shape) in program.inputs() {
        store.place(name, shape)?;
    }
    Ok(())
}

/// Cross-entropy, Adam with a cosine schedule, images moved by up to two pixels.
fn train(
    steps: u64,
    data: &dyn Dataset,
    cpu: &Cpu,
    weights: &mut Store<f32>,
    places: Option<&Places>,
    progress: &dyn Progress,
) -> Result<(), ClassifierError> {
    let mut store = weights.clone();
    let program = training_step(data, steps)?;
    place_inputs(&program, &mut store)?;
    let goes_on = places.is_some_and(|places| kept::read(&places.begun, &mut store, is_state));
    let first = store.get("n")?.values().first().map_or(0, |n| *n as u64);
    progress.note(&match goes_on {
        true => format!("training of the classifier that judges samples goes on at step {first} of {steps}"),
        false => {
            "a classifier that judges samples is trained first: once for this data, a minute or two".into()
        }
    });
    let mut step = program.bind(cpu, &mut store)?;
    let size: usize = data.item_shape().iter().product();
    let batch = BATCH.min(data.n_items().unwrap_or(BATCH));
    let (mut items, mut labels) = (vec![0.0; BATCH * size], vec![0; BATCH]);
    for n in first..steps {
        if progress.wants_stop() {
            let kept = match places {
                Some(places) => kept::write(&places.begun, &store, is_state)?,
                None => false,
            };
            return Err(ClassifierError::Stopped { step: n, steps, kept });
        }
        // A set smaller than a batch is seen several times in it.
        let parts = items.chunks_mut(batch * size).zip(labels.chunks_mut(batch));
        for (part, (items, labels)) in parts.enumerate() {
            data.fill(BatchKey { seed: SEED, step: n, draw: part as u64 }, items, labels);
        }
        shift_images(&items, data.item_shape(), n, store.get_mut("x")?.values_mut());
        let known = store.get_mut("labels")?.values_mut();
        known.iter_mut().zip(&labels).for_each(|(to, from)| *to = *from as f32);
        step.run(cpu, &mut store, Key { seed: SEED, step: n })?;
        let task = Task { name: "training the classifier", unit: Unit::Steps, total: steps };
        progress.advance(task, n + 1);
    }
    let bytes = store.to_safetensors(is_weight, &BTreeMap::new())?;
    weights.load_safetensors(&bytes)?;
    Ok(())
}

fn training_step(data: &dyn Dataset, steps: u64) -> Result<Program, TraceError> {
    let trace = Trace::new();
    let ([_, logits], declared, running) =
        applied(&trace, data.n_classes(), Mode::Train, &input(&trace, data.item_shape()));
    let labels = trace.input("labels", [BATCH]);
    let k = data.n_classes();
    let classes: Vec<f64> = (0..k).map(|class| class as f64).collect();
    let chosen = labels.reshape([BATCH, 1]).eq(trace.literal([1, k], &classes));
    let loss = (log_sum_exp(&logits) - (&logits * chosen).sum(&[1])).mean_all();
    let trained: Vec<&Declared> = declared.iter().filter(|d| d.trained).collect();
    let parameters: Vec<Tensor> = trained.iter().map(|d| trace.input(&d.name, d.shape.clone())).collect();
    let slopes = grad(&loss, &parameters.iter().collect::<Vec<_>>());
    let n = trace.input("n", []);
    let t = &n + 1.0;
    let lr = Cosine::to(0.0).factor(&(&n * (1.0 / steps as f64))) * 2e-3;
    let rule = Adam::new(2e-3, 0.9, 0.999);
    let mut outputs: Vec<(String, Tensor)> = vec![("n".to_owned(), t.clone())];
    for ((d, p), g) in trained.iter().zip(&parameters).zip(&slopes) {
        let names: Vec<String> =
            rule.slots().iter().map(|slot| format!("{}.{slot}", d.name.replace(PLAYER, "slot"))).collect();
        let slots: Vec<Tensor> = names.iter().map(|name| trace.input(name, d.shape.clone())).collect();
        let (p, slots) = rule.step(p, g, &slots, &Moment { lr: &lr, t: &t });
        outputs.push((d.name.clone(), p));
        outputs.extend(names.into_iter().zip(slots));
    }
    outputs.extend(running);
    let outputs: Vec<(&str, &Tensor)> = outputs.iter().map(|(name, value)| (name.as_str(), value)).collect();
    Program::compile(&trace, &outputs)
}

/// Moves each image by up to two pixels either way; the edge is repeated.
fn shift_images(items: &[f32], shape: &[usize], step: u64, out: &mut [f32]) {
    let [h, w, c] = *shape else {
        return out.copy_from_slice(items);
    };
    let mut random = ganatomy_data::keyed::Keyed::new(&[SEED, step]);
    for (from, to) in items.chunks_exact(h * w * c).zip(out.chunks_exact_mut(h * w * c)) {
        let (dy, dx) = (random.below(5) as usize, random.below(5) as usize);
        for y in 0..h {
            let source = (y + dy).saturating_sub(2).min(h - 1) * w;
            for x in 0..w {
                let at = (source + (x + dx).saturating_sub(2).min(w - 1)) * c;
                to[(y * w + x) * c..][..c].copy_from_slice(&from[at..at + c]);
            }
        }
    }
}

mod look;

#[cfg(test)]
mod tests;

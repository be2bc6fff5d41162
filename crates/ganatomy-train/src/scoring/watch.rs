//! What reads scores of a live game: samples of the generator that the run shows against real items, whose features are made once.

use std::sync::{Arc, Mutex, PoisonError};

use ganatomy_data::{BatchKey, Dataset, Task, Unit};
use ganatomy_record::Direction;
use ganatomy_score::extract::{Contents, Extractor, ExtractorSpec, Features, Place, Shelf};
use ganatomy_score::{Remembered, Rows, Score, ScoreError, Sides};
use ganatomy_tensor::{Cpu, Key};

use crate::error::TrainError;
use crate::look::{Live, seed_of};
use crate::probe::{Asked, Later, Probe, ProbeSpec, Site};
use crate::room::Room;
use crate::rules::Rules;
use crate::snapshot::batch;

/// Items drawn and looked at together, so that many take little memory.
const CHUNK: usize = 256;
/// Keeps the real items apart from training batches.
const DRAW: u64 = 6 << 32;

/// Scores that are read together.
#[derive(Clone)]
pub(super) struct Watch {
    pub scores: Vec<(String, Arc<dyn Score>)>,
    pub extractor: Arc<dyn ExtractorSpec>,
    pub every_steps: u64,
    pub n: usize,
    /// Held-out items to be looked at; 0 where no score asks for them.
    pub n_held_out: usize,
}

impl Watch {
    /// Are both read at the same steps, from as many items?
    pub fn is_beside(&self, other: &Watch) -> bool {
        (self.every_steps, self.n) == (other.every_steps, other.n)
    }

    /// Reads the scores of another with its own.
    pub fn join(&mut self, other: Watch) {
        self.scores.extend(other.scores);
        self.n_held_out = self.n_held_out.max(other.n_held_out);
    }

    /// The same as a run takes it among its probes.
    pub fn asked(self) -> Asked {
        let names: Vec<&str> = self.scores.iter().map(|(name, _)| name.as_str()).collect();
        let (first, all) = (names.first().copied().unwrap_or_default(), names.join(", "));
        let watch = self.clone();
        Asked {
            said: format!("the score{} {all}", if names.len() == 1 { "" } else { "s" }),
            off: format!("scores.{first}.every_steps"),
            n: format!("scores.{first}.n"),
            every_steps: self.every_steps,
            n_samples: self.n,
            needs: Some(Box::new(move |room, n| watch.needs(room, n))),
            is_late: true,
            spec: Box::new(self),
        }
    }

    /// Can samples be scored? A generator that is given channels makes those of the few images that a run keeps.
    fn applies(&self, n_given: usize) -> bool {
        n_given == 0
    }

    fn needs(&self, room: &mut Room<'_>, n: usize) -> Result<u64, TrainError> {
        let rules = room.rules;
        if !self.applies(rules.generator.n_given) {
            return Ok(0);
        }
        let place = Place {
            item: rules.data.item_shape(),
            data: Some(&*rules.data),
            cpu: room.cpu,
            cache_dir: room.cache_dir,
            progress: &ganatomy_data::Silent,
        };
        let size = self.extractor.size(&place)?;
        let features = (2 * n + self.n_held_out) * size.dims * size_of::<f32>();
        let most = self.scores.iter().map(|(_, score)| score.memory_bytes(n, size.dims)).max();
        // Beside training all samples of a reading are kept until their features are made.
        let samples = room.items(if room.beside { n } else { CHUNK.min(n) });
        Ok(size.bytes + features as u64 + most.unwrap_or(0) + samples)
    }
}

impl ProbeSpec for Watch {
    fn build(&self, site: &mut Site<'_>) -> Result<Option<Box<dyn Probe>>, TrainError> {
        if !self.applies(site.rules().generator.n_given) {
            let why = "scores are off: the generator is given channels of images, and the run keeps few of them to draw for";
            site.progress().note(why);
            return Ok(None);
        }
        let (data, beside) = (site.data(), site.beside());
        let cpu = beside.map_or(site.cpu(), |cpu| &**cpu);
        let place = Place {
            item: data.item_shape(),
            data: Some(data),
            cpu,
            cache_dir: site.cache_dir(),
            progress: site.progress(),
        };
        let mut extractor = self.extractor.build(&place)?;
        let seed = site.rules().seed;
        let real = seen(&mut *extractor, data, self.n, seed, &place)?;
        let held_out = match data.held_out().filter(|_| self.n_held_out > 0) {
            Some(set) => Some(seen(&mut *extractor, &*set, self.n_held_out, seed, &place)?),
            None => None,
        };
        let remembered = Arc::default();
        let watched = Watched { scores: self.scores.clone(), extractor, real, remembered, held_out, seed };
        let (scores, watched) = (self.scores.clone(), Arc::new(Mutex::new(watched)));
        Ok(Some(Box::new(Watching { scores, watched, beside: beside.cloned() })))
    }

    fn known_readings(&self, rules: &Rules) -> Option<Vec<(String, Direction)>> {
        let applies = self.applies(rules.generator.n_given);
        Some(if applies { readings(&self.scores) } else { Vec::new() })
    }
}

/// Features of `n` items of a set, of a finite one each at most once; from the cache where they were made before.
fn seen(
    extractor: &mut dyn Extractor,
    data: &dyn Dataset,
    n: usize,
    seed: u64,
    place: &Place<'_>,
) -> Result<Features, ScoreError> {
    let mut contents = Contents::default();
    each(data, n, seed, |items, _| {
        contents.add(items);
        Ok(())
    })?;
    let shelf = Shelf::of(place.cache_dir, extractor, n, contents);
    if let Some(found) = shelf.as_ref().and_then(Shelf::take) {
        return Ok(found);
    }
    let mut found = Features::default();
    each(data, n, seed, |items, done| {
        if place.progress.wants_stop() {
            return Err(ScoreError::Stopped { done, total: n });
        }
        extractor.add(items, place.cpu, &mut found)?;
        let task = Task { name: "features of real items", unit: Unit::Images, total: n as u64 };
        place.progress.advance(task, (found.values.len() / extractor.dims()) as u64);
        Ok(())
    })?;
    // A cache without room costs time next time, nothing else.
    shelf.map_or(Ok(false), |shelf| shelf.put(&found))?;
    Ok(found)
}

/// Hands on `n` items of a set, a few at a time, with the number of those before.
fn each(
    data: &dyn Dataset,
    n: usize,
    seed: u64,
    mut take: impl FnMut(&[f32], usize) -> Result<(), ScoreError>,
) -> Result<(), ScoreError> {
    let size: usize = data.item_shape().iter().product();
    let batch = CHUNK.min(n).max(1);
    let (mut items, mut labels) = (vec![0.0; batch * size], vec![0; batch]);
    for step in 0..n.div_ceil(batch) {
        data.fill(BatchKey { seed, step: step as u64, draw: DRAW }, &mut items, &mut labels);
        take(&items[..batch.min(n - step * batch) * size], step * batch)?;
    }
    Ok(())
}

/// Scores of a run.
struct Watching {
    scores: Vec<(String, Arc<dyn Score>)>,
    watched: Arc<Mutex<Watched>>,
    /// What works beside training, if anything does.
    beside: Option<Arc<Cpu>>,
}

/// What scores samples: the features of real items, and what makes those of samples.
struct Watched {
    scores: Vec<(String, Arc<dyn Score>)>,
    extractor: Box<dyn Extractor>,
    real: Features,
    /// What scores made of them, for all readings.
    remembered: Arc<Remembered>,
    held_out: Option<Features>,
    seed: u64,
}

impl Probe for Watching {
    fn readings(&self) -> Vec<(String, Direction)> {
        readings(&self.scores)
    }

    fn read(&mut self, live: &mut Live<'_>) -> Result<Vec<(String, f64)>, TrainError> {
        let cpu = self.beside.clone();
        let cpu = cpu.as_deref().unwrap_or(live.cpu());
        let (watched, mut found) = (Arc::clone(&self.watched), Features::default());
        let mut watched = watched.lock().unwrap_or_else(PoisonError::into_inner);
        drawn(live, |items| watched.extractor.add(items, cpu, &mut found))?;
        watched.answer(&found, cpu)
    }

    /// Beside training the samples are kept until their features are made; in the loop a few at a time will do.
    fn begin(&mut self, live: &mut Live<'_>) -> Result<Option<Later>, TrainError> {
        let Some(cpu) = self.beside.clone() else {
            return Ok(Some(Later::done(self.read(live)?)));
        };
        let mut samples = Vec::with_capacity(live.n_samples() * live.rules().item_len());
        drawn(live, |items| {
            samples.extend_from_slice(items);
            Ok(())
        })?;
        let watched = Arc::clone(&self.watched);
        Ok(Some(Later::work(move || {
            let mut watched = watched.lock().unwrap_or_else(PoisonError::into_inner);
            let mut found = Features::default();
            watched.extractor.add(&samples, &cpu, &mut found)?;
            drop(samples);
            watched.answer(&found, &cpu)
        })))
    }
}

/// Hands on the samples of a moment, a few at a time. Their latent points are their own: training never draws them.
fn drawn(
    live: &mut Live<'_>,
    mut take: impl FnMut(&[f32]) -> Result<(), ScoreError>,
) -> Result<(), TrainError> {
    let n = live.n_samples();
    // Whole batches, of which no item is made for nothing.
    let batch = batch(&live.rules().generator);
    let chunk = batch * (CHUNK / batch).max(1);
    for (part, start) in (0..n).step_by(chunk).enumerate() {
        let seed = seed_of(live.rules(), "score", part as u64);
        let items = live.draw(chunk.min(n - start), Key { seed, step: live.step() })?;
        take(&items)?;
    }
    Ok(())
}

impl Watched {
    /// The readings of samples by their features.
    fn answer(&self, generated: &Features, cpu: &Cpu) -> Result<Vec<(String, f64)>, TrainError> {
        match self.scored(generated, cpu) {
            // Samples that are no numbers, or beyond all bounds, have no score; the run says by itself that it has diverged.
            Err(ScoreError::NotFinite { .. } | ScoreError::Overflow { .. }) => {
                Ok(readings(&self.scores).into_iter().map(|(name, _)| (name, f64::NAN)).collect())
            }
            found => Ok(found?),
        }
    }

    fn scored(&self, generated: &Features, cpu: &Cpu) -> Result<Vec<(String, f64)>, ScoreError> {
        let dims = self.extractor.dims();
        let n_classes = self.extractor.n_classes();
        let held_out = self.held_out.as_ref().map(|kept| Rows::new(&kept.values, dims)).transpose()?;
        let classes = (n_classes > 0).then(|| Rows::new(&generated.probabilities, n_classes)).transpose()?;
        let mut sides = Sides::new(Rows::new(&self.real.values, dims)?, Rows::new(&generated.values, dims)?)?
            .remembering(&self.remembered)
            .with_held_out(held_out)?
            .with_probabilities(classes)?;
        // Subsets and first centres of clusters are drawn alike at every step, so that a curve shows the generator more than chance.
        sides.seed = self.seed;
        let mut found = Vec::new();
        for (name, score) in &self.scores {
            let values = score.score(&sides, cpu)?;
            found.extend(values.into_iter().map(|value| (reading(name, value.name), value.value)));
        }
        Ok(found)
    }
}

/// The names of the readings of scores, and which way is better.
fn readings(scores: &[(String, Arc<dyn Score>)]) -> Vec<(String, Direction)> {
    let named = |(score, scored): &(String, Arc<dyn Score>)| {
        let numbers = scored.numbers().into_iter();
        numbers.map(|(number, way)| (reading(score, number), way)).collect::<Vec<_>>()
    };
    scores.iter().flat_map(named).collect()
}

/// What a number of a score is called as a reading.
fn reading(score: &str, number: &str) -> String {
    format!("scores/{score}/{number}")
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use ganatomy_data::{DataContext, Progress, data_sets, read};
    use ganatomy_record::RunSpec;
    use ganatomy_score::extract::extractors;

    use super::*;

    /// Counts what it is told, and stops when it was told so often.
    struct Stops(AtomicUsize, usize);

    impl Progress for Stops {
        fn advance(&self, _task: Task<'_>, _done: u64) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }

        fn note(&self, _text: &str) {}

        fn wants_stop(&self) -> bool {
            self.0.load(Ordering::Relaxed) >= self.1
        }
    }

    #[test]
    fn real_items_are_looked_at_once_and_looking_can_be_stopped() {
        let spec = RunSpec::parse("kind = \"glyphs\"", "test").unwrap();
        let data = read(&data_sets(), &mut spec.root()).unwrap().build(&DataContext::default()).unwrap();
        let unset = RunSpec::parse("", "test").unwrap();
        let row = extractors().into_iter().find(|row| row.name() == "random").unwrap();
        let (cpu, cache) = (Cpu::new(1), tempfile::tempdir().unwrap());
        let look = |most| {
            let progress = Stops(AtomicUsize::new(0), most);
            let place = Place {
                item: data.item_shape(),
                data: Some(&*data),
                cpu: &cpu,
                cache_dir: cache.path(),
                progress: &progress,
            };
            let mut extractor = row.read(&mut unset.root()).unwrap().build(&place).unwrap();
            let found = seen(&mut *extractor, &*data, 600, 3, &place).map_err(TrainError::from);
            (found, progress.0.into_inner())
        };
        let (stopped, told) = look(1);
        let error = stopped.unwrap_err();
        assert!(error.is_stop() && told == 1, "{error}");
        assert_eq!(error.to_string(), "making features of real items was interrupted at 256 of 600");
        let (first, told) = look(9);
        assert_eq!(told, 3);
        let (again, told) = look(9);
        assert_eq!(told, 0);
        assert_eq!(first.unwrap(), again.unwrap());
    }
}

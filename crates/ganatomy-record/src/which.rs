//! Which of a run's checkpoints is meant.

use crate::{CheckpointFile, Checkpoints, RecordError, RunFolder};

/// One of a run's checkpoints, as people name it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Which {
    /// The latest.
    #[default]
    Latest,
    /// The one with the best score.
    Best,
    /// The one after this many steps.
    Step(u64),
}

impl Which {
    /// The checkpoint of a run that is meant.
    ///
    /// ```
    /// use ganatomy_record::{Checkpoints, Direction, RunFolder, Which};
    /// let place = tempfile::tempdir()?;
    /// let run = RunFolder::create(&place.path().join("run"), false, "", "")?;
    /// let mut checkpoints = Checkpoints::open(&run, 3, Direction::Down)?;
    /// for (step, score) in [(10, 0.5), (20, 0.25), (30, 0.75)] {
    ///     checkpoints.store(step, b"opaque", Some(score))?;
    /// }
    /// let step = |which: Which| which.of(&run).map(|file| file.step);
    /// assert_eq!((step(Which::Latest)?, step(Which::Best)?, step(Which::Step(10))?), (30, 20, 10));
    /// let refusal = step(Which::Step(15)).unwrap_err().to_string();
    /// assert!(refusal.ends_with("has no checkpoint of step 15; it has those of steps 10, 20 (the best) and 30"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// A run without such a checkpoint, or a folder that cannot be read.
    pub fn of(self, run: &RunFolder) -> Result<CheckpointFile, RecordError> {
        let mut all = Checkpoints::list(run)?;
        let best = Checkpoints::best(run)?.map(|(file, _)| file);
        let found = match self {
            Which::Latest => all.last().cloned(),
            Which::Best => best.clone(),
            Which::Step(step) => all.iter().find(|file| file.step == step).cloned(),
        };
        found.ok_or_else(|| {
            let path = run.path().to_owned();
            if all.is_empty() {
                return RecordError::NoCheckpoints { path };
            }
            let wanted = match self {
                Which::Step(step) => format!("no checkpoint of step {step}"),
                _ => "no best checkpoint, since none was scored".to_owned(),
            };
            let name = |file: CheckpointFile| match best.as_ref().is_some_and(|best| best.step == file.step) {
                true => format!("{} (the best)", file.step),
                false => file.step.to_string(),
            };
            let last = all.pop().map(name).unwrap_or_default();
            let others: Vec<String> = all.into_iter().map(name).collect();
            let there = match others.as_slice() {
                [] => format!("that of step {last}"),
                others => format!("those of steps {} and {last}", others.join(", ")),
            };
            RecordError::NoSuchCheckpoint { path, wanted, there }
        })
    }
}

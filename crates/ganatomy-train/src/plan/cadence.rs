//! When a run is measured, sampled and saved.

use ganatomy_record::{Fields, SpecError};

/// How many steps lie between one kind of work and the next; zero turns it off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cadence {
    /// Between readings of the losses.
    pub readings_every_steps: u64,
    /// Between pictures.
    pub samples_every_steps: u64,
    /// Items in a picture.
    pub n_samples: usize,
    /// Between checkpoints.
    pub checkpoint_every_steps: u64,
    /// Checkpoints kept, beside the best.
    pub keep_last: usize,
    /// The reading that chooses the best; empty for the usual one.
    pub best_by: String,
}

impl Cadence {
    /// Reads `readings_every_steps`, `[samples]` and `[checkpoint]`.
    pub fn read(root: &mut Fields<'_>, steps: u64) -> Result<Cadence, SpecError> {
        let any = 0..=1_000_000_000;
        let share = |parts: u64| (steps / parts).max(1);
        let readings = root.count(
            "readings_every_steps",
            "steps between readings of the losses",
            share(200),
            1..=1_000_000_000,
        )?;
        let mut samples = root.table("samples", "pictures of generated items")?;
        let samples_every =
            samples.count("every_steps", "steps between pictures; 0 for none", share(20), any.clone())?;
        let n_samples = samples.count("n", "items in a picture", 64, 1..=4096)?;
        root.resolved("samples", samples.finish()?);
        let mut checkpoint = root.table("checkpoint", "saved states of the run")?;
        let every = checkpoint.count(
            "every_steps",
            "steps between checkpoints; 0 for the last only",
            share(10),
            any,
        )?;
        let keep_last = checkpoint.count("keep_last", "how many to keep, beside the best", 2, 1..=1000)?;
        let doc = "the reading that chooses the best; empty for the usual one";
        let best_by = checkpoint.text("best_by", doc, "")?;
        root.resolved("checkpoint", checkpoint.finish()?);
        Ok(Cadence {
            readings_every_steps: readings,
            samples_every_steps: samples_every,
            n_samples: n_samples as usize,
            checkpoint_every_steps: every,
            keep_last: keep_last as usize,
            best_by,
        })
    }
}

/// Is it time, after so many steps? Always at the end; never where the cadence is zero.
pub(crate) fn due(every_steps: u64, step: u64, last: u64) -> bool {
    every_steps > 0 && (step.is_multiple_of(every_steps) || step == last)
}

//! What verdicts are told from in another program's log, and what to add to a script where the log does not tell.

use super::Answer;
use crate::Chart;

/// How a verdict is told of another program's log.
#[derive(Clone, Copy, Debug)]
pub struct FromLog {
    /// Readings that tell it, all of one row; none where no numbers of a log do.
    pub readings: &'static [&'static [&'static str]],
    /// What to add to one's script where none of the rows is there.
    pub line: &'static str,
    pub(super) examine: Option<fn(&Chart) -> Answer>,
}

/// D's loss, or what it can be put together from, with G's.
pub(super) const BOTH: &[&[&str]] = &[
    &["discriminator/loss", "generator/loss"],
    &["discriminator/loss", "generator/total_loss"],
    &["discriminator/loss_real", "discriminator/loss_fake", "generator/loss"],
    &["discriminator/probability_real", "discriminator/probability_fake"],
];
/// Any score of the samples.
pub(super) const SCORES: &[&[&str]] =
    &[&["scores/fid/fid"], &["scores/kid/kid"], &["scores/inception/inception_score"]];

/// Both losses.
pub(super) const PRINT_LOSSES: &str = "both losses, G's own part apart from others: print(f\"step: {step} D loss: {loss_d.item()} G loss: {loss_g.item()}\")";
/// D's outputs.
pub(super) const PRINT_OUTPUTS: &str =
    "D's outputs: print(f\"step: {step} D(x): {real.mean().item()} D(G(z)): {fake.mean().item()}\")";
/// Scores.
pub(super) const PRINT_SCORE: &str =
    "a score of the samples every few thousand steps: print(f\"step: {step} FID: {fid}\")";
/// Samples.
const KEEP_SHEETS: &str = "sheets of samples by step, since no loss shows it: vutils.save_image(fake, f\"samples/fakes_step_{step}.png\") of the same 64 latent \
     points every few hundred steps, and here --samples samples (with --data DATA beside the data)";
/// The same beside the data.
const KEEP_SHEETS_AND_DATA: &str =
    "sheets of samples by step and the data: --samples DIR --data DATA, of at most 4,000 images";
/// Many samples.
const KEEP_SAMPLES: &str = "samples by step, since no loss shows it: save a thousand samples as images every few thousand steps, one folder each, and \
     ask `ganatomy score FOLDER --against DATA` of each";

/// Has a log, or a game of it, a reading that some verdict is told from?
pub(super) fn is_known(chart: &Chart) -> bool {
    let is_told = |game: &Chart| super::verdicts().iter().any(|verdict| verdict.from_log.is_in(game));
    chart.pairs().iter().any(|(_, game)| is_told(game) || game.family("samples/").next().is_some())
}

impl FromLog {
    /// No number of a log tells it: pictures of samples beside it do.
    pub(super) const PICTURES: FromLog = FromLog {
        readings: &[&["samples/diversity"], &["samples/between_share", "samples/twin_share"]],
        line: KEEP_SHEETS,
        examine: None,
    };
    /// The same beside the data.
    pub(super) const PICTURES_AND_DATA: FromLog =
        FromLog { readings: &[&["samples/nearer"]], line: KEEP_SHEETS_AND_DATA, examine: None };
    /// No number of a log tells it: samples do.
    pub(super) const SAMPLES: FromLog = FromLog { readings: &[], line: KEEP_SAMPLES, examine: None };
    /// Told of any log.
    pub(super) const ANY: FromLog = FromLog { readings: &[], line: PRINT_LOSSES, examine: None };

    /// Does a chart have the readings of a row?
    pub(super) fn is_in(&self, chart: &Chart) -> bool {
        self.readings.iter().any(|row| row.iter().all(|name| chart.reading(name).is_some()))
    }

    /// What the log alone tells; nothing where it does not have the readings.
    pub(super) fn examine(&self, chart: &Chart) -> Answer {
        match self.examine.filter(|_| self.is_in(chart)) {
            Some(examine) => examine(chart),
            None => Answer::CannotTell,
        }
    }
}

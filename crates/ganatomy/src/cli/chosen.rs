//! Which checkpoint of a run a command works on.

use clap::Args;
use ganatomy_record::Which;

use super::text::whole_number;

/// The choice of a checkpoint; the latest where nothing is chosen.
#[derive(Debug, Default, Args)]
pub(crate) struct Chosen {
    /// Take the checkpoint of this step [default: the latest].
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = whole_number)]
    step: Option<u64>,
    /// Take the checkpoint that scored best.
    #[arg(long, conflicts_with = "step")]
    best: bool,
}

impl Chosen {
    /// The checkpoint that is asked for.
    pub(crate) fn which(&self) -> Which {
        match (self.step, self.best) {
            (Some(step), _) => Which::Step(step),
            (None, true) => Which::Best,
            (None, false) => Which::Latest,
        }
    }
}

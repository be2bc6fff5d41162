//! `ganatomy show`: the state of a run.

use std::path::PathBuf;

use clap::Args;
use ganatomy_record::RunFolder;

use super::failure::Failure;
use super::report::Report;
use super::screen;

/// Show how a run went, or how it goes: its outcome, and the last and best of every reading.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  ganatomy show runs/ring-0 --json")]
pub(super) struct Show {
    /// The run folder.
    run: PathBuf,
    /// Print JSON: {"outcome", "steps", "wall_secs", "readings": {NAME: {"last", "best", "step"}}, "checkpoints": [{"step"}]}.
    #[arg(long)]
    json: bool,
}

impl Show {
    pub(super) fn run(&self) -> Result<(), Failure> {
        let folder = RunFolder::open(&self.run).map_err(Failure::request)?;
        let report = Report::of(&folder).map_err(Failure::request)?;
        if self.json { screen::print_json(&report) } else { screen::print(&report.to_text()) }
    }
}

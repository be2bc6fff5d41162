//! `ganatomy study report`: the answer of a study.

use clap::Args;

use crate::cli::failure::Failure;

/// Write the answer.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  ganatomy study report studies/three-losses")]
pub(crate) struct Report {
    /// The study's folder, the file of its store, or postgres://USER@HOST/DATABASE#STUDY.
    store: String,
}

impl Report {
    pub(super) fn run(&self) -> Result<(), Failure> {
        Err(Failure::request(format!("{}: no report yet", self.store)))
    }
}

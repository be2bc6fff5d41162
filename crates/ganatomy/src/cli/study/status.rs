//! `ganatomy study status`: how far a study is.

use clap::Args;
use ganatomy_study::store::{Address, Mode, Store};
use ganatomy_study::worker::Rules;
use serde_json::json;

use super::crew::ended;
use super::failed;
use super::live::{rows, tally};
use crate::cli::failure::Failure;
use crate::cli::screen;
use crate::cli::text::table;

/// Show how far a study is: runs done, failed, at work and waiting, arm by arm.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  ganatomy study status studies/three-losses")]
pub(crate) struct Status {
    /// The study's folder, the file of its store, or postgres://USER@HOST/DATABASE#STUDY.
    store: String,
    /// Print JSON: {"name", "ended", "counts": [{"stage", "arm", "state", "runs", "secs", "range"}]}.
    #[arg(long)]
    json: bool,
}

impl Status {
    pub(super) fn run(&self) -> Result<(), Failure> {
        let address = Address::parse(&self.store).map_err(failed)?;
        let mut store = Store::open(&address, Mode::Read).map_err(failed)?;
        let rules = Rules::of(&mut store).map_err(failed)?;
        let begun = store.stages_begun().map_err(failed)?;
        let counts = store.counts().map_err(failed)?;
        if self.json {
            let ended = ended(begun, &rules, &counts);
            let counts: Vec<_> = counts
                .iter()
                .map(|count| {
                    json!({ "stage": rules.stages[count.stage].name, "arm": rules.file.arms[count.arm].name,
                            "state": count.state, "runs": count.runs, "secs": count.secs, "range": count.range })
                })
                .collect();
            return screen::print_json(&json!({ "name": rules.file.name, "ended": ended, "counts": counts }));
        }
        let tally = tally(&counts);
        screen::print(&format!("{}\n{}\n", table(&rows(&rules, &counts), "  ", 2), tally.words()))
    }
}

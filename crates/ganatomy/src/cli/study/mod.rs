//! `ganatomy study`: many runs that answer one question.

mod asked;
mod check;
mod crew;
mod init;
mod live;
mod report;
mod run;
mod status;
mod worker;

use clap::Subcommand;
use ganatomy_study::StudyError;
use ganatomy_train::Registry;

use super::failure::Failure;

/// Compare methods, networks or settings over many runs at equal budgets, and say what can be concluded.
#[derive(Debug, Subcommand)]
#[command(
    after_help = "Example:\n  ganatomy study init\n  ganatomy study check study.toml\n  ganatomy study run study.toml\n  \
    ganatomy study report studies/three-losses"
)]
pub(super) enum Study {
    Init(init::Init),
    Check(check::Check),
    Run(run::Run),
    Worker(worker::Worker),
    Status(status::Status),
    Report(report::Report),
}

impl Study {
    pub(super) fn run(self, registry: &Registry) -> Result<(), Failure> {
        match self {
            Study::Init(init) => init.run(),
            Study::Check(check) => check.run(registry),
            Study::Run(run) => run.run(registry),
            Study::Worker(worker) => worker.run(registry),
            Study::Status(status) => status.run(),
            Study::Report(report) => report.run(),
        }
    }
}

pub(super) use check::{costs, print};
pub(super) use report::write;
pub(super) use run::carry_out;

/// A failure of a study: of the request, or of the machine.
pub(super) fn failed(error: StudyError) -> Failure {
    if error.is_of_the_machine() { Failure::run(error) } else { Failure::request(error) }
}

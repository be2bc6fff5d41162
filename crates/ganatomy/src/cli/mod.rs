//! The command line: its arguments, and the commands that do what is asked.

mod chosen;
mod compare;
mod data;
mod device;
mod devices;
mod diagnose;
mod explain;
mod export;
mod failure;
mod filled;
mod game;
mod import;
mod lesson;
mod list;
mod mend;
mod opinion;
mod places;
mod report;
mod sample;
mod score;
mod screen;
mod show;
mod sink;
mod spec;
mod study;
mod text;
mod threads;
mod train;
mod treat;

use std::process::ExitCode;

use clap::builder::styling::{AnsiColor, Style, Styles};
use clap::{Parser, Subcommand};
use failure::Failure;
use ganatomy_tensor::cpu::Level;
use ganatomy_train::Registry;

/// Headings of help and of reports.
const HEADING: Style = AnsiColor::Green.on_default().bold();
/// What the user may type.
const LITERAL: Style = AnsiColor::Cyan.on_default();

const STYLES: Styles = Styles::styled()
    .header(HEADING)
    .usage(HEADING)
    .literal(LITERAL.bold())
    .placeholder(LITERAL)
    .error(AnsiColor::Red.on_default().bold())
    .valid(AnsiColor::Green.on_default())
    .invalid(AnsiColor::Yellow.on_default());

/// Trains generative adversarial networks and shows how the game goes.
#[derive(Debug, Parser)]
#[command(
    version,
    styles = STYLES,
    after_help = "Example:\n  ganatomy train ring\n\nExit codes: 0 done, 1 the run failed or stopped early, 2 the request was wrong, 3 something is wrong with the \
        run (of diagnose, or of train with --stop-when)."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Train(train::Train),
    Sample(sample::Sample),
    Score(score::Score),
    Show(show::Show),
    Diagnose(diagnose::Diagnose),
    Import(import::Import),
    Treat(treat::Treat),
    Compare(compare::Compare),
    Game(game::Game),
    Lesson(lesson::Learn),
    List(list::List),
    Explain(explain::Explain),
    #[command(subcommand)]
    Data(data::Data),
    Devices(devices::Devices),
    Export(export::Export),
    #[command(subcommand)]
    Study(study::Study),
}

/// Does what the command line asks for, with everything that a registry holds: methods of your own are listed, explained and
/// trained like the built-in ones.
///
/// ```no_run
/// let mut registry = ganatomy::train::Registry::builtin();
/// // registry.losses.push(...);
/// ganatomy::cli::run(&registry);
/// ```
pub fn run(registry: &Registry) -> ExitCode {
    // Clap reports its own errors, with exit code 2.
    let command = Cli::parse().command;
    match Level::forced().map_err(Failure::request).and_then(|_| command.run(registry)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

impl Command {
    fn run(self, registry: &Registry) -> Result<(), Failure> {
        match self {
            Command::Train(train) => train.run(registry),
            Command::Sample(sample) => sample.run(registry),
            Command::Score(score) => score.run(registry),
            Command::Show(show) => show.run(),
            Command::Diagnose(diagnose) => diagnose.run(registry),
            Command::Import(import) => import.run(registry),
            Command::Treat(treat) => treat.run(registry),
            Command::Compare(compare) => compare.run(),
            Command::Game(game) => game.run(registry),
            Command::Lesson(lesson) => lesson.run(),
            Command::List(list) => list.run(registry),
            Command::Explain(explain) => explain.run(registry),
            Command::Data(data) => data.run(),
            Command::Devices(devices) => devices.run(),
            Command::Export(export) => export.run(registry),
            Command::Study(study) => study.run(registry),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_arguments_are_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_shows_an_example() {
        fn check(command: &clap::Command) {
            let help = command.clone().render_long_help().to_string();
            assert!(help.contains("Example:\n  ganatomy "), "{}", command.get_name());
            command.get_subcommands().filter(|sub| sub.get_name() != "help").for_each(check);
        }
        check(&Cli::command());
    }
}

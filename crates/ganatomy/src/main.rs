//! The `ganatomy` command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    ganatomy::cli::run(&ganatomy::train::Registry::builtin())
}

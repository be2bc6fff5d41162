//! `ganatomy study init`: a commented study to begin with.

use std::path::PathBuf;

use clap::Args;
use ganatomy_record::write_whole;
use ganatomy_study::file::TEMPLATE;

use crate::cli::failure::Failure;
use crate::cli::{places, screen, text};

/// Write a small study with every field explained, to be changed.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  ganatomy study init study.toml")]
pub(crate) struct Init {
    /// The file to write.
    #[arg(default_value = "study.toml")]
    file: PathBuf,
    /// Replace the file that is in the way.
    #[arg(long)]
    overwrite: bool,
}

#[derive(Debug, thiserror::Error)]
#[error("{} exists; --overwrite replaces it", file.display())]
struct Exists {
    file: PathBuf,
}

impl Init {
    pub(super) fn run(&self) -> Result<(), Failure> {
        places::check_output(&self.file)?;
        if self.file.exists() && !self.overwrite {
            return Err(Failure::request(Exists { file: self.file.clone() }));
        }
        write_whole(&self.file, TEMPLATE.as_bytes()).map_err(Failure::request)?;
        let file = self.file.display().to_string();
        let next = text::command(&["study", "check", &file]);
        screen::print(&format!("wrote {file}; see what it would do with {next}\n"))
    }
}

//! `ganatomy data`: gets public data sets.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use ganatomy_data::{DataError, FetchOptions, fetch};

use super::failure::Failure;
use super::screen::{self, Screen};
use super::sink::Preparing;
use super::text::{command, styled};
use super::{HEADING, LITERAL, places};

/// Get data sets.
#[derive(Debug, Subcommand)]
#[command(after_help = "Example:\n  ganatomy data fetch mnist")]
pub(super) enum Data {
    Fetch(Fetch),
}

/// Download a public data set, checked against its SHA-256; a download that was cut goes on where it stopped.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  ganatomy data fetch mnist && ganatomy train mnist")]
pub(super) struct Fetch {
    /// The data set: mnist or fashion-mnist.
    name: String,
    /// Put it into a folder of its name in here; by default where `train` finds it by itself.
    #[arg(long, value_name = "DIR")]
    into: Option<PathBuf>,
    /// Take the files from this address instead of the usual ones.
    #[arg(long, value_name = "URL")]
    mirror: Option<String>,
}

impl Data {
    pub(super) fn run(&self) -> Result<(), Failure> {
        let Data::Fetch(fetch) = self;
        fetch.run()
    }
}

impl Fetch {
    fn run(&self) -> Result<(), Failure> {
        let screen = Screen::new();
        let options = FetchOptions { base_url: self.mirror.clone(), ..FetchOptions::default() };
        let into = self.into.clone().unwrap_or_else(places::fetched);
        let fetched = fetch(&self.name, &into, &options, &Preparing::new(&screen, None));
        let folder = fetched.map_err(|error| match error {
            DataError::UnknownSource { .. } => Failure::request(error),
            _ => Failure::run(error),
        })?;
        let into = into.display().to_string();
        let train = match &self.into {
            None => command(&["train", &self.name]),
            Some(_) => command(&["train", &self.name, "--data", &into]),
        };
        let (here, next) = (styled(HEADING, "fetched to"), styled(HEADING, "next"));
        screen::print(&format!("{here}  {}\n{next}        {}\n", folder.display(), styled(LITERAL, &train)))
    }
}

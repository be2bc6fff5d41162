//! `ganatomy study report`: the answer of a study, as a page, tables and JSON.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use ganatomy_record::write_whole;
use ganatomy_study::answer::{Answer, csv_runs};
use ganatomy_study::page::{Place, report};
use ganatomy_study::store::{Address, Mode, Store, StoredCurves};
use ganatomy_study::{Results, StudyError};

use super::failed;
use super::worker::folder_of;
use crate::cli::failure::Failure;
use crate::cli::screen::{self, Screen};
use crate::cli::sink::Waiting;
use crate::cli::{places, text};

/// Answer a study: write one page that opens without a network, tables of its arms and runs, and say what can be concluded.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  ganatomy study report studies/three-losses\n\n\
    A study that still goes on is answered as far as it is; opening it never stands in its way.")]
pub(crate) struct Report {
    /// The study's folder, the file of its store, or postgres://USER@HOST/DATABASE#STUDY.
    store: String,
    /// The folder to write report.html, arms.csv, runs.csv and answer.json into [default: the study's folder].
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The study's folder on this machine, which holds the runs [default: that of the store's file, or studies/STUDY].
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
    /// Print the answer as JSON too, and nothing else.
    #[arg(long)]
    json: bool,
}

impl Report {
    pub(super) fn run(&self) -> Result<(), Failure> {
        let screen = Screen::new();
        let address = Address::parse(&self.store).map_err(failed)?;
        let mut store = Store::open(&address, Mode::Read).map_err(failed)?;
        let shown = Waiting::new(&screen, "reading the study");
        let results = Results::read(&mut store).map_err(failed)?;
        let answer = Answer::of(&results, &StoredCurves::new(store)).map_err(Failure::request)?;
        let study = self.folder.clone().unwrap_or_else(|| folder_of(&address));
        let out = self.out.clone().unwrap_or_else(|| study.clone());
        std::fs::create_dir_all(&out).map_err(cannot("create", &out))?;
        let page = out.join("report.html");
        places::check_output(&page)?;
        let links = if out == study { String::new() } else { link(&study) };
        let command = text::command(&["study", "report", &self.store]);
        files(&answer, &results, &Place { study: &study, links: &links, command }, &out)?;
        drop(shown);
        if self.json {
            return screen::print_json(&answer);
        }
        screen::print(&format!(
            "{}\n\nwrote {} and, beside it, arms.csv, runs.csv and answer.json\n",
            answer.conclusion.en,
            page.display()
        ))
    }
}

/// Writes the answer of a study into its folder.
pub(in crate::cli) fn write(
    answer: &Answer,
    results: &Results,
    study: &Path,
    command: String,
) -> Result<(), Failure> {
    files(answer, results, &Place { study, links: "", command }, study)
}

fn files(answer: &Answer, results: &Results, place: &Place<'_>, out: &Path) -> Result<(), Failure> {
    let html = report(answer, place).map_err(Failure::run)?;
    let json = serde_json::to_vec_pretty(answer).map_err(Failure::run)?;
    for (name, bytes) in
        [("report.html", html.as_bytes()), ("arms.csv", answer.csv_arms().as_bytes()), ("answer.json", &json)]
    {
        write_whole(&out.join(name), bytes).map_err(Failure::request)?;
    }
    runs(results, &out.join("runs.csv"))
}

/// Writes the table of all runs, which may be long.
fn runs(results: &Results, path: &Path) -> Result<(), Failure> {
    let unfinished = path.with_extension("csv.unfinished");
    let written = File::create(&unfinished).and_then(|file| {
        let mut file = BufWriter::new(file);
        csv_runs(results, &mut file)?;
        file.flush()?;
        std::fs::rename(&unfinished, path)
    });
    written.map_err(|cause| {
        // What could not be written is not left behind either.
        let _ = std::fs::remove_file(&unfinished);
        cannot("write", path)(cause)
    })
}

/// What stands before a run's folder in a link from elsewhere.
fn link(study: &Path) -> String {
    let study = std::path::absolute(study).unwrap_or_else(|_| study.to_owned());
    format!("{}/", study.display())
}

fn cannot(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Failure {
    let path = path.to_owned();
    move |cause| failed(StudyError::Io { action, path, cause })
}

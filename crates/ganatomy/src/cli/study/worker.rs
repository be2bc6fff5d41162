//! `ganatomy study worker`: carries out runs of a study until none is left.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use clap::Args;
use ganatomy_study::store::Address;
use ganatomy_study::worker::{Site, work};
use ganatomy_tensor::Device;
use ganatomy_train::Registry;

use super::failed;
use crate::cli::device::{Choice, recorded};
use crate::cli::failure::Failure;
use crate::cli::places;
use crate::cli::screen::{self, Screen};
use crate::cli::sink::Interrupt;
use crate::cli::text::counted;
use crate::cli::threads::thread_count;

/// Join a study from anywhere: carry out its runs until none is left.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  ganatomy study worker studies/three-losses\n\n\
    Ctrl-C stores a checkpoint and gives the run back; any worker goes on with it where its folder can be reached.")]
pub(crate) struct Worker {
    /// The study's folder, the file of its store, or postgres://USER@HOST/DATABASE#STUDY.
    store: String,
    /// The study's folder on this machine, for the runs [default: that of the store's file, or studies/STUDY].
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
    /// The folder of the data [default: the one the study was begun with, if it is here, else GANATOMY_DATA].
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Threads of one run; small games go faster side by side, in several workers.
    #[arg(long, value_name = "N", default_value_t = 1, allow_negative_numbers = true, value_parser = thread_count)]
    threads: u64,
    #[command(flatten)]
    device: Choice,
    /// The worker's name, unlike any other's [default: made of the machine, the process and the time].
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Stop when standard input ends.
    #[arg(long, hide = true)]
    while_stdin: bool,
}

impl Worker {
    pub(super) fn run(&self, registry: &Registry) -> Result<(), Failure> {
        let screen = Screen::new();
        let address = Address::parse(&self.store).map_err(failed)?;
        let interrupt = Interrupt::listen().map_err(Failure::run)?;
        if self.while_stdin {
            stop_with_stdin(interrupt.flag());
        }
        let device = self.device.open()?.map(|device| {
            let table = recorded(&device);
            (device as Arc<dyn Device>, table)
        });
        let host = gethostname::gethostname().to_string_lossy().into_owned();
        let name = || format!("{host}-{}-{}", std::process::id(), (screen::now() * 1e3) as u64);
        let site = Site {
            folder: self.folder.clone().unwrap_or_else(|| folder_of(&address)),
            address,
            worker: self.name.clone().unwrap_or_else(name),
            registry,
            data: self.data.clone(),
            spare_data: places::data(None, None, None),
            cache: places::cache(),
            host,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            threads: self.threads as usize,
            device,
            now: screen::now,
            clock: || {
                let begun = Instant::now();
                Arc::new(move || begun.elapsed().as_secs_f64())
            },
            stop: interrupt.flag(),
        };
        let worked = work(&site).map_err(failed)?;
        if !self.while_stdin {
            let why = if worked.stopped { "stopped" } else { "nothing is left" };
            screen.line(&format!("{} ended here; {why}", counted(worked.runs, "run")));
        }
        Ok(())
    }
}

/// The study's folder on this machine.
pub(super) fn folder_of(address: &Address) -> PathBuf {
    match address {
        Address::Sqlite(file) => file.parent().map(Path::to_owned).unwrap_or_default(),
        Address::Postgres { study, .. } => Path::new("studies").join(study),
    }
}

/// Asks for a stop once standard input ends, which it does with the process that began this one.
fn stop_with_stdin(flag: Arc<AtomicBool>) {
    std::thread::spawn(move || {
        let mut rest = [0; 64];
        while std::io::stdin().read(&mut rest).is_ok_and(|n| n > 0) {}
        flag.store(true, Ordering::Relaxed);
    });
}

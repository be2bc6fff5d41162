//! What surrounds a run: the device, the folder, the clock.

use std::path::Path;

use ganatomy_record::RunFolder;
use ganatomy_tensor::Cpu;

use crate::data::{Progress, Silent};

/// The surroundings of one session of a run.
pub struct Session<'a> {
    /// Where samples and checkpoints go; without one, nothing is kept.
    pub folder: Option<&'a RunFolder>,
    /// The device.
    pub cpu: &'a Cpu,
    /// Seconds since the session began.
    pub clock: &'a dyn Fn() -> f64,
    /// Of the program.
    pub version: &'a str,
    /// The machine's name.
    pub host: &'a str,
    /// Where what was learned once (a classifier) may be kept.
    pub cache_dir: &'a Path,
    /// Who hears of long work before the first step.
    pub progress: &'a dyn Progress,
    /// Go on from the folder's latest checkpoint, or from the start where there is none yet.
    pub resume: bool,
}

impl<'a> Session<'a> {
    /// A session that keeps nothing on disk.
    pub fn in_memory(cpu: &'a Cpu, clock: &'a dyn Fn() -> f64) -> Self {
        Session {
            folder: None,
            cpu,
            clock,
            version: env!("CARGO_PKG_VERSION"),
            host: "",
            cache_dir: Path::new(""),
            progress: &Silent,
            resume: false,
        }
    }
}

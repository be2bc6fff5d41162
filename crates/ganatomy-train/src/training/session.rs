//! What surrounds a run: the device, the folder, the clock.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use ganatomy_data::{Progress, Silent};
use ganatomy_record::{CheckpointFile, RunFolder, Which};
use ganatomy_tensor::{Cpu, Device};

/// Seconds since the session began.
pub type Clock = Arc<dyn Fn() -> f64 + Send + Sync>;

/// The surroundings of one session of a run.
#[derive(Clone)]
pub struct Session {
    /// Where samples and checkpoints go; without one, nothing is kept.
    pub folder: Option<RunFolder>,
    /// What everything runs on that is not asked of another device.
    pub cpu: Arc<Cpu>,
    /// The device that steps are made on; without one, this processor.
    pub device: Option<Arc<dyn Device>>,
    /// A device for what can be worked out beside training; without one, that is done in the loop.
    pub beside: Option<Arc<Cpu>>,
    /// Seconds since the session began.
    pub clock: Clock,
    /// Of the program.
    pub version: String,
    /// The machine's name.
    pub host: String,
    /// Where what was learned once (a classifier) may be kept; empty where nothing is.
    pub cache_dir: PathBuf,
    /// Receives the progress of long work before the first step.
    pub progress: Arc<dyn Progress + Send + Sync>,
    /// Go on from a checkpoint of the folder, or from the start where there is none yet.
    pub resume: bool,
    /// Which checkpoint to go on from; later ones are removed.
    pub which: Which,
    /// Another run's checkpoint to begin at: the run is a fork.
    pub parent: Option<CheckpointFile>,
}

impl Session {
    /// A session that keeps nothing on disk and whose clock stands at 0.
    pub fn in_memory(cpu: impl Into<Arc<Cpu>>) -> Session {
        Session {
            folder: None,
            cpu: cpu.into(),
            device: None,
            beside: None,
            clock: Arc::new(|| 0.0),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            host: String::new(),
            cache_dir: PathBuf::new(),
            progress: Arc::new(Silent),
            resume: false,
            which: Which::Latest,
            parent: None,
        }
    }

    /// A session that keeps samples and checkpoints in a run folder.
    pub fn in_folder(folder: RunFolder, cpu: impl Into<Arc<Cpu>>) -> Session {
        Session { folder: Some(folder), ..Session::in_memory(cpu) }
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Session { folder, device, version, host, cache_dir, resume, which, parent, .. } = self;
        f.debug_struct("Session")
            .field("folder", folder)
            .field("threads", &self.cpu.threads())
            .field("device", device)
            .field("version", version)
            .field("host", host)
            .field("cache_dir", cache_dir)
            .field("resume", resume)
            .field("which", which)
            .field("parent", parent)
            .finish_non_exhaustive()
    }
}

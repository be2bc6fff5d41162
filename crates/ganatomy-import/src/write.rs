//! Writes what was read as a run folder: whole or not at all.

use std::fs;
use std::path::{Path, PathBuf};

use ganatomy_record::{Event, RecordError, RunFolder, RunWriter, SampleFile, Sink};

use crate::error::ImportError;
use crate::imported::Imported;

/// Why a run folder cannot be made where it is asked for.
fn check(out: &Path, overwrite: bool) -> Result<(), ImportError> {
    let path = || out.to_owned();
    if out.is_file() {
        return Err(RecordError::NotAFolder { path: path() }.into());
    }
    match RunFolder::open(out) {
        Ok(_) if !overwrite => Err(ImportError::Exists { path: path() }),
        Ok(run) if run.is_written() => Err(RecordError::InUse { path: path() }.into()),
        Ok(_) => Ok(()),
        Err(_) if fs::read_dir(out).is_ok_and(|mut entries| entries.next().is_some()) => {
            Err(RecordError::NotEmpty { path: path() }.into())
        }
        Err(_) => Ok(()),
    }
}

impl Imported {
    /// Makes a run folder with the plan and the events; one that holds a run is replaced only if that is asked for.
    ///
    /// `unix_secs` and `host` are the time and the machine's name, which TensorBoard's files need.
    ///
    /// # Errors
    /// Nothing was understood of the logs, the folder is refused, or it cannot be written.
    pub fn write(&self, out: &Path, overwrite: bool, unix_secs: f64, host: &str) -> Result<(), ImportError> {
        self.check()?;
        check(out, overwrite)?;
        let parent = out.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::create_dir_all(parent).map_err(|cause| ImportError::Write { path: parent.to_owned(), cause })?;
        let name = out.file_name().unwrap_or_default().to_string_lossy();
        let beside = |what: &str| parent.join(format!(".{name}.{}.{what}.tmp", std::process::id()));
        let (made, old) = (beside("new"), beside("old"));
        let written = self.fill(&made, unix_secs, host).and_then(|()| replace(&made, out, &old));
        if written.is_err() {
            // The first failure is the one to report.
            let _ = fs::remove_dir_all(&made);
        }
        written
    }

    fn fill(&self, made: &Path, unix_secs: f64, host: &str) -> Result<(), ImportError> {
        let plan = self.plan().to_string();
        let spec = format!("# What is known of a run of another program: its log was imported.\n{plan}");
        let folder = RunFolder::create(made, false, &spec, &plan)?;
        let mut writer = RunWriter::open(&folder, unix_secs, host)?;
        // A writer asks for no stop.
        let mut samples = self.samples.iter().peekable();
        for event in self.events() {
            while let Some(samples) = samples.next_if(|samples| samples.step < event.step()) {
                let _ = writer.receive(&stored(samples, &folder)?)?;
            }
            let _ = writer.receive(&event)?;
        }
        for samples in samples {
            let _ = writer.receive(&stored(samples, &folder)?)?;
        }
        for text in &self.notes {
            let note = Event::Note { step: self.last_step(), secs: 0.0, text: text.clone() };
            let _ = writer.receive(&note)?;
        }
        Ok(())
    }
}

/// Stores samples, and says so.
fn stored(samples: &SampleFile, folder: &RunFolder) -> Result<Event, RecordError> {
    Ok(Event::Samples { step: samples.step, secs: 0.0, file: samples.write(folder)? })
}

/// Puts a new folder in its place; what was there is removed only then.
fn replace(made: &Path, out: &Path, old: &Path) -> Result<(), ImportError> {
    let failed = |path: &Path| {
        let path: PathBuf = path.to_owned();
        move |cause| ImportError::Write { path, cause }
    };
    if out.exists() {
        fs::rename(out, old).map_err(failed(out))?;
    }
    if let Err(cause) = fs::rename(made, out) {
        // What was there comes back.
        let _ = fs::rename(old, out);
        return Err(failed(out)(cause));
    }
    match fs::remove_dir_all(old) {
        Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => Err(failed(old)(cause)),
        _ => Ok(()),
    }
}

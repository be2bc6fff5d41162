//! Records the events of a live run in its folder.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::appender::Appender;
use crate::tensorboard::TensorBoard;
use crate::{Event, RecordError, RunFolder, Sink};

/// Appends every event to `events.jsonl` in one write, and every reading to a TensorBoard file; and with the samples the
/// picture of them, a PNG file of the same name, if they have been drawn before.
#[derive(Debug)]
pub struct RunWriter {
    folder: PathBuf,
    log: Appender,
    board: TensorBoard,
    /// The log may end in a torn line, so the next event starts on a new one.
    torn: bool,
    unix_secs: f64,
    /// Seconds of training before the run was opened, known from the first event since.
    secs_before: Option<f64>,
    /// Keeps other processes from writing this run.
    _lock: Arc<File>,
}

impl RunWriter {
    /// Goes on writing a run that was just created or resumed.
    ///
    /// `unix_secs` is the time of day at which the first event from now on happens, and `host` the machine's name:
    /// TensorBoard needs both.
    ///
    /// # Errors
    /// The run is written by another process, or a file cannot be read or written.
    pub fn open(folder: &RunFolder, unix_secs: f64, host: &str) -> Result<RunWriter, RecordError> {
        let lock = folder.writing()?;
        let path = folder.events();
        let log = Appender::open(&path)?;
        let torn = ends_torn(&path).map_err(RecordError::io("read", &path))?;
        let board = TensorBoard::create(folder.path(), unix_secs, host)?;
        let folder = folder.path().to_owned();
        Ok(RunWriter { folder, log, board, torn, unix_secs, secs_before: None, _lock: lock })
    }

    fn write_line(&mut self, event: &Event) -> Result<(), RecordError> {
        let mut line = if self.torn { vec![b'\n'] } else { Vec::new() };
        serde_json::to_writer(&mut line, event)
            .map_err(|e| RecordError::damaged(Path::new("events.jsonl"), e))?;
        line.push(b'\n');
        let written = self.log.append(&line);
        self.torn = written.is_err();
        written
    }
}

impl Sink for RunWriter {
    fn receive(&mut self, event: &Event) -> Result<ControlFlow<()>, RecordError> {
        if matches!(event, Event::Step { .. }) {
            return Ok(ControlFlow::Continue(()));
        }
        self.write_line(event)?;
        let before = *self.secs_before.get_or_insert(event.secs());
        let unix_secs = self.unix_secs + event.secs() - before;
        match event {
            Event::Readings { step, values, .. } => self.board.scalars(unix_secs, *step, values)?,
            // TensorBoard also voids the step it is given, but that step is still valid.
            Event::Resumed { step, .. } => self.board.restart(unix_secs, step + 1)?,
            // The events before a checkpoint must not be lost while the checkpoint is kept.
            Event::Checkpoint { .. } | Event::Finished { .. } => self.log.sync()?,
            Event::Samples { step, file, .. } => {
                // What was not drawn, or cannot be read, is only missing in TensorBoard.
                if let Ok(png) = std::fs::read(self.folder.join(file).with_extension("png")) {
                    self.board.picture(unix_secs, *step, "samples", &png)?;
                }
            }
            Event::Step { .. }
            | Event::Started { .. }
            | Event::Data { .. }
            | Event::Note { .. }
            | Event::Verdict { .. } => {}
        }
        Ok(ControlFlow::Continue(()))
    }
}

/// Whether a file's last byte is something other than an end of line.
fn ends_torn(path: &Path) -> std::io::Result<bool> {
    let mut file = File::open(path)?;
    if file.seek(SeekFrom::End(0))? == 0 {
        return Ok(false);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last != [b'\n'])
}

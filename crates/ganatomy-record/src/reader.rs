//! Reads the events of a run, live or over.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use crate::{Event, RecordError, RunFolder, Summary};

/// Reads a run's event log. A torn last line, as a kill may leave it, is skipped.
#[derive(Clone, Debug)]
pub struct RunReader {
    log: PathBuf,
}

impl RunReader {
    /// A reader of a run's events.
    pub fn open(folder: &RunFolder) -> RunReader {
        RunReader { log: folder.events() }
    }

    /// Every event that is still valid; see [`absorb`].
    ///
    /// # Errors
    /// A log that cannot be read, or a whole line that is not an event.
    pub fn read_all(&self) -> Result<Vec<Event>, RecordError> {
        let mut standing = Vec::new();
        for event in self.tail().poll()?.events {
            absorb(&mut standing, event);
        }
        Ok(standing)
    }

    /// Follows the log from its start as it grows.
    pub fn tail(&self) -> Tail {
        Tail { log: self.log.clone(), offset: 0, lines: 0 }
    }

    /// Where the run stands.
    ///
    /// # Errors
    /// A log that cannot be read, or a whole line that is not an event.
    pub fn summary(&self) -> Result<Summary, RecordError> {
        Ok(Summary::of(&self.read_all()?))
    }
}

/// Adds an event to the valid ones. A `Resumed` first removes every event with a larger step: the run goes on from the
/// checkpoint without them.
pub fn absorb(standing: &mut Vec<Event>, event: Event) {
    if let Event::Resumed { step, .. } = event {
        standing.retain(|earlier| earlier.step() <= step);
    }
    standing.push(event);
}

/// Follows a log that another process writes.
#[derive(Clone, Debug)]
pub struct Tail {
    log: PathBuf,
    /// The end of the last whole line read.
    offset: u64,
    lines: usize,
}

/// What a [`Tail`] found since it last looked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct News {
    /// The new events, voided ones included: hand them to [`absorb`].
    pub events: Vec<Event>,
    /// Whether they begin the log: on the first look, and after the log of a new run, which is shorter, replaced
    /// this one.
    pub from_start: bool,
}

impl Tail {
    /// The events written whole since the last call. A line that is not whole yet is left for a later call.
    ///
    /// # Errors
    /// A log that cannot be read, or a whole line that is not an event.
    pub fn poll(&mut self) -> Result<News, RecordError> {
        let file = match File::open(&self.log) {
            // A run that was just created has no log yet.
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(News::default()),
            other => other.map_err(RecordError::io("read", &self.log))?,
        };
        let length = file.metadata().map_err(RecordError::io("read", &self.log))?.len();
        if length < self.offset {
            (self.offset, self.lines) = (0, 0);
        }
        let mut news = News { events: Vec::new(), from_start: self.offset == 0 };
        self.read_lines(BufReader::new(file), &mut news.events)?;
        Ok(news)
    }

    fn read_lines(&mut self, mut log: BufReader<File>, events: &mut Vec<Event>) -> Result<(), RecordError> {
        log.seek(SeekFrom::Start(self.offset)).map_err(RecordError::io("read", &self.log))?;
        let mut line = Vec::new();
        loop {
            line.clear();
            let read = log.read_until(b'\n', &mut line).map_err(RecordError::io("read", &self.log))?;
            if line.last() != Some(&b'\n') {
                return Ok(());
            }
            self.offset += read as u64;
            self.lines += 1;
            events.extend(parse(&line, &self.log, self.lines)?);
        }
    }
}

/// The event on a line; `None` if the line is torn, or of a kind that a later version added.
fn parse(line: &[u8], log: &Path, number: usize) -> Result<Option<Event>, RecordError> {
    let error = match serde_json::from_slice::<Event>(line) {
        Ok(event) => return Ok(Some(event)),
        Err(error) => error,
    };
    // A part of a JSON object is never JSON, so a line that does not parse was torn.
    let Ok(value) = serde_json::from_slice::<serde_json::Value>(line) else {
        return Ok(None);
    };
    match value.get("event").and_then(|kind| kind.as_str()) {
        Some(kind) if !Event::KINDS.contains(&kind) => Ok(None),
        _ => Err(RecordError::Event { path: log.to_owned(), line: number, why: error.to_string() }),
    }
}

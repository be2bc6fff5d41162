//! Writes a run's events into its folder.

use std::ops::ControlFlow;
use std::time::{SystemTime, UNIX_EPOCH};

use ganatomy_record::{Event, RecordError, RunFolder, RunWriter, Sink};

/// Records every event. Nothing is written before the first one, so that a resume which is refused changes nothing.
pub(crate) struct Record<'a> {
    folder: &'a RunFolder,
    host: &'a str,
    /// The spec and plan that take the place of those in the folder, for a resumed run.
    renewed: Option<(String, String)>,
    writer: Option<RunWriter>,
}

impl<'a> Record<'a> {
    /// A record of a new run, or of one resumed with the spec and plan given.
    pub(crate) fn new(folder: &'a RunFolder, host: &'a str, renewed: Option<(String, String)>) -> Record<'a> {
        Record { folder, host, renewed, writer: None }
    }

    fn writer(&mut self, first: &Event) -> Result<&mut RunWriter, RecordError> {
        let writer = match self.writer.take() {
            Some(writer) => writer,
            None => {
                let renewed = self.renewed.take();
                if let Some((spec, plan)) = &renewed {
                    self.folder.replace_plan(spec, plan)?;
                }
                let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |time| time.as_secs_f64());
                let mut writer = RunWriter::open(self.folder, now, self.host)?;
                if renewed.is_some() && matches!(first, Event::Started { .. }) {
                    // Killed before its first checkpoint, the run starts anew: what was recorded then is void.
                    let _flow = writer.receive(&Event::Resumed { step: 0, secs: 0.0 })?;
                }
                writer
            }
        };
        Ok(self.writer.insert(writer))
    }
}

impl Sink for Record<'_> {
    fn receive(&mut self, event: &Event) -> Result<ControlFlow<()>, RecordError> {
        self.writer(event)?.receive(event)
    }
}

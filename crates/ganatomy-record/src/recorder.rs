//! Writes a run's events into its folder, from the first one on.

use std::ops::ControlFlow;

use crate::{Event, RecordError, RunFolder, RunWriter, Sink};

/// Records every event. Nothing is written before the first one, so that a resume which is refused changes nothing.
#[derive(Debug)]
pub struct Recorder<'a> {
    folder: &'a RunFolder,
    host: &'a str,
    /// Seconds since 1970.
    now: fn() -> f64,
    /// The spec and plan that take the place of those in the folder, for a resumed run.
    renewed: Option<(String, String)>,
    writer: Option<RunWriter>,
}

impl<'a> Recorder<'a> {
    /// A record of a new run, or of one resumed with the spec and plan given. `now` tells the seconds since 1970.
    pub fn new(
        folder: &'a RunFolder,
        host: &'a str,
        now: fn() -> f64,
        renewed: Option<(String, String)>,
    ) -> Recorder<'a> {
        Recorder { folder, host, now, renewed, writer: None }
    }

    fn writer(&mut self, first: &Event) -> Result<&mut RunWriter, RecordError> {
        let writer = match self.writer.take() {
            Some(writer) => writer,
            None => {
                let renewed = self.renewed.take();
                if let Some((spec, plan)) = &renewed {
                    self.folder.replace_plan(spec, plan)?;
                }
                let mut writer = RunWriter::open(self.folder, (self.now)(), self.host)?;
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

impl Sink for Recorder<'_> {
    fn receive(&mut self, event: &Event) -> Result<ControlFlow<()>, RecordError> {
        self.writer(event)?.receive(event)
    }
}

//! Draws a run's pictures while it goes.

use std::ops::ControlFlow;
use std::path::Path;

use ganatomy_record::{Event, RecordError, RunFolder, SampleFile, Sink, write_whole};
use ganatomy_view::{ViewError, draw_run, draw_samples};

use crate::cli::failure::sentence;
use crate::cli::screen::Screen;

/// Draws each file of samples as it comes, and the animation and the curves at the end.
///
/// Samples are drawn before the record hears of them, since it takes their pictures too; the rest is drawn from the record.
/// A picture that cannot be drawn is a warning, and never ends the run.
pub(crate) struct Draw<'a, R> {
    record: R,
    folder: &'a RunFolder,
    screen: &'a Screen,
    /// Whether the user has been warned: once is enough.
    warned: bool,
}

impl<'a, R: Sink> Draw<'a, R> {
    /// Draws what a record holds into the folder of its run.
    pub(crate) fn new(record: R, folder: &'a RunFolder, screen: &'a Screen) -> Draw<'a, R> {
        Draw { record, folder, screen, warned: false }
    }

    fn warn_unless(&mut self, drawn: Result<(), ViewError>) {
        if let Err(error) = drawn
            && !std::mem::replace(&mut self.warned, true)
        {
            self.screen.warn(&format!("a picture is missing: {}", sentence(&error)));
        }
    }
}

impl<R: Sink> Sink for Draw<'_, R> {
    fn receive(&mut self, event: &Event) -> Result<ControlFlow<()>, RecordError> {
        if let Event::Samples { file, .. } = event {
            self.warn_unless(draw(&self.folder.path().join(file)));
        }
        let flow = self.record.receive(event)?;
        if let Event::Finished { .. } = event {
            self.warn_unless(draw_run(self.folder.path()).map(drop));
        }
        Ok(flow)
    }
}

fn draw(file: &Path) -> Result<(), ViewError> {
    let picture = draw_samples(&SampleFile::read(file)?)?;
    Ok(write_whole(&file.with_extension("png"), &picture.to_png()?)?)
}

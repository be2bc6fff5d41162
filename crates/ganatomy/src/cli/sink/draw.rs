//! Draws a run's pictures while it goes.

use std::ops::ControlFlow;
use std::path::Path;

use ganatomy_record::{Event, RecordError, RunFolder, SampleFile, Sink, write_whole};
use ganatomy_view::{ViewError, draw_run, draw_samples};

use crate::cli::failure::sentence;
use crate::cli::screen::Screen;

/// Draws each file of samples as it comes, and the animation and the curves at the end.
///
/// A picture that cannot be drawn is a warning, and never ends the run.
pub(crate) struct Draw<'a> {
    folder: &'a RunFolder,
    screen: &'a Screen,
    /// Whether the user has been warned: once is enough.
    warned: bool,
}

impl<'a> Draw<'a> {
    /// Draws into a run's folder.
    pub(crate) fn new(folder: &'a RunFolder, screen: &'a Screen) -> Draw<'a> {
        Draw { folder, screen, warned: false }
    }
}

impl Sink for Draw<'_> {
    fn receive(&mut self, event: &Event) -> Result<ControlFlow<()>, RecordError> {
        let drawn = match event {
            Event::Samples { file, .. } => draw(&self.folder.path().join(file)),
            Event::Finished { .. } => draw_run(self.folder.path()).map(drop),
            _ => Ok(()),
        };
        if let Err(error) = drawn
            && !std::mem::replace(&mut self.warned, true)
        {
            self.screen.warn(&format!("a picture is missing: {}", sentence(&error)));
        }
        Ok(ControlFlow::Continue(()))
    }
}

fn draw(file: &Path) -> Result<(), ViewError> {
    let picture = draw_samples(&SampleFile::read(file)?)?;
    Ok(write_whole(&file.with_extension("png"), &picture.to_png()?)?)
}

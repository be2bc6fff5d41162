//! The pictures of a whole run, written into its folder.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use ganatomy_record::{Event, RunFolder, RunReader, SampleContent, SampleFile, write_whole};

use crate::grid::MAX_WIDTH;
use crate::sheets::sheets_within;
use crate::{Picture, Scatter, Sheet, Sheets, ViewError, animation, curves, panels, scatter};

/// Sheets of an animation are at most this wide, in pixels, which keeps the file small.
const MAX_FILM_WIDTH: usize = 620;

/// Draws the samples of one step: a scatter plot of points, or a sheet of images.
///
/// # Errors
/// Samples that cannot be drawn.
pub fn draw_samples(samples: &SampleFile) -> Result<Picture, ViewError> {
    draw_within(samples, MAX_WIDTH, &Alike::default())
}

/// Draws what a run has recorded, and returns the files written.
///
/// Each sample file gets a PNG beside it unless it has one that is up to date. `samples.gif` (the
/// samples over time) and `curves.png` (the readings over time) are always written again, from the
/// events that are still valid after the last resume.
///
/// # Errors
/// A record that cannot be read, samples that cannot be drawn, or a file that cannot be written.
pub fn draw_run(folder: &Path) -> Result<Vec<PathBuf>, ViewError> {
    let run = RunFolder::open(folder)?;
    let events = RunReader::open(&run).read_all()?;
    let files = SampleFile::list(&run)?;
    let mut written = Vec::new();
    for file in files.iter().filter(|file| !is_drawn(file)) {
        let picture = read(file).and_then(|samples| draw_samples(&samples)).map_err(in_file(file))?;
        write(file.with_extension("png"), &picture.to_png()?, &mut written)?;
    }
    let film = standing(&run, files, &events);
    if !film.is_empty() {
        write(run.path().join("samples.gif"), &film_of(&film)?, &mut written)?;
    }
    let panels = panels(&events);
    if !panels.is_empty() {
        write(run.path().join("curves.png"), &curves(&panels)?.to_png()?, &mut written)?;
    }
    Ok(written)
}

fn write(path: PathBuf, bytes: &[u8], written: &mut Vec<PathBuf>) -> Result<(), ViewError> {
    write_whole(&path, bytes)?;
    written.push(path);
    Ok(())
}

fn read(file: &Path) -> Result<SampleFile, ViewError> {
    Ok(SampleFile::read(file)?)
}

/// Adds the file to an error.
fn in_file(file: &Path) -> impl FnOnce(ViewError) -> ViewError {
    let path = file.to_owned();
    move |source| match source {
        // Its message already names the file.
        ViewError::Record(_) => source,
        _ => ViewError::File { path, source: Box::new(source) },
    }
}

/// True if the file's PNG is there and no older than the file.
fn is_drawn(file: &Path) -> bool {
    let modified = |path: &Path| path.metadata().and_then(|data| data.modified()).ok();
    let picture = modified(&file.with_extension("png"));
    picture.is_some_and(|picture| modified(file).is_some_and(|file| file <= picture))
}

/// The files whose samples were not voided by a resume; all of them if there is no event of samples.
fn standing(run: &RunFolder, files: Vec<PathBuf>, events: &[Event]) -> Vec<PathBuf> {
    let told: BTreeSet<PathBuf> = events
        .iter()
        .filter_map(|event| match event {
            Event::Samples { file, .. } => Some(run.path().join(file)),
            _ => None,
        })
        .collect();
    files.into_iter().filter(|file| told.is_empty() || told.contains(file)).collect()
}

/// What all frames of an animation have in common, which is known from its first files.
#[derive(Default)]
struct Alike {
    /// What the axes span.
    extent: Option<[f32; 4]>,
    /// Real images, which sessions of earlier versions did not store.
    real: Option<Vec<u8>>,
}

impl Alike {
    fn of(files: &[PathBuf]) -> Result<Alike, ViewError> {
        let mut alike = Alike::default();
        for file in files {
            match read(file)?.content {
                SampleContent::Points { real, generated, surface } => {
                    let (real, generated, surface) = (&real, &generated, surface.as_ref());
                    let plot = Scatter { title: "", real, generated, surface, extent: None };
                    alike.extent = Some(crate::scatter::extent(&plot));
                    break;
                }
                SampleContent::Images { real, .. } if !real.is_empty() => {
                    alike.real = Some(real);
                    break;
                }
                SampleContent::Images { .. } => {}
            }
        }
        Ok(alike)
    }
}

/// The samples over time.
fn film_of(files: &[PathBuf]) -> Result<Vec<u8>, ViewError> {
    let alike = Alike::of(files)?;
    animation(files.len(), |index| {
        let file = &files[index];
        draw_within(&read(file)?, MAX_FILM_WIDTH, &alike).map_err(in_file(file))
    })
}

fn draw_within(samples: &SampleFile, max_width: usize, alike: &Alike) -> Result<Picture, ViewError> {
    let title = format!("step {}", samples.step);
    match &samples.content {
        SampleContent::Points { real, generated, surface } => {
            let (surface, extent) = (surface.as_ref(), alike.extent);
            scatter(&Scatter { title: &title, real, generated, surface, extent })
        }
        SampleContent::Images { n, height, width, channels, pixels, real } => {
            let (n, height, width, channels) = (*n, *height, *width, *channels);
            let generated = Sheet { n, height, width, channels, pixels };
            let real = alike.real.as_ref().unwrap_or(real);
            sheets_within(&Sheets { title: &title, generated, real }, max_width)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use ganatomy_record::{RunWriter, Sink};

    use super::*;

    /// A run with the events given, and the paths that drawing it writes.
    fn check(content: impl Fn(u64) -> SampleContent, steps: &[u64], expected: &[&str]) {
        let home = tempfile::tempdir().unwrap();
        let run = RunFolder::create(&home.path().join("run"), false, "", "").unwrap();
        let mut writer = RunWriter::open(&run, 0.0, "host").unwrap();
        for step in steps {
            let file = SampleFile { step: *step, content: content(*step) }.write(&run).unwrap();
            let values = BTreeMap::from([("generator/loss".to_owned(), *step as f64)]);
            let events = [
                Event::Samples { step: *step, secs: 0.0, file },
                Event::Readings { step: *step, secs: 0.0, values },
            ];
            for event in &events {
                let _ = writer.receive(event).unwrap();
            }
        }
        let names = |paths: Vec<PathBuf>| -> Vec<String> {
            let inside = |p: &PathBuf| p.strip_prefix(run.path()).unwrap().display().to_string();
            paths.iter().map(inside).collect()
        };
        assert_eq!(names(draw_run(run.path()).unwrap()), expected);
        let again: Vec<&str> = expected.iter().copied().filter(|p| !p.contains('/')).collect();
        assert_eq!(names(draw_run(run.path()).unwrap()), again, "the second time");
    }

    fn images(step: u64) -> SampleContent {
        SampleContent::Images {
            n: 4,
            height: 8,
            width: 8,
            channels: 1,
            pixels: vec![step as u8; 256],
            // As if the run had been begun by a version that stored none.
            real: if step == 0 { vec![] } else { vec![9; 128] },
        }
    }

    #[test]
    fn a_run_of_images_is_drawn_once() {
        let expected =
            ["samples/step-00000000.png", "samples/step-00000010.png", "samples.gif", "curves.png"];
        check(images, &[0, 10], &expected);
        check(images, &[], &[]);
    }

    #[test]
    fn a_run_of_points_is_drawn_once() {
        let points = |step: u64| SampleContent::Points {
            real: vec![[0.0, 1.0]],
            generated: vec![[step as f32, f32::NAN], [1.0, 1.0]],
            surface: None,
        };
        check(points, &[7], &["samples/step-00000007.png", "samples.gif", "curves.png"]);
    }

    #[test]
    fn samples_voided_by_a_resume_are_left_out_of_the_animation() {
        let home = tempfile::tempdir().unwrap();
        let run = RunFolder::create(&home.path().join("run"), false, "", "").unwrap();
        let files = ["samples/a", "samples/b"].map(|name| run.path().join(name)).to_vec();
        let event = Event::Samples { step: 1, secs: 0.0, file: "samples/a".to_owned() };
        assert_eq!(standing(&run, files.clone(), &[event]), files[..1]);
        assert_eq!(standing(&run, files.clone(), &[]), files);
    }

    #[test]
    fn a_file_that_cannot_be_drawn_is_named() {
        let home = tempfile::tempdir().unwrap();
        let run = RunFolder::create(&home.path().join("run"), false, "", "").unwrap();
        let (pixels, real) = (vec![0; 16], vec![]);
        let content = SampleContent::Images { n: 1, height: 2, width: 2, channels: 4, pixels, real };
        SampleFile { step: 5, content }.write(&run).unwrap();
        let error = draw_run(run.path()).unwrap_err().to_string();
        assert!(error.ends_with("step-00000005.safetensors could not be drawn"), "{error}");
    }
}

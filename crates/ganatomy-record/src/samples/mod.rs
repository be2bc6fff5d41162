//! The generator's samples at one step, and real items to compare them with.

mod encoding;

use std::path::{Path, PathBuf};

use crate::checkpoints::{file_name, step_of};
use crate::files::{names, read_whole, write_whole};
use crate::{RecordError, RunFolder};

/// The samples of one step, stored as `samples/step-00000500.safetensors`.
#[derive(Clone, Debug, PartialEq)]
pub struct SampleFile {
    /// After this many steps.
    pub step: u64,
    /// The samples.
    pub content: SampleContent,
}

/// Samples of one kind.
#[derive(Clone, Debug, PartialEq)]
pub enum SampleContent {
    /// Points of the plane.
    Points {
        /// Of the data.
        real: Vec<[f32; 2]>,
        /// Of the generator.
        generated: Vec<[f32; 2]>,
        /// The discriminator's logits on the plane around them.
        surface: Option<Surface>,
    },
    /// Images of the generator.
    Images {
        /// How many.
        n: usize,
        /// Pixels.
        height: usize,
        /// Pixels.
        width: usize,
        /// 1 for grey, 3 for colour.
        channels: usize,
        /// `[n, height, width, channels]`, the last running fastest.
        pixels: Vec<u8>,
        /// Real images of the same size and number of channels, one after the other; runs of earlier versions have none.
        real: Vec<u8>,
    },
}

/// The discriminator's logits on a grid of the plane.
#[derive(Clone, Debug, PartialEq)]
pub struct Surface {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// `x` of the first and last column, `y` of the first and last row.
    pub extent: [f32; 4],
    /// `[height, width]`; row 0 has the least `y`.
    pub logits: Vec<f32>,
}

impl SampleFile {
    /// Stores the samples and returns their path inside the run folder.
    ///
    /// # Errors
    /// A length that does not match the shape, or a file that cannot be written.
    pub fn write(&self, folder: &RunFolder) -> Result<String, RecordError> {
        let name = file_name(self.step);
        write_whole(&folder.samples().join(&name), &encoding::encode(self.step, &self.content)?)?;
        Ok(format!("samples/{name}"))
    }

    /// Reads a file that [`SampleFile::write`] made.
    ///
    /// # Errors
    /// A file that cannot be read or is damaged.
    pub fn read(path: &Path) -> Result<SampleFile, RecordError> {
        let decoded = encoding::decode(&read_whole(path)?);
        let (step, content) = decoded.map_err(|why| RecordError::damaged(path, why))?;
        Ok(SampleFile { step, content })
    }

    /// The sample files of a run, earliest first.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn list(folder: &RunFolder) -> Result<Vec<PathBuf>, RecordError> {
        let mut files: Vec<(u64, String)> =
            names(&folder.samples())?.into_iter().filter_map(|name| Some((step_of(&name)?, name))).collect();
        files.sort();
        Ok(files.into_iter().map(|(_, name)| folder.samples().join(name)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(content: SampleContent) {
        let folder = tempfile::tempdir().unwrap();
        let run = RunFolder::create(&folder.path().join("run"), false, "", "").unwrap();
        let file = SampleFile { step: 500, content };
        assert_eq!(file.write(&run).unwrap(), "samples/step-00000500.safetensors");
        let path = run.path().join("samples/step-00000500.safetensors");
        assert_eq!(SampleFile::list(&run).unwrap(), std::slice::from_ref(&path));
        assert_eq!(SampleFile::read(&path).unwrap(), file);
        let bytes = read_whole(&path).unwrap();
        file.write(&run).unwrap();
        assert_eq!(read_whole(&path).unwrap(), bytes, "the same samples make the same bytes");
    }

    fn refused(content: SampleContent, expected: &str) {
        assert_eq!(encoding::encode(1, &content).unwrap_err().to_string(), expected);
    }

    #[test]
    fn points_read_back() {
        let (real, generated) = (vec![[0.0, 1.0], [2.0, 3.0]], vec![[-1.0, f32::MIN_POSITIVE]]);
        let logits = vec![0.0, 1.0, 2.0, 3.0, 4.0, 5.0];
        let surface = Surface { width: 3, height: 2, extent: [-1.0, 1.0, -2.0, 2.0], logits };
        let points =
            |surface| SampleContent::Points { real: real.clone(), generated: generated.clone(), surface };
        check(points(Some(surface)));
        check(points(None));
        check(SampleContent::Points { real: vec![], generated: vec![], surface: None });
    }

    #[test]
    fn images_read_back() {
        let images = |real| {
            let pixels = (0..2 * 3 * 4 * 3).collect();
            SampleContent::Images { n: 2, height: 3, width: 4, channels: 3, pixels, real }
        };
        check(images((0..3 * 4 * 3 * 3).collect()));
        check(images(vec![]));
    }

    #[test]
    fn arrays_of_the_wrong_length_are_refused() {
        refused(
            SampleContent::Images {
                n: 2,
                height: 3,
                width: 4,
                channels: 1,
                pixels: vec![0; 5],
                real: vec![],
            },
            "generated holds 5 numbers, but its shape asks for 24",
        );
        refused(
            SampleContent::Images {
                n: 1,
                height: 3,
                width: 4,
                channels: 1,
                pixels: vec![0; 12],
                real: vec![0; 13],
            },
            "real holds 13 numbers, but its shape asks for 12",
        );
        let surface = Some(Surface { width: 2, height: 2, extent: [0.0; 4], logits: vec![] });
        refused(
            SampleContent::Points { real: vec![], generated: vec![], surface },
            "surface holds 0 numbers, but its shape asks for 4",
        );
    }

    #[test]
    fn a_changed_number_is_seen_and_old_files_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("step-00000001.safetensors");
        let content = SampleContent::Points { real: vec![[1.0, 2.0]], generated: vec![], surface: None };
        let whole = encoding::encode(1, &content).unwrap();
        let find = |text: &[u8]| whole.windows(text.len()).position(|part| part == text).unwrap();
        let step = find(b"\"step\":\"1\"") + 8;
        for (at, bit) in [(whole.len() - 3, 1), (step, 3)] {
            let mut changed = whole.clone();
            changed[at] ^= bit;
            std::fs::write(&path, &changed).unwrap();
            let text = SampleFile::read(&path).unwrap_err().to_string();
            assert!(text.ends_with("is damaged: its numbers are not those that were written"), "{text}");
        }
        // A file of before there were sums has another key there, or none.
        let (at, mut old) = (find(b"sha256"), whole.clone());
        old[at..at + 6].copy_from_slice(b"no-sum");
        std::fs::write(&path, &old).unwrap();
        assert_eq!(SampleFile::read(&path).unwrap().content, content);
    }

    #[test]
    fn damaged_files_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("step-00000001.safetensors");
        let (pixels, real) = (vec![7; 4], vec![8; 4]);
        let content = SampleContent::Images { n: 1, height: 2, width: 2, channels: 1, pixels, real };
        let whole = encoding::encode(1, &content).unwrap();
        for length in 0..whole.len() {
            std::fs::write(&path, &whole[..length]).unwrap();
            let text = SampleFile::read(&path).unwrap_err().to_string();
            assert!(text.contains("step-00000001.safetensors is damaged: "), "{text}");
        }
    }
}

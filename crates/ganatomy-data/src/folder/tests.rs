//! Tests of the image folder.

mod damaged;
mod kinds;
mod looks;
mod memory;
mod refusals;
mod sizes;
mod trees;

use std::fs;
use std::io::Cursor;
use std::path::Path;

use ganatomy_record::RunSpec;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageEncoder, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use tempfile::TempDir;

use super::{Filter, FolderSpec};
use crate::testing::{Recorded, build_in, message, read, real_data, refused};
use crate::{BatchKey, DataContext, Dataset, Progress, Silent};

/// A picture whose top is red and whose bottom is blue; its left is darker than its right.
fn flag(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let value = if 2 * x < width { 100 } else { 220 };
        if 2 * y < height { Rgb([value, 0, 0]) } else { Rgb([0, 0, value]) }
    })
}

fn save(image: impl Into<DynamicImage>, folder: &TempDir, name: &str, format: ImageFormat) {
    let path = folder.path().join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let mut bytes = Cursor::new(Vec::new());
    image.into().write_to(&mut bytes, format).unwrap();
    fs::write(path, bytes.into_inner()).unwrap();
}

/// A JPEG whose EXIF data says how it must be turned.
fn save_turned(image: &RgbImage, orientation: u8, folder: &TempDir, name: &str) {
    // A TIFF header, one directory with one entry: tag 0x112, a short, one of it.
    let exif =
        [b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".as_slice(), &[orientation, 0, 0, 0, 0, 0, 0, 0]]
            .concat();
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 95);
    encoder.set_exif_metadata(exif).unwrap();
    encoder.write_image(image, image.width(), image.height(), image::ExtendedColorType::Rgb8).unwrap();
    fs::write(folder.path().join(name), bytes).unwrap();
}

struct Case {
    images: TempDir,
    cache: TempDir,
}

impl Case {
    fn new() -> Case {
        Case { images: tempfile::tempdir().unwrap(), cache: tempfile::tempdir().unwrap() }
    }

    /// Two good images, in sub-folders "b" and "a".
    fn good() -> Case {
        let case = Case::new();
        save(flag(40, 30), &case.images, "b/one.PNG", ImageFormat::Png);
        save(flag(64, 64), &case.images, "a/two.webp", ImageFormat::WebP);
        case
    }

    fn build_recorded(&self, options: &str, progress: &dyn Progress) -> Result<Box<dyn Dataset>, String> {
        build_in("folder", options, Some(self.images.path()), self.cache.path(), progress)
            .map_err(|e| message(&e))
    }

    fn build(&self, options: &str) -> Result<Box<dyn Dataset>, String> {
        self.build_recorded(options, &Silent)
    }

    /// Checks the error of building.
    fn check(&self, options: &str, expected: &[&str]) {
        let error = self.build(options).err().unwrap();
        expected.iter().for_each(|part| assert!(error.contains(part), "{error:?} lacks {part:?}"));
        assert_eq!(fs::read_dir(self.cache.path()).unwrap().count(), 0, "something was left behind");
    }
}

/// Every image of the set with its label, in some order.
fn all(set: &dyn Dataset) -> Vec<(Vec<f32>, u32)> {
    let (n, len) = (set.n_items().unwrap(), set.item_shape().iter().product());
    let (mut out, mut labels) = (vec![0.0; n * len], vec![0; n]);
    set.fill(BatchKey { seed: 0, step: 0, draw: 0 }, &mut out, &mut labels);
    out.chunks_exact(len).map(<[f32]>::to_vec).zip(labels).collect()
}

/// Colour at (x, y), each from 0 to 1, as bytes.
fn pixel(image: &[f32], size: usize, x: f32, y: f32) -> [i32; 3] {
    let at = |t: f32| (t * size as f32) as usize;
    [0, 1, 2].map(|c| ((image[(at(y) * size + at(x)) * 3 + c] + 1.0) * 127.5).round() as i32)
}

fn assert_near(found: [i32; 3], expected: [i32; 3]) {
    const TOLERANCE: i32 = 12;
    let error = (0..3).map(|c| (found[c] - expected[c]).abs()).max().unwrap();
    assert!(error <= TOLERANCE, "found {found:?}, expected {expected:?}");
}

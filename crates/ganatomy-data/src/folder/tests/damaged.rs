//! Damaged images: an image, or one line that says why not, in memory that `max_pixels` bounds.

use std::cell::RefCell;

use image::codecs::gif::{GifEncoder, Repeat};
use image::{Frame, Luma};

use super::super::decode::{Store, decode};
use super::super::listing::Listing;
use super::super::picture::{Look, Reading};
use super::*;
use crate::damage::damaged;

/// Pixels of the largest image that is decoded here.
const PIXELS: u64 = 1 << 16;
/// Sixteen bytes a pixel, what a decoder may take besides, the image in other forms, and the result.
const MOST: usize = (1 << 26) + 64 * PIXELS as usize;

/// Small images of every format, with and without transparency, of 16 bits, turned, and moving.
fn images() -> Vec<Vec<u8>> {
    let of = |image: DynamicImage, format: ImageFormat| {
        let mut bytes = Cursor::new(Vec::new());
        image.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    };
    let clear = RgbaImage::from_fn(9, 7, |x, y| Rgba([x as u8, y as u8, 3, (x * y) as u8]));
    let deep = image::ImageBuffer::<Luma<u16>, Vec<u16>>::from_fn(6, 9, |x, y| Luma([(300 * x + y) as u16]));
    let formats = [
        ImageFormat::Png,
        ImageFormat::Jpeg,
        ImageFormat::Bmp,
        ImageFormat::Gif,
        ImageFormat::Tiff,
        ImageFormat::WebP,
    ];
    let mut all: Vec<Vec<u8>> = formats.map(|format| of(flag(12, 10).into(), format)).into();
    all.push(of(clear.clone().into(), ImageFormat::Png));
    all.push(of(deep.clone().into(), ImageFormat::Png));
    all.push(of(deep.into(), ImageFormat::Tiff));
    let folder = tempfile::tempdir().unwrap();
    save_turned(&flag(10, 8), 6, &folder, "turned.jpg");
    all.push(fs::read(folder.path().join("turned.jpg")).unwrap());
    let mut moving = Vec::new();
    let mut encoder = GifEncoder::new(&mut moving);
    encoder.set_repeat(Repeat::Infinite).unwrap();
    encoder.encode_frames([clear.clone(), clear].map(Frame::new)).unwrap();
    drop(encoder);
    all.push(moving);
    all
}

#[test]
fn damaged_files_of_images_are_answered() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.png");
    let look = Look { size: 8, channels: 3, background: [255; 3], filter: Filter::Lanczos };
    let reading = Reading { max_pixels: PIXELS, bits: 0 };
    let context =
        DataContext { data_dir: None, cache_dir: folder.path().to_owned(), threads: 1, progress: &Silent };
    fs::write(&file, b"").unwrap();
    let listing = Listing::read(folder.path()).unwrap();
    let pixels = RefCell::new(0);
    let refused = damaged(&images(), 3_000, MOST, |bytes| {
        fs::write(&file, bytes).unwrap();
        let store = Store::Memory(vec![0; look.n_bytes()].into());
        let (mut outcomes, _) = decode(&listing, &look, reading, &context, &store).unwrap();
        outcomes.remove(0).map(|(seen, _)| {
            assert!(u64::from(seen.size[0]) * u64::from(seen.size[1]) <= PIXELS);
            *pixels.borrow_mut() += 1;
        })
    });
    assert!(refused > 0.15 && pixels.into_inner() > 0, "{refused} refused");
}

#[test]
fn damaged_files_of_decoded_images_are_made_anew() {
    let case = Case::good();
    let spec = RunSpec::parse("[data]\nsize = 8", "test").unwrap();
    let spec = FolderSpec::read(&mut spec.root().table("data", "").unwrap()).unwrap();
    let context = DataContext {
        data_dir: Some(case.images.path().to_owned()),
        cache_dir: case.cache.path().to_owned(),
        threads: 1,
        progress: &Silent,
    };
    let build = |in_memory| {
        let set = spec.build_within(in_memory, &context).unwrap();
        (all(&*set), set.fingerprint())
    };
    let expected = build(1 << 20);
    let file = fs::read_dir(case.cache.path()).unwrap().next().unwrap().unwrap().path();
    let whole = fs::read(&file).unwrap();
    damaged(std::slice::from_ref(&whole), 60, MOST, |bytes| {
        for in_memory in [1 << 20, 0] {
            fs::write(&file, bytes).unwrap();
            assert_eq!(build(in_memory), expected);
            assert_eq!(fs::read(&file).unwrap(), whole);
        }
        Ok(())
    });
}

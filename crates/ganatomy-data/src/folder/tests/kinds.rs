//! Kinds of files: formats, depths, ends, and what is left out.

use image::{ImageBuffer, Luma, LumaA};

use super::*;

/// A grey ramp of 16-bit values from 0 to `top`.
fn ramp(top: u16) -> ImageBuffer<Luma<u16>, Vec<u16>> {
    ImageBuffer::from_fn(16, 16, |x, _| Luma([(u32::from(top) * x / 15) as u16]))
}

#[test]
fn every_format_that_is_read_is_counted() {
    let case = Case::good();
    for (name, format) in [
        ("c.bmp", ImageFormat::Bmp),
        ("d.gif", ImageFormat::Gif),
        ("e.tif", ImageFormat::Tiff),
        ("f.TIFF", ImageFormat::Tiff),
        ("g.jfif", ImageFormat::Jpeg),
    ] {
        save(flag(64, 48), &case.images, name, format);
    }
    for name in ["notes.txt", "x.heic", "y.HEIC", "z.avif", "readme", "._a.jpg", ".DS_Store"] {
        fs::write(case.images.path().join(name), "other").unwrap();
    }
    let recorded = Recorded::default();
    let set = case.build_recorded("size = 32", &recorded).unwrap();
    for (image, _) in all(&*set) {
        assert_near(pixel(&image, 32, 0.2, 0.2), [100, 0, 0]);
        assert_near(pixel(&image, 32, 0.8, 0.8), [0, 0, 220]);
    }
    let text =
        |rows: Vec<(String, String)>| rows.into_iter().map(|(a, b)| format!("{a}: {b}")).collect::<Vec<_>>();
    let expected = [
        "items: 7 images of 32 x 32 x 3",
        "values: -1.000 to 0.725",
        "files: 2 TIFF, 1 BMP, 1 GIF, 1 JPEG, 1 PNG, 1 WebP, of 40 x 30 to 64 x 64 pixels, 6 8-bit colour, 1 8-bit colour with transparency",
        "left out: 2 .heic, 1 .avif, 1 .txt, 1 hidden, 1 without an ending",
        "duplicates: 3 items equal an earlier one",
    ];
    let found = text(set.summary().rows());
    assert_eq!(found.len(), expected.len(), "{found:?}");
    for part in [0, 2, 3] {
        assert_eq!(found[part], expected[part]);
    }
    let notes = recorded.notes.into_inner().unwrap();
    assert!(
        notes.iter().any(|note| note.starts_with("left out 2 .heic, 1 .avif: images of these kinds")),
        "{notes:?}"
    );
    // From the cache, the same is known.
    assert_eq!(text(case.build("size = 32").unwrap().summary().rows()), found);
}

/// A picture with something new in every corner.
fn gradient(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        Rgb([(x * 37 % 256) as u8, (y * 91 % 256) as u8, (x * y % 256) as u8])
    })
}

/// The brightest pixel of a set of 16-bit ramps, and the notes.
fn brightest(tops: &[u16], options: &str) -> (i32, Vec<String>) {
    let case = Case::new();
    for (i, &top) in tops.iter().enumerate() {
        save(ramp(top), &case.images, &format!("{i}.png"), ImageFormat::Png);
    }
    let recorded = Recorded::default();
    let set = case.build_recorded(&format!("size = 16\nchannels = 1\n{options}"), &recorded).unwrap();
    let most = all(&*set).iter().flat_map(|(image, _)| image.clone()).fold(-1.0, f32::max);
    (((most + 1.0) * 127.5).round() as i32, recorded.notes.into_inner().unwrap())
}

#[test]
fn twelve_bits_in_sixteen_are_stretched_and_it_is_said() {
    let (bright, notes) = brightest(&[4095, 2000], "");
    assert_eq!(bright, 255);
    assert!(notes[0].contains("above 4095, so they are read as 12-bit ones"), "{notes:?}");
    assert_eq!(brightest(&[255, 100], "").0, 255);
    assert_eq!(brightest(&[1023, 1000], "").0, 255);
    assert_eq!(brightest(&[16383, 5], "").0, 255);
    // One deep image tells that the others are dark.
    let (bright, notes) = brightest(&[65535, 4095], "");
    assert!(bright == 255 && notes.is_empty(), "{notes:?}");
    let (bright, notes) = brightest(&[4095, 4095], "bits = 16");
    assert!(bright == 16 && notes.is_empty(), "{bright} {notes:?}");
    assert_eq!(brightest(&[4095, 4095], "bits = 13").0, 127);
    refused("folder", "bits = 7", "bits");
}

#[test]
fn transparency_says_nothing_of_the_depth() {
    let case = Case::new();
    for i in 0..2 {
        let glass = ImageBuffer::from_fn(8, 8, |x, _| LumaA([x as u16 * 585, u16::MAX]));
        save(DynamicImage::ImageLumaA16(glass), &case.images, &format!("{i}.png"), ImageFormat::Png);
    }
    let set = case.build("size = 8\nchannels = 1").unwrap();
    assert!(all(&*set).iter().all(|(image, _)| image[7] == 1.0), "{:?}", all(&*set)[0].0);
    let modes = set.summary().files.unwrap().modes;
    assert_eq!(modes.keys().collect::<Vec<_>>(), ["16-bit grey with transparency read as 12-bit"]);
}

#[test]
fn a_jpeg_that_lacks_only_its_end_is_whole() {
    // The end marker is two bytes; the pixels before it end in the middle of a byte, and so are never longer than needed.
    for (n, whole) in [(0, true), (1, true), (2, true), (3, false), (6, false), (20, false), (100, false)] {
        let case = Case::new();
        save(flag(64, 64), &case.images, "a.jpg", ImageFormat::Jpeg);
        save(gradient(61, 53), &case.images, "b.jpg", ImageFormat::Jpeg);
        let path = case.images.path().join("b.jpg");
        let bytes = fs::read(&path).unwrap();
        let expected = case.build("size = 16").unwrap().fingerprint();
        fs::write(&path, &bytes[..bytes.len() - n]).unwrap();
        match case.build("size = 16") {
            Ok(set) => assert!(whole && set.fingerprint() == expected, "{n}"),
            Err(error) => assert!(!whole && error.contains("b.jpg (it is cut short)"), "{n}: {error}"),
        }
    }
}

#[test]
fn the_bound_on_pixels_is_a_field() {
    let case = Case::good();
    save(flag(90, 90), &case.images, "c.png", ImageFormat::Png);
    let why = "c.png (it has 90 x 90 pixels, and at most 8000 are decoded; data.max_pixels is the bound)";
    case.check("max_pixels = 8000", &["1 of the 3 images in", why]);
    assert_eq!(case.build("max_pixels = 8100").unwrap().n_items(), Some(3));
    refused("folder", "max_pixels = 10", "max_pixels");
}

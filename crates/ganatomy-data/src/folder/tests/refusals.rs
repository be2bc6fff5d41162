//! Folders and options that cannot be used.

use super::*;

#[test]
fn a_folder_without_enough_images_is_refused() {
    let case = Case::new();
    case.check(
        "",
        &[
            "holds no image of type JPEG, PNG, WebP, BMP, GIF or TIFF",
            &case.images.path().display().to_string(),
        ],
    );
    save(flag(8, 8), &case.images, "a/only.png", ImageFormat::Png);
    case.check("", &["holds only one image"]);
    save(flag(8, 8), &case.images, "a/second.png", ImageFormat::Png);
    case.check("labels = true", &["has one sub-folder with images"]);
}

#[test]
fn a_missing_folder_is_named() {
    let error = |options: &str, dir: Option<&Path>| {
        message(&build_in("folder", options, dir, Path::new("/nonexistent"), &Silent).err().unwrap())
    };
    assert_eq!(
        error("", None),
        "nothing says where the folder files are: give --data DIR, or set data.path or GANATOMY_DATA"
    );
    assert!(error("path = '/no/such'", None).starts_with("there is no folder /no/such"));
}

/// A text, an empty file, a cut JPEG, PNG and WebP, all with names of images.
fn damage(case: &Case) {
    let path = |name: &str| case.images.path().join(name);
    fs::write(path("text.jpg"), "this is no image").unwrap();
    fs::write(path("empty.png"), "").unwrap();
    for (name, format) in
        [("cut.jpeg", ImageFormat::Jpeg), ("cut.webp", ImageFormat::WebP), ("cut.png", ImageFormat::Png)]
    {
        save(flag(64, 64), &case.images, name, format);
        let whole = fs::read(path(name)).unwrap();
        fs::write(path(name), &whole[..whole.len() * 3 / 4]).unwrap();
    }
}

#[test]
fn unreadable_images_are_listed_by_name() {
    let case = Case::good();
    damage(&case);
    case.check(
        "",
        &[
            "5 of the 7 images in",
            "text.jpg (",
            "empty.png (",
            "cut.jpeg (it is cut short)",
            "cut.webp (",
            "cut.png (",
            "data.skip_unreadable = true",
        ],
    );
}

#[test]
fn unreadable_images_are_skipped_only_when_asked_and_always_noted() {
    let case = Case::good();
    damage(&case);
    // The second time, the images come from the cache.
    for _ in 0..2 {
        let recorded = Recorded::default();
        let set = case.build_recorded("skip_unreadable = true", &recorded).unwrap();
        assert_eq!(set.n_items(), Some(2));
        for (image, _) in all(&*set) {
            assert_near(pixel(&image, 64, 0.2, 0.2), [100, 0, 0]);
        }
        let notes = recorded.notes.into_inner().unwrap();
        assert_eq!(notes.len(), 5, "{notes:?}");
        assert!(notes[0].starts_with("left out") && notes[0].contains("cut.jpeg"), "{notes:?}");
    }
    assert!(case.build("").err().unwrap().starts_with("5 of the 7 images"));
    fs::remove_dir_all(case.images.path().join("a")).unwrap();
    assert!(case.build("skip_unreadable = true").err().unwrap().contains("holds only one image"));
}

#[cfg(unix)]
#[test]
fn only_regular_files_are_opened() {
    let case = Case::good();
    let path = |name: &str| case.images.path().join(name);
    // Opening a pipe that nobody writes would wait for ever, and this device never ends.
    let made = std::process::Command::new("mkfifo").arg(path("pipe.jpg")).status().unwrap();
    assert!(made.success());
    std::os::unix::fs::symlink("/dev/zero", path("zero.png")).unwrap();
    let why = "(it is not a regular file)";
    case.check("", &["2 of the 4 images in", &format!("pipe.jpg {why}"), &format!("zero.png {why}")]);
    assert_eq!(case.build("skip_unreadable = true").unwrap().n_items(), Some(2));
}

/// A chunk of a PNG file.
fn chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let body = [&kind[..], content].concat();
    let mut sum = flate2::Crc::new();
    sum.update(&body);
    [&(content.len() as u32).to_be_bytes()[..], &body, &sum.sum().to_be_bytes()].concat()
}

#[test]
fn images_of_too_many_pixels_are_not_decoded() {
    let case = Case::good();
    let side = 60_000u32.to_be_bytes();
    let header = [&side[..], &side, &[8, 2, 0, 0, 0]].concat();
    let png =
        [&b"\x89PNG\r\n\x1a\n"[..], &chunk(b"IHDR", &header), &chunk(b"IDAT", &[]), &chunk(b"IEND", &[])];
    fs::write(case.images.path().join("huge.png"), png.concat()).unwrap();
    let why = "huge.png (it has 60000 x 60000 pixels, and at most 200000000 are decoded; data.max_pixels is the bound)";
    case.check("", &["1 of the 3 images in", why]);
}

#[test]
fn labels_stay_with_their_images_when_some_are_skipped() {
    let case = Case::good();
    fs::write(case.images.path().join("a/before.jpg"), "rubbish").unwrap();
    let labelled = case.build("labels = true\nskip_unreadable = true\nsize = 16").unwrap();
    let mut labels: Vec<u32> = all(&*labelled).iter().map(|(_, label)| *label).collect();
    labels.sort_unstable();
    assert_eq!(labels, [0, 1]);
}

#[test]
fn bad_options_are_refused() {
    refused("folder", "size = 4", "size");
    refused("folder", "size = -64", "size");
    refused("folder", "size = 0", "size");
    refused("folder", "channels = 4", "channels");
    refused("folder", "background = \"transparent\"", "background");
    refused("folder", "held_out = 0.9", "held_out");
    let error = read("kind = \"folder\"\nchannels = 2").unwrap_err();
    assert_eq!(message(&error), "test.toml:3: data.channels must be 1 or 3, found 2");
}

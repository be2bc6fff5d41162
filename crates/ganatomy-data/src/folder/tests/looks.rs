//! What images look like to training, and their labels.

use super::*;

#[test]
fn every_format_looks_the_same() {
    let case = Case::good();
    save(flag(200, 100), &case.images, "deep/er/three.JpEg", ImageFormat::Jpeg);
    // The content counts, not the name.
    save(flag(33, 35), &case.images, "four.jpg", ImageFormat::Png);
    fs::write(case.images.path().join("notes.txt"), "not an image").unwrap();
    fs::write(case.images.path().join("._one.jpg"), "hidden").unwrap();
    let set = case.build("size = 32").unwrap();
    assert_eq!((set.item_shape(), set.n_items(), set.n_classes()), (&[32, 32, 3][..], Some(4), 0));
    for (image, _) in all(&*set) {
        assert_near(pixel(&image, 32, 0.2, 0.2), [100, 0, 0]);
        assert_near(pixel(&image, 32, 0.8, 0.2), [220, 0, 0]);
        assert_near(pixel(&image, 32, 0.2, 0.8), [0, 0, 100]);
        assert_near(pixel(&image, 32, 0.8, 0.8), [0, 0, 220]);
    }
}

#[test]
fn exif_orientation_is_honoured() {
    let case = Case::new();
    let upright = DynamicImage::ImageRgb8(flag(48, 40));
    // What a camera held the other way stores, for each of the orientations that photographs have.
    for (orientation, stored) in [
        (1, upright.clone()),
        (3, upright.rotate180()),
        (6, upright.rotate270()),
        (8, upright.rotate90()),
        (2, upright.fliph()),
    ] {
        save_turned(&stored.into_rgb8(), orientation, &case.images, &format!("{orientation}.jpg"));
    }
    for (image, _) in all(&*case.build("size = 16").unwrap()) {
        assert_near(pixel(&image, 16, 0.2, 0.2), [100, 0, 0]);
        assert_near(pixel(&image, 16, 0.8, 0.8), [0, 0, 220]);
    }
}

#[test]
fn reduction_averages_and_the_crop_is_centred() {
    let case = Case::new();
    // One-pixel stripes would alias to something far from grey; green sides are cut away.
    let stripes = RgbImage::from_fn(700, 501, |x, _| match x {
        100..600 => Rgb([255 * (x % 2) as u8; 3]),
        _ => Rgb([0, 255, 0]),
    });
    (0..2).for_each(|i| save(stripes.clone(), &case.images, &format!("{i}.png"), ImageFormat::Png));
    for (image, _) in all(&*case.build("size = 31").unwrap()) {
        for x in [0.1, 0.3, 0.5, 0.7, 0.9] {
            assert_near(pixel(&image, 31, x, 0.5), [128, 128, 128]);
        }
    }
}

#[test]
fn transparency_is_laid_on_the_background() {
    let case = Case::new();
    let glass = RgbaImage::from_fn(20, 20, |x, _| Rgba([200, 0, 0, if x < 10 { 0 } else { 128 }]));
    save(glass.clone(), &case.images, "1.png", ImageFormat::Png);
    save(glass, &case.images, "2.webp", ImageFormat::WebP);
    for (background, left, right) in
        [("white", [255; 3], [227, 127, 127]), ("#000064", [0, 0, 100], [100, 0, 50])]
    {
        for (image, _) in all(&*case.build(&format!("size = 20\nbackground = \"{background}\"")).unwrap()) {
            assert_near(pixel(&image, 20, 0.1, 0.5), left);
            assert_near(pixel(&image, 20, 0.9, 0.5), right);
        }
    }
}

#[test]
fn grey_has_one_channel() {
    let set = Case::good().build("channels = 1\nsize = 8").unwrap();
    assert_eq!(set.item_shape(), [8, 8, 1]);
    // Rec. 709: red is brighter than blue.
    assert!(
        all(&*set)
            .iter()
            .all(|(image, _)| image[0] > image[63] - 0.6 && image.iter().all(|x| x.abs() <= 1.0))
    );
}

#[test]
fn sub_folders_are_labels_in_order_of_names() {
    let case = Case::good();
    save(flag(8, 8), &case.images, "b/deep/er.png", ImageFormat::Png);
    save(RgbImage::new(9, 9), &case.images, "c/black.png", ImageFormat::Png);
    let set = case.build("labels = true\nsize = 8").unwrap();
    assert_eq!((set.n_classes(), set.class_names()), (3, ["a", "b", "c"].map(str::to_owned).to_vec()));
    assert_eq!(set.summary().class_items, [1, 2, 1]);
    let mut labels: Vec<u32> = all(&*set).iter().map(|(_, label)| *label).collect();
    labels.sort_unstable();
    assert_eq!(labels, [0, 1, 1, 2]);
    assert!(all(&*set).iter().any(|(image, label)| *label == 2 && image.iter().all(|&x| x == -1.0)));
    let held_out = case.build("labels = true\nsize = 8\nheld_out = 0.25").unwrap();
    assert_eq!((held_out.n_items(), held_out.held_out().unwrap().n_items()), (Some(3), Some(1)));
    save(flag(8, 8), &case.images, "stray.png", ImageFormat::Png);
    assert!(case.build("labels = true").err().unwrap().starts_with("stray.png is in no sub-folder of"));
}

#[test]
#[cfg(unix)]
fn links_that_go_round_end() {
    let case = Case::good();
    std::os::unix::fs::symlink(case.images.path(), case.images.path().join("a/up")).unwrap();
    assert_eq!(case.build("").unwrap().n_items(), Some(2));
}

#[test]
fn the_real_hands_are_upright() {
    let Some(folder) = real_data("sign-digits/Dataset") else {
        return;
    };
    let cache = tempfile::tempdir().unwrap();
    let set = build_in("folder", "labels = true", Some(&folder), cache.path(), &Silent).unwrap();
    assert_eq!((set.n_items(), set.n_classes()), (Some(2062), 10));
    // The three turned photographs alone: an arm comes in from below, so the bottom is darker than the top.
    let turned = tempfile::tempdir().unwrap();
    for name in ["IMG_5874.JPG", "IMG_5935.JPG", "IMG_5978.JPG"] {
        fs::copy(folder.join("7").join(name), turned.path().join(name)).unwrap();
    }
    let set = build_in("folder", "", Some(turned.path()), cache.path(), &Silent).unwrap();
    for (image, _) in all(&*set) {
        let mean = |part: &[f32]| part.iter().sum::<f32>() / part.len() as f32;
        let (top, bottom) = (mean(&image[..6 * 64 * 3]), mean(&image[58 * 64 * 3..]));
        assert!(bottom < top - 0.05, "top {top}, bottom {bottom}");
    }
}

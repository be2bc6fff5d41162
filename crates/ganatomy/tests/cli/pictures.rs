//! Samples that another program has saved as pictures: read by step, judged, and kept in the run folder.

use std::fmt::Write;

use ganatomy_view::Picture;
use serde_json::Value;

use crate::place::Place;

/// Side of a sample.
const SIDE: usize = 16;

/// A wave whose direction, length and phase are a number's.
fn wave(seed: u64, x: usize, y: usize) -> u8 {
    let part =
        |k: u64| ((seed * 3 + k).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) as f64 / (1u64 << 24) as f64;
    let angle = part(0) * x as f64 * 0.9 + (part(1) - 0.5) * y as f64 * 0.9 + 6.3 * part(2);
    (128.0 + 100.0 * angle.sin()) as u8
}

/// A picture of some samples, with two black pixels between them as `save_image` leaves them; one alone stands without.
fn sheet(seeds: &[u64]) -> Vec<u8> {
    let columns = if seeds.len() == 1 { 1 } else { 8 };
    let gap = if seeds.len() == 1 { 0 } else { 2 };
    let side = |n: usize| n * (SIDE + gap) + gap;
    let mut picture = Picture::new(side(columns), side(seeds.len().div_ceil(columns)), [0; 3]).unwrap();
    for (i, seed) in seeds.iter().enumerate() {
        let (left, top) = (gap + i % columns * (SIDE + gap), gap + i / columns * (SIDE + gap));
        for (x, y) in (0..SIDE).flat_map(|x| (0..SIDE).map(move |y| (x, y))) {
            picture.set(left + x, top + y, [wave(*seed, x, y); 3]);
        }
    }
    picture.to_png().unwrap()
}

/// A sane log of ten epochs of 100 steps.
fn log(place: &Place) {
    let mut text = String::new();
    for i in 0..50 {
        let (d, g) = (1.2 + 0.01 * f64::from(i % 7), 0.9 + 0.02 * f64::from(i % 5));
        writeln!(
            text,
            "[{}/10][{}/100]\tLoss_D: {d:.4}\tLoss_G: {g:.4}\tD(x): 0.55\tD(G(z)): 0.45 / 0.41",
            i / 5,
            i % 5 * 20
        )
        .unwrap();
    }
    place.write("train.log", text.as_bytes());
}

/// Sheets of ten epochs, their samples by a function of the epoch.
fn sheets(place: &Place, folder: &str, seeds: impl Fn(u64) -> Vec<u64>) {
    (0..10).for_each(|epoch| {
        place.write(&format!("{folder}/fake_samples_epoch_{epoch:03}.png"), &sheet(&seeds(epoch)));
    });
    place.write(&format!("{folder}/real_samples.png"), &sheet(&[7; 64]));
    place.write(&format!("{folder}/real_samples_epoch_003.png"), &sheet(&[7; 64]));
}

fn names(json: &str) -> Vec<(String, u64)> {
    let found: Value = serde_json::from_str(json).unwrap();
    let told = |one: &Value| (one["name"].as_str().unwrap().to_owned(), one["since_step"].as_u64().unwrap());
    found["verdicts"].as_array().unwrap().iter().map(told).collect()
}

#[test]
fn a_collapse_is_told_from_sheets_and_not_from_losses() {
    let place = Place::new();
    log(&place);
    sheets(&place, "out", |epoch| (0..64).map(|i| if epoch < 5 { 100 * epoch + i } else { 9 }).collect());
    assert_eq!(place.run(&["diagnose", "train.log"]).code, Some(0));
    let with = ["train.log", "--samples", "out"];
    let ran = place.run(&[&["diagnose"], &with[..]].concat());
    assert!(ran.out.starts_with("read as dcgan and pictures; steps count iterations\n"), "{}", ran.out);
    for part in [
        "each picture is a sheet of 64, 16 x 16 pixels, as guessed",
        "those named like fake_samples_epoch_000.png are read",
    ] {
        assert!(ran.out.contains(part), "{}", ran.out);
    }
    // Of 0.05 at most; a picture is of the end of its epoch.
    let told = names(&place.run(&[&["diagnose"], &with[..], &["--json"]].concat()).out);
    assert_eq!((ran.code, told), (Some(3), vec![("complete-collapse".to_owned(), 600)]));
    // As a run folder it has them by step.
    place.done(&[&["import"], &with[..], &["--out", "r"]].concat());
    assert!(place.at("r/samples/step-00000600.safetensors").is_file(), "{:?}", place.tree());
    assert_eq!(names(&place.run(&["diagnose", "r", "--json"]).out), [("complete-collapse".to_owned(), 600)]);
    assert!(place.done(&["show", "r"]).out.contains("samples/between_share"));
    place.done(&["compare", "r", "r", "--out", "both.html"]);
    assert!(place.read("both.html").contains("data:image/png"), "no samples are drawn");
    // Without a log they are a record too.
    let alone = place.run(&["diagnose", "--samples", "out", "--json"]);
    assert!(alone.out.contains("\"step\": \"epoch\""), "{}", alone.out);
    assert_eq!(names(&alone.out), [("complete-collapse".to_owned(), 5)]);
}

#[test]
fn samples_of_few_modes_have_twins() {
    let place = Place::new();
    (1..7).for_each(|step| {
        (0..36).for_each(|i| {
            place.write(
                &format!("out/step_{}/{i}.png", 100 * step),
                &sheet(&[if step < 3 { 100 * step + i } else { i % 3 }]),
            );
        });
    });
    let ran = place.run(&["diagnose", "--samples", "out", "--json"]);
    assert_eq!(names(&ran.out), [("partial-collapse".to_owned(), 300)], "{}", ran.err);
}

#[test]
fn beside_the_data_copies_are_told_and_fresh_samples_are_well() {
    let place = Place::new();
    log(&place);
    (0..60).for_each(|i| place.write(&format!("data/{i}.png"), &sheet(&[5000 + i])));
    let told = |folder: &str| {
        let ran = place.run(&["diagnose", "train.log", "--samples", folder, "--data", "data", "--json"]);
        assert!(ran.code.is_some_and(|code| code != 2), "{}", ran.err);
        names(&ran.out).into_iter().map(|one| one.0).collect::<Vec<_>>()
    };
    sheets(&place, "fresh", |epoch| (0..64).map(|i| 100 * epoch + i).collect());
    assert_eq!(told("fresh"), ["healthy"]);
    sheets(&place, "copies", |epoch| (0..64).map(|i| 5000 + (i * 7 + epoch) % 60).collect());
    assert_eq!(told("copies"), ["memorisation"]);
    sheets(&place, "one", |epoch| vec![3 + epoch; 64]);
    assert_eq!(told("one"), ["complete-collapse"]);
}

#[test]
fn pictures_that_cannot_be_read_as_samples_are_refused_in_one_sentence() {
    let place = Place::new();
    log(&place);
    place.write("prose/a.txt", b"x");
    place.write("plain/a.png", &sheet(&[1; 64]));
    place.write("plain/b.png", &sheet(&[2; 64]));
    place.write("single/1.png", &sheet(&[1]));
    place.write("single/2.png", &sheet(&[2]));
    place.write("torn/1.png", &sheet(&[1; 64])[..90]);
    place.write("torn/2.png", &sheet(&[1; 64]));
    sheets(&place, "out", |epoch| (0..64).map(|i| 100 * epoch + i).collect());
    place.write("few/1.png", &sheet(&[1]));
    place.write("few/2.png", &sheet(&[2]));
    let before = place.tree();
    let refused = |arguments: &[&str], text: &str| {
        place.run(&[&["import", "train.log", "--out", "r"], arguments].concat()).refused(text);
        assert_eq!(place.tree(), before, "{arguments:?} left something");
    };
    refused(&["--samples", "none"], "cannot read none");
    refused(&["--samples", "prose"], "prose holds no picture");
    refused(
        &["--samples", "plain"],
        "the pictures of plain do not say in their names which steps they are of",
    );
    refused(&["--samples", "single"], "if they are sheets, say with --tile WxH how large one sample is");
    refused(&["--samples", "torn"], "cannot read the picture torn/1.png");
    refused(&["--samples", "out", "--tile", "60x60"], "samples of 60 x 60 pixels do not fill the picture");
    refused(&["--samples", "out", "--data", "few"], "--data few holds 2 images, and at least 20 are needed");
    refused(&["--samples", "out", "--data", "mnits"], "neither a folder nor a data set; did you mean mnist?");
    for (arguments, text) in [
        (&["diagnose", "train.log", "--tile", "16x16"][..], "--samples"),
        (
            &["diagnose", "train.log", "--samples", "out", "--tile", "60"],
            "must be a width and a height from 1",
        ),
    ] {
        let ran = place.run(arguments);
        assert!(ran.code == Some(2) && ran.err.contains(text), "{ran:?}");
    }
}

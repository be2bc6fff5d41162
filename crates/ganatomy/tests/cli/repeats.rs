//! The same request gives the same bits.

use crate::bad_data::PIXEL;
use crate::place::Place;

const LAST: u64 = 40;

/// Small images through convolutions and batch norm, without the classifier.
const IMAGES: [&str; 20] = [
    "--set",
    "batch=4",
    "--set",
    "data.size=16",
    "--set",
    "generator.kind=dcgan",
    "--set",
    "generator.width=4",
    "--set",
    "discriminator.kind=dcgan",
    "--set",
    "discriminator.width=4",
    "--set",
    "probes.classes.every_steps=0",
    "--set",
    "checkpoint.every_steps=5",
    "--set",
    "samples.every_steps=5",
    "--set",
    "samples.n=4",
];

fn train(place: &Place, out: &str, more: &[&str]) -> Vec<u8> {
    place.done(&[&["train", "small.toml", "--out", out], more].concat());
    place.checkpoint(out, LAST)
}

#[test]
fn the_same_seed_gives_the_same_bits_on_any_number_of_threads() {
    let place = Place::new();
    let first = train(&place, "a", &["--threads", "1"]);
    assert!(train(&place, "b", &["--threads", "1"]) == first, "the same again");
    assert!(train(&place, "c", &["--threads", "3"]) == first, "on three threads");
    assert!(train(&place, "d", &["--seed", "1"]) != first, "with another seed");
}

#[test]
fn probes_and_pictures_do_not_touch_the_run() {
    let place = Place::new();
    let first = train(&place, "on", &[]);
    let off = ["probes.gradients.every_steps=0", "probes.modes.every_steps=0", "samples.every_steps=0"];
    let off: Vec<&str> = off.iter().flat_map(|assignment| ["--set", assignment]).collect();
    assert!(train(&place, "off", &off) == first);
    let often = ["probes.gradients.every_steps=1", "probes.modes.every_steps=1", "samples.every_steps=1"];
    let often: Vec<&str> = often.iter().flat_map(|assignment| ["--set", assignment]).collect();
    assert!(train(&place, "often", &often) == first);
}

#[test]
fn a_run_goes_further_as_if_it_had_never_stopped() {
    let place = Place::new();
    let whole = train(&place, "whole", &["--threads", "1"]);
    place.done(&["train", "small.toml", "--out", "parts", "--steps", "17", "--threads", "2"]);
    place.done(&["train", "--resume", "parts", "--steps", "23", "--threads", "1"]);
    place.done(&["train", "small.toml", "--resume", "parts", "--steps", "40", "--threads", "2"]);
    assert!(place.checkpoint("parts", LAST) == whole);
    assert!(place.read("parts/spec.toml").contains("steps = 40"));
    // A run that is over may be resumed: there is nothing left to do.
    place.done(&["train", "--resume", "parts"]);
    assert_eq!(place.show("parts")["outcome"], "done");
}

#[test]
fn images_repeat_on_any_number_of_threads_and_through_a_stop() {
    let place = Place::new();
    place.write("glyphs.toml", b"[data]\nkind = \"glyphs\"\n");
    let train = |out: &str, more: &[&str]| {
        place.done(&[&["train", "glyphs.toml", "--out", out], &IMAGES[..], more].concat());
    };
    train("whole", &["--steps", "12", "--threads", "1"]);
    train("parts", &["--steps", "7", "--threads", "2"]);
    place.done(&["train", "--resume", "parts", "--steps", "12", "--threads", "2"]);
    assert!(place.checkpoint("parts", 12) == place.checkpoint("whole", 12));
    let samples = "samples/step-00000012.safetensors";
    let bytes = |run: &str| std::fs::read(place.at(&format!("{run}/{samples}"))).unwrap();
    assert!(bytes("parts") == bytes("whole"));
}

#[test]
fn a_resume_finds_its_data_again() {
    let place = Place::new();
    for i in 0..4 {
        place.write(&format!("data/{i}.png"), PIXEL);
    }
    let asked = ["train", "folder", "--data", "data", "--out", "run", "--steps", "2"];
    place.done(&[&asked, &IMAGES[..]].concat());
    place.done(&["train", "--resume", "run", "--steps", "4"]);
    assert_eq!(place.show("run")["steps"], 4);
}

#[test]
fn a_resume_on_other_vectors_is_remarked() {
    let place = Place::new();
    let train = |level: &str, arguments: &[&str]| {
        let output = place.command(arguments).env("GANATOMY_SIMD", level).output().unwrap();
        let ran = crate::place::Ran::from(output);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        ran.err
    };
    train("portable", &["train", "small.toml", "--out", "run", "--steps", "2"]);
    assert!(place.read("run/plan.toml").contains("simd = \"portable\""));
    let same = train("portable", &["train", "--resume", "run", "--steps", "4"]);
    assert!(!same.contains("vectors"), "{same}");
    // Every processor that tests run on has wider vectors than the portable ones.
    let other = train("", &["train", "--resume", "run", "--steps", "6"]);
    assert!(other.contains("was computed with portable vectors and goes on with"), "{other}");
    assert!(!place.read("run/plan.toml").contains("simd = \"portable\""));
}

#[test]
fn runs_that_begin_at_once_take_names_of_their_own() {
    let place = Place::new();
    let started: Vec<_> = (0..6).map(|_| place.start(&["train", "small.toml", "--steps", "2"])).collect();
    for child in started {
        let ran = crate::place::Ran::from(child.wait_with_output().unwrap());
        assert_eq!(ran.code, Some(0), "{}", ran.err);
    }
    assert_eq!(std::fs::read_dir(place.at("runs")).unwrap().count(), 6);
}

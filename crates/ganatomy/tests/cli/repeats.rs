//! The same request gives the same bits.

use crate::place::Place;

const LAST: u64 = 40;

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

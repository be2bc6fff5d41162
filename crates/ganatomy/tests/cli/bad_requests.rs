//! Requests that cannot be met are refused in one sentence, and nothing is written.

use crate::place::{Place, Ran};

/// The request is refused with this text, and everything is as it was.
fn check(place: &Place, arguments: &[&str], text: &str) {
    let before = place.tree();
    place.run(arguments).refused(text);
    assert!(place.tree() == before, "{arguments:?} left something behind");
}

/// The same, for a spec with one assignment over it.
fn check_set(place: &Place, assignment: &str, text: &str) {
    check(place, &["train", "small.toml", "--set", assignment], text);
}

#[test]
fn unknown_keys_suggest_the_nearest() {
    let place = Place::new();
    check_set(
        &place,
        "generator.update.lrr=1",
        "unknown key \"lrr\" in [generator.update]; did you mean \"lr\"?",
    );
    place.write("typo.toml", b"steps = 10\nbach = 8\n");
    let ran = place.run(&["train", "typo.toml"]);
    ran.refused("typo.toml:2: unknown key \"bach\" at the top level; did you mean \"batch\"?");
    assert!(ran.err.contains("2 | bach = 8"), "{}", ran.err);
}

#[test]
fn wrong_types_and_ranges_are_named() {
    let place = Place::new();
    for (lr, found) in [("fast", "\"fast\""), ("nan", "nan"), ("inf", "inf"), ("0", "0")] {
        let text = format!("generator.update.lr must be a number greater than 0, found {found}");
        check_set(&place, &format!("generator.update.lr={lr}"), &text);
    }
    check_set(&place, "batch=0", "batch must be a whole number");
    check_set(&place, "batch=-8", "found -8");
    check_set(&place, "batch=8.5", "found 8.5");
    check_set(&place, "generator.hidden=[0]", "generator.hidden must be");
    check_set(&place, "generator.hidden=8", "generator.hidden must be");
    check_set(&place, "generator.z_dims=-1", "generator.z_dims must be");
    check_set(&place, "data.n_modes=0", "data.n_modes must be");
    check_set(&place, "loss.kind=nonsaturating", "did you mean \"non-saturating\"?");
    check_set(&place, "data=3", "data must be a table, found 3");
    check_set(&place, "batch", "--set batch: it must be written key=value");
}

#[test]
fn a_wrong_simd_level_is_named() {
    let place = Place::new();
    let output = place.command(&["train", "small.toml"]).env("GANATOMY_SIMD", "sse9").output().unwrap();
    Ran::from(output).refused("GANATOMY_SIMD: unknown SIMD level \"sse9\" (allowed: avx512, avx2");
}

#[test]
fn wrong_arguments_are_named() {
    let place = Place::new();
    let check = |arguments: &[&str], text: &str| {
        let ran = place.run(arguments);
        assert_eq!(ran.code, Some(2), "{}", ran.err);
        assert!(ran.err.starts_with("error: ") && ran.err.contains(text), "{}", ran.err);
    };
    check(
        &["train", "--steps", "0"],
        "invalid value '0' for '--steps <N>': must be a whole number of 1 or more",
    );
    check(&["train", "--steps", "-5"], "invalid value '-5'");
    check(&["train", "--seed", "x"], "must be a whole number of 0 or more");
    check(&["train", "--threads", "0"], "invalid value '0' for '--threads <N>'");
    check(&["train", "--resume", "a", "--out", "b"], "cannot be used with");
    check(&["trian"], "some similar subcommands exist: 'treat', 'train'");
    assert!(!place.at("runs").exists());
}

#[test]
fn specs_that_are_not_there_are_named() {
    let place = Place::new();
    check(&place, &["train", "rign"], "there is no recipe \"rign\"; did you mean \"ring\"?");
    check(&place, &["train", "zebra"], "the recipes are ring, ");
    check(&place, &["train", "none.toml"], "cannot read the spec none.toml");
    place.write("broken.toml", b"steps = \n");
    check(&place, &["train", "broken.toml"], "broken.toml:1: this is not valid TOML");
}

#[test]
fn folders_in_the_way_are_kept() {
    let place = Place::new();
    place.done(&["train", "small.toml", "--steps", "3", "--out", "run"]);
    check(
        &place,
        &["train", "small.toml", "--out", "run"],
        "run already holds a run; continue it with --resume run",
    );
    place.write("mine/notes.txt", b"x");
    for more in [&[][..], &["--overwrite"]] {
        let arguments = [&["train", "small.toml", "--out", "mine"], more].concat();
        check(&place, &arguments, "mine is not empty and is not a run folder");
    }
    check(&place, &["train", "small.toml", "--out", "small.toml"], "small.toml is a file, not a folder");
}

#[test]
fn resumes_that_do_not_fit_are_refused() {
    let place = Place::new();
    place.done(&["train", "small.toml", "--out", "run"]);
    let check = |more: &[&str], text: &str| {
        check(&place, &[&["train", "--resume", "run"], more].concat(), text);
    };
    check(&["--seed", "1"], "run cannot be resumed with another spec: seed was 0 and is now 1");
    check(&["--set", "generator.update.lr=0.5"], "generator.update.lr was 0.0002 and is now 0.5");
    check(&["--set", "generator.kind=dcgan"], "generator.kind was \"mlp\" and is now \"dcgan\"");
    check(&["--set", "generator.update.lrr=0.5"], "unknown key \"lrr\"");
    check(&["--steps", "39"], "run has made 40 steps already, so steps must be at least 40, found 39");
    check(&["grid"], "run cannot be resumed with another spec: name was \"small\" and is now \"grid\"");
    place.write("other/notes.txt", b"x");
    place.run(&["train", "--resume", "other"]).refused("other is not a run folder: it has no spec.toml");
    place.run(&["train", "--resume", "none"]).refused("cannot open the run none");
}

#[test]
fn checkpoints_that_do_not_fit_are_refused() {
    let place = Place::new();
    let checkpoint = "run/checkpoints/step-00000040.safetensors";
    place.done(&["train", "small.toml", "--out", "run"]);
    place.done(&["train", "small.toml", "--out", "wide", "--set", "generator.hidden=[9]"]);
    place.done(&["train", "small.toml", "--out", "deep", "--set", "generator.hidden=[8, 8]"]);
    let whole = place.checkpoint("run", 40);
    let resume = ["train", "--resume", "run", "--steps", "50"];
    let damaged: [&[u8]; 4] =
        [b"", b"not a checkpoint", &whole[..whole.len() / 2], &whole[..whole.len() - 1]];
    for bytes in damaged {
        place.write(checkpoint, bytes);
        check(&place, &resume, checkpoint);
    }
    for other in ["wide", "deep"] {
        place.write(checkpoint, &place.checkpoint(other, 40));
        check(&place, &resume, checkpoint);
    }
    place.write(checkpoint, &whole);
    place.done(&resume);
}

#[test]
fn data_sets_that_cannot_be_fetched_are_named() {
    let place = Place::new();
    check(&place, &["data", "fetch", "mnits"], "cannot fetch \"mnits\" (did you mean \"mnist\"?)");
}

#[test]
fn a_name_is_one_plain_part_of_a_path() {
    let place = Place::new();
    for name in ["../../../etc/x", "a/b", "", ".hidden", "-x", "a b", "tab\\there"] {
        check_set(&place, &format!("name=\"{name}\""), "name must be 1 to 100 letters, digits");
    }
    let long = format!("name={}", "x".repeat(300));
    check_set(&place, &long, "of 300 letters");
    let dry = |name: &str| place.done(&["train", "small.toml", "--dry-run", "--set", name]).out;
    assert!(dry("name=ring_2.b").contains("ring_2.b, seed"), "a plain name");
    assert!(dry("name=고리").contains("고리, seed"), "letters of any script");
}

#[test]
fn requests_are_bounded_before_they_are_parsed() {
    let place = Place::new();
    check_set(
        &place,
        &format!("{}b=1", "a.".repeat(20_000)),
        "a key goes through at most 32 tables, found 20001",
    );
    check_set(&place, &format!("name={}", "x".repeat(70_000)), "it holds at most 65536 bytes, found 70005");
    place.write("big.toml", &vec![b'#'; 3 << 20]);
    check(&place, &["train", "big.toml"], "big.toml: a spec holds at most 1048576 bytes, found 3145728");
    place.write("deep.toml", format!("{}b = 1\n", "a.".repeat(20_000)).as_bytes());
    check(&place, &["train", "deep.toml"], "deep.toml: line 1 has a key of more than 32 tables");
    for threads in ["0", "1025", "1000000", "-1"] {
        let ran = place.run(&["train", "small.toml", "--threads", threads]);
        assert!(
            ran.code == Some(2) && ran.err.contains("must be a whole number from 1 to 1024"),
            "{}",
            ran.err
        );
    }
    let ran = place.run(&["train", "small.toml", "--set", "loss.kind=\u{1b}[31mred\u{7}"]);
    assert!(!ran.err.contains(['\u{1b}', '\u{7}']), "{:?}", ran.err);
}

#[test]
fn numbers_that_single_precision_cannot_hold_are_refused() {
    let place = Place::new();
    for lr in ["1e308", "1e39", "1e-46"] {
        let text = format!(
            "generator.update.lr must be zero or a number of size 1.1754944e-38 to 3.4028235e38, found {lr}"
        );
        check_set(&place, &format!("generator.update.lr={lr}"), &text);
    }
    check_set(&place, "remedies.r1.gamma=1e308", "remedies.r1.gamma must be zero or a number of size");
    check_set(
        &place,
        "seed=9223372036854775808",
        "seed must be a whole number from 0 to 9223372036854775807",
    );
}

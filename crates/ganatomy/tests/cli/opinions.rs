//! Second opinions on other programs' runs: what the README of the collected logs says of each is what is said.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::place::Place;

/// A log, and what is surely wrong with it.
const LOGS: [(&str, &[&str]); 31] = [
    ("studiogan/cifar10-biggan.log", &[]),
    ("studiogan/cifar10-sngan.log", &[]),
    ("studiogan/tiny_imagenet-sngan.log", &[]),
    ("studiogan/cifar10-dcgan.log", &["discriminator-too-strong", "past-its-best"]),
    ("studiogan/cifar10-lsgan.log", &["discriminator-too-strong", "past-its-best"]),
    ("studiogan/cifar10-wgan-gp.log", &[]),
    ("studiogan/tiny_imagenet-wgan-gp.log", &["dead-players", "never-learned"]),
    ("studiogan/cifar10-wgan-dra.log", &["past-its-best"]),
    ("studiogan/tiny_imagenet-diffaugganc.log", &["past-its-best"]),
    ("studiogan/afhq-stylegan2-d2dce-ada.log", &[]),
    ("stylegan/sprites.stats.jsonl", &[]),
    ("stylegan/sprites.events.out.tfevents.1714469542", &["broken-score"]),
    ("stylegan/sprites.metric-fid50k_full.jsonl", &["broken-score"]),
    ("stylegan/overfit.stats.jsonl", &["discriminator-too-strong", "discriminator-overfitting"]),
    ("cyclegan/one-sided.loss_log.txt", &["discriminator-too-strong"]),
    ("csv/flip-then-dead.csv", &["dead-players"]),
    ("csv/balanced.csv", &[]),
    ("csv/bigan-unknown-names.csv", &[]),
    ("chainer/dcgan64.log.json", &["discriminator-too-strong"]),
    ("chainer/sndcgan.log.json", &[]),
    ("text/voice.txt", &["discriminator-too-strong"]),
    ("text/voice-stuck.txt", &["dead-players"]),
    ("dcgan/healthy-after-a-bad-start.log", &[]),
    ("dcgan/saturated.log", &["dead-players"]),
    ("dcgan/d-wins.log", &["discriminator-too-strong"]),
    ("text/keras-stable.log", &[]),
    ("text/keras-d-wins.log", &["discriminator-too-strong"]),
    ("text/relativistic-zero-is-normal.log", &[]),
    ("text/penalty-explodes.log", &["diverged", "exploding-gradient"]),
    ("text/stuck-at-50.log", &["dead-players"]),
    ("text/never-learns.jsonl", &["never-learned"]),
];
/// Those of which something is said as a perhaps: mildly past its best, and one jump in the last evaluation.
const PERHAPS: [&str; 2] = ["studiogan/tiny_imagenet-sngan.log", "studiogan/afhq-stylegan2-d2dce-ada.log"];

/// One whose names mean nothing to us.
const UNKNOWN: &str = "csv/bigan-unknown-names.csv";

/// The folder of the logs, where it is.
fn logs() -> Option<PathBuf> {
    let folder = std::env::var_os("GANATOMY_DATA").map(|data| Path::new(&data).join("logs"));
    let found = folder.filter(|folder| folder.is_dir());
    if found.is_none() {
        println!("skipped: GANATOMY_DATA names no folder with logs in it");
    }
    found
}

fn names(found: &Value, is_told: impl Fn(&Value) -> bool) -> Vec<&str> {
    let told = found["verdicts"].as_array().unwrap().iter().filter(|one| is_told(one));
    told.map(|one| one["name"].as_str().unwrap()).collect()
}

fn is_well(one: &Value) -> bool {
    ["healthy", "converged", "too-early"].iter().any(|name| one["name"] == *name)
}

#[test]
fn every_collected_log_gives_what_is_known_of_it() {
    let Some(folder) = logs() else { return };
    let place = Place::new();
    for (log, expected) in LOGS {
        let ran = place.run(&["diagnose", folder.join(log).to_str().unwrap(), "--json"]);
        if log == UNKNOWN {
            ran.refused("no name of this log is known: ");
            continue;
        }
        let code = if expected.is_empty() { 0 } else { 3 };
        assert_eq!(ran.code, Some(code), "{log}: {}{}", ran.out, ran.err);
        let found: Value = serde_json::from_str(&ran.out).unwrap();
        let is_sure = |one: &Value| one["confidence"].as_f64().unwrap() >= 0.5;
        assert_eq!(names(&found, |one| is_sure(one) && !is_well(one)), expected, "{log}: {}", ran.out);
        let perhaps = names(&found, |one| !is_sure(one) && !is_well(one));
        assert_eq!(perhaps.is_empty(), !PERHAPS.contains(&log), "{log}: {perhaps:?}");
        // No loss shows a collapse.
        let untold = found["cannot_tell"].as_array().unwrap();
        assert!(untold.iter().any(|one| one["name"] == "complete-collapse"), "{log}");
        assert!(!names(&found, |_| true).is_empty(), "{log}: {}", ran.out);
        // What helps is said in words: no change of our spec helps another's script.
        assert!(!ran.out.contains("\"change\": \"--"), "{log}: {}", ran.out);
    }
}

#[test]
fn a_page_shows_what_was_found() {
    let place = Place::new();
    let lines = (0..60).map(|i| {
        let (d, g) = if i < 20 { (1.4, 0.7) } else { (0.001, 9.0 + f64::from(i) / 10.0) };
        format!(
            "[{i}/99][0/10]\tLoss_D: {d:.4}\tLoss_G: {g:.4}\tD(x): 0.9\tD(G(z)): 0.1 / 0.1\textra_loss: 3\n"
        )
    });
    place.write("their.log", lines.collect::<String>().as_bytes());
    let ran = place.run(&["diagnose", "their.log", "--out", "page.html"]);
    assert_eq!(ran.code, Some(3), "{}{}", ran.out, ran.err);
    assert!(
        ran.out.contains("written to page.html") && ran.out.contains("as many updates of D as of G"),
        "{}",
        ran.out
    );
    let page = place.read("page.html");
    for part in [
        "A second opinion on their.log",
        "discriminator-too-strong",
        "<svg ",
        "Loss_D",
        "What to try next",
        "Taken for",
        "save a thousand samples",
        "vutils.save_image",
    ] {
        assert!(page.contains(part), "{part}");
    }
    assert!(!page.contains("src=\"http") && !page.contains("ganatomy train"));
    let ran = place.run(&["diagnose", "their.log", "--out", "no/such/folder/page.html"]);
    assert!(ran.code == Some(2) && ran.err.contains("page.html"), "{ran:?}");
}

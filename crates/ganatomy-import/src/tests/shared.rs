//! The real logs of the shared data folder, each against what is known of it.

use std::path::PathBuf;

use super::told;
use crate::{Imported, Options, read};

/// The folder of real logs, if it is there.
fn logs() -> Option<PathBuf> {
    let folder = std::env::var_os("GANATOMY_DATA").map(|root| PathBuf::from(root).join("logs"));
    let found = folder.filter(|folder| folder.is_dir());
    if found.is_none() {
        eprintln!("skipped: GANATOMY_DATA does not name a folder that holds logs");
    }
    found
}

fn imported(names: &[&str]) -> Option<Imported> {
    let folder = logs()?;
    let paths: Vec<PathBuf> = names.iter().map(|name| folder.join(name)).collect();
    Some(read(&paths, &Options::default()).unwrap())
}

fn check(name: &str, expected: &[&str]) {
    if let Some(imported) = imported(&[name]) {
        assert_eq!(told(&imported), expected, "{name}");
    }
}

/// The losses and the FID of a log of StudioGAN.
fn check_studiogan(name: &str, d: &str, g: &str, fid: &str) {
    let Some(imported) = imported(&[&format!("studiogan/{name}.log")]) else { return };
    let told = told(&imported);
    let has = |line: String| assert!(told.contains(&line), "{name}: no {line} in {told:#?}");
    has("studiogan by iteration".to_owned());
    has(format!("discriminator/loss {d}"));
    has(format!("generator/loss {g}"));
    has(format!("scores/fid/fid {fid}"));
}

#[test]
fn studiogan() {
    let check = check_studiogan;
    check(
        "cifar10-biggan",
        "1000: 0.251267 at 100 to 0.395791 at 100000",
        "1000: 1.32045 at 100 to 1.81904 at 100000",
        "50: 45.42340630285878 at 2000 to 8.128116285525437 at 100000",
    );
    check(
        "cifar10-sngan",
        "1000: 0.0787987 at 100 to 0.678149 at 100000",
        "1000: 1.68434 at 100 to 0.485106 at 100000",
        "50: 43.62704660900522 at 2000 to 13.444563590985638 at 100000",
    );
    check(
        "tiny_imagenet-sngan",
        "1000: 1.90574 at 100 to 0.503286 at 100000",
        "1000: 0.328035 at 100 to 0.962769 at 100000",
        "50: 138.1404537249033 at 2000 to 62.92296589117768 at 100000",
    );
    check(
        "cifar10-dcgan",
        "2000: 0.00663902 at 100 to 0.00190017 at 200000",
        "2000: 5.11956 at 100 to 9.71364 at 200000",
        "100: 114.93817616783508 at 2000 to 137.4065764501608 at 200000",
    );
    check(
        "cifar10-lsgan",
        "2000: 0.378407 at 100 to 0.000031928 at 200000",
        "2000: 0.736341 at 100 to 0.506222 at 200000",
        "100: 258.15003985938176 at 2000 to 330.93090054045535 at 200000",
    );
    check(
        "cifar10-wgan-gp",
        "1000: -2.8998 at 100 to -0.0232776 at 100000",
        "1000: -1.18291 at 100 to 213.32 at 100000",
        "50: 61.177598611535814 at 2000 to 29.463751261595576 at 100000",
    );
    check(
        "tiny_imagenet-wgan-gp",
        "1000: -0.0000000083237 at 100 to -0.000000000785803 at 100000",
        "1000: 0.00915393 at 100 to 0.121254 at 100000",
        "50: 314.8806720573301 at 2000 to 308.7226354179518 at 100000",
    );
    check(
        "tiny_imagenet-diffaugganc",
        "2000: 7.00898 at 100 to 5.67999 at 200000",
        "2000: 5.17727 at 100 to 4.46049 at 200000",
        "100: 138.80224333193837 at 2000 to 198.26696993082692 at 200000",
    );
    check(
        "afhq-stylegan2-d2dce-ada",
        "1517: 3.914 at 100 to 3.603 at 151700",
        "1517: 3.28 at 100 to 1.867 at 151700",
        "75: 324.5602013843763 at 2000 to 9.343097125997588 at 150000",
    );
}

#[test]
fn a_resumed_run_goes_on_where_it_was_resumed() {
    check_studiogan(
        "cifar10-wgan-dra",
        "1000: -2.05269 at 100 to 0.0592239 at 100000",
        "1000: 10.1426 at 100 to 324.486 at 100000",
        "50: 68.76782347271325 at 2000 to 65.18085694790165 at 100000",
    );
    let Some(imported) = imported(&["studiogan/cifar10-wgan-dra.log"]) else { return };
    assert!(imported.notes[0].starts_with("its steps go back once"), "{:?}", imported.notes);
    let fid = &imported.series()["scores/fid/fid"];
    assert!(fid.windows(2).all(|pair| pair[0].0 < pair[1].0));
}

#[test]
fn stylegan() {
    let Some(imported) =
        imported(&["stylegan/sprites.stats.jsonl", "stylegan/sprites.metric-fid50k_full.jsonl"])
    else {
        return;
    };
    assert_eq!(imported.formats, ["stylegan-stats", "stylegan-metric"]);
    let expected = [
        "augment/probability 80: 0 at 0 to 0.5670419931411743 at 316",
        "discriminator/sign_real 80: 1 at 0 to 0.5864661654135338 at 316",
        "discriminator/loss 80: 0.16591492295265198 at 0 to 0.8234098637104035 at 316",
    ];
    let told = told(&imported);
    expected.iter().for_each(|line| assert!(told.contains(&(*line).to_owned()), "no {line} in {told:#?}"));
    let fid = &imported.series()["scores/fid/fid"];
    assert_eq!((fid.len(), fid[0].0, fid[7].0), (8, 0, 280));
    assert!(fid[0].1 == 1.1769565753850026e57 && fid[7].1 < 0.0, "{fid:?}");
    let Some(overfit) = super::shared::imported(&["stylegan/overfit.stats.jsonl"]) else { return };
    assert_eq!(
        overfit.series()["discriminator/sign_real"],
        [
            (188, 0.9736463414634147),
            (224, overfit.series()["discriminator/sign_real"][1].1),
            (236, 0.9685945121951219),
        ]
    );
}

#[test]
fn the_same_run_as_tensorboards_events() {
    let Some(events) = imported(&["stylegan/sprites.events.out.tfevents.1714469542"]) else { return };
    let Some(stats) = imported(&["stylegan/sprites.stats.jsonl"]) else { return };
    assert_eq!((events.formats[0], events.unit.word()), ("tensorboard", "kimg"));
    for (name, points) in stats.series() {
        let others = &events.series()[name];
        assert_eq!(points.len(), others.len(), "{name}");
        for (one, other) in points.iter().zip(others) {
            // Event files hold 32 bits.
            assert!(one.0 == other.0 && one.1 as f32 == other.1 as f32, "{name}: {one:?} and {other:?}");
        }
    }
    // At each tick the score is told once more, and 32 bits make 1e57 infinite.
    let fid = &events.series()["scores/fid/fid"];
    assert!(fid.len() <= 8 && fid[0] == (0, f64::INFINITY), "{fid:?}");
}

#[test]
fn tables_and_json() {
    let both = |d: &str, g: &str| [format!("discriminator/loss {d}"), format!("generator/loss {g}")];
    let check = |name: &str, head: &str, [d, g]: [String; 2]| check(name, &[head, &d, &g]);
    let losses = both(
        "100: 1.4186863899230957 at 0 to 1.391049861907959 at 99",
        "100: 0.6562041640281677 at 0 to 0.688255786895752 at 99",
    );
    check("csv/flip-then-dead.csv", "csv by epoch", losses);
    let losses = both(
        "100: 1.665775179862976 at 0 to 1.4310439825057983 at 99",
        "100: 0.4908714294433594 at 0 to 0.5604055523872375 at 99",
    );
    check("csv/balanced.csv", "csv by epoch", losses);
    let losses = both(
        "1000: 1.3112444877624512 at 100 to 0.026053545996546745 at 100000",
        "1000: 7.357366561889648 at 100 to 14.007801055908203 at 100000",
    );
    check("chainer/dcgan64.log.json", "json by iteration", losses);
    let losses = both(
        "1000: 0.8867555856704712 at 100 to 0.7296038269996643 at 100000",
        "1000: 1.4890296459197998 at 100 to 1.5129412412643433 at 100000",
    );
    check("chainer/sndcgan.log.json", "json by iteration", losses);
}

#[test]
fn names_that_mean_nothing_are_said_and_not_guessed() {
    let Some(imported) = imported(&["csv/bigan-unknown-names.csv"]) else { return };
    assert_eq!((imported.formats[0], imported.series().len()), ("csv", 0));
    let names: Vec<&str> = imported.ignored.iter().map(|ignored| ignored.theirs.as_str()).collect();
    assert_eq!(names, ["G", "E", "Dx", "Dz", "Rx", "Rz"]);
    let why = imported.check().unwrap_err().to_string();
    assert!(
        why.starts_with("no name of this log is known: G, E, Dx, Dz, Rx, Rz; say what they mean"),
        "{why}"
    );
    let map = vec!["G=generator/loss".parse().unwrap(), "Dx=discriminator/loss_real".parse().unwrap()];
    let path = logs().unwrap().join("csv/bigan-unknown-names.csv");
    let mapped = read(&[path], &Options { map, ..Options::default() }).unwrap();
    assert_eq!(mapped.series()["discriminator/loss_real"].len(), 1144);
    assert_eq!(mapped.series()["generator/loss"][1143], (3430, 0.03458837241582249));
}

#[test]
fn lines() {
    check(
        "dcgan/d-wins.log",
        &[
            "dcgan by iteration",
            "discriminator/loss 8: 1.801 at 0 to 0 at 62",
            "discriminator/probability_fake 8: 0.3617 at 0 to 0 at 62",
            "discriminator/probability_fake_after 8: 0.0005 at 0 to 0 at 62",
            "discriminator/probability_real 8: 0.4317 at 0 to 1 at 62",
            "generator/loss 8: 8.0963 at 0 to 57.074 at 62",
        ],
    );
}

#[test]
fn what_scripts_print() {
    let Some(healthy) = imported(&["dcgan/healthy-after-a-bad-start.log"]) else { return };
    assert_eq!(healthy.series()["discriminator/loss"].len(), 65);
    assert_eq!(healthy.series()["discriminator/loss"][64], (7882, 0.6479));
    let Some(saturated) = imported(&["dcgan/saturated.log"]) else { return };
    assert_eq!(saturated.series()["discriminator/loss"][3], (3056, 100.0));
    let Some(cycle) = imported(&["cyclegan/one-sided.loss_log.txt"]) else { return };
    assert_eq!(cycle.series().len(), 4);
    assert!(cycle.series().values().all(|points| points.len() == 1625));
    assert_eq!(cycle.series()["pair/A/generator/loss"][1624].1, 1.009);
    check(
        "text/keras-d-wins.log",
        &[
            "keras by iteration",
            "discriminator/accuracy_fake 10: 0.12 at 1 to 1 at 450",
            "discriminator/accuracy_real 10: 0.54 at 1 to 1 at 450",
            "discriminator/loss_fake 10: 0.902 at 1 to 0 at 450",
            "discriminator/loss_real 10: 0.728 at 1 to 0 at 450",
            "generator/loss 10: 0.763 at 1 to 10.427 at 450",
        ],
    );
    let Some(stable) = imported(&["text/keras-stable.log"]) else { return };
    assert_eq!(stable.series()["discriminator/accuracy_fake"][9], (450, 0.42));
}

#[test]
fn lines_of_threads() {
    check(
        "text/penalty-explodes.log",
        &[
            "progress by iteration",
            "discriminator/loss 5: 3.13 at 1 to NaN at 3020",
            "discriminator/penalty 5: 0 at 1 to 10 at 3020",
            "generator/loss 5: 5.45 at 1 to NaN at 3020",
        ],
    );
    check(
        "text/relativistic-zero-is-normal.log",
        &[
            "lines by iteration",
            "discriminator/loss 6: 0 at 252 to 0 at 297",
            "generator/loss 6: 9.195433 at 252 to 7.378197 at 297",
        ],
    );
    check(
        "text/stuck-at-50.log",
        &[
            "epochs by row",
            "discriminator/loss 7: 50 at 1 to 50 at 7",
            "generator/loss 7: 0 at 1 to 0 at 7",
            "generator/total_loss 7: 16.74575 at 1 to 17.62228 at 7",
        ],
    );
    check(
        "text/voice-stuck.txt",
        &[
            "epochs by epoch",
            "discriminator/loss 1054: 0.179663 at 0 to 0.078125 at 1053",
            "generator/loss 1054: 25.2797 at 0 to 25.9464 at 1053",
        ],
    );
    check(
        "text/never-learns.jsonl",
        &[
            "jsonl by iteration",
            "scores/fid/fid 4: 394.4552307128906 at 2000 to 319.775146484375 at 8000",
            "scores/inception/inception_score 4: 1.0304653644561768 at 2000 to 1.0835497379302979 at 8000",
        ],
    );
    let Some(voice) = imported(&["text/voice.txt"]) else { return };
    assert_eq!((voice.unit.word(), voice.last_step()), ("iteration", 1558));
    assert!(voice.notes[0].starts_with("it holds 6 runs, as steps begin anew"), "{:?}", voice.notes);
}

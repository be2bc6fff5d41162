//! The commands that answer questions about runs and about what there is.

use std::process::Stdio;

use ganatomy::tensor::Store;

use crate::place::Place;

const PNG: &[u8] = b"\x89PNG";

#[test]
fn samples_of_points_are_a_plot_or_an_array() {
    let place = Place::new();
    place.done(&["train", "small.toml", "--out", "run"]);
    let ran = place.done(&["sample", "run", "--n", "9", "--out", "x.png"]);
    assert!(ran.out.contains("x.png holds 9 samples of step 40"), "{}", ran.out);
    assert!(std::fs::read(place.at("x.png")).unwrap().starts_with(PNG));
    let sample = |more: &[&str], out: &str| {
        place.done(&[&["sample", "run", "--n", "9", "--out", out], more].concat());
        std::fs::read(place.at(out)).unwrap()
    };
    let array = sample(&[], "a.npy");
    assert!(String::from_utf8_lossy(&array).contains("'shape': (9, 2, )"));
    assert_eq!(sample(&[], "b.npy"), array);
    for (i, more) in [&["--seed", "1"][..], &["--no-ema"], &["--interpolate"]].iter().enumerate() {
        assert_ne!(sample(more, &format!("{i}.npy")), array, "{more:?}");
    }
}

#[test]
fn samples_of_images_are_a_sheet_or_an_array() {
    let place = Place::new();
    let small = ["--set", "generator.kind=mlp", "--set", "discriminator.kind=mlp", "--set", "batch=4"];
    let quiet = ["--set", "probes.classes.every_steps=0", "--steps", "2", "--out", "run"];
    place.write("glyphs.toml", b"[data]\nkind = \"glyphs\"\n");
    place.done(&[&["train", "glyphs.toml"], &small[..], &quiet].concat());
    assert!(place.at("run/samples.gif").is_file());
    for (more, out) in [(&[][..], "x.png"), (&["--interpolate"], "y.png")] {
        place.done(&[&["sample", "run", "--n", "4", "--out", out], more].concat());
        assert!(std::fs::read(place.at(out)).unwrap().starts_with(PNG));
    }
    place.done(&["sample", "run", "--n", "4", "--out", "x.npy"]);
    let array = std::fs::read(place.at("x.npy")).unwrap();
    assert!(String::from_utf8_lossy(&array).contains("'shape': (4, 28, 28, 1, )"));
}

#[test]
fn samples_of_one_class_and_their_labels_can_be_had() {
    let place = Place::new();
    place.write("glyphs.toml", b"[data]\nkind = \"glyphs\"\nsize = 8\n[remedies.class-conditioning]\n");
    let small = ["--set", "batch=4", "--set", "probes.classes.every_steps=0", "--steps", "2", "--out", "run"];
    place.done(&[&["train", "glyphs.toml"], &small[..]].concat());
    let labels = |more: &[&str]| {
        let ran = place.done(&[&["sample", "run", "--n", "9", "--out", "x.npy"], more].concat());
        assert!(ran.out.contains("x.labels.npy holds their classes (0 = 0, 1 = 1, "), "{}", ran.out);
        let bytes = std::fs::read(place.at("x.labels.npy")).unwrap();
        assert!(String::from_utf8_lossy(&bytes).contains("'descr': '<u4'"));
        bytes[bytes.len() - 36..].as_chunks().0.iter().map(|b| u32::from_le_bytes(*b)).collect::<Vec<_>>()
    };
    assert_eq!(labels(&["--class", "7"]), [7; 9]);
    assert_eq!(labels(&["--interpolate"]), [0, 0, 0, 1, 1, 1, 2, 2, 2]);
    let drawn = labels(&[]);
    assert!(
        drawn.iter().any(|class| *class != drawn[0]) && drawn.iter().all(|class| *class < 10),
        "{drawn:?}"
    );
    let before = place.tree();
    let asked = ["sample", "run", "--out", "y.npy", "--class", "seven"];
    place.run(&asked).refused("there is no class \"seven\"; the classes are 0 \"0\", 1 \"1\"");
    assert_eq!(place.tree(), before);
}

#[test]
fn walks_of_one_number_stay_where_samples_are() {
    let place = Place::new();
    let line = ["--set", "generator.z_dims=1", "--steps", "2", "--out", "run"];
    place.done(&[&["train", "small.toml"], &line[..]].concat());
    place.done(&["sample", "run", "--interpolate", "--n", "64", "--out", "x.npy"]);
    let bytes = std::fs::read(place.at("x.npy")).unwrap();
    let points = bytes[bytes.len() - 512..].as_chunks().0.iter().map(|b| f32::from_le_bytes(*b));
    let farthest = points.fold(0.0, |most: f32, x| most.max(x.abs()));
    assert!(farthest < 100.0, "{farthest}");
    place.run(&["sample", "run", "--out", "y.png", "--class", "0"]).refused("is given no class");
}

#[test]
fn samples_that_cannot_be_had_are_refused() {
    let place = Place::new();
    place.done(&["train", "small.toml", "--out", "run"]);
    let before = place.tree();
    let check = |arguments: &[&str], text: &str| place.run(&[&["sample"], arguments].concat()).refused(text);
    check(&["run", "--out", "x.jpg"], "--out x.jpg");
    check(&["none", "--out", "x.png"], "cannot open the run none");
    check(&["run", "--out", "no/where/x.png"], "no/where/x.png");
    check(&["run", "--out", "x.png", "--interpolate", "--n", "10"], "square number such as 64, found 10");
    assert_eq!(place.tree(), before);
}

#[test]
fn an_export_is_a_safetensors_file() {
    let place = Place::new();
    place.done(&["train", "small.toml", "--out", "run"]);
    place.done(&["export", "run", "--out", "generator.safetensors"]);
    let bytes = std::fs::read(place.at("generator.safetensors")).unwrap();
    let length = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    let header: serde_json::Value = serde_json::from_slice(&bytes[8..8 + length]).unwrap();
    let names: Vec<&String> =
        header.as_object().unwrap().keys().filter(|name| *name != "__metadata__").collect();
    assert!(!names.is_empty() && names.iter().all(|name| name.starts_with("generator.")), "{names:?}");
    // Without the average it is the weights themselves that are given.
    let read = |file: &str| {
        let mut store = Store::<f32>::new();
        store.load_safetensors(&std::fs::read(place.at(file)).unwrap()).unwrap();
        store.get("generator.out.bias").unwrap().values().to_vec()
    };
    place.done(&["export", "run", "--no-ema", "--out", "latest.safetensors"]);
    let weights = read("run/checkpoints/step-00000040.safetensors");
    assert_eq!(read("latest.safetensors"), weights);
    assert_ne!(read("generator.safetensors"), weights);
}

#[test]
fn a_run_is_shown_to_people() {
    let place = Place::new();
    place.done(&["train", "small.toml", "--out", "run"]);
    let shown = place.done(&["show", "run"]).out;
    for text in [
        "done: 40 steps",
        "samples/n_modes",
        "run/curves.png",
        "\ndata\n  items  endless points of 2 numbers",
    ] {
        assert!(shown.contains(text), "{text:?} is not in {shown}");
    }
    assert!(!shown.contains('\x1b'), "colour is for terminals");
    place.run(&["show", "small.toml"]).refused("small.toml is a file, not a folder");
}

#[test]
fn lists_hold_every_kind() {
    let place = Place::new();
    let all = place.done(&["list"]).out;
    for text in ["recipe\n", "data\n", "  fashion-mnist", "  non-saturating"] {
        assert!(all.contains(text), "{text:?} is not in {all}");
    }
    let json: serde_json::Value = serde_json::from_str(&place.done(&["list", "data", "--json"]).out).unwrap();
    assert!(json.as_array().unwrap().iter().all(|entry| entry["kind"] == "data" && entry["doc"].is_string()));
    place.run(&["list", "los"]).refused("there is no kind \"los\"; did you mean \"loss\"?");
}

#[test]
fn every_command_helps() {
    let place = Place::new();
    for command in [
        &["train"][..],
        &["sample"],
        &["show"],
        &["game"],
        &["list"],
        &["explain"],
        &["data", "fetch"],
        &["export"],
    ] {
        let help = place.done(&[command, &["--help"]].concat()).out;
        assert!(help.contains("Example:\n  ganatomy "), "{help}");
    }
}

#[test]
fn a_reader_that_leaves_is_no_error() {
    let place = Place::new();
    let mut child = place.command(&["list"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr), (Some(0), Vec::new()));
}

//! What a command needs in memory is known before it takes it.

use crate::place::Place;

#[test]
fn a_run_that_does_not_fit_is_refused_before_anything_is_made() {
    let place = Place::new();
    let check = |arguments: &[&str], part: &str, fields: &str| {
        let before = place.tree();
        let ran = place.run(&[&["train", "ring", "--out", "run"], arguments].concat());
        ran.refused("this run needs about");
        ran.refused(&format!("is for {part}; make {fields} smaller"));
        assert_eq!(place.tree(), before, "something was left behind");
    };
    let hidden = format!("generator.hidden=[{}]", ["16384"; 32].join(", "));
    let wide = ["--set", "generator.z_dims=65536", "--set", &hidden];
    let sizes = "generator.z_dims=65536, generator.hidden or discriminator.hidden=[128, 128]";
    check(&wide, "the run's state", sizes);
    let large = ["--set", "batch=1048576", "--set", "data.kind=subspaces", "--set", "data.dims=10000"];
    let sizes =
        "batch=1048576, generator.z_dims=4, generator.hidden=[16384] or discriminator.hidden=[128, 128]";
    check(&[&large[..], &["--set", "generator.hidden=[16384]"]].concat(), "a step", sizes);
}

#[test]
fn a_dry_run_says_what_takes_how_much() {
    let place = Place::new();
    let text = place.done(&["train", "small.toml", "--dry-run"]).out;
    for line in ["memory", " that are free", " for Ganatomy itself", " for the run's state", " for a step"] {
        assert!(text.contains(line), "{line:?} is not in {text}");
    }
    let plan: serde_json::Value =
        serde_json::from_str(&place.done(&["train", "small.toml", "--dry-run", "--json"]).out).unwrap();
    let memory = &plan["memory"];
    let parts = memory["parts"].as_object().unwrap().values();
    assert_eq!(parts.map(|bytes| bytes.as_u64().unwrap()).sum::<u64>(), memory["bytes"].as_u64().unwrap());
}

#[test]
fn a_dry_run_says_how_long_where_it_is_asked() {
    let place = Place::new();
    let before = place.tree();
    let text = place.done(&["train", "small.toml", "--dry-run", "--time"]).out;
    for line in ["time", "about ", " ms for a step, the mean of ", " for probes"] {
        assert!(text.contains(line), "{line:?} is not in {text}");
    }
    let dry = |asked: &[&str]| {
        let out = place.done(&[&["train", "small.toml", "--dry-run", "--json"], asked].concat()).out;
        serde_json::from_str::<serde_json::Value>(&out).unwrap()["time"].clone()
    };
    assert!(dry(&[]).is_null());
    let time = dry(&["--time"]);
    let [secs, step, probes] = ["secs", "step_secs", "probes_secs"].map(|key| time[key].as_f64().unwrap());
    assert!(step > 0.0 && probes > 0.0 && secs > step + probes, "{time}");
    assert_eq!(place.tree(), before, "something was written");
    // Of a run that goes on, the steps that are left.
    place.done(&["train", "small.toml", "--out", "run"]);
    let on = ["train", "--resume", "run", "--steps", "50", "--dry-run", "--time", "--json"];
    let on: serde_json::Value = serde_json::from_str(&place.done(&on).out).unwrap();
    let [secs, step, probes] =
        ["secs", "step_secs", "probes_secs"].map(|key| on["time"][key].as_f64().unwrap());
    assert!((secs - 10.0 * step - probes).abs() < 1e-9, "{on}");
    let alone = place.run(&["train", "small.toml", "--time"]);
    assert!(alone.code == Some(2) && alone.err.contains("--dry-run"), "{}", alone.err);
}

#[test]
fn more_samples_than_there_is_memory_for_are_refused() {
    let place = Place::new();
    place.done(&["train", "small.toml", "--steps", "1", "--out", "run"]);
    for n in ["1000000000000", "9223372036854775807"] {
        let ran = place.run(&["sample", "run", "--n", n, "--out", "many.npy"]);
        ran.refused(&format!("--n {n} samples need about"));
        ran.refused("ask for fewer");
        assert!(!place.at("many.npy").exists());
    }
}

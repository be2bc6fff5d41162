//! Devices: what is listed, what is installed, and what a run on one leaves. With the plugin that `GANATOMY_PJRT` names, where there is one.

use std::io::{Cursor, Write};
use std::process::Command;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::place::{Place, Ran};

/// Where no plugin can be found but what was installed.
fn alone(place: &Place, arguments: &[&str]) -> Ran {
    let mut command: Command = place.command(arguments);
    let nowhere = place.at("nowhere");
    command.env("HOME", &nowhere).env("PATH", &nowhere);
    for name in ["GANATOMY_PJRT", "VIRTUAL_ENV", "CONDA_PREFIX"] {
        command.env_remove(name);
    }
    Ran::from(command.output().unwrap())
}

fn wheel(place: &Place, name: &str, file: &str, bytes: &[u8]) {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file(file, SimpleFileOptions::default()).unwrap();
    zip.write_all(bytes).unwrap();
    place.write(name, &zip.finish().unwrap().into_inner());
}

#[test]
fn without_a_plugin_it_is_said_how_to_get_one() {
    let place = Place::new();
    let ran = alone(&place, &["devices"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    for part in ["this processor", "pip download --no-deps jax-cuda13-pjrt", "GANATOMY_PJRT", "cache/plugins"]
    {
        assert!(ran.out.contains(part), "{part}: {}", ran.out);
    }
    let listed: serde_json::Value = serde_json::from_str(&alone(&place, &["devices", "--json"]).out).unwrap();
    assert_eq!((listed.as_array().unwrap().len(), &listed[0]["device"]), (1, &"cpu".into()));
    alone(&place, &["train", "small.toml", "--device", "xla"]).refused("none was found: `ganatomy devices`");
    alone(&place, &["train", "small.toml", "--device", "cpu", "--device-memory", "0.5"])
        .refused("--device-memory bounds");
    assert!(!place.at("runs").exists());
}

#[test]
fn what_is_installed_is_found_and_what_holds_no_plugin_is_refused() {
    let place = Place::new();
    let plugin = "jax_plugins/xla_some/xla_some_plugin.so";
    wheel(&place, "some-1-py3-none-any.whl", "some/__init__.py", b"");
    alone(&place, &["devices", "install", "some-1-py3-none-any.whl"])
        .refused("no PJRT plugin in some-1-py3-none-any.whl");
    alone(&place, &["devices", "install", "small.toml"]).refused("small.toml is no wheel");
    wheel(&place, "some_pjrt-1-py3-none-any.whl", plugin, b"not a library, but GetPjrtApi");
    let ran = alone(&place, &["devices", "install", "some_pjrt-1-py3-none-any.whl"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let listed: serde_json::Value = serde_json::from_str(&alone(&place, &["devices", "--json"]).out).unwrap();
    let (device, found_by) = (listed[1]["device"].as_str().unwrap(), &listed[1]["found_by"]);
    assert!(device.ends_with(&format!("cache/plugins/some_pjrt/{plugin}")), "{device}");
    assert_eq!(found_by, "our own folder");
    assert!(listed[1]["error"].as_str().unwrap().contains("is no PJRT plugin"), "{listed}");
    alone(&place, &["train", "small.toml", "--device", "xla"]).refused("is no PJRT plugin");
}

#[test]
fn a_plugin_is_listed_and_a_run_on_it_says_so() {
    let Some(file) = std::env::var_os("GANATOMY_PJRT").and_then(|file| file.into_string().ok()) else {
        eprintln!("skipped: GANATOMY_PJRT names no plugin");
        return;
    };
    let place = Place::new();
    let listed: serde_json::Value = serde_json::from_str(&place.done(&["devices", "--json"]).out).unwrap();
    assert_eq!(listed[1]["device"].as_str().unwrap(), format!("xla:{file}"));
    assert_eq!(
        (&listed[1]["found_by"], &listed[1]["error"]),
        (&"the variable".into(), &serde_json::Value::Null)
    );
    if listed[1]["platform"] == "cpu" {
        // It knows no such setting.
        let bounded = ["train", "small.toml", "--device", "xla", "--device-memory", "0.5"];
        place.run(&bounded).refused("does not begin with the settings memory_fraction and preallocate");
        assert!(!place.at("runs").exists());
    }
    let tf32 = "device.precision=tf32";
    for (out, device) in [("a", "xla".to_owned()), ("b", format!("xla:{file}"))] {
        place.done(&["train", "small.toml", "--out", out, "--device", &device, "--set", tf32]);
        let plan: toml::Table = place.read(&format!("{out}/plan.toml")).parse().unwrap();
        let session = plan["session"]["device"].as_table().unwrap();
        assert_eq!(session["plugin"].as_str(), Some(file.as_str()));
        assert!(
            ["platform", "kind", "version", "pjrt"].iter().all(|key| session[*key].is_str()),
            "{session}"
        );
        assert_eq!(plan["device"]["precision"].as_str(), Some("tf32"));
    }
    // What the second took from the disk is what the first compiled.
    assert!(place.checkpoint("a", 40) == place.checkpoint("b", 40));
    place.run(&["train", "small.toml", "--set", "device.precision=half"]).refused("device.precision");
}

#[test]
fn devices_share_a_run_and_more_than_there_are_are_refused() {
    let place = Place::new();
    let run = |more: &[&str]| place.run(&[&["train", "small.toml"], more].concat());
    for wrong in [&["--devices", "2"][..], &["--device", "xla", "--devices", "0"]] {
        assert_eq!(run(wrong).code, Some(2), "{wrong:?}");
    }
    run(&["--device", "cpu", "--devices", "2"]).refused("--threads");
    let listed: serde_json::Value = serde_json::from_str(&place.done(&["devices", "--json"]).out).unwrap();
    let Some(n) = listed[1]["n_devices"].as_u64().filter(|n| *n > 1) else {
        eprintln!("skipped: GANATOMY_PJRT names no plugin that offers several devices");
        return;
    };
    let shared =
        |n: u64, more: &[&str]| run(&[&["--device", "xla", "--devices", &n.to_string()], more].concat());
    shared(n + 1, &[]).refused(&format!("offers {n} on this machine: 1 to {n} can be had"));
    for more in [&["--set", "batch=33"][..], &["--set", "batch=33", "--dry-run"]] {
        shared(2, more).refused("batch must be a multiple of 2, found 33");
    }
    assert!(!place.at("runs").exists());
    let ran = shared(2, &["--out", "a"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let plan: toml::Table = place.read("a/plan.toml").parse().unwrap();
    assert_eq!(plan["session"]["device"]["devices"].as_integer(), Some(2));
    let events = place.read("a/events.jsonl");
    assert!(events.contains(", 2 x "), "{events}");
}

/// One run, so small that it takes a moment.
const STUDY: &str = r#"name = "one"
base = "small.toml"
budget = { steps = 40 }
seeds = 1

[score]
reading = "samples/reverse_kl"
better = "lower"

[[arm]]
name = "as it is"
"#;

#[test]
fn a_study_is_made_on_a_plugin_and_what_is_none_is_refused_first() {
    let place = Place::new();
    place.write("study.toml", STUDY.as_bytes());
    let away = ["--device", "xla"];
    let study = |out| [&["study", "run", "study.toml", "--out", out][..], &away].concat();
    for command in [
        &["lesson", "saddle"][..],
        &["study", "run", "study.toml", "--dry-run"],
        &["study", "run", "study.toml"],
    ] {
        alone(&place, &[command, &away].concat()).refused("none was found: `ganatomy devices`");
    }
    alone(&place, &["study", "run", "study.toml", "--device", "xla:no.so"])
        .refused("no.so is no PJRT plugin");
    alone(&place, &["study", "run", "study.toml", "--device", "cpu", "--device-memory", "0.5"])
        .refused("--device-memory bounds");
    assert!(!place.at("studies").exists());
    let Some(file) = std::env::var_os("GANATOMY_PJRT").and_then(|file| file.into_string().ok()) else {
        eprintln!("skipped: GANATOMY_PJRT names no plugin");
        return;
    };
    let ran = place.done(&study("s"));
    assert!(ran.err.contains("1 worker"), "{}", ran.err);
    let plan: toml::Table = place.read("s/runs/as it is/0-seed-0/plan.toml").parse().unwrap();
    assert_eq!(plan["session"]["device"]["plugin"].as_str(), Some(file.as_str()));
    place.done(&["study", "run", "study.toml", "--out", "here"]);
    let here = place.read("here/runs/as it is/0-seed-0/plan.toml");
    assert!(!here.contains("session.device"), "{here}");
}

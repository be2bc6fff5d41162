//! Other programs' logs: diagnosed as they are, and imported as runs that the other commands take.

use std::fs;
use std::io::Write;
use std::process::Stdio;

use serde_json::Value;

use crate::place::{Place, Ran};

/// A log of PyTorch's DCGAN example, whose D stays well.
fn log() -> String {
    let line = |i: u64| {
        let (d, g) = (1.2 + 0.01 * (i % 7) as f64, 0.9 + 0.02 * (i % 5) as f64);
        format!(
            "[{}/5][{}/100]\tLoss_D: {d:.4}\tLoss_G: {g:.4}\tD(x): 0.55\tD(G(z)): 0.45 / 0.41\n",
            i / 10,
            i % 10 * 10
        )
    };
    (0..50).map(line).collect()
}

#[test]
fn a_log_is_diagnosed_as_it_is_and_as_a_run_alike() {
    let place = Place::new();
    place.write("train.log", log().as_bytes());
    let direct = place.run(&["diagnose", "train.log"]);
    assert!(direct.out.starts_with("read as dcgan; steps count iterations\n"), "{}", direct.out);
    assert!(direct.out.contains("Loss_D           discriminator/loss "), "{}", direct.out);
    let made = place.done(&["import", "train.log", "--out", "runs/theirs"]);
    assert!(made.out.contains("written to runs/theirs; now try\n"), "{}", made.out);
    let imported = place.run(&["diagnose", "runs/theirs"]);
    assert_eq!((imported.code, direct.out.ends_with(&imported.out)), (direct.code, true), "{}", imported.out);
    let json = |ran: &Ran| -> Value { serde_json::from_str(&ran.out).unwrap() };
    let told = json(&place.run(&["diagnose", "train.log", "--json"]));
    assert_eq!(told["import"]["names"][0]["theirs"], "Loss_D");
    assert_eq!(told["import"]["names"][0]["last"], serde_json::json!({"step": 490, "value": 1.2}));
    let again = json(&place.run(&["diagnose", "runs/theirs", "--json"]));
    assert_eq!((&again["verdicts"], &again["import"]), (&told["verdicts"], &Value::Null));
}

#[test]
fn standard_input_is_a_log() {
    let place = Place::new();
    let mut command = place.command(&["diagnose", "-"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(log().as_bytes()).unwrap();
    let out = child.wait_with_output().unwrap();
    assert!(String::from_utf8_lossy(&out.stdout).starts_with("read as dcgan"));
}

#[test]
fn other_commands_take_an_imported_run_or_say_why_not() {
    let place = Place::new();
    place.write("train.log", log().as_bytes());
    let json: Value =
        serde_json::from_str(&place.done(&["import", "train.log", "--out", "r", "--json"]).out).unwrap();
    assert_eq!((&json["formats"][0], &json["run"]), (&Value::from("dcgan"), &Value::from("r")));
    assert!(place.done(&["show", "r"]).out.contains("discriminator/probability_real"));
    assert!(place.done(&["show", "r", "--json"]).out.contains("generator/loss"));
    place.done(&["compare", "r", "r", "--out", "both.html"]);
    let refused = "r was imported from another program's log: it holds no networks";
    for arguments in [
        &["train", "--resume", "r"][..],
        &["train", "--from", "r"],
        &["sample", "r", "--out", "s.png"],
        &["export", "r", "--out", "e"],
        &["score", "r", "--against", "ring"],
    ] {
        place.run(arguments).refused(refused);
    }
    place
        .run(&["diagnose", "r", "--loss", "hinge"])
        .refused("--loss says how a log is read, and r is a run folder");
}

#[test]
fn a_run_folder_is_made_whole_or_not_at_all() {
    let place = Place::new();
    place.write("train.log", log().as_bytes());
    place.write("prose.txt", b"Nothing happened today.\n");
    place.write("unknown.csv", b"a,b\n1,2\n3,4\n");
    place.write("mine/notes.txt", b"x");
    place.write("file", b"x");
    let before = place.tree();
    let refused = |arguments: &[&str], text: &str| {
        place.run(&[&["import"], arguments].concat()).refused(text);
        assert_eq!(place.tree(), before, "{arguments:?} left something");
    };
    refused(&["none.log", "--out", "r"], "cannot read none.log");
    refused(&["prose.txt", "--out", "r"], "prose.txt holds no line with named numbers");
    refused(
        &["unknown.csv", "--out", "r"],
        "no name of this log is known: a, b; say what they mean with --map NAME=READING",
    );
    refused(&["train.log", "--out", "mine"], "mine is not empty and is not a run folder");
    refused(&["train.log", "--out", "file"], "file is a file, not a folder");
    refused(
        &["train.log", "--out", "r", "--map", "foo=generator/loss"],
        "no such name is in the log; it holds Loss_D, Loss_G",
    );
    refused(
        &["train.log", "--out", "r", "--map", "Loss_D=loss"],
        "--map Loss_D=loss: loss is no reading that a log can hold; there are discriminator/loss,",
    );
    refused(&["train.log", "--out", "r", "--loss", "hing"], "--loss hing is no loss; there are ");
    refused(&["train.log", "--out", "r", "--pattern", "("], "--pattern ( is no regular expression");
    refused(&["train.log", "--out", "r", "--run", "2"], "run 2 was asked for, and the log holds 1");
    place.done(&["import", "train.log", "--out", "r"]);
    place
        .run(&["import", "train.log", "--out", "r"])
        .refused("r already holds a run; replace it with --overwrite");
    let map = ["--map", "Loss_G=-", "--loss", "hinge", "--overwrite"];
    place.done(&[&["import", "train.log", "--out", "r"], &map[..]].concat());
    let plan = place.read("r/plan.toml");
    assert!(!plan.contains("generator/loss") && plan.contains("[loss]\nkind = \"hinge\"\n"), "{plan}");
    let left: Vec<_> = fs::read_dir(place.at("")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().ends_with(".tmp")), "{left:?}");
}

#[test]
fn a_log_of_which_no_name_is_known_is_refused_with_its_names() {
    let place = Place::new();
    place.write("unknown.csv", b"a,b\n1,2\n3,4\n");
    place.run(&["diagnose", "unknown.csv"]).refused(
        "no name of this log is known: a, b; say what they mean with --map NAME=READING, as in --map a=discriminator/loss",
    );
    let mapped =
        place.run(&["diagnose", "unknown.csv", "--map", "a=discriminator/loss", "--map", "b=generator/loss"]);
    assert!(mapped.out.contains("a                discriminator/loss       2"), "{}", mapped.out);
}

#[test]
fn what_cannot_be_a_log_is_told_in_one_sentence() {
    let place = Place::new();
    let check = |name: &str, bytes: &[u8], text: &str| {
        place.write(name, bytes);
        place.run(&["diagnose", name]).refused(text);
    };
    check("empty.log", b"", "empty.log is empty");
    check(
        "model.pth",
        b"PK\x03\x04aaaa",
        "model.pth is a zip archive, or a checkpoint of PyTorch, not a log",
    );
    check("torn.json", b"{\"a\": {", "torn.json is damaged: it begins as JSON");
    check("pictures/0001.png", b"\x89PNG", "pictures/0001.png is a PNG picture");
    place
        .run(&["diagnose", "pictures"])
        .refused("pictures is not a run folder, and as a folder of logs it cannot be read");
    place.run(&["diagnose", "none"]).refused("there is no file and no run folder none");
    place.run(&["import", "none"]).code.filter(|code| *code == 2).unwrap();
}

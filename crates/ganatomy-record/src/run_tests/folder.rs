//! Run folders made, refused, replaced, killed and shared.

use super::*;

#[test]
fn a_new_run_has_its_spec_its_plan_and_places_for_the_rest() {
    let (_folder, path) = place();
    let run = create(&path, false).unwrap();
    assert_eq!(run.spec().unwrap().source(), SPEC);
    assert_eq!(run.plan().unwrap(), PLAN.parse().unwrap());
    assert!(run.samples().is_dir() && run.checkpoints().is_dir());
    assert_eq!(read(&run), []);
    run.replace_plan("seed = 2\n", "steps = 20\n").unwrap();
    assert_eq!(RunFolder::open(&path).unwrap().plan().unwrap()["steps"].as_integer(), Some(20));
}

#[test]
fn a_run_is_replaced_only_when_asked() {
    let (_folder, path) = place();
    let run = create(&path, false).unwrap();
    record(&run, &[started()]);
    Checkpoints::open(&run, 1, Direction::None).unwrap().store(3, b"x", None).unwrap();
    fs::write(path.join("run.gif"), "x").unwrap();
    fs::write(path.join("notes.txt"), "mine").unwrap();
    drop(run);
    let text = create(&path, false).unwrap_err().to_string();
    let named = path.display();
    let expected = format!(
        "{named} already holds a run; continue it with --resume {named} or replace it with --overwrite"
    );
    assert_eq!(text, expected);
    assert_eq!(read(&RunFolder::open(&path).unwrap()), [started()]);
    let fresh = create(&path, true).unwrap();
    assert_eq!(read(&fresh), []);
    assert_eq!(Checkpoints::list(&fresh).unwrap(), []);
    let kept = [".ganatomy.lock", "checkpoints", "notes.txt", "plan.toml", "samples", "spec.toml"];
    assert_eq!(files::names(&path).unwrap(), kept);
}

#[test]
fn other_folders_are_never_touched() {
    let (folder, path) = place();
    fs::create_dir_all(&path).unwrap();
    fs::write(path.join("photo.png"), "mine").unwrap();
    for overwrite in [false, true] {
        let text = create(&path, overwrite).unwrap_err().to_string();
        assert!(text.contains("is not empty and is not a run folder"), "{text}");
        assert_eq!(files::names(&path).unwrap(), ["photo.png"]);
        let text = create(&path.join("photo.png"), overwrite).unwrap_err().to_string();
        assert!(text.ends_with("photo.png is a file, not a folder"), "{text}");
    }
    let text = create(&path.join("photo.png/runs/b"), false).unwrap_err().to_string();
    assert!(text.contains("photo.png/runs/b: Not a directory"), "{text}");
    assert_eq!(files::names(folder.path()).unwrap(), ["runs"]);
}

#[test]
fn a_failed_start_leaves_nothing() {
    let (folder, path) = place();
    // The plan, which is written last, cannot be written.
    fs::create_dir_all(path.join("plan.toml")).unwrap();
    fs::write(path.join(".ganatomy.lock"), "").unwrap();
    let text = create(&path, false).unwrap_err().to_string();
    assert!(text.starts_with("cannot write ") && text.contains("plan.toml: "), "{text}");
    assert_eq!(files::names(&path).unwrap(), ["plan.toml"]);
    let deep = folder.path().join("new/deep").join("x".repeat(300));
    create(&deep, false).unwrap_err();
    assert_eq!(files::names(folder.path()).unwrap(), ["runs"]);
}

#[test]
fn a_start_that_was_killed_can_start_again() {
    let (_folder, path) = place();
    fs::create_dir_all(&path).unwrap();
    for left in [".ganatomy.lock", "spec.toml", ".plan.toml.ab12cd.tmp"] {
        fs::write(path.join(left), "x").unwrap();
    }
    let run = create(&path, false).unwrap();
    assert_eq!(run.spec().unwrap().source(), SPEC);
    assert!(!path.join(".plan.toml.ab12cd.tmp").exists());
}

#[test]
fn one_process_writes_and_any_may_read() {
    let (_folder, path) = place();
    let run = create(&path, false).unwrap();
    let writer = RunWriter::open(&run, 1e9, "box").unwrap();
    drop(run);
    let in_use = format!("the run {} is being written by another process", path.display());
    assert_eq!(RunFolder::resume(&path).unwrap_err().to_string(), in_use);
    assert_eq!(create(&path, true).unwrap_err().to_string(), in_use);
    let reader = RunFolder::open(&path).unwrap();
    assert_eq!(RunWriter::open(&reader, 1e9, "box").unwrap_err().to_string(), in_use);
    assert!(read(&reader).is_empty());
    drop(writer);
    RunFolder::resume(&path).unwrap();
}

#[test]
fn resuming_cleans_up_and_opening_does_not() {
    let (_folder, path) = place();
    drop(create(&path, false).unwrap());
    let left = path.join("checkpoints/.step-00000003.safetensors.ab12cd.tmp");
    fs::write(&left, "half").unwrap();
    let reader = RunFolder::open(&path).unwrap();
    assert_eq!(Checkpoints::latest(&reader).unwrap(), None);
    assert!(left.exists());
    RunFolder::resume(&path).unwrap();
    assert!(!left.exists());
}

#[test]
fn folders_that_hold_no_run_are_named() {
    let (folder, path) = place();
    let text = RunFolder::open(&path).unwrap_err().to_string();
    assert!(text.starts_with(&format!("cannot open the run {}: No such file", path.display())), "{text}");
    let text = RunFolder::open(folder.path()).unwrap_err().to_string();
    assert!(text.ends_with("is not a run folder: it has no spec.toml"), "{text}");
    drop(create(&path, false).unwrap());
    fs::write(path.join("plan.toml"), "seed = ").unwrap();
    let text = RunFolder::open(&path).unwrap().plan().unwrap_err().to_string();
    assert!(text.contains("plan.toml is damaged: "), "{text}");
}

#[test]
fn files_of_a_run_are_told_from_others() {
    let (folder, path) = place();
    drop(create(&path, false).unwrap());
    let check = |name: &str, owned: bool| {
        assert_eq!(RunFolder::owner(&path.join(name)).is_some(), owned, "{name}");
    };
    for own in [
        "spec.toml",
        "SPEC.toml",
        "plan.toml",
        "events.jsonl",
        ".ganatomy.lock",
        "samples.gif",
        "samples",
        "curves.png",
    ] {
        check(own, true);
    }
    check("events.out.tfevents.7.box", true);
    check("checkpoints/step-00000001.safetensors", true);
    check("checkpoints/mine.png", true);
    check("../a/./plan.toml", true);
    for other in ["digits.png", "generator.safetensors", "mine/spec.toml", "../spec.toml", "none/x.png"] {
        check(other, false);
    }
    assert_eq!(RunFolder::owner(&folder.path().join("spec.toml")), None);
}

#[test]
fn a_run_without_its_folders_is_not_resumed() {
    let (_folder, path) = place();
    drop(create(&path, false).unwrap());
    for missing in ["checkpoints", "samples"] {
        fs::remove_dir(path.join(missing)).unwrap();
        let text = RunFolder::resume(&path).unwrap_err().to_string();
        assert!(text.contains(&format!("has no folder {missing}/, which every run has")), "{text}");
        assert!(RunFolder::open(&path).is_ok());
        fs::create_dir(path.join(missing)).unwrap();
    }
    RunFolder::resume(&path).unwrap();
}

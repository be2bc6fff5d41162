//! Full disks, and folders that must not be written to.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::bad_data::PIXEL;
use crate::place::{Place, Ran};

/// A file system of a few kilobytes, mounted until it is dropped.
struct Disk {
    path: PathBuf,
}

impl Disk {
    /// Nothing, where this user may not mount one.
    fn mount(path: PathBuf, size: &str) -> Option<Disk> {
        fs::create_dir(&path).unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"]).arg(&path);
        if mount.output().is_ok_and(|output| output.status.success()) {
            return Some(Disk { path });
        }
        println!("skipped: this user may not mount a small file system");
        None
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.path).output();
    }
}

#[test]
fn a_run_that_does_not_fit_leaves_nothing() {
    let place = Place::new();
    let Some(disk) = Disk::mount(place.at("disk"), "64k") else { return };
    for filled in [16, 15, 14, 12, 10] {
        fs::write(disk.path.join("filler"), vec![0; filled * 4096]).unwrap_or_default();
        let ran = place.run(&["train", "small.toml", "--out", "disk/runs/a"]);
        // Whether anything fits is up to the size of the first files. A full disk does not make the request a wrong one.
        assert_eq!(ran.code, Some(1), "with {filled} of 16 pages taken: {}", ran.err);
        assert!(ran.err.contains("No space left on device"), "{}", ran.err);
        let names: Vec<_> =
            fs::read_dir(&disk.path).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, ["filler"], "with {filled} of 16 pages taken");
    }
}

#[test]
fn a_disk_that_fills_up_ends_the_run_and_keeps_its_checkpoints() {
    let place = Place::new();
    let Some(disk) = Disk::mount(place.at("disk"), "512k") else { return };
    let long = ["--set", "checkpoint.keep_last=1000", "--steps", "1000", "--set", "samples.every_steps=0"];
    let ran = place.run(&[&["train", "small.toml", "--out", "disk/a"], &long[..]].concat());
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    let sentence = ran.err.lines().last().unwrap();
    assert!(sentence.starts_with("error: cannot write disk/a/"), "{sentence}");
    assert!(
        sentence.contains("No space left on device") && sentence.contains("train --resume disk/a"),
        "{sentence}"
    );
    let checkpoints: Vec<_> = fs::read_dir(disk.path.join("a/checkpoints")).unwrap().flatten().collect();
    assert!(!checkpoints.is_empty());
    assert!(
        checkpoints.iter().all(|file| !file.file_name().to_string_lossy().ends_with(".tmp")),
        "{checkpoints:?}"
    );
    // With room made, the run goes on.
    let remount = Command::new("mount").args(["-o", "remount,size=16m"]).arg(&disk.path).output().unwrap();
    assert!(remount.status.success());
    place.done(&["train", "--resume", "disk/a"]);
    assert_eq!(place.show("disk/a")["steps"], 1000);
}

#[test]
fn images_larger_than_memory_and_disk_are_refused() {
    let place = Place::new();
    let Some(disk) = Disk::mount(place.at("disk"), "4m") else { return };
    place.write("photos/0.png", PIXEL);
    // More than 1 GiB once they are decoded, so that they go straight to the cache.
    (1..1400)
        .for_each(|i| fs::hard_link(place.at("photos/0.png"), place.at(&format!("photos/{i}.png"))).unwrap());
    let mut train = place.command(&["train", "folder", "--data", "photos", "--set", "data.size=512"]);
    let ran = Ran::from(train.env("GANATOMY_CACHE", &disk.path).output().unwrap());
    ran.failed("the 1400 decoded images take 1.1 GB, and cannot be kept in ");
    ran.failed("GANATOMY_CACHE, or choose a smaller data.size: No space left on device");
    assert_eq!(fs::read_dir(&disk.path).unwrap().count(), 0, "something was left behind");
}

#[test]
#[cfg(unix)]
fn a_read_only_folder_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    fs::create_dir(place.at("closed")).unwrap();
    fs::set_permissions(place.at("closed"), fs::Permissions::from_mode(0o555)).unwrap();
    if fs::write(place.at("closed/probe"), "").is_ok() {
        println!("skipped: this user may write to read-only folders");
        return;
    }
    place.run(&["train", "small.toml", "--out", "closed/a"]).refused("closed/a: Permission denied");
}

#[test]
fn a_read_only_disk_is_named() {
    let place = Place::new();
    let Some(disk) = Disk::mount(place.at("disk"), "64k") else { return };
    let remount = Command::new("mount").args(["-o", "remount,ro"]).arg(&disk.path).output().unwrap();
    assert!(remount.status.success());
    place.run(&["train", "small.toml", "--out", "disk/a"]).refused("Read-only file system");
    place.run(&["sample", "small.toml", "--out", "disk/x.png"]).refused("small.toml is a file");
}

//! Compiled programs on disk: read again by another room, and compiled again where they are torn or belong to something else.
//!
//! It needs a plugin: `GANATOMY_PJRT` names its file, and without one the test says so and is left out.

#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::fs;
use std::path::{Path, PathBuf};

use ganatomy_tensor::{Device, Key, Precision, Program, Trace};
use ganatomy_xla::{Options, Xla};
use sha2::{Digest, Sha256};

/// Halves and shifts a tensor, three times over its own place.
fn check(device: &Xla, shift: f64) {
    let trace = Trace::new();
    let w = trace.input("w", [2]);
    let program = Program::compile(&trace, &[("w", &(&w * 0.5 + shift))]).unwrap();
    let mut room = device.room(Precision::Highest).unwrap();
    let step = room.compile(&program).unwrap();
    room.put("w", &[2].into(), &[8.0, 16.0]).unwrap();
    let mut expected = [8.0, 16.0];
    for n in 0..3 {
        room.run(step, Key { seed: 0, step: n }).unwrap();
        expected = expected.map(|x: f32| x * 0.5 + shift as f32);
    }
    let mut found = [0.0; 2];
    room.get("w", &mut found).unwrap();
    assert_eq!(found, expected);
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn compiled_programs_are_read_again_and_nothing_else_is() {
    let Some(path) = std::env::var_os("GANATOMY_PJRT") else {
        eprintln!("skipped: GANATOMY_PJRT names no plugin");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("compiled");
    let device = Xla::open(path.as_ref(), &Options::default()).unwrap().cached_in(&folder);
    check(&device, 1.0);
    let [one] = &files(&folder)[..] else { panic!("one program makes one file") };
    let whole = fs::read(one).unwrap();
    // Compiled again it may differ by some bytes.
    let is_whole = |file: &[u8]| file.len() > whole.len() / 10 * 9 && file.starts_with(&whole[..80]);
    // A file that was read is not written again: a written one takes its place.
    #[cfg(unix)]
    let place = || std::os::unix::fs::MetadataExt::ino(&fs::metadata(one).unwrap());
    #[cfg(unix)]
    let before = place();
    check(&device, 1.0);
    assert_eq!(files(&folder).len(), 1);
    #[cfg(unix)]
    assert_eq!(place(), before);
    check(&device, 2.0);
    let two = files(&folder).into_iter().find(|file| file != one).unwrap();
    for wrong in [&whole[..whole.len() / 2], &[][..], b"something else", &fs::read(&two).unwrap()] {
        fs::write(one, wrong).unwrap();
        check(&device, 1.0);
        assert!(is_whole(&fs::read(one).unwrap()));
    }
    // Bytes that are whole, but no program: their sums are right.
    let head: Vec<&[u8]> = whole.split(|byte| *byte == b'\n').take(2).collect();
    let bytes = b"no program";
    let mut sum = Sha256::new();
    sum.update((bytes.len() as u64).to_le_bytes());
    sum.update(bytes);
    let sum: String = sum.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    fs::write(one, [head[0], head[1], sum.as_bytes(), bytes].join(&b'\n')).unwrap();
    check(&device, 1.0);
    assert!(is_whole(&fs::read(one).unwrap()));
    // Where nothing can be written, nothing is kept.
    let file = folder.join("file");
    fs::write(&file, "").unwrap();
    check(&Xla::open(path.as_ref(), &Options::default()).unwrap().cached_in(&file), 1.0);
}

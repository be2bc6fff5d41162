//! Tests of `mnist` and `fashion-mnist`, on small made-up files and on the real ones.

use std::fs;
use std::path::Path;

use crate::testing::{build_in, gzip, idx_bytes, real_data, refused};
use crate::{BatchKey, Dataset, Silent};

/// Writes four files of `n` images, image i all of value i and label i mod 10; gzipped if `gz`.
fn write(folder: &Path, n: u32, gz: bool) {
    let pixels: Vec<u8> = (0..n * 784).map(|i| (i / 784) as u8).collect();
    let labels: Vec<u8> = (0..n).map(|i| (i % 10) as u8).collect();
    for split in ["train", "t10k"] {
        let images = idx_bytes(&[n, 28, 28], &pixels);
        let labels = idx_bytes(&[n], &labels);
        for (kind, bytes) in [("images-idx3", images), ("labels-idx1", labels)] {
            let name = format!("{split}-{kind}-ubyte{}", if gz { ".gz" } else { "" });
            fs::write(folder.join(name), if gz { gzip(&bytes) } else { bytes }).unwrap();
        }
    }
}

fn build(options: &str, data_dir: Option<&Path>) -> Result<Box<dyn Dataset>, String> {
    let cache = Path::new("/nonexistent");
    build_in("mnist", options, data_dir, cache, &Silent).map_err(|e| e.to_string())
}

/// Breaks one file of a good folder and checks the error.
fn check(file: &str, bytes: &[u8], expected: &str) {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), 20, false);
    fs::write(folder.path().join(file), bytes).unwrap();
    let error = build("", Some(folder.path())).err().unwrap();
    assert!(error.contains(expected) && error.contains(file), "{error:?} lacks {expected:?} or {file:?}");
    assert_eq!(error.lines().count(), 1);
}

#[test]
fn reads_plain_and_gz_here_or_in_a_folder_of_its_name() {
    for gz in [false, true] {
        for inner in ["", "mnist"] {
            let folder = tempfile::tempdir().unwrap();
            fs::create_dir_all(folder.path().join(inner)).unwrap();
            write(&folder.path().join(inner), 20, gz);
            let set = build("", Some(folder.path())).unwrap();
            assert_eq!((set.item_shape(), set.n_items(), set.n_classes()), (&[28, 28, 1][..], Some(20), 10));
            let (mut out, mut labels) = (vec![0.0; 20 * 784], vec![0; 20]);
            set.fill(BatchKey { seed: 0, step: 0, draw: 0 }, &mut out, &mut labels);
            for (image, label) in out.chunks_exact(784).zip(labels) {
                assert_eq!(((image[0] + 1.0) * 127.5).round() as u32 % 10, label);
            }
            assert_eq!(set.held_out().unwrap().n_items(), Some(20));
        }
    }
}

#[test]
fn other_layouts_are_found() {
    for inner in ["MNIST/raw", "mnist/MNIST/raw", "raw", "."] {
        let folder = tempfile::tempdir().unwrap();
        let inside = folder.path().join(inner);
        fs::create_dir_all(&inside).unwrap();
        write(&inside, 20, inner == "raw");
        for name in
            ["train-images-idx3", "t10k-images-idx3", "train-labels-idx1"].iter().filter(|_| inner == ".")
        {
            let dotted = name.replace("-idx", ".idx");
            fs::rename(inside.join(format!("{name}-ubyte")), inside.join(format!("{dotted}-ubyte"))).unwrap();
        }
        assert_eq!(build("", Some(folder.path())).unwrap().n_items(), Some(20), "{inner}");
        // Fashion-MNIST's files have the same names, but another folder.
        let other = build_in("fashion-mnist", "", Some(folder.path()), Path::new("/nonexistent"), &Silent);
        assert_eq!(other.is_ok(), matches!(inner, "raw" | "."), "{inner}");
    }
    let folder = tempfile::tempdir().unwrap();
    let error = build("", Some(folder.path())).err().unwrap();
    assert!(error.contains("mnist or ") && error.contains("MNIST/raw: "), "{error}");
}

#[test]
fn the_spec_folder_wins_over_the_users() {
    let (named, users) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write(named.path(), 20, true);
    let options = format!("path = '{}'", named.path().display());
    assert!(build(&options, Some(users.path())).is_ok());
}

#[test]
fn a_border_makes_room_for_powers_of_two() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), 20, false);
    let set = build("size = 32", Some(folder.path())).unwrap();
    let (mut out, mut labels) = (vec![0.0; 1024], vec![0; 1]);
    assert_eq!(set.item_shape(), [32, 32, 1]);
    set.fill(BatchKey { seed: 1, step: 0, draw: 0 }, &mut out, &mut labels);
    let inner = out[2 * 32 + 2];
    let is_inner = |p: usize| (2..30).contains(&(p / 32)) && (2..30).contains(&(p % 32));
    assert!((0..1024).all(|p| out[p] == if is_inner(p) { inner } else { -1.0 }));
}

#[test]
fn without_files_the_message_names_three_ways() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("nothing");
    for error in [
        build("", None).err().unwrap(),
        build("", Some(folder.path())).err().unwrap(),
        build("", Some(&missing)).err().unwrap(),
        build("path = '/no/such/folder'", Some(folder.path())).err().unwrap(),
    ] {
        for way in ["--data DIR", "GANATOMY_DATA", "`ganatomy data fetch mnist`"] {
            assert!(error.contains(way), "{error:?} lacks {way:?}");
        }
        assert_eq!(error.lines().count(), 1);
    }
    write(folder.path(), 20, true);
    fs::remove_file(folder.path().join("t10k-labels-idx1-ubyte.gz")).unwrap();
    assert!(build("", Some(folder.path())).err().unwrap().starts_with("found no t10k-labels-idx1-ubyte"));
}

#[test]
fn every_bad_file_has_its_message() {
    let (images, labels) = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte");
    check(images, b"<html>not found</html>", "is not an IDX file");
    check(images, &idx_bytes(&[20, 28, 28], &[0; 784]), "holds 800 bytes");
    check(images, &gzip(&idx_bytes(&[20, 28, 28], &[7; 15680]))[..40], "is cut short");
    check(
        images,
        &idx_bytes(&[20, 32, 32], &[0; 20480]),
        "holds 20 images of 32x32, allowed are one or more of 28x28",
    );
    check(images, &idx_bytes(&[0, 28, 28], &[]), "holds 0 images");
    check(labels, &idx_bytes(&[19], &[1; 19]), "holds 19 labels, but");
    check(labels, &idx_bytes(&[20], &[10; 20]), "label 0 of");
    check("t10k-images-idx3-ubyte", &[], "holds 0 bytes");
    check("t10k-labels-idx1-ubyte", &idx_bytes(&[20, 1], &[1; 20]), "starts with [00, 00, 08, 02]");
}

#[test]
fn bad_options_are_refused() {
    refused("mnist", "size = 27", "size");
    for (kind, path, written) in [
        ("mnist", r"C:\new", r"'C:\new' in single quotes, or C:/new with slashes"),
        ("folder", r"\\host\tmp", r"'\\host\tmp' in single quotes"),
        ("stacked-mnist", r"D:\b\f\r", r"'D:\b\f\r' in single quotes"),
    ] {
        refused(kind, &format!("path = \"{path}\""), written);
    }
    refused("fashion-mnist", "path = 3", "path");
    refused("mnist", "lables = true", "labels");
}

#[test]
fn the_real_sets_are_whole() {
    for kind in ["mnist", "fashion-mnist"] {
        let Some(folder) = real_data(kind) else {
            return;
        };
        let set = build_in(kind, "", Some(&folder), &folder, &Silent).unwrap();
        let test = set.held_out().unwrap();
        assert_eq!((set.n_items(), test.n_items()), (Some(60_000), Some(10_000)));
        let (mut out, mut labels) = (vec![0.0; 10_000 * 784], vec![0; 10_000]);
        let mut counts = [0; 10];
        for step in 0..6 {
            set.fill(BatchKey { seed: 0, step, draw: 0 }, &mut out, &mut labels);
            labels.iter().for_each(|&label| counts[label as usize] += 1);
        }
        let digits = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949];
        assert_eq!(counts, if kind == "mnist" { digits } else { [6000; 10] });
    }
}

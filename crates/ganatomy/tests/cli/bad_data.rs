//! Data that cannot be used is refused in one sentence, and nothing is written.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::place::Place;

/// The bytes of an IDX file.
fn idx(magic: [u8; 4], dims: &[u32], n_bytes: usize) -> Vec<u8> {
    let dims = dims.iter().flat_map(|dim| dim.to_be_bytes());
    magic.into_iter().chain(dims).chain((0..n_bytes).map(|i| (i % 10) as u8)).collect()
}

fn images(n: u32) -> Vec<u8> {
    idx([0, 0, 8, 3], &[n, 28, 28], n as usize * 784)
}

fn labels(n: u32) -> Vec<u8> {
    idx([0, 0, 8, 1], &[n], n as usize)
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A place with a whole, small MNIST in `data`.
fn digits() -> Place {
    let place = Place::new();
    for (split, n) in [("train", 64), ("t10k", 32)] {
        place.write(&format!("data/{split}-images-idx3-ubyte"), &images(n));
        place.write(&format!("data/{split}-labels-idx1-ubyte.gz"), &gz(&labels(n)));
    }
    place
}

/// Training on the data is refused with this text, and everything is as it was.
fn check(place: &Place, arguments: &[&str], text: &str) {
    let before = place.tree();
    let data = ["--data", "data"];
    place.run(&[&["train"], arguments, &data].concat()).refused(text);
    assert!(place.tree() == before, "something was left behind");
}

/// The same, after one file of a whole MNIST is replaced.
fn check_digits(file: &str, bytes: &[u8], text: &str) {
    let place = digits();
    let plain = file.trim_end_matches(".gz");
    for name in [plain.to_owned(), format!("{plain}.gz")] {
        let _ = std::fs::remove_file(place.at(&format!("data/{name}")));
    }
    place.write(&format!("data/{file}"), bytes);
    check(&place, &["mnist"], text);
}

#[test]
fn a_whole_set_of_digits_is_taken() {
    let place = digits();
    let ran = place.done(&["train", "mnist", "--data", "data", "--dry-run", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert!(json["plan"]["session"]["data"].as_str().unwrap().ends_with("/here/data"), "{json}");
    let mut command = place.command(&["train", "mnist", "--dry-run"]);
    assert!(command.env("GANATOMY_DATA", place.at("data")).output().unwrap().status.success());
    // Where `data fetch` leaves them, they are found without an option.
    std::fs::create_dir_all(place.at("../cache/data")).unwrap();
    std::fs::rename(place.at("data"), place.at("../cache/data/mnist")).unwrap();
    place.done(&["train", "mnist", "--dry-run"]);
}

#[test]
fn folders_that_are_missing_or_empty_are_named() {
    let place = Place::new();
    place.run(&["train", "mnist"]).refused("nothing says where the mnist files are: give --data DIR");
    place.run(&["train", "folder"]).refused("nothing says where the folder files are");
    check(&place, &["mnist"], "there is no folder data");
    check(&place, &["folder"], "there is no folder data");
    std::fs::create_dir(place.at("data")).unwrap();
    check(&place, &["mnist"], "found no train-images-idx3-ubyte (or train-images-idx3-ubyte.gz) in data");
    check(&place, &["folder"], "data holds no image");
    check(&place, &["small.toml", "--set", "data.kind=mnist"], "found no train-images");
}

#[test]
fn damaged_digits_are_named() {
    let (file, gzipped) = ("train-images-idx3-ubyte", "train-images-idx3-ubyte.gz");
    let whole = gz(&images(64));
    check_digits(gzipped, &whole[..whole.len() / 2], "train-images-idx3-ubyte.gz is cut short");
    let mut flipped = whole.clone();
    flipped[10..40].fill(0xff);
    check_digits(gzipped, &flipped, "train-images-idx3-ubyte.gz is damaged");
    check_digits(gzipped, b"not gzip at all", "train-images-idx3-ubyte.gz is not an IDX file");
    check_digits(
        file,
        &idx([0, 0, 9, 3], &[64, 28, 28], 64 * 784),
        "train-images-idx3-ubyte is not an IDX file",
    );
    check_digits(file, &idx([0, 0, 8, 3], &[64, 28, 28], 64 * 784 - 1), "holds 50191 bytes");
    check_digits(
        file,
        &idx([0, 0, 8, 3], &[64, 28, 28], 64 * 784 + 1),
        "its IDX header asks for exactly 50192",
    );
    check_digits(file, &idx([0, 0, 8, 3], &[64, 14, 14], 64 * 196), "64 images of 14x14");
    check_digits(file, b"", "train-images-idx3-ubyte");
    check_digits("train-labels-idx1-ubyte", &labels(63), "must be equally many");
}

#[test]
fn a_batch_is_no_larger_than_the_data() {
    let place = digits();
    let text = "the batch of 65 is larger than the data";
    check(&place, &["mnist", "--set", "batch=65"], text);
    place.done(&["train", "mnist", "--data", "data", "--dry-run", "--set", "batch=64"]);
}

/// The smallest PNG there is: one black pixel.
pub const PIXEL: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0\x3a\x7e\x9b\x55\
    \0\0\0\nIDAT\x78\x9c\x63\x60\0\0\0\x02\0\x01\x48\xaf\xa4\x71\0\0\0\0IEND\xae\x42\x60\x82";

#[test]
fn files_that_are_no_images_are_named_and_skipped_only_when_asked() {
    let place = Place::new();
    for name in ["a.png", "sub/b.png"] {
        place.write(&format!("data/{name}"), PIXEL);
    }
    place.write("data/sub/c.jpg", b"this is no image");
    check(&place, &["folder", "--set", "batch=2"], "1 of the 3 images in data cannot be read: sub/c.jpg");
    let skip = ["--set", "batch=2", "--set", "data.skip_unreadable=true", "--dry-run"];
    let ran = place.done(&[&["train", "folder", "--data", "data"], &skip[..]].concat());
    assert!(ran.err.contains("note: left out data/sub/c.jpg"), "{}", ran.err);
}

#[test]
fn one_image_is_too_few() {
    let place = Place::new();
    place.write("data/a.png", PIXEL);
    check(&place, &["folder"], "data holds only one image");
}

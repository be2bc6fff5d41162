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
    let text =
        "the batch of 65 is larger than the data: the set mnist has 64 items to train on, so at most 64";
    // The run's own name is not the data's.
    check(&place, &["mnist", "--set", "batch=65", "--set", "name=digits"], text);
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

#[test]
fn a_folder_that_is_not_used_is_refused() {
    let place = digits();
    check(&place, &["small.toml"], "--data data is not used: the set ring is made, not read");
    check(&place, &["glyphs", "--dry-run"], "--data data is not used: the set glyphs is made, not read");
    let stacked = ["glyphs", "--set", "data={kind='stacked-mnist', digits='glyphs'}"];
    check(&place, &stacked, "the set stacked-mnist is made");
    let named = ["mnist", "--set", "data.path=data"];
    check(&place, &named, "--data data is not used: data.path names data already");
}

#[test]
fn a_data_folder_that_was_moved_is_named_when_its_run_goes_on() {
    let place = Place::new();
    for i in 0..3 {
        place.write(&format!("photos/{i}.png"), PIXEL);
    }
    let small = ["--set", "batch=2", "--set", "data.size=16", "--set", "generator.width=1"];
    let small = [&small[..], &["--set", "discriminator.width=1", "--steps", "2", "--out", "run"]].concat();
    place.done(&[&["train", "folder", "--data", "photos"], &small[..]].concat());
    std::fs::rename(place.at("photos"), place.at("pictures")).unwrap();
    let resume = ["train", "--resume", "run", "--steps", "3"];
    let ran = place.run(&resume);
    ran.refused("the run's data was read from ");
    ran.refused("here/photos, which is not there any more; say where it is now with --data DIR");
    place.done(&[&resume[..], &["--data", "pictures"]].concat());
}

#[test]
fn a_path_of_windows_is_read_or_explained() {
    let place = Place::new();
    let spec = |path: &str| format!("batch = 2\n[data]\nkind = \"folder\"\npath = {path}\n");
    place.write("new.toml", spec(r#""C:\new""#).as_bytes());
    place
        .run(&["train", "new.toml"])
        .refused(r#"found "C:\new": in double quotes a backslash begins an escape"#);
    place.write("users.toml", spec(r#""C:\Users\me""#).as_bytes());
    place.run(&["train", "users.toml"]).refused(r"a text with backslashes is written in single quotes");
    place.write("data.toml", spec(r#""D:\data""#).as_bytes());
    place.run(&["train", "data.toml"]).refused(r"a text with backslashes is written in single quotes");
    place.write("whole.toml", spec(r"'C:\new'").as_bytes());
    place.run(&["train", "whole.toml"]).refused(r"there is no folder C:\new");
}

#[cfg(unix)]
#[test]
fn names_with_line_breaks_stay_on_one_line() {
    let place = Place::new();
    place.write("data/a.png", PIXEL);
    place.write("data/b\nc.png", b"no image");
    check(&place, &["folder", "--set", "batch=2"], "cannot be read: b\u{fffd}c.png");
    let skip = ["--set", "batch=2", "--set", "data.skip_unreadable=true", "--dry-run"];
    place.write("data/d.png", PIXEL);
    let ran = place.done(&[&["train", "folder", "--data", "data"], &skip[..]].concat());
    assert!(ran.err.contains("left out data/b\u{fffd}c.png, which"), "{}", ran.err);
    place.run(&["train", "no\nsuch.toml"]).refused("cannot read the spec no\u{fffd}such.toml");
    place.run(&["train", "folder", "--data", "no\nsuch"]).refused("there is no folder no\u{fffd}such");
}

#[test]
fn what_is_learned_is_said_and_recorded() {
    let place = Place::new();
    for name in ["cat/1.png", "cat/2.png", "dog/1.png", "__MACOSX/cat/1.png", "cat/old.heic"] {
        place.write(&format!("photos/{name}"), PIXEL);
    }
    let small = [
        "--set",
        "batch=2",
        "--set",
        "data.size=16",
        "--set",
        "generator.width=1",
        "--set",
        "data.labels=true",
    ];
    let small = [&small[..], &["--set", "discriminator.width=1", "--steps", "2", "--out", "run"]].concat();
    let ran = place.done(&[&["train", "folder", "--data", "photos"], &small[..]].concat());
    for line in [
        "items       3 images of 16 x 16 x 3",
        "classes     2: cat (2), dog (1)",
        "values      -1.000 to -1.000",
        "files       3 PNG, of 1 x 1 pixels, 3 8-bit grey",
        "left out    1 .heic, 1 folder __MACOSX",
        "duplicates  2 items equal an earlier one",
        "note: left out 1 .heic: images of these kinds are not read",
    ] {
        assert!(ran.err.contains(line), "{line}: {}", ran.err);
    }
    let data = &place.show("run")["data"];
    assert_eq!(
        (&data["class_names"], &data["n_items"]),
        (&serde_json::json!(["cat", "dog"]), &serde_json::json!(3))
    );
    assert_eq!(place.read("run/events.jsonl").matches("\"event\":\"data\"").count(), 1);
    let ring = place.done(&["train", "small.toml", "--dry-run"]);
    assert!(ring.out.contains("endless points of 2 numbers"), "{}", ring.out);
}

//! `ganatomy score`: samples against data, and what it refuses.

use ganatomy_record::{NpyData, write_npy};

use crate::place::Place;

/// The request is refused with this text, in one sentence.
fn check(place: &Place, arguments: &[&str], text: &str) {
    place.run(&[&["score"], arguments].concat()).refused(text);
}

#[test]
fn a_run_is_scored_against_its_data() {
    let place = Place::new();
    place.done(&["train", "small.toml", "--out", "run"]);
    let ran = place.done(&["score", "run@20", "--against", "ring", "--n", "300", "--json"]);
    for part in [
        "\"from\": \"run run at step 20",
        "\"from\": \"ring\"",
        "\"name\": \"pixels\"",
        "\"dims\": 2",
        "\"fid\": {",
        "\"precision\": {",
        "\"real_against_real\": ",
        "left out: ndb needs at least 1000 real items, found 300",
        "left out: inception needs class probabilities",
    ] {
        assert!(ran.out.contains(part), "no {part} in {}", ran.out);
    }
    let again =
        place.run(&["score", "run@20", "--against", "ring", "--n", "300", "--json", "--threads", "1"]);
    assert_eq!(ran.out, again.out);
    let data = place.run(&["score", "ring", "--against", "ring", "--n", "300", "--scores", "fid,diversity"]);
    assert!(data.out.contains("fid") && !data.out.contains("precision"), "{}", data.out);
    check(&place, &["run@15", "--against", "ring"], "has no checkpoint of step 15");
    check(
        &place,
        &["run@x", "--against", "ring"],
        "a run's checkpoint is RUN@STEP, RUN@best or RUN@latest, found run@x",
    );
    check(
        &place,
        &["run", "--against", "glyphs"],
        "both sides need items of one shape, found [2] of run and [28, 28, 1] of glyphs",
    );
    check(
        &place,
        &["run", "--against", "ring", "--size", "32"],
        "--size 32 does not go with items of shape [2]; it is for two folders of images",
    );
    place.write("pictures/a.png", b"");
    check(&place, &["run", "--against", "pictures"], "items of the other side have shape [2]");
}

#[test]
fn features_made_elsewhere_are_scored() {
    let place = Place::new();
    let write = |name: &str, shape: &[usize], values: &[f32]| {
        write_npy(&place.at(name), shape, NpyData::F32(values)).unwrap();
    };
    // Means 0 and 2 and one variance: the distance is 4 a number.
    let a: Vec<f32> = (0..20).flat_map(|i| if i % 2 == 0 { [1.0, -1.0] } else { [-1.0, 1.0] }).collect();
    let b: Vec<f32> = a.iter().map(|x| x + 2.0).collect();
    write("a.npy", &[20, 2], &a);
    write("b.npy", &[20, 2], &b);
    let ran = place.done(&["score", "a.npy", "--against", "b.npy", "--scores", "fid", "--json"]);
    let fid = ran.out.split("\"fid\": {").nth(2).unwrap();
    let value = fid.split("\"value\": ").nth(1).unwrap().split(',').next().unwrap();
    assert!((value.parse::<f64>().unwrap() - 8.0).abs() < 1e-9, "{value}");
    write("bad.npy", &[2, 2], &[1.0, 2.0, f32::NAN, 0.0]);
    write("one.npy", &[1, 2], &[1.0, 2.0]);
    write("loud.npy", &[2, 1, 1], &[1.0, 2.0]);
    place.write("torn.npy", b"\x93NUMPY\x01");
    place.write("torn.safetensors", b"x");
    check(&place, &["bad.npy", "--against", "b.npy"], "bad.npy as samples: item 1 holds NaN");
    check(&place, &["one.npy", "--against", "b.npy"], "must hold two items or more, found shape [1, 2]");
    check(
        &place,
        &["loud.npy", "--against", "b.npy"],
        "floats of images must be in [-1, 1] (bytes are read too), found 2",
    );
    check(&place, &["torn.npy", "--against", "b.npy"], "torn.npy as an array: it ends within its header");
    check(&place, &["torn.safetensors", "--against", "b.npy"], "torn.safetensors as samples");
    check(&place, &["a.npy", "--against", "b.npy", "--n", "21"], "--n must be from 2 to 20");
    check(&place, &["a.npy", "--against", "b.npy", "--n", "1"], "--n must be from 2 to 20");
    check(
        &place,
        &["a.npy", "--against", "b.npy", "--scores", "ndb"],
        "ndb needs at least 1000 real items, found 20",
    );
    check(
        &place,
        &["a.npy", "--against", "b.npy", "--scores", "fit"],
        "there is no score \"fit\"; did you mean \"fid\"?",
    );
    check(
        &place,
        &["a.npy", "--against", "b.npy", "--extractor", "random"],
        "the extractor random needs images of 8 pixels",
    );
    check(
        &place,
        &["a.npy", "--against", "b.npy", "--extractor", "classifier"],
        "the extractor classifier needs labelled images",
    );
    check(
        &place,
        &["a.npy", "--against", "b.npy", "--set", "kid.sise=3"],
        "unknown key \"sise\" in [kid]; did you mean \"size\"?",
    );
    check(&place, &["a.npy", "--against", "mnits"], "mnits is no run, no folder of images");
    check(&place, &["a.npy", "--against", "ring:held-out"], "the data set ring has no held-out part");
}

#[test]
fn folders_of_images_are_read_at_one_size_and_bad_files_are_named() {
    let place = Place::new();
    let shape = [12, 9, 9];
    let bytes: Vec<u8> = (0..12 * 81).map(|i| (i * 37 % 251) as u8).collect();
    write_npy(&place.at("a.npy"), &shape, NpyData::U8(&bytes)).unwrap();
    for i in 0..12 {
        place.write(&format!("pictures/{i:02}.bmp"), &bitmap(&bytes[i * 81..][..81]));
    }
    let ran = place.done(&["score", "a.npy", "--against", "pictures", "--scores", "fid,precision-recall"]);
    assert!(ran.out.contains("folders: centred squares to 9 x 9"), "{}", ran.out);
    assert!(ran.out.contains("fid of 12 items a side and"), "{}", ran.out);
    place.write("pictures/bad.bmp", b"BM no bitmap");
    check(&place, &["a.npy", "--against", "pictures"], "bad.bmp");
    let ran =
        place.done(&["score", "a.npy", "--against", "pictures", "--scores", "fid", "--skip-unreadable"]);
    assert!(ran.err.contains("left out") && ran.err.contains("bad.bmp"), "{}", ran.err);
    place.write("one/a.bmp", &bitmap(&bytes[..81]));
    check(&place, &["a.npy", "--against", "one"], "one");
    std::fs::create_dir(place.at("none")).unwrap();
    check(&place, &["a.npy", "--against", "none"], "none");
}

/// A 9 x 9 grey picture as a 24-bit BMP.
fn bitmap(grey: &[u8]) -> Vec<u8> {
    let row = |row: &[u8]| [row.iter().flat_map(|x| [*x; 3]).collect::<Vec<u8>>(), vec![0]].concat();
    let pixels: Vec<u8> = grey.chunks(9).rev().flat_map(row).collect();
    let mut file = b"BM".to_vec();
    for number in
        [54 + pixels.len() as u32, 0, 54, 40, 9, 9, 1 | 24 << 16, 0, pixels.len() as u32, 0, 0, 0, 0]
    {
        file.extend(number.to_le_bytes());
    }
    file.extend(pixels);
    file
}

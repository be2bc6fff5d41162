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

/// Alone the distance is had from sums of items that pass by; beside another score from features that are kept.
#[test]
fn the_distance_alone_is_the_same() {
    let place = Place::new();
    let numbers = |seed: u32, n: u32| -> Vec<f32> {
        let number = |i: u32| f64::from((i + seed) % 1009).sqrt().fract() as f32;
        (0..n).map(|i| number(i * i % 7919) + 100.0).collect()
    };
    let write = |name: &str, n: u32, seed| {
        write_npy(&place.at(name), &[n as usize / 3, 3], NpyData::F32(&numbers(seed, n))).unwrap();
    };
    write("a.npy", 3 * 1301, 1);
    write("b.npy", 3 * 2000, 500);
    write("few.npy", 3 * 30, 7);
    let found = |real: &str, scores: &str, more: &[&str]| -> Vec<f64> {
        let asked = ["score", "a.npy", "--against", real, "--scores", scores, "--json"];
        let ran = place.done(&[&asked[..], more].concat());
        let json: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
        let fid = &json["scores"]["fid"];
        let numbers = ["fid", "fid_of_means", "fid_unbiased"].into_iter().flat_map(|name| {
            ["value", "spread", "real_against_real"].map(|part| fid[name][part].as_f64().unwrap_or(0.0))
        });
        numbers.collect()
    };
    for (real, more) in [
        ("b.npy", &[][..]),
        ("b.npy", &["--n", "1001"]),
        ("b.npy", &["--n", "701", "--set", "fid.groups=7"]),
        ("b.npy", &["--n", "700", "--set", "fid.groups=0"]),
        ("few.npy", &["--n", "12"]),
        ("few.npy", &["--n", "6"]),
    ] {
        let (alone, beside) = (found(real, "fid", more), found(real, "fid,diversity", more));
        assert!(alone[0] > 1e-4 && alone[2] > 0.0, "{alone:?}");
        let off = |(a, b): (&f64, &f64)| (a - b).abs();
        let off = alone.iter().zip(&beside).map(off).fold(0.0, f64::max);
        assert!(off < 1e-9, "{off} {alone:?} {beside:?}");
    }
}

#[test]
fn arrays_in_archives_are_scored() {
    let place = Place::new();
    let numbers = |shift: f32| (0..40).map(|i| (i * 7 % 11) as f32 + shift).collect::<Vec<f32>>();
    for (name, shift) in [("a.npy", 0.0), ("b.npy", 2.0)] {
        write_npy(&place.at(name), &[20, 2], NpyData::F32(&numbers(shift))).unwrap();
    }
    let ran = place.done(&["score", "a.npy", "--against", "b.npy", "--scores", "fid", "--json"]);
    let archive = |name: &str, arrays: &[(&str, &str)]| {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (member, file) in arrays {
            zip.start_file(*member, zip::write::SimpleFileOptions::default()).unwrap();
            std::io::Write::write_all(&mut zip, &std::fs::read(place.at(file)).unwrap()).unwrap();
        }
        place.write(name, &zip.finish().unwrap().into_inner());
    };
    archive("one.npz", &[("arr_0.npy", "a.npy")]);
    archive("two.npz", &[("a.npy", "a.npy"), ("b.npy", "b.npy")]);
    let packed = place.done(&["score", "one.npz", "--against", "two.npz:b", "--scores", "fid", "--json"]);
    let fids = |out: &str| out.split("\"scores\"").nth(1).unwrap().to_owned();
    assert_eq!(fids(&packed.out), fids(&ran.out));
    let several = "two.npz as an array: it holds several arrays; name one of a, b, as in FILE.npz:a";
    check(&place, &["two.npz", "--against", "b.npy"], several);
    check(&place, &["two.npz:c", "--against", "b.npy"], "two.npz as an array: it holds no array c, but a, b");
    check(&place, &["one.npz", "--against", "two.npz:b", "--extractor", "onnx"], "needs a file, as in");
    #[cfg(not(feature = "onnx"))]
    check(
        &place,
        &["one.npz", "--against", "two.npz:b", "--extractor", "onnx:net.onnx"],
        "the extractor onnx is not in this build; `cargo install --path crates/ganatomy --features onnx`",
    );
    place.write("torn.npz", b"PK\x03\x04");
    check(&place, &["torn.npz", "--against", "b.npy"], "torn.npz as an array: it is no .npz file");
    check(
        &place,
        &["a.npy", "--against", "b.npy", "--extractor", "npy:theirs.npy"],
        "features made elsewhere are given as the sides themselves, an array [n, features] of each",
    );
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
    assert!(
        ran.out.contains("folders: centred squares to 9 x 9, antialiased bicubic (clean-fid)"),
        "{}",
        ran.out
    );
    features_are_kept(&place);
    let folders =
        ["score", "pictures", "--against", "pictures", "--size", "8", "--scores", "fid", "--resize"];
    let fids = ["legacy", "clean", "training"].map(|how| {
        let ran = place.done(&[&folders[..], &[how]].concat());
        assert_eq!(ran.out.contains("legacy"), how == "legacy", "{}", ran.out);
        assert_eq!(ran.out.contains("as for training"), how == "training", "{}", ran.out);
        ran.out.lines().find(|line| line.trim().starts_with("fid ")).unwrap().to_owned()
    });
    assert!(fids[0] != fids[1] && fids[1] != fids[2], "{fids:?}");
    check(
        &place,
        &["a.npy", "--against", "a.npy", "--resize", "clean"],
        "--resize is for folders of images, and neither side is one",
    );
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

/// The features of the folder are kept, and damaged ones made again.
fn features_are_kept(place: &Place) {
    let kept = |expected: [bool; 2]| {
        let ran = place.done(&[
            "score",
            "a.npy",
            "--against",
            "pictures",
            "--scores",
            "fid,precision-recall",
            "--json",
        ]);
        let found: Vec<bool> = (ran.out.lines().filter(|line| line.contains("\"from_cache\": ")))
            .map(|line| line.contains("true"))
            .collect();
        assert_eq!(found, expected, "{}", ran.out);
        ran.out.replace("\"from_cache\": true", "").replace("\"from_cache\": false", "")
    };
    let first = kept([true, true]);
    let all = || std::fs::read_dir(place.at("../cache/features")).unwrap().map(|entry| entry.unwrap().path());
    assert_eq!(all().count(), 2);
    all().for_each(|path| std::fs::write(path, b"damaged").unwrap());
    assert_eq!(kept([false, false]), first);
    assert_eq!(kept([true, true]), first);
}

#[test]
fn a_page_holds_scores_neighbours_classes_and_the_curve() {
    let place = Place::new();
    // Five kinds of stripes, twenty of each; the samples lack the last kind, and the first of them is a copy.
    let stripe = |kind: usize, i: usize| -> Vec<u8> {
        (0..81)
            .map(|at| (at * (kind + 1) * 13 % 200 + i * 7 % 50 + usize::from(at == i % 81 && i < 100)) as u8)
            .collect()
    };
    for i in 0..100 {
        let name = format!("data/{}/{i:03}.bmp", i % 5);
        place.write(&name, &bitmap(&stripe(i % 5, i)));
    }
    let samples: Vec<u8> = (0..100).flat_map(|i| stripe(i % 4, if i == 0 { 0 } else { 100 + i })).collect();
    write_npy(&place.at("a.npy"), &[100, 9, 9], NpyData::U8(&samples)).unwrap();
    let arguments = ["score", "a.npy", "--against", "data", "--set", "prd.clusters=4", "--out"];
    let ran = place.done(&[&arguments[..], &["page.html"]].concat());
    assert!(ran.err.contains("page.html holds the scores as a page"), "{}", ran.err);
    let page = String::from_utf8(std::fs::read(place.at("page.html")).unwrap()).unwrap();
    // What is shown for all kinds but the last: bars on the left, and none on the right.
    let figures = page.split("id=\"figures\">").nth(1).unwrap().split("</script>").next().unwrap();
    let figures: serde_json::Value = serde_json::from_str(figures).unwrap();
    let bars = |chart: usize| {
        let data = &figures["classes"]["charts"][chart]["data"];
        let heights = data[1]["y"].as_array().unwrap();
        heights.iter().map(|y| y.as_f64().unwrap()).collect::<Vec<f64>>()
    };
    assert!(bars(0)[..4].iter().all(|share| *share > 0.0), "{figures}");
    assert_eq!(bars(1)[4], 0.0);
    assert!(figures["prd"]["charts"][0]["data"].as_array().unwrap().len() == 2, "{figures}");
    for part in [
        "<h2>Scores</h2>",
        "<h2>점수</h2>",
        "<td>precision</td>",
        "a.npy against data",
        "a.npy 대 data",
        "빠짐: ndb에는 실제 항목이 1000개 이상 있어야 하는데 100개입니다",
        "폴더: 가운데 정사각형을",
        "100 of a.npy",
        "folders: centred squares to 9 x 9",
        "Samples at distance 0: 1.",
        "<p><span lang=\"en\">0, class 0</span>",
        "--out page.html</code>",
    ] {
        assert!(page.contains(part), "no {part}");
    }
    assert_eq!(
        page.matches("<img class=\"sharp\" src=\"data:image/png").count(),
        60,
        "ten samples and five neighbours of each"
    );
    let own = page.replace(&ganatomy_view::page::library(), "");
    assert!(own.len() < page.len() && !own.contains("src=\"http") && !own.contains("href=\"http"));
    let refuse = |out: &str, text: &str| place.run(&[&arguments[..], &[out]].concat()).refused(text);
    refuse("page.png", "a page is written as .html, found --out page.png");
    refuse("no/page.html", "the page no/page.html cannot be written: its folder does not exist");
    std::fs::create_dir(place.at("it.html")).unwrap();
    refuse("it.html", "the page it.html cannot be written: it is a folder");
    place.done(&["train", "small.toml", "--out", "run"]);
    refuse("run/samples/page.html", "is one of the own files of the run");
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

#[test]
fn a_page_says_what_it_leaves_out() {
    let place = Place::new();
    let page = |scores: &str| {
        place.done(&[
            "score",
            "ring",
            "--against",
            "ring",
            "--n",
            "300",
            "--scores",
            scores,
            "--out",
            "page.html",
        ]);
        String::from_utf8(std::fs::read(place.at("page.html")).unwrap()).unwrap()
    };
    let text = page("fid");
    for part in
        ["<h2>Not shown</h2>", "<h2>보이지 않는 것</h2>", "<code>density-coverage</code>", "<code>prd</code>"]
    {
        assert!(text.contains(part), "no {part}");
    }
    assert!(!page("prd,density-coverage").contains("Not shown"));
}

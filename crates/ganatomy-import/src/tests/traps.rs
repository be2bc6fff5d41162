//! Traps of real logs: steps that go back, runs in one file, steps told again, other encodings, what is no log.

use std::io::Write;

use super::{check, read, read_as, told};
use crate::{ImportError, Imported, Options};

/// The steps of D's loss.
fn steps(imported: &Imported) -> Vec<u64> {
    imported.series()["discriminator/loss"].iter().map(|point| point.0).collect()
}

fn lines(steps: impl IntoIterator<Item = u64>) -> String {
    steps
        .into_iter()
        .map(|step| format!("step: {step} d_loss: {} g_loss: 1\n", step as f64 / 100.0))
        .collect()
}

#[test]
fn the_later_part_of_a_resumed_run_replaces_the_earlier() {
    let imported = read(&(lines([100, 200, 300, 400]) + "resumed\n" + &lines([250, 350])));
    assert_eq!(steps(&imported), [100, 200, 250, 350]);
    assert!(
        imported.notes[0].starts_with("its steps go back once, as where a run is resumed"),
        "{:?}",
        imported.notes
    );
}

#[test]
fn two_runs_in_one_file_are_told_apart() {
    let log = lines([0, 100, 200]) + &lines([0, 100]);
    let imported = read(&log);
    assert_eq!(steps(&imported), [0, 100, 200]);
    assert!(
        imported.notes[0].contains("holds 2 runs, as steps begin anew (of 3, 2 lines): run 1 is read"),
        "{:?}",
        imported.notes
    );
    let second = Options { run: Some(2), ..Options::default() };
    assert_eq!(steps(&read_as("a", log.as_bytes(), &second).unwrap()), [0, 100]);
    let third = Options { run: Some(3), ..Options::default() };
    let why = read_as("a", log.as_bytes(), &third).unwrap_err().to_string();
    assert_eq!(why, "run 3 was asked for, and the log holds 2");
    // A table's header in the middle begins another run even where no step says so.
    let table = read("d_loss,g_loss\n1,2\n1,2\n1,2\nd_loss,g_loss\n3,4\n");
    assert_eq!(table.series()["discriminator/loss"], [(1, 1.0), (2, 1.0), (3, 1.0)]);
}

#[test]
fn a_second_evaluation_does_not_count() {
    let fid = |step: u64, fid: f64| format!("> FID score (Step: {step}, Using test moments): {fid}\n");
    // The best checkpoint is evaluated again at the end, which is no later step.
    let log = lines([100, 200, 300])
        + &fid(100, 9.0)
        + &fid(200, 5.0)
        + &fid(200, 6.0)
        + &fid(300, 7.0)
        + &fid(200, 4.0);
    let imported = read(&log);
    assert_eq!(imported.series()["scores/fid/fid"], [(100, 9.0), (200, 5.0), (300, 7.0)]);
    assert_eq!(steps(&imported), [100, 200, 300]);
    // Scores alone that go on after they went back are a resumed run's.
    let resumed = read(
        "{\"itr\": 1, \"FID\": 9}\n{\"itr\": 2, \"FID\": 8}\n{\"itr\": 3, \"FID\": 7}\n{\"itr\": 2, \"FID\": 6}\n{\"itr\": 3, \"FID\": 5}\n",
    );
    assert_eq!(resumed.series()["scores/fid/fid"], [(1, 9.0), (2, 6.0), (3, 5.0)]);
}

#[test]
fn values_of_a_step_that_stands_there_twice_and_sums_of_epochs() {
    let imported = read("step: 5 d_loss: 1 g_loss: 2\nstep: 5 d_loss: 3 g_loss: 4\n");
    assert_eq!(imported.series()["discriminator/loss"], [(5, 3.0)]);
    assert!(
        imported.notes.iter().any(|note| note.starts_with("a step stands there again")),
        "{:?}",
        imported.notes
    );
    let sums = read(
        "Iter: 0 d_loss: 1 g_loss: 2\nIter: 50 d_loss: 3 g_loss: 4\nEpoch: 0 d_loss: 100 g_loss: 100\nIter: 100 d_loss: 5 g_loss: 6\n",
    );
    assert_eq!(sums.series()["discriminator/loss"], [(0, 1.0), (50, 3.0), (100, 5.0)]);
    // A score that names no step is of the last one.
    let score = read("step: 5 d_loss: 1 g_loss: 2\nFID: 30.5\nstep: 9 d_loss: 1 g_loss: 2\n");
    assert_eq!(score.series()["scores/fid/fid"], [(5, 30.5)]);
}

#[test]
fn steps_that_jump_about_are_put_in_order() {
    let jumping = (0..200u64).map(|i| if i % 2 == 0 { i + 2 } else { i - 1 });
    let imported = read(&lines(jumping));
    let steps = steps(&imported);
    assert!(steps.windows(2).all(|pair| pair[0] < pair[1]), "{steps:?}");
}

#[test]
fn packed_and_other_encodings() {
    let log = "Époque\r\n[0/5][0/9] Loss_D: 1.5 Loss_G: 2\r\n[0/5][8/9] Loss_D: 1 Loss_G: 2.5\r\n";
    let expected = told(&read(log));
    assert_eq!(expected[0], "dcgan by iteration");
    let check = |bytes: &[u8], what: &str| {
        assert_eq!(told(&read_as("a", bytes, &Options::default()).unwrap()), expected, "{what}");
    };
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(log.as_bytes()).unwrap();
    let packed = packed.finish().unwrap();
    check(&packed, "gzip");
    check(&[packed.clone(), packed.clone()].concat(), "two members");
    let units: Vec<u16> = log.encode_utf16().collect();
    let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
    check(&[b"\xff\xfe", little.as_slice()].concat(), "UTF-16");
    check(&[b"\xfe\xff", big.as_slice()].concat(), "UTF-16, big end first");
    check(&[b"\xef\xbb\xbf", log.as_bytes()].concat(), "a mark in front");
    let latin: Vec<u8> = log.chars().map(|c| c as u8).collect();
    check(&latin, "Latin-1");
    check(&log.replace("Loss", "\x1b[32mLoss").replace("\r\n", "\x1b[0m\r\n").into_bytes(), "colours");
    // A torn archive gives what can be unpacked of it.
    let torn = read_as("a", &packed[..packed.len() - 9], &Options::default());
    assert!(torn.is_ok_and(|torn| steps(&torn)[0] == 0), "a torn archive");
}

#[test]
fn notebooks_are_read_over_their_cells() {
    let cell = |text: &str| {
        format!(
            "{{\"cell_type\": \"code\", \"outputs\": [{{\"output_type\": \"stream\", \"text\": [{text}]}}]}}"
        )
    };
    let line = |step: u64| format!("\"[0/5][{step}/9] Loss_D: 1.5 Loss_G: 2\\n\"");
    let book = format!(
        "{{\n \"cells\": [{}, {}],\n \"metadata\": {{}}, \"nbformat\": 4, \"nbformat_minor\": 0}}",
        cell(&format!("{}, {}", line(0), line(4))),
        cell(&line(8))
    );
    check(
        &book,
        &[
            "notebook by iteration",
            "discriminator/loss 3: 1.5 at 0 to 1.5 at 8",
            "generator/loss 3: 2 at 0 to 2 at 8",
        ],
    );
    // Where the step starts again another run begins.
    let twice = book.replace(&line(8), &line(0));
    assert!(read(&twice).notes[0].contains("holds 2 runs"), "{:?}", read(&twice).notes);
}

#[test]
fn a_torn_end_is_read_past() {
    check(
        "step,d_loss,g_loss\n1,0.5,0.25\n2,0.5,0.5\n3,0.",
        &[
            "csv by iteration",
            "discriminator/loss 3: 0.5 at 1 to 0 at 3",
            "generator/loss 2: 0.25 at 1 to 0.5 at 2",
        ],
    );
    check(
        "{\"step\": 1, \"d_loss\": 0.5, \"g_loss\": 1}\n{\"step\": 2, \"d_lo",
        &[
            "jsonl by iteration",
            "discriminator/loss 1: 0.5 at 1 to 0.5 at 1",
            "generator/loss 1: 1 at 1 to 1 at 1",
        ],
    );
    check(
        "[{\"iteration\": 1, \"loss_dis\": 0.5, \"loss_gen\": 1}, {\"iteration\": 2, \"loss",
        &[
            "json by iteration",
            "discriminator/loss 1: 0.5 at 1 to 0.5 at 1",
            "generator/loss 1: 1 at 1 to 1 at 1",
        ],
    );
}

#[test]
fn what_is_no_log_is_refused_with_one_sentence() {
    let check = |bytes: &[u8], expected: &str| {
        let why = read_as("a.log", bytes, &Options::default()).unwrap_err().to_string();
        assert!(why.starts_with(expected) && !why.contains('\n'), "{why}");
    };
    check(b"", "a.log is empty");
    check(b" \n\n", "a.log is empty");
    check(b"\x89PNG\r\n\x1a\n", "a.log is a PNG picture, not a log");
    check(b"PK\x03\x04....", "a.log is a zip archive, or a checkpoint of PyTorch, not a log");
    check(&[1u8, 2, 3, 4, 5, 0, 200, 7].repeat(500), "a.log is a binary file, not a log");
    check(b"Dear diary, nothing happened today.\n", "a.log holds no line with named numbers");
    check(b"{\"a\": {\"b\": ", "a.log is damaged: it begins as JSON");
    check(&[b"x".as_slice(), &vec![b'y'; 5 << 20]].concat(), "a.log holds no line with named numbers");
    check(&[0x1f, 0x8b, 8, 0, 1, 2, 3], "cannot read a.log");
}

#[test]
fn a_gigantic_line_is_passed_over_and_the_rest_is_read() {
    let log = format!("{}\n{}", "x".repeat(3 << 20), lines([1, 2]));
    assert_eq!(steps(&read(&log)), [1, 2]);
}

#[test]
fn a_second_number_of_a_bare_loss_is_no_reading() {
    let imported = read("[1/2][50/391] d_loss: 0.5 loss: 0.6 / 0.1\n");
    assert_eq!(imported.series().len(), 1);
}

#[test]
fn maps_and_patterns() {
    let read = |map: &[&str], pattern: Option<&str>, log: &str| {
        let map = map.iter().map(|map| map.parse().unwrap()).collect();
        read_as(
            "a",
            log.as_bytes(),
            &Options { map, pattern: pattern.map(str::to_owned), ..Options::default() },
        )
    };
    let log = "step: 1 foo: 0.5 bar: 0.25\n";
    let mapped = read(&["foo=discriminator/loss", "bar=generator/loss"], None, log).unwrap();
    assert_eq!(
        told(&mapped),
        [
            "lines by iteration",
            "discriminator/loss 1: 0.5 at 1 to 0.5 at 1",
            "generator/loss 1: 0.25 at 1 to 0.25 at 1",
        ]
    );
    let why = |found: Result<Imported, ImportError>| found.unwrap_err().to_string();
    let none = why(read(&["baz=generator/loss"], None, log));
    assert!(
        none.starts_with(
            "--map says what baz means, and no such name is in the log; it holds step, foo, bar"
        ),
        "{none}"
    );
    let twice = why(read(&["foo=generator/loss", "bar=generator/loss"], None, log));
    assert_eq!(twice, "--map gives generator/loss to foo and to bar; only one can have it");
    let pattern = r"^(?P<step>\d+)\|(?P<d_loss>\S+)\|(?P<g_loss>\S+)";
    let found = read(&[], Some(pattern), "0|0.5|1\nnothing\n10|0.25|nan\n").unwrap();
    assert_eq!(
        told(&found),
        [
            "pattern by iteration",
            "discriminator/loss 2: 0.5 at 0 to 0.25 at 10",
            "generator/loss 2: 1 at 0 to NaN at 10",
        ]
    );
    let no_match = why(read(&[], Some(pattern), log));
    assert!(no_match.ends_with("matches no line of a"), "{no_match}");
}

#[test]
fn a_bar_that_begins_again_is_the_next_epoch() {
    let bar = |at: u64, of: u64, d: f64| {
        format!("{:3}%|##| {at}/{of} [00:10<00:05, 9.0it/s, d_loss={d}, g_loss=0.7]\r", 100 * at / of)
    };
    let epochs = |n: u64| -> String {
        (0..n)
            .flat_map(|epoch| [100, 200, 300, 400].map(|at| bar(at, 400, (epoch * 400 + at) as f64)))
            .collect()
    };
    let imported = read(&epochs(3));
    assert_eq!(imported.series()["discriminator/loss"].len(), 12);
    assert!(
        imported.series()["discriminator/loss"].iter().all(|(step, d)| *step as f64 == *d),
        "{imported:?}"
    );
    assert!(
        imported.notes[0].contains("begins again and again: 3 epochs are counted"),
        "{:?}",
        imported.notes
    );
    // One that was stopped early and begun anew is another run, and so is one that counts up to another number.
    let broken = read(&(bar(100, 400, 1.0) + &bar(150, 400, 1.0) + &bar(10, 400, 2.0)));
    assert!(broken.notes[0].contains("holds 2 runs"), "{:?}", broken.notes);
    let other = read(&(bar(100, 400, 1.0) + &bar(400, 400, 1.0) + &bar(10, 300, 2.0)));
    assert!(other.notes[0].contains("holds 2 runs"), "{:?}", other.notes);
    // Where lines name their epochs, these count.
    let named: String =
        (5..7).map(|epoch| format!("Epoch {epoch}/9\n") + &bar(400, 400, epoch as f64)).collect();
    assert_eq!(steps(&read(&named)), [2400, 2800]);
}

#[test]
fn a_quote_that_is_not_closed_ends_with_its_line() {
    let imported = read(
        "step,note,d_loss,g_loss\n1,\"a, b\",0.5,0.7\n2,\"torn,0.6,0.7\n3,5\" tall,0.7,0.8\n4,,\"0.8\",0.9\n",
    );
    assert_eq!(imported.series()["discriminator/loss"], [(1, 0.5), (2, 0.6), (3, 0.7), (4, 0.8)]);
    let named = read("\"step\",\"d \"\"loss\",\"g_loss\"\n1,2,3\n");
    assert_eq!(
        told(&named)[1..],
        ["discriminator/loss 1: 2 at 1 to 2 at 1", "generator/loss 1: 3 at 1 to 3 at 1"]
    );
}

#[test]
fn a_header_may_be_a_remark() {
    check(
        "# of run 7\n# step d_loss g_loss\n1 0.5 0.7\n# resumed\n2 0.6 0.8\n",
        &[
            "csv by iteration",
            "discriminator/loss 2: 0.5 at 1 to 0.6 at 2",
            "generator/loss 2: 0.7 at 1 to 0.8 at 2",
        ],
    );
    check(
        "#epoch,d_loss,g_loss\n1,0.5,0.7\n",
        &[
            "csv by epoch",
            "discriminator/loss 1: 0.5 at 1 to 0.5 at 1",
            "generator/loss 1: 0.7 at 1 to 0.7 at 1",
        ],
    );
    assert!(read_as("a.csv", b"# a remark that is no header\n1,2\n", &Options::default()).is_err());
}

#[test]
fn parts_of_a_run_may_be_given_in_any_order() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: String| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let [first, second] = [file("1", lines([100, 200, 300])), file("2", lines([250, 350]))];
    let read = |files: &[&std::path::PathBuf], run| {
        let files: Vec<_> = files.iter().map(|file| (*file).clone()).collect();
        crate::read(&files, &Options { run, ..Options::default() })
    };
    for files in [[&first, &second], [&second, &first]] {
        assert_eq!(steps(&read(&files, None).unwrap()), [100, 200, 250, 350]);
    }
    // A run that is asked for is that of the file which holds several.
    let two = file("3", lines([0, 100, 200]) + &lines([0, 50]));
    let scores = file("4", "step: 50 fid: 9\nstep: 100 fid: 8\n".to_owned());
    assert_eq!(steps(&read(&[&two, &scores], Some(2)).unwrap()), [0, 50]);
    let why = read(&[&first, &scores], Some(2)).unwrap_err().to_string();
    assert_eq!(why, "run 2 was asked for, and the log holds 1");
}

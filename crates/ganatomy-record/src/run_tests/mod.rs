//! What a run records, torn, resumed and read back.

mod board;
mod damaged;
mod folder;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::*;

const SPEC: &str = "seed = 1 # mine\n";
const PLAN: &str = "seed = 1\nsteps = 10\n";

fn place() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("runs/a");
    (folder, path)
}

fn create(path: &Path, overwrite: bool) -> Result<RunFolder, RecordError> {
    RunFolder::create(path, overwrite, SPEC, PLAN)
}

fn started() -> Event {
    let (version, host) = ("0.1.0".to_owned(), "box".to_owned());
    let directions = [("modes", Direction::Up), ("kl", Direction::Down), ("loss", Direction::None)];
    let directions = directions.map(|(name, way)| (name.to_owned(), way)).into();
    Event::Started { step: 0, secs: 0.0, version, host, threads: 2, directions }
}

fn readings(step: u64, values: &[(&str, f64)]) -> Event {
    let values = values.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect();
    Event::Readings { step, secs: step as f64 / 10.0, values }
}

fn finished(step: u64, outcome: Outcome) -> Event {
    Event::Finished { step, secs: step as f64 / 10.0, outcome }
}

fn record(folder: &RunFolder, events: &[Event]) {
    let mut writer = RunWriter::open(folder, 1e9, "box").unwrap();
    for event in events {
        assert!(writer.receive(event).unwrap().is_continue());
    }
}

fn tear(folder: &RunFolder, part: &[u8]) {
    fs::OpenOptions::new().append(true).open(folder.events()).unwrap().write_all(part).unwrap();
}

fn read(folder: &RunFolder) -> Vec<Event> {
    RunReader::open(folder).read_all().unwrap()
}

#[test]
fn events_read_back_in_order() {
    let (_folder, path) = place();
    let run = create(&path, false).unwrap();
    let events = [started(), readings(5, &[("loss", 0.5)]), finished(10, Outcome::Done)];
    record(&run, &events);
    assert_eq!(read(&run), events);
}

#[test]
fn a_torn_line_costs_only_itself() {
    let (_folder, path) = place();
    let run = create(&path, false).unwrap();
    record(&run, &[started(), readings(5, &[])]);
    tear(&run, b"{\"event\":\"readings\",\"step\":6,\"val\xc3");
    assert_eq!(read(&run), [started(), readings(5, &[])]);
    record(&run, &[readings(6, &[]), readings(7, &[])]);
    assert_eq!(read(&run), [started(), readings(5, &[]), readings(6, &[]), readings(7, &[])]);
}

#[test]
fn a_whole_line_without_its_end_is_kept() {
    let (_folder, path) = place();
    let run = create(&path, false).unwrap();
    record(&run, &[started()]);
    tear(&run, serde_json::to_string(&readings(1, &[])).unwrap().as_bytes());
    record(&run, &[readings(2, &[])]);
    assert_eq!(read(&run), [started(), readings(1, &[]), readings(2, &[])]);
}

#[test]
fn later_kinds_are_skipped_and_false_events_refused() {
    let (_folder, path) = place();
    let run = create(&path, false).unwrap();
    tear_new(&run, b"{\"event\":\"treatment\",\"step\":6}\n\n");
    assert_eq!(read(&run), []);
    for line in [&b"{\"event\":\"note\",\"step\":-1}\n"[..], b"{}\n", b"3\n"] {
        tear_new(&run, line);
        let text = RunReader::open(&run).read_all().unwrap_err().to_string();
        assert!(text.contains("events.jsonl:1: this is not an event: "), "{text}");
    }
}

fn tear_new(folder: &RunFolder, content: &[u8]) {
    fs::write(folder.events(), content).unwrap();
}

#[test]
fn a_tail_yields_each_whole_event_once() {
    let (_folder, path) = place();
    let run = create(&path, false).unwrap();
    let mut tail = RunReader::open(&run).tail();
    assert_eq!(tail.poll().unwrap(), News::default());
    record(&run, &[started()]);
    assert_eq!(tail.poll().unwrap(), News { events: vec![started()], from_start: true });
    let line = serde_json::to_string(&readings(1, &[("loss", f64::INFINITY)])).unwrap();
    let (first, second) = line.split_at(20);
    tear(&run, first.as_bytes());
    assert_eq!(tail.poll().unwrap(), News::default());
    tear(&run, second.as_bytes());
    tear(&run, b"\n{\"ev");
    let events = vec![readings(1, &[("loss", f64::INFINITY)])];
    assert_eq!(tail.poll().unwrap(), News { events, from_start: false });
    drop(run);
    let again = create(&path, true).unwrap();
    record(&again, &[readings(3, &[])]);
    assert_eq!(tail.poll().unwrap(), News { events: vec![readings(3, &[])], from_start: true });
}

#[test]
fn a_resume_removes_later_events() {
    let (_folder, path) = place();
    let run = create(&path, false).unwrap();
    let early = [started(), readings(5, &[("kl", 3.0)]), readings(9, &[("kl", 1.0)])];
    record(&run, &early);
    assert_eq!(RunReader::open(&run).summary().unwrap().steps, 9);
    drop(run);
    let run = RunFolder::resume(&path).unwrap();
    let resumed = Event::Resumed { step: 5, secs: 0.5 };
    let later = [resumed, readings(7, &[("kl", 2.0)]), finished(10, Outcome::Done)];
    record(&run, &later);
    assert_eq!(read(&run), [&early[..2], &later[..]].concat());
    let summary = RunReader::open(&run).summary().unwrap();
    assert_eq!(summary.readings["kl"], Reading { last: 2.0, best: Some(2.0), step: 7 });
    assert_eq!((summary.steps, summary.wall_secs, summary.outcome.as_str()), (10, 1.0, "done"));
}

fn check_summary(events: &[Event], expected: &str) {
    let summary = Summary::of(events);
    let text = serde_json::to_string(&summary).unwrap();
    assert_eq!(text, expected);
    let back: Summary = serde_json::from_str(&text).unwrap();
    assert_eq!(serde_json::to_string(&back).unwrap(), text);
}

#[test]
fn summaries_hold_the_last_and_the_best() {
    check_summary(&[], r#"{"outcome":"running","steps":0,"wall_secs":0.0,"readings":{}}"#);
    let values = |modes, kl, loss| [("modes", modes), ("kl", kl), ("loss", loss)];
    let quantity = "loss".to_owned();
    let events = [
        started(),
        readings(1, &values(3.0, f64::NAN, 0.5)),
        readings(2, &values(8.0, 0.25, 0.25)),
        readings(3, &values(8.0, 0.5, f64::NAN)),
        finished(3, Outcome::Diverged { quantity }),
    ];
    check_summary(
        &events,
        r#"{"outcome":"diverged","detail":"loss","steps":3,"wall_secs":0.3,"readings":{"kl":{"last":0.5,"best":0.25,"step":2},"loss":{"last":"NaN","best":null,"step":3},"modes":{"last":8.0,"best":8.0,"step":2}}}"#,
    );
    check_summary(
        &events[..2],
        r#"{"outcome":"running","steps":1,"wall_secs":0.1,"readings":{"kl":{"last":"NaN","best":null,"step":1},"loss":{"last":0.5,"best":null,"step":1},"modes":{"last":3.0,"best":3.0,"step":1}}}"#,
    );
    let ended = [finished(4, Outcome::Interrupted), Event::Resumed { step: 4, secs: 0.4 }];
    assert_eq!(Summary::of(&ended[..1]).outcome, "interrupted");
    assert_eq!(Summary::of(&ended).outcome, "running");
}

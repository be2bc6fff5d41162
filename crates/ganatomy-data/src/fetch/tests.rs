//! Tests of downloads, against a server in the test.

mod server;

use std::fs;
use std::path::Path;
use std::time::Duration;

use server::{Answer, Server};

use super::*;
use crate::testing::{Recorded, message};

const TEXT: &str = "abcdefghijklmnopqrstuvwxyz";
/// One file that holds the alphabet.
const ALPHABET: Source = Source {
    torchvision: "Alphabet",
    name: "letters",
    mirrors: &[],
    files: &[SourceFile {
        name: "alphabet.txt",
        n_bytes: 26,
        sha256: "71c480df93d6ae2f1efad1447c66c9525e316218cf51fc8d9ed832f2daf18b73",
    }],
};

fn options(server: &Server) -> FetchOptions {
    FetchOptions {
        base_url: Some(server.url.clone()),
        n_rounds: 3,
        backoff: Duration::from_millis(1),
        timeout: Duration::from_secs(5),
        use_proxy: false,
    }
}

/// Fetches the alphabet from a server with these answers; returns the result and the ranges asked for.
fn run(into: &Path, answers: &[Answer]) -> (Result<PathBuf, DataError>, Vec<Option<String>>) {
    let server = Server::start(answers);
    let result = fetch_source(&ALPHABET, into, &options(&server), &Recorded::default());
    (result, server.finish())
}

fn names(folder: &Path) -> Vec<String> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// Checks that the fetch succeeds with these ranges asked for, and leaves the file alone.
fn check(part: Option<&str>, answers: &[Answer], ranges: &[Option<&str>]) {
    let into = tempfile::tempdir().unwrap();
    let folder = into.path().join("letters");
    fs::create_dir_all(&folder).unwrap();
    if let Some(part) = part {
        fs::write(folder.join("alphabet.txt.part"), part).unwrap();
    }
    let (result, asked) = run(into.path(), answers);
    assert_eq!(result.unwrap(), folder);
    assert_eq!(asked.iter().map(Option::as_deref).collect::<Vec<_>>(), ranges);
    assert_eq!(fs::read_to_string(folder.join("alphabet.txt")).unwrap(), TEXT);
    assert_eq!(names(&folder), ["alphabet.txt"]);
}

/// Checks that the fetch fails for this reason after so many tries, and what it leaves.
fn check_refused(answers: &[Answer], expected: &str, n_asked: usize, left: &[&str]) {
    let into = tempfile::tempdir().unwrap();
    let (result, asked) = run(into.path(), answers);
    let error = result.unwrap_err();
    let tries = format!("could not download alphabet.txt after {n_asked} tries");
    assert!(message(&error).starts_with(&tries), "{error}");
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert!(cause.contains(expected), "{cause:?} lacks {expected:?}");
    assert_eq!(
        (asked.len(), names(&into.path().join("letters"))),
        (n_asked, left.iter().map(|s| s.to_string()).collect())
    );
}

#[test]
fn a_good_server_is_asked_once() {
    check(None, &[Answer::Whole(TEXT)], &[None]);
}

#[test]
fn a_cut_download_goes_on_where_it_stopped() {
    check(None, &[Answer::Cut(&TEXT[..10]), Answer::Rest(TEXT)], &[None, Some("bytes=10-")]);
    check(
        None,
        &[Answer::Cut(&TEXT[..10]), Answer::Silent, Answer::Rest(TEXT)],
        &[None, Some("bytes=10-"), Some("bytes=10-")],
    );
}

#[test]
fn the_download_of_an_earlier_run_is_continued() {
    check(Some(&TEXT[..20]), &[Answer::Rest(TEXT)], &[Some("bytes=20-")]);
    check(Some(TEXT), &[], &[]);
}

#[test]
fn a_server_without_ranges_starts_again() {
    check(Some(&TEXT[..20]), &[Answer::Whole(TEXT)], &[Some("bytes=20-")]);
    check(Some(&TEXT[..20]), &[Answer::Status(416), Answer::Whole(TEXT)], &[Some("bytes=20-"), None]);
}

#[test]
fn a_bad_part_is_thrown_away() {
    check(Some("ABCDEFGHIJ"), &[Answer::Rest(TEXT), Answer::Whole(TEXT)], &[Some("bytes=10-"), None]);
    let too_long = TEXT.repeat(2);
    check(Some(&too_long), &[Answer::Whole(TEXT)], &[None]);
}

#[test]
fn temporary_failures_are_tried_again() {
    check(None, &[Answer::Status(503), Answer::Status(429), Answer::Whole(TEXT)], &[None, None, None]);
    check(None, &[Answer::Silent, Answer::Whole(TEXT)], &[None, None]);
}

#[test]
fn wrong_data_is_refused_and_nothing_left() {
    let upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let thrice = |answer: Answer| [answer, answer, answer];
    check_refused(&thrice(Answer::Whole(upper)), "gave other data than expected", 3, &[]);
    let longer = "abcdefghijklmnopqrstuvwxyz and more";
    check_refused(&thrice(Answer::Whole(longer)), "gave other data than expected", 3, &[]);
    check(None, &[Answer::Whole(upper), Answer::Whole(TEXT)], &[None, None]);
}

#[test]
fn a_final_refusal_is_not_asked_again() {
    check_refused(&[Answer::Status(404)], "answered with status 404, wanted is 200", 1, &[]);
    check_refused(&[Answer::Status(403)], "status 403", 1, &[]);
}

#[test]
fn tries_are_limited() {
    check_refused(&[Answer::Status(500), Answer::Status(502), Answer::Status(503)], "status 503", 3, &[]);
    let short = Answer::Cut(&TEXT[..3]);
    check_refused(&[short, Answer::Silent, Answer::Silent], "no answer from", 3, &["alphabet.txt.part"]);
}

#[test]
fn a_server_that_is_gone_is_reported() {
    let into = tempfile::tempdir().unwrap();
    // The port of a server that has ended is closed.
    let server = Server::start(&[]);
    let options = options(&server);
    server.finish();
    let error = fetch_source(&ALPHABET, into.path(), &options, &Recorded::default()).unwrap_err();
    assert!(message(&error).contains("it can also be copied to"), "{error}");
}

#[test]
fn a_file_that_is_there_is_not_fetched() {
    let into = tempfile::tempdir().unwrap();
    fs::create_dir_all(into.path().join("letters")).unwrap();
    let file = into.path().join("letters/alphabet.txt");
    fs::write(&file, TEXT).unwrap();
    let (result, asked) = run(into.path(), &[]);
    assert!(result.is_ok() && asked.is_empty());
    // A wrong file is replaced.
    fs::write(&file, "something else").unwrap();
    assert!(run(into.path(), &[Answer::Whole(TEXT)]).0.is_ok());
    assert_eq!(fs::read_to_string(&file).unwrap(), TEXT);
}

#[test]
fn mirrors_are_asked_in_turn() {
    let (bad, good) = (Server::start(&[Answer::Status(404)]), Server::start(&[Answer::Whole(TEXT)]));
    let into = tempfile::tempdir().unwrap();
    let agent = agent(&options(&bad));
    let target = into.path().join("alphabet.txt");
    let mirrors = [bad.url.as_str(), good.url.as_str()];
    fetch_file(&agent, &mirrors, &ALPHABET.files[0], &target, &options(&bad), &Recorded::default()).unwrap();
    assert_eq!(fs::read_to_string(target).unwrap(), TEXT);
    assert_eq!((bad.finish().len(), good.finish().len()), (1, 1));
}

#[test]
fn progress_ends_at_the_whole() {
    let server = Server::start(&[Answer::Cut(&TEXT[..10]), Answer::Rest(TEXT)]);
    let (into, recorded) = (tempfile::tempdir().unwrap(), Recorded::default());
    fetch_source(&ALPHABET, into.path(), &options(&server), &recorded).unwrap();
    server.finish();
    let steps = recorded.steps.into_inner().unwrap();
    assert!(steps.iter().all(|(name, _, total)| name == "alphabet.txt" && *total == 26));
    assert!(steps.iter().any(|step| step.1 == 10));
    assert_eq!(steps.iter().filter(|step| step.1 == 26).count(), 1, "{steps:?}");
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let into = tempfile::NamedTempFile::new().unwrap();
    let (result, asked) = run(into.path(), &[]);
    assert!(message(&result.unwrap_err()).starts_with("cannot write") && asked.is_empty());
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_ends_the_fetch_at_once() {
    let into = tempfile::tempdir().unwrap();
    let folder = into.path().join("letters");
    fs::create_dir_all(&folder).unwrap();
    std::os::unix::fs::symlink("/dev/full", folder.join("alphabet.txt.part")).unwrap();
    let (result, asked) = run(into.path(), &[Answer::Whole(TEXT)]);
    let error = result.unwrap_err();
    assert!(message(&error).ends_with("alphabet.txt.part") && asked.len() == 1);
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert!(cause.contains("No space left"), "{cause}");
    assert!(!folder.join("alphabet.txt").exists());
}

#[test]
fn an_unknown_name_is_answered_with_the_nearest() {
    let error =
        fetch("fashon-mnist", Path::new("/nonexistent"), &FetchOptions::default(), &Recorded::default());
    assert_eq!(
        message(&error.unwrap_err()),
        "cannot fetch \"fashon-mnist\" (did you mean \"fashion-mnist\"?); known are mnist, fashion-mnist"
    );
}

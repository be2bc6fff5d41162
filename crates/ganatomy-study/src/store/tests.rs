//! What a store promises, on SQLite and, where the environment names a server, on Postgres.

use super::*;
use crate::runs::{Settings, State};

/// A config of arm 0 with these seeds.
fn config(number: u32, seeds: std::ops::Range<u64>) -> NewConfig {
    NewConfig {
        stage: 0,
        arm: 0,
        number,
        settings: Settings::new(),
        spec: "steps = 3\n".to_owned(),
        steps: 3,
        gradients_per_step: 2.0,
        images_per_step: 64.0,
        seeds: seeds.collect(),
    }
}

fn founding() -> Founding {
    Founding { name: "x".to_owned(), file: "name = \"x\"".to_owned(), data: None }
}

fn ended(state: State, score: f64) -> Ended {
    let point = crate::Point { step: 3, secs: 0.5, score };
    let (also, points) = (vec![f64::NAN, 1.0], vec![point]);
    Ended { state, score: Some(score), also, steps: 3, secs: 0.5, why: None, folder: None, points }
}

/// Runs a test on every kind of store there is here.
fn on_each(name: &str, test: impl Fn(&dyn Fn(Mode) -> Store)) {
    let place = tempfile::tempdir().unwrap();
    let file = Address::Sqlite(place.path().join(FILE));
    test(&|mode| Store::open(&file, mode).unwrap());
    #[cfg(feature = "postgres")]
    match std::env::var("GANATOMY_TEST_POSTGRES") {
        Ok(url) => {
            let study = format!("{name}-{}", std::process::id());
            let server = Address::Postgres { url, password: None, study };
            test(&|mode| Store::open(&server, mode).unwrap());
        }
        Err(_) => eprintln!("{name}: not tried on Postgres: GANATOMY_TEST_POSTGRES names no server"),
    }
    let _ = name;
}

#[test]
fn a_study_is_begun_once() {
    on_each("begun", |open| {
        let mut first = open(Mode::Make);
        assert_eq!(first.founding().unwrap(), None);
        assert_eq!(first.found(&founding(), &[config(0, 0..2)]).unwrap(), None);
        let other = Founding { name: "y".to_owned(), ..founding() };
        assert_eq!(open(Mode::Make).found(&other, &[]).unwrap(), Some(founding()));
        assert_eq!(open(Mode::Read).all().unwrap().1.len(), 2);
    });
}

#[test]
fn every_run_is_claimed_once_by_many_at_once() {
    on_each("claims", |open| {
        open(Mode::Make).found(&founding(), &[config(0, 0..50), config(1, 0..50)]).unwrap();
        let stores: Vec<Store> = (0..4).map(|_| open(Mode::Work)).collect();
        let claimed = std::thread::scope(|scope| {
            let work = |(i, mut store): (usize, Store)| {
                scope.spawn(move || {
                    let mut runs = Vec::new();
                    while let Some(claim) = store.claim(&format!("w{i}")).unwrap() {
                        assert!(store.end(&claim, &ended(State::Done, 1.0)).unwrap());
                        runs.push(claim.run);
                    }
                    runs
                })
            };
            let workers: Vec<_> = stores.into_iter().enumerate().map(work).collect();
            workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect::<Vec<u64>>()
        });
        let distinct: std::collections::BTreeSet<u64> = claimed.iter().copied().collect();
        assert_eq!((claimed.len(), distinct.len()), (100, 100));
        assert!(open(Mode::Read).all().unwrap().1.iter().all(|run| run.state == State::Done));
    });
}

#[test]
fn a_claim_that_was_lost_changes_nothing() {
    on_each("lost", |open| {
        let mut store = open(Mode::Make);
        store.found(&founding(), &[config(0, 0..1)]).unwrap();
        let slow = store.claim("slow").unwrap().unwrap();
        assert_eq!(store.reap_late(60.0, 3).unwrap(), 0, "it lives");
        assert_eq!(store.reap_late(-1.0, 3).unwrap(), 1, "and now its lease is over");
        let quick = store.claim("quick").unwrap().unwrap();
        assert_eq!((quick.run, quick.attempt), (slow.run, 2));
        assert!(!store.beat(&slow).unwrap() && !store.release(&slow).unwrap());
        assert!(!store.end(&slow, &ended(State::Done, 9.0)).unwrap());
        assert!(store.beat(&quick).unwrap());
        assert!(store.end(&quick, &ended(State::Done, 1.0)).unwrap());
        assert!(store.end(&quick, &ended(State::Done, 1.0)).unwrap(), "said twice, as after a lost answer");
        let (_, runs) = store.all().unwrap();
        assert_eq!((runs[0].score, runs[0].also[1]), (Some(1.0), 1.0));
        assert!(runs[0].also[0].is_nan());
        let curve = StoredCurves::new(open(Mode::Read));
        use crate::Curves as _;
        assert_eq!(curve.curves(&[quick.run, 99]).unwrap()[0][0].score, 1.0);
    });
}

#[test]
fn a_run_that_kills_its_workers_fails_at_last() {
    on_each("deadly", |open| {
        let mut store = open(Mode::Make);
        store.found(&founding(), &[config(0, 0..1)]).unwrap();
        for (attempt, state) in [(1, State::Waiting), (2, State::Failed)] {
            assert_eq!(store.claim("w").unwrap().unwrap().attempt, attempt);
            assert_eq!(store.reap_worker("w", 2).unwrap(), 1);
            assert_eq!(store.all().unwrap().1[0].state, state);
        }
        assert!(store.claim("w").unwrap().is_none());
        assert!(store.all().unwrap().1[0].why.as_deref().unwrap().starts_with("lost: "));
    });
}

#[test]
fn a_run_given_back_does_not_count_as_tried() {
    on_each("back", |open| {
        let mut store = open(Mode::Make);
        store.found(&founding(), &[config(0, 0..1)]).unwrap();
        for _ in 0..5 {
            let mut claim = store.claim("w").unwrap().unwrap();
            assert_eq!(claim.attempt, 1);
            claim.folder = Some("runs/1".to_owned());
            assert!(store.beat(&claim).unwrap() && store.release(&claim).unwrap());
        }
        assert_eq!(store.claim("w").unwrap().unwrap().folder.as_deref(), Some("runs/1"));
    });
}

#[test]
fn a_stage_begins_once() {
    on_each("stage", |open| {
        let mut store = open(Mode::Make);
        store.found(&founding(), &[config(0, 0..1)]).unwrap();
        assert_eq!(store.stages_begun().unwrap(), 0);
        assert!(!store.begin_stage(0, &[config(0, 5..6)]).unwrap(), "a run is open");
        let claim = store.claim("w").unwrap().unwrap();
        store.end(&claim, &ended(State::Done, 1.0)).unwrap();
        assert!(store.begin_stage(0, &[config(0, 5..6)]).unwrap());
        assert!(!store.begin_stage(0, &[config(0, 5..6)]).unwrap());
        assert_eq!((store.stages_begun().unwrap(), store.all().unwrap().1.len()), (1, 2));
    });
}

#[test]
fn rungs_tell_of_the_others() {
    on_each("rungs", |open| {
        let mut store = open(Mode::Make);
        store.found(&founding(), &[config(0, 0..3)]).unwrap();
        assert_eq!(store.reach_rung(1, [0, 0], 0, 5.0).unwrap(), [] as [f64; 0]);
        assert_eq!(store.reach_rung(2, [0, 0], 0, 6.0).unwrap(), [5.0]);
        assert_eq!(store.reach_rung(1, [0, 0], 0, 7.0).unwrap(), [6.0], "tried again");
        assert_eq!(store.reach_rung(3, [0, 1], 0, 1.0).unwrap(), [] as [f64; 0], "another arm");
        assert_eq!(store.reach_rung(3, [0, 0], 1, 1.0).unwrap(), [] as [f64; 0], "another rung");
    });
}

#[test]
fn what_cannot_be_a_store_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("a.sqlite");
    let refused = |mode: Mode, expected: &str| {
        let error = Store::open(&Address::Sqlite(path.clone()), mode).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    };
    refused(Mode::Work, "there is no such file");
    std::fs::write(&path, "not a database, but long enough to be taken for one".repeat(40)).unwrap();
    refused(Mode::Work, "this is not a SQLite database");
    std::fs::remove_file(&path).unwrap();
    let mut store = Store::open(&Address::Sqlite(path.clone()), Mode::Make).unwrap();
    refused(Mode::Work, "it holds no study");
    store.found(&founding(), &[]).unwrap();
    store.atomic(|sql| sql.change("UPDATE study SET version = 99", &[])).unwrap();
    refused(Mode::Read, "made by a later version");
    refused(Mode::Make, "made by a later version");
}

//! Tests of the games without a discriminator.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use ganatomy_record::{Checkpoints, Event, Outcome, RecordError, RunFolder, RunSpec, Sink};
use ganatomy_tensor::Cpu;

use super::session;

use crate::{Plan, PlanError, Session, train};
use ganatomy_data::DataContext;

const RING: &str = "steps = 1500\nbatch = 128\naverage.kind = \"none\"\n\
    game = { kind = \"imle\", n_data = 128, pool_factor = 0.25, staleness = 1, latent_noise = 0.02 }\n\
    generator = { kind = \"mlp\", z_dims = 4, hidden = [64, 64], update = { kind = \"adam\", lr = 4e-3, beta1 = 0.5 } }\n";
const TEN: &str = "steps = 400\nbatch = 10\ndata.kind = \"ten-points\"\naverage.kind = \"none\"\n\
    generator = { kind = \"mlp\", z_dims = 4, hidden = [32, 32], update = { kind = \"adam\", lr = 5e-3 } }\n";
const SMALL: &str = "steps = 12\nbatch = 4\ngame.n_data = 10\ngame.staleness = 2\ngame.latent_noise = 0.1\n\
    generator = { kind = \"mlp\", z_dims = 3, hidden = [8] }\n";
const KINDS: [&str; 3] = ["imle", "adaptive-imle", "rejection-imle"];

fn plan(text: &str, kind: &str) -> Result<Plan, PlanError> {
    let mut spec = RunSpec::parse(text, "test").unwrap();
    spec.set(&format!("game.kind={kind}")).unwrap();
    Plan::new(&spec, &DataContext::default())
}

/// The last value of every reading.
#[derive(Default)]
struct Last(BTreeMap<String, f64>);

impl Sink for Last {
    fn receive(&mut self, event: &Event) -> Result<ControlFlow<()>, RecordError> {
        if let Event::Readings { values, .. } = event {
            self.0.extend(values.clone());
        }
        Ok(ControlFlow::Continue(()))
    }
}

fn run(text: &str, kind: &str) -> BTreeMap<String, f64> {
    let mut last = Last::default();
    let plan = plan(text, kind).unwrap();
    let outcome = train(plan, session(), &mut last).unwrap();
    assert_eq!(outcome, Outcome::Done, "{kind}\n{text}");
    last.0
}

/// Runs to the end of the plan in a folder, on so many threads; answers the last checkpoint.
pub(super) fn run_in(folder: &RunFolder, text: &str, kind: &str, threads: usize) -> Vec<u8> {
    let session = Session::in_folder(folder.clone(), Cpu::new(threads));
    let session = Session { resume: true, ..session };
    train(plan(text, kind).unwrap(), session, &mut Last::default()).unwrap();
    std::fs::read(Checkpoints::latest(folder).unwrap().unwrap().path).unwrap()
}

#[test]
fn every_mode_of_the_ring_is_captured() {
    for seed in 0..3 {
        let found = run(&format!("seed = {seed}\n{RING}"), "imle");
        assert_eq!(found["samples/n_modes"], 8.0, "seed {seed}: {found:?}");
    }
}

#[test]
fn a_run_is_the_same_on_any_number_of_threads_and_through_a_stop() {
    for kind in KINDS {
        // Matchings begin before steps 0, 5 and 10, so that a stop after 7 has to keep the one before.
        let place = tempfile::tempdir().unwrap();
        let folder = |name: &str| RunFolder::create(&place.path().join(name), false, "", "").unwrap();
        let whole = run_in(&folder("whole"), SMALL, kind, 1);
        assert!(run_in(&folder("threads"), SMALL, kind, 3) == whole, "{kind}: on three threads");
        let parts = folder("parts");
        let first = run_in(&parts, &SMALL.replace("12", "7"), kind, 2);
        assert!(first != whole && run_in(&parts, SMALL, kind, 1) == whole, "{kind}: in two parts");
        // Data, latent points and batches all follow the seed.
        assert!(
            run_in(&folder("seed"), &format!("seed = 1\n{SMALL}"), kind, 1) != whole,
            "{kind}: other seed"
        );
    }
}

#[test]
fn rejecting_nothing_is_plain_matching() {
    let place = tempfile::tempdir().unwrap();
    let folder = |name: &str| RunFolder::create(&place.path().join(name), false, "", "").unwrap();
    let plain = run_in(&folder("plain"), SMALL, "imle", 1);
    let nothing = run_in(&folder("nothing"), &format!("{SMALL}game.epsilon = 0\n"), "rejection-imle", 1);
    let some = run_in(&folder("some"), &format!("{SMALL}game.epsilon = 0.5\n"), "rejection-imle", 1);
    assert!(plain == nothing && plain != some);
    // Where all would be rejected, none is.
    let all = run_in(&folder("all"), &format!("{SMALL}game.epsilon = 1e6\n"), "rejection-imle", 1);
    assert!(plain == all);
}

#[test]
fn a_rejected_sample_is_matched_with_nothing() {
    let distance = |kind: &str| run(&TEN.replace("400", "1"), kind)["game/mean_distance"];
    // A distance of every point is at least epsilon = 0.05 then.
    let [plain, rejecting] = ["imle", "rejection-imle"].map(distance);
    assert!(plain < rejecting && rejecting >= 0.05, "{plain} and {rejecting}");
}

#[test]
fn points_wait_for_their_threshold() {
    let distance = |threshold: &str| {
        let text = format!("{SMALL}game.threshold = {threshold}\n").replace("12", "1");
        run(&text, "adaptive-imle")["game/mean_distance"]
    };
    // Nothing is matched, and random latent points stay; or all is, as in plain matching.
    let plain = run(&SMALL.replace("12", "1"), "imle")["game/mean_distance"];
    assert!(distance("0") > 1.5 * plain, "{} and {plain}", distance("0"));
    assert_eq!(distance("1e30"), plain);
}

#[test]
fn finite_sets_are_learned_whole() {
    for kind in KINDS {
        // A thousand points are asked for, and there are ten.
        let found = run(TEN, kind);
        assert_eq!(found["samples/n_modes"], 10.0, "{kind}: {found:?}");
    }
}

#[test]
fn schemes_of_one_player_play_it_and_others_refuse() {
    for scheme in ganatomy_game::scheme::schemes() {
        let text = format!("{SMALL}scheme.kind = \"{}\"\n", scheme.name());
        let refusal = plan(&text, "imle").err().map(|error| error.to_string());
        if ["unrolled", "competitive"].contains(&scheme.name()) {
            assert!(refusal.unwrap().contains("this game has 1"), "{}", scheme.name());
        } else {
            assert_eq!(refusal, None, "{}", scheme.name());
            let found = run(&text, "imle");
            assert!(found["generator/loss"].is_finite(), "{}: {found:?}", scheme.name());
        }
    }
}

#[test]
fn there_is_no_discriminator_to_ask_for() {
    for part in ["discriminator.kind = \"mlp\"", "loss.kind = \"hinge\"", "remedies.r1.lambda = 1"] {
        // Written in one text with the game, they are asked for; written before it, they belonged to the game before.
        let text = format!("{SMALL}{part}\n");
        let error = super::plan(&format!("{text}game.kind = \"imle\"\n")).err().unwrap().to_string();
        assert!(!plan(&text, "imle").unwrap().resolved().dropped.is_empty(), "{part}");
        assert!(error.contains("must be left out"), "{error}");
    }
}

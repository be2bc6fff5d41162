//! Tests of the variational autoencoder.

use ganatomy_record::{RunFolder, RunSpec};

use super::imle::run_in;
use super::{plan, session};
use crate::Training;

const SMALL: &str = "steps = 12\nbatch = 8\ngame.kind = \"vae\"\ngenerator = { hidden = [8], z_dims = 3 }\n\
    discriminator = { hidden = [8] }\n";
/// Linear, of normal data about (3, 3).
const LINEAR: &str = "steps = 6000\nbatch = 512\naverage.kind = \"none\"\nscheme.kind = \"simultaneous\"\n\
    data = { kind = \"gaussian\", dims = 2, mean = 3.0 }\ngame = { kind = \"vae\", std = 0.6 }\n\
    generator = { hidden = [], z_dims = 2, update = { lr = 0.02, schedule = { kind = \"linear\", from = 0.5 } } }\n\
    discriminator = { hidden = [], update = { lr = 0.02, schedule = { kind = \"linear\", from = 0.5 } } }\n";

#[test]
fn a_linear_one_reaches_the_likelihood_of_normal_data() {
    let mut run = Training::new(plan(LINEAR).unwrap(), session()).unwrap();
    assert_eq!(run.advance(5900).unwrap(), None);
    let mut mean = 0.0;
    for _ in 0..100 {
        run.advance(1).unwrap();
        let found = run.readings();
        let parts = found["vae/reconstruction_error"] + found["vae/divergence"];
        assert_eq!(found["generator/loss"], found["discriminator/loss"], "both minimise one thing");
        assert!((parts - found["generator/loss"]).abs() < 1e-4, "{found:?}");
        mean += found["generator/loss"] / 100.0;
    }
    // -ln N(x; 3, I) on average, without the constant of a normal item: ln(1 / std^2) + 1.
    let bound = (1.0 / 0.36f64).ln() + 1.0;
    assert!((mean - bound).abs() < 0.02, "{mean}, and not {bound}");
    let weight: Vec<f64> =
        run.tensor("generator.out.weight").unwrap().iter().map(|w| f64::from(*w)).collect();
    let bias = run.tensor("generator.out.bias").unwrap();
    assert!(bias.iter().all(|b| (b - 3.0).abs() < 0.05), "{bias:?}");
    // W W^T = (1 - std^2) I.
    for (i, j) in [(0, 0), (0, 1), (1, 1)] {
        let product: f64 = (0..2).map(|k| weight[2 * k + i] * weight[2 * k + j]).sum();
        let expected = if i == j { 0.64 } else { 0.0 };
        assert!((product - expected).abs() < 0.05, "{i} {j}: {product} of {weight:?}");
    }
}

#[test]
fn a_heavy_divergence_leaves_codes_that_tell_nothing() {
    let mut run =
        Training::new(plan(&LINEAR.replace("std = 0.6", "std = 0.6, beta = 20.0")).unwrap(), session())
            .unwrap();
    assert_eq!(run.advance(6000).unwrap(), None);
    let found = run.readings();
    assert!(found["vae/divergence"] < 0.01, "{found:?}");
}

#[test]
fn a_run_is_the_same_on_any_number_of_threads_and_through_a_stop() {
    let place = tempfile::tempdir().unwrap();
    let folder = |name: &str| RunFolder::create(&place.path().join(name), false, "", "").unwrap();
    let whole = run_in(&folder("whole"), SMALL, "vae", 1);
    assert!(run_in(&folder("threads"), SMALL, "vae", 3) == whole);
    let parts = folder("parts");
    let first = run_in(&parts, &SMALL.replace("12", "7"), "vae", 2);
    assert!(first != whole && run_in(&parts, SMALL, "vae", 1) == whole);
}

#[test]
fn convolutions_and_batch_statistics_of_both_players_learn_images() {
    let text = "batch = 16\ndata.kind = \"glyphs\"\nscheme.kind = \"simultaneous\"\nprobes.classes.every_steps = 0\n\
        game = { kind = \"vae\", likelihood = \"bernoulli\" }\n\
        generator = { kind = \"infogan\", width = 4, dense = 16, z_dims = 4, update.lr = 3e-3 }\n\
        discriminator = { kind = \"infogan\", width = 4, dense = 16, update.lr = 3e-3 }\n";
    let mut run = Training::new(plan(text).unwrap(), session()).unwrap();
    assert_eq!(run.advance(1).unwrap(), None);
    let first = run.readings()["generator/loss"];
    let running = ["discriminator.1.norm.mean", "generator.1.norm.mean"];
    let before = running.map(|name| run.tensor(name).unwrap().to_vec());
    assert_eq!(run.advance(60).unwrap(), None);
    let last = run.readings()["generator/loss"];
    // A grey image costs 784 ln 2 = 543 nats.
    assert!(first > 400.0 && last > 0.0 && last < 0.7 * first, "from {first} to {last}");
    assert!(running.map(|name| run.tensor(name).unwrap().to_vec()) != before);
    assert!(run.samples(8, 0).unwrap().iter().all(|pixel| pixel.abs() <= 1.0));
}

#[test]
fn every_scheme_moves_both_players() {
    for scheme in ganatomy_game::scheme::schemes() {
        let text = format!("{SMALL}scheme.kind = \"{}\"\n", scheme.name());
        if scheme.name() == "competitive" {
            let error = plan(&text).err().unwrap().to_string();
            assert!(error.contains("needs a zero-sum game"), "{error}");
            continue;
        }
        let mut run = Training::new(plan(&text).unwrap(), session()).unwrap();
        let tensors = ["discriminator.out.weight", "generator.out.weight"];
        let before = tensors.map(|name| run.tensor(name).unwrap().to_vec());
        let mut mean = |n: u64| {
            let losses = (0..n).map(|_| {
                assert_eq!(run.advance(1).unwrap(), None, "{}", scheme.name());
                run.readings()["generator/loss"]
            });
            losses.sum::<f64>() / n as f64
        };
        let [first, _, last] = [20, 400, 40].map(&mut mean);
        assert!(last < 0.9 * first, "{}: from {first} to {last}", scheme.name());
        let after = tensors.map(|name| run.tensor(name).unwrap().to_vec());
        assert!(before[0] != after[0] && before[1] != after[1], "{}", scheme.name());
        assert_eq!(after[0].len(), 8 * 6, "two numbers for each number of a latent point");
    }
}

#[test]
fn what_does_not_fit_is_refused_in_a_sentence() {
    let check = |text: String, expected: &str| {
        let error = plan(&text).err().unwrap().to_string();
        assert!(error.contains(expected), "{text}: {error}");
    };
    let game =
        |more: &str| SMALL.replace("game.kind = \"vae\"", &format!("game = {{ kind = \"vae\", {more} }}"));
    check(game("likelihood = \"bernoulli\""), "the data are points");
    check(game("likelihood = \"bernoulli\", std = 0.1"), "unknown key \"std\"");
    check(game("std = 0.0"), "game.std");
    check(SMALL.replace("z_dims = 3", "z_dims = 3, z = \"uniform\""), "needs normal latent points");
    let judge = SMALL.replace("{ hidden = [8] }\n", "{ kind = \"autoencoder\" }\n");
    check(judge, "must answer two numbers for each number of a latent point");
    for part in ["loss.kind = \"hinge\"", "remedies.r1.gamma = 1.0"] {
        check(format!("{SMALL}{part}\n"), "must be left out: in this game [discriminator] encodes");
    }
    // Laid over a game with a loss and remedies, it leaves them behind.
    let mut spec = RunSpec::parse("loss.kind = \"hinge\"\nremedies.r1.gamma = 1.0\n", "test").unwrap();
    spec.set("game.kind=vae").unwrap();
    let plan = crate::Plan::new(&spec, &ganatomy_data::DataContext::default()).unwrap();
    assert_eq!(plan.resolved().dropped.len(), 2, "{:?}", plan.resolved().dropped);
}

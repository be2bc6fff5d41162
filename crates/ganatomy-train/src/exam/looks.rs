//! Looking into runs whose numbers can be worked out by hand, and looking without a trace.

use std::collections::BTreeMap;

use ganatomy_data::BatchKey;
use ganatomy_game::step::Who;

use super::{plan as plan_of, session};
use crate::look::{BestAnswers, Slopes, seed_of};
use crate::state::is_state;
use crate::{Plan, Training};

/// Linear players in one dimension: `G(z) = a z + b`, `C(x) = w x + c`.
const LINE: &str = "batch = 64\n[data]\nkind = \"gaussian\"\nmean = 2\n[generator]\nhidden = []\nz_dims = 1\n\
                    [discriminator]\nhidden = []\n[average]\nkind = \"none\"\n";
const WASSERSTEIN: &str = "[loss]\nkind = \"wasserstein\"\n";

fn plan(spec: &str) -> Plan {
    plan_of(spec).unwrap()
}

fn training(spec: &str) -> Training {
    Training::new(plan(spec), session()).unwrap()
}

fn with<T>(spec: &str, look: impl FnOnce(&mut Training) -> T) -> T {
    look(&mut training(spec))
}

/// `G(z) = a z + b`, `C(x) = w x + c`.
fn place(training: &mut Training, [a, b, w, c]: [f32; 4]) {
    let tensors = ["generator.out.weight", "generator.out.bias"];
    let judges = ["discriminator.out.weight", "discriminator.out.bias"];
    for (name, value) in tensors.iter().chain(&judges).zip([a, b, w, c]) {
        let n = training.tensor(name).unwrap().len();
        training.set(name, &vec![value; n]).unwrap();
    }
}

fn state(training: &Training) -> BTreeMap<String, Vec<u32>> {
    let bits = |values: &[f32]| values.iter().map(|x| x.to_bits()).collect();
    let all = training.store.iter().filter(|(name, _)| is_state(name));
    all.map(|(name, array)| (name.to_owned(), bits(array.values()))).collect()
}

fn near(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() < tolerance, "found {found}, expected {expected}");
}

fn look_everywhere(training: &mut Training) {
    let answers = BestAnswers { steps: 2, lr: 0.1, n_items: 20 };
    training.probe().unwrap();
    let items = training.samples(5, 1).unwrap();
    training.samples_at(&[0.1, 0.2, 0.3]).unwrap();
    training.judge(&items).unwrap().unwrap();
    training.slopes_at_samples(5, 2).unwrap().unwrap();
    training.jacobian(3).unwrap();
    training.duality_gap(&answers, 4).unwrap();
    let (from, mut to) = (training.parameters().unwrap(), training.parameters().unwrap());
    to[0] += 1.0;
    training.path_angle(&from, &to, &[0.0, 0.5], 5).unwrap();
    training.set_parameters(&from).unwrap();
}

#[test]
fn looking_leaves_no_trace() {
    for more in
        ["", "norm = \"batch\"\n[scheme]\nkind = \"simultaneous\"\n[remedies]\nr1 = {}\nreplay = {}\n"]
    {
        let spec = "batch = 10\n[discriminator]\nhidden = [3]\n[generator]\nhidden = [3]\nz_dims = 3\n";
        let spec = format!("{spec}{more}");
        let run = |looks: bool| {
            with(&spec, |training| {
                for _ in 0..3 {
                    if looks {
                        look_everywhere(training);
                    }
                    assert_eq!(training.advance(2).unwrap(), None);
                }
                (state(training), training.readings())
            })
        };
        assert_eq!(run(true), run(false));
    }
}

#[test]
fn advancing_is_training() {
    let spec = "steps = 6\nbatch = 8\n[discriminator]\nhidden = [4]\n[generator]\nhidden = [4]\n";
    let mut events: Vec<ganatomy_record::Event> = Vec::new();
    crate::train(plan(spec), session(), &mut events).unwrap();
    let last = events.iter().rev().find_map(|event| match event {
        ganatomy_record::Event::Readings { step: 6, values, .. } => Some(values.clone()),
        _ => None,
    });
    let found = with(spec, |training| {
        training.advance(6).unwrap();
        let mut values = training.probe().unwrap();
        values.extend(training.readings());
        values
    });
    assert_eq!(Some(found), last);
}

#[test]
fn items_and_logits_are_those_of_the_networks() {
    with(LINE, |training| {
        place(training, [3.0, 1.0, -2.0, 0.5]);
        assert_eq!(training.samples_at(&[0.0, 1.0, -1.0]).unwrap(), [1.0, 4.0, -2.0]);
        assert_eq!(training.judge(&[0.0, 1.0]).unwrap().unwrap(), [0.5, -1.5]);
        // More items than are judged at once.
        let many: Vec<f32> = (0..2500).map(|i| i as f32).collect();
        let logits = training.judge(&many).unwrap().unwrap();
        assert!(logits.len() == 2500 && logits.iter().zip(&many).all(|(c, x)| *c == 0.5 - 2.0 * x));
        let items = training.samples(4000, 7).unwrap();
        near(items.iter().map(|&x| f64::from(x)).sum::<f64>() / 4000.0, 1.0, 0.2);
        assert_eq!(training.samples(10, 7).unwrap(), items[..10]);
        assert_ne!(training.samples(10, 8).unwrap(), items[..10]);
    });
}

#[test]
fn gradients_are_those_of_the_formulas() {
    with(&format!("{LINE}{WASSERSTEIN}"), |training| {
        place(training, [3.0, 1.0, -2.0, 0.5]);
        let Slopes { samples, slopes } = training.slopes_at_samples(64, 9).unwrap().unwrap();
        // L_G = -mean C(G(z)): every item would go up the critic's slope.
        assert!(slopes.iter().all(|&slope| (slope - 2.0).abs() < 1e-6), "{slopes:?}");
        let (mut real, mut labels) = (vec![0.0; 64], vec![0; 64]);
        let seed = seed_of(training.plan().rules(), "look", 9);
        training.plan().data().fill(BatchKey { seed, step: 0, draw: 0 }, &mut real, &mut labels);
        let mean = |x: &[f32]| x.iter().map(|&x| f64::from(x)).sum::<f64>() / x.len() as f64;
        let of_d = training.gradient(Who::DISCRIMINATOR, 9).unwrap();
        // The bias stands before the weight, by their names' order.
        near(f64::from(of_d[0]), 0.0, 1e-5);
        near(f64::from(of_d[1]), mean(&samples) - mean(&real), 1e-5);
        let of_g = training.gradient(Who::GENERATOR, 9).unwrap();
        near(f64::from(of_g[0]), 2.0, 1e-5);
        let z = (mean(&samples) - 1.0) / 3.0;
        near(f64::from(of_g[1]), 2.0 * z, 1e-5);
        assert_eq!(training.field(9).unwrap(), [of_d, of_g].concat());
        assert_ne!(training.field(10).unwrap(), training.field(9).unwrap());
        // xi = (., E G - E x, -w, -w E z): the only entries of H are d xi_w / d b = 1, d xi_w / d a = E z, and their mirror.
        let expected = [[0.0; 4], [0.0, 0.0, 1.0, z], [0.0, -1.0, 0.0, 0.0], [0.0, -z, 0.0, 0.0]];
        for (row, truth) in training.jacobian(9).unwrap().iter().zip(expected) {
            row.iter().zip(truth).for_each(|(&found, truth)| near(found, truth, 1e-5));
        }
    });
}

#[test]
fn the_jacobian_is_the_derivative_of_the_field() {
    let spec = "batch = 16\n[discriminator]\nhidden = [4]\n[generator]\nhidden = [4]\nz_dims = 2\n[remedies]\nr1 = {}\n";
    with(spec, |training| {
        training.advance(20).unwrap();
        let (point, jacobian) = (training.parameters().unwrap(), training.jacobian(1).unwrap());
        let largest = jacobian.iter().flatten().fold(0.0f64, |m, x| m.max(x.abs()));
        for j in 0..point.len() {
            let mut at = |by: f32| {
                let mut moved = point.clone();
                moved[j] += by;
                training.set_parameters(&moved).unwrap();
                training.field(1).unwrap()
            };
            let (up, down) = (at(1e-2), at(-1e-2));
            for i in 0..point.len() {
                let difference = f64::from(up[i] - down[i]) / 2e-2;
                near(jacobian[i][j], difference, 3e-3 * largest.max(1.0));
            }
        }
    });
}

/// `max_D V = 2 JS - 2 log 2` of two unit normals whose means lie so far apart, by the trapezoid rule.
fn best_value(shift: f64) -> f64 {
    let density = |x: f64| (-0.5 * x * x).exp() / std::f64::consts::TAU.sqrt();
    let at = |x: f64| {
        let (p, q) = (density(x), density(x - shift));
        p * (p / (p + q)).ln() + q * (q / (p + q)).ln()
    };
    (0..4000).map(|i| at(-9.0 + 0.005 * f64::from(i)) * 0.005).sum()
}

#[test]
fn the_duality_gap_is_that_of_two_gaussians() {
    let answers = BestAnswers { steps: 600, lr: 0.02, n_items: 20_000 };
    let nothing = -2.0 * std::f64::consts::LN_2;
    with(LINE, |training| {
        // A blind judge leaves G nothing to gain; a linear one is the best there is against a shifted Gaussian.
        place(training, [1.0, 0.0, 0.0, 0.0]);
        let found = training.duality_gap(&answers, 1).unwrap();
        near(found.best_g, nothing, 1e-6);
        near(found.best_d, best_value(2.0), 0.03);
        // The equilibrium.
        place(training, [1.0, 2.0, 0.0, 0.0]);
        near(training.duality_gap(&answers, 1).unwrap().gap(), 0.0, 0.01);
        // The gap is at least what G gains from a judge that is wrong.
        place(training, [1.0, 2.0, 1.0, 0.0]);
        let found = training.duality_gap(&answers, 1).unwrap();
        assert!(found.best_g < nothing - 1.0 && found.gap() > 1.0, "{found:?}");
    });
}

#[test]
fn the_duality_gap_of_packs_is_that_of_packs() {
    let answers = BestAnswers { steps: 400, lr: 0.02, n_items: 20_001 };
    with(&format!("{LINE}[remedies]\npacking = {{}}\n"), |training| {
        // Two items are as far from two others as the diagonal of a square.
        place(training, [1.0, 0.0, 0.0, 0.0]);
        let found = training.duality_gap(&answers, 1).unwrap();
        near(found.best_g, -2.0 * std::f64::consts::LN_2, 1e-6);
        near(found.best_d, best_value(2.0 * std::f64::consts::SQRT_2), 0.03);
        place(training, [1.0, 2.0, 0.0, 0.0]);
        near(training.duality_gap(&answers, 1).unwrap().gap(), 0.0, 0.01);
    });
}

#[test]
fn the_duality_gap_is_that_of_the_generator_with_its_reference_batch() {
    let spec = "batch = 16\ndata = { kind = \"gaussian\" }\n[generator]\nhidden = [3]\nz_dims = 1\nnorm = \"batch\"\n\
                [discriminator]\nhidden = [3]\n[remedies]\nvirtual-batch-norm.n_reference = 4\n";
    with(spec, |training| {
        training.advance(1).unwrap();
        let (name, answers) =
            ("remedy.virtual-batch-norm.z", BestAnswers { steps: 60, lr: 0.05, n_items: 500 });
        let mut found = |reference: [f32; 4]| {
            training.set(name, &reference).unwrap();
            let gap = training.duality_gap(&answers, 1).unwrap();
            assert_eq!(training.tensor(name).unwrap(), reference);
            gap
        };
        let (near, far) = (found([-1.0, -0.5, 0.5, 1.0]), found([4.0, 5.0, 6.0, 7.0]));
        let apart = [near.best_d - far.best_d, near.best_g - far.best_g];
        assert!(apart.iter().all(|apart| apart.abs() > 1e-3), "{near:?} {far:?}");
    });
}

#[test]
fn the_path_angle_is_that_of_the_field() {
    with(&format!("{LINE}{WASSERSTEIN}"), |training| {
        place(training, [3.0, 1.0, -2.0, 0.5]);
        let from = training.parameters().unwrap();
        let field = training.field(3).unwrap();
        let norm = field.iter().map(|&x| f64::from(x).powi(2)).sum::<f64>().sqrt();
        let mut to = from.clone();
        to[2] += 0.5;
        let path = training.path_angle(&from, &to, &[0.0, 1.0], 3).unwrap();
        near(path[0].norm, norm, 1e-5);
        near(path[0].cosine, -f64::from(field[2]) / norm, 1e-6);
        // Where G's bias is greater by 1/2, so is the mean of what it makes, and with it D's gradient.
        let moved = norm.powi(2) + (f64::from(field[1]) + 0.5).powi(2) - f64::from(field[1]).powi(2);
        near(path[1].norm, moved.sqrt(), 1e-5);
        assert_eq!(training.parameters().unwrap(), from);
        let error = training.path_angle(&from, &to[1..], &[0.5], 3).unwrap_err().to_string();
        assert_eq!(error, "the end of the path must be 4 numbers, found 3");
    });
}

#[test]
fn players_change_hands() {
    let mut training = training(LINE);
    let before = training.parameters().unwrap();
    with(&format!("seed = 5\n{LINE}"), |other| {
        place(other, [3.0, 1.0, -2.0, 0.5]);
        training.adopt(other, Who::GENERATOR).unwrap();
    });
    let layout = training.layout();
    assert_eq!((layout.n_parameters(), layout.of_player(Who::GENERATOR)), (4, 2..4));
    assert_eq!(training.parameters().unwrap(), [&before[..2], &[1.0, 3.0][..]].concat());
    let own = [("generator.out.bias", vec![1.0]), ("generator.out.weight", vec![3.0])];
    let own = own.map(|(name, values)| (name.to_owned(), values));
    assert_eq!(training.tensors_of(Who::GENERATOR).unwrap(), BTreeMap::from(own));
    with(&LINE.replace("z_dims = 1", "z_dims = 2"), |other| {
        let error = training.adopt(other, Who::GENERATOR).unwrap_err().to_string();
        let why = "array generator.out.weight has shape [1, 1], but [2, 1] is needed";
        assert_eq!(error, format!("the other run's generator does not fit this run: {why}"));
    });
    let error = training.set("generator.out.bias", &[1.0, 2.0]).unwrap_err().to_string();
    assert!(error.contains("generator.out.bias of shape [1] was given 2 values"), "{error}");
    assert!(training.set("reading.generator/loss", &[1.0]).is_err());
    assert!(training.samples_at(&[1.0]).is_ok() && training.judge(&[]).unwrap() == Some(vec![]));
}

#[test]
fn a_player_that_is_still_stays_and_costs_less() {
    let spec = |update: &str| {
        format!(
            "batch = 8\n[discriminator]\nhidden = [6]\nnorm = \"batch\"\nupdate.kind = \"{update}\"\n\
             [generator]\nhidden = [6]\n[remedies]\nweight-clipping.limit = 0.01\n"
        )
    };
    with(&spec("still"), |training| {
        let before = state(training);
        training.advance(3).unwrap();
        for (name, bits) in state(training) {
            let moved = before[&name] != bits;
            let still = name.starts_with("discriminator.");
            let stays = still || name.ends_with("lr_factor");
            assert!(moved != stays || name.ends_with("bias"), "{name}: moved is {moved}");
        }
    });
    let flops = |update| plan(&spec(update)).step_program().unwrap().product_flops();
    // What is saved is all of D's way back: from 16 items, by 12 + 6 weights and to the 6 units between.
    assert_eq!(flops("sgd") - flops("still"), 2 * 16 * (12 + 6 + 6));
}

#[test]
fn what_is_given_is_part_of_the_item() {
    let spec = "batch = 16\ndata = { kind = \"outlines\", size = 8 }\n[generator]\nz_dims = 2\n\
        [remedies.image-conditioning]\n";
    with(spec, |training| {
        let given: Vec<f32> = (0..3 * 64).map(|i| (i % 7) as f32 / 7.0).collect();
        let items = training.samples_for(&given, &[0.1, 0.2, 0.3, 0.4, 0.5, 0.6]).unwrap();
        let first: Vec<f32> = items.iter().step_by(2).copied().collect();
        assert_eq!(first, given);
        let short = training.samples_for(&given[1..], &[0.0; 6]).unwrap_err();
        assert_eq!(short.to_string(), "the images that are given must be 192 numbers, found 191");
    });
}

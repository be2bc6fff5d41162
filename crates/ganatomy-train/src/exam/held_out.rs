//! D on items that it is never trained on.

use ganatomy_data::keyed::Keyed;
use ganatomy_data::{Dataset, Images};
use ganatomy_record::RunSpec;

use super::{session, state};
use crate::{Plan, Registry, Training};

/// Numbers of an item.
const N: usize = 16;

/// Images whose every value is `tanh(u)` with `u` even on (-1, 1): what a still generator of [`SPEC`] makes.
fn images(n: usize, n_held_out: usize) -> Images {
    let mut random = Keyed::new(&[7]);
    let mut value = || ((random.between(-1.0, 1.0).tanh() + 1.0) * 127.5).round() as u8;
    let pixels = (0..n * N).map(|_| value()).collect();
    Images::new([4, 4, 1], pixels).unwrap().split(n_held_out)
}

const SPEC: &str = "batch = 16\naverage.kind = \"none\"\nprobes = { gradients.every_steps = 0, bins.every_steps = 0, weights.every_steps = 0, sensitivity.every_steps = 0, field.every_steps = 0 }\n\
    generator = { hidden = [], z_dims = 16, z = \"uniform\", update.kind = \"still\" }\n\
    discriminator = { hidden = [64, 64], update.lr = 2e-3 }\n";

fn training(data: Images, more: &str) -> Training {
    let spec = RunSpec::parse(&format!("{SPEC}{more}"), "test").unwrap();
    let plan = Plan::with_data(&spec, data, &Registry::builtin()).unwrap();
    let mut run = Training::new(plan, session()).unwrap();
    // G is tanh(z): its samples are of the data's own law.
    let identity: Vec<f32> = (0..N * N).map(|i| if i % (N + 1) == 0 { 1.0 } else { 0.0 }).collect();
    run.set("generator.out.weight", &identity).unwrap();
    run.set("generator.out.bias", &[0.0; N]).unwrap();
    run
}

#[test]
fn a_discriminator_that_learns_few_items_by_heart_is_seen_on_others() {
    let mut run = training(images(32, 16), "");
    run.advance(400).unwrap();
    let found = run.probe().unwrap();
    let overfitting = found["discriminator/overfitting"];
    assert!((0.7..1.4).contains(&overfitting), "{found:?}");
    let (seen, unseen) = (run.readings(), found);
    assert!(seen["discriminator/accuracy_real"] > 0.9, "{seen:?}");
    assert!(unseen["discriminator/accuracy_held_out"] < 0.7, "{unseen:?}");
    assert!(unseen["discriminator/loss_held_out"] > seen["discriminator/loss"] + 0.3, "{unseen:?} {seen:?}");
}

#[test]
fn looking_at_held_out_items_leaves_no_trace() {
    let after = |more: &str, looks: bool| {
        let mut run = training(images(64, 16), more);
        for _ in 0..3 {
            run.advance(2).unwrap();
            if looks {
                assert_eq!(run.probe().unwrap().len(), 3, "D hardly tells real from generated yet");
            }
        }
        (state(&run), run.readings())
    };
    for remedies in ["", "remedies = { r1 = {}, replay = {} }\n"] {
        assert!(after(remedies, true) == after(remedies, false), "{remedies}");
    }
}

#[test]
fn without_held_out_items_or_a_discriminator_there_is_nothing_to_read() {
    let none = training(images(16, 0), "").probe().unwrap();
    assert!(none.is_empty(), "{none:?}");
    assert!(images(16, 0).held_out().is_none_or(|test| test.n_items() == Some(0)));
}

/// What is read of a game whose G is `tanh(z + bias)` and whose D weighs every value alike.
fn looked_at(bias: f32, weight: f32, more: &str) -> std::collections::BTreeMap<String, f64> {
    let spec = SPEC.replace("bins.every_steps = 0", "bins.every_steps = 1").replace("[64, 64]", "[]") + more;
    let plan = Plan::with_data(&RunSpec::parse(&spec, "test").unwrap(), images(64, 32), &Registry::builtin());
    let mut run = Training::new(plan.unwrap(), session()).unwrap();
    let identity: Vec<f32> = (0..N * N).map(|i| if i % (N + 1) == 0 { 1.0 } else { 0.0 }).collect();
    run.set("generator.out.weight", &identity).unwrap();
    run.set("generator.out.bias", &[bias; N]).unwrap();
    let n_weights = if more.contains("packing") { 2 * N } else { N };
    run.set("discriminator.out.weight", &vec![weight; n_weights]).unwrap();
    run.probe().unwrap()
}

#[test]
fn pairs_are_told_by_the_order_of_logits() {
    let told = |bias, weight| looked_at(bias, weight, "")["discriminator/auc"];
    // Samples that are all 1, under a D that holds light items for generated ones, and for real ones.
    assert_eq!(told(10.0, -1.0), 1.0);
    assert_eq!(told(10.0, 1.0), 0.0);
    // Samples of the data's own law; 32 and 256 items give 0.5 to about 0.06.
    let chance = told(0.0, 1.0);
    assert!((0.3..0.7).contains(&chance), "{chance}");
    assert_eq!(told(0.0, 0.0), 0.5);
}

#[test]
fn what_is_followed_is_drawn_as_z_is() {
    // Of normal points in place of even ones samples would be 1.3 times as wide as the data.
    let spread = looked_at(0.0, 1.0, "")["samples/spread"];
    assert!((0.9..1.1).contains(&spread), "{spread}");
}

#[test]
fn a_judge_of_packs_is_asked_about_no_pairs() {
    let found = looked_at(0.0, 1.0, "remedies.packing.m = 2\n");
    assert!(found.contains_key("samples/near_data") && !found.contains_key("discriminator/auc"), "{found:?}");
}

#[test]
fn a_judge_that_normalises_batches_is_asked_about_no_pairs() {
    for (norm, is_asked) in [("none", true), ("batch", false)] {
        let spec = SPEC.replace("bins.every_steps = 0", "bins.every_steps = 1");
        let spec = spec.replace("hidden = [64, 64],", &format!("hidden = [8], norm = \"{norm}\","));
        let plan =
            Plan::with_data(&RunSpec::parse(&spec, "test").unwrap(), images(64, 32), &Registry::builtin());
        let found = Training::new(plan.unwrap(), session()).unwrap().probe().unwrap();
        assert_eq!(found.contains_key("discriminator/auc"), is_asked, "{norm}: {found:?}");
    }
}

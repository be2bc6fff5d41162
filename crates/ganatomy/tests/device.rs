//! Training on a device: games, losses, schemes and remedies read there what they read on the processor.
//!
//! It needs a plugin: `GANATOMY_PJRT` names its file, and without one the tests say so and are left out.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::sync::Arc;

use ganatomy::data::DataContext;
use ganatomy::record::RunSpec;
use ganatomy::tensor::{Cpu, Device};
use ganatomy::train::{Plan, Session, Training};
use ganatomy_xla::Xla;

const SMALL: &str =
    "batch = 32\ngenerator = { z_dims = 2, hidden = [16, 16] }\ndiscriminator = { hidden = [16, 16] }\n";
/// Single precision, summed in another order; a game carries the difference on.
const TOLERANCE: f64 = 2e-3;

fn device() -> Option<Arc<dyn Device>> {
    let Some(path) = std::env::var_os("GANATOMY_PJRT") else {
        eprintln!("skipped: GANATOMY_PJRT names no plugin");
        return None;
    };
    Some(Arc::new(Xla::open(path.as_ref()).unwrap()))
}

fn training(text: &str, device: Option<&Arc<dyn Device>>) -> Training {
    let plan = Plan::new(&RunSpec::parse(text, "test").unwrap(), &DataContext::default()).unwrap();
    Training::new(plan, Session { device: device.cloned(), ..Session::in_memory(Cpu::new(1)) }).unwrap()
}

/// The largest difference of two states, beside the largest number of each tensor; and the tensor.
fn apart(a: &Training, b: &Training) -> (f64, String) {
    let differs = |name: &&str| {
        let (a, b) = (a.tensor(name).unwrap(), b.tensor(name).unwrap());
        let largest = b.iter().fold(1e-3f32, |most, x| most.max(x.abs()));
        f64::from(a.iter().zip(b).fold(0f32, |most, (a, b)| most.max((a - b).abs())) / largest)
    };
    let all = a.state_names();
    let worst = all.iter().max_by(|a, b| differs(a).total_cmp(&differs(b))).unwrap();
    (differs(worst), (*worst).to_owned())
}

fn check(device: &Arc<dyn Device>, more: &str, steps: u64) {
    let text = match more.contains("imle") {
        // It has no discriminator.
        true => format!("{}{more}", SMALL.replace("discriminator = { hidden = [16, 16] }\n", "")),
        false => format!("{SMALL}{more}"),
    };
    let (mut there, mut here) = (training(&text, Some(device)), training(&text, None));
    assert_eq!(there.advance(steps).unwrap(), None, "{more}");
    assert_eq!(here.advance(steps).unwrap(), None, "{more}");
    let (most, tensor) = apart(&there, &here);
    assert!(most < TOLERANCE, "{more}: {tensor} differs by {most:e} after {steps} steps");
    for ((name, a), b) in there.readings().into_iter().zip(here.readings().into_values()) {
        assert!(
            (a - b).abs() < TOLERANCE * (1.0 + b.abs()),
            "{more}: {name} is {a}, and {b} on the processor"
        );
    }
}

/// The same bits in every tensor.
fn same(a: &Training, b: &Training) -> bool {
    let bits = |run: &Training, name: &str| -> Vec<u32> {
        run.tensor(name).unwrap().iter().map(|x| x.to_bits()).collect()
    };
    a.state_names() == b.state_names() && a.state_names().iter().all(|name| bits(a, name) == bits(b, name))
}

#[test]
fn methods_do_there_what_they_do_here() {
    let Some(device) = device() else { return };
    for more in [
        "",
        "loss.kind = \"wasserstein\"\nremedies.gradient-penalty = {}\n",
        "remedies = { r1 = { every_steps = 3 }, spectral-norm = {} }\n",
        "scheme = { kind = \"unrolled\", k = 2 }\n",
        "loss.kind = \"least-squares\"\nscheme.kind = \"extragradient\"\n",
        "remedies = { minibatch-discrimination = {}, instance-noise = {}, replay = {} }\n",
        "game.kind = \"imle\"\n",
    ] {
        check(&device, more, 9);
    }
}

#[test]
fn the_default_game_reads_there_what_it_reads_here() {
    let Some(device) = device() else { return };
    check(&device, "loss.kind = \"hinge\"\n", 200);
}

#[test]
fn a_run_goes_on_there_as_if_it_had_never_been_looked_at() {
    let Some(device) = device() else { return };
    let (mut looked_at, mut left_alone) = (training(SMALL, Some(&device)), training(SMALL, Some(&device)));
    for _ in 0..4 {
        assert_eq!(looked_at.advance(5).unwrap(), None);
        looked_at.samples(8, 1).unwrap();
        looked_at.probe().unwrap();
    }
    assert_eq!(left_alone.advance(20).unwrap(), None);
    assert!(same(&looked_at, &left_alone));
    let mut fork = looked_at.fork().unwrap();
    fork.advance(5).unwrap();
    left_alone.advance(5).unwrap();
    assert!(same(&fork, &left_alone));
    // What is changed by hand at home is what goes on there.
    let name = "generator.out.bias";
    let halved: Vec<f32> = fork.tensor(name).unwrap().iter().map(|x| 0.5 * x).collect();
    fork.set(name, &halved).unwrap();
    let mut here = training(SMALL, None);
    here.advance(25).unwrap();
    here.set(name, &halved).unwrap();
    fork.advance(1).unwrap();
    here.advance(1).unwrap();
    assert!(apart(&fork, &here).0 < TOLERANCE);
}

//! Training on a device: games, losses, schemes and remedies read there what they read on the processor, and on several devices what they read on one.
//!
//! It needs a plugin: `GANATOMY_PJRT` names its file, and without one the tests say so and are left out.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::collections::BTreeMap;
use std::sync::Arc;

use ganatomy::data::DataContext;
use ganatomy::record::{Checkpoints, Event, Outcome, RecordError, RunFolder, RunSpec, Sink};
use ganatomy::tensor::{Cpu, Device, Store};
use ganatomy::train::{Entrant, Plan, Registry, Session, Together, Training, train};
use ganatomy_xla::{Options, Xla};

#[path = "../../ganatomy-train/src/exam/population.rs"]
mod population;

const SMALL: &str =
    "batch = 32\ngenerator = { z_dims = 2, hidden = [16, 16] }\ndiscriminator = { hidden = [16, 16] }\n";
/// Single precision, summed in another order; a game carries the difference on.
const TOLERANCE: f64 = 2e-3;
/// The same after 500 steps.
const TRAINED: f64 = 1e-4;
/// After 20 steps on several devices, which sum over the batch in another order than one. What differs most are biases before batch norm, which are
/// next to nothing.
const SHARED: f64 = 1e-3;

fn device() -> Option<Arc<dyn Device>> {
    let Some(path) = std::env::var_os("GANATOMY_PJRT") else {
        eprintln!("skipped: GANATOMY_PJRT names no plugin");
        return None;
    };
    // What several tests compile is compiled once.
    let folder = concat!(env!("CARGO_TARGET_TMPDIR"), "/compiled");
    Some(Arc::new(Xla::open(path.as_ref(), &Options::default()).unwrap().cached_in(folder.as_ref())))
}

/// So many devices of a plugin that offers four or more, as the one for processors does of this one; or nothing where there is none.
fn several(n: usize) -> Option<Arc<dyn Device>> {
    let Some(path) = std::env::var_os("GANATOMY_PJRT") else {
        eprintln!("skipped: GANATOMY_PJRT names no plugin");
        return None;
    };
    let device = Xla::open(path.as_ref(), &Options { n_devices: Some(n), ..Options::default() });
    let Ok(device) = device.inspect_err(|error| eprintln!("skipped: {error}")) else {
        // The plugin that tests are made with offers four.
        assert!(!path.to_string_lossy().contains("cpu"));
        return None;
    };
    Some(Arc::new(device.cached_in(concat!(env!("CARGO_TARGET_TMPDIR"), "/compiled").as_ref())))
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
        "game.kind = \"vae\"\n",
    ] {
        check(&device, more, 9);
    }
}

#[test]
fn steps_in_one_call_are_those_one_by_one() {
    let Some(device) = device() else { return };
    let more = "remedies.r1.every_steps = 4\nscheme.d_steps = 2\naverage.kind = \"uniform\"\n";
    let run = |every: u64| {
        let text = format!("{SMALL}steps = 1000\nreadings_every_steps = {every}\n{more}");
        let mut run = training(&text, Some(&device));
        assert_eq!(run.advance(45).unwrap(), None);
        run
    };
    // Where every step is reported, each is a call.
    let (singly, at_once) = (run(1), run(20));
    assert!(same(&singly, &at_once));
    assert_eq!(singly.readings(), at_once.readings());
}

#[test]
fn the_default_game_reads_there_what_it_reads_here() {
    let Some(device) = device() else { return };
    check(&device, "loss.kind = \"hinge\"\n", 200);
}

/// 500 steps, the second half after a resume from the disk; the device makes them many at a time. The same steps here, without a stop.
fn check_trained(device: &Arc<dyn Device>, spec: &str) {
    let text = format!("steps = 1000\nreadings_every_steps = 50\ncheckpoint.every_steps = 250\n{spec}");
    let home = tempfile::tempdir().unwrap();
    let folder = RunFolder::create(&home.path().join("run"), true, "", "").unwrap();
    let plan = || Plan::new(&RunSpec::parse(&text, "test").unwrap(), &DataContext::default()).unwrap();
    let half = |resume: bool| {
        let device = Some(Arc::clone(device));
        let session = Session { device, resume, ..Session::in_folder(folder.clone(), Cpu::new(1)) };
        let mut run = Training::new(plan(), session).unwrap();
        assert_eq!(run.advance(250).unwrap(), None, "{spec}");
        run
    };
    half(false);
    let mut there = half(true);
    let mut here = Training::new(plan(), Session::in_memory(Cpu::new(2))).unwrap();
    assert_eq!(here.advance(500).unwrap(), None, "{spec}");
    assert_eq!((there.step(), here.step()), (500, 500));
    let differs = |a: &BTreeMap<String, f64>, b: &BTreeMap<String, f64>| {
        let apart = a.iter().map(|(name, a)| ((a - b[name]).abs() / (1.0 + b[name].abs()), name.clone()));
        apart.fold((0.0, String::new()), |most, one| if one.0 > most.0 { one } else { most })
    };
    let losses = differs(&there.readings(), &here.readings());
    let probes = differs(&there.probe().unwrap(), &here.probe().unwrap());
    let state = apart(&there, &here);
    eprintln!("{spec}: losses {losses:?}, probes {probes:?}, state {state:?}");
    assert!(losses.0 < TRAINED && probes.0 < TRAINED, "{spec}: {losses:?} {probes:?}");
}

#[test]
fn five_hundred_steps_through_a_resume_read_there_what_they_read_here() {
    let Some(device) = device() else { return };
    check_trained(&device, SMALL);
    // What its classes are is read by a classifier, which takes a minute to train.
    check_trained(&device, &format!("data.kind = \"glyphs\"\nprobes.classes.every_steps = 0\n{SMALL}"));
    check_trained(
        &device,
        "batch = 32\ngame.kind = \"imle\"\ngenerator = { z_dims = 2, hidden = [16, 16] }\n",
    );
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

/// 20 steps of a game on four devices, and on one.
fn check_shared(one: &Arc<dyn Device>, four: &Arc<dyn Device>, spec: &str) {
    let text = format!("steps = 1000\n{spec}");
    let [mut there, mut here] = [four, one].map(|device| training(&text, Some(device)));
    assert_eq!((there.advance(20).unwrap(), here.advance(20).unwrap()), (None, None), "{spec}");
    let (most, tensor) = apart(&there, &here);
    eprintln!("{spec}: {tensor} differs by {most:e} on four devices");
    assert!(most < SHARED, "{spec}: {tensor} differs by {most:e} on four devices");
    for ((name, a), b) in there.readings().into_iter().zip(here.readings().into_values()) {
        let most = SHARED * (1.0 + b.abs());
        assert!((a - b).abs() < most, "{spec}: {name} is {a} on four devices, and {b} on one");
    }
}

#[test]
// Of images, convolutions and labels are divided in `ganatomy-xla`'s own test.
fn several_devices_train_as_one_over_the_whole_batch() {
    let (Some(one), Some(four)) = (several(1), several(4)) else { return };
    assert_eq!((one.n_devices(), four.n_devices()), (1, 4));
    // What a bias before batch norm is moved by is rounding alone, of which Adam would make whole steps.
    let sgd = "update = { kind = \"sgd\", lr = 0.02 }";
    let normal = SMALL.replace("[16, 16]", &format!("[16, 16], norm = \"batch\", {sgd}"));
    check_shared(&one, &four, &normal);
    let pairs = "remedies = { minibatch-discrimination = {}, r1 = {}, replay = {} }\n";
    check_shared(&one, &four, &format!("{SMALL}{pairs}"));
}

#[test]
fn a_run_on_several_devices_goes_on_on_one_and_on_the_processor() {
    let (Some(one), Some(four)) = (several(1), several(4)) else { return };
    let text = format!("steps = 1000\ncheckpoint.every_steps = 10\n{SMALL}");
    let home = tempfile::tempdir().unwrap();
    let folder = RunFolder::create(&home.path().join("run"), true, "", "").unwrap();
    let go_on = |device: Option<&Arc<dyn Device>>, resume: bool| {
        let plan = Plan::new(&RunSpec::parse(&text, "test").unwrap(), &DataContext::default()).unwrap();
        let device = device.cloned();
        let session = Session { device, resume, ..Session::in_folder(folder.clone(), Cpu::new(1)) };
        let mut run = Training::new(plan, session).unwrap();
        assert_eq!(run.advance(10).unwrap(), None);
        run
    };
    go_on(Some(&four), false);
    go_on(Some(&one), true);
    go_on(Some(&four), true);
    let there = go_on(None, true);
    let mut here = training(&text, None);
    assert_eq!(here.advance(40).unwrap(), None);
    assert_eq!((there.step(), here.step()), (40, 40));
    let (most, tensor) = apart(&there, &here);
    assert!(most < SHARED, "{tensor} differs by {most:e}");
}

#[test]
fn devices_that_are_not_there_and_batches_that_are_not_shared_are_refused() {
    let Some(four) = several(4) else { return };
    let text = SMALL.replace("batch = 32", "batch = 30");
    let plan = Plan::new(&RunSpec::parse(&text, "test").unwrap(), &DataContext::default()).unwrap();
    let session = Session { device: Some(four), ..Session::in_memory(Cpu::new(1)) };
    let error = Training::new(plan, session).err().unwrap();
    assert!(error.is_request());
    assert_eq!(
        error.to_string(),
        "4 devices share each batch evenly: batch must be a multiple of 4, found 30"
    );
    let path = std::env::var_os("GANATOMY_PJRT").unwrap();
    let n_devices = Xla::open(path.as_ref(), &Options::default()).unwrap().kind().n_devices;
    for wanted in [0, n_devices + 1] {
        let options = Options { n_devices: Some(wanted), ..Options::default() };
        let said = Xla::open(path.as_ref(), &options).unwrap_err().to_string();
        let end = format!("offers {n_devices} on this machine: 1 to {n_devices} can be had");
        assert!(
            said.starts_with(&format!("{wanted} devices are asked for")) && said.ends_with(&end),
            "{said}"
        );
    }
}

#[test]
fn sixteen_together_are_there_what_each_is_alone_here() {
    let Some(device) = device() else { return };
    population::check("", Some(&*device));
}

//! A generator that is given an outline learns to fill it, and its run folder answers for outlines it has never seen.

use std::sync::Arc;

use ganatomy_data::{BatchKey, DataContext, Dataset};
use ganatomy_record::{Event, Outcome, RunFolder, RunSpec};
use ganatomy_tensor::Cpu;
use ganatomy_train::{Plan, SampleError, Sampler, Session, recipe, train};

/// A fifth of the recipe's steps.
const STEPS: u64 = 400;
const N: usize = 256;

/// Outlines and what fills them.
fn batch(data: &dyn Dataset) -> [Vec<f32>; 2] {
    let mut pairs = vec![0.0; N * 16 * 16 * 2];
    data.fill(BatchKey { seed: 0, step: 0, draw: 0 }, &mut pairs, &mut vec![0; N]);
    [0, 1].map(|channel| pairs.iter().skip(channel).step_by(2).copied().collect())
}

/// The mean absolute difference.
fn apart<'a>(a: impl Iterator<Item = &'a f32>, b: impl Iterator<Item = &'a f32>) -> f32 {
    let (sum, n) = a.zip(b).fold((0.0, 0), |(sum, n), (a, b)| (sum + (a - b).abs(), n + 1));
    sum / n as f32
}

#[test]
fn outlines_are_filled() {
    let mut spec = RunSpec::parse(recipe::find("outlines").unwrap(), "outlines").unwrap();
    spec.lay_over(&RunSpec::parse(&format!("steps = {STEPS}\n"), "test").unwrap());
    let plan = Plan::new(&spec, &DataContext::default()).unwrap();
    let home = tempfile::tempdir().unwrap();
    let folder =
        RunFolder::create(&home.path().join("run"), false, "", &plan.resolved().table.to_string()).unwrap();
    let (plan, cpu) = (Arc::new(plan), Arc::new(Cpu::new(2)));
    let session = Session::in_folder(folder.clone(), Arc::clone(&cpu));
    assert_eq!(train(Arc::clone(&plan), session, &mut Vec::<Event>::new()).unwrap(), Outcome::Done);
    let mut sampler = Sampler::open(&folder, &cpu, true).unwrap();
    let [given, wanted] = batch(&*plan.data().held_out().unwrap());
    let latent = sampler.latent(N, 1);
    let pairs = sampler.samples_for(&cpu, &given, &latent).unwrap();
    let channel = |pairs: &[f32], c: usize| pairs.iter().skip(c).step_by(2).copied().collect::<Vec<f32>>();
    assert_eq!(channel(&pairs, 0), given, "what is given stays as it is");
    let made = channel(&pairs, 1);
    let (error, guess) = (apart(made.iter(), wanted.iter()), apart(given.iter(), wanted.iter()));
    let again = sampler.samples_for(&cpu, &given, &sampler.latent(N, 2)).unwrap();
    let spread = apart(channel(&again, 1).iter(), made.iter());
    eprintln!("error {error}, of the outline itself {guess}, between two latent points {spread}");
    assert!(error < 0.08 && error < 0.4 * guess, "error {error}, of the outline itself {guess}");
    assert!(spread < error, "two latent points are {spread} apart");
    // Without images to be given, those that the run keeps are.
    let drawn = sampler.draw(&cpu, 70, 3).unwrap();
    assert_eq!(channel(&drawn, 0)[..64 * 256], *sampler.kept());
    assert_eq!(channel(&drawn, 0)[64 * 256..], sampler.kept()[..6 * 256]);
    let rows = sampler.interpolate(&cpu, 2, 3, 0).unwrap();
    assert_eq!(channel(&rows, 0)[3 * 256..4 * 256], sampler.kept()[256..512]);
    let short = sampler.samples_for(&cpu, &given[1..], &latent).unwrap_err();
    assert!(matches!(short, SampleError::Length { wanted: 65_536, found: 65_535, .. }), "{short}");
}

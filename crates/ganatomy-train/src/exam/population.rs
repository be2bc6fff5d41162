//! Sixteen runs that step together, seeds by learning rates, one of which diverges: each is what it is alone.
//!
//! What this needs it takes from the module that holds it, as another crate examines devices with it.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use super::{
    Checkpoints, Cpu, Device, Entrant, Event, Outcome, Plan, RecordError, Registry, RunFolder, RunSpec,
    Session, Sink, Store, Together, train,
};

/// Of readings and of tensors, beside their size, after all steps.
pub(super) const TOLERANCE: f64 = 2e-3;
const STEPS: u64 = 40;
const RATES: [&str; 4] = ["1e-4", "1e-3", "3e-3", "1e-2"];
/// The run that diverges, on any processor: its layers do not saturate.
const SICK: usize = 0;

fn spec(at: usize, more: &str) -> RunSpec {
    let lr = if at == SICK { "1e30" } else { RATES[at % 4] };
    let text = format!(
        "steps = {STEPS}\nseed = {}\nbatch = 16\nreadings_every_steps = {}\nsamples.every_steps = 9\ncheckpoint.every_steps = 11\n\
         generator = {{ z_dims = 2, hidden = [12, 12], activation = \"leaky-relu\", update.lr = {lr} }}\ndiscriminator = {{ hidden = [12, 12], activation = \"leaky-relu\" }}\n{more}\
         [probes]\ngradients.every_steps = 5\nmodes = {{ every_steps = 10, n_samples = 64 }}\n",
        at / 4,
        // What a step does not see may differ.
        if at == 5 { 4 } else { 7 }
    );
    RunSpec::parse(&text, "test").unwrap()
}

fn plans(more: &str) -> Vec<Arc<Plan>> {
    let first = Plan::new(&spec(0, more), &ganatomy_data::DataContext::default()).unwrap();
    let others: Vec<Plan> =
        (1..16).map(|at| first.beside(&spec(at, more), &Registry::builtin()).unwrap()).collect();
    std::iter::once(first).chain(others).map(Arc::new).collect()
}

/// Keeps what a run says, but for its steps, and stops it after one.
pub(super) struct Kept {
    pub(super) events: Vec<Event>,
    pub(super) stops_after: u64,
}

impl Sink for Kept {
    fn receive(&mut self, event: &Event) -> Result<ControlFlow<()>, RecordError> {
        match event {
            Event::Step { step, .. } if *step == self.stops_after => return Ok(ControlFlow::Break(())),
            // What is said of the device and of the session is not the run's.
            Event::Step { .. } | Event::Note { .. } | Event::Resumed { .. } => {}
            event => self.events.push(event.clone()),
        }
        Ok(ControlFlow::Continue(()))
    }
}

fn folder(home: &Path, name: &str) -> RunFolder {
    RunFolder::create(&home.join(name), true, "", "").unwrap()
}

/// All runs together, from the start or from where they are.
fn together(
    more: &str,
    folders: &[RunFolder],
    kept: &mut [Kept],
    resume: bool,
    device: Option<&dyn Device>,
) -> Vec<Outcome> {
    let cpu = Arc::new(Cpu::new(2));
    let session =
        |folder: &RunFolder| Session { resume, ..Session::in_folder(folder.clone(), Arc::clone(&cpu)) };
    let plans = plans(more);
    let plans =
        plans.into_iter().zip(&*kept).filter(|(_, kept)| !is_over(kept)).map(|(plan, _)| plan).collect();
    let entrants = folders.iter().zip(kept).filter(|(_, kept)| !is_over(kept));
    let entrants = entrants.map(|(folder, sink)| Entrant { session: session(folder), sink }).collect();
    let ended = Together::new(plans).unwrap().train(entrants, &cpu, device).unwrap();
    ended.into_iter().map(Result::unwrap).collect()
}

fn is_over(kept: &Kept) -> bool {
    matches!(kept.events.last(), Some(Event::Finished { outcome: Outcome::Diverged { .. }, .. }))
}

fn alone(plan: &Arc<Plan>, folder: &RunFolder) -> (Vec<Event>, Outcome) {
    let mut kept = Kept { events: Vec::new(), stops_after: u64::MAX };
    let outcome =
        train(Arc::clone(plan), Session::in_folder(folder.clone(), Cpu::new(1)), &mut kept).unwrap();
    (kept.events, outcome)
}

/// The state that a run ended with.
fn last(folder: &RunFolder) -> BTreeMap<String, Vec<f32>> {
    let mut store = Store::<f32>::new();
    let file = Checkpoints::latest(folder).unwrap().unwrap();
    store.load_safetensors(&std::fs::read(file.path).unwrap()).unwrap();
    store.iter().map(|(name, array)| (name.to_owned(), array.values().to_vec())).collect()
}

fn check_states(what: &str, found: &BTreeMap<String, Vec<f32>>, wanted: &BTreeMap<String, Vec<f32>>) {
    assert!(found.keys().eq(wanted.keys()), "{what}");
    for ((name, found), wanted) in found.iter().zip(wanted.values()) {
        let largest = wanted.iter().fold(1e-2f32, |most, x| most.max(x.abs()));
        let most = found.iter().zip(wanted).fold(0f32, |most, (a, b)| most.max((a - b).abs())) / largest;
        assert!(f64::from(most) < TOLERANCE, "{what}: {name} differs by {most:e} of its size");
    }
}

/// Events of the same kinds at the same steps, whose readings agree.
fn check_events(what: &str, found: &[Event], wanted: &[Event]) {
    let shown = |events: &[Event]| {
        events.iter().map(|event| (std::mem::discriminant(event), event.step())).collect::<Vec<_>>()
    };
    assert_eq!(shown(found), shown(wanted), "{what}");
    for (found, wanted) in found.iter().zip(wanted) {
        if let (Event::Readings { step, values: found, .. }, Event::Readings { values: wanted, .. }) =
            (found, wanted)
        {
            assert!(found.keys().eq(wanted.keys()), "{what}, step {step}");
            for ((name, a), b) in found.iter().zip(wanted.values()) {
                // A share of a batch moves by whole items.
                let counts =
                    ["accuracy", "share", "n_modes", "zero_gradient", "kl", "dead", "saturated", "bins"];
                let loose = if counts.iter().any(|part| name.contains(part)) { 0.2 } else { TOLERANCE };
                let is_close = (a - b).abs() <= loose * (1.0 + b.abs()) || a.is_nan() && b.is_nan();
                assert!(is_close, "{what}, step {step}: {name} is {a}, and {b} alone");
            }
        }
    }
}

/// Runs the population without a stop, and with one and a lost checkpoint, and each run alone.
pub(super) fn check(more: &str, device: Option<&dyn Device>) {
    let home = tempfile::tempdir().unwrap();
    let make = |kind: &str| (0..16).map(|at| folder(home.path(), &format!("{kind}{at}"))).collect::<Vec<_>>();
    let kept = |stops_after| (0..16).map(|_| Kept { events: Vec::new(), stops_after }).collect::<Vec<_>>();
    let (whole, halves, single, plans) = (make("whole"), make("halves"), make("single"), plans(more));
    let mut of_whole = kept(u64::MAX);
    let ended = together(more, &whole, &mut of_whole, false, device);
    let mut of_halves = kept(18);
    let stopped = together(more, &halves, &mut of_halves, false, device);
    assert!(
        stopped.iter().enumerate().all(|(at, outcome)| at == SICK || *outcome == Outcome::Interrupted),
        "{stopped:?}"
    );
    // One was killed before it stored what the others did: it catches up.
    let newest = Checkpoints::latest(&halves[3]).unwrap().unwrap();
    assert_eq!(newest.step, 18);
    std::fs::remove_file(newest.path).unwrap();
    assert_eq!(Checkpoints::latest(&halves[3]).unwrap().unwrap().step, 11);
    of_halves.iter_mut().for_each(|kept| kept.stops_after = u64::MAX);
    together(more, &halves, &mut of_halves, true, device);
    for at in 0..16 {
        let what = format!("{more} run {at}");
        let (events, outcome) = alone(&plans[at], &single[at]);
        assert_eq!(ended[at], outcome, "{what}");
        check_events(&what, &of_whole[at].events, &events);
        if at == SICK {
            assert!(matches!(outcome, Outcome::Diverged { .. }), "{outcome:?}");
            continue;
        }
        assert_eq!(outcome, Outcome::Done);
        let wanted = last(&single[at]);
        check_states(&what, &last(&whole[at]), &wanted);
        check_states(&format!("{what}, stopped"), &last(&halves[at]), &wanted);
    }
    // One of them goes on alone from a checkpoint in the middle.
    let session = Session {
        resume: true,
        which: ganatomy_record::Which::Step(33),
        ..Session::in_folder(whole[9].clone(), Cpu::new(1))
    };
    let mut kept = Kept { events: Vec::new(), stops_after: u64::MAX };
    assert_eq!(train(Arc::clone(&plans[9]), session, &mut kept).unwrap(), Outcome::Done);
    check_states("alone from step 33", &last(&whole[9]), &last(&single[9]));
}

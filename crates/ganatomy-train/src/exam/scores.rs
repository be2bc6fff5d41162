//! Scores while training: what they say, that they leave no trace, and what is refused.

use std::sync::Arc;

use ganatomy_data::{DataContext, Images, Points};
use std::ops::ControlFlow;

use ganatomy_record::{Checkpoints, Event, RecordError, RunFolder, RunSpec, Sink, Which, absorb};
use ganatomy_tensor::Cpu;

use super::{SMALL, plan, session, state};
use crate::{Plan, Registry, Session, Training, train};

/// Small images that need no file.
const IMAGES: &str = "steps = 6\nbatch = 4\ndata = { kind = \"glyphs\", size = 16 }\nprobes.classes.every_steps = 0\n\
                      generator = { kind = \"infogan\", width = 4, z_dims = 5 }\n\
                      discriminator = { kind = \"infogan\", width = 4 }\n";
const SCORES: &str = "scores.fid = { every_steps = 2, n = 40 }\n\
                      scores.kid = { every_steps = 2, n = 40, extractor.kind = \"random\", extractor.seed = 3 }\n\
                      scores.density-coverage = { every_steps = 3, n = 300, extractor.kind = \"pixels\" }\n\
                      scores.memorised = { every_steps = 6, n = 300, extractor.kind = \"pixels\" }\n";

/// The values of a reading in a run, step by step.
fn curve(events: &[Event], name: &str) -> Vec<(u64, f64)> {
    let read = |event: &Event| match event {
        Event::Readings { step, values, .. } => Some((*step, *values.get(name)?)),
        _ => None,
    };
    events.iter().filter_map(read).collect()
}

#[test]
fn scores_leave_no_trace_in_training() {
    let run = |more: &str, threads| {
        let home = tempfile::tempdir().unwrap();
        let folder = RunFolder::create(&home.path().join("run"), false, "", "").unwrap();
        let session = || Session::in_folder(folder.clone(), Cpu::new(threads));
        let text = format!("{IMAGES}{more}")
            .replace("scores.fid = { ", "scores.fid = { extractor.kind = \"random\", ");
        let mut events = Vec::<Event>::new();
        train(plan(&text).unwrap(), session(), &mut events).unwrap();
        let last = Training::new(plan(&text).unwrap(), Session { resume: true, ..session() }).unwrap();
        let names = [
            "scores/fid/fid",
            "scores/kid/kid",
            "scores/density-coverage/coverage",
            "scores/memorised/memorised_z",
        ];
        (state(&last), names.map(|name| curve(&events, name)))
    };
    let (with, scores) = run(SCORES, 2);
    let (again, same) = run(SCORES, 1);
    assert!(with == run("", 1).0 && with == again);
    assert_eq!(scores, same);
    let steps = scores.each_ref().map(|curve| curve.iter().map(|(step, _)| *step).collect::<Vec<_>>());
    assert_eq!(steps, [vec![2, 4, 6], vec![2, 4, 6], vec![3, 6], vec![6]]);
    assert!(scores.iter().flatten().all(|(_, score)| score.is_finite()) && scores[0][0].1 > 0.0);
}

#[test]
fn it_is_the_average_that_is_scored_against_the_data() {
    let text = "batch = 16\ndata = { kind = \"gaussian\", mean = 2 }\ndiscriminator = { hidden = [] }\n\
                generator = { hidden = [], z_dims = 1 }\nscores.fid.n = 1000\n\
                scores.precision-recall.n = 1000\n";
    let mut run = Training::new(plan(text).unwrap(), session()).unwrap();
    let place = |run: &mut Training, start: &str, a: f32, b: f32| {
        for (end, x) in [("weight", a), ("bias", b)] {
            let name = format!("{start}generator.out.{end}");
            let n = run.tensor(&name).unwrap().len();
            run.set(&name, &vec![x; n]).unwrap();
        }
    };
    place(&mut run, "", 7.0, 7.0);
    let mut check = |b: f32, expected: f64| {
        place(&mut run, "average.", 1.0, b);
        let found = run.probe().unwrap();
        let (all, means) = (found["scores/fid/fid"], found["scores/fid/fid_of_means"]);
        assert!(
            (means - expected).abs() < 0.5 && (all - expected).abs() < 0.6,
            "{all}, {means} for {expected}"
        );
    };
    check(2.0, 0.0);
    check(5.0, 9.0);
    // All samples in the middle of the data: each is real enough, and hardly any of the data is made.
    place(&mut run, "average.", 0.001, 2.0);
    let collapsed = run.probe().unwrap();
    let of = |name: &str| collapsed[&format!("scores/precision-recall/{name}")];
    assert!(of("precision") > 0.9 && of("recall") < 0.1, "{collapsed:?}");
    // Samples that are no numbers have no score, and the run goes on to say so itself.
    place(&mut run, "average.", f32::NAN, 0.0);
    assert!(run.probe().unwrap()["scores/fid/fid"].is_nan());
}

#[test]
fn the_best_checkpoint_is_the_one_of_the_score_that_is_named() {
    let run = |by: &str, name: &str| {
        let home = tempfile::tempdir().unwrap();
        let folder = RunFolder::create(&home.path().join("run"), false, "", "").unwrap();
        let text = format!(
            "steps = 30\n{SMALL}checkpoint = {{ every_steps = 0, keep_last = 1{by} }}\nscores.fid = {{ every_steps = 3, n = 200 }}\n\
             scores.precision-recall = {{ every_steps = 5, n = 200 }}\nprobes.modes.every_steps = 4\n"
        );
        let mut events = Vec::<Event>::new();
        train(plan(&text).unwrap(), Session::in_folder(folder.clone(), Cpu::new(1)), &mut events).unwrap();
        let (file, best) = Checkpoints::best(&folder).unwrap().unwrap();
        assert!(file.step == best.step && best.reading == name, "{best:?}");
        (best.step, best.score, curve(&events, name))
    };
    let (step, score, curve) = run("", "samples/quality_kl");
    assert!(curve.contains(&(step, score)) && curve.iter().all(|(_, other)| *other >= score));
    let (step, score, curve) = run(", best_by = \"scores/fid/fid\"", "scores/fid/fid");
    assert!(curve.contains(&(step, score)) && curve.iter().all(|(_, other)| *other >= score));
    let (step, score, curve) =
        run(", best_by = \"scores/precision-recall/recall\"", "scores/precision-recall/recall");
    assert!(curve.contains(&(step, score)) && curve.iter().all(|(_, other)| *other <= score));
}

#[test]
fn what_cannot_be_scored_is_refused_by_its_field() {
    let points: Vec<[f32; 2]> = (0..300).map(|i| [i as f32 / 300.0, 0.5]).collect();
    let refusal = |more: &str| {
        let spec = RunSpec::parse(&format!("{SMALL}probes.bins.every_steps = 0\n{more}"), "test").unwrap();
        let plan = Plan::with_data(&spec, Points::new(points.clone()).unwrap(), &Registry::builtin());
        plan.map_or_else(|error| error.to_string(), |_| "no refusal".to_owned())
    };
    for (more, expected) in [
        ("scores.fid = {}\n", "no refusal"),
        (
            "scores.fid.n = 301\n",
            "scores.fid.n must be at most 300, since the data have so many items, found 301",
        ),
        ("scores.fdi = {}\n", "unknown key \"fdi\" in [scores]; did you mean \"fid\"?"),
        ("scores.fid.every = 3\n", "unknown key \"every\" in [scores.fid]; did you mean \"every_steps\"?"),
        ("scores.fid.extractor.kind = \"pixel\"\n", "found \"pixel\"; did you mean \"pixels\"?"),
        (
            "scores.fid.extractor.kind = \"random\"\n",
            "scores.fid.extractor.kind cannot be \"random\", which needs images of 8 pixels a side or more, found items of shape [2]",
        ),
        (
            "scores.fid.extractor.kind = \"classifier\"\n",
            "cannot be \"classifier\", which needs labelled images",
        ),
        ("scores.fid.extractor.seed = 3\n", "unknown key \"seed\" in [scores.fid.extractor]"),
        ("scores.inception = {}\n", "scores.inception cannot be read: inception needs class probabilities"),
        ("scores.memorised = {}\n", "scores.memorised cannot be read: memorised needs held-out real items"),
        ("scores.ndb.n = 200\n", "scores.ndb cannot be read: ndb needs at least 1000 real items, found 200"),
        ("scores.ndb = { n = 200, every_steps = 0 }\n", "no refusal"),
        (
            "checkpoint.best_by = \"scores/fid/fid\"\n",
            "checkpoint.best_by must be empty, as no probe and no score",
        ),
        (
            "scores.fid = {}\ncheckpoint.best_by = \"generator/loss\"\n",
            "one of scores/fid/fid, scores/fid/fid_of_means, ",
        ),
        ("scores.kid = {}\ncheckpoint.best_by = \"scores/kid\"\n", "did you mean \"scores/kid/kid\"?"),
        (
            "scores.diversity = {}\ncheckpoint.best_by = \"scores/diversity/diversity_ratio\"\n",
            "must be empty",
        ),
    ] {
        let found = refusal(more);
        assert!(found.contains(expected), "{more}: {found}");
    }
}

#[test]
fn memory_for_scores_is_counted_under_the_field_that_makes_them_smaller() {
    let need = |more: &str| {
        let images = Images::new([16, 16, 1], vec![7; 500 * 256]).unwrap();
        let text = format!("{}{more}", &IMAGES.replace("data = { kind = \"glyphs\", size = 16 }\n", ""));
        let spec = RunSpec::parse(&text, "test").unwrap();
        let plan = Plan::with_data(&spec, images, &Registry::builtin()).unwrap();
        let need = plan.need(&Cpu::new(1), std::path::Path::new("")).unwrap();
        need.parts
            .into_iter()
            .find(|part| part.name.starts_with("the score"))
            .map(|part| (part.name, part.bytes, part.fields))
    };
    assert_eq!(need(""), None);
    let (name, few, fields) = need("scores.fid.n = 100\nscores.kid.n = 100\n").unwrap();
    assert_eq!((name.as_str(), fields), ("the scores fid, kid", vec!["scores.fid.n=100".to_owned()]));
    let more = need("scores.fid.n = 500\n").unwrap().1;
    // Features of 400 more items a side.
    assert!(more > few + 2 * 400 * 4 * 700, "{few}, {more}");
}

#[test]
fn two_sources_of_one_reading_are_known_before_the_run() {
    let mut registry = Registry::builtin();
    let twin = registry.probes.iter().find(|probe| probe.entry().name() == "modes").unwrap().entry().clone();
    let entry = ganatomy_record::Entry::new("modes-again", "the same", move |fields| twin.read(fields));
    registry.probes.push(crate::probe::ProbeKind::new(entry, 500, 16));
    let spec = RunSpec::parse(SMALL, "test").unwrap();
    let plan = Arc::new(Plan::with_registry(&spec, &DataContext::default(), &registry).unwrap());
    let why = plan.need(&Cpu::new(1), std::path::Path::new("")).unwrap_err().to_string();
    assert_eq!(
        why,
        "the probe modes and the probe modes-again both report samples/n_modes; probes.modes-again.every_steps = 0 \
         turns the latter off"
    );
}

/// Keeps the events, and stops the run after a step.
struct Until(Vec<Event>, u64);

impl Sink for Until {
    fn receive(&mut self, event: &Event) -> Result<ControlFlow<()>, RecordError> {
        absorb(&mut self.0, event.clone());
        Ok(match event {
            Event::Step { step, .. } if *step == self.1 => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        })
    }
}

/// What a run recorded that is read, drawn or stored, in order; its best checkpoint; and its states at the end and there.
type Recorded = (Vec<String>, (u64, f64), [Vec<(String, Vec<u32>)>; 2]);

/// A run whose score is worked out beside it or not, stopped once and gone on with or not.
fn recorded(beside: bool, stop: u64) -> Recorded {
    let home = tempfile::tempdir().unwrap();
    let folder = RunFolder::create(&home.path().join("run"), false, "", "").unwrap();
    let text = format!(
        "{}readings_every_steps = 4\nsamples.every_steps = 4\n\
         checkpoint = {{ every_steps = 5, keep_last = 9, best_by = \"scores/precision-recall/precision\" }}\n\
         scores.fid = {{ every_steps = 3, n = 40, extractor.kind = \"random\" }}\n\
         scores.precision-recall = {{ every_steps = 3, n = 40, extractor.kind = \"random\" }}\n",
        IMAGES.replace("steps = 6", "steps = 13")
    );
    let session = |resume| Session {
        resume,
        beside: beside.then(|| Arc::new(Cpu::new(1))),
        ..Session::in_folder(folder.clone(), Cpu::new(1))
    };
    let mut sink = Until(Vec::new(), stop);
    let outcome = train(plan(&text).unwrap(), session(false), &mut sink).unwrap();
    if stop > 0 {
        assert_eq!(outcome.word(), "interrupted");
        sink.1 = 0;
        train(plan(&text).unwrap(), session(true), &mut sink).unwrap();
    }
    let line = |event: &Event| match event {
        Event::Readings { step, values, .. } => Some(format!("{step} {values:?}")),
        Event::Samples { step, file, .. } => Some(format!("{step} {file}")),
        Event::Checkpoint { step, file, .. } if *step != stop => Some(format!("{step} {file}")),
        _ => None,
    };
    let (_, best) = Checkpoints::best(&folder).unwrap().unwrap();
    let at = |which| {
        let session = Session { which, ..session(true) };
        state(&Training::new(plan(&text).unwrap(), session).unwrap())
    };
    let states = [Which::Latest, Which::Best].map(at);
    (sink.0.iter().filter_map(line).collect(), (best.step, best.score), states)
}

#[test]
fn beside_training_the_record_is_the_same_and_a_stop_loses_nothing() {
    let whole = recorded(false, 0);
    // No sample is good yet, so that the first reading is the best; no checkpoint is due at its step.
    assert!(whole.0.len() > 13 && whole.1 == (3, 0.0), "{:?} {:?}", whole.0, whole.1);
    assert!(recorded(true, 0) == whole, "beside");
    // Stopped while a score is being worked out, and after it was reported.
    for (beside, stop) in [(false, 7), (true, 6), (true, 9)] {
        let found = recorded(beside, stop);
        let stored = format!("{stop} checkpoints/step-0000000{stop}.safetensors");
        let lines: Vec<&String> = whole.0.iter().filter(|line| **line != stored).collect();
        assert_eq!(found.0.iter().collect::<Vec<_>>(), lines, "{beside} {stop}");
        assert!((found.1, &found.2) == (whole.1, &whole.2), "{beside} {stop}");
    }
}

//! One run of a study: planned, trained in its folder, judged.

use std::cell::RefCell;
use std::io::ErrorKind;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

use ganatomy_clinic::{Attend, Facts, Watch};
use ganatomy_data::{DataContext, Silent};
use ganatomy_record::{CheckpointFile, Checkpoints, Outcome, Recorder, RunReader, RunSpec, Sink};
use ganatomy_tensor::Cpu;
use ganatomy_train::{Entrant, Plan, PlanError, Session, Together, TrainError, train};
use toml::{Table, Value};

use super::kept::{Kept, keep};
use super::listen::{Heard, Listen, Stopped};
use super::pulse::Held;
use super::{Rules, Site};
use crate::StudyError;
use crate::fork::Fork;
use crate::runs::State;
use crate::store::{Claim, Ended, Store};

/// What came of a run.
pub(super) enum Came {
    /// It has ended, one way or another.
    Ended(Ended),
    /// The worker was stopped; a checkpoint is stored.
    Stopped,
    /// The claim is another's.
    Lost,
}

/// A run that was claimed and planned.
pub(super) struct Planned {
    pub plan: Arc<Plan>,
    spec: RunSpec,
    table: Table,
}

/// Plans a run, on the data of another where one is given. What is wrong with its configuration is its failure; data that is missing here
/// may be there elsewhere.
pub(super) fn plan(
    site: &Site<'_>,
    rules: &Rules,
    claim: &Claim,
    first: Option<&Planned>,
) -> Result<Result<Planned, Ended>, StudyError> {
    let mut spec = RunSpec::parse(&claim.spec, "the study")?;
    spec.set(&format!("seed={}", claim.seed))?;
    let founding = rules.data.clone().map(PathBuf::from);
    let here = || founding.clone().filter(|folder| folder.is_dir()).or_else(|| site.spare_data.clone());
    let data = site.data.clone().or_else(here).or_else(|| founding.clone());
    let context = DataContext {
        data_dir: data.clone(),
        cache_dir: site.cache.clone(),
        threads: site.threads,
        progress: &Silent,
    };
    let plan = match first {
        Some(first) => first.plan.beside(&spec, site.registry),
        None => Plan::with_registry(&spec, &context, site.registry),
    };
    match plan {
        Ok(plan) => {
            let table = table(site, &plan, rules.fork(claim.arm), data.as_ref());
            Ok(Ok(Planned { plan: Arc::new(plan), spec, table }))
        }
        Err(PlanError::Spec(error)) => Ok(Err(failed(format!("not planned: {}", first_line(&error))))),
        Err(error) => Err(error.into()),
    }
}

/// Carries out a run that was claimed.
///
/// What the run itself is to blame for is an [`Ended`] that failed; an error is of the store or of this machine. An earlier try
/// that cannot be gone on with, since its folder was damaged, is begun anew.
pub(super) fn carry_out(
    site: &Site<'_>,
    rules: &Rules,
    store: &mut Store,
    device: &Arc<Cpu>,
    held: &Held,
) -> Result<Came, StudyError> {
    let planned = match plan(site, rules, &held.claim, None)? {
        Ok(planned) => planned,
        Err(ended) => return Ok(Came::Ended(ended)),
    };
    let at = At { site, rules, held, device };
    let kept = at.keep(&planned, false)?;
    let resumes = kept.as_ref().is_some_and(|kept| kept.resumes);
    match at.train(&planned.plan, kept, store) {
        Err(error) if resumes && !is_full(&error) => {
            let anew = at.keep(&planned, true)?;
            at.train(&planned.plan, anew, store)
        }
        came => came,
    }
}

/// Carries out runs that were claimed together, as a population; nothing where they cannot be one, or where one of them cannot begin.
pub(super) fn carry_out_together(
    site: &Site<'_>,
    rules: &Rules,
    store: &mut Store,
    device: &Arc<Cpu>,
    (held, planned): (&[Held], &[Planned]),
) -> Option<Vec<Result<Came, StudyError>>> {
    let together = Together::new(planned.iter().map(|planned| Arc::clone(&planned.plan)).collect()).ok()?;
    let away = site.device.as_ref().map(|(device, _)| &**device);
    // A device is filled by one large game.
    if away.is_some() && rules.file.runs.together == 0 && !together.is_small() {
        return None;
    }
    let tries: Vec<At<'_>> = held.iter().map(|held| At { site, rules, held, device }).collect();
    let kept = tries.iter().zip(planned).map(|(at, planned)| at.keep(planned, false).ok());
    let kept: Vec<Option<Kept>> = kept.collect::<Option<_>>()?;
    let store = RefCell::new(store);
    let (mut listeners, mut sessions) = (Vec::new(), Vec::new());
    for ((at, planned), kept) in tries.iter().zip(planned).zip(&kept) {
        let parent = at.parent(kept.as_ref()).ok()?;
        sessions.push(Session { parent, ..session(site, device, kept.as_ref()) });
        listeners.push(at.listen(&planned.plan, kept.as_ref(), &store).ok()?);
    }
    let entrants = sessions.into_iter().zip(&mut listeners);
    let entrants = entrants.map(|(session, sink)| Entrant { session, sink }).collect();
    let outcomes = match together.train(entrants, device, away) {
        Ok(outcomes) => outcomes,
        // Where none has made a step, alone it is seen whose fault it is.
        Err(_) if listeners.iter().all(|listen| !listen.heard.has_begun) => return None,
        Err(error) => return Some(vec![Err(error.into())]),
    };
    let heard: Vec<(Option<Stopped>, Heard)> =
        listeners.into_iter().map(|Listen { heard, stopped, .. }| (stopped, heard)).collect();
    let ended = outcomes.into_iter().zip(heard).zip(kept);
    let came = ended.map(|((outcome, (stopped, heard)), kept)| {
        judge(rules, outcome, stopped, heard).map(|came| came.in_folder(kept.map(|kept| kept.name)))
    });
    Some(came.collect())
}

/// One try of a run.
struct At<'a> {
    site: &'a Site<'a>,
    rules: &'a Rules,
    held: &'a Held,
    device: &'a Arc<Cpu>,
}

impl Came {
    /// The same, of a run that was kept there.
    fn in_folder(self, folder: Option<String>) -> Came {
        match self {
            Came::Ended(ended) => Came::Ended(Ended { folder, ..ended }),
            other => other,
        }
    }
}

impl<'a> At<'a> {
    fn train(&self, plan: &Arc<Plan>, kept: Option<Kept>, store: &mut Store) -> Result<Came, StudyError> {
        let At { site, rules, device, .. } = self;
        let session = Session { parent: self.parent(kept.as_ref())?, ..session(site, device, kept.as_ref()) };
        let store = RefCell::new(store);
        let mut listen = self.listen(plan, kept.as_ref(), &store)?;
        let outcome = train(Arc::clone(plan), session, &mut listen);
        let Listen { heard, stopped, .. } = listen;
        Ok(judge(rules, outcome, stopped, heard)?.in_folder(kept.as_ref().map(|kept| kept.name.clone())))
    }

    /// Where the run is kept, if it is.
    fn keep(&self, planned: &Planned, anew: bool) -> Result<Option<Kept>, StudyError> {
        let At { site, rules, held, .. } = self;
        match rules.file.runs.keep {
            true => keep(site, rules, &held.claim, &planned.spec, &planned.table, anew).map(Some),
            false => Ok(None),
        }
    }

    /// Who hears the run.
    fn listen<'b>(
        &'b self,
        plan: &Plan,
        kept: Option<&'b Kept>,
        store: &'b RefCell<&'b mut Store>,
    ) -> Result<Listen<'b, impl Sink + use<'a, 'b>>, StudyError> {
        let At { site, rules, held, .. } = self;
        let claim = &held.claim;
        let record = kept.map(|kept| {
            let watch = Watch::of(&kept.folder, Facts::of_plan(&plan.resolved().table))?;
            Ok::<_, StudyError>(Attend::new(record(site, kept)?, watch, |_, _, _| ControlFlow::Continue(())))
        });
        let heard = match kept.filter(|kept| kept.resumes) {
            Some(kept) => before(kept, rules, claim.arm)?,
            None => Heard::of(rules, claim.arm),
        };
        let (stop, lost, record) = (&*site.stop, &*held.lost, record.transpose()?);
        let mut listen = Listen { record, rules, store, claim, stop, lost, heard, stopped: None, rungs: 0 };
        listen.passed_before();
        Ok(listen)
    }
}

impl At<'_> {
    /// The checkpoint that a fork begins at; one that has stored its own goes on from there.
    fn parent(&self, kept: Option<&Kept>) -> Result<Option<CheckpointFile>, StudyError> {
        let Some(fork) = self.rules.fork(self.held.claim.arm) else {
            return Ok(None);
        };
        match kept.filter(|kept| kept.resumes) {
            Some(kept) if Checkpoints::latest(&kept.folder)?.is_some() => Ok(None),
            _ => fork.checkpoint(),
        }
    }
}

/// Is there no room for anything that a run would write?
pub(super) fn is_full(error: &StudyError) -> bool {
    let mut next: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = next {
        if let Some(error) = error.downcast_ref::<std::io::Error>() {
            return matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded);
        }
        next = error.source();
    }
    false
}

fn session(site: &Site<'_>, cpu: &Arc<Cpu>, kept: Option<&Kept>) -> Session {
    Session {
        folder: kept.map(|kept| kept.folder.clone()),
        clock: (site.clock)(),
        version: site.version.clone(),
        host: site.host.clone(),
        cache_dir: site.cache.clone(),
        resume: kept.is_some_and(|kept| kept.resumes),
        device: site.device.as_ref().map(|(device, _)| Arc::clone(device)),
        ..Session::in_memory(Arc::clone(cpu))
    }
}

/// A run that has no more to say.
fn failed(why: String) -> Ended {
    let (state, also, points) = (State::Failed, Vec::new(), Vec::new());
    Ended { state, score: None, also, steps: 0, secs: 0.0, why: Some(why), folder: None, points }
}

fn first_line(error: &dyn std::error::Error) -> String {
    error.to_string().lines().next().unwrap_or_default().to_owned()
}

/// What `plan.toml` says of where a run is made.
fn here(site: &Site<'_>, session: &mut Table) {
    session.insert("version".to_owned(), site.version.clone().into());
    session.insert("host".to_owned(), site.host.clone().into());
    session.insert("threads".to_owned(), Value::Integer(site.threads as i64));
    match &site.device {
        Some((_, device)) => session.insert("device".to_owned(), device.clone().into()),
        None => session.remove("device"),
    };
}

/// What is written in `plan.toml`.
fn table(site: &Site<'_>, plan: &Plan, fork: Option<&Fork>, data: Option<&PathBuf>) -> Table {
    let mut session = Table::new();
    here(site, &mut session);
    if let Some(data) = data.and_then(|data| std::path::absolute(data).ok()) {
        session.insert("data".to_owned(), data.display().to_string().into());
    }
    let mut table = plan.resolved().table.clone();
    table.insert("session".to_owned(), session.into());
    if let Some(origin) = fork.and_then(Fork::origin) {
        table.insert("origin".to_owned(), origin.into());
    }
    table
}

fn record<'a>(site: &'a Site<'_>, kept: &'a Kept) -> Result<Recorder<'a>, StudyError> {
    let renewed = match kept.resumes {
        true => {
            let mut plan = kept.folder.plan()?;
            if let Some(Value::Table(session)) = plan.get_mut("session") {
                here(site, session);
            }
            Some((kept.folder.spec()?.source(), plan.to_string()))
        }
        false => None,
    };
    Ok(Recorder::new(&kept.folder, &site.host, site.now, renewed))
}

/// What was heard of a run until the checkpoint that it goes on from.
fn before(kept: &Kept, rules: &Rules, arm: usize) -> Result<Heard, StudyError> {
    let step = Checkpoints::latest(&kept.folder)?.map_or(0, |last| last.step);
    let mut heard = Heard::of(rules, arm);
    for event in
        RunReader::open(&kept.folder).read_all()?.iter().filter(|event| step > 0 && event.step() <= step)
    {
        heard.hear(event, rules);
    }
    Ok(heard)
}

fn judge(
    rules: &Rules,
    outcome: Result<Outcome, TrainError>,
    stopped: Option<Stopped>,
    heard: Heard,
) -> Result<Came, StudyError> {
    let ended = |state: State, why: Option<String>| {
        let score = heard.score(rules).filter(|score| score.is_finite() && state != State::Failed);
        let also = rules.file.score.also.iter().map(|name| heard.last.get(name).copied().unwrap_or(f64::NAN));
        let (also, points) = (also.collect(), heard.points.clone());
        let (steps, secs) = (heard.step, heard.secs);
        Ok(Came::Ended(Ended { state, score, also, steps, secs, why, folder: None, points }))
    };
    match (outcome, stopped) {
        (Err(error), _) if !is_of_the_run(&error) => Err(error.into()),
        (Err(error), _) => ended(State::Failed, Some(format!("could not go on: {}", first_line(&error)))),
        (Ok(Outcome::Diverged { quantity }), _) => {
            ended(State::Failed, Some(format!("diverged: {quantity} at step {}", heard.step)))
        }
        (Ok(Outcome::Failed { reason }), _) => {
            ended(State::Failed, Some(format!("could not go on: {reason}")))
        }
        (Ok(Outcome::Interrupted), Some(Stopped::Lost)) => Ok(Came::Lost),
        (Ok(Outcome::Interrupted), Some(Stopped::Pruned(why))) => ended(State::Pruned, Some(why)),
        (Ok(Outcome::Interrupted), Some(Stopped::Asked) | None) => Ok(Came::Stopped),
        (Ok(Outcome::Done | Outcome::Interrupted), _) => match verdict(rules, &heard) {
            Some(why) => ended(State::Failed, Some(why)),
            None => ended(State::Done, None),
        },
    }
}

/// Why a run that got its whole budget has failed nevertheless.
fn verdict(rules: &Rules, heard: &Heard) -> Option<String> {
    if let Some(bound) = &rules.collapsed
        && let Some(value) = heard.last.get(&bound.reading)
        && bound.is_crossed(*value)
    {
        let (reading, sign) = (&bound.reading, if bound.below { '<' } else { '>' });
        return Some(format!("collapsed: {reading} is {value}, {sign} {}", bound.value));
    }
    let reading = &rules.file.score.reading;
    match heard.score(rules) {
        None => Some(format!("no score: {reading} was never read")),
        Some(score) if !score.is_finite() => Some(format!("no score: {reading} is {score}")),
        Some(_) => None,
    }
}

/// Is it the run that is to blame, and not the disk or the device?
fn is_of_the_run(error: &TrainError) -> bool {
    !matches!(error, TrainError::Record(_) | TrainError::Device { .. } | TrainError::StateLost)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::parse;
    use crate::runs::Point;
    use crate::study;

    fn check(at: &str, scores: &[f64], modes: f64, expected: Result<f64, &str>) {
        let text = format!(
            "name = \"a\"\nbudget = {{ steps = 5 }}\n[[arm]]\nname = \"a\"\n\
             [score]\nreading = \"x\"\nbetter = \"lower\"\nat = \"{at}\"\ncollapsed = \"modes < 2\"\n"
        );
        let file = parse(&text, "a", None).unwrap();
        let (stages, collapsed) = (study::stages(&file).unwrap(), study::collapsed(&file).unwrap());
        let rules = Rules { file, stages, collapsed, data: None };
        let mut heard = Heard::of(&rules, 0);
        heard.points.extend(scores.iter().map(|score| Point { step: 1, secs: 0.0, score: *score }));
        heard.last.insert("modes".to_owned(), modes);
        let Came::Ended(ended) = judge(&rules, Ok(Outcome::Done), None, heard).unwrap() else {
            panic!("it has ended");
        };
        match expected {
            Ok(score) => assert_eq!((ended.state, ended.score), (State::Done, Some(score))),
            Err(why) => {
                assert_eq!(ended.state, State::Failed);
                assert!(ended.why.as_deref().unwrap().contains(why), "{:?}", ended.why);
            }
        }
    }

    #[test]
    fn a_run_is_judged_by_its_score_and_its_bound() {
        check("last", &[3.0, 1.0, 2.0], 8.0, Ok(2.0));
        check("best", &[3.0, 1.0, f64::NAN], 8.0, Ok(1.0));
        check("last", &[3.0], 1.0, Err("collapsed: modes is 1, < 2"));
        check("last", &[], 8.0, Err("x was never read"));
        check("last", &[1.0, f64::NAN], 8.0, Err("x is NaN"));
    }
}

//! `--population` and `--over`: runs that differ in numbers only, made together.

mod asked;
mod ended;

use std::cell::{Cell, OnceCell};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use ganatomy_clinic::{Attend, Facts, Watch};
use ganatomy_record::{Outcome, RecordError, Recorder, RunFolder, RunReader};
use ganatomy_tensor::Cpu;
use ganatomy_train::{Entrant, Registry, Session, TrainError, available_bytes, spare_threads};

use super::begin::Beginning;
use super::plan::Planned;
use super::withdraw::missing;
use super::{Train, stop_when};
use crate::cli::failure::Failure;
use crate::cli::screen::{self, Screen};
use crate::cli::sink::{
    Draw, Front, Halt, HaltWhen, Interrupt, Preparing, Progress, Shared, Stop, Tell, Together, Waiting,
};
use crate::cli::text::counted;
use crate::cli::{places, text};
use asked::{MANIFEST, Manifest, Member, seeded, settings};
use ended::Ended;

/// A folder that a population cannot be written to.
#[derive(Debug, thiserror::Error)]
enum InTheWay {
    #[error("{} holds a population already; go on with it by --resume, replace it by --overwrite, or choose another --out", .0.display())]
    Population(PathBuf),
    #[error("{} exists and holds something else than a population; choose another --out", .0.display())]
    Other(PathBuf),
}

/// An option that is of one run.
#[derive(Debug, thiserror::Error)]
#[error("--resume {} goes on with all runs of a population from where they are; {option} is of one run, such as {}", folder.display(), folder.join("01").display())]
struct OfOne {
    folder: PathBuf,
    option: &'static str,
}

/// A population that was killed while its folders were made.
#[derive(Debug, thiserror::Error)]
#[error("{} was not begun before the population was stopped; the command that began it does so again with --overwrite", run.display())]
struct NotBegun {
    run: PathBuf,
}

/// A population that was stopped before its first step.
#[derive(Debug, thiserror::Error)]
enum Early {
    #[error("{why}; nothing of the population was kept, and the same command begins it again")]
    Anew { why: String },
    #[error("{why}; the population is as it was: go on with {resume}")]
    Again { why: String, resume: String },
}

/// A population, checked and about to be played.
struct Populace {
    folder: PathBuf,
    members: Vec<Member>,
    /// The folder of each that is to be played.
    planned_for: Vec<PathBuf>,
    /// The options of each that is to be played, and its plan.
    asked: Vec<Train>,
    planned: Vec<Planned>,
}

impl Train {
    /// Trains all runs of the population together.
    pub(super) fn populate(&self, registry: &Registry) -> Result<(), Failure> {
        let screen = Screen::new();
        stop_when::check(&self.stop_when)?;
        let mut populace = match &self.resume {
            Some(folder) => self.again_together(folder, registry, &screen)?,
            None => self.anew_together(registry, &screen)?,
        };
        if populace.planned.is_empty() {
            screen.note("every run of this population is at its end; --steps takes those further that did not diverge");
            return Ended::of(&populace.folder)?.print(self.json);
        }
        let interrupt = Interrupt::listen().map_err(Failure::run)?;
        let device = self.device.open()?;
        populace.planned.iter_mut().for_each(|planned| planned.device = device.clone());
        populace.planned[0].check_shared()?;
        let plans = populace.planned.iter().map(|planned| Arc::clone(&planned.plan)).collect();
        let leave = || self.leave(&populace.folder, &[], None);
        let together = interrupt.answer_for(&screen, leave, || {
            let _shown = Waiting::new(&screen, "compiling the step of all runs");
            ganatomy_train::Together::new(plans)
        });
        let together = together.map_err(Failure::request)?;
        populace.afford(&screen)?;
        if self.dry_run {
            return populace.print(self.json);
        }
        let (outcomes, halts) = self.play_together(&populace, together, &interrupt, &screen)?;
        Ended::of(&populace.folder)?.print(self.json)?;
        ended::judge(&populace, outcomes, &halts)
    }

    /// A new population.
    fn anew_together(&self, registry: &Registry, screen: &Screen) -> Result<Populace, Failure> {
        // The first run says what the others are beside, and which seed is the first.
        let settings = settings(self)?;
        let own = self.member(&settings[0]);
        let first = Planned::beside(&Train { seed: self.seed, ..own }, registry, screen, None)?;
        let Manifest { mut members } = Manifest::new(seeded(self, settings, first.plan.seed()));
        let (name, n) = (first.plan.name(), members.len());
        let out = || places::new_run(&format!("{name}-x{n}"), first.plan.seed(), self.overwrite);
        let folder = self.out.clone().unwrap_or_else(out);
        places::check_output(&folder)?;
        let (mut asked, mut planned) = (Vec::new(), Vec::new());
        for Member { folder: own, set } in &mut members {
            let train = Train { out: Some(folder.join(&*own)), ..self.member(set) };
            planned.push(Planned::beside(&train, registry, screen, Some(&first))?);
            asked.push(train);
        }
        let planned_for = members.iter().map(|member| folder.join(&member.folder)).collect();
        Ok(Populace { folder, members, planned_for, asked, planned })
    }

    /// The runs of a population that are not at their end.
    fn again_together(
        &self,
        folder: &Path,
        registry: &Registry,
        screen: &Screen,
    ) -> Result<Populace, Failure> {
        let options =
            [("--step", self.step.is_some()), ("--best", self.best), ("--seed", self.seed.is_some())];
        if let Some((option, _)) = options.into_iter().find(|(_, is_given)| *is_given) {
            return Err(Failure::request(OfOne { folder: folder.to_owned(), option }));
        }
        let members = Manifest::of(folder)?.map_or_else(Vec::new, |manifest| manifest.members);
        let (mut planned_for, mut asked, mut planned) = (Vec::new(), Vec::new(), Vec::<Planned>::new());
        for Member { folder: own, .. } in &members {
            let run = folder.join(own);
            let train = Train { resume: Some(run.clone()), ..self.member(&[]) };
            let opened =
                RunFolder::open(&run).map_err(|_| Failure::request(NotBegun { run: run.clone() }))?;
            let summary = RunReader::open(&opened).summary();
            if summary.as_ref().is_ok_and(|summary| summary.outcome == "diverged") {
                continue;
            }
            let next = Planned::beside(&train, registry, screen, planned.first())?;
            let is_done =
                summary.is_ok_and(|summary| summary.outcome == "done" && summary.steps >= next.plan.steps());
            if !is_done {
                planned_for.push(run);
                asked.push(train);
                planned.push(next);
            }
        }
        Ok(Populace { folder: folder.to_owned(), members, planned_for, asked, planned })
    }

    fn play_together(
        &self,
        populace: &Populace,
        together: ganatomy_train::Together,
        interrupt: &Interrupt,
        screen: &Screen,
    ) -> Result<Played, Failure> {
        let Populace { folder, planned, .. } = populace;
        let (first, n) = (&planned[0], planned.len());
        let made = populace.make_folder(self)?;
        let beginnings = populace.begin_all(made.as_ref())?;
        let halts: Vec<OnceCell<Halt>> = (0..n).map(|_| OnceCell::new()).collect();
        let headline = format!("{}, {}", counted(n as u64, "run"), first.headline(folder));
        let front = Shared::new(Progress::new(screen, first.plan.steps(), headline), n);
        let (begun, asked_at) = (OnceLock::new(), Cell::new(None));
        let stage = Stage {
            names: &self.stop_when,
            interrupt,
            screen,
            asked_at: &asked_at,
            front: &front,
            session: first_session(first, begun, interrupt, screen),
        };
        let (mut sinks, mut sessions) = (Vec::with_capacity(n), Vec::with_capacity(n));
        for (at, ((beginning, planned), halt)) in beginnings.iter().zip(planned).zip(&halts).enumerate() {
            sinks.push(stage.sink(at, beginning, planned, halt)?);
            sessions.push(stage.session(beginning, planned));
        }
        let cpu = Arc::clone(&stage.session.cpu);
        let entrants = sessions.into_iter().zip(&mut sinks);
        let entrants = entrants.map(|(session, sink)| Entrant { session, sink }).collect();
        let device = first.device();
        let leave = || self.leave(folder, &beginnings, made.as_ref());
        let result =
            interrupt.answer_for(screen, leave, || together.train(entrants, &cpu, device.as_deref()));
        let made_steps = sinks.iter().any(Together::have_seen_a_step);
        drop(sinks);
        match result {
            Ok(outcomes) => Ok((outcomes, halts.into_iter().map(OnceCell::into_inner).collect())),
            Err(error) if made_steps => Err(ended::broken(folder, error)),
            Err(error) => {
                withdraw(&beginnings, made.as_ref());
                match error.is_stop() {
                    true => Err(self.early(folder, error.to_string())),
                    false => Err(Failure::request(error)),
                }
            }
        }
    }
}

/// How each run ended, and what stopped it if the clinic did.
type Played = (Vec<Result<Outcome, TrainError>>, Vec<Option<Halt>>);

/// What all runs of a population share while they are played.
struct Stage<'a, 's> {
    names: &'a [String],
    interrupt: &'a Interrupt,
    screen: &'a Screen,
    asked_at: &'a Cell<Option<u64>>,
    front: &'a Shared<'s>,
    session: Session,
}

/// The session of the first run, but for its folder.
fn first_session(
    first: &Planned,
    begun: OnceLock<Instant>,
    interrupt: &Interrupt,
    screen: &Screen,
) -> Session {
    let spare = Some(spare_threads(first.threads)).filter(|n| *n > 0);
    Session {
        device: first.device(),
        beside: spare.map(|n| Arc::new(Cpu::new(n))),
        // Starts when it is first asked, as that of a single run.
        clock: Arc::new(move || begun.get_or_init(Instant::now).elapsed().as_secs_f64()),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        host: first.host.clone(),
        cache_dir: places::cache(),
        progress: Arc::new(Preparing::new(screen, Some(interrupt))),
        ..Session::in_memory(Cpu::new(first.threads))
    }
}

impl<'a> Stage<'a, '_> {
    /// Who hears a run.
    fn sink(
        &self,
        at: usize,
        beginning: &'a Beginning,
        planned: &'a Planned,
        halt: &'a OnceCell<Halt>,
    ) -> Result<Together<'a>, Failure> {
        let (folder, screen) = (&beginning.folder, self.screen);
        let record = Recorder::new(folder, &planned.host, screen::now, beginning.renewed.clone());
        let watch = Watch::of(folder, Facts::of_plan(&planned.table())).map_err(Failure::request)?;
        let name = folder.path().file_name().map(|name| name.to_string_lossy().into_owned());
        let when = HaltWhen { names: self.names, ill_for: None };
        let tell = Tell::new(screen, when, halt).of(name.unwrap_or_default());
        let attend = Attend::new(record, watch, move |step, changes, watch| tell.hear(step, changes, watch));
        Ok(Together::new(vec![
            Box::new(Draw::new(attend, folder, screen)),
            Box::new(Front::new(self.front, at)),
            Box::new(Stop::new(self.interrupt, screen).together(self.asked_at)),
        ]))
    }

    fn session(&self, beginning: &Beginning, planned: &Planned) -> Session {
        Session {
            folder: Some(beginning.folder.clone()),
            resume: beginning.renewed.is_some(),
            which: beginning.which,
            parent: planned.parent.as_ref().map(|parent| parent.file.clone()),
            ..self.session.clone()
        }
    }
}

/// The folders that were made for a population, innermost first, and the population's own.
type Made = (PathBuf, Vec<PathBuf>);

/// Leaves nothing of a population that never made a step.
fn withdraw(beginnings: &[Beginning], made: Option<&Made>) {
    beginnings.iter().for_each(Beginning::withdraw);
    if let Some((folder, made)) = made {
        let _ = std::fs::remove_file(folder.join(MANIFEST));
        made.iter().for_each(|empty| drop(std::fs::remove_dir(empty)));
    }
}

impl Train {
    /// Ends the process while nothing asks whether to stop. Nothing has been kept then.
    fn leave(&self, folder: &Path, beginnings: &[Beginning], made: Option<&Made>) {
        withdraw(beginnings, made);
        self.early(folder, "interrupted before the first step".to_owned()).report();
        std::process::exit(1);
    }

    /// The failure of a population that was stopped before its first step.
    fn early(&self, folder: &Path, why: String) -> Failure {
        Failure::run(match self.resume {
            None => Early::Anew { why },
            Some(_) => Early::Again { why, resume: ended::resume(folder) },
        })
    }
}

impl Populace {
    /// Makes the folder of every run, or opens it; where one cannot be, takes all back.
    fn begin_all(&self, made: Option<&Made>) -> Result<Vec<Beginning>, Failure> {
        let mut beginnings: Vec<Beginning> = Vec::with_capacity(self.planned.len());
        for (train, planned) in self.asked.iter().zip(&self.planned) {
            match Beginning::new(train, planned) {
                Ok(beginning) => beginnings.push(beginning),
                Err(failure) => {
                    withdraw(&beginnings, made);
                    return Err(failure);
                }
            }
        }
        Ok(beginnings)
    }

    /// Makes the population's folder, and says which folders were made for it; nothing where it goes on, or takes the place of another.
    fn make_folder(&self, train: &Train) -> Result<Option<Made>, Failure> {
        if train.resume.is_some() {
            return Ok(None);
        }
        let (folder, made) = (&self.folder, missing(&self.folder));
        let old = Manifest::of(folder)?;
        let is_used = std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some());
        match &old {
            Some(_) if !train.overwrite => {
                return Err(Failure::request(InTheWay::Population(folder.clone())));
            }
            Some(old) => self.clear(old)?,
            None if is_used => return Err(Failure::request(InTheWay::Other(folder.clone()))),
            None => {}
        }
        std::fs::create_dir_all(folder).map_err(Failure::request)?;
        Manifest { members: self.members.clone() }.write(folder)?;
        // What another population left is not taken back.
        Ok(old.is_none().then(|| (folder.clone(), made)))
    }

    /// Removes the runs of an earlier population that this one has no place for, unless one of its runs is being written.
    fn clear(&self, old: &Manifest) -> Result<(), Failure> {
        let runs = old.members.iter().map(|member| self.folder.join(&member.folder));
        let runs: Vec<RunFolder> = runs.filter_map(|run| RunFolder::open(&run).ok()).collect();
        if let Some(busy) = runs.iter().find(|run| run.is_written()) {
            return Err(Failure::request(RecordError::InUse { path: busy.path().to_owned() }));
        }
        let has_place = |run: &RunFolder| self.members.iter().any(|own| run.path().ends_with(&own.folder));
        runs.iter()
            .filter(|run| !has_place(run))
            .try_for_each(|run| std::fs::remove_dir_all(run.path()).map_err(Failure::run))
    }

    /// Refuses a population that takes more memory than there is.
    fn afford(&self, screen: &Screen) -> Result<(), Failure> {
        let n = self.planned.len() as u64;
        let (total, free) = (self.planned[0].need(screen)?.together(n), available_bytes());
        match free.filter(|free| total > *free) {
            Some(free) => Err(Failure::request(ended::Unaffordable { n, total, free })),
            None => Ok(()),
        }
    }

    /// Says which runs there would be, for `--dry-run`.
    fn print(&self, as_json: bool) -> Result<(), Failure> {
        let members: Vec<&Member> = self.members.iter().collect();
        if as_json {
            let plan = self.planned[0].table();
            return screen::print_json(&serde_json::json!({
                "population": self.folder, "members": members, "plan": plan
            }));
        }
        let rows: Vec<Vec<String>> =
            members.iter().map(|member| vec![member.folder.clone(), member.set.join(" ")]).collect();
        let n = counted(self.members.len() as u64, "run");
        screen::print(&format!(
            "{n} together, into {}\n{}",
            self.folder.display(),
            text::table(&rows, "  ", 2)
        ))
    }
}

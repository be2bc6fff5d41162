//! `ganatomy treat`: tries the remedies of a sick run on forks of it, beside an untreated one, and says which helped.

mod arms;
mod conclude;
mod folder;
mod patient;

use std::error::Error;
use std::path::{Path, PathBuf};

use clap::Args;
use ganatomy_study::answer::Answer;
use ganatomy_study::store::StoredCurves;
use ganatomy_study::{Expanded, Ground, Results, Study};
use ganatomy_train::Registry;
use serde_json::json;

use super::failure::Failure;
use super::mend::Mend;
use super::places;
use super::screen::{self, Screen};
use super::sink::{Interrupt, Waiting};
use super::study::{self, failed};
use super::text::{self, at_least_one, counted, whole, whole_number};
use super::threads::threads;
use arms::{Arm, Untried, arms};
use conclude::Conclusion;
pub(super) use conclude::GoOn;
use folder::{Asked, Folder};
use patient::{Patient, Untreatable};

/// Try what may mend a sick run: fork it before its illness into remedies and an untreated control, at equal budget, and compare.
#[derive(Debug, Default, Args)]
#[command(after_help = "Example:\n  ganatomy treat runs/ring-0 --seeds 5\n\n\
    The treated run is only read. The forks begin at its last checkpoint before the onset of the first of its verdicts (what cannot be forked \
    begins anew, and is marked so), go side by side, one a processor, and are compared by the score that the run's checkpoints are \
    compared by. Ctrl-C stores a checkpoint of each; the same command goes on. A run of which nothing wrong is seen is not treated: \
    exit code 0.")]
pub(super) struct Treat {
    /// The run folder.
    run: PathBuf,
    /// The step of the checkpoint to fork at; 0 to begin anew [default: the last before the first onset].
    #[arg(long, value_name = "STEP", allow_negative_numbers = true, value_parser = whole_number)]
    from: Option<u64>,
    /// What to try: names of remedies (`ganatomy explain VERDICT`), of methods, or KEY=VALUE [default: those of the verdicts].
    #[arg(long, value_name = "A,B,..", value_delimiter = ',')]
    remedies: Vec<String>,
    /// The most single remedies of the verdicts to try; one more arm has two of them together, and one begins anew [default: 3].
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = at_least_one)]
    most: Option<u64>,
    /// Steps of every fork [default: half of the run's, or as many as bring the untreated fork past the onset of the gravest verdict].
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = at_least_one)]
    budget_steps: Option<u64>,
    /// Seeds of every arm, from the run's own on; fewer than 5 can tell nothing apart [default: 5].
    #[arg(long, value_name = "K", allow_negative_numbers = true, value_parser = at_least_one)]
    seeds: Option<u64>,
    /// The reading to compare by [default: that by which the run's checkpoints are compared].
    #[arg(long, value_name = "READING")]
    by: Option<String>,
    /// The treatment's folder [default: that of the run with -treat behind its name].
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The folder of the data [default: the run's].
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Check everything, say what would be tried and how long it would take, and do nothing.
    #[arg(long)]
    dry_run: bool,
    /// Print JSON at the end: {"run", "verdict", "from", "arms": [{"name", "change", "anew", "median", "p", ..}], "winner", "conclusion", "resume", ..}.
    #[arg(long)]
    json: bool,
    #[arg(skip)]
    within: Option<Within>,
}

/// A treatment that a training asks for: it need not say much, and is gone on with by the training's own command.
#[derive(Clone, Debug)]
pub(super) struct Within {
    /// The least steps of a fork, as a share of the run's.
    pub(super) share: f64,
    /// Forks that go on side by side.
    pub(super) workers: usize,
    /// What to type to go on with it.
    pub(super) command: String,
}

#[derive(Debug, thiserror::Error)]
#[error("the treatment was interrupted; go on with the same command: {command}")]
struct Interrupted {
    command: String,
}

/// Single remedies that are tried, unless it is asked for more.
const SINGLE: u64 = 3;
/// Seeds of an arm, unless it is asked for others.
const SEEDS: u64 = 5;
/// More are a slip of the pen.
const MOST_SEEDS: u64 = 1000;
/// Steps of a fork are at least this share of the run's.
const SHARE: f64 = 0.5;

/// A treatment that can begin, or go on.
struct Ready {
    folder: Folder,
    expanded: Expanded,
    data: Option<PathBuf>,
}

impl Treat {
    /// The treatment of a run that is being trained. It is in `RUN-treat`.
    pub(super) fn within(run: &Path, within: Within) -> Treat {
        Treat { run: run.to_owned(), seeds: Some(1), within: Some(within), ..Treat::default() }
    }

    /// Was the treatment of a run begun, in `RUN-treat`?
    pub(super) fn has_begun(run: &Path) -> bool {
        Folder::is_begun(&beside(run, "treat"), run)
    }

    /// Has the treatment of a run, in `RUN-treat`, ended with nothing better than the run itself?
    pub(super) fn came_to_nothing(run: &Path) -> bool {
        Folder::came_to_nothing(&beside(run, "treat"), run)
    }

    /// Is it why a treatment has failed that it was stopped?
    pub(super) fn was_interrupted(error: &(dyn std::error::Error + 'static)) -> bool {
        error.is::<Interrupted>()
    }

    pub(super) fn run(&self, registry: &Registry) -> Result<(), Failure> {
        let screen = Screen::new();
        let patient = Patient::read(&self.run)?;
        let Some(ready) = self.ready(&patient, registry, &screen)? else {
            return self.is_well(&patient);
        };
        if self.dry_run {
            let costs = study::costs(&ready.expanded, registry, ready.data.as_deref(), &screen)?;
            return study::print(&ready.expanded, &costs, threads(None) as u64, self.json);
        }
        let (answer, conclusion) = self.carry_out(&ready, &patient, &screen)?;
        match self.json {
            true => screen::print_json(&conclusion.told(&patient, &answer, ready.folder.path())),
            false => screen::print(&conclusion.to_text(&answer, ready.folder.path())),
        }
    }

    /// Tries what may help; answers what came of it, and how to go on where something did better than going on untreated.
    /// Nothing, or why, where nothing can be tried.
    pub(super) fn best(
        &self,
        registry: &Registry,
        interrupt: &Interrupt,
        screen: &Screen,
    ) -> Result<Result<(String, Option<GoOn>), String>, Failure> {
        let patient = Patient::read(&self.run)?;
        let ready = match self.ready(&patient, registry, screen) {
            Ok(Some(ready)) => ready,
            Ok(None) => return Ok(Err("nothing wrong is seen any more".to_owned())),
            Err(Failure::Request(error)) if is_untreatable(error.as_ref()) => {
                return Ok(Err(error.to_string()));
            }
            Err(failure) => return Err(failure),
        };
        if interrupt.was_asked() {
            return Err(self.interrupted());
        }
        let (_, conclusion) = self.carry_out(&ready, &patient, screen)?;
        Ok(Ok((conclusion.sentence.en, conclusion.go_on)))
    }

    /// The failure of a treatment that was stopped.
    pub(super) fn interrupted(&self) -> Failure {
        let same = || text::command(&["treat", &self.run.display().to_string(), "..."]);
        let command = self.within.as_ref().map_or_else(same, |within| within.command.clone());
        Failure::run(Interrupted { command })
    }

    /// Plans every arm; nothing where the run is well and nothing is asked for.
    fn ready(
        &self,
        patient: &Patient,
        registry: &Registry,
        screen: &Screen,
    ) -> Result<Option<Ready>, Failure> {
        let folder = Folder::new(self.out.clone().unwrap_or_else(|| beside(&self.run, "treat")), &self.run)?;
        let file = match folder.begun(&self.asked())? {
            Some(file) => file,
            None => match self.study(patient, registry)? {
                Some(file) => file,
                None => return Ok(None),
            },
        };
        let study = Study::new(folder.written(file, patient)).map_err(failed)?;
        let data = self.data(patient);
        let ground = Ground { registry, data: data.clone(), cache: places::cache() };
        let _shown = Waiting::new(screen, "planning every arm");
        let mut expanded = Expanded::new(study, &ground).map_err(failed)?;
        if let Some(doubled) = arms::doubled(&expanded.study.arms) {
            let mut file = expanded.study.file.clone();
            file.arms.remove(doubled);
            let study = Study::new(folder.written(file, patient)).map_err(failed)?;
            expanded = Expanded::new(study, &ground).map_err(failed)?;
        }
        Ok(Some(Ready { folder, expanded, data }))
    }

    fn carry_out(
        &self,
        ready: &Ready,
        patient: &Patient,
        screen: &Screen,
    ) -> Result<(Answer, Conclusion), Failure> {
        let Ready { folder, expanded, data } = ready;
        folder.begin(&expanded.study.file, &self.asked(), patient)?;
        self.say(expanded, patient, screen);
        let workers = self.within.as_ref().map_or_else(|| threads(None), |within| within.workers);
        let (mut store, ended) = study::carry_out(expanded, folder.path(), data.as_deref(), workers, screen)?;
        let results = Results::read(&mut store).map_err(failed)?;
        let mut answer = Answer::of(&results, &StoredCurves::new(store)).map_err(Failure::request)?;
        let conclusion = Conclusion::of(&answer, patient, folder.path(), &expanded.study.file);
        answer.conclusion = conclusion.paragraph();
        let command = text::command(&["treat", &self.run.display().to_string()]);
        study::write(&answer, &results, folder.path(), command)?;
        if !ended {
            return Err(self.interrupted());
        }
        folder.keep(&conclusion)?;
        Ok((answer, conclusion))
    }

    /// What is asked of a treatment, by which it is told from another.
    fn asked(&self) -> Asked {
        Asked {
            from: self.from,
            remedies: self.remedies.clone(),
            budget_steps: self.budget_steps,
            seeds: self.seeds,
            by: self.by.clone(),
            most: self.most,
        }
    }

    /// The folder of the run's data.
    fn data(&self, patient: &Patient) -> Option<PathBuf> {
        let before = patient
            .plan
            .get("session")
            .and_then(|session| Some(PathBuf::from(session.get("data")?.as_str()?)));
        let kind = patient.plan.get("data").and_then(|data| data.get("kind")?.as_str());
        places::data(self.data.as_deref(), before, kind)
    }

    /// The study that tries what may help; nothing where the run is well and nothing is asked for.
    fn study(
        &self,
        patient: &Patient,
        registry: &Registry,
    ) -> Result<Option<ganatomy_study::file::StudyFile>, Failure> {
        if self.remedies.is_empty() && !patient.found.is_sick() {
            return Ok(None);
        }
        let mend = Mend::new(&patient.folder, patient.chart.outcome(), registry);
        let from = patient.from(self.from, &mend)?;
        let arms: Vec<Arm> = match self.remedies.is_empty() {
            true => arms::suggested(patient, &mend, self.most.unwrap_or(SINGLE), from.is_some())?,
            false => arms(&self.remedies, patient, &mend)?,
        };
        let score = patient.score(self.by.as_deref())?;
        let budget = self.budget_steps.unwrap_or_else(|| {
            patient.budget(from, self.within.as_ref().map_or(SHARE, |within| within.share))
        });
        let seeds = self.seeds.unwrap_or(SEEDS);
        if seeds > MOST_SEEDS {
            return Err(Failure::request(format!("--seeds must be from 1 to {MOST_SEEDS}, found {seeds}")));
        }
        Ok(Some(folder::study(patient, from, &arms, score, budget, seeds)))
    }

    /// Says that nothing wrong is seen.
    fn is_well(&self, patient: &Patient) -> Result<(), Failure> {
        let name = patient.found.verdicts.first().map_or("too-early", |finding| finding.name);
        let run = self.run.display();
        let conclusion = format!(
            "{run} is {name} at step {}: nothing wrong is seen, and nothing was tried; --remedies tries some nevertheless",
            whole(patient.chart.step())
        );
        match self.json {
            true => screen::print_json(
                &json!({ "run": self.run, "verdict": name, "arms": [], "winner": null, "conclusion": conclusion }),
            ),
            false => screen::print(&format!("{conclusion}\n")),
        }
    }

    /// What is about to happen, in a line.
    fn say(&self, expanded: &Expanded, patient: &Patient, screen: &Screen) {
        let study = &expanded.study;
        let forks = study.arms.iter().filter_map(|arm| arm.fork.as_ref());
        let from = match forks.clone().find(|fork| !fork.anew) {
            Some(fork) => format!("forked after step {}", whole(fork.step)),
            None => "begun anew, since there is no checkpoint before its illness".to_owned(),
        };
        let sick = patient.gravest().map_or_else(String::new, |finding| format!(" ({})", finding.name));
        screen.line(&format!(
            "treating {}{sick}: {}, {from}, each of {}",
            self.run.display(),
            counted(study.arms.len() as u64, "arm"),
            study.file.budget
        ));
        let anew: Vec<&str> = study
            .arms
            .iter()
            .filter(|arm| arm.fork.as_ref().is_some_and(|fork| fork.anew))
            .map(|arm| arm.name.as_str())
            .collect();
        if !anew.is_empty() {
            screen.note(&format!(
                "begun at the first step, as their names say or since a network has another size there: {}",
                anew.join(", ")
            ));
        }
    }
}

/// Can nothing be tried on this run, though there is nothing wrong with what is asked for?
fn is_untreatable(error: &(dyn Error + 'static)) -> bool {
    matches!(error.downcast_ref(), Some(Untried::Nothing { .. }))
        || matches!(error.downcast_ref(), Some(Untreatable::Unscored { .. }))
}

/// `runs/ring-0-treat`.
pub(super) fn beside(run: &Path, what: &str) -> PathBuf {
    let path = std::path::absolute(run).unwrap_or_else(|_| run.to_owned());
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let beside = format!("{name}-{what}");
    // A run that is named by its own folder lies beside what is not in it.
    if run.file_name().is_some() { run.with_file_name(beside) } else { path.with_file_name(beside) }
}

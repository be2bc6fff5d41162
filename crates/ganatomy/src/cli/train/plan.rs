//! The plan of a run, checked before anything is written.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::builder::styling::Style;
use ganatomy_data::DataContext;
use ganatomy_record::{Dropped, RunFolder, RunSpec};
use ganatomy_tensor::{ByteCount, Cpu, Device};
use ganatomy_train::{Need, Pace, Part, Plan, Registry, Session, Training, available_bytes};
use ganatomy_xla::Xla;
use serde_json::json;

use super::annotate::annotated;
use super::fork::Parent;
use super::{Train, continuation, source, treated, vectors};
use crate::cli::device::recorded;
use crate::cli::failure::Failure;
use crate::cli::import::own;
use crate::cli::screen::{self, Screen};
use crate::cli::sink::{Interrupt, Preparing, Waiting};
use crate::cli::text::{brief, counted, secs, styled, table, whole};
use crate::cli::{HEADING, places, spec};

/// The table of `plan.toml` about the machine and the session, not about the run: a resume may change it.
pub(super) const SESSION: &str = "session";

/// The table of `plan.toml` about where the run comes from: what the spec lost on the way, and of a fork its parent.
pub(super) const ORIGIN: &str = "origin";

/// How long steps are timed for.
const TIMED: Duration = Duration::from_secs(3);

/// A checked plan and what it was made of.
pub(super) struct Planned {
    pub(super) spec: RunSpec,
    pub(super) plan: Arc<Plan>,
    pub(super) threads: usize,
    pub(super) host: String,
    /// Where the steps are made, if not on this processor.
    pub(super) device: Option<Arc<Xla>>,
    data: Option<PathBuf>,
    /// What the spec wrote for kinds that were changed over it.
    dropped: Vec<Dropped>,
    /// The checkpoint that the run begins at, if it is a fork.
    pub(super) parent: Option<Parent>,
}

impl Planned {
    /// Makes every check that can be made before the first step.
    pub(super) fn new(train: &Train, registry: &Registry, screen: &Screen) -> Result<Planned, Failure> {
        Planned::beside(train, registry, screen, None)
    }

    /// As [`Planned::new`], of a run on the data of another, of which all that is remarkable has been said.
    pub(super) fn beside(
        train: &Train,
        registry: &Registry,
        screen: &Screen,
        first: Option<&Planned>,
    ) -> Result<Planned, Failure> {
        let before = train.resume.as_deref().map(own).transpose()?;
        let mut parent = train.from.as_deref().map(Parent::asked).transpose()?;
        let mut spec = match (&before, &parent) {
            (Some(folder), _) => continuation::pinned(train, folder)?,
            (None, Some(parent)) => parent.spec(train)?,
            (None, None) => new_spec(train)?,
        };
        let known = before.as_ref().or(parent.as_ref().map(|parent| &parent.folder));
        let known = known.map(RunFolder::plan).transpose().map_err(Failure::request)?;
        let kind = spec::data_kind(&spec);
        // A fork that learns other data has no use for its parent's folder.
        let same = |plan: &&toml::Table| {
            plan.get("data").and_then(|data| data.get("kind")?.as_str()) == kind.as_deref()
        };
        let old = known.as_ref().filter(same).cloned().unwrap_or_default();
        let data = places::data(train.data.as_deref(), source::data_of(&old), kind.as_deref());
        source::check_moved(&old, data.as_deref())?;
        let threads = train.threads();
        let progress = Preparing::new(screen, None);
        let context =
            DataContext { data_dir: data.clone(), cache_dir: places::cache(), threads, progress: &progress };
        let plan = match first {
            Some(first) => first.plan.beside(&spec, registry),
            None => Plan::with_registry(&spec, &context, registry),
        };
        let plan = plan.map_err(Failure::request)?;
        source::check_read(train.data.as_deref(), &plan.resolved().table)?;
        let plan = Arc::new(plan);
        if let (Some(folder), None) = (&before, first) {
            vectors::remark(folder, screen);
        }
        spec.discard(&plan.resolved().dropped);
        let dropped = spec.dropped();
        if let Some(Parent { file, .. }) = &parent
            && plan.steps() <= file.step
        {
            let (parent, made) = (parent.as_ref().map_or(String::new(), Parent::name), file.step);
            return Err(Failure::request(continuation::Misfit::Over { parent, made, steps: plan.steps() }));
        }
        if let (Some(folder), Some(plan)) = (&before, &known) {
            parent = Parent::recorded(folder, plan)?;
        }
        let host = gethostname::gethostname().to_string_lossy().into_owned();
        let planned = Planned { spec, plan, threads, host, device: None, data, dropped, parent };
        if first.is_none() {
            planned.say(train, known.as_ref(), screen);
        }
        Ok(planned)
    }

    /// Says what the plan has lost on the way, and which schedules it moves.
    fn say(&self, train: &Train, before: Option<&toml::Table>, screen: &Screen) {
        if !self.dropped.is_empty() {
            let dropped = listed(&self.dropped);
            screen.note(&format!("left out, as it belonged to what was replaced: {dropped}"));
        }
        let (Some(before), now) = (before, self.plan.rules().schedule_steps) else {
            return;
        };
        let old = continuation::schedule_steps(before);
        if self.plan.has_schedules() && old != now && !train.keep_schedule {
            let (now, old) = (whole(now), whole(old));
            screen.note(&format!(
                "the learning rates' schedules now end at step {now} instead of {old}; --keep-schedule keeps their end"
            ));
        }
    }

    /// The text of `plan.toml`: every default filled in, and the session.
    pub(super) fn table(&self) -> toml::Table {
        let mut session = toml::Table::new();
        session.insert("version".to_owned(), env!("CARGO_PKG_VERSION").into());
        session.insert("host".to_owned(), self.host.clone().into());
        session.insert("threads".to_owned(), (self.threads as i64).into());
        session.insert(vectors::KEY.to_owned(), vectors::name().into());
        if let Some(device) = &self.device {
            session.insert("device".to_owned(), recorded(device).into());
        }
        // A resume finds the data again from any folder.
        let absolute = self.data.as_ref().and_then(|data| std::path::absolute(data).ok());
        if let Some(data) = absolute.as_ref().and_then(|data| data.to_str()) {
            session.insert("data".to_owned(), data.into());
        }
        let mut table = self.plan.resolved().table.clone();
        table.insert(SESSION.to_owned(), session.into());
        table.insert(ORIGIN.to_owned(), self.origin().into());
        table
    }

    /// Refuses a batch that the devices cannot share.
    pub(super) fn check_shared(&self) -> Result<(), Failure> {
        let n_devices = self.device().map_or(1, |device| device.n_devices());
        self.plan.check_shared(n_devices).map_err(Failure::request)
    }

    /// Where the steps are made, for the session.
    pub(super) fn device(&self) -> Option<Arc<dyn Device>> {
        self.device.clone().map(|device| device as Arc<dyn Device>)
    }

    /// Where the run comes from.
    fn origin(&self) -> toml::Table {
        let mut origin = toml::Table::new();
        let written: toml::Table = self.spec.source().parse().unwrap_or_default();
        origin.insert(continuation::SPEC.to_owned(), continuation::spec_sum(&written).into());
        if let Some(parent) = &self.parent {
            parent.record(&mut origin);
        }
        if !self.dropped.is_empty() {
            let dropped: Vec<String> = self.dropped.iter().map(Dropped::to_string).collect();
            origin.insert("dropped".to_owned(), dropped.into());
        }
        origin
    }

    /// What is about to happen, in one line.
    pub(super) fn headline(&self, folder: &Path) -> String {
        let (name, steps) = (self.plan.name(), counted(self.plan.steps(), "step"));
        let threads = counted(self.threads as u64, "thread");
        format!(
            "training {}: {steps}, batch {}, seed {}, {threads}, into {}",
            styled(Style::new().bold(), name),
            self.plan.batch(),
            self.plan.seed(),
            folder.display()
        )
    }

    /// What the run takes in memory. The step's program is compiled for it, which may take a while.
    pub(super) fn need(&self, screen: &Screen) -> Result<Need, Failure> {
        let _shown = Waiting::new(screen, "compiling the step");
        let cpu = Cpu::new(self.threads);
        self.plan.need(&cpu, &places::cache()).map_err(Failure::request)
    }

    /// How long the run will take from where it goes on, from some steps of the same in memory.
    pub(super) fn pace(
        &self,
        train: &Train,
        screen: &Screen,
        interrupt: &Interrupt,
    ) -> Result<Pace, Failure> {
        let own = |run: &Path| Some(train.which().of(&RunFolder::open(run).ok()?).ok()?.step);
        let first = match (&train.resume, &self.parent) {
            (Some(run), _) => own(run).unwrap_or(0),
            (None, parent) => parent.as_ref().map_or(0, |parent| parent.file.step),
        };
        let session = Session {
            device: self.device(),
            cache_dir: places::cache(),
            progress: Arc::new(Preparing::new(screen, Some(interrupt))),
            ..Session::in_memory(Cpu::new(self.threads))
        };
        let _shown = Waiting::new(screen, "timing some steps");
        let mut run = Training::new(Arc::clone(&self.plan), session).map_err(Failure::request)?;
        run.pace(first, TIMED).map_err(Failure::run)
    }

    /// Prints the plan, for `--dry-run`.
    pub(super) fn print(&self, need: &Need, pace: Option<&Pace>, as_json: bool) -> Result<(), Failure> {
        let mut described = self.plan.describe();
        described.extend(self.parent.as_ref().map(|parent| ("begins at".to_owned(), parent.name())));
        if !self.dropped.is_empty() {
            described.push(("left out".to_owned(), listed(&self.dropped)));
        }
        let free = available_bytes();
        if as_json {
            let described: serde_json::Map<_, _> =
                described.into_iter().map(|(label, text)| (label, text.into())).collect();
            let parts: serde_json::Map<_, _> =
                need.parts.iter().map(|part| (part.name.clone(), part.bytes.into())).collect();
            let memory = json!({ "bytes": need.total(), "available_bytes": free, "parts": parts });
            let time = pace.map(|pace| {
                json!({ "secs": pace.total_secs, "step_secs": pace.step_secs, "timed_steps": pace.n_steps,
                        "probes_secs": pace.probes_secs, "diverged": pace.broken })
            });
            return screen::print_json(
                &json!({ "describe": described, "memory": memory, "time": time, "plan": self.table() }),
            );
        }
        described.extend(memory(need, free));
        described.extend(pace.into_iter().flat_map(time));
        let rows: Vec<Vec<String>> =
            described.into_iter().map(|(label, text)| vec![label, screen::shown(&text)]).collect();
        let heading = styled(HEADING, "plan");
        let plan = annotated(&self.table().to_string(), &self.plan.resolved().fields);
        screen::print(&format!("{heading}\n{}\n{plan}", table(&rows, "  ", 2)))
    }
}

/// What is needed in memory, for people: label and text.
fn memory(need: &Need, free: Option<u64>) -> Vec<(String, String)> {
    let free = free.map_or_else(String::new, |free| format!(" of {} that are free", ByteCount(free)));
    let all = ("memory".to_owned(), format!("about {}{free}", ByteCount(need.total())));
    let part = |part: &Part| (String::new(), part.to_string());
    std::iter::once(all).chain(need.parts.iter().map(part)).collect()
}

/// What the run takes in time, for people: label and text.
fn time(pace: &Pace) -> Vec<(String, String)> {
    let all = format!("about {}, and what pictures, checkpoints and preparing take", secs(pace.total_secs));
    let (ms, timed) = (brief(pace.step_secs * 1e3), counted(pace.n_steps, "step"));
    let step = format!("{ms} ms for a step, the mean of {timed}");
    let probes = format!("{} for probes and scores", secs(pace.probes_secs));
    let broken = pace.broken.as_ref().map(|name| format!("diverged meanwhile: {name} is no longer finite"));
    let rows = [Some(step), Some(probes), broken].into_iter().flatten().map(|text| (String::new(), text));
    std::iter::once(("time".to_owned(), all)).chain(rows).collect()
}

/// The spec of a new run: a recipe or file, the methods laid over it, and the assignments over those.
fn new_spec(train: &Train) -> Result<RunSpec, Failure> {
    let mut spec = spec::compose(train.spec.as_deref().unwrap_or(spec::DEFAULT_RECIPE), &train.with)?;
    let table: toml::Table = spec.source().parse().unwrap_or_default();
    let keeps = table.get("checkpoint").and_then(|checkpoint| checkpoint.get("keep_last")).is_some();
    if train.treat && !keeps {
        spec.set(&format!("checkpoint.keep_last={}", treated::N_KEPT)).map_err(Failure::request)?;
    }
    spec::apply(&mut spec, &train.assignments()).map_err(Failure::request)?;
    Ok(spec)
}

/// What was left out, in one line.
fn listed(dropped: &[Dropped]) -> String {
    dropped.iter().map(Dropped::to_string).collect::<Vec<_>>().join(", ")
}

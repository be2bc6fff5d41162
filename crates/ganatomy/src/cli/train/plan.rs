//! The plan of a run, checked before anything is written.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::builder::styling::Style;
use ganatomy_data::DataContext;
use ganatomy_record::{RunFolder, RunSpec};
use ganatomy_tensor::{ByteCount, Cpu};
use ganatomy_train::{Need, Part, Plan, Registry, available_bytes};
use serde_json::json;

use super::annotate::annotated;
use super::{Train, continuation};
use crate::cli::failure::Failure;
use crate::cli::screen::{self, Screen};
use crate::cli::sink::{Preparing, Waiting};
use crate::cli::text::{counted, styled, table};
use crate::cli::{HEADING, places, spec};

/// The table of `plan.toml` about the machine and the session, not about the run: a resume may change it.
pub(super) const SESSION: &str = "session";

/// A checked plan and what it was made of.
pub(super) struct Planned {
    pub(super) spec: RunSpec,
    pub(super) plan: Arc<Plan>,
    pub(super) threads: usize,
    pub(super) host: String,
    data: Option<PathBuf>,
}

impl Planned {
    /// Makes every check that can be made before the first step.
    pub(super) fn new(train: &Train, registry: &Registry, screen: &Screen) -> Result<Planned, Failure> {
        let before = train.resume.as_deref().map(RunFolder::open).transpose().map_err(Failure::request)?;
        let spec = match &before {
            Some(folder) => continuation::pinned(train, folder)?,
            None => new_spec(train)?,
        };
        let known = before.as_ref().and_then(|folder| data_of(&folder.plan().ok()?));
        let data = places::data(train.data.as_deref(), known, spec::data_kind(&spec).as_deref());
        let threads = train.threads();
        let progress = Preparing::new(screen, None);
        let context =
            DataContext { data_dir: data.clone(), cache_dir: places::cache(), threads, progress: &progress };
        let plan = Plan::with_registry(&spec, &context, registry).map_err(Failure::request)?;
        let plan = Arc::new(plan);
        let host = gethostname::gethostname().to_string_lossy().into_owned();
        Ok(Planned { spec, plan, threads, host, data })
    }

    /// The text of `plan.toml`: every default filled in, and the session.
    pub(super) fn table(&self) -> toml::Table {
        let mut session = toml::Table::new();
        session.insert("version".to_owned(), env!("CARGO_PKG_VERSION").into());
        session.insert("host".to_owned(), self.host.clone().into());
        session.insert("threads".to_owned(), (self.threads as i64).into());
        // A resume finds the data again from any folder.
        let absolute = self.data.as_ref().and_then(|data| std::path::absolute(data).ok());
        if let Some(data) = absolute.as_ref().and_then(|data| data.to_str()) {
            session.insert("data".to_owned(), data.into());
        }
        let mut table = self.plan.resolved().table.clone();
        table.insert(SESSION.to_owned(), session.into());
        table
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

    /// What the run takes in memory. The step's program is compiled for it, which may take a while: as nothing has been
    /// written and no signal is caught yet, Ctrl-C ends it at once.
    pub(super) fn need(&self, screen: &Screen) -> Result<Need, Failure> {
        let _shown = Waiting::new(screen, "compiling the step");
        let cpu = Cpu::new(self.threads);
        self.plan.need(&cpu, &places::cache()).map_err(Failure::request)
    }

    /// Prints the plan, for `--dry-run`.
    pub(super) fn print(&self, need: &Need, as_json: bool) -> Result<(), Failure> {
        let described = self.plan.describe();
        let free = available_bytes();
        if as_json {
            let described: serde_json::Map<_, _> =
                described.into_iter().map(|(label, text)| (label, text.into())).collect();
            let parts: serde_json::Map<_, _> =
                need.parts.iter().map(|part| (part.name.clone(), part.bytes.into())).collect();
            let memory = json!({ "bytes": need.total(), "available_bytes": free, "parts": parts });
            return screen::print_json(
                &json!({ "describe": described, "memory": memory, "plan": self.table() }),
            );
        }
        let described = described.into_iter().chain(memory(need, free));
        let rows: Vec<Vec<String>> = described.map(|(label, text)| vec![label, text]).collect();
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

/// The spec of a new run: a recipe or file, the methods laid over it, and the assignments over those.
fn new_spec(train: &Train) -> Result<RunSpec, Failure> {
    let mut spec = spec::compose(train.spec.as_deref().unwrap_or(spec::DEFAULT_RECIPE), &train.with)?;
    spec::apply(&mut spec, &train.assignments()).map_err(Failure::request)?;
    Ok(spec)
}

/// The data folder that an earlier session read.
fn data_of(plan: &toml::Table) -> Option<PathBuf> {
    Some(PathBuf::from(plan.get(SESSION)?.get("data")?.as_str()?))
}

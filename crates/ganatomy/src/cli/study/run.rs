//! `ganatomy study run`: carries a study out, or goes on with it.

use std::path::{Path, PathBuf};

use clap::Args;
use ganatomy_study::file::LaunchFile;
use ganatomy_study::launch::{Crew, Engine, Order};
use ganatomy_study::store::{Address, FILE, Mode, Store, network_file_system};
use ganatomy_study::worker::{Rules, reap_dead};
use ganatomy_study::{Expanded, StudyError};
use ganatomy_train::Registry;
use serde_json::json;

use super::asked::Asked;
use super::crew::{Watched, watch};
use super::failed;
use super::live::{rows, tally};
use crate::cli::device::Choice;
use crate::cli::failure::Failure;
use crate::cli::screen::{self, Screen};
use crate::cli::sink::Interrupt;
use crate::cli::text::{self, counted, table};
use crate::cli::threads::threads;

/// Carry a study out, or go on with it: what was done is never done twice.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  ganatomy study run study.toml\n  ganatomy study run study.toml --launch slurm:8\n\n\
    Runs go side by side, one a processor; with --device, one at a time, unless --launch local:N and --device-memory share it out. Ctrl-C stores a checkpoint of each; the same command goes on. With --launch the \
    engine starts equal workers, which take runs from the store until none is left; to launch again is to go on."
)]
pub(crate) struct Run {
    #[command(flatten)]
    asked: Asked,
    /// The study's folder: its store and its runs [default: studies/NAME].
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// A server that holds the store, for several machines: postgres://USER@HOST/DATABASE.
    #[arg(long, value_name = "URL")]
    store: Option<String>,
    /// What starts the workers: local, slurm, hyperqueue or ray, with how many: slurm:8 [default: local, one per processor].
    #[arg(long, value_name = "ENGINE[:N]", value_parser = engine)]
    launch: Option<(Engine, Option<u32>)>,
    /// With --launch slurm, hyperqueue or ray: return once the workers are submitted.
    #[arg(long, requires = "launch")]
    detach: bool,
    #[command(flatten)]
    device: Choice,
    /// Check everything, say what would be done and what would be submitted, and do nothing.
    #[arg(long)]
    dry_run: bool,
    /// Print JSON at the end: {"name", "folder", "done", "failed", "pruned", "runs"}.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, thiserror::Error)]
#[error("the study was interrupted; go on with the same command: {}", text::command(&["study", "run", "..."]))]
struct Interrupted;

impl Run {
    pub(super) fn run(&self, registry: &Registry) -> Result<(), Failure> {
        let screen = Screen::new();
        if self.detach && matches!(self.launch, Some((Engine::Local, _))) {
            return Err(Failure::request(
                "--detach is for engines: local workers end with this program".to_owned(),
            ));
        }
        let expanded = self.asked.expand(registry, &screen)?;
        let study = &expanded.study;
        let folder = self.out.clone().unwrap_or_else(|| Path::new("studies").join(&study.file.name));
        let address = self.address(&folder, &study.file.name)?;
        let (engine, asked) = self.launch.unwrap_or((Engine::Local, None));
        if engine == Engine::Local {
            self.device.check()?;
        }
        let workers = asked.unwrap_or(match engine {
            // There is one device, and its plugin takes most of its memory.
            Engine::Local if self.device.is_away() => 1,
            Engine::Local => (threads(None) as u64).min(expanded.n_runs()) as u32,
            _ => study.file.launch.workers,
        });
        let data = self.asked.data_of(study);
        let mut command = command(&address, &folder, engine, &study.file.launch).map_err(failed)?;
        command.extend(self.device.words());
        let logs = std::path::absolute(&folder).unwrap_or_else(|_| folder.clone()).join("workers");
        let order = Order { name: &study.file.name, asks: &study.file.launch, workers, command, logs };
        if self.dry_run {
            if self.device.is_away() {
                screen.note("times are those of this processor");
            }
            let costs = super::check::costs(&expanded, registry, data.as_deref(), &screen)?;
            super::check::print(&expanded, &costs, workers.into(), self.json)?;
            let calls = engine.calls(&order).iter().map(|call| format!("{call}\n")).collect::<String>();
            return if self.json { Ok(()) } else { screen::print(&calls) };
        }
        let interrupt = Interrupt::listen().map_err(Failure::run)?;
        let mut store = begin(&expanded, &address, &folder, data.as_deref(), &screen)?;
        let rules = Rules::of(&mut store).map_err(failed)?;
        screen.line(&format!(
            "study {}: {}, {}, in {}",
            study.file.name,
            counted(expanded.n_runs(), "run"),
            counted(workers.into(), "worker"),
            folder.display()
        ));
        if engine == Engine::Local {
            reap_dead(&mut store, &folder, rules.file.runs.most_attempts).map_err(failed)?;
        }
        let crew = launch(engine, order, &address, rules.file.runs.most_attempts, &screen)?;
        if self.detach {
            return Ok(());
        }
        let watched = watch(&mut store, &rules, crew, engine, &interrupt, &screen)?;
        self.end(&mut store, &rules, &folder)?;
        match watched {
            Watched::Ended => Ok(()),
            Watched::Stopped => Err(Failure::run(Interrupted)),
        }
    }

    fn address(&self, folder: &Path, study: &str) -> Result<Address, Failure> {
        match &self.store {
            None => Ok(Address::Sqlite(folder.join(FILE))),
            Some(url) if url.contains('#') => Address::parse(url).map_err(failed),
            Some(url) => Address::parse(&format!("{url}#{study}")).map_err(failed),
        }
    }

    fn end(&self, store: &mut Store, rules: &Rules, folder: &Path) -> Result<(), Failure> {
        let counts = store.counts().map_err(failed)?;
        let tally = tally(&counts);
        let store = store.address().to_string();
        if self.json {
            let folder = folder.display().to_string();
            return screen::print_json(&json!({ "name": rules.file.name, "folder": folder, "store": store,
                "done": tally.done, "failed": tally.failed, "pruned": tally.pruned, "runs": tally.all() }));
        }
        let place = if self.store.is_some() { store } else { folder.display().to_string() };
        let next = text::command(&["study", "report", &place]);
        screen::print(&format!(
            "{}\n{}\nthe answer: {next}\n",
            table(&rows(rules, &counts), "  ", 2),
            tally.words()
        ))
    }
}

/// Carries a study out on this machine by so many workers, or goes on with it; says whether it has ended, and was not interrupted before.
pub(in crate::cli) fn carry_out(
    expanded: &Expanded,
    folder: &Path,
    data: Option<&Path>,
    workers: usize,
    screen: &Screen,
) -> Result<(Store, bool), Failure> {
    let file = &expanded.study.file;
    let address = Address::Sqlite(folder.join(FILE));
    let workers = (workers as u64).min(expanded.n_runs()) as u32;
    let command = command(&address, folder, Engine::Local, &file.launch).map_err(failed)?;
    let logs = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned()).join("workers");
    let interrupt = Interrupt::listen().map_err(Failure::run)?;
    let mut store = begin(expanded, &address, folder, data, screen)?;
    let rules = Rules::of(&mut store).map_err(failed)?;
    reap_dead(&mut store, folder, rules.file.runs.most_attempts).map_err(failed)?;
    let order = Order { name: &file.name, asks: &file.launch, workers, command, logs };
    let crew = launch(Engine::Local, order, &address, rules.file.runs.most_attempts, screen)?;
    let watched = watch(&mut store, &rules, crew, Engine::Local, &interrupt, screen)?;
    Ok((store, watched == Watched::Ended))
}

/// Opens the study's store and begins it, or finds it begun with the same file.
fn begin(
    expanded: &Expanded,
    address: &Address,
    folder: &Path,
    data: Option<&Path>,
    screen: &Screen,
) -> Result<Store, Failure> {
    std::fs::create_dir_all(folder)
        .map_err(|cause| failed(StudyError::Io { action: "create", path: folder.to_owned(), cause }))?;
    if let (Address::Sqlite(_), Some(system)) = (address, network_file_system(folder)) {
        screen.warn(&format!(
            "{} is on {system}, where the locks of SQLite cannot be relied on: work from this machine alone, or use --store postgres://...",
            folder.display()
        ));
    }
    let mut store = Store::open(address, Mode::Make).map_err(failed)?;
    if !expanded.begin(&mut store, data, folder).map_err(failed)? {
        screen.note("this study was begun before, and goes on");
    }
    Ok(store)
}

/// The command of one worker.
fn command(
    address: &Address,
    folder: &Path,
    engine: Engine,
    asks: &LaunchFile,
) -> Result<Vec<String>, StudyError> {
    let path = PathBuf::from("this program");
    let program = std::env::current_exe();
    let program = program.map_err(|cause| StudyError::Io { action: "find", path, cause })?;
    let absolute =
        |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).display().to_string();
    let store = match address {
        Address::Sqlite(file) => absolute(file),
        server => server.to_string(),
    };
    let mut command = vec![program.display().to_string(), "study".to_owned(), "worker".to_owned(), store];
    command.extend(["--folder".to_owned(), absolute(folder)]);
    match engine {
        Engine::Local => command.push("--while-stdin".to_owned()),
        _ => command.push(format!("--threads={}", asks.cpus)),
    }
    Ok(command)
}

/// Begins the workers: a crew of this process's own, or by an engine.
fn launch(
    engine: Engine,
    order: Order<'_>,
    address: &Address,
    most_attempts: u32,
    screen: &Screen,
) -> Result<Option<Crew>, Failure> {
    let secrets: Vec<_> =
        address.password().map(|secret| ("PGPASSWORD", secret.to_owned())).into_iter().collect();
    if engine == Engine::Local {
        let name = format!("{}-{}-{}", host(), std::process::id(), (screen::now() * 1e3) as u64);
        let crew = Crew::begin(order.command, secrets, name, order.workers, &order.logs, most_attempts);
        return crew.map(Some).map_err(failed);
    }
    std::fs::create_dir_all(&order.logs).map_err(Failure::request)?;
    for call in engine.calls(&order) {
        screen.line(&call.make(&secrets).map_err(failed)?);
    }
    Ok(None)
}

fn host() -> String {
    gethostname::gethostname().to_string_lossy().into_owned()
}

/// Reads `slurm` or `slurm:8`.
fn engine(text: &str) -> Result<(Engine, Option<u32>), String> {
    let (name, n) = text.split_once(':').map_or((text, None), |(name, n)| (name, Some(n)));
    let known = Engine::NAMES.iter().find(|(known, _)| *known == name);
    let names = Engine::NAMES.map(|(name, _)| name).join(", ");
    let (_, engine) = known.ok_or_else(|| format!("must be one of {names}, found \"{name}\""))?;
    let n = n.map(|n| {
        n.parse()
            .ok()
            .filter(|n| (1..=10_000).contains(n))
            .ok_or(format!("workers must be from 1 to 10000, found \"{n}\""))
    });
    Ok((*engine, n.transpose()?))
}

//! `ganatomy devices`: what steps can be made on here, and how to get more.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use ganatomy_tensor::ByteCount;
use ganatomy_tensor::cpu::Level;
use ganatomy_xla::{Found, Options, Plugin, Search, Xla, XlaError, install};
use serde::Serialize;

use super::failure::{Failure, sentence};
use super::text::{command, counted, styled, table};
use super::{HEADING, LITERAL, places, screen};

/// List the devices that --device can name, or install a plugin for one.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  ganatomy devices\n\nPlugins are looked for in the file that the variable GANATOMY_PJRT names, in the folder \
    that `ganatomy devices install` fills, and among the packages of Python. --device xla takes the first; --device xla:FILE any."
)]
pub(super) struct Devices {
    #[command(subcommand)]
    what: Option<What>,
    /// Print JSON: [{"device", "kind", "platform", ...}].
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum What {
    Install(Install),
}

/// Unpack the plugin of wheels that were downloaded, where `--device xla` finds it.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  ganatomy devices install jax_cuda13_pjrt-0.11.2-py3-none-manylinux_2_27_x86_64.whl\n\nFurther wheels are what \
    the plugin needs beside it, such as NVIDIA's libraries (nvidia_*.whl) where CUDA is not installed."
)]
struct Install {
    /// The wheel that holds the plugin, and others that it needs.
    #[arg(required = true, value_name = "WHEEL")]
    wheels: Vec<PathBuf>,
}

/// One device.
#[derive(Debug, Serialize)]
struct Entry {
    /// What `--device` calls it.
    device: String,
    /// What it is.
    kind: Option<String>,
    platform: Option<String>,
    platform_version: Option<String>,
    n_devices: usize,
    memory_bytes: Option<u64>,
    pjrt: Option<String>,
    found_by: Option<String>,
    error: Option<String>,
}

impl Devices {
    pub(super) fn run(&self) -> Result<(), Failure> {
        if let Some(What::Install(install)) = &self.what {
            return install.run();
        }
        let search = places::plugins();
        let plugins: Vec<Entry> = search.found().iter().map(Entry::of_plugin).collect();
        let hint = if plugins.is_empty() { how(&search) } else { String::new() };
        let entries: Vec<Entry> = std::iter::once(Entry::of_processor()).chain(plugins).collect();
        if self.json {
            return screen::print_json(&entries);
        }
        let mut rows =
            vec![["device", "what it is", "memory", "PJRT", "found by"].map(str::to_owned).to_vec()];
        rows.extend(entries.iter().map(Entry::row));
        screen::print(&format!("{}{hint}", table(&rows, "", 2)))
    }
}

impl Entry {
    fn of_processor() -> Entry {
        let threads = std::thread::available_parallelism().map_or(1, |n| n.get());
        let kind = format!("this processor: {}, {}", counted(threads as u64, "thread"), Level::detect());
        Entry { kind: Some(kind), n_devices: 1, ..Entry::named("cpu") }
    }

    fn of_plugin(found: &Found) -> Entry {
        let Found { file, by } = found;
        let mut entry =
            Entry { found_by: Some(by.to_string()), ..Entry::named(&format!("xla:{}", file.display())) };
        match look(&mut entry, found) {
            Ok(()) => entry,
            Err(error) => Entry { error: Some(sentence(&error)), ..entry },
        }
    }

    fn named(device: &str) -> Entry {
        let device = device.to_owned();
        let (kind, platform, platform_version) = (None, None, None);
        let (memory_bytes, pjrt, found_by, error) = (None, None, None, None);
        Entry { device, kind, platform, platform_version, n_devices: 0, memory_bytes, pjrt, found_by, error }
    }

    fn row(&self) -> Vec<String> {
        let several =
            if self.n_devices > 1 { format!(", {} of them", self.n_devices) } else { String::new() };
        let platform = self.platform.as_ref().map(|platform| format!("{platform}, ")).unwrap_or_default();
        let kind = self.kind.as_ref().map(|kind| format!("{platform}{kind}{several}"));
        let what = kind.or_else(|| self.error.clone()).unwrap_or_default();
        let memory = self.memory_bytes.map(|bytes| ByteCount(bytes).to_string());
        let told = |text: &Option<String>| text.clone().unwrap_or_default();
        let cells =
            [self.device.clone(), what, memory.unwrap_or_default(), told(&self.pjrt), told(&self.found_by)];
        cells.iter().map(|cell| screen::shown(cell)).collect()
    }
}

/// Loads a plugin, and asks it what it drives. Memory is not taken at once for it, where the plugin can do without.
fn look(entry: &mut Entry, found: &Found) -> Result<(), XlaError> {
    let plugin = Plugin::load(&found.file)?;
    let (major, minor) = plugin.version();
    entry.pjrt = Some(format!("{major}.{minor}"));
    let sparing = Options { memory_share: Some(0.75), ..Options::default() };
    let device = match Xla::of(plugin.clone(), &sparing) {
        Err(XlaError::Options { .. }) => Xla::of(plugin, &Options::default())?,
        device => device?,
    };
    let kind = device.kind();
    entry.kind = Some(kind.device.clone());
    entry.platform = Some(kind.platform.clone());
    entry.platform_version = Some(kind.version.clone());
    (entry.n_devices, entry.memory_bytes) = (kind.n_devices, kind.memory_bytes);
    Ok(())
}

/// How to get a plugin.
fn how(search: &Search) -> String {
    let lines = [
        "pip download --no-deps jax-cuda13-pjrt      # NVIDIA; others: jax-rocm7-pjrt (AMD), libtpu (Google)",
        "ganatomy devices install jax_cuda13_pjrt-*.whl",
        "ganatomy train mnist --device xla",
    ];
    let lines: String = lines.iter().map(|line| format!("  {}\n", styled(LITERAL, line))).collect();
    let mut searched = vec![
        format!("the file that the variable {} names (it names none)", places::PJRT),
        search.own.display().to_string(),
    ];
    searched.extend(search.packages.iter().map(|folder| folder.display().to_string()));
    let searched: String = searched.iter().map(|place| format!("  {}\n", screen::shown(place))).collect();
    let [get, looked] =
        ["no plugin was found; to get one", "looked for in"].map(|text| styled(HEADING, text));
    format!("\n{get}\n{lines}{looked}\n{searched}")
}

impl Install {
    fn run(&self) -> Result<(), Failure> {
        let file = install(&self.wheels, &places::own_plugins()).map_err(Failure::request)?;
        let (here, next) = (styled(HEADING, "installed"), styled(HEADING, "next"));
        let devices = styled(LITERAL, &command(&["devices"]));
        screen::print(&format!(
            "{here}  {}\n{next}       {devices}\n",
            screen::shown(&file.display().to_string())
        ))
    }
}

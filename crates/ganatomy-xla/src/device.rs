//! A plugin's device, as the trainer sees it.

use std::path::Path;

use ganatomy_tensor::cpu::Level;
use ganatomy_tensor::{Device, DeviceError, Key, Many, Precision, Program, Room, Shape};

use crate::XlaError;
use crate::cache::Cache;
use crate::pjrt::{Client, GRAPHS, Kind, Options, Plugin};
use crate::room::XlaRoom;

/// The first devices of a plugin: one, or as many as its options say.
#[derive(Clone, Debug)]
pub struct Xla {
    client: Client,
    plugin: Plugin,
    kind: Kind,
    cache: Option<Cache>,
}

impl Xla {
    /// Loads a plugin, and takes its first devices.
    ///
    /// # Errors
    /// A file that is no plugin, is of another version of the interface, has no device here or too few, or does not know one of the options.
    pub fn open(plugin: &Path, options: &Options) -> Result<Xla, XlaError> {
        Xla::of(Plugin::load(plugin)?, options)
    }

    /// The first devices of a plugin that is loaded.
    ///
    /// # Errors
    /// A plugin that has no device here or too few, or does not know one of the options.
    pub fn of(plugin: Plugin, options: &Options) -> Result<Xla, XlaError> {
        let client = Client::new(&plugin, options)?;
        let kind = client.kind()?;
        Ok(Xla { client, plugin, kind, cache: None })
    }

    /// The same device, whose compiled programs are kept in this folder, where another start finds them.
    pub fn cached_in(self, folder: &Path) -> Xla {
        let Kind { platform, version, device, .. } = &self.kind;
        // Where a plugin does not tell its version, its file does.
        let file = std::fs::metadata(self.plugin.path()).ok();
        let changed = file.as_ref().map(|file| (file.len(), file.modified().ok()));
        let several = match self.client.n_devices() {
            1 => String::new(),
            n => format!("\n{n} devices"),
        };
        let of = format!(
            "{platform}\n{version}\n{device}\n{:?}\n{changed:?}\n{}\n{GRAPHS:?}{several}",
            self.plugin.version(),
            Level::detect()
        );
        Xla { cache: Some(Cache::new(folder, of)), ..self }
    }

    /// The plugin.
    pub fn plugin(&self) -> &Plugin {
        &self.plugin
    }

    /// What the device is.
    pub fn kind(&self) -> &Kind {
        &self.kind
    }
}

impl Device for Xla {
    fn name(&self) -> String {
        let (Kind { platform, device, .. }, (major, minor)) = (&self.kind, self.plugin.version());
        let several = match self.client.n_devices() {
            1 => String::new(),
            n => format!("{n} x "),
        };
        format!("{platform}, {several}{device} (PJRT {major}.{minor})")
    }

    fn n_devices(&self) -> usize {
        self.client.n_devices()
    }

    fn room(&self, precision: Precision) -> Result<Box<dyn Room>, DeviceError> {
        let room = XlaRoom::<f32>::new(&self.client).cached_in(self.cache.clone());
        Ok(Box::new(room.precise_to(precision)))
    }
}

impl Room for XlaRoom<f32> {
    fn cut(&mut self, name: &str, axis: usize) {
        XlaRoom::cut(self, name, axis);
    }

    fn compile(&mut self, program: &Program) -> Result<usize, DeviceError> {
        Ok(XlaRoom::compile(self, program)?)
    }

    fn compile_many(&mut self, program: &Program, many: &Many) -> Result<usize, DeviceError> {
        Ok(XlaRoom::compile_many(self, program, many)?)
    }

    fn put(&mut self, name: &str, shape: &Shape, values: &[f32]) -> Result<(), DeviceError> {
        Ok(XlaRoom::put(self, name, shape, values)?)
    }

    fn get(&self, name: &str, to: &mut [f32]) -> Result<(), DeviceError> {
        Ok(XlaRoom::get(self, name, to)?)
    }

    fn run(&mut self, program: usize, key: Key) -> Result<(), DeviceError> {
        Ok(XlaRoom::run(self, program, key)?)
    }

    fn run_many(&mut self, program: usize, key: Key, n: u64) -> Result<u64, DeviceError> {
        Ok(XlaRoom::run_many(self, program, key, n)?)
    }
}

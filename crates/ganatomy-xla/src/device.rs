//! A plugin's device, as the trainer sees it.

use std::path::Path;

use ganatomy_tensor::{Device, DeviceError, Key, Program, Room, Shape};

use crate::XlaError;
use crate::pjrt::{Client, Plugin};
use crate::room::XlaRoom;

/// The first device of a plugin.
#[derive(Clone, Debug)]
pub struct Xla {
    client: Client,
    name: String,
}

impl Xla {
    /// Loads a plugin, and takes its first device.
    ///
    /// # Errors
    /// A file that is no plugin, is of another version of the interface, or has no device here.
    pub fn open(plugin: &Path) -> Result<Xla, XlaError> {
        let plugin = Plugin::load(plugin)?;
        let client = Client::new(&plugin)?;
        let (kind, version) = (client.kind()?, plugin.version());
        let name = format!("{}, {} (PJRT {}.{})", kind.platform, kind.device, version.0, version.1);
        Ok(Xla { client, name })
    }
}

impl Device for Xla {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn room(&self) -> Result<Box<dyn Room>, DeviceError> {
        Ok(Box::new(XlaRoom::<f32>::new(&self.client)))
    }
}

impl Room for XlaRoom<f32> {
    fn compile(&mut self, program: &Program) -> Result<usize, DeviceError> {
        Ok(XlaRoom::compile(self, program)?)
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
}

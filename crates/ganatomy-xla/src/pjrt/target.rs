//! A device that is not here, for which programs are compiled all the same.

use super::Plugin;
use super::api::{
    Arguments, Call, Compile, ExecutableDestroy, Handle, SETTING_TEXT, Setting, TopologyCreate,
    TopologyDestroy,
};
use super::client::stablehlo;
use super::options::options;
use crate::XlaError;

/// A device as its description has it.
#[derive(Debug)]
pub struct Target {
    plugin: Plugin,
    topology: Handle,
}

// SAFETY: the interface allows calls from any thread.
unsafe impl Send for Target {}
// SAFETY: as above.
unsafe impl Sync for Target {}

impl Target {
    /// One device of this description: a text of XLA's `GpuTargetConfigProto`.
    ///
    /// # Errors
    /// A plugin that knows no such devices, or cannot read the description.
    pub fn new(plugin: &Plugin, description: &str) -> Result<Target, XlaError> {
        let setting = |name: &'static str, text: &str| Setting {
            name: name.as_ptr().cast(),
            name_size: name.len(),
            kind: SETTING_TEXT,
            value: text.as_ptr() as u64,
            value_size: text.len(),
            ..Setting::new()
        };
        // Hosts, processes of a host, devices of a process.
        let settings = [setting("topology", "1 x 1 x 1"), setting("target_config", description)];
        let mut create = TopologyCreate {
            settings: settings.as_ptr(),
            num_settings: settings.len(),
            ..TopologyCreate::new()
        };
        plugin.call("take the description of a device", Call::TopologyCreate, &mut create)?;
        Ok(Target { plugin: plugin.clone(), topology: create.topology })
    }

    /// Compiles StableHLO text with settings of XLA's `DebugOptions`, by name; what is compiled is gone afterwards.
    ///
    /// # Errors
    /// A program that the plugin cannot compile, or a setting that it does not know.
    pub(crate) fn compile(&self, code: &str, settings: &[(&str, &str)]) -> Result<(), XlaError> {
        let (program, options) = (stablehlo(code), options(&[], settings));
        let mut compile = Compile {
            topology: self.topology,
            program: &raw const program,
            options: options.as_ptr().cast(),
            options_size: options.len(),
            ..Compile::new()
        };
        self.plugin.call("compile the program", Call::Compile, &mut compile)?;
        let mut destroy = ExecutableDestroy { executable: compile.executable, ..ExecutableDestroy::new() };
        self.plugin.call("free a program", Call::ExecutableDestroy, &mut destroy)
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        let mut destroy = TopologyDestroy { topology: self.topology, ..TopologyDestroy::new() };
        // There is nobody to tell.
        let _gone = self.plugin.call("end", Call::TopologyDestroy, &mut destroy);
    }
}

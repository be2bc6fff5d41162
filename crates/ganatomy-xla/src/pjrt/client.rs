//! A client: one plugin's devices, of which the first are used.

use std::ffi::c_int;
use std::sync::Arc;

use super::api::{
    Arguments, Call, ClientAddressableDevices, ClientBufferFromHostBuffer, ClientCompile, ClientCreate,
    ClientDestroy, DeviceDescriptionId, DeviceGetDescription, DeviceMemoryStats,
    ExecutableDeserializeAndLoad, F32, Handle, Program, SETTING_BOOL, SETTING_F32, Setting, TextOf, U64,
};
use super::options::{GRAPHS, options};
use super::plugin::text;
use super::{Buffer, Executable, Plugin};
use crate::XlaError;

/// The devices that programs run on.
#[derive(Clone, Debug)]
pub struct Client(pub(super) Arc<Inner>);

/// What belongs to a client, as long as any of its buffers lives.
#[derive(Debug)]
pub(super) struct Inner {
    pub plugin: Plugin,
    pub client: Handle,
    /// Those that are used, and how the plugin numbers them.
    devices: Vec<Handle>,
    ids: Vec<i64>,
    /// Settings of XLA's `DebugOptions` that programs are compiled with.
    settings: &'static [(&'static str, &'static str)],
}

// SAFETY: the interface allows calls from any thread.
unsafe impl Send for Inner {}
// SAFETY: as above.
unsafe impl Sync for Inner {}

/// What a client is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind {
    /// The platform, such as `cuda` or `cpu`.
    pub platform: String,
    /// Its version.
    pub version: String,
    /// The device, such as `NVIDIA H100`.
    pub device: String,
    /// Devices that there are.
    pub n_devices: usize,
    /// Bytes that programs may take on the device, where the plugin tells.
    pub memory_bytes: Option<u64>,
}

/// What a client is made with. Only what is asked for is said to the plugin, since each plugin knows settings of its own.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    /// The share of the device's memory that is taken at most, as it is needed; without one the plugin decides, and NVIDIA's takes 75 % at
    /// once. *Range: above 0, at most 1.*
    pub memory_share: Option<f64>,
    /// How many devices share each program, the plugin's first; without a number one. *Range: 1 to those that there are.*
    pub n_devices: Option<usize>,
}

impl Options {
    /// The settings as the plugins of GPUs name them: name, kind, value.
    fn settings(&self) -> Vec<(&'static str, c_int, u64)> {
        let union = |bytes: [u8; 4]| {
            let mut all = [0; 8];
            all[..4].copy_from_slice(&bytes);
            u64::from_ne_bytes(all)
        };
        let bounded = |share: f64| {
            let share = union((share as f32).to_ne_bytes());
            [("memory_fraction", SETTING_F32, share), ("preallocate", SETTING_BOOL, 0)]
        };
        self.memory_share.map(bounded).into_iter().flatten().collect()
    }
}

impl Client {
    /// The first devices of a plugin.
    ///
    /// # Errors
    /// A plugin that has none here or fewer than are asked for, or does not know one of the options.
    pub fn new(plugin: &Plugin, options: &Options) -> Result<Client, XlaError> {
        let settings = options.settings();
        let listed: Vec<Setting> = settings
            .iter()
            .map(|&(name, kind, value)| Setting {
                name: name.as_ptr().cast(),
                name_size: name.len(),
                kind,
                value,
                value_size: 1,
                ..Setting::new()
            })
            .collect();
        let mut create = ClientCreate::new();
        (create.settings, create.num_settings) = (listed.as_ptr(), listed.len());
        plugin.call("begin", Call::ClientCreate, &mut create).map_err(|error| match error {
            XlaError::Refused { message, .. } if !settings.is_empty() => {
                let settings = settings.iter().map(|setting| setting.0).collect::<Vec<_>>().join(" and ");
                XlaError::Options { path: plugin.path().to_owned(), settings, message }
            }
            error => error,
        })?;
        let mut inner = Inner {
            plugin: plugin.clone(),
            client: create.client,
            devices: Vec::new(),
            ids: Vec::new(),
            settings: &[],
        };
        let (all, wanted) = (inner.all()?.to_vec(), options.n_devices.unwrap_or(1));
        match all.get(..wanted) {
            _ if all.is_empty() => return Err(XlaError::NoDevice { path: plugin.path().to_owned() }),
            Some(devices @ [_, ..]) => inner.devices = devices.to_vec(),
            _ => {
                let path = plugin.path().to_owned();
                return Err(XlaError::Devices { path, found: all.len(), wanted });
            }
        }
        inner.ids = inner.devices.iter().map(|device| inner.id(*device)).collect::<Result<_, _>>()?;
        if inner.told(Call::ClientPlatformName, inner.client)? == "cuda" {
            inner.settings = &[GRAPHS];
        }
        Ok(Client(Arc::new(inner)))
    }

    /// How many devices are used.
    pub fn n_devices(&self) -> usize {
        self.0.devices.len()
    }

    /// What it is.
    ///
    /// # Errors
    /// A plugin that does not say it.
    pub fn kind(&self) -> Result<Kind, XlaError> {
        let client = &self.0.client;
        Ok(Kind {
            platform: self.0.told(Call::ClientPlatformName, *client)?,
            version: self.0.told(Call::ClientPlatformVersion, *client)?,
            device: self.0.told(Call::DeviceDescriptionKind, self.0.description(self.0.devices[0])?)?,
            n_devices: self.0.all()?.len(),
            memory_bytes: self.memory_bytes(),
        })
    }

    /// Not every plugin tells it.
    fn memory_bytes(&self) -> Option<u64> {
        let mut asked = DeviceMemoryStats { device: self.0.devices[0], ..DeviceMemoryStats::new() };
        self.0.plugin.call("tell its memory", Call::DeviceMemoryStats, &mut asked).ok()?;
        asked.has_limit.then(|| asked.limit.try_into().ok()).flatten()
    }

    /// Compiles StableHLO text whose function has this many results.
    ///
    /// # Errors
    /// A program that the plugin cannot compile.
    pub fn compile(&self, code: &str, n_results: usize) -> Result<Executable, XlaError> {
        let Inner { settings, .. } = &*self.0;
        match self.compiled(code, settings) {
            // A plugin that does not know a setting does without.
            Err(XlaError::Refused { message, .. })
                if settings.iter().any(|(name, _)| message.contains(name)) =>
            {
                self.compiled(code, &[])
            }
            compiled => compiled,
        }
        .map(|executable| Executable::new(self.clone(), executable, n_results))
    }

    fn compiled(&self, code: &str, settings: &[(&str, &str)]) -> Result<Handle, XlaError> {
        let (program, options) = (stablehlo(code), options(&self.0.ids, settings));
        let mut compile = ClientCompile {
            client: self.0.client,
            program: &raw const program,
            options: options.as_ptr().cast(),
            options_size: options.len(),
            ..ClientCompile::new()
        };
        self.0.plugin.call("compile the program", Call::ClientCompile, &mut compile)?;
        Ok(compile.executable)
    }

    /// Takes a program that was written down by [`Executable::serialized`].
    ///
    /// # Errors
    /// Bytes that this plugin did not write, or one that cannot read them.
    pub(crate) fn load(&self, bytes: &[u8], n_results: usize) -> Result<Executable, XlaError> {
        let mut load = ExecutableDeserializeAndLoad {
            client: self.0.client,
            bytes: bytes.as_ptr().cast(),
            size: bytes.len(),
            ..ExecutableDeserializeAndLoad::new()
        };
        self.0.plugin.call("take a compiled program", Call::ExecutableDeserializeAndLoad, &mut load)?;
        Ok(Executable::new(self.clone(), load.loaded, n_results))
    }

    /// A whole number of 64 bits on every device.
    pub(crate) fn number(&self, value: u64) -> Result<Vec<Buffer>, XlaError> {
        // SAFETY: eight bytes that live during the call.
        unsafe { self.upload((&raw const value).cast(), U64, &[], None) }
    }

    /// Numbers on the devices: all of them on each, or along an axis that the devices share evenly a piece on each.
    ///
    /// # Safety
    /// So many numbers of the kind as the shape says must lie there.
    pub(crate) unsafe fn upload(
        &self,
        data: *const u8,
        kind: c_int,
        shape: &[usize],
        cut: Option<usize>,
    ) -> Result<Vec<Buffer>, XlaError> {
        let mut dims: Vec<i64> = shape.iter().map(|n| *n as i64).collect();
        // Bytes from one index of an axis to the next, in the whole tensor.
        let width = if kind == F32 { 4 } else { 8 };
        let stride = |axis: usize| width * dims[axis + 1..].iter().product::<i64>();
        let strides: Vec<i64> = (0..dims.len()).map(stride).collect();
        let mut apart = 0;
        if let Some(axis) = cut {
            dims[axis] /= self.n_devices() as i64;
            apart = (dims[axis] * strides[axis]) as usize;
        }
        let plugin = &self.0.plugin;
        let on = |(place, device): (usize, &Handle)| {
            let mut upload = ClientBufferFromHostBuffer {
                client: self.0.client,
                // A piece begins within the tensor.
                data: data.wrapping_add(place * apart).cast(),
                kind,
                dims: dims.as_ptr(),
                num_dims: dims.len(),
                device: *device,
                ..ClientBufferFromHostBuffer::new()
            };
            if cut.is_some() {
                (upload.strides, upload.num_strides) = (strides.as_ptr(), strides.len());
            }
            plugin.call("take a tensor", Call::ClientBufferFromHostBuffer, &mut upload)?;
            let buffer = Buffer::new(self.clone(), upload.buffer);
            plugin.wait("take a tensor", upload.done)?;
            Ok(buffer)
        };
        self.0.devices.iter().enumerate().map(on).collect()
    }
}

/// StableHLO text as plugins take it, which must live during the call.
pub(super) fn stablehlo(code: &str) -> Program {
    let format = "mlir";
    Program {
        code: code.as_ptr().cast(),
        code_size: code.len(),
        format: format.as_ptr().cast(),
        format_size: format.len(),
        ..Program::new()
    }
}

impl Inner {
    /// A text of the client or of its device.
    fn told(&self, call: Call, of: Handle) -> Result<String, XlaError> {
        let mut asked = TextOf { of, ..TextOf::new() };
        self.plugin.call("say what it is", call, &mut asked)?;
        // SAFETY: the text lives as long as the client.
        Ok(unsafe { text(asked.text, asked.size) })
    }

    fn description(&self, device: Handle) -> Result<Handle, XlaError> {
        let mut described = DeviceGetDescription { device, ..DeviceGetDescription::new() };
        self.plugin.call("say what it is", Call::DeviceGetDescription, &mut described)?;
        Ok(described.description)
    }

    /// How the plugin numbers a device.
    fn id(&self, device: Handle) -> Result<i64, XlaError> {
        let description = self.description(device)?;
        let mut asked = DeviceDescriptionId { description, ..DeviceDescriptionId::new() };
        self.plugin.call("say what it is", Call::DeviceDescriptionId, &mut asked)?;
        Ok(asked.id.into())
    }

    /// All devices that there are.
    fn all(&self) -> Result<&[Handle], XlaError> {
        let mut asked = ClientAddressableDevices { client: self.client, ..ClientAddressableDevices::new() };
        self.plugin.call("name its devices", Call::ClientAddressableDevices, &mut asked)?;
        if asked.devices.is_null() {
            return Ok(&[]);
        }
        // SAFETY: the list lives as long as the client.
        Ok(unsafe { std::slice::from_raw_parts(asked.devices, asked.num_devices) })
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        let mut destroy = ClientDestroy { client: self.client, ..ClientDestroy::new() };
        // There is nobody to tell.
        let _gone = self.plugin.call("end", Call::ClientDestroy, &mut destroy);
    }
}

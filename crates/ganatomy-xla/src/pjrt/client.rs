//! A client: one plugin's devices, of which the first is used.

use std::ffi::c_int;
use std::sync::Arc;

use super::api::{
    Arguments, Call, ClientAddressableDevices, ClientBufferFromHostBuffer, ClientCompile, ClientCreate,
    ClientDestroy, DeviceGetDescription, DeviceMemoryStats, ExecutableDeserializeAndLoad, Handle, Program,
    SETTING_BOOL, SETTING_F32, Setting, TextOf, U64,
};
use super::plugin::text;
use super::{Buffer, Executable, Plugin};
use crate::XlaError;

/// A device that programs run on.
#[derive(Clone, Debug)]
pub struct Client(pub(super) Arc<Inner>);

/// What belongs to a client, as long as any of its buffers lives.
#[derive(Debug)]
pub(super) struct Inner {
    pub plugin: Plugin,
    pub client: Handle,
    device: Handle,
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

/// A serialised `CompileOptionsProto`: one replica of one part, on the device that is there.
/// Field 3 holds the build options: device 1 (-1: any), replicas 4, parts 5.
const OPTIONS: [u8; 17] =
    [0x1A, 15, 0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01, 0x20, 1, 0x28, 1];

impl Client {
    /// The first device of a plugin.
    ///
    /// # Errors
    /// A plugin that has none here, or does not know one of the options.
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
            device: std::ptr::null_mut(),
            settings: &[],
        };
        inner.device =
            *inner.devices()?.first().ok_or_else(|| XlaError::NoDevice { path: plugin.path().to_owned() })?;
        if inner.told(Call::ClientPlatformName, inner.client)? == "cuda" {
            inner.settings = &[GRAPHS];
        }
        Ok(Client(Arc::new(inner)))
    }

    /// What it is.
    ///
    /// # Errors
    /// A plugin that does not say it.
    pub fn kind(&self) -> Result<Kind, XlaError> {
        let Inner { plugin, client, device, .. } = &*self.0;
        let mut described = DeviceGetDescription { device: *device, ..DeviceGetDescription::new() };
        plugin.call("say what it is", Call::DeviceGetDescription, &mut described)?;
        Ok(Kind {
            platform: self.0.told(Call::ClientPlatformName, *client)?,
            version: self.0.told(Call::ClientPlatformVersion, *client)?,
            device: self.0.told(Call::DeviceDescriptionKind, described.description)?,
            n_devices: self.0.devices()?.len(),
            memory_bytes: self.memory_bytes(),
        })
    }

    /// Not every plugin tells it.
    fn memory_bytes(&self) -> Option<u64> {
        let mut asked = DeviceMemoryStats { device: self.0.device, ..DeviceMemoryStats::new() };
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
        let (program, options) = (stablehlo(code), options(settings));
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

    /// A whole number of 64 bits on the device.
    pub(crate) fn number(&self, value: u64) -> Result<Buffer, XlaError> {
        // SAFETY: eight bytes that live during the call.
        unsafe { self.upload((&raw const value).cast(), U64, &[]) }
    }

    /// Numbers on the device.
    ///
    /// # Safety
    /// So many numbers of the kind as the shape says must lie there.
    pub(crate) unsafe fn upload(
        &self,
        data: *const u8,
        kind: c_int,
        shape: &[usize],
    ) -> Result<Buffer, XlaError> {
        let dims: Vec<i64> = shape.iter().map(|n| *n as i64).collect();
        let mut upload = ClientBufferFromHostBuffer {
            client: self.0.client,
            data: data.cast(),
            kind,
            dims: dims.as_ptr(),
            num_dims: dims.len(),
            device: self.0.device,
            ..ClientBufferFromHostBuffer::new()
        };
        let plugin = &self.0.plugin;
        plugin.call("take a tensor", Call::ClientBufferFromHostBuffer, &mut upload)?;
        let buffer = Buffer::new(self.clone(), upload.buffer);
        plugin.wait("take a tensor", upload.done)?;
        Ok(buffer)
    }
}

/// What an NVIDIA plugin records in one graph: all that it can, convolutions and loops too, which its defaults leave out.
pub(crate) const GRAPHS: (&str, &str) = (
    "xla_gpu_enable_command_buffer",
    "FUSION,CUBLAS,CUBLASLT,CUDNN,CUSTOM_CALL,DYNAMIC_SLICE_FUSION,CONVOLUTION,WHILE",
);

/// The same with settings of XLA's `DebugOptions` by name: a map is a field for each entry, with the name as 1 and a message as 2, whose
/// field 1 is a text.
pub(super) fn options(settings: &[(&str, &str)]) -> Vec<u8> {
    fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
        let mut field = vec![number << 3 | 2];
        let mut length = bytes.len();
        while length > 0x7F {
            field.push((length & 0x7F | 0x80) as u8);
            length >>= 7;
        }
        field.push(length as u8);
        field.extend(bytes);
        field
    }
    let mut options = OPTIONS.to_vec();
    for (name, value) in settings {
        let value = field(2, &field(1, value.as_bytes()));
        options.extend(field(7, &[field(1, name.as_bytes()), value].concat()));
    }
    options
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

    fn devices(&self) -> Result<&[Handle], XlaError> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_entries_of_a_map_after_the_options() {
        let long = "x".repeat(200);
        let bytes = options(&[("ab", "c"), ("d", &long)]);
        assert!(bytes.starts_with(&OPTIONS));
        let entries = &bytes[OPTIONS.len()..];
        // Field 7 of 9 bytes: the name, and a message with a text.
        assert_eq!(entries[..11], [0x3A, 9, 0x0A, 2, b'a', b'b', 0x12, 3, 0x0A, 1, b'c']);
        // Lengths above 127 take two bytes: 3 + (3 + (3 + 200)) = 209.
        assert_eq!(entries[11..14], [0x3A, 0xD1, 0x01]);
        assert_eq!(entries.len(), 11 + 3 + 209);
    }
}

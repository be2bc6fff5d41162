//! A client: one plugin's devices, of which the first is used.

use std::ffi::c_int;
use std::sync::Arc;

use super::api::{
    Arguments, Call, ClientAddressableDevices, ClientBufferFromHostBuffer, ClientCompile, ClientCreate,
    ClientDestroy, DeviceGetDescription, Handle, Program, TextOf, U64,
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
}

/// A serialised `CompileOptionsProto`: one replica of one part, on the device that is there.
/// Field 3 holds the build options: device 1 (-1: any), replicas 4, parts 5.
const OPTIONS: [u8; 17] =
    [0x1A, 15, 0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01, 0x20, 1, 0x28, 1];

impl Client {
    /// The first device of a plugin.
    ///
    /// # Errors
    /// A plugin that has none here.
    pub fn new(plugin: &Plugin) -> Result<Client, XlaError> {
        let mut create = ClientCreate::new();
        plugin.call("begin", Call::ClientCreate, &mut create)?;
        let mut inner = Inner { plugin: plugin.clone(), client: create.client, device: std::ptr::null_mut() };
        inner.device =
            *inner.devices()?.first().ok_or_else(|| XlaError::NoDevice { path: plugin.path().to_owned() })?;
        Ok(Client(Arc::new(inner)))
    }

    /// What it is.
    ///
    /// # Errors
    /// A plugin that does not say it.
    pub fn kind(&self) -> Result<Kind, XlaError> {
        let Inner { plugin, client, device } = &*self.0;
        let told = |call, of| {
            let mut asked = TextOf { of, ..TextOf::new() };
            plugin.call("say what it is", call, &mut asked)?;
            // SAFETY: the text lives as long as the client.
            Ok(unsafe { text(asked.text, asked.size) })
        };
        let mut described = DeviceGetDescription { device: *device, ..DeviceGetDescription::new() };
        plugin.call("say what it is", Call::DeviceGetDescription, &mut described)?;
        Ok(Kind {
            platform: told(Call::ClientPlatformName, *client)?,
            version: told(Call::ClientPlatformVersion, *client)?,
            device: told(Call::DeviceDescriptionKind, described.description)?,
            n_devices: self.0.devices()?.len(),
        })
    }

    /// Compiles StableHLO text whose function has this many results.
    ///
    /// # Errors
    /// A program that the plugin cannot compile.
    pub fn compile(&self, code: &str, n_results: usize) -> Result<Executable, XlaError> {
        let format = "mlir";
        let program = Program {
            code: code.as_ptr().cast(),
            code_size: code.len(),
            format: format.as_ptr().cast(),
            format_size: format.len(),
            ..Program::new()
        };
        let mut compile = ClientCompile {
            client: self.0.client,
            program: &raw const program,
            options: OPTIONS.as_ptr().cast(),
            options_size: OPTIONS.len(),
            ..ClientCompile::new()
        };
        self.0.plugin.call("compile the program", Call::ClientCompile, &mut compile)?;
        Ok(Executable::new(self.clone(), compile.executable, n_results))
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

impl Inner {
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

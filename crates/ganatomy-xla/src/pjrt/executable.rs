//! A compiled program on a device.

use super::api::{
    Arguments, Call, ExecutableDestroy, ExecutableSerialize, ExecuteOptions, Handle, LoadedExecutableDestroy,
    LoadedExecutableExecute, LoadedExecutableGetExecutable,
};
use super::{Buffer, Client};
use crate::XlaError;

/// A program that a plugin has compiled.
#[derive(Debug)]
pub struct Executable {
    client: Client,
    executable: Handle,
    n_results: usize,
}

// SAFETY: the interface allows calls from any thread.
unsafe impl Send for Executable {}

impl Executable {
    pub(super) fn new(client: Client, executable: Handle, n_results: usize) -> Executable {
        Executable { client, executable, n_results }
    }

    /// The program as bytes, for this plugin and device alone.
    pub(crate) fn serialized(&self) -> Result<Vec<u8>, XlaError> {
        let (plugin, what) = (&self.client.0.plugin, "write a program down");
        let mut get =
            LoadedExecutableGetExecutable { loaded: self.executable, ..LoadedExecutableGetExecutable::new() };
        plugin.call(what, Call::LoadedExecutableGetExecutable, &mut get)?;
        let mut serialize = ExecutableSerialize { executable: get.executable, ..ExecutableSerialize::new() };
        let written = plugin.call(what, Call::ExecutableSerialize, &mut serialize).map(|()| {
            // SAFETY: so many bytes lie there until they are freed below.
            let bytes =
                unsafe { std::slice::from_raw_parts(serialize.bytes.cast(), serialize.size) }.to_vec();
            if let Some(delete) = serialize.delete {
                // SAFETY: the plugin asks for it, once.
                unsafe { delete(serialize.holder) };
            }
            bytes
        });
        let mut destroy = ExecutableDestroy { executable: get.executable, ..ExecutableDestroy::new() };
        plugin.call(what, Call::ExecutableDestroy, &mut destroy)?;
        written
    }

    /// Starts the program on all its devices; the results may not be ready yet. Each argument and each result is a buffer a device. Arguments
    /// whose place a result takes are used up.
    pub(crate) fn run(&self, arguments: &[&[Buffer]]) -> Result<Vec<Vec<Buffer>>, XlaError> {
        let n_devices = self.client.n_devices();
        let own = |device: usize| arguments.iter().map(move |buffers| buffers[device].buffer).collect();
        let given: Vec<Vec<Handle>> = (0..n_devices).map(own).collect();
        let mut made = vec![vec![std::ptr::null_mut(); self.n_results]; n_devices];
        let first: Vec<*const Handle> = given.iter().map(Vec::as_ptr).collect();
        let out: Vec<*mut Handle> = made.iter_mut().map(Vec::as_mut_ptr).collect();
        let mut options = ExecuteOptions::new();
        let mut execute = LoadedExecutableExecute {
            executable: self.executable,
            options: &raw mut options,
            arguments: first.as_ptr(),
            num_devices: n_devices,
            num_arguments: arguments.len(),
            outputs: out.as_ptr(),
            ..LoadedExecutableExecute::new()
        };
        self.client.0.plugin.call("run the program", Call::LoadedExecutableExecute, &mut execute)?;
        let of_result =
            |result: usize| made.iter().map(|made| Buffer::new(self.client.clone(), made[result])).collect();
        Ok((0..self.n_results).map(of_result).collect())
    }
}

impl Drop for Executable {
    fn drop(&mut self) {
        let mut destroy =
            LoadedExecutableDestroy { executable: self.executable, ..LoadedExecutableDestroy::new() };
        // There is nobody to tell.
        let _gone = self.client.0.plugin.call("free a program", Call::LoadedExecutableDestroy, &mut destroy);
    }
}

//! A tensor on a device.

use super::Client;
use super::api::{Arguments, BufferDestroy, BufferToHostBuffer, Call, Handle, MemoryLayout};
use crate::XlaError;

/// A tensor on a device; it is freed when it is dropped.
#[derive(Debug)]
pub struct Buffer {
    client: Client,
    pub(super) buffer: Handle,
}

// SAFETY: the interface allows calls from any thread.
unsafe impl Send for Buffer {}

impl Buffer {
    pub(super) fn new(client: Client, buffer: Handle) -> Buffer {
        Buffer { client, buffer }
    }

    /// Copies it to the host, and waits for it.
    ///
    /// # Safety
    /// So many numbers of its type as it has must fit into `size` bytes at `to`.
    pub(crate) unsafe fn download(&self, to: *mut u8, size: usize, rank: usize) -> Result<(), XlaError> {
        let last_first: Vec<i64> = (0..rank as i64).rev().collect();
        let mut layout = MemoryLayout {
            minor_to_major: last_first.as_ptr(),
            rank,
            tiled_size: MemoryLayout::TILED_SIZE,
            ..MemoryLayout::new()
        };
        let mut copy = BufferToHostBuffer {
            buffer: self.buffer,
            layout: (&raw mut layout).cast(),
            data: to.cast(),
            size,
            ..BufferToHostBuffer::new()
        };
        let plugin = &self.client.0.plugin;
        plugin.call("give a tensor back", Call::BufferToHostBuffer, &mut copy)?;
        plugin.wait("give a tensor back", copy.event)
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        let mut destroy = BufferDestroy { buffer: self.buffer, ..BufferDestroy::new() };
        // There is nobody to tell.
        let _gone = self.client.0.plugin.call("free a tensor", Call::BufferDestroy, &mut destroy);
    }
}

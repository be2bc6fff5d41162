//! The layouts of the interface: its table of functions, and the structs that they take.

use std::ffi::{c_char, c_int, c_void};

/// What a plugin hands out and takes back; only it knows what lies there.
pub(super) type Handle = *mut c_void;

/// A function of the table. Those that destroy errors or tell of them answer nothing.
pub(super) type Function = unsafe extern "C" fn(*mut c_void) -> Handle;

/// The beginning of the table; the functions follow.
#[repr(C)]
pub(super) struct Api {
    pub struct_size: usize,
    pub extensions: Handle,
    pub version: Version,
}

/// The version of the interface that a plugin speaks.
#[repr(C)]
pub(super) struct Version {
    pub struct_size: usize,
    pub extensions: Handle,
    pub major: c_int,
    pub minor: c_int,
}

/// The versions that this client knows: 0.54 has every field used here.
pub(super) const KNOWN: (i32, i32) = (0, 54);

/// The place of a function in the table. The order never changes within a major version.
#[derive(Clone, Copy, Debug)]
#[repr(usize)]
pub(super) enum Call {
    ErrorDestroy = 0,
    ErrorMessage = 1,
    ErrorGetCode = 2,
    PluginInitialize = 3,
    EventDestroy = 5,
    EventAwait = 8,
    ClientCreate = 10,
    ClientDestroy = 11,
    ClientPlatformName = 12,
    ClientPlatformVersion = 14,
    ClientAddressableDevices = 16,
    ClientCompile = 20,
    ClientBufferFromHostBuffer = 22,
    DeviceDescriptionId = 23,
    DeviceDescriptionKind = 26,
    DeviceGetDescription = 29,
    DeviceMemoryStats = 34,
    ExecutableDestroy = 40,
    ExecutableSerialize = 49,
    LoadedExecutableDestroy = 50,
    LoadedExecutableGetExecutable = 51,
    LoadedExecutableExecute = 55,
    ExecutableDeserializeAndLoad = 56,
    BufferDestroy = 58,
    BufferToHostBuffer = 70,
    TopologyCreate = 82,
    TopologyDestroy = 83,
    Compile = 89,
}

/// A struct that begins with its own size and a chain of extensions.
///
/// # Safety
/// The layout must be that of the C interface, and all zeros must be a value of it.
pub(super) unsafe trait Arguments: Sized {
    /// All zeros, and its size.
    fn new() -> Self {
        // SAFETY: the trait promises that zeros are a value, and that the size stands first.
        unsafe {
            let mut new: Self = std::mem::zeroed();
            std::ptr::from_mut(&mut new).cast::<usize>().write(size_of::<Self>());
            new
        }
    }
}

macro_rules! arguments {
    ($($name:ident { $($field:ident: $type:ty),* $(,)? })*) => {$(
        #[repr(C)]
        pub(super) struct $name {
            pub struct_size: usize,
            pub extensions: Handle,
            $(pub $field: $type,)*
        }
        // SAFETY: of C layout, and made of numbers and pointers.
        unsafe impl Arguments for $name {}
    )*};
}

/// 64-bit whole numbers without a sign, and floating-point numbers of 32 and 64 bits, as buffers name them.
pub(super) const U64: c_int = 9;
pub(crate) const F32: c_int = 11;
pub(crate) const F64: c_int = 12;
/// Texts, floating-point numbers of 32 bits and truths, as settings name them.
pub(super) const SETTING_TEXT: c_int = 0;
pub(super) const SETTING_F32: c_int = 3;
pub(super) const SETTING_BOOL: c_int = 4;
/// Of an error: there is too little memory.
pub(super) const RESOURCE_EXHAUSTED: c_int = 8;

arguments! {
    ErrorDestroy { error: Handle }
    ErrorMessage { error: Handle, message: *const c_char, message_size: usize }
    ErrorGetCode { error: Handle, code: c_int }
    PluginInitialize {}
    EventDestroy { event: Handle }
    EventAwait { event: Handle }
    ClientCreate {
        settings: *const Setting, num_settings: usize, kv_get: Handle, kv_get_arg: Handle, kv_put: Handle, kv_put_arg: Handle, client: Handle,
        kv_try_get: Handle, kv_try_get_arg: Handle,
    }
    // One of the settings that a client is made with. The value is a union of eight bytes.
    Setting { name: *const c_char, name_size: usize, kind: c_int, value: u64, value_size: usize }
    ClientDestroy { client: Handle }
    // Both names of a platform, and the kind of a device: a text that lives as long as what it is of.
    TextOf { of: Handle, text: *const c_char, size: usize }
    ClientAddressableDevices { client: Handle, devices: *const Handle, num_devices: usize }
    TopologyCreate {
        name: *const c_char, name_size: usize, settings: *const Setting, num_settings: usize, topology: Handle,
    }
    TopologyDestroy { topology: Handle }
    Compile {
        topology: Handle, program: *const Program, options: *const c_char, options_size: usize, client: Handle, executable: Handle,
    }
    Program { code: *const c_char, code_size: usize, format: *const c_char, format_size: usize }
    ClientCompile {
        client: Handle, program: *const Program, options: *const c_char, options_size: usize, executable: Handle,
    }
    ClientBufferFromHostBuffer {
        client: Handle, data: *const c_void, kind: c_int, dims: *const i64, num_dims: usize, strides: *const i64, num_strides: usize,
        // 0: `data` is read during the call alone.
        semantics: c_int, device: Handle, memory: Handle, layout: Handle, done: Handle, buffer: Handle,
    }
    DeviceDescriptionId { description: Handle, id: c_int }
    DeviceGetDescription { device: Handle, description: Handle }
    DeviceMemoryStats {
        device: Handle, in_use: i64, peak: i64, has_peak: bool, n_allocations: i64, has_n_allocations: bool, largest: i64, has_largest: bool,
        limit: i64, has_limit: bool, reserved: i64, has_reserved: bool, peak_reserved: i64, has_peak_reserved: bool,
        reservable: i64, has_reservable: bool, largest_free: i64, has_largest_free: bool, pool: i64, has_pool: bool,
        peak_pool: i64, has_peak_pool: bool,
    }
    ExecutableDestroy { executable: Handle }
    ExecutableSerialize {
        executable: Handle, bytes: *const c_char, size: usize, holder: Handle, delete: Option<unsafe extern "C" fn(Handle)>,
    }
    LoadedExecutableDestroy { executable: Handle }
    LoadedExecutableGetExecutable { loaded: Handle, executable: Handle }
    ExecutableDeserializeAndLoad {
        client: Handle, bytes: *const c_char, size: usize, loaded: Handle, options: *const c_char, options_size: usize, load_options: Handle,
    }
    ExecuteOptions {
        send: Handle, recv: Handle, num_send: usize, num_recv: usize, launch_id: c_int, kept: *const i64, num_kept: usize,
        context: Handle, call_location: *const c_char, num_tasks: usize, task_ids: Handle, incarnations: Handle, slices: Handle,
        major_to_minor: bool, callbacks: Handle, num_callbacks: usize,
    }
    LoadedExecutableExecute {
        executable: Handle, options: *mut ExecuteOptions, arguments: *const *const Handle, num_devices: usize, num_arguments: usize,
        outputs: *const *mut Handle, done: *mut Handle, device: Handle,
    }
    // The order of axes in memory, the last index running fastest first; a struct of its own stands within, and then the kind, 0.
    MemoryLayout {
        tiled_size: usize, tiled_extensions: Handle, minor_to_major: *const i64, rank: usize, tile_dims: *const i64,
        tile_sizes: *const usize, num_tiles: usize, kind: c_int,
    }
    BufferDestroy { buffer: Handle }
    BufferToHostBuffer { buffer: Handle, layout: Handle, data: *mut c_void, size: usize, event: Handle }
}

impl MemoryLayout {
    /// Of the struct within.
    pub const TILED_SIZE: usize = 7 * size_of::<usize>();
}

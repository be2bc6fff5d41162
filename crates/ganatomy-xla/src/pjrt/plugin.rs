//! A plugin: a shared library with one symbol, `GetPjrtApi`.

use std::ffi::c_void;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use libloading::Library;

use super::api::{
    Api, Arguments, Call, ErrorDestroy, ErrorGetCode, ErrorMessage, EventAwait, EventDestroy, Function,
    Handle, KNOWN, PluginInitialize, RESOURCE_EXHAUSTED,
};
use crate::XlaError;

/// A plugin that was loaded. It stays loaded: plugins do not bear to be closed.
#[derive(Clone, Debug)]
pub struct Plugin(Arc<Loaded>);

#[derive(Debug)]
struct Loaded {
    path: PathBuf,
    api: *const Api,
}

// SAFETY: the table is never written, and plugins take calls from any thread.
unsafe impl Send for Loaded {}
// SAFETY: as above.
unsafe impl Sync for Loaded {}

impl Plugin {
    /// Loads a plugin's file.
    ///
    /// # Errors
    /// A file that is no plugin, or one of another version of the interface.
    pub fn load(path: &Path) -> Result<Plugin, XlaError> {
        let refuse = |why: String| XlaError::Plugin { path: path.to_owned(), why };
        // SAFETY: whoever names a plugin lets its code run, as with any library.
        let library = unsafe { Library::new(path) }.map_err(|error| refuse(why(&error)))?;
        // SAFETY: the symbol has this type in every version of the interface.
        let api = unsafe {
            let get = library.get::<unsafe extern "C" fn() -> *const Api>(b"GetPjrtApi\0");
            get.map_err(|_| refuse("it has no symbol GetPjrtApi".to_owned()))?()
        };
        // Its threads and tables live on.
        std::mem::forget(library);
        if api.is_null() {
            return Err(refuse("it hands out no table of functions".to_owned()));
        }
        // SAFETY: a table that is there begins so.
        let (size, found) = unsafe { ((*api).struct_size, ((*api).version.major, (*api).version.minor)) };
        let needed = size_of::<Api>() + (Call::Compile as usize + 1) * size_of::<Function>();
        if found.0 != KNOWN.0 || found.1 < KNOWN.1 || size < needed {
            return Err(XlaError::Version { path: path.to_owned(), found, known: KNOWN });
        }
        let plugin = Plugin(Arc::new(Loaded { path: path.to_owned(), api }));
        plugin.call("begin", Call::PluginInitialize, &mut PluginInitialize::new())?;
        Ok(plugin)
    }

    /// Its file.
    pub fn path(&self) -> &Path {
        &self.0.path
    }

    /// Major and minor version of the interface that it speaks.
    pub fn version(&self) -> (i32, i32) {
        // SAFETY: checked when it was loaded.
        unsafe { ((*self.0.api).version.major, (*self.0.api).version.minor) }
    }

    fn function(&self, call: Call) -> Option<Function> {
        // SAFETY: the table is long enough for every call, which was checked when it was loaded.
        unsafe { self.0.api.add(1).cast::<Option<Function>>().add(call as usize).read() }
    }

    /// Calls a function; `what` says in an error what could not be done.
    pub(super) fn call<A: Arguments>(
        &self,
        what: &'static str,
        call: Call,
        arguments: &mut A,
    ) -> Result<(), XlaError> {
        let Some(function) = self.function(call) else {
            let message = "this plugin cannot do it".to_owned();
            return Err(XlaError::Refused { what, message, out_of_memory: false });
        };
        // SAFETY: the arguments have the layout of this function, and point to what lives during the call.
        let error = unsafe { function(std::ptr::from_mut(arguments).cast::<c_void>()) };
        if error.is_null() { Ok(()) } else { Err(self.told(what, error)) }
    }

    /// An error in words; it is gone afterwards.
    fn told(&self, what: &'static str, error: Handle) -> XlaError {
        let mut message = ErrorMessage { error, ..ErrorMessage::new() };
        let mut code = ErrorGetCode { error, ..ErrorGetCode::new() };
        let mut destroy = ErrorDestroy { error, ..ErrorDestroy::new() };
        let tell = |call, arguments: *mut c_void| {
            if let Some(function) = self.function(call) {
                // SAFETY: these three take their struct; what two of them answer means nothing or is no second error.
                unsafe { function(arguments) };
            }
        };
        tell(Call::ErrorMessage, std::ptr::from_mut(&mut message).cast());
        tell(Call::ErrorGetCode, std::ptr::from_mut(&mut code).cast());
        // SAFETY: the text lives as long as the error.
        let text = unsafe { text(message.message, message.message_size) };
        tell(Call::ErrorDestroy, std::ptr::from_mut(&mut destroy).cast());
        let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or("it does not say why");
        XlaError::Refused {
            what,
            message: line.trim().to_owned(),
            out_of_memory: code.code == RESOURCE_EXHAUSTED,
        }
    }

    /// Waits for an event, which is gone afterwards.
    pub(super) fn wait(&self, what: &'static str, event: Handle) -> Result<(), XlaError> {
        if event.is_null() {
            return Ok(());
        }
        let waited = self.call(what, Call::EventAwait, &mut EventAwait { event, ..EventAwait::new() });
        let gone = self.call(what, Call::EventDestroy, &mut EventDestroy { event, ..EventDestroy::new() });
        waited.and(gone)
    }
}

/// What the loader says: the system's own words where there are any.
fn why(error: &dyn std::error::Error) -> String {
    let said = error.source().map_or_else(|| error.to_string(), ToString::to_string);
    said.lines().next().unwrap_or_default().to_owned()
}

/// A text that a plugin tells of.
///
/// # Safety
/// `size` bytes must lie there, if the pointer is not null.
pub(super) unsafe fn text(start: *const std::ffi::c_char, size: usize) -> String {
    if start.is_null() {
        return String::new();
    }
    // SAFETY: the caller promises it.
    let bytes = unsafe { std::slice::from_raw_parts(start.cast::<u8>(), size) };
    String::from_utf8_lossy(bytes).into_owned()
}

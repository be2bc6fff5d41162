//! What can go wrong on a device.

use std::path::PathBuf;

/// A plugin, a device or a program that does not do what is asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum XlaError {
    /// A file that is no plugin.
    #[error("{} is no PJRT plugin: {why}", path.display())]
    Plugin {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// A plugin that speaks another version of the interface.
    #[error(
        "the plugin {} speaks PJRT {}.{}, and this program speaks {}.{} and later minor versions",
        path.display(), found.0, found.1, known.0, known.1
    )]
    Version {
        /// The file.
        path: PathBuf,
        /// Major and minor version of the plugin.
        found: (i32, i32),
        /// The versions that are known.
        known: (i32, i32),
    },
    /// A plugin that does not begin with what it is asked for.
    #[error("the plugin {} does not begin with the settings {settings}: {message}", path.display())]
    Options {
        /// The file.
        path: PathBuf,
        /// Their names.
        settings: String,
        /// Its first line about it.
        message: String,
    },
    /// A plugin without a device.
    #[error("the plugin {} offers no device on this machine", path.display())]
    NoDevice {
        /// The file.
        path: PathBuf,
    },
    /// Another number of devices than can be had.
    #[error(
        "{wanted} devices are asked for, and the plugin {} offers {found} on this machine: 1 to {found} can be had",
        path.display()
    )]
    Devices {
        /// The file.
        path: PathBuf,
        /// How many there are.
        found: usize,
        /// How many are asked for.
        wanted: usize,
    },
    /// The plugin refused.
    #[error("the device could not {what}: {message}")]
    Refused {
        /// What was asked.
        what: &'static str,
        /// Its first line about it.
        message: String,
        /// Is there too little memory on the device?
        out_of_memory: bool,
    },
    /// A wheel that cannot be unpacked.
    #[error("{} is no wheel: {why}", path.display())]
    Wheel {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// Wheels without a plugin.
    #[error("there is no PJRT plugin in {}", paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", "))]
    NoPlugin {
        /// The files.
        paths: Vec<PathBuf>,
    },
    /// A file that cannot be read or written.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// Why it failed.
        source: std::io::Error,
    },
    /// A program for a device that is not here.
    #[error("programs are compiled for a device that is not here, and cannot run")]
    NotHere,
    /// A compiled program of which a plugin does not list what it launches.
    #[error("the plugin does not list what its compiled programs launch")]
    Unread,
    /// A named tensor that is not there.
    #[error("there is no tensor named {name} on the device")]
    Missing {
        /// Its name.
        name: String,
    },
    /// A tensor with another number of values than its program has.
    #[error("tensor {name} has {found} values, and the program wants {wanted}")]
    Length {
        /// Its name.
        name: String,
        /// How many there are.
        found: usize,
        /// How many there must be.
        wanted: usize,
    },
}

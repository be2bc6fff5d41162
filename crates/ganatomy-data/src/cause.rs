//! Why a request did not give a file.

use std::io;
use std::path::PathBuf;

/// Why a request did not give the file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FetchCause {
    /// There is no mirror.
    #[error("there is no mirror to ask")]
    NoMirror,
    /// The server answered with a status other than 200.
    #[error("{url} answered with status {status}, wanted is 200")]
    Status {
        /// The address.
        url: String,
        /// The HTTP status.
        status: u16,
    },
    /// The server did not answer.
    #[error("no answer from {url}")]
    Unreachable {
        /// The address.
        url: String,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The connection ended too early.
    #[error("{url} was cut after {found} of {expected} bytes")]
    Cut {
        /// The address.
        url: String,
        /// Bytes on disk now.
        found: u64,
        /// Bytes of the whole file.
        expected: u64,
    },
    /// The server sent other data.
    #[error(
        "{url} gave other data than expected, which was thrown away: found {found}, wanted is {expected}"
    )]
    WrongData {
        /// The address.
        url: String,
        /// What was found: a SHA-256 or a length.
        found: String,
        /// What was wanted.
        expected: String,
    },
    /// The download could not be written.
    #[error("cannot write {}", file.display())]
    Disk {
        /// The file.
        file: PathBuf,
        /// Why.
        source: io::Error,
    },
}

#[cfg(feature = "fetch")]
impl FetchCause {
    /// Whether asking the same server again may help.
    pub(crate) fn may_pass(&self) -> bool {
        match self {
            FetchCause::Status { status, .. } => {
                *status >= 500 || matches!(status, 206 | 408 | 416 | 425 | 429)
            }
            FetchCause::Unreachable { .. } | FetchCause::Cut { .. } | FetchCause::WrongData { .. } => true,
            FetchCause::NoMirror | FetchCause::Disk { .. } => false,
        }
    }
}

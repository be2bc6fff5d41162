//! Checksums: by which a file is known to be what was written.

use sha2::{Digest, Sha256};

/// The SHA-256 of some bytes, 64 hex digits.
///
/// ```
/// let empty = ganatomy_record::sum(b"");
/// assert!(empty.len() == 64 && empty.starts_with("e3b0c442"));
/// ```
pub fn sum(bytes: &[u8]) -> String {
    sum_of([bytes])
}

/// The same of bytes that come a few at a time.
///
/// ```
/// let mut parts = ganatomy_record::Sum::default();
/// parts.add(b"a");
/// parts.add(b"b");
/// assert_eq!(parts.digits(), ganatomy_record::sum(b"ab"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Sum(Sha256);

impl Sum {
    /// Adds some more bytes.
    pub fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The 64 hex digits.
    pub fn digits(self) -> String {
        self.0.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The same of several parts, one after another.
pub(crate) fn sum_of<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut all = Sum::default();
    parts.into_iter().for_each(|part| all.add(part));
    all.digits()
}

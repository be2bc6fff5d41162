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

/// The same of several parts, one after another.
pub(crate) fn sum_of<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hash = Sha256::new();
    parts.into_iter().for_each(|part| hash.update(part));
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

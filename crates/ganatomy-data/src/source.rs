//! Where a public data set can be downloaded.

/// A data set that can be downloaded.
#[derive(Clone, Copy, Debug)]
pub struct Source {
    /// Its name, and that of the folder its files go to.
    pub name: &'static str,
    /// What torchvision calls the folder that it keeps the set in.
    pub torchvision: &'static str,
    /// Addresses to which a file's name is added, in order of preference.
    pub mirrors: &'static [&'static str],
    /// Its files.
    pub files: &'static [SourceFile],
}

/// One file of a source.
#[derive(Clone, Copy, Debug)]
pub struct SourceFile {
    /// Its name on the mirrors and on disk.
    pub name: &'static str,
    /// Its length.
    pub n_bytes: u64,
    /// Its checksum, 64 hex digits.
    pub sha256: &'static str,
}

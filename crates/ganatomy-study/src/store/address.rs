//! Where a study's store is.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::StudyError;

/// The store's file in a study's folder.
pub const FILE: &str = "study.sqlite";

/// Where a study's store is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// A file of this machine.
    Sqlite(PathBuf),
    /// A server, and the study's name there.
    Postgres {
        /// `postgres://USER@HOST/DATABASE`.
        url: String,
        /// The study.
        study: String,
    },
}

impl Address {
    /// Reads `postgres://USER@HOST/DATABASE#STUDY`, a study's folder, or the file of its store.
    ///
    /// # Errors
    /// A server without a study's name.
    pub fn parse(text: &str) -> Result<Address, StudyError> {
        if !text.starts_with("postgres://") && !text.starts_with("postgresql://") {
            let path = Path::new(text);
            let file = if path.is_dir() { path.join(FILE) } else { path.to_owned() };
            return Ok(Address::Sqlite(file));
        }
        match text.split_once('#') {
            Some((url, study)) if !study.is_empty() => {
                Ok(Address::Postgres { url: url.to_owned(), study: study.to_owned() })
            }
            _ => {
                let why =
                    "the study's name must stand after the address: postgres://USER@HOST/DATABASE#STUDY";
                Err(StudyError::Store {
                    store: text.to_owned(),
                    why: why.to_owned(),
                    passing: false,
                    request: true,
                })
            }
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Address::Sqlite(path) => write!(f, "{}", path.display()),
            Address::Postgres { url, study } => write!(f, "{url}#{study}"),
        }
    }
}

/// The file system of a path, where it is one of a network on which SQLite's locks cannot be relied on.
pub fn network_file_system(path: &Path) -> Option<&'static str> {
    #[cfg(target_os = "linux")]
    {
        // Numbers of statfs(2).
        const NETWORK: &[(u32, &str)] = &[
            (0x6969, "NFS"),
            (0x0BD0_0BD0, "Lustre"),
            (0xFE53_4D42, "SMB"),
            (0xFF53_4D42, "CIFS"),
            (0x517B, "SMB"),
            (0x4750_4653, "GPFS"),
            (0x1983_0326, "BeeGFS"),
            (0x00C3_6400, "Ceph"),
            (0x7461_636F, "OCFS2"),
            (0x5346_414F, "AFS"),
        ];
        let there = path.ancestors().find(|part| part.exists()).unwrap_or(Path::new("."));
        let there = if there.as_os_str().is_empty() { Path::new(".") } else { there };
        let kind = rustix::fs::statfs(there).ok()?.f_type as u32;
        NETWORK.iter().find(|(number, _)| *number == kind).map(|(_, name)| *name)
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = path;
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_files_or_servers_with_a_study() {
        let server = Address::Postgres { url: "postgres://a@b/c".to_owned(), study: "d".to_owned() };
        assert_eq!(Address::parse("postgres://a@b/c#d").unwrap(), server);
        assert_eq!(server.to_string(), "postgres://a@b/c#d");
        assert_eq!(Address::parse("x.sqlite").unwrap(), Address::Sqlite("x.sqlite".into()));
        assert!(Address::parse("postgres://a@b/c").unwrap_err().to_string().contains("#STUDY"));
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().to_str().unwrap();
        assert_eq!(Address::parse(folder).unwrap(), Address::Sqlite(place.path().join(FILE)));
        assert_eq!(network_file_system(place.path()), None);
    }
}

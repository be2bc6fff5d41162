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
        /// `postgres://USER@HOST/DATABASE`, without a password.
        url: String,
        /// The password that stood in it.
        password: Option<String>,
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
        let refuse = |why: &str| {
            let (url, _) = without_password(text);
            StudyError::Store { store: url, why: why.to_owned(), passing: false, request: true }
        };
        let study = "the study's name must stand after the address: postgres://USER@HOST/DATABASE#STUDY";
        let (url, study) =
            text.rsplit_once('#').filter(|(_, study)| !study.is_empty()).ok_or_else(|| refuse(study))?;
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ' ' | '+');
        if study.len() > LONGEST_STUDY || !study.chars().all(plain) {
            return Err(refuse(&format!(
                "on a server a study's name has at most {LONGEST_STUDY} bytes: letters, digits, spaces, \"-\", \"_\", \"+\" and \".\""
            )));
        }
        let (url, password) = without_password(url);
        Ok(Address::Postgres { url, password, study: study.to_owned() })
    }

    /// The password that stood in the address; workers get it in `PGPASSWORD`, where no list of processes shows it.
    pub fn password(&self) -> Option<&str> {
        match self {
            Address::Postgres { password, .. } => password.as_deref(),
            Address::Sqlite(_) => None,
        }
    }
}

/// A name of a schema has 63 bytes, of which nine are `ganatomy_`.
const LONGEST_STUDY: usize = 54;

/// An address without the password that stands in it, and the password.
fn without_password(url: &str) -> (String, Option<String>) {
    let parts = url.split_once("://").and_then(|(scheme, rest)| {
        let (login, host) = rest.split_once('@')?;
        let (user, password) = login.split_once(':')?;
        Some((format!("{scheme}://{user}@{host}"), Some(password.to_owned())))
    });
    parts.unwrap_or_else(|| (url.to_owned(), None))
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Address::Sqlite(path) => write!(f, "{}", path.display()),
            Address::Postgres { url, study, .. } => write!(f, "{url}#{study}"),
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
        let server = |password: Option<&str>| Address::Postgres {
            url: "postgres://a@b/c".to_owned(),
            password: password.map(str::to_owned),
            study: "d".to_owned(),
        };
        assert_eq!(Address::parse("postgres://a@b/c#d").unwrap(), server(None));
        let secret = Address::parse("postgres://a:s3cret@b/c#d").unwrap();
        assert_eq!((&secret, secret.password()), (&server(Some("s3cret")), Some("s3cret")));
        assert_eq!(secret.to_string(), "postgres://a@b/c#d");
        for refused in [
            "postgres://a:s3cret@b/c",
            "postgres://a:s3cret@b/c#x\"y",
            &format!("postgres://a@b/c#{}", "x".repeat(55)),
        ] {
            let why = Address::parse(refused).unwrap_err().to_string();
            assert!(!why.contains("s3cret") && why.contains("name"), "{why}");
        }
        assert_eq!(Address::parse("x.sqlite").unwrap(), Address::Sqlite("x.sqlite".into()));
        assert!(Address::parse("postgres://a@b/c").unwrap_err().to_string().contains("#STUDY"));
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().to_str().unwrap();
        assert_eq!(Address::parse(folder).unwrap(), Address::Sqlite(place.path().join(FILE)));
        assert_eq!(network_file_system(place.path()), None);
    }
}

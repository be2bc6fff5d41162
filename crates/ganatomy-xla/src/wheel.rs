//! Plugins unpacked from the wheels that vendors give them in.

use std::fs::{self, File};
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use zip::ZipArchive;
use zip::result::ZipError;

use crate::XlaError;
use crate::search::plugins;

/// The symbol that makes a library a plugin.
const SYMBOL: &[u8] = b"GetPjrtApi";

/// Unpacks wheels, one of which holds a plugin, together into a folder below `own` that has the name of that wheel's package: whole or not at
/// all, in the place of what was unpacked there before. Answers the plugin's file.
///
/// Further wheels are what the plugin needs beside it, such as NVIDIA's libraries.
///
/// # Errors
/// A file that is no wheel, wheels without a plugin, or a folder that cannot be written.
pub fn install(wheels: &[PathBuf], own: &Path) -> Result<PathBuf, XlaError> {
    let io = |action, path: &Path| {
        let path = path.to_owned();
        move |source| XlaError::Io { action, path, source }
    };
    fs::create_dir_all(own).map_err(io("make", own))?;
    let work = tempfile::Builder::new().prefix(".unpacking-").tempdir_in(own).map_err(io("write in", own))?;
    let [new, old] = ["new", "old"].map(|name| work.path().join(name));
    let mut package = None;
    for wheel in wheels {
        unpack(wheel, &new)?;
        if package.is_none() && plugins(&new).iter().any(|file| has_symbol(file)) {
            package = Some(package_of(wheel));
        }
    }
    let package = package.ok_or_else(|| XlaError::NoPlugin { paths: wheels.to_owned() })?;
    let place = own.join(package);
    if place.exists() {
        fs::rename(&place, &old).map_err(io("replace", &place))?;
    }
    fs::rename(&new, &place).map_err(io("write", &place))?;
    Ok(plugins(&place).into_iter().next().unwrap_or(place))
}

fn unpack(wheel: &Path, into: &Path) -> Result<(), XlaError> {
    let read = |source| XlaError::Io { action: "read", path: wheel.to_owned(), source };
    let refuse = |error: ZipError| match error {
        ZipError::Io(source) => XlaError::Io { action: "unpack", path: wheel.to_owned(), source },
        error => XlaError::Wheel { path: wheel.to_owned(), why: error.to_string() },
    };
    let file = File::open(wheel).map_err(read)?;
    ZipArchive::new(BufReader::new(file)).and_then(|mut archive| archive.extract(into)).map_err(refuse)
}

/// `jax_cuda13_pjrt` of `jax_cuda13_pjrt-0.11.2-py3-none-manylinux_2_27_x86_64.whl`.
fn package_of(wheel: &Path) -> String {
    let name = wheel.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    name.split('-').next().unwrap_or_default().to_owned()
}

/// A name alone makes no plugin. What cannot be read has no symbol either.
fn has_symbol(file: &Path) -> bool {
    let Ok(mut file) = File::open(file) else {
        return false;
    };
    // The end of each piece is read again, since the symbol may lie across.
    let (mut piece, mut kept) = (vec![0; 1 << 20], 0);
    while let Ok(n @ 1..) = file.read(&mut piece[kept..]) {
        let n = kept + n;
        if piece[..n].windows(SYMBOL.len()).any(|bytes| bytes == SYMBOL) {
            return true;
        }
        kept = n.min(SYMBOL.len() - 1);
        piece.copy_within(n - kept..n, 0);
    }
    false
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    const PLUGIN: &str = "jax_plugins/xla_cuda13/xla_cuda_plugin.so";

    fn wheel(folder: &Path, name: &str, files: &[(&str, &[u8])]) -> PathBuf {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
            zip.write_all(bytes).unwrap();
        }
        let path = folder.join(name);
        fs::write(&path, zip.finish().unwrap().into_inner()).unwrap();
        path
    }

    /// A library whose symbol lies across two pieces.
    fn library(version: u8) -> Vec<u8> {
        let mut bytes = vec![version; (1 << 20) - 4];
        bytes.extend_from_slice(SYMBOL);
        bytes.push(version);
        bytes
    }

    #[test]
    fn a_wheel_takes_the_place_of_its_older_version() {
        let folder = tempfile::tempdir().unwrap();
        let own = folder.path().join("plugins");
        for version in [1, 2] {
            let bytes = library(version);
            let name = format!("jax_cuda13_pjrt-0.{version}-py3-none-any.whl");
            let plugin = wheel(folder.path(), &name, &[(PLUGIN, &bytes)]);
            let beside =
                wheel(folder.path(), "nvidia_x-1-py3-none-any.whl", &[("nvidia/lib/libx.so.1", b"x")]);
            let file = install(&[beside, plugin], &own).unwrap();
            assert_eq!(file, own.join("jax_cuda13_pjrt").join(PLUGIN));
            assert_eq!(fs::read(file).unwrap(), bytes);
            assert!(own.join("jax_cuda13_pjrt/nvidia/lib/libx.so.1").is_file());
            assert_eq!(fs::read_dir(&own).unwrap().count(), 1);
        }
    }

    fn check(wheel: PathBuf, said: &str) {
        let folder = tempfile::tempdir().unwrap();
        let error = install(&[wheel], folder.path()).unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn what_holds_no_plugin_is_refused_and_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        check(wheel(path, "a-1-py3-none-any.whl", &[("a/__init__.py", b"")]), "no PJRT plugin in");
        check(wheel(path, "b-1-py3-none-any.whl", &[(PLUGIN, b"no symbol")]), "no PJRT plugin in");
        fs::write(path.join("c.whl"), "text").unwrap();
        check(path.join("c.whl"), "c.whl is no wheel");
        check(path.join("none.whl"), "cannot read");
        // Nothing is written outside of the folder.
        check(wheel(path, "d-1-py3-none-any.whl", &[("../../d.so", b"GetPjrtApi")]), "d-1-py3-none-any.whl");
    }
}

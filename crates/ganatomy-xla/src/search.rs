//! Where plugins are: in a file that is named, in our own folder, among the packages of Python.

use std::fmt;
use std::path::{Path, PathBuf};

/// Packages that hold plugins, by a part of their folder's name.
const PACKAGES: [&str; 4] = ["jax_plugins", "libtpu", "pjrt", "xla"];
/// How deep a plugin lies in its package.
const DEPTH: usize = 3;

/// Where plugins are looked for, in this order.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// The file that a variable names.
    pub variable: Option<PathBuf>,
    /// Our own folder, into which [`install`](crate::install) unpacks wheels.
    pub own: PathBuf,
    /// Folders of Python's packages.
    pub packages: Vec<PathBuf>,
}

/// A plugin's file, and how it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The file.
    pub file: PathBuf,
    /// How it was found.
    pub by: By,
}

/// How a plugin was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// A variable names it.
    Variable,
    /// It lies in our own folder.
    Own,
    /// It is among Python's packages.
    Python,
}

impl fmt::Display for By {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            By::Variable => "the variable",
            By::Own => "our own folder",
            By::Python => "Python's packages",
        })
    }
}

impl Search {
    /// All plugins that there are, each once. The file that the variable names is told of whether it is there or not.
    pub fn found(&self) -> Vec<Found> {
        let by = |by: By| move |file: PathBuf| Found { file, by };
        let own = folders(&self.own).into_iter().flat_map(|wheel| plugins(&wheel));
        let python = self.packages.iter().flat_map(|folder| plugins(folder));
        let named = self.variable.iter().cloned().map(by(By::Variable));
        let all = named.chain(own.map(by(By::Own))).chain(python.map(by(By::Python)));
        let mut seen = Vec::new();
        all.filter(|found| {
            let real = found.file.canonicalize().unwrap_or_else(|_| found.file.clone());
            let is_new = !seen.contains(&real);
            seen.push(real);
            is_new
        })
        .collect()
    }
}

/// The folders of packages under the folder that a Python is installed in.
pub fn packages_of(prefix: &Path) -> Vec<PathBuf> {
    let below = folders(&prefix.join("lib")).into_iter().filter(|folder| name(folder).starts_with("python"));
    let names = ["site-packages", "dist-packages"];
    let unix = below.flat_map(|lib| names.map(|name| lib.join(name)));
    unix.chain([prefix.join("Lib/site-packages")]).filter(|folder| folder.is_dir()).collect()
}

/// The plugins among packages, by name.
pub(crate) fn plugins(packages: &Path) -> Vec<PathBuf> {
    let named = |folder: &PathBuf| PACKAGES.iter().any(|package| name(folder).contains(package));
    let mut found = Vec::new();
    for package in folders(packages).iter().filter(|folder| named(folder)) {
        walk(package, DEPTH, &mut found);
    }
    found.sort();
    found
}

fn walk(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) {
    found.extend(entries(folder).into_iter().filter(|path| path.is_file() && is_plugin(path)));
    if depth > 1 {
        folders(folder).iter().for_each(|folder| walk(folder, depth - 1, found));
    }
}

/// Is this the name of a plugin's file, such as `xla_cuda_plugin.so`, `pjrt_c_api_cpu_plugin.so` or `libtpu.so`?
fn is_plugin(path: &Path) -> bool {
    let name = name(path);
    let is_library = [".so", ".dylib", ".dll"].iter().any(|end| name.ends_with(end));
    let is_named = name.contains("pjrt") || (name.contains("xla") && name.contains("plugin"));
    is_library && (is_named || name.starts_with("libtpu."))
}

fn folders(folder: &Path) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = entries(folder).into_iter().filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

/// What cannot be read holds nothing.
fn entries(folder: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn file(root: &Path, path: &str) -> PathBuf {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, "").unwrap();
        path
    }

    #[test]
    fn plugins_are_found_in_order_and_once() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        let cuda = file(root, "venv/lib/python3.12/site-packages/jax_plugins/xla_cuda13/xla_cuda_plugin.so");
        let tpu = file(root, "venv/lib/python3.12/site-packages/libtpu/libtpu.so");
        let own = file(root, "own/cpu/some_jax_pjrt_cpu/pjrt_c_api_cpu_plugin.so");
        for other in [
            "venv/lib/python3.12/site-packages/jaxlib/xla_client.so",
            "venv/lib/python3.12/site-packages/jax_plugins/xla_cuda13/_versions.so",
            "venv/lib/python3.12/site-packages/torch/lib/pjrt_plugin.so",
        ] {
            file(root, other);
        }
        let packages = packages_of(&root.join("venv"));
        assert_eq!(packages.len(), 1);
        let search = Search { variable: Some(tpu.clone()), own: root.join("own"), packages };
        let found: Vec<_> = search.found().into_iter().map(|found| (found.file, found.by)).collect();
        assert_eq!(found, [(tpu, By::Variable), (own, By::Own), (cuda, By::Python)]);
        assert_eq!(Search::default().found(), []);
    }
}

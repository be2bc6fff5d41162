//! Tables of reference numbers, as the scripts of `xtask/reference/` write them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ganatomy_data::{DataContext, Images};
use ganatomy_record::RunSpec;

use crate::{Plan, Registry};

/// Numbers by the name of their tensor or reading, row-major.
pub(super) type Numbers = BTreeMap<String, Vec<f64>>;

/// The reference numbers of one method.
pub(super) struct Table {
    /// The kind of the method.
    pub kind: String,
    /// The method's name, and after two dashes, where there are several tables, what this one shows.
    pub name: String,
    /// What is played.
    pub spec: RunSpec,
    /// What goes in before the first step; everything else is zero.
    pub before: Numbers,
    /// What there is after each step.
    pub after: Vec<Numbers>,
    /// The shape of the pictures that are played with, where it is pictures.
    pictures: Option<[usize; 3]>,
    /// How many pictures are held out.
    held_out: usize,
    /// How many of each class there are among a few of them; empty where they have no classes.
    classes: Vec<usize>,
}

impl Table {
    fn read(kind: &str, path: &Path) -> Table {
        let text = std::fs::read_to_string(path).unwrap();
        let table: toml::Table = text.parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let spec = table.get("spec").and_then(toml::Value::as_str).unwrap_or_default();
        let list = |name: &str| table.get(name).and_then(toml::Value::as_array).cloned();
        let counts = |all: Vec<toml::Value>| -> Vec<usize> {
            all.iter().map(|n| n.as_integer().unwrap() as usize).collect()
        };
        let after: Vec<Numbers> = list("after").unwrap_or_default().iter().map(numbers).collect();
        // A table of nothing would agree with everything.
        let enough = if ["probe", "look", "score"].contains(&kind) { 1 } else { 5 };
        assert!(after.len() >= enough, "{} tells {} steps", path.display(), after.len());
        Table {
            kind: kind.to_owned(),
            name: stem(path),
            spec: RunSpec::parse(spec, &path.display().to_string()).unwrap(),
            before: table.get("before").map(numbers).unwrap_or_default(),
            after,
            pictures: list("pictures").map(|shape| counts(shape)[..].try_into().unwrap()),
            held_out: table.get("held_out").and_then(toml::Value::as_integer).unwrap_or(0) as usize,
            classes: list("classes").map(counts).unwrap_or_default(),
        }
    }

    /// The name of the method's row.
    pub fn row(&self) -> &str {
        self.name.split("--").next().unwrap_or_default()
    }

    /// The plan of the spec, on pictures where the table asks for them.
    pub fn plan(&self) -> Plan {
        let Some(shape) = self.pictures else {
            return Plan::new(&self.spec, &DataContext::default()).unwrap();
        };
        let n = 60;
        let bytes = |n: usize, byte: fn(usize) -> usize| -> Vec<u8> {
            (0..n * shape.iter().product::<usize>()).map(|i| byte(i) as u8).collect()
        };
        let mut images = Images::new(shape, bytes(n, |i| 37 * i % 251)).unwrap();
        if self.held_out > 0 {
            let other = Images::new(shape, bytes(self.held_out, |i| (53 * i + 11) % 251)).unwrap();
            images = images.with_held_out(other);
        }
        if !self.classes.is_empty() {
            let some = (0..).zip(&self.classes).flat_map(|(class, n)| std::iter::repeat_n(class, *n));
            images = images.with_labels(some.cycle().take(n).collect(), self.classes.len()).unwrap();
        }
        Plan::with_data(&self.spec, images, &Registry::builtin()).unwrap()
    }
}

fn numbers(table: &toml::Value) -> Numbers {
    let number = |x: &toml::Value| x.as_float().or_else(|| x.as_integer().map(|n| n as f64)).unwrap();
    let list = |x: &toml::Value| match x.as_array() {
        Some(all) => all.iter().map(number).collect(),
        None => vec![number(x)],
    };
    table.as_table().unwrap().iter().map(|(name, x)| (name.clone(), list(x))).collect()
}

/// Where the table of a row belongs.
pub(super) fn place(kind: &str, name: &str) -> String {
    let of = if kind == "probe" { "train" } else { "game" };
    format!("crates/ganatomy-{of}/reference/{}/{name}.toml", kind.replace(' ', "-"))
}

/// Every table, from the folder `reference/` of each crate that has one.
pub(super) fn all() -> Vec<Table> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut all = Vec::new();
    for folder in ["game", "score", "train"] {
        for kind in files(&crates.join(format!("ganatomy-{folder}/reference"))) {
            let name = stem(&kind).replace('-', " ");
            all.extend(files(&kind).iter().map(|path| Table::read(&name, path)));
        }
    }
    all
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap().to_string_lossy().into_owned()
}

/// What lies in a folder, by name; nothing where there is no such folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

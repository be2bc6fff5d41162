//! The data that another program's samples are held beside.

use std::path::Path;

use ganatomy_data::folder::FolderSpec;
use ganatomy_data::{DataContext, DataSpec, Dataset, Silent, read};
use ganatomy_record::{RunSpec, nearest};
use ganatomy_train::Registry;

use crate::cli::failure::Failure;
use crate::cli::places;

/// Items that are held beside samples, at least.
const FEWEST: usize = 20;

/// Data that samples cannot be held beside.
#[derive(Debug, thiserror::Error)]
enum Wrong {
    #[error("--data {name} reads images as squares of 8 to 512 pixels, and the samples are {w} x {h}")]
    Square { name: String, w: usize, h: usize },
    #[error("--data {name} is neither a folder nor a data set{}", nearest.as_ref().map(|name| format!("; did you mean {name}?")).unwrap_or_default())]
    Unknown { name: String, nearest: Option<String> },
    #[error("items of --data {name} have shape {found:?}, and the samples {asked:?}")]
    Shape { name: String, found: Vec<usize>, asked: Vec<usize> },
    #[error("--data {name} holds {n} images, and at least {FEWEST} are needed to hold samples beside")]
    Few { name: String, n: usize },
}

/// A folder of images, read at the samples' size, or a data set by its name.
///
/// # Shapes
/// - item: height, width, channels
pub(super) fn data(name: &str, item: [usize; 3], registry: &Registry) -> Result<Box<dyn Dataset>, Failure> {
    let is_folder = Path::new(name).is_dir();
    let context = DataContext {
        data_dir: places::data(None, None, Some(name)),
        cache_dir: places::cache(),
        threads: std::thread::available_parallelism().map_or(1, usize::from),
        progress: &Silent,
    };
    let set = if is_folder { folder(name, item, &context)? } else { named(name, registry, &context)? };
    if set.item_shape() != item {
        let (found, asked) = (set.item_shape().to_vec(), item.to_vec());
        return Err(Failure::request(Wrong::Shape { name: name.to_owned(), found, asked }));
    }
    match set.n_items() {
        Some(n) if n < FEWEST => Err(Failure::request(Wrong::Few { name: name.to_owned(), n })),
        _ => Ok(set),
    }
}

fn folder(
    name: &str,
    [h, w, channels]: [usize; 3],
    context: &DataContext<'_>,
) -> Result<Box<dyn Dataset>, Failure> {
    if h != w || !(8..=512).contains(&h) {
        return Err(Failure::request(Wrong::Square { name: name.to_owned(), w, h }));
    }
    let mut spec = RunSpec::parse("", "--data").map_err(Failure::request)?;
    let path = toml::Value::String(name.to_owned());
    for set in [format!("path={path}"), format!("size={h}"), format!("channels={channels}")] {
        spec.set(&set).map_err(Failure::request)?;
    }
    let folder = FolderSpec::read(&mut spec.root()).map_err(Failure::request)?;
    folder.build(context).map_err(Failure::request)
}

fn named(name: &str, registry: &Registry, context: &DataContext<'_>) -> Result<Box<dyn Dataset>, Failure> {
    let known: Vec<&str> =
        registry.data.iter().map(|row| row.name()).filter(|name| *name != "folder").collect();
    if !known.contains(&name) {
        let nearest = nearest(name, known.iter().copied()).map(str::to_owned);
        return Err(Failure::request(Wrong::Unknown { name: name.to_owned(), nearest }));
    }
    let mut spec = RunSpec::parse("", "--data").map_err(Failure::request)?;
    spec.set(&format!("kind={name}")).map_err(Failure::request)?;
    let set = read(&registry.data, &mut spec.root()).map_err(Failure::request)?;
    set.build(context).map_err(Failure::request)
}

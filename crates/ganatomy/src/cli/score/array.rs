//! Samples or features from a file.

use std::path::Path;

use ganatomy_record::{NpyFile, NpyNumbers, npz_of, read_whole, sum};
use ganatomy_tensor::Store;

use super::Wrong;
use crate::cli::failure::Failure;

/// How the names of files end that hold arrays.
const ENDS: [&str; 3] = ["npy", "npz", "safetensors"];

/// Numbers that are looked at together, at least.
const SOME: usize = 1 << 18;

/// Items of one shape: images `[height, width, channels]` in `[-1, 1]`, or rows of numbers `[dims]`.
pub(super) struct Array {
    pub item: Vec<usize>,
    pub n: usize,
    numbers: Numbers,
    pub hash: String,
}

/// Where the numbers are.
enum Numbers {
    Held(Vec<f32>),
    /// In a file, which may be larger than the memory.
    Lying(NpyFile),
}

impl Numbers {
    /// Adds `n` numbers from number `start` on.
    fn add(&self, start: usize, n: usize, to: &mut Vec<f32>) -> Result<(), Failure> {
        match self {
            Numbers::Held(all) => to.extend_from_slice(&all[start..start + n]),
            Numbers::Lying(file) => to.extend(floats(file.numbers(start, n).map_err(Failure::run)?)),
        }
        Ok(())
    }
}

/// Bytes are levels of images.
fn floats(numbers: NpyNumbers) -> Vec<f32> {
    match numbers {
        NpyNumbers::Floats(values) => values,
        NpyNumbers::Bytes(bytes) => bytes.iter().map(|x| f32::from(*x) / 127.5 - 1.0).collect(),
    }
}

impl Array {
    /// Is it the path of such a file, and which array in it is named?
    pub fn path(text: &str) -> Option<(&Path, Option<&str>)> {
        let is_array =
            |path: &Path| path.extension().is_some_and(|end| ENDS.iter().any(|known| end == *known));
        if let Some((path, name)) = text.rsplit_once(':')
            && Path::new(path).extension().is_some_and(|end| end == "npz")
        {
            return Some((Path::new(path), Some(name)));
        }
        Some((Path::new(text), None)).filter(|(path, _)| is_array(path))
    }

    /// Reads an array: `[n, dims]` are features or points; `[n, h, w]` and `[n, h, w, c]` images, bytes or in `[-1, 1]`.
    pub fn read(path: &Path, name: Option<&str>) -> Result<Array, Failure> {
        let wrong = |why: String| Failure::request(Wrong::Array { path: path.to_owned(), why });
        let (shape, is_bytes, numbers, hash) = match path.extension().and_then(|end| end.to_str()) {
            Some("npy") => {
                let file = NpyFile::open(path).map_err(Failure::request)?;
                let hash = file.sum().map_err(Failure::request)?;
                (file.shape().to_vec(), file.is_bytes(), Numbers::Lying(file), hash)
            }
            end => {
                let bytes = read_whole(path).map_err(Failure::request)?;
                let (shape, is_bytes, values) = match end {
                    Some("npz") => {
                        let array = npz_of(path, &bytes, name).map_err(Failure::request)?;
                        let is_bytes = matches!(array.numbers, NpyNumbers::Bytes(_));
                        (array.shape, is_bytes, floats(array.numbers))
                    }
                    _ => safetensors(&bytes).map_err(wrong)?,
                };
                (shape, is_bytes, Numbers::Held(values), sum(&bytes))
            }
        };
        let item = match *shape.as_slice() {
            [_, dims] if !is_bytes => vec![dims],
            [_, h, w] => vec![h, w, 1],
            [_, h, w, c @ (1 | 3)] => vec![h, w, c],
            _ => {
                let wanted = "[n, numbers], [n, height, width] or [n, height, width, 1 or 3]";
                return Err(wrong(format!("its shape must be {wanted}, found {shape:?}")));
            }
        };
        let array = Array { item, n: shape[0], numbers, hash };
        if array.size() == 0 || array.n < 2 {
            return Err(wrong(format!("it must hold two items or more, found shape {shape:?}")));
        }
        array.check()?.map_or(Ok(array), |why| Err(wrong(why)))
    }

    /// Numbers of an item.
    fn size(&self) -> usize {
        self.item.iter().product()
    }

    /// Why its numbers cannot be used, if they cannot.
    fn check(&self) -> Result<Option<String>, Failure> {
        let (size, mut some) = (self.size(), Vec::new());
        let step = SOME.div_ceil(size);
        for first in (0..self.n).step_by(step) {
            some.clear();
            self.numbers.add(first * size, step.min(self.n - first) * size, &mut some)?;
            if let Some(at) = some.iter().position(|x| !x.is_finite()) {
                let (item, x) = (first + at / size, some[at]);
                return Ok(Some(format!("item {item} holds {x}, which is no finite number")));
            }
            if self.item.len() == 3
                && let Some(x) = some.iter().find(|x| x.abs() > 1.0 + 1e-4)
            {
                return Ok(Some(format!(
                    "floats of images must be in [-1, 1] (bytes are read too), found {x}"
                )));
            }
        }
        Ok(None)
    }

    /// Some of the items, one after another.
    pub fn items(&self, which: &[usize]) -> Result<Vec<f32>, Failure> {
        let mut items = Vec::with_capacity(which.len() * self.size());
        which.iter().try_for_each(|i| self.numbers.add(i * self.size(), self.size(), &mut items))?;
        Ok(items)
    }
}

/// The one array of a file, which holds floats.
fn safetensors(bytes: &[u8]) -> Result<(Vec<usize>, bool, Vec<f32>), String> {
    let mut store = Store::<f32>::new();
    store.load_safetensors(bytes).map_err(|error| error.to_string())?;
    let mut all = store.iter();
    match (all.next(), all.next()) {
        (Some((_, one)), None) => Ok((one.shape().to_vec(), false, one.values().to_vec())),
        (None, _) => Err("it holds no array".to_owned()),
        _ => Err("it holds several arrays; one is read".to_owned()),
    }
}

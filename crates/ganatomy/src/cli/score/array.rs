//! Samples or features from a file.

use std::path::Path;

use ganatomy_record::{NpyArray, NpyNumbers, npy_of, npz_of, read_whole, sum};
use ganatomy_tensor::Store;

use super::Wrong;
use crate::cli::failure::Failure;

/// How the names of files end that hold arrays.
const ENDS: [&str; 3] = ["npy", "npz", "safetensors"];

/// Items of one shape: images `[height, width, channels]` in `[-1, 1]`, or rows of numbers `[dims]`.
pub(super) struct Array {
    pub item: Vec<usize>,
    pub n: usize,
    pub values: Vec<f32>,
    pub hash: String,
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
        let bytes = read_whole(path).map_err(Failure::request)?;
        let hash = sum(&bytes);
        let numbers = |array: NpyArray| match array.numbers {
            NpyNumbers::Floats(values) => (array.shape, values, false),
            NpyNumbers::Bytes(bytes) => {
                (array.shape, bytes.iter().map(|x| f32::from(*x) / 127.5 - 1.0).collect(), true)
            }
        };
        let (shape, values, is_bytes) = match path.extension().and_then(|end| end.to_str()) {
            Some("npy") => numbers(npy_of(path, &bytes).map_err(Failure::request)?),
            Some("npz") => numbers(npz_of(path, &bytes, name).map_err(Failure::request)?),
            _ => {
                let mut store = Store::<f32>::new();
                store.load_safetensors(&bytes).map_err(|error| wrong(error.to_string()))?;
                let mut all = store.iter();
                match (all.next(), all.next()) {
                    (Some((_, one)), None) => (one.shape().to_vec(), one.values().to_vec(), false),
                    (None, _) => return Err(wrong("it holds no array".to_owned())),
                    _ => return Err(wrong("it holds several arrays; one is read".to_owned())),
                }
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
        let size: usize = item.iter().product();
        if let Some(at) = values.iter().position(|x| !x.is_finite()) {
            return Err(wrong(format!(
                "item {} holds {}, which is no finite number",
                at / size.max(1),
                values[at]
            )));
        }
        if size == 0 || shape[0] < 2 {
            return Err(wrong(format!("it must hold two items or more, found shape {shape:?}")));
        }
        if item.len() == 3
            && let Some(x) = values.iter().find(|x| x.abs() > 1.0 + 1e-4)
        {
            return Err(wrong(format!(
                "floats of images must be in [-1, 1] (bytes are read too), found {x}"
            )));
        }
        Ok(Array { item, n: shape[0], values, hash })
    }
}

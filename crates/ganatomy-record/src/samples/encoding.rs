//! Samples as safetensors, the same bytes for the same samples.

use std::path::Path;

use safetensors::tensor::{Dtype, TensorView};
use safetensors::{SafeTensorError, SafeTensors};

use super::{SampleContent, Surface};
use crate::RecordError;
use crate::sum::sum_of;

/// Tensors `generated` and, where there are any, `real`; for points also `surface` and `extent`; metadata `step`, `kind` and the
/// SHA-256 of all of it.
pub(super) fn encode(step: u64, content: &SampleContent) -> Result<Vec<u8>, RecordError> {
    let arrays = arrays(content);
    for array in &arrays {
        array.check()?;
    }
    let encoded = arrays
        .iter()
        .map(Array::view)
        .collect::<Result<Vec<_>, _>>()
        .and_then(|views| safetensors::serialize(views, None))
        .map_err(|e| RecordError::damaged(Path::new("the sample file"), e))?;
    let kind = match content {
        SampleContent::Points { .. } => "points",
        SampleContent::Images { .. } => "images",
    };
    let mut parts: Vec<Part<'_>> =
        arrays.iter().map(|array| (array.name, array.dtype, &array.shape[..], &array.bytes[..])).collect();
    Ok(describe(&encoded, kind, step, &sum_with(kind, step, &mut parts)))
}

/// An array's name, type, shape and bytes.
type Part<'a> = (&'a str, Dtype, &'a [usize], &'a [u8]);

/// The sum of everything that a file of samples says.
fn sum_with(kind: &str, step: u64, arrays: &mut [Part<'_>]) -> String {
    arrays.sort_by_key(|(name, ..)| name.to_owned());
    let mut header = format!("{kind} {step}\n");
    for (name, dtype, shape, _) in arrays.iter() {
        header.push_str(&format!("{name} {dtype:?} {shape:?}\n"));
    }
    sum_of(std::iter::once(header.as_bytes()).chain(arrays.iter().map(|(.., bytes)| *bytes)))
}

/// Is the file what was written? Files of before there were sums cannot tell.
fn check_sum(
    tensors: &SafeTensors<'_>,
    kind: &str,
    step: u64,
    wanted: Option<&String>,
) -> Result<(), String> {
    let views = tensors.tensors();
    let mut parts: Vec<Part<'_>> =
        views.iter().map(|(name, view)| (name.as_str(), view.dtype(), view.shape(), view.data())).collect();
    match wanted.is_none_or(|wanted| *wanted == sum_with(kind, step, &mut parts)) {
        true => Ok(()),
        false => Err("its numbers are not those that were written".to_owned()),
    }
}

/// The step and the samples, or what is wrong.
pub(super) fn decode(bytes: &[u8]) -> Result<(u64, SampleContent), String> {
    let (_, header) = SafeTensors::read_metadata(bytes).map_err(|e| e.to_string())?;
    let tensors = SafeTensors::deserialize(bytes).map_err(|e| e.to_string())?;
    let note = |name: &str| {
        let notes = header.metadata().as_ref();
        notes.and_then(|notes| notes.get(name)).ok_or_else(|| format!("it has no {name}"))
    };
    let step = note("step")?.parse().map_err(|_| "its step is not a number".to_owned())?;
    check_sum(&tensors, note("kind")?, step, note("sha256").ok())?;
    let content = match note("kind")?.as_str() {
        "points" => points(&tensors)?,
        "images" => images(&tensors)?,
        kind => return Err(format!("its kind \"{kind}\" is not known")),
    };
    Ok((step, content))
}

struct Array {
    name: &'static str,
    dtype: Dtype,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

impl Array {
    fn floats(name: &'static str, shape: &[usize], numbers: impl Iterator<Item = f32>) -> Array {
        let bytes = numbers.flat_map(f32::to_le_bytes).collect();
        Array { name, dtype: Dtype::F32, shape: shape.to_vec(), bytes }
    }

    fn check(&self) -> Result<(), RecordError> {
        let found = self.bytes.len() * 8 / self.dtype.bitsize();
        RecordError::check_shape(self.name, found, &self.shape)
    }

    fn view(&self) -> Result<(&str, TensorView<'_>), SafeTensorError> {
        let view = TensorView::new(self.dtype, self.shape.clone(), &self.bytes);
        view.map(|view| (self.name, view))
    }
}

fn arrays(content: &SampleContent) -> Vec<Array> {
    let points =
        |name, points: &[[f32; 2]]| Array::floats(name, &[points.len(), 2], points.iter().flatten().copied());
    match content {
        SampleContent::Points { real, generated, surface } => {
            let mut arrays = vec![points("real", real), points("generated", generated)];
            if let Some(Surface { width, height, extent, logits }) = surface {
                let logits = logits.iter().copied();
                arrays.push(Array::floats("surface", &[*height, *width], logits));
                arrays.push(Array::floats("extent", &[4], extent.iter().copied()));
            }
            arrays
        }
        SampleContent::Images { n, height, width, channels, pixels, real } => {
            let images = |name, n: usize, pixels: &[u8]| {
                let (shape, bytes) = (vec![n, *height, *width, *channels], pixels.to_vec());
                Array { name, dtype: Dtype::U8, shape, bytes }
            };
            let n_real = real.len() / (height * width * channels).max(1);
            let real = (!real.is_empty()).then(|| images("real", n_real, real));
            [images("generated", *n, pixels)].into_iter().chain(real).collect()
        }
    }
}

/// Adds the metadata to a safetensors file that has none.
///
/// The crate would write it from a hash map, whose order changes from run to run.
fn describe(encoded: &[u8], kind: &str, step: u64, sum: &str) -> Vec<u8> {
    // A length of 8 bytes, so many bytes of JSON object, and the data.
    let (length, rest) = encoded.split_at(8);
    let length = length.iter().rev().fold(0, |length, byte| length << 8 | usize::from(*byte));
    let (header, data) = rest.split_at(length);
    let notes = format!(r#"{{"__metadata__":{{"kind":"{kind}","sha256":"{sum}","step":"{step}"}},"#);
    let mut described = [notes.as_bytes(), &header[1..]].concat();
    described.resize(described.len().next_multiple_of(8), b' ');
    [&(described.len() as u64).to_le_bytes(), &described[..], data].concat()
}

fn points(tensors: &SafeTensors<'_>) -> Result<SampleContent, String> {
    let surface = match tensors.tensor("surface") {
        Err(_) => None,
        Ok(_) => Some(surface(tensors)?),
    };
    let (real, generated) = (pairs(tensors, "real")?, pairs(tensors, "generated")?);
    Ok(SampleContent::Points { real, generated, surface })
}

fn surface(tensors: &SafeTensors<'_>) -> Result<Surface, String> {
    let ([height, width], logits) = floats(tensors, "surface")?;
    let ([_], extent) = floats(tensors, "extent")?;
    let extent = extent.try_into().map_err(|_| "its extent is not four numbers".to_owned())?;
    Ok(Surface { width, height, extent, logits })
}

fn pairs(tensors: &SafeTensors<'_>, name: &str) -> Result<Vec<[f32; 2]>, String> {
    match floats(tensors, name)? {
        ([_, 2], numbers) => Ok(numbers.chunks_exact(2).map(|pair| [pair[0], pair[1]]).collect()),
        ([_, n], _) => Err(format!("its {name} are points of {n} numbers instead of 2")),
    }
}

fn floats<const N: usize>(tensors: &SafeTensors<'_>, name: &str) -> Result<([usize; N], Vec<f32>), String> {
    let (shape, bytes) = array(tensors, name, Dtype::F32)?;
    let number = |b: &[u8]| f32::from_le_bytes([b[0], b[1], b[2], b[3]]);
    Ok((shape, bytes.chunks_exact(4).map(number).collect()))
}

fn images(tensors: &SafeTensors<'_>) -> Result<SampleContent, String> {
    let ([n, height, width, channels], pixels) = array(tensors, "generated", Dtype::U8)?;
    let real = match tensors.tensor("real") {
        Err(_) => Vec::new(),
        Ok(_) => match array(tensors, "real", Dtype::U8)? {
            ([_, h, w, c], real) if [h, w, c] == [height, width, channels] => real.to_vec(),
            ([_, h, w, c], _) => {
                return Err(format!(
                    "its real images are {h}x{w}x{c} and its generated ones {height}x{width}x{channels}"
                ));
            }
        },
    };
    Ok(SampleContent::Images { n, height, width, channels, pixels: pixels.to_vec(), real })
}

fn array<'a, const N: usize>(
    tensors: &SafeTensors<'a>,
    name: &str,
    dtype: Dtype,
) -> Result<([usize; N], &'a [u8]), String> {
    let tensor = tensors.tensor(name).map_err(|_| format!("it has no {name}"))?;
    match (tensor.dtype(), tensor.shape().try_into()) {
        (found, Ok(shape)) if found == dtype => Ok((shape, tensor.data())),
        (found, _) => Err(format!(
            "its {name} is {found:?} of shape {:?} instead of {dtype:?} with {N} dimensions",
            tensor.shape()
        )),
    }
}

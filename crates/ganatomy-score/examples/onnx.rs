//! How far the features of an ONNX network are from those that PyTorch gave of the same images.
//!
//! `cargo run --release -p ganatomy-score --features onnx --example onnx -- FILE.onnx CHECK.npz`, both written by `xtask/reference/inception_onnx.py --check`.

use std::path::Path;
use std::time::Instant;

use ganatomy_data::Silent;
use ganatomy_record::{NpyNumbers, RunSpec, npz_of, read_whole};
use ganatomy_score::extract::{ExtractorSpec, Features, Onnx, Place};
use ganatomy_tensor::Cpu;

type Wrong = Box<dyn std::error::Error>;

fn main() -> Result<(), Wrong> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, checks] = arguments.as_slice() else { return Err("onnx FILE.onnx CHECK.npz".into()) };
    let (images, shape) = array(checks, "images")?;
    let (expected, _) = array(checks, "features")?;
    let (cpu, spec) = (Cpu::new(2), RunSpec::parse(&format!("file = {file:?}"), "onnx")?);
    let place =
        Place { item: &shape[1..], data: None, cpu: &cpu, cache_dir: Path::new(""), progress: &Silent };
    let mut network = Onnx::read(&mut spec.root())?.build(&place)?;
    let (mut found, start) = (Features::default(), Instant::now());
    network.add(&images, &cpu, &mut found)?;
    let seconds = start.elapsed().as_secs_f64() / shape[0] as f64;
    let largest = expected.iter().map(|x| x.abs()).fold(0.0, f32::max);
    let off = found.values.iter().zip(&expected).map(|(x, y)| (x - y).abs()).fold(0.0, f32::max);
    println!(
        "{} features, {seconds:.3} s an image, off by at most {off:e} where the largest is {largest}",
        network.dims()
    );
    Ok(())
}

fn array(path: &str, name: &str) -> Result<(Vec<f32>, Vec<usize>), Wrong> {
    let path = Path::new(path);
    let array = npz_of(path, &read_whole(path)?, Some(name))?;
    match array.numbers {
        NpyNumbers::Floats(values) => Ok((values, array.shape)),
        NpyNumbers::Bytes(_) => Err(format!("{name} must be floats").into()),
    }
}

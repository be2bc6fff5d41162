//! The network of an ONNX file, checked and run.

use std::path::Path;
use std::sync::Arc;

use ganatomy_game::nearest::in_parts;
use ganatomy_record::{read_whole, sum};
use ganatomy_tensor::Cpu;
use tract_onnx::prelude::*;
use tract_onnx::tract_hir::infer::{DimFact, Factoid, InferenceFact};
use tract_onnx::tract_hir::internal::DimLike;

use super::Onnx;
use crate::error::ScoreError;
use crate::extract::{Extractor, Features};

/// Items looked at together, where the file does not say.
const BATCH: usize = 8;
/// Characters of an error that are told.
const LONGEST: usize = 400;

/// A network that is ready to run.
pub(super) struct Network {
    spec: Onnx,
    plan: Arc<TypedRunnableModel>,
    /// Items, channels, height and width that it takes.
    takes: [usize; 4],
    /// Channels of an item.
    channels: usize,
    dims: usize,
    hash: String,
}

impl Network {
    /// Reads the file and refuses what is no network for such items, in words that follow the extractor's name.
    pub fn open(spec: &Onnx, item: &[usize]) -> Result<Network, String> {
        let file = &spec.file;
        let bytes = read_whole(Path::new(file)).map_err(|error| format!("cannot read its file: {error}"))?;
        let mut model = tract_onnx::onnx()
            .model_for_read(&mut &bytes[..])
            .map_err(|error| format!("cannot use {file}, which is no ONNX network: {}", said(&error)))?;
        select(spec, &mut model)?;
        let takes = takes(spec, &model, item)?;
        let cannot = |error: TractError| format!("cannot run {file}: {}", said(&error));
        let fact = InferenceFact::dt_shape(f32::datum_type(), takes);
        let model =
            model.with_input_fact(0, fact).and_then(|model| model.into_optimized()).map_err(cannot)?;
        let shape = model.output_fact(0).map_err(cannot)?.shape.as_concrete().map(<[usize]>::to_vec);
        let dims = match shape.as_deref() {
            Some([n, rest @ ..]) if *n == takes[0] && !rest.contains(&0) => rest.iter().product(),
            found => {
                return Err(format!(
                    "needs one row of numbers an item, but the output of {file} has shape {found:?}"
                ));
            }
        };
        let settings = format!("{} {} {:?} {}", sum(&bytes), spec.output, spec.range, spec.is_bgr);
        let plan = model.into_runnable().map_err(cannot)?;
        let hash = sum(settings.as_bytes());
        Ok(Network { spec: spec.clone(), plan, takes, channels: item[2], dims, hash })
    }

    /// Features of no more items than it takes at once.
    fn run(&self, items: &[f32]) -> TractResult<Vec<f32>> {
        let [n, channels, height, width] = self.takes;
        let pixels = height * width;
        let [low, high] = self.spec.range;
        let mut input = vec![0.0; n * channels * pixels];
        for (item, to) in
            items.chunks_exact(pixels * self.channels).zip(input.chunks_exact_mut(channels * pixels))
        {
            for (c, plane) in to.chunks_exact_mut(pixels).enumerate() {
                let from = if self.spec.is_bgr { channels - 1 - c } else { c }.min(self.channels - 1);
                for (to, pixel) in plane.iter_mut().zip(item.chunks_exact(self.channels)) {
                    *to = low + (pixel[from] + 1.0) / 2.0 * (high - low);
                }
            }
        }
        let found = self.plan.run(tvec!(Tensor::from_shape(&self.takes, &input)?.into_tvalue()))?;
        let n = items.len() / (pixels * self.channels);
        Ok(found[0].to_plain_array_view::<f32>()?.iter().take(n * self.dims).copied().collect())
    }
}

/// Leaves the output that is asked for, or the only one.
fn select(spec: &Onnx, model: &mut InferenceModel) -> Result<(), String> {
    let label =
        |outlet: &OutletId| model.outlet_label(*outlet).unwrap_or(&model.node(outlet.node).name).to_owned();
    let names: Vec<String> = model.outputs.iter().map(label).collect();
    let at = match (names.iter().position(|name| *name == spec.output), names.len(), spec.output.as_str()) {
        (Some(at), ..) => at,
        (None, 1, "") => 0,
        (None, _, "") => {
            return Err(format!(
                "finds several outputs in {}, {}; name one by --set onnx.output=NAME",
                spec.file,
                names.join(", ")
            ));
        }
        (None, _, name) => {
            return Err(format!("finds no output {name} in {}, but {}", spec.file, names.join(", ")));
        }
    };
    let outlet = model.outputs[at];
    model
        .select_output_outlets(&[outlet])
        .map_err(|error| format!("cannot use {}: {}", spec.file, said(&error)))
}

/// The shape that it takes, if items are so.
fn takes(spec: &Onnx, model: &InferenceModel, item: &[usize]) -> Result<[usize; 4], String> {
    let (file, n_inputs) = (&spec.file, model.inputs.len());
    if n_inputs != 1 {
        return Err(format!("needs a network of one input, but {file} has {n_inputs}"));
    }
    let fact = model.input_fact(0).map_err(|error| format!("cannot use {file}: {}", said(&error)))?;
    let size = |dim: &DimFact| dim.concretize().and_then(|dim| dim.to_usize().ok());
    let dims: Vec<Option<usize>> = fact.shape.dims().map(size).collect();
    let [n, Some(channels @ (1 | 3)), Some(height), Some(width)] = dims[..] else {
        let shown = |dim: &Option<usize>| dim.map_or("?".to_owned(), |dim| dim.to_string());
        let found = dims.iter().map(shown).collect::<Vec<_>>().join(", ");
        return Err(format!(
            "needs an input [n, 1 or 3 channels, height, width] of fixed size, but that of {file} is [{found}], where ? is not fixed"
        ));
    };
    match *item {
        [h, w, c] if [h, w] == [height, width] && (c == channels || c == 1) => {
            Ok([n.unwrap_or(BATCH).max(1), channels, height, width])
        }
        _ => Err(format!(
            "takes images of {height} x {width} x {channels} by {file}, but items have shape {item:?}; folders are read at --size, or export the network at their size"
        )),
    }
}

/// An error from what was tried down to its cause, in one line.
fn said(error: &TractError) -> String {
    let lines: Vec<String> = error
        .chain()
        .map(|cause| cause.to_string().split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    lines.join(": ").chars().take(LONGEST).collect()
}

impl Extractor for Network {
    fn dims(&self) -> usize {
        self.dims
    }

    fn hash(&self) -> String {
        self.hash.clone()
    }

    fn add(&mut self, items: &[f32], cpu: &Cpu, to: &mut Features) -> Result<(), ScoreError> {
        let wide = self.takes[0] * self.takes[2] * self.takes[3] * self.channels;
        let mut parts: Vec<(&[f32], TractResult<Vec<f32>>)> =
            items.chunks(wide).map(|some| (some, Ok(Vec::new()))).collect();
        let network = &*self;
        in_parts(&mut parts, cpu.threads(), |_, parts| {
            parts.iter_mut().for_each(|(items, found)| *found = network.run(items));
        });
        for (_, found) in parts {
            let why = |error| format!("cannot run {}: {}", network.spec.file, said(&error));
            to.values.extend(found.map_err(|error| ScoreError::Extractor { name: "onnx", why: why(error) })?);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use ganatomy_record::RunSpec;

    use super::*;

    fn file(name: &str) -> String {
        format!("{}/networks/{name}.onnx", env!("CARGO_MANIFEST_DIR"))
    }

    fn open(file: &str, more: &str, item: &[usize]) -> Result<Network, String> {
        let spec = RunSpec::parse(&format!("file = {file:?}\n{more}"), "test").unwrap();
        Network::open(&Onnx::read(&mut spec.root()).unwrap(), item)
    }

    /// PyTorch 2.15 of `xtask/reference/inception_onnx.py --small`, for items `sin(0.37 i)`.
    #[rustfmt::skip]
    const SMALL: [f32; 12] = [
        0.972_528_16, 1.031_325_2, 0.656_328_8, 0.236_378_01, 1.098_073, 1.025_800_7, 0.600_088_4, 0.261_544_82, 1.056_822_4, 1.160_636, 0.563_776_2, 0.212_019_74,
    ];
    #[rustfmt::skip]
    const BYTES: [f32; 12] = [
        274.563_7, 157.630_19, 104.848_66, 245.017_3, 314.916_63, 145.100_31, 87.086_9, 254.264_43, 301.577_27, 152.156_8, 91.721_466, 237.710_94,
    ];

    fn check(name: &str, more: &str, expected: [f32; 12]) {
        let items: Vec<f32> = (0..3 * 8 * 8 * 3).map(|i| (f64::from(i) * 0.37).sin() as f32).collect();
        for threads in [1, 2] {
            let mut network = open(&file(name), more, &[8, 8, 3]).unwrap();
            let mut found = Features::default();
            network.add(&items, &Cpu::new(threads), &mut found).unwrap();
            assert_eq!((network.dims(), found.values.len()), (4, 12));
            for (found, expected) in found.values.iter().zip(expected) {
                assert!((found - expected).abs() < 1e-4 * expected, "{name}: {found} for {expected}");
            }
        }
    }

    #[test]
    fn features_are_those_of_pytorch() {
        check("small", "", SMALL);
        check("two", "output = \"features\"", SMALL);
        check("small", "range = \"bytes\"\norder = \"bgr\"", BYTES);
        let grey = open(&file("small"), "", &[8, 8, 1]).unwrap();
        assert_eq!(grey.run(&[0.5; 64]).unwrap().len(), 4);
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, bytes: &[u8]| {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            path.display().to_string()
        };
        let small = std::fs::read(file("small")).unwrap();
        let mut unknown = small.clone();
        for at in 0..small.len() - 4 {
            if small[at..].starts_with(b"Relu") {
                unknown[at + 1] = b'o';
            }
        }
        let check = |file: &str, more: &str, item: &[usize], part: &str| {
            let why = open(file, more, item).err().unwrap();
            assert!(why.contains(part) && !why.contains('\n'), "{why}");
        };
        let item = [8, 8, 3];
        check("nowhere.onnx", "", &item, "cannot read its file");
        check(&write("text.onnx", b"this is no network at all"), "", &item, "which is no ONNX network");
        check(&write("torn.onnx", &small[..small.len() / 2]), "", &item, "torn.onnx");
        check(&write("empty.onnx", b""), "", &item, "empty.onnx");
        check(&write("unknown.onnx", &unknown), "", &item, "Rolu");
        check(&file("two"), "", &item, "finds several outputs in");
        check(&file("two"), "output = \"probabilities\"", &item, "finds no output probabilities in");
        check(&file("dynamic"), "", &item, "is [1, 3, ?, ?], where ? is not fixed");
        check(&file("small"), "", &[64, 64, 3], "takes images of 8 x 8 x 3 by");
        check(&file("small"), "", &[2], "but items have shape [2]");
    }
}

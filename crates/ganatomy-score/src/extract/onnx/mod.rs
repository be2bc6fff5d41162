//! A network from an ONNX file as features.

#[cfg(feature = "onnx")]
mod network;

use ganatomy_record::{Fields, SpecError};

use super::{Extractor, ExtractorSpec, Place};
use crate::error::ScoreError;

/// What the network takes for the darkest and the lightest of a channel.
const RANGES: [(&str, [f32; 2]); 3] =
    [("minus-one", [-1.0, 1.0]), ("zero-one", [0.0, 1.0]), ("bytes", [0.0, 255.0])];
/// In which order it takes channels.
const ORDERS: [&str; 2] = ["rgb", "bgr"];

/// An output of a network in an ONNX file: the usual FID network, or any other (`--extractor onnx:FILE`).
///
/// It has one input, `[n, channels, height, width]`, of a fixed size, which that of the items must be; grey items are given to all channels of a network of
/// colours. What resizes and normalises belongs into the file. Its output, named where there are several, is one row an item; more axes are laid end to end.
///
/// It is there in builds with the cargo feature `onnx`, which runs networks on the processor by `tract`. `docs/scores.md` tells how the weights of
/// `pytorch-fid` become such a file.
#[derive(Clone, Debug)]
pub struct Onnx {
    file: String,
    /// Empty for the only one.
    output: String,
    range: [f32; 2],
    is_bgr: bool,
}

impl Onnx {
    /// Reads its settings.
    ///
    /// # Errors
    /// A field that is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<Onnx, SpecError> {
        let file = fields.text("file", "the ONNX file", "")?;
        let output =
            fields.text("output", "the output whose numbers are the features; \"\" for the only one", "")?;
        let names = RANGES.map(|(name, _)| name);
        let doc = "what the network takes for black and white: -1 and 1, 0 and 1, or 0 and 255";
        let range = fields.choice("range", doc, names[0], &names)?;
        let range = RANGES.iter().find(|(name, _)| *name == range).map_or(RANGES[0].1, |(_, range)| *range);
        let order =
            fields.choice("order", "the order of channels that the network takes", ORDERS[0], &ORDERS)?;
        Ok(Onnx { file, output, range, is_bgr: order == ORDERS[1] })
    }
}

impl ExtractorSpec for Onnx {
    fn refusal(&self, place: &Place<'_>) -> Option<String> {
        if self.file.is_empty() {
            return Some("needs a file, as in --extractor onnx:FILE or a field `file`".to_owned());
        }
        self.open(place.item).err()
    }

    fn build(&self, place: &Place<'_>) -> Result<Box<dyn Extractor>, ScoreError> {
        self.open(place.item).map_err(|why| ScoreError::Extractor { name: "onnx", why })
    }
}

impl Onnx {
    /// The network for items of a shape, or why it cannot be had, in words that follow its name.
    #[cfg(feature = "onnx")]
    fn open(&self, item: &[usize]) -> Result<Box<dyn Extractor>, String> {
        Ok(Box::new(network::Network::open(self, item)?))
    }

    #[cfg(not(feature = "onnx"))]
    fn open(&self, _item: &[usize]) -> Result<Box<dyn Extractor>, String> {
        let (low, high) = (self.range[0], self.range[1]);
        let _ = (low, high, self.is_bgr, &self.output);
        Err("is not in this build; `cargo install --path crates/ganatomy --features onnx` builds one that has it".to_owned())
    }
}

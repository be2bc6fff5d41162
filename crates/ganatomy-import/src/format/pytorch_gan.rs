//! The scripts of PyTorch-GAN: `[Epoch 0/200] [Batch 0/938] [D loss: N] [G loss: N]`.

use super::{Format, Values};

pub(super) const FORMAT: Format = Format {
    name: "pytorch-gan",
    about: "what the scripts of PyTorch-GAN print",
    values: Values::Mean,
    is: Some(is),
};

fn is(line: &[u8]) -> bool {
    let has = |part: &[u8]| memchr::memmem::find(line, part).is_some();
    has(b"[Epoch ") && has(b"[Batch ") && has(b"loss:")
}

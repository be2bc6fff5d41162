//! `loss_log.txt` of CycleGAN and pix2pix: `(epoch: 1, iters: 100, time: N, data: N) D_A: N G_A: N cycle_A: N ...`.
//!
//! `D_A` judges what `G_A` makes, in domain B; the letters of a pair are alike in that code. Its D's loss is half of the sum.

use super::{Format, Values};

pub(super) const FORMAT: Format = Format {
    name: "cyclegan",
    about: "loss_log.txt of CycleGAN and pix2pix",
    values: Values::Mean,
    is: Some(is),
};

fn is(line: &[u8]) -> bool {
    let has = |part: &[u8]| memchr::memmem::find(line, part).is_some();
    has(b"(epoch:") && has(b"iters:")
}

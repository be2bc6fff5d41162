//! The DCGAN example of PyTorch: `[0/25][1/391]  Loss_D: N  Loss_G: N  D(x): N  D(G(z)): N / N`.

use super::{Format, Values};

pub(super) const FORMAT: Format = Format {
    name: "dcgan",
    about: "what PyTorch's DCGAN example and tutorial print",
    values: Values::Sum,
    is: Some(is),
};

fn is(line: &[u8]) -> bool {
    let has = |part: &[u8]| memchr::memmem::find(line, part).is_some();
    has(b"Loss_D:") && has(b"Loss_G:") || has(b"D(x):") && has(b"D(G(z)):")
}

//! Scripts of Keras: `0 [D loss: N, acc.: 68.36%] [G loss: N]` and `>446, d1=N, d2=N g=N, a1=76, a2=82`.

use super::{Format, Values};

pub(super) const FORMAT: Format = Format {
    name: "keras",
    about: "what Keras-GAN and tutorials of Keras print",
    values: Values::Mean,
    is: Some(is),
};

fn is(line: &[u8]) -> bool {
    let has = |part: &[u8]| memchr::memmem::find(line, part).is_some();
    let counts = line.first().is_some_and(u8::is_ascii_digit) && has(b"[D loss:");
    counts || line.starts_with(b">") && (has(b"d1=") || has(b"c1=") || has(b"d="))
}

//! Scripts of Keras: `0 [D loss: N, acc.: 68.36%] [G loss: N]`, `>446, d1=N, d2=N g=N, a1=76, a2=82` and
//! `>12, dA[N,N] dB[N,N] g[N,N]`.

use crate::number;

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
    counts || line.starts_with(b">") && (has(b"d1=") || has(b"c1=") || has(b"d=") || has(b"dA["))
}

/// What the numbers in brackets of a CycleGAN's line are: each D's loss on real and on made items; and G's totals, of which the first makes B, which
/// `dB` judges.
const PAIRS: [(&[u8], [&[u8]; 2]); 3] =
    [(b"dA[", [b"dA real", b"dA fake"]), (b"dB[", [b"dB real", b"dB fake"]), (b"g[", [b"g B", b"g A"])];

/// The named numbers of a CycleGAN's line, `>12, dA[0.1,0.2] dB[0.1,0.3] g[1.2,3.4]`; none of any other.
pub(super) fn of_pairs(line: &[u8]) -> Vec<(&'static [u8], f64)> {
    let two = |(start, names): (&[u8], [&'static [u8]; 2])| {
        let at = memchr::memmem::find(line, start)? + start.len();
        let inside = &line[at..at + memchr::memchr(b']', &line[at..])?];
        let mut values = inside.split(|byte| *byte == b',').map(|value| number::cell(value)?.value);
        Some([(names[0], values.next()??), (names[1], values.next()??)])
    };
    let is_one = line.starts_with(b">")
        && PAIRS[..2].iter().all(|(start, _)| memchr::memmem::find(line, start).is_some());
    if is_one { PAIRS.into_iter().filter_map(two).flatten().collect() } else { Vec::new() }
}

//! `Epoch: [ 2/200] [ 0/ 4] time: N, d_loss: N, g_loss: N`, and its like.

use super::{Format, Values};

pub(super) const FORMAT: Format = Format {
    name: "epochs",
    about: "lines that begin with Epoch and hold named losses",
    values: Values::Unknown,
    is: Some(is),
};

fn is(line: &[u8]) -> bool {
    let start = line.trim_ascii_start();
    let start = start.strip_prefix(b"[").unwrap_or(start);
    start.get(..5).is_some_and(|word| word.eq_ignore_ascii_case(b"epoch"))
        && memchr::memchr2(b':', b'=', line).is_some()
}

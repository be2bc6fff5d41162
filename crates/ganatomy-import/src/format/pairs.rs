//! Any line with named numbers, and files of bare ones: `name.log` with lines `itr: value`.

use super::{Format, Values};
use crate::number;

pub(super) const FORMAT: Format = Format {
    name: "lines",
    about: "any lines with numbers that are named as players' losses are",
    values: Values::Unknown,
    is: Some(|line| memchr::memchr2(b':', b'=', line).is_some()),
};

/// A line that is a step and a value: `2000: 0.53`.
pub(super) fn bare(line: &[u8]) -> Option<(u64, f64)> {
    let digits = line.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if digits == 0 || digits > 12 {
        return None;
    }
    let value = line[digits..].strip_prefix(b":")?;
    // 12:30 is a time.
    let value = number::cell(value.strip_prefix(b" ").or_else(|| value.strip_prefix(b"\t"))?)?.value?;
    Some((std::str::from_utf8(&line[..digits]).ok()?.parse().ok()?, value))
}

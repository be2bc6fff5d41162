//! Which values a field takes, and how a message asks for them.

use std::ops::RangeInclusive;

use super::tree::Value;

pub(crate) fn as_number(value: &Value) -> Option<f64> {
    match value {
        Value::Whole(whole) => Some(*whole as f64),
        Value::Number(number) => Some(*number),
        _ => None,
    }
}

/// A whole number from 0.
pub(crate) fn as_whole(value: &Value) -> Option<i64> {
    match value {
        Value::Whole(whole) if *whole >= 0 => Some(*whole),
        _ => None,
    }
}

pub(crate) fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.clone()),
        _ => None,
    }
}

pub(crate) fn whole(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// ` from 1 to 100`, or ` of at least 1` when there is no upper limit worth naming.
pub(crate) fn counted(range: &RangeInclusive<u64>) -> String {
    if *range.end() >= i64::MAX.unsigned_abs() {
        format!(" of at least {}", range.start())
    } else {
        format!(" from {} to {}", range.start(), range.end())
    }
}

pub(crate) fn listed(len: &RangeInclusive<usize>, each: &RangeInclusive<u64>) -> String {
    let length = match (*len.start(), *len.end()) {
        (least, usize::MAX) => format!("at least {least}"),
        (least, most) if least == most => least.to_string(),
        (least, most) => format!("{least} to {most}"),
    };
    format!("a list of {length} whole numbers, each{}", counted(each))
}

pub(crate) fn one_of(allowed: &[&str]) -> String {
    let quoted: Vec<String> = allowed.iter().map(|name| format!("\"{name}\"")).collect();
    match quoted.as_slice() {
        [only] => only.clone(),
        _ => format!("one of {}", quoted.join(", ")),
    }
}

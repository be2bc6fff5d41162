//! NVIDIA's StyleGANs: `stats.jsonl`, `metric-*.jsonl`, and what they print at each tick.

use super::{Format, Values};

pub(super) const STATS: Format = Format {
    name: "stylegan-stats",
    about: "stats.jsonl of NVIDIA's StyleGANs",
    values: Values::Sum,
    is: Some(is_stats),
};

pub(super) const METRIC: Format = Format {
    name: "stylegan-metric",
    about: "metric-*.jsonl of NVIDIA's StyleGANs",
    values: Values::Unknown,
    is: Some(is_metric),
};

pub(super) const CONSOLE: Format = Format {
    name: "stylegan-console",
    about: "what NVIDIA's StyleGANs print at each tick",
    values: Values::Unknown,
    is: Some(is_console),
};

fn has(line: &[u8], part: &[u8]) -> bool {
    memchr::memmem::find(line, part).is_some()
}

fn is_stats(line: &[u8]) -> bool {
    line.starts_with(b"{") && has(line, b"\"Progress/kimg\"")
}

fn is_metric(line: &[u8]) -> bool {
    line.starts_with(b"{") && has(line, b"\"snapshot_pkl\"")
}

/// `tick 0     kimg 0.0      time 35s  ...  augment 0.007`.
pub(super) fn is_console(line: &[u8]) -> bool {
    line.starts_with(b"tick ") && has(line, b" kimg ")
}

/// Thousands of images, from a snapshot's name: `network-snapshot-000040.pkl`.
pub(super) fn kimg(snapshot: &[u8]) -> Option<u64> {
    let stem = snapshot.rsplit(|byte| *byte == b'/').next()?;
    let end = stem.iter().rposition(u8::is_ascii_digit)? + 1;
    let start = stem[..end].iter().rposition(|byte| !byte.is_ascii_digit()).map_or(0, |at| at + 1);
    std::str::from_utf8(&stem[start..end]).ok()?.parse().ok().filter(|kimg: &u64| *kimg < 1 << 48)
}

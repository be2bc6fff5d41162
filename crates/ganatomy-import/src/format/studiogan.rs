//! StudioGAN: `Step: 100 Progress: ... Discriminator_loss: N`, and scores that name their step.

use super::{Format, Values};

pub(super) const FORMAT: Format =
    Format { name: "studiogan", about: "logs of StudioGAN", values: Values::Sum, is: Some(is) };

fn is(line: &[u8]) -> bool {
    let has = |part: &[u8]| memchr::memmem::find(line, part).is_some();
    has(b"Step:") && has(b"Progress:") || has(b"(Step:")
}

/// What a line is.
pub(super) enum Line<'a> {
    /// `FID score (Step: 2000, Using test moments): 45.4`.
    Score(Score<'a>),
    /// `Best FID score (Step: 2000, ...): 45.4`, which is no evaluation.
    Best,
    /// Another one.
    Other,
}

/// One evaluation.
pub(super) struct Score<'a> {
    /// What was evaluated.
    pub name: &'a [u8],
    /// When.
    pub step: u64,
    /// What came of it.
    pub value: f64,
}

/// Reads a line with a score.
pub(super) fn score(line: &[u8]) -> Line<'_> {
    read(line).unwrap_or(Line::Other)
}

fn read(line: &[u8]) -> Option<Line<'_>> {
    let at = memchr::memmem::find(line, b"(Step:")?;
    let rest = line[at + 6..].trim_ascii_start();
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let step = std::str::from_utf8(&rest[..digits]).ok()?.parse().ok()?;
    let close = memchr::memchr(b')', rest)?;
    let value = rest[close + 1..].trim_ascii_start().strip_prefix(b":")?;
    let value = crate::number::cell(value)?.value?;
    let before = line[..at].trim_ascii_end();
    let name = before.rsplit(|byte| matches!(byte, b'>' | b'|' | b':')).next()?.trim_ascii();
    if name.get(..4).is_some_and(|start| start.eq_ignore_ascii_case(b"best")) {
        return Some(Line::Best);
    }
    (!name.is_empty() && name.len() <= 80).then_some(Line::Score(Score { name, step, value }))
}

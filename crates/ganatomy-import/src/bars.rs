//! Epochs that no line names: bars of progress that begin again.

use crate::clock::Clock;

/// Bars of progress that begin again with each epoch and do not say which it is.
#[derive(Debug, Default)]
pub(crate) struct Bars {
    /// Epochs are told.
    pub is_needless: bool,
    /// Where the bar stood, and what it counts up to.
    last: Option<(u64, u64)>,
    epoch: u64,
}

impl Bars {
    /// What is to be said of them.
    pub fn note(&self) -> Option<String> {
        let n = self.epoch + 1;
        (n > 1)
            .then(|| format!("its bar begins again and again: {n} epochs are counted, as no line names them"))
    }

    /// The epoch of a bar: one that begins again after most of what it counts up to is the next.
    pub fn epoch(&mut self, clock: &Clock) -> Option<u64> {
        let (at, of) = clock.step.zip(clock.total).filter(|_| !self.is_needless)?;
        let is_next = self.last.is_some_and(|(last, before)| of == before && at < last && 4 * last >= 3 * of);
        self.epoch += u64::from(is_next);
        self.last = Some((at, of));
        Some(self.epoch)
    }
}

//! The columns of a product: channels, of one matrix or of each phase, cut into panels.
//!
//! ```text
//!   phase 0             phase 1             ...       panels of the right operand,
//!   | j0 | j1 | j2 . |  | j0 | j1 | j2 . |            the last of a phase may be narrow
//! ```

use std::ops::Range;

/// Some channels of each phase.
#[derive(Clone, Debug)]
pub struct Columns {
    /// The channels.
    pub channels: Range<usize>,
    /// Blocks of them: the phases of the input, or one.
    pub phases: usize,
    /// Channels in a panel.
    pub panel: usize,
    /// Columns of a phase in the sums.
    pub width: usize,
}

/// One panel of columns.
#[derive(Clone, Debug)]
pub struct Panel {
    /// Its number.
    pub index: usize,
    /// Its phase.
    pub phase: usize,
    /// Its channels.
    pub channels: Range<usize>,
    /// Its first column in the sums.
    pub col: usize,
}

impl Columns {
    /// Columns whose panels have `lanes` channels in a register.
    pub fn new(channels: Range<usize>, phases: usize, panel: usize, lanes: usize) -> Columns {
        let width = channels.len().next_multiple_of(lanes);
        Columns { channels, phases, panel, width }
    }

    /// Panels of a phase.
    #[inline(always)]
    pub fn across(&self) -> usize {
        self.channels.len().div_ceil(self.panel)
    }

    /// Panels of all phases.
    #[inline(always)]
    pub fn panels(&self) -> usize {
        self.phases * self.across()
    }

    /// One panel.
    #[inline(always)]
    pub fn panel(&self, index: usize) -> Panel {
        let (phase, across) = (index / self.across(), index % self.across());
        let start = self.channels.start + across * self.panel;
        let channels = start..(start + self.panel).min(self.channels.end);
        Panel { index, phase, channels, col: phase * self.width + across * self.panel }
    }
}

//! The search for the k-th neighbour of one row: single precision first, and double for the few that are in doubt.

use crate::squares::{Line, Space};

/// Neighbours that may wait for a second look, beside k: crowded rows are all in doubt, and are looked at in parts.
const WAITING: usize = 256;

/// One row's nearest neighbours so far.
pub(crate) struct Pursuit {
    /// The k least squares in single precision, in order.
    least: Vec<f32>,
    /// Points that may be among the k nearest, with their squares.
    open: Vec<(f32, usize)>,
    /// The k least squares in double precision of what was looked at, in order.
    pub settled: Vec<f64>,
}

impl Pursuit {
    /// A row of which there are so many others that equal it.
    pub fn new(equal: usize, k: usize) -> Pursuit {
        let mut least = vec![f32::INFINITY; k];
        let mut settled = vec![f64::INFINITY; k];
        least.iter_mut().take(equal).for_each(|square| *square = 0.0);
        settled.iter_mut().take(equal).for_each(|square| *square = 0.0);
        Pursuit { least, open: Vec::new(), settled }
    }

    /// What is farther is not among the k nearest.
    fn limit(&self, space: &Space<'_>) -> f32 {
        let known = self.settled.last().map_or(f32::INFINITY, |last| space.scaled(*last));
        self.least.last().map_or(f32::INFINITY, |last| last.min(known) + 2.0 * space.doubt)
    }

    /// Looks at some other rows, each of which comes so many times.
    pub fn follow(&mut self, space: &Space<'_>, line: &Line<'_>, times: &[usize]) {
        let mut limit = self.limit(space);
        for (j, &square) in line.squares.iter().enumerate() {
            let point = line.start + j;
            if square > limit || point == line.query {
                continue;
            }
            self.open.push((square, point));
            let at = self.least.partition_point(|x| *x <= square);
            let n = times[point].min(self.least.len() - at);
            if n > 0 {
                self.least[at..].rotate_right(n);
                self.least[at..at + n].fill(square);
                limit = self.limit(space);
            }
            if self.open.len() > self.least.len() + WAITING {
                self.settle(space, line.query, times);
                limit = self.limit(space);
            }
        }
        self.open.retain(|(square, _)| *square <= limit);
    }

    /// Takes a second look at those that wait.
    pub fn settle(&mut self, space: &Space<'_>, query: usize, times: &[usize]) {
        let (limit, k) = (self.limit(space), self.settled.len());
        for (_, point) in self.open.drain(..).filter(|(square, _)| *square <= limit) {
            self.settled.extend(std::iter::repeat_n(space.exact(query, point), times[point].min(k)));
        }
        self.settled.sort_unstable_by(f64::total_cmp);
        self.settled.truncate(k);
    }
}

//! Where threads must meet: before a phase that touches memory that a phase since the last barrier has touched.

use super::frame::Place;

/// Some elements of one memory.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    place: Place,
    len: usize,
}

impl Span {
    /// `len` elements from a place.
    pub fn new(place: Place, len: usize) -> Self {
        Span { place, len }
    }

    /// Where it is, and how many elements it has.
    #[cfg(test)]
    pub fn stretch(&self) -> (Place, usize) {
        (self.place, self.len)
    }

    fn meets(&self, other: &Span) -> bool {
        match (self.place, other.place) {
            (Place::Arena(a), Place::Arena(b)) => a < b + other.len && b < a + self.len,
            (Place::Named(a), Place::Named(b)) => a == b,
            // Literals are only read.
            _ => false,
        }
    }
}

/// What a phase reads and writes, at most.
#[derive(Clone, Debug, Default)]
pub(super) struct Touch {
    pub reads: Vec<Span>,
    pub writes: Vec<Span>,
    /// A single task: such phases are all run by the first thread, in order.
    pub alone: bool,
}

impl Touch {
    /// Must the two run in this order, one after the other?
    fn conflicts(&self, later: &Touch) -> bool {
        let any = |a: &[Span], b: &[Span]| a.iter().any(|a| b.iter().any(|b| a.meets(b)));
        any(&self.writes, &later.reads) || any(&self.writes, &later.writes) || any(&self.reads, &later.writes)
    }
}

/// For each phase in order: must all threads meet before it?
pub(super) fn barriers(touches: &[Touch]) -> Vec<bool> {
    let mut since = 0;
    let mut needed = |at: usize| {
        let touch = &touches[at];
        let waits = |before: &Touch| !(before.alone && touch.alone) && before.conflicts(touch);
        let needed = touches[since..at].iter().any(waits);
        if needed {
            since = at;
        }
        needed
    };
    (0..touches.len()).map(&mut needed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Phases as (read, write, tasks), each the number of a stretch of ten elements of memory.
    fn check(phases: &[(usize, usize, usize)], expected: &[bool]) {
        let span = |n: usize| vec![Span::new(Place::Arena(10 * n), 10)];
        let touch = |&(read, write, tasks): &(usize, usize, usize)| Touch {
            reads: span(read),
            writes: span(write),
            alone: tasks == 1,
        };
        assert_eq!(barriers(&phases.iter().map(touch).collect::<Vec<_>>()), expected);
    }

    #[test]
    fn threads_meet_only_where_memory_demands_it() {
        // Reads what was written; nothing in common; overwrites what may still be read.
        check(&[(0, 1, 8), (1, 2, 8), (0, 3, 8), (4, 1, 8)], &[false, true, false, true]);
        // Single tasks follow each other on one thread, but not tasks of others.
        check(&[(0, 1, 1), (1, 2, 1), (2, 3, 8), (3, 4, 1)], &[false, false, true, true]);
        // A conflict with a phase before the last one counts as long as no barrier lies between.
        check(&[(0, 1, 8), (2, 3, 8), (1, 4, 8), (3, 5, 8)], &[false, false, true, false]);
    }

    #[test]
    fn stretches_meet_where_they_overlap() {
        let arena = |at, len| Span::new(Place::Arena(at), len);
        assert!(arena(0, 11).meets(&arena(10, 5)) && !arena(0, 10).meets(&arena(10, 5)));
        let named = |i| Span::new(Place::Named(i), 4);
        assert!(named(1).meets(&named(1)) && !named(1).meets(&named(2)) && !named(1).meets(&arena(1, 4)));
    }
}

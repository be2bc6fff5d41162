//! A series that stays small however long the log is.

/// At most so many values of a reading are kept.
pub(crate) const MOST: usize = 1 << 15;

/// One value, and where it stood.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Point {
    /// Which row of the log it is from.
    pub row: u64,
    /// The row's epoch.
    pub epoch: Option<u64>,
    /// The row's step, or that of an earlier row.
    pub step: Option<u64>,
    /// Is the step the row's own?
    pub own: bool,
    /// The value.
    pub value: f64,
}

/// Keeps all values up to a number, and then every second, every fourth, and so on; the last one and those that are not finite always.
#[derive(Clone, Debug, Default)]
pub(crate) struct Thin {
    points: Vec<Point>,
    /// Every so manieth is kept, as a power of two.
    halvings: u32,
    seen: u64,
    last: Option<Point>,
}

impl Thin {
    /// Takes the next value.
    pub fn push(&mut self, point: Point) {
        let keep = self.seen & ((1 << self.halvings) - 1) == 0;
        self.seen += 1;
        self.last = Some(point);
        if keep {
            if self.points.len() == MOST {
                self.halve();
                // Whether this one is still among those kept depends on its place.
                if (self.seen - 1) & ((1 << self.halvings) - 1) != 0 {
                    return;
                }
            }
            self.points.push(point);
        } else if !point.value.is_finite()
            && let Some(kept) = self.points.last_mut().filter(|kept| kept.value.is_finite())
        {
            *kept = point;
        }
    }

    fn halve(&mut self) {
        self.halvings += 1;
        let pairs = self.points.chunks(2);
        // Of two neighbours the first, unless only the second is not finite: that must not be lost.
        let kept = pairs.map(|pair| match pair {
            [first, second] if first.value.is_finite() && !second.value.is_finite() => *second,
            _ => pair[0],
        });
        self.points = kept.collect();
    }

    /// Was anything left out?
    pub fn is_thinned(&self) -> bool {
        self.halvings > 0
    }

    /// What is kept.
    pub fn into_points(mut self) -> Vec<Point> {
        let last = self.last.filter(|last| self.points.last().is_none_or(|kept| kept.row != last.row));
        self.points.extend(last);
        self.points
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn thinned(n: u64, value: impl Fn(u64) -> f64) -> Vec<Point> {
        let mut thin = Thin::default();
        for row in 0..n {
            thin.push(Point { row, epoch: None, step: Some(row), own: true, value: value(row) });
        }
        assert_eq!(thin.is_thinned(), n > MOST as u64);
        thin.into_points()
    }

    #[test]
    fn a_short_series_is_kept_whole() {
        assert_eq!(thinned(MOST as u64, |row| row as f64).len(), MOST);
    }

    #[test]
    fn a_long_one_is_kept_evenly_with_its_end() {
        let n = 10 * MOST as u64 + 3;
        let points = thinned(n, |row| row as f64);
        assert!((MOST / 2..=MOST + 1).contains(&points.len()), "{}", points.len());
        assert_eq!(points.last().unwrap().row, n - 1);
        let gaps: Vec<u64> = points.windows(2).map(|pair| pair[1].row - pair[0].row).collect();
        assert!(gaps[..gaps.len() - 1].iter().all(|gap| *gap == 16), "{:?}", &gaps[..4]);
    }

    #[test]
    fn what_is_not_finite_is_never_lost() {
        let points = thinned(5 * MOST as u64, |row| if row == 77_777 { f64::NAN } else { 1.0 });
        assert_eq!(points.iter().filter(|point| point.value.is_nan()).count(), 1);
    }
}

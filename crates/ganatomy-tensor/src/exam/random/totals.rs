//! Sums of spans, and of products of spans: fast enough for a million programs.

use super::judge::{Rounding, Span};

/// A sum of spans, in any order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Total {
    sum: Span,
    /// The sizes of all terms, and how many these are.
    size: f64,
    n: f64,
}

impl Default for Total {
    fn default() -> Self {
        Total { sum: Span::exactly(0.0), size: 0.0, n: 4.0 }
    }
}

impl Total {
    pub fn add(&mut self, term: Span) {
        // Anything at all stays so: it is infinite, or NaN.
        (self.sum.lo, self.sum.hi) = (self.sum.lo + term.lo, self.sum.hi + term.hi);
        (self.size, self.n) = (self.size + term.size(), self.n + 1.0);
    }

    /// The sum, with what rounding may add.
    pub fn span(self, rounding: &Rounding) -> Span {
        rounding.widen(self.sum, 2.0 * self.n, self.size)
    }
}

/// Spans as their middles, how far their ends are from these, and their sizes: what products of them are quick in. The
/// product of two is at most half as wide again as it must be, and exact where both are.
#[derive(Debug)]
pub(super) struct Middles {
    mid: Vec<f64>,
    off: Vec<f64>,
    size: Vec<f64>,
}

impl Middles {
    pub fn of<'a>(spans: impl IntoIterator<Item = &'a Span>) -> Middles {
        let mut all = Middles::zeros(0);
        for span in spans {
            let mid = if span.is_known() { (span.lo + span.hi) / 2.0 } else { 0.0 };
            let off = (span.hi - mid).max(mid - span.lo);
            all.mid.push(mid);
            all.off.push(off);
            all.size.push(mid.abs() + off);
        }
        all
    }

    pub fn zeros(n: usize) -> Middles {
        let [mid, off, size] = [0; 3].map(|_| vec![0.0; n]);
        Middles { mid, off, size }
    }

    /// Adds one number times so many neighbours.
    pub fn add_times(&mut self, into: usize, one: (&Middles, usize), row: (&Middles, usize), n: usize) {
        let (a_mid, a_off, a_size) = one.0.at(one.1);
        let a_abs = a_mid.abs();
        let (b_mid, b_off, b_size) = row.0.stretch(row.1, n);
        let sums = self.mid[into..][..n].iter_mut().zip(&mut self.off[into..][..n]);
        let sums = sums.zip(&mut self.size[into..][..n]);
        for ((((mid, off), size), b_mid), (b_off, b_size)) in sums.zip(b_mid).zip(b_off.iter().zip(b_size)) {
            *mid += a_mid * b_mid;
            *off += a_abs * b_off + a_off * b_size;
            *size += a_size * b_size;
        }
    }

    /// Adds the products of neighbours with neighbours.
    pub fn add_products(&mut self, into: usize, a: (&Middles, usize), b: (&Middles, usize), n: usize) {
        let (mut mid, mut off, mut size) = (0.0, 0.0, 0.0);
        for i in 0..n {
            let (a_mid, a_off, a_size) = a.0.at(a.1 + i);
            let (b_mid, b_off, b_size) = b.0.at(b.1 + i);
            mid += a_mid * b_mid;
            off += a_mid.abs() * b_off + a_off * b_size;
            size += a_size * b_size;
        }
        self.mid[into] += mid;
        self.off[into] += off;
        self.size[into] += size;
    }

    fn at(&self, i: usize) -> (f64, f64, f64) {
        (self.mid[i], self.off[i], self.size[i])
    }

    fn stretch(&self, start: usize, n: usize) -> (&[f64], &[f64], &[f64]) {
        (&self.mid[start..][..n], &self.off[start..][..n], &self.size[start..][..n])
    }

    pub fn size(&self, i: usize) -> f64 {
        self.size[i]
    }

    /// A span that holds all of what this is; of a sum of products, what its distances round to too.
    pub fn span(&self, i: usize) -> Span {
        let (mid, off) = (self.mid[i], self.off[i] * (1.0 + 1e-9));
        Span { lo: mid - off, hi: mid + off }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_of_spans_holds_every_product_of_their_numbers() {
        let spans = [(1.0, 2.0), (-3.0, 0.5), (-2.0, -1.5), (0.0, 0.0), (4.0, 4.0)];
        let spans = spans.map(|(lo, hi)| Span { lo, hi });
        let all = Middles::of(&spans);
        for (i, a) in spans.iter().enumerate() {
            for (j, b) in spans.iter().enumerate() {
                let (mut times, mut products) = (Middles::zeros(1), Middles::zeros(1));
                times.add_times(0, (&all, i), (&all, j), 1);
                products.add_products(0, (&all, i), (&all, j), 1);
                assert_eq!(times.span(0), products.span(0));
                for x in [a.lo * b.lo, a.lo * b.hi, a.hi * b.lo, a.hi * b.hi] {
                    assert!(times.span(0).holds(x) && times.size(0) >= x.abs(), "{a:?} x {b:?}: {x}");
                }
                if a.only().is_some() && b.only().is_some() {
                    assert_eq!(times.span(0).only(), Some(a.lo * b.lo));
                }
            }
        }
    }

    #[test]
    fn anything_stays_anything_in_sums() {
        let spans = [Span::ANY, Span::exactly(0.0), Span::exactly(2.0)];
        let all = Middles::of(&spans);
        let rounding = Rounding::of::<f64>();
        for (i, j, known) in [(0, 1, false), (1, 0, false), (0, 2, false), (0, 0, false), (1, 2, true)] {
            let mut sums = Middles::zeros(1);
            sums.add_times(0, (&all, i), (&all, j), 1);
            assert_eq!(rounding.widen(sums.span(0), 1.0, sums.size(0)).is_known(), known, "{i} x {j}");
        }
        let mut total = Total::default();
        [0, 1, 0].iter().for_each(|&i| total.add(spans[i]));
        assert!(!total.span(&rounding).is_known());
    }
}

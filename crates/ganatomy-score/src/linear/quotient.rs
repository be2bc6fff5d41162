//! Singular values of a bidiagonal matrix by differential quotients and differences (dqds, Fernando and Parlett 1994).

/// Sweeps for one value; it needs two or three.
const MOST_SWEEPS: usize = 500;
/// What does not change a value of the size of one.
const NOTHING: f64 = 1e-32;

/// Squares of what stands on the diagonal and beside it, from which a shift is taken already, between `first` and `last`.
struct Piece {
    first: usize,
    last: usize,
    shift: f64,
}

/// The sum of the singular values of a bidiagonal matrix, whose elements on the diagonal and beside it come by turns.
///
/// Every sweep keeps small values as exact as large ones; what falls apart is treated apart.
pub(crate) fn sum_of_values(elements: &[f64]) -> f64 {
    let squares = |from| elements.iter().skip(from).step_by(2).map(|x| x * x).collect::<Vec<f64>>();
    let mut work = Work { q: squares(0), e: squares(1), next: [Vec::new(), Vec::new()] };
    work.next = [work.q.clone(), work.e.clone()];
    let largest = elements.iter().map(|x| x.abs()).fold(0.0, f64::max);
    let nothing = NOTHING * largest * largest;
    let mut open = vec![Piece { first: 0, last: work.q.len() - 1, shift: 0.0 }];
    let mut sum = 0.0;
    while let Some(mut piece) = open.pop() {
        let (mut least, mut sweeps) = (None, 0);
        loop {
            let Piece { first, last, shift } = piece;
            if first == last {
                sum += (work.q[last] + shift).sqrt();
                break;
            }
            let is_nothing = |e: f64, q: f64| e <= NOTHING * (q + shift) || e <= nothing;
            if sweeps > MOST_SWEEPS || is_nothing(work.e[last - 1], work.q[last]) {
                sum += (work.q[last] + shift).sqrt();
                (piece.last, least, sweeps) = (last - 1, None, 0);
                continue;
            }
            if let Some(at) = (first..last).find(|&i| work.e[i] <= nothing) {
                open.push(Piece { first, last: at, shift });
                (piece.first, least, sweeps) = (at + 1, None, 0);
                continue;
            }
            work.turn_over(first, last);
            let wanted = work.wanted(first, last, least);
            let (taken, found) = work.sweep(first, last, wanted);
            (piece.shift, least) = (shift + taken, Some(found));
            sweeps += 1;
        }
    }
    sum
}

struct Work {
    q: Vec<f64>,
    e: Vec<f64>,
    next: [Vec<f64>; 2],
}

impl Work {
    /// Values come out at the lower end, the least first; where it holds the large ones, the ends change places.
    fn turn_over(&mut self, first: usize, last: usize) {
        if 1.5 * self.q[first] < self.q[last] {
            self.q[first..=last].reverse();
            self.e[first..last].reverse();
        }
    }

    /// A shift that is likely below the least value: the value of the lower end less what ties it to the rest.
    fn wanted(&self, first: usize, last: usize, least: Option<(f64, usize)>) -> f64 {
        let Some((least, place)) = least else { return 0.0 };
        if place + 2 < last {
            return least / 4.0;
        }
        let (q, e) = (&self.q[..=last], &self.e[..last]);
        let above = if last - first > 1 { [e[last - 2], q[last - 2] * e[last - 2]] } else { [0.0; 2] };
        let (a, d) = (q[last - 1] + above[0], q[last] + e[last - 1]);
        let tie = q[last - 1] * e[last - 1];
        let half = (a - d) / 2.0;
        let root = (half * half + tie).sqrt();
        let value = a.min(d) - tie / (half.abs() + root);
        let share = (tie / (tie + (a - value).powi(2))).sqrt();
        (value - share * above[1].sqrt()).clamp(0.0, least)
    }

    /// One sweep with the largest shift up to the wanted one that leaves all values positive; the shift, the least difference and its place.
    fn sweep(&mut self, first: usize, last: usize, wanted: f64) -> (f64, (f64, usize)) {
        let mut shift = wanted;
        for attempt in 0.. {
            match self.attempt(first, last, shift) {
                Ok(least) => {
                    let [q, e] = &mut self.next;
                    self.q[first..=last].swap_with_slice(&mut q[first..=last]);
                    self.e[first..last].swap_with_slice(&mut e[first..last]);
                    return (shift, least);
                }
                // What the last one lacks is what the shift was too much by, to first order.
                Err(Some(below)) if attempt == 0 => shift = (shift + below).max(0.0),
                Err(_) if attempt < 3 => shift /= 4.0,
                Err(_) => shift = 0.0,
            }
        }
        (0.0, (0.0, last))
    }

    /// The sweep with a shift, or that it is too large, and what the last difference would be if only that is below zero.
    fn attempt(&mut self, first: usize, last: usize, shift: f64) -> Result<(f64, usize), Option<f64>> {
        let (q, e, [to_q, to_e]) = (&self.q, &self.e, &mut self.next);
        let mut d = q[first] - shift;
        let mut least = (d, first);
        for i in first..last {
            if d < 0.0 {
                return Err(None);
            }
            let sum = d + e[i];
            to_q[i] = sum;
            if sum == 0.0 {
                to_e[i] = 0.0;
                d = q[i + 1] - shift;
            } else {
                let share = q[i + 1] / sum;
                to_e[i] = e[i] * share;
                d = d * share - shift;
            }
            if d < least.0 {
                least = (d, i + 1);
            }
        }
        to_q[last] = d;
        if d < 0.0 { Err(Some(d)) } else { Ok(least) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(elements: &[f64], expected: f64) {
        let found = sum_of_values(elements);
        assert!((found - expected).abs() <= 1e-14 * expected.max(1e-300), "{found} for {expected}");
    }

    #[test]
    fn values_are_exact_where_they_are_known() {
        check(&[3.0], 3.0);
        check(&[0.0; 7], 0.0);
        check(&[3.0, 0.0, 4.0], 7.0);
        // Of two values the sum is the root of the squares' sum and twice the determinant.
        check(&[1.0, 1.0, 1.0], 5f64.sqrt());
        check(&[0.0, 1.0, 0.0], 1.0);
        check(&[1e-9, 1.0, 1.0], (2.0 + 1e-18 + 2e-9f64).sqrt());
        // Ones on both diagonals: 2 cos(k pi / (2 n + 1)).
        for n in [3usize, 50, 700] {
            let value = |k: usize| 2.0 * (k as f64 * std::f64::consts::PI / (2 * n + 1) as f64).cos();
            check(&vec![1.0; 2 * n - 1], (1..=n).map(value).sum());
        }
        // Graded either way: the largest is all that is seen, and the rest a rounding of it.
        let graded: Vec<f64> = (0..79).map(|i| 10f64.powi(-i / 2)).collect();
        let turned: Vec<f64> = graded.iter().rev().copied().collect();
        assert!((sum_of_values(&graded) / sum_of_values(&turned) - 1.0).abs() < 1e-14);
    }
}

//! Rows without repetition, and how often each comes: what has collapsed costs no more than what is left of it.

use std::borrow::Cow;

use crate::error::ScoreError;
use crate::rows::Rows;

/// Rows that differ, in the order in which they first come.
pub(crate) struct Distinct<'a> {
    values: Cow<'a, [f32]>,
    dims: usize,
    /// How often each of them comes.
    pub times: Vec<usize>,
    /// Which of them each row is.
    pub which: Vec<usize>,
}

impl<'a> Distinct<'a> {
    /// Finds equal rows; zeros of either sign are equal.
    pub fn of(rows: Rows<'a>) -> Distinct<'a> {
        let bits = |i: usize| rows.row(i).iter().map(|x| (x + 0.0).to_bits());
        let mut order: Vec<usize> = (0..rows.len()).collect();
        order.sort_unstable_by(|&a, &b| bits(a).cmp(bits(b)).then(a.cmp(&b)));
        let mut first = vec![0; rows.len()];
        let mut head = 0;
        for (at, &i) in order.iter().enumerate() {
            head = if at > 0 && bits(head).eq(bits(i)) { head } else { i };
            first[i] = head;
        }
        let (mut kept, mut times) = (Vec::new(), Vec::new());
        let mut which = vec![0; rows.len()];
        for i in 0..rows.len() {
            if first[i] == i {
                which[i] = kept.len();
                kept.push(i);
                times.push(0);
            }
            which[i] = which[first[i]];
            times[which[i]] += 1;
        }
        let values = match kept.len() == rows.len() {
            true => Cow::Borrowed(rows.values()),
            false => kept.iter().flat_map(|i| rows.row(*i)).copied().collect(),
        };
        Distinct { values, dims: rows.dims(), times, which }
    }

    /// The rows.
    pub fn rows(&self) -> Result<Rows<'_>, ScoreError> {
        Rows::new(&self.values, self.dims)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_rows_are_one() {
        let rows = [3.0, 1.0, 2.0, 0.0, 3.0, 1.0, 1.0, 5.0, 2.0, -0.0, 3.0, 1.0];
        let found = Distinct::of(Rows::new(&rows, 2).unwrap());
        assert_eq!(found.values[..], [3.0, 1.0, 2.0, 0.0, 1.0, 5.0]);
        assert_eq!((found.times, found.which), (vec![3, 2, 1], vec![0, 1, 0, 2, 1, 0]));
    }
}

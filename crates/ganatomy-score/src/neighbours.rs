//! The real items nearest to samples, for people to look at.

use ganatomy_game::nearest::{Nearest, squared};
use ganatomy_tensor::Cpu;

use crate::balls::radii;
use crate::error::ScoreError;
use crate::rows::Rows;

/// The `k` rows nearest to a query: their places and their distances from it, nearest first; of equally near ones the first.
pub fn nearest_rows(rows: Rows<'_>, query: &[f32], k: usize) -> Vec<(usize, f64)> {
    let mut all: Vec<(usize, f64)> = rows.iter().map(|row| squared(row, query).sqrt()).enumerate().collect();
    all.sort_by(|a, b| a.1.total_cmp(&b.1));
    all.truncate(k);
    all
}

/// The nearest row to each query, and its distance.
///
/// # Errors
/// Features of different lengths.
pub fn nearest_row(rows: Rows<'_>, queries: Rows<'_>, cpu: &Cpu) -> Result<Vec<(usize, f64)>, ScoreError> {
    rows.check_like("generated", &queries)?;
    let found = Nearest::new(rows.values(), rows.dims(), cpu)?.query(queries.values())?;
    Ok(found.into_iter().map(|(place, square)| (place, f64::from(square).sqrt())).collect())
}

/// The median distance of a row to its nearest other row: how near one real item is to the next.
///
/// # Errors
/// Fewer than two rows.
pub fn spacing(rows: Rows<'_>, cpu: &Cpu) -> Result<f64, ScoreError> {
    rows.need("the spacing", "real", 2)?;
    let mut all = radii(rows, 1, cpu)?;
    let middle = all.len() / 2;
    let (_, square, _) = all.select_nth_unstable_by(middle, f64::total_cmp);
    Ok(square.sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_in_order_of_their_distance() {
        let rows = [0.0, 0.0, 3.0, 4.0, 1.0, 0.0, 0.0, 1.0];
        let (rows, cpu) = (Rows::new(&rows, 2).unwrap(), Cpu::new(1));
        assert_eq!(nearest_rows(rows, &[0.0, 0.0], 3), [(0, 0.0), (2, 1.0), (3, 1.0)]);
        assert_eq!(nearest_rows(rows, &[3.0, 4.0], 9).len(), 4);
        let queries = [3.0, 5.0, 0.0, 0.0];
        assert_eq!(nearest_row(rows, Rows::new(&queries, 2).unwrap(), &cpu).unwrap(), [(1, 1.0), (0, 0.0)]);
        // Nearest others: at 1, sqrt(20), 1 and 1.
        assert_eq!(spacing(rows, &cpu).unwrap(), 1.0);
        assert!(spacing(Rows::new(&[1.0], 1).unwrap(), &cpu).is_err());
    }
}

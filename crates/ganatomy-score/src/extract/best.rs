//! Which extractor is taken where none is named.

use super::ExtractorRow;

/// The names of those that apply to what they can see, the one that sees most first.
const BEST_FIRST: [&str; 3] = ["classifier", "random", "pixels"];

/// The rows to be asked in turn where no extractor is named: the first that does not refuse is taken.
pub fn best_first(rows: &[ExtractorRow]) -> impl Iterator<Item = &ExtractorRow> {
    BEST_FIRST.into_iter().filter_map(|name| rows.iter().find(|row| row.name() == name))
}

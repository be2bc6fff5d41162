//! What every reading is: one row of a table each, which `explain` prints and a test compares with what runs report.

mod beside;
mod gradients;
mod methods;
mod players;
mod samples;
mod scores;

use ganatomy_record::Direction;

/// One row: what a reading is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadingDoc {
    /// Its name; a `*` at its end stands for whatever differs, such as the number of a class.
    pub name: &'static str,
    /// One line of doc.
    pub doc: &'static str,
    /// How it is computed.
    pub formula: &'static str,
    /// Its range and unit.
    pub range: &'static str,
    /// Which way is better, as the record has it.
    pub direction: Direction,
    /// Which way is better, in words, and where that does not hold.
    pub better: &'static str,
    /// What it looks like when things go wrong.
    pub wrong: &'static str,
    /// Where it comes from.
    pub source: &'static str,
}

impl ReadingDoc {
    /// Is this the page of a reading of this name?
    pub fn covers(&self, name: &str) -> bool {
        covers(self.name, name)
    }

    /// The whole page, a paragraph for each question.
    pub fn page(&self) -> String {
        let ReadingDoc { formula, range, better, wrong, source, .. } = self;
        format!(
            "Formula: {formula}\n\nRange: {range}\n\nBetter: {better}\n\nWhen things go wrong: {wrong}\n\nSource: {source}\n"
        )
    }
}

/// Does the name of a row, which may end in `*`, stand for a reading's name?
pub fn covers(row: &str, name: &str) -> bool {
    match row.strip_suffix('*') {
        Some(start) => name.len() > start.len() && name.starts_with(start),
        None => row == name,
    }
}

/// Every reading that comes with Ganatomy.
pub fn readings() -> Vec<ReadingDoc> {
    [players::ROWS, gradients::ROWS, samples::ROWS, beside::ROWS, scores::ROWS, methods::ROWS].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_what_differs() {
        let check = |row, name, expected| assert_eq!(covers(row, name), expected, "{row} {name}");
        check("samples/class_share/*", "samples/class_share/7", true);
        check("samples/class_share/*", "samples/class_share/", false);
        check("samples/n_modes", "samples/n_modes", true);
        check("samples/n_modes", "samples/n_modes/2", false);
    }

    #[test]
    fn every_page_answers_every_question() {
        for row in readings() {
            let whole = [row.doc, row.formula, row.range, row.better, row.wrong, row.source];
            assert!(whole.iter().all(|text| text.len() > 3), "{row:?}");
        }
    }
}

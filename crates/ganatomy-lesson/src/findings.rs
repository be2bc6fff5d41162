//! What a lesson found: facts for its text, checks, and things to look at.

use std::collections::BTreeMap;

use ganatomy_view::Words;
use ganatomy_view::figure::Figure;
use ganatomy_view::page::{Exhibit, Film, Images, Table};

use crate::check::{Check, Claimed};
use crate::number::number;

/// What a lesson found.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// Numbers and words that the text calls by name.
    pub facts: BTreeMap<String, Words>,
    /// What is claimed.
    pub checks: Vec<Check>,
    /// What is shown, by name.
    pub exhibits: Vec<(String, Exhibit)>,
    /// What was made shorter than the published set-up.
    pub shortened: Vec<Words>,
}

impl Findings {
    /// No findings yet.
    pub fn new() -> Findings {
        Findings::default()
    }

    /// A number of the text, with this many significant digits.
    pub fn fact(&mut self, name: impl Into<String>, value: f64, digits: usize) {
        self.facts.insert(name.into(), Words::both(number(value, digits)));
    }

    /// A share of the text, as a percentage of two digits: 0.164 is `16 %`.
    pub fn share(&mut self, name: impl Into<String>, share: f64) {
        self.facts.insert(name.into(), Words::both(format!("{} %", number(100.0 * share, 2))));
    }

    /// Words of the text that depend on the run.
    pub fn told(&mut self, name: impl Into<String>, words: impl Into<Words>) {
        self.facts.insert(name.into(), words.into());
    }

    /// A claim. Its measured value is a fact of the same name too.
    pub fn check(&mut self, check: Check) {
        self.fact(check.name.clone(), check.measured, check.digits);
        self.checks.push(check);
    }

    /// Claims of the lesson itself, each with this many digits shown.
    pub fn claims(&mut self, digits: usize, claims: &[Claimed]) {
        for &(name, en, ko, measured, wanted) in claims {
            self.check(Check::new(name, Words::new(en, ko), measured, wanted).digits(digits));
        }
    }

    /// A figure, shown by `![](name)`.
    pub fn figure(&mut self, name: impl Into<String>, figure: Figure) {
        self.exhibits.push((name.into(), Exhibit::Figure(figure)));
    }

    /// A table.
    pub fn table(&mut self, name: impl Into<String>, table: Table) {
        self.exhibits.push((name.into(), Exhibit::Table(table)));
    }

    /// A sheet of images.
    pub fn images(&mut self, name: impl Into<String>, images: Images) {
        self.exhibits.push((name.into(), Exhibit::Images(images)));
    }

    /// An animation.
    pub fn film(&mut self, name: impl Into<String>, title: impl Into<Words>, gif: Vec<u8>) {
        self.exhibits.push((name.into(), Exhibit::Film(Film { title: title.into(), gif })));
    }

    /// Notes what was made shorter than the published set-up.
    pub fn shortened(&mut self, words: impl Into<Words>) {
        self.shortened.push(words.into());
    }
}

//! What a lesson found: facts for its text, checks, and things to look at.

use std::collections::BTreeMap;

use ganatomy_view::Words;
use ganatomy_view::figure::Figure;
use ganatomy_view::page::{Exhibit, Film, Images, Table};

use super::Check;

/// What a lesson found.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// What the text calls by name.
    pub facts: BTreeMap<String, Words>,
    /// What is claimed.
    pub checks: Vec<Check>,
    /// What is shown, by name.
    pub exhibits: Vec<(String, Exhibit)>,
    /// What was made shorter than the published set-up.
    pub shortened: Vec<Words>,
}

impl Findings {
    /// Nothing yet.
    pub fn new() -> Findings {
        Findings::default()
    }

    /// A number of the text, in so many significant digits.
    pub fn fact(&mut self, name: impl Into<String>, value: f64, digits: usize) {
        self.facts.insert(name.into(), Words::both(number(value, digits)));
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

    /// Tells what was made shorter than the published set-up.
    pub fn shortened(&mut self, words: impl Into<Words>) {
        self.shortened.push(words.into());
    }
}

/// Digits of an exponent.
const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];

/// A number in so many significant digits, as people write it: `0.0123`, `1.2×10⁻⁵`, `25,000`.
pub fn number(value: f64, digits: usize) -> String {
    let digits = digits.max(1);
    let size = value.abs();
    if value.is_infinite() {
        return if value > 0.0 { "∞".to_owned() } else { "-∞".to_owned() };
    }
    if value.is_nan() || value == 0.0 {
        return if value.is_nan() { "NaN".to_owned() } else { "0".to_owned() };
    }
    if value.fract() == 0.0 && size < 1e6 {
        return format!("{value:.0}");
    }
    if !(1e-4..1e6).contains(&size) {
        let text = format!("{value:.*e}", digits - 1);
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let raised = exponent.chars().map(|c| c.to_digit(10).map_or('⁻', |digit| RAISED[digit as usize]));
        return format!("{mantissa}×10{}", raised.collect::<String>());
    }
    let decimals = (digits as i32 - 1 - size.log10().floor() as i32).max(0) as usize;
    format!("{value:.decimals$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(value: f64, digits: usize, expected: &str) {
        assert_eq!(number(value, digits), expected);
    }

    #[test]
    fn numbers_have_their_digits() {
        check(1.004987562, 7, "1.004988");
        check(0.012345, 3, "0.0123");
        check(8.0, 3, "8");
        check(123.456, 2, "123");
        check(0.0, 3, "0");
        check(1.23e-7, 2, "1.2×10⁻⁷");
        check(-2.5e12, 2, "-2.5×10¹²");
        check(f64::NAN, 3, "NaN");
        check(f64::INFINITY, 3, "∞");
    }
}

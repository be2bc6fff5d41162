//! Pages: HTML files that open without a network, in English and Korean: self-contained, or with the chart library beside
//! them.

mod course;
mod exhibit;
mod gallery;
mod html;
mod opinion;
mod pictures;
mod prose;
mod script;

pub use course::{Course, CourseEntry, course};
pub use exhibit::{Exhibit, Film, Images, Table};
pub use gallery::{Gallery, Tile};
pub use html::page;
pub use opinion::{Found, Opinion, opinion};
pub use pictures::{Pictures, Row, Shot};
pub use script::library;

use crate::Words;

/// A page that asks a question and answers it by measurements.
#[derive(Clone, Debug)]
pub struct Page {
    /// The page's place in its course, counted from one, if it is of one.
    pub number: Option<usize>,
    /// What it is about.
    pub title: Words,
    /// What it asks.
    pub question: Words,
    /// Markdown with `$formulas$`. `![](name)` shows an exhibit of that name.
    pub text: Words,
    /// What the text shows, by name.
    pub exhibits: Vec<(String, Exhibit)>,
    /// What it claims.
    pub claims: Vec<Claim>,
    /// How it was made: budget, seed, what was shortened.
    pub made: Words,
    /// The command that makes it again.
    pub command: String,
    /// File name and title of the pages before and after it, if there are any.
    pub neighbours: [Option<(String, Words)>; 2],
    /// File name of the front page, if there is one.
    pub front: Option<String>,
    /// File name of the chart library ([`library`]) beside the page; the page holds it if there is none.
    pub library: Option<String>,
}

/// An expectation and the measurement of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// What is claimed.
    pub text: Words,
    /// What was measured.
    pub measured: String,
    /// What was expected.
    pub expected: Words,
    /// Where the expectation comes from.
    pub source: Words,
    /// Did it hold?
    pub verdict: Verdict,
}

/// The result of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The page's own claim holds.
    Passed,
    /// The page's own claim does not hold.
    Failed,
    /// The measurement agrees with a published number.
    Agrees,
    /// The measurement differs from a published number, which is shown but is not a failure.
    Differs,
}

impl Verdict {
    fn words(self) -> Words {
        match self {
            Verdict::Passed => Words::new("passed", "통과"),
            Verdict::Failed => Words::new("failed", "실패"),
            Verdict::Agrees => Words::new("agrees", "일치"),
            Verdict::Differs => Words::new("differs", "다름"),
        }
    }

    fn class(self) -> &'static str {
        match self {
            Verdict::Passed => "passed",
            Verdict::Failed => "failed",
            Verdict::Agrees => "agrees",
            Verdict::Differs => "differs",
        }
    }
}

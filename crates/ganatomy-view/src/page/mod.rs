//! Pages: one self-contained HTML file that opens without a network, in English and Korean.

mod course;
mod exhibit;
mod html;
mod prose;
mod script;

pub use course::{Course, CourseEntry, course};
pub use exhibit::{Exhibit, Film, Images, Table};
pub use html::page;

use crate::Words;

/// A page that asks a question and answers it by what was measured.
#[derive(Clone, Debug)]
pub struct Page {
    /// The page's place in its course, counted from one.
    pub number: usize,
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
    /// What to type to make it again.
    pub command: String,
    /// File name and title of the pages before and after it, where they are there.
    pub neighbours: [Option<(String, Words)>; 2],
    /// File name of the front page, where it is there.
    pub front: Option<String>,
}

/// Something that was expected, beside what was measured.
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

/// What came of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The page's own claim holds.
    Passed,
    /// The page's own claim does not hold.
    Failed,
    /// A published number is met.
    Agrees,
    /// A published number is not met, which is told and no failure.
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

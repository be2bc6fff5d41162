//! Lessons: questions about GANs, each answered by running something and measuring it.
//!
//! A lesson is data: a question, what to run, and a text in English and Korean whose numbers come from this very run.
//! Every claim of the text is a check in the lesson's code. Adding a lesson is one file in `course/` and one line of
//! [`LESSONS`].

mod bench;
mod check;
mod course;
pub mod digits;
mod findings;
mod frozen;
mod gaussians;
pub mod judged;
mod number;
mod pages;
pub mod points;
pub mod stats;
mod studied;

pub(crate) use bench::advance;
pub use bench::{Bench, Budget, Followed, Moment, Quiet, Run, Watch};
pub use check::{Check, Claimed, Wanted};
pub use course::LESSONS;
pub use findings::Findings;
pub use ganatomy_view::Words;
pub use ganatomy_view::page::library;
pub use number::{fixed, number};
pub use pages::{Answered, FRONT, LIBRARY, course_page, file_name};
pub use studied::Base;

use ganatomy_game::nearest::NearestError;
use ganatomy_record::SpecError;
use ganatomy_study::StudyError;
use ganatomy_tensor::{StoreError, TraceError};
use ganatomy_train::small::SmallError;
use ganatomy_train::{PlanError, TrainError};
use ganatomy_view::ViewError;

/// One lesson.
#[derive(Debug)]
pub struct Lesson {
    /// What it is called on the command line.
    pub name: &'static str,
    /// What it is about.
    pub title: Words,
    /// What it asks.
    pub question: Words,
    /// Markdown with `$formulas$`, `{{facts}}` and, each on a line of its own, exhibits: `![](name)`.
    pub text: Words,
    /// Runs what answers the question.
    pub answer: fn(&Bench<'_>) -> Result<Findings, LessonError>,
}

/// The lesson of this name.
pub fn find(name: &str) -> Option<&'static Lesson> {
    LESSONS.iter().find(|lesson| lesson.name == name)
}

/// Why a lesson could not be given.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LessonError {
    /// A spec of the lesson.
    #[error(transparent)]
    Spec(#[from] SpecError),
    /// A run of the lesson could not be begun.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// A run of the lesson failed.
    #[error(transparent)]
    Train(#[from] TrainError),
    /// A small game failed.
    #[error(transparent)]
    Small(#[from] SmallError),
    /// A study of the lesson.
    #[error(transparent)]
    Study(#[from] StudyError),
    /// A search for nearest neighbours.
    #[error(transparent)]
    Nearest(#[from] NearestError),
    /// A program of the lesson.
    #[error(transparent)]
    Trace(#[from] TraceError),
    /// The tensors of such a program.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The page or a picture.
    #[error(transparent)]
    View(#[from] ViewError),
    /// The text names a number that was not measured.
    #[error("the text of lesson {lesson} speaks of {{{{{fact}}}}}, which was not measured")]
    Fact {
        /// The lesson.
        lesson: &'static str,
        /// The name of the number.
        fact: String,
    },
    /// A run that the rest of a lesson needs has diverged.
    #[error("{quantity} is no longer finite after step {step}: the lesson cannot go on")]
    Diverged {
        /// The quantity that is not finite.
        quantity: String,
        /// At which step.
        step: u64,
    },
    /// Something else, in words.
    #[error("{0}")]
    Other(String),
}

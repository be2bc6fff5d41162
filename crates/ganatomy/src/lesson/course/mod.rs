//! The lessons, one a file.

mod divergences;
mod saddle;

use super::Lesson;

/// Every lesson, in reading order.
#[rustfmt::skip]
pub const LESSONS: &[Lesson] = &[
    saddle::LESSON,
    divergences::LESSON,
];

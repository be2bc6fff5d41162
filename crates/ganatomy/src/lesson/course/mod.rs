//! The lessons, one a file.

mod saddle;

use super::Lesson;

/// Every lesson, in reading order.
pub const LESSONS: &[Lesson] = &[saddle::LESSON];

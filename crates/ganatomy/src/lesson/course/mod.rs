//! The lessons, one a file.

mod divergences;
mod hyperparameters;
mod imle;
mod loss_zoo;
mod mode_collapse;
mod not_always_bad;
mod remedies;
mod saddle;
mod unrolled;

use super::Lesson;

/// Every lesson, in reading order.
#[rustfmt::skip]
pub const LESSONS: &[Lesson] = &[
    saddle::LESSON,
    divergences::LESSON,
    mode_collapse::LESSON,
    unrolled::LESSON,
    loss_zoo::LESSON,
    imle::LESSON,
    hyperparameters::LESSON,
    remedies::LESSON,
    not_always_bad::LESSON,
];

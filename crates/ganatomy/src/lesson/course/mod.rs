//! The lessons, one a file.

mod balance;
mod divergences;
mod hyperparameters;
mod loss_zoo;
mod nash;
mod remedies;
mod saddle;
mod the_game;
mod unrolled;

use super::Lesson;

/// Every lesson, in reading order.
#[rustfmt::skip]
pub const LESSONS: &[Lesson] = &[
    the_game::LESSON,
    saddle::LESSON,
    nash::LESSON,
    divergences::LESSON,
    unrolled::LESSON,
    loss_zoo::LESSON,
    hyperparameters::LESSON,
    balance::LESSON,
    remedies::LESSON,
];

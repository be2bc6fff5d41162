//! The lessons, one a file.

mod balance;
mod created_equal;
mod divergences;
mod hyperparameters;
mod imle;
mod loss_zoo;
mod mode_collapse;
mod nash;
mod not_always_bad;
mod optimal_discriminator;
mod remedies;
mod saddle;
mod the_clinic;
mod the_game;
mod unrolled;
mod unstable_gradient;
mod vanishing_gradient;

use super::Lesson;

/// Every lesson, in reading order.
#[rustfmt::skip]
pub const LESSONS: &[Lesson] = &[
    the_game::LESSON,
    saddle::LESSON,
    nash::LESSON,
    divergences::LESSON,
    optimal_discriminator::LESSON,
    vanishing_gradient::LESSON,
    unstable_gradient::LESSON,
    mode_collapse::LESSON,
    unrolled::LESSON,
    loss_zoo::LESSON,
    imle::LESSON,
    hyperparameters::LESSON,
    created_equal::LESSON,
    balance::LESSON,
    remedies::LESSON,
    not_always_bad::LESSON,
    the_clinic::LESSON,
];

//! The games that are trained: a generator against a discriminator, with an encoder, and alone.

mod adversarial;
mod generator;
mod imle;
mod model;
mod spec;
mod vae;
mod walk;

pub use adversarial::Adversarial;
pub use generator::{Generated, Generator, Given, Noise};
pub use imle::{AdaptiveImle, Imle, RejectionImle};
pub use model::{Applied, Call, Facts, Model, N_TRACED};
pub use spec::{GameSpec, Ingredients, Row, Second, games};
pub use vae::Vae;

pub use crate::step::{Game, Objective};

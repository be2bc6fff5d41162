//! The games that can be trained, by name.

use std::sync::Arc;

use super::{AdaptiveImle, Adversarial, Game, Generator, Imle, Model, RejectionImle, Vae};
use crate::loss::Loss;
use crate::remedy::Remedies;
use ganatomy_record::Entry;

/// A game as a spec names it, before its players are built.
pub trait GameSpec: Send + Sync {
    /// What `[discriminator]` is the network of.
    fn second(&self) -> Second {
        Second::Discriminator
    }

    /// The game of these players.
    ///
    /// # Errors
    /// Why the game cannot be played with these players.
    fn build(&self, parts: Ingredients) -> Result<Box<dyn Game>, String>;
}

/// The player beside the generator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Second {
    /// It judges, and there are a loss and remedies.
    Discriminator,
    /// It answers `2 z_dims` numbers for an item.
    Encoder,
    /// There is none.
    Nobody,
}

/// What a game is made of.
pub struct Ingredients {
    /// Makes samples.
    pub generator: Generator,
    /// The discriminator, the loss and the remedies of games that have them.
    pub duel: Option<(Arc<Model>, Box<dyn Loss>, Remedies)>,
    /// The encoder of games that have one.
    pub encoder: Option<Arc<Model>>,
}

impl std::fmt::Debug for Ingredients {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ingredients").field("generator", &self.generator).finish_non_exhaustive()
    }
}

/// A row of the table.
pub type Row = Entry<dyn GameSpec>;

/// Every game that is trained.
#[rustfmt::skip]
pub fn games() -> Vec<Row> {
    vec![
        Row::new("adversarial", "a generator against a discriminator", |_| Ok(Box::new(Duel))).explained_by(include_str!("adversarial.rs")),
        Row::new("imle", "every data point pulls the sample nearest to it, without a discriminator", |f| Ok(Box::new(Imle::read(f)?))).explained_by(include_str!("imle/vanilla.rs")),
        Row::new("adaptive-imle", "imle in which a point is matched anew once it has been learned", |f| Ok(Box::new(AdaptiveImle::read(f)?))).explained_by(include_str!("imle/adaptive.rs")),
        Row::new("rejection-imle", "imle without the samples that are near the data already", |f| Ok(Box::new(RejectionImle::read(f)?))).explained_by(include_str!("imle/rejection.rs")),
        Row::new("vae", "a variational autoencoder: the network of [discriminator] encodes, and nobody judges", |f| Ok(Box::new(Vae::read(f)?))).explained_by(include_str!("vae.rs")),
    ]
}

struct Duel;

impl GameSpec for Duel {
    fn build(&self, parts: Ingredients) -> Result<Box<dyn Game>, String> {
        let (discriminator, loss, remedies) = parts.duel.ok_or("needs a discriminator")?;
        Ok(Box::new(Adversarial { generator: parts.generator, discriminator, loss, remedies }))
    }
}

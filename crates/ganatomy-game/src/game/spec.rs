//! The games that can be trained, by name.

use std::sync::Arc;

use super::{AdaptiveImle, Adversarial, Game, Generator, Imle, Player, RejectionImle};
use crate::loss::Loss;
use crate::registry::Entry;
use crate::remedy::Remedies;

/// A game as asked for, before its players are built.
pub trait GameSpec: Send + Sync {
    /// Is there a discriminator, and with it a loss and remedies?
    fn has_discriminator(&self) -> bool {
        true
    }

    /// The game of these players, or why it cannot be played.
    fn build(&self, parts: Ingredients) -> Result<Box<dyn Game>, String>;
}

/// What a game is made of.
pub struct Ingredients {
    /// Makes samples.
    pub generator: Generator,
    /// The discriminator, the loss and the remedies of games that have them.
    pub duel: Option<(Arc<Player>, Box<dyn Loss>, Remedies)>,
}

/// Every game that is trained.
#[rustfmt::skip]
pub const GAMES: &[Entry<dyn GameSpec>] = &[
    Entry::documented("adversarial", "a generator against a discriminator", include_str!("adversarial.rs"), |_| Ok(Box::new(Duel))),
    Entry::documented("imle", "every data point pulls the sample nearest to it, without a discriminator", include_str!("imle/vanilla.rs"), |f| Ok(Box::new(Imle::read(f)?))),
    Entry::documented("adaptive-imle", "imle in which a point is matched anew once it has been learned", include_str!("imle/adaptive.rs"), |f| Ok(Box::new(AdaptiveImle::read(f)?))),
    Entry::documented("rejection-imle", "imle without the samples that are near the data already", include_str!("imle/rejection.rs"), |f| Ok(Box::new(RejectionImle::read(f)?))),
];

struct Duel;

impl GameSpec for Duel {
    fn build(&self, parts: Ingredients) -> Result<Box<dyn Game>, String> {
        let (discriminator, loss, remedies) = parts.duel.ok_or("needs a discriminator")?;
        Ok(Box::new(Adversarial { generator: parts.generator, discriminator, loss, remedies }))
    }
}

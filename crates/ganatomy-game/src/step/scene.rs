//! One turn of an adversarial game as it is played: the batches, what the discriminator sees, and its logits.

use ganatomy_tensor::Tensor;

use super::{Player, Players, Turn, Values, Who};

/// A turn after the discriminator has judged both batches.
#[non_exhaustive]
pub struct Scene<'a> {
    /// The turn.
    pub turn: &'a Turn<'a>,
    /// The game.
    pub duel: &'a dyn Duel,
    /// The tensors of both players.
    pub players: &'a Players,
    /// Who moves.
    pub who: Who,
    /// Real items as the discriminator sees them.
    pub real: Tensor,
    /// Generated items as the discriminator sees them.
    pub fake: Tensor,
    /// The real batch itself.
    pub items: Tensor,
    /// The generated batch itself.
    pub samples: Tensor,
    /// Logits of both, real first.
    pub logits: [Tensor; 2],
    /// The discriminator's last hidden layer of both, real first, where its network shows it.
    pub features: Option<[Tensor; 2]>,
    /// Running statistics of the generator and of the discriminator.
    pub running: [Values; 2],
    /// The classes of both batches, real first, where the discriminator is given them.
    pub labels: [Option<Tensor>; 2],
    /// What the mover minimises before any remedy adds to it, once that is known.
    pub bare: Option<Tensor>,
}

impl std::fmt::Debug for Scene<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scene")
            .field("turn", &self.turn)
            .field("who", &self.who)
            .field("logits", &self.logits)
            .finish_non_exhaustive()
    }
}

/// An adversarial game as its scenes need it.
pub trait Duel {
    /// The player of a name.
    fn player(&self, who: Who) -> Option<&Player>;

    /// The discriminator's logits of items as it sees them; `purpose` keys its random layers.
    fn opinion(&self, scene: &Scene<'_>, purpose: &str, x: &Tensor, labels: Option<&Tensor>) -> Tensor;

    /// What a player minimises before any remedy adds to it.
    fn bare_loss(&self, scene: &Scene<'_>, who: Who) -> Tensor;

    /// The discriminator's cost of calling a batch real, or generated; nothing for losses without labels.
    fn label(&self, logits: &Tensor, real: bool) -> Option<Tensor>;

    /// How many leading channels of an item the generator is given.
    fn n_given(&self) -> usize;
}

impl<'a> Scene<'a> {
    /// The discriminator's logits of items as it sees them, for instance between real and generated ones;
    /// with `fake` they have the classes of the generated batch, else those of the real one.
    ///
    /// # Shapes
    /// - x: as [`Scene::real`]; output: `[batch]`
    pub fn opinion(&self, part: &str, x: &Tensor, fake: bool) -> Tensor {
        let purpose = format!("{}.{part}", self.turn.purpose);
        self.duel.opinion(self, &purpose, x, self.labels[usize::from(fake)].as_ref())
    }

    /// What a player minimises before any remedy adds to it.
    pub fn bare_loss(&self, who: Who) -> Tensor {
        if let Some(known) = self.bare.as_ref().filter(|_| who == self.who) {
            return known.clone();
        }
        // This is not a turn of that player, so what its loss keeps from turn to turn must not change.
        let before = self.turn.memory.written();
        let loss = self.duel.bare_loss(self, who);
        self.turn.memory.rewind(before);
        loss
    }

    /// A player's trained tensors by name, in order of their making.
    pub fn parameters(&self, who: Who) -> Vec<(&str, &'a Tensor)> {
        let values = self.players.of(who);
        let trained = self.duel.player(who).into_iter().flat_map(Player::trained);
        trained.filter_map(|d| Some((d.name.as_str(), values.get(&d.name)?))).collect()
    }
}

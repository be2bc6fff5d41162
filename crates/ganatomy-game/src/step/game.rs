//! What a game is: who minimises what, given the players' tensors and a batch.

use ganatomy_tensor::{Tensor, Trace};

use super::{Feed, Player, Players, Turn, Values, Who};

/// What a player minimises in one turn.
#[derive(Debug)]
pub struct Objective {
    /// The scalar to be minimised.
    pub loss: Tensor,
    /// Scalars that come for free, by the name of their reading.
    pub readings: Vec<(String, Tensor)>,
    /// The mover's running statistics after the turn.
    pub running: Values,
    /// The generated batch; nothing in games that make none.
    pub samples: Option<Tensor>,
}

impl Objective {
    /// A scalar to be minimised, and nothing else.
    pub fn of(loss: Tensor) -> Objective {
        Objective { loss, readings: vec![], running: Values::new(), samples: None }
    }
}

/// Who minimises what. A game knows no optimiser.
pub trait Game: Send + Sync {
    /// The players, in the order in which they move.
    fn players(&self) -> Vec<&Player>;

    /// What `who` minimises in this turn.
    fn objective(&self, turn: &Turn<'_>, players: &Players, who: Who) -> Objective;

    /// Is the interaction zero-sum, so that what one player gains by the other's move the other loses?
    fn is_zero_sum(&self) -> bool {
        false
    }

    /// Do objectives hold gradients of losses by the players' parameters?
    fn differentiates_parameters(&self) -> bool {
        false
    }

    /// The numbers of steps, each above 1 and told once, of which something counts in whole multiples only: a step may be
    /// written without what is not due (see [`Board::due`](super::Board::due)).
    fn periods(&self) -> Vec<u64> {
        vec![]
    }

    /// A factor of a player's learning rate.
    fn lr_factor(&self, _who: Who) -> f64 {
        1.0
    }

    /// 1 where the player moves this time and 0 where it waits; nothing for a player that never waits.
    fn gate(&self, _turn: &Turn<'_>, _who: Who, _loss: &Tensor) -> Option<Tensor> {
        None
    }

    /// The value that a parameter takes after a move.
    fn moved(&self, _who: Who, _name: &str, value: Tensor) -> Tensor {
        value
    }

    /// Called once a step, after all moves.
    fn end_step(&self, _turn: &Turn<'_>, _players: &Players) {}

    /// What the game has to do outside of its programs before each step, besides drawing real batches.
    fn feed(&self) -> Option<Box<dyn Feed>> {
        None
    }

    /// The judge's logits of items outside training; nothing in games without a judge of single items.
    fn opinion(&self, _trace: &Trace, _items: &Tensor) -> Option<Tensor> {
        None
    }

    /// The player of a name.
    fn player(&self, who: Who) -> Option<&Player> {
        self.players().into_iter().find(|player| player.who == who)
    }
}

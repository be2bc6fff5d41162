//! Two players of which the first maximises what the second minimises.

use ganatomy_tensor::{Tensor, Trace};

use crate::step::{Game, Objective, Player, Players, Turn, Values, Who};

/// The game of a value, which is a scalar of the two players' tensors.
pub(super) fn zero_sum<F>(players: [Player; 2], value: F) -> Box<dyn Game>
where
    F: Fn(&Trace, &Values, &Values) -> Tensor + Send + Sync + 'static,
{
    Box::new(ZeroSum { players, value })
}

struct ZeroSum<F> {
    players: [Player; 2],
    value: F,
}

impl<F: Fn(&Trace, &Values, &Values) -> Tensor + Send + Sync> Game for ZeroSum<F> {
    fn players(&self) -> Vec<&Player> {
        self.players.iter().collect()
    }
    fn objective(&self, turn: &Turn<'_>, players: &Players, who: Who) -> Objective {
        let [first, second] = [self.players[0].who, self.players[1].who];
        let value = (self.value)(turn.trace, players.of(first), players.of(second));
        Objective::of(if who == first { -value } else { value })
    }
    fn is_zero_sum(&self) -> bool {
        true
    }
}

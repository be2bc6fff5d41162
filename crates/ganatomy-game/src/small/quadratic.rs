//! Two players with quadratic losses.

use super::{Coordinate, Rules, SmallGame, by_hand};
use crate::step::{Game, Objective, Player, Players, Turn, Who};

/// `l_1 = x^2 / 2 + 10 x y` and `l_2 = y^2 / 2 - 10 x y`: a weak pull to the origin beside a strong rotation (Balduzzi et
/// al. 2018, section 4.1).
///
/// # Shapes
/// - x, y: `[1]`
///
/// Declared property: the eigenvalues of the field are `1 +- 10 i`, so that simultaneous gradient descent converges only for
/// `lr < 2 / 101` (Mescheder et al. 2017, lemma 4): rotation, not steepness, sets the limit.
#[derive(Clone, Copy, Debug)]
pub struct Quadratic;

impl SmallGame for Quadratic {
    fn game(&self, _: Rules) -> Box<dyn Game> {
        Box::new(Pair([by_hand("first", "x", &[1]), by_hand("second", "y", &[1])]))
    }
    fn start(&self) -> Vec<Coordinate> {
        [Coordinate::all("x", "first.x", &[1.0]), Coordinate::all("y", "second.y", &[1.0])].concat()
    }
    fn equilibrium(&self) -> Vec<f64> {
        vec![0.0, 0.0]
    }
}

struct Pair([Player; 2]);

impl Game for Pair {
    fn players(&self) -> Vec<&Player> {
        self.0.iter().collect()
    }
    fn objective(&self, _: &Turn<'_>, players: &Players, who: Who) -> Objective {
        let [first, second] = [&self.0[0], &self.0[1]];
        let (x, y) = (&players.of(first.who)["first.x"], &players.of(second.who)["second.y"]);
        let (own, turn) = if who == first.who { (x, 10.0) } else { (y, -10.0) };
        Objective::of((own.square() * 0.5 + x * y * turn).sum_all())
    }
}

//! Four players around one equilibrium.

use super::{Coordinate, Rules, SmallGame, by_hand};
use crate::step::{Game, Objective, Player, Players, Turn, Who};

/// Players i = 1..4 own one number each and minimise `e / 2 p_i^2 + p_i (sum_{j > i} p_j - sum_{j < i} p_j)` with `e =
/// 0.01`: a weak pull to the origin, and every pair a bilinear game (Letcher et al. 2019, section 5.1).
///
/// # Shapes
/// - each player: `[1]`
///
/// Declared property: the field's Jacobian is `e I` and an antisymmetric part; gradient descent converges only for
/// steps shorter than about `2 e / (e^2 + s^2)` with `s = 1 + sqrt 2`, its largest singular value.
#[derive(Clone, Copy, Debug)]
pub struct FourPlayer;

const NAMES: [&str; 4] = ["first", "second", "third", "fourth"];
const PULL: f64 = 0.01;

impl SmallGame for FourPlayer {
    fn game(&self, _: Rules) -> Box<dyn Game> {
        Box::new(Ring(NAMES.map(|name| by_hand(name, "p", &[1])).into()))
    }
    fn start(&self) -> Vec<Coordinate> {
        let starts = NAMES.iter().zip(["p1", "p2", "p3", "p4"]).zip([1.0, 0.5, -0.5, -1.0]);
        starts
            .flat_map(|((name, label), start)| Coordinate::all(label, &format!("{name}.p"), &[start]))
            .collect()
    }
    fn equilibrium(&self) -> Vec<f64> {
        vec![0.0; 4]
    }
}

struct Ring(Vec<Player>);

impl Game for Ring {
    fn players(&self) -> Vec<&Player> {
        self.0.iter().collect()
    }
    fn objective(&self, turn: &Turn<'_>, players: &Players, who: Who) -> Objective {
        let at = |i: usize| players.of(self.0[i].who)[&format!("{}.p", NAMES[i])].clone();
        let me = self.0.iter().position(|player| player.who == who).unwrap_or(0);
        let mut push = turn.trace.zeros([1]);
        for other in (0..NAMES.len()).filter(|other| *other != me) {
            push = if other > me { push + at(other) } else { push - at(other) };
        }
        Objective::of((at(me).square() * (0.5 * PULL) + at(me) * push).sum_all())
    }
}

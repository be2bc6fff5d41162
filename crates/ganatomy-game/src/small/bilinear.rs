//! The bilinear game.

use ganatomy_record::{Fields, Range, SpecError};

use super::{Coordinate, Rules, SmallGame, by_hand, zero_sum};
use crate::step::Game;

/// `min_y max_x s x.y`: player A owns x and minimises `-s x.y`, player B owns y and minimises `s x.y`.
///
/// # Shapes
/// - x, y: `[dims]`
///
/// Declared property: the only equilibrium is the origin, around which the continuous flow circles for ever with period
/// `2 pi / s`. Each scheme declares what it does on this game.
///
/// Reference: the example of Goodfellow (2016, section 8.2) and of Hui (2018); full batch and `dims = 100` are the game of
/// Chavdarova et al. (2021, section 4.1) with a unit matrix.
#[derive(Clone, Copy, Debug)]
pub struct Bilinear {
    dims: usize,
    scale: f64,
}

impl Bilinear {
    /// Reads the game's fields.
    ///
    /// # Errors
    /// A field whose value is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<Bilinear, SpecError> {
        Ok(Bilinear {
            dims: fields.count("dims", "numbers that each player owns", 1, 1..=10_000)? as usize,
            scale: fields.number("scale", "factor of the objective", 1.0, Range::positive())?,
        })
    }
}

impl SmallGame for Bilinear {
    fn game(&self, _: Rules) -> Box<dyn Game> {
        let players = [by_hand("a", "x", &[self.dims]), by_hand("b", "y", &[self.dims])];
        let scale = self.scale;
        zero_sum(players, move |_, a, b| (&a["a.x"] * &b["b.y"]).sum_all() * scale)
    }
    fn start(&self) -> Vec<Coordinate> {
        let ones = vec![1.0; self.dims];
        [Coordinate::all("x", "a.x", &ones), Coordinate::all("y", "b.y", &ones)].concat()
    }
    fn equilibrium(&self) -> Vec<f64> {
        vec![0.0; 2 * self.dims]
    }
    fn is_bilinear(&self) -> bool {
        self.scale == 1.0
    }
}

//! What is drawn of both sides, and its features.

use ganatomy_data::Dataset;
use ganatomy_score::Sides;
use ganatomy_score::extract::{Extractor, Place};
use ganatomy_view::Words;

use super::features::{All, Part};
use super::side::Side;
use crate::cli::failure::Failure;

/// Keeps the items of both sides apart, should they be of one data set.
pub(super) const OTHER: u64 = 1 << 40;

/// How much is asked for.
pub(super) struct Asking<'a> {
    /// The generated and the real side.
    pub sides: [&'a Side; 2],
    /// Items of each.
    pub n: usize,
    pub seed: u64,
}

impl Asking<'_> {
    /// Are there as many other real items, to score real against real?
    pub fn twice(&self) -> bool {
        self.sides[1].n_items().is_none_or(|most| most >= 2 * self.n)
    }

    /// Real items that are drawn.
    pub fn n_real(&self) -> usize {
        if self.twice() { 2 * self.n } else { self.n }
    }

    /// Items of each side of real against real.
    pub fn n_floor(&self) -> usize {
        if self.twice() { self.n } else { self.n / 2 }
    }

    /// Says where real against real has fewer items.
    pub fn note_halves(&self, notes: &mut Vec<Words>) {
        if !self.twice() {
            let (n, needed) = (self.n_floor(), 2 * self.n);
            notes.push(Words::of(
                format!(
                    "real against real is of two halves of {n} items, since there are fewer than {needed} real ones; scores with bias compare only at equal numbers"
                ),
                format!(
                    "실제 항목이 {needed}개보다 적으므로 실제 대 실제는 {n}개씩 둘로 나눈 것입니다. 편향이 있는 점수는 같은 개수에서만 비교됩니다"
                ),
            ));
        }
    }
}

/// Features of all that was drawn.
pub(super) struct Drawn {
    pub fake: All,
    /// Real items, and where `twice` as many others after them.
    pub all: All,
    kept: Option<All>,
    pub n: usize,
    twice: bool,
}

impl Drawn {
    /// Features of `n` items of each side, of as many other real ones where there are so many, and of held-out ones.
    pub fn draw(
        built: &mut dyn Extractor,
        asked: &Asking<'_>,
        kept: Option<(usize, Box<dyn Dataset>)>,
        place: &Place<'_>,
    ) -> Result<Drawn, Failure> {
        let Asking { sides: [generated, real], n, seed } = *asked;
        let mut extract = |side: &Side, n, seed| All::seen(built, side, (n, seed), place);
        let fake = extract(generated, n, seed)?;
        let all = extract(real, asked.n_real(), seed ^ OTHER)?;
        let kept =
            kept.map(|(n, set)| extract(&Side::Set { name: String::new(), split: "held-out", set }, n, seed));
        Ok(Drawn { fake, all, kept: kept.transpose()?, n, twice: asked.twice() })
    }

    /// Generated against real items, and real ones against others.
    pub fn sides(&self, seed: u64) -> Result<(Sides<'_>, Sides<'_>), Failure> {
        let n = if self.twice { self.n } else { self.n / 2 };
        let (first, second) = (self.all.part(0..n)?, self.all.part(n..2 * n)?);
        let floor = self.pair(first, second, seed)?;
        Ok((self.pair(self.all.part(0..self.n)?, self.fake.part(0..self.n)?, seed)?, floor))
    }

    fn pair<'a>(&'a self, real: Part<'a>, other: Part<'a>, seed: u64) -> Result<Sides<'a>, Failure> {
        let kept = self.kept.as_ref().map(|kept| kept.part(0..kept.n())).transpose()?;
        let sides = Sides::new(real.0, other.0)
            .and_then(|sides| sides.with_held_out(kept.map(|kept| kept.0)))
            .and_then(|sides| sides.with_probabilities(other.1))
            .map_err(Failure::run)?;
        let mut sides = sides;
        sides.seed = seed;
        Ok(sides)
    }
}

//! The Fréchet distance alone: of items that pass by and are not kept, however many there are.

use ganatomy_score::Value;
use ganatomy_score::extract::{Extractor, Place};
use ganatomy_score::frechet::{Frechet, Gather};
use ganatomy_tensor::Cpu;

use super::drawn::{Asking, OTHER};
use super::features::All;
use super::report::Report;
use crate::cli::failure::Failure;

/// What is left of both sides.
struct Passed {
    fake: Gather,
    real: Gather,
    /// Were the features of the generated and of the real side made before?
    is_kept: [bool; 2],
}

/// Scores generated against real items, and real ones against each other, each as set.
pub(super) fn score(
    (frechet, floor): (Frechet, Frechet),
    built: &mut dyn Extractor,
    asked: &Asking<'_>,
    place: &Place<'_>,
    report: &mut Report,
) -> Result<(), Failure> {
    let passed = Passed::draw((frechet, floor), built, asked, place)?;
    [report.generated.from_cache, report.real.from_cache] = passed.is_kept;
    let [values, best] = passed.values((frechet, floor), asked, place.cpu)?;
    report.add("fid", values, &best);
    asked.note_halves(&mut report.notes);
    Ok(())
}

impl Asking<'_> {
    /// Can all distances be had from sums, as those of more items than features can?
    pub fn can_pass(&self, dims: usize) -> bool {
        self.n_floor() > dims
    }
}

impl Passed {
    /// Sums the features of both sides.
    fn draw(
        (frechet, floor): (Frechet, Frechet),
        built: &mut dyn Extractor,
        asked: &Asking<'_>,
        place: &Place<'_>,
    ) -> Result<Passed, Failure> {
        let Asking { sides: [generated, real], n, seed } = *asked;
        let cuts = frechet.cuts(&(0..n));
        let gather = |cuts| Gather::new(built.dims(), cuts, place.cpu).map_err(Failure::run);
        let half = asked.n_floor();
        let mut passed = Passed {
            real: gather([&cuts[..], &floor.cuts(&(0..half)), &floor.cuts(&(half..2 * half))].concat())?,
            fake: gather(cuts)?,
            is_kept: [false; 2],
        };
        passed.is_kept[0] = All::passed(built, generated, (n, seed), place, &mut passed.fake)?;
        let n_real = asked.n_real();
        passed.is_kept[1] = All::passed(built, real, (n_real, seed ^ OTHER), place, &mut passed.real)?;
        Ok(passed)
    }

    /// The score of generated against real items, and of real ones against each other.
    fn values(
        &self,
        (frechet, floor): (Frechet, Frechet),
        asked: &Asking<'_>,
        cpu: &Cpu,
    ) -> Result<[Vec<Value>; 2], Failure> {
        let (all, half) = (0..asked.n, asked.n_floor());
        let values = frechet.of_gathered([(&self.real, all.clone()), (&self.fake, all)], cpu);
        let best = floor.of_gathered([(&self.real, 0..half), (&self.real, half..2 * half)], cpu);
        Ok([values.map_err(Failure::run)?, best.map_err(Failure::run)?])
    }
}

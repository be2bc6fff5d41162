//! The readings that others' names may be mapped to.

use ganatomy_record::Direction;

/// One reading: its name in a record, and what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its name in a record.
    pub name: &'static str,
    /// What it is.
    pub about: &'static str,
}

const fn known(name: &'static str, about: &'static str) -> Known {
    Known { name, about }
}

/// All of them.
pub const READINGS: [Known; 31] = [
    known("discriminator/loss", "D's loss, as printed"),
    known("discriminator/loss_real", "the half of D's loss on real items"),
    known("discriminator/loss_fake", "the half of D's loss on generated items"),
    known("discriminator/loss_held_out", "D's loss on items that are not trained on"),
    known("generator/loss", "G's loss; where it has parts, the adversarial one"),
    known("generator/total_loss", "G's loss with all its parts"),
    known("discriminator/probability_real", "D(x), between 0 and 1"),
    known("discriminator/probability_fake", "D(G(z)), before D's update"),
    known("discriminator/probability_fake_after", "D(G(z)), after D's update"),
    known("discriminator/logit_real", "D's output on real items before the sigmoid"),
    known("discriminator/logit_fake", "D's output on generated items before the sigmoid"),
    known("discriminator/accuracy_real", "the share of real items that D tells as such"),
    known("discriminator/accuracy_fake", "the share of generated items that D tells as such"),
    known("discriminator/accuracy", "the share of all items that D tells right"),
    known("discriminator/accuracy_held_out", "the same on items that are not trained on"),
    known("discriminator/sign_real", "the mean sign of D's output on real items, r_t"),
    known("augment/probability", "how often what D sees is augmented"),
    known("discriminator/penalty", "D's penalty: gp, r1"),
    known("generator/penalty", "G's penalty: path length"),
    known("discriminator/gradient_norm", "the length of D's gradient"),
    known("generator/gradient_norm", "the length of G's gradient"),
    known("loss/k", "BEGAN's k"),
    known("loss/convergence", "BEGAN's measure of convergence"),
    known("scores/fid/fid", "FID"),
    known("scores/kid/kid", "KID"),
    known("scores/inception/inception_score", "Inception score"),
    known("scores/precision-recall/precision", "precision"),
    known("scores/precision-recall/recall", "recall"),
    known("scores/density-coverage/density", "density"),
    known("scores/density-coverage/coverage", "coverage"),
    known("generator/loss_held_out", "G's loss on items that are not trained on"),
];

/// The reading of a name; of one of several games (`pair/A/...`) too.
pub(crate) fn find(name: &str) -> Option<Known> {
    let plain =
        name.strip_prefix("pair/").and_then(|rest| rest.split_once('/')).map_or(name, |(_, rest)| rest);
    READINGS.into_iter().find(|known| known.name == plain)
}

/// Which way a reading is better.
pub(crate) fn direction(name: &str) -> Direction {
    match name {
        "scores/fid/fid" | "scores/kid/kid" => Direction::Down,
        _ if name.starts_with("scores/") => Direction::Up,
        _ => Direction::None,
    }
}

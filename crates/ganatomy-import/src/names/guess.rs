//! What a name of another program probably means.

use super::words::words;

/// A guess: a reading, and how good the guess is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Guess {
    /// The reading.
    pub ours: &'static str,
    /// Of several names for one reading the least wins.
    pub rank: u8,
    /// Which of several games it is of: `a` of `D_A`.
    pub game: Option<String>,
    /// What else must be in the log for the guess to hold.
    pub with: Needs,
}

/// What a short name needs beside it to be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Needs {
    /// Nothing.
    Nothing,
    /// A loss of the other player: `D` and `G`.
    OtherPlayer,
    /// D's loss in halves: `a1` beside `d1`.
    Halves,
    /// BEGAN's other reading.
    Began,
}

/// Words that say nothing of what is measured.
const EMPTY: [&str; 35] = [
    "loss", "losses", "err", "error", "cost", "value", "val", "train", "training", "tr", "metrics", "metric",
    "scalars", "scalar", "results", "result", "avg", "average", "ave", "mean", "epoch", "step", "batch",
    "iter", "current", "log", "logs", "raw", "stats", "summary", "the", "of", "running", "net", "l",
];
/// Words of numbers that are no reading, whatever else the name says.
const OTHER: [&str; 28] = [
    "best",
    "min",
    "max",
    "std",
    "stddev",
    "lr",
    "rate",
    "time",
    "secs",
    "sec",
    "var",
    "weight",
    "lambda",
    "beta",
    "patience",
    "seed",
    "id",
    "count",
    "num",
    "size",
    "timestamp",
    "elapsed",
    "eta",
    "ratio",
    "memory",
    "total_time",
    "minimum",
    "gamma",
];
const D: [&str; 9] =
    ["d", "dis", "disc", "discr", "discrim", "discriminator", "critic", "dsc", "discrimator"];
const G: [&str; 5] = ["g", "gen", "generator", "gener", "netg"];
const REAL: [&str; 3] = ["real", "r", "reals"];
const FAKE: [&str; 5] = ["fake", "f", "fakes", "generated", "synthetic"];
const LOSS: [&str; 6] = ["loss", "losses", "err", "error", "cost", "objective"];
const ADVERSARIAL: [&str; 8] = ["gan", "adv", "adversarial", "bce", "hinge", "wgan", "logistic", "main"];
const HELD_OUT: [&str; 8] = ["val", "valid", "validation", "test", "eval", "heldout", "holdout", "dev"];
const PENALTY: [&str; 6] = ["gp", "penalty", "r1", "r2", "gradpen", "dragan"];

/// What a name probably means.
pub(crate) fn guess(theirs: &str) -> Option<Guess> {
    let simple: String = theirs.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    if let Some(ours) = output(theirs, &simple) {
        return Some(plain(ours, 0));
    }
    let words = words(theirs);
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    if words.is_empty() || has(&OTHER) {
        return None;
    }
    let name = Name { has_d: has(&D), has_g: has(&G), is_held_out: has(&HELD_OUT), words: &words };
    name.score()
        .or_else(|| name.short())
        .or_else(|| name.about_outputs())
        .or_else(|| name.penalty())
        .or_else(|| name.loss())
}

fn plain(ours: &'static str, rank: u8) -> Guess {
    Guess { ours, rank, game: None, with: Needs::Nothing }
}

/// D's outputs as formulas.
fn output(theirs: &str, simple: &str) -> Option<&'static str> {
    match simple {
        _ if ["D_x", "d_x"].contains(&theirs) => Some("discriminator/probability_real"),
        "d(x)" | "d(real)" => Some("discriminator/probability_real"),
        "d(g(z))" | "d(g(z))1" | "d(g(z1))" | "d(fake)" | "d_g_z1" | "d_g_z" => {
            Some("discriminator/probability_fake")
        }
        "d(g(z))(2)" | "d(g(z))2" | "d(g(z2))" | "d_g_z2" => Some("discriminator/probability_fake_after"),
        _ => None,
    }
}

/// A name in words.
struct Name<'a> {
    words: &'a [String],
    has_d: bool,
    has_g: bool,
    is_held_out: bool,
}

impl Name<'_> {
    fn has(&self, list: &[&str]) -> bool {
        self.words.iter().any(|word| list.contains(&word.as_str()))
    }

    fn is(&self, words: &[&str]) -> bool {
        self.words.iter().map(String::as_str).eq(words.iter().copied())
    }

    fn score(&self) -> Option<Guess> {
        let numbered = |stem: &str| {
            self.words.iter().any(|word| {
                word.strip_prefix(stem)
                    .is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit() || c == 'k'))
            })
        };
        if numbered("fid") || self.has(&["frechet"]) {
            return Some(plain("scores/fid/fid", 0));
        }
        if numbered("kid") || self.has(&["kernel"]) && self.has(&["inception"]) {
            return Some(plain("scores/kid/kid", 0));
        }
        let rest: Vec<&str> =
            self.words.iter().map(String::as_str).filter(|word| !EMPTY.contains(word)).collect();
        let is_score = match rest.as_slice() {
            ["is"] | ["isc"] | ["inception"] | ["is" | "inception", "score"] => true,
            [one] | [one, "full"] => one.strip_prefix("is").is_some_and(|n| n.ends_with('k') && n.len() > 1),
            _ => false,
        };
        if is_score {
            return Some(plain("scores/inception/inception_score", 0));
        }
        let ours =
            match rest.iter().find(|word| ["precision", "recall", "density", "coverage"].contains(word)) {
                Some(&"precision") => "scores/precision-recall/precision",
                Some(&"recall") => "scores/precision-recall/recall",
                Some(&"density") => "scores/density-coverage/density",
                Some(_) => "scores/density-coverage/coverage",
                None => return None,
            };
        let known = |word: &&str| {
            ["improved", "full", "score", "k", "gan"].contains(word) || word.starts_with("pr50k")
        };
        (rest.iter().filter(|word| !known(word)).count() == 1).then(|| plain(ours, 0))
    }

    /// Names of one letter or two, which mean something only beside others.
    fn short(&self) -> Option<Guess> {
        let [word] = self.words else {
            return if self.is(&["k", "t"]) { Some(plain("loss/k", 0)) } else { None };
        };
        let (ours, with) = match word.as_str() {
            "d1" | "c1" => ("discriminator/loss_real", Needs::OtherPlayer),
            "d2" | "c2" => ("discriminator/loss_fake", Needs::OtherPlayer),
            "a1" => ("discriminator/accuracy_real", Needs::Halves),
            "a2" => ("discriminator/accuracy_fake", Needs::Halves),
            "d" | "dis" | "disc" | "discriminator" | "critic" | "c" => {
                ("discriminator/loss", Needs::OtherPlayer)
            }
            "g" | "gen" | "generator" => ("generator/loss", Needs::OtherPlayer),
            "k" => ("loss/k", Needs::Began),
            "m" | "measure" | "mglobal" | "convergence" => ("loss/convergence", Needs::Nothing),
            "adv" | "gan" => (GENERATOR_PART, Needs::OtherPlayer),
            "rt" => ("discriminator/sign_real", Needs::Nothing),
            _ => return None,
        };
        Some(Guess { with, ..plain(ours, 2) })
    }

    /// D's outputs, signs and accuracies; augmentation.
    fn about_outputs(&self) -> Option<Guess> {
        let (real, fake) = (self.has(&["real", "reals"]), self.has(&["fake", "fakes", "generated", "gen"]));
        if self.has(&["augment", "augmentation"]) && self.words.len() <= 3
            || ["ada p", "aug p", "p aug", "ada aug p", "augment p", "ada prob"]
                .contains(&self.words.join(" ").as_str())
        {
            return Some(plain("augment/probability", 0));
        }
        if self.has(&["sign", "signs"]) || self.is(&["r", "t"]) {
            return (!fake).then(|| plain("discriminator/sign_real", 0));
        }
        if self.has(&["acc", "accuracy"]) {
            return self.accuracy(real, fake);
        }
        if self.has(&LOSS) && !self.has(&["scores", "logits", "logit"])
            || self.has_g && !real && !fake
            || real == fake
        {
            return None;
        }
        let side = |of_real, of_fake| Some(plain(if real { of_real } else { of_fake }, 1));
        if self.has(&["scores", "logits", "logit"]) {
            return side("discriminator/logit_real", "discriminator/logit_fake");
        }
        if self.has(&["score", "prob", "probability", "output", "out", "pred", "prediction", "confidence"]) {
            return side("discriminator/probability_real", "discriminator/probability_fake");
        }
        None
    }

    fn accuracy(&self, real: bool, fake: bool) -> Option<Guess> {
        let known = |word: &&String| {
            let lists: [&[&str]; 5] = [&EMPTY, &D, &REAL, &FAKE, &["acc", "accuracy", "op", "binary", "on"]];
            lists.iter().any(|list| list.contains(&word.as_str())) || HELD_OUT.contains(&word.as_str())
        };
        if !self.words.iter().all(|word| known(&word)) {
            return None;
        }
        let ours = match (real, fake) {
            _ if self.is_held_out => "discriminator/accuracy_held_out",
            (true, false) => "discriminator/accuracy_real",
            (false, true) => "discriminator/accuracy_fake",
            _ => "discriminator/accuracy",
        };
        Some(plain(ours, 1))
    }

    fn penalty(&self) -> Option<Guess> {
        if self.has(&["grad", "grads", "gradient"])
            && self.has(&["norm", "norms"])
            && self.has_d != self.has_g
        {
            let ours = if self.has_d { "discriminator/gradient_norm" } else { "generator/gradient_norm" };
            return Some(plain(ours, 0));
        }
        if self.has(&["pl", "path", "ppl"]) && self.has(&["penalty", "loss", "length", "reg"]) {
            return Some(plain("generator/penalty", 0));
        }
        let named = self.has(&PENALTY) || self.has(&["grad", "gradient"]) && self.has(&["pen", "penal"]);
        if named && !self.has(&G) {
            return Some(plain("discriminator/penalty", u8::from(self.has(&["r2"]))));
        }
        None
    }

    /// A player's loss.
    fn loss(&self) -> Option<Guess> {
        if self.is(&["a", "loss"]) {
            return Some(plain("generator/loss", 3));
        }
        let is_adversarial = self.has(&ADVERSARIAL);
        let is_loss = self.has(&LOSS);
        let (has_d, has_g) = (self.has_d, self.has_g);
        if !has_d && !has_g {
            // `adv_loss`, `gan_loss`: G's adversarial part.
            let rest = self.rest(&[&ADVERSARIAL]);
            return (is_adversarial && is_loss && rest.is_empty()).then(|| plain(GENERATOR_PART, 4));
        }
        // `d_loss_gen` is D's loss on what G made, `gen_adv_d` is G's.
        let of_d = has_d
            && (!has_g
                || D.contains(
                    &self.words.iter().find(|w| D.contains(&w.as_str()) || G.contains(&w.as_str()))?.as_str(),
                ));
        if of_d { self.of_discriminator(has_g) } else { self.of_generator() }
    }

    /// The words that say something beyond the lists.
    fn rest(&self, lists: &[&[&str]]) -> Vec<&str> {
        let known = |word: &&str| EMPTY.contains(word) || lists.iter().any(|list| list.contains(word));
        self.words.iter().map(String::as_str).filter(|word| !known(word)).collect()
    }

    fn of_discriminator(&self, has_g: bool) -> Option<Guess> {
        let rest = self.rest(&[&D, &G, &REAL, &FAKE, &ADVERSARIAL, &HELD_OUT, &TOTAL]);
        let (game, rank) = game(&rest)?;
        let (real, fake) = (self.has(&REAL), self.has(&FAKE) || has_g);
        let ours = match (real, fake) {
            _ if self.is_held_out => "discriminator/loss_held_out",
            (true, false) => "discriminator/loss_real",
            (false, true) => "discriminator/loss_fake",
            _ => "discriminator/loss",
        };
        let is_bare = !self.has(&LOSS) && self.words.len() == 1;
        let with = if is_bare { Needs::OtherPlayer } else { Needs::Nothing };
        Some(Guess { ours, rank, game, with })
    }

    fn of_generator(&self) -> Option<Guess> {
        let rest = self.rest(&[&G, &D, &FAKE, &REAL, &ADVERSARIAL, &HELD_OUT, &TOTAL]);
        let (game, rank) = game(&rest)?;
        let ours = match () {
            () if self.is_held_out => "generator/loss_held_out",
            () if self.has(&ADVERSARIAL) => GENERATOR_PART,
            () if self.has(&TOTAL) => GENERATOR_TOTAL,
            () => "generator/loss",
        };
        Some(Guess { ours, rank, game, with: Needs::Nothing })
    }
}

const TOTAL: [&str; 6] = ["total", "tot", "sum", "all", "full", "overall"];

/// G's adversarial part, named as such: it is the loss, and what else is called G's loss the total.
pub(crate) const GENERATOR_PART: &str = "generator/loss (adversarial)";
/// G's total, named as such: it is the loss where nothing else is.
pub(crate) const GENERATOR_TOTAL: &str = "generator/total_loss";

/// One letter names the game; words of parts that are no adversarial loss make a name unknown.
fn game(rest: &[&str]) -> Option<(Option<String>, u8)> {
    match rest {
        [] => Some((None, 1)),
        [letter] if letter.len() == 1 && letter.chars().all(|c| c.is_ascii_lowercase()) => {
            Some((Some(letter.to_uppercase()), 1))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;

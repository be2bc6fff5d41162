//! Which name of a log gives which reading, all of them taken together.

use std::collections::{BTreeMap, BTreeSet};

use super::NameMap;
use super::guess::{GENERATOR_PART, GENERATOR_TOTAL, Guess, Needs, guess};

/// A name of a log, with what its values tell about its meaning.
#[derive(Clone, Debug)]
pub(crate) struct Name {
    /// As it stands in the log.
    pub theirs: String,
    /// How many values it has.
    pub count: u64,
    /// Does it stand in rows of the log, and not only in settings that are printed?
    pub is_in_rows: bool,
    /// The least and the largest value that is finite.
    pub range: Option<(f64, f64)>,
    /// Were values printed in percent?
    pub percent: bool,
}

/// What a name was found to mean.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Meaning {
    /// It gives a reading, when its values are multiplied.
    Reading(String, f64),
    /// It does not, for this reason.
    Nothing(String),
}

/// Is a name of use: does the user say what it means, or can it be guessed?
pub(crate) fn is_known(theirs: &str, maps: &[NameMap]) -> bool {
    match said(theirs, maps) {
        Some(map) => map.ours.is_some(),
        None => guess(theirs).is_some(),
    }
}

/// What the user says of a name.
pub(crate) fn said<'a>(theirs: &str, maps: &'a [NameMap]) -> Option<&'a NameMap> {
    maps.iter().find(|map| map.theirs == theirs)
}

/// What each name means.
pub(crate) fn resolve(names: &[Name], maps: &[NameMap]) -> Vec<Meaning> {
    let mut meanings: Vec<Option<Meaning>> = names.iter().map(|name| of_map(name, maps)).collect();
    let guesses: Vec<Option<Guess>> = names
        .iter()
        .zip(&meanings)
        .map(|(name, said)| if said.is_some() || name.count == 0 { None } else { guess(&name.theirs) })
        .collect();
    let taken: BTreeSet<String> = meanings.iter().flatten().filter_map(ours).map(str::to_owned).collect();
    let believed = believe(&guesses, &taken);
    let wanted = wanted(names, &believed);
    let winners = winners(names, &believed, &wanted, &taken);
    for (i, name) in names.iter().enumerate() {
        if meanings[i].is_none() {
            meanings[i] = Some(match (&wanted[i], &guesses[i]) {
                (Some(ours), _) => match winners.get(ours) {
                    Some(winner) if *winner == i => Meaning::Reading(ours.clone(), scale(ours, name)),
                    Some(winner) => Meaning::Nothing(format!("{} gives {ours}", names[*winner].theirs)),
                    None => Meaning::Nothing(format!("--map gives {ours}")),
                },
                (None, Some(guess)) if believed[i].is_none() => Meaning::Nothing(lacking(guess)),
                (None, Some(_)) => Meaning::Nothing("it is of several games together".to_owned()),
                (None, None) => Meaning::Nothing(String::new()),
            });
        }
    }
    meanings.into_iter().map(|meaning| meaning.unwrap_or(Meaning::Nothing(String::new()))).collect()
}

fn of_map(name: &Name, maps: &[NameMap]) -> Option<Meaning> {
    let map = said(&name.theirs, maps)?;
    Some(match &map.ours {
        Some(ours) => Meaning::Reading(ours.clone(), scale(ours, name)),
        None => Meaning::Nothing("--map says so".to_owned()),
    })
}

fn ours(meaning: &Meaning) -> Option<&str> {
    match meaning {
        Meaning::Reading(ours, _) => Some(ours),
        Meaning::Nothing(_) => None,
    }
}

fn lacking(guess: &Guess) -> String {
    let lacks = match guess.with {
        Needs::OtherPlayer => "no loss of the other player stands beside it",
        Needs::Halves => "no halves of D's loss stand beside it",
        Needs::Began => "no measure of convergence stands beside it",
        Needs::Nothing => "",
    };
    lacks.to_owned()
}

/// Leaves out guesses on short names that nothing supports.
fn believe<'a>(guesses: &'a [Option<Guess>], taken: &BTreeSet<String>) -> Vec<Option<&'a Guess>> {
    let has = |part: &str| {
        guesses.iter().flatten().any(|guess| guess.ours.starts_with(part))
            || taken.iter().any(|ours| ours.starts_with(part))
    };
    let holds = |guess: &Guess| match guess.with {
        Needs::Nothing => true,
        Needs::OtherPlayer if guess.ours.starts_with("discriminator/") => has("generator/"),
        Needs::OtherPlayer => has("discriminator/loss"),
        Needs::Halves => has("discriminator/loss_real"),
        Needs::Began => has("loss/convergence"),
    };
    guesses.iter().map(|guess| guess.as_ref().filter(|guess| holds(guess))).collect()
}

/// The reading that each guess comes to, beside the others.
fn wanted(names: &[Name], believed: &[Option<&Guess>]) -> Vec<Option<String>> {
    let games: BTreeSet<&str> = believed
        .iter()
        .flatten()
        .filter(|guess| guess.ours.starts_with("discriminator/"))
        .filter_map(|guess| guess.game.as_deref())
        .collect();
    let is_logit = has_logits(names, believed);
    let parts: BTreeSet<Option<&str>> = believed
        .iter()
        .flatten()
        .filter(|guess| guess.ours == GENERATOR_PART)
        .map(|guess| guess.game.as_deref())
        .collect();
    let has_loss = |game: Option<&str>| {
        let of = |guess: &&&Guess| guess.game.as_deref() == game;
        believed.iter().flatten().filter(of).any(|guess| guess.ours == "generator/loss")
    };
    let reading = |guess: &Guess| -> Option<String> {
        let game = guess.game.as_deref();
        let has_part = parts.contains(&game);
        let ours = match guess.ours {
            GENERATOR_PART => "generator/loss",
            "generator/loss" if has_part => GENERATOR_TOTAL,
            GENERATOR_TOTAL if !has_part && !has_loss(game) => "generator/loss",
            "discriminator/probability_real" if is_logit => "discriminator/logit_real",
            "discriminator/probability_fake" if is_logit => "discriminator/logit_fake",
            "discriminator/probability_fake_after" if is_logit => return None,
            ours => ours,
        };
        match game {
            Some(game) if games.len() > 1 => Some(format!("pair/{game}/{ours}")),
            None if games.len() > 1
                && (ours.starts_with("generator/") || ours.starts_with("discriminator/")) =>
            {
                None
            }
            _ => Some(ours.to_owned()),
        }
    };
    believed.iter().map(|guess| guess.and_then(reading)).collect()
}

/// Do values that are called D's outputs leave the range of probabilities?
fn has_logits(names: &[Name], believed: &[Option<&Guess>]) -> bool {
    const ROUNDING: f64 = 1e-3;
    let is_outside = |range: (f64, f64)| range.0 < -ROUNDING || range.1 > 1.0 + ROUNDING;
    let outputs = names
        .iter()
        .zip(believed)
        .filter(|(_, guess)| guess.is_some_and(|guess| guess.ours.starts_with("discriminator/probability_")));
    outputs.filter(|(name, _)| !name.percent).filter_map(|(name, _)| name.range).any(is_outside)
}

/// Of several names for one reading: the better guess, then the one with more values, then the first.
fn winners(
    names: &[Name],
    believed: &[Option<&Guess>],
    wanted: &[Option<String>],
    taken: &BTreeSet<String>,
) -> BTreeMap<String, usize> {
    let mut winners: BTreeMap<String, usize> = BTreeMap::new();
    let better = |i: usize, than: usize| {
        let key = |i: usize| (believed[i].map_or(u8::MAX, |guess| guess.rank), u64::MAX - names[i].count, i);
        key(i) < key(than)
    };
    for (i, ours) in wanted.iter().enumerate() {
        let Some(ours) = ours.as_ref().filter(|ours| !taken.contains(*ours)) else { continue };
        match winners.get(ours) {
            Some(winner) if !better(i, *winner) => {}
            _ => drop(winners.insert(ours.clone(), i)),
        }
    }
    winners
}

/// Shares are often printed in percent.
fn scale(ours: &str, name: &Name) -> f64 {
    let is_share = ours.contains("discriminator/accuracy") || ours.contains("discriminator/probability");
    let is_large = ours.contains("accuracy") && name.range.is_some_and(|range| range.1 > 1.0 + 1e-9);
    if is_share && (name.percent || is_large) { 0.01 } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str, range: (f64, f64)) -> Name {
        Name { theirs: text.to_owned(), count: 9, is_in_rows: true, range: Some(range), percent: false }
    }

    /// What names mean whose values lie between 0 and 1.
    fn check(names: &str, maps: &[&str], expected: &[&str]) {
        let names: Vec<Name> = names.split(' ').map(|text| name(text, (0.1, 0.9))).collect();
        let maps: Vec<NameMap> = maps.iter().map(|map| map.parse().unwrap()).collect();
        let found = resolve(&names, &maps);
        let told = found.iter().map(|meaning| match meaning {
            Meaning::Reading(ours, _) => ours.as_str(),
            Meaning::Nothing(_) => "-",
        });
        assert_eq!(told.collect::<Vec<_>>(), expected, "{names:?}");
    }

    #[test]
    fn short_names_need_company() {
        check("D G", &[], &["discriminator/loss", "generator/loss"]);
        check("G E Dx Dz Rx", &[], &["-"; 5]);
        check(
            "d1 d2 g a1 a2",
            &[],
            &[
                "discriminator/loss_real",
                "discriminator/loss_fake",
                "generator/loss",
                "discriminator/accuracy_real",
                "discriminator/accuracy_fake",
            ],
        );
        check("a1 a2 loss", &[], &["-"; 3]);
    }

    #[test]
    fn the_adversarial_part_is_the_loss() {
        check(
            "loss_D loss_G G_GAN G_L1",
            &[],
            &["discriminator/loss", "generator/total_loss", "generator/loss", "-"],
        );
        check("loss_D loss_G_total", &[], &["discriminator/loss", "generator/loss"]);
    }

    #[test]
    fn several_games_are_kept_apart() {
        check(
            "D_A G_A D_B G_B cycle_A",
            &[],
            &[
                "pair/A/discriminator/loss",
                "pair/A/generator/loss",
                "pair/B/discriminator/loss",
                "pair/B/generator/loss",
                "-",
            ],
        );
        check("D_A G_A", &[], &["discriminator/loss", "generator/loss"]);
        check(
            "D_A D_B G_A G_B G",
            &[],
            &[
                "pair/A/discriminator/loss",
                "pair/B/discriminator/loss",
                "pair/A/generator/loss",
                "pair/B/generator/loss",
                "-",
            ],
        );
    }

    #[test]
    fn of_two_names_for_one_reading_one_wins() {
        check("d_loss errD g_loss", &[], &["discriminator/loss", "-", "generator/loss"]);
        check(
            "d_loss errD g_loss",
            &["errD=discriminator/loss"],
            &["-", "discriminator/loss", "generator/loss"],
        );
        check("d_loss g_loss", &["d_loss=-"], &["-", "generator/loss"]);
    }

    #[test]
    fn outputs_outside_of_probabilities_are_logits() {
        let names = [name("D(x)", (-3.0, 8.0)), name("D(G(z))", (0.0, 0.9)), name("D(G(z)) (2)", (0.0, 0.9))];
        let found = resolve(&names, &[]);
        assert_eq!(found[0], Meaning::Reading("discriminator/logit_real".into(), 1.0));
        assert_eq!(found[1], Meaning::Reading("discriminator/logit_fake".into(), 1.0));
        assert!(matches!(found[2], Meaning::Nothing(_)));
    }

    #[test]
    fn shares_in_percent_become_shares() {
        let found = resolve(&[name("acc", (20.0, 68.0))], &[]);
        assert_eq!(found, [Meaning::Reading("discriminator/accuracy".into(), 0.01)]);
    }
}

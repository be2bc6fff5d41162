//! Verdicts, one a file: each says whether one thing is wrong with a chart.

mod broken_score;
mod complete_collapse;
mod confidence;
mod dead_players;
mod discriminator_overfitting;
mod discriminator_too_strong;
mod diverged;
mod exploding_gradient;
mod from_log;
mod generator_too_strong;
mod healthy;
mod memorisation;
mod never_learned;
mod oscillation;
mod partial_collapse;
mod past_its_best;
mod rotating_modes;
mod stuck;
mod too_early;
mod trivial_cue;
mod vanishing_gradient;
mod wins;

pub use from_log::FromLog;

use crate::cure::{Cure, remedies};
use crate::symptom::{family, score};
use crate::{CannotTell, Chart, Diagnosis, Evidence, Facts, Finding, Lasting, Note};

/// One thing that can be said of a run.
#[derive(Clone, Copy, Debug)]
pub struct Verdict {
    /// Its name.
    pub name: &'static str,
    /// What it says, in one line.
    pub doc: &'static str,
    /// What it means and how it is told, for `ganatomy explain`.
    pub page: &'static str,
    /// The readings that it is told from, in words.
    pub needs: &'static str,
    /// What may mend it, the likeliest first.
    pub remedies: &'static [Cure],
    /// How it is told of another program's log.
    pub from_log: FromLog,
    examine: fn(&Chart) -> Answer,
}

/// What a verdict makes of a chart.
enum Answer {
    /// It holds.
    Holds(Symptom),
    /// It does not hold.
    Absent,
    /// The readings do not tell.
    CannotTell,
    /// The readings that usually tell do not tell here: what would.
    Untold(&'static str),
}

/// What a verdict is told from.
struct Symptom {
    lasting: Lasting,
    sentence: String,
    sentence_ko: String,
    evidence: Vec<Evidence>,
    /// How sure it is, where that is not told by its strength.
    sure: Option<f64>,
}

impl Answer {
    /// The same, as sure as this.
    fn surely(self, sure: f64) -> Answer {
        match self {
            Answer::Holds(symptom) => Answer::Holds(Symptom { sure: Some(sure), ..symptom }),
            other => other,
        }
    }
}

/// A verdict that holds.
fn held(
    lasting: Lasting,
    evidence: impl IntoIterator<Item = Evidence>,
    sentence: String,
    sentence_ko: String,
) -> Answer {
    Answer::Holds(Symptom {
        lasting,
        sentence,
        sentence_ko,
        evidence: evidence.into_iter().collect(),
        sure: None,
    })
}

/// Every verdict, the gravest first.
pub fn verdicts() -> Vec<Verdict> {
    vec![
        diverged::VERDICT,
        exploding_gradient::VERDICT,
        complete_collapse::VERDICT,
        partial_collapse::VERDICT,
        rotating_modes::VERDICT,
        oscillation::VERDICT,
        vanishing_gradient::VERDICT,
        dead_players::VERDICT,
        trivial_cue::VERDICT,
        discriminator_too_strong::VERDICT,
        generator_too_strong::VERDICT,
        discriminator_overfitting::VERDICT,
        memorisation::VERDICT,
        never_learned::VERDICT,
        past_its_best::VERDICT,
        broken_score::VERDICT,
        healthy::VERDICT,
        healthy::CONVERGED,
        too_early::VERDICT,
    ]
}

/// A record that tells of this share of the verdicts tells whether a run is well: some hold of few runs only.
const MOST: f64 = 0.7;

/// How sure the clinic is that nothing is wrong with another program's run: by a score, and by losses alone.
const WELL_BY_SCORE: f64 = 0.85;
const WELL_BY_LOSSES: f64 = 0.55;

/// What all verdicts make of a chart.
pub(crate) fn all(chart: &Chart) -> Diagnosis {
    let mut found = Diagnosis::default();
    let (well, ill): (Vec<_>, Vec<_>) =
        verdicts().into_iter().partition(|verdict| crate::is_well(verdict.name));
    match chart.facts.is_imported {
        true => of_log(chart, &ill, &mut found),
        false => ill.iter().for_each(|verdict| verdict.add(chart, "", &mut found)),
    }
    if !found.is_sick() {
        let told = 1.0 - found.cannot_tell.len() as f64 / ill.len() as f64;
        let seen = (told / MOST).min(1.0);
        let perhaps = std::mem::take(&mut found.verdicts);
        for verdict in &well {
            verdict.add(chart, "", &mut found);
        }
        // Nothing wrong is seen, of what can be seen.
        found.verdicts.iter_mut().for_each(|finding| match (chart.facts.is_imported, score(chart)) {
            (true, None) => finding.confidence = WELL_BY_LOSSES,
            (true, Some(_)) => finding.confidence = WELL_BY_SCORE,
            _ => finding.confidence *= seen,
        });
        found.verdicts.extend(perhaps);
    }
    // What is only perhaps so stands at the end.
    found.verdicts.sort_by_key(|finding| !crate::is_well(finding.name) && !finding.is_sure());
    found
}

/// What another program's log tells: each of its games is judged, and what one of them tells is told.
fn of_log(chart: &Chart, ill: &[Verdict], found: &mut Diagnosis) {
    let games = chart.pairs();
    let mut of_each = Vec::new();
    for (name, game) in &games {
        let mut own = Diagnosis::default();
        ill.iter().for_each(|verdict| verdict.add(game, name, &mut own));
        if let Some([sentence, sentence_ko]) = family(game).map(|family| family.sentence()) {
            found.notes.push(Note { sentence: of(name, &sentence), sentence_ko: of(name, &sentence_ko) });
        }
        of_each.push(own);
    }
    for verdict in ill {
        let untold: Vec<_> = of_each
            .iter()
            .filter_map(|own| own.cannot_tell.iter().find(|one| one.name == verdict.name))
            .collect();
        if untold.len() == games.len() {
            // The line that most games miss: that of the last, which is a game where another is of scores alone.
            found.cannot_tell.extend(untold.last().map(|one| (*one).clone()));
        }
        for own in &of_each {
            found.verdicts.extend(own.verdicts.iter().filter(|one| one.name == verdict.name).cloned());
        }
    }
}

/// A text of one game of several, which is named.
fn of(game: &str, text: &str) -> String {
    if game.is_empty() { text.to_owned() } else { format!("{game}: {text}") }
}

impl Verdict {
    /// What it makes of a chart; of another program's log first as of a record of our own, and then from what such a log has.
    fn answer(&self, chart: &Chart) -> Answer {
        match (self.examine)(chart) {
            own if !chart.facts.is_imported => own,
            Answer::Holds(symptom) => Answer::Holds(symptom),
            own => match self.from_log.examine(chart) {
                Answer::CannotTell => own,
                told => told,
            },
        }
    }

    fn add(&self, chart: &Chart, game: &str, found: &mut Diagnosis) {
        let needs = match self.answer(chart) {
            Answer::Absent => return,
            Answer::CannotTell if chart.facts.is_imported => self.from_log.line,
            Answer::CannotTell => self.needs,
            Answer::Untold(needs) => needs,
            Answer::Holds(symptom) => {
                found.verdicts.push(self.finding(symptom, game, &chart.facts));
                return;
            }
        };
        found.cannot_tell.push(CannotTell { name: self.name, needs: needs.into() });
    }

    fn finding(&self, symptom: Symptom, game: &str, facts: &Facts) -> Finding {
        let Symptom { lasting, sentence, sentence_ko, mut evidence, sure } = symptom;
        evidence.iter_mut().for_each(|one| one.reading = of(game, &one.reading).into());
        Finding {
            name: self.name,
            since_step: lasting.since,
            confidence: sure.unwrap_or_else(|| confidence::of(self.name, lasting.strength)),
            strength: lasting.strength,
            sentence: of(game, &sentence),
            sentence_ko: of(game, &sentence_ko),
            evidence,
            remedies: remedies(self.name, self.remedies, facts),
        }
    }
}

/// Every cure that any verdict names, once, in the order of the verdicts.
pub fn cures() -> Vec<Cure> {
    let mut all: Vec<Cure> = Vec::new();
    for cure in verdicts().iter().flat_map(|verdict| verdict.remedies) {
        if all.iter().all(|known| known.name != cure.name) {
            all.push(*cure);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cure::learned;

    #[test]
    fn a_cure_has_one_change_and_what_was_learned_is_of_cures_that_there_are() {
        for cure in verdicts().iter().flat_map(|verdict| verdict.remedies) {
            let same = cures().into_iter().find(|known| known.name == cure.name).unwrap();
            assert_eq!((same.usual, same.why), (cure.usual, cure.why), "{}", cure.name);
        }
        for row in learned() {
            assert!(row.helped <= row.of && row.of > 0, "{row:?}");
            let verdict = verdicts().into_iter().find(|verdict| verdict.name == row.verdict).unwrap();
            assert!(verdict.remedies.iter().any(|cure| cure.name == row.remedy), "{row:?}");
        }
    }
}

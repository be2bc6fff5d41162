//! Verdicts, one a file: each says whether one thing is wrong with a chart.

mod broken_score;
mod complete_collapse;
mod confidence;
mod dead_players;
mod discriminator_overfitting;
mod discriminator_too_strong;
mod diverged;
mod exploding_gradient;
mod generator_too_strong;
mod healthy;
mod memorisation;
mod never_learned;
mod oscillation;
mod partial_collapse;
mod past_its_best;
mod rotating_modes;
mod too_early;
mod trivial_cue;
mod vanishing_gradient;

use crate::{CannotTell, Chart, Diagnosis, Evidence, Finding, Lasting, Remedy};

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
    pub remedies: &'static [Remedy],
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
}

/// What a verdict is told from.
struct Symptom {
    lasting: Lasting,
    sentence: String,
    sentence_ko: String,
    evidence: Vec<Evidence>,
}

/// A verdict that holds.
fn held(
    lasting: Lasting,
    evidence: impl IntoIterator<Item = Evidence>,
    sentence: String,
    sentence_ko: String,
) -> Answer {
    Answer::Holds(Symptom { lasting, sentence, sentence_ko, evidence: evidence.into_iter().collect() })
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

/// What all verdicts make of a chart.
pub(crate) fn all(chart: &Chart) -> Diagnosis {
    let mut found = Diagnosis::default();
    let (well, ill): (Vec<_>, Vec<_>) =
        verdicts().into_iter().partition(|verdict| crate::is_well(verdict.name));
    for verdict in &ill {
        verdict.add(chart, &mut found);
    }
    if found.verdicts.is_empty() {
        let told = 1.0 - found.cannot_tell.len() as f64 / ill.len() as f64;
        let seen = (told / MOST).min(1.0);
        for verdict in &well {
            verdict.add(chart, &mut found);
        }
        // Nothing wrong is seen, of what can be seen.
        found.verdicts.iter_mut().for_each(|finding| finding.confidence *= seen);
    }
    found
}

impl Verdict {
    fn add(&self, chart: &Chart, found: &mut Diagnosis) {
        match (self.examine)(chart) {
            Answer::Absent => {}
            Answer::CannotTell => {
                found.cannot_tell.push(CannotTell { name: self.name, needs: self.needs.into() });
            }
            Answer::Holds(Symptom { lasting, sentence, sentence_ko, evidence }) => {
                found.verdicts.push(Finding {
                    name: self.name,
                    since_step: lasting.since,
                    confidence: confidence::of(self.name, lasting.strength),
                    strength: lasting.strength,
                    sentence,
                    sentence_ko,
                    evidence,
                    remedies: self.remedies.to_vec(),
                });
            }
        }
    }
}

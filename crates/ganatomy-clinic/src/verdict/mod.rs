//! Verdicts, one a file: each says whether one thing is wrong with a chart.

mod complete_collapse;
mod confidence;
mod diverged;
mod healthy;
mod partial_collapse;
mod too_early;

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

/// Every verdict, the gravest first.
pub fn verdicts() -> Vec<Verdict> {
    vec![
        diverged::VERDICT,
        complete_collapse::VERDICT,
        partial_collapse::VERDICT,
        healthy::VERDICT,
        healthy::CONVERGED,
        too_early::VERDICT,
    ]
}

/// What all verdicts make of a chart.
pub(crate) fn all(chart: &Chart) -> Diagnosis {
    let mut found = Diagnosis::default();
    let (well, ill): (Vec<_>, Vec<_>) =
        verdicts().into_iter().partition(|verdict| crate::is_well(verdict.name));
    for verdict in &ill {
        verdict.add(chart, &mut found);
    }
    if found.verdicts.is_empty() {
        for verdict in &well {
            verdict.add(chart, &mut found);
        }
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
                    confidence: confidence::of(self.name, &lasting),
                    sentence,
                    sentence_ko,
                    evidence,
                    remedies: self.remedies.to_vec(),
                });
            }
        }
    }
}

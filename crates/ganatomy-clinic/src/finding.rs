//! What the clinic says of a run.

use std::borrow::Cow;

use serde::Serialize;

/// A finding less sure than this is said as a perhaps.
pub(crate) const SURE: f64 = 0.5;

/// What was found in a chart.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Diagnosis {
    /// What holds at the last step of the chart; several may hold at once.
    pub verdicts: Vec<Finding>,
    /// What the readings do not tell.
    pub cannot_tell: Vec<CannotTell>,
    /// What another program's losses were taken for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

/// A verdict that holds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    /// Its name.
    pub name: &'static str,
    /// The step since which it holds.
    pub since_step: u64,
    /// How often the clinic is right when it is so sure, between 0 and 1.
    pub confidence: f64,
    /// How far its symptom is past the bound: 1 is just past it.
    #[serde(skip)]
    pub strength: f64,
    /// What it means, in English.
    pub sentence: String,
    /// The same in Korean.
    pub sentence_ko: String,
    /// What it is told from.
    pub evidence: Vec<Evidence>,
    /// What may mend it, the likeliest first.
    pub remedies: Vec<Remedy>,
}

/// A value that speaks for a verdict.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Evidence {
    /// The reading, or what is worked out of it.
    pub reading: Cow<'static, str>,
    /// The step.
    pub step: u64,
    /// Readings of whose values it is the middle: 1 where it is a single one.
    #[serde(skip_serializing_if = "is_one")]
    pub middle_of: usize,
    /// The value; a string where JSON lacks the number.
    #[serde(with = "ganatomy_record::number")]
    pub value: f64,
    /// What is expected of a healthy run of this loss and these remedies.
    pub expected: String,
}

fn is_one(n: &usize) -> bool {
    *n == 1
}

/// A change of the spec that may help.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Remedy {
    /// Its name.
    pub name: &'static str,
    /// What to type after `ganatomy train`.
    pub change: String,
    /// Why it may help.
    pub why: &'static str,
    /// Where that is known from.
    pub source: &'static str,
}

/// Something that is said besides verdicts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    /// In English.
    pub sentence: String,
    /// The same in Korean.
    pub sentence_ko: String,
}

/// A verdict that the readings there are cannot tell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CannotTell {
    /// Its name.
    pub name: &'static str,
    /// What would have to be recorded.
    pub needs: Cow<'static, str>,
}

impl Finding {
    /// Is it more than a perhaps? Half of the findings that are not would be wrong.
    pub fn is_sure(&self) -> bool {
        self.confidence >= SURE
    }
}

impl Diagnosis {
    /// Does a verdict of this name hold?
    pub fn holds(&self, name: &str) -> bool {
        self.verdicts.iter().any(|finding| finding.name == name)
    }

    /// Is something wrong, of which the clinic is sure enough to say so?
    pub fn is_sick(&self) -> bool {
        self.verdicts.iter().any(|finding| !crate::is_well(finding.name) && finding.is_sure())
    }
}

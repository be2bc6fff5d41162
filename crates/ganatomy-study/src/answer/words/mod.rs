//! What a study says in plain words, in English and Korean.

mod differences;
mod limits;
mod progress;

use std::collections::BTreeSet;

use serde::Serialize;

use super::Answer;

/// A paragraph in two languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Paragraph {
    /// In English.
    pub en: String,
    /// In Korean.
    pub ko: String,
}

/// Sentences, one after the other.
#[derive(Default)]
struct Sentences {
    en: Vec<String>,
    ko: Vec<String>,
}

impl Sentences {
    fn say(&mut self, en: impl Into<String>, ko: impl Into<String>) {
        self.en.push(en.into());
        self.ko.push(ko.into());
    }
}

/// What can and cannot be concluded.
pub(super) fn conclusion(answer: &Answer, seeds_of_both: &BTreeSet<u64>) -> Paragraph {
    let mut sentences = Sentences::default();
    progress::say(answer, &mut sentences);
    if answer.arms.iter().any(|arm| arm.runs.ended() > 0) {
        differences::say(answer, &mut sentences);
        limits::say(answer, seeds_of_both, &mut sentences);
    }
    Paragraph { en: sentences.en.join(" "), ko: sentences.ko.join(" ") }
}

/// `a`, `a and b`, `a, b and c`.
fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// `1 run`, `3 runs`.
fn counted(n: usize, thing: &str) -> String {
    format!("{} {thing}{}", super::number::whole(n), if n == 1 { "" } else { "s" })
}

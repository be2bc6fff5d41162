//! One patient treated: what the clinic would try, beside going on untreated.

use ganatomy_clinic::{Chart, Remedy, diagnose};
use ganatomy_study::answer::Answer;

use super::patients::spec;
use crate::studied::medians;
use crate::{Bench, Check, Findings, LessonError, Wanted, Words};

/// The patient whose G moves ten times for each move of D.
pub(super) const PATIENT: usize = 1;
/// Remedies that are tried.
const N_REMEDIES: usize = 3;
/// The name of the arm that is left as it is.
const UNTREATED: &str = "untreated";

/// Plays the patient from the first step on, left alone and with each remedy, by the engine of `ganatomy treat`.
pub(super) fn treat(bench: &Bench<'_>, chart: &Chart, found: &mut Findings) -> Result<(), LessonError> {
    let remedies = first(chart);
    let seeds = bench.seeds(bench.pick(2, 6));
    let base = spec(bench, PATIENT, seeds[0])?;
    let answer =
        bench.study("treatment", &study(&remedies, base.steps, &seeds), ("patient.toml", &base.text))?.1;
    let x = ("remedy", "처방");
    let title = ("Patient 2, with each remedy: lower is better", "환자 2에게 내린 처방: 낮을수록 좋다");
    let score = ("KL to the modes of the data, nats", "데이터의 모드에 대한 KL, nat");
    found.figure("treated", medians(&answer, title, x, score));
    let told = |pick: fn(&Remedy) -> String| remedies.iter().map(pick).collect::<Vec<_>>().join(", ");
    found.told("remedies", Words::both(told(|remedy| format!("`{}` (`{}`)", remedy.name, remedy.change))));
    found.fact("n-treated", seeds.len() as f64, 2);
    judge(found, &answer);
    Ok(())
}

/// The first remedies of what is wrong that differ, the gravest illness first.
fn first(chart: &Chart) -> Vec<Remedy> {
    let mut all: Vec<Remedy> = Vec::new();
    for remedy in diagnose(chart).verdicts.into_iter().flat_map(|finding| finding.remedies) {
        let is_new = all.iter().all(|known| known.name != remedy.name && known.change != remedy.change);
        if is_new && remedy.change.starts_with("--set ") && all.len() < N_REMEDIES {
            all.push(remedy);
        }
    }
    all
}

fn study(remedies: &[Remedy], steps: u64, seeds: &[u64]) -> String {
    let mut text = format!(
        "name = \"treatment\"\nquestion = \"What mends it?\"\nbase = \"patient.toml\"\nseeds = {seeds:?}\n\
         budget = {{ steps = {steps} }}\n[score]\nreading = \"samples/quality_kl\"\n[[arm]]\nname = \"{UNTREATED}\"\n"
    );
    for Remedy { name, change, .. } in remedies {
        let set: Vec<&str> = change.split_whitespace().filter(|word| *word != "--set").collect();
        text += &format!("[[arm]]\nname = \"{name}\"\nset = {set:?}\n");
    }
    text
}

/// Does the best of them do better than none?
fn judge(found: &mut Findings, answer: &Answer) {
    let median = |name: &str| {
        let arm = answer.arms.iter().find(|arm| arm.name == name)?;
        arm.median.map(|median| median.value)
    };
    let treated = answer.arms.iter().filter(|arm| arm.name != UNTREATED);
    let best = treated
        .filter_map(|arm| Some((arm.name.as_str(), median(&arm.name)?)))
        .min_by(|a, b| a.1.total_cmp(&b.1));
    let (name, value) = best.unwrap_or(("-", f64::NAN));
    let untreated = median(UNTREATED).unwrap_or(f64::NAN);
    found.told("best-remedy", Words::both(name));
    found.fact("best-treated", value, 2);
    found.fact(UNTREATED, untreated, 2);
    let claim = Words::new(
        "the median KL of patient 2 untreated, less that under its best remedy, nats",
        "치료하지 않은 환자 2의 KL 중앙값에서 가장 나은 처방의 중앙값을 뺀 값, nat",
    );
    found.check(Check::new("a-remedy-helps", claim, untreated - value, Wanted::AtLeast(0.5)).digits(2));
}

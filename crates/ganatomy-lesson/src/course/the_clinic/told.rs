//! What the clinic says of a patient, in words.

use ganatomy_clinic::{Chart, Evidence, Finding, diagnose, is_well};

use crate::{Words, number};

/// The clinic's answer: each verdict with its onset, how sure it is, what shows it and the first thing to try.
pub(super) fn answer(chart: &Chart) -> Words {
    let said: Vec<Words> = diagnose(chart).verdicts.iter().map(|finding| verdict(finding, chart)).collect();
    let join = |pick: fn(&Words) -> &str| said.iter().map(pick).collect::<Vec<_>>().join("\n\n");
    Words::of(join(|words| &words.en), join(|words| &words.ko))
}

fn verdict(finding: &Finding, chart: &Chart) -> Words {
    let Finding { name, since_step, confidence, sentence, sentence_ko, .. } = finding;
    let (step, sure) = (chart.step(), number(100.0 * confidence, 2));
    let since = match is_well(name) {
        true => Words::of(format!("at step {step}"), format!("{step}걸음째")),
        false => Words::of(
            format!("since step {since_step} of {step}"),
            format!("{step}걸음 가운데 {since_step}걸음째부터"),
        ),
    };
    let mut en = format!("**`{name}`**, {}, sure to {sure} %. {sentence}", since.en);
    let mut ko = format!("**`{name}`**, {}, 확신도 {sure} %. {sentence_ko}", since.ko);
    if let Some(Evidence { reading, step, value, expected, .. }) = finding.evidence.first() {
        let value = number(*value, 3);
        en += &format!(" *What shows it:* `{reading}` is {value} at step {step}; expected: {expected}.");
        ko += &format!(" *근거:* {step}걸음째의 `{reading}` 값 {value}.");
    }
    if let Some(remedy) = finding.remedies.first() {
        en +=
            &format!(" *What it would try first:* `{}`: {} ({}).", remedy.change, remedy.why, remedy.source);
        ko += &format!(" *먼저 해 볼 것:* `{}` ({}).", remedy.change, remedy.source);
    }
    Words::of(en, ko)
}

//! The clinic: runs made ill by known causes, which the reader judges first and the clinic then.

use ganatomy_view::page::Table;

use crate::{Bench, Check, Findings, Lesson, LessonError, Wanted, Words};

mod patients;
mod show;
mod text;
mod told;
mod treated;

use patients::{PATIENTS, Seen, play};

pub(super) const LESSON: Lesson = Lesson {
    name: "the-clinic",
    title: Words::new("The clinic: what is wrong with these runs?", "진료소: 이 학습들은 어디가 아플까?"),
    question: Words::new(
        "Six runs are sick and one is well. Can you tell from curves and samples what is wrong with each, and can a program?",
        "여섯 번의 학습은 아프고 한 번은 건강합니다. 곡선과 표본만 보고 무엇이 잘못됐는지 알 수 있을까요? 프로그램은 어떨까요?",
    ),
    text: Words::new(text::ENGLISH, text::KOREAN),
    answer,
};

fn answer(bench: &Bench<'_>) -> Result<Findings, LessonError> {
    let n_seeds = bench.pick(1, 5);
    let seen = play(bench, n_seeds)?;
    let mut found = Findings::new();
    found.told(
        "n-seeds",
        bench.pick(Words::new("one seed", "시드 하나"), Words::new("five seeds", "시드 다섯 개")),
    );
    for (i, runs) in seen.iter().enumerate() {
        let number = i + 1;
        found.figure(format!("patient-{number}"), show::patient(number, &runs[0]));
        found.told(format!("answer-{number}"), told::answer(&runs[0].chart));
        found.told(format!("cause-{number}"), PATIENTS[i].cause.clone());
        found.check(named(i, runs, bench.pick(1.0, 0.8)));
    }
    found.table("answers", answers(&seen));
    treated::treat(bench, &seen[treated::PATIENT][0].chart, &mut found)?;
    let names = |run: &Seen| run.sick_names().len() as f64;
    let mean = seen.iter().flatten().map(names).sum::<f64>() / seen.iter().flatten().count().max(1) as f64;
    let few = Words::new("names that a run is given, on average", "학습 한 번에 붙은 병명 수, 평균");
    found.check(Check::new("names-a-run", few, mean, Wanted::AtMost(3.0)).digits(2));
    Ok(found)
}

/// Whether the clinic names what a patient has: of a sick one the cause, of a well one nothing.
fn named(patient: usize, runs: &[Seen], least: f64) -> Check {
    let (number, illness) = (patient + 1, PATIENTS[patient].illness);
    let right = |run: &&Seen| {
        let names = run.sick_names();
        if illness.is_empty() { names.is_empty() } else { names.iter().any(|name| illness.contains(name)) }
    };
    let share = runs.iter().filter(right).count() as f64 / runs.len().max(1) as f64;
    let claim = if illness.is_empty() {
        Words::of(
            format!("patient {number}: share of seeds in which nothing wrong is named"),
            format!("환자 {number}: 아무 병명도 붙지 않은 시드의 비율"),
        )
    } else {
        Words::of(
            format!("patient {number}: share of seeds in which {} is named", illness.join(" or ")),
            format!("환자 {number}: 다음 병명이 붙은 시드의 비율: {}", illness.join(", ")),
        )
    };
    Check::new(format!("named-{number}"), claim, share, Wanted::AtLeast(least)).digits(2)
}

/// What was done to each, and what the clinic says of the first so many steps of its first seed.
fn answers(seen: &[Vec<Seen>]) -> Table {
    let row = |(i, runs): (usize, &Vec<Seen>)| {
        let first = &runs[0];
        let early = |parts: u64| Words::both(first.names_until(first.chart.step() / parts).join(", "));
        vec![Words::both((i + 1).to_string()), PATIENTS[i].cause.clone(), early(4), early(2), early(1)]
    };
    Table {
        title: Words::new("What was done, and what the clinic says", "실제로 한 일과 진료소의 진단"),
        head: vec![
            Words::new("patient", "환자"),
            Words::new("what was done", "실제로 한 일"),
            Words::new("after a quarter", "4분의 1 지점의 진단"),
            Words::new("after half", "절반 지점의 진단"),
            Words::new("at the end", "마지막 진단"),
        ],
        rows: seen.iter().enumerate().map(row).collect(),
    }
}

#[cfg(test)]
mod tests {
    use ganatomy_clinic::{Chart, Facts};

    use super::*;

    /// A run whose samples fall onto one of eight modes halfway.
    fn collapsed() -> Seen {
        let mut chart = Chart::new(Facts { steps: Some(2000), n_modes: Some(8), ..Facts::default() });
        for step in (100..=2000).step_by(100) {
            chart.read("samples/reverse_kl", step, if step < 1000 { 0.01 } else { 2.08 });
        }
        Seen { chart, samples: Vec::new(), real: Vec::new() }
    }

    #[test]
    fn a_wrong_name_fails_the_check() {
        let share = |illness: &str| {
            let is_it =
                |patient: &patients::Patient| patient.illness.first().copied().unwrap_or("") == illness;
            named(PATIENTS.iter().position(is_it).unwrap(), &[collapsed()], 1.0).measured
        };
        assert_eq!(["complete-collapse", "dead-players", ""].map(share), [1.0, 0.0, 0.0]);
    }

    #[test]
    fn an_answer_has_its_onset_its_evidence_and_a_remedy_in_both_languages() {
        let run = collapsed();
        let Words { en, ko } = told::answer(&run.chart);
        assert!(en.contains("**`complete-collapse`**, since step 1000 of 2000, sure to "), "{en}");
        let first = &ganatomy_clinic::diagnose(&run.chart).verdicts[0].remedies[0].change;
        assert!(first.starts_with("--set ") && en.contains(&format!("`{first}`")), "{en}");
        assert!(ko.contains("2000걸음 가운데 1000걸음째부터") && ko.contains(&format!("`{first}`")), "{ko}");
        assert!(en.contains(" at step 2000; expected: more than 1.5."), "{en}");
        assert_eq!(run.names_until(900), ["healthy"]);
    }
}

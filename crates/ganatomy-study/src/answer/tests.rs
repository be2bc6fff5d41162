//! What studies answer, whether they have ended or not.

use ganatomy_data::keyed::Keyed;
use ganatomy_record::Direction;

use super::testing::{Bare, add_config, add_run, equal_scores, study};
use super::*;
use crate::State;

fn answer(results: &Results) -> Answer {
    Answer::of(results, &Bare).unwrap()
}

fn some(scores: &[f64]) -> Vec<Option<f64>> {
    scores.iter().map(|score| Some(*score)).collect()
}

/// Nothing that is no number reaches a page.
fn is_clean(answer: &Answer) {
    let json = serde_json::to_string(answer).unwrap();
    for word in ["NaN", " inf", "-inf", "(inf"] {
        assert!(!answer.conclusion.en.contains(word), "{}", answer.conclusion.en);
    }
    // serde_json writes what is not finite as null, which only an Option may be.
    for field in ["p", "p_holm", "probability", "value", "score", "low", "high", "share", "mean"] {
        assert!(!json.contains(&format!("\"{field}\":null")), "{field}: {json}");
    }
}

fn says(results: &Results, en: &[&str], ko: &[&str]) {
    let answer = answer(results);
    is_clean(&answer);
    for (text, parts) in [(&answer.conclusion.en, en), (&answer.conclusion.ko, ko)] {
        for part in parts {
            assert!(text.contains(part), "\"{part}\" is not in: {text}");
        }
    }
}

#[test]
fn a_clear_difference_is_told_and_an_unclear_one_is_not() {
    let (low, near) = (some(&[1.0, 2.0, 3.0, 1.5, 2.5, 1.2]), some(&[1.1, 2.2, 2.9, 1.6, 2.4, 3.5]));
    let high = some(&[7.0, 8.0, 7.5, 7.2, 9.0, 8.8]);
    let results = study(&[("vanilla", &low), ("other", &near), ("dragan", &high)]);
    says(
        &results,
        &[
            "All 18 runs have ended; each had the same budget (2000 steps).",
            "No run failed.",
            "dragan is better than vanilla and other (Holm p ≤ 0.006).",
            "The remaining pair is not told apart, which does not show",
            "dragan has both the best median (7.750) and the best single run (9)",
        ],
        &["dragan: vanilla, other보다 낫습니다", "나머지 1쌍은 구별되지"],
    );
    let answer = answer(&results);
    let [first, second, third] = &answer.pairs[..] else { panic!("{:?}", answer.pairs) };
    assert_eq!((first.arms[0], first.probability, first.different), (2, 1.0, true));
    assert_eq!((second.arms[0], second.different, third.different), (2, true, false));
    assert!((first.p - 2.0 / 924.0).abs() < 1e-12 && (first.p_holm - 6.0 / 924.0).abs() < 1e-12);
}

#[test]
fn three_seeds_say_that_they_cannot_say() {
    let results = study(&[
        ("a", &some(&[1.0, 2.0, 3.0])),
        ("b", &some(&[7.0, 8.0, 9.0])),
        ("c", &some(&[4.0, 5.0, 6.0])),
    ]);
    says(
        &results,
        &[
            "No two arms are told apart",
            "even if one arm won every comparison",
            "It takes at least 5 seeds an arm.",
        ],
        &["군마다 시드가 적어도 5개"],
    );
}

#[test]
fn failures_are_counted_and_never_scores() {
    let failing: Vec<Option<f64>> = vec![Some(9.0), None, None, None, Some(8.0), None];
    let steady = some(&[5.0, 5.5, 6.0, 5.2, 5.1, 5.3]);
    let mut results = study(&[("wgan", &failing), ("ns", &steady), ("dead", &[None, None])]);
    // A run that got its budget without a finite score failed too.
    results.runs[1].state = State::Done;
    results.runs[1].score = Some(f64::NAN);
    results.runs[1].why = None;
    says(
        &results,
        &[
            "6 runs failed (dead 2 of 2, wgan 4 of 6)",
            "No run of dead finished",
            "wgan (of the 2 of 6 runs that finished) has both the best median (8.500) and the best single run (9)",
        ],
        &["wgan 6개 중 4개"],
    );
    let answer = answer(&results);
    let wgan = &answer.arms[0];
    assert_eq!(wgan.median.unwrap().value, 8.5, "of the runs that finished");
    assert_eq!(wgan.failures.unwrap().n, 4);
    assert_eq!((answer.arms[2].median, answer.arms[2].best), (None, None));
    assert_eq!(answer.failures.kinds.get("diverged"), Some(&5));
    assert_eq!(answer.failures.kinds.get("no score"), Some(&1));
    let pair = answer.pairs.iter().find(|pair| pair.arms == [1, 0]).unwrap();
    // The steady arm wins the four failures of six, all of its six times.
    assert!((pair.probability - 4.0 / 6.0).abs() < 1e-12, "{pair:?}");
    // Profiles are of all runs: two of six are better than anything small.
    assert!((wgan.profile[0].share - 2.0 / 6.0).abs() < 1e-12);
}

#[test]
fn a_study_on_its_way_says_how_far_it_is() {
    let mut results = study(&[("a", &some(&[1.0, 2.0, 3.0, 4.0])), ("b", &[])]);
    results.runs[1].state = State::Running;
    results.runs[2].state = State::Waiting;
    results.runs[3].state = State::Pruned;
    says(
        &results,
        &[
            "The study has not ended: 2 of 4 runs have",
            "1 run was stopped early by a rule",
            "Nothing can be said of b: no run of it has ended.",
            "There are no two arms to compare yet.",
        ],
        &["실행 4개 중 2개가 끝났으며"],
    );
    results.runs.iter_mut().for_each(|run| run.state = State::Waiting);
    says(&results, &["None of the 4 planned runs has ended"], &["끝난 것이 아직 없어"]);
    results.runs.clear();
    says(&results, &["The study has no runs yet"], &["아직 실행이 없어"]);
    says(&study(&[("a", &some(&[1.0]))]), &["There is one arm"], &["군이 하나뿐"]);
}

#[test]
fn smaller_scores_can_be_better() {
    let mut results = study(&[
        ("a", &some(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0])),
        ("b", &some(&[11.0, 12.0, 13.0, 14.0, 15.0, 16.0])),
    ]);
    results.better = Direction::Down;
    says(
        &results,
        &["a is better than b", "a has both the best median (3.500) and the best single run (1)"],
        &[],
    );
    let answer = answer(&results);
    let [a, b] = &answer.arms[..] else { panic!("two arms") };
    let interval = a.median.unwrap().interval.unwrap();
    assert!(interval.low < 3.5 && 3.5 < interval.high && interval.low >= 1.0, "{interval:?}");
    assert_eq!((a.best.unwrap().value, b.best.unwrap().value), (1.0, 11.0));
    assert_eq!((a.scores[0], a.scores[5]), (6.0, 1.0), "from worse to better");
    // Thresholds go from worse to better: nothing of b is better than 11, all of a is.
    let at = answer.thresholds.iter().position(|at| *at == 11.0).unwrap();
    assert_eq!((a.profile[at].share, b.profile[at].share), (1.0, 0.0));
}

/// A search of eight settings with one seed, and then the best of each arm with five.
fn searched(better: Direction) -> Results {
    let mut results = study(&[("a", &[]), ("b", &[])]);
    results.better = better;
    results.configs.clear();
    results.stages = vec!["wide".to_owned(), "final".to_owned()];
    for arm in 0..2 {
        for number in 0..20u32 {
            let rate = f64::from(number * 7 % 20);
            let config = add_config(&mut results, arm, 0, number, &[("lr", rate), ("fixed", 1.0)]);
            add_run(&mut results, config, 0, (number % 10 != 3).then_some(rate * (arm + 1) as f64));
        }
    }
    results
}

#[test]
fn searches_tell_what_fewer_tries_find() {
    let mut results = searched(Direction::Up);
    says(
        &results,
        &[
            "Stage \"final\", which is to answer, has no run that ended yet",
            "these are compared (each by the median",
        ],
        &["탐색 \"wide\""],
    );
    let before = answer(&results);
    assert!(before.provisional && before.by_configuration);
    let search = &before.searches[0];
    assert_eq!((search.tried, search.without_score, search.best.as_ref().unwrap().score), (20, 2, 19.0));
    assert_eq!(search.expected.last().unwrap().tried, 10, "half of what was tried");
    assert_eq!(before.settings[0].coordinates.axes.len(), 1, "a setting that never changes is none");
    assert!(
        matches!(&before.settings[0].influence, Influence::Shares { of, .. } if of[0].0 == "lr" && of[0].1 > 0.8),
        "{:?}",
        before.settings[0].influence
    );
    for arm in 0..2 {
        let config = add_config(&mut results, arm, 1, 0, &[("lr", 19.0)]);
        (0..5).for_each(|seed| add_run(&mut results, config, seed, Some(19.0 + seed as f64)));
    }
    says(&results, &["chosen with some of the seeds that answer here (0)"], &["시드(0)"]);
    let after = answer(&results);
    assert!(!after.provisional && !after.by_configuration);
    assert_eq!((after.arms[0].runs.planned, after.searches.len()), (5, 4));
    let down = answer(&searched(Direction::Down));
    let expected = &down.searches[0].expected;
    assert!(expected[0].mean > expected[8].mean && expected[0].low <= expected[0].mean, "{expected:?}");
}

#[test]
fn tables_have_a_row_for_each() {
    let mut results = searched(Direction::Up);
    results.runs[1].why = Some("lost: \"disk\", full".into());
    let mut text = Vec::new();
    csv_runs(&results, &mut text).unwrap();
    let text = String::from_utf8(text).unwrap();
    assert_eq!(text.lines().count(), 41);
    let head = "run,stage,arm,configuration,seed,state,set fixed,set lr,samples/n_modes,steps,secs,gradients,images,why,folder";
    assert_eq!(text.lines().next().unwrap(), head);
    assert!(text.contains("\"lost: \"\"disk\"\", full\",runs/00001"), "{text}");
    assert!(
        text.lines().nth(4).unwrap().starts_with("3,wide,a,3,0,failed,1,1,,2000,10,4000,128000,diverged")
    );
    let arms = answer(&results).csv_arms();
    let [head, first, second] = arms.lines().collect::<Vec<_>>()[..] else { panic!("{arms}") };
    assert_eq!(head.split(',').count(), first.split(',').count());
    assert!(first.starts_with("a,20,18,2,0,20,1,") && second.starts_with("b,"), "{arms}");
}

#[test]
fn what_is_no_study_is_refused() {
    let refused = |change: fn(&mut Results), expected: &str| {
        let mut results = study(&[("a", &[Some(1.0)])]);
        change(&mut results);
        assert_eq!(Answer::of(&results, &Bare).unwrap_err().to_string(), expected);
    };
    refused(
        |r| r.better = Direction::None,
        "the score samples/n_modes must be better where it is larger or where it is smaller, found neither",
    );
    refused(|r| r.runs[0].config = 7, "run 0 is of configuration 7, but the study has 1");
    refused(|r| r.configs[0].arm = 2, "configuration 0 is of arm 2, but the study has 1");
    refused(|r| r.stages.clear(), "the study must have at least one stage, found none");
}

/// Enough of them that luck does not decide.
const N_STUDIES: usize = 2000;

/// Studies of arms that are equal by construction, of which at most one in twenty may tell two arms apart. `examples/false_claims.rs` has larger ones.
#[test]
fn equal_arms_are_told_apart_in_at_most_one_study_in_twenty() {
    let mut draws = Keyed::new(&[17]);
    let mut claims = 0;
    for n in 0..N_STUDIES {
        let (n_seeds, ties, failing) = (3 + n % 8, n % 3 == 1, [0.0, 0.2, 0.5][n / 8 % 3]);
        let scores: Vec<Vec<Option<f64>>> =
            (0..4).map(|_| equal_scores(&mut draws, n_seeds, ties, failing)).collect();
        let arms: Vec<(&str, &[Option<f64>])> =
            ["a", "b", "c", "d"].into_iter().zip(scores.iter().map(Vec::as_slice)).collect();
        let results = study(&arms);
        let gathered = gather::Gathered::of(&results).unwrap();
        let units: Vec<Vec<f64>> = gathered.groups(0).iter().map(|group| gathered.units(group)).collect();
        claims += usize::from(pair::tested(&units).iter().any(|pair| pair.p_holm <= pair::LEVEL));
    }
    assert!(20 * claims <= N_STUDIES, "{claims} of {N_STUDIES}");
    assert!(100 * claims > N_STUDIES, "a test that never claims has no power: {claims} of {N_STUDIES}");
}

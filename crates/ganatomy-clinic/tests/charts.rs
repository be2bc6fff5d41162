//! Charts made by hand: what each verdict needs, and what no record may make the clinic do.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::collections::BTreeMap;
use std::time::Instant;

use ganatomy_clinic::{Change, Chart, Diagnosis, Facts, Watch, diagnose, verdicts};
use ganatomy_record::{Event, Outcome};

/// A reading, and its values by step.
type Replaced<'a> = (&'a str, fn(u64) -> f64);

fn chart(steps: u64) -> Chart {
    Chart::new(Facts { steps: Some(steps), loss: Some("non-saturating".to_owned()), ..Facts::default() })
}

fn names(found: &Diagnosis) -> Vec<&str> {
    found.verdicts.iter().map(|finding| finding.name).collect()
}

/// Readings of every kind, as long as they are not listed, of a run that is well.
fn well(steps: u64) -> Chart {
    let mut chart = chart(steps);
    for step in (50..=steps).step_by(50) {
        let wave = (step as f64).sin() * 0.01;
        for (name, value) in [
            ("discriminator/loss", 1.38 + wave),
            ("generator/loss", 0.7 + wave),
            ("discriminator/accuracy_real", 0.55 + wave),
            ("discriminator/accuracy_fake", 0.55 - wave),
            ("discriminator/logit_real", 0.05 + wave),
            ("discriminator/logit_fake", -0.05 - wave),
            ("generator/output_gradient_norm", 0.1 + wave),
            ("generator/weight_norm", 0.2 + wave / 100.0),
            ("discriminator/weight_norm", 0.2 + wave / 100.0),
            ("samples/near_data", 0.9 + wave),
            ("samples/diversity", 1.0 + wave),
            ("samples/bins_held", 0.95),
            ("samples/bin_share/00", 0.5 + wave),
            ("samples/bin_share/01", 0.5 - wave),
            ("samples/one_number", 0.55),
            ("samples/nearer", 0.5),
            ("discriminator/logit_held_out", 0.05),
            ("discriminator/overfitting", 0.02),
            ("scores/fid/fid", 10.0 + wave),
        ] {
            chart.read(name, step, value);
        }
    }
    chart
}

/// The well run with some readings replaced from a step on.
fn ill(readings: &[Replaced<'_>], from: u64) -> Chart {
    let mut chart = well(3000);
    let kept = |name: &str| readings.iter().any(|reading| reading.0 == name);
    let before = chart.clone();
    chart = chart.without(kept);
    for (name, value) in readings {
        let points = before.reading(name).map_or(Vec::new(), |series| series.points().to_vec());
        for (step, usual) in points {
            chart.read(name, step, if step < from { usual } else { value(step) });
        }
    }
    chart
}

#[track_caller]
fn check(verdict: &str, readings: &[Replaced<'_>], since: u64) {
    let found = diagnose(&ill(readings, since));
    let finding = found.verdicts.iter().find(|finding| finding.name == verdict);
    let finding = finding.unwrap_or_else(|| panic!("{verdict} is missed: {:?}", names(&found)));
    assert!(finding.since_step.abs_diff(since) <= 300, "{verdict} since {}", finding.since_step);
    assert!(!finding.evidence.is_empty() && (0.0..1.0).contains(&finding.confidence));
    // Turned back to what is usual, it is gone.
    assert!(!diagnose(&well(3000)).holds(verdict), "{verdict} holds of a run that is well");
}

#[test]
fn a_run_that_is_well_is_called_so() {
    assert_eq!(names(&diagnose(&well(3000))), ["healthy", "converged"]);
}

#[test]
fn each_verdict_is_told_from_its_readings() {
    check("complete-collapse", &[("samples/diversity", |_| 0.02)], 1500);
    check("partial-collapse", &[("samples/bins_held", |_| 0.4)], 1500);
    let turns: fn(u64) -> f64 = |step| f64::from(u8::from(step % 100 == 0));
    let other: fn(u64) -> f64 = |step| f64::from(u8::from(step % 100 != 0));
    check("rotating-modes", &[("samples/bin_share/00", turns), ("samples/bin_share/01", other)], 1500);
    check("exploding-gradient", &[("discriminator/weight_norm", |step| step as f64)], 1500);
    let sure: fn(u64) -> f64 = |_| 0.999;
    let bad: fn(u64) -> f64 = |step| 0.2 + step as f64 * 1e-7;
    let strong: [Replaced<'_>; 3] = [
        ("discriminator/accuracy_real", sure),
        ("discriminator/accuracy_fake", sure),
        ("samples/near_data", bad),
    ];
    check("discriminator-too-strong", &strong, 400);
    check("generator-too-strong", &[("samples/near_data", |_| 0.15)], 700);
    check("dead-players", &[("discriminator/weight_norm", |_| 0.2), ("samples/near_data", |_| 0.15)], 1500);
    let gone: [Replaced<'_>; 4] = [
        ("generator/output_gradient_norm", |_| 1e-8),
        ("samples/near_data", |_| 0.12),
        ("discriminator/accuracy_real", sure),
        ("discriminator/accuracy_fake", sure),
    ];
    check("vanishing-gradient", &gone, 1500);
    check("discriminator-overfitting", &[("discriminator/overfitting", |_| 0.9)], 1500);
    check("memorisation", &[("samples/nearer", |_| 0.99)], 1500);
    check("past-its-best", &[("samples/near_data", |_| 0.3)], 1500);
    check("never-learned", &[("samples/near_data", |_| 0.01)], 0);
    check("broken-score", &[("scores/fid/fid", |step| -3.0 - step as f64 * 1e-4)], 1500);
    check("broken-score", &[("scores/fid/fid", |_| 41.25)], 1500);
    let wave: fn(u64) -> f64 = |step| (step as f64 * std::f64::consts::TAU / 500.0).sin();
    let found = diagnose(&ill(&[("discriminator/logit_real", wave)], 0));
    assert!(found.holds("oscillation"), "{:?}", names(&found));
}

#[test]
fn data_of_one_mode_are_not_collapsed_for_having_one() {
    let mut run = well(3000);
    run.facts.n_modes = Some(1);
    (1..=60).for_each(|i| run.read("samples/reverse_kl", 50 * i, 0.0));
    assert!(!diagnose(&run).is_sick(), "{:?}", names(&diagnose(&run)));
}

#[test]
fn bins_go_by_the_middle_of_five_readings() {
    // Read every 200 steps of 1000 or 2000, each value in turn.
    let told = |steps: u64, held: &[f64]| {
        let mut run = chart(steps);
        for (at, value) in (1..).zip(held) {
            run.read("samples/near_data", 200 * at, 0.9);
            run.read("samples/bins_held", 200 * at, *value);
        }
        diagnose(&run).holds("partial-collapse")
    };
    assert!(told(1000, &[0.4; 5]) && told(2000, &[0.4; 5]));
    assert!(!told(2000, &[0.4; 3]), "a young run");
    assert!(!told(1000, &[0.4, 0.4, 0.95, 0.95, 0.95]), "it fills them");
    // A short run that is over has no fifth.
    assert!(told(600, &[0.4; 3]) && !told(600, &[0.95; 3]));
}

#[test]
fn a_game_without_a_judge_has_no_cures_of_one() {
    let remedies = |game: Option<&str>| -> Vec<String> {
        let mut run = ill(&[("samples/diversity", |_| 0.02)], 1500);
        run.facts.game = game.map(str::to_owned);
        let found = diagnose(&run).verdicts.into_iter().find(|finding| finding.name == "complete-collapse");
        found.unwrap().remedies.into_iter().map(|remedy| remedy.name.to_owned()).collect()
    };
    let (known, unknown, vae) = (remedies(Some("adversarial")), remedies(None), remedies(Some("vae")));
    assert!(known == unknown && known.iter().any(|name| name == "r1"), "{known:?}");
    assert!(vae.iter().all(|name| ["slower", "usual-rates", "average"].contains(&&**name)), "{vae:?}");
}

#[test]
fn penalties_in_a_loss_do_not_make_d_weak() {
    let mut run = well(3000);
    run.facts.loss = Some("least-squares".to_owned());
    run = run.without(|name| name.starts_with("discriminator/") || name == "samples/near_data");
    for step in (50..=3000).step_by(50) {
        run.read("discriminator/loss", step, 0.32);
        run.read("discriminator/logit_real", step, 0.97 + (step as f64).sin() * 0.01);
        run.read("discriminator/logit_fake", step, 0.03 + (step as f64).cos() * 0.01);
        run.read("samples/near_data", step, 0.25);
    }
    let found = diagnose(&run);
    assert!(!found.holds("generator-too-strong"), "{:?}", names(&found));
}

#[test]
fn scores_around_zero_have_no_ratio() {
    let found = diagnose(&ill(&[("scores/fid/fid", |_| 10.0)], 3000));
    assert!(!found.is_sick(), "{:?}", names(&found));
    let mut run = chart(3000);
    run.facts.best_by = None;
    (1..=60).for_each(|i| {
        run.read("scores/kid/kid", 50 * i, if i < 20 { -0.001 } else { 0.5 } + i as f64 * 1e-6)
    });
    assert!(diagnose(&run).holds("past-its-best"), "{:?}", names(&diagnose(&run)));
}

#[test]
fn a_sure_d_is_no_illness_where_samples_are_good() {
    let sure: fn(u64) -> f64 = |_| 0.999;
    let found =
        diagnose(&ill(&[("discriminator/accuracy_real", sure), ("discriminator/accuracy_fake", sure)], 0));
    assert_eq!(names(&found), ["healthy", "converged"]);
}

#[test]
fn divergence_is_told_from_the_outcome_or_from_a_loss() {
    let mut run = well(1000);
    let outcome = Outcome::Diverged { quantity: "generator/loss".to_owned() };
    run.receive(&Event::Finished { step: 1000, secs: 1.0, outcome });
    assert!(diagnose(&run).holds("diverged"));
    let mut run = well(1000);
    run.read("discriminator/loss", 1050, f64::NAN);
    assert!(diagnose(&run).holds("diverged"));
}

#[test]
fn what_is_not_read_cannot_be_told() {
    let mut run = chart(1000);
    (1..=20).for_each(|i| run.read("discriminator/loss", 50 * i, 1.3));
    let found = diagnose(&run);
    assert_eq!(names(&found), ["healthy"]);
    let untold: Vec<&str> = found.cannot_tell.iter().map(|cannot| cannot.name).collect();
    for name in
        ["complete-collapse", "partial-collapse", "past-its-best", "vanishing-gradient", "memorisation"]
    {
        assert!(untold.contains(&name), "{untold:?}");
    }
    assert!(found.cannot_tell.iter().all(|cannot| !cannot.needs.is_empty()));
}

#[test]
fn three_steps_are_too_few() {
    let mut run = chart(1000);
    (1..=3).for_each(|step| run.read("discriminator/loss", step, 1.3));
    assert_eq!(names(&diagnose(&run)), ["too-early"]);
    assert_eq!(names(&diagnose(&Chart::default())), ["too-early"]);
}

/// The event of one reading.
fn reads(step: u64, name: &str, value: f64) -> Event {
    Event::Readings { step, secs: 0.0, values: BTreeMap::from([(name.to_owned(), value)]) }
}

#[test]
fn what_a_resume_makes_void_does_not_count() {
    let mut run = chart(1000);
    for step in (100..=800).step_by(100) {
        run.receive(&reads(step, "samples/diversity", if step > 400 { 0.01 } else { 1.0 }));
    }
    assert!(diagnose(&run).holds("complete-collapse"));
    run.receive(&Event::Resumed { step: 400, secs: 0.0 });
    assert!(!diagnose(&run).holds("complete-collapse"));
    assert_eq!(run.reading("samples/diversity").unwrap().last(), Some((400, 1.0)));
}

#[test]
fn a_watch_says_what_begins_and_what_is_over_once() {
    let mut watch = Watch::new(chart(2000).facts);
    let mut said = Vec::new();
    for step in (50..=2000).step_by(50) {
        let collapsed = (600..1200).contains(&step);
        for change in watch.receive(&reads(step, "samples/diversity", if collapsed { 0.01 } else { 1.0 })) {
            said.push(match change {
                Change::Began(finding) => format!("{step} {}", finding.name),
                Change::Ended { name, .. } => format!("{step} {name} is over"),
            });
        }
    }
    said.retain(|line: &String| !["healthy", "too-early"].iter().any(|well| line.contains(well)));
    assert_eq!(said, ["650 complete-collapse", "1250 complete-collapse is over"]);
}

#[test]
fn no_values_and_no_steps_break_it() {
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.0, -1.0, 1e300, f64::MIN_POSITIVE] {
        let mut run = well(3000);
        let all: Vec<String> = run.family("").map(|(name, _)| name.to_owned()).collect();
        for name in &all {
            for step in [3050, 3100, 3100, 3150, 3000, 2000, 3200, 3250, u64::MAX] {
                run.read(name, step, value);
            }
        }
        let _answered = diagnose(&run);
    }
}

#[test]
fn a_million_readings_are_read_at_once() {
    let mut run = chart(1_000_000);
    for step in 1..=250_000 {
        for name in ["discriminator/loss", "samples/bins_held", "samples/near_data", "samples/diversity"] {
            let noise = (step * 2_654_435_761 % 1000) as f64 * 1e-5;
            run.read(name, 4 * step, 0.9 + noise);
        }
    }
    let begun = Instant::now();
    let found = diagnose(&run);
    println!("a million readings: {:?}", begun.elapsed());
    assert!(found.holds("healthy"), "{:?}", names(&found));
    // A fraction of a second, in which no work that grows with the square of the record would end.
    assert!(begun.elapsed().as_secs() < 20);
}

#[test]
fn every_verdict_says_what_it_is() {
    for verdict in verdicts() {
        assert!(verdict.page.len() > 40 && !verdict.needs.is_empty(), "{}", verdict.name);
        let is_well = ganatomy_clinic::is_well(verdict.name);
        assert_eq!(verdict.remedies.is_empty(), is_well, "{}", verdict.name);
        assert!(verdict.remedies.iter().all(|remedy| !remedy.source.is_empty() && remedy.why.len() > 20));
    }
}

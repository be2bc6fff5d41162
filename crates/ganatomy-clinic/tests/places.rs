//! Charts made by hand with what the probe of bins reads: pairs under D, the place of samples, copies, ranges.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use ganatomy_clinic::{Chart, Diagnosis, Facts, diagnose};
use ganatomy_record::{DataSummary, Event};

/// Values by step.
type Values = fn(u64) -> f64;
/// A reading, and its values.
type Replaced<'a> = (&'a str, Values);

fn names(found: &Diagnosis) -> Vec<&str> {
    found.verdicts.iter().map(|finding| finding.name).collect()
}

fn small(step: u64) -> f64 {
    (step as f64).sin() * 0.01
}

/// A well run of a loss whose outputs have no level.
fn well() -> Vec<Replaced<'static>> {
    vec![
        ("discriminator/loss", |step| 0.1 + small(step)),
        ("discriminator/logit_real", |step| 7.0 + small(step)),
        ("discriminator/logit_fake", |step| 6.9 - small(step)),
        ("discriminator/weight_norm", |step| 0.2 + small(step) / 100.0),
        ("discriminator/auc", |step| 0.55 + small(step)),
        ("generator/output_gradient_norm", |step| 0.1 + small(step)),
        ("samples/near_data", |step| 0.93 + small(step)),
        ("samples/diversity", |step| 1.0 + small(step)),
        ("samples/bins_held", |_| 0.95),
        ("samples/bins_kl", |_| 0.03),
        ("samples/centre/0", small),
        ("samples/centre/1", |step| small(step + 7)),
        ("samples/spread", |step| 1.0 + small(step)),
        ("samples/nearer", |_| 0.5),
        ("samples/copies", |_| 0.01),
        ("samples/one_number", |_| 0.55),
        ("samples/saturated", |_| 0.0),
        ("samples/out_of_reach", |_| 0.0),
    ]
}

/// The well run, on images unless places are asked about, with some readings in place of its own, or beside them.
fn run(replaced: &[Replaced<'_>]) -> Chart {
    // Places are told of points of few numbers.
    let is_of_places = replaced.iter().any(|own| own.0.starts_with("samples/centre/"));
    run_on(if is_of_places { &[2] } else { &[16, 16, 1] }, replaced)
}

/// The same on items of a shape.
fn run_on(item_shape: &[usize], replaced: &[Replaced<'_>]) -> Chart {
    let facts = Facts {
        steps: Some(3000),
        loss: Some("wasserstein".to_owned()),
        n_modes: Some(4),
        ..Facts::default()
    };
    let mut chart = Chart::new(facts);
    let data = DataSummary { item_shape: item_shape.to_vec(), ..DataSummary::default() };
    chart.receive(&Event::Data { step: 0, secs: 0.0, data: Box::new(data) });
    for step in (75..=3000).step_by(75) {
        let own = well().into_iter().filter(|own| replaced.iter().all(|other| other.0 != own.0));
        own.chain(replaced.iter().copied()).for_each(|(name, value)| chart.read(name, step, value(step)));
    }
    chart
}

#[track_caller]
fn check(verdict: &str, holds: bool, replaced: &[Replaced<'_>]) {
    let found = diagnose(&run(replaced));
    assert_eq!(found.holds(verdict), holds, "{verdict}: {:?}", names(&found));
}

#[test]
fn a_run_that_is_well_is_called_so() {
    assert_eq!(names(&diagnose(&run(&[]))), ["healthy", "converged"]);
}

#[test]
fn pairs_tell_who_wins_under_any_loss() {
    let (sure, bad): (Values, Values) = (|_| 0.9995, |_| 0.2);
    check("discriminator-too-strong", true, &[("discriminator/auc", sure), ("samples/near_data", bad)]);
    check("discriminator-too-strong", false, &[("discriminator/auc", sure)]);
    check("discriminator-too-strong", false, &[("discriminator/auc", |_| 0.9), ("samples/near_data", bad)]);
    check("generator-too-strong", true, &[("samples/near_data", bad)]);
    check("generator-too-strong", true, &[("samples/near_data", bad), ("discriminator/auc", |_| 0.1)]);
    check("generator-too-strong", false, &[("samples/near_data", bad), ("discriminator/auc", |_| 0.7)]);
}

#[test]
fn samples_that_stay_under_a_d_without_an_opinion_are_of_dead_players() {
    let stays: [Replaced<'_>; 3] =
        [("samples/centre/0", |_| 0.3), ("samples/centre/1", |_| 0.1), ("samples/spread", |_| 0.9)];
    let bad: Replaced<'_> = ("samples/near_data", |_| 0.15);
    check("dead-players", true, &[stays[0], stays[1], stays[2], bad, ("discriminator/auc", |_| 0.5)]);
    // D tells, or samples go on, or they are good.
    check("dead-players", false, &[stays[0], stays[1], stays[2], bad, ("discriminator/auc", |_| 0.9)]);
    let goes: Replaced<'_> = ("samples/spread", |step| 0.9 + 10.0 * small(step));
    check("dead-players", false, &[stays[0], stays[1], goes, bad, ("discriminator/auc", |_| 0.5)]);
    check("dead-players", false, &[stays[0], stays[1], stays[2], ("discriminator/auc", |_| 0.5)]);
    // A critic that says the same of all.
    let silent: Replaced<'_> = ("discriminator/logit_fake", |step| 7.0 + small(step));
    check("dead-players", true, &[silent, bad]);
    check("generator-too-strong", false, &[silent, bad]);
}

#[test]
fn a_middle_that_swings_is_an_oscillation() {
    let check_wave = |value: Values, holds| check("oscillation", holds, &[("samples/centre/1", value)]);
    check_wave(|step| 0.5 * (step as f64 * std::f64::consts::TAU / 375.0).sin(), true);
    // Too small, or a drift that does not come back.
    check_wave(|step| 0.2 * (step as f64 * std::f64::consts::TAU / 375.0).sin(), false);
    check_wave(|step| step as f64 / 500.0, false);
    // Of many numbers a direction tells nothing, and D's outputs do not swing.
    let swings: Values = |step| 0.5 * (step as f64 * std::f64::consts::TAU / 375.0).sin();
    let of_images = diagnose(&run_on(&[16, 16, 1], &[("samples/centre/1", swings)]));
    assert!(!of_images.holds("oscillation"), "{:?}", names(&of_images));
}

#[test]
fn copies_are_counted() {
    check("memorisation", true, &[("samples/copies", |_| 0.5)]);
    check("memorisation", false, &[("samples/copies", |_| 0.2), ("samples/nearer", |_| 0.99)]);
}

#[test]
fn a_range_that_no_generator_reaches_is_a_cue() {
    let told: Replaced<'_> = ("samples/one_number", |_| 1.0);
    check("trivial-cue", true, &[told, ("samples/out_of_reach", |_| 0.4)]);
    // A G that has run into its own bounds.
    check("trivial-cue", false, &[told, ("samples/saturated", |step| step as f64 / 3000.0)]);
    check("trivial-cue", false, &[("samples/out_of_reach", |_| 0.4)]);
}

#[test]
fn variety_is_told_from_modes_and_classes_and_bins() {
    let shares: [Replaced<'_>; 4] = [
        ("samples/mode_share/00", |_| 0.5),
        ("samples/mode_share/01", |_| 0.24),
        ("samples/mode_share/02", |_| 0.22),
        ("samples/mode_share/03", |_| 0.04),
    ];
    // One mode of four with hardly a sample; as if even they are 3.1, and so not too few.
    check("partial-collapse", true, &shares);
    let all: Vec<Replaced<'_>> = shares.iter().map(|own| (own.0, (|_| 0.25) as Values)).collect();
    check("partial-collapse", false, &all);
    check("partial-collapse", true, &[("samples/nearest_classes_kl", |_| 0.3)]);
    check("partial-collapse", false, &[("samples/nearest_classes_kl", |_| 0.1)]);
    check("partial-collapse", true, &[("samples/bins_kl", |_| 0.5)]);
    // Samples that are less like data fill bins less evenly.
    check("partial-collapse", false, &[("samples/bins_kl", |_| 0.5), ("samples/near_data", |_| 0.6)]);
    let turns = |even: bool| -> Values {
        if even {
            |step| f64::from(u8::from(step % 150 == 0))
        } else {
            |step| f64::from(u8::from(step % 150 != 0))
        }
    };
    check(
        "rotating-modes",
        true,
        &[("samples/mode_share/00", turns(true)), ("samples/mode_share/01", turns(false))],
    );
}

#[test]
fn readings_of_other_steps_are_told_all_the_same() {
    // D's accuracy is read at every step, and how like data samples are a few times.
    let facts = Facts { steps: Some(10_000), loss: Some("hinge".to_owned()), ..Facts::default() };
    let mut chart = Chart::new(facts);
    for step in 1..=10_000 {
        chart.read("discriminator/accuracy_real", step, 0.5);
        chart.read("discriminator/accuracy_fake", step, 0.5);
        if step % 500 == 0 {
            chart.read("samples/high_quality_share", step, 0.1);
        }
    }
    assert!(diagnose(&chart).holds("generator-too-strong"), "{:?}", names(&diagnose(&chart)));
    // Pairs are read more often than samples are judged.
    let mut chart = chart.without(|name| name.starts_with("discriminator/"));
    (1..=200).for_each(|i| chart.read("discriminator/auc", 50 * i, 0.5));
    assert!(diagnose(&chart).holds("generator-too-strong"), "{:?}", names(&diagnose(&chart)));
}

#[test]
fn least_squares_may_have_its_targets_turned() {
    let mut chart = run(&[("discriminator/auc", |_| 0.0), ("samples/near_data", |_| 0.2)]);
    chart.facts.loss = Some("least-squares".to_owned());
    chart.facts.targets = Some([1.0, -1.0]);
    let found = diagnose(&chart);
    assert!(
        found.holds("discriminator-too-strong") && !found.holds("generator-too-strong"),
        "{:?}",
        names(&found)
    );
}

#[test]
fn modes_that_are_read_seldom_leave_it_to_bins() {
    let mut chart = run(&[("samples/bin_share/00", |_| 0.5), ("samples/bin_share/01", |_| 0.5)]);
    // From the one to the other between readings that lie far apart.
    for step in [500, 1000, 1500, 2000, 2500, 3000] {
        let share = f64::from(u8::from(step % 1000 == 0));
        chart.read("samples/mode_share/00", step, share);
        chart.read("samples/mode_share/01", step, 1.0 - share);
    }
    let found = diagnose(&chart);
    assert!(!found.holds("rotating-modes"), "{:?}", names(&found));
}

#[test]
fn a_place_that_is_no_number_does_not_stay() {
    let stays: Values = |_| 0.3;
    let none: Values = |_| f64::NAN;
    let bad: [Replaced<'_>; 2] = [("samples/near_data", |_| 0.15), ("discriminator/auc", |_| 0.5)];
    for broken in ["samples/centre/0", "samples/centre/1", "samples/spread"] {
        let places = ["samples/centre/0", "samples/centre/1", "samples/spread"];
        let places = places.map(|name| (name, if name == broken { none } else { stays }));
        check("dead-players", false, &[&places[..], &bad].concat());
    }
}

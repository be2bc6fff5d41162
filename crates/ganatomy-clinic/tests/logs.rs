//! Other programs' logs, as charts of a few values taken from real ones: what is said of them, and what is not.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use ganatomy_clinic::{Chart, Diagnosis, Facts, diagnose, verdicts};
use std::path::Path;

/// D's loss and G's at a step.
type Row = (u64, f64, f64);

fn imported() -> Chart {
    Chart::new(Facts { is_imported: true, ..Facts::default() })
}

fn losses(rows: &[Row]) -> Chart {
    let mut chart = imported();
    for &(step, d, g) in rows {
        chart.read("discriminator/loss", step, d);
        chart.read("generator/loss", step, g);
    }
    chart
}

fn scores(name: &str, values: &[f64]) -> Chart {
    let mut chart = imported();
    values.iter().enumerate().for_each(|(i, value)| chart.read(name, 2000 * (i as u64 + 1), *value));
    chart
}

/// A log whose losses go from one pair of values to another, with some noise, over many readings.
fn long(from: [f64; 2], to: [f64; 2]) -> Chart {
    let n = 200;
    let rows = (0..n).map(|i| {
        let (t, noise) = (i as f64 / f64::from(n), 1.0 + 0.2 * f64::from(i * 7 % 11 - 5) / 5.0);
        let at = |k: usize| (from[k] + (to[k] - from[k]) * t) * noise;
        (100 * i as u64, at(0), at(1))
    });
    losses(&rows.collect::<Vec<_>>())
}

/// Names of what is surely wrong.
fn sick(found: &Diagnosis) -> Vec<&str> {
    let sure = found.verdicts.iter().filter(|one| one.is_sure() && !ganatomy_clinic::is_well(one.name));
    sure.map(|one| one.name).collect()
}

fn check(chart: &Chart, expected: &[&str]) {
    let found = diagnose(chart);
    assert_eq!(sick(&found), expected, "{:#?}", found.verdicts);
    assert_eq!(found.is_sick(), !expected.is_empty());
    for one in &found.verdicts {
        assert!(!one.sentence.is_empty() && one.sentence != one.sentence_ko, "{one:?}");
        assert!(ganatomy_clinic::is_well(one.name) || !one.evidence.is_empty(), "{one:?}");
    }
}

fn untold(chart: &Chart, verdict: &str) -> String {
    let found = diagnose(chart);
    let one = found.cannot_tell.iter().find(|one| one.name == verdict);
    one.map(|one| one.needs.to_string()).unwrap_or_default()
}

#[test]
fn a_saturated_game_is_dead() {
    // The DCGAN example, PyTorch's cut: 100; colours, its half; Keras' 1e-7.
    check(
        &losses(&[(168, 2.04, 10.29), (170, 3.73, 0.0), (172, 100.0, 0.0), (174, 100.0, 0.0)]),
        &["dead-players"],
    );
    for constant in [50.0, 16.118_095, 15.942_385, 8.059_047, 7.971_192] {
        check(
            &losses(&[(0, 0.7, 0.7), (1, 0.9, 0.5), (2, constant, 0.0), (3, constant, 0.0)]),
            &["dead-players"],
        );
    }
    // Once is a spike.
    check(&losses(&[(0, 1.4, 0.7), (1, 1.3, 0.8), (2, 1.2, 0.9), (3, 50.0, 0.1)]), &[]);
}

#[test]
fn a_flip_and_then_chance_is_dead() {
    let mut rows: Vec<Row> = vec![(0, 1.42, 0.66), (1, 1.40, 0.65), (2, 1.02, 1.89), (3, 0.43, 1.37)];
    rows.extend((4..47).map(|step| (step, 0.01, 6.0)));
    rows.extend([(47, 6.18, 0.003), (48, 3.0, 0.2), (49, 1.9, 0.4)]);
    let won = losses(&rows[..40]);
    check(&won, &["discriminator-too-strong"]);
    rows.extend((50..100).map(|step| (step, 1.387 + 0.002 * f64::from(step as u32 % 5), 0.693)));
    let found = diagnose(&losses(&rows));
    assert_eq!(sick(&found), ["dead-players"], "{found:#?}");
    assert!((50..60).contains(&found.verdicts[0].since_step) && found.verdicts[0].confidence > 0.85);
    // A toy that is done is at chance too, and still moves a little; what does not move is dead.
    let toy = |noise: f64| {
        let rows = (0..150_u32).map(|i| {
            let (wave, t) = (noise * (f64::from(i * 7 % 11) - 5.0) / 5.0, (-f64::from(i) / 15.0).exp());
            let chance = std::f64::consts::LN_2;
            (u64::from(i), 2.0 * chance + wave - 0.4 * t, chance + wave + 0.5 * t)
        });
        losses(&rows.collect::<Vec<_>>())
    };
    check(&toy(0.006), &[]);
    assert!(diagnose(&toy(0.006)).holds("dead-players"));
    check(&toy(0.0001), &["dead-players"]);
    // Balanced near chance, but alive.
    check(&long([1.4, 0.7], [1.3, 0.9]), &[]);
}

#[test]
fn a_critic_of_nothing_is_dead_and_one_that_drifts_is_not() {
    let dead: Vec<Row> = (1..40).map(|i| (100 * i, if i % 2 == 0 { 4.8e-8 } else { -8e-9 }, 0.009)).collect();
    check(&losses(&dead), &["dead-players"]);
    let drifts: Vec<Row> = (1..200).map(|i| (100 * i, -1.6 + 0.006 * i as f64, 24.0 + i as f64)).collect();
    check(&losses(&drifts), &[]);
    assert!(untold(&losses(&drifts), "discriminator-too-strong").contains("D(G(z))"));
}

#[test]
fn a_penalty_at_its_weight_and_a_loss_at_one_value_are_dead() {
    let mut chart = long([1.0, 1.0], [0.9, 1.1]);
    (0..200).for_each(|i| chart.read("discriminator/penalty", 100 * i, 10.0));
    check(&chart, &["dead-players"]);
    let pinned: Vec<Row> = (0..300)
        .map(|i| (i, if i < 30 { 0.18 - 0.003 * i as f64 } else { 0.078_125 }, 25.0 + (i % 7) as f64 * 0.3))
        .collect();
    check(&losses(&pinned), &["dead-players"]);
}

#[test]
fn a_discriminator_that_wins_is_told_by_both_losses() {
    check(&long([0.6, 3.0], [0.05, 13.0]), &["discriminator-too-strong"]);
    // The mean of D alone is no sign: a large BigGAN is at 0.02, and well.
    check(&long([0.23, 0.17], [0.015, 0.85]), &[]);
    // Least squares: G pinned at 0.5, or at 1 where only D is halved.
    for ceiling in [0.5, 1.0] {
        let rows: Vec<Row> = (0..100)
            .map(|i| (100 * i, if i < 5 { 0.25 } else { 0.002 }, if i < 5 { 0.3 } else { ceiling }))
            .collect();
        check(&losses(&rows), &["discriminator-too-strong"]);
    }
    // Squares that are not halved pass 0.5 on their way.
    check(&long([0.25, 0.3], [0.034, 0.55]), &[]);
    // A healthy DCGAN begins so, for two hundred steps.
    let begins =
        [(0, 2.09, 5.2), (50, 2.02, 29.1), (100, 0.0517, 40.2), (150, 0.0907, 39.1), (200, 0.065, 13.2)];
    check(&losses(&begins), &[]);
    let for_good =
        [(0, 1.8, 8.1), (10, 7.5, 38.1), (40, 0.00001, 56.7), (50, 0.00001, 57.0), (60, 0.0001, 56.8)];
    check(&losses(&for_good), &["discriminator-too-strong"]);
}

#[test]
fn a_relativistic_zero_is_not_taken_for_a_win() {
    let rows: Vec<Row> = [9.2, 9.5, 8.5, 8.9, 18.5, 7.4]
        .iter()
        .enumerate()
        .map(|(i, g)| (252 + 9 * i as u64, 0.0, *g))
        .collect();
    let mut chart = losses(&rows);
    check(&chart, &[]);
    assert!(untold(&chart, "discriminator-too-strong").contains("--loss relativistic"));
    chart.facts.loss = Some("relativistic".to_owned());
    check(&chart, &[]);
    chart.facts.loss = Some("hinge".to_owned());
    chart = (0..6).fold(chart, |mut chart, i| {
        chart.read("discriminator/loss", 1000 + i, 0.0);
        chart.read("generator/loss", 1000 + i, 9.0);
        chart
    });
    check(&chart, &["discriminator-too-strong"]);
}

#[test]
fn a_discriminator_that_loses_is_told() {
    check(&long([1.4, 0.7], [5.0, 0.02]), &["generator-too-strong"]);
    let mut chart = losses(&[]);
    for (i, (d, g, right)) in
        [(0.69, 0.70, 0.16), (0.83, 0.42, 0.04), (0.88, 0.40, 0.02), (0.90, 0.39, 0.013), (0.92, 0.38, 0.01)]
            .into_iter()
            .enumerate()
    {
        chart.read("discriminator/loss", 500 * i as u64, d);
        chart.read("generator/loss", 500 * i as u64, g);
        chart.read("discriminator/accuracy", 500 * i as u64, right);
    }
    check(&chart, &["generator-too-strong"]);
}

#[test]
fn both_losses_at_zero_are_no_success() {
    check(&long([0.7, 0.7], [1e-6, 1e-6]), &[]);
    let rows: Vec<Row> =
        (0..30).map(|i| (100 * i, if i < 9 { 0.7 } else { 1e-5 }, if i < 9 { 0.7 } else { 1e-4 })).collect();
    check(&losses(&rows), &["dead-players"]);
}

#[test]
fn a_saturating_loss_at_zero_has_no_slope() {
    let rows: Vec<Row> = (0..50)
        .map(|i| (100 * i, if i < 5 { 1.3 } else { 0.01 }, if i < 5 { -0.7 } else { -1e-4 }))
        .collect();
    check(&losses(&rows), &["vanishing-gradient"]);
}

#[test]
fn what_grows_without_bound_explodes_and_then_diverges() {
    let mut chart = losses(&[
        (1, 3.13, 5.45),
        (20, 0.0, 52.8),
        (40, 7.98, 223.0),
        (3000, f64::NAN, f64::NAN),
        (3020, f64::NAN, f64::NAN),
    ]);
    for (step, penalty) in [(1, 0.0), (20, 19943.84), (40, 3601.65), (3000, 10.0), (3020, 10.0)] {
        chart.read("discriminator/penalty", step, penalty);
    }
    check(&chart, &["diverged", "exploding-gradient"]);
    let grows: Vec<Row> = (0..60).map(|i| (100 * i, -0.3 * 1.3_f64.powi(i as i32), 1.0)).collect();
    check(&losses(&grows), &["exploding-gradient"]);
}

#[test]
fn a_discriminator_that_knows_its_items_is_told_by_stylegans_sign() {
    let of = |sign: fn(f64) -> f64, augment: fn(f64) -> f64| {
        let mut chart = imported();
        for i in 0..80 {
            let t = f64::from(i) / 80.0;
            chart.read("discriminator/sign_real", 4000 * i as u64, sign(t));
            chart.read("augment/probability", 4000 * i as u64, augment(t));
        }
        chart
    };
    check(&of(|t| 0.3 + 0.65 * t, |_| 0.0), &["discriminator-overfitting"]);
    // Augmentation has it in control: it began at 1 and settles at 0.6.
    check(&of(|t| 0.6 + 0.4 * (-8.0 * t).exp(), |t| 0.55 * (1.0 - (-9.0 * t).exp())), &[]);
    // The sign still rises, and augmentation with it, which is to bring it down.
    check(&of(|t| 0.3 + 0.4 * t, |t| 0.5 * t), &[]);
    check(&of(|_| 0.62, |t| 1.4 * t), &["discriminator-overfitting"]);
}

#[test]
fn past_its_best_is_said_from_the_evaluation_after_next() {
    let name = "scores/fid/fid";
    let mut values = vec![138.0, 60.0, 30.0, 15.8, 16.0];
    check(&scores(name, &values), &[]);
    values.push(29.0);
    let chart = scores(name, &values);
    check(&chart, &[]);
    let found = diagnose(&chart);
    let perhaps = found.verdicts.last().unwrap();
    assert!(perhaps.name == "past-its-best" && !perhaps.is_sure(), "{found:#?}");
    assert!(perhaps.sentence.contains("a second one will tell") && found.holds("healthy"));
    values.push(31.0);
    check(&scores(name, &values), &["past-its-best"]);
    values.extend([129.0, 198.0]);
    let found = diagnose(&scores(name, &values));
    assert_eq!((found.verdicts[0].since_step, sick(&found).len()), (12000, 1), "{found:#?}");
    // Mildly is said, and is no illness; the other way round it is a score that is better when it is high.
    let mild = [138.0, 70.0, 53.6, 57.0, 62.0, 62.9];
    check(&scores(name, &mild), &[]);
    assert!(diagnose(&scores(name, &mild)).holds("past-its-best"));
    check(&scores("scores/inception/inception_score", &[2.0, 6.0, 8.0, 4.0, 3.9, 3.8]), &["past-its-best"]);
    check(&scores(name, &[61.0, 40.0, 25.9, 38.2, 29.5]), &[]);
}

#[test]
fn a_score_that_was_never_good_and_one_that_cannot_be_are_told() {
    let mut chart = scores("scores/inception/inception_score", &[1.03, 1.12, 1.14, 1.08]);
    for (i, fid) in [394.0, 441.0, 337.0, 320.0].into_iter().enumerate() {
        chart.read("scores/fid/fid", 2000 * (i as u64 + 1), fid);
    }
    check(&chart, &["never-learned"]);
    check(&scores("scores/fid/fid", &[1.2e57, 8.2e51, -3.1e68, -2.7e57, 7.9e64]), &["broken-score"]);
    check(&scores("scores/fid/fid", &[314.0, 150.0, 90.0, 80.0]), &[]);
    // It has only begun: perhaps.
    let begun = diagnose(&scores("scores/fid/fid", &[180.0, 160.0, 140.0]));
    assert!(!begun.is_sick() && begun.holds("never-learned"), "{begun:?}");
}

#[test]
fn what_is_not_measured_at_every_step_has_not_diverged() {
    let gaps = |n_last: u64| {
        let rows = (0..60).map(|step| (step, -0.3, if step % 3 == 0 { 0.4 } else { f64::NAN }));
        let end = (60..60 + n_last).map(|step| (step, -0.3, f64::NAN));
        losses(&rows.chain(end).collect::<Vec<Row>>())
    };
    assert!(!diagnose(&gaps(0)).holds("diverged"), "two steps of three are not measured");
    assert!(diagnose(&gaps(5)).holds("diverged"), "from here on there is nothing but NaN");
}

#[test]
fn a_score_near_its_best_outweighs_losses() {
    let mut chart = long([1.0, 1.0], [0.03, 3.4]);
    check(&chart, &["discriminator-too-strong"]);
    (1..=10).for_each(|i| chart.read("scores/fid/fid", 1900 * i, 140.0 / i as f64));
    check(&chart, &[]);
}

#[test]
fn each_game_of_a_log_is_judged_and_named() {
    let mut chart = imported();
    for i in 0..100 {
        chart.read("pair/A/discriminator/loss", 100 * i, if i < 5 { 0.28 } else { 0.001 });
        chart.read("pair/A/generator/loss", 100 * i, if i < 5 { 0.4 } else { 0.995 });
        chart.read("pair/B/discriminator/loss", 100 * i, 0.2 + 0.03 * f64::from(i as u32 % 3));
        chart.read("pair/B/generator/loss", 100 * i, 0.35);
    }
    let names: Vec<String> = chart.pairs().into_iter().map(|pair| pair.0).collect();
    assert_eq!(names, ["A", "B"]);
    let found = diagnose(&chart);
    assert_eq!(sick(&found), ["discriminator-too-strong"], "{found:#?}");
    let one = &found.verdicts[0];
    assert!(one.sentence.starts_with("A: ") && one.sentence_ko.starts_with("A: "), "{one:?}");
    assert!(one.evidence.iter().all(|evidence| evidence.reading.starts_with("A: ")), "{one:?}");
    assert!(
        found.notes.len() == 2 && found.notes[1].sentence.starts_with("B: Taken for least squares"),
        "{:?}",
        found.notes
    );
    // A score is of the log, and of no game alone.
    (1..=5).for_each(|i| chart.read("scores/fid/fid", 1900 * i, 50.0 + 30.0 * i as f64));
    let found = diagnose(&chart);
    assert!(found.holds("past-its-best") && found.holds("discriminator-too-strong"), "{found:#?}");
    for name in ["past-its-best", "never-learned", "dead-players"] {
        assert_eq!(untold(&chart, name), "", "{name}");
    }
    assert_eq!(losses(&[(1, 1.0, 1.0)]).pairs()[0].0, "");
}

#[test]
fn collapse_is_never_told_from_losses() {
    for chart in [long([1.4, 0.7], [0.02, 9.0]), long([1.4, 0.7], [1.3, 0.8])] {
        let found = diagnose(&chart);
        for name in ["complete-collapse", "partial-collapse", "rotating-modes", "memorisation", "oscillation"]
        {
            assert!(!found.holds(name) && untold(&chart, name).contains("samples by step"), "{name}");
        }
        assert!(untold(&chart, "past-its-best").contains("print(f\"step: {step} FID: {fid}\")"));
    }
}

#[test]
fn names_that_mean_nothing_are_said_and_not_judged() {
    let mut chart = imported();
    assert!(diagnose(&chart).verdicts.is_empty());
    (0..50).for_each(|i| chart.read("Dx", i, 0.7));
    let found = diagnose(&chart);
    assert!(found.verdicts.is_empty() && untold(&chart, "healthy").contains("--map"), "{found:#?}");
}

#[test]
fn a_log_tells_what_its_table_says_it_tells() {
    for verdict in verdicts() {
        for row in verdict.from_log.readings {
            let mut chart = imported();
            for name in *row {
                (0..60).for_each(|i| chart.read(name, 100 * i, 0.6 + 0.01 * f64::from(i as u32 % 7)));
            }
            let found = diagnose(&chart);
            let is_untold = found
                .cannot_tell
                .iter()
                .any(|one| one.name == verdict.name && one.needs == verdict.from_log.line);
            assert!(!is_untold, "{} of {row:?}", verdict.name);
        }
    }
}

/// The table of docs/clinic.md.
#[test]
fn the_page_has_the_table_of_the_code() {
    let lines =
        verdicts().into_iter().filter(|verdict| !ganatomy_clinic::is_well(verdict.name)).map(|verdict| {
            let rows: Vec<String> =
                verdict.from_log.readings.iter().map(|row| format!("`{}`", row.join("` and `"))).collect();
            let told = if rows.is_empty() {
                "no number of a log: samples by step".to_owned()
            } else {
                rows.join(", or ")
            };
            format!("| `{}` | {told} |\n", verdict.name)
        });
    let table =
        format!("| verdict | readings of a log that tell it |\n|---|---|\n{}", lines.collect::<String>());
    let page =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/clinic.md")).unwrap();
    assert!(page.contains(&table), "docs/clinic.md lacks this table:\n{table}");
}

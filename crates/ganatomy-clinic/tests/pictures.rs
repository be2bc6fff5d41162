//! Pictures of samples beside another program's log: what is said of them.

#![allow(clippy::unwrap_used, reason = "tests")]

use ganatomy_clinic::{Chart, Facts, diagnose};

/// What is said of readings of samples that are sane up to step 10,000 and others from there on.
fn check(readings: &[(&str, f64, f64)], expected: &str) {
    let mut chart = Chart::new(Facts { is_imported: true, ..Facts::default() });
    for (name, before, after) in readings {
        let name = format!("samples/{name}");
        (1..20).for_each(|i| chart.read(&name, 1000 * i, if i < 10 { *before } else { *after }));
    }
    let found = diagnose(&chart);
    let names: Vec<&str> = found.verdicts.iter().map(|one| one.name).collect();
    assert_eq!(names, [expected], "{readings:?}");
    assert_eq!(found.is_sick(), expected != "healthy");
    assert!(expected == "healthy" || found.verdicts[0].since_step == 10_000, "{found:?}");
}

#[test]
fn samples_that_are_alike_are_told_without_the_data() {
    check(&[("between_share", 0.6, 0.2), ("twin_share", 0.0, 0.2)], "healthy");
    check(&[("between_share", 0.6, 0.01), ("twin_share", 0.0, 0.0)], "complete-collapse");
    check(&[("between_share", 0.6, 0.4), ("twin_share", 0.0, 0.9)], "partial-collapse");
}

#[test]
fn beside_the_data_their_own_variance_does_not_count() {
    check(&[("between_share", 0.6, 0.01), ("diversity", 1.0, 0.9)], "healthy");
    check(&[("between_share", 0.6, 0.4), ("diversity", 1.0, 0.05)], "complete-collapse");
    check(&[("twin_share", 0.0, 0.9), ("diversity", 1.0, 0.3)], "partial-collapse");
    check(&[("diversity", 1.0, 1.0), ("nearer", 0.5, 0.99)], "memorisation");
}

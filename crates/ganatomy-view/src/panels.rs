//! Which readings of a run are drawn together.

use std::collections::BTreeMap;

use ganatomy_record::Event;

use crate::{Panel, Series};

/// A figure has at most this many panels.
const MAX_PANELS: usize = 6;

/// Points by the name of their reading.
type Readings = BTreeMap<String, Vec<(u64, f64)>>;

/// A metric of the samples: its name, title, unit, and the range that is always shown.
type Metric = (&'static str, &'static str, &'static str, Option<(f64, f64)>);

/// In the order in which they are drawn.
const METRICS: [Metric; 5] = [
    ("samples/n_modes", "Modes captured", "modes", Some((0.0, 1.0))),
    ("samples/high_quality_share", "High-quality samples", "share", Some((0.0, 1.0))),
    ("samples/classifier_score", "Classifier score", "score", None),
    ("samples/n_classes", "Classes captured", "classes", Some((0.0, 1.0))),
    ("samples/reverse_kl", "Reverse KL", "nats", Some((0.0, 0.1))),
];

/// The panels of a run's figure: losses, D's accuracy, gradient norms, and metrics of the samples.
pub fn panels(events: &[Event]) -> Vec<Panel> {
    let readings = readings(events);
    let mut panels: Vec<Panel> = [losses, accuracies, gradient_norms]
        .into_iter()
        .map(|panel| panel(&readings))
        .filter(|panel| !panel.series.is_empty())
        .collect();
    let metrics = METRICS.iter().filter_map(|metric| metric_panel(metric, &readings));
    panels.extend(metrics.take(MAX_PANELS - panels.len()));
    panels
}

fn readings(events: &[Event]) -> Readings {
    let mut readings = Readings::new();
    for event in events {
        if let Event::Readings { step, values, .. } = event {
            for (name, value) in values {
                readings.entry(name.clone()).or_default().push((*step, *value));
            }
        }
    }
    readings
}

fn losses(readings: &Readings) -> Panel {
    let series = of_each_player(readings, "/loss");
    Panel { title: "Losses".to_owned(), unit: "loss".to_owned(), series, ..Panel::default() }
}

fn accuracies(readings: &Readings) -> Panel {
    let on = |kind: &str| {
        let points = readings.get(&format!("discriminator/accuracy_{kind}"))?;
        Some(Series { name: format!("on {kind}"), points: points.clone() })
    };
    Panel {
        title: "Accuracy of the discriminator".to_owned(),
        unit: "share judged rightly".to_owned(),
        range: Some((0.0, 1.0)),
        series: ["real", "fake"].into_iter().filter_map(on).collect(),
        ..Panel::default()
    }
}

fn gradient_norms(readings: &Readings) -> Panel {
    Panel {
        title: "Gradient norms".to_owned(),
        unit: "norm (log scale)".to_owned(),
        log: true,
        series: of_each_player(readings, "/gradient_norm"),
        ..Panel::default()
    }
}

/// The readings with this ending, named by the player before it; the generator's first.
fn of_each_player(readings: &Readings, ending: &str) -> Vec<Series> {
    let ending_so = readings.iter().filter_map(|(name, points)| {
        let name = name.strip_suffix(ending)?.to_owned();
        Some(Series { name, points: points.clone() })
    });
    let mut series: Vec<Series> = ending_so.collect();
    series.sort_by_key(|series| series.name != "generator");
    series
}

fn metric_panel((name, title, unit, range): &Metric, readings: &Readings) -> Option<Panel> {
    let series = Series { name: (*name).to_owned(), points: readings.get(*name)?.clone() };
    Some(Panel {
        title: (*title).to_owned(),
        unit: (*unit).to_owned(),
        range: *range,
        series: vec![series],
        ..Panel::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(names: &[&str], expected: &[(&str, &[&str])]) {
        let values = names.iter().map(|name| ((*name).to_owned(), 0.5)).collect();
        let event = Event::Readings { step: 3, secs: 0.1, values };
        let panels = panels(&[event]);
        let found: Vec<(&str, Vec<&str>)> = panels
            .iter()
            .map(|p| (p.title.as_str(), p.series.iter().map(|s| s.name.as_str()).collect()))
            .collect();
        let expected: Vec<(&str, Vec<&str>)> =
            expected.iter().map(|(title, names)| (*title, names.to_vec())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn readings_are_grouped() {
        check(
            &["discriminator/loss", "generator/loss", "samples/n_modes", "other"],
            &[("Losses", &["generator", "discriminator"]), ("Modes captured", &["samples/n_modes"])],
        );
        check(&[], &[]);
    }

    #[test]
    fn there_are_at_most_six_panels() {
        let mut names = vec!["generator/loss", "discriminator/accuracy_fake", "a/gradient_norm"];
        names.extend(METRICS.map(|metric| metric.0));
        check(
            &names,
            &[
                ("Losses", &["generator"]),
                ("Accuracy of the discriminator", &["on fake"]),
                ("Gradient norms", &["a"]),
                ("Modes captured", &["samples/n_modes"]),
                ("High-quality samples", &["samples/high_quality_share"]),
                ("Classifier score", &["samples/classifier_score"]),
            ],
        );
    }
}

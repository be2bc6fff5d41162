//! Which readings of a run are drawn together: every reading is drawn somewhere.

use std::collections::BTreeMap;

use ganatomy_record::Event;

use crate::bands::bands;
use crate::{Panel, Series};

/// Losses share a panel as long as each of them takes this share of its height.
const LEAST_SHARE: f64 = 0.06;

/// Points by the name of their reading.
type Readings = BTreeMap<String, Vec<(u64, f64)>>;

/// Which readings a panel holds, and what its legend calls them.
#[derive(Clone, Copy)]
enum Members {
    /// This reading of each player, which is named after the player.
    OfEachPlayer(&'static str),
    /// Readings whose names begin so; the word replaces the beginning.
    Beginning(&'static str, &'static str),
    /// One reading.
    One(&'static str),
}

use Members::{Beginning, OfEachPlayer, One};

/// A panel: its title, its unit, its readings, and how its vertical axis is.
struct Group(&'static str, &'static str, Members, Values);

/// What kind of number the readings of a panel are.
#[derive(Clone, Copy, PartialEq)]
enum Values {
    /// Of any size.
    Any,
    /// Positive, over many sizes.
    Sizes,
    /// Between 0 and 1.
    Shares,
    /// Whole numbers from 0 on.
    Counts,
    /// Of which none is best: near 0, they are drawn as small.
    Distances,
}

use Values::{Any, Counts, Distances, Shares, Sizes};

/// In the order in which they are drawn; the first is that of the losses.
const GROUPS: [Group; 53] = [
    Group("Losses", "loss", OfEachPlayer("/loss"), Any),
    Group(
        "Accuracy of the discriminator",
        "share judged rightly",
        Beginning("discriminator/accuracy_", "on "),
        Shares,
    ),
    Group(
        "Logits of the discriminator",
        "mean logit (real is high)",
        Beginning("discriminator/logit_", "on "),
        Any,
    ),
    Group("Pairs of real items and samples that D tells", "share", One("discriminator/auc"), Shares),
    Group("Gradient norms", "norm (log scale)", OfEachPlayer("/gradient_norm"), Sizes),
    Group(
        "Gradient of G's loss by its samples",
        "norm (log scale)",
        One("generator/output_gradient_norm"),
        Sizes,
    ),
    Group(
        "Gradient norms by layer of G",
        "norm (log scale)",
        Beginning("generator/layer_gradient/", ""),
        Sizes,
    ),
    Group(
        "Gradient norms by layer of D",
        "norm (log scale)",
        Beginning("discriminator/layer_gradient/", ""),
        Sizes,
    ),
    Group("Parameters without a gradient", "share", OfEachPlayer("/zero_gradient"), Shares),
    Group("Size of the parameters", "root mean square", OfEachPlayer("/weight_norm"), Any),
    Group(
        "Size of the updates' moments",
        "root mean square (log scale)",
        OfEachPlayer("/moment_norm"),
        Sizes,
    ),
    Group("From G to its average", "share of its size", One("generator/from_average"), Any),
    Group("How far samples move with z", "norm (log scale)", One("generator/jacobian_norm"), Sizes),
    Group("Directions that samples move in", "directions", One("generator/jacobian_rank"), Any),
    Group("Data points from matched samples", "mean distance", One("game/mean_distance"), Any),
    Group("The data point furthest from its sample", "distance", One("game/largest_distance"), Any),
    Group("How the game's field bends", "per unit of learning rate", Beginning("game/", ""), Any),
    Group("The two parts of a VAE's bound", "nats an item", Beginning("vae/", ""), Any),
    Group("Modes captured", "modes", One("samples/n_modes"), Counts),
    Group("High-quality samples", "share", One("samples/high_quality_share"), Shares),
    Group("Classifier score", "score", One("samples/classifier_score"), Any),
    Group("Classes captured", "classes", One("samples/n_classes"), Counts),
    Group("Fréchet distance of features", "distance", Beginning("scores/fid/", ""), Distances),
    Group("Kernel distance of features", "distance", One("scores/kid/kid"), Any),
    Group("Precision and recall", "share", Beginning("scores/precision-recall/", ""), Shares),
    Group("Density and coverage", "coverage is a share", Beginning("scores/density-coverage/", ""), Shares),
    Group(
        "Clusters filled to another share",
        "share; divergence in nats",
        Beginning("scores/ndb/", ""),
        Shares,
    ),
    Group("Precision and recall of distributions", "F", Beginning("scores/prd/", ""), Shares),
    Group("Reverse KL", "nats", One("samples/reverse_kl"), Distances),
    Group("Reverse KL, misses counted", "nats", One("samples/quality_kl"), Distances),
    Group("Samples of each mode", "share of the samples", Beginning("samples/mode_share/", "mode "), Shares),
    Group(
        "Samples of each class",
        "share of the samples",
        Beginning("samples/class_share/", "class "),
        Shares,
    ),
    Group("Data that samples reach", "share of the data", One("samples/bins_held"), Shares),
    Group(
        "Samples of each bin of the data",
        "share of the samples",
        Beginning("samples/bin_share/", "bin "),
        Shares,
    ),
    Group("Shares of the bins, samples beside data", "nats", One("samples/bins_js"), Distances),
    Group("Shares of the bins, as samples see it", "nats", One("samples/bins_kl"), Distances),
    Group("Classes of the nearest real items", "nats", One("samples/nearest_classes_kl"), Distances),
    Group(
        "Middle of the samples",
        "widths of the data",
        Beginning("samples/centre/", "along direction "),
        Any,
    ),
    Group("Width of the samples", "1: as the data", One("samples/spread"), Any),
    Group("Distance between samples", "1: as the data", One("samples/diversity"), Shares),
    Group("Samples near the data", "share", One("samples/near_data"), Shares),
    Group("Copies of training items", "0.5: none, 1: all", One("samples/nearer"), Shares),
    Group("Samples that are copies", "share", One("samples/copies"), Shares),
    Group("Told by one single number", "accuracy", One("samples/one_number"), Shares),
    Group("Saturated values, beyond the data's", "share", One("samples/saturated"), Any),
    Group("Values of the data out of reach", "share", One("samples/out_of_reach"), Shares),
    Group(
        "The classifier that scores samples",
        "accuracy on held-out items",
        One("classifier/held_out_accuracy"),
        Shares,
    ),
    Group("Loss of the discriminator, held-out items", "loss", One("discriminator/loss_held_out"), Any),
    Group(
        "Overfitting of the discriminator",
        "0: none, 1: held-out items look fake",
        One("discriminator/overfitting"),
        Any,
    ),
    Group("Who moves", "1 moves, 0 waits", Beginning("balance/", ""), Shares),
    Group("Reconstruction error", "error", One("generator/reconstruction_error"), Distances),
    Group("Convergence (BEGAN)", "error", One("loss/convergence"), Distances),
    Group("Balance of the losses (BEGAN)", "k", One("loss/k"), Any),
];

/// The panels of a run's figure, which hold every reading of the run: losses, D's accuracy and logits, gradient norms and
/// metrics of the samples; what is none of these has a panel of its own.
pub fn panels(events: &[Event]) -> Vec<Panel> {
    let mut readings = readings(events);
    let mut panels = Vec::new();
    for group in &GROUPS {
        let series = group.take(&mut readings);
        match group.2 {
            OfEachPlayer("/loss") if apart(&series) => {
                panels.extend(series.into_iter().map(|one| loss_of(group, one)));
            }
            _ if series.is_empty() => {}
            _ => panels.push(group.panel(group.0.to_owned(), series)),
        }
    }
    panels.extend(readings.into_iter().map(|(name, points)| {
        let series = vec![Series { name: name.clone(), points }];
        Panel { title: name, unit: "value".to_owned(), series, ..Panel::default() }
    }));
    let bands = bands(events);
    panels.iter_mut().for_each(|panel| panel.bands.clone_from(&bands));
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

/// The loss of one player.
fn loss_of(group: &Group, series: Series) -> Panel {
    group.panel(format!("Loss of the {}", series.name), vec![series])
}

/// Do these lines differ so much in size that one of them would be drawn flat?
fn apart(series: &[Series]) -> bool {
    let span = |points: &[(u64, f64)]| {
        let mut values: Vec<f64> = points.iter().map(|p| p.1).filter(|v| v.is_finite()).collect();
        values.sort_unstable_by(f64::total_cmp);
        // A few outliers say nothing of the size of a line.
        let rare = values.len() / 50;
        Some((*values.get(rare)?, *values.get(values.len() - 1 - rare)?))
    };
    let spans: Vec<(f64, f64)> = series.iter().filter_map(|one| span(&one.points)).collect();
    let low = spans.iter().map(|span| span.0).fold(f64::INFINITY, f64::min);
    let high = spans.iter().map(|span| span.1).fold(f64::NEG_INFINITY, f64::max);
    // Halves, as the difference of two huge numbers is not finite.
    let share = |(from, to): &(f64, f64)| (to / 2.0 - from / 2.0) / (high / 2.0 - low / 2.0);
    // Lines without a span of their own, such as single readings, are compared by their place alone.
    let moving = spans.iter().any(|(from, to)| from < to);
    moving && spans.iter().any(|span| share(span) < LEAST_SHARE)
}

impl Group {
    /// The group's series, the generator's and those of real items first; they are no longer among the readings then.
    fn take(&self, readings: &mut Readings) -> Vec<Series> {
        let name_of = |name: &str| match self.2 {
            OfEachPlayer(ending) => name.strip_suffix(ending).map(str::to_owned),
            Beginning(beginning, word) => {
                name.strip_prefix(beginning).map(|rest| format!("{word}{}", rest.replace('_', " ")))
            }
            One(known) => (name == known).then(|| name.to_owned()),
        };
        let names: Vec<String> = readings.keys().filter(|name| name_of(name).is_some()).cloned().collect();
        let take = |name: String| {
            let points = readings.remove(&name)?;
            Some(Series { name: name_of(&name)?, points })
        };
        let mut series: Vec<Series> = names.into_iter().filter_map(take).collect();
        series.sort_by(|a, b| rank(&a.name).cmp(&rank(&b.name)));
        series
    }

    fn panel(&self, title: String, series: Vec<Series>) -> Panel {
        let range = match self.3 {
            Any | Sizes => None,
            Shares | Counts => Some((0.0, 1.0)),
            Distances => Some((0.0, 0.1)),
        };
        let (log, whole) = (self.3 == Sizes, self.3 == Counts);
        Panel { title, unit: self.1.to_owned(), log, whole, range, series, ..Panel::default() }
    }
}

/// What comes first; `class 10` comes after `class 9`.
fn rank(name: &str) -> (bool, u64, &str) {
    let number = name.rsplit(' ').next().and_then(|word| word.parse().ok());
    let first = name.starts_with("generator") || name.starts_with("on real");
    (!first, number.unwrap_or(0), name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Band, curves, curves_drawing};

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
            &[
                "discriminator/loss",
                "generator/loss",
                "discriminator/logit_fake",
                "discriminator/logit_real",
                "samples/n_modes",
                "generator/output_gradient_norm",
            ],
            &[
                ("Losses", &["generator", "discriminator"]),
                ("Logits of the discriminator", &["on real", "on fake"]),
                ("Gradient of G's loss by its samples", &["generator/output_gradient_norm"]),
                ("Modes captured", &["samples/n_modes"]),
            ],
        );
        check(
            &["samples/class_share/10", "samples/class_share/9", "samples/class_share/0"],
            &[("Samples of each class", &["class 0", "class 9", "class 10"])],
        );
        check(&[], &[]);
    }

    #[test]
    fn every_reading_is_drawn_once() {
        let mut names = vec!["mine/thing".to_owned(), "other".to_owned(), "mine/loss".to_owned()];
        for Group(_, _, members, _) in &GROUPS {
            names.extend(match members {
                OfEachPlayer(ending) => {
                    ["generator", "discriminator"].map(|who| format!("{who}{ending}")).to_vec()
                }
                Beginning(beginning, _) => {
                    ["real", "held_out", "0"].map(|end| format!("{beginning}{end}")).to_vec()
                }
                One(name) => vec![(*name).to_owned()],
            });
        }
        let values = names.iter().enumerate().map(|(i, name)| (name.clone(), i as f64)).collect();
        let panels = panels(&[Event::Readings { step: 3, secs: 0.1, values }]);
        let mut drawn: Vec<f64> = panels.iter().flat_map(|p| &p.series).map(|s| s.points[0].1).collect();
        drawn.sort_unstable_by(f64::total_cmp);
        assert_eq!(drawn, (0..names.len()).map(|i| i as f64).collect::<Vec<f64>>());
        assert!(panels.iter().all(|panel| !panel.title.is_empty() && !panel.unit.is_empty()));
        assert!(panels.iter().any(|panel| panel.title == "mine/thing"));
    }

    #[test]
    fn every_panel_has_the_verdicts() {
        let values = [("a".to_owned(), 1.0), ("b".to_owned(), 1.0)].into();
        let (name, sentence) = ("diverged".to_owned(), String::new());
        let verdict = Event::Verdict {
            step: 9,
            secs: 0.1,
            name,
            holds: true,
            since_step: 5,
            confidence: 0.9,
            sentence,
        };
        let panels = panels(&[Event::Readings { step: 3, secs: 0.1, values }, verdict]);
        let found: Vec<_> = panels.iter().map(|p| (p.bands.len(), p.bands[0].from, p.bands[0].to)).collect();
        assert_eq!(found, [(1, 5, 9); 2]);
    }

    #[test]
    fn a_verdict_is_a_band_behind_the_lines_with_its_name_above() {
        let band = Band { name: "partial-collapse".to_owned(), from: 40, to: 80 };
        let series = vec![Series { name: "a".to_owned(), points: vec![(0, 1.0), (100, 2.0)] }];
        let plain = Panel { series, ..Panel::default() };
        let panel = Panel { bands: vec![band], ..plain.clone() };
        let svg = curves_drawing(std::slice::from_ref(&panel)).unwrap().svg();
        assert_eq!(svg.matches(">partial-collapse<").count(), 1, "{svg}");
        let tinted = |panel: &Panel, x: usize, y: usize| {
            let picture = curves(std::slice::from_ref(panel)).unwrap();
            let at = 3 * (y * picture.width() + x);
            picture.pixels()[at..at + 3] != [255; 3]
        };
        // Of 380 pixels from 70 on, the band takes those from 222 to 374; its name stands above the chart, which begins at 73.
        let low = 275;
        assert_eq!([200, 240, 360, 385].map(|x| tinted(&panel, x, low)), [false, true, true, false]);
        assert!(tinted(&panel, 360, 62) && !tinted(&panel, 385, 62));
        assert!(![240, 360].iter().any(|x| tinted(&plain, *x, low)));
        // The line is drawn over it.
        let ink = svg.find("stroke=\"#0072b2\" stroke-width=\"1.8\"").unwrap();
        assert!(svg.find(">partial-collapse<").unwrap() < ink, "{svg}");
    }

    /// The titles of the panels of losses that run between these ends.
    fn check_losses(generator: [f64; 2], discriminator: [f64; 2], expected: &[&str]) {
        let values = |i: usize| {
            [("generator/loss".to_owned(), generator[i]), ("discriminator/loss".to_owned(), discriminator[i])]
        };
        let event = |i: usize| Event::Readings { step: i as u64, secs: 0.0, values: values(i).into() };
        let found: Vec<String> = panels(&[event(0), event(1)]).into_iter().map(|p| p.title).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn losses_of_different_scales_have_panels_of_their_own() {
        let apart = ["Loss of the generator", "Loss of the discriminator"];
        check_losses([0.7, 0.8], [1.2, 1.4], &["Losses"]);
        check_losses([-40.0, 35.0], [0.1, 0.3], &apart);
        check_losses([0.69, 0.70], [0.0, 9.0], &apart);
        check_losses([100.0, 101.0], [0.0, 1.0], &apart);
        check_losses([1e308, -1e308], [0.0, 1.0], &apart);
        // Two that stand still, and one that is never finite.
        check_losses([1.0, 1.0], [9.0, 9.0], &["Losses"]);
        check_losses([f64::NAN, f64::NAN], [0.0, 1.0], &["Losses"]);
    }
}

//! The pages of readings against what runs report.

use std::collections::{BTreeMap, BTreeSet};

use ganatomy_data::{DataContext, Images};
use ganatomy_record::{Direction, RunSpec};
use ganatomy_tensor::Trace;

use super::SMALL;
use crate::probe::{bins, channels, classes, field, held_out, modes, sensitivity, weights};
use crate::programs::{gradient_norms_names, trace_step};
use crate::reading::readings;
use crate::{Plan, PlanError, Registry, recipe};

/// Labelled images in place of those that a recipe reads from files.
fn images(size: usize, n_channels: usize) -> Images {
    let n = 128;
    let labels = (0..n).map(|i| (i % 2) as u32).collect();
    Images::new([size, size, n_channels], vec![0; n * size * size * n_channels])
        .unwrap()
        .with_labels(labels, 2)
        .unwrap()
}

fn planned(spec: &RunSpec) -> Option<Plan> {
    match Plan::new(spec, &DataContext::default()) {
        Ok(plan) => Some(plan),
        Err(PlanError::Data(_)) => {
            let mut table: toml::Table = spec.source().parse().unwrap();
            table.remove("data");
            let bare = RunSpec::parse(&table.to_string(), "test").unwrap();
            let fits = |(size, n)| Plan::with_data(&bare, images(size, n), &Registry::builtin()).ok();
            [(28, 1), (64, 3), (32, 3)].into_iter().find_map(fits)
        }
        // A loss or a remedy that does not go with the rest.
        Err(_) => None,
    }
}

/// Adds the names that the step and the gradients of a plan report.
fn add(found: &mut BTreeMap<String, Direction>, plan: &Plan) {
    let (_, of_step) = trace_step(plan.rules(), plan.rules().board(), &Trace::new());
    let names = of_step.into_iter().map(|(name, _)| name).chain(gradient_norms_names(plan.rules().board()));
    found.extend(names.map(|name| (name, Direction::None)));
}

fn reported() -> BTreeMap<String, Direction> {
    let mut found = BTreeMap::new();
    for name in recipe::names() {
        let spec = RunSpec::parse(recipe::find(name).unwrap(), name).unwrap();
        add(&mut found, &planned(&spec).unwrap_or_else(|| panic!("{name}")));
    }
    let registry = Registry::builtin();
    for row in registry.listing() {
        let more = match row.kind {
            "game" => format!("game.kind = \"{}\"\n", row.name),
            "loss" => format!("loss.kind = \"{}\"\n", row.name),
            "remedy" => format!("remedies.{} = {{}}\n", row.name),
            _ => continue,
        };
        for judge in ["mlp", "autoencoder"] {
            let text = format!(
                "{}{more}",
                SMALL.replace("discriminator = { ", &format!("discriminator = {{ kind = \"{judge}\", "))
            );
            if let Some(plan) = planned(&RunSpec::parse(&text, "test").unwrap()) {
                add(&mut found, &plan);
            }
        }
    }
    // Probes of classes train a classifier before they can be asked.
    for row in registry.scores {
        // Some numbers are given only when they are asked for.
        let set = if row.name() == "fid" { "groups = 10" } else { "" };
        let score = row.read(&mut RunSpec::parse(set, "test").unwrap().root()).unwrap();
        let named = |(number, way)| (format!("scores/{}/{number}", row.name()), way);
        found.extend(score.numbers().into_iter().map(named));
    }
    for probe in [
        weights::readings(),
        sensitivity::readings(),
        field::readings(),
        bins::readings(),
        channels::readings(),
        classes::readings(2),
        modes::readings(1),
        held_out::readings(),
    ] {
        found.extend(probe);
    }
    found
}

#[test]
fn every_reading_has_a_page_and_every_page_a_reading() {
    let (found, pages) = (reported(), readings());
    let mut used = BTreeSet::new();
    for (name, direction) in &found {
        let page =
            pages.iter().find(|page| page.covers(name)).unwrap_or_else(|| panic!("{name} has no page"));
        // The directions of one name may differ with the data: modes and classes both have a reverse KL.
        assert!(page.direction == *direction || name == "samples/reverse_kl", "{name}");
        used.insert(page.name);
    }
    let idle: Vec<&str> = pages.iter().map(|page| page.name).filter(|name| !used.contains(name)).collect();
    assert!(idle.is_empty(), "nothing reports {idle:?}");
    assert_eq!(pages.iter().map(|page| page.name).collect::<BTreeSet<_>>().len(), pages.len());
}

//! Tables that a run plays, in single precision: games, probes and looks; and those of scores.

use std::collections::BTreeMap;

use ganatomy_data::Modes;
use ganatomy_score::{channels, classes, modes};

use super::super::session;
use super::table::{Numbers, Table};
use super::{check_names, compare};
use crate::look::{BestAnswers, Slopes, eigenvalues};
use crate::state::STEP;
use crate::training::Training;

/// The error that is allowed, as a share of a number; of small ones, of this one.
const SINGLE: [f64; 2] = [2e-5, 0.05];
/// What the looks are asked with.
const KEY: u64 = 7;
/// Every look, and every score.
pub(super) const LOOKS: [&str; 7] =
    ["duality-gap", "eigenvalues", "field", "items", "jacobian", "path-angle", "slopes"];
pub(super) const SCORES: [&str; 3] = ["channels", "classes", "modes"];

/// A run before its first step, its players where the table has them.
fn begin(table: &Table) -> Training {
    let mut run = Training::new(table.plan(), session()).unwrap();
    let known: Vec<String> = run.state_names().into_iter().map(str::to_owned).collect();
    for (name, values) in table.before.iter().filter(|(name, _)| known.contains(name)) {
        run.set(name, &single(values)).unwrap();
    }
    run
}

fn check(what: &str, found: &Numbers, truth: &Numbers) -> Result<(), String> {
    check_names(truth, found.keys().map(String::as_str))?;
    found.iter().try_for_each(|(name, found)| compare(&format!("{what}{name}"), found, &truth[name], SINGLE))
}

/// Trains a run step by step, and compares all its state and readings.
pub(super) fn train(table: &Table) -> Result<(), String> {
    let mut run = begin(table);
    for (step, numbers) in (1..).zip(&table.after) {
        run.advance(1).unwrap();
        let names = run.state_names().into_iter();
        let names = names.filter(|name| *name != STEP && !name.ends_with("lr_factor"));
        let mut found: Numbers =
            names.map(|name| (name.to_owned(), double(run.tensor(name).unwrap()))).collect();
        found.extend(run.readings().into_iter().map(|(name, x)| (name, vec![x])));
        check(&format!("step {step}: "), &found, numbers)?;
    }
    Ok(())
}

/// What the probes of a run read before each of its steps.
pub(super) fn probe(table: &Table) -> Result<(), String> {
    let mut run = begin(table);
    for (step, numbers) in table.after.iter().enumerate() {
        let found = run.probe().unwrap().into_iter().map(|(name, x)| (name, vec![x])).collect();
        check(&format!("after {step} steps: "), &found, numbers)?;
        run.advance(1).unwrap();
    }
    Ok(())
}

/// What is seen of a run before its first step.
pub(super) fn look(table: &Table) -> Result<(), String> {
    let (mut run, truth) = (begin(table), &table.after[0]);
    let mut found: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    let mut see = |name: &str, values: Vec<f64>| drop(found.insert(name.to_owned(), values));
    match table.row() {
        "field" => see("field", double(&run.field(KEY).unwrap())),
        "jacobian" => see("jacobian", run.jacobian(KEY).unwrap().concat()),
        "slopes" => {
            let Slopes { samples, slopes } = run.slopes_at_samples(14, KEY).unwrap().unwrap();
            see("samples", double(&samples));
            see("slopes", double(&slopes));
        }
        "items" => {
            let samples = run.samples(12, KEY).unwrap();
            see("logits", double(&run.judge(&samples).unwrap().unwrap()));
            see("samples", double(&samples));
        }
        "path-angle" => {
            let (from, to) = (single(&truth["from"]), single(&truth["to"]));
            for (i, point) in run.path_angle(&from, &to, &[0.0, 0.3, 1.0], KEY).unwrap().iter().enumerate() {
                see(&format!("cosine {i}"), vec![point.cosine]);
                see(&format!("norm {i}"), vec![point.norm]);
            }
            see("from", double(&from));
            see("to", double(&to));
        }
        "eigenvalues" => {
            let rows: Vec<Vec<f64>> = truth["matrix"].chunks(5).map(<[f64]>::to_vec).collect();
            let values = eigenvalues(&rows).unwrap();
            see("matrix", rows.concat());
            see("real", values.iter().map(|x| x[0]).collect());
            see("imaginary", values.iter().map(|x| x[1]).collect());
        }
        "duality-gap" => {
            let gap = run.duality_gap(&BestAnswers { steps: 12, lr: 0.05, n_items: 14 }, KEY).unwrap();
            see("best d", vec![gap.best_d]);
            see("best g", vec![gap.best_g]);
        }
        other => return Err(format!("nobody looks at {other}")),
    }
    check("", &found, truth)
}

/// What a score makes of given numbers.
pub(super) fn score(table: &Table) -> Result<(), String> {
    let (given, truth) = (&table.before, &table.after[0]);
    let one = |x: f64| vec![x];
    let found = match table.row() {
        "modes" => {
            let centres = given["centres"].chunks(2).map(single).collect();
            let found =
                modes::score(&single(&given["samples"]), &Modes::new(centres, given["std"][0] as f32));
            vec![
                ("n_modes", one(found.n_modes as f64)),
                ("high_quality_share", one(found.high_quality_share)),
                ("reverse_kl", one(found.reverse_kl)),
                ("quality_kl", one(found.quality_kl(given["real_share"][0]))),
                ("at_modes", found.at_modes.iter().map(|&n| n as f64).collect()),
            ]
        }
        "classes" => {
            let found = classes::score(&single(&given["probabilities"]), &given["truth"]);
            vec![
                ("n_classes", one(found.n_classes as f64)),
                ("reverse_kl", one(found.reverse_kl)),
                ("classifier_score", one(found.classifier_score)),
                ("shares", found.shares),
            ]
        }
        "channels" => {
            let counts: Vec<usize> = given["counts"].iter().map(|&n| n as usize).collect();
            let found = channels::score(&counts, &given["shares"]);
            vec![("n_modes", one(found.n_modes as f64)), ("reverse_kl", one(found.reverse_kl))]
        }
        other => return Err(format!("nothing scores by {other}")),
    };
    check("", &found.into_iter().map(|(name, x)| (name.to_owned(), x)).collect(), truth)
}

fn single(values: &[f64]) -> Vec<f32> {
    values.iter().map(|&x| x as f32).collect()
}

fn double(values: &[f32]) -> Vec<f64> {
    values.iter().map(|&x| f64::from(x)).collect()
}

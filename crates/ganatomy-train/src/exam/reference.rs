//! Every method against a table of numbers that were worked out independently (docs/testing.md, "Reference numbers").

mod single;
mod table;

use std::collections::{BTreeMap, BTreeSet};

use ganatomy_game::step::Board;
use ganatomy_tensor::{Cpu, Key, Program, Store, Tensor, Trace};

use crate::programs::trace_step;
use crate::registry::listing;
use crate::small::SmallPlan;
use crate::state::STEP;
use table::{Numbers, Table};

/// The error that is allowed, as a share of a number; of small ones, of this one.
const DOUBLE: [f64; 2] = [1e-6, 1e-3];

/// Why scores of features and what makes the features have no table yet.
const BY_ITSELF: &str = "is tested in its own file, against numbers worked out there; it has no table yet";

/// Rows without a table, and why.
const WITHOUT: &[(&str, &str, &str)] = &[
    ("average", "none", "keeps nothing: every other table plays without an average"),
    ("game", "adversarial", "is the game of all other tables"),
    (
        "probe",
        "bins",
        "is of scores that are tested in their own files; its own test has samples that are known",
    ),
    ("probe", "sensitivity", "is a difference; its own test has generators whose Jacobian is known"),
    (
        "probe",
        "field",
        "is a difference of fields, which have a table; its own test compares it with the exact Jacobian",
    ),
    ("probe", "weights", "is a sum over tensors; its own test has one worked out by hand"),
    ("probe", "classes", "is the score of that name, of what a trained classifier says"),
    ("probe", "channels", "is the score of that name, of what a trained classifier says"),
    ("score", "fid", BY_ITSELF),
    ("score", "kid", BY_ITSELF),
    ("score", "inception", BY_ITSELF),
    ("score", "precision-recall", BY_ITSELF),
    ("score", "density-coverage", BY_ITSELF),
    ("score", "ndb", BY_ITSELF),
    ("score", "prd", BY_ITSELF),
    ("score", "diversity", BY_ITSELF),
    ("score", "duplicates", BY_ITSELF),
    ("score", "memorised", BY_ITSELF),
    ("extractor", "pixels", BY_ITSELF),
    ("extractor", "random", BY_ITSELF),
    ("extractor", "classifier", BY_ITSELF),
    ("extractor", "onnx", "runs the network of a file: its own test compares one with PyTorch"),
    ("data", "", "is drawn or read, and tested in its own file"),
    ("reading", "", "is a page; the numbers are those of losses, remedies, probes and scores"),
];

fn reason(kind: &str, name: &str) -> Option<&'static str> {
    let fits = |row: &&(&str, &str, &str)| row.0 == kind && (row.1.is_empty() || row.1 == name);
    WITHOUT.iter().find(fits).map(|(_, _, why)| *why)
}

/// Numbers that are found against those of a table.
fn compare(what: &str, found: &[f64], truth: &[f64], [share, small]: [f64; 2]) -> Result<(), String> {
    if found.len() != truth.len() {
        return Err(format!("{what} has {} numbers, and {} in its table", found.len(), truth.len()));
    }
    for (i, (found, truth)) in found.iter().zip(truth).enumerate() {
        let error = (found - truth).abs() / truth.abs().max(small);
        if error.is_nan() || error > share {
            return Err(format!("{what}[{i}] is {found}, and {truth} in its table: off by {error:.1e}"));
        }
    }
    Ok(())
}

/// Plays the steps of a table in double precision, by the program that a run would play.
fn play(table: &Table) -> Result<(), String> {
    let (plan, trace) = (table.plan(), Trace::new());
    let board = Board { lr_factors: false, ..plan.rules.board() };
    let (state, readings) = trace_step(&plan.rules, board, &trace);
    let readings = readings.iter().map(|(name, x)| (name.as_str(), x));
    let outputs: Vec<(&str, &Tensor)> =
        state.iter().map(|(name, x)| (name.as_str(), x)).chain(readings).collect();
    let program = Program::compile(&trace, &outputs).unwrap();
    let (cpu, mut store) = (Cpu::new(1), Store::<f64>::new());
    for (name, shape) in program.inputs() {
        store.place(name, shape).unwrap();
    }
    for (name, values) in &table.before {
        match store.get_mut(name) {
            Ok(place) => place.values_mut().copy_from_slice(values),
            // A batch that a player does not look at is no input.
            Err(_) if name.starts_with("real.") => {}
            Err(_) => return Err(format!("there is no use for {name}")),
        }
    }
    let mut bound = program.bind(&cpu, &mut store).unwrap();
    for (step, numbers) in (1..).zip(&table.after) {
        bound.run(&cpu, &mut store, Key { seed: plan.rules.seed, step: step - 1 }).unwrap();
        let names = || outputs.iter().map(|(name, _)| *name).filter(|name| *name != STEP);
        check_names(numbers, names())?;
        for name in names() {
            compare(
                &format!("step {step}: {name}"),
                store.get(name).unwrap().values(),
                &numbers[name],
                DOUBLE,
            )?;
        }
    }
    Ok(())
}

/// Plays the steps of a small game's table, from its usual start or from that of the table.
fn play_small(table: &Table) -> Result<(), String> {
    let plan = SmallPlan::new(&table.spec).unwrap();
    let start = || plan.coordinates().iter().map(|c| table.before[&c.label][0]).collect::<Vec<f64>>();
    let path = plan.play((!table.before.is_empty()).then(start).as_deref()).unwrap();
    for (step, numbers) in (1..).zip(&table.after) {
        let found: BTreeMap<&str, f64> = plan
            .coordinates()
            .iter()
            .map(|c| c.label.as_str())
            .zip(path.points()[step].iter().copied())
            .collect();
        check_names(numbers, found.keys().copied())?;
        for (label, found) in found {
            compare(&format!("step {step}: {label}"), &[found], &numbers[label], DOUBLE)?;
        }
    }
    Ok(())
}

/// Refuses numbers that are missing in a table, and those that nothing makes.
fn check_names<'a>(numbers: &Numbers, found: impl Iterator<Item = &'a str>) -> Result<(), String> {
    let found: BTreeSet<&str> = found.collect();
    let known: BTreeSet<&str> = numbers.keys().map(String::as_str).collect();
    match found.symmetric_difference(&known).next() {
        Some(name) if found.contains(name) => Err(format!("the table lacks {name}")),
        Some(name) => Err(format!("nothing makes {name}")),
        None => Ok(()),
    }
}

#[test]
fn every_method_has_a_table_or_a_reason() {
    let rows: BTreeSet<(String, String)> =
        listing().into_iter().map(|row| (row.kind.to_owned(), row.name.into_owned())).collect();
    let tables: BTreeSet<(String, String)> =
        table::all().into_iter().map(|table| (table.kind.clone(), table.row().to_owned())).collect();
    for (kind, name) in &rows {
        match (tables.contains(&(kind.clone(), name.clone())), reason(kind, name)) {
            (true, Some(why)) => panic!("the {kind} {name} has a table, so that no reason is needed: {why}"),
            (false, None) => panic!(
                "the {kind} {name} has no reference numbers, {}: add it to xtask/reference/ and run `python \
                 xtask/reference/run.py {name}`, or say in WITHOUT why there can be none (docs/testing.md)",
                table::place(kind, name)
            ),
            _ => {}
        }
    }
    let others = single::LOOKS
        .map(|name| ("look", name))
        .into_iter()
        .chain(single::SCORES.map(|name| ("score", name)));
    let others: BTreeSet<(String, String)> =
        others.map(|(kind, name)| (kind.to_owned(), name.to_owned())).collect();
    assert_eq!(others.difference(&tables).next(), None, "a look or a score has no reference numbers");
    let stray = tables.iter().find(|table| !rows.contains(*table) && !others.contains(*table));
    assert_eq!(stray, None, "a table belongs to nothing");
}

#[test]
fn every_method_agrees_with_its_table() {
    let play = |table: &Table| match &*table.kind {
        "small game" => play_small(table),
        // What the host does before each step is no part of the program.
        "game" if table.plan().rules.game.feed().is_some() => single::train(table),
        "probe" => single::probe(table),
        "look" => single::look(table),
        "score" => single::score(table),
        _ => play(table),
    };
    let off = |table: Table| play(&table).err().map(|why| format!("{} {}: {why}", table.kind, table.name));
    let off: Vec<String> = table::all().into_iter().filter_map(off).collect();
    assert!(off.is_empty(), "{}", off.join("\n"));
}

#[test]
fn a_run_in_single_precision_is_its_table() {
    // Those on which the order of real items, which a run draws, has no bearing.
    let mut tables = table::all();
    tables.retain(|table| {
        ["update", "average", "schedule"].contains(&&*table.kind) && table.name != "extra-adam"
    });
    let off =
        |table: &Table| single::train(table).err().map(|why| format!("{} {}: {why}", table.kind, table.name));
    let off: Vec<String> = tables.iter().filter_map(off).collect();
    assert!(off.is_empty() && tables.len() > 10, "{}", off.join("\n"));
}

//! Gradients by layer, and those that are zero.

use std::collections::BTreeMap;

use super::{plan, session};
use crate::Training;

const SPEC: &str = "batch = 32\nprobes = { bins.every_steps = 0, weights.every_steps = 0, modes.every_steps = 0 }\n\
    discriminator.hidden = [5]\ngenerator = { hidden = [6, 4], z_dims = 3, activation = \"relu\" }\n";

fn read(change: impl FnOnce(&mut Training)) -> BTreeMap<String, f64> {
    let mut run = Training::new(plan(SPEC).unwrap(), session()).unwrap();
    change(&mut run);
    run.probe().unwrap()
}

#[test]
fn the_squares_of_all_layers_add_up() {
    let found = read(|_| {});
    for (player, layers) in [("generator", vec!["0", "1", "out"]), ("discriminator", vec!["0", "out"])] {
        let start = format!("{player}/layer_gradient/");
        let own: Vec<(&str, f64)> =
            found.iter().filter_map(|(name, x)| Some((name.strip_prefix(&start)?, *x))).collect();
        assert_eq!(own.iter().map(|(layer, _)| *layer).collect::<Vec<_>>(), layers);
        let sum: f64 = own.iter().map(|(_, x)| x * x).sum();
        let whole = found[&format!("{player}/gradient_norm")];
        assert!(own.iter().all(|(_, x)| *x > 0.0) && (sum.sqrt() / whole - 1.0).abs() < 1e-5, "{found:?}");
    }
}

#[test]
fn dead_units_have_no_gradient() {
    // A layer that no input turns on: only the last bias is left to move.
    let found = read(|run| run.set("generator.1.bias", &[-1e3; 4]).unwrap());
    let n = (3 * 6 + 6) + (6 * 4 + 4) + (4 * 2 + 2);
    assert!((found["generator/zero_gradient"] - f64::from(n - 2) / f64::from(n)).abs() < 1e-6, "{found:?}");
    assert_eq!([found["generator/layer_gradient/0"], found["generator/layer_gradient/1"]], [0.0; 2]);
    assert_eq!(found["discriminator/zero_gradient"], 0.0);
    // One unit of four: what leads to it and from it.
    let found = read(|run| run.set("generator.1.bias", &[-1e3, 4.0, 4.0, 4.0]).unwrap());
    let share = found["generator/zero_gradient"];
    assert!((share - f64::from(6 + 1 + 2) / f64::from(n)).abs() < 1e-6, "{found:?}");
}

//! What random programs have found, each as small as it could be made; `cargo xtask fuzz` writes new ones beside this.

use super::random::{Pair, slope, table, trouble};
use crate::cpu::Level;
use crate::{Tensor, Trace};

mod every_step;
mod seed_1883098094529379;
mod seed_1883098094591148;
mod seed_1883098094602165;
mod seed_1883098094641285;
mod seed_1883098094660945;
mod seed_1883103129790479;
mod seed_1883103129913502;

/// Runs outputs at every level of the machine, as random programs are.
fn check(trace: &Trace, outputs: &[(&str, &Tensor)]) {
    for level in Level::available() {
        let found = trouble(trace, outputs, Pair::new(level).both());
        assert!(found.is_ok(), "{level}: {}", found.unwrap_err());
    }
}

#[test]
fn a_sum_over_an_axis_of_length_one_behind_a_longer_one() {
    let t = Trace::new();
    let x = t.input("x1", [2, 3, 1]) * table(&t, [2, 3, 1], 7);
    check(&t, &[("out", &x.sum(&[0, 2])), ("slope", &slope(&x.max(&[0, 2]), &x))]);
}

//! Seed 1883098094660945 at portable: f64: out2 in step 0: a kernel reads what it does not say.
//!
//! As small as it could be made: f64: out2 in step 0: a kernel reads what it does not say

use super::check;
use crate::{Binary, Trace};

#[test]
fn seed_1883098094660945() {
    let t = Trace::new();
    let a0 = t.input("x1", [6, 6]);
    let a1 = a0.normalize(&[0], 1e-2).0;
    let a2 = a1.permute(&[1, 0]);
    let a3 = t.full([6, 6], 0.3);
    let a4 = a2.binary(Binary::Add, &a3);
    let a5 = a1.binary(Binary::Div, &a4);
    let a6 = a2.binary(Binary::Sub, &a4);
    check(&t, &[("plain0", &a6), ("out2", &a5)]);
}

//! Seed 1883103129913502 at portable: f32: the judge is wrong of 19 eq: Shape([1, 11, 1, 1, 4]) [2].
//!
//! As small as it could be made: f32: the judge is wrong of 19 eq: Shape([1, 11, 1, 1, 4]) [2]

use super::check;
use crate::exam::random::slope;
use crate::{Trace, Unary};

#[test]
fn seed_1883103129913502() {
    let t = Trace::new();
    let a0 = t.input("x1", [1, 11, 1, 1, 4]);
    let a1 = a0.unary(Unary::Log1p);
    let a2 = a1.min(&[0]);
    let a3 = t.input("x2", [11, 1, 1, 1]);
    let a4 = a2.product(&a3, true, true);
    let a5 = a4.sum(&[1]);
    let a6 = slope(&a5, &a0);
    check(&t, &[("out1", &a6)]);
}

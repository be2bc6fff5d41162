//! Seed 1883098094591148 at avx512: f32: x1 in step 0[0] is 0.78900754, but must lie in 2.089006092784574e0 ..= 2.089009020092318e0.
//!
//! As small as it could be made: f32: plain0 in step 0[0] is 0, but must lie in 9.999990463255699e-1 ..= 1.0000009536746575e0

use super::check;
use crate::{Binary, Trace, Unary};

#[test]
fn seed_1883098094591148() {
    let t = Trace::new();
    let a0 = t.input("x1", [6, 3, 2, 1, 7]);
    let a1 = t.input("x2", [1, 2, 1, 7]);
    let a2 = a1.binary(Binary::Add, &a0);
    let a3 = a2.permute(&[3, 2, 0, 4, 1]);
    let a4 = a3.reshape([6, 3, 2, 1, 7]);
    let a5 = a4.unary(Unary::Abs);
    let a6 = a5.binary(Binary::Div, &a2);
    let a7 = t.input("x911", [6, 3, 2, 1, 7]);
    let a8 = a7.select(&a5, &a4);
    check(&t, &[("plain0", &a6), ("out1", &a8)]);
}

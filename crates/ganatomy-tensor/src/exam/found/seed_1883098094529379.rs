//! Seed 1883098094529379 at avx2: f32: out0 in step 0[6] is 0, but must lie in 3.836337271095448e-2 ..= 7.672711128484548e-2.
//!
//! As small as it could be made: f32: out0 in step 0[6] is 0, but must lie in 3.836337271095448e-2 ..= 7.672711128484548e-2

use super::check;
use crate::exam::random::slope;
use crate::{Scalar, Trace, Unary};

#[test]
fn seed_1883098094529379() {
    let t = Trace::new();
    let a0 = t.input("x1", [1, 2, 4]);
    let a1 = a0.unary(Unary::LeakyRelu(Scalar(0.0)));
    let a2 = a1.unary(Unary::Sign);
    let a3 = a2.unary(Unary::Rsqrt);
    let a4 = a3.min(&[1]);
    let a5 = slope(&a4, &a3);
    check(&t, &[("out0", &a5)]);
}

//! Seed 1883103129790479 at avx512: f64: the judge is wrong of 16 eq: Shape([33, 1, 1, 1]) [0].
//!
//! As small as it could be made: f64: the judge is wrong of 14 eq: Shape([33, 1, 1, 1]) [0]

use super::check;
use crate::Trace;
use crate::exam::random::slope;

#[test]
fn seed_1883103129790479() {
    let t = Trace::new();
    let a0 = t.input("x1", [6, 1, 1, 1]);
    let a1 = t.input("i3_6", [33]);
    let a2 = a0.gather(&a1);
    let a3 = a2.max(&[2, 3, 1]);
    let a4 = slope(&a3, &a2);
    check(&t, &[("out2", &a4)]);
}

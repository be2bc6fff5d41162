//! Seed 1883098094602165 at avx2: f32: out1 in step 0[148] is -0, but must lie in -1.2798684816098024e-1 ..= -1.0969757690015863e-1.
//!
//! As small as it could be made: f32: out1 in step 0[148] is -0, but must lie in -1.2798684816098024e-1 ..= -1.0969757690015863e-1

use super::check;
use crate::Trace;
use crate::exam::random::slope;

#[test]
fn seed_1883098094602165() {
    let t = Trace::new();
    let a0 = t.input("x1", [5, 1, 1, 36]);
    let a1 = a0.normalize(&[0, 2], 1e-2).0;
    let a2 = a1.max(&[3, 2, 0]);
    let a3 = slope(&a2, &a1);
    check(&t, &[("out1", &a3)]);
}

//! Seed 1883098094641285 at avx2: f32: out1 in step 0[0] is -0.2515417, but must lie in -6.426234930470436e-1 ..= -3.7154175491897096e-1.
//!
//! As small as it could be made: f32: plain0 in step 0[0] is -0.2515417, but must lie in -6.426234930470436e-1 ..= -3.7154175491897096e-1

use super::check;
use crate::Trace;
use crate::exam::random::slope;

#[test]
fn seed_1883098094641285() {
    let t = Trace::new();
    let a0 = t.input("x1", [2, 4, 5]);
    let a1 = a0.normalize(&[2], 1e-2).0;
    let a2 = a1.min(&[1]);
    let a3 = slope(&a2, &a0);
    check(&t, &[("plain0", &a3)]);
}

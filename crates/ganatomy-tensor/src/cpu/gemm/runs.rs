//! Short runs of elements copied and zeroed without a call.

use crate::element::Element;

/// Copies `n` elements that do not overlap, without a call: most runs are a few registers long.
///
/// # Safety
/// Both sides hold `n` elements.
#[inline(always)]
pub unsafe fn copy_run<E: Element>(from: *const E, to: *mut E, n: usize) {
    // SAFETY: every piece ends at or before `n`; the last one may overlap the one before it.
    unsafe {
        if n >= 16 {
            for i in (0..n - 15).step_by(16) {
                copy::<E, 16>(from, to, i);
            }
            copy::<E, 16>(from, to, n - 16);
        } else if n >= 8 {
            copy::<E, 8>(from, to, 0);
            copy::<E, 8>(from, to, n - 8);
        } else if n >= 4 {
            copy::<E, 4>(from, to, 0);
            copy::<E, 4>(from, to, n - 4);
        } else {
            for i in 0..n {
                *to.add(i) = *from.add(i);
            }
        }
    }
}

/// Copies `N` elements from and to position `i`.
#[inline(always)]
unsafe fn copy<E: Element, const N: usize>(from: *const E, to: *mut E, i: usize) {
    // SAFETY: the caller's promise.
    unsafe {
        let piece = from.add(i).cast::<[E; N]>().read_unaligned();
        to.add(i).cast::<[E; N]>().write_unaligned(piece);
    }
}

/// Writes `n` zeros.
///
/// # Safety
/// `to` holds `n` elements.
#[inline(always)]
pub unsafe fn zero_run<E: Element>(to: *mut E, n: usize) {
    // SAFETY: every piece ends at or before `n`; the last one may overlap the one before it.
    unsafe {
        if n < 16 {
            for i in 0..n {
                *to.add(i) = E::ZERO;
            }
            return;
        }
        for i in (0..n - 15).step_by(16) {
            to.add(i).cast::<[E; 16]>().write_unaligned([E::ZERO; 16]);
        }
        to.add(n - 16).cast::<[E; 16]>().write_unaligned([E::ZERO; 16]);
    }
}

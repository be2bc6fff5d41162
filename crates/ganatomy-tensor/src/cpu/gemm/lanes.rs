//! The few vector operations that the product kernels need, for one element type and any instruction set.

use pulp::{MemMask, Simd};

use crate::element::Element;

/// An element type as lanes of a vector register.
pub trait Lanes: Element {
    /// A register full of elements.
    type Vector<S: Simd>: Copy;

    /// Every lane the same number.
    fn splat<S: Simd>(simd: S, value: Self) -> Self::Vector<S>;
    /// `a * b + c`, fused where the instruction set has it.
    fn mul_add<S: Simd>(
        simd: S,
        a: Self::Vector<S>,
        b: Self::Vector<S>,
        c: Self::Vector<S>,
    ) -> Self::Vector<S>;
    /// `a + b`.
    fn plus<S: Simd>(simd: S, a: Self::Vector<S>, b: Self::Vector<S>) -> Self::Vector<S>;
    /// `a - b`.
    fn minus<S: Simd>(simd: S, a: Self::Vector<S>, b: Self::Vector<S>) -> Self::Vector<S>;
    /// The sum of the lanes, in an order that depends on the instruction set only.
    fn total<S: Simd>(simd: S, a: Self::Vector<S>) -> Self;
    /// The first `n` lanes from memory, the rest zero.
    ///
    /// # Safety
    /// `from` is readable for `n` elements.
    unsafe fn load_first<S: Simd>(simd: S, from: *const Self, n: usize) -> Self::Vector<S>;
    /// The first `n` lanes to memory.
    ///
    /// # Safety
    /// `to` is writable for `n` elements.
    unsafe fn store_first<S: Simd>(simd: S, to: *mut Self, n: usize, a: Self::Vector<S>);

    /// Elements in a register.
    #[inline(always)]
    fn width<S: Simd>() -> usize {
        size_of::<Self::Vector<S>>() / size_of::<Self>()
    }

    /// A whole register from memory, at any alignment.
    ///
    /// # Safety
    /// `from` is readable for a register of elements.
    #[inline(always)]
    unsafe fn load<S: Simd>(_simd: S, from: *const Self) -> Self::Vector<S> {
        // SAFETY: the caller's promise.
        unsafe { from.cast::<Self::Vector<S>>().read_unaligned() }
    }

    /// A whole register to memory, at any alignment.
    ///
    /// # Safety
    /// `to` is writable for a register of elements.
    #[inline(always)]
    unsafe fn store<S: Simd>(_simd: S, to: *mut Self, a: Self::Vector<S>) {
        // SAFETY: the caller's promise.
        unsafe { to.cast::<Self::Vector<S>>().write_unaligned(a) }
    }
}

/// Is `S` without a fused multiply-add, so that emulating one would call a library function?
#[inline(always)]
pub fn rounds_twice<S: Simd>() -> bool {
    S::REGISTER_COUNT == 16 && S::F32_LANES == 4
}

macro_rules! lanes {
    ($type:ident, $uint:ident, $register:ident, $splat:ident, $mul:ident, $add:ident, $sub:ident, $fused:ident,
     $sum:ident, $mask:ident, $load:ident, $store:ident) => {
        impl Lanes for $type {
            type Vector<S: Simd> = S::$register;

            #[inline(always)]
            fn splat<S: Simd>(simd: S, value: Self) -> S::$register {
                simd.$splat(value)
            }

            #[inline(always)]
            fn mul_add<S: Simd>(simd: S, a: S::$register, b: S::$register, c: S::$register) -> S::$register {
                if rounds_twice::<S>() { simd.$add(simd.$mul(a, b), c) } else { simd.$fused(a, b, c) }
            }

            #[inline(always)]
            fn plus<S: Simd>(simd: S, a: S::$register, b: S::$register) -> S::$register {
                simd.$add(a, b)
            }

            #[inline(always)]
            fn minus<S: Simd>(simd: S, a: S::$register, b: S::$register) -> S::$register {
                simd.$sub(a, b)
            }

            #[inline(always)]
            fn total<S: Simd>(simd: S, a: S::$register) -> Self {
                simd.$sum(a)
            }

            #[inline(always)]
            unsafe fn load_first<S: Simd>(simd: S, from: *const Self, n: usize) -> S::$register {
                let mask = MemMask::new(simd.$mask(0, n as $uint).mask());
                // SAFETY: only the first `n` lanes are read, which the caller promises.
                unsafe { simd.$load(mask, from) }
            }

            #[inline(always)]
            unsafe fn store_first<S: Simd>(simd: S, to: *mut Self, n: usize, a: S::$register) {
                let mask = MemMask::new(simd.$mask(0, n as $uint).mask());
                // SAFETY: only the first `n` lanes are written, which the caller promises.
                unsafe { simd.$store(mask, to, a) }
            }
        }
    };
}

lanes!(
    f32,
    u32,
    f32s,
    splat_f32s,
    mul_f32s,
    add_f32s,
    sub_f32s,
    mul_add_f32s,
    reduce_sum_f32s,
    mask_between_m32s,
    mask_load_ptr_f32s,
    mask_store_ptr_f32s
);
lanes!(
    f64,
    u64,
    f64s,
    splat_f64s,
    mul_f64s,
    add_f64s,
    sub_f64s,
    mul_add_f64s,
    reduce_sum_f64s,
    mask_between_m64s,
    mask_load_ptr_f64s,
    mask_store_ptr_f64s
);

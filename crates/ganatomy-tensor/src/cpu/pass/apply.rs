//! One step of a pass: an elementwise function over a chunk, as a loop that becomes vector code.

use crate::compile::{Function, MulAdd};
use crate::cpu::native::Native;
use crate::cpu::random::random;
use crate::element::Element;
use crate::op::{Binary, Unary};
use crate::philox::Key;

/// `out[i] = f(a[i])`; `out` may be `a`.
#[inline(always)]
unsafe fn map<E: Copy>(out: *mut E, a: *const E, n: usize, f: impl Fn(E) -> E) {
    // SAFETY: the caller's promise; the two are the same chunk or do not overlap, and each case gets
    // slices that do not overlap, so that the loops can be vectorised.
    unsafe {
        if out.cast_const() == a {
            for x in std::slice::from_raw_parts_mut(out, n) {
                *x = f(*x);
            }
        } else {
            let a = std::slice::from_raw_parts(a, n);
            for (y, x) in std::slice::from_raw_parts_mut(out, n).iter_mut().zip(a) {
                *y = f(*x);
            }
        }
    }
}

/// Calls [`map`] with a closure that is always inlined, so that it is compiled for the level.
macro_rules! map {
    ($out:expr, $a:expr, $n:expr, |$x:ident| $body:expr) => {
        map(
            $out,
            $a,
            $n,
            #[inline(always)]
            |$x| $body,
        )
    };
}

/// Calls [`beside`] in the same way.
macro_rules! zip {
    ($out:expr, $args:expr, $n:expr, |$a:ident, $b:ident, $c:tt| $body:expr) => {
        beside(
            $out,
            $args,
            $n,
            #[inline(always)]
            |$a, $b, $c| $body,
        )
    };
}

/// `out[i] = f(args[..][i])`. If `out` is one of the arguments, blocks are computed beside it first, so that
/// no loop writes what it reads, and all can be vectorised.
#[inline(always)]
unsafe fn beside<E: Element>(out: *mut E, args: [*const E; 3], n: usize, f: impl Fn(E, E, E) -> E) {
    const BLOCK: usize = 256;
    // SAFETY: the caller's promise; arguments are `out` or apart from it, and the block is apart.
    unsafe {
        if !args.contains(&out.cast_const()) {
            return fill(std::slice::from_raw_parts_mut(out, n), args, &f);
        }
        let mut block = [E::ZERO; BLOCK];
        for start in (0..n).step_by(BLOCK) {
            let len = BLOCK.min(n - start);
            let from = args.map(
                #[inline(always)]
                |arg| arg.add(start),
            );
            fill(&mut block[..len], from, &f);
            std::ptr::copy_nonoverlapping(block.as_ptr(), out.add(start), len);
        }
    }
}

/// `out[i] = f(args[..][i])`; no argument overlaps `out`.
#[inline(always)]
unsafe fn fill<E: Copy>(out: &mut [E], args: [*const E; 3], f: &impl Fn(E, E, E) -> E) {
    let n = out.len();
    // SAFETY: the caller's promise.
    let [a, b, c] = args.map(
        #[inline(always)]
        |arg| unsafe { std::slice::from_raw_parts(arg, n) },
    );
    // Not by index: the compiler would keep the bounds checks.
    for (y, ((a, b), c)) in out.iter_mut().zip(a.iter().zip(b).zip(c)) {
        *y = f(*a, *b, *c);
    }
}

/// Applies a function to chunks of `n` elements that start at element `first` of their tensors.
///
/// # Safety
/// All pointers are valid for `n` elements; an operand is the same chunk as `out` or apart from it.
#[inline(always)]
pub(super) unsafe fn apply<E: Native, const F: bool>(
    function: Function,
    out: *mut E,
    args: [*const E; 3],
    n: usize,
    first: usize,
    key: Key,
) {
    // SAFETY: the caller's promise.
    unsafe {
        match function {
            Function::Unary(f) => unary::<E, F>(f, out, args[0], n),
            Function::Binary(f) => binary(f, out, args[0], args[1], n),
            Function::Select => select(out, args, n),
            Function::MulAdd(form) => mul_add::<E, F>(form, out, args, n),
            Function::Random(from, purpose) => random::<E, F>(from, purpose, out, n, first, key),
        }
    }
}

#[inline(always)]
unsafe fn unary<E: Native, const F: bool>(f: Unary, out: *mut E, a: *const E, n: usize) {
    let (zero, one) = (E::ZERO, E::ONE);
    // SAFETY: the caller's promise.
    unsafe {
        match f {
            Unary::Neg => map!(out, a, n, |x| -x),
            Unary::Exp => map!(out, a, n, |x| x.exp::<F>()),
            Unary::Log => map!(out, a, n, |x| x.ln::<F>()),
            Unary::Log1p => map!(out, a, n, |x| x.ln_1p::<F>()),
            Unary::Sqrt => map!(out, a, n, |x| x.sqrt()),
            Unary::Rsqrt => map!(out, a, n, |x| one / x.sqrt()),
            Unary::Abs => map!(out, a, n, |x| x.abs()),
            // The last case keeps a NaN a NaN.
            Unary::Sign => map!(out, a, n, |x| {
                let sign = if x > zero { one } else { -one };
                if x == zero || x.to_f64().is_nan() { x } else { sign }
            }),
            Unary::Tanh => map!(out, a, n, |x| x.tanh::<F>()),
            Unary::Sigmoid => map!(out, a, n, |x| one / (one + (-x).exp::<F>())),
            // max(x, 0) + ln(1 + e^-|x|): no overflow on either side.
            Unary::Softplus => map!(out, a, n, |x| {
                let positive = if x < zero { zero } else { x };
                positive + (-x.abs()).exp::<F>().ln_1p::<F>()
            }),
            Unary::LeakyRelu(slope) => {
                let slope = E::from_f64(slope.0);
                map!(out, a, n, |x| if x > zero { x } else { slope * x });
            }
            Unary::Floor => map!(out, a, n, |x| x.floor()),
        }
    }
}

#[inline(always)]
unsafe fn binary<E: Native>(f: Binary, out: *mut E, a: *const E, b: *const E, n: usize) {
    let truth = |t: bool| if t { E::ONE } else { E::ZERO };
    // SAFETY: the caller's promise.
    unsafe {
        match f {
            Binary::Add => zip!(out, [a, b, b], n, |a, b, _| a + b),
            Binary::Sub => zip!(out, [a, b, b], n, |a, b, _| a - b),
            Binary::Mul => zip!(out, [a, b, b], n, |a, b, _| a * b),
            Binary::Div => zip!(out, [a, b, b], n, |a, b, _| a / b),
            Binary::Pow => zip!(out, [a, b, b], n, |a, b, _| a.pow(b)),
            // A NaN on either side fails both comparisons and is kept by the sum.
            Binary::Max => zip!(out, [a, b, b], n, |a, b, _| extremum(a, b, a >= b, b > a)),
            Binary::Min => zip!(out, [a, b, b], n, |a, b, _| extremum(a, b, a <= b, b < a)),
            Binary::Gt => zip!(out, [a, b, b], n, |a, b, _| truth(a > b)),
            Binary::Ge => zip!(out, [a, b, b], n, |a, b, _| truth(a >= b)),
            Binary::Eq => zip!(out, [a, b, b], n, |a, b, _| truth(a == b)),
        }
    }
}

#[inline(always)]
fn extremum<E: Native>(a: E, b: E, left: bool, right: bool) -> E {
    let other = if right { b } else { a + b };
    if left { a } else { other }
}

/// `out[i] = c[i] != 0 ? a[i] : b[i]`; `out` may be any of them.
#[inline(always)]
unsafe fn select<E: Native>(out: *mut E, args: [*const E; 3], n: usize) {
    // SAFETY: the caller's promise.
    unsafe { zip!(out, args, n, |c, a, b| if c == E::ZERO { b } else { a }) }
}

/// `out[i] = a[i] b[i] + c[i]` in its three forms; `out` may be any of them.
#[inline(always)]
unsafe fn mul_add<E: Native, const F: bool>(form: MulAdd, out: *mut E, args: [*const E; 3], n: usize) {
    // SAFETY: the caller's promise.
    unsafe {
        match form {
            MulAdd::Plus => zip!(out, args, n, |a, b, c| a.mul_add::<F>(b, c)),
            MulAdd::Minus => zip!(out, args, n, |a, b, c| a.mul_add::<F>(b, -c)),
            MulAdd::From => zip!(out, args, n, |a, b, c| (-a).mul_add::<F>(b, c)),
        }
    }
}

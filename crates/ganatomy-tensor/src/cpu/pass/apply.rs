//! One step of a pass: an elementwise function over a chunk, as a loop that becomes vector code.

use crate::compile::Function;
use crate::cpu::{Key, Native, philox};
use crate::op::{Binary, Distribution, Unary};

/// `out[i] = f(a[i])`; `out` may be `a`.
#[inline(always)]
unsafe fn map<E: Copy>(out: *mut E, a: *const E, n: usize, f: impl Fn(E) -> E) {
    // SAFETY: the caller's promise; the two are the same chunk or do not overlap, and each case gets
    // slices that do not overlap, so that the loops can be vectorised.
    unsafe {
        if out.cast_const() == a {
            std::slice::from_raw_parts_mut(out, n).iter_mut().for_each(|x| *x = f(*x));
        } else {
            let a = std::slice::from_raw_parts(a, n);
            std::slice::from_raw_parts_mut(out, n).iter_mut().zip(a).for_each(|(y, x)| *y = f(*x));
        }
    }
}

/// `out[i] = f(a[i], b[i])`; `out` may be `a` or `b`.
#[inline(always)]
unsafe fn zip<E: Copy>(out: *mut E, a: *const E, b: *const E, n: usize, f: impl Fn(E, E) -> E) {
    // SAFETY: as in `map`.
    unsafe {
        let to = std::slice::from_raw_parts_mut(out, n);
        match (out.cast_const() == a, out.cast_const() == b) {
            (true, true) => to.iter_mut().for_each(|x| *x = f(*x, *x)),
            (true, false) => {
                to.iter_mut().zip(std::slice::from_raw_parts(b, n)).for_each(|(x, b)| *x = f(*x, *b));
            }
            (false, true) => {
                to.iter_mut().zip(std::slice::from_raw_parts(a, n)).for_each(|(x, a)| *x = f(*a, *x));
            }
            (false, false) => {
                let (a, b) = (std::slice::from_raw_parts(a, n), std::slice::from_raw_parts(b, n));
                to.iter_mut().zip(a.iter().zip(b)).for_each(|(y, (a, b))| *y = f(*a, *b));
            }
        }
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
            Unary::Neg => map(out, a, n, |x| -x),
            Unary::Exp => map(out, a, n, |x| x.exp::<F>()),
            Unary::Log => map(out, a, n, |x| x.ln::<F>()),
            Unary::Log1p => map(out, a, n, |x| x.ln_1p::<F>()),
            Unary::Sqrt => map(out, a, n, |x| x.sqrt()),
            Unary::Rsqrt => map(out, a, n, |x| one / x.sqrt()),
            Unary::Abs => map(out, a, n, |x| x.abs()),
            // The last case keeps a NaN a NaN.
            Unary::Sign => map(out, a, n, |x| {
                let sign = if x > zero { one } else { -one };
                if x == zero || x.to_f64().is_nan() { x } else { sign }
            }),
            Unary::Tanh => map(out, a, n, |x| x.tanh::<F>()),
            Unary::Sigmoid => map(out, a, n, |x| one / (one + (-x).exp::<F>())),
            // max(x, 0) + ln(1 + e^-|x|): no overflow on either side.
            Unary::Softplus => map(out, a, n, |x| {
                let positive = if x < zero { zero } else { x };
                positive + (-x.abs()).exp::<F>().ln_1p::<F>()
            }),
            Unary::LeakyRelu(slope) => {
                let slope = E::from_f64(slope.0);
                map(out, a, n, |x| if x > zero { x } else { slope * x });
            }
            Unary::Floor => map(out, a, n, |x| x.floor()),
        }
    }
}

#[inline(always)]
unsafe fn binary<E: Native>(f: Binary, out: *mut E, a: *const E, b: *const E, n: usize) {
    let truth = |t: bool| if t { E::ONE } else { E::ZERO };
    // SAFETY: the caller's promise.
    unsafe {
        match f {
            Binary::Add => zip(out, a, b, n, |a, b| a + b),
            Binary::Sub => zip(out, a, b, n, |a, b| a - b),
            Binary::Mul => zip(out, a, b, n, |a, b| a * b),
            Binary::Div => zip(out, a, b, n, |a, b| a / b),
            Binary::Pow => zip(out, a, b, n, |a, b| a.pow(b)),
            // A NaN on either side fails both comparisons and comes through the sum.
            Binary::Max => zip(out, a, b, n, |a, b| extremum(a, b, a >= b, b > a)),
            Binary::Min => zip(out, a, b, n, |a, b| extremum(a, b, a <= b, b < a)),
            Binary::Gt => zip(out, a, b, n, |a, b| truth(a > b)),
            Binary::Ge => zip(out, a, b, n, |a, b| truth(a >= b)),
            Binary::Eq => zip(out, a, b, n, |a, b| truth(a == b)),
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
unsafe fn select<E: Native>(out: *mut E, [c, a, b]: [*const E; 3], n: usize) {
    let choose = |c: E, a: E, b: E| if c == E::ZERO { b } else { a };
    // SAFETY: the caller's promise; each case gets slices that do not overlap.
    unsafe {
        let to = std::slice::from_raw_parts_mut(out, n);
        let apart = |p: *const E| (p != out.cast_const()).then(|| std::slice::from_raw_parts(p, n));
        match (apart(c), apart(a), apart(b)) {
            (Some(c), Some(a), Some(b)) => {
                to.iter_mut()
                    .zip(c.iter().zip(a.iter().zip(b)))
                    .for_each(|(y, (c, (a, b)))| *y = choose(*c, *a, *b));
            }
            (Some(c), None, Some(b)) => {
                to.iter_mut().zip(c.iter().zip(b)).for_each(|(x, (c, b))| *x = choose(*c, *x, *b));
            }
            (Some(c), Some(a), None) => {
                to.iter_mut().zip(c.iter().zip(a)).for_each(|(x, (c, a))| *x = choose(*c, *a, *x));
            }
            // In place of the condition, or of several operands at once: rare, so element by element.
            _ => (0..n).for_each(|i| *out.add(i) = choose(*c.add(i), *a.add(i), *b.add(i))),
        }
    }
}

/// The numbers at places `first..first + n` of a random tensor.
#[inline(always)]
unsafe fn random<E: Native, const F: bool>(
    from: Distribution,
    purpose: u64,
    out: *mut E,
    n: usize,
    first: usize,
    key: Key,
) {
    let stream = philox::stream(key, purpose);
    let mut numbers = [E::ZERO; philox::BLOCK];
    let mut done = 0;
    while done < n {
        let (block, within) = ((first + done) / philox::BLOCK, (first + done) % philox::BLOCK);
        fill_block::<E, F>(from, stream, key.step, block, &mut numbers);
        let run = (philox::BLOCK - within).min(n - done);
        // SAFETY: the caller's promise.
        unsafe { std::ptr::copy_nonoverlapping(numbers.as_ptr().add(within), out.add(done), run) };
        done += run;
    }
}

#[inline(always)]
fn fill_block<E: Native, const F: bool>(
    from: Distribution,
    stream: [u32; 2],
    step: u64,
    block: usize,
    numbers: &mut [E; philox::BLOCK],
) {
    const N: usize = philox::COUNTERS;
    let mut words = [[0u32; N]; 4];
    let [w0, w1, w2, w3] = &mut words;
    let start = (block * N) as u64;
    for i in 0..N {
        [w0[i], w1[i], w2[i], w3[i]] = philox::words(stream, step, start + i as u64);
    }
    for (pair, halves) in numbers.chunks_exact_mut(2 * N).enumerate() {
        let (left, right) = halves.split_at_mut(N);
        let (a, b) = (&words[2 * pair], &words[2 * pair + 1]);
        for i in 0..N {
            (left[i], right[i]) = match from {
                Distribution::Uniform => (E::uniform(a[i]), E::uniform(b[i])),
                Distribution::Integer(n) => (E::integer(a[i], n), E::integer(b[i], n)),
                Distribution::Normal => E::normals::<F>(a[i], b[i]),
            };
        }
    }
}

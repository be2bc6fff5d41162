//! Elementary functions without branches, so that loops over them become vector code.
//!
//! In `f32` each is a polynomial or rational approximation whose error the tests measure; in
//! `f64`, which is used for checks, they are the standard library's functions.

/// The functions that kernels need for a number type. `F` says whether fused multiply-add is one instruction.
pub trait Math: Copy {
    /// `e^x`
    fn exp<const F: bool>(self) -> Self;
    /// `ln x`
    fn ln<const F: bool>(self) -> Self;
    /// `ln(1 + x)`
    fn ln_1p<const F: bool>(self) -> Self;
    /// Hyperbolic tangent
    fn tanh<const F: bool>(self) -> Self;
    /// `x^(1/2)`
    fn sqrt(self) -> Self;
    /// `|x|`
    fn abs(self) -> Self;
    /// The largest whole number not above
    fn floor(self) -> Self;
    /// `x^y`
    fn pow(self, y: Self) -> Self;
    /// `x y + z`, in one rounding where the processor has it
    fn mul_add<const F: bool>(self, y: Self, z: Self) -> Self;
    /// A number of `[0, 1)` from a random word
    fn uniform(word: u32) -> Self;
    /// Two independent normal numbers from two random words (Box and Muller, 1958)
    fn normals<const F: bool>(first: u32, second: u32) -> (Self, Self);
    /// A whole number below `n` from a random word
    fn integer(word: u32, n: u32) -> Self;
}

/// `a b + c`, in one rounding where the processor has it.
#[inline(always)]
fn fma<const F: bool>(a: f32, b: f32, c: f32) -> f32 {
    if F { f32::mul_add(a, b, c) } else { a * b + c }
}

#[inline(always)]
fn polynomial<const F: bool, const N: usize>(x: f32, coefficients: [f32; N]) -> f32 {
    let mut sum = coefficients[0];
    for c in &coefficients[1..] {
        sum = fma::<F>(sum, x, *c);
    }
    sum
}

/// `a / b` for a positive, ordinary `b`: a reciprocal guessed from its bits (error 5 %), a cubic and a
/// quadratic step of Newton's method, and a correction by the remainder. A third of a division's time.
#[inline(always)]
fn quotient<const F: bool>(a: f32, b: f32) -> f32 {
    if !F {
        return a / b;
    }
    let guess = f32::from_bits(0x7ef3_11c7_u32.wrapping_sub(b.to_bits()));
    let error = fma::<F>(-b, guess, 1.0);
    let near = fma::<F>(guess, fma::<F>(error, error, error), guess);
    let reciprocal = fma::<F>(near, fma::<F>(-b, near, 1.0), near);
    let value = a * reciprocal;
    // Written so that zero keeps its sign.
    fma::<F>(-fma::<F>(b, value, -a), reciprocal, value)
}

/// The first bits of ln 2, whose product with a small whole number is exact: 355 / 512.
const LN_2_HIGH: f32 = 355.0 / 512.0;

/// Adding it leaves a small number's whole part in the low mantissa bits.
const ROUNDER: f32 = 12_582_912.0;

impl Math for f32 {
    /// `2^n p(r)` with `x = n ln 2 + r`, `|r| <= ln 2 / 2`.
    #[inline(always)]
    fn exp<const F: bool>(self) -> f32 {
        // The comparisons let a NaN through; the bounds are beyond overflow and underflow.
        let x = if self > 89.0 { 89.0 } else { self };
        let x = if x < -104.0 { -104.0 } else { x };
        let shifted = fma::<F>(x, std::f32::consts::LOG2_E, ROUNDER);
        let n = shifted - ROUNDER;
        // ln 2 in two parts, of which the first times n is exact.
        let r = fma::<F>(n, 2.121_944_4e-4, fma::<F>(n, -LN_2_HIGH, x));
        let p = polynomial::<F, 6>(
            r,
            [1.987_569_1e-4, 1.398_2e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 5.0e-1],
        );
        let value = fma::<F>(p, r * r, r) + 1.0;
        // Two factors, because 2^n alone would overflow or vanish at the ends of the range.
        let n = shifted.to_bits().wrapping_sub(ROUNDER.to_bits()) as i32;
        // Wrapping, because a check of each sum would leave the loop scalar.
        let (half, rest) = (n >> 1, n.wrapping_sub(n >> 1));
        let power = |n: i32| f32::from_bits((n.wrapping_add(127) << 23) as u32);
        value * power(half) * power(rest)
    }

    /// The logarithm of the positive numbers, with its limits at both ends, and NaN elsewhere.
    #[inline(always)]
    fn ln<const F: bool>(self) -> f32 {
        let tiny = self < f32::MIN_POSITIVE;
        let x = if tiny { self * 8_388_608.0 } else { self };
        let value = ln_normal::<F>(x, if tiny { 23.0 } else { 0.0 });
        let value = if self == 0.0 { f32::NEG_INFINITY } else { value };
        let value = if self == f32::INFINITY { f32::INFINITY } else { value };
        // Negative or NaN.
        if self >= 0.0 { value } else { f32::NAN }
    }

    /// `ln w + (x - (w - 1)) / w` with `w = 1 + x` rounded: the second term corrects the rounding.
    #[inline(always)]
    fn ln_1p<const F: bool>(self) -> f32 {
        let w = 1.0 + self;
        let log = Math::ln::<F>(w);
        let value = log + (self - (w - 1.0)) / w;
        if self == f32::INFINITY || self <= -1.0 { log } else { value }
    }

    /// An odd rational function on `|x| < 7.9`, beyond which the result rounds to one.
    #[inline(always)]
    fn tanh<const F: bool>(self) -> f32 {
        let x = if self > 7.905_311 { 7.905_311 } else { self };
        let x = if x < -7.905_311 { -7.905_311 } else { x };
        let square = x * x;
        let above = polynomial::<F, 7>(
            square,
            [
                -2.760_768_4e-16,
                2.000_188e-13,
                -8.604_672e-11,
                5.122_297e-8,
                1.485_722_4e-5,
                6.372_619_3e-4,
                4.893_524_6e-3,
            ],
        );
        let below =
            polynomial::<F, 4>(square, [1.198_258_4e-6, 1.185_347_1e-4, 2.268_434_6e-3, 4.893_525e-3]);
        quotient::<F>(x * above, below)
    }

    #[inline(always)]
    fn sqrt(self) -> f32 {
        f32::sqrt(self)
    }
    #[inline(always)]
    fn abs(self) -> f32 {
        f32::abs(self)
    }
    #[inline(always)]
    fn floor(self) -> f32 {
        f32::floor(self)
    }
    #[inline(always)]
    fn pow(self, y: f32) -> f32 {
        self.powf(y)
    }
    #[inline(always)]
    fn mul_add<const F: bool>(self, y: f32, z: f32) -> f32 {
        fma::<F>(self, y, z)
    }
    #[inline(always)]
    fn uniform(word: u32) -> f32 {
        (word >> 8) as i32 as f32 * (1.0 / 16_777_216.0)
    }
    #[inline(always)]
    fn normals<const F: bool>(first: u32, second: u32) -> (f32, f32) {
        // Half a unit keeps the logarithm finite; 23 bits keep the sum exact.
        let u = ((first >> 9) as i32 as f32 + 0.5) * (1.0 / 8_388_608.0);
        let radius = (-2.0 * ln_normal::<F>(u, 0.0)).sqrt();
        let (sin, cos) = sin_cos_turn::<F>(f32::uniform(second));
        (radius * cos, radius * sin)
    }
    #[inline(always)]
    fn integer(word: u32, n: u32) -> f32 {
        ((u64::from(word) * u64::from(n)) >> 32) as i32 as f32
    }
}

/// `ln (x / 2^shift)` of a positive, ordinary `x`: `e ln 2 + ln m` with `x = 2^e m`, `m` in
/// `[sqrt(1/2), sqrt(2))`.
#[inline(always)]
fn ln_normal<const F: bool>(x: f32, shift: f32) -> f32 {
    let bits = (x.to_bits() as i32).wrapping_sub(0x3f35_04f3);
    let e = (bits >> 23) as f32 - shift;
    let m = f32::from_bits((bits & 0x007f_ffff).wrapping_add(0x3f35_04f3) as u32) - 1.0;
    let p = polynomial::<F, 9>(
        m,
        [
            7.037_683_6e-2,
            -1.151_461e-1,
            1.167_699_9e-1,
            -1.242_014_1e-1,
            1.424_932_3e-1,
            -1.666_805_8e-1,
            2.000_071_5e-1,
            -2.499_999_4e-1,
            3.333_333e-1,
        ],
    );
    let square = m * m;
    let tail = fma::<F>(e, -2.121_944_4e-4, m * square * p);
    fma::<F>(e, LN_2_HIGH, fma::<F>(square, -0.5, tail) + m)
}

/// Sine and cosine of `2 pi turn` for `turn` in `[0, 1)`, from a quarter turn's polynomials.
#[inline(always)]
fn sin_cos_turn<const F: bool>(turn: f32) -> (f32, f32) {
    let shifted = turn * 4.0 + ROUNDER;
    let quadrant = shifted.to_bits() & 3;
    let x = (turn * 4.0 - (shifted - ROUNDER)) * std::f32::consts::FRAC_PI_2;
    let square = x * x;
    let s =
        fma::<F>(polynomial::<F, 3>(square, [-1.951_529_6e-4, 8.332_161e-3, -1.666_665_5e-1]) * square, x, x);
    let c = polynomial::<F, 3>(square, [2.443_315_7e-5, -1.388_731_6e-3, 4.166_664_6e-2]);
    let c = fma::<F>(c * square, square, fma::<F>(square, -0.5, 1.0));
    let (a, b) = if quadrant & 1 == 0 { (s, c) } else { (c, s) };
    (if quadrant & 2 == 0 { a } else { -a }, if (quadrant + 1) & 2 == 0 { b } else { -b })
}

impl Math for f64 {
    #[inline(always)]
    fn exp<const F: bool>(self) -> f64 {
        f64::exp(self)
    }
    #[inline(always)]
    fn ln<const F: bool>(self) -> f64 {
        f64::ln(self)
    }
    #[inline(always)]
    fn ln_1p<const F: bool>(self) -> f64 {
        f64::ln_1p(self)
    }
    #[inline(always)]
    fn tanh<const F: bool>(self) -> f64 {
        f64::tanh(self)
    }
    #[inline(always)]
    fn sqrt(self) -> f64 {
        f64::sqrt(self)
    }
    #[inline(always)]
    fn abs(self) -> f64 {
        f64::abs(self)
    }
    #[inline(always)]
    fn floor(self) -> f64 {
        f64::floor(self)
    }
    #[inline(always)]
    fn pow(self, y: f64) -> f64 {
        self.powf(y)
    }
    #[inline(always)]
    fn mul_add<const F: bool>(self, y: f64, z: f64) -> f64 {
        if F { f64::mul_add(self, y, z) } else { self * y + z }
    }
    #[inline(always)]
    fn uniform(word: u32) -> f64 {
        f64::from(f32::uniform(word))
    }
    #[inline(always)]
    fn normals<const F: bool>(first: u32, second: u32) -> (f64, f64) {
        let u = (f64::from(first >> 9) + 0.5) / 8_388_608.0;
        let radius = (-2.0 * u.ln()).sqrt();
        let (sin, cos) = (std::f64::consts::TAU * f64::uniform(second)).sin_cos();
        (radius * cos, radius * sin)
    }
    #[inline(always)]
    fn integer(word: u32, n: u32) -> f64 {
        f64::from(f32::integer(word, n))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The largest error of `f` on `from..to`, in units of the last place of the true value.
    fn check(f: fn(f32) -> f32, truth: fn(f64) -> f64, from: f32, to: f32, bound_ulp: f64) {
        let n = 400_000;
        let mut worst = (0.0, 0.0);
        for i in 0..=n {
            let x = from + (to - from) * (i as f32 / n as f32);
            let exact = truth(f64::from(x));
            let ulp = (exact.abs() as f32).max(f32::MIN_POSITIVE);
            let ulp = f64::from(ulp.next_up() - ulp);
            let error = (f64::from(f(x)) - exact).abs() / ulp;
            if error > worst.0 {
                worst = (error, x);
            }
        }
        assert!(worst.0 <= bound_ulp, "error {} ulp at {}, bound {bound_ulp}", worst.0, worst.1);
    }

    #[test]
    fn errors_stay_within_their_bounds() {
        check(<f32 as Math>::exp::<true>, f64::exp, -87.0, 88.7, 2.0);
        check(<f32 as Math>::exp::<false>, f64::exp, -87.0, 88.7, 2.0);
        check(<f32 as Math>::ln::<true>, f64::ln, 1e-6, 4.0, 2.0);
        check(<f32 as Math>::ln::<true>, f64::ln, 4.0, 1e9, 2.0);
        check(<f32 as Math>::ln_1p::<true>, f64::ln_1p, -0.9, 1.0, 4.0);
        check(<f32 as Math>::tanh::<true>, f64::tanh, -10.0, 10.0, 6.0);
        check(<f32 as Math>::tanh::<false>, f64::tanh, -1.0, 1.0, 6.0);
    }

    #[test]
    fn ends_of_the_range_are_right() {
        type M = f32;
        assert_eq!(<M as Math>::exp::<true>(200.0), f32::INFINITY);
        assert_eq!(<M as Math>::exp::<true>(-200.0), 0.0);
        assert!(<M as Math>::exp::<true>(f32::NAN).is_nan());
        assert_eq!(<M as Math>::ln::<true>(0.0), f32::NEG_INFINITY);
        assert_eq!(<M as Math>::ln::<true>(f32::INFINITY), f32::INFINITY);
        for x in [-1.0, -0.5, -1e-30] {
            assert!(<M as Math>::ln::<true>(x).is_nan());
        }
        assert_eq!(<M as Math>::ln::<true>(-0.0), f32::NEG_INFINITY);
        assert!(<M as Math>::ln_1p::<true>(-1.3).is_nan());
        assert!(<M as Math>::tanh::<true>(-0.0).is_sign_negative());
        assert!(<M as Math>::ln::<true>(f32::NAN).is_nan());
        assert_eq!(<M as Math>::ln_1p::<true>(-1.0), f32::NEG_INFINITY);
        assert_eq!(<M as Math>::ln_1p::<true>(f32::INFINITY), f32::INFINITY);
        assert!(<M as Math>::tanh::<true>(f32::NAN).is_nan());
        assert!((<M as Math>::tanh::<true>(50.0) - 1.0).abs() < 1e-6);
    }

    #[test]
    fn normals_have_the_moments_of_normals() {
        let (mut sums, n) = ([0.0; 4], 200_000u64);
        for i in 0..n {
            let [a, b, ..] = crate::philox::words([7, 11], 0, i);
            let (x, y) = f32::normals::<true>(a, b);
            for z in [f64::from(x), f64::from(y)] {
                (0..4).for_each(|p| sums[p] += z.powi(p as i32 + 1));
            }
        }
        let moments = sums.map(|s| s / (2 * n) as f64);
        for (found, truth) in moments.into_iter().zip([0.0, 1.0, 0.0, 3.0]) {
            assert!((found - truth).abs() < 0.03, "moments {moments:?}");
        }
    }
}

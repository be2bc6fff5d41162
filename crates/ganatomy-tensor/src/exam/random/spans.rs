//! Elementwise functions of spans.

use super::judge::{Rounding, Span, product};
use crate::{Binary, Unary};

/// Units that an exponential, a logarithm and their kin may be off.
const TRANSCENDENTAL: f64 = 24.0;

/// The span of a function that only rises or only falls.
fn ends(x: Span, f: impl Fn(f64) -> f64) -> Span {
    let (a, b) = (f(x.lo), f(x.hi));
    if a.is_nan() || b.is_nan() { Span::ANY } else { Span { lo: a.min(b), hi: a.max(b) } }
}

/// The span of a function of one number.
pub(super) fn unary(r: &Rounding, f: Unary, x: Span) -> Span {
    // A NaN may be behind it.
    if !x.is_known() {
        return Span::ANY;
    }
    let mut span = ends(x, |x| f.of(x));
    if x.lo < 0.0 && x.hi > 0.0 && matches!(f, Unary::Abs | Unary::LeakyRelu(_)) {
        span = span.hull(Span::exactly(0.0));
    }
    match f {
        Unary::Neg | Unary::Abs | Unary::Sign | Unary::Floor => span,
        Unary::LeakyRelu(_) => {
            r.widen(span, 3.0, if span.lo < 0.0 || x.lo < 0.0 { span.size() } else { 0.0 })
        }
        Unary::Sqrt | Unary::Rsqrt => r.widen(span, 4.0, span.size()),
        Unary::Log | Unary::Log1p | Unary::Softplus => r.widen(span, TRANSCENDENTAL, span.size().max(0.1)),
        // The argument is rounded, and a large one is off by more.
        Unary::Exp => r.widen(span, TRANSCENDENTAL + 2.0 * x.size(), span.size()),
        Unary::Tanh | Unary::Sigmoid => r.widen(span, TRANSCENDENTAL + 2.0 * x.size(), span.size()),
    }
}

/// The span of a function of two numbers.
pub(super) fn binary(r: &Rounding, f: Binary, a: Span, b: Span) -> Span {
    let known = a.is_known() && b.is_known();
    let decided =
        |yes: bool, no: bool| Span { lo: if yes { 1.0 } else { 0.0 }, hi: if no { 0.0 } else { 1.0 } };
    let both = a.size() + b.size();
    match f {
        Binary::Gt => decided(known && a.lo > b.hi, known && a.hi <= b.lo),
        Binary::Ge => decided(known && a.lo >= b.hi, known && a.hi < b.lo),
        Binary::Eq => {
            let same = known && a.only().is_some() && a == b;
            decided(same, known && (a.hi < b.lo || b.hi < a.lo))
        }
        Binary::Pow => pow(r, a, b),
        _ if !known => Span::ANY,
        // Sums may be made in another order, so that what rounds is as large as an operand.
        Binary::Add => r.widen(Span { lo: a.lo + b.lo, hi: a.hi + b.hi }, 4.0, both),
        Binary::Sub => r.widen(Span { lo: a.lo - b.hi, hi: a.hi - b.lo }, 4.0, both),
        Binary::Mul => {
            let span = product(a, b);
            r.widen(span, 4.0, span.size())
        }
        Binary::Div if b.lo <= 0.0 && b.hi >= 0.0 => Span::ANY,
        Binary::Div => {
            let span = product(a, Span { lo: 1.0 / b.hi, hi: 1.0 / b.lo });
            r.widen(span, 8.0, span.size())
        }
        Binary::Max => Span { lo: a.lo.max(b.lo), hi: a.hi.max(b.hi) },
        Binary::Min => Span { lo: a.lo.min(b.lo), hi: a.hi.min(b.hi) },
    }
}

fn pow(r: &Rounding, a: Span, b: Span) -> Span {
    if !a.is_known() || !b.is_known() || a.lo <= 0.0 {
        return Span::ANY;
    }
    let corners = [a.lo.powf(b.lo), a.lo.powf(b.hi), a.hi.powf(b.lo), a.hi.powf(b.hi)];
    let span = corners.into_iter().map(Span::exactly).reduce(Span::hull).unwrap_or(Span::ANY);
    if !span.is_known() {
        return Span::ANY;
    }
    let exponent = (b.size() * a.lo.ln().abs().max(a.hi.ln().abs())).max(1.0);
    r.widen(span, TRANSCENDENTAL * exponent, span.size())
}

/// The span of a choice.
pub(super) fn select(c: Span, a: Span, b: Span) -> Span {
    if c.is_known() && (c.lo > 0.0 || c.hi < 0.0) {
        return a;
    }
    if c.only() == Some(0.0) { b } else { a.hull(b) }
}

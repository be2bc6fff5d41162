//! Functions of the elements at one place.

use ganatomy_tensor::{Binary, Unary};

use super::text::Body;

/// A function of one tensor.
pub(super) fn unary(body: &mut Body, f: Unary, x: &str, shape: &[usize]) -> String {
    let of = body.of(shape);
    match f {
        Unary::Neg => body.alike("negate", &[x], &of),
        Unary::Exp => body.alike("exponential", &[x], &of),
        Unary::Log => body.alike("log", &[x], &of),
        Unary::Log1p => body.alike("log_plus_one", &[x], &of),
        Unary::Sqrt => body.alike("sqrt", &[x], &of),
        Unary::Rsqrt => body.alike("rsqrt", &[x], &of),
        Unary::Abs => body.alike("abs", &[x], &of),
        Unary::Sign => body.alike("sign", &[x], &of),
        Unary::Tanh => body.alike("tanh", &[x], &of),
        Unary::Sigmoid => body.alike("logistic", &[x], &of),
        Unary::Floor => body.alike("floor", &[x], &of),
        // max(x, 0) + ln(1 + e^-|x|): no exponential of a large number.
        Unary::Softplus => {
            let zero = body.full(shape, 0.0);
            let above = extreme(body, "maximum", [x, &zero], shape);
            let size = body.alike("abs", &[x], &of);
            let fallen = body.alike("negate", &[&size], &of);
            let small = body.alike("exponential", &[&fallen], &of);
            let rest = body.alike("log_plus_one", &[&small], &of);
            body.alike("add", &[&above, &rest], &of)
        }
        Unary::LeakyRelu(slope) => {
            let (zero, slope) = (body.full(shape, 0.0), body.full(shape, slope.0));
            let below = body.alike("multiply", &[x, &slope], &of);
            let positive = body.compare("GT", x, &zero, shape);
            body.select(&positive, x, &below, shape)
        }
    }
}

/// A function of two tensors of one shape.
pub(super) fn binary(body: &mut Body, f: Binary, [a, b]: [&str; 2], shape: &[usize]) -> String {
    let of = body.of(shape);
    let mut holds = |how: &str| {
        let truth = body.compare(how, a, b, shape);
        body.convert(&truth, shape, "i1", body.float.name())
    };
    let op = match f {
        Binary::Gt => return holds("GT"),
        Binary::Ge => return holds("GE"),
        Binary::Eq => return holds("EQ"),
        Binary::Add => "add",
        Binary::Sub => "subtract",
        Binary::Mul => "multiply",
        Binary::Div => "divide",
        Binary::Pow => "power",
        Binary::Max => return extreme(body, "maximum", [a, b], shape),
        Binary::Min => return extreme(body, "minimum", [a, b], shape),
    };
    body.alike(op, &[a, b], &of)
}

/// The larger or the smaller. A NaN on either side stays a NaN, which plugins do not promise: divergence must never be hidden.
fn extreme(body: &mut Body, op: &str, [a, b]: [&str; 2], shape: &[usize]) -> String {
    let of = body.of(shape);
    let found = body.alike(op, &[a, b], &of);
    [a, b].into_iter().fold(found, |found, side| {
        let is_number = body.compare("EQ", side, side, shape);
        body.select(&is_number, &found, side, shape)
    })
}

/// `condition != 0 ? a : b`.
pub(super) fn select(body: &mut Body, [condition, a, b]: [&str; 3], shape: &[usize]) -> String {
    let zero = body.full(shape, 0.0);
    let holds = body.compare("NE", condition, &zero, shape);
    body.select(&holds, a, b, shape)
}

//! How near the columns of matrices are to each other, and the cotangent of the columns, spelled out: XLA fuses them.

use ganatomy_tensor::{Reduction, Unary};

use super::elementwise::unary;
use super::linear::Operand;
use super::reduce::reduce;
use super::text::Body;

/// All pairs of columns `[k, n, n]`: the differences of their rows `[k, dims, n, n]`, and `exp(-sum |difference|)`.
fn pairs(body: &mut Body, (x, shape): Operand<'_>) -> (String, String, [usize; 4]) {
    let wide = [shape[0], shape[1], shape[2], shape[2]];
    let (from, to) = (body.of(shape), body.of(&wide));
    let own = body.turned("broadcast_in_dim", x, ", dims = [0, 1, 2]", &from, &to);
    let other = body.turned("broadcast_in_dim", x, ", dims = [0, 1, 3]", &from, &to);
    let difference = body.alike("subtract", &[&own, &other], &to);
    let size = unary(body, Unary::Abs, &difference, &wide);
    let few = [wide[0], wide[2], wide[3]];
    let distance = reduce(body, Reduction::Sum, &[1], &size, &wide, &few);
    let fallen = unary(body, Unary::Neg, &distance, &few);
    (difference, unary(body, Unary::Exp, &fallen, &few), wide)
}

/// `[k, dims, n] -> [k, n]`: `sum_j exp(-|x_i - x_j|_1)`.
pub(super) fn nearness(body: &mut Body, x: Operand<'_>, to: &[usize]) -> String {
    let (_, near, [k, _, n, _]) = pairs(body, x);
    reduce(body, Reduction::Sum, &[2], &near, &[k, n, n], to)
}

/// `x [k, dims, n], g [k, n] -> [k, dims, n]`: `-sum_j (g_i + g_j) exp(-|x_i - x_j|_1) sign(x_i - x_j)`.
pub(super) fn slope(body: &mut Body, x: Operand<'_>, (g, of_g): Operand<'_>, to: &[usize]) -> String {
    let (difference, near, wide) = pairs(body, x);
    let few = [wide[0], wide[2], wide[3]];
    let (from, all, every) = (body.of(of_g), body.of(&few), body.of(&wide));
    let own = body.turned("broadcast_in_dim", g, ", dims = [0, 1]", &from, &all);
    let other = body.turned("broadcast_in_dim", g, ", dims = [0, 2]", &from, &all);
    let both = body.alike("add", &[&own, &other], &all);
    let weight = body.alike("multiply", &[&both, &near], &all);
    let weight = body.turned("broadcast_in_dim", &weight, ", dims = [0, 2, 3]", &all, &every);
    let sign = unary(body, Unary::Sign, &difference, &wide);
    let terms = body.alike("multiply", &[&weight, &sign], &every);
    let sum = reduce(body, Reduction::Sum, &[3], &terms, &wide, to);
    unary(body, Unary::Neg, &sum, to)
}

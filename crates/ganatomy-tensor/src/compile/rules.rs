//! The rewriting rules: each returns a simpler node for the same value, or `None`.

use super::join;
use super::shared::Shared;
use crate::op::{Binary, Op, Reduction, Scalar, Unary};
use crate::shape::Shape;
use crate::trace::NodeId;

/// A simpler node for the same value, if a rule knows one.
///
/// `x * 0` is not a rule: it would hide a NaN.
pub(super) fn simplify(g: &mut Shared, op: &Op, inputs: &[NodeId], shape: &Shape) -> Option<NodeId> {
    if let Some(filled) = without_elements(g, op, inputs, shape) {
        return Some(filled);
    }
    match op {
        Op::StopGradient | Op::Normalize(_) => Some(inputs[0]),
        // The kernel needs no spelling.
        Op::Nearness if inputs.len() == 2 => Some(g.push(op.clone(), inputs[1..].to_vec(), shape.clone())),
        Op::NearnessGrad if inputs.len() == 3 => {
            Some(g.push(op.clone(), inputs[1..].to_vec(), shape.clone()))
        }
        Op::Unary(_) | Op::Binary(_) | Op::Select => fold(g, op, inputs, shape)
            .or_else(|| algebra(g, op, inputs, shape))
            .or_else(|| sink(g, op, inputs, shape)),
        Op::Reduce(kind, axes) => reduce(g, *kind, axes, inputs[0], shape),
        Op::MatMul { left_transposed, right_transposed } => {
            transposed_operand(g, [*left_transposed, *right_transposed], inputs, shape)
        }
        Op::Concat(0) => join::join(g, inputs, shape),
        Op::Reshape | Op::Permute(_) | Op::Broadcast | Op::Slice(_) | Op::Pad(_) => {
            view(g, op, inputs[0], shape)
        }
        _ => None,
    }
}

/// What has no elements, or is made of nothing, is a constant: no kernel ever sees an empty tensor.
fn without_elements(g: &mut Shared, op: &Op, inputs: &[NodeId], shape: &Shape) -> Option<NodeId> {
    if matches!(op, Op::Input(_) | Op::Constant(_)) {
        return None;
    }
    if shape.numel() == 0 {
        return Some(fill(g, shape, 0.0));
    }
    let empty = |id: &NodeId| g.nodes[*id].shape.numel() == 0;
    if let (Op::Concat(_), true) = (op, inputs.iter().any(empty)) {
        let parts: Vec<NodeId> = inputs.iter().copied().filter(|id| !empty(id)).collect();
        return Some(if parts.len() == 1 { parts[0] } else { g.push(op.clone(), parts, shape.clone()) });
    }
    let value = match op {
        Op::Reduce(kind, _) => kind.identity(),
        // A row of no table.
        Op::Gather => f64::NAN,
        // Without dimensions all columns are in one place.
        Op::Nearness => shape[1] as f64,
        _ => 0.0,
    };
    inputs.iter().any(empty).then(|| fill(g, shape, value))
}

fn constant(g: &Shared, id: NodeId) -> Option<f64> {
    match g.nodes[id].op {
        Op::Constant(Scalar(value)) => Some(value),
        _ => None,
    }
}

fn fill(g: &mut Shared, shape: &Shape, value: f64) -> NodeId {
    g.push(Op::Constant(Scalar(value)), vec![], shape.clone())
}

/// An elementwise function of constants is a constant.
fn fold(g: &mut Shared, op: &Op, inputs: &[NodeId], shape: &Shape) -> Option<NodeId> {
    let values: Vec<Option<f64>> = inputs.iter().map(|&id| constant(g, id)).collect();
    let value = match (op, &values[..]) {
        (Op::Unary(f), [Some(x)]) => f.of(*x),
        (Op::Binary(f), [Some(a), Some(b)]) => f.of(*a, *b),
        (Op::Select, [Some(c), _, _]) => return Some(inputs[if *c != 0.0 { 1 } else { 2 }]),
        (Op::Select, _) if inputs[1] == inputs[2] => return Some(inputs[1]),
        _ => return None,
    };
    Some(fill(g, shape, value))
}

fn algebra(g: &mut Shared, op: &Op, inputs: &[NodeId], shape: &Shape) -> Option<NodeId> {
    match op {
        Op::Unary(Unary::Neg) => negation(g, inputs[0], shape),
        Op::Binary(f) => {
            let (a, b) = (inputs[0], inputs[1]);
            let (ca, cb) = (constant(g, a), constant(g, b));
            if let Some(c) = cb {
                return with_number(g, *f, a, c, shape);
            }
            match (f, ca) {
                (Binary::Add | Binary::Mul, Some(c)) => with_number(g, *f, b, c, shape),
                (Binary::Sub, Some(0.0)) => Some(g.push(Op::Unary(Unary::Neg), vec![b], shape.clone())),
                _ => signs(g, *f, a, b, shape),
            }
        }
        _ => None,
    }
}

/// `x f c` for a number `c`.
fn with_number(g: &mut Shared, f: Binary, x: NodeId, c: f64, shape: &Shape) -> Option<NodeId> {
    let unary = |g: &mut Shared, f: Unary| Some(g.push(Op::Unary(f), vec![x], shape.clone()));
    match f {
        Binary::Add | Binary::Sub if c == 0.0 => Some(x),
        Binary::Mul | Binary::Div | Binary::Pow if c == 1.0 => Some(x),
        Binary::Mul | Binary::Div if c == -1.0 => unary(g, Unary::Neg),
        Binary::Div => {
            let inverse = fill(g, shape, 1.0 / c);
            Some(g.push(Op::Binary(Binary::Mul), vec![x, inverse], shape.clone()))
        }
        Binary::Mul => merged_scale(g, x, c, shape),
        Binary::Pow if c == 0.0 => Some(fill(g, shape, 1.0)),
        Binary::Pow if c == 2.0 => Some(g.push(Op::Binary(Binary::Mul), vec![x, x], shape.clone())),
        Binary::Pow if c == 0.5 => unary(g, Unary::Sqrt),
        Binary::Pow if c == -0.5 => unary(g, Unary::Rsqrt),
        _ => None,
    }
}

/// `(x a) c = x (a c)` and `(-x) c = x (-c)`.
fn merged_scale(g: &mut Shared, x: NodeId, c: f64, shape: &Shape) -> Option<NodeId> {
    let inner = g.nodes[x].clone();
    let (base, factor) = match inner.op {
        Op::Unary(Unary::Neg) => (inner.inputs[0], -c),
        Op::Binary(Binary::Mul) => {
            let at = (0..2).find(|&i| constant(g, inner.inputs[i]).is_some())?;
            (inner.inputs[1 - at], constant(g, inner.inputs[at])? * c)
        }
        _ => return None,
    };
    let factor = fill(g, shape, factor);
    Some(g.push(Op::Binary(Binary::Mul), vec![base, factor], shape.clone()))
}

fn negation(g: &mut Shared, x: NodeId, shape: &Shape) -> Option<NodeId> {
    let inner = g.nodes[x].clone();
    match inner.op {
        Op::Unary(Unary::Neg) => Some(inner.inputs[0]),
        Op::Binary(Binary::Sub) => {
            Some(g.push(Op::Binary(Binary::Sub), vec![inner.inputs[1], inner.inputs[0]], shape.clone()))
        }
        Op::Binary(Binary::Mul) => merged_scale(g, x, -1.0, shape),
        _ => None,
    }
}

/// `a + (-b) = a - b` and similar rules.
fn signs(g: &mut Shared, f: Binary, a: NodeId, b: NodeId, shape: &Shape) -> Option<NodeId> {
    let negated = |id: NodeId| match g.nodes[id].op {
        Op::Unary(Unary::Neg) => Some(g.nodes[id].inputs[0]),
        _ => None,
    };
    let (f, inputs) = match (f, negated(a), negated(b)) {
        (Binary::Add, _, Some(b)) => (Binary::Sub, vec![a, b]),
        (Binary::Add, Some(a), _) => (Binary::Sub, vec![b, a]),
        (Binary::Sub, _, Some(b)) => (Binary::Add, vec![a, b]),
        _ => return None,
    };
    Some(g.push(Op::Binary(f), inputs, shape.clone()))
}

/// A function of tensors stretched from one shape is computed before the stretching.
fn sink(g: &mut Shared, op: &Op, inputs: &[NodeId], shape: &Shape) -> Option<NodeId> {
    let mut small: Option<Shape> = None;
    for &id in inputs.iter().filter(|&&id| constant(g, id).is_none()) {
        let node = &g.nodes[id];
        let source = &g.nodes[*node.inputs.first()?].shape;
        if node.op != Op::Broadcast || small.as_ref().is_some_and(|known| known != source) {
            return None;
        }
        small = Some(source.clone());
    }
    let small = small?;
    let inner = inputs.iter().map(|&id| match constant(g, id) {
        Some(value) => fill(g, &small, value),
        None => g.nodes[id].inputs[0],
    });
    let inner: Vec<NodeId> = inner.collect();
    let value = g.push(op.clone(), inner, small);
    Some(g.push(Op::Broadcast, vec![value], shape.clone()))
}

/// Reductions of constants, over axes of length one, and over axes that are not neighbours.
fn reduce(g: &mut Shared, kind: Reduction, axes: &[usize], x: NodeId, shape: &Shape) -> Option<NodeId> {
    let input = g.nodes[x].shape.clone();
    if let Some(value) = constant(g, x) {
        let count: usize = axes.iter().map(|&axis| input[axis]).product();
        let value = if kind == Reduction::Sum { value * count as f64 } else { value };
        return Some(fill(g, shape, value));
    }
    let long: Vec<usize> = axes.iter().copied().filter(|&axis| input[axis] != 1).collect();
    if long.is_empty() {
        return Some(g.push(Op::Reshape, vec![x], shape.clone()));
    }
    // Axes of length one between two reduced axes do not separate them.
    let last = long[long.len() - 1];
    let run = (1..long.len())
        .rev()
        .take_while(|&i| (long[i - 1] + 1..long[i]).all(|axis| input[axis] == 1))
        .count();
    let first = long.len() - 1 - run;
    if first > 0 {
        let tail: Vec<usize> =
            axes.iter().copied().filter(|&axis| axis >= long[first] && axis <= last).collect();
        let partial = input.without(&tail);
        let rest: Vec<usize> = axes.iter().copied().filter(|axis| !tail.contains(axis)).collect();
        let shift = |axis: usize| axis - tail.iter().filter(|&&t| t < axis).count();
        let inner = g.push(Op::Reduce(kind, tail.clone()), vec![x], partial);
        return Some(g.push(
            Op::Reduce(kind, rest.into_iter().map(shift).collect()),
            vec![inner],
            shape.clone(),
        ));
    }
    None
}

/// A product of a transposed matrix reads it transposed instead.
fn transposed_operand(g: &mut Shared, flags: [bool; 2], inputs: &[NodeId], shape: &Shape) -> Option<NodeId> {
    let swaps = |id: NodeId| match &g.nodes[id].op {
        Op::Permute(order) => {
            let rank = order.len();
            let swapped = (0..rank).all(|i| order[i] == if i + 2 < rank { i } else { 2 * rank - 3 - i });
            swapped.then(|| g.nodes[id].inputs[0])
        }
        _ => None,
    };
    let found = [swaps(inputs[0]), swaps(inputs[1])];
    if found == [None, None] {
        return None;
    }
    let op = Op::MatMul {
        left_transposed: flags[0] != found[0].is_some(),
        right_transposed: flags[1] != found[1].is_some(),
    };
    let operands = vec![found[0].unwrap_or(inputs[0]), found[1].unwrap_or(inputs[1])];
    Some(g.push(op, operands, shape.clone()))
}

/// Views of constants, of views of their kind, and views that change nothing.
fn view(g: &mut Shared, op: &Op, x: NodeId, shape: &Shape) -> Option<NodeId> {
    let inner = g.nodes[x].clone();
    let is_pad = matches!(op, Op::Pad(_));
    if let (Some(value), false) = (constant(g, x), is_pad) {
        return Some(fill(g, shape, value));
    }
    let identity = match op {
        Op::Permute(order) => order.iter().copied().eq(0..order.len()),
        _ => inner.shape == *shape,
    };
    if identity {
        return Some(x);
    }
    match (op, &inner.op) {
        (Op::Reshape, Op::Reshape) | (Op::Broadcast, Op::Broadcast) => {
            Some(g.push(op.clone(), vec![inner.inputs[0]], shape.clone()))
        }
        (Op::Permute(outer), Op::Permute(order)) => {
            let joint = outer.iter().map(|&axis| order[axis]).collect();
            Some(g.push(Op::Permute(joint), vec![inner.inputs[0]], shape.clone()))
        }
        (Op::Permute(order), _) if keeps_order(order, &inner.shape) => {
            Some(g.push(Op::Reshape, vec![x], shape.clone()))
        }
        (Op::Broadcast, _) if shape.numel() == inner.shape.numel() => {
            Some(g.push(Op::Reshape, vec![x], shape.clone()))
        }
        (Op::Slice(outer), Op::Slice(start)) => {
            let start = start.iter().zip(outer).map(|(a, b)| a + b).collect();
            Some(g.push(Op::Slice(start), vec![inner.inputs[0]], shape.clone()))
        }
        (Op::Slice(start), Op::Concat(axis)) => part_of_join(g, start, *axis, &inner.inputs, shape),
        _ => None,
    }
}

/// Does a permutation move only axes of length one?
fn keeps_order(order: &[usize], shape: &Shape) -> bool {
    let long: Vec<usize> = order.iter().copied().filter(|&axis| shape[axis] != 1).collect();
    long.is_sorted()
}

/// A slice of a concatenation that is one of its parts.
fn part_of_join(g: &Shared, start: &[usize], axis: usize, parts: &[NodeId], shape: &Shape) -> Option<NodeId> {
    let mut at = 0;
    for &part in parts {
        let others_from_zero = (0..start.len()).all(|i| i == axis || start[i] == 0);
        if at == start[axis] && g.nodes[part].shape == *shape && others_from_zero {
            return Some(part);
        }
        at += g.nodes[part].shape[axis];
    }
    None
}

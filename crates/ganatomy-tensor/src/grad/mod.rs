//! Exact derivatives: reverse mode over the graph, whose result is again a graph.
//!
//! [`rule`] knows the derivative of each operation ([`elementwise`], [`linear`], [`reduction`], [`view`]).

mod elementwise;
mod linear;
mod reduction;
mod rule;
mod view;

use crate::shape::Shape;
use crate::trace::{Tensor, Trace, TraceError};

/// `d output / d input` for each input; `output` is a scalar. An input that the output does not
/// depend on gets zeros.
pub fn grad(output: &Tensor, inputs: &[&Tensor]) -> Vec<Tensor> {
    if !output.shape().is_empty() {
        output.mistake("grad", &[], "a gradient is taken of a scalar".into(), output.shape().clone());
        return inputs.iter().map(|x| x.trace().zeros(x.shape())).collect();
    }
    vjp(&[output], inputs, &[&output.trace().full(output.shape(), 1.0)])
}

/// Vector-Jacobian products: `sum_o cotangent_o . d output_o / d input`, for each input.
///
/// Each output has one cotangent, of its shape.
pub fn vjp(outputs: &[&Tensor], inputs: &[&Tensor], cotangents: &[&Tensor]) -> Vec<Tensor> {
    let nothing = || inputs.iter().map(|x| x.trace().zeros(x.shape())).collect();
    let Some(last) = outputs.iter().map(|output| output.id).max() else {
        return nothing();
    };
    if !belong("vjp", &[outputs, inputs, cotangents]) || !fit("vjp", outputs, cotangents) {
        return nothing();
    }
    let trace = outputs[0].trace().clone();
    let depends = dependents(&trace, inputs, last);
    let mut flowing: Vec<Option<Tensor>> = vec![None; last + 1];
    for (output, cotangent) in outputs.iter().zip(cotangents) {
        accumulate(&mut flowing[output.id], (*cotangent).clone());
    }
    let first = inputs.iter().map(|x| x.id).min().unwrap_or(0);
    for id in (first..=last).rev() {
        let is_input = inputs.iter().any(|x| x.id == id);
        let (true, false, Some(g)) = (depends[id], is_input, flowing[id].clone()) else {
            continue;
        };
        let node = trace.node(id);
        let operands: Vec<Tensor> = node.inputs.iter().map(|&i| trace.tensor(i)).collect();
        let parts = rule::cotangents(&node.op, &operands, &trace.tensor(id), &g);
        for (&operand, part) in node.inputs.iter().zip(parts) {
            if let (true, Some(part)) = (depends[operand], part) {
                accumulate(&mut flowing[operand], part);
            }
        }
    }
    let zeros = |x: &Tensor| x.trace().zeros(x.shape());
    inputs.iter().map(|x| flowing.get(x.id).cloned().flatten().unwrap_or_else(|| zeros(x))).collect()
}

/// Jacobian-vector products: `sum_i d output / d input_i . tangent_i`, for each output.
///
/// Two reverse passes: the product `u J` is linear in `u`, and its derivative along the tangents is
/// `J v`. The placeholder `u` drops out of the compiled program.
///
/// Each input has one tangent, of its shape.
pub fn jvp(outputs: &[&Tensor], inputs: &[&Tensor], tangents: &[&Tensor]) -> Vec<Tensor> {
    if !belong("jvp", &[outputs, inputs, tangents]) || !fit("jvp", inputs, tangents) {
        return outputs.iter().map(|y| y.trace().zeros(y.shape())).collect();
    }
    let dummies: Vec<Tensor> = outputs.iter().map(|y| y.trace().zeros(y.shape())).collect();
    let dummies: Vec<&Tensor> = dummies.iter().collect();
    let pulled = vjp(outputs, inputs, &dummies);
    let pulled: Vec<&Tensor> = pulled.iter().collect();
    vjp(&pulled, &dummies, tangents)
}

/// Are all of one trace? If not, that is the mistake of each trace among them.
fn belong(op: &'static str, groups: &[&[&Tensor]]) -> bool {
    let all = || groups.iter().copied().flatten();
    let Some(first) = all().next() else { return true };
    let same = all().all(|t| t.trace().is(first.trace()));
    if !same {
        let shapes: Vec<_> = all().map(|t| t.shape().clone()).collect();
        let reason = "they are tensors of different traces".to_owned();
        all().for_each(|t| {
            t.trace().fail(TraceError::Shape { op, shapes: shapes.clone(), reason: reason.clone() });
        });
    }
    same
}

/// Has each tensor one vector, of its shape? If not, that is the trace's mistake.
fn fit(op: &'static str, tensors: &[&Tensor], vectors: &[&Tensor]) -> bool {
    let Some(first) = tensors.first().or(vectors.first()) else { return true };
    let fail = |shapes: Vec<Shape>, reason: String| {
        first.trace().fail(TraceError::Shape { op, shapes, reason });
        false
    };
    if tensors.len() != vectors.len() {
        let shapes = tensors.iter().map(|t| t.shape().clone()).collect();
        return fail(shapes, format!("{} tensors were given {} vectors", tensors.len(), vectors.len()));
    }
    let odd = tensors.iter().zip(vectors).find(|(t, v)| t.shape() != v.shape());
    odd.is_none_or(|(t, v)| {
        fail(vec![t.shape().clone(), v.shape().clone()], "a tensor and its vector must have one shape".into())
    })
}

fn accumulate(slot: &mut Option<Tensor>, part: Tensor) {
    *slot = Some(match slot.take() {
        Some(sum) => sum + part,
        None => part,
    });
}

/// Which nodes up to `last` depend on one of the inputs.
fn dependents(trace: &Trace, inputs: &[&Tensor], last: usize) -> Vec<bool> {
    let mut depends = vec![false; last + 1];
    let first = inputs.iter().map(|x| x.id).min().unwrap_or(last);
    for id in first..=last {
        let is_input = inputs.iter().any(|x| x.id == id);
        depends[id] = is_input || trace.reads_any(id, &depends);
    }
    depends
}

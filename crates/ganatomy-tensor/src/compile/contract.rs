//! Products that are only summed become one step with the sum: fewer walks over a chunk, one rounding.

use super::function::{Function, MulAdd, Value};
use crate::op::Binary;

type Steps = Vec<(Function, Vec<Value>)>;

/// Joins each product that only one sum or difference reads with its reader; `kept` are the values
/// that are read from outside, renumbered with the rest.
///
/// `sole` is true for steps whose nodes have one reader in the whole graph. Others are left alone: a node
/// that is computed again in another pass must have the same bits there, where its reader may be absent.
pub(super) fn contract<'a>(
    steps: &mut Steps,
    sole: &dyn Fn(usize) -> bool,
    kept: impl Iterator<Item = &'a mut Value>,
) {
    let kept: Vec<&mut Value> = kept.collect();
    let mut uses = vec![0; steps.len()];
    let args = steps.iter().flat_map(|(_, args)| args.iter());
    for value in args.chain(kept.iter().map(|value| &**value)) {
        if let Value::Step(i) = value {
            uses[*i] += 1;
        }
    }
    let mut joined = vec![false; steps.len()];
    for at in 0..steps.len() {
        let product = |value: Value| match value {
            Value::Step(i) if uses[i] == 1 && steps[i].0 == Function::Binary(Binary::Mul) => {
                sole(i).then_some(i)
            }
            _ => None,
        };
        let (function, args) = &steps[at];
        let (form, i, c) = match (function, &args[..]) {
            (Function::Binary(Binary::Add), &[x, y]) => match (product(x), product(y)) {
                (Some(i), _) => (MulAdd::Plus, i, y),
                (_, Some(i)) => (MulAdd::Plus, i, x),
                _ => continue,
            },
            (Function::Binary(Binary::Sub), &[x, y]) => match (product(x), product(y)) {
                (_, Some(i)) => (MulAdd::From, i, x),
                (Some(i), _) => (MulAdd::Minus, i, y),
                _ => continue,
            },
            _ => continue,
        };
        let (a, b) = (steps[i].1[0], steps[i].1[1]);
        steps[at] = (Function::MulAdd(form), vec![a, b, c]);
        joined[i] = true;
    }
    leave_out(steps, &joined, kept);
}

/// Drops the joined steps and renumbers the others.
fn leave_out(steps: &mut Steps, joined: &[bool], kept: Vec<&mut Value>) {
    let mut place = Vec::with_capacity(joined.len());
    let mut next = 0;
    for gone in joined {
        place.push(next);
        next += usize::from(!gone);
    }
    let args = steps.iter_mut().flat_map(|(_, args)| args);
    for value in args.chain(kept) {
        if let Value::Step(i) = value {
            *i = place[*i];
        }
    }
    let mut joined = joined.iter();
    steps.retain(|_| !joined.next().copied().unwrap_or(false));
}

#[cfg(test)]
mod tests {
    use super::*;

    const MUL: Function = Function::Binary(Binary::Mul);
    const ADD: Function = Function::Binary(Binary::Add);
    const SUB: Function = Function::Binary(Binary::Sub);

    fn check(steps: &[(Function, [Value; 2])], kept: usize, expected: &[(Function, Vec<Value>)]) {
        let mut steps: Steps = steps.iter().map(|(f, args)| (*f, args.to_vec())).collect();
        let mut kept = Value::Step(kept);
        contract(&mut steps, &|_| true, std::iter::once(&mut kept));
        assert!(steps == expected && kept == Value::Step(expected.len() - 1));
    }

    #[test]
    fn a_product_joins_its_only_reader() {
        use Value::{Load, Step};
        let (a, b, c) = (Load(0), Load(1), Load(2));
        let joined = |form| [(Function::MulAdd(form), vec![a, b, c])];
        check(&[(MUL, [a, b]), (ADD, [c, Step(0)])], 1, &joined(MulAdd::Plus));
        check(&[(MUL, [a, b]), (SUB, [Step(0), c])], 1, &joined(MulAdd::Minus));
        check(&[(MUL, [a, b]), (SUB, [c, Step(0)])], 1, &joined(MulAdd::From));
        // A product that is read twice or kept stays.
        let square = [(MUL, [a, b]), (ADD, [Step(0), Step(0)])];
        check(&square, 1, &square.map(|(f, args)| (f, args.to_vec())));
        let (first, second) = ((MUL, [a, b]), (MUL, [b, c]));
        let both = (Function::MulAdd(MulAdd::Plus), vec![a, b, Step(0)]);
        check(&[first, second, (ADD, [Step(0), Step(1)])], 2, &[(MUL, vec![b, c]), both]);
    }
}

//! A program as the text of a case: a file of `exam/found/` that compiles as it stands.

use std::fmt::Write;

use super::plan::{Plan, Step, What};
use crate::{ConvPass, Reduction};

/// What a case may use: of the crate, and of the random programs.
const OF_CRATE: [&str; 7] = ["Binary", "ConvGeometry", "Distribution", "Scalar", "Trace", "Unary", "jvp"];
const OF_RANDOM: [&str; 2] = ["slope", "table"];

/// The file of a program that was found, and `why`.
pub(super) fn case(plan: &Plan, name: &str, why: &[&str]) -> String {
    let mut body = format!("#[test]\nfn {name}() {{\n    let t = Trace::new();\n");
    for (at, step) in plan.steps.iter().enumerate() {
        let _ = writeln!(body, "    let a{at} = {};", rust(step));
    }
    let outputs = plan.outputs.iter().map(|(name, at)| format!("({name:?}, &a{at})"));
    let _ = writeln!(body, "    check(&t, &[{}]);\n}}", outputs.collect::<Vec<_>>().join(", "));
    let used = |names: &[&str]| {
        let within = |name: &&&str| {
            body.contains(&format!("{name}("))
                || body.contains(&format!("{name}::"))
                || body.contains(&format!("{name} {{"))
        };
        names.iter().filter(within).copied().collect::<Vec<_>>().join(", ")
    };
    let line = |line: &&str| format!("//! {line}").trim_end().to_owned() + "\n";
    let mut text: String = why.iter().map(line).collect();
    text += "\nuse super::check;\n";
    let helpers = used(&OF_RANDOM);
    if !helpers.is_empty() {
        let _ = writeln!(text, "use crate::exam::random::{{{helpers}}};");
    }
    let _ = write!(text, "use crate::{{{}}};\n\n{body}", used(&OF_CRATE));
    text
}

fn rust(step: &Step) -> String {
    let a = |i: usize| format!("a{}", step.of[i]);
    let shape = format!("{:?}", &step.shape[..]);
    let reduction = |kind: Reduction| kind.name();
    match &step.what {
        What::Input(n) => format!("t.input(\"x{n}\", {shape})"),
        What::Index(n, below) => format!("t.input(\"i{n}_{below}\", {shape})"),
        What::Full(value) => format!("t.full({shape}, {value:?})"),
        What::Literal(salt) => format!("table(&t, {shape}, {salt})"),
        What::Random(from, purpose) => format!("t.random(Distribution::{from:?}, \"p{purpose}\", {shape})"),
        What::Unary(f) => format!("{}.unary(Unary::{f:?})", a(0)),
        What::Binary(f) => format!("{}.binary(Binary::{f:?}, &{})", a(0), a(1)),
        What::Select => format!("{}.select(&{}, &{})", a(0), a(1), a(2)),
        What::Stop => format!("{}.stop_gradient()", a(0)),
        What::MatMul(left, right) => format!("{}.product(&{}, {left}, {right})", a(0), a(1)),
        What::Conv(ConvPass::Forward, g) => format!("{}.conv2d(&{}, &{g:?})", a(0), a(1)),
        What::Conv(pass, g) => format!("{}.{}(&{}, &{g:?}, &{shape}.into())", a(0), pass.name(), a(1)),
        What::Reduce(kind, axes) => format!("{}.{}(&{axes:?})", a(0), reduction(*kind)),
        What::Mean(axes) => format!("{}.mean(&{axes:?})", a(0)),
        What::Arg(kind, axis) => format!("{}.{}({axis})", a(0), kind.arg_name()),
        What::Reshape => format!("{}.reshape({shape})", a(0)),
        What::Permute(order) => format!("{}.permute(&{order:?})", a(0)),
        What::Broadcast => format!("{}.broadcast({shape})", a(0)),
        What::Slice(start) => format!("{}.slice(&{start:?}, {shape})", a(0)),
        What::Pad(start) => format!("{}.pad_into(&{start:?}, {shape})", a(0)),
        What::Concat(axis) => {
            let others: Vec<String> = step.of[1..].iter().map(|i| format!("&a{i}")).collect();
            format!("{}.concat(&[{}], {axis})", a(0), others.join(", "))
        }
        What::Gather => format!("{}.gather(&{})", a(0), a(1)),
        What::Scatter => format!("{}.scatter_add(&{}, {})", a(0), a(1), step.shape[0]),
        What::Normalize(axes) => format!("{}.normalize(&{axes:?}, 1e-2).0", a(0)),
        What::Nearness => format!("{}.nearness()", a(0)),
        What::Grad => format!("slope(&{}, &{})", a(0), a(1)),
        What::Jvp => format!("jvp(&[&{}], &[&{}], &[&{}]).remove(0)", a(0), a(1), a(2)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::plan::{Plan, What};
    use super::*;
    use crate::{Binary, ConvGeometry, Distribution, Scalar, Shape, Unary};

    /// A program with every kind of step.
    fn every_step() -> Plan {
        let mut plan = Plan::default();
        let x = plan.push(What::Input(1), &[], [2, 3]);
        let i = plan.push(What::Index(2, 2), &[], [4]);
        let picked = plan.push(What::Gather, &[x, i], [4, 3]);
        let added = plan.push(What::Scatter, &[picked, i], [2, 3]);
        let full = plan.push(What::Full(-0.5), &[], [2, 3]);
        let table = plan.push(What::Literal(7), &[], [2, 3]);
        let draw = plan.push(What::Random(Distribution::Integer(5), 1), &[], [2, 3]);
        let leaky = plan.push(What::Unary(Unary::LeakyRelu(Scalar(0.2))), &[added], [2, 3]);
        let sum = plan.push(What::Binary(Binary::Add), &[leaky, full], [2, 3]);
        let chosen = plan.push(What::Select, &[draw, sum, table], [2, 3]);
        let stopped = plan.push(What::Stop, &[table], [2, 3]);
        let product = plan.push(What::MatMul(false, true), &[chosen, stopped], [2, 2]);
        let images = plan.push(What::Reshape, &[product], [1, 2, 2, 1]);
        let kernel = plan.push(What::Input(3), &[], [1, 2, 1, 1]);
        let geometry = ConvGeometry { stride: [1, 2], pad: [0, 1], dilation: [1, 1], groups: 1 };
        let y = plan.push(What::Conv(ConvPass::Forward, geometry), &[images, kernel], [1, 2, 2, 1]);
        let back = plan.push(What::Conv(ConvPass::InputGrad, geometry), &[y, kernel], [1, 2, 2, 1]);
        let weight = plan.push(What::Conv(ConvPass::WeightGrad, geometry), &[images, y], [1, 2, 1, 1]);
        let most = plan.push(What::Reduce(Reduction::Max, vec![2, 0]), &[back], [2, 1]);
        let mean = plan.push(What::Mean(vec![0]), &[product], [2]);
        let arg = plan.push(What::Arg(Reduction::Min, 1), &[product], [2]);
        let turned = plan.push(What::Permute(vec![1, 0]), &[x], [3, 2]);
        let wide = plan.push(What::Broadcast, &[mean], [3, 2]);
        let cut = plan.push(What::Slice(vec![1, 0]), &[turned], [2, 2]);
        let padded = plan.push(What::Pad(vec![0, 1]), &[cut], [2, 3]);
        let joined = plan.push(What::Concat(0), &[padded, x], [4, 3]);
        let normal = plan.push(What::Normalize(vec![1]), &[joined], [4, 3]);
        let slope = plan.push(What::Grad, &[normal, x], [2, 3]);
        let along = plan.push(What::Jvp, &[sum, x, full], [2, 3]);
        let outputs = [weight, most, arg, wide, slope, along];
        plan.outputs = outputs.iter().enumerate().map(|(i, &at)| (format!("out{i}"), at)).collect();
        plan
    }

    /// The text of the program is a file of the exam, so that it compiles; its spaces are the formatter's.
    #[test]
    fn a_case_compiles_as_it_stands() {
        let plan = every_step();
        let written = case(&plan, "every_step", &["Every kind of step, as `print` writes it."]);
        let dense = |text: &str| text.replace(|c: char| c.is_whitespace() || c == ',', "");
        assert_eq!(dense(&written), dense(include_str!("../found/every_step.rs")), "{written}");
        let shapes = |plan: &Plan| plan.steps.iter().map(|step| step.shape.clone()).collect::<Vec<Shape>>();
        assert_eq!(shapes(&plan.pruned()), shapes(&plan), "a step that no output needs");
    }
}

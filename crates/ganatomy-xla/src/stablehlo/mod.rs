//! Programs as StableHLO text: one function, whose arguments are the named inputs, and then the seed and the step.

mod elementwise;
mod index;
mod linear;
mod movement;
mod nearness;
mod random;
mod reduce;
mod text;

use ganatomy_tensor::{Instruction, Op, Program, Shape};

use text::{Body, list, tensor};

pub use text::Float;

/// A program written out.
#[derive(Clone, Debug)]
pub struct Module {
    /// The text.
    pub text: String,
    /// The type of its numbers.
    pub float: Float,
    /// The arguments before seed and step, by name.
    pub arguments: Vec<(String, Shape)>,
    /// The results, by name.
    pub results: Vec<(String, Shape)>,
}

impl Module {
    /// Writes a program out. A result that has the name of an argument takes its place: its buffer is donated, and nothing is copied.
    pub fn of(program: &Program, float: Float) -> Module {
        let owned = |(name, shape): (&str, &Shape)| (name.to_owned(), shape.clone());
        let arguments: Vec<_> = program.inputs().into_iter().map(owned).collect();
        let results: Vec<_> = program.outputs().into_iter().map(owned).collect();
        let mut body = Body::new(float);
        let mut values: Vec<(String, Shape)> = Vec::new();
        for instruction in program.instructions() {
            let value = match instruction.op {
                Op::Input(name) => {
                    let place = arguments.iter().position(|argument| argument.0 == *name).unwrap_or_default();
                    format!("%arg{place}")
                }
                _ => write(&mut body, &instruction, &values),
            };
            values.push((value, instruction.shape.clone()));
        }
        let returned: Vec<&str> = program.results().map(|(_, place)| values[place].0.as_str()).collect();
        let types = list(results.iter().map(|(_, shape)| tensor(shape, float.name())));
        let text = format!(
            "module @ganatomy {{\n  func.func public @main({}) -> ({types}) {{\n{}    return {} : {types}\n  }}\n}}\n",
            header(&arguments, &results, float),
            body.into_text(),
            list(returned)
        );
        Module { text, float, arguments, results }
    }
}

/// The arguments of the function, each with the result that takes its place.
fn header(arguments: &[(String, Shape)], results: &[(String, Shape)], float: Float) -> String {
    let argument = |(place, (name, shape)): (usize, &(String, Shape))| {
        let heir = results.iter().position(|result| result.0 == *name);
        let heir = heir.map(|result| format!(" {{tf.aliasing_output = {result} : i32}}"));
        format!("%arg{place}: {}{}", tensor(shape, float.name()), heir.unwrap_or_default())
    };
    let mut all: Vec<String> = arguments.iter().enumerate().map(argument).collect();
    all.extend(["%seed: tensor<ui64>".to_owned(), "%step: tensor<ui64>".to_owned()]);
    all.join(", ")
}

/// Writes one op; returns its value.
fn write(body: &mut Body, instruction: &Instruction<'_>, values: &[(String, Shape)]) -> String {
    let to: &[usize] = instruction.shape;
    let operand = |i: usize| -> linear::Operand<'_> {
        let (value, shape) = &values[instruction.inputs[i]];
        (value, shape)
    };
    let (x, from) = match instruction.inputs.is_empty() {
        true => ("", &[][..]),
        false => operand(0),
    };
    // What is made of nothing: sums of no products, and rows of a table that has none.
    let is_empty = (0..instruction.inputs.len()).any(|i| operand(i).1.contains(&0));
    match instruction.op {
        Op::Conv(..) if is_empty => return body.full(to, 0.0),
        Op::Gather if is_empty => return body.full(to, f64::NAN),
        _ => {}
    }
    match instruction.op {
        // Arguments are named by the module.
        Op::Input(name) => format!("%{name}"),
        Op::Constant(value) => body.full(to, value.0),
        Op::Literal(values) => body.table(to, values.iter().map(|value| value.0)),
        Op::Unary(f) => elementwise::unary(body, *f, x, to),
        Op::Binary(f) => elementwise::binary(body, *f, [x, operand(1).0], to),
        Op::Select => elementwise::select(body, [x, operand(1).0, operand(2).0], to),
        Op::MatMul { left_transposed, right_transposed } => {
            linear::matmul(body, [operand(0), operand(1)], [*left_transposed, *right_transposed], to)
        }
        Op::Conv(pass, geometry) => linear::conv(body, *pass, geometry, [operand(0), operand(1)], to),
        Op::Reduce(kind, axes) => reduce::reduce(body, *kind, axes, x, from, to),
        Op::ArgReduce(kind, axis) => reduce::arg(body, *kind, *axis, x, from, to),
        Op::Reshape => movement::reshape(body, x, from, to),
        Op::Permute(order) => movement::permute(body, x, order, from, to),
        Op::Broadcast => movement::broadcast(body, x, from, to),
        Op::Slice(start) => movement::slice(body, x, start, from, to),
        Op::Pad(start) => movement::pad(body, x, start, from, to),
        Op::Concat(axis) => {
            let parts: Vec<_> = (0..instruction.inputs.len()).map(operand).collect();
            let (names, shapes): (Vec<&str>, Vec<&[usize]>) = parts.into_iter().unzip();
            movement::concat(body, &names, &shapes, *axis, to)
        }
        Op::Gather => index::gather(body, [operand(0), operand(1)], to),
        Op::ScatterAdd => index::scatter_add(body, [operand(0), operand(1)], to),
        Op::Random(distribution, purpose) => random::random(body, *distribution, *purpose, to),
        Op::Nearness => nearness::nearness(body, operand(0), to),
        Op::NearnessGrad => nearness::slope(body, operand(0), operand(1), to),
        // Marks for derivatives, which are taken by now.
        Op::StopGradient | Op::Normalize(_) => x.to_owned(),
    }
}

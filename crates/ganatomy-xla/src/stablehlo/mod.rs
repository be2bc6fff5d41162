//! Programs as StableHLO text: one function, whose arguments are the named inputs, and then the seed and the step.

mod elementwise;
mod index;
mod linear;
mod many;
mod movement;
mod nearness;
mod random;
mod reduce;
mod spread;
mod text;

use ganatomy_tensor::{Instruction, Op, Program, Shape};

use text::{Body, list, tensor};

pub use spread::Spread;
pub use text::{Float, Numbers};

/// A program written out.
#[derive(Clone, Debug)]
pub struct Module {
    /// The text.
    pub text: String,
    /// The arguments before seed and step, by name.
    pub arguments: Vec<(String, Shape)>,
    /// The results, by name.
    pub results: Vec<(String, Shape)>,
}

impl Module {
    /// Writes a program out. A result that has the name of an argument takes its place: its buffer is donated, and nothing is copied.
    pub fn of(program: &Program, numbers: Numbers, spread: &Spread) -> Module {
        let (arguments, results) = names(program);
        let main = function("public @main", program, numbers, spread, true);
        Module { text: spread.module(&main), arguments, results }
    }
}

/// Arguments and results by name.
type Names = Vec<(String, Shape)>;

/// What a program takes and gives.
fn names(program: &Program) -> (Names, Names) {
    let owned = |(name, shape): (&str, &Shape)| (name.to_owned(), shape.clone());
    (program.inputs().into_iter().map(owned).collect(), program.outputs().into_iter().map(owned).collect())
}

/// A program as a function of its arguments, the seed and the step. The main one donates, and says how its tensors lie.
fn function(head: &str, program: &Program, numbers: Numbers, spread: &Spread, is_main: bool) -> String {
    let (arguments, results) = names(program);
    let mut body = Body::new(numbers, spread.n_devices());
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
    let returned = list(program.results().map(|(_, place)| values[place].0.as_str()));
    let float = numbers.float.name();
    let types = list(results.iter().map(|(_, shape)| tensor(shape, float)));
    let (head, body) = (format!("  func.func {head}"), body.into_text());
    let wholes = ["seed", "step"];
    let (taken, given) = match is_main {
        true => (header(&arguments, &results, float, spread, &wholes), answers(&results, float, spread, 0)),
        false => (header(&arguments, &[], float, &Spread::over(1), &wholes), types.clone()),
    };
    format!("{head}({taken}) -> ({given}) {{\n{body}    return {returned} : {types}\n  }}\n")
}

/// What a function says of one of its tensors.
fn braced(said: impl Iterator<Item = String>) -> String {
    let said = list(said);
    if said.is_empty() { said } else { format!(" {{{said}}}") }
}

/// The arguments of a function, each with the result that takes its place; then whole numbers.
fn header(
    arguments: &Names,
    heirs: &[(String, Shape)],
    float: &str,
    spread: &Spread,
    wholes: &[&str],
) -> String {
    let argument = |(place, (name, shape)): (usize, &(String, Shape))| {
        let heir = heirs.iter().position(|result| result.0 == *name);
        let heir = heir.map(|result| format!("tf.aliasing_output = {result} : i32"));
        let said = braced(heir.into_iter().chain(spread.said(name, shape)));
        format!("%arg{place}: {}{said}", tensor(shape, float))
    };
    let said = braced(spread.said("", &[]).into_iter());
    let wholes = wholes.iter().map(|name| format!("%{name}: tensor<ui64>{said}"));
    list(arguments.iter().enumerate().map(argument).chain(wholes))
}

/// The results of the main function; then so many whole numbers.
fn answers(results: &Names, float: &str, spread: &Spread, n_wholes: usize) -> String {
    let said = |name: &str, shape: &[usize]| braced(spread.said(name, shape).into_iter());
    let named = results.iter().map(|(name, shape)| format!("{}{}", tensor(shape, float), said(name, shape)));
    list(named.chain(std::iter::repeat_n(format!("tensor<ui64>{}", said("", &[])), n_wholes)))
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
        Op::Random(distribution, purpose) => {
            let drawn = random::random(body, *distribution, *purpose, None, to);
            body.cut(drawn, to)
        }
        // Of a population: its first axis is that of the members, which are on every device.
        Op::RandomOf(distribution, purpose, seeds) => {
            random::random(body, *distribution, *purpose, Some(seeds), to)
        }
        Op::Nearness => nearness::nearness(body, operand(0), to),
        Op::NearnessGrad => nearness::slope(body, operand(0), operand(1), to),
        // Marks for derivatives, which are taken by now.
        Op::StopGradient | Op::Normalize(_) => x.to_owned(),
    }
}

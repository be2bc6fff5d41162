//! A program run several times in one call: a loop on the device, which stops early where a number that is watched is no longer finite.

use ganatomy_tensor::{Many, Program, Shape};

use super::text::{Body, Numbers, list, tensor};
use super::{Module, Names, Spread, answers, function, header, names};

const COUNT: &str = "tensor<ui64>";
const TRUTH: &str = "tensor<i1>";
/// The turns made, and whether to go on.
const MADE: &str = "%c0";
const ON: &str = "%c1";

impl Module {
    /// Writes a program out together with the loop around it. An input that is fed has a further axis in front, from which each turn takes its
    /// own; the step is counted on. After seed and step comes how often it runs at most, and the last result is how often it did.
    pub fn many(program: &Program, numbers: Numbers, many: &Many, spread: &Spread) -> Module {
        let (inputs, results) = names(program);
        let given = |(name, shape): &(String, Shape)| match many.fed.contains(name) {
            true => (name.clone(), stacked(shape, many.most)),
            false => (name.clone(), shape.clone()),
        };
        let arguments: Names = inputs.iter().map(given).collect();
        let step = function("private @step", program, numbers, spread, false);
        let bare = Module { text: String::new(), arguments, results };
        let main = main(&inputs, &bare, numbers, many, spread);
        Module { text: spread.module(&(step + &main)), ..bare }
    }
}

/// The shape of so many tensors.
fn stacked(shape: &Shape, n: usize) -> Shape {
    std::iter::once(n).chain(shape.iter().copied()).collect()
}

/// What the loop carries from turn to turn: `%c0`, `%c1`, ..., each with what it begins as and its type.
#[derive(Default)]
struct Carried {
    begin: Vec<String>,
    types: Vec<String>,
}

impl Carried {
    fn add(&mut self, begin: impl Into<String>, of: impl Into<String>) -> String {
        self.begin.push(begin.into());
        self.types.push(of.into());
        format!("%c{}", self.begin.len() - 1)
    }
}

fn main(inputs: &Names, module: &Module, numbers: Numbers, many: &Many, spread: &Spread) -> String {
    let Module { arguments, results, .. } = module;
    let mut body = Body::new(numbers, spread.n_devices());
    let zero = body.line(format!("stablehlo.constant dense<0> : {COUNT}"));
    let one = body.line(format!("stablehlo.constant dense<1> : {COUNT}"));
    let on = body.line(format!("stablehlo.constant dense<true> : {TRUTH}"));
    let mut carried = Carried::default();
    carried.add(&zero, COUNT);
    carried.add(on, TRUTH);
    let mut heirs: Vec<(&str, String)> = Vec::new();
    for (name, shape) in results {
        let place = arguments.iter().position(|argument| argument.0 == *name);
        let begin = place.map_or_else(|| body.full(shape, 0.0), |place| format!("%arg{place}"));
        heirs.push((name, carried.add(begin, body.of(shape))));
    }
    let mut values: Vec<String> = Vec::new();
    for (place, (name, shape)) in arguments.iter().enumerate() {
        let heir = heirs.iter().find(|heir| heir.0 == name).map(|heir| heir.1.clone());
        values.push(heir.unwrap_or_else(|| carried.add(format!("%arg{place}"), body.of(shape))));
    }
    let [seed, first, most] = ["%seed", "%step", "%most"].map(|name| carried.add(name, COUNT));

    let mut asked = Body::within(&body);
    let left =
        asked.line(format!("stablehlo.compare LT, {MADE}, {most}, UNSIGNED : ({COUNT}, {COUNT}) -> {TRUTH}"));
    let goes = asked.line(format!("stablehlo.and {left}, {ON} : {TRUTH}"));

    let mut turn = Body::within(&asked);
    let step = turn.line(format!("stablehlo.add {first}, {MADE} : {COUNT}"));
    for ((name, shape), value) in
        inputs.iter().zip(&mut values).filter(|((name, _), _)| many.fed.contains(name))
    {
        debug_assert!(heirs.iter().all(|heir| heir.0 != name), "{name} is fed, and no result");
        *value = own(&mut turn, value, &zero, shape, many.most);
    }
    values.extend([seed, step]);
    let taken = inputs.iter().map(|(_, shape)| turn.of(shape)).chain([COUNT; 2].map(str::to_owned));
    let given = list(results.iter().map(|(_, shape)| turn.of(shape)));
    let call = format!("func.call @step({}) : ({}) -> ({given})", list(values), list(taken));
    let made = turn.lines(results.len(), call);
    let watched = results.iter().zip(&made).filter(|((name, _), _)| many.watched.contains(name));
    let on = watched.fold(ON.to_owned(), |on, ((_, shape), value)| still(&mut turn, on, value, shape));
    let n = turn.line(format!("stablehlo.add {MADE}, {one} : {COUNT}"));
    let rest = (results.len() + 2..carried.begin.len()).map(|n| format!("%c{n}"));
    let next = list([n, on].into_iter().chain(made).chain(rest));

    let begin = list(carried.begin.iter().enumerate().map(|(n, begin)| format!("%c{n} = {begin}")));
    let (types, n) = (list(&carried.types), carried.begin.len());
    let returned = list((2..results.len() + 2).map(|n| format!("%w#{n}")).chain(["%w#0".to_owned()]));
    let out = list(results.iter().map(|(_, shape)| body.of(shape)).chain([COUNT.to_owned()]));
    let float = numbers.float.name();
    let header = header(arguments, results, float, spread, &["seed", "step", "most"]);
    let answers = answers(results, float, spread, 1);
    let [body, asked, turn] = [body, asked, turn].map(Body::into_text);
    format!(
        "  func.func public @main({header}) -> ({answers}) {{\n{body}    %w:{n} = stablehlo.while({begin}) : {types}\n    cond {{\n{asked}    \
         stablehlo.return {goes} : {TRUTH}\n    }} do {{\n{turn}    stablehlo.return {next} : {types}\n    }}\n    return {returned} : {out}\n  }}\n"
    )
}

/// A turn's own of what was fed.
fn own(turn: &mut Body, fed: &str, zero: &str, shape: &Shape, most: usize) -> String {
    let [whole, one] = [most, 1].map(|n| turn.of(&stacked(shape, n)));
    let starts = list(std::iter::once(MADE).chain(shape.iter().map(|_| zero)));
    let sizes = list(stacked(shape, 1).iter());
    let types = list(std::iter::once(whole.as_str()).chain(std::iter::repeat_n(COUNT, shape.len() + 1)));
    let taken =
        turn.line(format!("stablehlo.dynamic_slice {fed}, {starts}, sizes = [{sizes}] : ({types}) -> {one}"));
    turn.turned("reshape", &taken, "", &one, &turn.of(shape))
}

/// Whether to go on, after numbers that are watched.
fn still(turn: &mut Body, on: String, value: &str, shape: &Shape) -> String {
    let (of, truths) = (turn.of(shape), tensor(shape, "i1"));
    let finite = turn.line(format!("stablehlo.is_finite {value} : ({of}) -> {truths}"));
    let all = turn.line(format!("stablehlo.constant dense<true> : {TRUTH}"));
    let axes = list(0..shape.len());
    let finite = turn.line(format!(
        "stablehlo.reduce({finite} init: {all}) applies stablehlo.and across dimensions = [{axes}] : ({truths}, {TRUTH}) -> {TRUTH}"
    ));
    turn.line(format!("stablehlo.and {on}, {finite} : {TRUTH}"))
}

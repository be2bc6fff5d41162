//! Lines of a module, and how types and constants are written.

use std::fmt::{Display, Write};

use ganatomy_tensor::Precision;

use super::spread::{is_shared, lies};

/// How a program's numbers are written and multiplied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numbers {
    /// Their type.
    pub float: Float,
    /// How exactly products are made; of double precision always as exactly as they can be.
    pub precision: Precision,
}

/// The type of a program's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Float {
    /// 32 bits.
    F32,
    /// 64 bits.
    F64,
}

impl Float {
    /// How StableHLO calls it.
    pub fn name(self) -> &'static str {
        match self {
            Float::F32 => "f32",
            Float::F64 => "f64",
        }
    }

    /// A number by its bits, so that nothing is lost in decimals.
    fn bits(self, value: f64) -> String {
        match self {
            Float::F32 => format!("0x{:08X}", (value as f32).to_bits()),
            Float::F64 => format!("0x{:016X}", value.to_bits()),
        }
    }

    /// The bytes of a number as they lie in memory.
    fn bytes(self, value: f64) -> String {
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02X}")).collect();
        match self {
            Float::F32 => hex(&(value as f32).to_le_bytes()),
            Float::F64 => hex(&value.to_le_bytes()),
        }
    }
}

/// `tensor<2x3xf32>`.
pub(super) fn tensor(shape: &[usize], element: &str) -> String {
    let lengths: String = shape.iter().map(|n| format!("{n}x")).collect();
    format!("tensor<{lengths}{element}>")
}

/// `1, 2, 3`.
pub(super) fn list<T: Display>(items: impl IntoIterator<Item = T>) -> String {
    let items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    items.join(", ")
}

/// The body of a function, line by line.
#[derive(Debug)]
pub(super) struct Body {
    /// The type of its numbers.
    pub float: Float,
    /// How exactly they are multiplied.
    pub precision: Precision,
    n_devices: usize,
    text: String,
    n_values: usize,
}

impl Body {
    /// An empty body of a program for so many devices.
    pub fn new(Numbers { float, precision }: Numbers, n_devices: usize) -> Body {
        Body { float, precision, n_devices, text: String::new(), n_values: 0 }
    }

    /// An empty body within the function of another, whose names it does not take again.
    pub fn within(outer: &Body) -> Body {
        Body { text: String::new(), ..*outer }
    }

    /// The text of all lines.
    pub fn into_text(self) -> String {
        self.text
    }

    /// Adds a line; returns the name of its value.
    pub fn line(&mut self, right: impl Display) -> String {
        self.line_named("", right)
    }

    /// Adds a line of several values; returns their names.
    pub fn lines(&mut self, n: usize, right: impl Display) -> Vec<String> {
        let name = self.line_named(&format!(":{n}"), right);
        (0..n).map(|i| format!("{name}#{i}")).collect()
    }

    fn line_named(&mut self, more: &str, right: impl Display) -> String {
        let name = format!("%v{}", self.n_values);
        self.n_values += 1;
        // Writing into a string cannot fail.
        let _written = writeln!(self.text, "    {name}{more} = {right}");
        name
    }

    /// A tensor of the program's numbers, as a type.
    pub fn of(&self, shape: &[usize]) -> String {
        tensor(shape, self.float.name())
    }

    /// One value everywhere.
    pub fn full(&mut self, shape: &[usize], value: f64) -> String {
        let (bits, of) = (self.float.bits(value), self.of(shape));
        self.line(format!("stablehlo.constant dense<{bits}> : {of}"))
    }

    /// A table of values.
    pub fn table(&mut self, shape: &[usize], values: impl ExactSizeIterator<Item = f64>) -> String {
        let of = self.of(shape);
        match values.len() {
            0 => self.line(format!("stablehlo.constant dense<> : {of}")),
            1 => self.full(shape, values.last().unwrap_or_default()),
            _ => {
                let bytes: String = values.map(|value| self.float.bytes(value)).collect();
                self.line(format!("stablehlo.constant dense<\"0x{bytes}\"> : {of}"))
            }
        }
    }

    /// A whole number everywhere.
    pub fn whole(&mut self, shape: &[usize], element: &str, value: u64) -> String {
        self.line(format!("stablehlo.constant dense<{value}> : {}", tensor(shape, element)))
    }

    /// An op of operands and a result of one type.
    pub fn alike(&mut self, op: &str, operands: &[&str], of: &str) -> String {
        self.line(format!("stablehlo.{op} {} : {of}", list(operands)))
    }

    /// An op of one operand and a result of another type.
    pub fn turned(&mut self, op: &str, operand: &str, more: &str, from: &str, to: &str) -> String {
        self.line(format!("stablehlo.{op} {operand}{more} : ({from}) -> {to}"))
    }

    /// Where a comparison of two tensors holds.
    pub fn compare(&mut self, how: &str, a: &str, b: &str, shape: &[usize]) -> String {
        let (of, to) = (self.of(shape), tensor(shape, "i1"));
        self.line(format!("stablehlo.compare {how}, {a}, {b}, FLOAT : ({of}, {of}) -> {to}"))
    }

    /// `where holds ? a : b`.
    pub fn select(&mut self, holds: &str, a: &str, b: &str, shape: &[usize]) -> String {
        let (of, truth) = (self.of(shape), tensor(shape, "i1"));
        self.line(format!("stablehlo.select {holds}, {a}, {b} : {truth}, {of}"))
    }

    /// The same tensor, cut along its first axis where several devices share that evenly: so that what is made of it is divided too.
    pub fn cut(&mut self, x: String, shape: &[usize]) -> String {
        if !is_shared(shape, 0, self.n_devices) {
            return x;
        }
        let (of, lies) = (self.of(shape), lies(shape.len(), Some(0)));
        self.line(format!("sdy.sharding_constraint {x} {lies} : {of}"))
    }

    /// The same elements as another type.
    pub fn convert(&mut self, x: &str, shape: &[usize], from: &str, to: &str) -> String {
        self.turned("convert", x, "", &tensor(shape, from), &tensor(shape, to))
    }

    /// A scalar stretched over a shape.
    pub fn stretch(&mut self, x: &str, shape: &[usize], element: &str) -> String {
        self.turned("broadcast_in_dim", x, ", dims = []", &tensor(&[], element), &tensor(shape, element))
    }
}

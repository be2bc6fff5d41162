//! Activations by name.

use ganatomy_record::{Fields, Range, SpecError};
use ganatomy_tensor::Tensor;

/// A nonlinearity between layers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Activation {
    /// `max(x, 0)`, or `slope x` below zero
    Rectifier(f64),
    /// Hyperbolic tangent
    Tanh,
    /// `1 / (1 + e^-x)`
    Sigmoid,
    /// `ln(1 + e^x)`
    Softplus,
}

impl Activation {
    /// Reads `activation` and, for the leaky rectifier, `slope`.
    ///
    /// # Errors
    /// A field whose value is not allowed.
    pub fn read(fields: &mut Fields<'_>, default: &str) -> Result<Activation, SpecError> {
        let names = ["relu", "leaky-relu", "tanh", "sigmoid", "softplus"];
        Ok(match fields.choice("activation", "between layers", default, &names)?.as_str() {
            "relu" => Activation::Rectifier(0.0),
            "leaky-relu" => {
                let range = Range::between(0.0, 1.0);
                Activation::Rectifier(fields.number("slope", "of leaky-relu below zero", 0.2, range)?)
            }
            "tanh" => Activation::Tanh,
            "sigmoid" => Activation::Sigmoid,
            _ => Activation::Softplus,
        })
    }

    /// Applies it.
    pub fn of(self, x: &Tensor) -> Tensor {
        match self {
            Activation::Rectifier(slope) => x.leaky_relu(slope),
            Activation::Tanh => x.tanh(),
            Activation::Sigmoid => x.sigmoid(),
            Activation::Softplus => x.softplus(),
        }
    }
}

//! Differentiable augmentation.

use ganatomy_record::{Fields, Range, SpecError};
use ganatomy_tensor::{Tensor, Trace};

use super::{Parts, Remedy, View};

/// D sees every image, real or generated, changed at random, and G's gradient flows through the change: brightness,
/// saturation and contrast; a shift; a square cut out (Zhao et al. 2020, DiffAugment, section 3.2). Colours of an image are
/// changed by `x + u - 1/2`, `mean_c + 2 u (x - mean_c)` and `mean + (u + 1/2) (x - mean)`, `u` uniform for each image.
///
/// # Shapes
/// - x: `[batch, h, w, c]`
///
/// Declared property: D cannot learn its few images by heart, and G does not learn the changes, which real images show too.
#[derive(Clone, Copy, Debug)]
pub struct Augmentation {
    colour: bool,
    shift: f64,
    cut: f64,
}

impl Augmentation {
    /// Reads the remedy's fields.
    pub fn read(fields: &mut Fields<'_>) -> Result<Augmentation, SpecError> {
        Ok(Augmentation {
            colour: fields.flag("colour", "change brightness, saturation and contrast", true)?,
            shift: fields.number(
                "shift",
                "largest shift, as a share of the side",
                0.125,
                Range::between(0.0, 0.5),
            )?,
            cut: fields.number(
                "cut",
                "side of the square cut out, as a share",
                0.5,
                Range::between(0.0, 1.0),
            )?,
        })
    }
}

impl Remedy for Augmentation {
    fn fit(&mut self, parts: &Parts<'_>) -> Result<(), String> {
        match parts.item.len() {
            3 => Ok(()),
            _ => Err(format!("changes images, and the data's items have shape {:?}", parts.item)),
        }
    }

    fn input(&self, view: &View<'_>, x: Tensor) -> Tensor {
        if view.done.is_none() {
            return x;
        }
        let n = x.shape()[0];
        let (h, w) = (x.shape()[1], x.shape()[2]);
        let drawn = |name: &str| view.trace.uniform(&format!("{}.{name}", view.purpose), [n, 1, 1, 1]);
        let mut x = x;
        if self.colour {
            x = x + (drawn("brightness") - 0.5);
            let grey = x.mean_kept(&[3]);
            x = &grey + drawn("saturation") * 2.0 * (&x - &grey);
            let flat = x.mean_kept(&[1, 2, 3]);
            x = &flat + (drawn("contrast") + 0.5) * (&x - &flat);
        }
        if self.shift > 0.0 {
            let by = |name: &str, side: usize| {
                let most = (side as f64 * self.shift + 0.5).floor();
                (drawn(name) * (2.0 * most + 1.0)).floor() - most
            };
            x = shifted(&x, &by("shift.rows", h));
            // Columns are rows of the transposed image.
            x = shifted(&x.permute(&[0, 2, 1, 3]), &by("shift.columns", w)).permute(&[0, 2, 1, 3]);
        }
        if self.cut > 0.0 {
            let inside = |name: &str, side: usize, axis: usize| {
                let centre = (drawn(name) * side as f64).floor();
                let mut shape = [1; 4];
                shape[axis] = side;
                let away = (counted(view.trace, shape) - centre).abs();
                1.0 - away.gt(side as f64 * self.cut * 0.5)
            };
            x = x * (1.0 - inside("cut.row", h, 1) * inside("cut.column", w, 2));
        }
        x
    }
}

/// 0, 1, 2, .. along the one axis that is longer than 1.
fn counted(trace: &Trace, shape: [usize; 4]) -> Tensor {
    let n: usize = shape.iter().product();
    trace.literal(shape, &(0..n).map(|i| i as f64).collect::<Vec<_>>())
}

/// Moves the rows of each image by its own whole number and fills in zeros: a product with a shifted unit matrix.
///
/// # Shapes
/// - x: `[n, h, w, c]`, by: `[n, 1, 1, 1]`
fn shifted(x: &Tensor, by: &Tensor) -> Tensor {
    let [n, h, w, c] = [x.shape()[0], x.shape()[1], x.shape()[2], x.shape()[3]];
    let trace = x.trace();
    let to = counted(trace, [1, h, 1, 1]).reshape([1, h, 1]);
    let from = counted(trace, [1, 1, h, 1]).reshape([1, 1, h]);
    let moves = (from + by.reshape([n, 1, 1])).eq(to.broadcast([n, h, h]));
    moves.matmul(&x.reshape([n, h, w * c])).reshape([n, h, w, c])
}

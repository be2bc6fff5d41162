//! Differentiable augmentation.

use ganatomy_record::{Fields, Range, SpecError};
use ganatomy_tensor::{Tensor, Trace};

use super::{Parts, Remedy, View};

/// D sees every image, real or generated, changed at random, and G's gradient flows through the change: brightness,
/// saturation and contrast; a shift; a square cut out (Zhao et al. 2020, DiffAugment, section 3.2). Colours of an image are
/// changed by `x + u - 1/2`, `mean_c + 2 u (x - mean_c)` and `mean + (u + 1/2) (x - mean)`, `u` uniform for each image. A
/// shift fills in zeros; the square's centre lies anywhere in the image, so that a part of it may lie outside.
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
                let width = (side as f64 * self.cut + 0.5).floor();
                // A square of an even side lies between pixels, of which there is one place more.
                let places = side as f64 + 1.0 - width % 2.0;
                let from = (drawn(name) * places).floor() - (width * 0.5).floor();
                let mut shape = [1; 4];
                shape[axis] = side;
                let middle = from + (width - 1.0) * 0.5;
                1.0 - (counted(view.trace, shape) - middle).abs().gt((width - 1.0) * 0.5)
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

#[cfg(test)]
mod tests {
    use ganatomy_tensor::{cpu::Key, interpret};

    use super::*;
    use crate::step::Mode;

    /// The widths that are cut out of images of ones, least and most.
    fn check(side: usize, cut: f64, expected: [usize; 2]) {
        let (trace, n) = (Trace::new(), 500);
        let done = trace.zeros([]);
        let (mode, purpose, done) = (Mode::Train, "d0.real", Some(&done));
        let view = View { trace: &trace, mode, purpose, done, labels: None };
        let cutting = Augmentation { colour: false, shift: 0.0, cut };
        let x = cutting.input(&view, trace.full([n, side, side, 1], 1.0));
        let found: Vec<f64> = interpret(&[&x], &Default::default(), Key::default()).unwrap().remove(0);
        let mut widths: Vec<usize> = Vec::new();
        for image in found.chunks(side * side) {
            let rows = image.chunks(side).map(|row| row.iter().filter(|x| **x == 0.0).count());
            let cut: Vec<usize> = rows.filter(|n| *n > 0).collect();
            assert!(cut.iter().all(|n| *n == cut[0]), "the cut is no rectangle: {cut:?}");
            widths.extend(cut.first());
            widths.extend((!cut.is_empty()).then_some(cut.len()));
        }
        let found = [widths.iter().min(), widths.iter().max()].map(|n| n.copied().unwrap_or(0));
        assert_eq!(found, expected, "{cut} of {side} pixels");
    }

    #[test]
    fn a_cut_is_as_wide_as_promised() {
        check(28, 0.5, [7, 14]);
        check(10, 0.5, [3, 5]);
        check(4, 0.25, [1, 1]);
        check(4, 1.0, [2, 4]);
        check(4, 0.1, [0, 0]);
    }
}

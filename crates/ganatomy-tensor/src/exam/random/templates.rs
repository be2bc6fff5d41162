//! Programs that random steps do not reach: joined batches, sums of weight gradients, Winograd's sizes, training steps.

use super::generate::Generator;
use super::plan::{Plan, What};
use crate::{Binary, ConvGeometry, ConvPass, Reduction, Shape, Unary};

impl Generator {
    fn shape_at(&self, at: usize) -> Shape {
        self.plan.steps[at].shape.clone()
    }

    fn map(&mut self, x: usize) -> usize {
        let shape = self.shape_at(x);
        let f = *self.dice.pick(&[Unary::Tanh, Unary::Softplus, Unary::Abs, Unary::Sigmoid]);
        self.plan.push(What::Unary(f), &[x], shape)
    }

    fn of_two(&mut self, f: Binary, a: usize, b: usize) -> usize {
        let shape = self.shape_at(a);
        self.plan.push(What::Binary(f), &[a, b], shape)
    }

    /// The same where the second has the larger shape.
    fn stretched(&mut self, f: Binary, a: usize, b: usize) -> usize {
        let shape = self.shape_at(b);
        self.plan.push(What::Binary(f), &[a, b], shape)
    }

    fn squared_sum(&mut self, x: usize) -> usize {
        let square = self.of_two(Binary::Mul, x, x);
        let axes = (0..self.shape_at(x).len()).collect();
        self.plan.push(What::Reduce(Reduction::Sum, axes), &[square], Shape::default())
    }

    fn slopes(mut self, loss: usize, by: &[usize], more: &[usize]) -> Plan {
        for (i, &x) in by.iter().enumerate() {
            let shape = self.shape_at(x);
            let slope = self.plan.push(What::Grad, &[loss, x], shape.clone());
            let state = matches!(self.plan.steps[x].what, What::Input(_)) && self.dice.percent(40);
            let (name, at) = match self.plan.steps[x].what {
                What::Input(n) if state => (format!("x{n}"), self.of_two(Binary::Sub, x, slope)),
                _ => (format!("slope{i}"), slope),
            };
            self.plan.outputs.push((name, at));
        }
        for (i, &at) in more.iter().enumerate() {
            self.plan.outputs.push((format!("out{i}"), at));
        }
        if self.dice.percent(50) {
            self.plan.outputs.push(("loss".to_owned(), loss));
        }
        self.plan.pruned()
    }

    /// Several batches through the same layers, and the gradients of the weights.
    pub fn batches(mut self) -> Plan {
        let (k, n) = (self.dice.within(1, 40), self.dice.within(40, 70));
        let (w, b) = (self.input([k, n]), self.input([n]));
        let next = self.dice.within(30, 64);
        let v = self.input([n, next]);
        let whole = self.dice.percent(40);
        let lanes = self.dice.within(2, 3);
        let all = self.input([lanes * 200, k]);
        // A column that all lanes have in common, which is no row that they share.
        let same_rows = self.dice.percent(40).then(|| self.dice.within(100, 180));
        let column = same_rows.map(|rows| self.input([rows, 1]));
        let f = *self.dice.pick(&[Binary::Add, Binary::Sub]);
        let (mut start, mut results, mut losses) = (0, Vec::new(), Vec::new());
        for _ in 0..lanes {
            let rows = same_rows.unwrap_or_else(|| self.dice.within(100, 180));
            let x = if whole {
                self.plan.push(What::Slice(vec![start, 0]), &[all], [rows, k])
            } else {
                self.input([rows, k])
            };
            start += rows;
            let product = self.plan.push(What::MatMul(false, false), &[x, w], [rows, n]);
            let exchanged = self.dice.percent(30);
            let mut y = if exchanged { self.stretched(f, b, product) } else { self.of_two(f, product, b) };
            if let Some(column) = column {
                y = self.of_two(Binary::Mul, y, column);
            }
            y = self.map(y);
            if self.dice.percent(60) {
                y = self.plan.push(What::MatMul(false, false), &[y, v], [rows, next]);
                y = self.map(y);
            }
            losses.push(self.squared_sum(y));
            results.push(y);
        }
        self.finish(losses, &[w, b, v], &results)
    }

    /// The same layer again and again: batches that look alike, of which each depends on the one before.
    pub fn chain(mut self) -> Plan {
        let n = self.dice.within(60, 70);
        let (w, b, mut x) = (self.input([n, n]), self.input([n]), self.input([72, n]));
        let mut losses = Vec::new();
        for _ in 0..self.dice.within(2, 3) {
            let product = self.plan.push(What::MatMul(false, false), &[x, w], [72, n]);
            let y = self.of_two(Binary::Add, product, b);
            x = self.map(y);
            losses.push(self.squared_sum(x));
        }
        self.finish(losses, &[w, b], &[x])
    }

    fn finish(mut self, losses: Vec<usize>, by: &[usize], results: &[usize]) -> Plan {
        let mut loss = losses[0];
        for &other in &losses[1..] {
            let f = *self.dice.pick(&[Binary::Add, Binary::Sub]);
            loss = self.of_two(f, loss, other);
        }
        let more: Vec<usize> = results.iter().copied().filter(|_| self.dice.percent(30)).collect();
        self.slopes(loss, by, &more)
    }

    /// Images of one size in memory and of several heights and widths, convolved with the same weights.
    pub fn unlike_images(mut self) -> Plan {
        let (h, w, c) = (self.dice.within(1, 6), self.dice.within(1, 6), self.dice.within(1, 3));
        let sizes = [[h, w], [w, h], [1, h * w], [h * w, 1]];
        let kernel = [self.dice.within(1, 2), self.dice.within(1, 2)];
        let c_out = self.dice.within(1, 5);
        let weights = self.input([kernel[0], kernel[1], c, c_out]);
        let lanes = self.dice.within(2, 3);
        let whole = self.input([lanes * 2, h * w * c]);
        let apart = self.dice.percent(30);
        let plain = ConvGeometry::strided(1, 1);
        // Another map from and to the same sizes.
        let wider = ConvGeometry { pad: [2; 2], dilation: [3; 2], ..plain };
        let flat = self.dice.percent(50);
        let (mut losses, mut results) = (Vec::new(), Vec::new());
        for lane in 0..lanes {
            let [h, w] = if self.dice.percent(50) { sizes[0] } else { *self.dice.pick(&sizes) };
            let x = if apart {
                let x = self.input([2, h * w * c]);
                self.map(x)
            } else {
                self.plan.push(What::Slice(vec![2 * lane, 0]), &[whole], [2, h * w * c])
            };
            let x = self.plan.push(What::Reshape, &[x], [2, h, w, c]);
            let unlike = kernel == [2, 2] && self.dice.percent(30);
            let geometry = if unlike { wider } else { plain };
            let out = [0, 1].map(|i| geometry.out_len(i, [h, w][i], kernel[i]).unwrap_or(0));
            let of = [2, out[0], out[1], c_out];
            let mut y = self.plan.push(What::Conv(ConvPass::Forward, geometry), &[x, weights], of);
            if flat {
                y = self.plan.push(What::Reshape, &[y], [2, out[0] * out[1] * c_out]);
                y = self.map(y);
            }
            losses.push(self.squared_sum(y));
            results.push(y);
        }
        self.finish(losses, &[weights, whole], &results)
    }

    /// A convolution of 4 x 4 taps in steps of two, in all its passes, with work on its tiles.
    pub fn winograd(mut self) -> Plan {
        let geometry = ConvGeometry::strided(2, 1);
        let (h, w) = (self.dice.within(2, 13), self.dice.within(2, 13));
        let channels = [self.dice.within(15, 19), self.dice.within(16, 18)];
        let tiles = (h / 2).div_ceil(2) * (w / 2).div_ceil(2);
        // Enough tiles for fewer multiplications to pay.
        let n = self.dice.within(60, 70).div_ceil(tiles);
        let x = self.input([n, h, w, channels[0]]);
        let k = self.input([4, 4, channels[0], channels[1]]);
        let (oh, ow) = (h / 2, w / 2);
        let y = self.plan.push(What::Conv(ConvPass::Forward, geometry), &[x, k], [n, oh, ow, channels[1]]);
        let bias = self.input([channels[1]]);
        let z = self.of_two(Binary::Add, y, bias);
        let z = self.map(z);
        let back = self.plan.push(What::Conv(ConvPass::InputGrad, geometry), &[z, k], [n, h, w, channels[0]]);
        let which = if self.dice.percent(50) { z } else { self.map(back) };
        let loss = self.squared_sum(which);
        self.slopes(loss, &[x, k, bias], &[y])
    }

    /// A small network with standardised layers, its loss, and one step of its parameters with momentum.
    pub fn training_step(mut self) -> Plan {
        let (rows, inner) = (self.dice.within(1, 40), self.dice.within(1, 40));
        let depth = self.dice.within(1, 3);
        let mut x = self.input([rows, inner]);
        let mut params = Vec::new();
        for _ in 0..depth {
            let (k, n) = (self.shape_at(x)[1], self.dice.within(1, 33));
            let (w, b) = (self.input([k, n]), self.input([n]));
            params.extend([w, b]);
            x = self.plan.push(What::MatMul(false, false), &[x, w], [rows, n]);
            if self.dice.percent(50) {
                x = self.plan.push(What::Normalize(vec![0]), &[x], [rows, n]);
            }
            x = self.of_two(Binary::Add, x, b);
            x = self.map(x);
        }
        let loss = self.squared_sum(x);
        for (i, &p) in params.iter().enumerate() {
            let shape = self.shape_at(p);
            let slope = self.plan.push(What::Grad, &[loss, p], shape.clone());
            let moment = self.input(shape.clone());
            let rate = self.plan.push(What::Full(0.1), &[], shape);
            let scaled = self.of_two(Binary::Mul, moment, rate);
            let next = self.of_two(Binary::Add, scaled, slope);
            let step = self.of_two(Binary::Mul, next, rate);
            let moved = self.of_two(Binary::Sub, p, step);
            for (of, value) in [(moment, next), (p, moved)] {
                if let (What::Input(n), true) = (&self.plan.steps[of].what, i < 4) {
                    self.plan.outputs.push((format!("x{n}"), value));
                }
            }
        }
        self.plan.outputs.push(("loss".to_owned(), loss));
        self.plan.pruned()
    }
}

/// The program of a seed. Templates of large products are rare, as they take as long as a hundred others.
pub(super) fn program(seed: u64) -> Plan {
    let generator = Generator::new(seed);
    match seed % 1000 {
        0..=3 => generator.batches(),
        58..=59 => generator.chain(),
        4..=23 => generator.unlike_images(),
        24..=27 => generator.winograd(),
        28..=57 => generator.training_step(),
        _ => generator.program(),
    }
}

//! Random programs: every op, on small shapes that are often empty, of length one or odd.

use super::dice::Dice;
use super::plan::{Plan, What};
use crate::{Binary, ConvGeometry, ConvPass, Distribution, Reduction, Scalar, Shape, Unary};

/// Elements of a tensor: of most programs, of long ones, whose tensors take several chunks of a pass, and of wide ones.
const MOST: [usize; 3] = [400, 2_000, 20_000];
/// Wide and long programs among a thousand: a wide one takes as long as fifty others.
const WIDE: usize = 12;
const LONG: usize = 80;
/// Multiply-adds of a product.
const MOST_TERMS: usize = 400_000;

pub(super) struct Generator {
    pub dice: Dice,
    pub plan: Plan,
    pub most: usize,
    n_inputs: usize,
}

impl Generator {
    pub fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let kind = dice.below(1000);
        dice.long = (WIDE..WIDE + LONG).contains(&kind);
        let most = if kind < WIDE { MOST[2] } else { MOST[usize::from(dice.long)] };
        Generator { dice, plan: Plan::default(), most, n_inputs: 0 }
    }

    /// A program of random steps.
    pub fn program(mut self) -> Plan {
        let rank = self.dice.below(6);
        let shape = self.dice.shape(rank, self.most);
        self.input(shape);
        for _ in 0..self.dice.within(2, 14) {
            self.step();
        }
        self.derivatives();
        self.outputs();
        self.plan.pruned()
    }

    pub fn input(&mut self, shape: impl Into<Shape>) -> usize {
        self.n_inputs += 1;
        self.plan.push(What::Input(self.n_inputs), &[], shape)
    }

    fn index(&mut self, n: usize, below: usize) -> usize {
        self.n_inputs += 1;
        self.plan.push(What::Index(self.n_inputs, below), &[], [n])
    }

    pub fn shape(&self, at: usize) -> Shape {
        self.plan.steps[at].shape.clone()
    }

    /// An earlier tensor: more often a late one.
    pub fn any(&mut self) -> usize {
        let n = self.plan.steps.len();
        let from = if self.dice.percent(60) { n.saturating_sub(4) } else { 0 };
        from + self.dice.below(n - from)
    }

    /// An earlier tensor of this shape, or a fresh one.
    pub fn like(&mut self, shape: &Shape) -> usize {
        let known: Vec<usize> =
            (0..self.plan.steps.len()).filter(|&at| self.plan.steps[at].shape == *shape).collect();
        if !known.is_empty() && self.dice.percent(75) {
            return *self.dice.pick(&known);
        }
        self.fresh(shape.clone())
    }

    fn fresh(&mut self, shape: Shape) -> usize {
        let salt = self.dice.below(1000);
        let what = match self.dice.below(10) {
            0 => What::Literal(salt),
            1 => What::Full(*self.dice.pick(&[0.0, 1.0, -1.0, 0.3, 2.0, -2.5])),
            2 => {
                let kinds = [Distribution::Uniform, Distribution::Normal, Distribution::Integer(5)];
                What::Random(*self.dice.pick(&kinds), salt % 5)
            }
            _ => return self.input(shape),
        };
        self.plan.push(what, &[], shape)
    }

    fn step(&mut self) {
        match self.dice.below(20) {
            0..=3 => self.unary(),
            4..=7 => self.binary(),
            8 => self.select(),
            9 | 10 => self.matmul(),
            11 => self.conv(),
            12..=14 => self.reduce(),
            15..=18 => self.views(),
            _ => self.rows(),
        }
    }

    fn unary(&mut self) {
        let x = self.any();
        let shape = self.shape(x);
        let slope = *self.dice.pick(&[0.0, 0.2, -0.3]);
        let f = match self.dice.below(14) {
            0 => {
                self.plan.push(What::Stop, &[x], shape);
                return;
            }
            13 => Unary::LeakyRelu(Scalar(slope)),
            n => Unary::ALL[n - 1],
        };
        let tame = matches!(f, Unary::Log | Unary::Sqrt | Unary::Rsqrt | Unary::Log1p | Unary::Exp);
        let x = if tame && self.dice.percent(80) { self.tamed(x, f == Unary::Exp) } else { x };
        self.plan.push(What::Unary(f), &[x], shape);
    }

    /// `|x| + 0.3`, or `tanh(x)`.
    fn tamed(&mut self, x: usize, bounded: bool) -> usize {
        let shape = self.shape(x);
        if bounded {
            return self.plan.push(What::Unary(Unary::Tanh), &[x], shape);
        }
        let x = self.plan.push(What::Unary(Unary::Abs), &[x], shape.clone());
        let c = self.plan.push(What::Full(0.3), &[], shape.clone());
        self.plan.push(What::Binary(Binary::Add), &[x, c], shape)
    }

    fn binary(&mut self) {
        let a = self.any();
        let shape = self.shape(a);
        let f = *self.dice.pick(&Binary::ALL);
        let b = if self.dice.percent(15) {
            self.mixed(a)
        } else {
            let beside = if self.dice.percent(60) { shape.clone() } else { self.shrunk(&shape) };
            self.like(&beside)
        };
        let a = if f == Binary::Pow && self.dice.percent(90) { self.tamed(a, false) } else { a };
        let b = if f == Binary::Div && self.dice.percent(80) { self.tamed(b, false) } else { b };
        let b = if f == Binary::Pow && self.dice.percent(50) {
            let power = *self.dice.pick(&[2.0, 0.5, -0.5, 1.0, 0.0, 3.0, 1.5]);
            self.plan.push(What::Full(power), &[], Shape::default())
        } else {
            b
        };
        let (a, b) = if f != Binary::Pow && self.dice.percent(30) { (b, a) } else { (a, b) };
        self.plan.push(What::Binary(f), &[a, b], shape);
    }

    /// The same elements in another order, or one of its rows: what must not be read when it has been overwritten.
    fn mixed(&mut self, a: usize) -> usize {
        let shape = self.shape(a);
        let rank = shape.len();
        if rank > 0 && shape[0] > 0 && self.dice.percent(40) {
            let row: Shape = [1].into_iter().chain(shape[1..].iter().copied()).collect();
            let start = [self.dice.below(shape[0])].into_iter().chain(vec![0; rank - 1]).collect();
            return self.plan.push(What::Slice(start), &[a], row);
        }
        let order = self.dice.order(rank);
        let turned: Shape = order.iter().map(|&axis| shape[axis]).collect();
        let turned = self.plan.push(What::Permute(order), &[a], turned);
        self.plan.push(What::Reshape, &[turned], shape)
    }

    /// A shape that stretches to this one.
    fn shrunk(&mut self, shape: &Shape) -> Shape {
        let first = self.dice.below(shape.len() + 1);
        shape[first..].iter().map(|&n| if self.dice.percent(40) { 1 } else { n }).collect()
    }

    fn select(&mut self) {
        let a = self.any();
        let shape = self.shape(a);
        let (b, d) = (self.like(&shape), self.like(&shape));
        let c = self.plan.push(What::Binary(Binary::Gt), &[d, b], shape.clone());
        self.plan.push(What::Select, &[c, a, b], shape);
    }

    fn matmul(&mut self) {
        let a = self.any();
        let a = if self.shape(a).len() < 2 {
            let s = self.dice.shape(2, self.most);
            self.like(&s)
        } else {
            a
        };
        let shape = self.shape(a);
        let rank = shape.len();
        let (left, right) = (self.dice.percent(30), self.dice.percent(30));
        let (m, k) =
            if left { (shape[rank - 1], shape[rank - 2]) } else { (shape[rank - 2], shape[rank - 1]) };
        let batch = &shape[..rank - 2];
        let n_batch: usize = batch.iter().product();
        let square = self.dice.percent(20);
        let n = if square { k } else { self.dice.len() };
        if n_batch * k * n > self.most || n_batch * m * n > self.most || n_batch * m * n * k > MOST_TERMS {
            return;
        }
        let mat = if right { [n, k] } else { [k, n] };
        let b = self.factor(batch, mat);
        let out: Shape = batch.iter().copied().chain([m, n]).collect();
        let product = self.plan.push(What::MatMul(left, right), &[a, b], out.clone());
        if out == shape && square {
            // What follows a product on its tiles reads an operand that the product still needs.
            let f = *self.dice.pick(&[Binary::Add, Binary::Mul, Binary::Sub]);
            self.plan.push(What::Binary(f), &[product, a], out);
        }
    }

    /// A right operand of a product, sometimes as another matrix transposed.
    fn factor(&mut self, batch: &[usize], [rows, cols]: [usize; 2]) -> usize {
        let of = |mat: [usize; 2]| batch.iter().copied().chain(mat).collect::<Shape>();
        if !self.dice.percent(30) {
            return self.like(&of([rows, cols]));
        }
        let (from, n) = (self.like(&of([cols, rows])), batch.len());
        let order = (0..n).chain([n + 1, n]).collect();
        self.plan.push(What::Permute(order), &[from], of([rows, cols]))
    }

    fn conv(&mut self) {
        let dice = &mut self.dice;
        let groups = *dice.pick(&[1, 1, 1, 2, 3]);
        let mut pair = |low, high| [dice.within(low, high), dice.within(low, high)];
        let geometry = ConvGeometry { stride: pair(1, 3), pad: pair(0, 3), dilation: pair(1, 2), groups };
        let ([h, w], [kh, kw]) = (pair(1, 9), pair(1, 4));
        let group = |dice: &mut Dice| if dice.percent(3) { 0 } else { dice.within(1, 3) };
        let (n, c_in, c_out) = (self.dice.within(1, 3), group(&mut self.dice), group(&mut self.dice));
        let x = Shape::from([n, h, w, c_in * groups]);
        let kernel = Shape::from([kh, kw, c_in, c_out * groups]);
        let (Some(oh), Some(ow)) = (geometry.out_len(0, h, kh), geometry.out_len(1, w, kw)) else { return };
        let y = Shape::from([n, oh, ow, c_out * groups]);
        let (pass, a, b, out) = match self.dice.below(4) {
            0 => (ConvPass::InputGrad, &y, &kernel, &x),
            1 => (ConvPass::WeightGrad, &x, &y, &kernel),
            _ => (ConvPass::Forward, &x, &kernel, &y),
        };
        let (a, b) = (self.images(a), self.like(b));
        self.plan.push(What::Conv(pass, geometry), &[a, b], out.clone());
    }

    /// Images: an earlier tensor of as many elements under another shape, if there is one.
    fn images(&mut self, shape: &Shape) -> usize {
        let fits = |step: &super::plan::Step| step.shape.numel() == shape.numel() && step.shape != *shape;
        match self.plan.steps.iter().position(fits) {
            Some(at) => self.plan.push(What::Reshape, &[at], shape.clone()),
            None => self.like(shape),
        }
    }

    fn reduce(&mut self) {
        let x = self.any();
        let shape = self.shape(x);
        let (rank, full) = (shape.len(), shape.numel() > 0);
        let mut axes = self.dice.some(rank);
        let order = self.dice.order(axes.len());
        axes = order.into_iter().map(|i| axes[i]).collect();
        let less = shape.without(&axes);
        let kind = *self.dice.pick(&[Reduction::Sum, Reduction::Max, Reduction::Min]);
        match self.dice.below(8) {
            0 if full => {
                self.plan.push(What::Mean(axes), &[x], less);
            }
            1 if full && rank > 0 => {
                let axis = self.dice.below(rank);
                let kind = *self.dice.pick(&[Reduction::Max, Reduction::Min]);
                self.plan.push(What::Arg(kind, axis), &[x], shape.without(&[axis]));
            }
            2 if full && rank > 0 => {
                self.plan.push(What::Normalize(axes), &[x], shape);
            }
            _ if full || kind == Reduction::Sum => {
                self.plan.push(What::Reduce(kind, axes), &[x], less);
            }
            _ => {}
        }
    }

    fn rows(&mut self) {
        let x = self.any();
        let shape = self.shape(x);
        let Some(&rows) = shape.first() else { return };
        if let [k, d, n] = shape[..]
            && k * d * n * n <= MOST[1]
            && self.dice.percent(60)
        {
            self.plan.push(What::Nearness, &[x], [k, n]);
            return;
        }
        let row: Vec<usize> = shape[1..].to_vec();
        let gather = self.dice.percent(50);
        let n = self.dice.len();
        if n * row.iter().product::<usize>() > self.most {
            return;
        }
        let index = if gather { self.index(n, rows) } else { self.index(rows, n) };
        let new: Vec<usize> = [n].into_iter().chain(row).collect();
        self.plan.push(if gather { What::Gather } else { What::Scatter }, &[x, index], new);
    }

    /// Gradients of some tensor by some others, and of these again.
    pub fn derivatives(&mut self) {
        let mut y = self.any();
        for order in 0..2 {
            if !self.dice.percent(if order == 0 { 60 } else { 40 }) {
                return;
            }
            for _ in 0..self.dice.within(1, 3) {
                let x = self.dice.below(y + 1);
                let shape = self.shape(x);
                if self.dice.percent(15) {
                    let v = self.like(&shape);
                    let of = self.shape(y);
                    self.plan.push(What::Jvp, &[y, x, v], of);
                } else {
                    self.plan.push(What::Grad, &[y, x], shape);
                }
            }
            y = self.plan.steps.len() - 1;
        }
    }

    /// Names some tensors: an input's name if it has the shape, which makes it state.
    pub fn outputs(&mut self) {
        let n = self.plan.steps.len();
        let mut chosen = vec![n - 1];
        for _ in 0..self.dice.below(4) {
            chosen.push(self.any());
        }
        for (i, at) in chosen.into_iter().enumerate() {
            let mut inputs = Vec::new();
            for step in &self.plan.steps {
                if let What::Input(number) = step.what
                    && step.shape == self.plan.steps[at].shape
                {
                    inputs.push(format!("x{number}"));
                }
            }
            inputs.retain(|name| !self.plan.outputs.iter().any(|(known, _)| known == name));
            let state = !inputs.is_empty() && self.dice.percent(50);
            let name = if state { self.dice.pick(&inputs).clone() } else { format!("out{i}") };
            self.plan.outputs.push((name, at));
        }
    }
}

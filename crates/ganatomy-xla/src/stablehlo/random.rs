//! Philox4x32-10 (Salmon et al. 2011) as whole-number ops: the very words that the CPU draws.
//!
//! Positions are numbered in blocks of 256: word `lane` of counter `c` is at `256 (c / 64) + 64 lane + c % 64`.

use ganatomy_tensor::Distribution;

use super::movement::{reshape, slice};
use super::text::{Body, list, tensor};

const ROUNDS: usize = 10;
const MULTIPLIERS: [u64; 2] = [0xD251_1F53, 0xCD9E_8D57];
const WEYL: [u64; 2] = [0x9E37_79B9, 0xBB67_AE85];
/// Of the finaliser of SplitMix64: an addition, and a shift and a product twice.
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;
const MIX: [(u64, u64); 2] = [(30, 0xBF58_476D_1CE4_E5B9), (27, 0x94D0_49BB_1331_11EB)];
/// Counters in a block.
const COUNTERS: usize = 64;

/// Whole numbers of 64 bits of one shape.
struct Words<'a> {
    body: &'a mut Body,
    shape: Vec<usize>,
}

impl Words<'_> {
    fn of(&self) -> String {
        tensor(&self.shape, "ui64")
    }

    fn with(&mut self, op: &str, a: &str, b: &str) -> String {
        let of = self.of();
        self.body.alike(op, &[a, b], &of)
    }

    fn by(&mut self, op: &str, a: &str, b: u64) -> String {
        let b = self.body.whole(&self.shape.clone(), "ui64", b);
        self.with(op, a, &b)
    }

    /// The lower 32 bits.
    fn low(&mut self, x: &str) -> String {
        self.by("and", x, 0xFFFF_FFFF)
    }

    /// The upper 32 bits.
    fn high(&mut self, x: &str) -> String {
        self.by("shift_right_logical", x, 32)
    }

    /// The finaliser of SplitMix64.
    fn mixed(&mut self, x: &str) -> String {
        let mut x = self.by("add", x, GOLDEN);
        for (shift, factor) in MIX {
            let shifted = self.by("shift_right_logical", &x, shift);
            let crossed = self.with("xor", &x, &shifted);
            x = self.by("multiply", &crossed, factor);
        }
        let shifted = self.by("shift_right_logical", &x, 31);
        self.with("xor", &x, &shifted)
    }
}

/// The four words of every counter of a number of blocks, each `[blocks, 64]`, in 64 bits.
fn philox(body: &mut Body, purpose: u64, n_blocks: usize) -> [String; 4] {
    let mut scalar = Words { body, shape: Vec::new() };
    let purpose = scalar.body.whole(&[], "ui64", purpose);
    let purpose = scalar.mixed(&purpose);
    let stream = scalar.with("xor", "%seed", &purpose);
    let stream = scalar.mixed(&stream);
    let key = [scalar.low(&stream), scalar.high(&stream)];
    let step = [scalar.low("%step"), scalar.high("%step")];
    let shape = vec![n_blocks, COUNTERS];
    let place = |body: &mut Body, dim: usize| {
        body.line(format!("stablehlo.iota dim = {dim} : {}", tensor(&[n_blocks, COUNTERS], "ui64")))
    };
    let (block, within) = (place(scalar.body, 0), place(scalar.body, 1));
    let [mut key, step] = [key, step].map(|pair| pair.map(|x| scalar.body.stretch(&x, &shape, "ui64")));
    let mut words = Words { body: scalar.body, shape };
    let first = words.by("multiply", &block, COUNTERS as u64);
    let counter = words.with("add", &first, &within);
    let mut w = [words.low(&counter), words.high(&counter), step[0].clone(), step[1].clone()];
    for _ in 0..ROUNDS {
        let [p0, p1] = [(0, 0), (1, 2)].map(|(i, j)| words.by("multiply", &w[j], MULTIPLIERS[i]));
        let [h0, h1] = [&p0, &p1].map(|p| words.high(p));
        let [l0, l1] = [&p0, &p1].map(|p| words.low(p));
        let a = words.with("xor", &h1, &w[1]);
        let b = words.with("xor", &h0, &w[3]);
        w = [words.with("xor", &a, &key[0]), l1, words.with("xor", &b, &key[1]), l0];
        key = [0, 1].map(|i| {
            let next = words.by("add", &key[i], WEYL[i]);
            words.low(&next)
        });
    }
    w
}

/// Random numbers of a shape.
pub(super) fn random(body: &mut Body, from: Distribution, purpose: u64, to: &[usize]) -> String {
    let n: usize = to.iter().product();
    let n_blocks = n.div_ceil(4 * COUNTERS);
    let shape = [n_blocks, COUNTERS];
    let words = philox(body, purpose, n_blocks);
    let lanes = match from {
        Distribution::Uniform => words.map(|word| share(body, &word, 8, 24, 0.0, &shape)),
        Distribution::Integer(n) => words.map(|word| {
            let mut whole = Words { body: &mut *body, shape: shape.to_vec() };
            let product = whole.by("multiply", &word, u64::from(n));
            let picked = whole.high(&product);
            body.convert(&picked, &shape, "ui64", body.float.name())
        }),
        Distribution::Normal => {
            let [a, b, c, d] = words;
            let [[p, q], [r, s]] = [[a, b], [c, d]].map(|pair| box_muller(body, &pair, &shape));
            [p, q, r, s]
        }
    };
    let apart = [n_blocks, 1, COUNTERS];
    let lanes = lanes.map(|lane| reshape(body, &lane, &shape, &apart));
    let (from, all) = (list(std::iter::repeat_n(body.of(&apart), 4)), [n_blocks, 4, COUNTERS]);
    let joined = format!("stablehlo.concatenate {}, dim = 1 : ({from}) -> {}", list(&lanes), body.of(&all));
    let joined = body.line(joined);
    let flat = [n_blocks * 4 * COUNTERS];
    let joined = reshape(body, &joined, &all, &flat);
    let cut = slice(body, &joined, &[0], &flat, &[n]);
    reshape(body, &cut, &[n], to)
}

/// The upper bits of a word as a share of 1: `(word >> shift + more) / 2^bits`.
fn share(body: &mut Body, word: &str, shift: u64, bits: i32, more: f64, shape: &[usize]) -> String {
    let mut words = Words { body: &mut *body, shape: shape.to_vec() };
    let upper = words.by("shift_right_logical", word, shift);
    let upper = body.convert(&upper, shape, "ui64", body.float.name());
    let (more, scale, of) = (body.full(shape, more), body.full(shape, 2f64.powi(-bits)), body.of(shape));
    let upper = body.alike("add", &[&upper, &more], &of);
    body.alike("multiply", &[&upper, &scale], &of)
}

/// Two normal numbers of two words (Box and Muller 1958).
fn box_muller(body: &mut Body, [first, second]: &[String; 2], shape: &[usize]) -> [String; 2] {
    let of = body.of(shape);
    let (u, v) = (share(body, first, 9, 23, 0.5, shape), share(body, second, 8, 24, 0.0, shape));
    let (minus_two, tau) = (body.full(shape, -2.0), body.full(shape, std::f64::consts::TAU));
    let log = body.alike("log", &[&u], &of);
    let square = body.alike("multiply", &[&log, &minus_two], &of);
    let radius = body.alike("sqrt", &[&square], &of);
    let angle = body.alike("multiply", &[&v, &tau], &of);
    ["cosine", "sine"].map(|f| {
        let turned = body.alike(f, &[&angle], &of);
        body.alike("multiply", &[&radius, &turned], &of)
    })
}

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

/// The four words of every counter of a number of blocks, each `[blocks, 64]`, in 64 bits; with the axis of the members in front where each
/// has a seed of its own.
fn philox(body: &mut Body, purpose: u64, seeds: Option<&[u64]>, shape: &[usize]) -> [String; 4] {
    let lead = seeds.map_or(&[][..], |_| &shape[..1]);
    let mut own = Words { body, shape: lead.to_vec() };
    let purpose = own.body.whole(lead, "ui64", purpose);
    let purpose = own.mixed(&purpose);
    let seed = match seeds {
        None => "%seed".to_owned(),
        Some(seeds) => {
            let apart = format!("stablehlo.constant dense<[{}]> : {}", list(seeds), own.of());
            let (apart, seed) = (own.body.line(apart), own.body.stretch("%seed", lead, "ui64"));
            own.with("xor", &seed, &apart)
        }
    };
    let stream = own.with("xor", &seed, &purpose);
    let stream = own.mixed(&stream);
    let key = [own.low(&stream), own.high(&stream)];
    let whole = tensor(shape, "ui64");
    let over = |body: &mut Body, x: &str| {
        let dims = format!(", dims = [{}]", list(0..lead.len()));
        body.turned("broadcast_in_dim", x, &dims, &tensor(lead, "ui64"), &whole)
    };
    let mut key = key.map(|x| over(own.body, &x));
    let mut scalar = Words { body: own.body, shape: Vec::new() };
    let step = [scalar.low("%step"), scalar.high("%step")];
    let step = step.map(|x| scalar.body.stretch(&x, shape, "ui64"));
    let place = |body: &mut Body, dim: usize| body.line(format!("stablehlo.iota dim = {dim} : {whole}"));
    let (block, within) = (place(scalar.body, lead.len()), place(scalar.body, lead.len() + 1));
    let mut words = Words { body: scalar.body, shape: shape.to_vec() };
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

/// Random numbers of a shape; of members along its first axis where they are given, each by what the seed is XORed with.
pub(super) fn random(
    body: &mut Body,
    from: Distribution,
    purpose: u64,
    seeds: Option<&[u64]>,
    to: &[usize],
) -> String {
    let lead = seeds.map_or(&[][..], |_| &to[..1]);
    let with = |more: &[usize]| lead.iter().chain(more).copied().collect::<Vec<usize>>();
    let n: usize = to[lead.len()..].iter().product();
    let n_blocks = n.div_ceil(4 * COUNTERS);
    let shape = with(&[n_blocks, COUNTERS]);
    let words = philox(body, purpose, seeds, &shape);
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
    let (apart, all) = (with(&[n_blocks, 1, COUNTERS]), with(&[n_blocks, 4, COUNTERS]));
    let lanes = lanes.map(|lane| reshape(body, &lane, &shape, &apart));
    let (from, axis) = (list(std::iter::repeat_n(body.of(&apart), 4)), lead.len() + 1);
    let joined =
        format!("stablehlo.concatenate {}, dim = {axis} : ({from}) -> {}", list(&lanes), body.of(&all));
    let joined = body.line(joined);
    let (flat, cut) = (with(&[n_blocks * 4 * COUNTERS]), with(&[n]));
    let joined = reshape(body, &joined, &all, &flat);
    let kept = slice(body, &joined, &vec![0; flat.len()], &flat, &cut);
    reshape(body, &kept, &cut, to)
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

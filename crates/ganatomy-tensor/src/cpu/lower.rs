//! Lowering: the kernels of a program planned for this processor, with every tensor given its place.

use super::barriers::{Span, Touch, barriers};
use super::frame::Place;
use super::level::Level;
use super::movement::Movement;
use super::native::Native;
use super::pass::{PassPlan, Scratch};
use super::product::Product;
use super::reduce::ReducePlan;
use super::spec::{self, ConvSpec, MatMulSpec};
use super::work::Work;
use crate::aligned::Aligned;
use crate::compile::{Demand, Kernel, Memory, Pass, Program, operand, place};
use crate::op::{ConvPass, Op};
use crate::trace::{Node, NodeId};

/// Work of a map below this many simple operations is one task.
const TASK_WORK: usize = 1 << 15;
const MAX_TASKS: usize = 64;

/// One phase of one kernel.
#[derive(Clone, Copy, Debug)]
pub(super) struct Phase {
    pub kernel: usize,
    pub phase: usize,
    pub n_tasks: usize,
    /// Must all threads meet before it?
    pub barrier: bool,
}

/// A lowered program.
pub(super) struct Lowered<E> {
    pub kernels: Vec<Work<E>>,
    pub phases: Vec<Phase>,
    pub literals: Aligned<E>,
    pub arena_len: usize,
    /// What each phase touches.
    #[cfg(test)]
    pub touches: Vec<Touch>,
}

/// Products and reductions, whose workspace must be known before memory is planned.
enum Draft<E> {
    Product(Box<Product<E>>),
    Reduce(ReducePlan),
    Other,
}

/// Lowers a program whose named tensors are numbered by `names`.
pub(super) fn lower<E: Native>(program: &Program, names: &[String], level: Level) -> Lowered<E> {
    let nodes = &program.nodes;
    let stored = |id: NodeId| program.stored[id];
    let named = named_nodes(program, names);
    let mut drafts: Vec<Draft<E>> =
        program.kernels.iter().map(|kernel| draft(nodes, kernel, level)).collect();
    let workspace: Vec<usize> = drafts.iter().map(Draft::workspace).collect();
    let (literals, literal_starts) = literals::<E>(nodes);
    let memory = place(&Demand {
        nodes,
        stored: &stored,
        kernels: &program.kernels,
        inside: &program.inside,
        external: &|id| named[id].is_some() || literal_starts[id].is_some(),
        workspace: &workspace,
    });
    let at = |id: NodeId| match (named[id], literal_starts[id]) {
        (Some(i), _) => Place::Named(i),
        (_, Some(start)) => Place::Literal(start),
        _ => Place::Arena(memory.offset[id].unwrap_or(0)),
    };
    let mut kernels = Vec::with_capacity(drafts.len());
    for (i, kernel) in program.kernels.iter().enumerate() {
        let draft = std::mem::replace(&mut drafts[i], Draft::Other);
        kernels.push(finish(nodes, &stored, kernel, draft, &at, &memory, i));
    }
    let span = |id: NodeId| Span::new(at(id), nodes[id].shape.numel());
    let touch = |i: usize, phase: usize, n_tasks: usize| {
        let kernel = &program.kernels[i];
        let room = Span::new(Place::Arena(memory.workspace[i]), workspace[i]);
        let mut touch = Touch { alone: n_tasks == 1, ..Touch::default() };
        touch.writes.push(room);
        match (&kernels[i], kernel) {
            (Work::Product { product, .. }, Kernel::Product { node, .. })
                if let Some(packed) = product.packs(phase) =>
            {
                touch.reads.push(span(operand(nodes, &stored, nodes[*node].inputs[packed]).base));
            }
            _ => {
                touch.reads.extend(kernel.reads(nodes, &stored).into_iter().map(span));
                touch.writes.extend(kernel.writes().into_iter().map(span));
            }
        }
        touch
    };
    let (phases, _touches) = phases(&kernels, &touch);
    Lowered {
        kernels,
        phases,
        literals,
        arena_len: memory.len,
        #[cfg(test)]
        touches: _touches,
    }
}

impl<E: Native> Draft<E> {
    fn workspace(&self) -> usize {
        match self {
            Draft::Product(product) => product.shared_len(),
            Draft::Reduce(plan) => plan.workspace(),
            Draft::Other => 0,
        }
    }
}

/// The values of literal tables, one after another, and where each starts.
fn literals<E: Native>(nodes: &[Node]) -> (Aligned<E>, Vec<Option<usize>>) {
    let mut values = Vec::new();
    let mut starts = vec![None; nodes.len()];
    for (id, node) in nodes.iter().enumerate() {
        if let Op::Literal(table) = &node.op {
            starts[id] = Some(values.len());
            values.extend(table.iter().map(|value| E::from_f64(value.0)));
            values.resize(values.len().next_multiple_of(16), E::ZERO);
        }
    }
    let mut aligned = Aligned::zeros(values.len());
    aligned.copy_from_slice(&values);
    (aligned, starts)
}

/// Which named tensor each node is, if any.
fn named_nodes(program: &Program, names: &[String]) -> Vec<Option<usize>> {
    let number = |name: &String| names.iter().position(|known| known == name);
    let mut named: Vec<Option<usize>> = vec![None; program.nodes.len()];
    for (id, node) in program.nodes.iter().enumerate() {
        if let Op::Input(name) = &node.op {
            named[id] = number(name);
        }
    }
    for (name, id) in &program.outputs {
        named[*id] = number(name);
    }
    named
}

fn draft<E: Native>(nodes: &[Node], kernel: &Kernel, level: Level) -> Draft<E> {
    match kernel {
        Kernel::Product { node, .. } => Draft::Product(Box::new(product(nodes, *node, level))),
        Kernel::Reduce { node, pass } => {
            let input = &nodes[nodes[*node].inputs[0]].shape;
            let weight = 2 + pass.loads.len() + 4 * pass.steps.len();
            match &nodes[*node].op {
                Op::Reduce(kind, axes) => Draft::Reduce(ReducePlan::new(*kind, axes, input, weight)),
                _ => Draft::Other,
            }
        }
        Kernel::Map(_) | Kernel::Move { .. } => Draft::Other,
    }
}

/// The product of a matmul or convolution node.
fn product<E: Native>(nodes: &[Node], id: NodeId, level: Level) -> Product<E> {
    let node = &nodes[id];
    let shape = |i: usize| &nodes[node.inputs[i]].shape;
    match &node.op {
        Op::Conv(pass, geometry) => {
            let (x, w) = match pass {
                ConvPass::Forward => (shape(0), shape(1)),
                ConvPass::InputGrad => (&node.shape, shape(1)),
                ConvPass::WeightGrad => (shape(0), &node.shape),
            };
            let spec = ConvSpec {
                images: x[0],
                in_h: x[1],
                in_w: x[2],
                c_in: x[3],
                k_h: w[0],
                k_w: w[1],
                c_out: w[3],
                stride: geometry.stride,
                pad: geometry.pad,
                dilation: geometry.dilation,
                groups: geometry.groups,
            };
            let pass = match pass {
                ConvPass::Forward => spec::ConvPass::Forward,
                ConvPass::InputGrad => spec::ConvPass::InputGrad,
                ConvPass::WeightGrad => spec::ConvPass::WeightGrad,
            };
            Product::conv(&spec, pass, level)
        }
        op => {
            let (left, right) = match op {
                Op::MatMul { left_transposed, right_transposed } => (*left_transposed, *right_transposed),
                _ => (false, false),
            };
            let (a, out) = (shape(0), &node.shape);
            let rank = out.len();
            let spec = MatMulSpec {
                batch: out[..rank - 2].iter().product(),
                m: out[rank - 2],
                n: out[rank - 1],
                k: if left { a[rank - 2] } else { a[rank - 1] },
                a_transposed: left,
                b_transposed: right,
                a_batched: true,
                b_batched: true,
            };
            Product::matmul(&spec, level)
        }
    }
}

fn finish<E: Native>(
    nodes: &[Node],
    stored: &dyn Fn(NodeId) -> bool,
    kernel: &Kernel,
    draft: Draft<E>,
    at: &dyn Fn(NodeId) -> Place,
    memory: &Memory,
    i: usize,
) -> Work<E> {
    let argument = |id: NodeId| {
        let access = operand(nodes, stored, id);
        (at(access.base), access.offset)
    };
    let plan = |pass: &Pass| PassPlan::new(pass, at);
    match (kernel, draft) {
        (Kernel::Product { node, epilogue }, Draft::Product(product)) => Work::Product {
            product,
            a: argument(nodes[*node].inputs[0]),
            b: argument(nodes[*node].inputs[1]),
            c: at(*node),
            workspace: memory.workspace[i],
            epilogue: epilogue.as_ref().map(plan),
        },
        (Kernel::Reduce { node, pass }, Draft::Reduce(reduce)) => {
            Work::Reduce { plan: reduce, pass: plan(pass), out: at(*node), workspace: memory.workspace[i] }
        }
        (Kernel::Map(pass), _) => {
            let pass = plan(pass);
            let wanted = (pass.len * pass.weight() / TASK_WORK).clamp(1, MAX_TASKS);
            let n_tasks = wanted.min(pass.len.div_ceil(pass.granule())).max(1);
            Work::Map { pass, n_tasks }
        }
        (kernel, _) => {
            let id = kernel.position();
            Work::Move(Movement::new(nodes, id, at(id), &argument))
        }
    }
}

/// All phases in order, with the barriers that `touch` (of a kernel, phase and its tasks) makes necessary.
fn phases<E: Native>(
    kernels: &[Work<E>],
    touch: &dyn Fn(usize, usize, usize) -> Touch,
) -> (Vec<Phase>, Vec<Touch>) {
    let (mut all, mut touches) = (Vec::new(), Vec::new());
    for (kernel, work) in kernels.iter().enumerate() {
        let counts = match work {
            Work::Product { product, .. } => product.phases().to_vec(),
            Work::Reduce { plan, .. } => plan.phases(),
            Work::Map { n_tasks, .. } => vec![*n_tasks],
            Work::Move(movement) => vec![movement.n_tasks],
        };
        for (phase, n_tasks) in counts.into_iter().enumerate() {
            touches.push(touch(kernel, phase, n_tasks));
            all.push(Phase { kernel, phase, n_tasks, barrier: false });
        }
    }
    for (phase, barrier) in all.iter_mut().zip(barriers(&touches)) {
        phase.barrier = barrier;
    }
    (all, touches)
}

impl<E: Native> Lowered<E> {
    /// Scratch memory for one thread, enough for every kernel.
    pub fn scratch(&self) -> Scratch<E> {
        let passes = self.kernels.iter().filter_map(Work::pass);
        let slots = passes.map(|pass| pass.n_slots).max().unwrap_or(0);
        let [chunks, local] = self.scratch_lens();
        Scratch {
            chunks: Aligned::zeros(chunks),
            pointers: vec![std::ptr::null_mut(); slots],
            kept: vec![0; slots],
            local: Aligned::zeros(local),
        }
    }

    /// How many elements the passes and the products of one thread need beside the arena.
    fn scratch_lens(&self) -> [usize; 2] {
        let passes = self.kernels.iter().filter_map(Work::pass);
        let chunks = passes.map(|pass| pass.scratch_len).max().unwrap_or(0);
        let local = self.kernels.iter().map(|work| match work {
            Work::Product { product, .. } => product.local_len(),
            _ => 0,
        });
        [chunks, local.max().unwrap_or(0)]
    }

    /// The bytes of the arena, of the literal tables and of the scratch memory of so many threads.
    pub fn planned_bytes(&self, threads: usize) -> usize {
        let scratch: usize = self.scratch_lens().iter().sum();
        let n = self.arena_len.saturating_add(self.literals.len());
        n.saturating_add(scratch.saturating_mul(threads)).saturating_mul(size_of::<E>())
    }
}

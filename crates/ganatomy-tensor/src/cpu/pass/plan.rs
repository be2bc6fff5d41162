//! A pass made ready to run: operands with addresses, scratch slots shared by values in turn.

use super::load::Load;
use crate::compile::{Function, Pass};
use crate::cpu::frame::Place;
use crate::element::Element;
use crate::trace::NodeId;

/// Bytes of the first-level cache that a chunk of every operand may take.
const CACHE: usize = 32 * 1024;
/// A chunk is a multiple of this, so that random numbers are made in whole blocks.
const LEAST_CHUNK: usize = 256;
const MOST_CHUNK: usize = 2048;

/// A step with its operands as indices into the table of chunk pointers.
#[derive(Clone, Copy, Debug)]
pub(super) struct PlannedStep {
    pub function: Function,
    pub args: [usize; 3],
    pub out: usize,
}

/// A store: straight from the step that computes it, or copied when the chunk is done.
#[derive(Clone, Copy, Debug)]
pub(super) struct Store {
    pub slot: usize,
    pub to: Place,
    pub direct: bool,
}

/// A pass ready to run on ranges of its elements.
#[derive(Clone, Debug)]
pub(in crate::cpu) struct PassPlan<E> {
    pub len: usize,
    pub(super) loads: Vec<Load>,
    /// Constants, in the slots after the loads.
    pub(super) constants: Vec<E>,
    pub(super) steps: Vec<PlannedStep>,
    pub(super) stores: Vec<Store>,
    /// The slot that a reduction reads.
    pub result: Option<usize>,
    /// Entries of the pointer table.
    pub n_slots: usize,
    /// The scratch chunk that each slot uses, if any.
    pub(super) scratch: Vec<Option<usize>>,
    /// Elements of a chunk.
    pub chunk: usize,
    /// Elements of scratch in all.
    pub scratch_len: usize,
    /// The length of the innermost axis that strided loads have, or 1.
    pub row: usize,
}

impl<E: Element> PassPlan<E> {
    /// Plans a pass; `place` returns where its tensors are.
    pub fn new(pass: &Pass, place: &dyn Fn(NodeId) -> Place) -> Self {
        let loads: Vec<Load> =
            pass.loads.iter().map(|access| Load::new(access, place(access.base))).collect();
        let constants: Vec<E> = pass.constants.iter().map(|&c| E::from_f64(c)).collect();
        let pad = |args: &[usize]| {
            let mut all = [0; 3];
            all[..args.len()].copy_from_slice(args);
            all
        };
        let steps: Vec<PlannedStep> = pass
            .steps
            .iter()
            .map(|step| PlannedStep { function: step.function, args: pad(&step.args), out: step.out })
            .collect();
        let stores = plan_stores(pass, &loads, place);
        let n_slots = loads.len() + constants.len() + steps.len();
        let (scratch, n_scratch) = assign_scratch(pass, &loads, &stores, n_slots);
        let streams = n_scratch + stores.len() + loads.iter().filter(|load| load.is_linear()).count();
        let chunk = chunk_len(streams * size_of::<E>());
        let scratch_len = n_scratch * chunk;
        let row = loads.iter().filter_map(Load::row).max().unwrap_or(1).max(1);
        let (len, result) = (pass.len, pass.result);
        PassPlan { len, loads, constants, steps, stores, result, n_slots, scratch, chunk, scratch_len, row }
    }

    /// A rough cost of one element, in simple operations.
    pub fn weight(&self) -> usize {
        let heavy = |step: &PlannedStep| match step.function {
            Function::Random(..) => 24,
            Function::Unary(_) => 6,
            Function::Binary(_) | Function::Select | Function::MulAdd(_) => 1,
        };
        1 + self.loads.len() + self.stores.len() + self.steps.iter().map(heavy).sum::<usize>()
    }

    /// Ranges given to different threads should start at a multiple of this.
    pub fn granule(&self) -> usize {
        if self.row < self.chunk { self.chunk / self.row * self.row } else { self.row }
    }
}

/// How many elements of everything fit the first-level cache, when one of each takes `bytes`.
fn chunk_len(bytes: usize) -> usize {
    (CACHE / bytes.max(1) / LEAST_CHUNK * LEAST_CHUNK).clamp(LEAST_CHUNK, MOST_CHUNK)
}

/// A store goes straight to memory unless a later step still reads an operand that lies there.
fn plan_stores(pass: &Pass, loads: &[Load], place: &dyn Fn(NodeId) -> Place) -> Vec<Store> {
    let first_step = loads.len() + pass.constants.len();
    let last_use = |slot: usize| pass.steps.iter().rposition(|step| step.args.contains(&slot));
    let mut taken = Vec::new();
    let mut plan = |&(slot, id): &(usize, NodeId)| {
        let to = place(id);
        let computed = slot.checked_sub(first_step);
        let overwritten = |load: usize| loads[load].from == to && pass.loads[load].offset == 0;
        let safe = computed.is_some_and(|step| {
            (0..loads.len()).filter(|&l| overwritten(l)).all(|l| last_use(l).is_none_or(|last| last <= step))
        });
        let reduced = pass.result.is_some_and(|r| r < first_step && overwritten_slot(r, loads, to));
        let direct = safe && !reduced && !taken.contains(&slot);
        taken.push(slot);
        Store { slot, to, direct }
    };
    pass.stores.iter().map(&mut plan).collect()
}

fn overwritten_slot(slot: usize, loads: &[Load], to: Place) -> bool {
    loads.get(slot).is_some_and(|load| load.from == to)
}

/// Gives scratch chunks to gathered loads, constants and unstored values; a value's chunk is free
/// again after its last use.
fn assign_scratch(
    pass: &Pass,
    loads: &[Load],
    stores: &[Store],
    n_slots: usize,
) -> (Vec<Option<usize>>, usize) {
    let mut last_use = vec![0; n_slots];
    for (at, step) in pass.steps.iter().enumerate() {
        for &arg in &step.args {
            last_use[arg] = at;
        }
    }
    let late = stores.iter().filter(|store| !store.direct).map(|store| store.slot).chain(pass.result);
    for slot in late {
        last_use[slot] = usize::MAX;
    }
    let mut scratch = vec![None; n_slots];
    let first_step = n_slots - pass.steps.len();
    let lasting = (0..first_step).filter(|&slot| slot >= loads.len() || !loads[slot].is_linear());
    let mut n_scratch = 0;
    for slot in lasting {
        scratch[slot] = Some(n_scratch);
        n_scratch += 1;
    }
    let mut free: Vec<usize> = Vec::new();
    for (at, step) in pass.steps.iter().enumerate() {
        if !stores.iter().any(|store| store.direct && store.slot == step.out) {
            scratch[step.out] = Some(free.pop().unwrap_or_else(|| {
                n_scratch += 1;
                n_scratch - 1
            }));
        }
        // Freed only now: a step never writes where it reads, except in place in memory.
        let mut args = step.args.clone();
        args.sort_unstable();
        args.dedup();
        let done = args.into_iter().filter(|&arg| arg >= first_step && last_use[arg] == at);
        free.extend(done.filter_map(|arg| scratch[arg]));
    }
    (scratch, n_scratch)
}

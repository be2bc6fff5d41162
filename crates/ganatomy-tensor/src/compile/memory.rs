//! The memory plan: one arena, in which tensors that do not live at the same time share memory.

use super::inside::{Inside, outermost};
use super::kernel::{Kernel, operand};
use super::pass::Pass;
use crate::trace::{Node, NodeId};

/// Memory is given in units of this many elements, so that every tensor starts at a cache line.
const UNIT: usize = 16;

/// A stretch of the arena that is in use from one kernel to another, both included.
#[derive(Clone, Copy, Debug)]
struct Room {
    len: usize,
    first: usize,
    last: usize,
    offset: usize,
}

/// Where each arena tensor is, and how long the arena must be, in elements.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memory {
    pub offset: Vec<Option<usize>>,
    pub len: usize,
    /// The packing workspace of each kernel.
    pub workspace: Vec<usize>,
}

/// What the plan is made from: kernels in the order they run.
pub(crate) struct Demand<'a> {
    pub nodes: &'a [Node],
    pub stored: &'a dyn Fn(NodeId) -> bool,
    pub kernels: &'a [Kernel],
    /// Tensors that lie inside another: they share its room.
    pub inside: &'a [Option<Inside>],
    /// Tensors that live outside the arena.
    pub external: &'a dyn Fn(NodeId) -> bool,
    /// How many elements of workspace each kernel needs.
    pub workspace: &'a [usize],
}

/// Places every stored tensor and workspace, the largest first, each as low as it fits.
pub(crate) fn place(demand: &Demand<'_>) -> Memory {
    let (mut rooms, room_of) = lifetimes(demand);
    let first_workspace = rooms.len();
    for (at, &len) in demand.workspace.iter().enumerate() {
        rooms.push(Room { len: len.next_multiple_of(UNIT), first: at, last: at, offset: 0 });
    }
    let mut order: Vec<usize> = (0..rooms.len()).filter(|&r| rooms[r].len > 0).collect();
    order.sort_by_key(|&r| (std::cmp::Reverse(rooms[r].len), rooms[r].first, r));
    let mut placed: Vec<usize> = Vec::with_capacity(order.len());
    for r in order {
        rooms[r].offset = lowest_gap(&rooms, &placed, r);
        let end = |p: &usize| rooms[*p].offset;
        placed.insert(placed.partition_point(|p| end(p) <= rooms[r].offset), r);
    }
    let offset = |id: NodeId| {
        let (whole, before) = outermost(demand.inside, id);
        room_of[whole].map(|r| rooms[r].offset + before)
    };
    Memory {
        offset: (0..demand.nodes.len()).map(offset).collect(),
        len: rooms.iter().map(|room| room.offset + room.len).max().unwrap_or(0),
        workspace: rooms[first_workspace..].iter().map(|room| room.offset).collect(),
    }
}

/// The lowest offset at which a room meets no other that lives at the same time.
fn lowest_gap(rooms: &[Room], placed: &[usize], r: usize) -> usize {
    let room = rooms[r];
    let mut offset = 0;
    for other in placed.iter().map(|&p| rooms[p]).filter(|o| o.first <= room.last && room.first <= o.last) {
        if offset + room.len <= other.offset {
            break;
        }
        offset = offset.max(other.offset + other.len);
    }
    offset
}

/// The rooms that arena tensors need, by the outermost tensor; tensors that are overwritten in place
/// share one.
fn lifetimes(demand: &Demand<'_>) -> (Vec<Room>, Vec<Option<usize>>) {
    let outer = |id: NodeId| outermost(demand.inside, id).0;
    let mut last_read = vec![0; demand.nodes.len()];
    for (at, kernel) in demand.kernels.iter().enumerate() {
        for id in kernel.reads(demand.nodes, demand.stored) {
            last_read[outer(id)] = at;
        }
    }
    let mut is_whole = vec![false; demand.nodes.len()];
    demand.inside.iter().flatten().for_each(|part| is_whole[part.whole] = true);
    let mut rooms: Vec<Room> = Vec::new();
    let mut room_of: Vec<Option<usize>> = vec![None; demand.nodes.len()];
    for (at, kernel) in demand.kernels.iter().enumerate() {
        let mut free = dying(demand, kernel, at, &last_read, &room_of);
        for id in kernel.writes().into_iter().filter(|&id| !(demand.external)(id)) {
            let whole = outer(id);
            let alone = whole == id && !is_whole[id];
            let len = demand.nodes[whole].shape.numel().next_multiple_of(UNIT);
            let reused = if alone && stored_by_pass(kernel, id) {
                free.iter().position(|&r| rooms[r].len == len)
            } else {
                None
            };
            let room = match (room_of[whole], reused) {
                // Another part was written earlier.
                (Some(room), _) => room,
                (None, Some(i)) => free.swap_remove(i),
                (None, None) => {
                    rooms.push(Room { len, first: at, last: at, offset: 0 });
                    rooms.len() - 1
                }
            };
            rooms[room].last = rooms[room].last.max(last_read[whole]).max(at);
            room_of[whole] = Some(room);
            // A product's own output is overwritten by its epilogue if no other kernel reads it.
            let own = matches!(kernel, Kernel::Product { node, .. } if *node == id);
            if own && alone && last_read[id] <= at {
                free.push(room);
            }
        }
    }
    (rooms, room_of)
}

fn stored_by_pass(kernel: &Kernel, id: NodeId) -> bool {
    let stores = |pass: &Pass| pass.stores.iter().any(|(_, stored)| *stored == id);
    matches!(kernel, Kernel::Map(pass) | Kernel::Product { epilogue: Some(pass), .. } if stores(pass))
}

/// The rooms of tensors that this kernel reads last, and reads element by element in place.
fn dying(
    demand: &Demand<'_>,
    kernel: &Kernel,
    at: usize,
    last_read: &[usize],
    room_of: &[Option<usize>],
) -> Vec<usize> {
    let pass = match kernel {
        Kernel::Map(pass) | Kernel::Product { epilogue: Some(pass), .. } => pass,
        _ => return Vec::new(),
    };
    let outer = |id: NodeId| outermost(demand.inside, id).0;
    let base = |id: NodeId| operand(demand.nodes, demand.stored, id).base;
    let product_reads: Vec<NodeId> = match kernel {
        Kernel::Product { node, .. } => {
            demand.nodes[*node].inputs.iter().map(|&id| outer(base(id))).collect()
        }
        _ => Vec::new(),
    };
    // Everything that is read of the room is read in place, not a part of it at another place.
    let in_place = |base: NodeId| {
        let mut loads = pass.loads.iter().filter(|load| outer(load.base) == base);
        loads.all(|load| load.base == base && load.is_linear() && load.offset == 0)
            && demand.nodes[base].shape.numel() == pass.len
    };
    let mut bases: Vec<NodeId> = pass.loads.iter().map(|load| outer(load.base)).collect();
    bases.sort_unstable();
    bases.dedup();
    let dies = |&base: &NodeId| last_read[base] == at && in_place(base) && !product_reads.contains(&base);
    bases.into_iter().filter(dies).filter_map(|base| room_of[base]).collect()
}

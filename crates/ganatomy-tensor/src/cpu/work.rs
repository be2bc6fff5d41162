//! A kernel ready to run: its plan, and where its operands are.

use super::frame::{Frame, Place};
use super::movement::Movement;
use super::native::Native;
use super::pass::{PassPlan, Scratch, Stretch};
use super::product::Product;
use super::reduce::ReducePlan;
use super::share::share;
use super::task::Pointers;

/// A kernel ready to run.
pub(super) enum Work<E> {
    /// A product, its operands with offsets, its packing workspace, and the pass over its tiles.
    Product {
        product: Box<Product<E>>,
        a: (Place, usize),
        b: (Place, usize),
        c: Place,
        workspace: usize,
        epilogue: Option<PassPlan<E>>,
    },
    /// An elementwise pass.
    Map { pass: PassPlan<E>, n_tasks: usize },
    /// A reduction.
    Reduce { plan: ReducePlan, pass: PassPlan<E>, out: Place, workspace: usize },
    /// Elements moved.
    Move(Movement),
}

impl<E> Work<E> {
    /// The pass that it runs, if any.
    pub fn pass(&self) -> Option<&PassPlan<E>> {
        match self {
            Work::Product { epilogue, .. } => epilogue.as_ref(),
            Work::Map { pass, .. } | Work::Reduce { pass, .. } => Some(pass),
            Work::Move(_) => None,
        }
    }
}

impl<E: Native> Work<E> {
    /// Runs a task of a phase.
    ///
    /// # Safety
    /// The frame is of the program this kernel belongs to; earlier phases have finished.
    pub unsafe fn run(&self, frame: &Frame<E>, scratch: &mut Scratch<E>, phase: usize, task: usize) {
        // SAFETY: the caller's promise; places were planned by the same program.
        unsafe {
            match self {
                Work::Product { product, a, b, c, workspace, epilogue } => {
                    let local = scratch.local.as_mut_ptr();
                    let (left, right) = (frame.at(a.0).add(a.1), frame.at(b.0).add(b.1));
                    let shared = frame.at(Place::Arena(*workspace));
                    let pointers = Pointers { a: left, b: right, c: frame.at(*c), shared, local };
                    let tile = product.run(phase, task, &pointers);
                    if let (Some(tile), Some(pass)) = (tile, epilogue) {
                        let whole = tile.cols == tile.ld;
                        let (rows, cols) =
                            if whole { (1, tile.rows * tile.cols) } else { (tile.rows, tile.cols) };
                        let first = tile.row * tile.ld + tile.col;
                        let stretch = Stretch { first, rows, cols, stride: tile.ld };
                        pass.prepare(frame, scratch);
                        pass.run(frame, scratch, stretch, &mut |_, _| {});
                    }
                }
                Work::Map { pass, n_tasks } => {
                    let granules = pass.len.div_ceil(pass.granule());
                    let (start, end) = share(granules, *n_tasks, task);
                    let limit = |granule: usize| (granule * pass.granule()).min(pass.len);
                    let stretch = Stretch::range(limit(start), limit(end));
                    pass.prepare(frame, scratch);
                    pass.run(frame, scratch, stretch, &mut |_, _| {});
                }
                Work::Reduce { plan, pass, out, workspace } => {
                    let (out, room) = (frame.at(*out), frame.at(Place::Arena(*workspace)));
                    plan.run(pass, frame, scratch, (phase, task), out, room);
                }
                Work::Move(movement) => movement.run(frame, task),
            }
        }
    }
}

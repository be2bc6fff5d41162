//! Checked runs, for tests: every phase sees only the memory that it says it touches, and writes only what it says.
//!
//! A phase runs on copies of the program's memory in which all else is NaN, with a margin of NaN around each tensor.
//! What it reads beyond its operands becomes NaN in its results, which differ from the interpreter's; what it
//! writes beyond its outputs is found at once. Scratch memory is NaN when a task begins, and shared packing room
//! when a kernel begins, so that nothing old is read.

use super::barriers::Touch;
use super::frame::{Frame, Place};
use super::level::Level;
use super::lower::Lowered;
use super::native::Native;
use super::pass::Scratch;
use crate::aligned::Aligned;
use crate::philox::Key;

/// Elements of NaN on both sides of every memory.
const MARGIN: usize = 256;

/// One memory: what it holds, and the copy that a phase sees, which is NaN between phases.
struct Field<E> {
    truth: Vec<E>,
    seen: Aligned<E>,
}

impl<E: Native> Field<E> {
    fn new(truth: Vec<E>) -> Self {
        let mut seen = Aligned::zeros(truth.len().next_multiple_of(16) + 2 * MARGIN);
        seen.fill(E::from_f64(f64::NAN));
        Field { truth, seen }
    }

    /// Shows these stretches.
    fn show(&mut self, stretches: &[(usize, usize)]) {
        for &(start, len) in stretches {
            self.seen[MARGIN + start..][..len].copy_from_slice(&self.truth[start..][..len]);
        }
    }

    fn at(&mut self) -> *mut E {
        self.seen[MARGIN..].as_mut_ptr()
    }

    /// Takes what was written, and hides all again; answers the first place outside that has changed.
    fn take(&mut self, shown: &[(usize, usize)], written: &[(usize, usize)]) -> Option<isize> {
        let nan = E::from_f64(f64::NAN);
        for &(start, len) in written {
            self.truth[start..][..len].copy_from_slice(&self.seen[MARGIN + start..][..len]);
        }
        for &(start, len) in shown {
            // What was written is there by now; what was only read must be as it was.
            let (seen, truth) = (&mut self.seen[MARGIN + start..][..len], &self.truth[start..][..len]);
            let same = |(x, old): (&E, &E)| *x == *old || x.to_f64().is_nan() && old.to_f64().is_nan();
            if let Some(at) = seen.iter().zip(truth).position(|pair| !same(pair)) {
                return Some((start + at) as isize);
            }
        }
        for &(start, len) in shown {
            self.seen[MARGIN + start..][..len].fill(nan);
        }
        #[allow(clippy::eq_op)]
        let number = |x: &E| *x == *x;
        // Counted without a branch, and only then looked for.
        let stray = self.seen.iter().filter(|x| number(x)).count() > 0;
        stray.then(|| self.seen.iter().position(number)).flatten().map(|at| at as isize - MARGIN as isize)
    }
}

/// The stretches of one memory among those that a phase touches.
fn stretches<'a>(
    touched: impl Iterator<Item = &'a (Place, usize)>,
    of: Option<usize>,
) -> Vec<(usize, usize)> {
    let stretch = |&(place, len): &(Place, usize)| match (place, of) {
        (Place::Arena(start), None) => Some((start, len)),
        (Place::Named(i), Some(n)) if i == n => Some((0, len)),
        _ => None,
    };
    touched.filter_map(stretch).collect()
}

/// Runs a lowered program once, on one thread; answers which kernel wrote where it may not.
///
/// # Safety
/// `named` points at the program's named tensors, which have these lengths.
pub(super) unsafe fn run<E: Native>(
    lowered: &Lowered<E>,
    scratch: &mut Scratch<E>,
    named: &[(*mut E, usize)],
    key: Key,
    level: Level,
) -> Result<(), String> {
    let nan = E::from_f64(f64::NAN);
    let mut arena = Field::new(vec![nan; lowered.arena_len]);
    let mut literals = Field::new(lowered.literals.to_vec());
    literals.show(&[(0, lowered.literals.len())]);
    // SAFETY: the caller's promise.
    let copied = named.iter().map(|&(at, len)| unsafe { std::slice::from_raw_parts(at, len) }.to_vec());
    let mut tensors: Vec<Field<E>> = copied.map(Field::new).collect();
    for (phase, touch) in lowered.phases.iter().zip(&lowered.touches) {
        let Touch { reads, writes, .. } = touch;
        let (reads, writes): (Vec<_>, Vec<_>) =
            (reads.iter().map(|s| s.stretch()).collect(), writes.iter().map(|s| s.stretch()).collect());
        if let (0, Some((Place::Arena(start), len))) = (phase.phase, writes.first().copied()) {
            // The first is the kernel's packing room.
            arena.truth[start..start + len].fill(nan);
        }
        let shown = |of| stretches(reads.iter().chain(&writes), of);
        arena.show(&shown(None));
        tensors.iter_mut().enumerate().for_each(|(i, tensor)| tensor.show(&shown(Some(i))));
        let pointers: Vec<*mut E> = tensors.iter_mut().map(Field::at).collect();
        let frame =
            Frame { arena: arena.at(), literals: literals.at(), named: pointers.as_ptr(), key, level };
        for task in 0..phase.n_tasks {
            scratch.chunks.fill(nan);
            scratch.local.fill(nan);
            // SAFETY: the memories are as long as the program's.
            unsafe { lowered.kernels[phase.kernel].run(&frame, scratch, phase.phase, task) };
        }
        let taken = std::iter::once((None, &mut arena));
        let all = taken.chain(tensors.iter_mut().enumerate().map(|(i, tensor)| (Some(i), tensor)));
        for (of, field) in all {
            if let Some(at) = field.take(&shown(of), &stretches(writes.iter(), of)) {
                let whose = of.map_or("the arena".to_owned(), |i| format!("named tensor {i}"));
                return Err(format!("kernel {} phase {} writes {whose} at {at}", phase.kernel, phase.phase));
            }
        }
    }
    for (tensor, &(at, len)) in tensors.iter().zip(named) {
        // SAFETY: the caller's promise.
        unsafe { std::slice::from_raw_parts_mut(at, len) }.copy_from_slice(&tensor.truth);
    }
    Ok(())
}

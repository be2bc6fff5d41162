//! Every product against a plain triple loop, at every level, in any order of tasks.

use super::micro::Micro;
use crate::cpu::level::Level;
use crate::cpu::product::Product;
use crate::cpu::spec::MatMulSpec;
use crate::cpu::task::Pointers;

/// Largest error of a sum of `depth` products, in units of the rounding step of the result type.
const ROUNDINGS: f64 = 4.0;

/// Numbers in [-1, 1] that are not symmetric in any way.
pub(crate) fn numbers<E: Micro>(len: usize, seed: usize) -> Vec<E> {
    let mut state = seed as u64 * 2 + 1;
    let mut next = || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) as f64 / (1u64 << 30) as f64 - 1.0
    };
    (0..len).map(|_| E::from_f64(next())).collect()
}

/// Memory aligned to 64 bytes, filled with a number that must not change results.
fn scratch<E: Micro>(len: usize) -> (Vec<E>, usize) {
    let memory = vec![E::from_f64(f64::NAN); len + 64];
    let skip = memory.as_ptr().align_offset(64);
    (memory, skip)
}

/// Runs the tasks of each phase in the order that `order` gives; checks that tiles cover C once.
pub(crate) fn run<E: Micro>(
    product: &Product<E>,
    a: &[E],
    b: &[E],
    c_len: usize,
    order: impl Fn(usize) -> Vec<usize>,
) -> Vec<E> {
    let (mut shared, skip_shared) = scratch::<E>(product.shared_len());
    let (mut local, skip_local) = scratch::<E>(product.local_len());
    let mut c = vec![E::from_f64(f64::NAN); c_len];
    let mut covered = vec![0; c_len];
    for (phase, &tasks) in product.phases().iter().enumerate() {
        for task in order(tasks) {
            // SAFETY: the buffers have the planned lengths, the phases run in order.
            let tile = unsafe {
                let shared = shared.as_mut_ptr().add(skip_shared);
                let local = local.as_mut_ptr().add(skip_local);
                let (a, b, c) = (a.as_ptr(), b.as_ptr(), c.as_mut_ptr());
                product.run(phase, task, &Pointers { a, b, c, shared, local })
            };
            let Some(tile) = tile else { continue };
            for row in tile.row..tile.row + tile.rows {
                for col in tile.col..tile.col + tile.cols {
                    covered[row * tile.ld + col] += 1;
                }
            }
        }
    }
    assert!(covered.iter().all(|&times| times == 1), "tiles do not cover C exactly once");
    c
}

/// Runs a product forwards and shuffled, and compares with the expected result.
pub(crate) fn compare<E: Micro>(
    what: &str,
    product: &Product<E>,
    a: &[E],
    b: &[E],
    expected: &[f64],
    depth: usize,
) {
    let forwards = run(product, a, b, expected.len(), |n| (0..n).collect());
    let shuffled = run(product, a, b, expected.len(), |n| {
        let mut tasks: Vec<usize> = (0..n).collect();
        tasks.sort_by_key(|task| (task * 7919 + 13) % 31);
        tasks
    });
    assert!(forwards == shuffled, "{what}: the order of tasks changes bits");
    let epsilon = if size_of::<E>() == 4 { f64::from(f32::EPSILON) } else { f64::EPSILON };
    let tolerance = ROUNDINGS * epsilon * (depth as f64).max(1.0);
    for (at, (&found, &expected)) in forwards.iter().zip(expected).enumerate() {
        let error = (found.to_f64() - expected).abs();
        assert!(error <= tolerance, "{what} at {at}: {found} for {expected}, off by {error:e}");
    }
}

fn expected<E: Micro>(spec: &MatMulSpec, a: &[E], b: &[E]) -> Vec<f64> {
    let MatMulSpec { batch, m, n, k, .. } = *spec;
    let mut c = vec![0.0; batch * m * n];
    for entry in 0..batch {
        let a = &a[if spec.a_batched { entry * m * k } else { 0 }..];
        let b = &b[if spec.b_batched { entry * k * n } else { 0 }..];
        for i in 0..m {
            for j in 0..n {
                let sum = (0..k).map(|l| {
                    let left = a[if spec.a_transposed { l * m + i } else { i * k + l }];
                    let right = b[if spec.b_transposed { j * k + l } else { l * n + j }];
                    left.to_f64() * right.to_f64()
                });
                c[(entry * m + i) * n + j] = sum.sum();
            }
        }
    }
    c
}

fn check<E: Micro>(spec: &MatMulSpec) {
    let batches = |batched: bool| if batched { spec.batch } else { 1 };
    let a = numbers::<E>(batches(spec.a_batched) * spec.m * spec.k, 1);
    let b = numbers::<E>(batches(spec.b_batched) * spec.k * spec.n, 2);
    let expected = expected(spec, &a, &b);
    for level in Level::available() {
        let product = Product::<E>::matmul(spec, level);
        compare(&format!("{level} {spec:?}"), &product, &a, &b, &expected, spec.k);
    }
}

/// Both element types, all four layouts.
fn check_layouts(batch: usize, [m, n, k]: [usize; 3], a_batched: bool, b_batched: bool) {
    for (a_transposed, b_transposed) in [(false, false), (true, false), (false, true), (true, true)] {
        let spec = MatMulSpec { batch, m, n, k, a_transposed, b_transposed, a_batched, b_batched };
        check::<f32>(&spec);
        check::<f64>(&spec);
    }
}

#[test]
fn small_and_prime_shapes() {
    for m in [1, 2, 5, 13, 23] {
        for n in [1, 2, 3, 4, 5, 17, 37] {
            for k in [0, 1, 2, 3, 7, 16, 31] {
                check_layouts(1, [m, n, k], false, false);
            }
        }
    }
}

#[test]
fn shapes_beyond_the_blocks() {
    let shapes = [
        [1, 500, 731],
        [731, 1, 500],
        [257, 2, 389],
        [509, 129, 67],
        [67, 517, 389],
        [47, 61, 2503],
        [131, 97, 1009],
        [1024, 128, 1],
        [2, 128, 512],
        [300, 3, 2],
    ];
    for shape in shapes {
        check_layouts(1, shape, false, false);
    }
}

#[test]
fn batches() {
    for (a_batched, b_batched) in [(true, true), (true, false), (false, true), (false, false)] {
        for shape in [[3, 5, 7], [1, 40, 9], [130, 70, 40], [33, 1, 65], [200, 64, 96]] {
            check_layouts(3, shape, a_batched, b_batched);
        }
        check_layouts(37, [17, 19, 23], a_batched, b_batched);
    }
}

#[test]
fn tiny_products_are_one_task_of_one_phase() {
    for [m, n, k] in [[32, 32, 32], [1, 1, 1], [100, 2, 100], [1, 300, 100]] {
        let spec = MatMulSpec {
            batch: 1,
            m,
            n,
            k,
            a_transposed: false,
            b_transposed: false,
            a_batched: false,
            b_batched: false,
        };
        assert_eq!(Product::<f32>::matmul(&spec, Level::detect()).phases(), [1]);
    }
}

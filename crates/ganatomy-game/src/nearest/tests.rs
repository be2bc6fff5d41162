//! Tests of the search against all distances in double precision.

use super::*;
use ganatomy_data::keyed::Keyed;

/// Normal points, every third of which is one of the first five, moved away from the origin.
fn cloud(seed: u64, n: usize, dims: usize, std: f32, offset: f32) -> Vec<f32> {
    let mut random = Keyed::new(&[seed]);
    let mut all: Vec<f32> = (0..n * dims).map(|_| offset + std * random.normal()).collect();
    for i in (5..n).step_by(3) {
        let from = random.below(5) as usize * dims;
        all.copy_within(from..from + dims, i * dims);
    }
    all
}

/// All distances, one by one.
fn brute(points: &[f32], queries: &[f32], dims: usize) -> Vec<(usize, f32)> {
    let nearest = |query: &[f32]| {
        let square = |(a, b): (&f32, &f32)| (f64::from(*a) - f64::from(*b)).powi(2);
        let distance = |point: &[f32]| point.iter().zip(query).map(square).sum::<f64>();
        let distances = points.chunks_exact(dims).map(distance).enumerate();
        let (i, d) = distances.min_by(|a, b| a.1.total_cmp(&b.1)).unwrap();
        (i, d as f32)
    };
    queries.chunks_exact(dims).map(nearest).collect()
}

fn found(points: &[f32], queries: &[f32], dims: usize, threads: usize) -> Vec<(usize, f32)> {
    let cpu = Cpu::new(threads);
    Nearest::new(points, dims, &cpu).unwrap().query(queries).unwrap()
}

/// Checks the answers, and that they are the same on any number of threads.
fn check(points: &[f32], queries: &[f32], dims: usize) {
    let answers = found(points, queries, dims, 2);
    for (i, (answer, expected)) in answers.iter().zip(brute(points, queries, dims)).enumerate() {
        assert_eq!(answer.0, expected.0, "query {i} of {dims} dimensions: {answer:?}, expected {expected:?}");
        assert!((answer.1 - expected.1).abs() <= 1e-6 * expected.1, "{answer:?}, expected {expected:?}");
    }
    assert_eq!(answers.len(), queries.len() / dims);
    assert_eq!(answers, found(points, queries, dims, 1));
    assert_eq!(answers, found(points, queries, dims, 3));
}

#[test]
fn agrees_with_all_distances() {
    for dims in [1, 2, 3, 4, 5, 7, 64, 784] {
        let n = if dims == 784 { 300 } else { 1500 };
        check(&cloud(1, n, dims, 1.0, 0.0), &cloud(2, 700, dims, 1.2, 0.0), dims);
        // Points among themselves: every distance is zero, and of duplicates the first is the answer.
        let points = cloud(3, n, dims, 1.0, 0.0);
        check(&points, &points, dims);
    }
}

#[test]
fn more_points_than_a_tile() {
    check(&cloud(4, 9001, 6, 1.0, 0.0), &cloud(5, 600, 6, 1.0, 0.0), 6);
}

#[test]
fn far_from_the_origin_digits_are_not_lost() {
    for dims in [2, 7, 64] {
        // All coordinates agree in three or more of their seven digits.
        check(&cloud(6, 1000, dims, 1.0, 3000.0), &cloud(7, 300, dims, 1.0, 3000.0), dims);
        // Queries far away see all points at nearly the same distance.
        check(&cloud(8, 1000, dims, 1.0, 0.0), &cloud(9, 300, dims, 1.0, 1000.0), dims);
    }
}

#[test]
fn tiny_and_huge_numbers_are_searched_exactly() {
    for (dims, std) in [(2, 1e-15), (7, 1e-15), (7, 1e15), (64, 1e-25)] {
        let (points, queries) = (cloud(10, 400, dims, std, 0.0), cloud(11, 300, dims, std, 0.0));
        let answers = found(&points, &queries, dims, 2);
        let expected = brute(&points, &queries, dims);
        assert!(answers.iter().zip(expected).all(|(a, b)| a.0 == b.0), "{dims} {std}");
    }
}

#[test]
fn clusters_finer_than_single_precision_are_resolved() {
    let mut points = cloud(12, 1200, 32, 1e-6, 0.0);
    // Two clusters at distance 16, so that a score is off by more than the clusters are wide.
    points.chunks_exact_mut(64).for_each(|pair| pair[..32].iter_mut().for_each(|x| *x += 2.0));
    check(&points, &cloud(13, 300, 32, 1.0, 1.0), 32);
}

#[test]
fn a_lattice_is_full_of_ties_and_the_first_wins() {
    for dims in [2, 3, 6] {
        let mut random = Keyed::new(&[14]);
        let mut lattice = |n: usize| -> Vec<f32> { (0..n * dims).map(|_| random.below(4) as f32).collect() };
        let (points, mut queries) = (lattice(900), lattice(400));
        queries.iter_mut().for_each(|x| *x += 0.5);
        check(&points, &queries, dims);
    }
}

#[test]
fn a_collapsed_set_is_one_point() {
    for dims in [2, 8] {
        let answers = found(&vec![0.3; 50_000 * dims], &cloud(15, 20_000, dims, 1.0, 0.0), dims, 2);
        assert!(answers.iter().all(|(index, distance)| *index == 0 && distance.is_finite()));
    }
}

#[test]
fn points_that_are_not_finite_are_never_nearest() {
    for dims in [2, 8] {
        let mut points = cloud(16, 40, dims, 1.0, 0.0);
        (points[0], points[5 * dims]) = (f32::NAN, f32::INFINITY);
        let mut queries = cloud(17, 9, dims, 1.0, 0.0);
        queries[4 * dims] = f32::NAN;
        queries[6 * dims] = f32::NEG_INFINITY;
        for (i, (index, distance)) in found(&points, &queries, dims, 2).into_iter().enumerate() {
            assert_eq!(distance.is_nan(), i == 4 || i == 6, "query {i}: {distance}");
            assert!(distance.is_nan() || (index != 0 && index != 5), "query {i}");
        }
        assert!(found(&[], &queries, dims, 2).iter().all(|answer| answer.1.is_nan()));
        assert_eq!(found(&points, &[], dims, 2), []);
    }
}

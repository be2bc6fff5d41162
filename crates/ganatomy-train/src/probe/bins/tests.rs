//! Each reading of samples that are known.

use std::collections::BTreeMap;

use ganatomy_data::keyed::Keyed;
use ganatomy_data::{Dataset, Images};
use ganatomy_tensor::Cpu;

use super::beside::{Beside, small_len};
use super::followed::Place;
use super::{Asks, share_name};

const ASKS: Asks = Asks { n_bins: 20, nearer: true, is_image: true, has_classes: false };

/// Images of four by four pixels, of ten kinds: four of their pixels are light, not quite alike each time.
fn pixels(seed: u64, n: usize) -> Vec<u8> {
    let mut random = Keyed::new(&[seed]);
    let mut image = |i: usize| {
        (0..16)
            .map(|place| {
                let light = if (place + 16 - i) % 16 < 4 { 190.0 } else { 60.0 };
                (light + 20.0 * random.normal()).clamp(0.0, 255.0) as u8
            })
            .collect::<Vec<u8>>()
    };
    (0..n).flat_map(|i| image(i % 10)).collect()
}

fn values(pixels: &[u8]) -> Vec<f32> {
    pixels.iter().map(|x| f32::from(*x) / 127.5 - 1.0).collect()
}

/// 1,000 images, and 600 that are held out.
fn data() -> Images {
    let of = |seed, n| Images::new([4, 4, 1], pixels(seed, n)).unwrap();
    of(1, 1000).with_held_out(of(2, 600))
}

fn read(data: &dyn Dataset, asks: Asks, samples: &[f32]) -> BTreeMap<String, f64> {
    let beside = Beside::new(data, asks, &Cpu::new(2)).unwrap();
    let found: BTreeMap<String, f64> = beside.read(samples, &Cpu::new(1)).unwrap().into_iter().collect();
    let known = asks.readings();
    assert!(
        known.iter().all(|(name, _)| found.contains_key(name)) && known.len() == found.len(),
        "{found:?}"
    );
    found.into_iter().map(|(name, value)| (name["samples/".len()..].to_owned(), value)).collect()
}

/// Each reading in a band.
fn check(found: &BTreeMap<String, f64>, expected: &[(&str, f64, f64)]) {
    for (name, low, high) in expected {
        assert!(
            (*low..=*high).contains(&found[*name]),
            "{name} is {}, not {low} to {high}: {found:?}",
            found[*name]
        );
    }
}

#[test]
fn items_of_the_data_are_like_the_data() {
    let found = read(&data(), ASKS, &values(&pixels(3, 510)));
    check(
        &found,
        &[
            ("bins_held", 1.0, 1.0),
            ("bins_js", 0.0, 0.02),
            ("diversity", 0.98, 1.02),
            ("near_data", 0.91, 0.98),
            ("nearer", 0.45, 0.55),
            ("copies", 0.0, 0.02),
            ("bins_kl", 0.0, 0.05),
            ("out_of_reach", 0.0, 0.0),
            ("one_number", 0.5, 0.57),
            ("saturated", -0.01, 0.01),
        ],
    );
    let shares: f64 = (0..20).map(|bin| found[&share_name(bin)["samples/".len()..]]).sum();
    assert!((shares - 1.0).abs() < 1e-12);
}

#[test]
fn one_item_again_and_again_is_a_collapse() {
    let one = values(&pixels(3, 1)).repeat(512);
    let found = read(&data(), ASKS, &one);
    check(
        &found,
        &[
            ("bins_held", 0.01, 0.12),
            // One share of p against 1: nearly ln 2.
            ("bins_js", 0.5, 0.694),
            ("diversity", 0.0, 0.0),
            ("one_number", 0.7, 1.0),
        ],
    );
    let shares: Vec<f64> = (0..20).map(|bin| found[&share_name(bin)["samples/".len()..]]).collect();
    assert!(shares.iter().filter(|share| **share == 1.0).count() == 1 && shares.iter().sum::<f64>() == 1.0);
}

#[test]
fn half_the_kinds_hold_half_the_data() {
    let some: Vec<f32> = values(&pixels(3, 1000))
        .chunks(16)
        .enumerate()
        .filter(|(i, _)| i % 10 < 5)
        .flat_map(|(_, item)| item.to_vec())
        .collect();
    check(
        &read(&data(), ASKS, &some),
        // Half of the data, each share twice as large: ln 2.
        &[("bins_held", 0.45, 0.6), ("bins_js", 0.15, 0.3), ("bins_kl", 0.6, 0.8), ("near_data", 0.9, 0.98)],
    );
}

#[test]
fn copies_are_nearer_than_items_that_are_held_out() {
    let data = data();
    let copies = values(&pixels(1, 500));
    check(
        &read(&data, ASKS, &copies),
        &[("nearer", 1.0, 1.0), ("copies", 1.0, 1.0), ("near_data", 0.95, 1.0), ("bins_held", 1.0, 1.0)],
    );
    // With a quarter copied, a pair of those is always nearer.
    let some = [&copies[..125 * 16], &values(&pixels(3, 375))[..]].concat();
    check(&read(&data, ASKS, &some), &[("nearer", 0.58, 0.68), ("copies", 0.25, 0.27)]);
}

#[test]
fn samples_out_of_range_are_told_by_one_number() {
    let moved: Vec<f32> = values(&pixels(3, 512)).iter().map(|x| x + 3.0).collect();
    let found = read(&data(), ASKS, &moved);
    check(
        &found,
        &[("one_number", 1.0, 1.0), ("near_data", 0.0, 0.0), ("saturated", 0.99, 1.0), ("nearer", 0.0, 0.0)],
    );
    // Only a corner that is always black.
    let mut corner = values(&pixels(3, 512));
    corner.chunks_exact_mut(16).for_each(|item| item[5] = -0.99);
    check(&read(&data(), ASKS, &corner), &[("one_number", 0.98, 1.0)]);
    // A grey level more or less tells nothing.
    let level: Vec<f32> = values(&pixels(3, 512)).iter().map(|x| x + 0.004).collect();
    check(&read(&data(), ASKS, &level), &[("one_number", 0.5, 0.57)]);
}

#[test]
fn black_and_white_samples_are_saturated() {
    let hard: Vec<f32> = values(&pixels(3, 512)).iter().map(|x| x.signum()).collect();
    check(&read(&data(), ASKS, &hard), &[("saturated", 0.99, 1.0)]);
}

#[test]
fn large_images_are_averaged_down() {
    assert_eq!(
        [&[28, 28, 1][..], &[64, 32, 3], &[17, 4, 2], &[16, 16, 1], &[300]].map(small_len),
        [196, 768, 72, 256, 300]
    );
    let bright = |side: usize, n: usize| {
        let mut random = Keyed::new(&[side as u64]);
        let mut image = |i: usize| {
            (0..side * side)
                .map(|p| {
                    let light: u8 = if (p / side * 2 / side + i).is_multiple_of(2) { 200 } else { 40 };
                    light + (random.uniform() * 10.0) as u8
                })
                .collect::<Vec<u8>>()
        };
        (0..n).flat_map(&mut image).collect::<Vec<u8>>()
    };
    let data = Images::new([40, 40, 1], bright(40, 64)).unwrap();
    let asks = Asks { n_bins: 2, nearer: false, is_image: true, has_classes: false };
    let found = read(&data, asks, &values(&bright(40, 64)));
    check(&found, &[("bins_held", 1.0, 1.0), ("bin_share/00", 0.5, 0.5), ("diversity", 0.9, 1.1)]);
}

#[test]
fn samples_that_are_not_finite_are_not_read() {
    let beside = Beside::new(&data(), ASKS, &Cpu::new(1)).unwrap();
    let mut samples = values(&pixels(3, 20));
    samples[7] = f32::NAN;
    assert_eq!(beside.read(&samples, &Cpu::new(1)).unwrap(), []);
}

/// 1,000 images of the ten kinds, each labelled with its kind.
fn labelled() -> Images {
    Images::new([4, 4, 1], pixels(1, 1000))
        .unwrap()
        .with_labels((0..1000).map(|i| i % 10).collect(), 10)
        .unwrap()
}

#[test]
fn classes_are_those_of_the_nearest_items() {
    let asks = Asks { nearer: false, has_classes: true, ..ASKS };
    let all = read(&labelled(), asks, &values(&pixels(3, 500)));
    check(&all, &[("nearest_classes_kl", 0.0, 0.01)]);
    // The first of every ten: one class of ten.
    let one: Vec<f32> = values(&pixels(3, 500)).chunks(16).step_by(10).flatten().copied().collect();
    check(&read(&labelled(), asks, &one), &[("nearest_classes_kl", 2.25, 2.36)]);
}

#[test]
fn of_few_items_there_are_no_bins() {
    let few = Images::new([4, 4, 1], pixels(1, 12))
        .unwrap()
        .with_held_out(Images::new([4, 4, 1], pixels(2, 40)).unwrap());
    let asks = Asks { n_bins: 0, ..ASKS };
    let found = read(&few, asks, &values(&pixels(1, 12)));
    assert!(
        !found.contains_key("bins_held") && !found.contains_key(&share_name(0)["samples/".len()..]),
        "{found:?}"
    );
    check(&found, &[("copies", 1.0, 1.0), ("near_data", 0.9, 1.0)]);
}

#[test]
fn the_place_of_samples_is_told_in_widths_of_the_data() {
    // Two points at a distance of 2 about (1, 0): a width of 1.
    let place = Place::new(&[0.0, 0.0, 2.0, 0.0], 2);
    assert_eq!(place.beside(&[3.0, 1.0, 3.0, -1.0, 3.0, 1.0, 3.0, -1.0]), Some([2.0, 0.0, 1.0]));
    assert_eq!(place.beside(&[1.0, -3.0]), Some([0.0, -3.0, 0.0]));
    assert_eq!(Place::new(&[1.0, 1.0], 2).beside(&[0.0, 0.0]), None);
    // Of many numbers along two unit vectors, which are not the same.
    let many = Place::new(&[[1.0; 64], [-1.0; 64]].concat(), 64);
    let [first, second, _] = many.beside(&[1.0; 64]).unwrap();
    assert!(first.abs() <= 1.0 && second.abs() <= 1.0 && first != second, "{first} {second}");
    // Of samples that are not finite there is no place.
    assert_eq!(place.beside(&[f32::NAN, 0.0]), None);
}

#[test]
fn where_others_repeat_the_items_nothing_is_a_copy() {
    let of = || Images::new([4, 4, 1], pixels(1, 40)).unwrap();
    let beside = Beside::new(&of().with_held_out(of()), Asks { n_bins: 0, ..ASKS }, &Cpu::new(1)).unwrap();
    let found = beside.read(&values(&pixels(1, 40)), &Cpu::new(1)).unwrap();
    assert!(found.iter().all(|(name, _)| name != "samples/copies"), "{found:?}");
    assert!(found.iter().any(|(name, _)| name == "samples/nearer"), "{found:?}");
}

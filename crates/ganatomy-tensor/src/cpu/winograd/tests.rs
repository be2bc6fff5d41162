//! All three passes against plain loops in f64, whether or not they would be chosen for the shape.

use super::Winograd;
use crate::cpu::conv::tests::check_planned;
use crate::cpu::gemm::Micro;
use crate::cpu::product::Product;
use crate::cpu::spec::ConvSpec;

fn check<E: Micro>(spec: &ConvSpec) {
    check_planned::<E>(spec, |spec, pass, level| {
        let planned = Winograd::plan(spec, pass, level);
        Product::Winograd(planned.expect("a 4 x 4 kernel in steps of two"))
    });
}

/// Images of `[height, width]` with `[ci, co]` channels.
fn spec(images: usize, [in_h, in_w]: [usize; 2], [c_in, c_out]: [usize; 2]) -> ConvSpec {
    let (stride, pad, dilation) = ([2; 2], [1; 2], [1; 2]);
    ConvSpec { images, in_h, in_w, c_in, k_h: 4, k_w: 4, c_out, stride, pad, dilation, groups: 1 }
}

fn check_both(images: usize, size: [usize; 2], channels: [usize; 2]) {
    let spec = spec(images, size, channels);
    check::<f32>(&spec);
    check::<f64>(&spec);
}

#[test]
fn even_and_odd_sizes() {
    for height in 2..=9 {
        for width in [2, 3, 6, 7] {
            check_both(2, [height, width], [3, 5]);
        }
    }
}

#[test]
fn channels_that_do_not_fill_registers_or_panels() {
    for channels in [[1, 1], [1, 40], [40, 1], [17, 33], [33, 70], [70, 15]] {
        check_both(3, [6, 5], channels);
    }
}

#[test]
fn one_image() {
    check_both(1, [16, 16], [20, 24]);
    check_both(1, [40, 36], [5, 6]);
}

#[test]
fn weights_shared_by_many_blocks_and_made_by_each_of_a_few() {
    check_both(40, [8, 8], [9, 35]);
    check_both(70, [4, 4], [9, 35]);
    check_both(30, [14, 14], [6, 7]);
}

#[test]
fn several_blocks_of_rows_columns_and_depths() {
    check_both(5, [8, 6], [70, 290]);
    check_both(3, [6, 6], [150, 40]);
}

#[test]
fn other_convolutions_are_refused() {
    let fits = spec(2, [8, 8], [3, 3]);
    let others = [
        ConvSpec { k_h: 3, ..fits },
        ConvSpec { k_w: 5, ..fits },
        ConvSpec { stride: [2, 1], ..fits },
        ConvSpec { pad: [1, 0], ..fits },
        ConvSpec { dilation: [1, 2], ..fits },
        ConvSpec { groups: 3, ..fits },
        ConvSpec { in_h: 1, ..fits },
        ConvSpec { images: 0, ..fits },
    ];
    let level = crate::cpu::level::Level::detect();
    let plan = |spec: &ConvSpec| Winograd::<f32>::plan(spec, crate::cpu::spec::ConvPass::Forward, level);
    assert!(plan(&fits).is_some());
    for other in others {
        assert!(plan(&other).is_none(), "{other:?}");
    }
}

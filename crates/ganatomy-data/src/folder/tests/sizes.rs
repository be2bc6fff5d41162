//! Filters, beside those of others.

use super::*;
use crate::folder::picture::{Look, Reading};

/// Rows 0, 3 and 7 of a picture of `n` pixels a side, made of 8 a side.
fn resized(n: u32, filter: Filter) -> Vec<u8> {
    let place = tempfile::tempdir().unwrap();
    let grey = |x: u32, y: u32| Rgb([((x * 37 + y * 91 + x * y * 5) % 256) as u8; 3]);
    save(RgbImage::from_fn(n, n, grey), &place, "a.png", ImageFormat::Png);
    let look = Look { size: 8, channels: 1, background: [255; 3], filter };
    let mut out = vec![0; 64];
    look.read(&place.path().join("a.png"), Reading { max_pixels: 4096, bits: 0 }, &mut out).unwrap();
    [0, 3, 7].iter().flat_map(|row| out[row * 8..][..8].to_vec()).collect()
}

/// All is kept as bytes, and so within half of one.
fn check(n: u32, filter: Filter, expected: [f32; 24]) {
    let found = resized(n, filter);
    let off = found.iter().zip(expected).map(|(x, e)| (f32::from(*x) - e).abs()).fold(0.0, f32::max);
    assert!(off <= 0.501, "off by {off}: {found:?} for {expected:?}");
}

/// Made by Pillow 13.0.0 as `clean-fid` does: `Image.fromarray(x.astype(float32), mode="F").resize((8, 8), BICUBIC)`, clipped to 0 .. 255.
#[test]
fn the_bicubic_filter_is_that_of_clean_fid() {
    check(
        29,
        Filter::Bicubic,
        [
            111.302, 123.523, 136.225, 133.89, 126.896, 129.157, 127.214, 153.034, 126.883, 119.739, 123.216,
            131.658, 140.093, 123.513, 134.147, 141.63, 140.434, 129.385, 138.681, 127.227, 99.946, 127.7,
            121.882, 135.188,
        ],
    );
    check(
        6,
        Filter::Bicubic,
        [
            0.0, 15.695, 45.762, 73.225, 100.23, 137.174, 172.803, 194.233, 169.387, 215.695, 151.98, 14.584,
            61.377, 109.311, 142.924, 155.273, 214.573, 69.577, 0.0, 67.809, 125.632, 174.038, 224.405,
            255.0,
        ],
    );
}

/// Made by NumPy 2.4.6 from the formula of PyTorch's `interpolate(mode="bilinear", align_corners=False)`, which `pytorch-fid` uses.
#[test]
fn the_bilinear_filter_is_that_of_pytorch_fid() {
    check(
        29,
        Filter::Bilinear,
        [
            151.613, 78.527, 156.441, 123.355, 216.27, 118.184, 95.098, 178.012, 100.605, 69.629, 128.652,
            167.676, 136.699, 148.723, 231.746, 105.77, 147.262, 203.098, 159.934, 120.77, 116.605, 77.441,
            39.277, 145.113,
        ],
    );
    check(
        6,
        Filter::Bilinear,
        [
            0.0, 23.125, 50.875, 78.625, 106.375, 134.125, 161.875, 185.0, 161.375, 191.141, 142.859, 38.578,
            74.297, 110.016, 133.734, 143.5, 199.0, 77.75, 28.25, 74.75, 121.25, 167.75, 214.25, 253.0,
        ],
    );
}

#[test]
fn images_of_another_filter_are_not_taken_from_the_cache() {
    let case = Case::good();
    let built = |filter| {
        let mut spec = FolderSpec::read(&mut RunSpec::parse("size = 16", "test").unwrap().root()).unwrap();
        spec.path = case.images.path().display().to_string();
        spec.look.filter = filter;
        let cache_dir = case.cache.path().to_owned();
        let context = DataContext { data_dir: None, cache_dir, threads: 1, progress: &Silent };
        spec.build_within(usize::MAX, &context).unwrap().fingerprint()
    };
    let all = [Filter::Lanczos, Filter::Bicubic, Filter::Bilinear].map(built);
    assert!(all[0] != all[1] && all[0] != all[2] && all[1] != all[2], "{all:?}");
    assert_eq!(fs::read_dir(case.cache.path()).unwrap().count(), 3);
}

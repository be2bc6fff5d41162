//! Resizing between the four nearest pixels, which aliases: for scores that others have computed so.

use image::{Rgb, RgbImage};

/// A square image at another size: `y = (i + 1/2) n / size - 1/2`, no less than 0, between the pixels on both sides of it.
pub(super) fn bilinear(image: &RgbImage, size: u32) -> RgbImage {
    let n = image.width();
    // The pixel before a place, the one after it, and how far it is from the first.
    let place = |i: u32| {
        let at = ((f64::from(i) + 0.5) * f64::from(n) / f64::from(size) - 0.5).max(0.0);
        let first = (at as u32).min(n - 1);
        (first, (first + 1).min(n - 1), at - f64::from(first))
    };
    RgbImage::from_fn(size, size, |x, y| {
        let ((left, right, across), (top, bottom, down)) = (place(x), place(y));
        let value = |x: u32, y: u32, c: usize| f64::from(image.get_pixel(x, y).0[c]);
        let line = |y: u32, c: usize| value(left, y, c) * (1.0 - across) + value(right, y, c) * across;
        Rgb([0, 1, 2].map(|c| (line(top, c) * (1.0 - down) + line(bottom, c) * down).round() as u8))
    })
}

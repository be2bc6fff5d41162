//! How many bits the values of 16-bit images use.

use image::DynamicImage;

/// Depths that scanners and cameras have.
const DEPTHS: [u64; 4] = [8, 10, 12, 14];

/// The largest value of a 16-bit image; transparency does not count. Nothing for other images.
pub(super) fn top(image: &mut DynamicImage) -> Option<u16> {
    let mut largest = None;
    each(image, &mut |value| largest = largest.max(Some(*value)));
    largest
}

/// The fewest bits that hold the largest value of a folder's 16-bit images; nothing where they use all of them.
///
/// One value above tells that the images are dark, or deep; that every value of a folder is below is no accident.
pub(super) fn bits(top: u16) -> Option<u64> {
    DEPTHS.into_iter().find(|bits| u64::from(top) < 1 << bits)
}

/// Stretches values of `bits` bits to all 16: v (2^16 - 1) / (2^bits - 1).
pub(super) fn widen(image: &mut DynamicImage, bits: u64) {
    let most = (1u64 << bits) - 1;
    each(image, &mut |value| {
        *value = (u64::from(*value).min(most) * u64::from(u16::MAX) / most) as u16;
    });
}

/// Visits every value of a 16-bit image but its transparency.
fn each(image: &mut DynamicImage, visit: &mut impl FnMut(&mut u16)) {
    match image {
        DynamicImage::ImageLuma16(image) => image.iter_mut().for_each(visit),
        DynamicImage::ImageRgb16(image) => image.iter_mut().for_each(visit),
        DynamicImage::ImageLumaA16(image) => {
            image.pixels_mut().for_each(|p| p.0[..1].iter_mut().for_each(&mut *visit))
        }
        DynamicImage::ImageRgba16(image) => {
            image.pixels_mut().for_each(|p| p.0[..3].iter_mut().for_each(&mut *visit))
        }
        _ => {}
    }
}

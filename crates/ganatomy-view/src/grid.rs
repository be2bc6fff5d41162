//! A contact sheet of images.

use crate::colour::Colour;
use crate::{Picture, ViewError};

/// What separates the images.
pub(crate) const SEPARATOR: Colour = [112, 112, 112];
/// Separators are this wide, in pixels.
const GAP: usize = 2;
/// Images are enlarged until they are at least this wide, in pixels.
const READABLE: usize = 80;
/// The sheet is at most this wide, in pixels, unless images would have to shrink.
pub(crate) const MAX_WIDTH: usize = 1400;

/// Images to be laid out, `pixels` in the order (image, row, column, channel).
#[derive(Clone, Copy, Debug)]
pub struct Sheet<'a> {
    /// How many images.
    pub n: usize,
    /// Rows of one image.
    pub height: usize,
    /// Columns of one image.
    pub width: usize,
    /// 1 (grey), 2 (a pair of grey images, drawn side by side) or 3 (RGB).
    pub channels: usize,
    /// `n * height * width * channels` values.
    pub pixels: &'a [u8],
}

/// Draws the sheet nearly square, each image enlarged by a whole number until it is readable.
///
/// # Errors
/// No images, pixels that do not match the shape, more than 3 channels, or a sheet that is too large.
pub fn grid(sheet: &Sheet<'_>) -> Result<Picture, ViewError> {
    grid_within(sheet, MAX_WIDTH)
}

/// The same with this many images in a row.
///
/// # Errors
/// As [`grid`].
pub fn grid_in_columns(sheet: &Sheet<'_>, columns: usize) -> Result<Picture, ViewError> {
    check(sheet)?;
    laid_out(sheet, Some(columns), MAX_WIDTH)
}

/// As [`grid`], enlarged less where the sheet would be wider than `max_width` pixels.
pub(crate) fn grid_within(sheet: &Sheet<'_>, max_width: usize) -> Result<Picture, ViewError> {
    check(sheet)?;
    laid_out(sheet, None, max_width)
}

fn laid_out(sheet: &Sheet<'_>, asked: Option<usize>, max_width: usize) -> Result<Picture, ViewError> {
    // A pair becomes one image of twice the width first.
    if sheet.channels == 2 {
        let (width, pixels) = (2 * sheet.width, side_by_side(sheet));
        return laid_out(&Sheet { width, channels: 1, pixels: &pixels, ..*sheet }, asked, max_width);
    }
    let columns = asked.map_or_else(|| columns(sheet), |asked| asked.clamp(1, sheet.n));
    let block = Block { columns, scale: scale(sheet.width, columns, max_width) };
    let (width, height) = block.size(sheet);
    let mut picture = Picture::new(width, height, SEPARATOR)?;
    block.paste(&mut picture, sheet, (0, 0));
    Ok(picture)
}

/// How many times images are enlarged: until they are readable, as far as so many of them fit into the width.
pub(crate) fn scale(image_width: usize, columns: usize, max_width: usize) -> usize {
    let fitting = (max_width.saturating_sub(GAP) / columns).saturating_sub(GAP) / image_width;
    READABLE.div_ceil(image_width).min(fitting).max(1)
}

/// Images in rows, with separators around each.
pub(crate) struct Block {
    pub(crate) columns: usize,
    pub(crate) scale: usize,
}

impl Block {
    /// Its width and height in pixels.
    pub(crate) fn size(&self, sheet: &Sheet<'_>) -> (usize, usize) {
        let (width, height) = self.cell(sheet);
        (self.columns * width + GAP, sheet.n.div_ceil(self.columns) * height + GAP)
    }

    fn cell(&self, sheet: &Sheet<'_>) -> (usize, usize) {
        (sheet.width * self.scale + GAP, sheet.height * self.scale + GAP)
    }

    /// Draws the images, which have one channel or three, with the block's upper left corner at a place.
    pub(crate) fn paste(&self, picture: &mut Picture, sheet: &Sheet<'_>, (left, top): (usize, usize)) {
        let (width, height) = self.cell(sheet);
        for image in 0..sheet.n {
            let (column, row) = (image % self.columns, image / self.columns);
            let corner = (left + column * width + GAP, top + row * height + GAP);
            paste(picture, sheet, image, corner, self.scale);
        }
    }
}

pub(crate) fn check(sheet: &Sheet<'_>) -> Result<(), ViewError> {
    let Sheet { n, height, width, channels, pixels } = *sheet;
    let what = format!("a sheet of {n} images of {height}x{width}x{channels}");
    if !(1..=3).contains(&channels) {
        return Err(ViewError::Channels { found: channels });
    }
    let expected = n.checked_mul(height).and_then(|v| v.checked_mul(width));
    match expected.and_then(|v| v.checked_mul(channels)) {
        Some(0) => Err(ViewError::Empty { what }),
        Some(expected) if expected == pixels.len() => Ok(()),
        expected => {
            Err(ViewError::Length { what, expected: expected.unwrap_or(usize::MAX), found: pixels.len() })
        }
    }
}

/// Rows in which all of the first channel comes before all of the second.
pub(crate) fn side_by_side(sheet: &Sheet<'_>) -> Vec<u8> {
    let rows = sheet.pixels.chunks_exact(2 * sheet.width);
    let channel = |row: &[u8], c: usize| row.iter().skip(c).step_by(2).copied().collect::<Vec<u8>>();
    rows.flat_map(|row| [channel(row, 0), channel(row, 1)].concat()).collect()
}

/// The number of columns near a square sheet that leaves the fewest cells empty.
pub(crate) fn columns(sheet: &Sheet<'_>) -> usize {
    let square = (sheet.n as f64 * sheet.height as f64 / sheet.width as f64).sqrt();
    let least = (square.ceil() as usize).clamp(1, sheet.n);
    let most = ((square * 1.4) as usize).clamp(least, sheet.n);
    let empty = |columns: usize| sheet.n.div_ceil(columns) * columns - sheet.n;
    (least..=most).min_by_key(|columns| (empty(*columns), *columns)).unwrap_or(least)
}

fn paste(picture: &mut Picture, sheet: &Sheet<'_>, image: usize, (left, top): (usize, usize), scale: usize) {
    let Sheet { height, width, channels, pixels, .. } = *sheet;
    for y in 0..height * scale {
        for x in 0..width * scale {
            let start = ((image * height + y / scale) * width + x / scale) * channels;
            let colour = match channels {
                1 => [pixels[start]; 3],
                _ => [pixels[start], pixels[start + 1], pixels[start + 2]],
            };
            picture.set(left + x, top + y, colour);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_columns(n: usize, height: usize, width: usize, expected: usize) {
        let sheet = Sheet { n, height, width, channels: 1, pixels: &[] };
        assert_eq!(columns(&sheet), expected, "{n} images of {height}x{width}");
    }

    #[test]
    fn sheets_are_nearly_square_with_few_empty_cells() {
        check_columns(1, 28, 28, 1);
        check_columns(2, 28, 28, 2);
        check_columns(10, 28, 28, 4);
        check_columns(20, 28, 28, 5);
        check_columns(64, 28, 28, 8);
        check_columns(64, 16, 64, 4);
    }

    #[test]
    fn pixels_are_enlarged_and_kept() {
        let pixels: Vec<u8> = (0..2 * 28 * 28 * 3).map(|v| v as u8).collect();
        let sheet = Sheet { n: 2, height: 28, width: 28, channels: 3, pixels: &pixels };
        let picture = grid(&sheet).unwrap();
        assert_eq!((picture.width(), picture.height()), (2 * 86 + 2, 88));
        assert_eq!(picture.at(0, 0), Some(SEPARATOR));
        assert_eq!(picture.at(2, 2), Some([0, 1, 2]));
        assert_eq!(picture.at(4, 4), Some([0, 1, 2]));
        assert_eq!(picture.at(5, 2), Some([3, 4, 5]));
        let second = 28 * 28 * 3;
        assert_eq!(picture.at(88, 2), Some([0, 1, 2].map(|c| (second + c) as u8)));
        assert_eq!(grid_within(&sheet, 70).unwrap().width(), 62);
    }

    #[test]
    fn two_channels_stand_side_by_side() {
        let pixels: Vec<u8> = (0..2 * 40 * 40 * 2).map(|v| if v % 2 == 0 { 9 } else { 200 }).collect();
        let picture = grid(&Sheet { n: 2, height: 40, width: 40, channels: 2, pixels: &pixels }).unwrap();
        assert_eq!((picture.width(), picture.height()), (84, 86));
        assert_eq!([2, 41, 42, 81].map(|x| picture.at(x, 83).unwrap()[0]), [9, 9, 200, 200]);
    }

    #[test]
    fn wrong_sizes_are_refused() {
        let sheet = Sheet { n: 2, height: 2, width: 2, channels: 1, pixels: &[0; 7] };
        let error = grid(&sheet).unwrap_err().to_string();
        assert_eq!(error, "a sheet of 2 images of 2x2x1 must hold 8 values, found 7");
        assert!(matches!(grid(&Sheet { channels: 4, ..sheet }), Err(ViewError::Channels { .. })));
        let empty = Sheet { n: 0, pixels: &[], ..sheet };
        assert!(matches!(grid(&empty), Err(ViewError::Empty { .. })));
    }
}

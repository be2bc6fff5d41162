//! Generated images beside real ones.

use crate::axes::{NORMAL, SMALL};
use crate::canvas::{Canvas, Style};
use crate::colour::WHITE;
use crate::grid::{Block, MAX_WIDTH, SEPARATOR, Sheet, check, columns, grid_within, scale, side_by_side};
use crate::text::Align;
use crate::{Picture, ViewError};

/// The strip with the names of both, in pixels.
const HEAD: usize = 26;
/// Paper between the generated images and the real ones, in pixels.
const BETWEEN: usize = 16;

/// Generated images, and real ones to compare them with.
#[derive(Clone, Copy, Debug)]
pub struct Sheets<'a> {
    /// Said of the generated images where there is room, such as "step 3000".
    pub title: &'a str,
    /// What was generated.
    pub generated: Sheet<'a>,
    /// Real images of the same shape; if there are none, the generated ones stand alone as in [`crate::grid`].
    pub real: &'a [u8],
}

/// Draws both, enlarged alike, in the same number of rows, each under its name.
///
/// # Errors
/// As [`crate::grid`], of either.
pub fn sheets(sheets: &Sheets<'_>) -> Result<Picture, ViewError> {
    sheets_within(sheets, MAX_WIDTH)
}

/// The same, enlarged less where the picture would be wider than `max_width` pixels.
pub(crate) fn sheets_within(sheets: &Sheets<'_>, max_width: usize) -> Result<Picture, ViewError> {
    let Sheets { title, generated, real } = *sheets;
    if real.is_empty() {
        return grid_within(&generated, max_width);
    }
    check(&generated)?;
    let n = real.len() / (generated.height * generated.width * generated.channels);
    let real = Sheet { n, pixels: real, ..generated };
    check(&real)?;
    if generated.channels != 2 {
        return beside(title, [generated, real], max_width);
    }
    // A pair becomes one image of twice the width first.
    let pixels = [&generated, &real].map(side_by_side);
    let one = |sheet: Sheet<'_>, pixels| Sheet { width: 2 * sheet.width, channels: 1, pixels, ..sheet };
    beside(title, [one(generated, &pixels[0]), one(real, &pixels[1])], max_width)
}

fn beside(title: &str, [generated, real]: [Sheet<'_>; 2], max_width: usize) -> Result<Picture, ViewError> {
    let first = columns(&generated);
    let rows = generated.n.div_ceil(first);
    let second = real.n.div_ceil(rows);
    let scale = scale(generated.width, first + second, max_width.saturating_sub(BETWEEN));
    let [left, right] = [first, second].map(|columns| Block { columns, scale });
    let ((width, height), (more, _)) = (left.size(&generated), right.size(&real));
    let size = (width + BETWEEN + more, HEAD + height);
    let mut picture = heading(title, size, [width, width + BETWEEN])?;
    for (block, sheet, corner) in [(left, generated, 0), (right, real, width + BETWEEN)] {
        let (width, height) = block.size(&sheet);
        for y in HEAD..HEAD + height {
            (corner..corner + width).for_each(|x| picture.set(x, y, SEPARATOR));
        }
        block.paste(&mut picture, &sheet, (corner, HEAD));
    }
    Ok(picture)
}

/// White paper with the names of both on top: the first one's width and the second one's place are given.
fn heading(title: &str, size: (usize, usize), [width, place]: [usize; 2]) -> Result<Picture, ViewError> {
    let mut canvas = Canvas::new(size.0, size.1)?;
    let style = |size| Style { bold: true, ..Style::of(size).placed(Align::Start, Align::Middle) };
    let titled = format!("generated, {title}");
    let fits = |text: &str, size: f32, width: usize| canvas.text_width(text, style(size)) <= width as f32;
    let name = if !title.is_empty() && fits(&titled, NORMAL, width) { &titled } else { "generated" };
    let first = if fits(name, NORMAL, width) { NORMAL } else { SMALL };
    let middle = HEAD as f32 / 2.0;
    canvas.text(name, (2.0, middle), style(first));
    canvas.text("real", (place as f32 + 2.0, middle), style(NORMAL));
    let paper = Picture::new(size.0, size.1, WHITE)?;
    canvas.finish().on(paper)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The picture of n generated images of one grey and some real ones of another, and its pixels at places.
    fn check_at(n: [usize; 2], channels: usize, expected: &[((usize, usize), u8)]) {
        let pixels = [(n[0], 60u8), (n[1], 200u8)].map(|(n, grey)| vec![grey; n * 40 * 40 * channels]);
        let generated = Sheet { n: n[0], height: 40, width: 40, channels, pixels: &pixels[0] };
        let picture = sheets(&Sheets { title: "step 7", generated, real: &pixels[1] }).unwrap();
        for ((x, y), grey) in expected {
            assert_eq!(picture.at(*x, *y), Some([*grey; 3]), "{n:?} at {x}, {y}");
        }
    }

    #[test]
    fn real_images_stand_beside_the_generated_ones() {
        // Cells are of 82 pixels: four generated in two rows, and then the real one.
        let right = 2 * 82 + 2 + BETWEEN;
        check_at([4, 1], 1, &[((40, 80), 60), ((120, 160), 60), ((right + 40, 80), 200)]);
        // The paper between them, the strip above them, and the place of a real image that is not there.
        check_at([4, 1], 1, &[((right - 8, 80), 255), ((right + 60, 4), 255), ((right + 40, 190), 255)]);
        check_at([4, 4], 3, &[((40, 80), 60), ((right + 40, 80), 200), ((right + 120, 160), 200)]);
        // Pairs are drawn side by side, and so are twice as wide.
        check_at([1, 1], 2, &[((80, 60), 60), ((84 + BETWEEN + 75, 60), 200)]);
    }

    #[test]
    fn without_real_images_the_sheet_is_plain() {
        let generated = Sheet { n: 4, height: 8, width: 8, channels: 1, pixels: &[9; 256] };
        let alone = sheets(&Sheets { title: "step 7", generated, real: &[] }).unwrap();
        assert_eq!(alone, crate::grid(&generated).unwrap());
        let torn = sheets(&Sheets { title: "", generated, real: &[1; 65] }).unwrap_err().to_string();
        assert_eq!(torn, "a sheet of 1 images of 8x8x1 must hold 64 values, found 65");
        let less = sheets(&Sheets { title: "", generated, real: &[1; 6] });
        assert!(matches!(less, Err(ViewError::Empty { .. })), "{less:?}");
    }
}

//! Text set in DejaVu Sans, which is embedded so that pictures need no system fonts; Hangul, which it lacks, is drawn.
//!
//! The fonts come with the `dejavu` crate under the permissive Bitstream Vera licence.

use ab_glyph::{Font, FontRef, Glyph, PxScale, ScaleFont, point};

use crate::ViewError;
use crate::hangul::{self, Stroke};

/// Where text stands against its point, along one direction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Align {
    /// The point is the left or upper end.
    Start,
    /// The point is the middle.
    Middle,
    /// The point is the right or lower end.
    End,
}

impl Align {
    /// How far before the point the text begins, for a text `length` long.
    pub(crate) fn offset(self, length: f32) -> f32 {
        match self {
            Align::Start => 0.0,
            Align::Middle => length / 2.0,
            Align::End => length,
        }
    }
}

/// The two faces of the embedded font.
pub(crate) struct Fonts {
    regular: FontRef<'static>,
    bold: FontRef<'static>,
}

/// One line of text, laid out.
pub(crate) struct Line {
    glyphs: Vec<Glyph>,
    /// Syllables of Hangul in pixels, and how wide their lines are.
    syllables: Vec<Vec<Stroke>>,
    stroke: f32,
    /// Advance of the whole line, in pixels.
    pub(crate) width: f32,
    /// From the upper edge to the baseline, in pixels.
    pub(crate) ascent: f32,
    /// From ascent to descent, in pixels.
    pub(crate) height: f32,
}

impl Fonts {
    /// Reads the embedded faces.
    pub(crate) fn embedded() -> Result<Fonts, ViewError> {
        let read = |face: &'static [u8]| {
            FontRef::try_from_slice(face).map_err(|error| ViewError::Font(Box::new(error)))
        };
        Ok(Fonts { regular: read(dejavu::sans::regular())?, bold: read(dejavu::sans::bold())? })
    }

    fn face(&self, bold: bool) -> &FontRef<'static> {
        if bold { &self.bold } else { &self.regular }
    }

    /// Lays `text` out from (0, 0), its upper left corner, at `size` pixels an em.
    pub(crate) fn line(&self, text: &str, size: f32, bold: bool) -> Line {
        let face = self.face(bold);
        // PxScale counts pixels from ascent to descent, whereas sizes are given per em.
        let em = face.units_per_em().unwrap_or(2048.0);
        let scale = PxScale::from(size * face.height_unscaled() / em);
        let scaled = face.as_scaled(scale);
        let (mut x, mut before, mut glyphs, mut syllables) = (0.0, None, Vec::new(), Vec::new());
        for c in text.chars() {
            if let Some(strokes) = hangul::strokes(c) {
                // Letters of Hangul stand from a little below the baseline to the height of capitals.
                let (left, top) = (x + 0.04 * size, scaled.ascent() - 0.8 * size);
                let place = |(u, v): (f32, f32)| (left + u * 0.88 * size, top + v * 0.92 * size);
                syllables
                    .push(strokes.into_iter().map(|line| line.into_iter().map(place).collect()).collect());
                x += hangul::ADVANCE * size;
                before = None;
                continue;
            }
            let id = scaled.glyph_id(c);
            if let Some(last) = before {
                x += scaled.kern(last, id);
            }
            glyphs.push(id.with_scale_and_position(scale, point(x, scaled.ascent())));
            x += scaled.h_advance(id);
            before = Some(id);
        }
        let (ascent, descent) = (scaled.ascent(), scaled.descent());
        let stroke = size * if bold { 0.105 } else { 0.075 };
        Line { glyphs, syllables, stroke, width: x, ascent, height: ascent - descent }
    }

    /// Calls `ink(x, y, coverage)` for every pixel the line touches.
    pub(crate) fn draw(&self, line: &Line, bold: bool, mut ink: impl FnMut(f32, f32, f32)) {
        line.syllables.iter().for_each(|strokes| draw_strokes(strokes, line.stroke, &mut ink));
        for glyph in &line.glyphs {
            if let Some(outline) = self.face(bold).outline_glyph(glyph.clone()) {
                let corner = outline.px_bounds().min;
                outline.draw(|x, y, coverage| {
                    ink(corner.x + x as f32, corner.y + y as f32, coverage);
                });
            }
        }
    }
}

fn draw_strokes(strokes: &[Stroke], width: f32, ink: &mut impl FnMut(f32, f32, f32)) {
    let points = || strokes.iter().flatten();
    let ends = |of: fn(&(f32, f32)) -> f32| {
        let (low, high) = (f32::INFINITY, f32::NEG_INFINITY);
        let (low, high) = points().map(of).fold((low, high), |(l, h), v| (l.min(v), h.max(v)));
        (low - width).floor() as i32..(high + width).ceil() as i32
    };
    for y in ends(|p| p.1) {
        for x in ends(|p| p.0) {
            let (x, y) = (x as f32, y as f32);
            let coverage = hangul::coverage(strokes, (x + 0.5, y + 0.5), width);
            if coverage > 0.0 {
                ink(x, y, coverage);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pixels that a text leaves ink on.
    fn inked(text: &str) -> Vec<(i32, i32)> {
        let fonts = Fonts::embedded().unwrap();
        let mut pixels = Vec::new();
        fonts.draw(&fonts.line(text, 15.0, false), false, |x, y, coverage| {
            if coverage > 0.3 {
                pixels.push((x as i32, y as i32));
            }
        });
        pixels
    }

    #[test]
    fn hangul_is_drawn_between_latin_letters() {
        // Without letters of its own, a text would show the same box for each.
        assert_ne!(inked("가"), inked("나"));
        assert_ne!(inked("각"), inked("강"));
        let fonts = Fonts::embedded().unwrap();
        let width = |text| fonts.line(text, 15.0, false).width;
        assert!((width("고리 ring") - width("고리") - width(" ring")).abs() < 0.01);
        // It stands on the line of the text, and in its advance.
        let line = fonts.line("한글", 15.0, false);
        let inside =
            |(x, y): &(i32, i32)| *x >= 0 && *x as f32 <= line.width && *y >= 0 && *y as f32 <= line.height;
        assert!(inked("한글").iter().all(inside));
    }

    #[test]
    fn text_is_as_wide_as_its_letters() {
        let fonts = Fonts::embedded().unwrap();
        let one = fonts.line("D", 16.0, false).width;
        let two = fonts.line("DD", 16.0, false).width;
        assert!(one > 8.0 && one < 16.0, "one letter is {one} px wide");
        assert!((two - 2.0 * one).abs() < 1.0, "two letters are {two} px wide");
        let ink: f32 = {
            let (line, mut sum) = (fonts.line("D", 16.0, false), 0.0);
            fonts.draw(&line, false, |_, _, coverage| sum += coverage);
            sum
        };
        assert!(ink > 20.0, "a letter leaves {ink} pixels of ink");
    }
}

//! Text set in DejaVu Sans, which is embedded so that pictures need no system fonts.
//!
//! The fonts come with the `dejavu` crate under the permissive Bitstream Vera licence.

use ab_glyph::{Font, FontRef, Glyph, PxScale, ScaleFont, point};

use crate::ViewError;

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
        let (mut x, mut before, mut glyphs) = (0.0, None, Vec::new());
        for c in text.chars() {
            let id = scaled.glyph_id(c);
            if let Some(last) = before {
                x += scaled.kern(last, id);
            }
            glyphs.push(id.with_scale_and_position(scale, point(x, scaled.ascent())));
            x += scaled.h_advance(id);
            before = Some(id);
        }
        let (ascent, descent) = (scaled.ascent(), scaled.descent());
        Line { glyphs, width: x, ascent, height: ascent - descent }
    }

    /// Calls `ink(x, y, coverage)` for every pixel the line touches.
    pub(crate) fn draw(&self, line: &Line, bold: bool, mut ink: impl FnMut(f32, f32, f32)) {
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

#[cfg(test)]
mod tests {
    use super::*;

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

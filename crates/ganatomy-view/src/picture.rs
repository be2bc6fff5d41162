//! A raster of RGB pixels, and its PNG file.

use crate::ViewError;
use crate::colour::Colour;

/// The longest side a picture may have, in pixels.
const MAX_SIDE: usize = 16_384;

/// A raster of 8-bit RGB pixels, row 0 on top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

impl Picture {
    /// A picture of one colour.
    ///
    /// # Errors
    /// A side of no pixels, or one that is too large.
    pub fn new(width: usize, height: usize, colour: Colour) -> Result<Picture, ViewError> {
        if width == 0 || height == 0 {
            return Err(ViewError::Empty { what: format!("a picture of {width}x{height} pixels") });
        }
        if width > MAX_SIDE || height > MAX_SIDE {
            return Err(ViewError::TooLarge { width, height, limit: MAX_SIDE });
        }
        Ok(Picture { width, height, pixels: colour.repeat(width * height) })
    }

    /// Width in pixels.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Height in pixels.
    pub fn height(&self) -> usize {
        self.height
    }

    /// The pixels: `height` rows of `width` RGB triples.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// The colour at (x, y), or `None` outside.
    pub fn at(&self, x: usize, y: usize) -> Option<Colour> {
        if x >= self.width || y >= self.height {
            return None;
        }
        let start = (y * self.width + x) * 3;
        let triple = self.pixels.get(start..start + 3)?;
        Some([triple[0], triple[1], triple[2]])
    }

    /// Sets the colour at (x, y); does nothing outside.
    pub fn set(&mut self, x: usize, y: usize, colour: Colour) {
        if x < self.width && y < self.height {
            let start = (y * self.width + x) * 3;
            self.pixels[start..start + 3].copy_from_slice(&colour);
        }
    }

    /// Mixes `colour` into the pixel at (x, y), by the share of it that is covered.
    pub(crate) fn mix(&mut self, x: usize, y: usize, colour: Colour, coverage: f32) {
        if coverage >= 1.0 {
            self.set(x, y, colour);
        } else if let Some(below) = self.at(x, y) {
            let weight = coverage.max(0.0);
            let mix = |c: usize| f32::from(below[c]) * (1.0 - weight) + f32::from(colour[c]) * weight + 0.5;
            self.set(x, y, std::array::from_fn(|c| mix(c) as u8));
        }
    }

    /// The picture as the bytes of a PNG file; pictures without colour are stored as grey.
    ///
    /// # Errors
    /// The encoder failed.
    pub fn to_png(&self) -> Result<Vec<u8>, ViewError> {
        self.encoded().map_err(|error| ViewError::Png(Box::new(error)))
    }

    fn encoded(&self) -> Result<Vec<u8>, png::EncodingError> {
        let grey = self.pixels.chunks_exact(3).all(|p| p[0] == p[1] && p[1] == p[2]);
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, self.width as u32, self.height as u32);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_color(if grey { png::ColorType::Grayscale } else { png::ColorType::Rgb });
        encoder.set_compression(png::Compression::Balanced);
        let mut writer = encoder.write_header()?;
        if grey {
            let greys: Vec<u8> = self.pixels.iter().copied().step_by(3).collect();
            writer.write_image_data(&greys)?;
        } else {
            writer.write_image_data(&self.pixels)?;
        }
        writer.finish()?;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(colour: Colour, expected: png::ColorType) {
        let mut picture = Picture::new(5, 3, colour).unwrap();
        picture.set(4, 2, [7, 7, 7]);
        picture.set(5, 2, [9, 9, 9]);
        let bytes = picture.to_png().unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
        let mut decoded = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut decoded).unwrap();
        assert_eq!((info.width, info.height, info.color_type), (5, 3, expected));
        let channels = if expected == png::ColorType::Rgb { 3 } else { 1 };
        assert_eq!(decoded[..channels], colour[..channels]);
        assert!(decoded.ends_with(&[7].repeat(channels)), "the last pixel must be the one set");
    }

    #[test]
    fn png_keeps_every_pixel() {
        check([1, 2, 3], png::ColorType::Rgb);
        check([4, 4, 4], png::ColorType::Grayscale);
    }

    #[test]
    fn impossible_sizes_are_refused() {
        assert!(matches!(Picture::new(0, 3, [0; 3]), Err(ViewError::Empty { .. })));
        assert!(matches!(Picture::new(3, 99_999, [0; 3]), Err(ViewError::TooLarge { .. })));
    }
}

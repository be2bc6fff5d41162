//! One image file as training sees it.

use std::fs;
use std::io::Cursor;
use std::path::Path;

use image::imageops::{FilterType, crop_imm, resize};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageReader, RgbImage};

use super::jpeg::is_cut;

/// What every image is turned into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// Height and width; default 64 pixels, from 8 to 512.
    pub size: usize,
    /// 1 for grey, 3 for colour, the default.
    pub channels: usize,
    /// What shows through transparent parts; default white.
    pub background: [u8; 3],
}

impl Look {
    /// Bytes of one image.
    pub(super) fn n_bytes(&self) -> usize {
        self.size * self.size * self.channels
    }

    /// Decodes `file` into `out`: flattened, cut to the largest centred square, resized, turned upright.
    ///
    /// # Shapes
    /// `out`: size × size × channels.
    pub(super) fn read(&self, file: &Path, out: &mut [u8]) -> Result<(), String> {
        let (image, orientation) = open(file).map_err(|e| one_line(&*e))?;
        let flat = flatten(image, self.background);
        let small = self.resize(&flat);
        // Turning a small square is the same as turning the large image first, and far cheaper.
        let mut small = DynamicImage::ImageRgb8(small);
        small.apply_orientation(orientation);
        match self.channels {
            1 => out.copy_from_slice(small.into_luma8().as_raw()),
            _ => out.copy_from_slice(small.into_rgb8().as_raw()),
        }
        Ok(())
    }

    /// The largest centred square, reduced with a filter that is stretched with the reduction, so that
    /// nothing aliases.
    fn resize(&self, image: &RgbImage) -> RgbImage {
        let (width, height, size) = (image.width(), image.height(), self.size as u32);
        let side = width.min(height);
        let square = crop_imm(image, (width - side) / 2, (height - side) / 2, side, side);
        resize(&*square, size, size, FilterType::Lanczos3)
    }
}

/// Pixels of an image, which takes up to four bytes each while it is decoded. Cameras make less.
const MOST_PIXELS: u64 = 200_000_000;

fn open(file: &Path) -> Result<(DynamicImage, Orientation), Box<dyn std::error::Error>> {
    // Opening a pipe would wait for ever, and a device need not end.
    let metadata = fs::metadata(file)?;
    if !metadata.is_file() {
        return Err("it is not a regular file".into());
    }
    let bytes = fs::read(file)?;
    // The decoder would silently paint the missing part of a cut photograph grey.
    if is_cut(&bytes) {
        return Err("it is cut short".into());
    }
    // The format is read from the content, since names are often wrong.
    let mut decoder = ImageReader::new(Cursor::new(&bytes)).with_guessed_format()?.into_decoder()?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        let most = MOST_PIXELS / 1_000_000;
        return Err(
            format!("it has {width} x {height} pixels, and at most {most} million are decoded").into()
        );
    }
    // Damaged EXIF data says nothing about the pixels, which may still be good.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    Ok((DynamicImage::from_decoder(decoder)?, orientation))
}

/// Joins the lines of a decoder's message into one.
fn one_line(error: &dyn std::error::Error) -> String {
    let message = error.to_string();
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Lays transparent parts on a colour: α·c + (1 − α)·background.
fn flatten(image: DynamicImage, background: [u8; 3]) -> RgbImage {
    if !image.color().has_alpha() {
        return image.into_rgb8();
    }
    let image = image.into_rgba8();
    let (width, height) = image.dimensions();
    let blend = |colour: u8, behind: u8, alpha: u8| {
        let sum = u32::from(colour) * u32::from(alpha) + u32::from(behind) * u32::from(255 - alpha);
        ((sum + 127) / 255) as u8
    };
    let mut flat = RgbImage::new(width, height);
    for (to, from) in flat.pixels_mut().zip(image.pixels()) {
        to.0 = [0, 1, 2].map(|c| blend(from.0[c], background[c], from.0[3]));
    }
    flat
}

/// A colour by name or as `#rrggbb`.
pub(super) fn parse_colour(text: &str) -> Option<[u8; 3]> {
    match text {
        "white" => Some([255; 3]),
        "black" => Some([0; 3]),
        "grey" | "gray" => Some([128; 3]),
        _ => {
            let digits = text
                .strip_prefix('#')
                .filter(|d| d.len() == 6 && d.bytes().all(|b| b.is_ascii_hexdigit()))?;
            let value = u32::from_str_radix(digits, 16).ok()?;
            Some([(value >> 16) as u8, (value >> 8) as u8, value as u8])
        }
    }
}

//! One image file as training sees it.

use std::error::Error;
use std::fs;
use std::io::Cursor;
use std::path::Path;

use image::imageops::{FilterType, crop_imm, resize};
use image::metadata::Orientation;
use image::{ColorType, DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbImage};

use super::bilinear::bilinear;
use super::depth;
use super::jpeg::{self, End};

/// What every image is turned into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// Height and width; default 64 pixels, from 8 to 512.
    pub size: usize,
    /// 1 for grey, 3 for colour, the default.
    pub channels: usize,
    /// What shows through transparent parts; default white.
    pub background: [u8; 3],
    /// How they come to their size; Lanczos wherever models are trained.
    pub filter: Filter,
}

/// How images come to their size.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Filter {
    /// Lanczos of three lobes, as wide as the reduction.
    #[default]
    Lanczos,
    /// Cubic (`a = -1/2`), as wide as the reduction: that of Pillow, and so of `clean-fid`.
    Bicubic,
    /// Between the four nearest pixels, however large the reduction, as PyTorch's `interpolate` without corners: it aliases.
    Bilinear,
}

/// How large an image may be, and how its values are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Pixels of the largest image that is decoded; default 200 million, which no camera reaches, from 4096 to 10 billion.
    pub max_pixels: u64,
    /// Bits that the values of 16-bit images use, from 8 to 16; default 0: the fewest of 8, 10, 12, 14 and 16 that hold the
    /// largest value in the folder, since scanners and cameras store 12 bits in 16.
    pub bits: u64,
}

/// What a file was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) format: &'static str,
    pub(super) mode: &'static str,
    /// Width and height.
    pub(super) size: [u32; 2],
    /// The largest value of a 16-bit image, transparency left out.
    pub(super) top: Option<u16>,
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
    pub(super) fn read(&self, file: &Path, reading: Reading, out: &mut [u8]) -> Result<Seen, String> {
        let Opened { mut image, orientation, format } =
            open(file, reading.max_pixels).map_err(|e| one_line(&*e))?;
        let (mode, size) = (mode(&image), [image.width(), image.height()]);
        let top = depth::top(&mut image);
        if (1..16).contains(&reading.bits) {
            depth::widen(&mut image, reading.bits);
        }
        let flat = flatten(image, self.background);
        let small = self.resize(&flat);
        // Turning a small square is the same as turning the large image first, and far cheaper.
        let mut small = DynamicImage::ImageRgb8(small);
        small.apply_orientation(orientation);
        match self.channels {
            1 => out.copy_from_slice(small.into_luma8().as_raw()),
            _ => out.copy_from_slice(small.into_rgb8().as_raw()),
        }
        Ok(Seen { format, mode, size, top })
    }

    /// The largest centred square, reduced with a filter that is stretched with the reduction, so that
    /// nothing aliases unless that is asked for.
    fn resize(&self, image: &RgbImage) -> RgbImage {
        let (width, height, size) = (image.width(), image.height(), self.size as u32);
        let side = width.min(height);
        let square = crop_imm(image, (width - side) / 2, (height - side) / 2, side, side);
        match self.filter {
            Filter::Lanczos => resize(&*square, size, size, FilterType::Lanczos3),
            Filter::Bicubic => resize(&*square, size, size, FilterType::CatmullRom),
            Filter::Bilinear => bilinear(&square.to_image(), size),
        }
    }
}

/// An image as it stands, in colour on white, turned upright: its width, its height, and red, green and blue of each pixel, row by row.
///
/// # Errors
/// A file that is no image that can be read, with the reason.
pub fn rgb(file: &Path) -> Result<(usize, usize, Vec<u8>), String> {
    let Opened { image, orientation, .. } = open(file, MOST_PIXELS).map_err(|error| one_line(&*error))?;
    let mut flat = DynamicImage::ImageRgb8(flatten(image, [255; 3]));
    flat.apply_orientation(orientation);
    Ok((flat.width() as usize, flat.height() as usize, flat.into_rgb8().into_raw()))
}

/// Pixels that an image may have that is not part of a set.
const MOST_PIXELS: u64 = 200_000_000;

/// An image file, decoded.
struct Opened {
    image: DynamicImage,
    orientation: Orientation,
    format: &'static str,
}

fn open(file: &Path, max_pixels: u64) -> Result<Opened, Box<dyn Error>> {
    // Opening a pipe would wait for ever, and a device need not end.
    let metadata = fs::metadata(file)?;
    if !metadata.is_file() {
        return Err("it is not a regular file".into());
    }
    let bytes = fs::read(file)?;
    // The decoder would silently paint the missing part of a cut photograph grey.
    match jpeg::end(&bytes) {
        End::Marked => decode(&bytes, max_pixels),
        End::Cut => Err(CUT.into()),
        End::Open => open_ended(&bytes, max_pixels),
    }
}

const CUT: &str = "it is cut short";

/// Decodes a JPEG without an end marker, if no pixel is missing.
fn open_ended(bytes: &[u8], max_pixels: u64) -> Result<Opened, Box<dyn Error>> {
    // Half an end marker would make a marker of what is added.
    let n_bytes = bytes.iter().rposition(|&byte| byte != 0xff).map_or(0, |last| last + 1);
    let bytes = &bytes[..n_bytes];
    let mut whole: Option<Opened> = None;
    for ending in jpeg::endings() {
        let opened = decode(&[bytes, &ending].concat(), max_pixels)?;
        match &whole {
            Some(whole) if whole.image != opened.image => return Err(CUT.into()),
            _ => whole = Some(opened),
        }
    }
    whole.ok_or_else(|| CUT.into())
}

fn decode(bytes: &[u8], max_pixels: u64) -> Result<Opened, Box<dyn Error>> {
    // The format is read from the content, since names are often wrong.
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    let format = reader.format().map_or("unknown", name);
    // What is decoded is bounded below, in pixels: this bound is on what a decoder needs besides.
    let mut limits = Limits::default();
    limits.max_alloc = Some(max_pixels.saturating_mul(MOST_BYTES_A_PIXEL).max(1 << 26));
    reader.limits(limits);
    let mut decoder = reader.into_decoder()?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > max_pixels {
        let why = format!(
            "it has {width} x {height} pixels, and at most {max_pixels} are decoded; data.max_pixels is the bound"
        );
        return Err(why.into());
    }
    // Damaged EXIF data says nothing about the pixels, which may still be good.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    Ok(Opened { image: DynamicImage::from_decoder(decoder)?, orientation, format })
}

/// Four numbers of four bytes each.
const MOST_BYTES_A_PIXEL: u64 = 16;

fn name(format: ImageFormat) -> &'static str {
    match format {
        ImageFormat::Jpeg => "JPEG",
        ImageFormat::Png => "PNG",
        ImageFormat::WebP => "WebP",
        ImageFormat::Bmp => "BMP",
        ImageFormat::Gif => "GIF",
        ImageFormat::Tiff => "TIFF",
        _ => "unknown",
    }
}

/// The kind of an image's pixels.
fn mode(image: &DynamicImage) -> &'static str {
    match image.color() {
        ColorType::L8 => "8-bit grey",
        ColorType::La8 => "8-bit grey with transparency",
        ColorType::Rgb8 => "8-bit colour",
        ColorType::Rgba8 => "8-bit colour with transparency",
        ColorType::L16 => "16-bit grey",
        ColorType::La16 => "16-bit grey with transparency",
        ColorType::Rgb16 => "16-bit colour",
        ColorType::Rgba16 => "16-bit colour with transparency",
        _ => "floating-point colour",
    }
}

/// Joins the lines of a decoder's message into one.
fn one_line(error: &dyn Error) -> String {
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

//! Options that every image set takes.

use ganatomy_record::{Fields, SpecError};

/// Reads the field `path`: the folder of a set that is read; empty, and the default, where the user says it elsewhere.
pub(crate) fn path(fields: &mut Fields<'_>, doc: &str) -> Result<String, SpecError> {
    let path = fields.text("path", doc, "")?;
    if !path.contains(char::is_control) {
        return Ok(path);
    }
    // Nobody means these: TOML makes them of a backslash, of which most are in Windows' paths.
    let escaped = |c: char| c.is_control() || c == '\\';
    let written: String = path.chars().map(|c| if escaped(c) { escape(c) } else { c.to_string() }).collect();
    let why = format!(
        "must be a path of one line, found \"{written}\": in double quotes a backslash begins an escape, so write \
         '{written}' in single quotes, or {} with slashes",
        written.replace('\\', "/")
    );
    Err(fields.refuse("path", why))
}

/// How TOML writes a backslash or a control character.
fn escape(c: char) -> String {
    match c {
        '\u{8}' => "\\b".to_owned(),
        '\u{c}' => "\\f".to_owned(),
        '\u{1b}' => "\\e".to_owned(),
        c => c.escape_default().to_string(),
    }
}

/// Options that every image set takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImageOptions {
    /// Flip every training image left to right with probability one half.
    pub flip: bool,
    /// Give labels with the images.
    pub labels: bool,
}

impl ImageOptions {
    /// Reads them from the set's table; `labels` is the default of that field.
    ///
    /// # Errors
    /// A field with a value that is not allowed.
    pub fn read(fields: &mut Fields<'_>, labels: bool) -> Result<ImageOptions, SpecError> {
        Ok(ImageOptions {
            flip: fields.flag("flip", "flip training images left to right, half of them at random", false)?,
            labels: fields.flag("labels", "give class labels with the images", labels)?,
        })
    }
}

/// Mirrors an image: swaps the columns of one NHWC image in place.
///
/// # Shapes
/// `image`: height × `width` × `channels`.
pub(crate) fn mirror<T>(image: &mut [T], width: usize, channels: usize) {
    for row in image.chunks_exact_mut(width * channels) {
        row.reverse();
        // Reversing the row reversed each pixel's channels too.
        row.chunks_exact_mut(channels).for_each(<[T]>::reverse);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check<const N: usize>(mut image: [u8; N], width: usize, channels: usize, expected: [u8; N]) {
        mirror(&mut image, width, channels);
        assert_eq!(image, expected);
    }

    #[test]
    fn mirrors_columns_not_channels() {
        check([1, 2, 3, 4, 5, 6], 3, 1, [3, 2, 1, 6, 5, 4]);
        check([1, 2, 3, 4, 5, 6], 2, 3, [4, 5, 6, 1, 2, 3]);
        check([7], 1, 1, [7]);
    }
}

//! Detects a JPEG file that was cut short.

/// Whether the bytes are the start of a JPEG whose end is missing.
///
/// Walks the file's markers (ITU T.81, annex B) as far as the end marker; what cameras append after it does not count.
pub(super) fn is_cut(bytes: &[u8]) -> bool {
    if !bytes.starts_with(&[0xff, START]) {
        return false;
    }
    let mut at = 2;
    while let Some(&byte) = bytes.get(at) {
        let next = bytes.get(at + 1).copied();
        match (byte, next) {
            (0xff, Some(END)) => return false,
            (0xff, Some(marker)) if has_segment(marker) => match bytes.get(at + 2..at + 4) {
                // The length counts itself, but not the marker.
                Some(length) => at += 2 + usize::from(u16::from_be_bytes([length[0], length[1]])).max(2),
                None => return true,
            },
            // Coded pixels, a bare marker, or filling.
            _ => at += 1,
        }
    }
    true
}

const START: u8 = 0xd8;
const END: u8 = 0xd9;

/// Whether a segment follows the marker: after all but escapes, restarts, start, end and filling.
fn has_segment(marker: u8) -> bool {
    !matches!(marker, 0x00 | 0x01 | 0xd0..=0xd7 | START | END | 0xff)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(parts: &[&[u8]], expected: bool) {
        assert_eq!(is_cut(&parts.concat()), expected, "{parts:02x?}");
    }

    #[test]
    fn the_end_marker_counts_only_outside_segments() {
        let start: &[u8] = &[0xff, 0xd8];
        // A thumbnail inside a segment has an end marker of its own.
        let thumbnail: &[u8] = &[0xff, 0xe1, 0, 6, 0xff, 0xd8, 0xff, 0xd9];
        let scan: &[u8] = &[0xff, 0xda, 0, 4, 1, 2, 7, 8, 0xff, 0x00, 9, 0xff, 0xd0, 10];
        let end: &[u8] = &[0xff, 0xd9];
        check(&[start, thumbnail, scan, end], false);
        check(&[start, thumbnail, scan, scan, end, b"appended"], false);
        check(&[start, thumbnail, scan], true);
        check(&[start, thumbnail, scan, &[0xff]], true);
        check(&[start, thumbnail], true);
        check(&[start, &thumbnail[..5]], true);
        check(&[start, &thumbnail[..3]], true);
        check(&[start], true);
    }

    #[test]
    fn other_files_are_not_judged() {
        check(&[], false);
        check(&[b"\x89PNG"], false);
        check(&[&[0xff]], false);
    }
}

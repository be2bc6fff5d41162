//! Tells a JPEG file that was cut short from one that only lacks its end marker.

use std::collections::BTreeMap;

/// Where the file ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// At an end marker, or it is no JPEG.
    Marked,
    /// Within coded pixels of the last scan: whether they are all there, only decoding can tell.
    Open,
    /// Before every scan has begun.
    Cut,
}

/// Where a JPEG file ends.
///
/// Walks the file's markers (ITU T.81, annex B) as far as the end marker; what cameras append after it does not count.
pub(super) fn end(bytes: &[u8]) -> End {
    if !bytes.starts_with(&[0xff, START]) {
        return End::Marked;
    }
    let (mut at, mut scans) = (2, Scans::default());
    while let Some(&byte) = bytes.get(at) {
        let next = bytes.get(at + 1).copied();
        match (byte, next) {
            (0xff, Some(END)) => return End::Marked,
            (0xff, Some(marker)) if has_segment(marker) => {
                let Some(length) = bytes.get(at + 2..at + 4) else {
                    return End::Cut;
                };
                // The length counts itself, but not the marker.
                let length = usize::from(u16::from_be_bytes([length[0], length[1]])).max(2);
                let Some(segment) = bytes.get(at + 4..at + 2 + length) else {
                    return End::Cut;
                };
                scans.see(marker, segment);
                at += 2 + length;
            }
            // Coded pixels, a bare marker, or filling.
            _ => at += 1,
        }
    }
    if scans.are_all() { End::Open } else { End::Cut }
}

const START: u8 = 0xd8;
const END: u8 = 0xd9;
const SCAN: u8 = 0xda;

/// Whether a segment follows the marker: after all but escapes, restarts, start, end and filling.
fn has_segment(marker: u8) -> bool {
    !matches!(marker, 0x00 | 0x01 | 0xd0..=0xd7 | START | END | 0xff)
}

/// Which of the 64 coefficients of each component have been given to their last bit.
#[derive(Debug, Default)]
struct Scans {
    given: BTreeMap<u8, u64>,
}

impl Scans {
    fn see(&mut self, marker: u8, segment: &[u8]) {
        match marker {
            // A frame: precision, height, width, and three bytes a component.
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                let components = segment.get(6..).unwrap_or_default();
                self.given = components.chunks_exact(3).map(|component| (component[0], 0)).collect();
            }
            SCAN => self.scan(segment),
            _ => {}
        }
    }

    /// A scan: two bytes a component, then the first and last coefficient and how exactly they are given.
    fn scan(&mut self, segment: &[u8]) {
        let Some((&n, rest)) = segment.split_first() else {
            return;
        };
        let Some((components, &[first, last, exact, ..])) = rest.split_at_checked(2 * usize::from(n)) else {
            return;
        };
        if exact & 0x0f != 0 || first > last || last > 63 {
            return;
        }
        let band = (u64::MAX >> (63 - (last - first))) << first;
        for component in components.chunks_exact(2) {
            *self.given.entry(component[0]).or_insert(0) |= band;
        }
    }

    fn are_all(&self) -> bool {
        !self.given.is_empty() && self.given.values().all(|given| *given == u64::MAX)
    }
}

/// Ends of a file that lacks its end marker. A decoder that makes the same pixels with each has needed none of what is added,
/// and so had all pixels before.
pub(super) fn endings() -> [Vec<u8>; 3] {
    [vec![], vec![0; 64], [0x55, 0xa9].repeat(32)].map(|mut ending: Vec<u8>| {
        ending.extend([0xff, END]);
        ending
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(parts: &[&[u8]], expected: End) {
        assert_eq!(end(&parts.concat()), expected, "{parts:02x?}");
    }

    const FRAME: &[u8] = &[0xff, 0xc2, 0, 11, 8, 0, 8, 0, 8, 1, 7, 0x11, 0];

    /// A scan of component 7 with these coefficients, to this bit.
    fn scan(first: u8, last: u8, exact: u8) -> Vec<u8> {
        vec![0xff, 0xda, 0, 8, 1, 7, 0, first, last, exact, 3, 0xff, 0x00, 9, 0xff, 0xd0, 10]
    }

    #[test]
    fn the_end_marker_counts_only_outside_segments() {
        let start: &[u8] = &[0xff, 0xd8];
        // A thumbnail inside a segment has an end marker of its own.
        let thumbnail: &[u8] = &[0xff, 0xe1, 0, 6, 0xff, 0xd8, 0xff, 0xd9];
        let scan = &scan(0, 63, 0)[..];
        let end: &[u8] = &[0xff, 0xd9];
        check(&[start, thumbnail, FRAME, scan, end], End::Marked);
        check(&[start, thumbnail, FRAME, scan, scan, end, b"appended"], End::Marked);
        check(&[start, thumbnail, FRAME, scan], End::Open);
        check(&[start, thumbnail, FRAME, scan, &[0xff]], End::Open);
        check(&[start, thumbnail, scan], End::Open);
        check(&[start, thumbnail, FRAME, &scan[..6]], End::Cut);
        check(&[start, thumbnail], End::Cut);
        check(&[start, &thumbnail[..5]], End::Cut);
        check(&[start, &thumbnail[..3]], End::Cut);
        check(&[start], End::Cut);
    }

    #[test]
    fn scans_that_never_came_are_missed() {
        let start: &[u8] = &[0xff, 0xd8];
        let (dc, low, high) = (scan(0, 0, 0), scan(1, 5, 0), scan(6, 63, 0));
        check(&[start, FRAME, &dc, &low, &high], End::Open);
        check(&[start, FRAME, &dc, &low], End::Cut);
        // The first of two scans of a band leaves its last bit out.
        let (rough, fine) = (scan(1, 63, 1), scan(1, 63, 0x10));
        check(&[start, FRAME, &dc, &rough], End::Cut);
        check(&[start, FRAME, &dc, &rough, &fine], End::Open);
    }

    #[test]
    fn other_files_are_not_judged() {
        check(&[], End::Marked);
        check(&[b"\x89PNG"], End::Marked);
        check(&[&[0xff]], End::Marked);
    }
}

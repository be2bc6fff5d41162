//! Hangul syllables as strokes, for pictures: the embedded font has none.
//!
//! A syllable is a first consonant, a vowel and perhaps a last consonant (Unicode, section 3.12). Each is a few lines in a
//! box of its own, so that all 11,172 of them take a page of code instead of a font of megabytes.

/// A line through points; x runs right and y down, both from 0 to 1 in the box of a syllable.
pub(crate) type Stroke = Vec<(f32, f32)>;

/// Left, top, right and bottom.
type Cell = [f32; 4];

/// Advance of a syllable, in ems.
pub(crate) const ADVANCE: f32 = 0.94;

const FIRST: [&str; 19] = [
    "ㄱ", "ㄱㄱ", "ㄴ", "ㄷ", "ㄷㄷ", "ㄹ", "ㅁ", "ㅂ", "ㅂㅂ", "ㅅ", "ㅅㅅ", "ㅇ", "ㅈ", "ㅈㅈ", "ㅊ", "ㅋ",
    "ㅌ", "ㅍ", "ㅎ",
];
const LAST: [&str; 28] = [
    "", "ㄱ", "ㄱㄱ", "ㄱㅅ", "ㄴ", "ㄴㅈ", "ㄴㅎ", "ㄷ", "ㄹ", "ㄹㄱ", "ㄹㅁ", "ㄹㅂ", "ㄹㅅ", "ㄹㅌ",
    "ㄹㅍ", "ㄹㅎ", "ㅁ", "ㅂ", "ㅂㅅ", "ㅅ", "ㅅㅅ", "ㅇ", "ㅈ", "ㅊ", "ㅋ", "ㅌ", "ㅍ", "ㅎ",
];
/// The lying part and the standing part of each vowel.
const VOWELS: [(&str, &str); 21] = [
    ("", "ㅏ"),
    ("", "ㅐ"),
    ("", "ㅑ"),
    ("", "ㅒ"),
    ("", "ㅓ"),
    ("", "ㅔ"),
    ("", "ㅕ"),
    ("", "ㅖ"),
    ("ㅗ", ""),
    ("ㅗ", "ㅏ"),
    ("ㅗ", "ㅐ"),
    ("ㅗ", "ㅣ"),
    ("ㅛ", ""),
    ("ㅜ", ""),
    ("ㅜ", "ㅓ"),
    ("ㅜ", "ㅔ"),
    ("ㅜ", "ㅣ"),
    ("ㅠ", ""),
    ("ㅡ", ""),
    ("ㅡ", "ㅣ"),
    ("", "ㅣ"),
];

/// The strokes of a syllable; nothing of another character.
pub(crate) fn strokes(c: char) -> Option<Vec<Stroke>> {
    let index = (c as usize).checked_sub(0xac00).filter(|index| *index < 19 * 21 * 28)?;
    let (first, vowel, last) = (FIRST[index / 28 / 21], VOWELS[index / 28 % 21], LAST[index % 28]);
    // A last consonant takes the lower third.
    let bottom = if last.is_empty() { 0.96 } else { 0.6 };
    let inside = |[left, top, right, low]: Cell| [left, top * bottom, right, low * bottom];
    let (lying, standing) = vowel;
    let right = if standing.is_empty() { 0.94 } else { 0.6 };
    let first_in = match vowel {
        ("", _) => [0.04, 0.12, 0.52, 0.9],
        (_, "") => [0.18, 0.04, 0.82, 0.5],
        _ => [0.06, 0.06, 0.54, 0.5],
    };
    let mut all = consonants(first, inside(first_in));
    all.extend(letter(lying, inside([0.04, 0.56, right, 1.0])));
    all.extend(letter(standing, inside([0.6, 0.0, 0.96, 1.0])));
    all.extend(consonants(last, [0.16, 0.68, 0.88, 0.98]));
    Some(all)
}

/// One consonant or two side by side.
fn consonants(letters: &str, [left, top, right, low]: Cell) -> Vec<Stroke> {
    let n = letters.chars().count().max(1) as f32;
    let width = (right - left) / n;
    let cell = |i: usize| {
        let start = left + width * i as f32;
        [start, top, start + width * if n > 1.0 { 0.84 } else { 1.0 }, low]
    };
    letters.chars().enumerate().flat_map(|(i, c)| letter(c.encode_utf8(&mut [0; 4]), cell(i))).collect()
}

/// The strokes of one letter in its box.
fn letter(name: &str, [left, top, right, low]: Cell) -> Vec<Stroke> {
    let place = |(x, y): (f32, f32)| (left + x * (right - left), top + y * (low - top));
    shape(name).into_iter().map(|stroke| stroke.into_iter().map(place).collect()).collect()
}

fn ring(middle: (f32, f32), radius: (f32, f32)) -> Stroke {
    let at = |i: u8| {
        let angle = std::f32::consts::TAU * f32::from(i) / 20.0;
        (middle.0 + radius.0 * angle.cos(), middle.1 + radius.1 * angle.sin())
    };
    (0..=20).map(at).collect()
}

/// A letter in a box of one by one.
fn shape(name: &str) -> Vec<Stroke> {
    let upright = |x: f32| vec![(x, 0.0), (x, 1.0)];
    let level = |y: f32, from: f32, to: f32| vec![(from, y), (to, y)];
    let tick = |x: f32, from: f32, to: f32| vec![(x, from), (x, to)];
    let legs =
        |top: f32| vec![vec![(0.5, top), (0.45, top + 0.3), (0.0, 1.0)], vec![(0.47, top + 0.3), (1.0, 1.0)]];
    match name {
        "ㄱ" => vec![vec![(0.0, 0.05), (0.95, 0.05), (0.85, 1.0)]],
        "ㄴ" => vec![vec![(0.08, 0.0), (0.08, 0.92), (1.0, 0.92)]],
        "ㄷ" => vec![vec![(0.95, 0.06), (0.08, 0.06), (0.08, 0.94), (1.0, 0.94)]],
        "ㄹ" => vec![vec![(0.03, 0.03), (0.92, 0.03), (0.92, 0.5), (0.06, 0.5), (0.06, 0.97), (1.0, 0.97)]],
        "ㅁ" => vec![vec![(0.05, 0.05), (0.95, 0.05), (0.95, 0.95), (0.05, 0.95), (0.05, 0.05)]],
        "ㅂ" => vec![vec![(0.06, 0.0), (0.06, 0.95), (0.94, 0.95), (0.94, 0.0)], level(0.45, 0.06, 0.94)],
        "ㅅ" => legs(0.0),
        "ㅇ" => vec![ring((0.5, 0.5), (0.48, 0.46))],
        "ㅈ" => [vec![level(0.06, 0.05, 0.95)], legs(0.06)].concat(),
        "ㅊ" => [vec![level(0.0, 0.35, 0.65), level(0.26, 0.05, 0.95)], legs(0.26)].concat(),
        "ㅋ" => vec![vec![(0.0, 0.05), (0.95, 0.05), (0.85, 1.0)], level(0.48, 0.05, 0.9)],
        "ㅌ" => [shape("ㄷ"), vec![level(0.5, 0.08, 0.92)]].concat(),
        "ㅍ" => {
            vec![level(0.06, 0.0, 1.0), level(0.94, 0.0, 1.0), tick(0.3, 0.06, 0.94), tick(0.7, 0.06, 0.94)]
        }
        "ㅎ" => vec![level(0.0, 0.32, 0.68), level(0.26, 0.02, 0.98), ring((0.5, 0.72), (0.36, 0.27))],
        "ㅏ" => vec![upright(0.3), level(0.5, 0.3, 1.0)],
        "ㅐ" => vec![upright(0.15), upright(0.85), level(0.5, 0.15, 0.85)],
        "ㅑ" => vec![upright(0.3), level(0.36, 0.3, 1.0), level(0.62, 0.3, 1.0)],
        "ㅒ" => vec![upright(0.15), upright(0.85), level(0.36, 0.15, 0.85), level(0.62, 0.15, 0.85)],
        "ㅓ" => vec![upright(0.75), level(0.5, 0.05, 0.75)],
        "ㅔ" => vec![upright(0.5), upright(0.95), level(0.5, 0.0, 0.5)],
        "ㅕ" => vec![upright(0.75), level(0.36, 0.05, 0.75), level(0.62, 0.05, 0.75)],
        "ㅖ" => vec![upright(0.5), upright(0.95), level(0.36, 0.0, 0.5), level(0.62, 0.0, 0.5)],
        "ㅣ" => vec![upright(0.6)],
        "ㅗ" => vec![tick(0.5, 0.1, 0.75), level(0.75, 0.0, 1.0)],
        "ㅛ" => vec![tick(0.32, 0.1, 0.75), tick(0.68, 0.1, 0.75), level(0.75, 0.0, 1.0)],
        "ㅜ" => vec![level(0.3, 0.0, 1.0), tick(0.5, 0.3, 1.0)],
        "ㅠ" => vec![level(0.3, 0.0, 1.0), tick(0.32, 0.3, 1.0), tick(0.68, 0.3, 1.0)],
        "ㅡ" => vec![level(0.5, 0.0, 1.0)],
        _ => Vec::new(),
    }
}

/// How much of the pixel whose middle is (x, y) is covered by lines of a width.
pub(crate) fn coverage(strokes: &[Stroke], (x, y): (f32, f32), width: f32) -> f32 {
    let distance = |a: (f32, f32), b: (f32, f32)| {
        let (dx, dy) = (b.0 - a.0, b.1 - a.1);
        let squared = (dx * dx + dy * dy).max(f32::MIN_POSITIVE);
        let share = (((x - a.0) * dx + (y - a.1) * dy) / squared).clamp(0.0, 1.0);
        (x - a.0 - share * dx).hypot(y - a.1 - share * dy)
    };
    let lines = strokes.iter().flat_map(|stroke| stroke.windows(2));
    let nearest = lines.map(|ends| distance(ends[0], ends[1])).fold(f32::INFINITY, f32::min);
    (0.5 + width / 2.0 - nearest).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_syllable_has_strokes_of_its_own_inside_its_box() {
        let mut seen = std::collections::BTreeSet::new();
        for c in '가'..='힣' {
            let strokes = strokes(c).unwrap();
            let inside =
                strokes.iter().flatten().all(|(x, y)| (0.0..=1.0).contains(x) && (0.0..=1.0).contains(y));
            assert!(inside, "{c} leaves its box");
            assert!(seen.insert(format!("{strokes:?}")), "{c} looks like another");
        }
        assert_eq!(seen.len(), 11_172);
        assert!(strokes('a').is_none() && strokes('ㄱ').is_none() && strokes('\u{d7a4}').is_none());
    }
}

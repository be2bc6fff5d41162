//! The colours of every picture, chosen so that colour-blind people see them as different.

/// Red, green and blue, 0 to 255.
pub type Colour = [u8; 3];

/// Paper.
pub(crate) const WHITE: Colour = [255, 255, 255];
/// Text and axes.
pub(crate) const INK: Colour = [38, 38, 38];
/// Grid lines.
pub(crate) const FAINT: Colour = [226, 226, 226];
/// Arrows of a field behind the data.
pub(crate) const ARROW: Colour = [186, 190, 196];
/// Secondary text.
pub(crate) const QUIET: Colour = [105, 105, 105];

/// Okabe-Ito blue: real points.
pub(crate) const BLUE: Colour = [0, 114, 178];
/// Okabe-Ito vermilion: generated points.
pub(crate) const VERMILION: Colour = [213, 94, 0];

/// Lines of one chart, in order (Okabe and Ito, "Color Universal Design", 2008).
pub(crate) const LINES: [Colour; 8] = [
    BLUE,
    VERMILION,
    [0, 158, 115],
    [204, 121, 167],
    [86, 180, 233],
    [230, 159, 0],
    [0, 0, 0],
    [240, 228, 66],
];

/// D(x) = 0, 1/2, 1: from light orange ("fake") over white to light blue ("real").
pub(crate) const DIVERGING: [[f32; 3]; 3] =
    [[253.0, 202.0, 148.0], [255.0, 255.0, 255.0], [158.0, 202.0, 236.0]];

/// Cividis in even steps, from the least to the most (Nunez, Anderton and Renslow 2018).
pub(crate) const CIVIDIS: [[f32; 3]; 9] = [
    [0.0, 32.0, 76.0],
    [0.0, 52.0, 110.0],
    [60.0, 74.0, 107.0],
    [91.0, 95.0, 109.0],
    [124.0, 123.0, 120.0],
    [154.0, 146.0, 119.0],
    [184.0, 172.0, 113.0],
    [217.0, 197.0, 97.0],
    [255.0, 233.0, 69.0],
];

/// The colour of an amount between 0 and 1; grey where it is not a number.
pub(crate) fn amount(share: f32) -> Colour {
    if share.is_nan() {
        return [190, 190, 190];
    }
    let position = share.clamp(0.0, 1.0) * (CIVIDIS.len() - 1) as f32;
    let low = (position as usize).min(CIVIDIS.len() - 2);
    let weight = position - low as f32;
    std::array::from_fn(|c| (CIVIDIS[low][c] * (1.0 - weight) + CIVIDIS[low + 1][c] * weight).round() as u8)
}

/// The background colour of a probability; grey where it is not a number.
pub(crate) fn diverging(probability: f32) -> Colour {
    if probability.is_nan() {
        return [190, 190, 190];
    }
    let position = probability.clamp(0.0, 1.0) * 2.0;
    let (low, high) = if position < 1.0 { (0, 1) } else { (1, 2) };
    let weight = position - low as f32;
    std::array::from_fn(|c| {
        let mixed = DIVERGING[low][c] * (1.0 - weight) + DIVERGING[high][c] * weight;
        mixed.round() as u8
    })
}

/// `colour` thinned towards white: 1 keeps it, 0 is white.
pub(crate) fn tint(colour: Colour, strength: f32) -> Colour {
    colour.map(|c| (255.0 - (255.0 - f32::from(c)) * strength).round() as u8)
}

/// `colour` darkened towards black: 1 keeps it, 0 is black.
pub(crate) fn shade(colour: Colour, strength: f32) -> Colour {
    colour.map(|c| (f32::from(c) * strength).round() as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(probability: f32, expected: Colour) {
        assert_eq!(diverging(probability), expected, "at {probability}");
    }

    #[test]
    fn diverging_map_is_white_in_the_middle_and_grey_at_nan() {
        check(0.0, [253, 202, 148]);
        check(0.5, WHITE);
        check(1.0, [158, 202, 236]);
        check(2.0, [158, 202, 236]);
        check(f32::NAN, [190, 190, 190]);
    }

    #[test]
    fn tint_runs_from_white_to_the_colour() {
        assert_eq!(tint(BLUE, 1.0), BLUE);
        assert_eq!(tint(BLUE, 0.0), WHITE);
    }
}

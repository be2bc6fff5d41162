//! The ways people write the ten digits, as strokes through knots.

/// A point that a stroke passes, with x to the right and y down in a box of height 1.
#[derive(Clone, Copy, Debug)]
pub(super) struct Knot {
    pub(super) at: [f32; 2],
    /// Whether the pen turns sharply here.
    pub(super) corner: bool,
}

/// One movement of the pen.
pub(super) type Stroke = &'static [Knot];

/// One way to write a digit.
pub(super) type Outline = &'static [Stroke];

/// A knot that the stroke passes smoothly.
const fn s(x: f32, y: f32) -> Knot {
    Knot {
        at: [x, y],
        corner: false,
    }
}

/// A knot where the stroke turns sharply.
const fn k(x: f32, y: f32) -> Knot {
    Knot {
        at: [x, y],
        corner: true,
    }
}

/// For each digit, the ways to write it; one that is listed twice is twice as likely.
pub(super) const DIGITS: [&[Outline]; 10] =
    [ZERO, ONE, TWO, THREE, FOUR, FIVE, SIX, SEVEN, EIGHT, NINE];

const ZERO: &[Outline] = &[ZERO_ROUND, ZERO_ROUND, ZERO_NARROW];
const ZERO_ROUND: Outline = &[
    &[
        s(0.58, 0.04), s(0.32, 0.09), s(0.17, 0.46), s(0.29, 0.87), s(0.52, 0.99), s(0.75, 0.85), s(0.85, 0.47),
        s(0.72, 0.12), s(0.52, 0.02),
    ],
];
const ZERO_NARROW: Outline = &[
    &[
        s(0.62, 0.12), s(0.47, 0.01), s(0.29, 0.20), s(0.23, 0.55), s(0.33, 0.91), s(0.53, 0.98), s(0.72, 0.72),
        s(0.74, 0.34), s(0.62, 0.08), s(0.46, 0.03),
    ],
];

const ONE: &[Outline] = &[ONE_BAR, ONE_BAR, ONE_FLAG, ONE_BASE];
const ONE_BAR: Outline = &[
    &[s(0.51, 0.0), s(0.50, 0.5), s(0.49, 1.0)],
];
const ONE_FLAG: Outline = &[
    &[s(0.31, 0.24), k(0.54, 0.0), s(0.53, 0.5), s(0.52, 1.0)],
];
const ONE_BASE: Outline = &[
    &[s(0.31, 0.22), k(0.54, 0.0), s(0.53, 0.5), s(0.52, 0.99)],
    &[s(0.28, 1.0), s(0.77, 0.98)],
];

const TWO: &[Outline] = &[TWO_PLAIN, TWO_LOOP, TWO_ANGULAR];
const TWO_PLAIN: Outline = &[
    &[
        s(0.20, 0.22), s(0.32, 0.05), s(0.56, 0.0), s(0.77, 0.14), s(0.75, 0.36), s(0.54, 0.62), k(0.17, 0.98),
        s(0.50, 0.96), s(0.86, 0.98),
    ],
];
const TWO_LOOP: Outline = &[
    &[
        s(0.20, 0.20), s(0.42, 0.01), s(0.70, 0.09), s(0.74, 0.34), s(0.56, 0.66), s(0.35, 0.92), s(0.19, 0.96),
        s(0.15, 0.84), s(0.30, 0.79), s(0.55, 0.92), s(0.87, 0.93),
    ],
];
const TWO_ANGULAR: Outline = &[
    &[
        s(0.22, 0.18), s(0.42, 0.01), s(0.68, 0.05), s(0.76, 0.24), s(0.60, 0.54), s(0.40, 0.78), k(0.20, 0.97),
        s(0.84, 0.95),
    ],
];

const THREE: &[Outline] = &[THREE_ROUND, THREE_ROUND, THREE_FLAT, THREE_LOOP];
const THREE_ROUND: Outline = &[
    &[
        s(0.22, 0.13), s(0.47, 0.0), s(0.73, 0.14), s(0.68, 0.36), k(0.43, 0.48), s(0.72, 0.56), s(0.82, 0.77),
        s(0.62, 0.97), s(0.36, 0.99), s(0.17, 0.86),
    ],
];
const THREE_FLAT: Outline = &[
    &[
        s(0.20, 0.03), k(0.76, 0.02), k(0.44, 0.40), s(0.72, 0.50), s(0.81, 0.75), s(0.60, 0.97), s(0.34, 0.98),
        s(0.16, 0.86),
    ],
];
const THREE_LOOP: Outline = &[
    &[
        s(0.24, 0.12), s(0.48, 0.0), s(0.72, 0.13), s(0.64, 0.38), s(0.44, 0.49), s(0.37, 0.44), s(0.50, 0.46),
        s(0.76, 0.60), s(0.80, 0.80), s(0.58, 0.98), s(0.32, 0.97), s(0.16, 0.84),
    ],
];

const FOUR: &[Outline] = &[FOUR_OPEN, FOUR_CLOSED, FOUR_ROUND];
const FOUR_OPEN: Outline = &[
    &[s(0.27, 0.03), s(0.21, 0.32), k(0.16, 0.59), s(0.50, 0.57), s(0.88, 0.54)],
    &[s(0.69, 0.06), s(0.66, 0.5), s(0.63, 1.0)],
];
const FOUR_CLOSED: Outline = &[
    &[s(0.90, 0.66), s(0.55, 0.67), k(0.13, 0.67), k(0.63, 0.0), s(0.63, 0.5), s(0.62, 1.0)],
];
const FOUR_ROUND: Outline = &[
    &[s(0.20, 0.04), s(0.18, 0.32), s(0.33, 0.51), s(0.57, 0.50), s(0.77, 0.40)],
    &[s(0.81, 0.0), s(0.77, 0.45), s(0.69, 1.0)],
];

const FIVE: &[Outline] = &[FIVE_TWO_STROKES, FIVE_ONE_STROKE, FIVE_CURVED];
const FIVE_TWO_STROKES: Outline = &[
    &[s(0.33, 0.03), k(0.27, 0.44), s(0.51, 0.36), s(0.77, 0.50), s(0.79, 0.77), s(0.55, 0.98), s(0.18, 0.91)],
    &[s(0.33, 0.03), s(0.82, 0.02)],
];
const FIVE_ONE_STROKE: Outline = &[
    &[
        s(0.81, 0.02), k(0.35, 0.03), k(0.28, 0.45), s(0.54, 0.38), s(0.79, 0.56), s(0.74, 0.85), s(0.47, 0.99),
        s(0.18, 0.89),
    ],
];
const FIVE_CURVED: Outline = &[
    &[
        s(0.83, 0.03), s(0.58, 0.03), k(0.35, 0.06), s(0.32, 0.38), s(0.56, 0.45), s(0.77, 0.64), s(0.68, 0.89),
        s(0.44, 0.98), s(0.20, 0.93),
    ],
];

const SIX: &[Outline] = &[SIX_PLAIN, SIX_CURLED, SIX_STRAIGHT];
const SIX_PLAIN: Outline = &[
    &[
        s(0.65, 0.0), s(0.40, 0.21), s(0.23, 0.54), s(0.25, 0.85), s(0.48, 0.99), s(0.73, 0.87), s(0.75, 0.63),
        s(0.54, 0.51), s(0.32, 0.62), s(0.23, 0.78),
    ],
];
const SIX_CURLED: Outline = &[
    &[
        s(0.74, 0.11), s(0.56, 0.01), s(0.33, 0.20), s(0.20, 0.57), s(0.29, 0.91), s(0.55, 0.98), s(0.78, 0.80),
        s(0.70, 0.57), s(0.45, 0.54), s(0.24, 0.72),
    ],
];
const SIX_STRAIGHT: Outline = &[
    &[
        s(0.42, 0.0), s(0.29, 0.36), s(0.23, 0.74), s(0.40, 0.98), s(0.66, 0.94), s(0.75, 0.74), s(0.56, 0.58),
        s(0.33, 0.69), s(0.27, 0.84),
    ],
];

const SEVEN: &[Outline] = &[SEVEN_PLAIN, SEVEN_PLAIN, SEVEN_CROSSED, SEVEN_SERIF];
const SEVEN_PLAIN: Outline = &[
    &[s(0.16, 0.07), s(0.50, 0.05), k(0.82, 0.03), s(0.60, 0.46), s(0.45, 1.0)],
];
const SEVEN_CROSSED: Outline = &[
    &[s(0.17, 0.07), s(0.50, 0.04), k(0.81, 0.03), s(0.59, 0.45), s(0.44, 1.0)],
    &[s(0.33, 0.52), s(0.79, 0.49)],
];
const SEVEN_SERIF: Outline = &[
    &[s(0.17, 0.24), k(0.18, 0.05), s(0.50, 0.05), k(0.81, 0.02), s(0.60, 0.44), s(0.48, 1.0)],
];

const EIGHT: &[Outline] = &[EIGHT_CROSSING, EIGHT_CROSSING, EIGHT_CIRCLES];
const EIGHT_CROSSING: Outline = &[
    &[
        s(0.72, 0.16), s(0.50, 0.0), s(0.27, 0.13), s(0.31, 0.34), s(0.52, 0.48), s(0.75, 0.66), s(0.72, 0.90),
        s(0.48, 1.0), s(0.24, 0.90), s(0.25, 0.68), s(0.48, 0.49), s(0.69, 0.32), s(0.71, 0.12),
    ],
];
const EIGHT_CIRCLES: Outline = &[
    &[s(0.55, 0.45), s(0.31, 0.36), s(0.29, 0.12), s(0.50, 0.0), s(0.71, 0.11), s(0.71, 0.34), s(0.49, 0.46)],
    &[s(0.52, 0.45), s(0.24, 0.58), s(0.20, 0.84), s(0.49, 1.0), s(0.79, 0.85), s(0.77, 0.59), s(0.47, 0.45)],
];

const NINE: &[Outline] = &[NINE_STRAIGHT, NINE_CURVED, NINE_SMOOTH];
const NINE_STRAIGHT: Outline = &[
    &[
        s(0.74, 0.15), s(0.50, 0.01), s(0.25, 0.17), s(0.27, 0.41), s(0.50, 0.49), s(0.72, 0.32), k(0.76, 0.10),
        s(0.72, 0.55), s(0.66, 1.0),
    ],
];
const NINE_CURVED: Outline = &[
    &[
        s(0.73, 0.17), s(0.50, 0.01), s(0.25, 0.17), s(0.28, 0.42), s(0.53, 0.48), s(0.73, 0.30), k(0.76, 0.13),
        s(0.78, 0.50), s(0.69, 0.86), s(0.47, 0.99), s(0.26, 0.91),
    ],
];
const NINE_SMOOTH: Outline = &[
    &[
        s(0.70, 0.20), s(0.52, 0.02), s(0.29, 0.13), s(0.25, 0.37), s(0.47, 0.48), s(0.70, 0.30), s(0.74, 0.14),
        s(0.70, 0.50), s(0.58, 0.78), s(0.45, 1.0),
    ],
];

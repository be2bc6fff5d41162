//! Shapes as the text of an SVG file.

use std::fmt::Write;

use crate::colour::Colour;
use crate::shape::{Area, Drawn, Point, Shape, Style};
use crate::text::Align;

/// Writes the shapes of a drawing as SVG 1.1, the first one at the bottom.
pub(crate) fn write(shapes: &[Drawn], width: usize, height: usize) -> String {
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" font-family=\"DejaVu Sans, sans-serif\">\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n"
    );
    for run in shapes.chunk_by(|a, b| a.clip == b.clip) {
        match run.first().and_then(|drawn| drawn.clip) {
            Some(area) => {
                svg += &window(area);
                add_all(&mut svg, run);
                svg += "</svg>\n";
            }
            None => add_all(&mut svg, run),
        }
    }
    svg + "</svg>\n"
}

/// Opens an area outside of which nothing shows: unlike a clip path, it needs no name, and names would
/// clash where a page holds several drawings.
fn window(area: Area) -> String {
    let [x, y, right, bottom] = [area.left, area.top, area.right, area.bottom].map(tenths);
    let [x, y, width, height] = [x, y, right - x, bottom - y].map(short);
    format!(
        "<svg x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"{x} {y} {width} {height}\" overflow=\"hidden\">\n"
    )
}

fn add_all(svg: &mut String, run: &[Drawn]) {
    for alike in run.chunk_by(|a, b| joins(&a.shape, &b.shape)) {
        let element = match &alike[0].shape {
            Shape::Disc { radius, colour, .. } if alike.len() > 1 => discs(alike, *radius, *colour),
            Shape::Polygon { colour, .. } if alike.len() > 1 => boxes(alike, *colour),
            Shape::Disc { at, radius, colour } => disc(*at, *radius, *colour),
            Shape::Strokes { pieces, width, colour } => strokes(pieces, *width, *colour),
            Shape::Polygon { corners, colour } => polygon(corners, *colour),
            Shape::Text { text, at, style, baseline } => label(text, *at, *style, *baseline),
        };
        svg.push_str(&element);
        svg.push('\n');
    }
}

/// Can both be drawn as one path? Discs of one size, and boxes, of one colour.
fn joins(a: &Shape, b: &Shape) -> bool {
    match (a, b) {
        (Shape::Disc { radius, colour, .. }, Shape::Disc { radius: other, colour: hue, .. }) => {
            radius == other && colour == hue
        }
        (Shape::Polygon { corners, colour }, Shape::Polygon { corners: others, colour: hue }) => {
            colour == hue && box_of(corners).is_some() && box_of(others).is_some()
        }
        _ => false,
    }
}

/// Left, top, right and bottom, in tenths, of a box whose corners go around from the upper left.
fn box_of(corners: &[Point]) -> Option<[i64; 4]> {
    let [(left, top), (a, b), (right, bottom), (c, d)] = corners else { return None };
    let around = a == right && b == top && c == left && d == bottom && left <= right && top <= bottom;
    around.then(|| [*left, *top, *right, *bottom].map(tenths))
}

/// Many discs as one path: a line of no length has round ends.
fn discs(alike: &[Drawn], radius: f32, colour: Colour) -> String {
    let mut path = String::new();
    let mut before = [0, 0];
    for drawn in alike {
        if let Shape::Disc { at: (x, y), .. } = drawn.shape {
            let here = [tenths(x), tenths(y)];
            move_to(&mut path, before, here);
            path += "h0";
            before = here;
        }
    }
    let width = short(2 * tenths(radius));
    format!(
        "<path d=\"{path}\" stroke=\"{}\" stroke-width=\"{width}\" stroke-linecap=\"round\"/>",
        hex(colour)
    )
}

/// Many boxes as one path; all go around in one direction, so that they do not cancel.
fn boxes(alike: &[Drawn], colour: Colour) -> String {
    let mut path = String::new();
    let mut before = [0, 0];
    for drawn in alike {
        if let Shape::Polygon { corners, .. } = &drawn.shape
            && let Some([left, top, right, bottom]) = box_of(corners)
        {
            move_to(&mut path, before, [left, top]);
            let (across, down) = (short(right - left), short(bottom - top));
            // Writing to a string cannot fail.
            let _ = write!(path, "h{across}v{down}h-{across}z");
            before = [left, top];
        }
    }
    format!("<path d=\"{path}\" fill=\"{}\"/>", hex(colour))
}

/// The way to a new start from the last one, in tenths.
fn move_to(path: &mut String, from: [i64; 2], to: [i64; 2]) {
    let [x, y] = [to[0] - from[0], to[1] - from[1]];
    let space = if y < 0 { "" } else { " " };
    let _ = write!(path, "m{}{space}{}", short(x), short(y));
}

fn disc((x, y): Point, radius: f32, colour: Colour) -> String {
    let [x, y, radius] = [x, y, radius].map(number);
    format!("<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" fill=\"{}\"/>", hex(colour))
}

fn strokes(pieces: &[Vec<Point>], width: f32, colour: Colour) -> String {
    let mut path = String::new();
    pieces.iter().for_each(|piece| add_piece(&mut path, piece));
    format!(
        "<path d=\"{path}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{}\" stroke-linecap=\"round\" \
         stroke-linejoin=\"round\"/>",
        hex(colour),
        number(width)
    )
}

/// A first point, and then the way from each point to the next, which is shorter to write.
fn add_piece(path: &mut String, piece: &[Point]) {
    let mut before: Option<[i64; 2]> = None;
    for (x, y) in piece {
        let here = [tenths(*x), tenths(*y)];
        let (letter, [x, y]) = match before {
            None => ("M", here),
            // Differences of whole tenths add up without an error.
            Some(before) => ("l", [here[0] - before[0], here[1] - before[1]]),
        };
        // A minus sign separates numbers as a space does.
        let space = if y < 0 { "" } else { " " };
        // Writing to a string cannot fail.
        let _ = write!(path, "{letter}{}{space}{}", short(x), short(y));
        before = Some(here);
    }
}

fn polygon(corners: &[Point], colour: Colour) -> String {
    let points: Vec<String> = corners.iter().map(|(x, y)| format!("{},{}", number(*x), number(*y))).collect();
    format!("<polygon points=\"{}\" fill=\"{}\"/>", points.join(" "), hex(colour))
}

fn label(text: &str, (x, y): Point, style: Style, baseline: f32) -> String {
    let (at, turned) = match style.upwards {
        true => ((x + baseline, y), true),
        false => ((x, y + baseline), false),
    };
    let [x, y, size] = [at.0, at.1, style.size].map(number);
    let anchor = match style.along {
        Align::Start => "",
        Align::Middle => " text-anchor=\"middle\"",
        Align::End => " text-anchor=\"end\"",
    };
    let weight = if style.bold { " font-weight=\"bold\"" } else { "" };
    let turn = if turned { format!(" transform=\"rotate(-90 {x} {y})\"") } else { String::new() };
    let (colour, text) = (hex(style.colour), escaped(text));
    format!(
        "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" fill=\"{colour}\"{anchor}{weight}{turn}>{text}</text>"
    )
}

/// Text escaped for XML; characters that XML forbids become a replacement character.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}

fn hex([red, green, blue]: Colour) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

fn tenths(value: f32) -> i64 {
    (f64::from(value) * 10.0).round() as i64
}

fn number(value: f32) -> String {
    short(tenths(value))
}

/// A number of tenths in the fewest characters: 12.3, 7, -.5.
fn short(tenths: i64) -> String {
    let (sign, size) = (if tenths < 0 { "-" } else { "" }, tenths.unsigned_abs());
    match (size / 10, size % 10) {
        (whole, 0) => format!("{sign}{whole}"),
        (0, tenth) => format!("{sign}.{tenth}"),
        (whole, tenth) => format!("{sign}{whole}.{tenth}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canvas::Canvas;
    use crate::colour::{BLUE, INK};

    fn check(draw: impl Fn(&mut Canvas), expected: &str) {
        let mut canvas = Canvas::new(30, 20).unwrap();
        draw(&mut canvas);
        let svg = canvas.finish().svg();
        assert!(svg.contains(expected), "{expected} is not in\n{svg}");
    }

    #[test]
    fn each_shape_is_one_element() {
        check(
            |_| {},
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"30\" height=\"20\" viewBox=\"0 0 30 20\"",
        );
        check(|c| c.disc((1.25, 2.0), 3.0, BLUE), "<circle cx=\"1.3\" cy=\"2\" r=\"3\" fill=\"#0072b2\"/>");
        let pieces = vec![vec![(1.0, 2.0), (0.5, 2.5), (0.5, 1.0)], vec![(7.0, 7.0), (8.0, 8.0)]];
        check(|c| c.strokes(pieces.clone(), 1.5, INK), "<path d=\"M1 2l-.5 .5l0-1.5M7 7l1 1\" fill=\"none\"");
        let corners = vec![(0.0, 0.0), (3.0, 0.0), (0.0, 3.0)];
        check(|c| c.polygon(corners.clone(), INK), "<polygon points=\"0,0 3,0 0,3\" fill=\"#262626\"/>");
    }

    #[test]
    fn shapes_that_are_alike_are_one_path() {
        let both = |c: &mut Canvas| {
            c.disc((5.0, 5.0), 1.5, INK);
            c.disc((6.5, 4.0), 1.5, INK);
            c.disc((6.5, 4.0), 2.0, INK);
        };
        check(
            both,
            "<path d=\"m5 5h0m1.5-1h0\" stroke=\"#262626\" stroke-width=\"3\" stroke-linecap=\"round\"/>\n<circle",
        );
        let at = |left: f32, top: f32| Area { left, top, right: left + 2.0, bottom: top + 3.0 };
        let cells = |c: &mut Canvas| {
            c.fill(at(1.0, 2.0), BLUE);
            c.fill(at(4.0, 1.0), BLUE);
            c.fill(at(4.0, 1.0), INK);
        };
        check(cells, "<path d=\"m1 2h2v3h-2zm3-1h2v3h-2z\" fill=\"#0072b2\"/>\n<polygon");
        let slanted =
            |c: &mut Canvas| (0..2).for_each(|_| c.polygon(vec![(0.0, 0.0), (3.0, 0.0), (0.0, 3.0)], INK));
        check(slanted, "fill=\"#262626\"/>\n<polygon");
    }

    #[test]
    fn text_stands_on_its_baseline_and_is_escaped() {
        let middle = Style { upwards: true, ..Style::of(10.0).placed(Align::Middle, Align::End) };
        // The baseline is above the lower edge by the descent, 0.236 of an em.
        check(|c| c.text("<&>", (9.0, 8.0), middle), "x=\"6.6\" y=\"8\" font-size=\"10\"");
        check(|c| c.text("<&>", (9.0, 8.0), middle), "transform=\"rotate(-90 6.6 8)\">&lt;&amp;&gt;</text>");
        check(|c| c.text("a\0\u{1b}b", (0.0, 0.0), middle), ">a\u{fffd}\u{fffd}b</text>");
    }

    #[test]
    fn clipped_shapes_share_a_window() {
        let area = Area { left: 2.0, top: 3.0, right: 12.0, bottom: 10.0 };
        check(
            |c| {
                c.clip(Some(area));
                c.disc((5.0, 5.0), 1.0, INK);
                c.disc((6.0, 5.0), 2.0, INK);
                c.clip(None);
            },
            "viewBox=\"2 3 10 7\" overflow=\"hidden\">\n<circle cx=\"5\" cy=\"5\" r=\"1\" fill=\"#262626\"/>\n\
             <circle cx=\"6\" cy=\"5\" r=\"2\" fill=\"#262626\"/>\n</svg>\n</svg>",
        );
    }

    #[test]
    fn numbers_are_short() {
        let found = [0.04, 7.0, -0.5, 12.34, -3.96, f32::NAN].map(number);
        assert_eq!(found, ["0", "7", "-.5", "12.3", "-4", "0"]);
    }
}

//! The steps over which a verdict holds: bands behind the lines of a chart, and their names above it.

use std::collections::BTreeMap;

use ganatomy_record::Event;

use crate::axes::{Plot, SMALL};
use crate::canvas::{Area, Canvas, Style};
use crate::colour::{Colour, INK, VERMILION, tint};
use crate::text::Align;

/// Height of the row of one name, in pixels.
pub(crate) const ROW: f32 = 17.0;
/// More names than this are counted, not written.
const MOST_ROWS: usize = 3;
/// A band is at least so wide, in pixels.
const NARROWEST: f32 = 2.0;
/// Behind the lines, and behind a name.
const BEHIND: f32 = 0.12;
const ROW_BEHIND: f32 = 0.38;

/// A stretch of steps with a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Band {
    /// What holds there.
    pub name: String,
    /// The first step.
    pub from: u64,
    /// The last step.
    pub to: u64,
}

/// The bands of a run's verdicts. One that still holds reaches to the last event.
pub(crate) fn bands(events: &[Event]) -> Vec<Band> {
    let last = events.iter().map(Event::step).max().unwrap_or(0);
    let mut open = BTreeMap::<&str, u64>::new();
    let mut bands = Vec::new();
    for event in events {
        let Event::Verdict { step, name, holds, since_step, .. } = event else {
            continue;
        };
        if *holds {
            open.entry(name).or_insert(*since_step);
        } else if let Some(from) = open.remove(name.as_str()) {
            bands.push(Band { name: name.clone(), from, to: *step });
        }
    }
    bands.extend(open.into_iter().map(|(name, from)| Band { name: name.to_owned(), from, to: last }));
    bands.sort_by(|a, b| (a.from, &a.name).cmp(&(b.from, &b.name)));
    bands
}

/// How much room the names take above a chart, in pixels.
pub(crate) fn height(bands: &[Band]) -> f32 {
    ROW * rows(bands).len() as f32
}

/// A name for each row, or how many names there are beyond those.
fn rows(bands: &[Band]) -> Vec<(String, Vec<&Band>)> {
    let mut rows: Vec<(String, Vec<&Band>)> = Vec::new();
    for band in bands {
        match rows.iter_mut().find(|row| row.0 == band.name) {
            Some(row) => row.1.push(band),
            None => rows.push((band.name.clone(), vec![band])),
        }
    }
    if rows.len() > MOST_ROWS {
        let rest = rows.split_off(MOST_ROWS - 1);
        rows.push((format!("and {} more", rest.len()), rest.into_iter().flat_map(|row| row.1).collect()));
    }
    rows
}

/// Draws the bands behind a chart, and their names in rows above it, before anything else is drawn.
pub(crate) fn draw(canvas: &mut Canvas, plot: &Plot, bands: &[Band]) {
    let Area { top, bottom, .. } = plot.area;
    fill(canvas, merged(bands.iter().filter_map(|band| across(plot, band))), (top, bottom), BEHIND);
    let rows = rows(bands);
    for (i, (name, bands)) in rows.iter().enumerate() {
        let above = top - ROW * (rows.len() - i) as f32;
        let pieces = merged(bands.iter().filter_map(|band| across(plot, band)));
        let Some((begin, _)) = pieces.first().copied() else {
            continue;
        };
        fill(canvas, pieces, (above, above + ROW - 2.0), ROW_BEHIND);
        let style = Style { colour: INK, ..Style::of(SMALL).placed(Align::Start, Align::Middle) };
        let width = canvas.text_width(name, style);
        let left = (begin + 4.0).min(plot.area.right - width - 4.0).max(plot.area.left);
        canvas.text(name, (left, above + (ROW - 2.0) / 2.0), style);
        canvas.line((begin, above), (begin, bottom), 1.0, line());
    }
}

/// The line where a verdict begins to hold.
fn line() -> Colour {
    tint(VERMILION, 0.6)
}

fn fill(canvas: &mut Canvas, pieces: Vec<(f32, f32)>, (top, bottom): (f32, f32), strength: f32) {
    for (left, right) in pieces {
        canvas.fill(Area { left, top, right, bottom }, tint(VERMILION, strength));
    }
}

/// Where a band lies on the canvas; nothing where it is off the axis.
fn across(plot: &Plot, band: &Band) -> Option<(f32, f32)> {
    let Area { left, right, .. } = plot.area;
    let place = |step: u64| match plot.x.has(step as f64) {
        true => plot.place(step as f64, plot.y.low).0.clamp(left, right),
        false => left,
    };
    let (first, last) = (band.from as f64, band.to as f64);
    if last < plot.x.low || first > plot.x.high {
        return None;
    }
    let (from, to) = (place(band.from), place(band.to));
    let from = from.min(right - NARROWEST);
    Some((from, to.max(from + NARROWEST)))
}

/// Stretches that touch are one, so that no tint lies on another.
fn merged(pieces: impl Iterator<Item = (f32, f32)>) -> Vec<(f32, f32)> {
    let mut pieces: Vec<(f32, f32)> = pieces.collect();
    pieces.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let mut merged: Vec<(f32, f32)> = Vec::new();
    for (from, to) in pieces {
        match merged.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => merged.push((from, to)),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(step: u64, name: &str, holds: bool, since_step: u64) -> Event {
        let (name, sentence) = (name.to_owned(), String::new());
        Event::Verdict { step, secs: 0.0, name, holds, since_step, confidence: 0.9, sentence }
    }

    fn check(events: &[Event], expected: &[(&str, u64, u64)]) {
        let found = bands(events);
        let found: Vec<_> = found.iter().map(|band| (band.name.as_str(), band.from, band.to)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_band_goes_from_the_onset_to_the_end_of_a_verdict() {
        let end = Event::Step { step: 90, secs: 0.0 };
        check(&[], &[]);
        check(&[verdict(20, "a", true, 10), end.clone()], &[("a", 10, 90)]);
        let again = [
            verdict(20, "b", true, 15),
            verdict(30, "a", true, 10),
            verdict(40, "b", false, 15),
            verdict(60, "b", true, 50),
        ];
        check(&again, &[("a", 10, 60), ("b", 15, 40), ("b", 50, 60)]);
        // The record of an older session may lack the beginning.
        check(&[verdict(40, "b", false, 15)], &[]);
    }

    #[test]
    fn names_have_rows_and_many_are_counted() {
        let band = |name: &str, from| Band { name: name.to_owned(), from, to: from + 5 };
        let names = |bands: &[Band]| rows(bands).into_iter().map(|row| row.0).collect::<Vec<_>>();
        assert_eq!(names(&[band("a", 1), band("b", 2), band("a", 9)]), ["a", "b"]);
        let five: Vec<Band> = ["a", "b", "c", "d", "e"].map(|name| band(name, 1)).into();
        assert_eq!(names(&five), ["a", "b", "and 3 more"]);
        assert_eq!((height(&five), height(&[])), (3.0 * ROW, 0.0));
    }

    #[test]
    fn no_tint_lies_on_another() {
        assert_eq!(merged([(5.0, 9.0), (1.0, 2.0), (8.0, 12.0)].into_iter()), [(1.0, 2.0), (5.0, 12.0)]);
    }
}

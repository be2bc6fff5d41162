//! Collects the rows of a log, whatever wrote it: names, their values, and which step each row is of.

use std::collections::HashMap;

use crate::bars::Bars;
use crate::clock::{self, Clock, Place};
use crate::names::{NameMap, guess, resolve};
use crate::thin::{Point, Thin};

/// A log has no more names than this; what comes after is counted and not read.
const MOST_NAMES: usize = 4096;
/// A name has no more letters.
const LONGEST_NAME: usize = 200;
/// A log whose steps go back more often is taken to be out of order.
const MOST_PARTS: usize = 50;

/// A name of the log.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    /// As it stands there.
    pub name: String,
    raw: Vec<u8>,
    nth: u8,
    place: Option<Place>,
    is_known: bool,
    /// Is it a score of samples?
    pub is_score: bool,
    /// How many values it has.
    pub count: u64,
    /// Does it stand in a row of the log, and not only in settings that are printed?
    pub is_in_rows: bool,
    /// The least and the largest that is finite.
    pub range: Option<(f64, f64)>,
    /// Were values printed in percent?
    pub percent: bool,
}

/// A part of the log in which steps do not go back.
#[derive(Clone, Debug, Default)]
pub(crate) struct Part {
    /// The values of each column.
    pub series: Vec<Option<Thin>>,
    /// Epoch and step of its first row with a player's reading.
    pub first: Option<(u64, u64)>,
    /// Rows with a player's reading.
    pub rows: u64,
    /// Did the log say itself that something begins here?
    pub is_announced: bool,
}

/// What the counters of the log did.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counters {
    /// Rows with a player's reading.
    pub of_players: u64,
    /// Rows that say their step.
    pub with_step: u64,
    /// Rows that say their epoch and no step.
    pub with_epoch: u64,
    /// Rows with nothing but scores that say their step.
    pub scores_with_step: u64,
    /// Those that say their epoch.
    pub scores_with_epoch: u64,
    /// How often the epoch changed.
    pub epochs: u64,
    /// How often the step was larger in the next epoch.
    pub went_on: u64,
    /// How often the step began again with the next epoch.
    pub began_again: u64,
    /// The most steps that an epoch was said to have.
    pub total: u64,
    /// Are steps called batches?
    pub is_batch: bool,
    /// The largest step.
    pub largest: u64,
    /// Was there a step 0?
    pub has_zero: bool,
    /// The least epoch.
    pub least_epoch: Option<u64>,
    /// Do steps count thousands of images?
    pub kimg: bool,
}

/// The rows of a log so far.
#[derive(Debug)]
pub(crate) struct Sheet<'a> {
    maps: &'a [NameMap],
    /// The names.
    pub columns: Vec<Column>,
    index: HashMap<(Vec<u8>, u8), usize>,
    /// The columns of the row before, in their order: the next row is mostly alike.
    order: Vec<usize>,
    /// The parts.
    pub parts: Vec<Part>,
    /// What counters did.
    pub counters: Counters,
    /// Rows that were taken.
    pub rows: u64,
    /// Do names have steps of their own, so that one may be behind another?
    pub is_loose: bool,
    /// Did steps go back too often to be told apart?
    pub is_unordered: bool,
    /// Were there more names than are read?
    pub has_too_many: bool,
    /// Which run was asked for, until it is found.
    pub run: Option<usize>,
    /// Runs that stand side by side.
    pub n_beside: usize,
    /// What a person should know.
    pub notes: Vec<String>,
    /// Bars of progress.
    pub bars: Bars,
    clock: Clock,
    /// How good the source of the step is.
    rank: Option<Place>,
    cells: Vec<(usize, f64)>,
    epoch: Option<u64>,
    step: Option<u64>,
    last: Option<(u64, u64)>,
    /// What a line without readings said: it is of the next row, if that says nothing.
    pending: Clock,
}

impl<'a> Sheet<'a> {
    /// An empty sheet.
    pub fn new(maps: &'a [NameMap]) -> Sheet<'a> {
        Sheet {
            maps,
            columns: Vec::new(),
            index: HashMap::new(),
            order: Vec::new(),
            parts: vec![Part::default()],
            counters: Counters::default(),
            rows: 0,
            is_loose: false,
            is_unordered: false,
            has_too_many: false,
            run: None,
            n_beside: 1,
            notes: Vec::new(),
            bars: Bars::default(),
            clock: Clock::default(),
            rank: None,
            cells: Vec::new(),
            epoch: None,
            step: None,
            last: None,
            pending: Clock::default(),
        }
    }

    /// Begins a row.
    pub fn begin(&mut self, clock: Clock) {
        self.cells.clear();
        self.clock = clock;
        self.rank = clock.step.map(|_| Place::Kimg);
    }

    /// The column of a name; nothing where there are too many.
    pub fn column(&mut self, name: &[u8], nth: u8) -> Option<usize> {
        if let Some(&column) = self.index.get(&(name.to_vec(), nth)) {
            return Some(column);
        }
        if self.columns.len() >= MOST_NAMES {
            self.has_too_many = true;
            return None;
        }
        let mut text = String::from_utf8(name.to_vec())
            .unwrap_or_else(|_| name.iter().map(|byte| char::from(*byte)).collect());
        if text.len() > LONGEST_NAME || text.contains(char::is_control) {
            text = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST_NAME).collect();
        }
        if nth > 1 {
            text.push_str(&format!(" ({nth})"));
        }
        let is_known = resolve::is_known(&text, self.maps);
        let is_score = match resolve::said(&text, self.maps) {
            Some(map) => map.ours.as_ref().is_some_and(|ours| ours.starts_with("scores/")),
            None => guess::guess(&text).is_some_and(|guess| guess.ours.starts_with("scores/")),
        };
        let place = if is_known { None } else { clock::place(&text) };
        let column = self.columns.len();
        let raw = name.to_vec();
        self.index.insert((raw.clone(), nth), column);
        let (name, count, is_in_rows, range, percent) = (text, 0, false, None, false);
        self.columns.push(Column {
            name,
            raw,
            nth,
            place,
            is_known,
            is_score,
            count,
            is_in_rows,
            range,
            percent,
        });
        Some(column)
    }

    /// Is a name of use?
    pub fn knows(&self, name: &[u8]) -> bool {
        resolve::is_known(&String::from_utf8_lossy(name), self.maps)
    }

    /// A named number of a line. A name that stands there twice has a second column.
    pub fn named(&mut self, name: &[u8], nth: u8, value: Option<f64>, percent: bool) {
        let next = self.order.get(self.cells.len()).copied();
        let alike = next.filter(|column| {
            let column = &self.columns[*column];
            column.nth == nth && column.raw == name
        });
        let found = alike.or_else(|| self.column(name, nth));
        let Some(mut column) = found else { return };
        if alike.is_none() && self.cells.iter().any(|cell| cell.0 == column) {
            match self.column(name, nth.saturating_add(1)) {
                Some(second) if nth < 4 => column = second,
                _ => return,
            }
        }
        self.columns[column].percent |= percent;
        // A word in a number's place keeps the order of names.
        self.put(column, value.unwrap_or(MISSING));
    }

    /// A value of a column.
    pub fn put(&mut self, column: usize, value: f64) {
        self.cells.push((column, value));
        let Some(place) = self.columns[column].place else { return };
        let Some(at) = clock::step(value) else { return };
        self.counters.kimg |= place == Place::Kimg;
        match place {
            Place::Epoch => self.clock.epoch = self.clock.epoch.or(Some(at)),
            _ if self.rank.is_none_or(|rank| place > rank) => {
                (self.clock.step, self.rank) = (Some(at), Some(place));
                self.clock.is_batch = place == Place::Batch;
            }
            _ => {}
        }
    }

    /// Ends a row; answers whether it held anything that is known.
    pub fn end(&mut self) -> bool {
        let mut clock = self.clock;
        self.bars.is_needless |= clock.epoch.is_some();
        let is_reading =
            |cell: &(usize, f64)| self.columns[cell.0].is_known && cell.1.to_bits() != MISSING.to_bits();
        let is_known = self.cells.iter().any(is_reading);
        let has_clock = clock.epoch.is_some() || clock.step.is_some();
        if !is_known {
            // A line with an epoch alone says where the next ones stand.
            if self.cells.iter().all(|cell| self.columns[cell.0].place.is_some()) && clock.epoch.is_some() {
                self.epoch = clock.epoch;
            }
            if has_clock {
                self.pending = clock;
            }
            if has_clock || self.cells.len() > 1 {
                self.count(has_clock);
            }
            return false;
        }
        let is_of_players = self.cells.iter().any(|cell| is_reading(cell) && !self.columns[cell.0].is_score);
        clock.epoch = clock.epoch.or_else(|| self.bars.epoch(&clock).filter(|_| is_of_players));
        let pending = std::mem::take(&mut self.pending);
        if !has_clock && is_of_players {
            clock = pending;
        }
        let has_clock = clock.epoch.is_some() || clock.step.is_some();
        self.counters.of_players += u64::from(is_of_players);
        if is_of_players && has_clock {
            self.advance(clock);
        } else {
            self.counters.scores_with_step += u64::from(clock.step.is_some());
            self.counters.scores_with_epoch += u64::from(clock.epoch.is_some());
        }
        let own = clock.step.is_some();
        if is_of_players || self.last.is_none() {
            self.epoch = clock.epoch.or(self.epoch);
            self.step = clock.step.or(self.step);
        }
        let (epoch, step) = match own || clock.epoch.is_some() {
            true => (clock.epoch.or(self.epoch), clock.step.or(self.step)),
            false => (self.epoch, self.step),
        };
        let point = Point { row: self.rows, epoch, step, own, value: 0.0 };
        self.rows += 1;
        self.count(true);
        self.keep(point, is_of_players);
        true
    }

    /// The log says that something begins anew: a second header.
    pub fn announce(&mut self) {
        if self.rows > 0 && self.parts.len() < MOST_PARTS {
            self.begin_part();
            if let Some(part) = self.parts.last_mut() {
                part.is_announced = true;
            }
        }
    }

    fn begin_part(&mut self) {
        self.parts.push(Part::default());
        (self.epoch, self.step, self.last) = (None, None, None);
    }

    /// Follows the counters, and begins a new part where they go back.
    fn advance(&mut self, clock: Clock) {
        let counters = &mut self.counters;
        if let Some(step) = clock.step {
            counters.with_step += 1;
            counters.largest = counters.largest.max(step);
            counters.has_zero |= step == 0;
            counters.total = counters.total.max(clock.total.unwrap_or(0));
            counters.is_batch |= clock.is_batch;
        } else {
            counters.with_epoch += 1;
        }
        let epoch = clock.epoch.or(self.epoch);
        if let Some(epoch) = epoch {
            counters.least_epoch = Some(counters.least_epoch.map_or(epoch, |least| least.min(epoch)));
        }
        let Some(last) = self.last else {
            self.last = Some((epoch.unwrap_or(0), clock.step.unwrap_or(0)));
            return;
        };
        let epoch = epoch.unwrap_or(last.0);
        let step = clock.step.unwrap_or(last.1);
        if epoch > last.0 {
            counters.epochs += 1;
            match clock.step {
                Some(step) if step > last.1 => counters.went_on += 1,
                Some(_) => counters.began_again += 1,
                None => {}
            }
        }
        if (epoch, step) < last && !self.is_loose {
            if self.parts.len() < MOST_PARTS {
                self.begin_part();
                self.last = Some((clock.epoch.unwrap_or(0), clock.step.unwrap_or(0)));
                return;
            }
            self.is_unordered = true;
        }
        self.last = Some((epoch, step));
    }

    fn count(&mut self, is_row: bool) {
        for &(column, value) in &self.cells {
            if value.to_bits() == MISSING.to_bits() {
                continue;
            }
            let column = &mut self.columns[column];
            column.count += 1;
            column.is_in_rows |= is_row;
            if value.is_finite() {
                column.range = Some(
                    column.range.map_or((value, value), |(low, high)| (low.min(value), high.max(value))),
                );
            }
        }
    }

    fn keep(&mut self, point: Point, is_of_players: bool) {
        let Some(part) = self.parts.last_mut() else { return };
        if is_of_players {
            part.first.get_or_insert((point.epoch.unwrap_or(0), point.step.unwrap_or(0)));
            part.rows += 1;
        }
        for &(column, value) in &self.cells {
            if !self.columns[column].is_known || value.to_bits() == MISSING.to_bits() {
                continue;
            }
            if part.series.len() <= column {
                part.series.resize(column + 1, None);
            }
            part.series[column].get_or_insert_default().push(Point { value, ..point });
        }
        self.order.clear();
        self.order.extend(self.cells.iter().map(|cell| cell.0));
    }
}

/// Stands in a row for a value that the log says it does not have. A NaN with bits of its own.
const MISSING: f64 = f64::from_bits(0x7ff8_dead_beef_0000);

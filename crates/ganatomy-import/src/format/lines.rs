//! Logs in lines, whatever wrote each of them: one file may hold lines of several programs.

use crate::clock;
use crate::error::ImportError;
use crate::scan::{self, Pair};
use crate::sheet::Sheet;
use crate::source::{self, Source};

use super::{FORMATS, Format, json_rows, keras, pairs, studiogan, stylegan};

/// Reads lines. What cannot be read to its end is read as far as that.
pub(super) fn read(source: Source, sheet: &mut Sheet<'_>) -> Result<Format, ImportError> {
    let format = told(&source.head);
    let (path, stem) = (source.path.clone(), source.stem());
    let mut lines = Lines { stem, found: Vec::new(), n_rows: 0 };
    let ended = source::lines(source.reader(), |line| {
        lines.take(line, sheet);
        Ok(())
    })?;
    match ended {
        Err(cause) if lines.n_rows == 0 => Err(ImportError::Read { path, cause }),
        _ if sheet.columns.iter().all(|column| column.count == 0) => Err(ImportError::NoNumbers { path }),
        _ => Ok(format),
    }
}

/// The format that most of the first lines have, the more certain one of equals.
fn told(head: &[u8]) -> Format {
    let mut best = (0, pairs::FORMAT);
    for format in FORMATS {
        let Some(is) = format.is else { continue };
        let n = head.split(|byte| matches!(byte, b'\n' | b'\r')).filter(|line| is(line)).count();
        // Every line of the others is one of named numbers as well.
        if n > best.0 && format.name != pairs::FORMAT.name {
            best = (n, format);
        }
    }
    best.1
}

/// Reads one line after another.
pub(super) struct Lines {
    /// The name of a file of bare numbers.
    pub stem: String,
    /// Kept between lines, so that no line takes memory.
    pub found: Vec<Pair>,
    /// Rows that were taken.
    pub n_rows: u64,
}

impl Lines {
    /// Takes a line.
    pub fn take(&mut self, line: &[u8], sheet: &mut Sheet<'_>) {
        let line = line.trim_ascii();
        if line.is_empty() {
            return;
        }
        if line[0] == b'{' && json_rows::line(line, sheet) {
            self.n_rows += 1;
            return;
        }
        match studiogan::score(line) {
            studiogan::Line::Score(score) => {
                sheet.begin(clock::Clock { step: Some(score.step), ..clock::Clock::default() });
                sheet.named(score.name, 1, Some(score.value), false);
                self.n_rows += u64::from(sheet.end());
                return;
            }
            studiogan::Line::Best => return,
            studiogan::Line::Other => {}
        }
        if let Some((step, value)) = pairs::bare(line) {
            sheet.begin(clock::Clock { step: Some(step), ..clock::Clock::default() });
            sheet.named(self.stem.as_bytes(), 1, Some(value), false);
            self.n_rows += u64::from(sheet.end());
            return;
        }
        let pairs = keras::of_pairs(line);
        if !pairs.is_empty() {
            sheet.begin(clock::find(line, &mut false));
            pairs.into_iter().for_each(|(name, value)| sheet.named(name, 1, Some(value), false));
            self.n_rows += u64::from(sheet.end());
            return;
        }
        if stylegan::is_console(line) {
            scan::loose(line, &mut self.found);
        } else {
            scan::pairs(line, &mut self.found);
            if self.found.is_empty() {
                self.loose(line, sheet);
            }
        }
        self.row(line, sheet);
    }

    /// Numbers that merely follow names count only where the names are known.
    fn loose(&mut self, line: &[u8], sheet: &Sheet<'_>) {
        scan::loose(line, &mut self.found);
        let is_known = |pair: &Pair| sheet.knows(&line[pair.name.clone()]);
        if self.found.iter().filter(|pair| is_known(pair)).count() < 2 {
            self.found.clear();
        }
    }

    fn row(&mut self, line: &[u8], sheet: &mut Sheet<'_>) {
        let clock = clock::find(line, &mut sheet.counters.kimg);
        sheet.begin(clock);
        let mut from = 0;
        for pair in &self.found {
            let Pair { name, number, nth } = pair;
            let text = &line[name.clone()];
            let before = line.get(from..name.start).filter(|_| is_bare_loss(text));
            match before.and_then(player) {
                Some(player) => {
                    let whole = [player, b" ", text].concat();
                    sheet.named(&whole, *nth, number.value, number.percent);
                }
                None => sheet.named(text, *nth, number.value, number.percent),
            }
            from = name.end;
        }
        self.n_rows += u64::from(sheet.end());
    }
}

/// Is it a loss, with nothing that says whose?
fn is_bare_loss(name: &[u8]) -> bool {
    [&b"loss"[..], b"cost", b"error", b"mean loss", b"avg loss"]
        .iter()
        .any(|bare| name.eq_ignore_ascii_case(bare))
}

/// The player that the text before a name speaks of: `[ Generator :: loss: 0.7]`.
fn player(before: &[u8]) -> Option<&[u8]> {
    const PLAYERS: [&[u8]; 9] =
        [b"discriminator", b"generator", b"critic", b"disc", b"gen", b"dis", b"d", b"g", b"adversarial"];
    let mut words = before.split(|byte| !byte.is_ascii_alphabetic());
    words.rfind(|word| PLAYERS.iter().any(|player| word.eq_ignore_ascii_case(player)))
}

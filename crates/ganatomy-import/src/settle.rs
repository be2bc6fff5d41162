//! From the rows of a log to one value a step: parts of a resumed run joined, runs told apart, steps made one counter.

use crate::error::ImportError;
use crate::names::resolve::Name;
use crate::sheet::{Counters, Part, Sheet};
use crate::thin::Point;

/// What a step of a log counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Updates or batches.
    Iteration,
    /// Passes over the data.
    Epoch,
    /// Thousands of images.
    Kimg,
    /// Rows of the log, which does not say more.
    Row,
}

impl Unit {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Unit::Iteration => "iteration",
            Unit::Epoch => "epoch",
            Unit::Kimg => "kimg",
            Unit::Row => "row",
        }
    }
}

/// A name of a log with its values.
#[derive(Clone, Debug)]
pub(crate) struct Settled {
    /// The name.
    pub name: Name,
    /// Its values, steps ascending.
    pub points: Vec<(u64, f64)>,
}

/// What one file holds.
#[derive(Clone, Debug)]
pub(crate) struct Settlement {
    /// All names.
    pub names: Vec<Settled>,
    /// What its steps count.
    pub unit: Unit,
    /// How many runs it holds.
    pub n_runs: usize,
    /// Steps of an epoch, and the first epoch's number, where steps begin again with each.
    pub per_epoch: Option<(u64, u64)>,
    /// What a person should know.
    pub notes: Vec<String>,
}

/// How often values stood at a step that had one.
#[derive(Clone, Copy, Debug, Default)]
struct Odd {
    repeated: u64,
    evaluated_again: u64,
    went_back: u64,
    summaries: u64,
    told_again: u64,
}

/// Joins the parts of a log.
pub(crate) fn settle(sheet: Sheet<'_>) -> Result<Settlement, ImportError> {
    let ruler = Ruler::of(&sheet.counters, sheet.parts.len() as u64);
    let mut notes = sheet.notes;
    notes.extend(ruler.notes(&sheet.counters));
    notes.extend(sheet.bars.note());
    let runs = runs(&sheet.parts, &ruler);
    let n_runs = runs.len().max(sheet.n_beside);
    let chosen = choose(&runs, &sheet.parts, sheet.run, &mut notes)?;
    let thinned =
        sheet.parts.iter().flat_map(|part| part.series.iter().flatten()).any(|thin| thin.is_thinned());
    if thinned {
        notes.push(format!(
            "the log is long: of each name at most {} values are kept, evenly",
            crate::thin::MOST
        ));
    }
    if sheet.is_unordered {
        notes.push(
            "its steps go back again and again, so that lines were put in the order of their steps"
                .to_owned(),
        );
    }
    if sheet.has_too_many {
        notes.push("it has more names than are read; the last were left out".to_owned());
    }
    let mut parts: Vec<Part> = sheet.parts;
    let mut odd = Odd::default();
    let mut names = Vec::with_capacity(sheet.columns.len());
    for (i, column) in sheet.columns.into_iter().enumerate() {
        let mut points = Vec::new();
        for &part in &chosen {
            let taken = parts[part].series.get_mut(i).and_then(Option::take);
            let Some(taken) = taken else { continue };
            let begins = ruler.start(&parts[part]);
            if let Some(begins) = begins.filter(|_| part != chosen[0]) {
                points.retain(|point: &(u64, f64)| point.0 < begins);
            }
            points.extend(ruler.place(taken.into_points(), &mut odd));
        }
        if sheet.is_unordered {
            points.sort_by_key(|point| point.0);
        }
        let mut points = in_order(points, column.is_score, &mut odd);
        if column.is_score {
            odd.told_again += without_repeats(&mut points);
        }
        let name = Name {
            theirs: column.name,
            count: column.count,
            is_in_rows: column.is_in_rows,
            range: column.range,
            percent: column.percent,
        };
        names.push(Settled { name, points });
    }
    notes.extend(odd.notes());
    Ok(Settlement { names, unit: ruler.unit, n_runs, per_epoch: ruler.within, notes })
}

/// Makes one counter of epochs and steps.
#[derive(Clone, Copy, Debug)]
struct Ruler {
    unit: Unit,
    /// Where steps begin again with each epoch: steps of an epoch, and the first epoch's number.
    within: Option<(u64, u64)>,
}

impl Ruler {
    fn of(counters: &Counters, n_parts: u64) -> Ruler {
        // A step that few lines tell is no step of the others.
        let few = |n: u64| n * 2 < counters.of_players;
        if few(counters.with_step + counters.with_epoch) {
            return Ruler { unit: Unit::Row, within: None };
        }
        if counters.with_step > 0 {
            let unit = if counters.kimg { Unit::Kimg } else { Unit::Iteration };
            // A step that grows from epoch to epoch counts the whole run, unless it is called a batch; once may be chance.
            let goes_on = counters.went_on > 1 || counters.went_on > 0 && counters.total == 0;
            let begins_again =
                counters.began_again > 0 || counters.is_batch || counters.total > 0 && !goes_on;
            let within = counters.least_epoch.filter(|_| begins_again && !counters.kimg).map(|least| {
                let per = counters.total.max(counters.largest + u64::from(counters.has_zero)).max(1);
                (per, if least == 1 { 1 } else { 0 })
            });
            return Ruler { unit, within };
        }
        if counters.with_epoch == 0 && counters.scores_with_step > 0 {
            let unit = if counters.kimg { Unit::Kimg } else { Unit::Iteration };
            return Ruler { unit, within: None };
        }
        if counters.with_epoch == 0 && counters.scores_with_epoch > 0 {
            return Ruler { unit: Unit::Epoch, within: None };
        }
        // An epoch that stands on several lines does not tell them apart.
        let is_told = counters.with_epoch > 0 && 10 * counters.with_epoch <= 11 * (counters.epochs + n_parts);
        let unit = if is_told { Unit::Epoch } else { Unit::Row };
        Ruler { unit, within: None }
    }

    fn notes(&self, counters: &Counters) -> Vec<String> {
        let mut notes = Vec::new();
        if let Some((per, _)) = self.within.filter(|(per, _)| counters.epochs > 0 && counters.total != *per) {
            notes.push(format!(
                "steps begin again with each epoch, which is counted as {per}, the largest seen"
            ));
        }
        if self.unit == Unit::Row {
            let why = match counters.with_epoch {
                0 => "no line says which step it is of",
                _ => "many lines have the same epoch and no step",
            };
            notes.push(format!("{why}, so that lines are counted"));
        }
        notes
    }

    /// Where a point stands.
    fn at(&self, point: &Point) -> Option<u64> {
        match self.unit {
            Unit::Row => Some(point.row + 1),
            Unit::Epoch => point.epoch,
            _ => self.joined(point.epoch, point.step),
        }
    }

    fn joined(&self, epoch: Option<u64>, step: Option<u64>) -> Option<u64> {
        match (self.within, epoch) {
            (Some((per, first)), Some(epoch)) => {
                let before = epoch.saturating_sub(first).saturating_mul(per);
                Some(before.saturating_add(step.unwrap_or(0)))
            }
            _ => step.or(epoch.filter(|_| self.within.is_none())),
        }
    }

    /// The step at which a part begins.
    fn start(&self, part: &Part) -> Option<u64> {
        let (epoch, step) = part.first?;
        match self.unit {
            Unit::Row => None,
            Unit::Epoch => Some(epoch),
            _ => self.joined(Some(epoch), Some(step)),
        }
    }

    /// Steps and values; sums over an epoch are left out where single steps are told.
    fn place(&self, points: Vec<Point>, odd: &mut Odd) -> Vec<(u64, f64)> {
        let counts_steps = matches!(self.unit, Unit::Iteration | Unit::Kimg);
        let has_own = counts_steps && points.iter().any(|point| point.own);
        let is_kept = |point: &&Point| point.own || !has_own;
        odd.summaries += points.iter().filter(|point| !is_kept(point)).count() as u64;
        points.iter().filter(is_kept).filter_map(|point| Some((self.at(point)?, point.value))).collect()
    }
}

/// Which parts make a run: one that begins in the middle goes on with the run before it.
fn runs(parts: &[Part], ruler: &Ruler) -> Vec<Vec<usize>> {
    let mut runs: Vec<Vec<usize>> = Vec::new();
    let mut first = None;
    for (i, part) in parts.iter().enumerate() {
        let begins = ruler.start(part);
        let goes_on = match (first, begins) {
            (Some(first), Some(begins)) => begins > first,
            (_, None) => !part.is_announced,
            (None, Some(_)) => false,
        };
        match runs.last_mut() {
            Some(run) if goes_on => run.push(i),
            _ => {
                runs.push(vec![i]);
                first = begins;
            }
        }
    }
    runs
}

/// The run that is asked for, or else the longest, the last of equals.
fn choose(
    runs: &[Vec<usize>],
    parts: &[Part],
    asked: Option<usize>,
    notes: &mut Vec<String>,
) -> Result<Vec<usize>, ImportError> {
    let rows = |run: &Vec<usize>| run.iter().map(|part| parts[*part].rows).sum::<u64>();
    let chosen = match asked {
        // Of several logs that of one run may be beside one of several.
        Some(_) if runs.len() < 2 => 0,
        Some(asked) if asked == 0 || asked > runs.len() => {
            return Err(ImportError::NoSuchRun { asked, there: runs.len() });
        }
        Some(asked) => asked - 1,
        None => (0..runs.len()).max_by_key(|run| rows(&runs[*run])).unwrap_or(0),
    };
    if runs.len() > 1 {
        let lengths: Vec<String> = runs.iter().map(|run| rows(run).to_string()).collect();
        notes.push(format!(
            "it holds {} runs, as steps begin anew (of {} lines): run {} is read; --run N reads another",
            runs.len(),
            lengths.join(", "),
            chosen + 1
        ));
    }
    let Some(run) = runs.get(chosen) else { return Ok(Vec::new()) };
    if run.len() > 1 {
        notes.push(format!(
            "its steps go back {}, as where a run is resumed: the later part replaces the earlier one",
            times(run.len() as u64 - 1)
        ));
    }
    Ok(run.clone())
}

/// One value a step, steps ascending.
fn in_order(points: Vec<(u64, f64)>, is_score: bool, odd: &mut Odd) -> Vec<(u64, f64)> {
    let mut kept: Vec<(u64, f64)> = Vec::with_capacity(points.len());
    for (i, &(step, value)) in points.iter().enumerate() {
        let Some(&last) = kept.last() else {
            kept.push((step, value));
            continue;
        };
        if step > last.0 {
            kept.push((step, value));
        } else if step == last.0 && is_score {
            odd.evaluated_again += 1;
        } else if step == last.0 {
            odd.repeated += 1;
            kept.pop();
            kept.push((step, value));
        } else if is_score
            && points[i..].iter().take_while(|point| point.0 <= last.0).all(|point| point.0 == step)
        {
            // The best checkpoint is evaluated once more at the end: that is no later state.
            odd.evaluated_again += 1;
        } else {
            odd.went_back += 1;
            kept.truncate(kept.partition_point(|point| point.0 < step));
            kept.push((step, value));
        }
    }
    kept
}

/// Leaves out values of a score that are merely told again until the next evaluation, as StyleGAN does at each tick. A score
/// that never changes is left as it is: that says something.
fn without_repeats(points: &mut Vec<(u64, f64)>) -> u64 {
    let before = points.len();
    if points.iter().any(|point| point.1.to_bits() != points[0].1.to_bits()) {
        points.dedup_by_key(|point| point.1.to_bits());
    }
    (before - points.len()) as u64
}

impl Odd {
    fn notes(self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.evaluated_again > 0 {
            notes.push(format!(
                "a step is evaluated again {}: its first value stands",
                times(self.evaluated_again)
            ));
        }
        if self.repeated > 0 {
            notes.push(format!("a step stands there again {}: its last value stands", times(self.repeated)));
        }
        if self.went_back > 0 {
            notes.push(format!("steps of a name go back {}: the later part stands", times(self.went_back)));
        }
        if self.told_again > 0 {
            notes.push(format!(
                "a score is told again {} before its next evaluation: each evaluation counts once",
                times(self.told_again)
            ));
        }
        if self.summaries > 0 {
            notes.push(format!(
                "{} values of whole epochs were left out, as single steps are told",
                self.summaries
            ));
        }
        notes
    }
}

fn times(n: u64) -> String {
    if n == 1 { "once".to_owned() } else { format!("{n} times") }
}

//! Claims: a worker takes a run, shows that it lives, and says what came of it. A claim that was lost changes nothing any more.

use super::Store;
use super::sql::{Cell, Sql};
use crate::StudyError;
use crate::runs::{Point, State};

/// A run that a worker has taken.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// The run's number.
    pub run: u64,
    /// Which try this is, from 1.
    pub attempt: u64,
    /// Who has it.
    pub worker: String,
    /// Its stage.
    pub stage: usize,
    /// Its arm.
    pub arm: usize,
    /// Its point's number in the stage.
    pub number: u32,
    /// Its seed.
    pub seed: u64,
    /// Its spec, without the seed.
    pub spec: String,
    /// The steps of its budget.
    pub steps: u64,
    /// The folder of an earlier try, below the study's.
    pub folder: Option<String>,
}

/// What came of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Ended {
    /// Done, failed or pruned.
    pub state: State,
    /// Its score, if it has one.
    pub score: Option<f64>,
    /// The other readings, NaN where there is none.
    pub also: Vec<f64>,
    /// Steps made.
    pub steps: u64,
    /// Seconds of training.
    pub secs: f64,
    /// Why it failed or was pruned.
    pub why: Option<String>,
    /// Its folder below the study's.
    pub folder: Option<String>,
    /// The scores on the way.
    pub points: Vec<Point>,
}

/// The state's number in the tables.
pub(super) fn code(state: State) -> i64 {
    match state {
        State::Waiting => 0,
        State::Running => 1,
        State::Done => 2,
        State::Failed => 3,
        State::Pruned => 4,
    }
}

/// The state of a number in the tables.
pub(super) fn state(code: i64) -> State {
    [State::Waiting, State::Running, State::Done, State::Failed, State::Pruned]
        .into_iter()
        .find(|state| self::code(*state) == code)
        .unwrap_or(State::Failed)
}

const CLAIM: &str = "WITH next AS (SELECT id FROM runs WHERE state = 0 ORDER BY id LIMIT 1 {skip_locked}) \
     UPDATE runs SET state = 1, worker = ?1, beat = {now}, attempt = attempt + 1 FROM next WHERE runs.id = next.id \
     RETURNING runs.id, runs.config, runs.seed, runs.attempt, runs.folder";
const CONFIG: &str = "SELECT stage, arm, number, spec, steps FROM configs WHERE id = ?1";
const BEAT: &str =
    "UPDATE runs SET beat = {now}, folder = ?4 WHERE id = ?1 AND worker = ?2 AND attempt = ?3 AND state = 1";
const END: &str = "UPDATE runs SET state = ?4, score = ?5, also = ?6, steps = ?7, secs = ?8, why = ?9, folder = ?10, \
     beat = {now} WHERE id = ?1 AND worker = ?2 AND attempt = ?3 AND state = 1";
const ENDED: &str = "SELECT 1 FROM runs WHERE id = ?1 AND worker = ?2 AND attempt = ?3 AND state > 1";
const CURVE: &str = "INSERT INTO curves (run, points) VALUES (?1, ?2) ON CONFLICT (run) DO UPDATE SET points = excluded.points";
const RELEASE: &str = "UPDATE runs SET state = 0, worker = NULL, attempt = attempt - 1 \
     WHERE id = ?1 AND worker = ?2 AND attempt = ?3 AND state = 1";
const REAP: &str = "UPDATE runs SET state = CASE WHEN attempt >= ?1 THEN 3 ELSE 0 END, worker = NULL, \
     why = CASE WHEN attempt >= ?1 THEN ?2 ELSE NULL END WHERE state = 1 AND ";

impl Store {
    /// Takes the next run that waits; nothing where none does.
    ///
    /// # Errors
    /// A store that does not answer.
    pub fn claim(&mut self, worker: &str) -> Result<Option<Claim>, StudyError> {
        self.atomic(|sql| {
            let mut taken = None;
            sql.query(&sql.dialect().fill(CLAIM), &[worker.into()], &mut |row| {
                taken = Some(row);
                Ok(())
            })?;
            taken.map(|row| claim_of(sql, worker, &row)).transpose()
        })
    }

    /// Shows that the run is still worked on, in this folder. Returns whether the claim still stands: it is lost once the worker was
    /// not heard of for longer than a lease.
    ///
    /// # Errors
    /// A store that does not answer.
    pub fn beat(&mut self, claim: &Claim) -> Result<bool, StudyError> {
        self.atomic(|sql| {
            let [run, worker, attempt] = keys(claim);
            let values = [run, worker, attempt, claim.folder.as_deref().into()];
            Ok(sql.change(&sql.dialect().fill(BEAT), &values)? == 1)
        })
    }

    /// Says what came of a run, once. Returns whether the claim still stood; if not, nothing was changed.
    ///
    /// # Errors
    /// A store that does not answer.
    pub fn end(&mut self, claim: &Claim, ended: &Ended) -> Result<bool, StudyError> {
        self.atomic(|sql| {
            let [run, worker, attempt] = keys(claim);
            let also = (!ended.also.is_empty()).then(|| json(&numbers(&ended.also)));
            let values = [
                run.clone(),
                worker.clone(),
                attempt.clone(),
                Cell::Int(code(ended.state)),
                ended.score.into(),
                also.as_deref().into(),
                ended.steps.into(),
                ended.secs.into(),
                ended.why.as_deref().into(),
                ended.folder.as_deref().into(),
            ];
            if sql.change(&sql.dialect().fill(END), &values)? == 0 {
                // Said before, where the answer was lost on the way.
                let mut said = false;
                sql.query(ENDED, &[run, worker, attempt], &mut |_| {
                    said = true;
                    Ok(())
                })?;
                return Ok(said);
            }
            if !ended.points.is_empty() {
                sql.change(CURVE, &[run, json(&triples(&ended.points)).as_str().into()])?;
            }
            Ok(true)
        })
    }

    /// Gives a run back that was not carried out, as after Ctrl-C; it does not count as a try.
    ///
    /// # Errors
    /// A store that does not answer.
    pub fn release(&mut self, claim: &Claim) -> Result<bool, StudyError> {
        self.atomic(|sql| {
            let [run, worker, attempt] = keys(claim);
            Ok(sql.change(RELEASE, &[run, worker, attempt])? == 1)
        })
    }

    /// Gives back the runs of workers that were not heard of for `lease_secs`, by the store's own clock; those that were tried
    /// `most_attempts` times have failed. Returns how many.
    ///
    /// # Errors
    /// A store that does not answer.
    pub fn reap_late(&mut self, lease_secs: f64, most_attempts: u32) -> Result<u64, StudyError> {
        self.atomic(|sql| {
            let reap = sql.dialect().fill(&format!("{REAP} beat < {{now}} - ?3"));
            sql.change(&reap, &[u64::from(most_attempts).into(), LOST.into(), lease_secs.into()])
        })
    }

    /// Gives back the runs of a worker that is known to be dead.
    ///
    /// # Errors
    /// A store that does not answer.
    pub fn reap_worker(&mut self, worker: &str, most_attempts: u32) -> Result<u64, StudyError> {
        self.atomic(|sql| {
            let reap = format!("{REAP} worker = ?3");
            sql.change(&reap, &[u64::from(most_attempts).into(), LOST.into(), worker.into()])
        })
    }

    /// The workers that hold runs.
    ///
    /// # Errors
    /// A store that does not answer.
    pub fn workers(&mut self) -> Result<Vec<String>, StudyError> {
        self.atomic(|sql| {
            let mut workers = Vec::new();
            sql.query("SELECT DISTINCT worker FROM runs WHERE state = 1", &[], &mut |row| {
                workers.extend(row.first().and_then(Cell::text).map(str::to_owned));
                Ok(())
            })?;
            Ok(workers)
        })
    }
}

const LOST: &str = "lost: its worker ended without a word each time, as when it is killed or memory runs out";

fn claim_of(sql: &mut dyn Sql, worker: &str, row: &[Cell]) -> Result<Claim, StudyError> {
    let int = |row: &[Cell], i: usize| row.get(i).map_or(0, Cell::int);
    let mut config = Vec::new();
    sql.query(CONFIG, &row[1..2], &mut |found| {
        config = found;
        Ok(())
    })?;
    Ok(Claim {
        run: int(row, 0) as u64,
        attempt: int(row, 3) as u64,
        worker: worker.to_owned(),
        stage: int(&config, 0) as usize,
        arm: int(&config, 1) as usize,
        number: int(&config, 2) as u32,
        seed: int(row, 2) as u64,
        spec: config.get(3).and_then(Cell::text).unwrap_or_default().to_owned(),
        steps: int(&config, 4) as u64,
        folder: row.get(4).and_then(Cell::text).map(str::to_owned),
    })
}

fn keys(claim: &Claim) -> [Cell; 3] {
    [claim.run.into(), claim.worker.as_str().into(), claim.attempt.into()]
}

/// JSON has no NaN: what is not finite is nothing.
fn numbers(values: &[f64]) -> Vec<Option<f64>> {
    values.iter().map(|value| value.is_finite().then_some(*value)).collect()
}

fn triples(points: &[Point]) -> Vec<(u64, f64, Option<f64>)> {
    points
        .iter()
        .map(|point| (point.step, point.secs, Some(point.score).filter(|score| score.is_finite())))
        .collect()
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

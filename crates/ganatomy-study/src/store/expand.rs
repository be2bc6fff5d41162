//! What is to be done: configurations and the runs of their seeds.

use super::Store;
use super::claim::code;
use super::sql::{Cell, Sql};
use crate::StudyError;
use crate::runs::{Settings, State};

/// A configuration, as it is handed to the store.
#[derive(Clone, Debug, PartialEq)]
pub struct NewConfig {
    /// Its stage.
    pub stage: usize,
    /// Its arm.
    pub arm: usize,
    /// Its number in the stage.
    pub number: u32,
    /// What the space has chosen.
    pub settings: Settings,
    /// Its whole spec, without the seed.
    pub spec: String,
    /// The steps of its budget.
    pub steps: u64,
    /// Gradients that one step evaluates.
    pub gradients_per_step: f64,
    /// Real items that one step reads.
    pub images_per_step: f64,
    /// The seeds of its runs.
    pub seeds: Vec<u64>,
}

/// Inserts configurations and their runs, ordered so that an unfinished study has about as much of each arm: by stage, then
/// seed, number and arm.
pub(super) fn insert(sql: &mut dyn Sql, configs: &[NewConfig]) -> Result<(), StudyError> {
    let [mut config, mut run] =
        [largest(sql, "SELECT max(id) FROM configs")?, largest(sql, "SELECT max(id) FROM runs")?];
    let mut runs = Vec::new();
    for new in configs {
        config += 1;
        let settings = serde_json::to_string(&new.settings).unwrap_or_default();
        let values = [
            Cell::Int(config),
            Cell::Int(new.stage as i64),
            Cell::Int(new.arm as i64),
            Cell::Int(new.number.into()),
            settings.as_str().into(),
            new.spec.as_str().into(),
            new.steps.into(),
            new.gradients_per_step.into(),
            new.images_per_step.into(),
        ];
        sql.change(
            "INSERT INTO configs (id, stage, arm, number, settings, spec, steps, gradients, images) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            &values,
        )?;
        let each = new.seeds.iter().enumerate();
        runs.extend(each.map(|(i, seed)| ((new.stage, i, new.number, new.arm), config, *seed)));
    }
    runs.sort_by_key(|(order, _, _)| *order);
    for (_, config, seed) in runs {
        run += 1;
        let values = [Cell::Int(run), Cell::Int(config), seed.into(), Cell::Int(code(State::Waiting))];
        sql.change(
            "INSERT INTO runs (id, config, seed, state, attempt) VALUES (?1, ?2, ?3, ?4, 0)",
            &values,
        )?;
    }
    Ok(())
}

impl Store {
    /// How many stages that depend on others have begun.
    ///
    /// # Errors
    /// A store that does not answer.
    pub fn stages_begun(&mut self) -> Result<u64, StudyError> {
        self.atomic(|sql| Ok(largest(sql, "SELECT stage FROM study")? as u64))
    }

    /// Begins a stage with its configurations, unless another worker has since `begun` stages were, or runs are open. Returns
    /// whether it did.
    ///
    /// # Errors
    /// A store that does not answer.
    pub fn begin_stage(&mut self, begun: u64, configs: &[NewConfig]) -> Result<bool, StudyError> {
        self.atomic(|sql| {
            let open = largest(sql, "SELECT count(*) FROM runs WHERE state < 2")?;
            let next = "UPDATE study SET stage = stage + 1 WHERE stage = ?1";
            if open > 0 || sql.change(next, &[begun.into()])? == 0 {
                return Ok(false);
            }
            insert(sql, configs)?;
            Ok(true)
        })
    }
}

fn largest(sql: &mut dyn Sql, query: &str) -> Result<i64, StudyError> {
    let mut found = 0;
    sql.query(query, &[], &mut |row| {
        found = row.first().map_or(0, Cell::int);
        Ok(())
    })?;
    Ok(found)
}

//! Rungs: the scores of runs at the same share of their budget, by which stopping rules compare them.

use super::Store;
use super::sql::Cell;
use crate::StudyError;

impl Store {
    /// Notes a run's score at a rung, and returns those of all runs of its stage and arm that came there before it.
    ///
    /// # Errors
    /// A store that does not answer.
    pub fn reach_rung(
        &mut self,
        run: u64,
        [stage, arm]: [usize; 2],
        rung: usize,
        score: f64,
    ) -> Result<Vec<f64>, StudyError> {
        self.atomic(|sql| {
            let of = [Cell::Int(stage as i64), Cell::Int(arm as i64), Cell::Int(rung as i64), run.into()];
            let mut others = Vec::new();
            let find = "SELECT score FROM rungs WHERE stage = ?1 AND arm = ?2 AND rung = ?3 AND run <> ?4";
            sql.query(find, &of, &mut |row| {
                others.extend(row.first().and_then(Cell::real));
                Ok(())
            })?;
            let [stage, arm, rung, run] = of;
            // A run that is tried again comes to its rungs again.
            sql.change("DELETE FROM rungs WHERE run = ?1 AND rung = ?2", &[run.clone(), rung.clone()])?;
            let insert = "INSERT INTO rungs (id, run, rung, stage, arm, score) VALUES (CAST(?1 AS BIGINT) * 1000 + ?2, ?1, ?2, ?3, ?4, ?5)";
            sql.change(insert, &[run, rung, stage, arm, score.into()])?;
            Ok(others)
        })
    }
}

//! The scores of runs, and the row of a table that sums them up.

use super::arms::Arm;

/// The result of a run. A run that diverged has no scores.
pub(super) struct Scores {
    outcome: String,
    /// Modes captured, high-quality share, reverse KL.
    values: Option<[f64; 3]>,
    secs: f64,
}

/// The head of a table.
pub(super) const HEAD: &str = "| Method | Modes | High-quality share | Reverse KL | Diverged | Seconds | Published |\n\
                               |---|---|---|---|---|---|---|";

/// Reads what `train --json` prints.
pub(super) fn read(text: &str) -> Option<Scores> {
    let report: serde_json::Value = serde_json::from_str(text).ok()?;
    let last = |name: &str| report["readings"][format!("samples/{name}")]["last"].as_f64();
    let values = || Some([last("n_modes")?, last("high_quality_share")?, last("reverse_kl")?]);
    Some(Scores {
        outcome: report["outcome"].as_str()?.to_owned(),
        values: values(),
        secs: report["wall_secs"].as_f64()?,
    })
}

/// One row: means and standard errors over the runs that did not diverge.
pub(super) fn row(arm: &Arm, runs: &[Scores]) -> String {
    let done: Vec<[f64; 3]> =
        runs.iter().filter(|run| run.outcome == "done").filter_map(|run| run.values).collect();
    let column = |i: usize, digits: usize| {
        let (mean, error) = mean_and_error(&done.iter().map(|values| values[i]).collect::<Vec<_>>());
        format!("{mean:.digits$} ± {error:.digits$}")
    };
    let secs = mean_and_error(&runs.iter().map(|run| run.secs).collect::<Vec<_>>()).0;
    let diverged = runs.iter().filter(|run| run.outcome != "done").count();
    let cells = [
        arm.name.clone(),
        column(0, 2),
        column(1, 3),
        column(2, 3),
        format!("{diverged} of {}", runs.len()),
        format!("{secs:.1}"),
        arm.published.clone(),
    ];
    format!("| {} |", cells.join(" | "))
}

/// The mean, and the standard deviation over the root of the count.
fn mean_and_error(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0);
    (mean, (variance / n).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(outcome: &str, modes: f64) -> Scores {
        let reading = |value: f64| format!("{{\"last\": {value}, \"best\": {value}, \"step\": 1}}");
        let text = format!(
            "{{\"outcome\": \"{outcome}\", \"wall_secs\": 2.0, \"readings\": {{\"samples/n_modes\": {}, \
             \"samples/high_quality_share\": {}, \"samples/reverse_kl\": {}}}}}",
            reading(modes),
            reading(0.5),
            reading(0.25)
        );
        read(&text).unwrap()
    }

    #[test]
    fn rows_have_means_and_standard_errors_of_the_runs_that_ended() {
        let arm = Arm { id: 0, name: "a".into(), published: "b".into(), spec: String::new(), set: vec![] };
        let runs = [report("done", 6.0), report("done", 8.0), report("diverged", 1.0)];
        let expected = "| a | 7.00 ± 1.00 | 0.500 ± 0.000 | 0.250 ± 0.000 | 1 of 3 | 2.0 | b |";
        assert_eq!(row(&arm, &runs), expected);
    }
}

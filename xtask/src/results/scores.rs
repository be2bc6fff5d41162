//! The table of a study: means and standard errors over the runs of each arm.

use std::collections::BTreeMap;
use std::path::Path;

/// The head of a table.
const HEAD: &str = "| Method | Modes | High-quality share | Reverse KL | Failed | Seconds | Published |\n\
                    |---|---|---|---|---|---|---|";
/// What the columns are, and their digits.
const COLUMNS: [(&str, usize); 3] =
    [("samples/n_modes", 2), ("samples/high_quality_share", 3), ("samples/reverse_kl", 3)];

/// The table of a study's file from its report's `runs.csv`.
pub(super) fn table(file: &Path, csv: &Path) -> Result<String, String> {
    let read =
        |path: &Path| std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()));
    let study: toml::Table = read(file)?.parse().map_err(|error| format!("{}: {error}", file.display()))?;
    let runs = runs(&read(csv)?).ok_or(format!("{}: it is no table of runs", csv.display()))?;
    let text =
        |table: &toml::Table, name: &str| table.get(name).and_then(toml::Value::as_str).map(str::to_owned);
    let title = text(&study, "question").unwrap_or_default();
    let arms = study.get("arm").and_then(toml::Value::as_array).into_iter().flatten();
    let rows = arms.filter_map(toml::Value::as_table).filter_map(|arm| {
        let name = text(arm, "name")?;
        let published = text(arm, "published").unwrap_or_else(|| "-".to_owned());
        Some(row(&name, &published, runs.get(&name).map_or(&[], Vec::as_slice)))
    });
    Ok(format!("### {title}\n\n{HEAD}\n{}\n", rows.collect::<Vec<_>>().join("\n")))
}

/// A run: its columns by name.
type Run = BTreeMap<String, String>;

/// The runs of each arm. No name or number of these studies holds a comma.
fn runs(csv: &str) -> Option<BTreeMap<String, Vec<Run>>> {
    let mut lines = csv.lines();
    let head: Vec<&str> = lines.next()?.split(',').collect();
    let mut arms: BTreeMap<String, Vec<Run>> = BTreeMap::new();
    for line in lines {
        let cells = line.split(',').map(str::to_owned);
        let run: Run = head.iter().map(|name| (*name).to_owned()).zip(cells).collect();
        arms.entry(run.get("arm")?.clone()).or_default().push(run);
    }
    Some(arms)
}

/// One row: means and standard errors over the runs that did not fail.
fn row(name: &str, published: &str, runs: &[Run]) -> String {
    let done: Vec<&Run> =
        runs.iter().filter(|run| run.get("state").is_some_and(|state| state == "done")).collect();
    let numbers = |runs: &[&Run], name: &str| -> Vec<f64> {
        runs.iter().filter_map(|run| run.get(name)?.parse().ok()).collect()
    };
    let mut cells = vec![name.to_owned()];
    for (column, digits) in COLUMNS {
        let (mean, error) = mean_and_error(&numbers(&done, column));
        cells.push(format!("{mean:.digits$} ± {error:.digits$}"));
    }
    let all: Vec<&Run> = runs.iter().collect();
    cells.push(format!("{} of {}", runs.len() - done.len(), runs.len()));
    cells.push(format!("{:.1}", mean_and_error(&numbers(&all, "secs")).0));
    cells.push(published.to_owned());
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

    #[test]
    fn rows_have_means_and_standard_errors_of_the_runs_that_ended() {
        let csv = "arm,state,samples/n_modes,samples/high_quality_share,samples/reverse_kl,secs\n\
                   a,done,6,0.5,0.25,2\na,done,8,0.5,0.25,2\na,failed,,,,2\nb,done,1,0,0,1\n";
        let runs = runs(csv).unwrap();
        let expected = "| a | 7.00 ± 1.00 | 0.500 ± 0.000 | 0.250 ± 0.000 | 1 of 3 | 2.0 | b |";
        assert_eq!(row("a", "b", &runs["a"]), expected);
    }
}

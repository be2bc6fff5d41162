//! How the cost of training grows with batch, parameters and steps.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use super::process;
use super::request::Request;

/// Measures the curves in one process, and shows them.
pub(super) fn measure(steps: &Path, request: &Request) -> Result<Value, String> {
    let mut command = Command::new(steps);
    command.args(["--curves", "--threads", &request.threads.to_string()]);
    if let Some(path) = &request.picture {
        command.arg("--picture").arg(path);
    }
    let ended = process::run(&mut command)?;
    let curves: Vec<Value> =
        ended.stdout.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    curves.iter().for_each(|curve| println!("{}", text(curve)));
    Ok(json!({ "threads": request.threads, "curves": curves }))
}

/// A small table: sizes over costs.
fn text(curve: &Value) -> String {
    let word = |key: &str| curve[key].as_str().unwrap_or("?").to_owned();
    let exponent = |key: &str| curve[key].as_f64().unwrap_or(f64::NAN);
    let row = |name: &str, key: &str| {
        let cells = curve[key].as_array().into_iter().flatten();
        format!("  {name:<16}{}", cells.map(|cell| format!("{:>10}", cell.to_string())).collect::<String>())
    };
    let (name, unit) = (word("curve"), word("unit"));
    format!(
        "cost grows as {name} to the power {:.2}, and {:.2} over the three largest\n{}\n{}\n",
        exponent("exponent"),
        exponent("large_exponent"),
        row(&name, "x"),
        row(&unit, "y"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_is_shown_with_its_exponents() {
        let curve = json!({
            "curve": "batch", "unit": "ms a step", "x": [64, 128], "y": [0.5, 0.75],
            "exponent": 0.585, "large_exponent": 0.585,
        });
        let expected = "cost grows as batch to the power 0.58, and 0.58 over the three largest\n  \
                        batch                   64       128\n  ms a step              0.5      0.75\n";
        assert_eq!(text(&curve), expected);
    }
}

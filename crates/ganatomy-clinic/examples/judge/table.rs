//! The tables of docs/clinic.md.

use ganatomy_clinic::Chart;
use ganatomy_clinic::ward::{Case, Figures, delays, figures, is_known};

/// How a chart is shown to the clinic.
type Shown = fn(&Chart) -> Chart;

/// Verdicts that fewer runs have are left out of the mean.
const LEAST: usize = 4;
/// Bounds of the sureness in the table of calibration.
const SURENESS: [f64; 6] = [0.0, 0.5, 0.7, 0.85, 0.95, 1.01];

/// Writes what the clinic makes of runs, with all readings and without those of modes and classes.
pub fn print(cases: &[Case]) {
    let shown: [(&str, Shown); 2] = [
        ("All readings", Clone::clone),
        ("Readings of modes and classes withheld", |chart| chart.without(is_known)),
    ];
    for (title, shown) in shown {
        let found = figures(cases, shown);
        println!("**{title}.** {}\n", summary(cases, &found, &delays(cases, shown)));
        println!("| verdict | runs | right | wrong | missed | untold | precision | recall | F1 |");
        println!("|---|---|---|---|---|---|---|---|---|");
        for row in &found.rows {
            let runs = row.runs();
            let (precision, recall) = (share(row.right, row.right + row.wrong), share(row.right, row.runs()));
            let (right, wrong, missed, untold) = (row.right, row.wrong, row.missed, row.untold);
            println!(
                "| `{}` | {runs} | {right} | {wrong} | {missed} | {untold} | {precision} | {recall} | {:.2} |",
                row.name,
                row.f1()
            );
        }
        println!("\n| said to be sure | verdicts | mean of what was said | right |\n|---|---|---|---|");
        for bounds in SURENESS.windows(2) {
            let own: Vec<_> = found
                .given
                .iter()
                .filter(|(finding, _)| (bounds[0]..bounds[1]).contains(&finding.confidence))
                .collect();
            if !own.is_empty() {
                let said = own.iter().map(|(finding, _)| finding.confidence).sum::<f64>() / own.len() as f64;
                let right = own.iter().filter(|(_, right)| *right).count();
                println!(
                    "| {:.2} to {:.2} | {} | {said:.2} | {} |",
                    bounds[0],
                    bounds[1].min(1.0),
                    own.len(),
                    share(right, own.len())
                );
            }
        }
        println!();
    }
}

fn summary(cases: &[Case], found: &Figures, delays: &[f64]) -> String {
    let (healthy, alarms) = found.false_alarms;
    let prompt = delays.iter().filter(|delay| **delay <= 0.1).count();
    format!(
        "{} runs; macro F1 {:.3} over verdicts that at least {LEAST} runs have; false alarms on {alarms} of {healthy} healthy runs, {}; \
         a collapse was named within a tenth of the run after its onset, and for good, in {prompt} of {} runs, {}.",
        cases.len(),
        found.macro_f1(LEAST),
        share(alarms, healthy),
        delays.len(),
        share(prompt, delays.len()),
    )
}

/// A share with its interval of 95 % by Wilson's score.
fn share(n: usize, of: usize) -> String {
    if of == 0 {
        return "-".to_owned();
    }
    let (p, of, z) = (n as f64 / of as f64, of as f64, 1.96);
    let centre = (p + z * z / (2.0 * of)) / (1.0 + z * z / of);
    let half = z * (p * (1.0 - p) / of + z * z / (4.0 * of * of)).sqrt() / (1.0 + z * z / of);
    format!("{p:.2} ({:.2} to {:.2})", (centre - half).max(0.0), (centre + half).min(1.0))
}

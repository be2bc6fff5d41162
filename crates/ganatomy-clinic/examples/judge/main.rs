//! Gathers the runs of the ward, and judges the clinic on them (docs/clinic.md).
//!
//! `cargo run --release -p ganatomy-clinic --example judge -- gather STUDY FOLDER`, `.. table FOLDER` and `.. judge FOLDER VERDICT`.

mod fit;
mod table;

use std::collections::BTreeMap;
use std::path::Path;

use ganatomy_clinic::ward::{delays, figures, gather, is_known, labels, read};
use ganatomy_clinic::{diagnose, is_well};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["gather", study, file] => {
            println!("{} runs", gather(Path::new(study), Path::new(file))?);
        }
        ["judge", files, ref rest @ ..] => judge(files, rest.first().copied())?,
        ["labels", file] => list(file)?,
        ["table", folder] => table::print(&read(Path::new(folder))?),
        ["fit", ref files @ ..] => {
            let mut cases = Vec::new();
            for file in files {
                cases.extend(read(Path::new(file))?);
            }
            for (name, a, b) in fit::fit(&cases) {
                println!("    (\"{name}\", {a:.2}, {b:.2}),");
            }
        }
        _ => return Err(
            "say gather STUDY FOLDER, table FOLDER, judge FOLDER [VERDICT], labels FOLDER or fit FOLDER.."
                .into(),
        ),
    }
    Ok(())
}

/// The table of figures; of one verdict, the runs on which it is wrong.
fn judge(files: &str, of: Option<&str>) -> Result<(), Box<dyn std::error::Error>> {
    let mut cases = Vec::new();
    for file in files.split(',') {
        cases.extend(read(Path::new(file))?);
    }
    for (title, hides) in [("all readings", false), ("modes and classes withheld", true)] {
        let found = figures(&cases, |chart| if hides { chart.without(is_known) } else { chart.clone() });
        let delays = delays(&cases, |chart| if hides { chart.without(is_known) } else { chart.clone() });
        let prompt = delays.iter().filter(|delay| **delay <= 0.1).count();
        println!(
            "\ncollapse named within a tenth of the run: {prompt} of {}, middle {:?}",
            delays.len(),
            delays.get(delays.len() / 2)
        );
        println!("{title}: macro F1 {:.3}, false alarms {:?}", found.macro_f1(4), found.false_alarms);
        println!(
            "{:26} {:>5} {:>5} {:>6} {:>6}  {:>5} {:>5} {:>5}",
            "verdict", "right", "wrong", "missed", "untold", "prec", "rec", "F1"
        );
        for row in &found.rows {
            let (right, wrong, missed) = (row.right, row.wrong, row.missed);
            let (precision, recall, f1) = (row.precision(), row.recall(), row.f1());
            println!(
                "{:26} {right:>5} {wrong:>5} {missed:>6} {:>6}  {precision:>5.2} {recall:>5.2} {f1:>5.2}",
                row.name, row.untold
            );
        }
        if let Some(of) = of {
            for case in &cases {
                let chart = if hides { case.chart.without(is_known) } else { case.chart.clone() };
                let (named, known) = (diagnose(&chart), labels(case));
                let alarm = of == "alarm"
                    && known.contains("healthy")
                    && named.verdicts.iter().any(|f| !is_well(f.name));
                if !known.is_empty() && (named.holds(of) != known.contains(of) || alarm) {
                    let names: Vec<_> = named.verdicts.iter().map(|finding| finding.name).collect();
                    println!("  {}-{}: is {known:?}, said {names:?}", case.cause, case.seed);
                }
            }
        }
    }
    Ok(())
}

/// What every run has.
fn list(file: &str) -> Result<(), Box<dyn std::error::Error>> {
    let mut all = BTreeMap::<&str, usize>::new();
    for case in read(Path::new(file))? {
        let found = labels(&case);
        let end = |name: &str| {
            case.truth.get(name).and_then(|series| series.last()).map_or(f64::NAN, |last| last.1)
        };
        let values = [
            "quality",
            "effective",
            "held",
            "spread",
            "turned",
            "drift",
            "auc_fresh",
            "auc_trained",
            "copies",
            "weights",
        ];
        let text: Vec<String> = values.iter().map(|name| format!("{name} {:.3}", end(name))).collect();
        println!("{:28} {} {:?}\n      {}", case.cause, case.seed, found, text.join(", "));
        if let Some(swing) = ganatomy_clinic::symptom::swing(&case.chart) {
            println!("      swing {:.3} of {} every {}", swing.back, swing.reading, swing.period);
        }
        found.into_iter().for_each(|name| *all.entry(name).or_default() += 1);
    }
    println!("{all:#?}");
    Ok(())
}

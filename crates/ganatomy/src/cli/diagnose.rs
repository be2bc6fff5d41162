//! `ganatomy diagnose`: what is wrong with a run, and what may mend it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::styling::{AnsiColor, Style};
use ganatomy_clinic::{Chart, Diagnosis, Evidence, Facts, Finding, diagnose, is_well};
use ganatomy_import::Imported;
use ganatomy_record::{RecordError, RunFolder, write_whole};
use ganatomy_train::Registry;
use serde_json::{Value, json};

use super::failure::Failure;
use super::import::{self, How};
use super::mend::Mend;
use super::text::{command, number, styled, whole};
use super::{HEADING, LITERAL, filled, opinion, screen};

/// What is well.
pub(crate) const WELL: Style = AnsiColor::Green.on_default().bold();
/// What is not.
pub(crate) const SICK: Style = AnsiColor::Red.on_default().bold();
/// Remedies that are shown of each verdict.
const MOST_REMEDIES: usize = 3;

/// Say what is wrong with a run, live or over, or with one of another program by its log: since when, how surely, what shows it, and what may mend it.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  ganatomy diagnose runs/ring-0\n  ganatomy diagnose train.log\n  ganatomy diagnose train.log --samples out/ --data photos/\n\n\
    What is no run folder is read as the log of another program, as `ganatomy import` does; - is standard input.\n\n\
    Exit codes: 0 nothing wrong is seen, 3 something is, 2 the request was wrong. The record alone is read. \
    `ganatomy list verdict` names what can be found, and `ganatomy explain NAME` tells how."
)]
pub(super) struct Diagnose {
    /// The run folder; or logs of one run of another program.
    #[arg(required_unless_present = "samples", value_name = "RUN or LOG")]
    runs: Vec<PathBuf>,
    #[command(flatten)]
    how: How,
    /// Print JSON: {"run", "verdicts": [{"name", "since_step", "confidence", "sentence", "evidence": [{"reading", "step", "value",
    /// "expected"}], "remedies": [{"change", "why"}]}], "cannot_tell": [{"name", "needs"}]}. A value is the middle of the last "middle_of" readings where
    /// that is given. A confidence under 0.5 is a perhaps, which does not make a run sick. Of a log also "import", as `ganatomy import --json` prints it;
    /// and what is to be changed is said in words, where it is a change of the spec of a run of our own.
    #[arg(long)]
    json: bool,
    /// Write a page too: the curves with what was found as bands over the steps, what shows it, what to try next, and how a log was read.
    #[arg(long, value_name = "PAGE.html")]
    out: Option<PathBuf>,
}

/// Who is diagnosed.
enum Patient {
    /// A run of ours, or one that was imported.
    Run(RunFolder),
    /// Logs of another program.
    Logs(Box<Imported>),
}

/// A folder that is neither a run nor one of logs.
fn neither(path: &Path, failure: Failure) -> Failure {
    let path = path.display();
    match failure {
        Failure::Request(why) => Failure::Request(
            format!("{path} is not a run folder, and as a folder of logs it cannot be read: {why}").into(),
        ),
        other => other,
    }
}

/// Neither a log nor a run.
#[derive(Debug, thiserror::Error)]
#[error("there is no file and no run folder {}", path.display())]
struct Absent {
    path: PathBuf,
}

/// A run beside others.
#[derive(Debug, thiserror::Error)]
#[error("diagnose takes one run at a time, or the logs of one run of another program; {} is a run folder", path.display())]
struct OneOfMany {
    path: PathBuf,
}

/// An option of logs, given with a run.
#[derive(Debug, thiserror::Error)]
#[error("{option} says how a log is read, and {} is a run folder", path.display())]
struct NotALog {
    option: &'static str,
    path: PathBuf,
}

impl Diagnose {
    pub(super) fn run(&self, registry: &Registry) -> Result<(), Failure> {
        let patient = self.patient(registry)?;
        let chart = patient.chart()?;
        let mend = match &patient {
            Patient::Run(folder) => Mend::of_own(folder, chart.outcome(), registry),
            Patient::Logs(_) => None,
        };
        let mut found = diagnose(&chart);
        let fits = |change: &str| mend.as_ref().is_none_or(|mend| mend.fits(change));
        for finding in &mut found.verdicts {
            finding.remedies.retain(|remedy| fits(&remedy.change));
        }
        if let Some(out) = &self.out {
            let page = self.page(&patient, (&found, &chart), mend.as_ref())?;
            write_whole(out, page.as_bytes()).map_err(Failure::request)?;
        }
        if self.json {
            screen::print_json(&self.told(&patient, &found, mend.is_none())?)?;
        } else {
            let read = match &patient {
                Patient::Run(_) => String::new(),
                Patient::Logs(imported) => import::shown(imported) + "\n",
            };
            let page =
                self.out.as_ref().map(|out| format!("\nwritten to {}\n", out.display())).unwrap_or_default();
            screen::print(&(read + &to_text(&found, &chart, mend.as_ref()) + &page))?;
        }
        if found.is_sick() { Err(Failure::Sick(None)) } else { Ok(()) }
    }

    /// What is thought of it, for programs.
    fn told(&self, patient: &Patient, found: &Diagnosis, in_words: bool) -> Result<Value, Failure> {
        let mut told = serde_json::to_value(found).map_err(Failure::run)?;
        told["run"] = json!(self.runs.first());
        if let Patient::Logs(imported) = patient {
            told["import"] = import::told(imported, None);
        }
        if in_words {
            let verdicts = told["verdicts"].as_array_mut().into_iter().flatten();
            for (verdict, finding) in verdicts.zip(&found.verdicts) {
                let remedies = verdict["remedies"].as_array_mut().into_iter().flatten();
                for (told, remedy) in remedies.zip(&finding.remedies) {
                    // Another program's run takes no change of a spec.
                    told["change"] = json!(remedy.in_words()[0]);
                }
            }
        }
        Ok(told)
    }

    /// What is thought of it, as a page.
    fn page(
        &self,
        patient: &Patient,
        found: (&Diagnosis, &Chart),
        mend: Option<&Mend>,
    ) -> Result<String, Failure> {
        let plan = match patient {
            Patient::Run(folder) => folder.plan().map_err(Failure::request)?,
            Patient::Logs(imported) => imported.plan(),
        };
        let names: Vec<String> = self.runs.iter().map(|run| run.display().to_string()).collect();
        let how = self.how.words();
        let mut words = vec!["diagnose"];
        words.extend(names.iter().chain(&how).map(String::as_str));
        let short = |run: &PathBuf| {
            run.file_name()
                .map_or_else(|| run.display().to_string(), |name| name.to_string_lossy().into_owned())
        };
        let name = self.runs.iter().chain(self.how.samples()).map(short).collect::<Vec<_>>().join(", ");
        opinion::page(&name, found, &plan, mend, command(&words))
    }

    /// A run folder, or else logs.
    fn patient(&self, registry: &Registry) -> Result<Patient, Failure> {
        let logs =
            || self.how.read_some(&self.runs, registry).map(|imported| Patient::Logs(Box::new(imported)));
        let [path] = self.runs.as_slice() else {
            return match self.runs.iter().find(|path| RunFolder::open(path).is_ok()) {
                Some(path) => Err(Failure::request(OneOfMany { path: path.clone() })),
                None => logs(),
            };
        };
        if path.as_os_str() == "-" || path.is_file() {
            return logs();
        }
        if !path.exists() {
            return Err(Failure::request(Absent { path: path.clone() }));
        }
        match (RunFolder::open(path), self.how.given()) {
            (Ok(_), Some(option)) => Err(Failure::request(NotALog { option, path: path.clone() })),
            (Ok(folder), None) => Ok(Patient::Run(folder)),
            (Err(RecordError::NotARun { .. }), _) => self
                .how
                .read_some(&self.runs, registry)
                .map(|imported| Patient::Logs(Box::new(imported)))
                .map_err(|failure| neither(path, failure)),
            (Err(error), _) => Err(Failure::request(error)),
        }
    }
}

impl Patient {
    fn chart(&self) -> Result<Chart, Failure> {
        match self {
            Patient::Run(folder) => Chart::of(folder).map_err(Failure::request),
            Patient::Logs(imported) => {
                let mut chart = Chart::new(Facts::of_plan(&imported.plan()));
                imported.events().for_each(|event| chart.receive(&event));
                Ok(chart)
            }
        }
    }
}

fn to_text(found: &Diagnosis, chart: &Chart, mend: Option<&Mend>) -> String {
    let mut shown = BTreeSet::new();
    let mut parts: Vec<String> =
        found.verdicts.iter().map(|one| of_verdict(one, chart, mend, &mut shown)).collect();
    parts.extend(found.notes.iter().map(|note| filled::shown(&screen::shown(&note.sentence))));
    parts.extend(untold(found));
    parts.join("\n")
}

/// A verdict's name in its colour.
pub(crate) fn named(verdict: &str) -> String {
    styled(if is_well(verdict) { WELL } else { SICK }, verdict)
}

/// One verdict, and of its remedies those that were not shown before.
fn of_verdict(finding: &Finding, chart: &Chart, mend: Option<&Mend>, shown: &mut BTreeSet<String>) -> String {
    let Finding { name, since_step, confidence, sentence, evidence, .. } = finding;
    let since = match (is_well(name), chart.step()) {
        (true, step) => format!("at step {}", whole(step)),
        (false, step) => format!("since step {} of {}", whole(*since_step), whole(step)),
    };
    let percent = (100.0 * confidence).round();
    let sure = format!("{} ({percent} %)", in_words(percent));
    // What is only perhaps so is not shown as what is wrong.
    let name = if is_well(name) || finding.is_sure() { named(name) } else { (*name).to_owned() };
    let mut text = format!("{name}  {since}; {sure}\n{}", filled::shown(&screen::shown(sentence)));
    if !evidence.is_empty() {
        let lines: String = evidence.iter().map(of_evidence).collect();
        text.push_str(&format!("\n  {}\n{lines}", styled(HEADING, "what shows it")));
    }
    text + &remedies(finding, mend, shown)
}

fn remedies(finding: &Finding, mend: Option<&Mend>, shown: &mut BTreeSet<String>) -> String {
    let mut lines = Vec::new();
    for remedy in finding.remedies.iter().take(MOST_REMEDIES) {
        let command = match mend {
            Some(mend) => mend.command(&remedy.change, finding.since_step),
            // Another program's run cannot be gone on with from here.
            None => remedy.in_words()[0].to_owned(),
        };
        let is_new = shown.insert(command.clone());
        let why = filled::hung(&format!("{} ({})", remedy.why, remedy.source), 6);
        lines.push((is_new, format!("    {}\n{why}", styled(LITERAL, &command))));
    }
    let heading = |text: &str| format!("\n  {}\n", styled(HEADING, text));
    match lines.iter().any(|line| line.0) {
        true => {
            let new: String = lines.into_iter().filter(|line| line.0).map(|line| line.1).collect();
            heading("what may mend it, the likeliest first") + &new
        }
        false if lines.is_empty() => String::new(),
        false => heading("what may mend it: the same as above"),
    }
}

fn of_evidence(evidence: &Evidence) -> String {
    let Evidence { reading, step, middle_of, value, expected } = evidence;
    let (value, step) = (number(*value), whole(*step));
    let of = match middle_of {
        1 => String::new(),
        n => format!(", the middle of the last {n},"),
    };
    filled::hung(&screen::shown(&format!("{reading} is {value}{of} at step {step}; expected: {expected}")), 4)
}

/// What the readings do not tell, by what would have to be recorded.
fn untold(found: &Diagnosis) -> Option<String> {
    let mut by_needs = BTreeMap::<&str, Vec<&str>>::new();
    for one in &found.cannot_tell {
        by_needs.entry(&one.needs).or_default().push(one.name);
    }
    let line =
        |(needs, names): (&str, Vec<&str>)| filled::hung(&format!("{}: needs {needs}", names.join(", ")), 2);
    let lines: String = by_needs.into_iter().map(line).collect();
    (!lines.is_empty()).then(|| format!("{}\n{lines}", styled(HEADING, "what this record does not tell")))
}

/// How sure it makes to be right in so many of a hundred cases.
fn in_words(percent: f64) -> &'static str {
    match percent {
        p if p >= 95.0 => "almost surely",
        p if p >= 80.0 => "very likely",
        p if p >= 60.0 => "likely",
        p if p >= 50.0 => "rather so than not",
        _ => "perhaps",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ganatomy_clinic::CannotTell;

    #[test]
    fn verdicts_that_need_the_same_stand_together() {
        let cannot = |name, needs: &'static str| CannotTell { name, needs: needs.into() };
        let cannot_tell = vec![cannot("a", "x"), cannot("b", "y"), cannot("c", "x")];
        let text = untold(&Diagnosis { cannot_tell, ..Diagnosis::default() }).unwrap();
        assert!(text.ends_with("\n  a, c: needs x\n  b: needs y\n"), "{text}");
        assert_eq!(untold(&Diagnosis::default()), None);
    }

    #[test]
    fn certainty_has_words() {
        let words = [99.0, 80.0, 70.0, 55.0, 30.0, f64::NAN].map(in_words);
        assert_eq!(
            words,
            ["almost surely", "very likely", "likely", "rather so than not", "perhaps", "perhaps"]
        );
    }
}

//! What a treatment shows: which remedy is better than no treatment, how surely, and how to go on with it.

use std::path::{Path, PathBuf};

use ganatomy_study::answer::{Answer, Paragraph, Which, told};
use ganatomy_study::file::StudyFile;
use ganatomy_study::stats::{Beats, beats, holm, least_p, rank_sum_p};
use serde::Serialize;
use serde_json::{Value, json};
use toml::Table;

use super::arms::CONTROL;
use super::patient::Patient;
use crate::cli::text::{self, counted, table};

/// What is called a difference: wrong for any remedy in at most this share of treatments.
const LEVEL: f64 = 0.05;

/// A remedy beside no treatment.
#[derive(Clone, Debug, Serialize)]
struct Compared {
    name: String,
    change: String,
    anew: bool,
    /// The median score of its finished runs.
    median: Option<f64>,
    failed: u64,
    /// How often a run of it is better than an untreated one.
    better: Option<f64>,
    /// The interval of that.
    interval: Option<[f64; 2]>,
    /// Of the rank sum test, after Holm's correction for all remedies.
    p: Option<f64>,
}

/// What a treatment shows.
pub(super) struct Conclusion {
    pub(super) sentence: Paragraph,
    control: Compared,
    arms: Vec<Compared>,
    /// The remedy of the best median, and whether it is told apart.
    best: Option<usize>,
    winner: Option<usize>,
    /// Of the winner, else of the best where it is better than the untreated arm.
    pub(super) go_on: Option<GoOn>,
}

/// How to go on with a fork.
pub(in crate::cli) struct GoOn {
    /// The remedy.
    pub(in crate::cli) arm: String,
    /// Its run.
    pub(in crate::cli) run: PathBuf,
    /// Steps that it has made.
    pub(in crate::cli) made: u64,
    /// Steps it is to have then: those of the treated run, or its own once more.
    steps: u64,
}

impl GoOn {
    fn command(&self) -> String {
        text::command(&[
            "train",
            "--resume",
            &self.run.display().to_string(),
            "--steps",
            &self.steps.to_string(),
        ])
    }
}

impl Conclusion {
    /// Compares each remedy with the untreated arm, the first of the study.
    pub(super) fn of(answer: &Answer, patient: &Patient, folder: &Path, file: &StudyFile) -> Conclusion {
        let mut all = compared(answer, file);
        let control = all.remove(0);
        let sign = if answer.larger_is_better { 1.0 } else { -1.0 };
        let rank = |arm: &Compared| arm.median.map_or(f64::NEG_INFINITY, |median| sign * median);
        let best_of = |wanted: &dyn Fn(&Compared) -> bool| {
            let places = (0..all.len()).filter(|place| wanted(&all[*place]) && all[*place].median.is_some());
            places.reduce(|best, place| if rank(&all[place]) > rank(&all[best]) { place } else { best })
        };
        let is_better =
            |arm: &Compared| arm.p.is_some_and(|p| p <= LEVEL) && arm.better.is_some_and(|share| share > 0.5);
        let (best, winner) = (best_of(&|_| true), best_of(&is_better));
        let gains = |place: &usize| rank(&all[*place]) > rank(&control);
        let go_on =
            winner.or(best.filter(gains)).and_then(|place| go_on(answer, place + 1, patient, folder, file));
        let mut conclusion =
            Conclusion { sentence: Paragraph::default(), control, arms: all, best, winner, go_on };
        conclusion.sentence = conclusion.say(answer, file);
        conclusion
    }

    /// One sentence: the winner with its interval, or that none is told apart.
    fn say(&self, answer: &Answer, file: &StudyFile) -> Paragraph {
        let reading = &answer.reading;
        let median = |arm: &Compared| arm.median.map_or("-".to_owned(), told);
        if let Some(arm) = self.winner.map(|place| &self.arms[place]) {
            let percent = |share: f64| format!("{:.0}", 100.0 * share);
            let better = arm.better.map(percent).unwrap_or_default();
            let [low, high] = arm.interval.unwrap_or([0.0, 1.0]).map(percent);
            let (p, of) = (arm.p.map_or("-".to_owned(), |p| format!("{p:.3}")), median(&self.control));
            return Paragraph {
                en: format!(
                    "{} helps: its runs are better than untreated ones in {better} % of all pairs ({low} to {high} %, Holm p {p}), with a median {reading} of {} beside {of}.",
                    arm.name,
                    median(arm)
                ),
                ko: format!(
                    "{}: 도움이 됩니다. 모든 쌍의 {better} %에서 치료하지 않은 실행보다 낫고({low}–{high} %, Holm p {p}), {reading}의 중앙값은 {}입니다(치료하지 않음 {of}).",
                    arm.name,
                    median(arm)
                ),
            };
        }
        let n_seeds = file.seeds.list().len();
        let best = self.best.map(|place| &self.arms[place]);
        let (by, by_ko) = best.map_or_else(Default::default, |arm| {
            if self.go_on.is_none() {
                return (
                    format!(" By the median {reading}, none of them is better."),
                    format!(" {reading} 중앙값으로는 나은 것이 없습니다."),
                );
            }
            let (own, of) = (median(arm), median(&self.control));
            (
                format!(
                    " By the median {reading}, the best of them is {} ({own}, untreated {of}).",
                    arm.name
                ),
                format!(" {reading} 중앙값으로는 {}({own}, 치료하지 않음 {of})이 가장 낫습니다.", arm.name),
            )
        });
        let enough = (2..100).find(|&k| least_p(k, k) * self.arms.len() as f64 <= LEVEL).unwrap_or(100);
        let (few, few_ko) = match n_seeds < enough {
            true => (
                format!(
                    " {} an arm cannot tell anything apart here: it takes {enough}.",
                    counted(n_seeds as u64, "seed")
                ),
                format!(
                    " 군마다 시드 {n_seeds}개로는 아무것도 구별할 수 없습니다. 적어도 {enough}개가 필요합니다."
                ),
            ),
            false => Default::default(),
        };
        Paragraph {
            en: format!("No remedy is told apart from going on untreated.{by}{few}"),
            ko: format!("치료하지 않은 실행과 구별되는 치료법이 없습니다.{by_ko}{few_ko}"),
        }
    }

    /// What the page says first.
    pub(super) fn paragraph(&self) -> Paragraph {
        Paragraph {
            en: format!(
                "{} Each remedy is compared with going on untreated, and corrected for as many; the table of all pairs below corrects for every pair of arms. \
                 All of this holds for this run, this score and this budget.",
                self.sentence.en
            ),
            ko: format!(
                "{} 치료법마다 치료하지 않은 군과만 비교하고 그 수만큼 보정했습니다. 아래의 표는 모든 쌍을 비교하며 그만큼 더 보정합니다. 이 실행과 이 점수와 이 예산에서만 성립합니다.",
                self.sentence.ko
            ),
        }
    }

    /// What is kept in the treatment's folder.
    pub(super) fn table(&self) -> Table {
        let mut table = Table::new();
        let name = |place: Option<usize>| place.map(|place| self.arms[place].name.clone());
        table.extend(name(self.winner).map(|name| ("winner".to_owned(), name.into())));
        table.extend(name(self.best).map(|name| ("best".to_owned(), name.into())));
        table.insert("conclusion".to_owned(), self.sentence.en.clone().into());
        table.extend(self.go_on.as_ref().map(|go_on| ("resume".to_owned(), go_on.command().into())));
        table
    }

    /// For programs.
    pub(super) fn told(&self, patient: &Patient, answer: &Answer, folder: &Path) -> Value {
        let fork = answer.forks.iter().flatten().find(|fork| !fork.anew);
        json!({
            "run": patient.folder.path(), "verdict": patient.gravest().map(|finding| finding.name),
            "since_step": patient.gravest().map(|finding| finding.since_step),
            "from": fork.map(|fork| fork.step), "reading": answer.reading, "budget": answer.budget,
            "untreated": self.control, "arms": self.arms, "best": self.best.map(|place| &self.arms[place].name),
            "winner": self.winner.map(|place| &self.arms[place].name), "conclusion": self.sentence.en,
            "resume": self.go_on.as_ref().map(GoOn::command), "folder": folder, "page": folder.join("report.html"),
        })
    }

    /// For people.
    pub(super) fn to_text(&self, answer: &Answer, folder: &Path) -> String {
        let head = ["arm", answer.reading.as_str(), "failed", "better than untreated", "p"];
        let mut rows = vec![head.map(str::to_owned).to_vec()];
        let mut changes = String::new();
        for arm in std::iter::once(&self.control).chain(&self.arms) {
            let better = arm.better.filter(|_| arm.name != CONTROL).map_or(String::new(), |better| {
                let interval = arm.interval.map_or(String::new(), |[low, high]| {
                    format!(" ({:.0} to {:.0} %)", 100.0 * low, 100.0 * high)
                });
                format!("{:.0} %{interval}", 100.0 * better)
            });
            rows.push(vec![
                if arm.anew { format!("{} (anew)", arm.name) } else { arm.name.clone() },
                arm.median.map_or("-".to_owned(), told),
                arm.failed.to_string(),
                better,
                arm.p.map_or(String::new(), |p| format!("{p:.3}")),
            ]);
            if !arm.change.is_empty() {
                changes.push_str(&format!("  {}: {}\n", arm.name, arm.change));
            }
        }
        let resume = match (self.go_on.as_ref().map(GoOn::command), self.winner) {
            (Some(resume), Some(_)) => format!("go on with it: {resume}\n"),
            (Some(resume), None) => format!("go on with the best nevertheless: {resume}\n"),
            (None, _) => String::new(),
        };
        let page = folder.join("report.html");
        format!(
            "{}\n{changes}\n{}\n{resume}the page: {}\n",
            table(&rows, "  ", 1),
            self.sentence.en,
            page.display()
        )
    }
}

/// Every arm beside the first.
fn compared(answer: &Answer, file: &StudyFile) -> Vec<Compared> {
    let sign = if answer.larger_is_better { 1.0 } else { -1.0 };
    // A failed run ranks below every other.
    let units: Vec<Vec<f64>> = answer
        .arms
        .iter()
        .map(|arm| {
            let failed = std::iter::repeat_n(f64::NEG_INFINITY, arm.runs.failed);
            arm.scores.iter().map(|score| sign * score).chain(failed).collect()
        })
        .collect();
    let tests: Vec<Option<f64>> = units.iter().skip(1).map(|own| rank_sum_p(own, &units[0])).collect();
    let mut corrected = holm(&tests.iter().flatten().copied().collect::<Vec<_>>()).into_iter();
    let mut adjusted = vec![None];
    adjusted.extend(tests.iter().map(|p| p.and_then(|_| corrected.next())));
    let one = |(place, arm): (usize, &ganatomy_study::answer::Arm)| {
        let found: Option<Beats> = beats(&units[place], &units[0], units.len());
        let written = &file.arms[place];
        let with = written.with.iter().map(|with| format!("--with {with}"));
        let set = written.set.iter().map(|set| format!("--set {set}"));
        Compared {
            name: arm.name.clone(),
            change: with.chain(set).collect::<Vec<_>>().join(" "),
            anew: written.fork.as_ref().is_none_or(|fork| fork.anew),
            median: arm.median.map(|median| median.value),
            failed: arm.runs.failed as u64,
            better: found.map(|found| found.probability),
            interval: found.and_then(|found| found.interval).map(|interval| [interval.low, interval.high]),
            p: adjusted[place],
        }
    };
    answer.arms.iter().enumerate().map(one).collect()
}

/// How to go on with the best run of an arm.
fn go_on(answer: &Answer, arm: usize, patient: &Patient, folder: &Path, file: &StudyFile) -> Option<GoOn> {
    let shown = answer.shown.iter().find(|shown| shown.arm == arm && shown.which == Which::Best)?;
    let began = file.arms[arm].fork.as_ref().map_or(0, |fork| fork.begins_after());
    let own = *answer.steps.get(arm)?;
    let made = began + own;
    let steps = if patient.steps() > made { patient.steps() } else { made + own };
    Some(GoOn { arm: file.arms[arm].name.clone(), run: folder.join(shown.folder.as_ref()?), made, steps })
}

//! A lesson's findings as a page, pictures and JSON.

use std::path::{Path, PathBuf};

use ganatomy_view::Words;
use ganatomy_view::page::{Course, CourseEntry, Page, course, page};
use serde_json::{Value, json};

use super::{Bench, Budget, Findings, LESSONS, Lesson, LessonError};

/// A lesson that was run, with its findings.
#[derive(Debug)]
pub struct Answered {
    /// The lesson.
    pub lesson: &'static Lesson,
    /// What it found.
    pub findings: Findings,
    budget: Budget,
    seed: u64,
    /// The folder of real data sets, where one was given.
    data: Option<PathBuf>,
}

impl Answered {
    /// Runs a lesson.
    ///
    /// # Errors
    /// The lesson's runs cannot be made.
    pub fn new(lesson: &'static Lesson, bench: &Bench<'_>) -> Result<Answered, LessonError> {
        let findings = (lesson.answer)(bench)?;
        let data = bench.data.clone();
        let answered = Answered { lesson, findings, budget: bench.budget, seed: bench.seed, data };
        // A missing fact is found now, and not by a reader.
        answered.text()?;
        Ok(answered)
    }

    /// Did every check hold?
    pub fn passed(&self) -> bool {
        !self.findings.checks.iter().any(|check| check.failed())
    }

    /// How many of the lesson's own checks held, and how many there are.
    pub fn held(&self) -> [usize; 2] {
        let own = || self.findings.checks.iter().filter(|check| !check.published);
        [own().filter(|check| check.holds()).count(), own().count()]
    }

    /// The page, with links to those of the course's files that are `there`. It is self-contained, unless the chart
    /// library [`LIBRARY`] is to be `shared` by the pages of a course.
    ///
    /// # Errors
    /// An exhibit that cannot be drawn, or a fact of the text that the lesson did not find.
    pub fn html(&self, there: impl Fn(&str) -> bool, shared: bool) -> Result<String, LessonError> {
        let place = LESSONS.iter().position(|known| known.name == self.lesson.name).unwrap_or(0);
        let neighbour = |place: Option<usize>| {
            let lesson = LESSONS.get(place?)?;
            let file = format!("{}.html", file_name(lesson));
            there(&file).then(|| (file, lesson.title.clone()))
        };
        Ok(page(&Page {
            number: Some(place + 1),
            title: self.lesson.title.clone(),
            question: self.lesson.question.clone(),
            text: self.text()?,
            exhibits: self.findings.exhibits.clone(),
            claims: self.findings.checks.iter().map(super::Check::row).collect(),
            made: self.made(),
            command: self.command(self.lesson.name),
            neighbours: [neighbour(place.checked_sub(1)), neighbour(Some(place + 1))],
            front: there(FRONT).then(|| FRONT.to_owned()),
            library: shared.then(|| LIBRARY.to_owned()),
        })?)
    }

    /// The pictures: name with ending, and bytes. A figure is drawn as SVG and as PNG, or `once`, as SVG alone.
    ///
    /// # Errors
    /// A picture that cannot be drawn.
    pub fn pictures(&self, once: bool) -> Result<Vec<(String, Vec<u8>)>, LessonError> {
        let mut all = Vec::new();
        for (name, exhibit) in &self.findings.exhibits {
            let mut files = exhibit.files()?;
            if once && files.iter().any(|(ending, _)| *ending == "svg") {
                files.retain(|(ending, _)| *ending != "png");
            }
            all.extend(files.into_iter().map(|(ending, bytes)| (format!("{name}.{ending}"), bytes)));
        }
        Ok(all)
    }

    /// The findings for programs.
    pub fn json(&self) -> Value {
        let facts: serde_json::Map<String, Value> =
            self.findings.facts.iter().map(|(name, words)| (name.clone(), json!(words.en))).collect();
        json!({
            "lesson": self.lesson.name,
            "budget": self.budget.name(),
            "seed": self.seed,
            "data": self.data.as_ref().map(|folder| folder.display().to_string()),
            "passed": self.passed(),
            "checks": self.findings.checks.iter().map(super::Check::json).collect::<Vec<_>>(),
            "facts": facts,
        })
    }

    /// Its entry on the front page of a course.
    ///
    /// # Errors
    /// A picture that cannot be drawn.
    pub fn entry(&self) -> Result<CourseEntry, LessonError> {
        let still = |name: &str| name.ends_with(".png") || name.ends_with(".svg");
        let first = self.pictures(true)?.into_iter().find(|(name, _)| still(name));
        let folder = file_name(self.lesson);
        Ok(CourseEntry {
            file: format!("{folder}.html"),
            title: self.lesson.title.clone(),
            question: self.lesson.question.clone(),
            held: self.held(),
            picture: first.map(|(name, _)| format!("{folder}/{name}")),
        })
    }

    fn text(&self) -> Result<Words, LessonError> {
        let fill = |text: &str, pick: fn(&Words) -> &str| -> Result<String, LessonError> {
            let mut parts = text.split("{{");
            let mut out = parts.next().unwrap_or_default().to_owned();
            for part in parts {
                let (name, rest) = part.split_once("}}").unwrap_or((part, ""));
                let fact = self.findings.facts.get(name);
                let missing = || LessonError::Fact { lesson: self.lesson.name, fact: name.to_owned() };
                out += pick(fact.ok_or_else(missing)?);
                out += rest;
            }
            Ok(out)
        };
        Ok(Words::of(fill(&self.lesson.text.en, |w| &w.en)?, fill(&self.lesson.text.ko, |w| &w.ko)?))
    }

    fn made(&self) -> Words {
        let mut en = format!("Budget: {}, seed {}.", self.budget.name(), self.seed);
        let mut ko = format!("규모: {}, 시드 {}.", self.budget.name(), self.seed);
        for words in &self.findings.shortened {
            en = format!("{en} {}", words.en);
            ko = format!("{ko} {}", words.ko);
        }
        Words::of(en, ko)
    }

    fn command(&self, name: &str) -> String {
        command(name, self.budget, self.seed, self.data.as_deref())
    }
}

impl Budget {
    /// What the command line calls it.
    pub fn name(self) -> &'static str {
        match self {
            Budget::Quick => "quick",
            Budget::Full => "full",
        }
    }
}

fn command(name: &str, budget: Budget, seed: u64, data: Option<&Path>) -> String {
    let seed = if seed == 0 { String::new() } else { format!(" --seed {seed}") };
    let data = data.map(|folder| format!(" --data {}", folder.display())).unwrap_or_default();
    format!("ganatomy lesson {name} --{}{seed}{data}", budget.name())
}

/// The file of the front page.
pub const FRONT: &str = "index.html";

/// The file of the chart library, which a course keeps once beside its pages.
pub const LIBRARY: &str = "plotly.js";

/// The file of a lesson's page and the folder of its pictures, without an ending: `02-saddle`.
pub fn file_name(lesson: &Lesson) -> String {
    let place = LESSONS.iter().position(|known| known.name == lesson.name).unwrap_or(0);
    format!("{:02}-{}", place + 1, lesson.name)
}

/// The front page of a course.
///
/// # Errors
/// A picture that cannot be drawn.
pub fn course_page(lessons: &[&Answered], bench: &Bench<'_>) -> Result<String, LessonError> {
    let entries = lessons.iter().map(|lesson| lesson.entry()).collect::<Result<Vec<CourseEntry>, _>>()?;
    Ok(course(&Course {
        title: Words::new("Why GANs are hard to train", "GAN은 왜 학습하기 어려운가"),
        question: Words::new(
            "Every reason, seen and measured: each page was computed on this machine, and says whether its claims hold.",
            "그 이유를 하나씩 눈으로 보고 재어 봅니다. 모든 페이지는 이 컴퓨터에서 직접 계산한 것이며, 주장이 맞는지 스스로 검사합니다.",
        ),
        made: Words::of(
            format!("Budget: {}, seed {}.", bench.budget.name(), bench.seed),
            format!("규모: {}, 시드 {}.", bench.budget.name(), bench.seed),
        ),
        command: command("all", bench.budget, bench.seed, bench.data.as_deref()),
        entries,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Check, Wanted};

    /// The second lesson, of whose two claims one holds.
    fn answered() -> Answered {
        let words = || Words::new("Words.", "말.");
        let lesson = Lesson {
            name: LESSONS[1].name,
            title: words(),
            question: words(),
            text: words(),
            answer: |_| Ok(Findings::new()),
        };
        let mut findings = Findings::new();
        for measured in [1.0, 3.0] {
            findings.checks.push(Check::new("near-one", words(), measured, Wanted::AtMost(2.0)));
        }
        Answered { lesson: Box::leak(Box::new(lesson)), findings, budget: Budget::Quick, seed: 0, data: None }
    }

    #[test]
    fn the_front_page_says_how_many_claims_held() {
        let entry = answered().entry().unwrap();
        assert_eq!((entry.held, entry.file.as_str()), ([1, 2], "02-saddle.html"));
    }

    #[test]
    fn the_lessons_before_and_after_are_linked_where_they_are_there() {
        let html = answered().html(|file| file != FRONT, true).unwrap();
        let (before, after) =
            (html.find("\"01-the-game.html\" rel=\"prev\""), html.find("\"03-nash.html\" rel=\"next\""));
        assert!(before.is_some() && after > before, "{before:?} {after:?}");
        let alone = answered().html(|_| false, true).unwrap();
        assert!(!alone.contains("01-the-game.html") && !alone.contains(FRONT));
    }
}

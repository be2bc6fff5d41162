//! `ganatomy lesson`: lessons and the course.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use clap::Args;
use ganatomy_lesson::{
    Answered, Bench, Budget, FRONT, LESSONS, LIBRARY, Lesson, LessonError, Quiet, Watch, course_page,
    file_name, find, library,
};
use ganatomy_record::{nearest, write_whole};
use ganatomy_tensor::Device;
use ganatomy_train::PlanError;
use indicatif::ProgressBar;
use serde_json::json;

use super::device::Choice;
use super::failure::Failure;
use super::screen::{self, LINE_EVERY, Screen};
use super::text::{counted, secs, styled, table, whole_number};
use super::threads::{thread_count, threads};
use super::{HEADING, LITERAL, places};

/// Give a lesson: run what answers a question about GANs, and write a page with pictures, numbers and checks.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  ganatomy lesson saddle\n  ganatomy lesson all --out course\n\n\
    Without a name, lists the lessons in reading order. A page is one HTML file that opens without a network, in English \
    and Korean; its pictures lie in a folder beside it. The pages of a course share the chart library, plotly.js beside \
    them, and have each figure as SVG alone. Exit code 1 says that a check of a lesson failed.")]
pub(super) struct Learn {
    /// The lesson, or `all` for the whole course.
    name: Option<String>,
    /// The folder to write to.
    #[arg(long, value_name = "DIR", default_value = "lessons")]
    out: PathBuf,
    /// Less than a minute a lesson; this is what is done unless --full is given.
    #[arg(long, conflicts_with = "full")]
    quick: bool,
    /// The published set-ups, as far as two cores go, or more seeds: minutes a lesson.
    #[arg(long)]
    full: bool,
    /// The seed of the first run of every lesson.
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = whole_number)]
    seed: u64,
    /// A folder with real data sets, such as mnist, where a lesson can use them.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    #[command(flatten)]
    device: Choice,
    /// How many runs go at once; this changes the pace, never a result [default: one per processor].
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = thread_count)]
    threads: Option<u64>,
    /// Print JSON: [{"lesson", "passed", "page", "pictures", "checks": [{"name", "measured", "wanted", "holds", ..}], ..}].
    #[arg(long)]
    json: bool,
}

#[derive(Debug, thiserror::Error)]
#[error(
    "there is no lesson \"{name}\"{}; the lessons are {}, and all",
    nearest.map(|name| format!("; did you mean \"{name}\"?")).unwrap_or_default(),
    LESSONS.iter().map(|lesson| lesson.name).collect::<Vec<_>>().join(", ")
)]
struct Unknown {
    name: String,
    nearest: Option<&'static str>,
}

#[derive(Debug, thiserror::Error)]
#[error("{} failed: {}", counted(names.len() as u64, "check"), names.join(", "))]
struct Failed {
    names: Vec<String>,
}

#[derive(Debug, thiserror::Error)]
#[error("--data {} is not a folder", path.display())]
struct NoFolder {
    path: PathBuf,
}

#[derive(Debug, thiserror::Error)]
#[error("cannot make the folder {}: {cause}", folder.display())]
struct NoPlace {
    folder: PathBuf,
    #[source]
    cause: std::io::Error,
}

/// A lesson that was given, and where its page is.
struct Given {
    answered: Answered,
    page: PathBuf,
    pictures: Vec<PathBuf>,
}

impl Learn {
    pub(super) fn run(&self) -> Result<(), Failure> {
        let Some(name) = &self.name else {
            return self.list();
        };
        let lessons: Vec<&'static Lesson> = match name.as_str() {
            "all" => LESSONS.iter().collect(),
            name => vec![find(name).ok_or_else(|| unknown(name))?],
        };
        if let Some(path) = self.data.as_ref().filter(|path| !path.is_dir()) {
            return Err(Failure::request(NoFolder { path: path.clone() }));
        }
        // A folder that cannot be made is found now, and not after minutes of work.
        places::check_output(&self.out.join(FRONT))?;
        folder(&self.out)?;
        let device = self.device.open()?.map(|device| device as Arc<dyn Device>);
        let (screen, threads) = (Screen::new(), threads(self.threads));
        let mut given = Vec::new();
        if self.is_course() {
            self.put(&self.out.join(LIBRARY), library().as_bytes())?;
        }
        for lesson in lessons {
            let begun = Instant::now();
            let watch = Bar::new(&screen, lesson.name);
            let bench = self.bench(threads, device.clone(), &watch);
            let answered = Answered::new(lesson, &bench).map_err(failure)?;
            let done = self.write(answered)?;
            screen.line(&summary(&done, begun.elapsed().as_secs_f64()));
            given.push(done);
        }
        if self.is_course() {
            let answered: Vec<&Answered> = given.iter().map(|given| &given.answered).collect();
            let html = course_page(&answered, &self.bench(threads, device, &Quiet)).map_err(failure)?;
            self.put(&self.out.join(FRONT), html.as_bytes())?;
        }
        self.report(&given, self.is_course())
    }

    fn is_course(&self) -> bool {
        self.name.as_deref() == Some("all")
    }

    fn bench<'a>(&self, threads: usize, device: Option<Arc<dyn Device>>, watch: &'a dyn Watch) -> Bench<'a> {
        let budget = if self.full { Budget::Full } else { Budget::Quick };
        let data = places::data(self.data.as_deref(), None, None);
        Bench { budget, seed: self.seed, threads, device, data, cache: places::cache(), watch }
    }

    fn list(&self) -> Result<(), Failure> {
        if self.json {
            let entry = |lesson: &Lesson| json!({"name": lesson.name, "title": lesson.title.en, "question": lesson.question.en});
            return screen::print_json(&LESSONS.iter().map(entry).collect::<Vec<_>>());
        }
        let row = |(i, lesson): (usize, &Lesson)| {
            vec![format!("{:2}", i + 1), styled(LITERAL, lesson.name), lesson.title.en.to_string()]
        };
        let rows: Vec<Vec<String>> = LESSONS.iter().enumerate().map(row).collect();
        let head = styled(HEADING, "lessons, in reading order");
        screen::print(&format!(
            "{head}\n{}\n`ganatomy lesson NAME` gives one, `ganatomy lesson all` the course\n",
            table(&rows, "  ", 9)
        ))
    }

    /// Writes the page and the pictures. A course has each figure once, as SVG.
    fn write(&self, answered: Answered) -> Result<Given, Failure> {
        let name = file_name(answered.lesson);
        let page = self.out.join(format!("{name}.html"));
        let course = self.is_course();
        let mut pictures = Vec::new();
        for (file, bytes) in answered.pictures(course).map_err(failure)? {
            let path = self.out.join(&name).join(file);
            self.put(&path, &bytes)?;
            pictures.push(path);
        }
        // The page is written last, so that a page that exists is whole, and so are its pictures.
        let html = answered.html(|file| course || self.out.join(file).is_file(), course).map_err(failure)?;
        self.put(&page, html.as_bytes())?;
        Ok(Given { answered, page, pictures })
    }

    fn put(&self, path: &Path, bytes: &[u8]) -> Result<(), Failure> {
        path.parent().map_or(Ok(()), folder)?;
        write_whole(path, bytes).map_err(Failure::request)
    }

    fn report(&self, given: &[Given], course: bool) -> Result<(), Failure> {
        if self.json {
            let one = |given: &Given| {
                let mut value = given.answered.json();
                value["page"] = json!(given.page.display().to_string());
                let pictures = given.pictures.iter().map(|path| path.display().to_string());
                value["pictures"] = json!(pictures.collect::<Vec<_>>());
                value
            };
            screen::print_json(&given.iter().map(one).collect::<Vec<_>>())?;
        } else {
            let front = self.out.join(FRONT);
            let page = if course { &front } else { given.last().map_or(&front, |given| &given.page) };
            screen::print(&format!("{}\n", page.display()))?;
        }
        verdict(given.iter().map(|given| &given.answered))
    }
}

/// A failure that names every check that failed, if one did.
fn verdict<'a>(answered: impl Iterator<Item = &'a Answered>) -> Result<(), Failure> {
    let names: Vec<String> = answered
        .flat_map(|answered| {
            let failed = answered.findings.checks.iter().filter(|check| check.failed());
            failed.map(|check| format!("{}/{}", answered.lesson.name, check.name))
        })
        .collect();
    if names.is_empty() { Ok(()) } else { Err(Failure::run(Failed { names })) }
}

/// Makes a folder, unless it is there.
fn folder(folder: &Path) -> Result<(), Failure> {
    let failed = |cause| Failure::request(NoPlace { folder: folder.to_owned(), cause });
    std::fs::create_dir_all(folder).map_err(failed)
}

/// Data that cannot be read is a wrong request; everything else went wrong during the work.
fn failure(error: LessonError) -> Failure {
    let unread = matches!(error, LessonError::Plan(PlanError::Data(_)));
    if unread { Failure::request(error) } else { Failure::run(error) }
}

fn unknown(name: &str) -> Failure {
    let known = LESSONS.iter().map(|lesson| lesson.name).chain(["all"]);
    Failure::request(Unknown { name: name.to_owned(), nearest: nearest(name, known) })
}

/// `saddle  12 of 12 checks passed  1.2 s`, and the checks that failed.
fn summary(given: &Given, took: f64) -> String {
    let answered = &given.answered;
    let [held, all] = answered.held();
    let mut text =
        format!("{}  {held} of {all} checks passed  {}", styled(LITERAL, answered.lesson.name), secs(took));
    for check in answered.findings.checks.iter().filter(|check| check.failed()) {
        let row = check.row();
        text += &format!(
            "\n  failed: {}: measured {}, expected {}",
            check.claim.en, row.measured, row.expected.en
        );
    }
    text
}

/// One bar for the part of a lesson that is being worked on; plain lines without a terminal.
struct Bar<'a> {
    screen: &'a Screen,
    lesson: &'static str,
    state: Mutex<State>,
}

struct State {
    bar: Option<ProgressBar>,
    what: String,
    total: u64,
    done: u64,
    begun: Instant,
    drawn: Instant,
}

impl<'a> Bar<'a> {
    fn new(screen: &'a Screen, lesson: &'static str) -> Bar<'a> {
        let now = Instant::now();
        let state = State { bar: None, what: String::new(), total: 0, done: 0, begun: now, drawn: now };
        Bar { screen, lesson, state: Mutex::new(state) }
    }
}

impl Watch for Bar<'_> {
    fn begin(&self, what: &str, total: u64) {
        let Ok(mut state) = self.state.lock() else { return };
        let now = Instant::now();
        *state = State { bar: None, what: what.to_owned(), total, done: 0, begun: now, drawn: now };
        if self.screen.is_live() {
            let bar = self.screen.bar(total, "{bar:20.cyan} {wide_msg}");
            bar.set_message(format!("{}: {what}", self.lesson));
            state.bar = Some(bar);
        }
    }

    fn advance(&self, parts: u64) {
        let Ok(mut state) = self.state.lock() else { return };
        state.done += parts;
        if state.drawn.elapsed().as_millis() < 100 {
            return;
        }
        let took = state.begun.elapsed().as_secs_f64();
        let left = secs((state.total.saturating_sub(state.done)) as f64 * took / state.done.max(1) as f64);
        let line = format!(
            "{}: {}, {} % done, {left} left",
            self.lesson,
            state.what,
            100 * state.done / state.total.max(1)
        );
        if let Some(bar) = &state.bar {
            bar.set_message(line);
            bar.set_position(state.done);
        } else if state.drawn.elapsed() < LINE_EVERY {
            return;
        } else {
            self.screen.line(&line);
        }
        state.drawn = Instant::now();
    }

    fn end(&self) {
        let Ok(mut state) = self.state.lock() else { return };
        if let Some(bar) = state.bar.take() {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Bar<'_> {
    fn drop(&mut self) {
        self.end();
    }
}

#[cfg(test)]
mod tests {
    use ganatomy_lesson::{Check, Findings, Wanted, Words};

    use super::*;

    const BROKEN: Lesson = Lesson {
        name: "broken",
        title: Words::new("Broken", "고장"),
        question: Words::NONE,
        text: Words::new("It is {{size}}.", "크기는 {{size}}입니다."),
        answer: |bench| {
            let mut found = Findings::new();
            found.check(Check::new("size", "size", bench.seed as f64, Wanted::AtMost(1.0)));
            found.check(Check::new("paper", "size", 7.0, Wanted::AtMost(1.0)).published("someone"));
            Ok(found)
        },
    };
    static LESSON: Lesson = BROKEN;

    fn check(seed: u64, expected: Option<&str>) {
        let bench = Bench {
            budget: Budget::Quick,
            seed,
            threads: 1,
            device: None,
            data: None,
            cache: PathBuf::new(),
            watch: &Quiet,
        };
        let answered = Answered::new(&LESSON, &bench).unwrap();
        let failure = match verdict([&answered].into_iter()) {
            Err(Failure::Run(error)) => Some(error.to_string()),
            _ => None,
        };
        assert_eq!((failure.as_deref(), answered.passed()), (expected, expected.is_none()));
        assert!(answered.html(|_| false, false).unwrap().contains(if expected.is_some() {
            "✗ "
        } else {
            "✓ "
        }));
    }

    #[test]
    fn a_failed_check_fails_the_command() {
        check(1, None);
        check(2, Some("1 check failed: broken/size"));
    }
}

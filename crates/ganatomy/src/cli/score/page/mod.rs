//! The scores as a page: one HTML file that opens without a network.

mod charts;
mod nearest;
mod tables;

use std::path::Path;

use ganatomy_record::write_whole;
use ganatomy_score::Sides;
use ganatomy_tensor::Cpu;
use ganatomy_view::Words;
use ganatomy_view::page::{Exhibit, Page, page};

use self::nearest::Nearest;
use super::chosen::ForPage;
use super::report::Report;
use super::side::Side;
use super::{Drawn, Wrong};
use crate::cli::failure::Failure;
use crate::cli::{places, text};

/// What a page is made of.
pub(super) struct Found<'a> {
    pub report: &'a Report,
    pub pages: ForPage,
    pub drawn: &'a Drawn,
    /// Generated against real items, and real ones against others.
    pub sides: [&'a Sides<'a>; 2],
    pub seed: u64,
}

/// A part of the page: its heading and text, and what it shows under a name.
struct Part {
    text: Words,
    shows: Vec<(&'static str, Exhibit)>,
}

/// Refuses a place where no page can be written, before any work.
pub(super) fn check(out: &Path) -> Result<(), Failure> {
    let refuse = |why: &str| Err(Failure::request(Wrong::Place { out: out.to_owned(), why: why.to_owned() }));
    if out.extension().is_none_or(|end| !end.eq_ignore_ascii_case("html")) {
        return Err(Failure::request(Wrong::Page { out: out.to_owned() }));
    }
    places::check_output(out)?;
    if out.is_dir() {
        return refuse("it is a folder");
    }
    match out.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) if !folder.is_dir() => refuse("its folder does not exist"),
        _ => Ok(()),
    }
}

impl Found<'_> {
    /// Writes the page.
    pub fn write(&self, out: &Path, from: [&Side; 2], cpu: &Cpu) -> Result<(), Failure> {
        write_whole(out, self.html(from, cpu)?.as_bytes()).map_err(Failure::request)
    }

    fn html(&self, from: [&Side; 2], cpu: &Cpu) -> Result<String, Failure> {
        let nearest = Nearest::of(self, from, cpu)?;
        let parts = [
            tables::scores(self.report),
            tables::made(self.report),
            nearest.part(from),
            charts::points(from, self.drawn),
            charts::by_class(self, &nearest, from, cpu)?,
            charts::curve(self, cpu)?,
            tables::left_out(&self.pages),
        ];
        let parts: Vec<Part> = parts.into_iter().flatten().collect();
        let joined = |pick: fn(&Words) -> &str| {
            parts.iter().map(|part| pick(&part.text)).collect::<Vec<_>>().join("\n\n")
        };
        let text = Words::of(joined(|words| &words.en), joined(|words| &words.ko));
        let [a, b] = from.map(Side::brief);
        let title = Words::of(format!("{} against {}", a.en, b.en), format!("{} 대 {}", a.ko, b.ko));
        let arguments: Vec<String> =
            std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
        let made = page(&Page {
            number: None,
            title,
            question: Words::new("How good are these samples?", "이 샘플들은 얼마나 좋은가?"),
            text,
            exhibits: parts
                .into_iter()
                .flat_map(|part| part.shows)
                .map(|(name, exhibit)| (name.to_owned(), exhibit))
                .collect(),
            claims: Vec::new(),
            made: Words::NONE,
            command: text::command(&arguments.iter().map(String::as_str).collect::<Vec<_>>()),
            neighbours: [None, None],
            front: None,
            library: None,
        });
        made.map_err(Failure::run)
    }
}

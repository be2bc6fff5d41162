//! The answer as a page: one HTML file that opens without a network, in English and Korean.

mod arms;
mod axis;
mod course;
mod family;
mod found;
mod link;
mod methods;
mod pairs;
mod runs;
mod settings;

use std::path::Path;

use ganatomy_view::page::{Exhibit, Page, page};
use ganatomy_view::{ViewError, Words};

use crate::answer::Answer;

/// Where a page stands among the runs.
#[derive(Clone, Debug)]
pub struct Place<'a> {
    /// The study's folder, below which the folders of runs lie; their last pictures are read.
    pub study: &'a Path,
    /// What stands before the folder of a run in a link: nothing if the page lies in the study's folder, else a path that ends in `/`.
    pub links: &'a str,
    /// The command that makes the page again.
    pub command: String,
}

/// A part of the page: its text, and what it shows by name.
struct Part {
    text: Words,
    shows: Vec<(&'static str, Exhibit)>,
}

/// The page of an answer. Pictures of runs whose folders are gone are left out, and it is said that they are.
///
/// # Errors
/// A picture that cannot be drawn.
pub fn report(answer: &Answer, place: &Place<'_>) -> Result<String, ViewError> {
    let parts = [
        Some(conclusion(answer)),
        arms::part(answer),
        pairs::part(answer),
        arms::profiles(answer),
        found::part(answer),
        family::part(answer),
        course::part(answer),
        settings::part(answer),
        runs::shown(answer, place),
        runs::failed(answer, place),
        Some(methods::part(answer)),
    ];
    let parts: Vec<Part> = parts.into_iter().flatten().collect();
    let joined =
        |pick: fn(&Words) -> &str| parts.iter().map(|part| pick(&part.text)).collect::<Vec<_>>().join("\n\n");
    let text = Words::of(joined(|words| &words.en), joined(|words| &words.ko));
    let shows = parts.into_iter().flat_map(|part| part.shows);
    let question = match answer.question.is_empty() {
        true => Words::new(
            "Which of these is better, and how sure is that?",
            "어느 쪽이 더 낫고, 얼마나 확실한가?",
        ),
        false => Words::both(answer.question.clone()),
    };
    page(&Page {
        number: None,
        title: Words::both(answer.name.clone()),
        question,
        text,
        exhibits: shows.map(|(name, exhibit)| (name.to_owned(), exhibit)).collect(),
        claims: Vec::new(),
        made: methods::made(answer),
        command: place.command.clone(),
        neighbours: [None, None],
        front: None,
        library: None,
    })
}

fn conclusion(answer: &Answer) -> Part {
    let (en, ko) = (link::escaped(&answer.conclusion.en), link::escaped(&answer.conclusion.ko));
    Part {
        text: Words::of(format!("## What can be concluded\n\n{en}"), format!("## 결론\n\n{ko}")),
        shows: vec![],
    }
}

/// The better end of a score, in words: `higher is better`.
fn better(answer: &Answer) -> (&'static str, &'static str) {
    match answer.larger_is_better {
        true => ("higher is better", "높을수록 좋음"),
        false => ("lower is better", "낮을수록 좋음"),
    }
}

#[cfg(test)]
mod tests;

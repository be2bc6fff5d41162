//! Pictures that are files already, in rows, with words and links under each.

use maud::{Markup, html};

use super::exhibit::{both, embedded};
use crate::Words;

/// Rows of pictures.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pictures {
    /// What they are.
    pub title: Words,
    /// The rows.
    pub rows: Vec<Row>,
}

/// Pictures side by side under a name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// What they have in common.
    pub name: Words,
    /// The pictures.
    pub shots: Vec<Shot>,
}

/// A picture.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shot {
    /// The bytes of its PNG file; none if there is no picture, of which the words say why.
    pub png: Option<Vec<u8>>,
    /// What is said of it.
    pub words: Words,
    /// Where the words lead, if anywhere.
    pub link: Option<String>,
}

impl Pictures {
    /// Its part of a page.
    pub(super) fn html(&self) -> Markup {
        html! {
            @for row in &self.rows {
                @if !row.name.is_empty() { h3 { (both(&row.name)) } }
                div.shots { @for shot in &row.shots { (shot.html()) } }
            }
        }
    }
}

impl Shot {
    fn html(&self) -> Markup {
        html! {
            div {
                @if let Some(png) = &self.png { (embedded("png", png, &self.words, false)) }
                p { @match &self.link {
                    Some(link) => a href=(link) { (both(&self.words)) },
                    None => (both(&self.words)),
                } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_stand_over_their_words_and_links() {
        let shot =
            |png, link: Option<&str>| Shot { png, words: "seed 3".into(), link: link.map(str::to_owned) };
        let shots = vec![shot(Some(vec![1, 2, 3]), Some("runs/7/")), shot(None, None)];
        let row = Row { name: "wgan".into(), shots };
        let html = Pictures { title: Words::NONE, rows: vec![row] }.html().into_string();
        assert!(html.contains("<h3>wgan</h3>") && html.contains("data:image/png;base64,AQID"), "{html}");
        assert!(html.contains("<a href=\"runs/7/\">seed 3</a>") && html.contains("<p>seed 3</p>"), "{html}");
    }
}

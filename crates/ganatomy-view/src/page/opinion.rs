//! A page that says what is thought of one run: what was found, what shows it, its curves, and what may help.

use maud::{Markup, PreEscaped, html};

use super::Table;
use super::exhibit::both;
use super::html::document;
use crate::{Panel, ViewError, Words, curves_drawing};

/// What is thought of a run.
#[derive(Clone, Debug)]
pub struct Opinion {
    /// Above everything.
    pub title: Words,
    /// What holds of the whole.
    pub lead: Vec<Words>,
    /// What was found, the gravest first.
    pub found: Vec<Found>,
    /// The curves, with bands over the steps of what was found.
    pub panels: Vec<Panel>,
    /// What else there is to say, in rows.
    pub tables: Vec<Table>,
    /// The command that makes the page again.
    pub command: String,
}

/// One thing that was found.
#[derive(Clone, Debug)]
pub struct Found {
    /// Its name.
    pub name: String,
    /// Is nothing wrong by it?
    pub is_well: bool,
    /// Is it more than a perhaps?
    pub is_sure: bool,
    /// Since when, and how surely.
    pub when: Words,
    /// What it means.
    pub sentence: Words,
    /// What shows it.
    pub evidence: Vec<Words>,
    /// What may help, and why.
    pub remedies: Vec<[Words; 2]>,
}

/// The page, one HTML file that needs no other.
///
/// # Errors
/// Curves that cannot be drawn.
pub fn opinion(opinion: &Opinion) -> Result<String, ViewError> {
    let curves = match opinion.panels.as_slice() {
        [] => None,
        panels => Some(curves_drawing(panels)?.svg()),
    };
    let body = html! {
        header {
            h1 { (both(&opinion.title)) }
            @for line in &opinion.lead { p { (both(line)) } }
        }
        main {
            @for found in &opinion.found { (found.html()) }
            @if let Some(svg) = &curves {
                h2 { (both(&Words::new("The curves", "곡선"))) }
                figure.curves { div.scroll { (PreEscaped(svg)) } }
            }
            @for table in opinion.tables.iter().filter(|table| !table.rows.is_empty()) {
                h2 { (both(&table.title)) }
                (table.html())
            }
        }
        footer { p { (both(&Words::new("Made by", "만든 명령"))) " " code { (opinion.command) } } }
    };
    Ok(document(&opinion.title, body, None).into_string())
}

impl Found {
    fn html(&self) -> Markup {
        html! {
            section.found.well[self.is_well].perhaps[!self.is_sure] {
                h2 { code { (self.name) } " " small { (both(&self.when)) } }
                p { strong { (both(&self.sentence)) } }
                @if !self.evidence.is_empty() {
                    h3 { (both(&Words::new("What shows it", "근거"))) }
                    ul { @for line in &self.evidence { li { (both(line)) } } }
                }
                @if !self.remedies.is_empty() {
                    h3 { (both(&Words::new("What to try next, the likeliest first", "다음으로 해 볼 일 (가능성이 큰 순서)"))) }
                    ol { @for [what, why] in &self.remedies { li { strong { (both(what)) } ": " (both(why)) } } }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Band, Series};

    #[test]
    fn a_page_holds_what_was_found_and_its_curves() {
        let series =
            vec![Series { name: "D <1>".to_owned(), points: (0..9).map(|i| (i, i as f64)).collect() }];
        let bands = vec![Band { name: "dead-players".to_owned(), from: 4, to: 8 }];
        let found = Found {
            name: "dead-players".to_owned(),
            is_well: false,
            is_sure: true,
            when: Words::new("since step 4", "4 단계부터"),
            sentence: Words::new("It is <dead>.", "죽었습니다."),
            evidence: vec!["D is 0".into()],
            remedies: vec![["slower".into(), "it helps".into()]],
        };
        let own = Opinion {
            title: Words::new("A log", "기록"),
            lead: vec!["Taken for hinge.".into()],
            found: vec![found],
            panels: vec![Panel { series, bands, ..Panel::default() }],
            tables: vec![
                Table { title: "Names".into(), head: vec!["theirs".into()], rows: vec![vec!["errD".into()]] },
                Table::default(),
            ],
            command: "ganatomy diagnose log".to_owned(),
        };
        let html = opinion(&own).unwrap();
        for part in [
            "It is &lt;dead&gt;.",
            "D &lt;1&gt;",
            "<svg ",
            "errD",
            "since step 4",
            "죽었습니다.",
            "Taken for hinge.",
        ] {
            assert!(html.contains(part), "{part}");
        }
        assert!(!html.contains("src=\"http") && html.matches("dead-players").count() >= 2);
        let empty = opinion(&Opinion { panels: vec![], found: vec![], ..own }).unwrap();
        assert!(!empty.contains("<svg ") && !empty.contains("What shows it"));
    }
}

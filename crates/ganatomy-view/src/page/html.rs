//! The HTML of a page.

use std::collections::BTreeSet;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::exhibit::{both, both_blocks};
use super::prose::{self, Piece};
use super::{Claim, Page, Verdict, script};
use crate::{ViewError, Words};

const STYLE: &str = include_str!("page.css");

/// One HTML file, self-contained unless its chart library lies beside it.
///
/// # Errors
/// A formula that cannot be set, an exhibit that is missing, or two languages that show different exhibits.
pub fn page(page: &Page) -> Result<String, ViewError> {
    let article = article(page)?;
    let head = html! {
        @if let Some(n) = page.number { p.number { (both(&Words::of(format!("Lesson {n}"), format!("제{n}과")))) } }
        h1 { (both(&page.title)) }
        p.question { (both(&page.question)) }
    };
    let foot = html! {
        footer {
            p { (both(&page.made)) }
            p { (both(&Words::new("Made by", "만든 명령"))) " " code { (page.command) } }
            (neighbours(page))
        }
    };
    let body = html! {
        header { (head) }
        main {
            article { (article) }
            (claims(&page.claims))
        }
        (foot)
    };
    Ok(document(&page.title, body, Some(script::of(&page.exhibits, page.library.as_deref())?)).into_string())
}

/// The texts of both languages with their exhibits in place; exhibits that are not named come at the end.
fn article(page: &Page) -> Result<Markup, ViewError> {
    let [english, korean] = [prose::pieces(&page.text.en)?, prose::pieces(&page.text.ko)?];
    let mut shown = BTreeSet::new();
    let mut parts = Vec::new();
    for (en, ko) in english.iter().zip(&korean) {
        parts.push(match (en, ko) {
            (Piece::Words(en), Piece::Words(ko)) => both_blocks(en, ko),
            (Piece::Exhibit(name), Piece::Exhibit(same)) if name == same => {
                shown.insert(name.clone());
                exhibit(page, name)?
            }
            _ => return Err(ViewError::Languages { title: page.title.en.to_string() }),
        });
    }
    if english.len() != korean.len() {
        return Err(ViewError::Languages { title: page.title.en.to_string() });
    }
    for (name, exhibit) in page.exhibits.iter().filter(|(name, _)| !shown.contains(name)) {
        parts.push(exhibit.html(name)?);
    }
    Ok(html! { @for part in &parts { (part) } })
}

fn exhibit(page: &Page, name: &str) -> Result<Markup, ViewError> {
    let found = page.exhibits.iter().find(|(known, _)| known == name);
    let (name, exhibit) = found.ok_or_else(|| ViewError::Missing { name: name.to_owned() })?;
    exhibit.html(name)
}

/// The whole document around a body.
pub(super) fn document(title: &Words, body: Markup, scripts: Option<Markup>) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title.en) " - Ganatomy" }
                style { (PreEscaped(STYLE)) }
                script { (PreEscaped(script::LANGUAGE)) }
            }
            body {
                nav.languages {
                    button type="button" data-language="en" { "English" }
                    button type="button" data-language="ko" { "한국어" }
                }
                (body)
                @if let Some(scripts) = scripts { (scripts) }
                script { (PreEscaped(script::SWITCH)) }
            }
        }
    }
}

fn claims(claims: &[Claim]) -> Markup {
    if claims.is_empty() {
        return html! {};
    }
    let own = |claim: &&Claim| matches!(claim.verdict, Verdict::Passed | Verdict::Failed);
    let (own, published): (Vec<&Claim>, Vec<&Claim>) = claims.iter().partition(own);
    html! {
        section.claims {
            h2 { (both(&Words::new("What this page claims, and what was measured", "이 페이지의 주장과 측정값"))) }
            (table(&own))
            @if !published.is_empty() {
                h3 { (both(&Words::new("Beside published numbers", "발표된 값과의 비교"))) }
                (table(&published))
            }
        }
    }
}

fn table(claims: &[&Claim]) -> Markup {
    let heads = [
        Words::NONE,
        Words::new("Claim", "주장"),
        Words::new("Measured", "측정값"),
        Words::new("Expected", "기대값"),
        Words::new("From", "근거"),
    ];
    html! {
        div.scroll { table {
            thead { tr { @for head in &heads { th { (both(head)) } } } }
            tbody { @for claim in claims {
                tr class=(claim.verdict.class()) {
                    td.verdict { (both(&claim.verdict.words())) }
                    td.claim { (both(&claim.text)) }
                    td.number.measured { (claim.measured) }
                    td.number.expected { (both(&claim.expected)) }
                    td.source { (both(&claim.source)) }
                }
            } }
        } }
    }
}

fn neighbours(page: &Page) -> Markup {
    let [before, after] = &page.neighbours;
    html! {
        nav.neighbours {
            @if let Some((file, title)) = before { a href=(file) rel="prev" { "← " (both(title)) } }
            @if let Some(file) = &page.front { a href=(file) { (both(&Words::new("All lessons", "전체 수업"))) } }
            @if let Some((file, title)) = after { a href=(file) rel="next" { (both(title)) " →" } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{Exhibit, Table};

    fn sample(text: Words) -> Page {
        Page {
            number: Some(2),
            title: Words::new("A <title>", "제목"),
            question: Words::new("Why?", "왜?"),
            text,
            exhibits: vec![("numbers".to_owned(), Exhibit::Table(Table::default()))],
            claims: vec![],
            made: Words::NONE,
            command: "ganatomy lesson saddle".to_owned(),
            neighbours: [None, None],
            front: Some("index.html".to_owned()),
            library: None,
        }
    }

    #[test]
    fn a_page_holds_everything_it_needs() {
        let html = page(&sample(Words::new("![](numbers)", "![](numbers)"))).unwrap();
        assert!(html.contains("A &lt;title&gt;") && html.contains("Lesson 2"));
        let alone = Page { number: None, ..sample(Words::NONE) };
        assert!(!page(&alone).unwrap().contains("Lesson"));
        assert!(html.contains("plotly.js v"), "the script is embedded");
        assert_eq!(html.matches("plotly.js v").count(), 1, "and only once");
        // Nothing is fetched: no element names another place.
        let own = html.replace(&script::library(), "");
        assert!(!own.contains("src=\"http") && !own.contains("href=\"http"));
    }

    #[test]
    fn a_page_of_a_course_leaves_the_chart_library_beside_it() {
        let own = sample(Words::new("![](numbers)", "![](numbers)"));
        let shared = page(&Page { library: Some("plotly.js".to_owned()), ..own.clone() }).unwrap();
        assert!(shared.contains("<script src=\"plotly.js\"></script>") && !shared.contains("plotly.js v"));
        let whole = page(&own).unwrap();
        assert_eq!(whole, shared.replace(" src=\"plotly.js\">", &format!(">{}", script::library())));
    }

    #[test]
    fn the_pages_before_and_after_keep_their_places() {
        let beside = |file: &str, title| Some((file.to_owned(), Words::new(title, title)));
        let neighbours = [beside("01.html", "First"), beside("03.html", "Third")];
        let html = page(&Page { neighbours, ..sample(Words::new("![](numbers)", "![](numbers)")) }).unwrap();
        let link = |file: &str| {
            let from = html.find(&format!("<a href=\"{file}\"")).unwrap();
            html[from..].split_once("</a>").unwrap().0.to_owned()
        };
        let (before, after) = (link("01.html"), link("03.html"));
        assert!(
            before.contains("rel=\"prev\"") && before.contains("← ") && before.contains("First"),
            "{before}"
        );
        assert!(after.contains("rel=\"next\"") && after.contains(" →") && after.contains("Third"), "{after}");
        assert!(
            html.find("01.html") < html.find("index.html") && html.find("index.html") < html.find("03.html")
        );
    }

    #[test]
    fn an_exhibit_that_is_not_there_is_refused() {
        let error = page(&sample(Words::new("![](nothing)", "![](nothing)"))).unwrap_err().to_string();
        assert_eq!(error, "the page shows nothing, which it does not have");
        let error = page(&sample(Words::new("![](numbers)", "글"))).unwrap_err();
        assert!(matches!(error, ViewError::Languages { .. }), "{error}");
    }
}

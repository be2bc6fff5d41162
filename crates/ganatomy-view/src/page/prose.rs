//! Markdown with formulas as HTML: formulas become MathML, which browsers set themselves.

use math_core::{LatexToMathML, MathCoreConfig, MathDisplay};
use pulldown_cmark::{Event, Options, Parser, html};

use crate::ViewError;

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// HTML.
    Words(String),
    /// The exhibit of this name.
    Exhibit(String),
}

/// The pieces of a text: a line that is only `![](name)` is an exhibit, and the rest is words.
pub(super) fn pieces(text: &str) -> Result<Vec<Piece>, ViewError> {
    let (mut pieces, mut words) = (Vec::new(), String::new());
    for line in text.lines() {
        let exhibit = line.trim().strip_prefix("![](").and_then(|line| line.strip_suffix(')'));
        if let Some(name) = exhibit {
            pieces.push(Piece::Words(prose(&words)?));
            pieces.push(Piece::Exhibit(name.to_owned()));
            words.clear();
        } else {
            words += line;
            words.push('\n');
        }
    }
    pieces.push(Piece::Words(prose(&words)?));
    Ok(pieces)
}

/// HTML of a text without exhibits.
pub(super) fn prose(text: &str) -> Result<String, ViewError> {
    let maths = LatexToMathML::new(MathCoreConfig::default())
        .map_err(|error| ViewError::Formula { formula: error.2, why: error.0.to_string() })?;
    let set = |formula: &str, display: MathDisplay| match maths.convert_with_local_state(formula, display) {
        Ok(set) => Ok(Event::Html(set.mathml.into())),
        Err(error) => Err(ViewError::Formula { formula: formula.to_owned(), why: error.to_string() }),
    };
    let events =
        Parser::new_ext(text, Options::ENABLE_MATH | Options::ENABLE_TABLES).map(|event| match event {
            Event::InlineMath(formula) => set(&formula, MathDisplay::Inline),
            Event::DisplayMath(formula) => set(&formula, MathDisplay::Block),
            event => Ok(event),
        });
    let mut out = String::new();
    html::push_html(&mut out, events.collect::<Result<Vec<Event<'_>>, ViewError>>()?.into_iter());
    // A wide table is scrolled by itself, and not the page.
    Ok(out.replace("<table>", "<div class=\"scroll\"><table>").replace("</table>", "</table></div>"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(prose(text).unwrap().trim_end(), expected);
    }

    #[test]
    fn formulas_are_set() {
        check("*so*", "<p><em>so</em></p>");
        check("$x$", "<p><math><mi>x</mi></math></p>");
        check("a < b & c", "<p>a &lt; b &amp; c</p>");
        let table = prose("| a |\n|---|\n| b |").unwrap();
        assert!(
            table.starts_with("<div class=\"scroll\"><table>")
                && table.trim_end().ends_with("</table></div>")
        );
    }

    #[test]
    fn exhibits_stand_between_words() {
        let words = |text: &str| Piece::Words(text.to_owned());
        let found = pieces("a\n\n![](spiral)\n\nb").unwrap();
        assert_eq!(found, [words("<p>a</p>\n"), Piece::Exhibit("spiral".to_owned()), words("<p>b</p>\n")]);
    }

    #[test]
    fn wrong_formulas_are_refused() {
        let error = prose("$\\nonsense$").unwrap_err();
        assert!(
            matches!(error, ViewError::Formula { ref formula, .. } if formula == "\\nonsense"),
            "{error}"
        );
    }
}

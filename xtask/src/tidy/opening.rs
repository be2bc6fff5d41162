//! Every Rust file opens with a sentence that says what it is.

use super::{House, Violation};

/// Checks the first paragraph of every Rust file.
pub(crate) fn find(house: &House) -> Vec<Violation> {
    let texts = house.tree.texts(".rs");
    texts.filter_map(|(path, text)| Some(Violation::new(path, 1, fault(text)?))).collect()
}

fn fault(text: &str) -> Option<&'static str> {
    let paragraph: Vec<&str> = text
        .lines()
        .map_while(|line| line.strip_prefix("//!"))
        .map(str::trim)
        .take_while(|line| !line.is_empty())
        .collect();
    let sentence = paragraph.join(" ");
    match () {
        () if sentence.is_empty() => Some("must open with a //! sentence that says what it is"),
        () if sentence.ends_with('.') || sentence.contains(". ") => None,
        () => Some("the opening //! sentence must end with a full stop"),
    }
}

#[cfg(test)]
mod tests {
    use crate::tidy::found_by;

    fn check(text: &str, expected: Option<&str>) {
        let expected: Vec<String> = expected.iter().map(|what| format!("a.rs:1: {what}")).collect();
        assert_eq!(found_by("opening-sentence", &[("a.rs", text)]), expected, "for {text:?}");
    }

    #[test]
    fn the_first_paragraph_must_hold_a_sentence() {
        let missing = Some("must open with a //! sentence that says what it is");
        check("//! One sentence.\nuse a;", None);
        check("//! One sentence\n//! over two lines.\n//!\n//! More", None);
        check("//! One. Two", None);
        check("//! No stop\n//!\n//! here.", Some("the opening //! sentence must end with a full stop"));
        check("use a;", missing);
        check("", missing);
        check("//!\n//! Late.", missing);
        check("// Not a doc comment.", missing);
    }
}

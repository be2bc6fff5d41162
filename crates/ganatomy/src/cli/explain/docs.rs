//! The documentation of code as text for people.

use crate::cli::HEADING;
use crate::cli::text::styled;

/// Lines are filled up to this many characters.
const WIDTH: usize = 96;

/// The documentation of the first public struct of a source file, links as plain words; empty if there is none.
pub(super) fn of_first_struct(source: &str) -> String {
    let lines: Vec<&str> = source.lines().collect();
    let Some(at) = lines.iter().position(|line| line.starts_with("pub struct ")) else {
        return String::new();
    };
    // Attributes such as derives may stand between.
    let above = lines[..at].iter().rev().skip_while(|line| line.starts_with("#["));
    let mut docs: Vec<&str> = above.map_while(|line| line.strip_prefix("///")).collect();
    docs.reverse();
    let trimmed = docs.iter().map(|line| line.strip_prefix(' ').unwrap_or(line));
    let text: String = trimmed.map(|line| format!("{line}\n")).collect();
    without_links(&text)
}

/// `[`X`]` and `[`X`](path)` as `X`; other brackets, such as shapes, stay.
fn without_links(text: &str) -> String {
    let mut shown = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("[`") {
        let Some((name, end)) = after.split_once("`]") else {
            break;
        };
        shown.push_str(&format!("{before}{name}"));
        rest = end.strip_prefix('(').and_then(|path| path.split_once(')')).map_or(end, |(_, rest)| rest);
    }
    shown.push_str(rest);
    shown
}

/// Paragraphs filled, headings set off, lists and TOML line by line.
pub(super) fn shown(text: &str) -> String {
    let is_toml = text.starts_with("# ") && text.contains(" = ");
    let mut blocks: Vec<String> = Vec::new();
    let mut goes_on = false;
    for line in text.lines() {
        let heading = line.strip_prefix("# ").filter(|_| !is_toml);
        if let Some(heading) = heading {
            blocks.push(styled(HEADING, heading));
        } else if goes_on && !is_toml && !line.is_empty() && !line.starts_with("- ") {
            if let Some(block) = blocks.last_mut() {
                block.push_str(&format!(" {}", line.trim_start()));
            }
        } else {
            blocks.push(line.to_owned());
        }
        goes_on = heading.is_none() && !line.is_empty();
    }
    let fill = |block: &String| {
        if is_toml { format!("  {block}").trim_end().to_owned() + "\n" } else { filled(block) }
    };
    blocks.iter().map(fill).collect()
}

/// A paragraph in lines of some width, indented.
fn filled(paragraph: &str) -> String {
    let hang = if paragraph.starts_with("- ") { "    " } else { "  " };
    let mut lines = vec![String::new()];
    for word in paragraph.split(' ') {
        let room = lines.last().map_or(0, |line| line.chars().count());
        match lines.last_mut() {
            Some(line) if room == 0 => line.push_str(word),
            Some(line) if room + 1 + word.chars().count() <= WIDTH => line.push_str(&format!(" {word}")),
            _ => lines.push(word.to_owned()),
        }
    }
    let indent = |(i, line): (usize, &String)| {
        let margin = if i == 0 { "  " } else { hang };
        format!("{margin}{line}").trim_end().to_owned() + "\n"
    };
    lines.iter().enumerate().map(indent).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_public_struct_explains() {
        let check = |source: &str, expected: &str| assert_eq!(of_first_struct(source), expected, "{source}");
        check(
            "//! Top.\n\n/// `a + b`\n///\n/// [`Two`](x::Two).\n#[derive(Debug)]\npub struct A;\n",
            "`a + b`\n\nTwo.\n",
        );
        check(
            "/// Other.\nstruct B;\n\n/// [`A`] of `[n]`, see [`B`\npub struct A;\npub struct C;\n",
            "A of `[n]`, see [`B`\n",
        );
        check("fn main() {}\n", "");
        check("/// Of a function.\nfn f() {}\n\npub struct Bare;\n", "");
    }

    #[test]
    fn paragraphs_are_filled() {
        let text = shown("one\ntwo\n\n# Shapes\n- a: `[n]`\n- b\n  goes on\n");
        let heading = styled(HEADING, "Shapes");
        assert_eq!(text, format!("  one two\n\n  {heading}\n  - a: `[n]`\n  - b goes on\n"));
        let long = shown(&"word ".repeat(40));
        assert!(long.lines().count() == 3 && long.lines().all(|line| line.len() <= WIDTH + 2), "{long}");
    }

    #[test]
    fn toml_stays_as_it_is() {
        assert_eq!(
            shown("# A recipe.\nname = \"a\"\n\n[data]\n"),
            "  # A recipe.\n  name = \"a\"\n\n  [data]\n"
        );
    }
}

//! Documentation as text for people: paragraphs filled, headings set off.

use crate::cli::HEADING;
use crate::cli::text::styled;

/// Lines are filled up to this many characters.
const WIDTH: usize = 96;

/// Paragraphs filled, headings set off, lists and TOML line by line.
pub(crate) fn shown(text: &str) -> String {
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
        if is_toml { format!("  {block}").trim_end().to_owned() + "\n" } else { hung(block, 2) }
    };
    blocks.iter().map(fill).collect()
}

/// A paragraph in lines of some width, indented; those of a list hang.
pub(crate) fn hung(paragraph: &str, indent: usize) -> String {
    let margin = " ".repeat(indent);
    let hang = if paragraph.starts_with("- ") { format!("{margin}  ") } else { margin.clone() };
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
        let margin = if i == 0 { &margin } else { &hang };
        format!("{margin}{line}").trim_end().to_owned() + "\n"
    };
    lines.iter().enumerate().map(indent).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

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

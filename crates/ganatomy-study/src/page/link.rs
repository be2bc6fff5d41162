//! Names and places in Markdown and in links.

/// Text that Markdown leaves as it is.
pub(super) fn escaped(text: &str) -> String {
    let one_line = text.replace(['\n', '\r'], " ");
    one_line.chars().flat_map(|c| c.is_ascii_punctuation().then_some('\\').into_iter().chain([c])).collect()
}

/// The link to a folder of a run.
pub(super) fn to(links: &str, folder: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.~/".contains(c);
    let coded = |c: char| match plain(c) {
        true => c.to_string(),
        false => c.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect(),
    };
    let path: String = folder.trim_end_matches('/').chars().map(coded).collect();
    format!("{links}{path}/")
}

/// A run's number, as a link to its folder if it has one.
pub(super) fn run(links: &str, run: u64, folder: Option<&str>) -> String {
    match folder {
        Some(folder) => format!("[{run}](<{}>)", to(links, folder)),
        None => run.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_not_markup() {
        assert_eq!(escaped("a_b | <i>\nc"), "a\\_b \\| \\<i\\> c");
        assert_eq!(to("../", "runs/a b/7#1"), "../runs/a%20b/7%231/");
        assert_eq!(run("", 7, Some("runs/7")), "[7](<runs/7/>)");
        assert_eq!(run("", 7, None), "7");
    }
}

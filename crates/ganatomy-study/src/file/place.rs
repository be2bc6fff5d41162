//! What is wrong with a study's file, as one sentence with its line.

/// The parser's message with the number of its line.
pub(super) fn sentence(text: &str, error: &toml::de::Error) -> String {
    let said = without_line(error);
    match error.span().and_then(|span| text.get(..span.start)) {
        Some(before) => format!("line {}: {said}", before.matches('\n').count() + 1),
        None => said,
    }
}

/// The parser's message in one line.
pub(super) fn without_line(error: &toml::de::Error) -> String {
    error.message().lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("; ")
}

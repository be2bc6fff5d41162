//! The tests that a file's mistakes are shown to, the narrowest first.

/// Crates, from the floor up, with the library tests that see most of their meaning: packages, and perhaps a part of them.
const NARROW: &[(&str, &[&str])] = &[
    ("ganatomy-tensor", &["ganatomy-tensor", "ganatomy-train"]),
    ("ganatomy-record", &["ganatomy-record", "ganatomy-train"]),
    ("ganatomy-import", &["ganatomy-import"]),
    ("ganatomy-data", &["ganatomy-data", "ganatomy-train"]),
    ("ganatomy-score", &["ganatomy-score", "ganatomy-train"]),
    ("ganatomy-game", &["ganatomy-train exam::reference", "ganatomy-train", "ganatomy-game"]),
    ("ganatomy-train", &["ganatomy-train"]),
    ("ganatomy-view", &["ganatomy-view"]),
    ("ganatomy-lesson", &["ganatomy-lesson"]),
    ("ganatomy", &["ganatomy"]),
];

/// Every test that may notice a mistake.
const ALL: &str = "test --quiet --workspace --exclude xtask";

/// The arguments of cargo for each round of tests; all tests come last, unless it shall be quick. Those of `xtask` are left out
/// there: one of them notices that a listed mistake no longer has its place, which is where it was put in.
pub(super) fn file(file: &str, quick: bool) -> Vec<String> {
    let name = file.strip_prefix("crates/").and_then(|rest| rest.split('/').next()).unwrap_or("xtask");
    let of = NARROW.iter().find(|(of, _)| *of == name);
    let narrow = match of {
        Some((_, tests)) => tests.iter().map(|part| format!("test --quiet --lib --package {part}")).collect(),
        None => vec!["test --quiet --package xtask".to_owned()],
    };
    let all = (!quick).then(|| ALL.to_owned());
    narrow.into_iter().chain(all).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_narrow_tests_come_first() {
        let quick = file("crates/ganatomy-data/src/ring.rs", true);
        let lib = "test --quiet --lib --package";
        assert_eq!(quick, [format!("{lib} ganatomy-data"), format!("{lib} ganatomy-train")]);
        assert_eq!(file("crates/ganatomy-game/src/lib.rs", false).last().unwrap(), ALL);
        assert_eq!(file("xtask/src/main.rs", true), ["test --quiet --package xtask"]);
    }
}

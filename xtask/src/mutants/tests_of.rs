//! The tests that a file's mistakes are shown to, the narrowest first.

/// Crates, from the floor up, with the tests that see most of each crate's meaning beside its own.
const NARROW: &[(&str, &[&str])] = &[
    ("ganatomy-tensor", &["ganatomy-tensor", "ganatomy-train"]),
    ("ganatomy-record", &["ganatomy-record", "ganatomy-train"]),
    ("ganatomy-data", &["ganatomy-data", "ganatomy-train"]),
    ("ganatomy-score", &["ganatomy-score", "ganatomy-train"]),
    ("ganatomy-game", &["ganatomy-game", "ganatomy-train"]),
    ("ganatomy-train", &["ganatomy-train"]),
    ("ganatomy-view", &["ganatomy-view"]),
    ("ganatomy-lesson", &["ganatomy-lesson"]),
    ("ganatomy", &["ganatomy"]),
];

/// The arguments of cargo for each round of tests; all tests come last, unless it shall be quick.
pub(super) fn file(file: &str, quick: bool) -> Vec<String> {
    let name = file.strip_prefix("crates/").and_then(|rest| rest.split('/').next()).unwrap_or("xtask");
    let of = NARROW.iter().find(|(of, _)| *of == name).map_or(&["xtask"][..], |(_, tests)| *tests);
    let lib = |krate: &&str| {
        format!("test --quiet --package {krate}{}", if *krate == "xtask" { "" } else { " --lib" })
    };
    let narrow = of.iter().map(lib);
    let all = (!quick).then(|| "test --quiet --workspace".to_owned());
    narrow.chain(all).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_narrow_tests_come_first() {
        let quick = file("crates/ganatomy-game/src/loss/hinge.rs", true);
        assert_eq!(
            quick,
            ["test --quiet --package ganatomy-game --lib", "test --quiet --package ganatomy-train --lib"]
        );
        assert_eq!(
            file("crates/ganatomy-game/src/lib.rs", false).last().unwrap(),
            "test --quiet --workspace"
        );
        assert_eq!(file("xtask/src/main.rs", true), ["test --quiet --package xtask"]);
    }
}

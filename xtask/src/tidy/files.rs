//! Files are short and light, and the lock file is there.

use super::{House, Violation};

/// Rust files have at most this many lines.
const MAX_LINES: usize = 400;
/// Files of any kind have at most this many bytes.
const MAX_BYTES: u64 = 1 << 20;

/// Rust files that are too long.
pub(crate) fn find_long(house: &House) -> Vec<Violation> {
    let texts = house.tree.texts(".rs").map(|(path, text)| (path, text.lines().count()));
    let long = texts.filter(|(_, n_lines)| *n_lines > MAX_LINES);
    long.map(|(path, n_lines)| {
        let what = format!("has {n_lines} lines; at most {MAX_LINES}");
        Violation::new(path, MAX_LINES + 1, what)
    })
    .collect()
}

/// Files that are too large to be anything but data.
pub(crate) fn find_heavy(house: &House) -> Vec<Violation> {
    let heavy = house.tree.files().filter(|(_, file)| file.size_bytes > MAX_BYTES);
    heavy
        .map(|(path, file)| {
            let what = format!("has {} bytes; at most {MAX_BYTES}", file.size_bytes);
            Violation::new(path, 1, what)
        })
        .collect()
}

/// A missing lock file.
pub(crate) fn find_missing_lock(house: &House) -> Vec<Violation> {
    if house.tree.contains("Cargo.lock") {
        return Vec::new();
    }
    vec![Violation::new("Cargo.lock", 1, "is missing or ignored; it must be committed")]
}

#[cfg(test)]
mod tests {
    use crate::tidy::found_by;

    fn check(name: &str, path: &str, text: &str, expected: &[&str]) {
        assert_eq!(found_by(name, &[(path, text)]), expected);
    }

    #[test]
    fn long_files_are_found() {
        check("file-length", "a.rs", &"\n".repeat(400), &[]);
        check("file-length", "a.rs", &"\n".repeat(401), &["a.rs:401: has 401 lines; at most 400"]);
        check("file-length", "a.md", &"\n".repeat(401), &[]);
    }

    #[test]
    fn heavy_files_are_found() {
        let text = "x".repeat((1 << 20) + 1);
        check("file-size", "a.bin", &text[1..], &[]);
        check("file-size", "a.bin", &text, &["a.bin:1: has 1048577 bytes; at most 1048576"]);
    }

    #[test]
    fn the_lock_file_must_be_there() {
        let missing = "Cargo.lock:1: is missing or ignored; it must be committed";
        check("lock-file", "a.rs", "", &[missing]);
        check("lock-file", "Cargo.lock", "", &[]);
    }
}

//! What the README shows of the program is what it says.

use std::path::Path;

use crate::place::Place;

/// The commands of the README's text blocks, `$ ganatomy ...`, and the lines printed below each.
fn shown(readme: &str) -> Vec<(Vec<String>, String)> {
    let blocks = readme.split("```text\n").skip(1).filter_map(|rest| rest.split_once("\n```"));
    let mut shown = Vec::new();
    for (block, _) in blocks {
        for part in block.split("$ ").skip(1) {
            let (command, printed) = part.split_once('\n').unwrap_or((part, ""));
            if let Some(arguments) = command.strip_prefix("ganatomy ") {
                let arguments = arguments.split(' ').map(str::to_owned).collect();
                shown.push((arguments, printed.trim_end().to_owned()));
            }
        }
    }
    shown
}

#[test]
fn messages_are_those_of_the_readme() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let place = Place::new();
    let mut n_shown = 0;
    for name in ["README.md", "README.ko.md"] {
        for (arguments, printed) in shown(&std::fs::read_to_string(root.join(name)).unwrap()) {
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            let ran = place.run(&arguments);
            assert_eq!(format!("{}{}", ran.out, ran.err).trim_end(), printed, "{name}: {arguments:?}");
            n_shown += 1;
        }
    }
    assert!(n_shown >= 2, "{n_shown} commands were found");
}

#[test]
fn commands_and_what_they_print_are_found() {
    let text = "a\n```text\n$ ganatomy list a\none\ntwo\n$ cargo run\nno\n$ ganatomy x\nthree\n```\nb $ ganatomy y\n";
    let found: Vec<(String, String)> =
        shown(text).into_iter().map(|(a, printed)| (a.join(" "), printed)).collect();
    let expected = [("list a", "one\ntwo"), ("x", "three")].map(|(a, b)| (a.to_owned(), b.to_owned()));
    assert_eq!(found, expected);
}

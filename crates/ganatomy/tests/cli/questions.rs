//! The commands of docs/questions.md run, and say what is shown there.

use std::path::Path;
use std::sync::Mutex;

use crate::place::Place;

/// A question's commands, each with what is shown of what it prints.
type Commands = Vec<(Vec<String>, String)>;

/// The text of the blocks of a kind.
fn blocks<'a>(text: &'a str, kind: &str) -> Vec<&'a str> {
    let fence = format!("```{kind}\n");
    text.split(fence.as_str())
        .skip(1)
        .filter_map(|rest| rest.split_once("```"))
        .map(|block| block.0)
        .collect()
}

/// The words of a command; quotes hold one together.
fn words(command: &str) -> Vec<String> {
    let (mut words, mut quoted) = (vec![String::new()], false);
    for c in command.trim().chars() {
        match c {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            c => words.last_mut().unwrap().push(c),
        }
    }
    words
}

/// The commands of each question: the lines of its `sh` blocks, the last of a block with the `text` block below it.
fn questions(text: &str) -> Vec<Commands> {
    let one = |section: &str| {
        let mut commands = Commands::new();
        for part in section.split("```sh\n").skip(1) {
            let (block, after) = part.split_once("```").unwrap();
            commands.extend(block.lines().map(|line| (words(line), String::new())));
            let shown = blocks(after, "text").first().map_or("", |shown| shown);
            commands.last_mut().unwrap().1 = shown.to_owned();
        }
        commands
    };
    text.split("\n## ").skip(1).map(one).filter(|commands| !commands.is_empty()).collect()
}

/// The verdicts that a text tells of, each at the beginning of its line: `healthy  at step 9; likely`.
fn verdicts(text: &str) -> Vec<&str> {
    let is_head = |line: &&str| {
        !line.starts_with(' ') && (line.contains("  since step ") || line.contains("  at step "))
    };
    let heads = text.lines().filter(is_head);
    heads.filter_map(|line| line.split_whitespace().next()).collect()
}

/// Runs the commands of a question in a folder of their own.
fn check(spec: &str, commands: &Commands) -> Result<usize, String> {
    let place = Place::new();
    place.write("small.toml", spec.as_bytes());
    let mut n_verdicts = 0;
    for (command, shown) in commands {
        if command.first().map(String::as_str) != Some("ganatomy") {
            return Err(format!("{command:?} is no command of this program"));
        }
        let arguments: Vec<&str> = command[1..].iter().map(String::as_str).collect();
        let ran = place.run(&arguments);
        let sick =
            verdicts(&ran.out).iter().any(|name| !["healthy", "converged", "too-early"].contains(name));
        // A run that diverged ends with 1, one that the clinic stops and `diagnose` of a sick one with 3.
        let right = match (arguments[0], ran.code) {
            ("diagnose", code) => code == Some(if sick { 3 } else { 0 }),
            ("train", Some(3)) => arguments.contains(&"--stop-when"),
            ("train", Some(1)) => shown_diverged(commands),
            (_, code) => code == Some(0),
        };
        if !right {
            return Err(format!("{arguments:?}: {:?}\n{}{}", ran.code, ran.out, ran.err));
        }
        let said = verdicts(&ran.out);
        for name in verdicts(shown) {
            n_verdicts += 1;
            if !said.contains(&name) {
                return Err(format!("{arguments:?} is said to tell of {name}, but tells of {said:?}"));
            }
        }
    }
    Ok(n_verdicts)
}

/// Do the answers tell that a run diverged?
fn shown_diverged(commands: &Commands) -> bool {
    commands.iter().any(|(_, shown)| verdicts(shown).contains(&"diverged"))
}

#[test]
fn the_commands_of_the_questions_say_what_is_shown() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/questions.md");
    let text = std::fs::read_to_string(file).unwrap();
    let spec = blocks(&text, "toml")[0];
    let questions = questions(&text);
    assert_eq!(questions.len(), 10);
    let (next, found) = (Mutex::new(questions.iter()), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let Some(commands) = next.lock().unwrap().next() else { return };
                    let result = check(spec, commands);
                    found.lock().unwrap().push(result);
                }
            });
        }
    });
    let mut n_verdicts = 0;
    for result in found.into_inner().unwrap() {
        n_verdicts += result.unwrap_or_else(|wrong| panic!("docs/questions.md: {wrong}"));
    }
    assert!(n_verdicts >= 8, "{n_verdicts} verdicts are shown");
}

#[test]
fn a_question_that_shows_another_verdict_is_found_out() {
    let text = "# a\n## one\n```sh\nganatomy train small.toml --steps 3 --out 'run a'\nganatomy diagnose 'run a'\n```\n\
                ```text\nNAME  at step 3; likely\n```\n## two\n";
    let spec = crate::place::SMALL;
    let told = |name: &str| check(spec, &questions(&text.replace("NAME", name))[0]);
    assert_eq!(told("too-early"), Ok(1));
    assert!(told("healthy").unwrap_err().contains("is said to tell of healthy"));
}

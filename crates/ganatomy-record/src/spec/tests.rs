//! The message for every kind of mistake in a spec, word for word.

use super::*;

const RECIPE: &str = "\
# A small recipe.
seed = 7
name = \"ring\" # kept

[generator]
widths = [64, 64]

[generator.update]
lr = 2e-4
";

/// Reads the fields of a small pretend plan.
fn read(spec: &RunSpec) -> Result<Resolved, SpecError> {
    let mut root = spec.root();
    root.count("seed", "Every random number follows from it.", 0, 0..=u64::MAX)?;
    root.count("steps", "Updates of the generator.", 1000, 1..=1_000_000)?;
    root.text("name", "What to call it.", "")?;
    root.flag("ema", "Average the generator.", true)?;
    let mut generator = root.table("generator", "The generator.")?;
    generator.counts("widths", "Hidden widths.", &[128], 1..=8, 1..=4096)?;
    let mut update = generator.table("update", "How it moves.")?;
    update.choice("type", "The rule.", "adam", &["adam", "rmsprop", "sgd"])?;
    update.number("lr", "Step length.", 1e-3, Range::positive())?;
    update.number("beta1", "Decay of the mean.", 0.5, Range::from_to_below(0.0, 1.0))?;
    generator.resolved("update", update.finish()?);
    root.resolved("generator", generator.finish()?);
    root.finish()
}

fn message(source: &str, assignments: &[&str]) -> String {
    let tried = RunSpec::parse(source, "recipe.toml").and_then(|mut spec| {
        assignments.iter().try_for_each(|assignment| spec.set(assignment))?;
        read(&spec)
    });
    match tried {
        Ok(resolved) => format!("no error:\n{}", resolved.to_toml()),
        Err(error) => error.to_string(),
    }
}

fn check(source: &str, expected: &str) {
    assert_eq!(message(source, &[]), expected);
}

fn check_set(assignment: &str, expected: &str) {
    assert_eq!(message(RECIPE, &[assignment]), expected);
}

#[test]
fn wrong_types_show_the_line_and_mark_the_value() {
    check(
        "[generator.update]\n\tlr = \"fast\"\n",
        "recipe.toml:2: generator.update.lr must be a number greater than 0, found \"fast\"\
         \n  2 | \tlr = \"fast\"\n    | \t     ^^^^^^",
    );
    check(
        "steps = 1.5",
        "recipe.toml:1: steps must be a whole number from 1 to 1000000, found 1.5\
         \n  1 | steps = 1.5\n    |         ^^^",
    );
    check("ema = 1", "recipe.toml:1: ema must be true or false, found 1\n  1 | ema = 1\n    |       ^");
    check(
        "name = 1979-05-27",
        "recipe.toml:1: name must be text in quotes, found 1979-05-27\
         \n  1 | name = 1979-05-27\n    |        ^^^^^^^^^^",
    );
    check(
        "generator = [1,\n  2]\n",
        "recipe.toml:1: generator must be a table, found [1, 2]\
         \n  1 | generator = [1,\n    |             ^^^",
    );
}

#[test]
fn wrong_values_say_what_is_allowed() {
    let update = |line: &str| message(&format!("[generator.update]\n{line}"), &[]);
    let first = |text: String| text.lines().next().unwrap_or("").to_owned();
    for bad in ["nan", "inf", "-inf", "0", "-1e-3"] {
        assert_eq!(
            first(update(&format!("lr = {bad}"))),
            format!("recipe.toml:2: generator.update.lr must be a number greater than 0, found {bad}")
        );
    }
    assert_eq!(
        first(update("type = \"adma\"")),
        "recipe.toml:2: generator.update.type must be one of \"adam\", \"rmsprop\", \"sgd\", \
         found \"adma\"; did you mean \"adam\"?"
    );
    assert_eq!(
        first(update("beta1 = 1")),
        "recipe.toml:2: generator.update.beta1 must be a number of at least 0 and less than 1, found 1"
    );
    for bad in ["-5", "0", "1_000_001"] {
        assert_eq!(
            first(message(&format!("steps = {bad}"), &[])),
            format!("recipe.toml:1: steps must be a whole number from 1 to 1000000, found {bad}")
        );
    }
    for bad in ["[]", "[0]", "[64, -1]", "[64, \"a\"]", "64"] {
        assert_eq!(
            first(message(&format!("generator.widths = {bad}"), &[])),
            format!(
                "recipe.toml:1: generator.widths must be a list of 1 to 8 whole numbers, \
                 each from 1 to 4096, found {bad}"
            )
        );
    }
}

#[test]
fn unknown_keys_are_answered_with_the_nearest_name() {
    check(
        "[generator.update]\nlrr = 1\n",
        "recipe.toml:2: unknown key \"lrr\" in [generator.update]; did you mean \"lr\"? \
         (allowed: beta1, lr, type)\n  2 | lrr = 1\n    | ^^^",
    );
    check(
        "seed = 1\n[generatr]\n[zebra]\n",
        "recipe.toml:2: unknown key \"generatr\" at the top level; did you mean \"generator\"? \
         (allowed: ema, generator, name, seed, steps)\n  2 | [generatr]\n    |  ^^^^^^^^",
    );
}

#[test]
fn broken_toml_is_one_sentence_with_its_line() {
    for (source, line) in [
        ("seed = 1\nseed = 2\n", 2),
        ("seed = 1\nname = \"open\nema = true", 2),
        ("seed = \n", 1),
        ("[generator\nx = 1", 1),
        ("=", 1),
        ("lr = 1e999", 1),
        ("seed = 99999999999999999999", 1),
        ("a = 1\n\u{e9}\u{e9} 2", 2),
    ] {
        let text = message(source, &[]);
        assert!(text.starts_with(&format!("recipe.toml:{line}: this is not valid TOML: ")), "{text}");
        assert_eq!(text.lines().count(), 3, "{text}");
    }
}

#[test]
fn messages_about_an_assignment_show_it() {
    check_set(
        "generator.update.lr=fast",
        "--set generator.update.lr=fast: generator.update.lr must be a number greater than 0, found \"fast\"",
    );
    check_set(
        "generator.update.lrr = 1",
        "--set generator.update.lrr = 1: unknown key \"lrr\" in [generator.update]; \
         did you mean \"lr\"? (allowed: beta1, lr, type)",
    );
    check_set("seed", "--set seed: it must be written key=value");
    check_set("seed.x=1", "--set seed.x=1: \"seed\" is a value in the spec, not a table of fields");
    check_set(
        "a..b=1",
        "--set a..b=1: a key is made of letters, digits, \"-\" and \"_\", with dots between tables, found \"\"",
    );
    let open = message(RECIPE, &["generator.widths=[1"]);
    assert!(open.starts_with("--set generator.widths=[1: its value is not valid TOML: "), "{open}");
}

#[test]
fn assignments_are_written_into_the_source() {
    let mut spec = RunSpec::parse(RECIPE, "recipe.toml").unwrap();
    for assignment in [
        "name=/data/my faces",
        "generator.update.lr = 1e-3",
        "generator.update.type=sgd",
        "generator.widths=[8]",
        "seed=3",
        "steps=5",
        "steps=6",
    ] {
        spec.set(assignment).unwrap();
    }
    let expected = "\
# A small recipe.
seed = 3
name = \"/data/my faces\" # kept
steps = 6

[generator]
widths = [8]

[generator.update]
lr = 1e-3
type = \"sgd\"
";
    assert_eq!(spec.source(), expected);
    let again = RunSpec::parse(&spec.source(), "spec.toml").unwrap();
    assert_eq!(read(&again).unwrap(), read(&spec).unwrap());
}

#[test]
fn assignments_build_missing_tables_and_replace_whole_ones() {
    let mut spec = RunSpec::parse("", "recipe ring").unwrap();
    spec.set("generator.update.lr=1").unwrap();
    spec.set("generator.update={ beta1 = 0.9 }").unwrap();
    spec.set("generator.update.type=sgd").unwrap();
    let update = &read(&spec).unwrap().table["generator"]["update"];
    assert_eq!(update.to_string(), "{ type = \"sgd\", lr = 0.001, beta1 = 0.9 }");
    let again = RunSpec::parse(&spec.source(), "spec.toml").unwrap();
    assert_eq!(read(&again).unwrap(), read(&spec).unwrap());
}

#[test]
fn a_plan_has_every_default_and_reads_back_as_itself() {
    let resolved = read(&RunSpec::parse(RECIPE, "recipe.toml").unwrap()).unwrap();
    let plan = resolved.to_toml();
    let expected = "\
seed = 7
steps = 1000
name = \"ring\"
ema = true

[generator]
widths = [64, 64]

[generator.update]
type = \"adam\"
lr = 0.0002
beta1 = 0.5
";
    assert_eq!(plan, expected);
    assert_eq!(read(&RunSpec::parse(&plan, "plan.toml").unwrap()).unwrap(), resolved);
}

#[test]
fn fields_are_documented_under_their_full_names() {
    let resolved = read(&RunSpec::parse("", "defaults").unwrap()).unwrap();
    let names: Vec<&str> = resolved.fields.iter().map(|field| field.name.as_str()).collect();
    let expected = "seed steps name ema generator generator.widths generator.update \
                    generator.update.type generator.update.lr generator.update.beta1";
    assert_eq!(names.join(" "), expected);
    let lr = &resolved.fields[8];
    assert_eq!((lr.default.as_str(), lr.range.as_str()), ("0.001", "greater than 0"));
}

#[test]
fn later_checks_point_at_the_key_or_at_the_spec() {
    let mut spec = RunSpec::parse(RECIPE, "recipe.toml").unwrap();
    spec.set("generator.update.lr=1").unwrap();
    let say = |key: &str| spec.refuse(key, "is too bold").to_string();
    assert_eq!(say("seed"), "recipe.toml:2: seed is too bold\n  2 | seed = 7\n    |        ^");
    assert_eq!(say("steps"), "recipe.toml: steps is too bold");
    assert_eq!(say("generator.update.lr"), "--set generator.update.lr=1: generator.update.lr is too bold");
    assert_eq!(say("generator.nowhere.lr"), "recipe.toml: generator.nowhere.lr is too bold");
}

#[test]
fn unreadable_files_are_named() {
    let missing = std::path::Path::new("/no/such/recipe.toml");
    let text = RunSpec::read(missing).unwrap_err().to_string();
    assert!(text.starts_with("cannot read the spec /no/such/recipe.toml: "), "{text}");
}

#[test]
fn long_and_foreign_values_are_shown_short_and_whole() {
    let long = "\u{e9}".repeat(100);
    let shown = message(RECIPE, &[&format!("generator.update.lr =  {long}")]);
    let ending = format!("greater than 0, found {}...", "\u{e9}".repeat(60));
    assert!(shown.ends_with(&ending), "{shown}");
    check(
        "\u{feff}name = \"\u{ac00}\"\r\nseed = \"\u{ac00}\u{ac01}\"\r\n",
        "recipe.toml:2: seed must be a whole number of at least 0, found \"\u{ac00}\u{ac01}\"\
         \n  2 | seed = \"\u{ac00}\u{ac01}\"\n    |        ^^^^",
    );
}

#[test]
fn numbers_are_those_of_single_precision() {
    let read = |text: &str| {
        let spec = RunSpec::parse(&format!("lr = {text}\n"), "a.toml").unwrap();
        spec.root().number("lr", "", 1.0, Range::at_least(0.0)).map_err(|error| error.to_string())
    };
    for fine in ["0", "1e-37", "3.4e38", "0.5"] {
        assert!(read(fine).is_ok(), "{fine}");
    }
    for lost in ["1e308", "1e39", "1e-46", "1e-40"] {
        let error = read(lost).unwrap_err();
        let text = format!(
            "a.toml:1: lr must be zero or a number of size 1.1754944e-38 to 3.4028235e38, found {lost}"
        );
        assert!(error.starts_with(&text), "{error}");
    }
    assert!(read("-1").unwrap_err().contains("must be a number of at least 0, found -1"));
}

#[test]
fn whole_numbers_beyond_toml_are_given_their_range() {
    let mut spec = RunSpec::parse("", "a.toml").unwrap();
    spec.set("seed=9223372036854775808").unwrap();
    let error = spec.root().count("seed", "", 0, 0..=i64::MAX as u64).unwrap_err().to_string();
    let text = "must be a whole number from 0 to 9223372036854775807, found \"9223372036854775808\"";
    assert!(error.contains(text), "{error}");
}

//! What names stand for, from the real program.

use serde_json::Value;

use crate::place::Place;

#[test]
fn a_remedy_is_explained() {
    let place = Place::new();
    let out = place.done(&["explain", "gradient-penalty"]).out;
    assert!(out.starts_with("remedy gradient-penalty  D's slope between real and generated"), "{out}");
    for text in [
        "`L_D += lambda mean (|grad C(x')| - target)^2`",
        "\n  Shapes\n  - x, G(z): `[batch, ..item]`\n",
        "Declared property: ",
        "  lambda     10.0     at least 0     weight of the penalty\n",
        "use  --set remedies.gradient-penalty={}\n     with ring, grid, swiss-roll, outlines\n",
        "use  --set remedies.gradient-penalty={} --set discriminator.norm=none\n     with glyphs, mnist, ",
    ] {
        assert!(out.contains(text), "{text:?} is not in {out}");
    }
    assert!(!out.contains("[`") && !out.contains('\x1b'), "{out}");
}

#[test]
fn every_name_is_explained() {
    let place = Place::new();
    let rows: Value = serde_json::from_str(&place.done(&["list", "--all", "--json"]).out).unwrap();
    let rows = rows.as_array().unwrap();
    for row in rows {
        let name = row["name"].as_str().unwrap();
        let found: Value = serde_json::from_str(&place.done(&["explain", name, "--json"]).out).unwrap();
        let found = found.as_array().unwrap();
        let own = found.iter().find(|one| one["kind"] == row["kind"]).unwrap();
        assert!(own["doc"] == row["doc"] && !own["use"].as_str().unwrap().is_empty(), "{own}");
        let known = ["loss", "remedy", "scheme", "update", "small game", "recipe", "method", "verdict"];
        let explained = known.iter().all(|kind| row["kind"] != *kind) || own["text"] != "";
        assert!(explained, "{name} has no documentation");
    }
    // The ring is a recipe and a data set; symplectic is a scheme alone.
    let kinds = |name: &str| rows.iter().filter(|row| row["name"] == name).count();
    assert_eq!((kinds("ring"), kinds("symplectic")), (2, 1));
    let ring = place.done(&["explain", "ring"]).out;
    assert!(
        ring.contains("recipe ring") && ring.contains("\ndata ring") && ring.contains("n_modes"),
        "{ring}"
    );
}

#[test]
fn what_explain_says_to_type_works() {
    let place = Place::new();
    for name in ["hinge", "r1", "optimistic", "rmsprop", "cosine", "uniform", "gradients", "subspaces", "mlp"]
    {
        let found: Value = serde_json::from_str(&place.done(&["explain", name, "--json"]).out).unwrap();
        let words: Vec<&str> = found[0]["use"].as_str().unwrap().split(' ').collect();
        assert_eq!(words[0], "--set", "{found}");
        place.done(&[&["train", "small.toml", "--dry-run"], &words[..]].concat());
    }
}

#[test]
fn readings_are_explained() {
    let place = Place::new();
    let out = place.done(&["explain", "samples/reverse_kl"]).out;
    assert!(out.starts_with("reading samples/reverse_kl  how unevenly samples fall"), "{out}");
    for question in ["Formula: sum_k", "Range: 0 to ln K", "Better: ", "When things go wrong: ", "Source: "] {
        assert!(out.contains(question), "{question:?} is not in {out}");
    }
    assert!(
        place.done(&["explain", "samples/class_share/3"]).out.starts_with("reading samples/class_share/*  ")
    );
    place.run(&["explain", "samples/reverse_lk"]).refused("did you mean \"samples/reverse_kl\"?");
    let listed = place.done(&["list", "reading"]).out;
    assert!(listed.contains("  generator/loss ") && listed.contains("  samples/class_share/* "), "{listed}");
    place.done(&["train", "small.toml", "--out", "run"]);
    let readings = place.show("run")["readings"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert!(readings.len() > 8);
    for name in readings {
        place.done(&["explain", &name]);
    }
}

#[test]
fn verdicts_are_explained() {
    let place = Place::new();
    let out = place.done(&["explain", "complete-collapse"]).out;
    assert!(out.starts_with("verdict complete-collapse  all samples are alike"), "{out}");
    for text in [
        "  Told from\n  modes",
        "  Remedies, in the order of the literature; values are fitted to a run\n  - r3gan: `--with r3gan`",
        "use  ganatomy diagnose RUN\n",
        "--stop-when complete-collapse\n",
    ] {
        assert!(out.contains(text), "{text:?} is not in {out}");
    }
    assert!(!place.done(&["explain", "healthy"]).out.contains("Remedies"));
    assert!(place.done(&["list", "verdict"]).out.contains("  complete-collapse "));
}

#[test]
fn unknown_names_suggest_the_nearest() {
    let place = Place::new();
    place
        .run(&["explain", "gradient-penatly"])
        .refused("there is nothing called \"gradient-penatly\"; did you mean \"gradient-penalty\"?");
}

#[test]
fn lists_are_short_unless_all_is_asked_for() {
    let place = Place::new();
    let (few, all) = (place.done(&["list"]).out, place.done(&["list", "--all"]).out);
    for rare in ["\nsmall game\n", "\nprobe\n", "\nschedule\n", "\nverdict\n"] {
        assert!(!few.contains(rare) && all.contains(rare), "{rare}");
    }
    assert!(few.contains("list --all"), "{few}");
    let recipes = place.done(&["list", "recipe"]).out;
    let (whole, methods) = recipes.split_once("\nmethod (laid over a recipe by --with)\n").unwrap();
    assert!(whole.contains("  ring ") && methods.contains("  wgan-gp "), "{recipes}");
    assert!(place.done(&["list", "small-game"]).out.contains("  dirac "));
    assert!(!place.done(&["list", "method"]).out.contains("  ring "));
}

//! Small games through the real program.

use serde_json::Value;

use crate::place::Place;

fn play(place: &Place, arguments: &[&str]) -> Value {
    serde_json::from_str(&place.done(&[&["game"], arguments, &["--json"]].concat()).out).unwrap()
}

#[test]
fn the_bilinear_game_goes_as_theory_says() {
    let place = Place::new();
    let schemes = ["simultaneous", "alternating", "extragradient", "optimistic", "unrolled,k=3"];
    let asked: Vec<&str> = schemes.iter().flat_map(|scheme| ["--scheme", scheme]).collect();
    let json = play(&place, &[&["bilinear", "--start", "1,-1", "--steps", "300"], &asked[..]].concat());
    assert_eq!((&json["coordinates"][1], &json["steps"]), (&"y".into(), &300.into()));
    let outcomes = ["diverges", "cycles", "converges", "converges", "converges"];
    for ((scheme, outcome), play) in schemes.iter().zip(outcomes).zip(json["plays"].as_array().unwrap()) {
        let number = |key: &str| play[key].as_f64().unwrap();
        assert_eq!((play["scheme"].as_str(), play["outcome"].as_str()), (Some(*scheme), Some(outcome)));
        assert!((number("factor") - number("theory")).abs() < 1e-8, "{play}");
        assert_eq!((number("start_radius"), &play["start"]), (2f64.sqrt(), &serde_json::json!([1.0, -1.0])));
    }
    let radius = json["plays"][0]["end_radius"].as_f64().unwrap();
    assert!((radius / (2f64.sqrt() * 1.01f64.powi(150)) - 1.0).abs() < 1e-9, "{radius}");
}

#[test]
fn a_table_is_for_people() {
    let place = Place::new();
    let out = place.done(&["game", "bilinear"]).out;
    assert!(out.starts_with("bilinear game, lr 0.1, 500 steps\n  scheme "), "{out}");
    assert!(
        out.contains("simultaneous    1.004987562  1.004987562         1.414       17.02   diverges"),
        "{out}"
    );
    let out = place.done(&["game", "dirac", "--set", "update.lr=0.2", "--set", "remedies.r1={gamma=1}"]).out;
    assert!(out.starts_with("dirac game, remedies.r1={gamma=1}, lr 0.2, 500 steps\n"), "{out}");
    assert!(out.contains("alternating") && out.contains(" - ") && out.contains("converges"), "{out}");
}

#[test]
fn a_method_lends_its_loss_and_remedies() {
    let place = Place::new();
    let end =
        |more: &[&str]| play(&place, &[&["dirac", "--steps", "50"], more].concat())["plays"][0]["end"].take();
    let by_name = end(&["--loss", "wgan-gp"]);
    let by_hand = end(&["--loss", "wasserstein", "--set", "remedies.gradient-penalty.lambda=10"]);
    assert_eq!(by_name, by_hand);
    assert_ne!(by_name, end(&["--loss", "wasserstein"]));
}

#[test]
fn divergence_is_a_result() {
    let place = Place::new();
    let out = place.done(&["game", "bilinear", "--lr", "1e9", "--steps", "100", "--out", "x.svg"]).out;
    assert!(out.contains("diverged at step 35"), "{out}");
    assert_eq!(play(&place, &["bilinear", "--lr", "1e9", "--steps", "100"])["plays"][0]["diverged_at"], 35);
}

#[test]
fn paths_are_drawn_in_three_formats() {
    let place = Place::new();
    let draw = |game: &str, out: &str| {
        let ran = place.done(&["game", game, "--steps", "60", "--out", out]);
        assert!(ran.out.ends_with(&format!("{out} holds the paths\n")), "{}", ran.out);
        std::fs::read(place.at(out)).unwrap()
    };
    assert!(draw("bilinear", "x.png").starts_with(b"\x89PNG"));
    assert!(draw("dirac", "x.GIF").starts_with(b"GIF89a"));
    let svg = String::from_utf8(draw("bilinear", "x.svg")).unwrap();
    assert!(svg.contains(">x (player a)<") && svg.contains("distance to the equilibrium"), "{svg}");
    // Four numbers do not fit a plane, so neither do their distances.
    let svg = String::from_utf8(draw("four-player", "y.svg")).unwrap();
    assert!(svg.contains("2 of 4 numbers are drawn") && !svg.contains("distance"), "{svg}");
}

#[test]
fn wrong_requests_write_nothing() {
    let place = Place::new();
    let before = place.tree();
    let check = |arguments: &[&str], text: &str| {
        place.run(&[&["game"], arguments, &["--out", "x.png"]].concat()).refused(text);
    };
    check(&["bilinar"], "there is no small game \"bilinar\"; did you mean \"bilinear\"?");
    check(
        &["dirac", "--scheme", "optimstic"],
        "there is no scheme \"optimstic\"; did you mean \"optimistic\"?",
    );
    check(&["dirac", "--loss", "wgn-gp"], "there is no loss or method \"wgn-gp\"; did you mean \"wgan-gp\"?");
    check(&["dirac", "--loss", "began"], "--loss began:1: loss.kind needs a discriminator that reconstructs");
    check(&["bilinear", "--loss", "hinge"], "has no discriminator");
    check(&["bilinear", "--lr", "-0.1"], "--lr must be a number greater than 0, found -0.1");
    check(&["bilinear", "--lr", "0"], "found 0");
    check(&["bilinear", "--lr", "fast"], "found fast");
    check(&["bilinear", "--start", "1"], "--start must be 2 numbers (x, y), found 1");
    check(&["bilinear", "--start", "-1,x"], "--start must be numbers with commas between");
    check(&["bilinear", "--start", "1,inf"], "--start must be numbers");
    check(&["bilinear", "--scheme", "unrolled,q=3"], "--scheme unrolled,q=3: unknown key \"q\" in [scheme]");
    check(&["bilinear", "--scheme", "unrolled,k"], "--scheme unrolled,k: it must be written key=value");
    check(&["bilinear", "--set", "update.lrr=1"], "did you mean \"lr\"?");
    check(&["four-player", "--scheme", "unrolled"], "this game has 4");
    place
        .run(&["game", "bilinear", "--out", "x.jpg"])
        .refused("drawn as .svg, .png or .gif, found --out x.jpg");
    place.run(&["game", "bilinear", "--out", "no/where.png"]).refused("no/where.png");
    assert_eq!(place.tree(), before);
}

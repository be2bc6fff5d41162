//! Methods laid over recipes.

use crate::place::Place;

/// The plan of a dry run.
fn plan(place: &Place, arguments: &[&str]) -> serde_json::Value {
    let ran = place.done(&[&["train"], arguments, &["--dry-run", "--json"]].concat());
    serde_json::from_str::<serde_json::Value>(&ran.out).unwrap()["plan"].take()
}

#[test]
fn a_method_replaces_what_it_names_and_leaves_the_rest() {
    let place = Place::new();
    let plan = plan(&place, &["ring", "--with", "wgan-gp", "--set", "generator.update.lr=3e-4"]);
    assert_eq!((plan["name"].as_str(), plan["batch"].as_i64()), (Some("ring-wgan-gp"), Some(512)));
    assert_eq!(plan["loss"]["kind"], "wasserstein");
    assert_eq!(plan["remedies"]["gradient-penalty"]["lambda"], 10.0);
    assert_eq!((&plan["scheme"]["d_steps"], &plan["generator"]["z_dims"]), (&5.into(), &4.into()));
    let lr = |player: &str| plan[player]["update"]["lr"].as_f64();
    assert_eq!((lr("generator"), lr("discriminator")), (Some(3e-4), Some(1e-4)));
    // The ring's falling learning rate went with the update it belonged to.
    assert_eq!(plan["generator"]["update"]["schedule"]["kind"], "constant");
}

#[test]
fn a_change_of_kind_leaves_out_what_belonged_to_the_old_one_and_says_so() {
    let place = Place::new();
    let dry = |arguments: &[&str]| place.done(&[&["train"], arguments, &["--dry-run"]].concat());
    for (arguments, text) in [
        (&["ring", "--set", "generator.update.kind=sgd"][..], "generator.update.beta1 = 0.5"),
        (&["ring", "--set", "average.kind=none"], "average.decay = 0.998"),
        (
            &["ring", "--set", "generator.update.schedule.kind=constant"],
            "generator.update.schedule.from = 0.4",
        ),
        (&["glyphs", "--set", "generator.kind=mlp"], "generator.dense = 512, generator.width = 32"),
        (&["ring", "--set", "game.kind=imle", "--set", "scheme.kind=simultaneous"], "[discriminator]"),
        (&["ring", "--with", "wgan"], "generator.update.schedule.from = 0.4"),
    ] {
        let ran = dry(arguments);
        assert!(ran.err.contains("note: left out, ") && ran.err.contains(text), "{arguments:?}: {}", ran.err);
        assert!(ran.out.contains("  left out ") && ran.out.contains("\ndropped = ["), "{}", ran.out);
    }
    assert!(!dry(&["ring", "--set", "generator.update.kind=adam"]).err.contains("left out"));
    place
        .run(&[
            "train",
            "ring",
            "--set",
            "generator.update.kind=sgd",
            "--set",
            "generator.update.beta1=0.5",
            "--dry-run",
        ])
        .refused("unknown key \"beta1\" in [generator.update]");
    place
        .run(&["train", "ring", "--set", "game.kind=imle", "--set", "loss.kind=hinge", "--dry-run"])
        .refused("loss must be left out: this game has no discriminator");
    // What is left makes a run that says the same of itself.
    place.done(&[
        "train",
        "small.toml",
        "--steps",
        "3",
        "--out",
        "run",
        "--set",
        "generator.update.kind=sgd",
    ]);
    place.done(&["train", "--resume", "run", "--steps", "5"]);
    assert!(!dry(&["run/spec.toml"]).err.contains("left out"));
}

#[test]
fn methods_stand_alone_and_in_any_number() {
    let place = Place::new();
    let alone = plan(&place, &["wgan-gp"]);
    assert_eq!((&alone["name"], &alone["data"]["kind"]), (&"wgan-gp".into(), &"ring".into()));
    place.write("mine.toml", b"name = \"mine\"\n[loss]\nkind = \"hinge\"\n[remedies.r1]\n");
    let both = plan(&place, &["small.toml", "--with", "wgan-gp", "--with", "mine.toml", "--set", "steps=3"]);
    assert_eq!(
        (&both["name"], &both["loss"]["kind"], &both["steps"]),
        (&"mine".into(), &"hinge".into(), &3.into())
    );
    let remedies: Vec<&String> = both["remedies"].as_object().unwrap().keys().collect();
    assert_eq!(remedies, ["gradient-penalty", "r1"]);
    let other_order = plan(&place, &["small.toml", "--with", "mine.toml", "--with", "wgan-gp"]);
    assert_eq!(other_order["loss"]["kind"], "wasserstein");
}

#[test]
fn a_run_with_a_method_keeps_the_whole_spec() {
    let place = Place::new();
    place.done(&["train", "small.toml", "--with", "wgan-gp", "--steps", "3", "--out", "run"]);
    let spec = place.read("run/spec.toml");
    assert!(
        spec.contains("kind = \"wasserstein\"") && spec.contains("[remedies.gradient-penalty]"),
        "{spec}"
    );
    let again = plan(&place, &["run/spec.toml"]);
    assert_eq!(again["scheme"]["d_steps"], 5);
    place.done(&["train", "--resume", "run", "--steps", "5"]);
}

#[test]
fn an_empty_table_turns_a_remedy_on() {
    let place = Place::new();
    let plan = plan(&place, &["ring", "--set", "remedies.r1={}"]);
    assert!(plan["remedies"]["r1"]["gamma"].is_number(), "{plan}");
}

#[test]
fn a_resumed_run_keeps_its_remedies() {
    let place = Place::new();
    place.done(&["train", "small.toml", "--set", "remedies.r1.gamma=3", "--steps", "3", "--out", "run"]);
    let resume =
        |set: &str| place.run(&["train", "--resume", "run", "--steps", "5", "--set", set, "--dry-run"]);
    for set in ["remedies.r2={}", "remedies.r2.gamma=1", "remedies.r1.gamma=1"] {
        resume(set).refused("run cannot be resumed with another spec: remedies.r");
    }
    assert!(resume("remedies.r1={}").out.contains("gamma = 3"));
}

#[test]
fn mistakes_name_the_text_they_were_written_in() {
    let place = Place::new();
    place.write("mine.toml", b"[loss]\nkind = \"hinge\"\nmargn = 1\n");
    let before = place.tree();
    let refused = |with: &str, text: &str| place.run(&["train", "ring", "--with", with]).refused(text);
    refused("mine.toml", "mine.toml:3: unknown key \"margn\" in [loss]");
    refused("wgan-pg", "there is no recipe \"wgan-pg\"; did you mean \"wgan-gp\"?");
    refused("none.toml", "cannot read the spec none.toml");
    assert_eq!(place.tree(), before);
}

//! Lessons through the real program.

use serde_json::Value;

use crate::place::Place;

#[test]
fn lessons_are_listed_in_reading_order() {
    let place = Place::new();
    let out = place.done(&["lesson"]).out;
    assert!(out.starts_with("lessons, in reading order\n") && out.contains("saddle"), "{out}");
    let listed: Value = serde_json::from_str(&place.done(&["lesson", "--json"]).out).unwrap();
    let names: Vec<&str> = listed.as_array().unwrap().iter().map(|l| l["name"].as_str().unwrap()).collect();
    let order = ["saddle", "divergences", "unrolled", "loss-zoo", "hyperparameters", "remedies"];
    let found = order.map(|name| names.iter().position(|known| *known == name));
    assert!(found.iter().all(Option::is_some) && found.is_sorted(), "{names:?}");
}

#[test]
fn a_lesson_is_one_page_its_pictures_and_its_checks() {
    let place = Place::new();
    let given: Value = serde_json::from_str(&place.done(&["lesson", "saddle", "--json"]).out).unwrap();
    let lesson = &given[0];
    assert_eq!((&lesson["lesson"], &lesson["passed"]), (&"saddle".into(), &true.into()));
    let html = place.read(lesson["page"].as_str().unwrap());
    assert!(html.contains("<math") && html.contains("안장점") && html.contains("1.00498756"));
    for check in lesson["checks"].as_array().unwrap() {
        assert!(check["measured"].is_number() && check["holds"] == true, "{check}");
    }
    for picture in lesson["pictures"].as_array().unwrap() {
        let bytes = std::fs::read(place.at(picture.as_str().unwrap())).unwrap();
        let known = [&b"\x89PNG"[..], b"GIF89a", b"<svg"].iter().any(|start| bytes.starts_with(start));
        assert!(known, "{picture}");
    }
    // Pages that are not there are not linked to.
    assert!(!html.contains("index.html") && !html.contains("rel=\"prev\""));
    // The same request gives the same bytes.
    let before = place.tree();
    place.done(&["lesson", "saddle", "--threads", "1"]);
    assert!(place.tree() == before);
}

#[test]
fn wrong_requests_write_nothing() {
    let place = Place::new();
    place.write("file", b"");
    let before = place.tree();
    let check = |arguments: &[&str], text: &str| {
        place.run(&[&["lesson"], arguments].concat()).refused(text);
    };
    check(&["sadle"], "there is no lesson \"sadle\"; did you mean \"saddle\"?");
    check(&["saddle", "--data", "nowhere"], "--data nowhere is not a folder");
    check(&["saddle", "--out", "file/below"], "cannot make the folder file/below");
    assert_eq!(place.run(&["lesson", "saddle", "--quick", "--full"]).code, Some(2));
    assert!(place.tree() == before);
}

//! The page of made-up studies.

use super::*;
use crate::answer::testing::{Bare, study};

fn html(results: &crate::Results, folder: &Path) -> String {
    let answer = Answer::of(results, &Bare).unwrap();
    let place = Place { study: folder, links: "../", command: "ganatomy study report STUDY".to_owned() };
    let html = report(&answer, &place).unwrap();
    // The page's own words, without the chart library.
    html.replace(&ganatomy_view::page::library(), "")
}

#[test]
fn a_page_tells_all_in_both_languages() {
    let folder = tempfile::tempdir().unwrap();
    let samples = folder.path().join("runs/00005/samples");
    std::fs::create_dir_all(&samples).unwrap();
    let png = |bytes: &[u8]| [b"\x89PNG", bytes].concat();
    std::fs::write(samples.join("900.png"), png(b"old")).unwrap();
    std::fs::write(samples.join("1000.png"), png(b"new")).unwrap();
    let high = [7.0, 8.0, 7.5, 7.2, 9.0, 8.8].map(Some);
    let low = [Some(1.0), Some(2.0), None, Some(3.0), Some(1.5), Some(2.5)];
    let html = html(&study(&[("ns <gan>", &low), ("dragan", &high)]), folder.path());
    for part in [
        "What can be concluded",
        "결론",
        "dragan is better than ns &lt;gan&gt;",
        "7.750\u{a0}[7.",
        "1\u{a0}/\u{a0}6\u{a0}(3.0",
        "told apart",
        "구별됨",
        "Score profiles",
        "<a href=\"../runs/00003/\">",
        "<a href=\"../runs/00002/\">2</a>",
        "diverged: generator/loss",
        "Wilson",
    ] {
        assert!(html.contains(part), "{part} is not on the page");
    }
    // What charts say is data of a script, which is no markup.
    let markup = html.split("id=\"figures\"").next().unwrap();
    assert!(!markup.contains("<gan>") && !markup.contains("NaN"));
    assert!(!html.contains("http://") && !html.contains("src=\"http"), "nothing is fetched");
}

#[test]
fn the_last_picture_is_shown_and_missing_ones_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let samples = folder.path().join("runs/00000/samples");
    std::fs::create_dir_all(&samples).unwrap();
    let png = |bytes: &[u8]| [b"\x89PNG", bytes].concat();
    for (name, bytes) in [("900.png", &b"old"[..]), ("1000.png", b"new"), ("1000.npy", b"no")] {
        std::fs::write(samples.join(name), png(bytes)).unwrap();
    }
    let html = html(&study(&[("a", &[Some(3.0), Some(2.0), Some(1.0)])]), folder.path());
    assert!(html.contains("data:image/png;base64,iVBOR25ldw==") && !html.contains("iVBOR29sZA"));
    assert!(html.contains("Of 2 runs no picture was found"));
}

#[test]
fn studies_without_runs_or_scores_have_pages() {
    let folder = tempfile::tempdir().unwrap();
    let page = |results| html(&results, folder.path());
    assert!(page(study(&[("a", &[])])).contains("The study has no runs yet"));
    let failed = page(study(&[("a", &[None, None]), ("b", &[None])]));
    assert!(failed.contains("No run of a and b finished") && !failed.contains("NaN"));
    assert!(page(study(&[("a", &[Some(1.0)])])).contains("There is one arm"));
}

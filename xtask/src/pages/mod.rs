//! `cargo xtask pages`: pages in a real browser, wide and narrow, light and dark, in both languages.

mod browser;

use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::Trouble;
use browser::Browser;

/// The views of a page, of which two that lie beside each other show both languages, both widths and both schemes.
const VIEWS: [View; 4] = [
    View { language: "en", width: 1100, scheme: "light" },
    View { language: "ko", width: 390, scheme: "dark" },
    View { language: "ko", width: 1100, scheme: "light" },
    View { language: "en", width: 390, scheme: "dark" },
];
struct View {
    language: &'static str,
    width: u64,
    scheme: &'static str,
}

/// Changes the language, waits for the charts, and returns what is wrong. Every slider is moved once.
const LOOK: &str = include_str!("look.js");

/// Checks every page of a folder; with a second folder, keeps a picture of every view there.
pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<(), Trouble> {
    let (folder, pictures) = match arguments {
        [folder] => (root.join(folder), None),
        [folder, flag, to] if flag == "--pictures" => (root.join(folder), Some(root.join(to))),
        _ => {
            let usage = "takes a folder of pages, and --pictures DIR to keep what was seen";
            return Err(Trouble::Request(format!("{usage}, found {arguments:?}")));
        }
    };
    let pages = pages(&folder).map_err(Trouble::Request)?;
    // A browser draws on one core.
    let (first, second) = pages.split_at(pages.len() / 2);
    let (first, second) = std::thread::scope(|scope| {
        let other = scope.spawn(|| survey(second, pictures.as_deref()));
        (survey(first, pictures.as_deref()), other.join())
    });
    let second = second.map_err(|_panicked| "a thread that looks at pages broke off".to_owned())?;
    let (Some(mut wrong), Some(more)) = (first?, second?) else {
        eprintln!("pages: skipped, because there is no chromedriver (Debian: chromium-driver)");
        return Ok(());
    };
    wrong.extend(more);
    if !wrong.is_empty() {
        return Err(Trouble::Failed(wrong.concat()));
    }
    eprintln!("pages: {} looked at in both languages, wide and narrow, light and dark", pages.len());
    Ok(())
}

/// What is wrong with these pages; `None` without a browser.
fn survey(pages: &[PathBuf], pictures: Option<&Path>) -> Result<Option<Vec<String>>, String> {
    let Some(browser) = Browser::start()? else { return Ok(None) };
    let mut wrong = Vec::new();
    // Pictures are kept of every view; otherwise pages take turns with the first two and the last two.
    let views = |i: usize| if pictures.is_some() { &VIEWS[..] } else { &VIEWS[i % 2 * 2..][..2] };
    let all = pages.iter().enumerate().flat_map(|(i, page)| views(i).iter().map(move |view| (page, view)));
    for (page, view) in all {
        let found = look(&browser, page, view)?;
        wrong
            .extend(found.into_iter().map(|what| format!("\n  {}, {}: {what}", page.display(), view.name())));
        if let Some(pictures) = pictures {
            keep(&browser, pictures, page, view)?;
        }
    }
    Ok(Some(wrong))
}

impl View {
    fn name(&self) -> String {
        format!("{}-{}-{}", self.language, self.width, self.scheme)
    }
}

/// The pages of a folder by name.
fn pages(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let refused = |what: &dyn std::fmt::Display| format!("{}: {what}", folder.display());
    let entries = folder.canonicalize().and_then(std::fs::read_dir).map_err(|error| refused(&error))?;
    let paths = entries.flatten().map(|entry| entry.path());
    let mut pages: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|e| e == "html")).collect();
    pages.sort();
    if pages.is_empty() { Err(refused(&"there is no page in it")) } else { Ok(pages) }
}

/// What is wrong with a page in a view.
fn look(browser: &Browser, page: &Path, view: &View) -> Result<Vec<String>, String> {
    let size = json!({"width": view.width, "height": 900, "deviceScaleFactor": 1, "mobile": false});
    browser.command("Emulation.setDeviceMetricsOverride", &size)?;
    let scheme = json!({"features": [{"name": "prefers-color-scheme", "value": view.scheme}]});
    browser.command("Emulation.setEmulatedMedia", &scheme)?;
    // Each view starts anew and in the other language, so that the switch is tested too.
    let other = if view.language == "en" { "ko" } else { "en" };
    browser.open(&format!("file://{}?lang={other}", page.display()))?;
    let answer = browser.ask(&LOOK.replace("LANGUAGE", view.language))?;
    let told = answer.as_array().ok_or_else(|| format!("{} told nothing", page.display()))?;
    Ok(told.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}

/// Keeps a picture of the whole page.
fn keep(browser: &Browser, folder: &Path, page: &Path, view: &View) -> Result<(), String> {
    let shot = browser
        .command("Page.captureScreenshot", &json!({"format": "png", "captureBeyondViewport": true}))?;
    let png =
        STANDARD.decode(shot["data"].as_str().unwrap_or_default()).map_err(|error| error.to_string())?;
    let stem = page.file_stem().unwrap_or_default().to_string_lossy();
    let path = folder.join(format!("{stem}-{}.png", view.name()));
    let written = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&path, png));
    written.map_err(|error| format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_checked() {
        let refused = |arguments: &[&str]| {
            let arguments: Vec<String> = arguments.iter().map(|a| (*a).to_owned()).collect();
            matches!(run(Path::new("."), &arguments), Err(Trouble::Request(_)))
        };
        assert!(refused(&[]) && refused(&["a", "--picture", "b"]) && refused(&["no-such-folder"]));
    }

    /// A page with a script error, a missing chart, too much width, and nothing in the other language.
    #[test]
    fn what_is_wrong_is_found() {
        let Some(browser) = Browser::start().unwrap() else {
            eprintln!("skipped: there is no chromedriver");
            return;
        };
        let folder = std::env::temp_dir().join(format!("ganatomy-pages-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let broken = r#"<!DOCTYPE html><html data-error="oh no" data-drawn="1"><body style="width: 3000px">
            <div data-figure="a"></div><button data-language="en">English</button>
            <script type="application/json" id="figures">{"a": {"stepped": false, "charts": [{}, {}]}}</script>"#;
        std::fs::write(folder.join("broken.html"), broken).unwrap();
        let found = look(&browser, &folder.join("broken.html"), &VIEWS[0]).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        let expected = ["a script failed: oh no", "1 of 2 charts were drawn", "px wider than the window"];
        for expected in expected {
            assert!(found.iter().any(|told| told.contains(expected)), "{expected}: {found:?}");
        }
    }
}

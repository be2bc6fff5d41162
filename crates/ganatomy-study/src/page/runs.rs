//! Runs one by one: pictures of the best, the median and the worst, and those that failed.

use std::fs;
use std::path::{Path, PathBuf};

use ganatomy_record::SampleFile;
use ganatomy_view::page::{Exhibit, Pictures, Row, Shot};
use ganatomy_view::{Words, draw_samples};

use super::{Part, Place, link};
use crate::answer::number::{told, whole};
use crate::answer::{Answer, FailedRun, ShownRun, Which};

/// Larger pictures are left out, which keeps a page small.
const MOST_BYTES: u64 = 1 << 20;
/// Failed runs in the table.
const MOST_FAILED: usize = 25;

/// Samples of the best, the median and the worst run of each arm.
pub(super) fn shown(answer: &Answer, place: &Place<'_>) -> Option<Part> {
    if answer.shown.is_empty() {
        return None;
    }
    let shots: Vec<(usize, Shot)> = answer.shown.iter().map(|run| (run.arm, shot(run, place))).collect();
    let missing = shots.iter().filter(|(_, shot)| shot.png.is_none()).count();
    let rows = shots.chunk_by(|a, b| a.0 == b.0).map(|shots| Row {
        name: Words::both(answer.arms.get(shots[0].0).map(|arm| arm.name.clone()).unwrap_or_default()),
        shots: shots.iter().map(|(_, shot)| shot.clone()).collect(),
    });
    let pictures = Pictures { title: Words::NONE, rows: rows.collect() };
    let (gone, gone_ko) = match missing {
        0 => (String::new(), String::new()),
        n => (
            format!(
                " Of {} no picture was found: their folders are gone, out of reach, or hold none.",
                counted(n)
            ),
            format!(" 실행 {}개는 폴더가 없거나 닿지 않거나 그림이 없어 그림을 보일 수 없습니다.", whole(n)),
        ),
    };
    let text = Words::of(
        format!(
            "## Best, median and worst run of each arm\n\nTheir last samples; the links lead to the runs' folders.{gone}\n\n![](shown)"
        ),
        format!(
            "## 군마다 최고, 중앙, 최저 실행\n\n마지막 표본입니다. 링크는 실행의 폴더로 이어집니다.{gone_ko}\n\n![](shown)"
        ),
    );
    Some(Part { text, shows: vec![("shown", Exhibit::Pictures(pictures))] })
}

fn counted(n: usize) -> String {
    if n == 1 { "1 run".to_owned() } else { format!("{} runs", whole(n)) }
}

fn shot(run: &ShownRun, place: &Place<'_>) -> Shot {
    let (which, which_ko) = match run.which {
        Which::Best => ("best", "최고"),
        Which::Median => ("median", "중앙"),
        Which::Worst => ("worst", "최저"),
    };
    let score = told(run.score);
    let png = run.folder.as_deref().and_then(|folder| last_picture(&place.study.join(folder)));
    let (none, none_ko) = if png.is_none() { (" (no picture)", " (그림 없음)") } else { ("", "") };
    Shot {
        png,
        words: Words::of(
            format!("{which}: {score}, seed {}, run {}{none}", run.seed, run.run),
            format!("{which_ko}: {score}, 시드 {}, 실행 {}{none_ko}", run.seed, run.run),
        ),
        link: run.folder.as_deref().map(|folder| link::to(place.links, folder)),
    }
}

/// The last samples of a run as a picture, if they are there. Runs of a study draw none themselves, so that they take no time for it.
fn last_picture(folder: &Path) -> Option<Vec<u8>> {
    let last = |extension: &str| {
        let files = fs::read_dir(folder.join("samples")).ok()?.flatten().map(|entry| entry.path());
        let files = files.filter(|path| path.extension().is_some_and(|e| e == extension));
        // Names hold the step; a longer one is a later one.
        files.max_by_key(|path| (path.as_os_str().len(), path.clone()))
    };
    let drawn = last("png").and_then(|path| {
        let fits = fs::metadata(&path).is_ok_and(|file| file.is_file() && file.len() <= MOST_BYTES);
        fits.then(|| fs::read(&path).ok()).flatten().filter(|bytes| bytes.starts_with(b"\x89PNG"))
    });
    let draw = |path: PathBuf| draw_samples(&SampleFile::read(&path).ok()?).ok()?.to_png().ok();
    drawn.or_else(|| last("safetensors").and_then(draw)).filter(|bytes| bytes.len() as u64 <= MOST_BYTES)
}

/// The runs that failed, with why.
pub(super) fn failed(answer: &Answer, place: &Place<'_>) -> Option<Part> {
    let failures = &answer.failures;
    if failures.n == 0 {
        return None;
    }
    let kinds: Vec<String> =
        failures.kinds.iter().map(|(kind, n)| format!("{} {}", link::escaped(kind), whole(*n))).collect();
    let line = |run: &FailedRun| {
        let name = |names: Option<&String>| names.map(|name| link::escaped(name)).unwrap_or_default();
        format!(
            "| {} | {} | {} | {} | {} | {} |",
            link::run(place.links, run.run, run.folder.as_deref()),
            name(answer.arms.get(run.arm).map(|arm| &arm.name)),
            name(answer.stages.get(run.stage)),
            run.seed,
            run.steps,
            link::escaped(&run.why)
        )
    };
    let lines: Vec<String> = failures.runs.iter().take(MOST_FAILED).map(line).collect();
    let (more, more_ko) = match failures.n - lines.len() {
        0 => (String::new(), String::new()),
        n => (
            format!(
                " Of {} it is shown here, the last stage first; the other {} are in the CSV.",
                lines.len(),
                whole(n)
            ),
            format!(" 마지막 단계부터 {}개만 보이며 나머지 {}개는 CSV에 있습니다.", lines.len(), whole(n)),
        ),
    };
    let (lines, kinds) = (lines.join("\n"), kinds.join(", "));
    let text = Words::of(
        format!(
            "## Runs that failed\n\n{kinds}.{more}\n\n| Run | Arm | Stage | Seed | Steps | Why |\n|---|---|---|---|---|---|\n{lines}"
        ),
        format!(
            "## 실패한 실행\n\n{kinds}.{more_ko}\n\n| 실행 | 군 | 단계 | 시드 | 걸음 | 이유 |\n|---|---|---|---|---|---|\n{lines}"
        ),
    );
    Some(Part { text, shows: vec![] })
}

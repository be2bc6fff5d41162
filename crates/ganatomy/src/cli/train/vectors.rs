//! The vector instructions of a run: kept in its plan, since the last bits of a result depend on them.

use ganatomy_record::RunFolder;
use ganatomy_tensor::cpu::Level;

use super::plan::SESSION;
use crate::cli::screen::Screen;

/// Their key in the table of `plan.toml` about the machine.
pub(super) const KEY: &str = "simd";

/// The vector instructions that this process computes with.
pub(super) fn name() -> String {
    Level::detect().to_string()
}

/// Says so where a run goes on with other vector instructions than it had.
pub(super) fn remark(folder: &RunFolder, screen: &Screen) {
    let plan = folder.plan().ok();
    let before = plan.as_ref().and_then(|plan| plan.get(SESSION)?.get(KEY)?.as_str());
    if let Some(text) = before.and_then(|before| remarked(before, &name())) {
        screen.note(&text);
    }
}

fn remarked(before: &str, now: &str) -> Option<String> {
    let differ = || {
        format!(
            "the run was computed with {before} vectors and goes on with {now}: sums are rounded in another order, so it \
             will not repeat bit for bit; GANATOMY_SIMD={before} keeps to the former, where the processor has them"
        )
    };
    (before != now).then(differ)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_change_is_remarked() {
        assert_eq!(remarked("avx2", "avx2"), None);
        let text = remarked("avx512", "avx2").unwrap();
        assert!(text.contains("with avx512 vectors") && text.contains("goes on with avx2"), "{text}");
    }
}

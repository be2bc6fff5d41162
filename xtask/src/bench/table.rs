//! What was measured, for people and for programs.

use super::runner::Measure;

/// The lines about one workload; `peak` in GFLOP/s.
pub(super) fn workload(name: &str, all: &[Measure], peak: f64) -> String {
    let mut names: Vec<&str> = Vec::new();
    for measure in all.iter().filter(|m| m.workload == name) {
        if !names.contains(&measure.contender.as_str()) {
            names.push(&measure.contender);
        }
    }
    let own = median(all, name, "ganatomy");
    let mut lines = vec![format!("{name}")];
    let best =
        names.iter().filter(|n| **n != "ganatomy").map(|n| median(all, name, n)).fold(f64::NAN, f64::min);
    for contender in names {
        let ms = median(all, name, contender);
        let least = of(all, name, contender).map(|m| m.min_ms).fold(f64::NAN, f64::min);
        lines.push(format!(
            "  {contender:<22} median {ms:9.3} ms   min {least:9.3} ms   {:5.2} x ours",
            ms / own
        ));
    }
    if let Some(ours) = of(all, name, "ganatomy").find(|m| m.gflop.is_some()) {
        let gflop = ours.gflop.unwrap_or(f64::NAN);
        lines.push(format!(
            "  {gflop:.3} GFLOP a step, {:.0} % of peak; compiled in {:.3} s; {:.0} MiB at most",
            gflop / own / peak * 1e5,
            ours.compile_secs.unwrap_or(f64::NAN),
            ours.peak_memory_mib.unwrap_or(f64::NAN),
        ));
    }
    if best.is_finite() {
        lines.push(format!("  {:.2} times as fast as the best peer", best / own));
    }
    lines.join("\n") + "\n"
}

fn of<'a>(all: &'a [Measure], workload: &'a str, contender: &'a str) -> impl Iterator<Item = &'a Measure> {
    all.iter().filter(move |m| m.workload == workload && m.contender == contender)
}

/// The median over rounds of each round's median.
fn median(all: &[Measure], workload: &str, contender: &str) -> f64 {
    let mut ms: Vec<f64> = of(all, workload, contender).map(|m| m.median_ms).collect();
    ms.sort_by(f64::total_cmp);
    ms.get(ms.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Everything as one JSON object.
pub(super) fn json(all: &[Measure], peak: f64, independent: f64) -> String {
    let line = |m: &Measure| {
        format!(
            "  {{\"workload\": \"{}\", \"contender\": \"{}\", \"median_ms\": {}, \"min_ms\": {}}}",
            m.workload, m.contender, m.median_ms, m.min_ms
        )
    };
    let rows: Vec<String> = all.iter().map(line).collect();
    format!(
        "{{\"peak_gflops\": {peak}, \"two_runs_throughput\": {independent}, \"measures\": [\n{}\n]}}\n",
        rows.join(",\n")
    )
}

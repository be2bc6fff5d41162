//! What was measured, for people and for programs.

use serde_json::{Value, json};

use super::runner::{Measure, OURS};

/// One contender's rounds on one workload together.
struct Row<'a> {
    contender: &'a str,
    /// The median over rounds of each round's median.
    median_ms: f64,
    min_ms: f64,
    /// The most of any round.
    peak_memory_mib: Option<f64>,
}

/// One workload: ours and the peers.
struct Summary<'a> {
    rows: Vec<Row<'a>>,
    /// Our first measure.
    ours: &'a Measure,
    own_ms: f64,
    peak_gflops: f64,
}

/// The lines about one workload; `peak` in GFLOP/s.
pub(super) fn text(workload: &str, all: &[Measure], peak: f64) -> String {
    let Some(summary) = Summary::new(workload, all, peak) else {
        return format!("{workload}: not measured\n");
    };
    let ours = summary.ours;
    let known = |value: Option<f64>, digits: usize| value.map_or("?".into(), |x| format!("{x:.digits$}"));
    let mut lines = vec![format!(
        "{workload}: {} GFLOP a step, {:.0} % of peak; traced and compiled in {} s; {} bytes allocated a step",
        known(ours.gflop, 3),
        summary.share_of_peak().unwrap_or(f64::NAN) * 100.0,
        known(ours.compile_secs, 3),
        known(ours.bytes_per_step, 0),
    )];
    lines.push(format!(
        "  {:<22} {:>10} {:>10} {:>10} {:>10}",
        "", "median ms", "min ms", "x ours", "peak MiB"
    ));
    for row in &summary.rows {
        let (median, min, times) = (row.median_ms, row.min_ms, row.median_ms / summary.own_ms);
        let memory = known(row.peak_memory_mib, 0);
        lines.push(format!("  {:<22} {median:>10.3} {min:>10.3} {times:>10.2} {memory:>10}", row.contender));
    }
    if let Some((name, ratio)) = summary.best_peer() {
        lines.push(format!("  {ratio:.2} times as fast as the best peer, {name}"));
    }
    lines.join("\n") + "\n"
}

/// One workload as JSON.
pub(super) fn json(workload: &str, all: &[Measure], peak: f64) -> Value {
    let Some(summary) = Summary::new(workload, all, peak) else {
        return json!({ "workload": workload });
    };
    let row = |row: &Row<'_>| {
        json!({
            "contender": row.contender,
            "median_ms": row.median_ms,
            "min_ms": row.min_ms,
            "peak_memory_mib": row.peak_memory_mib,
        })
    };
    let best = summary.best_peer();
    json!({
        "workload": workload,
        "best_peer": best.map(|(name, _)| name),
        "ratio_to_best_peer": best.map(|(_, ratio)| ratio),
        "gflop": summary.ours.gflop,
        "share_of_peak": summary.share_of_peak(),
        "compile_secs": summary.ours.compile_secs,
        "bytes_per_step": summary.ours.bytes_per_step,
        "contenders": summary.rows.iter().map(row).collect::<Vec<_>>(),
    })
}

impl<'a> Summary<'a> {
    fn new(workload: &str, all: &'a [Measure], peak_gflops: f64) -> Option<Summary<'a>> {
        let mut rows: Vec<Row<'a>> = Vec::new();
        let own = || all.iter().filter(|m| m.workload == workload);
        for measure in own() {
            if !rows.iter().any(|row| row.contender == measure.contender) {
                rows.push(Row::of(&measure.contender, own()));
            }
        }
        let own_ms = rows.iter().find(|row| row.contender == OURS)?.median_ms;
        let ours = own().find(|m| m.contender == OURS)?;
        Some(Summary { rows, ours, own_ms, peak_gflops })
    }

    /// The rate of our products as a share of the machine's peak.
    fn share_of_peak(&self) -> Option<f64> {
        Some(self.ours.gflop? / self.own_ms / self.peak_gflops * 1e3)
    }

    /// The fastest of the others, and how many times as fast ours is.
    fn best_peer(&self) -> Option<(&'a str, f64)> {
        let peers = self.rows.iter().filter(|row| row.contender != OURS);
        let best = peers.min_by(|a, b| a.median_ms.total_cmp(&b.median_ms))?;
        Some((best.contender, best.median_ms / self.own_ms))
    }
}

impl<'a> Row<'a> {
    fn of(contender: &'a str, measures: impl Iterator<Item = &'a Measure>) -> Row<'a> {
        let mut rounds: Vec<&Measure> = measures.filter(|m| m.contender == contender).collect();
        rounds.sort_by(|a, b| a.median_ms.total_cmp(&b.median_ms));
        let memory = rounds.iter().filter_map(|m| m.peak_memory_mib).max_by(f64::total_cmp);
        Row {
            contender,
            median_ms: rounds.get(rounds.len() / 2).map_or(f64::NAN, |m| m.median_ms),
            min_ms: rounds.iter().map(|m| m.min_ms).fold(f64::NAN, f64::min),
            peak_memory_mib: memory,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measure(contender: &str, median_ms: f64, mib: f64) -> Measure {
        let ours = |value: f64| (contender == OURS).then_some(value);
        Measure {
            workload: "ring8".to_owned(),
            contender: contender.to_owned(),
            median_ms,
            min_ms: median_ms - 0.5,
            peak_memory_mib: Some(mib),
            gflop: ours(0.3),
            compile_secs: ours(0.01),
            bytes_per_step: ours(0.0),
        }
    }

    #[test]
    fn rounds_are_summed_up_beside_the_best_peer() {
        let (peer, other) = ("pytorch eager", "jax");
        let mut all: Vec<Measure> = [3.0, 2.0, 9.0].map(|ms| measure(OURS, ms, 10.0 + ms)).to_vec();
        all.extend([measure(peer, 6.0, 400.0), measure(other, 12.0, 300.0)]);
        let found = json("ring8", &all, 200.0);
        assert_eq!((&found["best_peer"], &found["ratio_to_best_peer"]), (&json!(peer), &json!(2.0)));
        assert_eq!((&found["share_of_peak"], &found["bytes_per_step"]), (&json!(0.5), &json!(0.0)));
        let ours = &found["contenders"][0];
        assert_eq!((&ours["median_ms"], &ours["min_ms"]), (&json!(3.0), &json!(1.5)));
        assert_eq!(ours["peak_memory_mib"], json!(19.0));
        let text = text("ring8", &all, 200.0);
        assert!(text.contains("2.00 times as fast as the best peer, pytorch eager"), "{text}");
        assert!(text.contains("50 % of peak") && text.contains("0 bytes allocated a step"), "{text}");
    }

    #[test]
    fn without_peers_there_is_no_ratio() {
        let all = [measure(OURS, 3.0, 1.0)];
        assert_eq!(json("ring8", &all, 200.0)["best_peer"], Value::Null);
        assert!(!text("ring8", &all, 200.0).contains("best peer"));
        assert_eq!(text("dcgan64", &all, 200.0), "dcgan64: not measured\n");
    }
}

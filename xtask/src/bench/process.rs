//! Runs a process to its end: its output, and the most memory it held.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Time between two readings of a process's memory. A reading takes some microseconds of one core.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// The result of a process.
#[derive(Debug)]
pub(super) struct Ended {
    pub stdout: String,
    /// The most resident memory that it, or one of the processes below it, held, if the system reports it.
    pub peak_memory_mib: Option<f64>,
}

/// Runs a command to its end, or returns why it failed: the last line of its errors.
pub(super) fn run(command: &mut Command) -> Result<Ended, String> {
    let command = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().map_err(|error| format!("does not start: {error}"))?;
    let (pid, over) = (child.id(), AtomicBool::new(false));
    let (output, peak_kib) = std::thread::scope(|scope| {
        let watcher = scope.spawn(|| {
            let mut most = None;
            while !over.load(Ordering::Acquire) {
                most = most.max(tree_peak_kib(pid));
                std::thread::sleep(LOOK_EVERY);
            }
            most
        });
        let output = child.wait_with_output();
        over.store(true, Ordering::Release);
        (output, watcher.join().ok().flatten())
    });
    let output = output.map_err(|error| format!("cannot be waited for: {error}"))?;
    if !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr);
        return Err(stderr.lines().last().unwrap_or("failed without a word").to_owned());
    }
    Ok(Ended {
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        peak_memory_mib: peak_kib.map(|kib| kib as f64 / 1024.0),
    })
}

/// The largest `VmHWM` of a process and those below it: a mark that only rises, so that no peak is missed between readings.
fn tree_peak_kib(pid: u32) -> Option<u64> {
    let process = Path::new("/proc").join(pid.to_string());
    let children = std::fs::read_to_string(process.join(format!("task/{pid}/children"))).unwrap_or_default();
    let below = children.split_whitespace().filter_map(|child| child.parse().ok()).map(tree_peak_kib);
    let own = std::fs::read_to_string(process.join("status")).ok().and_then(|status| high_water_kib(&status));
    below.fold(own, Option::max)
}

fn high_water_kib(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_high_water_mark_is_read() {
        assert_eq!(high_water_kib("Name:\tx\nVmHWM:\t   20480 kB\nVmRSS:\t 1 kB\n"), Some(20480));
        assert_eq!(high_water_kib("Name:\tx\n"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_a_child_of_the_process_holds_counts() {
        // The shell waits for `tail`, which keeps its one long line of 60 MB in memory for a while.
        let line = "(head -c 60000000 /dev/zero; sleep 0.5) | tail -n 1 | wc -c";
        let ended = run(Command::new("sh").args(["-c", line])).unwrap();
        assert_eq!(ended.stdout.trim(), "60000000");
        assert!(ended.peak_memory_mib.unwrap() > 50.0, "{ended:?}");
    }

    #[test]
    fn a_failure_is_named_by_its_last_line() {
        let failed = run(Command::new("sh").args(["-c", "echo one >&2; echo two >&2; exit 3"]));
        assert_eq!(failed.unwrap_err(), "two");
        assert!(run(&mut Command::new("/no/such/program")).unwrap_err().starts_with("does not start"));
    }
}

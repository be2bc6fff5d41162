//! How much memory there is to be had, as Linux tells it.

use std::fs;
use std::path::{Path, PathBuf};

/// The bytes that this process can have, those included that it holds already: the least of what the machine, the control
/// group and the limit on addresses leave. Nothing where the system does not tell.
pub fn available_bytes() -> Option<u64> {
    let held = held(&fs::read_to_string("/proc/self/status").ok()?);
    let machine = labelled(&fs::read_to_string("/proc/meminfo").ok()?, "MemAvailable:")?;
    let groups = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let group = group_folders(&groups, Path::new("/sys/fs/cgroup")).iter().filter_map(|at| free_of(at)).min();
    let free = machine.min(group.unwrap_or(u64::MAX)).saturating_add(held.resident);
    Some(free.min(address_space(&limits).unwrap_or(u64::MAX).saturating_sub(held.beside())))
}

/// What the process holds.
struct Held {
    resident: u64,
    addresses: u64,
}

impl Held {
    /// Addresses that are not memory.
    fn beside(&self) -> u64 {
        self.addresses.saturating_sub(self.resident)
    }
}

fn held(status: &str) -> Held {
    let of = |label| labelled(status, label).unwrap_or(0);
    Held { resident: of("VmRSS:"), addresses: of("VmSize:") }
}

/// The number after a label of a file like `/proc/meminfo`, which counts in kB.
fn labelled(text: &str, label: &str) -> Option<u64> {
    let rest = text.lines().find_map(|line| line.strip_prefix(label))?;
    Some(rest.split_whitespace().next()?.parse::<u64>().ok()?.saturating_mul(1024))
}

/// The soft limit on the size of the address space.
fn address_space(limits: &str) -> Option<u64> {
    let rest = limits.lines().find_map(|line| line.strip_prefix("Max address space"))?;
    rest.split_whitespace().next()?.parse().ok()
}

/// The folders of the process's control groups that may limit memory, of both versions, each with those above it.
fn group_folders(groups: &str, root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for line in groups.lines() {
        let mut parts = line.splitn(3, ':').skip(1);
        let (Some(controllers), Some(path)) = (parts.next(), parts.next()) else { continue };
        let top = match controllers {
            "" => root.to_owned(),
            _ if controllers.split(',').any(|name| name == "memory") => root.join("memory"),
            _ => continue,
        };
        let own = top.join(path.trim_start_matches('/'));
        // Inside of a container the top is the group itself.
        found.extend(own.ancestors().take_while(|at| at.starts_with(&top)).map(Path::to_owned));
    }
    found
}

/// What a control group leaves; caches of files can be had back.
fn free_of(group: &Path) -> Option<u64> {
    let number = |name: &str| fs::read_to_string(group.join(name)).ok()?.trim().parse::<u64>().ok();
    let limit = number("memory.max").or_else(|| number("memory.limit_in_bytes"))?;
    let used = number("memory.current").or_else(|| number("memory.usage_in_bytes"))?;
    let stat = fs::read_to_string(group.join("memory.stat")).unwrap_or_default();
    let value = |label: &str| {
        let line = stat.lines().find_map(|line| line.strip_prefix(label)?.strip_prefix(' '))?;
        line.trim().parse::<u64>().ok()
    };
    let cached = value("total_inactive_file").or_else(|| value("inactive_file")).unwrap_or(0);
    Some(limit.saturating_sub(used.saturating_sub(cached)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_the_system_are_read() {
        assert_eq!(labelled("MemFree: 1 kB\nMemAvailable:   200 kB\n", "MemAvailable:"), Some(204_800));
        let limits = "Limit Soft Hard Units\nMax address space   3000   unlimited  bytes\n";
        assert_eq!(address_space(limits), Some(3000));
        assert_eq!(address_space(&limits.replace("3000", "unlimited")), None);
        let held = held("VmSize: 100 kB\nVmRSS: 40 kB\n");
        assert_eq!((held.resident, held.beside()), (40 * 1024, 60 * 1024));
    }

    #[test]
    fn a_control_group_limits_memory_and_its_caches_do_not_count() {
        let place = tempfile::tempdir().unwrap();
        let (old, new) = (place.path().join("memory/a/b"), place.path().join("c"));
        fs::create_dir_all(&old).unwrap();
        fs::create_dir_all(&new).unwrap();
        fs::write(old.join("memory.limit_in_bytes"), "1000\n").unwrap();
        fs::write(old.join("memory.usage_in_bytes"), "700\n").unwrap();
        fs::write(old.join("memory.stat"), "cache 9\ntotal_inactive_file 200\n").unwrap();
        fs::write(new.join("memory.max"), "max\n").unwrap();
        fs::write(new.join("memory.current"), "5\n").unwrap();
        let folders = group_folders("4:cpu,memory:/a/b\n3:cpuset:/x\n0::/c\n", place.path());
        assert_eq!(folders.len(), 5, "{folders:?}");
        let free: Vec<Option<u64>> = folders.iter().map(|at| free_of(at)).collect();
        assert_eq!(free, [Some(500), None, None, None, None]);
    }

    #[test]
    fn this_system_tells() {
        if cfg!(target_os = "linux") {
            assert!(available_bytes().is_some_and(|free| free > 1 << 20));
        }
    }
}

//! Servers of an engine: begun, waited for, and ended when they are dropped.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The longest that a server may take to be ready.
const PATIENCE: Duration = Duration::from_secs(30);

/// A process that is killed when it is dropped, or what ends one that went into the background.
pub(super) enum Server {
    Process(Child),
    Background(Command),
}

impl Server {
    /// Begins one; what it says is not shown.
    pub(super) fn begin(command: &mut Command) -> Result<Server, String> {
        let shown = format!("{command:?}");
        let child = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        child.map(Server::Process).map_err(|error| format!("{shown}: {error}"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // What cannot be ended has ended.
        match self {
            Server::Process(child) => {
                let _ = child.kill();
                let _ = child.wait();
            }
            Server::Background(stop) => {
                let _ = stop.stdout(Stdio::null()).stderr(Stdio::null()).status();
            }
        }
    }
}

/// Runs a command to its end; its last words where it fails.
pub(super) fn call(command: &mut Command) -> Result<String, String> {
    let shown = format!("{command:?}");
    // A server that goes into the background would keep a pipe open.
    let said = tempfile::NamedTempFile::new().map_err(|error| error.to_string())?;
    let [out, err] = [said.reopen(), said.reopen()].map(|file| file.map_err(|error| error.to_string()));
    let status = command.stdin(Stdio::null()).stdout(out?).stderr(err?).status();
    let text = std::fs::read_to_string(said.path()).unwrap_or_default();
    match status {
        Ok(status) if status.success() => Ok(text),
        Ok(status) => Err(format!("{shown}: {status}: {}", text.lines().last().unwrap_or_default())),
        Err(error) => Err(format!("{shown}: {error}")),
    }
}

/// Waits until something is so.
pub(super) fn wait_for(what: &str, is_so: impl Fn() -> bool) -> Result<(), String> {
    let begun = Instant::now();
    while !is_so() {
        if begun.elapsed() > PATIENCE {
            return Err(format!("{what}: not within {} s", PATIENCE.as_secs()));
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    Ok(())
}

/// The first of these programs that is there, as a path or in the PATH.
pub(super) fn installed(program: &str) -> bool {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&paths).any(|folder| folder.join(program).is_file())
}

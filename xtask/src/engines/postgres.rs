//! A real Postgres of its own, which is restarted while the study goes on.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::server::{Server, call};
use super::{Engine, Found, Ground, Missing};

/// Starts a server in a new folder.
pub(super) fn start(ground: &Ground<'_>) -> Found {
    let bin = bin().ok_or_else(|| Missing::Absent("there is no Postgres".to_owned()))?;
    let data = ground.folder.join("data");
    if is_root() {
        // It refuses to run as root; its user must be able to reach the folder.
        open_to_all(&ground.folder)?;
        call(Command::new("chown").arg("postgres").arg(&ground.folder))?;
    }
    call(as_user(&bin.join("initdb")).args(["-A", "trust", "-U", "postgres", "-D"]).arg(&data))?;
    let port = free_port()?;
    let options = format!("-k {} -p {port} -c listen_addresses=127.0.0.1", ground.folder.display());
    let control = move |action: &[&str], data: &Path, bin: &Path| {
        let mut command = as_user(&bin.join("pg_ctl"));
        command.args(action).arg("-D").arg(data);
        command
    };
    let log = ground.folder.join("log");
    call(control(&["-w", "start", "-o", &options], &data, &bin).arg("-l").arg(log))?;
    let stop = control(&["stop", "-m", "immediate"], &data, &bin);
    let harm = move || call(&mut control(&["-w", "restart", "-m", "fast"], &data, &bin)).map(drop);
    let store = format!("postgres://postgres@127.0.0.1:{port}/postgres");
    Ok(Engine {
        harm: Some(Box::new(harm)),
        _servers: vec![Server::Background(stop)],
        ..Engine::local(Some(store))
    })
}

/// Where its programs lie, which Debian keeps out of the PATH.
fn bin() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = versions.map(|version| version.path().join("bin")).collect();
    let paths = std::env::var_os("PATH").unwrap_or_default();
    found.extend(std::env::split_paths(&paths));
    found.into_iter().find(|folder| folder.join("initdb").is_file())
}

fn as_user(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--"]).arg(program).current_dir("/");
    command
}

/// Whether this process is root's, as its own folder in `/proc` tells.
pub(super) fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

/// Lets every user go through the folders above.
fn open_to_all(folder: &Path) -> Result<(), String> {
    let temporary = std::env::temp_dir();
    for part in folder.ancestors().take_while(|part| *part != temporary) {
        call(Command::new("chmod").arg("a+rx").arg(part))?;
    }
    Ok(())
}

fn free_port() -> Result<u16, String> {
    let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| format!("no free port: {error}"))?;
    listener.local_addr().map(|address| address.port()).map_err(|error| error.to_string())
}

//! A real HyperQueue: the server and a worker of its Python package, and a program `hq` that submits to it, since the package has none.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use super::server::{Server, call, wait_for};
use super::{Engine, Found, Ground, Missing};

/// Starts it in a new folder.
pub(super) fn start(ground: &Ground<'_>) -> Found {
    let python = ground.root.join("target/hyperqueue/bin/python");
    if call(Command::new(&python).args(["-c", "import hyperqueue"])).is_err() {
        let why =
            "target/hyperqueue holds no Python environment with the package hyperqueue, which .ci/run makes";
        return Err(Missing::Absent(why.to_owned()));
    }
    let script = ground.root.join("xtask/src/engines/hq.py");
    let server = ground.folder.join("server");
    let serve = Server::begin(Command::new(&python).arg(&script).arg("serve").arg(&server))?;
    wait_for("the server of HyperQueue", || ground.folder.join("server/ready").is_file())?;
    let bin = ground.folder.join("bin");
    fs::create_dir_all(&bin).map_err(|error| error.to_string())?;
    let (hq, paths) = (bin.join("hq"), std::env::var("PATH").unwrap_or_default());
    let text = format!(
        "#!/bin/sh\nexec '{}' '{}' submit '{}' \"$@\"\n",
        python.display(),
        script.display(),
        server.display()
    );
    fs::write(&hq, text).map_err(|error| error.to_string())?;
    fs::set_permissions(&hq, fs::Permissions::from_mode(0o755)).map_err(|error| error.to_string())?;
    let variables = vec![("PATH", format!("{}:{paths}", bin.display()))];
    Ok(Engine { launch: "hyperqueue:2", variables, _servers: vec![serve], ..Engine::local(None) })
}

//! A real Slurm of one node: the controller, a node's daemon, and munge, all of its own.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use super::postgres::is_root;
use super::server::{Server, call, installed, wait_for};
use super::{Engine, Found, Ground, Missing};

/// Starts it in a new folder.
pub(super) fn start(ground: &Ground<'_>) -> Found {
    let paths = [
        ["slurmctld", "/usr/sbin/slurmctld"],
        ["slurmd", "/usr/sbin/slurmd"],
        ["munged", "/usr/sbin/munged"],
    ];
    let there = |[name, path]: [&str; 2]| installed(name) || fs::metadata(path).is_ok();
    if !paths.into_iter().all(there) || !installed("sbatch") {
        return Err(Missing::Absent("there is no Slurm".to_owned()));
    }
    if !is_root() {
        return Err(Missing::Absent("a Slurm of one's own wants root".to_owned()));
    }
    let name =
        call(&mut Command::new("hostname"))?.trim().split('.').next().unwrap_or("localhost").to_owned();
    let folder = ground.folder.display().to_string();
    for part in ["state", "spool"] {
        fs::create_dir_all(ground.folder.join(part)).map_err(|error| error.to_string())?;
    }
    let key = ground.folder.join("munge.key");
    // Any 128 bytes will do for a server that only this test talks to.
    let bytes: Vec<u8> = (0..128u32).map(|i| (i * 97 + std::process::id()) as u8).collect();
    fs::write(&key, bytes).map_err(|error| error.to_string())?;
    fs::set_permissions(&key, fs::Permissions::from_mode(0o400)).map_err(|error| error.to_string())?;
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let conf = ground.folder.join("slurm.conf");
    let text =
        CONF.replace("{name}", &name).replace("{folder}", &folder).replace("{n}", &processors.to_string());
    fs::write(&conf, text).map_err(|error| error.to_string())?;
    let daemon = |program: &str| {
        let mut command = Command::new(program);
        command.env("SLURM_CONF", &conf);
        command
    };
    let munge = munge(ground, &folder)?;
    let controller = Server::begin(daemon("/usr/sbin/slurmctld").arg("-D"))?;
    let node = Server::begin(daemon("/usr/sbin/slurmd").arg("-D"))?;
    wait_for("the node of Slurm", || {
        call(daemon("sinfo").args(["--noheader", "--format=%t"])).is_ok_and(|said| said.trim() == "idle")
    })?;
    let variables = vec![("SLURM_CONF", conf.display().to_string())];
    Ok(Engine {
        launch: "slurm:2",
        variables,
        _servers: vec![node, controller, munge],
        ..Engine::local(None)
    })
}

/// Starts munge, by which the two daemons know each other.
fn munge(ground: &Ground<'_>, folder: &str) -> Result<Server, String> {
    let mut munge = Command::new("/usr/sbin/munged");
    munge.args(["--foreground", "--force"]).arg(format!("--socket={folder}/munge.socket"));
    for (option, file) in [("key", "key"), ("log", "log"), ("pid", "pid"), ("seed", "seed")] {
        munge.arg(format!("--{option}-file={folder}/munge.{file}"));
    }
    let munge = Server::begin(&mut munge)?;
    wait_for("munge", || ground.folder.join("munge.socket").exists())?;
    Ok(munge)
}

const CONF: &str = "\
ClusterName=ganatomy
SlurmctldHost={name}(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CredType=cred/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SwitchType=switch/none
MpiDefault=none
ReturnToService=2
SlurmctldPort=26817
SlurmdPort=26818
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
NodeName={name} NodeAddr=127.0.0.1 CPUs={n} RealMemory=4000 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES
";

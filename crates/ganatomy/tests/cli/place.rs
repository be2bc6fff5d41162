//! A fresh folder, and the program run in it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// The longest a test waits for something that should happen at once.
const PATIENCE: Duration = Duration::from_secs(60);

/// A run of a second: a small ring with everything on.
pub const SMALL: &str = r#"name = "small"
steps = 40
batch = 8
readings_every_steps = 5

[data]
kind = "ring"

[generator]
kind = "mlp"
z_dims = 2
hidden = [8]

[discriminator]
kind = "mlp"
hidden = [8]

[samples]
every_steps = 20
n = 4

[checkpoint]
every_steps = 10
keep_last = 2

[probes.gradients]
every_steps = 10

[probes.modes]
every_steps = 20
n_samples = 64
"#;

/// A fresh folder with a spec `small.toml` in it, and a cache that no other test knows.
pub struct Place {
    folder: TempDir,
}

/// What a call of the program gave.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Place {
    pub fn new() -> Place {
        let place = Place { folder: tempfile::tempdir().unwrap() };
        fs::create_dir(place.path("here")).unwrap();
        place.write("small.toml", SMALL.as_bytes());
        place
    }

    /// A path inside the folder the program runs in.
    pub fn at(&self, name: &str) -> PathBuf {
        self.path("here").join(name)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file, and the folders it is in.
    pub fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.at(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.at(name)).unwrap()
    }

    /// The program with these arguments, without the tester's own environment.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ganatomy"));
        command.args(arguments).current_dir(self.path("here")).stdin(Stdio::null());
        command.env("GANATOMY_CACHE", self.path("cache")).env_remove("GANATOMY_DATA");
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Ran {
        Ran::from(self.command(arguments).output().unwrap())
    }

    /// Runs the program, which must succeed.
    pub fn done(&self, arguments: &[&str]) -> Ran {
        let ran = self.run(arguments);
        assert_eq!(ran.code, Some(0), "{arguments:?}: {}", ran.err);
        ran
    }

    /// Starts the program without waiting for it.
    pub fn start(&self, arguments: &[&str]) -> Child {
        self.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// Waits until a file of this name, or one whose name starts so, holds the text.
    pub fn wait_for(&self, name: &str, text: &str) {
        let begun = Instant::now();
        while !fs::read_to_string(self.at(name)).is_ok_and(|content| content.contains(text)) {
            assert!(begun.elapsed() < PATIENCE, "{name} never held {text:?}");
            sleep(Duration::from_millis(2));
        }
    }

    /// Every file of the folder with its bytes, and every folder without bytes.
    pub fn tree(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut found = BTreeMap::new();
        walk(&self.path("here"), &mut found);
        found
    }

    /// What `show --json` prints of a run.
    pub fn show(&self, run: &str) -> serde_json::Value {
        serde_json::from_str(&self.done(&["show", run, "--json"]).out).unwrap()
    }

    /// The bytes of a run's checkpoint at a step.
    pub fn checkpoint(&self, run: &str, step: u64) -> Vec<u8> {
        fs::read(self.at(&format!("{run}/checkpoints/step-{step:08}.safetensors"))).unwrap()
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Ran {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Ran { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }
}

impl Ran {
    /// The request was refused with one sentence that holds the text.
    pub fn refused(&self, text: &str) {
        self.said(2, text);
    }

    /// The command failed, though the request was right, with one sentence that holds the text.
    pub fn failed(&self, text: &str) {
        self.said(1, text);
    }

    fn said(&self, code: i32, text: &str) {
        assert_eq!((self.code, self.out.as_str()), (Some(code), ""), "{}", self.err);
        let mut lines = self.err.lines();
        let sentence = lines.next().unwrap();
        assert!(sentence.starts_with("error: ") && sentence.contains(text), "{}", self.err);
        // The line of the spec that is meant may follow, set off.
        assert!(lines.all(|line| line.starts_with("  ")), "{}", self.err);
    }
}

fn walk(folder: &Path, found: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.insert(path.clone(), Vec::new());
            walk(&path, found);
        } else {
            found.insert(path.clone(), fs::read(&path).unwrap());
        }
    }
}

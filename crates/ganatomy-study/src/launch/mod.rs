//! Launching: equal workers that empty the store, on this machine or by an engine that people have. The outcome is the
//! store's, never an engine's exit code, so that to submit again is to go on.

mod hyperqueue;
mod local;
mod ray;
mod slurm;

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

pub use local::{Crew, Tended};

use crate::StudyError;
use crate::file::LaunchFile;

/// An engine that starts workers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Processes of this machine.
    Local,
    /// `sbatch`, one array.
    Slurm,
    /// `hq submit`, one array.
    HyperQueue,
    /// `ray job submit`, a job a worker.
    Ray,
}

/// What workers are started with.
#[derive(Clone, Debug)]
pub struct Order<'a> {
    /// The study's name.
    pub name: &'a str,
    /// What each worker asks for.
    pub asks: &'a LaunchFile,
    /// How many workers.
    pub workers: u32,
    /// The command of one worker.
    pub command: Vec<String>,
    /// Where workers write what they say.
    pub logs: PathBuf,
}

/// One call of an engine's program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The program.
    pub program: &'static str,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// What it reads.
    pub input: Option<String>,
}

impl Engine {
    /// The engines' names.
    pub const NAMES: [(&'static str, Engine); 4] = [
        ("local", Engine::Local),
        ("slurm", Engine::Slurm),
        ("hyperqueue", Engine::HyperQueue),
        ("ray", Engine::Ray),
    ];

    /// The calls that submit workers; none for this machine's own.
    pub fn calls(self, order: &Order<'_>) -> Vec<Call> {
        match self {
            Engine::Local => Vec::new(),
            Engine::Slurm => vec![slurm::call(order)],
            Engine::HyperQueue => vec![hyperqueue::call(order)],
            Engine::Ray => ray::calls(order),
        }
    }

    /// What stops the workers that it has started.
    pub fn stops_with(self) -> &'static str {
        match self {
            Engine::Local => "Ctrl-C",
            Engine::Slurm => "scancel",
            Engine::HyperQueue => "hq job cancel",
            Engine::Ray => "ray job stop",
        }
    }
}

impl Call {
    /// Calls the program with these variables in its environment, and returns what it prints.
    ///
    /// # Errors
    /// A program that is not there, or that refuses.
    pub fn make(&self, variables: &[(&str, String)]) -> Result<String, StudyError> {
        let refuse = |why: String| StudyError::Launch { engine: self.program, why };
        let mut child = Command::new(self.program)
            .args(&self.arguments)
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .stdin(if self.input.is_some() { Stdio::piped() } else { Stdio::null() })
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| refuse(format!("it cannot be called: {error}")))?;
        if let (Some(mut stdin), Some(text)) = (child.stdin.take(), &self.input) {
            // A program that does not read says why itself.
            let _ = stdin.write_all(text.as_bytes());
        }
        let output = child.wait_with_output().map_err(|error| refuse(error.to_string()))?;
        let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
        match output.status.success() {
            true => Ok(said(&output.stdout)),
            false => Err(refuse(said(&output.stderr).lines().next_back().unwrap_or("it failed").to_owned())),
        }
    }
}

impl std::fmt::Display for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.program)?;
        for argument in &self.arguments {
            write!(f, " {}", quoted(argument))?;
        }
        match &self.input {
            Some(text) => write!(f, " <<'END'\n{text}END"),
            None => Ok(()),
        }
    }
}

/// A word as a shell reads it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,#".contains(c);
    match !word.is_empty() && word.chars().all(plain) && !word.starts_with('#') {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', "'\\''")),
    }
}

/// A command as a shell reads it.
fn line(command: &[String]) -> String {
    command.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(asks: &LaunchFile) -> Order<'_> {
        let command =
            ["/bin/ganatomy", "study", "worker", "it's here/study.sqlite"].map(str::to_owned).to_vec();
        Order { name: "a study", asks, workers: 3, command, logs: "/tmp/s/workers".into() }
    }

    fn asks() -> LaunchFile {
        LaunchFile { options: vec!["--partition=main".to_owned()], cpus: 2, ..LaunchFile::default() }
    }

    #[test]
    fn slurm_gets_one_array() {
        let call = &Engine::Slurm.calls(&order(&asks()))[0];
        let script = call.input.as_deref().unwrap();
        for line in [
            "#!/bin/sh",
            "#SBATCH --job-name=ganatomy-a-study",
            "#SBATCH --array=1-3",
            "#SBATCH --cpus-per-task=2",
            "#SBATCH --mem=2G",
            "#SBATCH --time=12:00:00",
            "#SBATCH --signal=B:TERM@60",
            "#SBATCH --output=\"/tmp/s/workers/slurm-%A_%a.log\"",
            "#SBATCH --partition=main",
            "exec /bin/ganatomy study worker 'it'\\''s here/study.sqlite'",
        ] {
            assert!(script.lines().any(|found| found == line), "{line}\n{script}");
        }
        assert_eq!((call.program, call.arguments.len()), ("sbatch", 0));
    }

    #[test]
    fn hyperqueue_gets_one_array_and_ray_a_job_a_worker() {
        let hq = Engine::HyperQueue.calls(&order(&asks()));
        assert!(
            hq[0].to_string().starts_with("hq submit --name=ganatomy-a-study --array=1-3 --cpus=2 "),
            "{}",
            hq[0]
        );
        assert!(
            hq[0]
                .to_string()
                .ends_with("--partition=main -- /bin/ganatomy study worker 'it'\\''s here/study.sqlite'")
        );
        let ray = Engine::Ray.calls(&order(&asks()));
        assert_eq!(ray.len(), 3);
        assert!(
            ray[0]
                .to_string()
                .starts_with("ray job submit --no-wait --entrypoint-num-cpus=2 --partition=main -- ")
        );
        assert!(Engine::Local.calls(&order(&asks())).is_empty());
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let call = Call { program: "no-such-program", arguments: vec![], input: None };
        assert!(call.make(&[]).unwrap_err().to_string().starts_with("no-such-program: it cannot be called"));
        let fails =
            Call { program: "sh", arguments: vec!["-c".into(), "echo no >&2; exit 3".into()], input: None };
        assert_eq!(fails.make(&[]).unwrap_err().to_string(), "sh: no");
        let reads = Call { program: "cat", arguments: vec![], input: Some("text".into()) };
        assert_eq!(reads.make(&[]).unwrap(), "text");
    }
}

//! Workers of this machine: processes that are begun, watched, and begun again when they die.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::StudyError;
use crate::store::Store;

/// The workers of this process.
#[derive(Debug)]
pub struct Crew {
    command: Vec<String>,
    logs: PathBuf,
    /// What its workers' names begin with, unlike those of any other crew.
    name: String,
    /// What its workers' environment gets.
    variables: Vec<(&'static str, String)>,
    most_attempts: u32,
    members: Vec<Member>,
    /// Workers that died, one after the other, without having taken a run.
    early: u32,
    /// Workers begun so far, which makes their names unlike each other.
    begun: u32,
    stopping: bool,
}

#[derive(Debug)]
struct Member {
    name: String,
    child: Child,
}

/// What a program that panicked ends with.
const PANIC: i32 = 101;
/// Workers that die before they take a run are not begun again for ever.
const MOST_EARLY: u32 = 10;

/// How the workers are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tended {
    /// Some are at work.
    Work,
    /// All have ended in an orderly way.
    Ended,
}

impl Crew {
    /// Begins `workers` processes of this command, each with `--name` and a name added that begins with `name`. They end when this process does, since they read
    /// their standard input, which it never writes to.
    ///
    /// # Errors
    /// A process that cannot be begun.
    pub fn begin(
        command: Vec<String>,
        variables: Vec<(&'static str, String)>,
        name: String,
        workers: u32,
        logs: &Path,
        most_attempts: u32,
    ) -> Result<Crew, StudyError> {
        fs::create_dir_all(logs).map_err(cannot("create", logs))?;
        let (logs, members) = (logs.to_owned(), Vec::new());
        let mut crew = Crew {
            command,
            logs,
            name,
            variables,
            most_attempts,
            members,
            early: 0,
            begun: 0,
            stopping: false,
        };
        for _ in 0..workers {
            crew.begin_one()?;
        }
        Ok(crew)
    }

    fn begin_one(&mut self) -> Result<(), StudyError> {
        self.begun += 1;
        let name = format!("{}-{}", self.name, self.begun);
        let path = self.log(&name);
        let log = File::create(&path).map_err(cannot("write", &path))?;
        let (program, arguments) = self
            .command
            .split_first()
            .ok_or_else(|| StudyError::Launch { engine: "local", why: "there is no command".to_owned() })?;
        let child = Command::new(program)
            .args(arguments)
            .args(["--name", &name])
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .map_err(cannot("begin a worker with", Path::new(program)))?;
        self.members.push(Member { name, child });
        Ok(())
    }

    fn log(&self, name: &str) -> PathBuf {
        self.logs.join(format!("{name}.log"))
    }

    /// Looks after the workers: the run of one that was killed is given back, and another takes its place.
    ///
    /// # Errors
    /// A worker that could not go on, with what it said.
    pub fn tend(&mut self, store: &mut Store) -> Result<Tended, StudyError> {
        let mut dead = 0;
        let mut i = 0;
        while let Some(member) = self.members.get_mut(i) {
            let status =
                member.child.try_wait().map_err(cannot("wait for the worker", Path::new(&member.name)))?;
            let Some(status) = status else {
                i += 1;
                continue;
            };
            let Member { name, .. } = self.members.remove(i);
            let held = store.reap_worker(&name, self.most_attempts)?;
            match status.code() {
                Some(0) => self.forget(&name),
                // An abort is a signal too, as is what the system's killer sends; a panic ends with 101.
                None | Some(PANIC) if !self.stopping => {
                    self.early = if held == 0 { self.early + 1 } else { 0 };
                    if self.early > MOST_EARLY {
                        return Err(self.failure(&name));
                    }
                    dead += 1;
                }
                _ if self.stopping => {}
                _ => return Err(self.failure(&name)),
            }
        }
        for _ in 0..dead {
            self.begin_one()?;
        }
        Ok(if self.members.is_empty() { Tended::Ended } else { Tended::Work })
    }

    /// Asks all workers to stop: each stores a checkpoint of its run and gives it back.
    pub fn stop(&mut self) {
        self.stopping = true;
        // The end of their input is the sign.
        self.members.iter_mut().for_each(|member| drop(member.child.stdin.take()));
    }

    /// The log of a worker that had nothing to say is not kept.
    fn forget(&self, name: &str) {
        let path = self.log(name);
        if fs::metadata(&path).is_ok_and(|file| file.len() == 0) {
            // It does no harm.
            let _ = fs::remove_file(path);
        }
    }

    fn failure(&self, name: &str) -> StudyError {
        let said = fs::read_to_string(self.log(name)).unwrap_or_default();
        let last = said.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("it said nothing").trim();
        let last = last.strip_prefix("error: ").unwrap_or(last);
        StudyError::Launch { engine: "a worker could not go on", why: last.to_owned() }
    }
}

impl Drop for Crew {
    fn drop(&mut self) {
        self.stop();
    }
}

fn cannot(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> StudyError {
    let path = path.to_owned();
    move |cause| StudyError::Io { action, path, cause }
}

//! The request of a benchmark, checked before anything is built or timed.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const WORKLOADS: [&str; 4] = ["ring8", "wgan-gp-2d", "infogan28", "dcgan64"];

/// The scripts of the peers.
pub(super) const SCRIPTS: [&str; 2] = ["bench_pytorch.py", "bench_jax.py"];

/// What the command line asked for.
#[derive(Debug)]
pub(super) struct Request {
    /// A Python with torch, and perhaps jax and optax.
    pub python: Option<PathBuf>,
    /// Where the peers' scripts are.
    pub peers: PathBuf,
    pub rounds: usize,
    pub threads: usize,
    pub json: Option<PathBuf>,
    /// How cost grows, instead of what a step costs.
    pub curves: bool,
    /// Where the curves are drawn.
    pub picture: Option<PathBuf>,
    pub workloads: Vec<String>,
}

impl Request {
    /// Reads the arguments, or returns one sentence on what is wrong with them.
    pub fn parse(root: &Path, arguments: &[String]) -> Result<Request, String> {
        let mut request = Request {
            python: None,
            peers: root.join("../shared/peers"),
            rounds: 3,
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            json: None,
            curves: false,
            picture: None,
            workloads: Vec::new(),
        };
        let mut rest = arguments.iter();
        while let Some(word) = rest.next() {
            let mut value = || rest.next().ok_or(format!("{word} wants a value"));
            let number = |text: &String| {
                let found = text.parse().ok().filter(|n| *n > 0);
                found.ok_or(format!("{word} wants a whole number of 1 or more, found {text}"))
            };
            match word.as_str() {
                "--python" => request.python = Some(value()?.into()),
                "--peers" => request.peers = value()?.into(),
                "--json" => request.json = Some(value()?.into()),
                "--rounds" => request.rounds = number(value()?)?,
                "--threads" => request.threads = number(value()?)?,
                "--curves" => request.curves = true,
                "--picture" => request.picture = Some(value()?.into()),
                name if WORKLOADS.contains(&name) => request.workloads.push(name.to_owned()),
                other => return Err(unknown(other)),
            }
        }
        if request.workloads.is_empty() {
            request.workloads = WORKLOADS.map(str::to_owned).to_vec();
        }
        Ok(request)
    }

    /// Is everything that is needed there?
    pub fn check(&self) -> Result<(), String> {
        if let (Some(path), false) = (&self.picture, self.curves) {
            return Err(format!("--picture {} draws the curves, so it needs --curves", path.display()));
        }
        for path in [&self.json, &self.picture].into_iter().flatten() {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
                return Err(format!(
                    "cannot write {}: there is no folder {}",
                    path.display(),
                    folder.display()
                ));
            }
        }
        let Some(python) = &self.python else {
            return Ok(());
        };
        if let Some(script) = SCRIPTS.into_iter().find(|script| !self.peers.join(script).is_file()) {
            return Err(format!("--peers {}: there is no {script} in it", self.peers.display()));
        }
        let mut version = Command::new(python);
        version.arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        match version.status() {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(format!("--python {}: it does not work ({status})", python.display())),
            Err(error) => Err(format!("--python {}: it does not start ({error})", python.display())),
        }
    }
}

fn unknown(word: &str) -> String {
    if word.starts_with('-') {
        return format!("unknown option {word}; expected {}", super::USAGE);
    }
    format!("unknown workload {word}; the workloads are {}", WORKLOADS.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The arguments are refused with a sentence that holds the text.
    fn check(arguments: &[&str], text: &str) {
        let arguments: Vec<String> = arguments.iter().map(|word| (*word).to_owned()).collect();
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let refused = Request::parse(here, &arguments).and_then(|request| request.check());
        let error = refused.unwrap_err();
        assert!(error.contains(text), "{error}");
    }

    #[test]
    fn wrong_requests_are_refused_before_anything_is_built() {
        check(&["ring9"], "unknown workload ring9; the workloads are ring8, ");
        check(&["--fast"], "unknown option --fast; expected bench ");
        check(&["--rounds", "0"], "--rounds wants a whole number of 1 or more, found 0");
        check(&["--threads", "two"], "--threads wants a whole number of 1 or more, found two");
        check(&["--rounds"], "--rounds wants a value");
        check(&["--json", "no/such/folder/x.json"], "there is no folder no/such/folder");
        check(&["--picture", "x.png"], "needs --curves");
        check(
            &["--python", "python3", "--peers", "no/such"],
            "--peers no/such: there is no bench_pytorch.py",
        );
    }

    #[test]
    fn a_missing_python_is_named() {
        let peers = std::env::temp_dir().join(format!("ganatomy-peers-{}", std::process::id()));
        std::fs::create_dir_all(&peers).unwrap();
        SCRIPTS.iter().for_each(|script| std::fs::write(peers.join(script), "").unwrap());
        check(
            &["--python", "/no/python", "--peers", &peers.to_string_lossy()],
            "--python /no/python: it does not start",
        );
        std::fs::remove_dir_all(&peers).unwrap();
    }

    #[test]
    fn missing_arguments_have_defaults() {
        let request = Request::parse(Path::new("/house"), &["--rounds".into(), "5".into()]).unwrap();
        assert_eq!((request.rounds, request.workloads.len()), (5, 4));
        assert_eq!(request.peers, Path::new("/house/../shared/peers"));
    }
}

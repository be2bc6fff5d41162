//! Why a command did not do what was asked, as one sentence and an exit code.

use std::error::Error;
use std::io::{self, ErrorKind};
use std::process::ExitCode;

use ganatomy_record::RecordError;

use super::screen;

/// Why a command did not do what was asked.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The request was wrong, and nothing was done: exit code 2.
    Request(Box<dyn Error>),
    /// What was begun failed or stopped early: exit code 1.
    Run(Box<dyn Error>),
    /// Something is wrong with the run that was looked at, of which all may be said already: exit code 3.
    Sick(Option<Box<dyn Error>>),
}

impl Failure {
    /// A request that cannot be met for the reason given: it is wrong, unless the machine could not do at this moment what
    /// is right to ask for, as with a full disk or a run that another process writes.
    pub(crate) fn request(error: impl Into<Box<dyn Error>>) -> Failure {
        let error = error.into();
        if is_of_the_machine(error.as_ref()) { Failure::Run(error) } else { Failure::Request(error) }
    }

    /// Work that failed for the reason given.
    pub(crate) fn run(error: impl Into<Box<dyn Error>>) -> Failure {
        Failure::Run(error.into())
    }

    /// Prints it for the user, and gives the exit code.
    pub(crate) fn report(&self) -> ExitCode {
        let (error, code) = match self {
            Failure::Request(error) => (Some(error), 2),
            Failure::Run(error) => (Some(error), 1),
            Failure::Sick(error) => (error.as_ref(), 3),
        };
        if let Some(error) = error {
            screen::error(&sentence(error.as_ref()));
        }
        ExitCode::from(code)
    }
}

/// Would the same request be met on a machine that is in order, and idle?
fn is_of_the_machine(error: &(dyn Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        let busy = matches!(error.downcast_ref(), Some(RecordError::InUse { .. }));
        let broken = error.downcast_ref::<io::Error>().is_some_and(|error| !is_of_the_path(error.kind()));
        if busy || broken {
            return true;
        }
        next = error.source();
    }
    false
}

/// Is it what was named that cannot be used: not there, of another kind, closed to this user?
fn is_of_the_path(kind: ErrorKind) -> bool {
    use ErrorKind::*;
    matches!(
        kind,
        NotFound
            | PermissionDenied
            | AlreadyExists
            | NotADirectory
            | IsADirectory
            | DirectoryNotEmpty
            | ReadOnlyFilesystem
            | InvalidInput
            | InvalidData
            | InvalidFilename
            | UnexpectedEof
            | Unsupported
    )
}

/// An error and its causes in one sentence; a cause that is in the sentence already is not repeated.
pub(crate) fn sentence(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let why = error.to_string();
        if !text.contains(&why) {
            text = format!("{text}: {why}");
        }
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("{text}")]
    struct Link {
        text: &'static str,
        source: Option<Box<Link>>,
    }

    fn check(chain: &[&'static str], expected: &str) {
        let error = chain.iter().rev().fold(None, |source, text| Some(Box::new(Link { text, source })));
        assert_eq!(sentence(error.unwrap().as_ref()), expected);
    }

    #[test]
    fn the_whole_chain_is_written_once() {
        check(&["cannot train"], "cannot train");
        check(&["cannot train", "cannot read x", "it is gone"], "cannot train: cannot read x: it is gone");
        check(&["cannot read x: it is gone", "it is gone"], "cannot read x: it is gone");
    }

    /// The exit code of a command that met this error.
    fn check_code(error: impl Into<Box<dyn Error>>, expected: u8) {
        let failure = Failure::request(error);
        let found = if matches!(failure, Failure::Run(_)) { 1 } else { 2 };
        assert_eq!(found, expected, "{failure:?}");
    }

    #[test]
    fn what_the_machine_cannot_do_is_no_wrong_request() {
        let io = |kind: ErrorKind| {
            let (action, path) = ("write", "a".into());
            RecordError::Io { action, path, cause: kind.into() }
        };
        check_code(io(ErrorKind::StorageFull), 1);
        check_code(io(ErrorKind::NotFound), 2);
        check_code(io(ErrorKind::PermissionDenied), 2);
        check_code(io::Error::from_raw_os_error(5), 1);
        check_code(RecordError::InUse { path: "a".into() }, 1);
        check_code(RecordError::Exists { path: "a".into() }, 2);
        // However deep it lies, and in whatever crate's error.
        check_code(ganatomy_train::TrainError::Record(io(ErrorKind::StorageFull)), 1);
        check_code(ganatomy_view::ViewError::Record(io(ErrorKind::QuotaExceeded)), 1);
        let source = ErrorKind::StorageFull.into();
        let data = ganatomy_data::DataError::Write { file: "a".into(), source };
        check_code(ganatomy_train::PlanError::Data(data), 1);
        check_code("no such thing", 2);
    }
}

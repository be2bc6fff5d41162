//! Why a command did not do what was asked, as one sentence and an exit code.

use std::error::Error;
use std::process::ExitCode;

use super::screen;

/// Why a command did not do what was asked.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The request was wrong, and nothing was done: exit code 2.
    Request(Box<dyn Error>),
    /// What was begun failed or stopped early: exit code 1.
    Run(Box<dyn Error>),
}

impl Failure {
    /// A request that is wrong for the reason given.
    pub(crate) fn request(error: impl Into<Box<dyn Error>>) -> Failure {
        Failure::Request(error.into())
    }

    /// Work that failed for the reason given.
    pub(crate) fn run(error: impl Into<Box<dyn Error>>) -> Failure {
        Failure::Run(error.into())
    }

    /// Prints it for the user, and gives the exit code.
    pub(crate) fn report(&self) -> ExitCode {
        let (error, code) = match self {
            Failure::Request(error) => (error, 2),
            Failure::Run(error) => (error, 1),
        };
        screen::error(&sentence(error.as_ref()));
        ExitCode::from(code)
    }
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
}

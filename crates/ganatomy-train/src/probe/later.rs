//! Readings of a moment that are worked out after it, beside training where there are threads for that.

use std::thread::{Builder, JoinHandle};

use crate::error::TrainError;

/// Named values, or why there are none.
pub(crate) type Answer = Result<Vec<(String, f64)>, TrainError>;

/// Readings whose moment was taken and which need nothing more of the run.
pub struct Later(Work);

enum Work {
    Done(Answer),
    Left(Box<dyn FnOnce() -> Answer + Send>),
}

impl Later {
    /// Work that may go on beside training; what it uses is its own.
    pub fn work(work: impl FnOnce() -> Result<Vec<(String, f64)>, TrainError> + Send + 'static) -> Later {
        Later(Work::Left(Box::new(work)))
    }

    /// Readings that are there already.
    pub fn done(values: Vec<(String, f64)>) -> Later {
        Later(Work::Done(Ok(values)))
    }

    /// The readings, worked out now if they are not there.
    pub(crate) fn answer(self) -> Answer {
        match self.0 {
            Work::Done(answer) => answer,
            Work::Left(work) => work(),
        }
    }
}

/// The readings of one moment, which are being worked out.
pub(crate) enum Pending {
    /// They are there.
    Done(Answer),
    /// A thread is at work on them.
    Beside(JoinHandle<Answer>),
}

impl Pending {
    /// Begins the work of one moment: on a thread of its own where any is left.
    pub fn begin(all: Vec<Later>) -> Pending {
        let is_left = all.iter().any(|later| matches!(later.0, Work::Left(_)));
        let answer = move || {
            let each: Result<Vec<_>, TrainError> = all.into_iter().map(Later::answer).collect();
            each.map(|each| each.concat())
        };
        match is_left {
            false => Pending::Done(answer()),
            true => match Builder::new().name("readings".to_owned()).spawn(answer) {
                Ok(thread) => Pending::Beside(thread),
                Err(error) => Pending::Done(Err(TrainError::Other(error.into()))),
            },
        }
    }

    /// Waits for them.
    pub fn wait(self) -> Answer {
        match self {
            Pending::Done(answer) => answer,
            Pending::Beside(thread) => thread.join().unwrap_or_else(|_| {
                Err(TrainError::Other("the thread that works out readings broke down".into()))
            }),
        }
    }
}

impl std::fmt::Debug for Later {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self.0 {
            Work::Done(_) => "Later(done)",
            Work::Left(_) => "Later(left)",
        })
    }
}

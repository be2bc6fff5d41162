//! Says what the clinic finds while a run goes, and stops the run where that is asked for.

use std::cell::OnceCell;
use std::ops::ControlFlow;

use ganatomy_clinic::{Change, Finding, is_well};

use crate::cli::diagnose::named;
use crate::cli::screen::{Screen, shown};
use crate::cli::text::whole;

/// Says every verdict as it begins and as it ends.
pub(crate) struct Tell<'a> {
    screen: &'a Screen,
    /// The verdicts that stop the run.
    stop_when: &'a [String],
    /// The first of them that began.
    struck: &'a OnceCell<Finding>,
}

impl<'a> Tell<'a> {
    /// Says verdicts on a screen; one of those in `stop_when` stops the run, and is left in `struck`.
    pub(crate) fn new(
        screen: &'a Screen,
        stop_when: &'a [String],
        struck: &'a OnceCell<Finding>,
    ) -> Tell<'a> {
        Tell { screen, stop_when, struck }
    }

    /// Takes what is new; `is_sick` tells whether something is wrong now.
    pub(crate) fn hear(&self, step: u64, change: &Change, is_sick: bool) -> ControlFlow<()> {
        if let Some(what) = line(change, is_sick) {
            self.screen.line(&format!("step {}: {what}", whole(step)));
        }
        match change {
            Change::Began(finding) if self.stop_when.iter().any(|name| name == finding.name) => {
                self.struck.get_or_init(|| finding.clone());
                ControlFlow::Break(())
            }
            _ => ControlFlow::Continue(()),
        }
    }
}

/// What is said of a change; nothing while all is well.
fn line(change: &Change, is_sick: bool) -> Option<String> {
    match change {
        change if is_well(change.name()) => None,
        Change::Began(Finding { name, since_step, sentence, .. }) => {
            Some(format!("{}, since step {}: {}", named(name), whole(*since_step), shown(sentence)))
        }
        Change::Ended { name, .. } => {
            let rest = if is_sick { "" } else { ", and nothing else wrong is seen" };
            Some(format!("{} is over{rest}", named(name)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(name: &'static str) -> Finding {
        let (sentence, sentence_ko) = ("All are alike.".to_owned(), String::new());
        let (evidence, remedies) = (Vec::new(), Vec::new());
        Finding {
            name,
            since_step: 3400,
            confidence: 0.9,
            sentence,
            sentence_ko,
            evidence,
            remedies,
            strength: 2.0,
        }
    }

    fn ended(name: &str) -> Change {
        Change::Ended { name: name.to_owned(), since_step: 3400, confidence: 0.9 }
    }

    #[test]
    fn what_is_wrong_is_said_and_what_is_well_is_not() {
        let check = |change: Change, is_sick: bool, expected: Option<&str>| {
            let plain = line(&change, is_sick).map(|line| anstream::adapter::strip_str(&line).to_string());
            assert_eq!(plain.as_deref(), expected);
        };
        check(Change::Began(finding("diverged")), true, Some("diverged, since step 3,400: All are alike."));
        check(Change::Began(finding("converged")), false, None);
        check(ended("diverged"), true, Some("diverged is over"));
        check(ended("diverged"), false, Some("diverged is over, and nothing else wrong is seen"));
        check(ended("too-early"), false, None);
    }

    #[test]
    fn only_what_is_named_stops_the_run() {
        let (screen, stop_when, struck) = (Screen::new(), ["diverged".to_owned()], OnceCell::new());
        let tell = Tell::new(&screen, &stop_when, &struck);
        assert!(tell.hear(1, &Change::Began(finding("complete-collapse")), true).is_continue());
        assert!(tell.hear(2, &ended("diverged"), true).is_continue() && struck.get().is_none());
        assert!(tell.hear(3, &Change::Began(finding("diverged")), true).is_break());
        assert_eq!(struck.get().map(|finding| finding.name), Some("diverged"));
    }
}

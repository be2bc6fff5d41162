//! Says what the clinic finds while a run goes, and stops the run where that is asked for.

use std::cell::OnceCell;
use std::ops::ControlFlow;

use ganatomy_clinic::{Change, Finding, Watch, is_well};

use crate::cli::diagnose::named;
use crate::cli::screen::{Screen, shown};
use crate::cli::text::whole;

/// When the clinic stops a run.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct HaltWhen<'a> {
    /// When one of these verdicts begins.
    pub(crate) names: &'a [String],
    /// When something has been wrong for so many steps.
    pub(crate) ill_for: Option<u64>,
}

/// By what it stopped one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Halt {
    /// A verdict that was named began.
    Struck(Finding),
    /// Something has been wrong for long enough; the gravest of it.
    Ill(String),
}

/// Says every verdict as it begins and as it ends.
pub(crate) struct Tell<'a> {
    screen: &'a Screen,
    when: HaltWhen<'a>,
    halt: &'a OnceCell<Halt>,
    /// Of whom, where there are several.
    name: String,
}

impl<'a> Tell<'a> {
    /// Says verdicts on a screen; what stops the run is left in `halt`.
    pub(crate) fn new(screen: &'a Screen, when: HaltWhen<'a>, halt: &'a OnceCell<Halt>) -> Tell<'a> {
        Tell { screen, when, halt, name: String::new() }
    }

    /// The same, of one run among several.
    pub(crate) fn of(self, name: String) -> Tell<'a> {
        Tell { name: format!("{name}, "), ..self }
    }

    /// Takes what is new at a step.
    pub(crate) fn hear(&self, step: u64, changes: &[Change], watch: &Watch) -> ControlFlow<()> {
        for what in changes.iter().filter_map(|change| line(change, watch.is_sick())) {
            self.screen.line(&format!("{}step {}: {what}", self.name, whole(step)));
        }
        let Some(halt) = self.when.halt(step, changes, watch.ill()) else {
            return ControlFlow::Continue(());
        };
        self.halt.get_or_init(|| halt);
        ControlFlow::Break(())
    }
}

impl HaltWhen<'_> {
    fn halt(&self, step: u64, changes: &[Change], ill: Option<(&str, u64)>) -> Option<Halt> {
        let is_named = |finding: &&Finding| self.names.iter().any(|name| name == finding.name);
        let began = changes.iter().filter_map(|change| match change {
            Change::Began(finding) => Some(finding),
            Change::Ended { .. } => None,
        });
        if let Some(finding) = began.into_iter().find(is_named) {
            return Some(Halt::Struck(finding.clone()));
        }
        let (name, since) = ill?;
        (step.saturating_sub(since) >= self.ill_for?).then(|| Halt::Ill(name.to_owned()))
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
        let names = ["diverged".to_owned()];
        let when = HaltWhen { names: &names, ill_for: None };
        let began = |name| Change::Began(finding(name));
        assert_eq!(when.halt(1, &[began("complete-collapse")], Some(("complete-collapse", 0))), None);
        assert_eq!(when.halt(2, &[ended("diverged")], None), None);
        let both = [began("complete-collapse"), began("diverged")];
        assert_eq!(when.halt(3, &both, None), Some(Halt::Struck(finding("diverged"))));
    }

    #[test]
    fn what_has_been_ill_for_long_enough_is_stopped() {
        let when = HaltWhen { names: &[], ill_for: Some(100) };
        let halt = |step| when.halt(step, &[], Some(("complete-collapse", 300)));
        assert_eq!((halt(399), when.halt(900, &[], None)), (None, None));
        assert_eq!(halt(400), Some(Halt::Ill("complete-collapse".to_owned())));
    }
}

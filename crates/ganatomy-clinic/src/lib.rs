//! The clinic: names what is wrong with a run, from its record alone.
//!
//! Readings -> symptoms -> verdicts: a [`Chart`] holds what was read, [`symptom`] works out what a reading means for this
//! loss and these remedies, and each file of [`verdict`] says whether one thing is wrong, since when, how surely, and what may
//! mend it. All of it are pure functions of the chart, so that a year-old run is judged as a live one.
//!
//! ```
//! use ganatomy_clinic::{Chart, Facts, diagnose};
//!
//! let mut chart = Chart::new(Facts { steps: Some(2000), n_modes: Some(8), ..Facts::default() });
//! for step in (100..=2000).step_by(100) {
//!     // Eight modes, and then one: ln 8 is 2.08.
//!     chart.read("samples/reverse_kl", step, if step < 1000 { 0.01 } else { 2.08 });
//! }
//! let found = diagnose(&chart);
//! assert!(found.holds("complete-collapse"));
//! assert_eq!(found.verdicts[0].since_step, 1000);
//! ```

mod attend;
mod chart;
mod course;
pub mod cure;
mod facts;
mod finding;
mod in_words;
mod series;
pub mod symptom;
pub mod verdict;
pub mod ward;
mod watch;

pub use attend::Attend;
pub use chart::{Chart, HIDDEN};
pub use course::{Course, LASTING, Lasting};
pub use cure::{Cure, Learned, learned};
pub use facts::Facts;
pub use finding::{CannotTell, Diagnosis, Evidence, Finding, Note, Remedy};
pub use series::{Series, median};
pub use verdict::{FromLog, Verdict, cures, verdicts};
pub use watch::{Change, Watch};

/// Verdicts that nothing is wrong by.
const WELL: [&str; 3] = ["healthy", "converged", "too-early"];

/// Is nothing wrong by this verdict?
pub fn is_well(name: &str) -> bool {
    WELL.contains(&name)
}

/// What is wrong with a run, and what cannot be told.
pub fn diagnose(chart: &Chart) -> Diagnosis {
    verdict::all(chart)
}

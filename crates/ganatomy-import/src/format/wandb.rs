//! Weights & Biases' exports of charts: columns `run - name`, `run - name__MIN`, `run - name__MAX`.

use super::{Format, Values};

pub(super) const FORMAT: Format = Format {
    name: "wandb",
    about: "a chart of Weights & Biases, exported as CSV",
    values: Values::Unknown,
    is: None,
};

/// The run and the name of a column, if it is of such a chart.
pub(super) fn parts(header: &str) -> Option<(&str, &str)> {
    let (run, name) = header.rsplit_once(" - ")?;
    (!run.is_empty() && !name.is_empty()).then_some((run, name))
}

/// Is it a bound of what was averaged, and no value of its own?
pub(super) fn is_bound(name: &str) -> bool {
    name.ends_with("__MIN") || name.ends_with("__MAX")
}

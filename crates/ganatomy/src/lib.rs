//! The library people depend on: re-exports of the crates below it.

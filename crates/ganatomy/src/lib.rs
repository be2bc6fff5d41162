//! The library people depend on: re-exports of the crates below it.

pub use ganatomy_game as game;
pub use ganatomy_record as record;
pub use ganatomy_tensor as tensor;
pub use ganatomy_view as view;

//! What a step is made of: the words that losses, remedies, networks, updates, schemes and games share.
//!
//! A [`Scheme`](crate::scheme::Scheme) writes one step with a [`Play`]: it asks the [`Game`] for a player's [`Objective`] in a
//! [`Turn`], takes its [`Gradient`], and hands that to the player's [`Update`]. What is kept from step to step goes
//! through [`Memory`].

mod columns;
mod count;
mod feed;
mod field;
mod game;
mod init;
mod memory;
mod play;
mod player;
mod scene;
mod scope;
mod scores;
mod turn;
mod update;
mod values;
mod who;

pub use columns::{channels, one_hot};
pub use count::whole_multiple;
pub use feed::{Feed, FeedError, Host};
pub use field::{Along, Field, dot, references};
pub use game::{Game, Objective};
pub use init::Init;
pub use memory::Memory;
pub use play::{Batch, Board, Gradient, Mark, Play, Work, lr_factor_name};
pub use player::{Declared, Player};
pub use scene::{Duel, Scene};
pub use scope::{Finished, Hooks, Mode, Scope};
pub use scores::Scores;
pub use turn::Turn;
pub use update::{Moment, PlayerUpdate, Schedule, Update};
pub use values::{Players, Values};
pub use who::Who;

//! Who plays.

/// A player, by the name with which its tensors' names begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Who(&'static str);

impl Who {
    /// Makes samples.
    pub const GENERATOR: Who = Who("generator");
    /// Separates real items from generated ones.
    pub const DISCRIMINATOR: Who = Who("discriminator");

    /// The player of this name.
    pub const fn new(name: &'static str) -> Who {
        Who(name)
    }

    /// The player's name.
    pub fn name(self) -> &'static str {
        self.0
    }
}

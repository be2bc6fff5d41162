//! The `ganatomy` command line.

fn main() {}

//! The project as a whole held to what its documents say: the crate map, the walls between crates,
//! the reference pages drawn from declarations, and the pages written by hand.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests, where a failure is a panic")]

mod crate_map;
mod described;
mod help;
mod pages;
mod planned;
mod problems;
mod reference;
mod schema;
mod sources;

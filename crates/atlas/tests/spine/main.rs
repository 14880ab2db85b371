//! The spine from end to end on a small region: what a check finds, that bytes and sums hold, what
//! a second run does, and that every number explains itself.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests, where a failure is a panic")]

#[path = "../region/mod.rs"]
#[allow(dead_code, unused_imports, reason = "each test program uses a part of it")]
mod region;

mod becomes;
mod books;
mod bytes;
mod cache;
mod change;
mod check;
mod check_names;
mod conform;
mod deliveries;
mod explain;
mod indicators;
mod missing;
mod silent;
mod sums;
mod tables;
mod template;
mod weather;
mod zones;

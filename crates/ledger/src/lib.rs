//! The chain of facts: each link names the one before by its digest, so that nothing in the past can
//! be altered, taken out or put elsewhere without the links after it saying so.
//!
//! **Invariant:** what a fact says is opaque here: no environment, law, file, clock or floating point.

mod chain;

pub use chain::{Break, BreakKind, Walk, digest_of, first_link, linked};

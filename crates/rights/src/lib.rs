//! Rights to emit, to use energy and to count carbon: needs, allocation, auctions, trades in
//! integers, and the compensation between upstream and downstream.
//!
//! **Invariant:** it does not know how a number was modelled, and it holds money and rights as
//! integers.

pub mod calculators;

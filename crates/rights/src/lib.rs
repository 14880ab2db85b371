//! Rights to emit, to use energy and to count carbon: needs, allocation, auctions, trades in
//! integers, and the compensation between upstream and downstream.
//!
//! Every formula is a typed function here and a calculator of the same meaning in [`calculators`].
//! Money is whole fen, rights are whole lots or kilograms. A rate, a ratio or a coefficient is the
//! decimal it was written as, so that no result hangs on the last bit of a float. What a standard
//! or an agreement sets (coefficients, steps, bounds) comes in as an argument.
//!
//! **Invariant:** it does not know how a number was modelled, and it holds money and rights as
//! integers.

pub mod allocation;
pub mod calculators;
pub mod carbon;
pub mod carry_over;
pub mod compensation;
pub mod exact;
pub mod forest;
pub mod holding;
pub mod matching;
pub mod needs;
pub mod region;
pub mod reserve;
pub mod trade;

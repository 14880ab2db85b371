//! How orders meet: continuous trading, a call auction, a one-way auction at one price, and the limits of a day.
//!
//! Prices are whole ticks or fen and quantities whole lots. Orders stand in the order of their
//! arrival, and that order is their time priority.

pub mod call_auction;
pub mod check;
pub mod listing;
pub mod price_limits;
pub mod uniform_auction;

pub use call_auction::{Clearing, call_auction};
pub use listing::{Day, Listed, Trade, continuous};
pub use price_limits::{PriceLimits, price_limits};
pub use uniform_auction::{Sale, uniform_auction, within_limit};

/// A limit order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// The worst price it accepts, in ticks or fen.
    pub price: i64,
    /// How much of it, in lots.
    pub quantity: u32,
}

/// Positions of orders by price and then by time: the highest price first, or the lowest.
fn in_priority(orders: &[Order], highest_first: bool) -> Vec<usize> {
    let mut positions: Vec<usize> = (0..orders.len()).collect();
    positions.sort_by_key(|at| {
        let price = i128::from(orders[*at].price);
        (if highest_first { -price } else { price }, *at)
    });
    positions
}

/// Gives out `volume` in the order of `positions`; the last one served may be cut.
fn fill(orders: &[Order], positions: &[usize], mut volume: u64) -> Vec<u32> {
    let mut fills = vec![0; orders.len()];
    for at in positions {
        let taken = u32::try_from(volume.min(u64::from(orders[*at].quantity))).unwrap_or(u32::MAX);
        fills[*at] = taken;
        volume -= u64::from(taken);
    }
    fills
}

//! Continuous trading (挂牌协议): each order meets what rests on the other side when it comes, best price first, then
//! the one that came first.

use std::collections::{BTreeMap, VecDeque};

/// An order of a day, in the order of arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listed {
    /// True to buy.
    pub buys: bool,
    /// The worst price it accepts, in ticks.
    pub price: i64,
    /// How much, in lots.
    pub quantity: u32,
    /// What is not met at once rests for the day; otherwise it is cancelled.
    pub rests: bool,
}

/// A trade, orders by their place in the list, at the price of the one that rested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trade {
    /// The buyer's order.
    pub buy: usize,
    /// The seller's order.
    pub sell: usize,
    /// Price in ticks.
    pub price: i64,
    /// Lots.
    pub quantity: u32,
}

/// A day's trading.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Day {
    /// In the order they were made.
    pub trades: Vec<Trade>,
    /// What of each order rested at the close; orders live for the day.
    pub resting: Vec<u32>,
    /// What of each order was cancelled when it came.
    pub cancelled: Vec<u32>,
}

impl Day {
    /// The volume-weighted price of the day, half up to the tick; the previous close where nothing was traded.
    pub fn close(&self, previous: i64) -> i64 {
        let volume: i128 = self.trades.iter().map(|t| i128::from(t.quantity)).sum();
        if volume == 0 {
            return previous;
        }
        let value: i128 = self.trades.iter().map(|t| i128::from(t.price) * i128::from(t.quantity)).sum();
        let mean = (2 * value + volume).div_euclid(2 * volume);
        i64::try_from(mean).unwrap_or(previous)
    }
}

type Side = BTreeMap<i64, VecDeque<(usize, u32)>>;

/// Prices that an order sees on the other side.
pub const LEVELS: usize = 5;

/// Trades a day's orders by price and time. An order meets at most the best [`LEVELS`] prices of the other side; what
/// is left rests when it may and would not cross what still stands there, and is cancelled otherwise.
pub fn continuous(orders: &[Listed]) -> Day {
    let mut day = Day { trades: Vec::new(), resting: vec![0; orders.len()], cancelled: vec![0; orders.len()] };
    let (mut bids, mut asks) = (Side::new(), Side::new());
    for (at, order) in orders.iter().enumerate() {
        let (own, other) = if order.buys { (&mut bids, &mut asks) } else { (&mut asks, &mut bids) };
        let crosses = |price: i64| if order.buys { price <= order.price } else { price >= order.price };
        let seen: Vec<i64> = match order.buys {
            true => other.keys().copied().take(LEVELS).collect(),
            false => other.keys().rev().copied().take(LEVELS).collect(),
        };
        let mut left = order.quantity;
        for price in seen.into_iter().filter(|p| crosses(*p)) {
            let Some(queue) = other.get_mut(&price) else { continue };
            while let Some((resting, there)) = queue.front_mut().filter(|_| left > 0) {
                let quantity = left.min(*there);
                let (buy, sell) = if order.buys { (at, *resting) } else { (*resting, at) };
                day.trades.push(Trade { buy, sell, price, quantity });
                left -= quantity;
                *there -= quantity;
                if *there == 0 {
                    queue.pop_front();
                }
            }
            if queue.is_empty() {
                other.remove(&price);
            }
        }
        let best = if order.buys { other.keys().next() } else { other.keys().next_back() };
        if order.rests && !best.is_some_and(|price| crosses(*price)) && left > 0 {
            own.entry(order.price).or_default().push_back((at, left));
        } else {
            day.cancelled[at] = left;
        }
    }
    for (at, left) in bids.into_values().chain(asks.into_values()).flatten() {
        day.resting[at] = left;
    }
    day
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn order(buys: bool, price: i64, quantity: u32) -> Listed {
        Listed { buys, price, quantity, rests: true }
    }

    /// By hand: two sellers at 60 (first 5, then 4) and one at 61; a buyer of 8 at 61 takes 5 and 3 at 60, at the
    /// price that rested; (60·8)/8 = 60. A seller at 59 then meets nobody and rests.
    #[test]
    fn price_then_time_at_the_price_that_rested() {
        let day = continuous(&[order(false, 60, 5), order(false, 61, 4), order(false, 60, 4), order(true, 61, 8), order(false, 62, 1)]);
        let told: Vec<(usize, usize, i64, u32)> = day.trades.iter().map(|t| (t.buy, t.sell, t.price, t.quantity)).collect();
        assert_eq!(told, [(3, 0, 60, 5), (3, 2, 60, 3)]);
        assert_eq!((day.resting.clone(), day.close(50)), (vec![0, 4, 1, 0, 1], 60));
        assert_eq!(continuous(&[order(true, 60, 1)]).close(50), 50);
        let last = continuous(&[order(true, 60, 1), order(true, 61, 1), order(false, 60, 2)]);
        assert_eq!((last.trades.iter().map(|t| t.price).collect::<Vec<_>>(), last.close(0)), (vec![61, 60], 61), "60.5 half up");
    }

    /// By hand: six sellers of 1 at 60 to 65; a buyer of 6 at 70 sees five of them, and the sixth lot would cross the one at 65.
    #[test]
    fn five_levels_are_seen_and_a_book_never_crosses() {
        let mut orders: Vec<Listed> = (60..66).map(|price| order(false, price, 1)).collect();
        orders.push(order(true, 70, 6));
        let day = continuous(&orders);
        assert_eq!((day.trades.len(), day.cancelled[6], day.resting[5]), (5, 1, 1));
        let now_or_never = continuous(&[order(false, 60, 1), Listed { rests: false, ..order(true, 60, 3) }]);
        assert_eq!((now_or_never.cancelled, now_or_never.resting), (vec![0, 2], vec![0, 0]));
    }

    proptest! {
        /// Every lot of every order was traded, rests or was cancelled; nobody trades beyond the limit; what rests
        /// does not cross.
        #[test]
        fn no_lot_is_lost(list in prop::collection::vec((any::<bool>(), 50_i64..60, 0_u32..9, any::<bool>()), 0..40)) {
            let orders: Vec<Listed> = list.into_iter().map(|(buys, price, quantity, rests)| Listed { buys, price, quantity, rests }).collect();
            let day = continuous(&orders);
            let mut done: Vec<u32> = day.resting.iter().zip(&day.cancelled).map(|(r, c)| r + c).collect();
            for trade in &day.trades {
                done[trade.buy] += trade.quantity;
                done[trade.sell] += trade.quantity;
                prop_assert!(trade.quantity > 0 && orders[trade.buy].price >= trade.price && orders[trade.sell].price <= trade.price);
            }
            prop_assert_eq!(done, orders.iter().map(|o| o.quantity).collect::<Vec<_>>());
            let rest = |buys: bool| orders.iter().zip(&day.resting).filter(move |(o, left)| o.buys == buys && **left > 0).map(|(o, _)| o.price);
            if let (Some(bid), Some(ask)) = (rest(true).max(), rest(false).min()) {
                prop_assert!(bid < ask);
            }
        }
    }
}

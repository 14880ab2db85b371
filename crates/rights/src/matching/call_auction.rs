//! The call auction (集合竞价): one price at which most changes hands.

use super::{Order, fill, in_priority};

/// What a call auction ends with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clearing {
    /// The one price of every trade; `None` when no buyer's limit reaches a seller's.
    pub price: Option<i64>,
    /// What changes hands, in lots.
    pub volume: u64,
    /// What each buyer gets, in the order given.
    pub buy_fills: Vec<u32>,
    /// What each seller gives, in the order given.
    pub sell_fills: Vec<u32>,
}

/// Matches all orders at one price.
///
/// Every limit price `p` is a candidate with `V(p) = min(Σ buy with limit ≥ p, Σ sell with limit ≤
/// p)`. The largest V wins; of equal ones the smallest |buy − sell|; of equal ones again the
/// highest where all have more to buy, the lowest where all have more to sell, and otherwise the
/// one nearest `reference` (the previous close), then the higher. Orders are filled by price and
/// then by time, so the marginal price level is cut by time.
///
/// Prices in ticks or fen, quantities in lots, each side in the order of arrival. No order and no
/// crossing give no price and no volume. Source: rules of the national carbon market as reported,
/// with the tie rules written out.
pub fn call_auction(buys: &[Order], sells: &[Order], reference: i64) -> Clearing {
    let Some((price, volume)) = clearing_price(buys, sells, reference) else {
        return Clearing { price: None, volume: 0, buy_fills: vec![0; buys.len()], sell_fills: vec![0; sells.len()] };
    };
    Clearing {
        price: Some(price),
        volume,
        buy_fills: fill(buys, &in_priority(buys, true), volume),
        sell_fills: fill(sells, &in_priority(sells, false), volume),
    }
}

/// What stands on both sides at a price.
struct Level {
    price: i64,
    volume: u64,
    surplus: i128,
}

fn clearing_price(buys: &[Order], sells: &[Order], reference: i64) -> Option<(i64, u64)> {
    let levels = levels(buys, sells);
    let volume = levels.iter().map(|l| l.volume).max().filter(|v| *v > 0)?;
    let imbalance = levels.iter().filter(|l| l.volume == volume).map(|l| l.surplus.abs()).min()?;
    let ties: Vec<&Level> = levels.iter().filter(|l| l.volume == volume && l.surplus.abs() == imbalance).collect();
    let prices = ties.iter().map(|l| l.price);
    let price = if ties.iter().all(|l| l.surplus > 0) {
        prices.max()
    } else if ties.iter().all(|l| l.surplus < 0) {
        prices.min()
    } else {
        prices.min_by_key(|p| ((i128::from(*p) - i128::from(reference)).abs(), -i128::from(*p)))
    };
    price.map(|price| (price, volume))
}

/// Every limit price once, ascending, with what would be bought and sold at it. One pass over the
/// orders sorted by price.
fn levels(buys: &[Order], sells: &[Order]) -> Vec<Level> {
    let mut prices: Vec<i64> = buys.iter().chain(sells).map(|o| o.price).collect();
    prices.sort_unstable();
    prices.dedup();
    let mut bought = vec![0_u64; prices.len()];
    let mut sold = vec![0_u64; prices.len()];
    for (side, sums) in [(buys, &mut bought), (sells, &mut sold)] {
        for order in side {
            sums[prices.partition_point(|p| *p < order.price)] += u64::from(order.quantity);
        }
    }
    for at in 1..prices.len() {
        sold[at] += sold[at - 1];
        let down = prices.len() - 1 - at;
        bought[down] += bought[down + 1];
    }
    let level = |at: usize| Level { price: prices[at], volume: bought[at].min(sold[at]), surplus: i128::from(bought[at]) - i128::from(sold[at]) };
    (0..prices.len()).map(level).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn orders(rows: &[(i64, u32)]) -> Vec<Order> {
        rows.iter().map(|(price, quantity)| Order { price: *price, quantity: *quantity }).collect()
    }

    /// By hand: no buyer pays 61; a lone side; nobody at all.
    #[test]
    fn no_crossing_gives_no_price() {
        for (buys, sells) in [(&[(60, 5)][..], &[(61, 5)][..]), (&[(60, 5)], &[]), (&[], &[(60, 5)]), (&[], &[])] {
            let clearing = call_auction(&orders(buys), &orders(sells), 60);
            assert_eq!((clearing.price, clearing.volume), (None, 0));
            assert!(clearing.buy_fills.iter().chain(&clearing.sell_fills).all(|f| *f == 0));
        }
    }

    /// By hand. 50 and 52 both move 100 with 100 left to buy, so the highest; mirrored, the lowest;
    /// with nothing left over at 50, 52 and 54, the reference decides, and between two as near the higher.
    #[test]
    fn ties_are_broken_as_written() {
        let two = |buys: &[(i64, u32)], sells: &[(i64, u32)], reference| call_auction(&orders(buys), &orders(sells), reference).price;
        assert_eq!(two(&[(52, 200)], &[(50, 100)], 10), Some(52));
        assert_eq!(two(&[(52, 100)], &[(50, 200)], 90), Some(50));
        assert_eq!(two(&[(54, 100)], &[(50, 100)], 50), Some(50));
        assert_eq!(two(&[(54, 100)], &[(50, 100)], 52), Some(54));
        assert_eq!(two(&[(54, 100)], &[(50, 100)], 51), Some(50));
    }

    /// The rule as it is written, said again the slow way.
    fn by_the_book(buys: &[Order], sells: &[Order], reference: i64) -> Option<(i64, u64)> {
        let at = |p: i64| {
            let bought: u64 = buys.iter().filter(|o| o.price >= p).map(|o| u64::from(o.quantity)).sum();
            let sold: u64 = sells.iter().filter(|o| o.price <= p).map(|o| u64::from(o.quantity)).sum();
            (bought, sold)
        };
        let mut candidates: Vec<i64> = buys.iter().chain(sells).map(|o| o.price).collect();
        let most = candidates.iter().map(|p| at(*p).0.min(at(*p).1)).max()?;
        candidates.retain(|p| at(*p).0.min(at(*p).1) == most);
        let least = candidates.iter().map(|p| at(*p).0.abs_diff(at(*p).1)).min()?;
        candidates.retain(|p| at(*p).0.abs_diff(at(*p).1) == least);
        candidates.sort_unstable();
        let buyers_left = candidates.iter().filter(|p| at(**p).0 > at(**p).1).count();
        let sellers_left = candidates.iter().filter(|p| at(**p).0 < at(**p).1).count();
        let price = if buyers_left == candidates.len() {
            *candidates.last()?
        } else if sellers_left == candidates.len() {
            *candidates.first()?
        } else {
            let mut nearest = *candidates.first()?;
            for p in candidates {
                if (p - reference).abs() <= (nearest - reference).abs() {
                    nearest = p;
                }
            }
            nearest
        };
        (most > 0).then_some((price, most))
    }

    fn side() -> impl Strategy<Value = Vec<Order>> {
        prop::collection::vec((45_i64..60, 0_u32..40).prop_map(|(price, quantity)| Order { price, quantity }), 0..12)
    }

    fn earlier_is_full(orders: &[Order], fills: &[u32], before: impl Fn(i64, i64) -> bool) -> bool {
        (0..orders.len()).all(|late| {
            fills[late] == 0
                || (0..orders.len()).all(|early| {
                    let goes_first = before(orders[early].price, orders[late].price) || (orders[early].price == orders[late].price && early < late);
                    !goes_first || fills[early] == orders[early].quantity
                })
        })
    }

    proptest! {
        #[test]
        fn the_slow_way_gives_the_same_price_and_volume(buys in side(), sells in side(), reference in 40_i64..65) {
            let clearing = call_auction(&buys, &sells, reference);
            prop_assert_eq!(clearing.price.map(|p| (p, clearing.volume)), by_the_book(&buys, &sells, reference));
        }

        #[test]
        fn nothing_is_made_or_lost_no_limit_is_passed_and_nobody_jumps_the_queue(buys in side(), sells in side(), reference in 40_i64..65) {
            let clearing = call_auction(&buys, &sells, reference);
            let sum = |fills: &[u32]| fills.iter().map(|f| u64::from(*f)).sum::<u64>();
            prop_assert_eq!(sum(&clearing.buy_fills), clearing.volume);
            prop_assert_eq!(sum(&clearing.sell_fills), clearing.volume);
            for (order, got) in buys.iter().zip(&clearing.buy_fills) {
                prop_assert!(*got <= order.quantity && (*got == 0 || clearing.price.is_some_and(|p| p <= order.price)));
            }
            for (order, gave) in sells.iter().zip(&clearing.sell_fills) {
                prop_assert!(*gave <= order.quantity && (*gave == 0 || clearing.price.is_some_and(|p| p >= order.price)));
            }
            prop_assert!(earlier_is_full(&buys, &clearing.buy_fills, |a, b| a > b));
            prop_assert!(earlier_is_full(&sells, &clearing.sell_fills, |a, b| a < b));
        }

        /// No other price, on the tick or between limits, would have moved more.
        #[test]
        fn no_price_moves_more(buys in side(), sells in side(), reference in 40_i64..65, other in 40_i64..65) {
            let bought: u64 = buys.iter().filter(|o| o.price >= other).map(|o| u64::from(o.quantity)).sum();
            let sold: u64 = sells.iter().filter(|o| o.price <= other).map(|o| u64::from(o.quantity)).sum();
            prop_assert!(bought.min(sold) <= call_auction(&buys, &sells, reference).volume);
        }
    }
}

//! The one-way auction (单向竞价、政府拍卖): sealed bids, one price for all who win.

use std::collections::BTreeMap;

use liangshan_vocab::Problem;

use super::{Order, fill, in_priority};
use crate::exact::narrow;

/// What a one-way auction ends with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sale {
    /// The one price: the lowest bid that gets something; `None` when nothing is sold.
    pub price: Option<i64>,
    /// What each bidder gets, in lots, in the order given.
    pub fills: Vec<u32>,
    /// Price times what is sold, fen when prices are fen.
    pub proceeds: i64,
    /// What stays with the seller, in lots.
    pub unsold: u64,
}

/// Sells `supply` lots to the highest bids of at least `reserve`, all at the price of the lowest
/// bid that wins. The marginal bid is cut; equal bids are served by time.
///
/// Prices in fen, quantities in lots, bids in the order of arrival. A bid below the reserve gets
/// nothing.
///
/// # Errors
/// `rights.too_large` when the proceeds do not fit 64 bits.
pub fn uniform_auction(supply: u64, reserve: i64, bids: &[Order]) -> Result<Sale, Problem> {
    let admitted: Vec<usize> = in_priority(bids, true).into_iter().filter(|at| bids[*at].price >= reserve).collect();
    let demand: u64 = admitted.iter().map(|at| u64::from(bids[*at].quantity)).sum();
    let sold = supply.min(demand);
    let fills = fill(bids, &admitted, sold);
    let price = admitted.iter().rev().find(|at| fills[**at] > 0).map(|at| bids[*at].price);
    let proceeds = narrow("proceeds", i128::from(price.unwrap_or(0)) * i128::from(sold))?;
    Ok(Sale { price, fills, proceeds, unsold: supply - sold })
}

/// Bids cut so that no bidder asks for more than `most` lots, the best bids of each first; of equal ones the earlier.
/// `bidders` are who bids, one for each bid.
pub fn within_limit(bids: &[Order], bidders: &[String], most: u64) -> Vec<Order> {
    let mut cut = bids.to_vec();
    let mut asked: BTreeMap<&String, u64> = BTreeMap::new();
    for at in in_priority(bids, true) {
        let Some(bidder) = bidders.get(at) else { continue };
        let so_far = asked.entry(bidder).or_default();
        let left = u32::try_from(most.saturating_sub(*so_far)).unwrap_or(u32::MAX);
        cut[at].quantity = cut[at].quantity.min(left);
        *so_far += u64::from(cut[at].quantity);
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bids(rows: &[(i64, u32)]) -> Vec<Order> {
        rows.iter().map(|(price, quantity)| Order { price: *price, quantity: *quantity }).collect()
    }

    /// By hand.
    #[test]
    fn a_bid_below_the_reserve_gets_nothing_and_the_rest_is_unsold() {
        let sale = uniform_auction(1000, 50, &bids(&[(49, 400), (50, 100), (80, 0)])).unwrap();
        assert_eq!(sale, Sale { price: Some(50), fills: vec![0, 100, 0], proceeds: 5000, unsold: 900 });
        assert_eq!(uniform_auction(10, 50, &bids(&[(49, 400)])).unwrap(), Sale { price: None, fills: vec![0], proceeds: 0, unsold: 10 });
        let equal = uniform_auction(5, 0, &bids(&[(60, 3), (60, 3)])).unwrap();
        assert_eq!((equal.fills, equal.price), (vec![3, 2], Some(60)));
        assert_eq!(uniform_auction(4_000_000_000, 0, &bids(&[(i64::MAX, u32::MAX)])).unwrap_err().code, "rights.too_large");
    }

    /// By hand: at most 200 each; A bids 150 at 60 and 100 at 70, so the better 100 stand and 100 of the others.
    #[test]
    fn nobody_gets_more_than_the_limit() {
        let who = ["A", "B", "A"].map(str::to_owned);
        let cut = within_limit(&bids(&[(60, 150), (65, 250), (70, 100)]), &who, 200);
        assert_eq!(cut.iter().map(|o| o.quantity).collect::<Vec<_>>(), [100, 200, 100]);
        assert_eq!(within_limit(&bids(&[(60, 150)]), &[], 1)[0].quantity, 150, "a bid of nobody named is as it is");
    }

    /// One lot at a time to the best bid that still wants one, the slow way.
    fn lot_by_lot(supply: u64, reserve: i64, bids: &[Order]) -> Vec<u32> {
        let mut fills = vec![0_u32; bids.len()];
        for _ in 0..supply {
            let wanting = (0..bids.len()).filter(|at| bids[*at].price >= reserve && fills[*at] < bids[*at].quantity);
            let Some(best) = wanting.min_by_key(|at| (-bids[*at].price, *at)) else { break };
            fills[best] += 1;
        }
        fills
    }

    proptest! {
        #[test]
        fn lot_by_lot_gives_the_same_and_the_sums_agree(
            supply in 0_u64..150, reserve in 48_i64..58,
            bids in prop::collection::vec((45_i64..60, 0_u32..30).prop_map(|(price, quantity)| Order { price, quantity }), 0..10),
        ) {
            let sale = uniform_auction(supply, reserve, &bids).unwrap();
            prop_assert_eq!(&sale.fills, &lot_by_lot(supply, reserve, &bids));
            let sold: u64 = sale.fills.iter().map(|f| u64::from(*f)).sum();
            prop_assert_eq!(sold + sale.unsold, supply);
            prop_assert_eq!(i128::from(sale.proceeds), i128::from(sold) * i128::from(sale.price.unwrap_or(0)));
            let lowest = bids.iter().zip(&sale.fills).filter(|(_, f)| **f > 0).map(|(b, _)| b.price).min();
            prop_assert_eq!(sale.price, lowest);
            prop_assert!(sale.price.is_none_or(|p| p >= reserve));
        }
    }
}

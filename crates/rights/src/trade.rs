//! One trade in the ledger: what the buyer pays, the seller gets and the platform keeps.

use liangshan_vocab::Problem;
use rust_decimal::Decimal;

use crate::exact::{half_up, held, narrow};

/// The lines of a trade in cash, fen; they add up to zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settlement {
    /// Price times quantity.
    pub value: i64,
    /// What each side pays beside it.
    pub fee_each: i64,
    /// The buyer's account: minus value and fee.
    pub buyer: i64,
    /// The seller's account: value less fee.
    pub seller: i64,
    /// The platform's account: both fees.
    pub fee_income: i64,
}

impl Settlement {
    /// The sum of all lines: zero, or money was made.
    pub fn sum(&self) -> i64 {
        self.buyer + self.seller + self.fee_income
    }
}

/// Settles `quantity` units at `price` fen each. The fee is `max(min_fee, value·rate)`, rounded
/// half up to the fen, from both sides.
///
/// # Errors
/// `rights.too_large` when an amount does not fit 64 bits.
pub fn settle(quantity: u64, price: u64, rate: Decimal, min_fee: u64) -> Result<Settlement, Problem> {
    let value = narrow("value_fen", i128::from(quantity) * i128::from(price))?;
    let share = half_up("fee_each_fen", held("fee_each_fen", Decimal::from(value).checked_mul(rate))?)?;
    let fee = share.max(narrow("min_fen", i128::from(min_fee))?);
    let (paid, doubled) = (i128::from(value) + i128::from(fee), i128::from(fee) * 2);
    Ok(Settlement {
        value,
        fee_each: fee,
        buyer: narrow("buyer_cash", -paid)?,
        seller: narrow("seller_cash", i128::from(value) - i128::from(fee))?,
        fee_income: narrow("fee_income", doubled)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// By hand: 5 fen × 0.1 = 0.5, half up to 1; 4 fen × 0.1 = 0.4, down to 0; the least fee of 100
    /// goes before both, and then the seller pays 95 to sell.
    #[test]
    fn fees_are_rounded_half_up_and_have_a_least() {
        let rate = Decimal::new(1, 1);
        assert_eq!(settle(1, 5, rate, 0).unwrap().fee_each, 1);
        assert_eq!(settle(1, 4, rate, 0).unwrap().fee_each, 0);
        assert_eq!(settle(1, 5, rate, 100).unwrap(), Settlement { value: 5, fee_each: 100, buyer: -105, seller: -95, fee_income: 200 });
        assert_eq!(settle(u64::MAX, 2, rate, 0).unwrap_err().code, "rights.too_large");
    }

    proptest! {
        #[test]
        fn no_money_is_made_or_lost(quantity in 0_u64..10_000_000, price in 0_u64..1_000_000, thousandths in 0_i64..50, least in 0_u64..10_000) {
            let done = settle(quantity, price, Decimal::new(thousandths, 3), least).unwrap();
            prop_assert_eq!(done.sum(), 0);
            // the fee by integers alone: floor((1000·value·rate·2 + 1000) / 2000)
            let by_rate = (done.value * thousandths * 2 + 1000) / 2000;
            prop_assert_eq!(done.fee_each, by_rate.max(i64::try_from(least).unwrap()));
        }
    }
}

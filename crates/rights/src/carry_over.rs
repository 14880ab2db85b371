//! What of last year's carbon allowances may be carried over (结转), and what lapses.

use liangshan_vocab::{Problem, words};
use rust_decimal::Decimal;

use crate::exact::held;

/// How a holding ends at the year's close, in the unit it was given in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CarryOver {
    /// The most that may be carried over.
    pub cap: Decimal,
    /// What is.
    pub carried: Decimal,
    /// What lapses when nothing more is sold.
    pub lapsed: Decimal,
    /// How much more to sell for nothing to lapse: each unit sold also raises the cap.
    pub sell_to_avoid: Decimal,
}

/// `cap = base + multiple·max(0, net_sold)`, `carried = min(cap, holding)`; the rest lapses unless
/// `lapsed / (1 + multiple)` more is sold. One that bought more than it sold (`net_sold` below zero)
/// first has to sell that much before its cap rises.
///
/// All amounts in one unit, tonnes or 10⁴ t. Source: a public calculator of the rules of 2023/24;
/// base and multiple are unverified and therefore given.
///
/// # Errors
/// `rights.negative` when base, holding or multiple is below zero; `rights.too_large`.
pub fn carry_over(base: Decimal, net_sold: Decimal, holding: Decimal, multiple: Decimal) -> Result<CarryOver, Problem> {
    for (name, given) in [("base", base), ("holding", holding), ("multiple", multiple)] {
        if given < Decimal::ZERO {
            return Err(negative(name, given));
        }
    }
    let raised = held("net_sold", multiple.checked_mul(net_sold.max(Decimal::ZERO)))?;
    let cap = held("cap", base.checked_add(raised))?;
    let carried = cap.min(holding);
    let lapsed = holding - carried;
    let bought = (-net_sold).max(Decimal::ZERO);
    let sell_to_avoid = if lapsed <= bought {
        lapsed
    } else {
        let rest = held("sell_to_avoid", (lapsed - bought).checked_div(Decimal::ONE + multiple))?;
        bought + rest
    };
    Ok(CarryOver { cap, carried, lapsed, sell_to_avoid })
}

/// Something that cannot be below zero is.
pub(crate) fn negative(name: &str, given: Decimal) -> Problem {
    Problem::error("rights.negative", words!("“{name}”为负：{given}", "\"{name}\" is below zero: {given}")).key(name).expect(words!("0 或正数", "zero or more"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(n: i64) -> Decimal {
        Decimal::from(n)
    }

    /// By hand: 15 held, 10 may stay; 3 were bought, so the first 3 sold raise nothing, and of the
    /// other 2 each unit sold makes room for 2.5: 3 + 0.8.
    #[test]
    fn a_net_buyer_sells_its_purchases_first() {
        let made = carry_over(of(10), of(-3), of(15), Decimal::new(15, 1)).unwrap();
        assert_eq!((made.cap, made.lapsed, made.sell_to_avoid), (of(10), of(5), Decimal::new(38, 1)));
        assert_eq!(carry_over(of(10), of(-8), of(15), Decimal::new(15, 1)).unwrap().sell_to_avoid, of(5));
        assert_eq!(carry_over(of(-1), of(0), of(1), of(1)).unwrap_err().code, "rights.negative");
    }

    proptest! {
        /// Selling what it says leaves nothing to lapse, and a hair less does not suffice.
        #[test]
        fn selling_so_much_is_just_enough(base in 0_i64..50, sold in -30_i64..30, holding in 0_i64..200, tenths in 0_i64..40) {
            let multiple = Decimal::new(tenths, 1);
            let made = carry_over(of(base), of(sold), of(holding), multiple).unwrap();
            prop_assert_eq!(made.carried + made.lapsed, of(holding));
            let after = |more: Decimal| carry_over(of(base), of(sold) + more, of(holding) - more, multiple).unwrap().lapsed;
            prop_assert!(after(made.sell_to_avoid) < Decimal::new(1, 20));
            if made.lapsed > Decimal::ZERO {
                prop_assert!(after(made.sell_to_avoid - Decimal::new(1, 6)) > Decimal::ZERO);
            }
        }
    }
}

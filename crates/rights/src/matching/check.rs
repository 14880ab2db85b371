//! What an order has to keep to before it meets any other, and what of a market's trades has to be looked at.

use std::collections::BTreeMap;

use jiff::civil::Date;
use liangshan_vocab::Problem;
use rust_decimal::Decimal;

use super::price_limits::PriceLimits;
use crate::exact::held;
use crate::trade::settle;

/// An order with all that decides whether it is taken. Prices in yuan, money in fen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// True to buy.
    pub buys: bool,
    /// Its price.
    pub price: Decimal,
    /// How much.
    pub quantity: u64,
    /// What the seller has available.
    pub available: u64,
    /// What the buyer has free, fen.
    pub free_cash_fen: u64,
    /// Account active, identity known, qualified for the instrument, session open.
    pub admitted: [bool; 4],
}

/// What orders of a session keep to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// Smallest step of a price.
    pub tick: Decimal,
    /// Smallest quantity, and its steps.
    pub lot: u64,
    /// The day's limits.
    pub limits: PriceLimits,
    /// Least and most of one order; none where there is no such end.
    pub size: (Option<u64>, Option<u64>),
    /// Rate of the fee.
    pub rate: Decimal,
    /// Least fee, fen.
    pub min_fee_fen: u64,
}

/// Words of everything that an order does not keep to; none when it may be taken. `rights.md` section 5.
///
/// # Errors
/// `rights.too_large`.
pub fn refused(order: &Wanted, terms: &Terms) -> Result<Vec<&'static str>, Problem> {
    let (least, most) = terms.size;
    let on_tick = terms.tick > Decimal::ZERO && order.price.checked_rem(terms.tick) == Some(Decimal::ZERO);
    let lots = order.quantity > 0 && terms.lot > 0 && order.quantity.is_multiple_of(terms.lot);
    // A price that is no whole number of fen is refused by its tick; what it would cost is rounded up.
    let fen = crate::exact::ceiling("price", held("price", order.price.checked_mul(Decimal::ONE_HUNDRED))?)?;
    let cost = settle(order.quantity, u64::try_from(fen).unwrap_or(0), terms.rate, terms.min_fee_fen)?;
    let [active, known, qualified, open] = order.admitted;
    let found = [
        ("account", !active),
        ("identity", !known),
        ("not_qualified", !qualified),
        ("closed", !open),
        ("price", order.price <= Decimal::ZERO),
        ("tick", !on_tick),
        ("above_limit", order.price > terms.limits.up),
        ("below_limit", order.price < terms.limits.down),
        ("lots", !lots),
        ("too_small", least.is_some_and(|least| order.quantity < least)),
        ("too_large", most.is_some_and(|most| order.quantity > most)),
        ("not_available", !order.buys && order.quantity > order.available),
        ("cash", order.buys && i128::from(order.free_cash_fen) < -i128::from(cost.buyer)),
    ];
    Ok(found.into_iter().filter(|f| f.1).map(|f| f.0).collect())
}

/// A trade that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The day.
    pub day: Date,
    /// Who sold.
    pub seller: String,
    /// Who bought.
    pub buyer: String,
    /// How much.
    pub quantity: u64,
}

/// Pairs of trades, by their place, that went from one owner to another and came back within so many days and with
/// quantities that differ by no more than a share of the first; and trades of one owner with itself, paired with
/// themselves. `owner` maps accounts to who owns them.
pub fn wash_trades(trades: &[Made], owner: &BTreeMap<String, String>, days: i32, share: Decimal) -> Vec<(usize, usize)> {
    let of = |account: &String| owner.get(account).unwrap_or(account).clone();
    let mut found = Vec::new();
    for (at, one) in trades.iter().enumerate() {
        let (seller, buyer) = (of(&one.seller), of(&one.buyer));
        if seller == buyer {
            found.push((at, at));
            continue;
        }
        for (later, other) in trades.iter().enumerate().skip(at + 1) {
            let back = of(&other.seller) == buyer && of(&other.buyer) == seller;
            let near = (other.day - one.day).get_days().abs() <= days;
            let difference = Decimal::from(one.quantity.abs_diff(other.quantity));
            if back && near && difference <= share * Decimal::from(one.quantity) {
                found.push((at, later));
            }
        }
    }
    found
}

/// Those whose share of a whole is above a bound, with the share.
pub fn concentrated(of: &BTreeMap<String, u64>, bound: Decimal) -> Vec<(String, Decimal)> {
    let whole: Decimal = of.values().map(|n| Decimal::from(*n)).sum();
    let share = |(name, part): (&String, &u64)| Some((name.clone(), Decimal::from(*part).checked_div(whole)?));
    of.iter().filter_map(share).filter(|(_, share)| *share > bound).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::price_limits;
    use jiff::civil::date;

    fn of(s: &str) -> Decimal {
        s.parse().unwrap()
    }

    /// By hand: previous close 60.00 ± 10 %; 100 t at 61.25 are 612 500 fen and a fee of 613 (612.5 half up): 613 113.
    #[test]
    fn an_order_keeps_to_everything_or_says_what_not() {
        let terms = Terms {
            tick: of("0.01"),
            lot: 1,
            limits: price_limits(of("60"), of("0.1"), of("0.01")).unwrap(),
            size: (None, Some(99_999)),
            rate: of("0.001"),
            min_fee_fen: 0,
        };
        let order = Wanted { buys: true, price: of("61.25"), quantity: 100, available: 0, free_cash_fen: 613_113, admitted: [true; 4] };
        let told = |order: &Wanted| refused(order, &terms).unwrap();
        assert_eq!(told(&order), [""; 0]);
        assert_eq!(told(&Wanted { free_cash_fen: 613_112, ..order.clone() }), ["cash"], "short by a fen");
        assert_eq!(told(&Wanted { price: of("61.255"), ..order.clone() }), ["tick", "cash"]);
        assert_eq!(told(&Wanted { price: of("66.01"), buys: false, ..order.clone() }), ["above_limit", "not_available"]);
        assert_eq!(told(&Wanted { price: of("53.99"), ..order.clone() }), ["below_limit"]);
        assert_eq!(told(&Wanted { buys: false, available: 100, ..order.clone() }), [""; 0], "sell exactly all");
        assert_eq!(told(&Wanted { buys: false, available: 200_000, quantity: 100_000, ..order.clone() }), ["too_large"]);
        assert_eq!(told(&Wanted { quantity: 0, admitted: [true, false, true, false], ..order }), ["identity", "closed", "lots"]);
    }

    #[test]
    fn there_and_back() {
        let trade = |day, seller: &str, buyer: &str, quantity| Made { day: date(2026, 3, day), seller: seller.into(), buyer: buyer.into(), quantity };
        let owner = BTreeMap::from([("a2".to_owned(), "A".to_owned()), ("a1".to_owned(), "A".to_owned())]);
        let found = |trades: &[Made]| wash_trades(trades, &owner, 3, of("0.05"));
        assert_eq!(found(&[trade(1, "a1", "B", 100), trade(4, "B", "a2", 95)]), [(0, 1)]);
        assert_eq!(found(&[trade(1, "a1", "B", 100), trade(5, "B", "a2", 95)]), []);
        assert_eq!(found(&[trade(1, "a1", "B", 100), trade(4, "B", "a2", 94)]), []);
        assert_eq!(found(&[trade(1, "a1", "a2", 1)]), [(0, 0)]);
    }

    #[test]
    fn one_holds_too_much() {
        let positions = BTreeMap::from([("A".to_owned(), 21_u64), ("B".to_owned(), 20), ("C".to_owned(), 20), ("D".to_owned(), 20), ("E".to_owned(), 19)]);
        assert_eq!(concentrated(&positions, of("0.2")), [("A".to_owned(), of("0.21"))]);
        assert_eq!(concentrated(&BTreeMap::new(), of("0.2")), []);
    }
}

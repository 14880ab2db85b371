//! The limits of a day (涨跌幅): how far a price may lie from the previous close.

use liangshan_vocab::{Problem, words};
use rust_decimal::{Decimal, RoundingStrategy};

use crate::exact::held;

/// The highest and the lowest price of a day, on the tick.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PriceLimits {
    /// The highest.
    pub up: Decimal,
    /// The lowest.
    pub down: Decimal,
}

/// `up = prev·(1 + r)` and `down = prev·(1 − r)`, each rounded half up to the tick and written with
/// its decimals. `prev` and `tick` in yuan, `r` a share. Source: rules of the national carbon
/// market as reported (±10 % listed, ±30 % bulk).
///
/// # Errors
/// `rights.price` when `prev` or `tick` is not above zero or `r` lies outside [0, 1);
/// `rights.too_large`.
pub fn price_limits(prev: Decimal, r: Decimal, tick: Decimal) -> Result<PriceLimits, Problem> {
    if prev <= Decimal::ZERO || tick <= Decimal::ZERO || r < Decimal::ZERO || r >= Decimal::ONE {
        return Err(unusable(&format!("prev {prev}, r {r}, tick {tick}")));
    }
    let on_tick = |price: Option<Decimal>| {
        let ticks = price.and_then(|p| p.checked_div(tick)).map(|n| n.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero));
        let mut on = held("prev", ticks.and_then(|n| n.checked_mul(tick)))?;
        on.rescale(tick.normalize().scale());
        Ok::<_, Problem>(on)
    };
    let (up, down) = (on_tick(prev.checked_mul(Decimal::ONE + r))?, on_tick(prev.checked_mul(Decimal::ONE - r))?);
    Ok(PriceLimits { up, down })
}

/// Reads a price as people write it: digits with at most one point, above zero.
///
/// # Errors
/// `rights.price`.
pub fn parse_price(written: &str) -> Result<Decimal, Problem> {
    let plain = !written.is_empty() && written.bytes().all(|b| b.is_ascii_digit() || b == b'.') && written.starts_with(|c: char| c.is_ascii_digit());
    let read = Decimal::from_str_exact(written).ok().filter(|price| plain && *price > Decimal::ZERO);
    read.ok_or_else(|| unusable(written))
}

fn unusable(said: &str) -> Problem {
    Problem::error("rights.price", words!("价格或涨跌幅“{said}”不可用", "the price or limit \"{said}\" cannot be used")).key(said).expect(words!(
        "大于 0 的十进制价格如 \"61.25\"，最小变动价位大于 0，涨跌幅在 0 与 1 之间",
        "a price above zero in plain decimals such as \"61.25\", a tick above zero, a limit between 0 and 1"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(prev: &str, r: &str, tick: &str) -> (String, String) {
        let of = |s: &str| Decimal::from_str_exact(s).unwrap();
        let limits = price_limits(of(prev), of(r), of(tick)).unwrap();
        (limits.up.to_string(), limits.down.to_string())
    }

    /// By hand: 61.25 × 1.1 = 67.375 and × 0.9 = 55.125, halves go up; on ticks of 0.05, 1347.5
    /// ticks go up to 1348; 60 × 1.1 = 66 keeps the tick's decimals.
    #[test]
    fn halves_go_up_to_the_tick() {
        assert_eq!(limits("61.25", "0.1", "0.01"), ("67.38".into(), "55.13".into()));
        assert_eq!(limits("61.25", "0.1", "0.05"), ("67.40".into(), "55.15".into()));
        assert_eq!(limits("60", "0.1", "0.01"), ("66.00".into(), "54.00".into()));
        assert_eq!(limits("60", "0.1", "1"), ("66".into(), "54".into()));
    }

    #[test]
    fn what_is_no_price_is_told() {
        assert_eq!(parse_price("61.25").unwrap().to_string(), "61.25");
        for said in ["", "0", "-1", "1,000", "1e3", ".5", "六十", "61.2.5", "NaN"] {
            assert_eq!(parse_price(said).unwrap_err().code, "rights.price", "{said}");
        }
        assert_eq!(price_limits(Decimal::ONE, Decimal::ONE, Decimal::ONE).unwrap_err().code, "rights.price");
    }
}

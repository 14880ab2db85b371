//! Shares, gaps and balances of solid and agricultural waste. Amounts in tonnes as decimals; a share without
//! a whole is none.

use liangshan_vocab::{Problem, text, words};
use rust_decimal::Decimal;

/// `100 · part / whole`, %; `None` where there is no whole.
pub fn share_pct(part: Decimal, whole: Decimal) -> Option<Decimal> {
    part.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(whole)
}

/// The comprehensive use rate of general industrial solid waste (综合利用率), %: what was used, of past storage
/// too, over what was generated and taken out of past storage. General knowledge, unverified.
pub fn industrial_use_pct(used_t: Decimal, of_past_t: Decimal, generated_t: Decimal) -> Option<Decimal> {
    share_pct(used_t.checked_add(of_past_t)?, generated_t.checked_add(of_past_t)?)
}

/// Manure of a year: heads × days × factor of each kind, t; factors in kg a head and day.
pub fn manure_t(herds: &[(Decimal, Decimal, Decimal)]) -> Option<Decimal> {
    let kg = herds.iter().try_fold(Decimal::ZERO, |sum, (heads, days, factor)| sum.checked_add(heads.checked_mul(*days)?.checked_mul(*factor)?))?;
    kg.checked_div(Decimal::ONE_THOUSAND)
}

/// The capacity that lacks for one kind and year, t/a: forecast − licensed × availability. Above zero it is red.
///
/// # Errors
/// `waste.availability` outside 0 to 1; `waste.too_large`.
pub fn capacity_gap_t(forecast_t: Decimal, licensed_t: Decimal, availability: Decimal) -> Result<Decimal, Problem> {
    if availability < Decimal::ZERO || availability > Decimal::ONE {
        return Err(Problem::error("waste.availability", words!("可用率 {availability} 不合理", "an availability of {availability} makes no sense"))
            .key("availability")
            .expect(text("0 至 1", "0 to 1")));
    }
    licensed_t.checked_mul(availability).and_then(|can| forecast_t.checked_sub(can)).ok_or_else(too_large)
}

/// A balance of construction waste: what was dug, and where it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spoil {
    /// Dug, t.
    pub dug_t: Decimal,
    /// Filled on site, t.
    pub filled_t: Decimal,
    /// Carried off to yards, t.
    pub transported_t: Decimal,
    /// Recycled, t.
    pub recycled_t: Decimal,
}

impl Spoil {
    /// What is not accounted for, t: dug − filled − transported − recycled.
    pub fn residual_t(&self) -> Option<Decimal> {
        self.dug_t.checked_sub(self.filled_t)?.checked_sub(self.transported_t)?.checked_sub(self.recycled_t)
    }
}

/// Pigs, or what counts as one, that the crops of some land can take the manure of (土地承载力): demand of the
/// crops × share met by manure ÷ what one pig supplies; both in kg of N, or of P. General knowledge, unverified.
///
/// # Errors
/// `waste.no_supply`; `waste.too_large`.
pub fn pigs_allowed(demand_kg: Decimal, manure_share: Decimal, supply_kg: Decimal) -> Result<Decimal, Problem> {
    if supply_kg <= Decimal::ZERO {
        return Err(Problem::error("waste.no_supply", text("每头的养分供给量须大于 0", "what one pig supplies is above 0")).key("supply_kg"));
    }
    demand_kg.checked_mul(manure_share).and_then(|kg| kg.checked_div(supply_kg)).ok_or_else(too_large)
}

fn too_large() -> Problem {
    Problem::error("waste.too_large", text("数位超出可精确计算的范围", "more digits than can be computed exactly"))
        .expect(text("至多 28 位数字", "at most 28 digits"))
        .fix(text("检查单位与数量级", "look at the unit and the magnitude"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(s: &str) -> Decimal {
        s.parse().unwrap()
    }

    /// By hand: (80 + 10) / (100 + 10) = 81.8181… %; 1000 pigs × 365 d × 2 kg = 730 t; 1200 − 1500 × 0.9 < 0;
    /// 12 000 kg × 0.5 / 7 kg = 857.14 pigs.
    #[test]
    fn shares_and_gaps_by_hand() {
        assert_eq!(industrial_use_pct(of("80"), of("10"), of("100")).unwrap().round_dp(4), of("81.8182"));
        assert_eq!(share_pct(of("1"), of("0")), None);
        assert_eq!(manure_t(&[(of("1000"), of("365"), of("2")), (of("50"), of("100"), of("10"))]).unwrap(), of("780"));
        assert_eq!(capacity_gap_t(of("1200"), of("1500"), of("0.9")).unwrap(), of("-150"));
        assert_eq!(capacity_gap_t(of("1200"), of("1500"), of("1.1")).unwrap_err().code, "waste.availability");
        let spoil = Spoil { dug_t: of("1000"), filled_t: of("300"), transported_t: of("500"), recycled_t: of("150") };
        assert_eq!(spoil.residual_t().unwrap(), of("50"));
        assert_eq!(pigs_allowed(of("12000"), of("0.5"), of("7")).unwrap().floor(), of("857"));
        assert_eq!(pigs_allowed(of("1"), of("1"), of("0")).unwrap_err().code, "waste.no_supply");
        assert_eq!(pigs_allowed(Decimal::MAX, of("2"), of("1")).unwrap_err().code, "waste.too_large");
    }
}

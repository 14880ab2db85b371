//! Carbon accounts of farms and of persons (农业、个人碳账户). Factors, benchmarks and caps come in as
//! arguments: none was published that could be read.

use std::collections::BTreeMap;

use liangshan_vocab::Problem;
use rust_decimal::Decimal;

use crate::targets::exact::{exactly, float, held};

/// What a farm did in a year, each an amount with its factor in t CO₂ a unit: nitrogen fertiliser, manure,
/// energy.
#[derive(Debug, Clone, PartialEq)]
pub struct Use {
    /// What it was.
    pub what: String,
    /// Amount, in a unit of its own.
    pub amount: f64,
    /// t CO₂ equivalent of one unit.
    pub factor: f64,
}

/// Emission of a farm, t CO₂ equivalent: `Σ amount × factor − organic replacement`. Below zero it takes up more
/// than it emits.
///
/// # Errors
/// `targets.too_large`.
pub fn farm_emission_t(uses: &[Use], organic_replacement_t: f64) -> Result<f64, Problem> {
    let mut sum = Decimal::ZERO;
    for used in uses {
        let part = exactly(&used.what, used.amount)?.checked_mul(exactly(&used.what, used.factor)?);
        sum = held("E", part.and_then(|part| sum.checked_add(part)))?;
    }
    Ok(float(held("E", sum.checked_sub(exactly("organic_replacement_t", organic_replacement_t)?))?))
}

/// What a person did: a day, a kind of activity, how much of it, and points of one unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Deed {
    /// The day, as written.
    pub day: String,
    /// What it was: a kilometre by bus, a bill without paper, a kilogram recycled.
    pub activity: String,
    /// How much.
    pub amount: f64,
    /// Points of one unit.
    pub factor: f64,
}

/// Points of a person, by day in order, and together: `Σ amount × factor`, each day at most the cap.
///
/// # Errors
/// `targets.too_large`.
pub fn personal_points(deeds: &[Deed], daily_cap: f64) -> Result<(Vec<(String, f64)>, f64), Problem> {
    let mut days: BTreeMap<&str, Decimal> = BTreeMap::new();
    for deed in deeds {
        let earned = exactly(&deed.activity, deed.amount)?.checked_mul(exactly(&deed.activity, deed.factor)?);
        let day = days.entry(&deed.day).or_default();
        *day = held("points", earned.and_then(|earned| day.checked_add(earned)))?;
    }
    let cap = exactly("daily_cap", daily_cap)?;
    let days: Vec<(String, Decimal)> = days.into_iter().map(|(day, points)| (day.to_owned(), points.min(cap))).collect();
    let sum = days.iter().map(|(_, points)| points).sum::<Decimal>();
    Ok((days.into_iter().map(|(day, points)| (day, float(points))).collect(), float(sum)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: 2 t N × 5.5 + 3000 kWh × 0.0005 − 1.2 = 11.3.
    #[test]
    fn a_farm_by_hand() {
        let used = |what: &str, amount, factor| Use { what: what.into(), amount, factor };
        assert_eq!(farm_emission_t(&[used("N", 2.0, 5.5), used("power", 3000.0, 0.0005)], 1.2).unwrap(), 11.3);
        assert_eq!(farm_emission_t(&[], 1.0).unwrap(), -1.0);
        assert_eq!(farm_emission_t(&[used("N", f64::NAN, 1.0)], 0.0).unwrap_err().code, "targets.too_large");
    }

    /// By hand: 10 km × 0.2 + 3 kg × 1.5 = 6.5 on the first day, 20 km × 0.2 = 4 on the second; at most 5 a day.
    #[test]
    fn a_day_earns_no_more_than_its_cap() {
        let deed = |day: &str, activity: &str, amount, factor| Deed { day: day.into(), activity: activity.into(), amount, factor };
        let deeds = [deed("2026-05-02", "bus_km", 20.0, 0.2), deed("2026-05-01", "bus_km", 10.0, 0.2), deed("2026-05-01", "recycled_kg", 3.0, 1.5)];
        let (days, sum) = personal_points(&deeds, 5.0).unwrap();
        assert_eq!((days, sum), (vec![("2026-05-01".into(), 5.0), ("2026-05-02".into(), 4.0)], 9.0));
        assert_eq!(personal_points(&[], 5.0).unwrap().1, 0.0);
    }
}

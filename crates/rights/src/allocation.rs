//! First allocation of emission rights (初始分配) and what they cost.

use liangshan_vocab::{Problem, largest_remainder, words};
use rust_decimal::Decimal;

use crate::exact::{half_up, held};

/// Rights given out, kg/a.
#[derive(Debug, Clone, PartialEq)]
pub struct Allocation {
    /// By what every request is multiplied: 1 when all fit.
    pub k: f64,
    /// What each source gets, in the order of the requests.
    pub allocated_kg: Vec<u64>,
    /// What is left of the cap beside allocations and reserve.
    pub left_kg: u64,
}

/// Closes requests to the cap of a region: when `Σ requests + reserve > cap`, all are scaled by
/// `k = (cap − reserve) / Σ requests` and the parts are whole kilograms that add up to `cap −
/// reserve`, by largest remainder; nobody gets more than was asked for.
///
/// # Errors
/// `rights.reserve_over_cap` when the reserve is more than the cap; `rights.too_large`.
pub fn close_to_cap(requests_kg: &[u64], cap_kg: u64, reserve_kg: u64) -> Result<Allocation, Problem> {
    let free = cap_kg.checked_sub(reserve_kg).ok_or_else(|| {
        Problem::error(
            "rights.reserve_over_cap",
            words!("储备量 {reserve_kg} kg 大于总量 {cap_kg} kg", "the reserve of {reserve_kg} kg is more than the cap of {cap_kg} kg"),
        )
        .key("reserve_kg")
        .expect(words!("储备量不超过总量", "a reserve no larger than the cap"))
    })?;
    let asked = held("requests_kg", requests_kg.iter().try_fold(0_u64, |sum, r| sum.checked_add(*r)))?;
    if asked <= free {
        return Ok(Allocation { k: 1.0, allocated_kg: requests_kg.to_vec(), left_kg: free - asked });
    }
    let weights: Vec<i128> = requests_kg.iter().map(|r| i128::from(*r)).collect();
    let parts = held("requests_kg", largest_remainder(i128::from(free), &weights))?;
    let allocated_kg = held("requests_kg", parts.iter().map(|p| u64::try_from(*p).ok()).collect::<Option<_>>())?;
    Ok(Allocation { k: free as f64 / asked as f64, allocated_kg, left_kg: 0 })
}

/// What a source may ask for by its standard: limit (mg/L) × water (m³/a) / 1000, kg/a.
///
/// # Errors
/// `rights.too_large`.
pub fn by_standard_kg(limit_mg_l: Decimal, water_m3: Decimal) -> Result<Decimal, Problem> {
    held("by_standard", limit_mg_l.checked_mul(water_m3).map(|mg| mg / Decimal::from(1000)))
}

/// The least of what the approval, the standard and the performance of a source allow, whole kg/a;
/// a fraction of a kilogram is not given.
///
/// # Errors
/// `rights.too_large`.
pub fn entitlement_kg(by_approval: Decimal, by_standard: Decimal, by_performance: Decimal) -> Result<u64, Problem> {
    let least = by_approval.min(by_standard).min(by_performance).floor();
    held("entitlement", least.normalize().to_string().parse().ok())
}

/// The fee for paid use: quantity (kg/a) × price (fen per t and year) × years, rounded half up to
/// the fen. Mind that the price is by the tonne.
///
/// # Errors
/// `rights.too_large`.
pub fn fee_fen(quantity_kg: u64, price_fen_per_t_a: u64, years: Decimal) -> Result<i64, Problem> {
    let yearly = Decimal::from(quantity_kg).checked_mul(Decimal::from(price_fen_per_t_a)).map(|fen| fen / Decimal::from(1000));
    half_up("fee_fen", held("fee_fen", yearly.and_then(|fen| fen.checked_mul(years)))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// By hand.
    #[test]
    fn what_fits_is_given_and_what_does_not_is_scaled() {
        assert_eq!(close_to_cap(&[3, 4], 10, 2).unwrap(), Allocation { k: 1.0, allocated_kg: vec![3, 4], left_kg: 1 });
        assert_eq!(close_to_cap(&[1, 1, 1], 2, 0).unwrap().allocated_kg, [1, 1, 0]);
        assert_eq!(close_to_cap(&[], 5, 5).unwrap().allocated_kg, [0_u64; 0]);
        assert_eq!(close_to_cap(&[5], 5, 6).unwrap_err().code, "rights.reserve_over_cap");
        assert_eq!(close_to_cap(&[u64::MAX, 1], 5, 0).unwrap_err().code, "rights.too_large");
    }

    /// By hand: 50 mg/L × 120 000 m³ = 6000 kg; of 6500, 6000 and 5800.9 the least is 5800 whole kg;
    /// 5800 kg × 4000 yuan/(t a) × 5 a = 116 000 yuan.
    #[test]
    fn entitlement_and_fee() {
        let standard = by_standard_kg(Decimal::from(50), Decimal::from(120_000)).unwrap();
        assert_eq!(standard, Decimal::from(6000));
        assert_eq!(entitlement_kg(Decimal::from(6500), standard, Decimal::new(58_009, 1)).unwrap(), 5800);
        assert_eq!(fee_fen(5800, 400_000, Decimal::from(5)).unwrap(), 11_600_000);
        assert_eq!(entitlement_kg(Decimal::from(-1), standard, standard).unwrap_err().code, "rights.too_large");
    }

    proptest! {
        #[test]
        fn the_cap_is_met_exactly_and_nobody_gets_more_than_asked(requests in prop::collection::vec(0_u64..10_000, 0..12), cap in 0_u64..40_000, share in 0_u64..100) {
            let reserve = cap * share / 100;
            let made = close_to_cap(&requests, cap, reserve).unwrap();
            let given: u64 = made.allocated_kg.iter().sum();
            prop_assert_eq!(given + made.left_kg + reserve, cap);
            prop_assert!(made.allocated_kg.iter().zip(&requests).all(|(got, asked)| got <= asked));
            prop_assert!((0.0..=1.0).contains(&made.k));
        }
    }
}

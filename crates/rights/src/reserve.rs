//! The government's reserve of emission rights (政府储备), and the balance of a region's rights against its cap.

use jiff::civil::Date;
use liangshan_vocab::{Problem, words};

use crate::exact::held;

/// Something that enters or leaves the reserve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Movement {
    /// The day.
    pub day: Date,
    /// True for what enters.
    pub enters: bool,
    /// How much, kg a year.
    pub kg: u64,
}

/// The reserve after some movements, kg a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reserve {
    /// What entered.
    pub inflow: u64,
    /// What left.
    pub outflow: u64,
    /// The least it ever held.
    pub lowest: u64,
    /// What it holds.
    pub closing: u64,
}

/// Follows the reserve day by day; of one day what enters goes first, so that the order of rows does not show. It
/// is never below zero.
///
/// # Errors
/// `rights.reserve_overdrawn` with the first day on which more would leave than is there; `rights.too_large`.
pub fn reserve(opening: u64, movements: &[Movement]) -> Result<Reserve, Problem> {
    let mut order: Vec<&Movement> = movements.iter().collect();
    order.sort_by_key(|m| (m.day, !m.enters));
    let mut made = Reserve { inflow: 0, outflow: 0, lowest: opening, closing: opening };
    for movement in order {
        let Movement { day, kg, .. } = *movement;
        if movement.enters {
            made.inflow = held("inflow_kg", made.inflow.checked_add(kg))?;
            made.closing = held("reserve_kg", made.closing.checked_add(kg))?;
        } else {
            let have = made.closing;
            made.outflow = held("outflow_kg", made.outflow.checked_add(kg))?;
            made.closing = have.checked_sub(kg).ok_or_else(|| {
                Problem::error(
                    "rights.reserve_overdrawn",
                    words!("{day} 储备只有 {have} kg，不能出 {kg} kg", "on {day} the reserve holds {have} kg, and {kg} kg cannot leave it"),
                )
                .key(day.to_string())
                .expect(words!("储备始终不为负", "a reserve that is never below zero"))
                .fix(words!("核对进出的日期与数量", "check days and amounts of what entered and left"))
            })?;
            made.lowest = made.lowest.min(made.closing);
        }
    }
    Ok(made)
}

/// A region's rights against its cap, kg a year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RegionalBalance {
    /// What sources hold.
    pub held: u64,
    /// Cap less holdings and reserve; below zero it does not close.
    pub headroom: i64,
    /// `Σ Q + reserve ≤ cap`.
    pub closes: bool,
    /// By what holdings would have to be scaled, `(cap − reserve)/Σ Q`, at most 1; 0 where the reserve alone is
    /// more than the cap.
    pub k: f64,
}

/// `Σ Q + reserve ≤ cap`, and the factor that would close it.
///
/// # Errors
/// `rights.too_large`.
pub fn regional_balance(cap: u64, holdings: &[u64], reserve: u64) -> Result<RegionalBalance, Problem> {
    let held_kg = held("holdings_kg", holdings.iter().try_fold(0_u64, |sum, q| sum.checked_add(*q)))?;
    let headroom = i128::from(cap) - i128::from(held_kg) - i128::from(reserve);
    let headroom = held("headroom_kg", i64::try_from(headroom).ok())?;
    let free = cap.saturating_sub(reserve);
    let k = if headroom >= 0 || held_kg == 0 { 1.0 } else { free as f64 / held_kg as f64 };
    Ok(RegionalBalance { held: held_kg, headroom, closes: headroom >= 0, k })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn of(day: i8, enters: bool, kg: u64) -> Movement {
        Movement { day: date(2026, 3, day), enters, kg }
    }

    /// By hand: 100 + 50 − 120 = 30 on the first, + 10 on the second.
    #[test]
    fn a_reserve_is_never_overdrawn() {
        let made = reserve(100, &[of(1, false, 120), of(2, true, 10), of(1, true, 50)]).unwrap();
        assert_eq!(made, Reserve { inflow: 60, outflow: 120, lowest: 30, closing: 40 });
        let told = reserve(100, &[of(2, true, 50), of(1, false, 120)]).unwrap_err();
        assert_eq!((told.code.as_ref(), told.at.key.as_deref()), ("rights.reserve_overdrawn", Some("2026-03-01")));
        assert_eq!(reserve(u64::MAX, &[of(1, true, 1)]).unwrap_err().code, "rights.too_large");
        assert_eq!(reserve(7, &[]).unwrap(), Reserve { inflow: 0, outflow: 0, lowest: 7, closing: 7 });
    }

    /// By hand: 600 + 300 + 100 of 1000 just close; with 1 more they do not, and (1000 − 100)/901 would.
    #[test]
    fn a_region_closes_or_says_by_how_much_not() {
        let made = regional_balance(1000, &[600, 300], 100).unwrap();
        assert_eq!(made, RegionalBalance { held: 900, headroom: 0, closes: true, k: 1.0 });
        let over = regional_balance(1000, &[601, 300], 100).unwrap();
        assert_eq!((over.headroom, over.closes, over.k), (-1, false, 900.0 / 901.0));
        assert_eq!(regional_balance(10, &[1], 11).unwrap().k, 0.0);
        assert_eq!(regional_balance(0, &[u64::MAX, 1], 0).unwrap_err().code, "rights.too_large");
    }

    proptest! {
        #[test]
        fn rows_may_stand_in_any_order(list in prop::collection::vec((1_i8..28, any::<bool>(), 0_u64..50), 0..12), by in 0_usize..12) {
            let mut rows: Vec<Movement> = list.into_iter().map(|(day, enters, kg)| of(day, enters, kg)).collect();
            let one = reserve(200, &rows);
            if !rows.is_empty() {
                let by = by % rows.len();
                rows.rotate_left(by);
            }
            match (one, reserve(200, &rows)) {
                (Ok(one), Ok(other)) => {
                    prop_assert_eq!(one, other);
                    prop_assert_eq!(200 + one.inflow, one.outflow + one.closing);
                }
                (Err(one), Err(other)) => prop_assert_eq!(one.at.key, other.at.key),
                (one, other) => prop_assert!(false, "{:?} {:?}", one, other),
            }
        }
    }
}

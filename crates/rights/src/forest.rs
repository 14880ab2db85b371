//! Carbon of a stand of trees, and what happens to credits when some of it is lost.

use liangshan_vocab::Problem;
use rust_decimal::Decimal;

use crate::carry_over::negative;
use crate::exact::held;

/// A stand: volume and the factors that make carbon of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stand {
    /// Volume of stems, m³.
    pub volume_m3: Decimal,
    /// Density of wood, t/m³.
    pub density: Decimal,
    /// Expansion from stems to what grows above ground.
    pub expansion: Decimal,
    /// Roots to what grows above ground.
    pub roots: Decimal,
    /// Carbon of dry matter.
    pub carbon: Decimal,
}

/// `Σ V · D · BEF · (1 + R) · CF · 44/12`, t CO₂. `rights.md` section 4.3, of the afforestation methodology, unverified.
///
/// # Errors
/// `rights.negative`; `rights.too_large`.
pub fn tree_carbon_t(stands: &[Stand]) -> Result<Decimal, Problem> {
    let mut sum = Decimal::ZERO;
    for stand in stands {
        let factors =
            [("volume_m3", stand.volume_m3), ("density", stand.density), ("expansion", stand.expansion), ("roots", stand.roots), ("carbon", stand.carbon)];
        if let Some((name, value)) = factors.iter().find(|(_, value)| *value < Decimal::ZERO) {
            return Err(negative(name, *value));
        }
        let whole = Decimal::ONE.checked_add(stand.roots);
        let made = [stand.density, stand.expansion, stand.carbon].iter().try_fold(stand.volume_m3, |t, f| t.checked_mul(*f));
        let made = made.zip(whole).and_then(|(t, whole)| t.checked_mul(whole)?.checked_mul(Decimal::from(44)));
        sum = held("C_tree", made.and_then(|t| sum.checked_add(t)))?;
    }
    held("C_tree", sum.checked_div(Decimal::from(12)))
}

/// Whose credits a loss takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reversal {
    /// Cancelled from the buffer, t.
    pub from_buffer: u64,
    /// Left in the buffer, t.
    pub buffer_left: u64,
    /// Taken from what the owner is issued later, t.
    pub owed: u64,
}

/// A fire or felling cancels the buffer first, then the owner's later credits.
pub fn reversal(lost_t: u64, buffer_t: u64) -> Reversal {
    let from_buffer = lost_t.min(buffer_t);
    Reversal { from_buffer, buffer_left: buffer_t - from_buffer, owed: lost_t - from_buffer }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(s: &str) -> Decimal {
        s.parse().unwrap()
    }

    /// By hand: 1200 m³ × 0.5 × 1.5 × 1.2 × 0.5 = 540 t C, × 44/12 = 1980 t CO₂.
    #[test]
    fn a_stand_by_hand() {
        let stand = Stand { volume_m3: of("1200"), density: of("0.5"), expansion: of("1.5"), roots: of("0.2"), carbon: of("0.5") };
        assert_eq!(tree_carbon_t(&[stand]).unwrap(), of("1980"));
        assert_eq!(tree_carbon_t(&[stand, stand]).unwrap(), of("3960"));
        assert_eq!(tree_carbon_t(&[]).unwrap(), Decimal::ZERO);
        assert_eq!(tree_carbon_t(&[Stand { roots: of("-0.1"), ..stand }]).unwrap_err().code, "rights.negative");
        assert_eq!(tree_carbon_t(&[Stand { volume_m3: Decimal::MAX, ..stand }]).unwrap_err().code, "rights.too_large");
    }

    #[test]
    fn the_buffer_goes_first() {
        assert_eq!(reversal(50, 80), Reversal { from_buffer: 50, buffer_left: 30, owed: 0 });
        assert_eq!(reversal(100, 80), Reversal { from_buffer: 80, buffer_left: 0, owed: 20 });
    }
}

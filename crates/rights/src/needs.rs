//! How much of a right a project or an enterprise has to have.

use liangshan_vocab::Problem;
use rust_decimal::Decimal;

use crate::carry_over::negative;
use crate::exact::{ceiling, held};

/// The emission right a new project needs: `new emission × offset ratio`, in whole kilograms,
/// upwards. `new_t` in t/a. The ratio (1, 1.2, 1.5 or 2, by region, pollutant and industry) is
/// configuration.
///
/// # Errors
/// `rights.negative`; `rights.too_large`.
pub fn emission_need_kg(new_t: Decimal, ratio: Decimal) -> Result<i64, Problem> {
    not_negative(&[("new_t", new_t), ("ratio", ratio)])?;
    let kg = new_t.checked_mul(Decimal::from(1000)).and_then(|kg| kg.checked_mul(ratio));
    ceiling("need_kg", held("need_kg", kg)?)
}

/// The energy-use right needed: what lies above the line, `max(0, E − line × VA)`, in tce at
/// equivalent value. `energy` in tce, `value_added` in 10⁴ yuan, `line` in tce per 10⁴ yuan (0.6 in
/// the rules of Zhejiang of 2018, 浙政办发〔2018〕84号).
///
/// # Errors
/// `rights.negative`; `rights.too_large`.
pub fn energy_need_tce(energy: Decimal, value_added: Decimal, line: Decimal) -> Result<Decimal, Problem> {
    not_negative(&[("E_tce", energy), ("line", line)])?;
    let free = held("need_tce", line.checked_mul(value_added.max(Decimal::ZERO)))?;
    Ok((energy - free).max(Decimal::ZERO))
}

fn not_negative(given: &[(&str, Decimal)]) -> Result<(), Problem> {
    given.iter().find(|(_, value)| *value < Decimal::ZERO).map_or(Ok(()), |(name, value)| Err(negative(name, *value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(s: &str) -> Decimal {
        Decimal::from_str_exact(s).unwrap()
    }

    /// By hand: 1.1 t × 1 is 1100 kg and no more, though 1.1 × 1000 in floats is 1100.0000000000002.
    #[test]
    fn a_whole_need_stays_whole_and_a_fraction_goes_up() {
        assert_eq!(emission_need_kg(of("1.1"), of("1")).unwrap(), 1100);
        assert_eq!(emission_need_kg(of("0.0001"), of("1.2")).unwrap(), 1);
        assert_eq!(emission_need_kg(of("0"), of("2")).unwrap(), 0);
        assert_eq!(emission_need_kg(of("-1"), of("1")).unwrap_err().code, "rights.negative");
    }

    /// By hand. Value added below zero frees nothing.
    #[test]
    fn nothing_is_needed_below_the_line() {
        assert_eq!(energy_need_tce(of("12000"), of("20000"), of("0.6")).unwrap(), of("0"));
        assert_eq!(energy_need_tce(of("12000.1"), of("20000"), of("0.6")).unwrap(), of("0.1"));
        assert_eq!(energy_need_tce(of("100"), of("-5"), of("0.6")).unwrap(), of("100"));
    }
}

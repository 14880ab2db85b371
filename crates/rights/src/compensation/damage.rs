//! Damage with several pollutants, and the loss until nature has recovered.

use liangshan_vocab::{Problem, words};

/// How the treatments of several pollutants stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pollutants {
    /// One treatment removes them all: the largest damage counts.
    OneTreatment,
    /// Each needs its own: damages add up.
    SeparateTreatments,
}

/// The damage of several pollutants, yuan; zero for none. The rule is general knowledge, unverified.
pub fn several_pollutants_yuan(damages: &[f64], how: Pollutants) -> f64 {
    match how {
        Pollutants::OneTreatment => damages.iter().copied().fold(0.0, f64::max),
        Pollutants::SeparateTreatments => damages.iter().sum(),
    }
}

/// The interim loss (期间损害): `Σ loss_t · (1 + r)^(T − t)`, the losses of years 0, 1, … brought to
/// the year `T`, in their own unit.
///
/// # Errors
/// `compensation.rate` when the rate is −1 or below.
pub fn interim_loss(losses: &[f64], rate: f64, to_year: i32) -> Result<f64, Problem> {
    if rate <= -1.0 {
        return Err(Problem::error("compensation.rate", words!("贴现率 {rate} 不可用", "the rate {rate} cannot be used"))
            .key("rate")
            .expect(words!("大于 −1", "above −1")));
    }
    Ok((0_i32..).zip(losses).map(|(year, loss)| loss * (1.0 + rate).powi(to_year - year)).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: 100·1.1² + 100·1.1 + 100 = 331.
    #[test]
    fn losses_are_brought_to_one_year() {
        assert!((interim_loss(&[100.0, 100.0, 100.0], 0.1, 2).unwrap() - 331.0).abs() < 1e-9);
        assert_eq!(interim_loss(&[1.0], -1.0, 0).unwrap_err().code, "compensation.rate");
    }

    /// By hand.
    #[test]
    fn one_treatment_counts_once() {
        assert_eq!(several_pollutants_yuan(&[3.0, 5.0, 2.0], Pollutants::OneTreatment), 5.0);
        assert_eq!(several_pollutants_yuan(&[3.0, 5.0, 2.0], Pollutants::SeparateTreatments), 10.0);
        assert_eq!(several_pollutants_yuan(&[], Pollutants::OneTreatment), 0.0);
    }
}

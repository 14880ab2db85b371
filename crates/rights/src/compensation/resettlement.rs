//! The incentive for households that leave protected or dangerous ground (生态移民激励).

use liangshan_vocab::{Problem, largest_remainder, words};

use crate::exact::{held, narrow};

/// What an award is made of, fen; all of it set by the local scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Award {
    /// For each person.
    pub per_person: u64,
    /// Persons.
    pub persons: u32,
    /// By the grade of the house that is given up.
    pub house: u64,
    /// For an early signature.
    pub early: u64,
    /// For each m² whose ground is restored.
    pub per_m2_restored: u64,
    /// Restored ground, whole m².
    pub restored_m2: u32,
    /// What was received before.
    pub received: u64,
    /// The most a household may get; `None` without a cap.
    pub cap: Option<u64>,
}

/// `per person · n + house + early + restored · unit`, at most the cap, less what was received.
///
/// # Errors
/// `compensation.received_more` when more was received than the award comes to; `rights.too_large`.
pub fn award_fen(of: &Award) -> Result<i64, Problem> {
    let by_persons = u128::from(of.per_person) * u128::from(of.persons);
    let by_ground = u128::from(of.per_m2_restored) * u128::from(of.restored_m2);
    let whole = by_persons + by_ground + u128::from(of.house) + u128::from(of.early);
    let capped = of.cap.map_or(whole, |cap| whole.min(u128::from(cap)));
    let left = capped.checked_sub(u128::from(of.received)).ok_or_else(|| {
        Problem::error(
            "compensation.received_more",
            words!("已领取 {} 分，多于应得的 {capped} 分", "{} fen were received, more than the {capped} fen of the award", of.received),
        )
        .key("received")
        .fix(words!("核对已领取的金额", "look at what was received before"))
    })?;
    narrow("award_fen", held("award_fen", i128::try_from(left).ok())?)
}

/// Instalments of an award by percentages (40, 40 and 20 by design) that add up to it to the fen.
///
/// # Errors
/// `compensation.weights` when the percentages do not add up to 100.
pub fn instalments_fen(award: u64, percentages: &[u8]) -> Result<Vec<i64>, Problem> {
    let weights: Vec<i128> = percentages.iter().map(|p| i128::from(*p)).collect();
    let parts = (weights.iter().sum::<i128>() == 100).then(|| largest_remainder(i128::from(award), &weights)).flatten();
    let parts = parts.ok_or_else(|| {
        Problem::error("compensation.weights", words!("各期比例之和不是 100", "the percentages do not add up to 100"))
            .key("percentages")
            .expect(words!("合计为 100", "a sum of 100"))
    })?;
    parts.into_iter().map(|p| narrow("instalment", p)).collect()
}

/// The rank of a household or village: `Σ weight · score`, scores 0 to 1; by design hazard 0.4,
/// ecological importance 0.3, poverty or age 0.2, will 0.1.
pub fn priority(scores: [f64; 4], weights: [f64; 4]) -> f64 {
    scores.iter().zip(&weights).map(|(score, weight)| score * weight).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUSEHOLD: Award = Award {
        per_person: 2_000_000,
        persons: 4,
        house: 5_000_000,
        early: 1_000_000,
        per_m2_restored: 10_000,
        restored_m2: 120,
        received: 500_000,
        cap: None,
    };

    /// By hand: 80 000 + 50 000 + 10 000 + 12 000 − 5 000 = 147 000 yuan.
    #[test]
    fn an_award_adds_up() {
        assert_eq!(award_fen(&HOUSEHOLD).unwrap(), 14_700_000);
        assert_eq!(award_fen(&Award { cap: Some(10_000_000), ..HOUSEHOLD }).unwrap(), 9_500_000);
        assert_eq!(award_fen(&Award { received: 20_000_000, ..HOUSEHOLD }).unwrap_err().code, "compensation.received_more");
    }

    /// By hand: 40 % of 101 is 40.4, twice, and 20 % is 20.2: the odd fen goes to the first.
    #[test]
    fn instalments_add_up_to_the_fen() {
        assert_eq!(instalments_fen(101, &[40, 40, 20]).unwrap(), [41, 40, 20]);
        assert_eq!(instalments_fen(101, &[40, 40]).unwrap_err().code, "compensation.weights");
    }

    /// By hand: 0.4 + 0.3 × 0.5 + 0.1 = 0.65.
    #[test]
    fn hazard_weighs_most() {
        assert!((priority([1.0, 0.5, 0.0, 1.0], [0.4, 0.3, 0.2, 0.1]) - 0.65).abs() < 1e-12);
    }
}

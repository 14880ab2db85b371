//! Agreements between neighbours on a river in Zhejiang: an index of quality, quantity and
//! efficiency, payment by mass, payment by steps of class, and what a county in the middle is left
//! with.

use liangshan_vocab::{Problem, words};
use rust_decimal::{Decimal, RoundingStrategy};

use crate::exact::{half_up, held};

/// What an agreement's index says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgreementIndex {
    /// At most `1 − d`, or exactly 1 without a dead band: downstream pays.
    DownstreamPays,
    /// Above `1 + d`: upstream pays.
    UpstreamPays,
    /// Inside the dead band: nobody pays.
    Nobody,
}

/// `I = w_q·Q + w_a·A + w_e·E` and who pays by it: downstream at `I ≤ 1`, upstream above; with a dead
/// band `d` above zero nobody pays inside `[1 − d, 1 + d]`.
///
/// Q is the quality (Σ k·C/C0, below 1 is better), A water use over quota, E water per GDP over its
/// base; weights add up to 1 (0.7, 0.15, 0.15 by design).
///
/// # Errors
/// `compensation.weights` when the weights do not add up to 1.
pub fn agreement_index(parts: [Decimal; 3], weights: [Decimal; 3], dead_band: Decimal) -> Result<(Decimal, AgreementIndex), Problem> {
    if weights.iter().sum::<Decimal>() != Decimal::ONE {
        return Err(Problem::error("compensation.weights", words!("权重之和不是 1", "the weights do not add up to 1"))
            .key("w")
            .expect(words!("合计为 1", "a sum of 1")));
    }
    let mut index = Decimal::ZERO;
    for (part, weight) in parts.iter().zip(&weights) {
        index = held("I", part.checked_mul(*weight).and_then(|term| index.checked_add(term)))?;
    }
    let off = index - Decimal::ONE;
    let who = if dead_band > Decimal::ZERO && off.abs() <= dead_band {
        AgreementIndex::Nobody
    } else if off <= Decimal::ZERO {
        AgreementIndex::DownstreamPays
    } else {
        AgreementIndex::UpstreamPays
    };
    Ok((index, who))
}

/// Mass below or above the target and what it is worth: `(S − C)·W·0.01` t, times the price.
///
/// `target` S and `observed` C in mg/L, `water` W in 10⁴ m³, `price` in yuan/t; mg/L × 10⁴ m³ is
/// 10 kg. Positive is earned upstream. A missing concentration or quantity is the caller's to refuse.
///
/// # Errors
/// `rights.too_large`.
pub fn quality_quantity(target: Decimal, observed: Decimal, water: Decimal, price: Decimal) -> Result<(Decimal, Decimal), Problem> {
    let mass = held("mass_t", (target - observed).checked_mul(water).and_then(|hundred| hundred.checked_div(Decimal::ONE_HUNDRED)))?;
    Ok((mass, held("yuan", mass.checked_mul(price))?))
}

/// The terms of payment by steps of class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClassStep {
    /// Base amount M, fen.
    pub base_fen: i64,
    /// Share of it added for each class better than the target.
    pub better: Decimal,
    /// Share of it taken off for each class worse.
    pub worse: Decimal,
}

/// `M · (1 + x·classes better)` or `M · (1 − y·classes worse)`, fen, half to even. Classes are 1 to 6,
/// a lower number is better water. Below zero upstream pays.
///
/// # Errors
/// `rights.too_large`.
pub fn class_step_fen(terms: &ClassStep, target: u8, observed: u8) -> Result<i64, Problem> {
    let steps = Decimal::from(i16::from(target) - i16::from(observed));
    let share = Decimal::ONE + if steps >= Decimal::ZERO { steps * terms.better } else { steps * terms.worse };
    let paid = held("amount_fen", Decimal::from(terms.base_fen).checked_mul(share))?;
    half_up("amount_fen", paid.round_dp_with_strategy(0, RoundingStrategy::MidpointNearestEven))
}

/// What each county is left with after all agreements of a basin: what it receives less what it pays,
/// fen, in the order in which counties first appear. The sum is zero: no agreement makes money.
pub fn net_by_county<'a>(payments: &[(&'a str, &'a str, i64)]) -> Vec<(&'a str, i128)> {
    let mut net: Vec<(&str, i128)> = Vec::new();
    for (payer, payee, fen) in payments {
        for (county, change) in [(*payer, -i128::from(*fen)), (*payee, i128::from(*fen))] {
            match net.iter_mut().find(|(known, _)| *known == county) {
                Some((_, sum)) => *sum += change,
                None => net.push((county, change)),
            }
        }
    }
    net
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(s: &str) -> Decimal {
        Decimal::from_str_exact(s).unwrap()
    }

    /// By hand: 0.7 × 0.9 + 0.15 × 1.2 + 0.15 × 1.1 = 0.975; exactly 1 is paid by downstream.
    #[test]
    fn who_pays_by_the_index() {
        let weights = [of("0.7"), of("0.15"), of("0.15")];
        let index = |parts: [&str; 3], band| agreement_index(parts.map(of), weights, of(band)).unwrap();
        assert_eq!(index(["0.9", "1.2", "1.1"], "0"), (of("0.975"), AgreementIndex::DownstreamPays));
        assert_eq!(index(["1", "1", "1"], "0").1, AgreementIndex::DownstreamPays);
        assert_eq!(index(["1.01", "1", "1"], "0").1, AgreementIndex::UpstreamPays);
        assert_eq!(index(["0.9", "1.2", "1.1"], "0.025").1, AgreementIndex::Nobody);
        assert_eq!(agreement_index([of("1"); 3], [of("0.5"); 3], of("0")).unwrap_err().code, "compensation.weights");
    }

    /// By hand: 10 million yuan, +5 % a class better, −10 % a class worse.
    #[test]
    fn a_class_better_or_worse() {
        let terms = ClassStep { base_fen: 1_000_000_000, better: of("0.05"), worse: of("0.1") };
        assert_eq!(class_step_fen(&terms, 3, 2).unwrap(), 1_050_000_000);
        assert_eq!(class_step_fen(&terms, 3, 3).unwrap(), 1_000_000_000);
        assert_eq!(class_step_fen(&terms, 2, 4).unwrap(), 800_000_000);
        assert_eq!(class_step_fen(&ClassStep { worse: of("0.6"), ..terms }, 2, 4).unwrap(), -200_000_000);
    }

    /// By hand: the county in the middle receives 5 and pays 3.
    #[test]
    fn a_county_in_the_middle_has_both_roles() {
        let net = net_by_county(&[("常山", "开化", 500), ("衢州", "常山", 300)]);
        assert_eq!(net, [("常山", -200), ("开化", 500), ("衢州", -300)]);
        assert_eq!(net.iter().map(|(_, fen)| fen).sum::<i128>(), 0);
    }
}

//! The water-quality index of the Xin'an River (新安江 P 值) and who pays by it.

use liangshan_vocab::{Problem, words};
use rust_decimal::Decimal;

use crate::exact::{decimal, float, held};

/// An index, and which of its means are zero.
#[derive(Debug, Clone, PartialEq)]
pub struct PIndex {
    /// `k0 · Σ k_i · C_i / C_i0`.
    pub p: f64,
    /// Positions of annual means that are exactly zero: rarely a measurement, often a gap.
    pub zero_means: Vec<usize>,
    /// The sum of the weights, 1 unless the agreement says otherwise.
    pub weights: f64,
}

/// `P = k0 · Σ k_i · C_i / C_i0` over the items of the agreement (CODMn, NH3-N, TN, TP).
///
/// `means` are the annual means C_i and `base` those of the base years, both mg/L; `k0` is the
/// stability factor of the water quality, `weights` the k_i. Computed in decimals: means equal to
/// their base give exactly `k0 · Σ k_i`, so that P = 1 stays on its side of the bound. A missing
/// mean makes the index undecidable and is never taken as equal to its base.
///
/// # Errors
/// `compensation.lengths` when the lists differ or are empty; `compensation.missing_mean`;
/// `compensation.zero_base` for a base of zero or below; `rights.negative`; `rights.too_large`.
pub fn p_index(means: &[Option<f64>], base: &[f64], k0: f64, weights: &[f64]) -> Result<PIndex, Problem> {
    if means.is_empty() || means.len() != base.len() || means.len() != weights.len() {
        return Err(Problem::error(
            "compensation.lengths",
            words!("C、C0、k 的个数不同：{}、{}、{}", "C, C0 and k have {}, {} and {} values", means.len(), base.len(), weights.len()),
        )
        .expect(words!("个数相同，且至少一个", "as many of each, and at least one")));
    }
    let (mut sum, mut total) = (Decimal::ZERO, Decimal::ZERO);
    for (at, ((mean, base), k)) in means.iter().zip(base).zip(weights).enumerate() {
        let mean = mean.ok_or_else(|| missing_mean(at))?;
        if *base <= 0.0 {
            return Err(zero_base(at, *base));
        }
        if mean < 0.0 {
            return Err(crate::carry_over::negative(&format!("C[{at}]"), decimal("C", mean)?));
        }
        let (mean, base, k) = (decimal("C", mean)?, decimal("C0", *base)?, decimal("k", *k)?);
        let term = mean.checked_mul(k).and_then(|product| product.checked_div(base));
        sum = held("P", term.and_then(|term| sum.checked_add(term)))?;
        total = held("k", total.checked_add(k))?;
    }
    let p = float(held("P", decimal("k0", k0)?.checked_mul(sum))?);
    let zero_means = (0..means.len()).filter(|at| means[*at] == Some(0.0)).collect();
    Ok(PIndex { p, zero_means, weights: float(total) })
}

fn missing_mean(at: usize) -> Problem {
    Problem::error("compensation.missing_mean", words!("第 {} 项缺少年均值，指数无法判定", "item {} has no annual mean, so the index is undecidable", at + 1))
        .key(format!("C[{at}]"))
        .expect(words!("每一项的年均浓度", "an annual mean of every item"))
        .fix(words!("补齐监测数据，或按协议约定处理；不得以基准值代替", "bring the data or follow the agreement; the base value is no substitute"))
}

fn zero_base(at: usize, base: f64) -> Problem {
    Problem::error(
        "compensation.zero_base",
        words!("第 {} 项的基准浓度为 {base}，指数无法判定", "item {} has the base value {base}, so the index is undecidable", at + 1),
    )
    .key(format!("C0[{at}]"))
    .expect(words!("大于 0 的基准浓度", "a base value above zero"))
}

/// Who pays and how much; the unit of the amount is the agreement's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// `downstream`, `upstream` or `none`.
    pub payer: String,
    /// The amount, whole.
    pub amount: i64,
}

/// One line of a payment rule: up to and with `bound`, or above all bounds.
#[derive(Debug, Clone, PartialEq)]
pub struct PaymentStep {
    /// The bound, included; `None` for all above.
    pub bound: Option<f64>,
    /// What is paid.
    pub payment: Payment,
}

/// The payment rule of an agreement: bounds that rise, the last one open.
#[derive(Debug, Clone, PartialEq)]
pub struct PaymentRule {
    steps: Vec<PaymentStep>,
}

impl PaymentRule {
    /// A rule whose every P has one line.
    ///
    /// # Errors
    /// `compensation.rule_order` when bounds do not rise or the last line has one.
    pub fn new(steps: Vec<PaymentStep>) -> Result<Self, Problem> {
        let bounds: Vec<f64> = steps.iter().map(|s| s.bound.unwrap_or(f64::INFINITY)).collect();
        let rises = bounds.windows(2).all(|pair| pair[0] < pair[1]);
        if rises && bounds.last() == Some(&f64::INFINITY) && steps.last().is_some_and(|s| s.bound.is_none()) {
            return Ok(Self { steps });
        }
        Err(Problem::error(
            "compensation.rule_order",
            words!("付款规则的界限没有依次升高，或最后一行有界限", "the bounds of the payment rule do not rise, or the last line has one"),
        )
        .key("rule")
        .expect(words!(
            "[[界限, 付款方, 金额], …, [null, 付款方, 金额]]，界限依次升高",
            "[[bound, payer, amount], …, [null, payer, amount]] with rising bounds"
        )))
    }

    /// What is paid at an index: the first line whose bound is not below it. An event that overrides
    /// the index (a grave accident upstream) goes before it.
    pub fn payment<'a>(&'a self, p: f64, overriding: Option<&'a Payment>) -> &'a Payment {
        let last = self.steps.len() - 1;
        let at = self.steps.iter().position(|s| s.bound.is_none_or(|bound| p <= bound)).unwrap_or(last);
        overriding.unwrap_or(&self.steps[at].payment)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// By hand: means equal to their base give k0 · Σk = 1, not 1.0000000000000002 (as the floats
    /// 0.22 + 0.22 + 0.28 + 0.28 do when each is first multiplied by a ratio such as 0.7/0.7).
    #[test]
    fn the_base_year_itself_has_exactly_k0() {
        let base = [0.3, 0.7, 1.1, 0.025];
        let means = base.map(Some);
        assert_eq!(p_index(&means, &base, 1.0, &[0.22, 0.22, 0.28, 0.28]).unwrap().p, 1.0);
        assert_eq!(p_index(&means, &base, 0.85, &[0.1, 0.2, 0.3, 0.4]).unwrap().p, 0.85);
    }

    #[test]
    fn what_makes_the_index_undecidable_is_told() {
        let code = |means: &[Option<f64>], base: &[f64]| p_index(means, base, 1.0, &[0.5, 0.5]).unwrap_err().code;
        assert_eq!(code(&[Some(1.0), None], &[1.0, 1.0]), "compensation.missing_mean");
        assert_eq!(code(&[Some(1.0), Some(1.0)], &[1.0, 0.0]), "compensation.zero_base");
        assert_eq!(code(&[Some(0.0), Some(0.0)], &[0.0, 0.0]), "compensation.zero_base");
        assert_eq!(code(&[Some(1.0)], &[1.0, 1.0]), "compensation.lengths");
        assert_eq!(code(&[Some(-1.0), Some(1.0)], &[1.0, 1.0]), "rights.negative");
        let zero = p_index(&[Some(0.0), Some(1.0)], &[1.0, 1.0], 1.0, &[0.5, 0.5]).unwrap();
        assert_eq!((zero.p, zero.zero_means), (0.5, vec![0]));
    }

    fn step(bound: Option<f64>, payer: &str, amount: i64) -> PaymentStep {
        PaymentStep { bound, payment: Payment { payer: payer.into(), amount } }
    }

    #[test]
    fn an_accident_goes_before_the_index_and_a_rule_without_end_is_refused() {
        let rule = PaymentRule::new(vec![step(Some(1.0), "downstream", 100), step(None, "upstream", 100)]).unwrap();
        let accident = Payment { payer: "upstream".into(), amount: 100 };
        assert_eq!(rule.payment(0.5, Some(&accident)).payer, "upstream");
        for bad in
            [vec![], vec![step(Some(1.0), "downstream", 1)], vec![step(None, "a", 1), step(Some(1.0), "b", 1)], vec![step(None, "a", 1), step(None, "b", 1)]]
        {
            assert_eq!(PaymentRule::new(bad).unwrap_err().code, "compensation.rule_order");
        }
    }

    proptest! {
        /// An index is never NaN and grows with every mean.
        #[test]
        fn more_pollution_never_lowers_the_index(means in prop::collection::vec(0.0_f64..50.0, 4), base in prop::collection::vec(0.001_f64..50.0, 4), more in 0.0_f64..10.0, at in 0_usize..4) {
            let weights = [0.22, 0.22, 0.28, 0.28];
            let of = |means: &[f64]| p_index(&means.iter().map(|m| Some(*m)).collect::<Vec<_>>(), &base, 0.9, &weights).unwrap().p;
            let mut worse = means.clone();
            worse[at] += more;
            let p = of(&means);
            prop_assert!(p.is_finite() && of(&worse) >= p);
            let floats: f64 = 0.9 * (0..4).map(|i| weights[i] * means[i] / base[i]).sum::<f64>();
            prop_assert!((p - floats).abs() <= 1e-9 * (1.0 + floats));
        }
    }
}

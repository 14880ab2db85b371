//! Allowances and credits in whole tonnes of CO₂ equivalent: what has to be surrendered, how much
//! of it by offsets, and what a forest project is issued.

use liangshan_vocab::{Problem, words};
use rust_decimal::Decimal;

use crate::carry_over::negative;
use crate::exact::held;

/// What a unit of power generation is allocated: `A = B_power × electricity × corrections + B_heat × heat`, t.
///
/// Benchmarks in t/MWh and t/GJ, electricity in MWh (supplied in the plans of 2021 and 2022, generated since
/// 2023), heat in GJ; the corrections of a unit are multiplied. Source: the allocation plans of MEE, read in
/// secondary texts; benchmarks are the caller's.
///
/// # Errors
/// `rights.too_large`.
pub fn benchmark_allocation_t(power: (Decimal, Decimal), corrections: &[Decimal], heat: (Decimal, Decimal)) -> Result<Decimal, Problem> {
    let by_power = corrections.iter().try_fold(held("allocation", power.0.checked_mul(power.1))?, |t, c| held("allocation", t.checked_mul(*c)))?;
    held("allocation", heat.0.checked_mul(heat.1).and_then(|t| t.checked_add(by_power)))
}

/// What is still lacking for the yearly surrender, t: `verified − allocated − carried in`; below
/// zero when more is held than needed.
///
/// # Errors
/// `rights.too_large`.
pub fn surrender_gap_t(verified_t: i64, allocated_t: i64, carried_in_t: i64) -> Result<i64, Problem> {
    held("gap", verified_t.checked_sub(allocated_t).and_then(|gap| gap.checked_sub(carried_in_t)))
}

/// The most that certified reductions may serve for, whole t downwards: a share of the verified
/// emission (5 % in the national market, unverified).
///
/// # Errors
/// `rights.negative`; `rights.too_large`.
pub fn offset_limit_t(verified_t: u64, share: Decimal) -> Result<u64, Problem> {
    if share < Decimal::ZERO {
        return Err(negative("share", share));
    }
    floor("offset_limit", Decimal::from(verified_t).checked_mul(share))
}

/// Net removal of a forest project, t CO₂: `(ΔC project − ΔC baseline − leakage) × (1 − K)`, with K
/// the deduction for the risk of reversal (10 % in CCER-14-001-V01, unverified).
///
/// # Errors
/// `rights.too_large`.
pub fn net_removal_t(project_t: Decimal, baseline_t: Decimal, leakage_t: Decimal, risk: Decimal) -> Result<Decimal, Problem> {
    let gross = project_t.checked_sub(baseline_t).and_then(|t| t.checked_sub(leakage_t));
    held("net_removal", gross.and_then(|t| t.checked_mul(Decimal::ONE - risk)))
}

/// What a project is issued and what goes to the buffer account, whole t.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Issue {
    /// Credits of the owner.
    pub issued_t: u64,
    /// Credits of the buffer, from which a fire or felling is met first.
    pub buffer_t: u64,
}

/// `issued = floor(removal × (1 − b))`, the rest of the whole tonnes goes to the buffer.
///
/// # Errors
/// `rights.nothing_to_issue` when the removal is below zero; `rights.negative` when the buffer's
/// share lies outside 0 to 1; `rights.too_large`.
pub fn issue(removal_t: Decimal, buffer_share: Decimal) -> Result<Issue, Problem> {
    if removal_t < Decimal::ZERO {
        return Err(Problem::error("rights.nothing_to_issue", words!("净碳汇量为负：{removal_t} t", "the net removal is below zero: {removal_t} t"))
            .key("removal_t")
            .fix(words!("本期不签发，先冲抵缓冲账户", "issue nothing for the period and draw on the buffer account")));
    }
    if buffer_share < Decimal::ZERO || buffer_share > Decimal::ONE {
        return Err(negative("buffer_share", buffer_share));
    }
    let issued_t = floor("issued", removal_t.checked_mul(Decimal::ONE - buffer_share))?;
    Ok(Issue { issued_t, buffer_t: floor("buffer", Some(removal_t))? - issued_t })
}

fn floor(name: &str, value: Option<Decimal>) -> Result<u64, Problem> {
    held(name, value.and_then(|v| v.floor().normalize().to_string().parse().ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(s: &str) -> Decimal {
        Decimal::from_str_exact(s).unwrap()
    }

    /// By hand: 0.8177 × 1 000 000 × 0.98 × 1.05 = 841 413.3, and 0.1105 × 200 000 = 22 100.
    #[test]
    fn power_and_heat_by_their_benchmarks() {
        let made = benchmark_allocation_t((of("0.8177"), of("1000000")), &[of("0.98"), of("1.05")], (of("0.1105"), of("200000")));
        assert_eq!(made.unwrap(), of("863513.3"));
        assert_eq!(benchmark_allocation_t((of("2"), of("3")), &[], (of("0"), of("5"))).unwrap(), of("6"));
        assert_eq!(benchmark_allocation_t((Decimal::MAX, of("2")), &[], (of("0"), of("0"))).unwrap_err().code, "rights.too_large");
    }

    /// By hand: 1000 − 900 − 20 = 80; 5 % of 1999 is 99.95, 99 whole tonnes.
    #[test]
    fn surrender_and_offsets() {
        assert_eq!(surrender_gap_t(1000, 900, 20).unwrap(), 80);
        assert_eq!(surrender_gap_t(i64::MIN, 1, 0).unwrap_err().code, "rights.too_large");
        assert_eq!(offset_limit_t(1999, of("0.05")).unwrap(), 99);
    }

    /// By hand: (1250 − 30 − 20) × 0.9 = 1080; of 1080.7 with b = 0.2, 864 are issued (864.56) and
    /// 216 are kept, 1080 whole tonnes together.
    #[test]
    fn a_forest_is_issued_whole_tonnes_and_the_buffer_keeps_the_rest() {
        assert_eq!(net_removal_t(of("1250"), of("30"), of("20"), of("0.1")).unwrap(), of("1080"));
        assert_eq!(issue(of("1080.7"), of("0.2")).unwrap(), Issue { issued_t: 864, buffer_t: 216 });
        assert_eq!(issue(of("-1"), of("0.2")).unwrap_err().code, "rights.nothing_to_issue");
        assert_eq!(issue(of("1"), of("1.2")).unwrap_err().code, "rights.negative");
    }
}

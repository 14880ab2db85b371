//! How much of what a monitor owes arrived, and how much of that is valid.

use liangshan_vocab::{Problem, text, words};

/// Shares of a period, 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Transmission {
    /// Online rate: hours received over hours expected.
    pub online: f64,
    /// Hours valid over hours received; `None` where none arrived.
    pub validity: Option<f64>,
    /// Effective transmission rate: online × validity, which is valid over expected. General knowledge, unverified.
    pub effective: f64,
}

/// Of hourly records of a period. Hours for which the outlet was registered as stopped are not expected.
///
/// # Errors
/// `monitor.counts` where valid ≤ received ≤ expected does not hold, or nothing was expected.
pub fn transmission(expected: u32, received: u32, valid: u32) -> Result<Transmission, Problem> {
    if expected == 0 || received > expected || valid > received {
        return Err(Problem::error(
            "monitor.counts",
            words!("应收 {expected}、实收 {received}、有效 {valid} 小时不成立", "{valid} valid of {received} received of {expected} expected hours cannot be"),
        )
        .key("expected")
        .expect(text("有效不多于实收，实收不多于应收，应收大于 0", "no more valid than received, no more received than expected, some expected"))
        .fix(text("重复的小时只计一次", "count an hour that came twice once")));
    }
    let share = |part: u32, whole: u32| f64::from(part) / f64::from(whole);
    Ok(Transmission { online: share(received, expected), validity: (received > 0).then(|| share(valid, received)), effective: share(valid, expected) })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: 684 of 720 hours are 95 %, 616 valid ones 90.058 %, together 85.556 %.
    #[test]
    fn what_arrived_and_what_is_valid() {
        let month = transmission(720, 684, 616).unwrap();
        assert!((month.online - 0.95).abs() < 1e-12 && (month.effective - 616.0 / 720.0).abs() < 1e-12);
        assert!((month.online * month.validity.unwrap() - month.effective).abs() < 1e-12);
        assert_eq!(transmission(24, 0, 0).unwrap(), Transmission { online: 0.0, validity: None, effective: 0.0 });
        for (expected, received, valid) in [(0, 0, 0), (24, 25, 0), (24, 20, 21)] {
            assert_eq!(transmission(expected, received, valid).unwrap_err().code, "monitor.counts");
        }
    }
}

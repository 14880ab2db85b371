//! The five-yearly assessment of a county (生态文明建设目标评价考核): its parts, its deductions, its grade.

use liangshan_vocab::{Problem, Text, text, words};

/// Points of the parts, as the notice gives them: use of resources, environment, yearly evaluation,
/// satisfaction (GK).
pub const POINTS: [f64; 4] = [30.0, 40.0, 20.0, 10.0];

/// A grade.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// 90 and more.
    Excellent,
    /// 80 to below 90.
    Good,
    /// 60 to below 80.
    Pass,
    /// Below 60.
    Fail,
}

impl Grade {
    /// The grade of a score, one lower after a grave incident or falsified data.
    pub fn of(score: f64, lowered: bool) -> Self {
        let own = match score {
            s if s >= 90.0 => Self::Excellent,
            s if s >= 80.0 => Self::Good,
            s if s >= 60.0 => Self::Pass,
            _ => Self::Fail,
        };
        match (own, lowered) {
            (own, false) => own,
            (Self::Excellent, true) => Self::Good,
            (Self::Good, true) => Self::Pass,
            (_, true) => Self::Fail,
        }
    }

    /// The word in tables.
    pub fn word(self) -> &'static str {
        match self {
            Self::Excellent => "excellent",
            Self::Good => "good",
            Self::Pass => "pass",
            Self::Fail => "fail",
        }
    }

    /// What it is called.
    pub fn title(self) -> Text {
        match self {
            Self::Excellent => text("优秀", "excellent"),
            Self::Good => text("良好", "good"),
            Self::Pass => text("合格", "pass"),
            Self::Fail => text("不合格", "fail"),
        }
    }
}

/// The score: each part's own score (0 to 100) by its points, less the deductions.
///
/// # Errors
/// `targets.assessment` for a part outside 0 to 100 or a deduction below zero.
pub fn score(parts: [f64; 4], deductions: f64) -> Result<f64, Problem> {
    if parts.iter().any(|p| !(0.0..=100.0).contains(p)) || deductions.is_nan() || deductions < 0.0 {
        return Err(Problem::error(
            "targets.assessment",
            words!("考核分项 {parts:?}、扣分 {deductions} 不可用", "the parts {parts:?} and deductions of {deductions} cannot be used"),
        )
        .expect(text("分项 0 至 100，扣分不小于 0", "parts of 0 to 100, deductions of 0 or more")));
    }
    Ok(parts.iter().zip(POINTS).map(|(p, points)| p * points / 100.0).sum::<f64>() - deductions)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: 80·0.3 + 90·0.4 + 85·0.2 + 60·0.1 − 1 = 82.
    #[test]
    fn parts_deductions_and_grades() {
        assert!((score([80.0, 90.0, 85.0, 60.0], 1.0).unwrap() - 82.0).abs() < 1e-12);
        assert_eq!(score([101.0, 0.0, 0.0, 0.0], 0.0).unwrap_err().code, "targets.assessment");
        assert_eq!([90.0, 89.999, 60.0, 59.0].map(|s| Grade::of(s, false)), [Grade::Excellent, Grade::Good, Grade::Pass, Grade::Fail]);
        assert_eq!(Grade::of(90.0, true), Grade::Good);
    }
}

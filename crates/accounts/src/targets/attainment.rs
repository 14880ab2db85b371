//! Whether a target is met: yes, no or undecidable, on unrounded values; and how far along the way.

use liangshan_vocab::{Problem, words};

/// Which way a target points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// At least the target.
    AtLeast,
    /// At most the target.
    AtMost,
    /// Not below the base of the same definition.
    NoDecline,
    /// Above the base.
    Growth,
}

impl Direction {
    /// Reads the word of `targets_2020.csv`.
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "ge" => Self::AtLeast,
            "le" => Self::AtMost,
            "no_decline" => Self::NoDecline,
            "growth" => Self::Growth,
            _ => return None,
        })
    }
}

/// A target of a plan.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Target {
    /// Which way it points.
    pub direction: Direction,
    /// The value to reach, for [`Direction::AtLeast`] and [`Direction::AtMost`].
    pub value: Option<f64>,
    /// The value of the base year by the same definition.
    pub base: Option<f64>,
    /// Decimals the indicator is rounded to before it is judged; unrounded unless its standard says so.
    pub round_before_judge: Option<u32>,
}

/// A verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attainment {
    /// Met.
    Yes,
    /// Not met.
    No,
    /// It cannot be told: something is missing. Never counted as met.
    Undecidable,
}

impl Attainment {
    /// The word in JSON and tables.
    pub fn word(self) -> &'static str {
        match self {
            Attainment::Yes => "yes",
            Attainment::No => "no",
            Attainment::Undecidable => "undecidable",
        }
    }
}

/// Judges a value. 89.96 is not 90 unless the indicator is rounded before it is judged (half to
/// even). A missing value, target or base is undecidable.
pub fn attainment(target: &Target, value: Option<f64>) -> Attainment {
    let against = match target.direction {
        Direction::AtLeast | Direction::AtMost => target.value,
        Direction::NoDecline | Direction::Growth => target.base,
    };
    let (Some(value), Some(against)) = (value.filter(|v| v.is_finite()), against.filter(|v| v.is_finite())) else {
        return Attainment::Undecidable;
    };
    let judged = target.round_before_judge.map_or(value, |decimals| rounded(value, decimals));
    let met = match target.direction {
        Direction::AtLeast | Direction::NoDecline => judged >= against,
        Direction::AtMost => judged <= against,
        Direction::Growth => judged > against,
    };
    if met { Attainment::Yes } else { Attainment::No }
}

/// A target that must hold each year: no as soon as one year fails, undecidable when a year is
/// missing and none fails.
pub fn kept(target: &Target, years: &[Option<f64>]) -> Attainment {
    let verdicts: Vec<Attainment> = years.iter().map(|value| attainment(target, *value)).collect();
    if verdicts.contains(&Attainment::No) {
        Attainment::No
    } else if verdicts.is_empty() || verdicts.contains(&Attainment::Undecidable) {
        Attainment::Undecidable
    } else {
        Attainment::Yes
    }
}

/// Half to even on the decimals the number was written with.
fn rounded(value: f64, decimals: u32) -> f64 {
    crate::price::decimal(&value.to_string()).map_or(value, |exact| super::exact::float(exact.round_dp(decimals)))
}

/// How far along: `(X − X0)/(XT − X0)`, right for targets that fall as well. Where target and base are
/// equal it is 1 when met and 0 when not.
///
/// # Errors
/// `targets.no_way` when the target has no value or base, or the value is missing.
pub fn progress(target: &Target, value: Option<f64>) -> Result<f64, Problem> {
    let (Some(to), Some(from), Some(at)) = (target.value, target.base, value) else {
        return Err(Problem::error(
            "targets.no_way",
            words!("缺少目标值、基期值或现值，没有进度可言", "target, base or value is missing, so there is no progress"),
        )
        .expect(words!("三者齐全", "all three")));
    };
    if to == from {
        return Ok(f64::from(u8::from(attainment(target, value) == Attainment::Yes)));
    }
    Ok((at - from) / (to - from))
}

/// The planned share of the way on a straight line from the base year to the target year.
///
/// # Errors
/// `targets.no_way` when the years do not follow each other.
pub fn planned(year: f64, base_year: f64, target_year: f64) -> Result<f64, Problem> {
    if target_year > base_year {
        return Ok(((year - base_year) / (target_year - base_year)).clamp(0.0, 1.0));
    }
    Err(Problem::error("targets.no_way", words!("目标年不在基年之后", "the target year does not come after the base year"))
        .expect(words!("目标年晚于基年", "a target year after the base year")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(direction: Direction, value: Option<f64>, base: Option<f64>) -> Target {
        Target { direction, value, base, round_before_judge: None }
    }

    /// By hand, from the sheet: 89.96 % of good days is not 90 %.
    #[test]
    fn nothing_is_rounded_up_and_nothing_missing_is_met() {
        let days = target(Direction::AtLeast, Some(90.0), None);
        assert_eq!(attainment(&days, Some(89.96)), Attainment::No);
        assert_eq!(attainment(&days, Some(90.0)), Attainment::Yes);
        assert_eq!(attainment(&Target { round_before_judge: Some(0), ..days }, Some(89.96)), Attainment::Yes);
        assert_eq!(attainment(&Target { round_before_judge: Some(0), ..days }, Some(89.5)), Attainment::Yes);
        assert_eq!(attainment(&Target { round_before_judge: Some(0), ..days }, Some(88.5)), Attainment::No);
        for missing in [None, Some(f64::NAN)] {
            assert_eq!(attainment(&days, missing), Attainment::Undecidable);
        }
        assert_eq!(attainment(&target(Direction::Growth, None, None), Some(1.0)), Attainment::Undecidable);
        assert_eq!(attainment(&target(Direction::NoDecline, None, Some(5.0)), Some(5.0)), Attainment::Yes);
        assert_eq!(attainment(&target(Direction::Growth, None, Some(5.0)), Some(5.0)), Attainment::No);
        assert_eq!(attainment(&target(Direction::AtMost, Some(0.0), None), Some(-0.4)), Attainment::Yes);
        assert_eq!(Direction::parse("le"), Some(Direction::AtMost));
    }

    /// By hand.
    #[test]
    fn a_target_to_be_kept_fails_with_one_year() {
        let full = target(Direction::AtLeast, Some(100.0), None);
        assert_eq!(kept(&full, &[Some(100.0), Some(99.9), None]), Attainment::No);
        assert_eq!(kept(&full, &[Some(100.0), None]), Attainment::Undecidable);
        assert_eq!(kept(&full, &[Some(100.0), Some(100.0)]), Attainment::Yes);
        assert_eq!(kept(&full, &[]), Attainment::Undecidable);
    }

    /// By hand: from 40 down to 30, 35 is half way; a target already met in the base year.
    #[test]
    fn progress_holds_for_falling_targets() {
        assert_eq!(progress(&target(Direction::AtMost, Some(30.0), Some(40.0)), Some(35.0)).unwrap(), 0.5);
        assert_eq!(progress(&target(Direction::AtLeast, Some(50.0), Some(50.0)), Some(50.0)).unwrap(), 1.0);
        assert_eq!(progress(&target(Direction::AtLeast, Some(50.0), Some(50.0)), Some(49.0)).unwrap(), 0.0);
        assert_eq!(progress(&target(Direction::AtLeast, Some(50.0), None), Some(49.0)).unwrap_err().code, "targets.no_way");
        assert_eq!(planned(2018.0, 2016.0, 2020.0).unwrap(), 0.5);
        assert_eq!(planned(2018.0, 2020.0, 2020.0).unwrap_err().code, "targets.no_way");
    }
}

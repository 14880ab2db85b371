//! A city's target broken down to its counties by rule, and how far each is from its part.

use liangshan_vocab::{Problem, common_scale, largest_remainder, text, words};

use super::attainment::{Attainment, Direction, Target, attainment};

/// How a target is broken down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// By the counties' shares of the base: the parts add up to the city's target.
    Share,
    /// Every county has the city's target.
    Each,
    /// Every county moves by the city's factor from its own base.
    Level,
}

impl Rule {
    /// Reads the word of a plan's declaration.
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "share" => Self::Share,
            "each" => Self::Each,
            "level" => Self::Level,
            _ => return None,
        })
    }

    /// The word.
    pub fn word(self) -> &'static str {
        match self {
            Rule::Share => "share",
            Rule::Each => "each",
            Rule::Level => "level",
        }
    }
}

/// A county's part.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// The county.
    pub place: String,
    /// Its target; `None` where its base is missing.
    pub target: Option<f64>,
    /// Its value.
    pub value: Option<f64>,
    /// How far it is over its target, in the target's unit; below zero is short of it. For a target
    /// that is a bound from above the sign is turned, so that below zero always wants work.
    pub gap: Option<f64>,
    /// Whether it meets it.
    pub meets: Attainment,
}

/// Breaks a target down. `counties` are place, base and value; `decimals` those of the parts under
/// [`Rule::Share`]. A county without a base has no part, and then the others have none either under
/// [`Rule::Share`], because parts that do not add up are no break-down.
///
/// # Errors
/// `targets.break_down` when a base is below zero, all are zero, or numbers are too large to share out.
pub fn break_down(
    rule: Rule,
    target: &Target,
    city_base: Option<f64>,
    counties: &[(String, Option<f64>, Option<f64>)],
    decimals: u32,
) -> Result<Vec<Part>, Problem> {
    let against = match target.direction {
        Direction::AtLeast | Direction::AtMost => target.value,
        Direction::NoDecline | Direction::Growth => target.base,
    };
    let parts: Vec<Option<f64>> = match (rule, against) {
        (_, None) => vec![None; counties.len()],
        (Rule::Each, Some(value)) => vec![Some(value); counties.len()],
        (Rule::Level, Some(value)) => {
            let factor = city_base.filter(|b| *b != 0.0).map(|b| value / b);
            counties.iter().map(|(_, base, _)| Some((*base)? * factor?)).collect()
        }
        (Rule::Share, Some(value)) => shared(value, counties, decimals)?,
    };
    let inverse = target.direction == Direction::AtMost;
    Ok(counties
        .iter()
        .zip(parts)
        .map(|((place, _, value), part)| {
            let gap = value.zip(part).map(|(v, p)| if inverse { p - v } else { v - p });
            let own = Target { value: part, base: part, ..*target };
            Part { place: place.clone(), target: part, value: *value, gap, meets: attainment(&own, *value) }
        })
        .collect())
}

fn shared(value: f64, counties: &[(String, Option<f64>, Option<f64>)], decimals: u32) -> Result<Vec<Option<f64>>, Problem> {
    let Some(bases) = counties.iter().map(|c| c.1).collect::<Option<Vec<f64>>>() else { return Ok(vec![None; counties.len()]) };
    let unit = 10_f64.powi(i32::try_from(decimals).unwrap_or(0));
    let total = (value * unit).round();
    let parts = common_scale(&bases).filter(|_| total.abs() < 1e15).and_then(|(weights, _)| largest_remainder(total as i128, &weights));
    let parts = parts.ok_or_else(|| {
        Problem::error("targets.break_down", words!("目标 {value} 无法按基数分解", "the target {value} cannot be shared out by the base"))
            .expect(text("不小于 0、合计大于 0 的基数", "bases of 0 or more that add up to more than 0"))
            .fix(text("核对各县基数，或改用 each、level", "look at the counties' bases, or use each or level"))
    })?;
    Ok(parts.into_iter().map(|p| Some(p as f64 / unit)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(direction: Direction, value: f64) -> Target {
        Target { direction, value: Some(value), base: None, round_before_judge: None }
    }

    fn counties(of: &[(f64, f64)]) -> Vec<(String, Option<f64>, Option<f64>)> {
        of.iter().enumerate().map(|(i, (b, v))| (format!("c{i}"), Some(*b), Some(*v))).collect()
    }

    /// By hand: 1000 villages over bases 1, 1, 1: 334, 333, 333, and the first is 4 short with 330.
    #[test]
    fn shares_add_up_to_the_target() {
        let parts = break_down(Rule::Share, &target(Direction::AtLeast, 1000.0), None, &counties(&[(1.0, 330.0), (1.0, 400.0), (1.0, 333.0)]), 0).unwrap();
        assert_eq!(parts.iter().map(|p| p.target.unwrap()).collect::<Vec<_>>(), [334.0, 333.0, 333.0]);
        assert_eq!(parts.iter().map(|p| p.gap.unwrap()).collect::<Vec<_>>(), [-4.0, 67.0, 0.0]);
        assert_eq!(parts.iter().map(|p| p.meets).collect::<Vec<_>>(), [Attainment::No, Attainment::Yes, Attainment::Yes]);
    }

    /// By hand: the city is to go from 100 to 110, so a county of 50 is to have 55; a bound from above turns the sign.
    #[test]
    fn levels_and_bounds_from_above() {
        let level = break_down(Rule::Level, &target(Direction::AtLeast, 110.0), Some(100.0), &counties(&[(50.0, 56.0)]), 0).unwrap();
        assert!((level[0].target.unwrap() - 55.0).abs() < 1e-9 && (level[0].gap.unwrap() - 1.0).abs() < 1e-9);
        let each = break_down(Rule::Each, &target(Direction::AtMost, 0.0), None, &counties(&[(1.0, 0.4)]), 0).unwrap();
        assert_eq!((each[0].gap, each[0].meets), (Some(-0.4), Attainment::No));
    }

    #[test]
    fn a_missing_base_breaks_nothing_down() {
        let mut of = counties(&[(1.0, 1.0), (2.0, 2.0)]);
        of[1].1 = None;
        let parts = break_down(Rule::Share, &target(Direction::AtLeast, 10.0), None, &of, 0).unwrap();
        assert!(parts.iter().all(|p| p.target.is_none() && p.meets == Attainment::Undecidable));
        assert_eq!(break_down(Rule::Share, &target(Direction::AtLeast, 10.0), None, &counties(&[(0.0, 1.0)]), 0).unwrap_err().code, "targets.break_down");
    }
}

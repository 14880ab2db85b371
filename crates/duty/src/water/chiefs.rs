//! How a river chief does the duty: patrols that count, and the score of a period.

use liangshan_vocab::Problem;

use crate::standard::Standard;

/// One patrol by its track.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Patrol {
    /// Length of the track, m.
    pub m: f64,
    /// Time it took, min.
    pub min: f64,
}

/// Does a patrol count? One shorter or quicker than the rules ask for does not.
///
/// # Errors
/// What the rules lack.
pub fn counts(rules: &Standard, patrol: Patrol) -> Result<bool, Problem> {
    Ok(patrol.m >= rules.value("track_m")? && patrol.min >= rules.value("track_min")?)
}

/// Patrols due in so many days at a level: one in each full period. `None` for a level the rules do not know.
///
/// # Errors
/// What the rules lack.
pub fn due(rules: &Standard, level: &str, days: f64) -> Result<Option<u32>, Problem> {
    let table = rules.table("patrols")?;
    table.column("days")?;
    Ok(table.row(level).and_then(|row| table.number(row, "days")).filter(|between| *between > 0.0).map(|between| (days / between).floor() as u32))
}

/// Shares from 0 to 1 that the score is made of, patrols, closing in time, sections, satisfaction; `None` where
/// there was nothing to do or nothing is known.
pub type Parts = [Option<f64>; 4];

/// `Σ weight · share`; `None` where one of the parts is not known, since the weights would not add up to the whole.
/// `water.md` section 7, a design.
///
/// # Errors
/// What the rules lack.
pub fn score(rules: &Standard, parts: Parts) -> Result<Option<f64>, Problem> {
    let mut sum = Some(0.0);
    for (name, part) in ["weight_patrol", "weight_closing", "weight_sections", "weight_satisfaction"].iter().zip(parts) {
        let weight = rules.value(name)?;
        sum = sum.zip(part).map(|(sum, part)| sum + weight * part.clamp(0.0, 1.0));
    }
    Ok(sum)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standard::shipped;

    /// By hand, with the weights of the sheet: 40·0.75 + 30·1 + 20·0.5 + 10·0.9 = 79; a village is walked every
    /// 7 days, 4 times in 30.
    #[test]
    fn a_month_of_a_village_chief() {
        let rules = shipped().latest("water", "chiefs").unwrap();
        let made = score(rules, [Some(0.75), Some(1.0), Some(0.5), Some(0.9)]).unwrap().unwrap();
        assert!((made - 79.0).abs() < 1e-12);
        assert_eq!(score(rules, [Some(1.0), None, Some(1.0), Some(1.0)]).unwrap(), None);
        assert_eq!((due(rules, "village", 30.0).unwrap(), due(rules, "city", 89.0).unwrap(), due(rules, "state", 30.0).unwrap()), (Some(4), Some(0), None));
        let track = |m, min| counts(rules, Patrol { m, min }).unwrap();
        assert_eq!((track(300.0, 5.0), track(299.0, 60.0), track(900.0, 4.9)), (true, false, false));
    }
}

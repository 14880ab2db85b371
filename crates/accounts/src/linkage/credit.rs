//! Credit of enterprises in matters of the environment (企业环境信用): points and a grade.

use jiff::civil::Date;
use liangshan_vocab::{Problem, words};

/// An event that counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreditEvent {
    /// Its code, `penalty_normal`.
    pub code: String,
    /// Points, below zero for a deduction.
    pub points: i64,
    /// The first day on which it no longer counts; `None` when it counts as given.
    pub until: Option<Date>,
    /// True when it was repaired (信用修复) and counts no more.
    pub repaired: bool,
}

/// How points become a grade.
#[derive(Debug, Clone, PartialEq)]
pub struct CreditRule {
    /// Points everybody starts with.
    pub start: i64,
    /// Code of the events whose points are capped, and the cap.
    pub capped: (String, i64),
    /// Grades with their least points, best first.
    pub grades: Vec<(String, f64)>,
    /// The grade below them all.
    pub worst: String,
    /// Codes that give the worst grade whatever the points.
    pub veto: Vec<String>,
}

/// A score and its grade.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credit {
    /// The points.
    pub score: i64,
    /// The grade.
    pub grade: String,
}

/// Adds up what counts on a day (all that is not repaired when no day is given) and grades it. Points
/// of the capped code add up to at most the cap. A veto gives the worst grade.
///
/// # Errors
/// `credit.grades` when the grades do not fall; `credit.points` when the sum is beyond 64 bits.
pub fn credit_score(rule: &CreditRule, events: &[CreditEvent], on: Option<Date>) -> Result<Credit, Problem> {
    if rule.grades.is_empty() || rule.grades.windows(2).any(|pair| pair[0].1 <= pair[1].1) {
        return Err(Problem::error("credit.grades", words!("等级的分数线没有依次降低", "the grades' least points do not fall"))
            .key("grades")
            .expect(words!("由高到低的分数线", "least points from high to low")));
    }
    let counts = |e: &&CreditEvent| !e.repaired && on.is_none_or(|day| e.until.is_none_or(|until| day < until));
    let counted: Vec<&CreditEvent> = events.iter().filter(counts).collect();
    let sum_of = |capped: bool| counted.iter().filter(|e| (e.code == rule.capped.0) == capped).map(|e| i128::from(e.points)).sum::<i128>();
    let score = i128::from(rule.start) + sum_of(false) + sum_of(true).min(i128::from(rule.capped.1));
    let score = i64::try_from(score).map_err(|_| {
        Problem::error("credit.points", words!("分数超出范围", "the points are out of range"))
            .key("events")
            .expect(words!("通常的分数", "points of a usual size"))
    })?;
    let vetoed = counted.iter().any(|e| rule.veto.contains(&e.code));
    let reached = rule.grades.iter().find(|(_, least)| score as f64 >= *least).filter(|_| !vetoed);
    Ok(Credit { score, grade: reached.map_or(&rule.worst, |(grade, _)| grade).clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn rule() -> CreditRule {
        let grades = [("green", 90.0), ("blue", 75.0), ("yellow", 60.0)].map(|(g, p)| (g.to_owned(), p)).to_vec();
        CreditRule { start: 100, capped: ("prescription_cured".into(), 6), grades, worst: "red".into(), veto: vec!["falsified_data".into()] }
    }

    fn event(code: &str, points: i64) -> CreditEvent {
        CreditEvent { code: code.into(), points, until: None, repaired: false }
    }

    /// By hand: 89 is blue, 60 yellow, 59 red; a falsified reading is red with 100 points.
    #[test]
    fn grades_at_their_bounds_and_a_veto() {
        for (points, grade) in [(-10, "green"), (-11, "blue"), (-40, "yellow"), (-41, "red")] {
            assert_eq!(credit_score(&rule(), &[event("penalty", points)], None).unwrap().grade, grade);
        }
        assert_eq!(credit_score(&rule(), &[event("falsified_data", 0)], None).unwrap(), Credit { score: 100, grade: "red".into() });
        assert_eq!(credit_score(&CreditRule { grades: vec![], ..rule() }, &[], None).unwrap_err().code, "credit.grades");
    }

    /// By hand: a deduction counts to the day before its end; a repaired one not at all.
    #[test]
    fn events_end_and_are_repaired() {
        let events =
            [CreditEvent { until: Some(date(2026, 6, 1)), ..event("penalty_normal", -10) }, CreditEvent { repaired: true, ..event("penalty_grave", -30) }];
        assert_eq!(credit_score(&rule(), &events, Some(date(2026, 5, 31))).unwrap().score, 90);
        assert_eq!(credit_score(&rule(), &events, Some(date(2026, 6, 1))).unwrap().score, 100);
    }
}

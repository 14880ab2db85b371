//! The lamp of a project: done against planned, and how long the oldest milestone is overdue.

use jiff::civil::Date;
use liangshan_vocab::{Problem, words};
use rust_decimal::Decimal;

use super::exact::{exactly, float, held};

/// A milestone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Milestone {
    /// Its weight in the project.
    pub weight: f64,
    /// When it is due.
    pub due: Date,
    /// How much of it is done, 0 to 1; between them only where the quantity is measured.
    pub done: f64,
}

/// A lamp, from best to worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lamp {
    /// All is done.
    Blue,
    /// On plan.
    Green,
    /// Not begun and not due.
    Grey,
    /// Somewhat behind.
    Yellow,
    /// Far behind.
    Red,
}

impl Lamp {
    /// The word in JSON and tables.
    pub fn word(self) -> &'static str {
        match self {
            Lamp::Blue => "blue",
            Lamp::Green => "green",
            Lamp::Grey => "grey",
            Lamp::Yellow => "yellow",
            Lamp::Red => "red",
        }
    }

    /// The lamp of a task: the worst of its projects; grey for a task without one.
    pub fn of_task(projects: &[Lamp]) -> Lamp {
        projects.iter().copied().max().unwrap_or(Lamp::Grey)
    }
}

/// Where the lamp changes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LampRule {
    /// More days overdue than this is red; one day is yellow.
    pub red_days: i64,
    /// Further behind than this share is red.
    pub red_gap: f64,
    /// Further behind than this share is yellow.
    pub yellow_gap: f64,
}

/// The design of the method sheet; a county may set its own.
pub const DESIGN: LampRule = LampRule { red_days: 30, red_gap: 0.15, yellow_gap: 0.05 };

/// How a project stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// Done, `Σ w·done / Σ w`.
    pub done: f64,
    /// Planned, `Σ w of what is due / Σ w`; a milestone is due on its day.
    pub planned: f64,
    /// Planned less done.
    pub gap: f64,
    /// Days the oldest unfinished milestone is overdue; 0 when none is.
    pub overdue_days: i64,
    /// The lamp.
    pub lamp: Lamp,
}

/// The next day that is not closed: a milestone due on a holiday is due on the next working day.
/// `None` when there is no such day in the calendar.
pub fn due_on(due: Date, closed: &[Date]) -> Option<Date> {
    let mut day = due;
    while closed.contains(&day) {
        day = day.tomorrow().ok()?;
    }
    Some(day)
}

/// Done, planned and the lamp on a day. The gap is compared in decimals: exactly 0.15 behind is not
/// more than 0.15 behind.
///
/// # Errors
/// `targets.milestones` for a project without milestones or without weight, a weight below zero, or
/// a share done outside 0 to 1; `targets.too_large`.
pub fn progress(milestones: &[Milestone], today: Date, rule: &LampRule) -> Result<Progress, Problem> {
    let (mut all, mut done, mut due) = (Decimal::ZERO, Decimal::ZERO, Decimal::ZERO);
    for (at, m) in milestones.iter().enumerate() {
        if m.weight < 0.0 || !(0.0..=1.0).contains(&m.done) {
            return Err(unusable(Some(at)));
        }
        let weight = exactly("w", m.weight)?;
        all += weight;
        done += held("done", weight.checked_mul(exactly("done", m.done)?))?;
        if m.due <= today {
            due += weight;
        }
    }
    if all <= Decimal::ZERO {
        return Err(unusable(None));
    }
    let days_late = |m: &&Milestone| i64::from((today - m.due).get_days());
    let overdue_days = milestones.iter().filter(|m| m.done < 1.0).map(|m| days_late(&m)).max().unwrap_or(0).max(0);
    let share = |part: Decimal| held("w", part.checked_div(all)).map(float);
    let further_than = |bound: f64| Ok::<_, Problem>(due - done > held("w", exactly("gap", bound)?.checked_mul(all))?);
    let lamp = if done == all {
        Lamp::Blue
    } else if overdue_days > rule.red_days || further_than(rule.red_gap)? {
        Lamp::Red
    } else if overdue_days > 0 || further_than(rule.yellow_gap)? {
        Lamp::Yellow
    } else if done.is_zero() && due.is_zero() {
        Lamp::Grey
    } else {
        Lamp::Green
    };
    Ok(Progress { done: share(done)?, planned: share(due)?, gap: share(due - done)?, overdue_days, lamp })
}

fn unusable(at: Option<usize>) -> Problem {
    let problem = Problem::error(
        "targets.milestones",
        words!(
            "里程碑不可用：权重为负、合计为 0，或完成比例不在 0 与 1 之间",
            "milestones cannot be used: a weight below zero, a sum of zero, or a share done outside 0 to 1"
        ),
    )
    .expect(words!("正的权重，完成比例 0 至 1", "positive weights, shares done from 0 to 1"));
    match at {
        Some(at) => problem.key(format!("milestones[{at}]")),
        None => problem.key("milestones"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const TODAY: Date = date(2026, 11, 23);

    fn lamp(milestones: &[(f64, Date, f64)]) -> Progress {
        let milestones: Vec<Milestone> = milestones.iter().map(|(weight, due, done)| Milestone { weight: *weight, due: *due, done: *done }).collect();
        progress(&milestones, TODAY, &DESIGN).unwrap()
    }

    /// By hand: every lamp, and both sides of its bounds. 0.65 − 0.5 in floats is 0.15000000000000002;
    /// the share of 65 due and 50 done of 100 is exactly 0.15 and not red.
    #[test]
    fn lamps_at_their_bounds() {
        let (past, later) = (date(2026, 1, 1), date(2027, 3, 31));
        assert_eq!(lamp(&[(1.0, past, 1.0), (2.0, later, 1.0)]).lamp, Lamp::Blue);
        assert_eq!(lamp(&[(1.0, later, 0.0)]).lamp, Lamp::Grey);
        assert_eq!(lamp(&[(1.0, past, 1.0), (2.0, later, 0.0)]).lamp, Lamp::Green);
        let behind = |late: f64, due: Date| lamp(&[(50.0, past, 1.0), (late, due, 0.0), (50.0 - late, later, 0.0)]);
        assert_eq!((behind(15.0, date(2026, 11, 22)).lamp, behind(15.0, date(2026, 11, 22)).overdue_days), (Lamp::Yellow, 1));
        assert_eq!(behind(15.1, date(2026, 11, 22)).lamp, Lamp::Red);
        assert_eq!(behind(5.0, TODAY).lamp, Lamp::Green);
        assert_eq!(behind(5.1, TODAY).lamp, Lamp::Yellow);
        assert_eq!(behind(1.0, date(2026, 10, 24)).overdue_days, 30);
        assert_eq!(behind(1.0, date(2026, 10, 24)).lamp, Lamp::Yellow);
        assert_eq!(behind(1.0, date(2026, 10, 23)).lamp, Lamp::Red);
        assert_eq!(Lamp::of_task(&[Lamp::Green, Lamp::Red, Lamp::Blue]), Lamp::Red);
        assert_eq!(Lamp::of_task(&[]), Lamp::Grey);
    }

    #[test]
    fn milestones_without_weight_are_told() {
        for bad in [vec![], vec![Milestone { weight: 0.0, due: TODAY, done: 0.0 }], vec![Milestone { weight: 1.0, due: TODAY, done: 1.5 }]] {
            assert_eq!(progress(&bad, TODAY, &DESIGN).unwrap_err().code, "targets.milestones");
        }
    }

    /// By hand: 1 to 3 October are closed.
    #[test]
    fn a_holiday_moves_the_day() {
        let closed = [date(2026, 10, 1), date(2026, 10, 2), date(2026, 10, 3)];
        assert_eq!(due_on(date(2026, 10, 1), &closed), Some(date(2026, 10, 4)));
        assert_eq!(due_on(date(2026, 9, 30), &closed), Some(date(2026, 9, 30)));
    }
}

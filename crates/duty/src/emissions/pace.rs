//! The load since new year against what the permit allows for the year.

use liangshan_vocab::Problem;

use super::validity;
use crate::standard::Standard;

/// From which share of the permitted total somebody is told.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Steps {
    /// Warn.
    pub warn: f64,
    /// Alarm.
    pub alarm: f64,
    /// Nothing more may be emitted.
    pub stop: f64,
}

impl Default for Steps {
    /// Those of the standard shipped with the program.
    fn default() -> Self {
        validity(Self::of)
    }
}

impl Steps {
    /// Those of a standard of `emissions/validity`.
    ///
    /// # Errors
    /// What the standard lacks.
    pub fn of(standard: &Standard) -> Result<Self, Problem> {
        let share = |name| standard.value(name);
        Ok(Self { warn: share("warn_share")?, alarm: share("alarm_share")?, stop: share("stop_share")? })
    }
}

/// How far it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Below the first step.
    Within,
    /// From the first step.
    Warn,
    /// From the second.
    Alarm,
    /// The permitted total is used up.
    Stop,
}

/// Where an outlet stands on a day of the year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace {
    /// Load so far over the permitted total.
    pub used: f64,
    /// Days so far over the days of the year.
    pub elapsed: f64,
    /// `used/elapsed`: above one the total will not last. `None` before the first day has ended.
    pub pace: Option<f64>,
    /// What the year would come to at this pace, t.
    pub year_t: Option<f64>,
    /// How far it has come.
    pub stage: Stage,
}

/// Holds a load, t, against a permitted total, t/a, after `days` whole days of a year of
/// `year_days`. A permitted total of zero is used up by any load.
pub fn pace(load_t: f64, permitted_t: f64, days: u16, year_days: u16, steps: Steps) -> Pace {
    let used = if load_t <= 0.0 { 0.0 } else { load_t / permitted_t };
    let elapsed = f64::from(days) / f64::from(year_days);
    let stage = match used {
        u if u >= steps.stop => Stage::Stop,
        u if u >= steps.alarm => Stage::Alarm,
        u if u >= steps.warn => Stage::Warn,
        _ => Stage::Within,
    };
    let known = days > 0;
    Pace { used, elapsed, pace: known.then(|| used / elapsed), year_t: known.then(|| load_t / elapsed), stage }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_begins_at_its_share() {
        let stage = |t| pace(t, 100.0, 73, 365, Steps::default()).stage;
        assert_eq!([79.9, 80.0, 95.0, 100.0].map(stage), [Stage::Within, Stage::Warn, Stage::Alarm, Stage::Stop]);
        // 30 t in a fifth of the year: half as fast again as 100 t allow, 150 t by December.
        let fast = pace(30.0, 100.0, 73, 365, Steps::default());
        assert!((fast.pace.unwrap() - 1.5).abs() < 1e-12 && (fast.year_t.unwrap() - 150.0).abs() < 1e-9);
        assert_eq!(pace(0.0, 0.0, 0, 365, Steps::default()).pace, None);
        assert_eq!(pace(0.1, 0.0, 10, 365, Steps::default()).stage, Stage::Stop);
    }
}

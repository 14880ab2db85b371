//! Emissions of hours without valid data, from the valid hours before the gap (HJ 75-2017 as readers
//! quote it; the text was not read, so what is filled in is marked unverified).

use liangshan_vocab::Problem;

use super::validity;
use crate::standard::Standard;

/// One step of the table: down to which capture rate, and the largest of how many valid hours
/// before the gap stands in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// Least share of valid hours in the quarter.
    pub capture_min: f64,
    /// Valid hours looked back over where the gap lasts `short_gap` hours at most.
    pub look_back_short: usize,
    /// The same where it lasts longer.
    pub look_back_long: usize,
}

/// The table, best capture first.
#[derive(Debug, Clone, PartialEq)]
pub struct Substitution {
    /// Hours up to which a gap is short.
    pub short_gap: usize,
    /// Steps by falling capture rate.
    pub steps: Vec<Step>,
}

impl Default for Substitution {
    /// That of the standard shipped with the program.
    fn default() -> Self {
        validity(Self::of)
    }
}

/// One hour after filling.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Filled {
    /// Emission, kg/h.
    pub kg_h: f64,
    /// True where it was filled in.
    pub substituted: bool,
}

/// A quarter after filling.
#[derive(Debug, Clone, PartialEq)]
pub enum Quarter {
    /// Every hour has an emission.
    Usable {
        /// Share of valid hours.
        capture: f64,
        /// Hour by hour.
        hours: Vec<Filled>,
    },
    /// Too few valid hours, or nothing valid before a gap: no total may rest on it.
    Unusable {
        /// Share of valid hours.
        capture: f64,
    },
}

impl Substitution {
    /// That of a standard of `emissions/validity`.
    ///
    /// # Errors
    /// What the standard lacks.
    pub fn of(standard: &Standard) -> Result<Self, Problem> {
        let table = standard.table("substitution")?;
        let step = |row| {
            let number = |column| table.number(row, column).unwrap_or_default();
            Step { capture_min: number("capture_min"), look_back_short: number("look_back_short") as usize, look_back_long: number("look_back_long") as usize }
        };
        let mut steps: Vec<Step> = table.rows.iter().map(step).collect();
        steps.sort_by(|a, b| b.capture_min.total_cmp(&a.capture_min));
        Ok(Self { short_gap: standard.value("short_gap")? as usize, steps })
    }

    /// Fills the gaps of a quarter. `before` are hours before it, oldest first, for gaps near its
    /// beginning; NaN is an hour without valid data. Only measured hours stand in, never filled ones.
    pub fn fill(&self, before: &[f64], quarter: &[f64]) -> Quarter {
        let valid = quarter.iter().filter(|h| h.is_finite()).count();
        let capture = if quarter.is_empty() { 0.0 } else { valid as f64 / quarter.len() as f64 };
        let Some(step) = self.steps.iter().find(|s| capture >= s.capture_min) else { return Quarter::Unusable { capture } };
        let mut measured: Vec<f64> = before.iter().copied().filter(|h| h.is_finite()).collect();
        let mut hours = Vec::with_capacity(quarter.len());
        let mut at = 0;
        while at < quarter.len() {
            if quarter[at].is_finite() {
                measured.push(quarter[at]);
                hours.push(Filled { kg_h: quarter[at], substituted: false });
                at += 1;
                continue;
            }
            let gap = quarter[at..].iter().take_while(|h| !h.is_finite()).count();
            let back = if gap <= self.short_gap { step.look_back_short } else { step.look_back_long };
            let largest = measured[measured.len().saturating_sub(back)..].iter().copied().fold(f64::NEG_INFINITY, f64::max);
            if !largest.is_finite() {
                return Quarter::Unusable { capture };
            }
            hours.extend(std::iter::repeat_n(Filled { kg_h: largest, substituted: true }, gap));
            at += gap;
        }
        Quarter::Usable { capture, hours }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A quarter of 1000 hours in which hour i emits i, with a gap.
    fn with_gap(from: usize, to: usize) -> Vec<f64> {
        (0..1000).map(|i| if (from..to).contains(&i) { f64::NAN } else { f64::from(i as u16) }).collect()
    }

    fn filled(quarter: &[f64], before: &[f64], at: usize) -> Option<f64> {
        match Substitution::default().fill(before, quarter) {
            Quarter::Usable { hours, .. } => Some(hours[at].kg_h),
            Quarter::Unusable { .. } => None,
        }
    }

    #[test]
    fn the_largest_of_the_hours_the_table_names() {
        // A peak of 5000 lies 200 hours before the gap: outside 180, inside 720.
        let peak = |mut q: Vec<f64>, at: usize| {
            q[at] = 5000.0;
            q
        };
        assert_eq!(filled(&peak(with_gap(800, 824), 600), &[], 810), Some(799.0), "a gap of 24 hours looks back over 180");
        assert_eq!(filled(&peak(with_gap(800, 825), 600), &[], 810), Some(5000.0), "one of 25 over 720");
        assert_eq!(filled(&peak(with_gap(800, 950), 0), &[], 810), Some(5000.0), "capture 85 %: over 2160");
        assert_eq!(filled(&with_gap(700, 951), &[], 800), None, "capture 74.9 %");
        assert_eq!(filled(&with_gap(0, 10), &[], 5), None, "nothing before the gap");
        assert_eq!(filled(&with_gap(0, 10), &[7.0, f64::NAN], 5), Some(7.0));
    }

    #[test]
    fn filled_hours_never_stand_in_for_others() {
        let mut quarter = with_gap(400, 410);
        quarter[399] = 9000.0;
        quarter[700] = f64::NAN;
        let Quarter::Usable { hours, capture } = Substitution::default().fill(&[], &quarter) else { panic!() };
        assert_eq!((hours[405], hours[700].kg_h), (Filled { kg_h: 9000.0, substituted: true }, 699.0));
        assert_eq!(capture, 0.989);
        assert!(hours.iter().filter(|h| h.substituted).count() == 11);
    }
}

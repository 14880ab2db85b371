//! Where a target stands: met in its year, how far along, on the planned path or behind it.

use std::collections::BTreeMap;

use super::attainment::{Attainment, Direction, Target, attainment, kept, planned, progress};
use super::lamp::Lamp;

/// What sort of target it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// A number to be reached in the due year.
    Number,
    /// A number that must hold each year.
    Keep,
    /// Something to be there.
    Deliverable,
}

impl Sort {
    /// Reads the word of `targets_2020.csv`.
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "number" => Self::Number,
            "keep" => Self::Keep,
            "deliverable" => Self::Deliverable,
            _ => return None,
        })
    }

    /// The word in tables.
    pub fn word(self) -> &'static str {
        match self {
            Sort::Number => "number",
            Sort::Keep => "keep",
            Sort::Deliverable => "deliverable",
        }
    }
}

/// A target with its years.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Aim {
    /// What is to be reached.
    pub target: Target,
    /// What sort it is.
    pub sort: Sort,
    /// The first year it binds.
    pub from: i32,
    /// The year it is due.
    pub due: i32,
    /// The year of the declared base; without one the first value of the series is the base.
    pub base_year: Option<i32>,
}

/// How much behind the planned path is red; less is yellow. `targets.md` section 1.
const RED_BEHIND: f64 = 0.10;

/// Where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// Met in the due year, or in every year; undecidable while a value is missing.
    pub attained: Attainment,
    /// Years whose value is missing for that.
    pub missing: Vec<i32>,
    /// The latest value that is known.
    pub latest: Option<(i32, f64)>,
    /// Whether the latest value meets the target.
    pub now: Attainment,
    /// The base: declared, or the first of the series.
    pub base: Option<(i32, f64)>,
    /// The share of the way that is gone.
    pub progress: Option<f64>,
    /// The share of the way that was planned for the year of the latest value.
    pub planned: Option<f64>,
    /// The lamp: green, yellow, red; grey where nothing can be said.
    pub lamp: Lamp,
}

/// Where a target stands on the values of the years up to `known`; a value of a later year is not
/// looked at. Units as in the target.
///
/// A number is judged by its due year, a target to be kept by every year from the first to the due
/// one: what was kept so far is not kept yet. The lamp is that of the latest value.
pub fn standing(aim: &Aim, series: &BTreeMap<i32, f64>, known: i32) -> Standing {
    let value = |year: i32| (year <= known).then(|| series.get(&year).copied()).flatten();
    let latest = series.range(..=known.min(aim.due)).next_back().map(|(y, v)| (*y, *v));
    let declared = aim.base_year.zip(aim.target.base);
    let base = declared.or_else(|| series.range(..=known).next().map(|(y, v)| (*y, *v)));
    let target = Target { base: base.map(|b| b.1), ..aim.target };
    let needs: Vec<i32> = match aim.sort {
        Sort::Keep => (aim.from..=aim.due).collect(),
        Sort::Number | Sort::Deliverable => vec![aim.due],
    };
    let values: Vec<Option<f64>> = needs.iter().map(|y| value(*y)).collect();
    let missing = needs.iter().zip(&values).filter(|(_, v)| v.is_none()).map(|(y, _)| *y).collect();
    let attained = kept(&target, &values);
    let now = attainment(&target, latest.map(|l| l.1));
    let measurable = matches!(target.direction, Direction::AtLeast | Direction::AtMost) && aim.sort == Sort::Number;
    // A base that is the latest value itself is no way that was gone, and one that met the target already
    // leaves none to go.
    let to_go = |b: f64| attainment(&target, Some(b)) == Attainment::No;
    let way = base.zip(latest).filter(|(b, l)| measurable && b.0 < l.0 && b.0 < aim.due && to_go(b.1));
    let gone = way.and_then(|(_, l)| progress(&target, Some(l.1)).ok());
    let path = way.and_then(|(b, l)| planned(f64::from(l.0), f64::from(b.0), f64::from(aim.due)).ok());
    let lamp = match (now, gone.zip(path)) {
        (Attainment::Yes, _) => Lamp::Green,
        (Attainment::Undecidable, _) => Lamp::Grey,
        (Attainment::No, Some((gone, path))) if gone >= path => Lamp::Green,
        (Attainment::No, Some((gone, path))) if gone >= path - RED_BEHIND => Lamp::Yellow,
        (Attainment::No, None) if aim.sort == Sort::Number && latest.is_some_and(|l| l.0 < aim.due) => Lamp::Grey,
        (Attainment::No, _) => Lamp::Red,
    };
    Standing { attained, missing, latest, now, base, progress: gone, planned: path, lamp }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn aim(direction: Direction, value: Option<f64>, sort: Sort) -> Aim {
        Aim { target: Target { direction, value, base: None, round_before_judge: None }, sort, from: 2018, due: 2020, base_year: None }
    }

    fn series(of: &[(i32, f64)]) -> BTreeMap<i32, f64> {
        of.iter().copied().collect()
    }

    /// By hand, good days from 80 in 2015 to 90 in 2020: at the end of 2018 six tenths of the way are
    /// planned. 86 is on the path, 85.5 is 0.05 behind, 84 is 0.2 behind.
    #[test]
    fn the_lamp_of_a_number_follows_the_path() {
        let days = aim(Direction::AtLeast, Some(90.0), Sort::Number);
        let of = |x: f64| standing(&days, &series(&[(2015, 80.0), (2018, x)]), 2018);
        assert_eq!([86.0, 85.5, 84.0, 90.5].map(|x| of(x).lamp), [Lamp::Green, Lamp::Yellow, Lamp::Red, Lamp::Green]);
        assert_eq!(of(86.0).attained, Attainment::Undecidable, "the due year is not there yet");
        assert!((of(86.0).planned.unwrap() - 0.6).abs() < 1e-12 && (of(85.5).progress.unwrap() - 0.55).abs() < 1e-12);
    }

    /// A value of a later year than is known on the day is not looked at.
    #[test]
    fn nothing_is_known_before_its_time() {
        let gdp = aim(Direction::AtLeast, Some(1610.0), Sort::Number);
        let both = series(&[(2019, 1590.0), (2020, 1640.0)]);
        let then = standing(&gdp, &both, 2019);
        assert_eq!((then.attained, then.now, then.latest, then.lamp), (Attainment::Undecidable, Attainment::No, Some((2019, 1590.0)), Lamp::Grey));
        let after = standing(&gdp, &both, 2025);
        assert_eq!((after.attained, after.lamp), (Attainment::Yes, Lamp::Green));
    }

    /// Met in the base year already: there is no way to go, and no progress of 250 %.
    #[test]
    fn a_base_that_meets_the_target_leaves_no_way() {
        let share = standing(&aim(Direction::AtLeast, Some(50.0), Sort::Number), &series(&[(2019, 53.97), (2020, 54.0)]), 2020);
        assert_eq!((share.progress, share.planned, share.lamp, share.attained), (None, None, Lamp::Green, Attainment::Yes));
    }

    #[test]
    fn a_target_to_be_kept_needs_every_year() {
        let full = aim(Direction::AtLeast, Some(100.0), Sort::Keep);
        let gap = standing(&full, &series(&[(2019, 100.0), (2020, 100.0)]), 2020);
        assert_eq!((gap.attained, gap.missing.clone(), gap.lamp), (Attainment::Undecidable, vec![2018], Lamp::Green));
        let so_far = standing(&full, &series(&[(2018, 100.0), (2019, 100.0)]), 2019);
        assert_eq!((so_far.attained, so_far.now), (Attainment::Undecidable, Attainment::Yes));
        let missed = standing(&full, &series(&[(2018, 100.0), (2019, 99.9), (2020, 100.0)]), 2020);
        assert_eq!((missed.attained, missed.lamp), (Attainment::No, Lamp::Green));
    }

    #[test]
    fn growth_has_a_base_and_no_path() {
        let mut stock = aim(Direction::Growth, None, Sort::Number);
        (stock.base_year, stock.target.base) = (Some(2019), Some(3465.87));
        let up = standing(&stock, &series(&[(2019, 3465.87), (2020, 3573.94)]), 2020);
        assert_eq!((up.attained, up.lamp, up.progress), (Attainment::Yes, Lamp::Green, None));
        let same = standing(&stock, &series(&[(2019, 3465.87)]), 2019);
        assert_eq!((same.attained, same.lamp), (Attainment::Undecidable, Lamp::Grey));
        assert_eq!(standing(&stock, &series(&[]), 2020).lamp, Lamp::Grey);
    }
}

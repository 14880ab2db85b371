//! One section at one time, or of one period: single-factor assessment (断面单因子评价).

use super::{Class, Limits, Part, Rules, Water};
use crate::standard::Direction;

/// A value as it is reported.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reading {
    /// Measured.
    Value(f64),
    /// Below this detection limit; infinite where the limit was not told, so that nothing is passed.
    Below(f64),
    /// Above this upper end of the method.
    Above(f64),
    /// Something was measured, and what is not known: a cell that cannot be read, or two values that
    /// contradict each other. It leaves everything open, so that nothing is passed by it.
    Unknown,
}

impl Reading {
    /// Reads `0.05`, `<0.05`, `0.05L` (below the detection limit) and `>24000`. `None` for anything else;
    /// a non-detect without its limit, such as `ND`, says too little to be judged.
    pub fn parse(written: &str) -> Option<Self> {
        let written = written.trim();
        let number = |given: &str| given.trim().parse().ok().filter(|n: &f64| n.is_finite());
        if let Some(limit) = written.strip_prefix(['<', '＜']).or_else(|| written.strip_suffix(['L', 'l'])) {
            return number(limit).map(Reading::Below);
        }
        match written.strip_prefix(['>', '＞']) {
            Some(end) => number(end).map(Reading::Above),
            None => number(written).map(Reading::Value),
        }
    }
}

/// What is said of one item. `best` and `worst` are equal unless the reading leaves it open.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Verdict {
    /// Number of the item in [`Rules::items`].
    pub item: usize,
    /// The value that was judged, rounded; the detection limit of a non-detect.
    pub judged: f64,
    /// The best class it can have.
    pub best: Class,
    /// The worst class it can have.
    pub worst: Class,
    /// `(C − S₃)/S₃` when it exceeds class III and has a multiple; not rounded.
    pub multiple: Option<f64>,
}

impl Verdict {
    /// The class, when the reading decides it.
    pub fn class(&self) -> Option<Class> {
        (self.best == self.worst).then_some(self.best)
    }
}

/// What is said of a section. Made once and filled again and again.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Section {
    /// Items that decide, in the order given.
    pub items: Vec<Verdict>,
    /// Items given that decide nothing: reference items.
    pub reference: Vec<usize>,
    /// Items given that the standard has no limits for in this kind of water.
    pub without_limits: Vec<usize>,
    /// Main pollutants, as numbers into [`Section::items`].
    pub main: Vec<usize>,
}

impl Section {
    /// The class: the worst of the items. `None` when no item was measured or one leaves it open; that is
    /// never a pass.
    pub fn class(&self) -> Option<Class> {
        let (best, worst) = self.bounds()?;
        (best == worst).then_some(worst)
    }

    /// The best and the worst class that the readings allow; `None` without any deciding item.
    pub fn bounds(&self) -> Option<(Class, Class)> {
        Some((self.items.iter().map(|v| v.best).max()?, self.items.iter().map(|v| v.worst).max()?))
    }

    /// Does it meet a class? `None` when the readings leave it open, or there are none.
    pub fn meets(&self, target: Class) -> Option<bool> {
        match self.bounds()? {
            (_, worst) if worst <= target => Some(true),
            (best, _) if best > target => Some(false),
            _ => None,
        }
    }
}

impl Rules<'_> {
    /// Judges a section: each item by the best class whose limit it keeps to, the section by its worst
    /// item. Values are in the units of the limits and are rounded here.
    ///
    /// `saturation` in % is the second way to class I of dissolved oxygen. NaN is no value. An item given
    /// twice is judged twice and the worse decides; callers take means first.
    ///
    /// Source: 环办〔2011〕22号; `water.md` section 2.
    pub fn judge(&self, water: Water, readings: &[(usize, Reading)], saturation: Option<f64>, out: &mut Section) {
        let Section { items, reference, without_limits, main } = &mut *out;
        items.clear();
        reference.clear();
        without_limits.clear();
        main.clear();
        for (number, reading) in readings {
            let item = &self.items[*number];
            let given = match *reading {
                Reading::Value(given) | Reading::Below(given) | Reading::Above(given) => given,
                Reading::Unknown => f64::INFINITY,
            };
            if given.is_nan() {
                continue;
            }
            if item.part == Part::Reference {
                reference.push(*number);
                continue;
            }
            let Some(limits) = item.limits(water) else {
                without_limits.push(*number);
                continue;
            };
            let judged = self.rounded(*number, given);
            let at = limits.class(judged);
            let (mut best, mut worst) = match reading {
                Reading::Value(_) => (at, at),
                Reading::Below(_) | Reading::Unknown => span(limits, at, 0.0),
                Reading::Above(_) => span(limits, at, f64::INFINITY),
            };
            if item.code == "do" && saturation.is_some_and(|s| s >= self.saturation) {
                (best, worst) = (Class::I, Class::I);
            }
            let third = limits.of_class[2];
            let multiple = (best > Class::III && item.multiple && third > 0.0).then(|| (judged - third) / third);
            items.push(Verdict { item: *number, judged, best, worst, multiple });
        }
        self.main_pollutants(out);
    }

    /// The main pollutants (主要污染指标): none in a section of class III or better; else the items that
    /// exceed class III, cyanide and heavy metals first, then the worst class, then the largest multiple,
    /// then the standard's order; so many as the standard names.
    fn main_pollutants(&self, out: &mut Section) {
        let Section { items, main, .. } = out;
        main.extend((0..items.len()).filter(|at| items[*at].best > Class::III));
        main.sort_by(|a, b| {
            let (x, y) = (&items[*a], &items[*b]);
            let first = |v: &Verdict| self.items[v.item].first;
            first(y)
                .cmp(&first(x))
                .then(y.best.cmp(&x.best))
                .then(y.multiple.unwrap_or(f64::NEG_INFINITY).total_cmp(&x.multiple.unwrap_or(f64::NEG_INFINITY)))
                .then(x.item.cmp(&y.item))
        });
        main.truncate(self.named);
    }
}

/// The classes between the one at a bound and the one at the end of what it can be. In a range, such as
/// that of pH, the ends say nothing of what lies between, so all is open unless a bound is inside it.
fn span(limits: &Limits, at: Class, end: f64) -> (Class, Class) {
    let end = limits.class(end);
    if limits.direction == Direction::Range { (Class::I, at.max(end)) } else { (at.min(end), at.max(end)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standard::shipped;

    fn judged(water: Water, readings: &[(&str, Reading)], saturation: Option<f64>) -> Section {
        let rules = Rules::latest(shipped()).unwrap();
        let readings: Vec<_> = readings.iter().map(|(code, reading)| (rules.item(code).unwrap(), *reading)).collect();
        let mut out = Section::default();
        rules.judge(water, &readings, saturation, &mut out);
        out
    }

    /// By hand from table 1: mercury 0.00005 (I, II), 0.0001 (III), 0.001 (IV, V).
    #[test]
    fn a_non_detect_passes_only_where_its_limit_does() {
        let low = judged(Water::River, &[("hg", Reading::Below(0.00004)), ("tp", Reading::Value(0.1))], None);
        assert_eq!(low.class(), Some(Class::II));
        let high = judged(Water::River, &[("hg", Reading::Below(0.0005)), ("tp", Reading::Value(0.1))], None);
        assert_eq!((high.class(), high.bounds()), (None, Some((Class::II, Class::IV))));
        assert_eq!((high.meets(Class::III), high.meets(Class::IV), high.meets(Class::I)), (None, Some(true), Some(false)));
        assert!(high.main.is_empty(), "what is not decided is no main pollutant");
        // Another item decides: phosphorus worse than V is the section's class whatever the mercury is.
        let other = judged(Water::River, &[("hg", Reading::Below(0.0005)), ("tp", Reading::Value(0.5))], None);
        assert_eq!(other.class(), Some(Class::WorseThanV));
    }

    /// From table 1: what is not known may be anything, so class II of phosphorus is only the best the section
    /// can have; an item that is worse than V decides all the same.
    #[test]
    fn what_is_not_known_passes_nothing() {
        for item in ["nh3n", "ph", "do"] {
            let open = judged(Water::River, &[(item, Reading::Unknown), ("tp", Reading::Value(0.1))], None);
            assert_eq!((open.class(), open.bounds()), (None, Some((Class::II, Class::WorseThanV))), "{item}");
            assert_eq!((open.meets(Class::III), open.meets(Class::I), open.main.len()), (None, Some(false), 0), "{item}");
        }
        let decided = judged(Water::River, &[("nh3n", Reading::Unknown), ("tp", Reading::Value(0.5))], None);
        assert_eq!(decided.class(), Some(Class::WorseThanV));
    }

    #[test]
    fn nothing_measured_is_no_class_and_no_pass() {
        let none = judged(Water::River, &[("tp", Reading::Value(f64::NAN)), ("tn", Reading::Value(1.0))], None);
        assert_eq!((none.class(), none.meets(Class::WorseThanV), none.reference.len()), (None, None, 1));
    }

    /// "Saturation of 90 % or 7.5 mg/L": either is enough for class I, and only for class I.
    #[test]
    fn oxygen_has_two_ways_to_class_one() {
        let oxygen = [("do", Reading::Value(6.2))];
        assert_eq!(judged(Water::River, &oxygen, Some(90.0)).class(), Some(Class::I));
        assert_eq!(judged(Water::River, &oxygen, Some(89.9)).class(), Some(Class::II));
        assert_eq!(judged(Water::River, &oxygen, None).class(), Some(Class::II));
        assert_eq!(judged(Water::River, &[("do", Reading::Below(0.2))], None).class(), Some(Class::WorseThanV));
    }

    #[test]
    fn a_bound_on_ph_decides_nothing_it_does_not_know() {
        let section = judged(Water::River, &[("ph", Reading::Below(4.0))], None);
        assert_eq!(section.class(), None);
    }
}

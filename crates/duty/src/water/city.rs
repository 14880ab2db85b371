//! The water index of a city (城市水质指数), by which cities are ranked: smaller is better.

use liangshan_vocab::Problem;

use super::means::{mean_of, no_values};
use super::{Part, Reading, Rules, Water};
use crate::standard::Direction;

/// The index with what it is made of.
#[derive(Debug, Clone, PartialEq)]
pub struct CityIndex {
    /// Of rivers and of lakes: the sum over the items; `None` without sections of that kind.
    pub of: [Option<f64>; 2],
    /// Both, weighted by the number of their sections.
    pub index: f64,
    /// Sections of rivers and of lakes.
    pub sections: [usize; 2],
    /// Codes of deciding items that were measured in no river, or in no lake; an index that lacks some is
    /// smaller than the whole and is compared with none.
    pub missing: Vec<String>,
}

/// `CWQI = Σ_i C_i/C_i(III)` over the deciding items, with the mean of each over the sections of rivers, and
/// the same for lakes; both weighted by their sections. Dissolved oxygen the other way round, `C(III)/C`; pH
/// by its distance from 7, `(7 − pH)/(7 − low)` below it and `(pH − 7)/(high − 7)` above it. A non-detect counts
/// for the standard's share of its limit.
///
/// Source: 城市地表水环境质量排名技术规定, not read; `water.md` section 3.
///
/// # Errors
/// `water.no_values` without a section of which anything was measured.
pub fn city_index(rules: &Rules<'_>, sections: &[(Water, Vec<(usize, Reading)>)]) -> Result<CityIndex, Problem> {
    let (mut of, mut counts, mut missing) = ([None; 2], [0; 2], Vec::new());
    for (at, water) in [Water::River, Water::Lake].into_iter().enumerate() {
        let mine: Vec<&Vec<(usize, Reading)>> = sections.iter().filter(|(kind, readings)| *kind == water && !readings.is_empty()).map(|s| &s.1).collect();
        counts[at] = mine.len();
        if mine.is_empty() {
            continue;
        }
        let mut sum = 0.0;
        for (number, item) in rules.items.iter().enumerate().filter(|(_, i)| i.part == Part::Evaluated) {
            let Some(limits) = item.limits(water) else { continue };
            let readings = mine.iter().flat_map(|r| r.iter()).filter(|(of, _)| *of == number).map(|(_, r)| *r);
            let mean = match mean_of(readings, item.mean, rules.non_detect_share) {
                Some(Reading::Value(mean)) => mean,
                Some(Reading::Below(limit)) if limit.is_finite() => limit * rules.non_detect_share,
                // A lower end alone, or a limit that was not told, is no concentration.
                _ => {
                    missing.push(item.code.clone());
                    continue;
                }
            };
            let (low, third) = (limits.low, limits.of_class[2]);
            sum += match limits.direction {
                Direction::AtLeast => third / mean,
                Direction::Range if mean <= NEUTRAL => (NEUTRAL - mean) / (NEUTRAL - low),
                Direction::Range => (mean - NEUTRAL) / (third - NEUTRAL),
                _ => mean / third,
            };
        }
        of[at] = Some(sum);
    }
    missing.sort_unstable();
    missing.dedup();
    let weighted: f64 = of.iter().zip(counts).filter_map(|(index, count)| Some((*index)? * count as f64)).sum();
    let all: usize = counts.iter().sum();
    if all == 0 {
        return Err(no_values());
    }
    Ok(CityIndex { of, index: weighted / all as f64, sections: counts, missing })
}

/// Neither acid nor base.
const NEUTRAL: f64 = 7.0;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standard::shipped;

    /// By hand, items at half of class III (ammonia 0.5, phosphorus of a river 0.1), oxygen 10 against 5, pH 7.5:
    /// 0.5 + 0.5 + 0.5 + 0.25 = 1.75; a lake of phosphorus 0.05, at its class III: 1. Two rivers and one lake:
    /// (2·1.75 + 1)/3 = 1.5.
    #[test]
    fn rivers_and_lakes_by_their_sections() {
        let rules = Rules::latest(shipped()).unwrap();
        let of = |list: &[(&str, f64)]| list.iter().map(|(code, v)| (rules.item(code).unwrap(), Reading::Value(*v))).collect::<Vec<_>>();
        let one = of(&[("nh3n", 0.4), ("tp", 0.1), ("do", 10.0), ("ph", 7.5), ("tn", 99.0)]);
        let other = of(&[("nh3n", 0.6), ("tp", 0.1), ("do", 10.0), ("ph", 7.5)]);
        let lake = of(&[("tp", 0.05)]);
        let index = city_index(&rules, &[(Water::River, one.clone()), (Water::River, other), (Water::Lake, lake)]).unwrap();
        assert!((index.of[0].unwrap() - 1.75).abs() < 1e-12 && (index.of[1].unwrap() - 1.0).abs() < 1e-12, "{index:?}");
        assert!((index.index - 1.5).abs() < 1e-12);
        assert_eq!((index.sections, index.missing.len()), ([2, 1], 20), "nothing else of the 21 was measured in both, and total nitrogen takes no part");
        let acid = city_index(&rules, &[(Water::River, of(&[("ph", 6.5)]))]).unwrap();
        assert!((acid.index - 0.5).abs() < 1e-12);
        assert_eq!(city_index(&rules, &[(Water::River, Vec::new())]).unwrap_err().code, "water.no_values");
        let half = city_index(&rules, &[(Water::River, vec![(rules.item("nh3n").unwrap(), Reading::Below(0.5))])]).unwrap();
        assert!((half.index - 0.25).abs() < 1e-12, "half of the limit over 1.0");
    }
}

//! Farmland (农用地): GB 15618 by land use and pH, and the three categories of the soil law.

use liangshan_vocab::{Problem, Problems, nearest, text, words};

use crate::standard::{Row, Standard, Table};
use crate::water::Reading;

/// What is said of one item at one point.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemRisk {
    /// The element or substance.
    pub item: String,
    /// Screening value `S`, mg/kg.
    pub screening: f64,
    /// Intervention value `G`, mg/kg; five metals have one.
    pub intervention: Option<f64>,
    /// `C/S`, where a value was measured.
    pub ratio: Option<f64>,
    /// 1: `C ≤ S`; 2: `S < C ≤ G`, or no `G`; 3: `C > G`. `None` when the detection limit is above `S`.
    pub class: Option<u8>,
}

/// What is said of one point.
#[derive(Debug, Clone, PartialEq)]
pub struct Farmland {
    /// By item, in the order given.
    pub items: Vec<ItemRisk>,
    /// The worst class; `None` when nothing was measured, or an undecided item could be worse.
    pub class: Option<u8>,
}

/// Judges one point of farmland.
///
/// `land` is a key of the standard's table `lands`, which says in what rows a value is looked for; `ph` is
/// that of the point and chooses the band, upper end included; values in mg/kg.
///
/// Source: GB 15618-2018; `soil-waste.md` sections 2 and 3.
///
/// # Errors
/// All at once: `soil.land`, `soil.ph`, `soil.unknown_item`, `soil.not_a_value`; what the standard lacks.
pub fn farmland(standard: &Standard, land: &str, ph: f64, values: &[(&str, Reading)]) -> Result<Farmland, Problems> {
    let mut problems = Problems::new();
    let (screening, intervention) = (standard.table("screening")?, standard.table("intervention")?);
    let orders = problems.keep(lands(standard, land));
    let band = problems.keep(band(standard, ph));
    let mut items = Vec::new();
    for (name, reading) in values {
        let item = known(screening, name);
        if item.is_none() {
            let keys: Vec<&str> = screening.rows.iter().map(|r| screening.text(r, "item")).collect();
            problems.push(
                Problem::error("soil.unknown_item", words!("没有项目“{name}”", "there is no item \"{name}\""))
                    .key(*name)
                    .expect(text("标准中的元素符号或名称", "an element symbol or name of the standard"))
                    .fix_near(nearest(name, keys), text("改正项目", "correct the item")),
            );
        }
        let given = match *reading {
            Reading::Value(given) | Reading::Below(given) | Reading::Above(given) => given,
            Reading::Unknown => f64::MAX,
        };
        if !given.is_finite() || given < 0.0 {
            problems.push(not_a_value(name, given));
            continue;
        }
        let (Some(item), Some(orders), Some(band)) = (item, &orders, &band) else { continue };
        let value_of = |table: &Table, order: &[&str]| order.iter().find_map(|land| table.number(table.row(&format!("{item}/{land}"))?, band));
        let value_in = |table: &Table| orders.iter().filter_map(|order| value_of(table, order)).reduce(f64::min);
        let Some(s) = value_in(screening) else { continue };
        let g = value_in(intervention);
        let at = class(given, s, g);
        let (class, ratio) = match reading {
            Reading::Value(_) => (Some(at), Some(given / s)),
            Reading::Below(_) => ((at == 1).then_some(1), None),
            Reading::Unknown => (None, None),
            Reading::Above(_) => ((at == 3 || (at == 2 && g.is_none())).then_some(at), None),
        };
        items.push(ItemRisk { item: item.to_owned(), screening: s, intervention: g, ratio, class });
    }
    let worst = items.iter().filter_map(|i| i.class).max();
    // What is open could be as bad as its values go.
    let open = items.iter().filter(|i| i.class.is_none()).map(|i| if i.intervention.is_some() { 3 } else { 2 }).max();
    let class = if open.is_some_and(|open| worst.is_none_or(|w| open > w)) { None } else { worst };
    problems.into_result(Farmland { items, class })
}

/// `C ≤ S`, `S < C ≤ G` or no `G`, `C > G`.
fn class(value: f64, screening: f64, intervention: Option<f64>) -> u8 {
    match intervention {
        _ if value <= screening => 1,
        Some(g) if value > g => 3,
        _ => 2,
    }
}

fn known<'s>(table: &'s Table, name: &str) -> Option<&'s str> {
    let is = |row: &&Row| ["item", "name_zh", "name_en"].iter().any(|c| table.text(row, c) == name);
    table.rows.iter().find(is).map(|row| table.text(row, "item"))
}

/// In what rows a land use looks for its value, in order; with a second such list where the stricter value of
/// two land uses holds.
fn lands<'s>(standard: &'s Standard, land: &str) -> Result<Vec<Vec<&'s str>>, Problem> {
    let table = standard.table("lands")?;
    let row = table.row(land).ok_or_else(|| {
        let keys: Vec<String> = table.keys().collect();
        Problem::error("soil.land", words!("没有用地类型“{land}”", "there is no land use \"{land}\""))
            .key("land")
            .expect(words!("{0} 之一", "one of {0}", keys.join(", ")))
            .fix_near(nearest(land, keys.iter().map(String::as_str)), text("改正用地类型", "correct the land use"))
    })?;
    let order = |row| ["first", "second", "third"].iter().map(|c| table.text(row, c)).filter(|l| !l.is_empty()).collect();
    Ok([Some(row), table.row(table.text(row, "stricter_of"))].into_iter().flatten().map(order).collect())
}

fn band(standard: &Standard, ph: f64) -> Result<&str, Problem> {
    let table = standard.table("bands")?;
    let row = (ph >= 0.0).then(|| table.rows.iter().find(|row| table.number(row, "upper").is_some_and(|upper| ph <= upper))).flatten();
    row.map(|row| table.text(row, "band")).ok_or_else(|| {
        Problem::error("soil.ph", words!("pH 为 {ph}", "the pH is {ph}"))
            .key("ph")
            .expect(text("0 至 14；没有 pH 就不能选限值", "0 to 14; without a pH no value can be chosen"))
            .fix(text("补上该点的 pH", "give the pH of the point"))
    })
}

pub(super) fn not_a_value(name: &str, given: f64) -> Problem {
    Problem::error("soil.not_a_value", words!("{name} 为 {given}，不是含量", "{name} is {given}, which is no content"))
        .key(name)
        .expect(text("不小于 0 的有限数，mg/kg", "a finite number of 0 or more, mg/kg"))
        .fix(text("没有数据时不给；核对符号", "leave it out where there is none; check the sign"))
}

/// The category of a unit (单元) by its points: for each item the class of the mean over points that
/// measured it, held against the values of the unit's own land use and pH; the worst item decides. A bound
/// counts for its end; an item of which nothing is known but that it was measured is left open.
/// `points` are items with their contents. `soil-waste.md` section 3, step 1.
///
/// # Errors
/// As [`farmland`].
pub fn unit_category(standard: &Standard, land: &str, ph: f64, points: &[Vec<(&str, Reading)>]) -> Result<Farmland, Problems> {
    let mut sums: Vec<(&str, f64, u32)> = Vec::new();
    for (item, reading) in points.iter().flatten() {
        let (value, known) = match reading {
            Reading::Value(value) | Reading::Below(value) | Reading::Above(value) => (*value, 1),
            Reading::Unknown => (0.0, 0),
        };
        match sums.iter_mut().find(|s| s.0 == *item) {
            Some(sum) => {
                sum.1 += value;
                sum.2 += known;
            }
            None => sums.push((item, value, known)),
        }
    }
    let mean = |(item, sum, known)| (item, if known == 0 { Reading::Unknown } else { Reading::Value(sum / f64::from(known)) });
    let means: Vec<(&str, Reading)> = sums.into_iter().map(mean).collect();
    farmland(standard, land, ph, &means)
}

/// What produce says of a unit's class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Correction {
    /// The class after correction.
    pub class: u8,
    /// It differs from the class by soil; then the list of samples and a reviewer are needed.
    pub corrected: bool,
}

/// Corrects a class by produce (`soil-waste.md` section 3, step 2): of class 2, all of enough samples
/// passing makes it 1, a share of exceeding samples at the standard's threshold makes it 3; of class 3,
/// all passing makes it 2. Class 1 stays.
///
/// # Errors
/// `soil.samples` when more samples exceed than were taken; what the standard lacks.
pub fn correct_by_produce(standard: &Standard, class: u8, samples: u32, exceeding: u32) -> Result<Correction, Problem> {
    if exceeding > samples {
        return Err(Problem::error("soil.samples", words!("{samples} 个样品中有 {exceeding} 个超标", "{exceeding} of {samples} samples exceed"))
            .key("exceeding")
            .expect(text("不多于样品数", "no more than there are samples"))
            .fix(text("核对样品清单", "check the list of samples")));
    }
    let enough = f64::from(samples) >= standard.value("produce_samples")?;
    let strict = standard.value("produce_strict_share")?;
    let share = if samples == 0 { 0.0 } else { f64::from(exceeding) / f64::from(samples) };
    let to = match class {
        2 if enough && exceeding == 0 => 1,
        2 if samples > 0 && share >= strict => 3,
        3 if enough && exceeding == 0 => 2,
        other => other,
    };
    Ok(Correction { class: to, corrected: to != class })
}

/// Safe-use rate of polluted farmland (受污染耕地安全利用率), %: area with measures accepted over the area of
/// safe use and strict control; `None` when there is no such area. General knowledge, unverified.
pub fn safe_use_rate(accepted: f64, safe_use: f64, strict: f64) -> Option<f64> {
    let total = safe_use + strict;
    (total > 0.0).then(|| 100.0 * accepted / total)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standard::shipped;

    fn standard() -> &'static Standard {
        shipped().latest("soil", "farmland").unwrap()
    }

    /// GB 15618-2018 by hand: orchard copper has its own row (150), its cadmium that of other land (0.3);
    /// at pH 6.5 the lower band still holds.
    #[test]
    fn each_land_finds_its_row_and_each_ph_its_band() {
        let of = |land: &str, ph: f64, item: &str| farmland(standard(), land, ph, &[(item, Reading::Value(1.0))]).unwrap().items[0].screening;
        assert_eq!((of("orchard", 6.0, "Cu"), of("orchard", 6.0, "Cd"), of("paddy", 6.0, "Cu")), (150.0, 0.3, 50.0));
        assert_eq!((of("paddy", 6.5, "Cd"), of("paddy", 6.500_001, "Cd"), of("paddy", 9.0, "镉")), (0.4, 0.6, 0.8));
        // Paddy and upland in turn: cadmium of upland (0.3 against 0.6), arsenic of paddy (25 against 30).
        assert_eq!((of("rotation", 7.0, "Cd"), of("rotation", 7.0, "As")), (0.3, 25.0));
    }

    #[test]
    fn a_detection_limit_above_the_value_decides_nothing() {
        let of = |limit: f64| farmland(standard(), "other", 6.0, &[("Cd", Reading::Below(limit)), ("Zn", Reading::Value(300.0))]).unwrap().class;
        assert_eq!((of(0.3), of(0.5)), (Some(2), None));
        assert_eq!(farmland(standard(), "other", 6.0, &[]).unwrap().class, None);
        // Zinc has no intervention value: not known, it could be 2 at worst, and 300 of it is 2 already.
        let unknown = |item| farmland(standard(), "other", 6.0, &[(item, Reading::Unknown), ("Cu", Reading::Value(300.0))]).unwrap().class;
        assert_eq!((unknown("Cd"), unknown("Zn")), (None, Some(2)));
    }

    #[test]
    fn every_fault_at_once() {
        let problems = farmland(standard(), "pady", 15.0, &[("Cdd", Reading::Value(1.0)), ("Pb", Reading::Value(-1.0))]).unwrap_err();
        let codes: Vec<&str> = problems.iter().map(|p| p.code.as_ref()).collect();
        assert_eq!(codes, ["soil.land", "soil.ph", "soil.unknown_item", "soil.not_a_value"]);
        assert!(problems.0[0].fix.en.contains("paddy") && problems.0[2].fix.en.contains("Cd"));
    }

    #[test]
    fn produce_corrects_only_with_enough_samples() {
        let of = |class, n, exceeding| correct_by_produce(standard(), class, n, exceeding).unwrap().class;
        assert_eq!((of(2, 3, 0), of(2, 2, 0), of(2, 20, 7), of(2, 20, 6), of(3, 3, 0), of(3, 3, 1), of(1, 3, 3)), (1, 2, 3, 2, 2, 3, 1));
        assert_eq!(correct_by_produce(standard(), 2, 3, 4).unwrap_err().code, "soil.samples");
        assert_eq!((safe_use_rate(90.0, 80.0, 20.0), safe_use_rate(0.0, 0.0, 0.0)), (Some(90.0), None));
    }

    /// By hand: cadmium (0.3 + 0.7)/2 = 0.5 mg/kg is above 0.4 and below 2.0 in paddy at pH 6.
    #[test]
    fn a_unit_is_the_mean_of_its_points() {
        let of = |points: &[&[(&'static str, Reading)]]| {
            let points: Vec<Vec<(&str, Reading)>> = points.iter().map(|p| p.to_vec()).collect();
            unit_category(standard(), "paddy", 6.0, &points).unwrap()
        };
        let (low, high) = (("Cd", Reading::Value(0.3)), ("Cd", Reading::Value(0.7)));
        let unit = of(&[&[low, ("Pb", Reading::Value(50.0))], &[high]]);
        assert_eq!((unit.class, unit.items[0].ratio, unit.items[1].class), (Some(2), Some(1.25), Some(1)));
        // Lead is known nowhere and could be above its intervention value; cadmium is known of one point.
        assert_eq!(of(&[&[low, ("Pb", Reading::Unknown)]]).class, None);
        assert_eq!(of(&[&[low], &[("Cd", Reading::Unknown)]]).class, Some(1));
    }
}

//! Rivers, basins and cities: shares of classes, and change between two periods.

use liangshan_vocab::{Problem, Text};

use super::means::no_values;
use super::{Class, Rules, Section};
use crate::standard::Standard;

/// What is said of a basin.
#[derive(Debug, Clone, PartialEq)]
pub struct BasinRating {
    /// Share of sections of class I to III, %.
    pub good_pct: f64,
    /// Share of sections worse than class V, %.
    pub worst_pct: f64,
    /// Code of the rating.
    pub rating: String,
    /// The rating in words.
    pub title: Text,
}

/// Rates a basin by the shares of its sections' classes: the first row of the standard's table that
/// holds. Sections without a class are not among `classes`; the caller tells how many there are.
///
/// Source: 环办〔2011〕22号, table of river and basin ratings; `water.md` section 3.
///
/// # Errors
/// `water.no_values` without any class; what the standard lacks.
pub fn basin_rating(assessment: &Standard, classes: &[Class]) -> Result<BasinRating, Problem> {
    if classes.is_empty() {
        return Err(no_values());
    }
    let share = |counts: fn(Class) -> bool| 100.0 * classes.iter().filter(|c| counts(**c)).count() as f64 / classes.len() as f64;
    let (good, worst) = (share(|c| c <= Class::III), share(|c| c == Class::WorseThanV));
    let table = assessment.table("ratings")?;
    for column in ["rating", "g_at_least", "d_below", "name_zh", "name_en"] {
        table.column(column)?;
    }
    let holds = |row: &&crate::standard::Row| {
        table.number(row, "g_at_least").is_none_or(|least| good >= least) && table.number(row, "d_below").is_none_or(|below| worst < below)
    };
    let row = table.rows.iter().find(holds).ok_or_else(|| {
        Problem::error("water.no_rating", liangshan_vocab::text("评价表没有适用的一行", "no row of the table of ratings holds"))
            .file(format!("rules/{}", assessment.file))
            .expect(liangshan_vocab::text("最后一行不设条件", "a last row without conditions"))
            .fix(liangshan_vocab::text("补全表 ratings", "complete the table ratings"))
    })?;
    let title = Text::of(table.text(row, "name_zh"), table.text(row, "name_en"));
    Ok(BasinRating { good_pct: good, worst_pct: worst, rating: table.text(row, "rating").to_owned(), title })
}

/// An item that exceeds class III in a basin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OverInBasin {
    /// The item.
    pub item: usize,
    /// Sections in which it exceeds.
    pub sections: usize,
    /// Of all sections, %.
    pub pct: f64,
}

/// Main pollutants of a basin: items by the share of all sections in which they exceed class III (断面超标率), the
/// largest first, as many as the standard names; equal ones in the order of the standard. With fewer sections than
/// are rated by shares there are none: then each section has its own. 环办〔2011〕22号; `water.md` section 2.
///
/// # Errors
/// What the standard lacks.
pub fn main_of_basin(rules: &Rules<'_>, sections: &[Section]) -> Result<Option<Vec<OverInBasin>>, Problem> {
    if (sections.len() as f64) < rules.assessment.value("basin_sections")? {
        return Ok(None);
    }
    let mut over: Vec<OverInBasin> = Vec::new();
    for item in 0..rules.items.len() {
        let exceeds = |s: &&Section| s.items.iter().any(|v| v.item == item && v.best > Class::III);
        let count = sections.iter().filter(exceeds).count();
        if count > 0 {
            over.push(OverInBasin { item, sections: count, pct: 100.0 * count as f64 / sections.len() as f64 });
        }
    }
    over.sort_by_key(|o| std::cmp::Reverse(o.sections));
    over.truncate(rules.named);
    Ok(Some(over))
}

/// How something has changed between two periods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// 明显好转.
    ClearlyBetter,
    /// 有所好转.
    Better,
    /// 无明显变化.
    None,
    /// 有所变差.
    Worse,
    /// 明显变差.
    ClearlyWorse,
}

impl Change {
    /// The word for people.
    pub fn title(self) -> Text {
        use liangshan_vocab::text;
        match self {
            Change::ClearlyBetter => text("明显好转", "clearly better"),
            Change::Better => text("有所好转", "somewhat better"),
            Change::None => text("无明显变化", "no clear change"),
            Change::Worse => text("有所变差", "somewhat worse"),
            Change::ClearlyWorse => text("明显变差", "clearly worse"),
        }
    }
}

/// A section: by so many classes.
pub fn change_of_section(before: Class, after: Class) -> Change {
    match i16::from(after.number()) - i16::from(before.number()) {
        ..=-2 => Change::ClearlyBetter,
        -1 => Change::Better,
        0 => Change::None,
        1 => Change::Worse,
        2.. => Change::ClearlyWorse,
    }
}

/// A basin: `ΔG − ΔD` in percentage points against the standard's two thresholds; at a threshold the
/// lesser change is said (`water.md` section 4, general knowledge).
///
/// # Errors
/// What the standard lacks.
pub fn change_of_basin(assessment: &Standard, before: &BasinRating, after: &BasinRating) -> Result<Change, Problem> {
    let (some, clear) = (assessment.value("change_some")?, assessment.value("change_clear")?);
    let x = (after.good_pct - before.good_pct) - (after.worst_pct - before.worst_pct);
    Ok(match (x.abs() > some, x.abs() > clear, x > 0.0) {
        (false, _, _) => Change::None,
        (true, false, true) => Change::Better,
        (true, false, false) => Change::Worse,
        (true, true, true) => Change::ClearlyBetter,
        (true, true, false) => Change::ClearlyWorse,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standard::shipped;
    use crate::water::{Reading, Water};

    /// GB 3838-2002, class III: ammonia 1.0, CODMn 6, phosphorus 0.2. Ammonia exceeds in 3 of 5 sections, phosphorus in 2.
    #[test]
    fn main_pollutants_by_the_share_of_sections() {
        let rules = Rules::latest(shipped()).unwrap();
        let section = |nh3n: f64, tp: f64| {
            let mut section = Section::default();
            let values = [("nh3n", nh3n), ("tp", tp), ("codmn", 6.0)].map(|(code, v)| (rules.item(code).unwrap(), Reading::Value(v)));
            rules.judge(Water::River, &values, None, &mut section);
            section
        };
        let sections = [section(1.1, 0.2), section(2.5, 0.3), section(1.2, 0.1), section(0.1, 0.25), section(0.1, 0.1)];
        let told = main_of_basin(&rules, &sections).unwrap().unwrap();
        let told: Vec<(&str, usize, f64)> = told.iter().map(|o| (rules.items[o.item].code.as_str(), o.sections, o.pct)).collect();
        assert_eq!(told, [("nh3n", 3, 60.0), ("tp", 2, 40.0)]);
        assert_eq!(main_of_basin(&rules, &sections[..4]).unwrap(), None, "fewer than five: section by section");
    }

    #[test]
    fn change_at_the_thresholds() {
        let standard = shipped().latest("water", "assessment").unwrap();
        let rating = |good: f64, worst: f64| BasinRating { good_pct: good, worst_pct: worst, rating: String::new(), title: Text::default() };
        let of = |a, b| change_of_basin(standard, &a, &b).unwrap();
        assert_eq!(of(rating(50.0, 10.0), rating(60.0, 10.0)), Change::None);
        assert_eq!(of(rating(50.0, 10.0), rating(60.0, 5.0)), Change::Better);
        assert_eq!(of(rating(60.0, 0.0), rating(50.0, 15.0)), Change::ClearlyWorse);
        assert_eq!((change_of_section(Class::III, Class::II), change_of_section(Class::II, Class::V)), (Change::Better, Change::ClearlyWorse));
    }
}

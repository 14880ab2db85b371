//! Drinking-water sources (集中式饮用水水源地): class III, and the items of tables 2 and 3.

use liangshan_vocab::{Problem, nearest, text, words};

use super::{Class, Reading, Rules, Section, Water};

/// What is said of a source.
#[derive(Debug, Clone, PartialEq)]
pub struct Drinking {
    /// `Some(true)` only when every basic item keeps to class III and every supplementary item was
    /// measured and keeps to its limit; `None` when something is missing or undecided and nothing fails.
    pub passes: Option<bool>,
    /// Items that fail.
    pub failing: Vec<String>,
    /// Items whose reading leaves it open.
    pub undecided: Vec<String>,
    /// Basic and supplementary items that were not measured.
    pub missing: Vec<String>,
    /// The basic items.
    pub section: Section,
}

/// Judges one sample of a source: the deciding items of table 1 against class III, the five items of
/// table 2 and those of table 3 that were measured against their limits. Total nitrogen, faecal coliforms
/// and temperature are told and decide nothing. `water.md` section 5.
///
/// # Errors
/// `water.unknown_item`; what the standard lacks.
pub fn drinking(rules: &Rules<'_>, water: Water, readings: &[(&str, Reading)]) -> Result<Drinking, Problem> {
    let tables = [rules.limits.table("drinking")?, rules.limits.table("specific")?];
    let (mut basic, mut failing, mut undecided, mut missing) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut further: Vec<&str> = Vec::new();
    for (name, reading) in readings {
        if let Some(item) = rules.item(name) {
            basic.push((item, *reading));
            continue;
        }
        let row = tables.iter().find_map(|t| {
            let row = t.row(name).or_else(|| t.rows.iter().find(|r| t.text(r, "name_zh") == *name || t.text(r, "name_en") == *name))?;
            Some((t, row))
        });
        let Some((table, row)) = row else {
            let codes: Vec<String> = rules.items.iter().map(|i| i.code.clone()).chain(tables.iter().flat_map(|t| t.keys())).collect();
            return Err(Problem::error("water.unknown_item", words!("没有项目“{name}”", "there is no item \"{name}\""))
                .key(*name)
                .expect(text("表 1、表 2、表 3 的项目", "an item of tables 1 to 3"))
                .fix_near(nearest(name, codes.iter().map(String::as_str)), text("改正项目代码或名称", "correct the code or name of the item")));
        };
        let limit = table.number(row, "limit").unwrap_or(f64::NAN);
        let code = table.key_of(row);
        match *reading {
            Reading::Value(value) | Reading::Above(value) if value > limit => failing.push(code),
            Reading::Value(value) | Reading::Below(value) if value <= limit => {}
            Reading::Value(value) if value.is_nan() => continue,
            _ => undecided.push(code),
        }
        further.push(table.text(row, "code"));
    }
    let mut section = Section::default();
    rules.judge(water, &basic, None, &mut section);
    for verdict in &section.items {
        let code = &rules.items[verdict.item].code;
        if verdict.best > Class::III {
            failing.push(code.clone());
        } else if verdict.worst > Class::III {
            undecided.push(code.clone());
        }
    }
    let measured = |item: usize| section.items.iter().any(|v| v.item == item);
    missing.extend(
        rules
            .items
            .iter()
            .enumerate()
            .filter(|(n, i)| i.part == super::Part::Evaluated && i.limits(water).is_some() && !measured(*n))
            .map(|(_, i)| i.code.clone()),
    );
    missing.extend(tables[0].keys().filter(|key| !further.contains(&key.as_str())));
    let passes = if failing.is_empty() { (undecided.is_empty() && missing.is_empty()).then_some(true) } else { Some(false) };
    Ok(Drinking { passes, failing, undecided, missing, section })
}

/// Compliance by water quantity: volume of passing months over the volume of the months judged, %;
/// `None` when nothing was drawn in a judged month. Months without a verdict are in neither sum.
pub fn rate_by_volume(months: impl IntoIterator<Item = (f64, Option<bool>)>) -> Option<f64> {
    let (mut passing, mut judged) = (0.0, 0.0);
    for (volume, passes) in months {
        if let Some(passes) = passes {
            judged += volume;
            passing += if passes { volume } else { 0.0 };
        }
    }
    (judged > 0.0).then(|| 100.0 * passing / judged)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standard::shipped;

    /// Every deciding item at its class III limit and every supplementary one at its own passes.
    #[test]
    fn a_source_passes_only_when_all_is_measured() {
        let rules = Rules::latest(shipped()).unwrap();
        let mut readings: Vec<(&str, Reading)> = rules
            .items
            .iter()
            .filter_map(|i| Some((i.code.as_str(), Reading::Value(i.limits(Water::River)?.of_class[2]))))
            .chain([("so4", 250.0), ("cl", 250.0), ("no3n", 10.0), ("fe", 0.3), ("mn", 0.1)].map(|(code, v)| (code, Reading::Value(v))))
            .collect();
        assert_eq!(drinking(&rules, Water::River, &readings).unwrap().passes, Some(true));
        let fe = readings.iter().position(|r| r.0 == "fe").unwrap();
        readings[fe].1 = Reading::Below(0.5);
        let open = drinking(&rules, Water::River, &readings).unwrap();
        assert_eq!((open.passes, open.undecided), (None, vec!["fe".to_owned()]));
        readings.remove(fe);
        let short = drinking(&rules, Water::River, &readings).unwrap();
        assert_eq!((short.passes, short.missing), (None, vec!["fe".to_owned()]));
        readings.push(("锰", Reading::Value(0.11)));
        assert_eq!(drinking(&rules, Water::River, &readings).unwrap().passes, Some(false));
        assert_eq!(drinking(&rules, Water::River, &[("feo", Reading::Value(1.0))]).unwrap_err().code, "water.unknown_item");
    }

    #[test]
    fn by_quantity() {
        assert_eq!(rate_by_volume([(30.0, Some(true)), (10.0, Some(false)), (99.0, None)]), Some(75.0));
        assert_eq!(rate_by_volume([(99.0, None)]), None);
    }
}

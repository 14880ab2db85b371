//! Construction land (建设用地): GB 36600 by class of use.

use liangshan_vocab::{Problem, Text, nearest, text, words};

use super::farmland::not_a_value;
use crate::standard::Standard;
use crate::water::Reading;

/// Class of planned use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LandUse {
    /// 第一类用地: housing, schools, and any use that is not known.
    Class1,
    /// 第二类用地: industry, roads and the like.
    Class2,
}

impl LandUse {
    /// Reads `class1` and `class2`; anything else, such as `unknown`, is class 1, as the standard has it.
    pub fn parse(word: &str) -> Self {
        if word == "class2" { LandUse::Class2 } else { LandUse::Class1 }
    }
}

/// What is said of one item of a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConstructionRisk {
    /// `C ≤ S`.
    Negligible,
    /// `S < C`, but not above the local background: arsenic, cobalt and vanadium, note 1 of the standard.
    Background,
    /// `S < C ≤ G`.
    Survey,
    /// `C > G`.
    Control,
    /// The detection limit is above `S`.
    Undecidable,
}

impl ConstructionRisk {
    /// The verdict in one phrase.
    pub fn word(self) -> &'static str {
        match self {
            ConstructionRisk::Negligible => "negligible",
            ConstructionRisk::Background => "not above local background",
            ConstructionRisk::Survey => "detailed survey and risk assessment",
            ConstructionRisk::Control => "control or remediation",
            ConstructionRisk::Undecidable => "not decidable",
        }
    }

    /// The verdict for people.
    pub fn title(self) -> Text {
        match self {
            ConstructionRisk::Negligible => text("风险可忽略", "negligible risk"),
            ConstructionRisk::Background => text("不高于当地背景值，不纳入污染地块管理", "not above the local background"),
            ConstructionRisk::Survey => text("应开展详细调查和风险评估", "detailed survey and risk assessment"),
            ConstructionRisk::Control => text("通常存在不可接受风险，应采取风险管控或修复", "normally unacceptable risk: control or remediation"),
            ConstructionRisk::Undecidable => text("无法判定", "not decidable"),
        }
    }
}

/// Holds a content against the screening value `S` and intervention value `G`, all mg/kg. The second
/// result is `(C − S)/S`, only when `C > S` was measured. `background` is the local one, where it applies.
///
/// Source: GB 36600-2018, 5.3; `soil-waste.md` section 2.
///
/// # Errors
/// `soil.not_a_value`.
pub fn construction(
    item: &str,
    reading: Reading,
    screening: f64,
    intervention: f64,
    background: Option<f64>,
) -> Result<(ConstructionRisk, Option<f64>), Problem> {
    let value = match reading {
        Reading::Value(value) | Reading::Below(value) | Reading::Above(value) => value,
        Reading::Unknown => return Ok((ConstructionRisk::Undecidable, None)),
    };
    for given in [value, screening, intervention] {
        if !given.is_finite() || given < 0.0 {
            return Err(not_a_value(item, given));
        }
    }
    let multiple = (value > screening && screening > 0.0).then(|| (value - screening) / screening);
    Ok(match reading {
        Reading::Below(limit) => (if limit <= screening { ConstructionRisk::Negligible } else { ConstructionRisk::Undecidable }, None),
        Reading::Above(end) if end < intervention => (ConstructionRisk::Undecidable, None),
        _ if value <= screening => (ConstructionRisk::Negligible, None),
        _ if background.is_some_and(|b| value <= b) => (ConstructionRisk::Background, multiple),
        _ if value <= intervention => (ConstructionRisk::Survey, multiple),
        _ => (ConstructionRisk::Control, multiple),
    })
}

/// Screening and intervention value of an item by symbol, CAS number or name, and whether the local
/// background applies to it.
///
/// # Errors
/// `soil.unknown_item`; what the standard lacks.
pub fn values_of(standard: &Standard, item: &str, land: LandUse) -> Result<(f64, f64, bool), Problem> {
    let table = standard.table("limits")?;
    let row = table.row(item).or_else(|| table.rows.iter().find(|r| table.text(r, "cas") == item || table.text(r, "name_zh") == item));
    let columns = match land {
        LandUse::Class1 => ["screen_class1", "intervention_class1"],
        LandUse::Class2 => ["screen_class2", "intervention_class2"],
    };
    let found = row.and_then(|row| Some((table.number(row, columns[0])?, table.number(row, columns[1])?, table.text(row, "background_rule") == "yes")));
    found.ok_or_else(|| {
        let keys: Vec<String> = table.keys().collect();
        Problem::error("soil.unknown_item", words!("没有项目“{item}”", "there is no item \"{item}\""))
            .key(item)
            .expect(text("标准中的元素符号、CAS 编号或名称", "an element symbol, CAS number or name of the standard"))
            .fix_near(nearest(item, keys.iter().map(String::as_str)), text("改正项目", "correct the item"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standard::shipped;

    /// GB 36600-2018, table 1, arsenic by hand: 20 and 120, 60 and 140 mg/kg; note 1 on background.
    #[test]
    fn arsenic() {
        let standard = shipped().latest("soil", "construction").unwrap();
        let (s, g, background) = values_of(standard, "砷", LandUse::parse("unknown")).unwrap();
        assert_eq!((s, g, background), (20.0, 120.0, true));
        let of = |reading, local| construction("As", reading, s, g, local).unwrap().0;
        assert_eq!(of(Reading::Value(20.0), None), ConstructionRisk::Negligible);
        assert_eq!(of(Reading::Value(25.0), Some(30.0)), ConstructionRisk::Background);
        assert_eq!(of(Reading::Value(120.0), None), ConstructionRisk::Survey);
        assert_eq!(of(Reading::Value(120.1), None), ConstructionRisk::Control);
        assert_eq!(of(Reading::Below(21.0), None), ConstructionRisk::Undecidable);
        assert_eq!(values_of(standard, "Ass", LandUse::Class1).unwrap_err().code, "soil.unknown_item");
    }
}

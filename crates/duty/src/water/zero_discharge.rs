//! Zero direct discharge of sewage (污水零直排区): outlets that run in no dry weather and carry no sewage in wet
//! weather, units whose outlets all do so, counties whose units all do so.

use liangshan_vocab::{Problem, Text, text, words};

use super::Reading;
use crate::standard::Standard;

/// What is said of an outlet, a unit or a county.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Finding {
    /// It keeps to the rules.
    Pass,
    /// Something that decides was not looked at: never a pass.
    Open,
    /// It does not.
    Fail,
}

impl Finding {
    /// The word in files.
    pub fn word(self) -> &'static str {
        match self {
            Finding::Pass => "pass",
            Finding::Open => "open",
            Finding::Fail => "fail",
        }
    }

    /// The word for people.
    pub fn title(self) -> Text {
        match self {
            Finding::Pass => text("通过", "passes"),
            Finding::Open => text("无法判定", "cannot be decided"),
            Finding::Fail => text("不通过", "fails"),
        }
    }
}

/// What was seen at an outlet; what was not looked at is absent.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outlet {
    /// Its name.
    pub id: String,
    /// Days without rain before it was looked at in dry weather.
    pub days_without_rain: Option<f64>,
    /// Flow seen then, in any unit; zero is no flow.
    pub dry_flow: Option<f64>,
    /// Quick tests of that flow by item code, mg/L.
    pub dry: Vec<(String, Reading)>,
    /// Quick tests of what it carried in wet weather, mg/L.
    pub wet: Vec<(String, Reading)>,
}

/// What is said of an outlet, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct OfOutlet {
    /// In dry weather.
    pub dry: Finding,
    /// In wet weather.
    pub wet: Finding,
    /// The worse of both.
    pub whole: Finding,
    /// Why it does not pass.
    pub why: Vec<Text>,
}

/// Judges one outlet: dry weather passes without flow, or with a flow whose tests keep to the limits of dry
/// weather; wet weather passes when its tests keep to theirs. A look too soon after rain, a test that was not
/// made and a non-detect above the limit leave it open. `water.md` section 8; the numbers are those of `rules`.
///
/// # Errors
/// What the rules lack; `water.not_a_value` for a flow or a number of days below zero.
pub fn outlet(rules: &Standard, seen: &Outlet) -> Result<OfOutlet, Problem> {
    let mut why = Vec::new();
    let least = rules.value("dry_days")?;
    for (name, given) in [("days_without_rain", seen.days_without_rain), ("dry_flow", seen.dry_flow)] {
        if let Some(given) = given.filter(|g| *g < 0.0 || g.is_nan()) {
            return Err(below_zero(name, given));
        }
    }
    let dry = match (seen.days_without_rain, seen.dry_flow) {
        (None, _) | (_, None) => {
            why.push(text("没有晴天检查", "it was not looked at in dry weather"));
            Finding::Open
        }
        (Some(days), _) if days < least => {
            why.push(words!("检查前只有 {days} 天无雨，须 {least} 天", "only {days} days without rain before it was looked at, and {least} are needed"));
            Finding::Open
        }
        (_, Some(0.0)) => Finding::Pass,
        _ => tests(rules, "dry", &seen.dry, &mut why)?,
    };
    let wet = tests(rules, "wet", &seen.wet, &mut why)?;
    Ok(OfOutlet { dry, wet, whole: dry.max(wet), why })
}

fn below_zero(name: &str, given: f64) -> Problem {
    Problem::error("water.not_a_value", words!("{name} 为 {given}", "{name} is {given}"))
        .key(name)
        .expect(text("不小于 0 的数；没有检查为 null", "a number of 0 or more; null for not looked at"))
        .fix(text("改正检查记录", "correct the record"))
}

/// Every item that has a limit in this weather has to be tested and keep to it.
fn tests(rules: &Standard, weather: &str, given: &[(String, Reading)], why: &mut Vec<Text>) -> Result<Finding, Problem> {
    let table = rules.table("sample_limits")?;
    for column in ["weather", "item", "unit", "limit"] {
        table.column(column)?;
    }
    let (zh, en) = if weather == "dry" { ("晴天", "dry weather") } else { ("雨天", "wet weather") };
    let mut worst = Finding::Pass;
    for row in table.rows.iter().filter(|row| table.text(row, "weather") == weather) {
        let (item, unit) = (table.text(row, "item"), table.text(row, "unit"));
        let Some(limit) = table.number(row, "limit") else { continue };
        let reading = given.iter().find(|(code, _)| code == item).map(|(_, reading)| *reading);
        let finding = match reading {
            Some(Reading::Value(value)) if value <= limit => Finding::Pass,
            Some(Reading::Below(below)) if below <= limit => Finding::Pass,
            Some(Reading::Value(value) | Reading::Above(value)) if value > limit => Finding::Fail,
            _ => Finding::Open,
        };
        if finding == Finding::Fail {
            why.push(words!("{zh} {item} 超过 {limit} {unit}", "{item} above {limit} {unit} in {en}"));
        } else if finding == Finding::Open {
            why.push(words!("{zh}没有可判定的 {item}", "no {item} that decides in {en}"));
        }
        worst = worst.max(finding);
    }
    Ok(worst)
}

/// A unit (park, quarter, street or town): coverage of its sewer in %, defects that are open, its outlets.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Area {
    /// Coverage of the sewer, %.
    pub coverage_pct: Option<f64>,
    /// Defects that are open.
    pub open_defects: Option<u32>,
}

/// A unit passes when every outlet passes, the sewer covers all and no defect is open. A unit without outlets is
/// judged by the two others. What is not known leaves it open, unless something fails.
///
/// # Errors
/// What the rules lack.
pub fn area(rules: &Standard, area: &Area, outlets: &[OfOutlet]) -> Result<(Finding, Vec<Text>), Problem> {
    let (least, most) = (rules.value("sewer_coverage")?, rules.value("open_defects")?);
    let mut why = Vec::new();
    let coverage = match area.coverage_pct {
        Some(pct) if pct >= least => Finding::Pass,
        Some(pct) => {
            why.push(words!("管网覆盖率 {pct} %，须 {least} %", "the sewer covers {pct} %, and {least} % is needed"));
            Finding::Fail
        }
        None => {
            why.push(text("管网覆盖率未知", "the coverage of the sewer is not known"));
            Finding::Open
        }
    };
    let defects = match area.open_defects {
        Some(open) if f64::from(open) <= most => Finding::Pass,
        Some(open) => {
            why.push(words!("未整改缺陷 {open} 处", "{open} defects are open"));
            Finding::Fail
        }
        None => {
            why.push(text("未整改缺陷数未知", "it is not known how many defects are open"));
            Finding::Open
        }
    };
    let bad = |of: Finding| outlets.iter().filter(|o| o.whole == of).count();
    let (failing, open) = (bad(Finding::Fail), bad(Finding::Open));
    if failing > 0 {
        why.push(words!("{failing} 个排口不通过", "{failing} outlets fail"));
    }
    if open > 0 {
        why.push(words!("{open} 个排口无法判定", "{open} outlets cannot be decided"));
    }
    let worst = outlets.iter().map(|o| o.whole).chain([coverage, defects]).max();
    Ok((worst.unwrap_or(Finding::Open), why))
}

/// A county passes when every unit of its list does; one without units is open.
pub fn county(units: &[Finding]) -> Finding {
    units.iter().copied().max().unwrap_or(Finding::Open)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standard::shipped;

    fn rules() -> &'static Standard {
        shipped().latest("water", "zero_discharge").unwrap()
    }

    fn of(days: Option<f64>, flow: Option<f64>, dry: &[(&str, Reading)], wet: &[(&str, Reading)]) -> (Finding, Finding, Finding) {
        let list = |given: &[(&str, Reading)]| given.iter().map(|(code, r)| ((*code).to_owned(), *r)).collect();
        let seen = Outlet { id: "P1".into(), days_without_rain: days, dry_flow: flow, dry: list(dry), wet: list(wet) };
        let made = outlet(rules(), &seen).unwrap();
        (made.dry, made.wet, made.whole)
    }

    const CLEAN: [(&str, Reading); 2] = [("cod", Reading::Value(40.0)), ("nh3n", Reading::Value(2.0))];

    /// The numbers of the method sheet, water section 8: no flow three days after rain; ammonia of 1.0 in a dry
    /// flow; COD of 40 and ammonia of 2.0 in the rain, each still a pass.
    #[test]
    fn no_water_when_dry_no_sewage_when_wet() {
        use Finding::{Fail, Open, Pass};
        assert_eq!(of(Some(3.0), Some(0.0), &[], &CLEAN), (Pass, Pass, Pass));
        assert_eq!(of(Some(3.0), Some(0.2), &[("nh3n", Reading::Value(1.0))], &CLEAN), (Pass, Pass, Pass));
        assert_eq!(of(Some(3.0), Some(0.2), &[("nh3n", Reading::Value(1.01))], &CLEAN), (Fail, Pass, Fail));
        assert_eq!(of(Some(3.0), Some(0.2), &[], &CLEAN), (Open, Pass, Open), "clean water has to be proven");
        assert_eq!(of(Some(2.0), Some(0.0), &[], &CLEAN), (Open, Pass, Open), "too soon after rain");
        assert_eq!(of(None, Some(0.0), &[], &CLEAN), (Open, Pass, Open));
        assert_eq!(of(Some(5.0), Some(0.0), &[], &[("cod", Reading::Value(40.5)), ("nh3n", Reading::Value(1.0))]), (Pass, Fail, Fail));
        assert_eq!(of(Some(5.0), Some(0.0), &[], &[("cod", Reading::Value(10.0))]), (Pass, Open, Open));
        assert_eq!(of(Some(5.0), Some(0.0), &[], &[("cod", Reading::Below(50.0)), ("nh3n", Reading::Below(0.05))]), (Pass, Open, Open));
        let seen = Outlet { dry_flow: Some(-1.0), ..Outlet::default() };
        assert_eq!(outlet(rules(), &seen).unwrap_err().code, "water.not_a_value");
    }

    #[test]
    fn a_unit_by_its_worst_and_a_county_by_its_worst() {
        let pass = OfOutlet { dry: Finding::Pass, wet: Finding::Pass, whole: Finding::Pass, why: Vec::new() };
        let fail = OfOutlet { whole: Finding::Fail, ..pass.clone() };
        let judged = |coverage, defects, outlets: &[OfOutlet]| area(rules(), &Area { coverage_pct: coverage, open_defects: defects }, outlets).unwrap().0;
        assert_eq!(judged(Some(100.0), Some(0), &[pass.clone(), pass.clone()]), Finding::Pass);
        assert_eq!(judged(Some(99.9), Some(0), std::slice::from_ref(&pass)), Finding::Fail);
        assert_eq!(judged(Some(100.0), Some(1), std::slice::from_ref(&pass)), Finding::Fail);
        assert_eq!(judged(Some(100.0), None, std::slice::from_ref(&pass)), Finding::Open);
        assert_eq!(judged(Some(100.0), Some(0), &[pass, fail]), Finding::Fail);
        assert_eq!((county(&[Finding::Pass, Finding::Open]), county(&[])), (Finding::Open, Finding::Open));
    }
}

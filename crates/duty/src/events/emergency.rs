//! The grade of an environmental emergency (突发环境事件分级), I the gravest to IV.

use liangshan_vocab::{Problem, Text, nearest, text, words};

use super::severity::not_a_number;
use crate::standard::Standard;

/// What is known of an emergency; what is not known is absent and grades nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Emergency {
    /// People who died.
    pub deaths: Option<f64>,
    /// People poisoned or badly hurt.
    pub injured: Option<f64>,
    /// People moved away.
    pub evacuated: Option<f64>,
    /// Direct loss, 10⁴ yuan.
    pub loss_1e4yuan: Option<f64>,
    /// Codes of other circumstances.
    pub circumstances: Vec<String>,
}

/// The grade and what made it.
#[derive(Debug, Clone, PartialEq)]
pub struct Graded {
    /// `I` to `IV`.
    pub grade: String,
    /// Its name.
    pub title: Text,
    /// What of the facts has this grade: names of numbers, codes of circumstances.
    pub by: Vec<String>,
    /// Numbers that are not known: the grade may yet be graver.
    pub unknown: Vec<&'static str>,
}

const NUMBERS: [&str; 4] = ["deaths", "injured", "evacuated", "loss"];

/// The gravest grade of which one condition holds; rows stand from the gravest. Lower ends are included (以上含本数).
/// What happened and reaches no other grade is of the last.
///
/// # Errors
/// `event.nothing_known`; `event.circumstance` for a code the rules do not know; `event.number`; what the rules lack.
pub fn grade(rules: &Standard, emergency: &Emergency) -> Result<Graded, Problem> {
    let (grades, circumstances) = (rules.table("grades")?, rules.table("circumstances")?);
    NUMBERS.iter().chain(&["name_zh", "name_en"]).try_for_each(|column| grades.column(column).map(drop))?;
    let given = [emergency.deaths, emergency.injured, emergency.evacuated, emergency.loss_1e4yuan];
    if let Some((name, value)) = NUMBERS.iter().zip(given).find_map(|(name, value)| Some((name, value.filter(|v| *v < 0.0 || v.is_nan())?))) {
        return Err(not_a_number(name, value));
    }
    if given.iter().all(Option::is_none) && emergency.circumstances.is_empty() {
        return Err(Problem::error("event.nothing_known", text("人员、损失与情形都未知", "neither people, nor losses, nor circumstances are known"))
            .key("deaths")
            .expect(text("至少一个数（没有的填 0）或一种情形", "one number at least, 0 where there was none, or a circumstance"))
            .fix(text("补上已知的一项", "give what is known")));
    }
    for code in &emergency.circumstances {
        if circumstances.row(code).is_none() {
            let all: Vec<String> = circumstances.keys().collect();
            return Err(Problem::error("event.circumstance", words!("没有情形“{code}”", "there is no circumstance \"{code}\""))
                .key("circumstances")
                .expect(words!("{0} 之一", "one of {0}", all.join(", ")))
                .fix_near(nearest(code, all.iter().map(String::as_str)), text("改正代码", "correct the code")));
        }
    }
    let unknown: Vec<&'static str> = NUMBERS.iter().zip(given).filter(|(_, value)| value.is_none()).map(|(name, _)| *name).collect();
    for row in &grades.rows {
        let key = grades.key_of(row);
        let reached = |(name, value): (&&'static str, Option<f64>)| {
            // Nothing at all of a kind reaches no grade by it.
            let value = value.filter(|v| *v > 0.0)?;
            grades.number(row, name).filter(|least| value >= *least).map(|_| (*name).to_owned())
        };
        let mut by: Vec<String> = NUMBERS.iter().zip(given).filter_map(reached).collect();
        let of_row = |code: &&String| circumstances.row(code).is_some_and(|c| circumstances.text(c, "grade") == key);
        by.extend(emergency.circumstances.iter().filter(of_row).cloned());
        if !by.is_empty() {
            let title = Text::of(grades.text(row, "name_zh"), grades.text(row, "name_en"));
            return Ok(Graded { grade: key, title, by, unknown });
        }
    }
    let last = grades.rows.last().ok_or_else(|| {
        Problem::error("event.no_step", text("表 grades 没有一行", "the table grades has no row"))
            .file(format!("rules/{}", rules.file))
            .key("grades")
            .expect(text("Ⅰ 至 Ⅳ 级各一行", "a row for each of I to IV"))
            .fix(text("补全该表", "complete the table"))
    })?;
    let title = Text::of(grades.text(last, "name_zh"), grades.text(last, "name_en"));
    Ok(Graded { grade: grades.key_of(last), title, by: Vec::new(), unknown })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standard::shipped;

    fn of(emergency: Emergency) -> (String, Vec<String>) {
        let made = grade(shipped().latest("linkage", "emergency").unwrap(), &emergency).unwrap();
        (made.grade, made.by)
    }

    /// Annex 1 of the national plan of 2014, as reprinted: each lower end is included.
    #[test]
    fn the_gravest_condition_holds() {
        let known = Emergency { deaths: Some(0.0), injured: Some(0.0), evacuated: Some(0.0), loss_1e4yuan: Some(0.0), ..Emergency::default() };
        let deaths = |n| of(Emergency { deaths: Some(n), ..known.clone() }).0;
        assert_eq!([30.0, 29.0, 10.0, 9.0, 3.0, 2.0].map(deaths), ["I", "II", "II", "III", "III", "IV"]);
        let loss = |n| of(Emergency { loss_1e4yuan: Some(n), ..known.clone() }).0;
        assert_eq!([10_000.0, 9_999.9, 2_000.0, 500.0, 499.0].map(loss), ["I", "II", "II", "III", "IV"]);
        let moved = |n| of(Emergency { evacuated: Some(n), ..known.clone() }).0;
        assert_eq!([50_000.0, 10_000.0, 5_000.0, 4_999.0].map(moved), ["I", "II", "III", "IV"]);
        let hurt = |n| of(Emergency { injured: Some(n), ..known.clone() }).0;
        assert_eq!([100.0, 50.0, 10.0, 9.0].map(hurt), ["I", "II", "III", "IV"]);
        let cut = Emergency { loss_1e4yuan: Some(600.0), circumstances: vec!["source_cut_county".into()], ..known.clone() };
        assert_eq!(of(cut), ("II".into(), vec!["source_cut_county".into()]));
        assert_eq!(of(known), ("IV".into(), vec![]));
    }

    #[test]
    fn what_is_not_known_is_told() {
        let rules = shipped().latest("linkage", "emergency").unwrap();
        let made = grade(rules, &Emergency { injured: Some(12.0), ..Emergency::default() }).unwrap();
        assert_eq!((made.grade.as_str(), made.unknown), ("III", vec!["deaths", "evacuated", "loss"]));
        let odd = Emergency { circumstances: vec!["source_cut".into()], ..Emergency::default() };
        assert_eq!(grade(rules, &odd).unwrap_err().code, "event.circumstance");
        assert_eq!(grade(rules, &Emergency::default()).unwrap_err().code, "event.nothing_known");
        assert_eq!(grade(rules, &Emergency { deaths: Some(-1.0), ..Emergency::default() }).unwrap_err().code, "event.number");
    }
}

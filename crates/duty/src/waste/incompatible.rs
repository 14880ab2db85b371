//! Classes of hazardous waste that stand in one area and may not.

use std::collections::BTreeMap;

use liangshan_vocab::{Problem, Text, text, words};

use crate::standard::Standard;

/// Something that is stored: where, and its code, `HW34` or `900-300-34`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored<'a> {
    /// The area of the store.
    pub area: &'a str,
    /// Class or code.
    pub code: &'a str,
}

/// Two that stand together and may not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Clash {
    /// The area.
    pub area: String,
    /// The classes.
    pub classes: (String, String),
    /// Why.
    pub why_zh: String,
    /// Why.
    pub why_en: String,
}

impl Clash {
    /// Why, for people.
    pub fn why(&self) -> Text {
        Text::of(self.why_zh.as_str(), self.why_en.as_str())
    }
}

/// The class of a code: `HW34` of itself and of `900-300-34`.
///
/// # Errors
/// `waste.code` for anything else.
pub fn class_of(code: &str) -> Result<String, Problem> {
    let digits = code.strip_prefix("HW").unwrap_or_else(|| code.rsplit('-').next().unwrap_or_default());
    let parts: Vec<&str> = code.split('-').collect();
    let shaped = match parts.as_slice() {
        [whole] => whole.starts_with("HW"),
        [trade, number, _] => trade.len() == 3 && number.len() == 3 && [trade, number].iter().all(|p| p.bytes().all(|b| b.is_ascii_digit())),
        _ => false,
    };
    let named = shaped && digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_digit());
    named.then(|| format!("HW{digits}")).ok_or_else(|| {
        Problem::error("waste.code", words!("“{code}”不是危险废物类别或代码", "\"{code}\" is no class or code of hazardous waste"))
            .key("code")
            .expect(text("HW34 或 900-300-34", "HW34 or 900-300-34"))
    })
}

/// Every pair of classes in one area that the rules keep apart, by area. The pairs are those of the table
/// `incompatible`; `*` stands for any other class.
///
/// # Errors
/// `waste.code`; what the rules lack.
pub fn clashes(rules: &Standard, stored: &[Stored<'_>]) -> Result<Vec<Clash>, Problem> {
    let table = rules.table("incompatible")?;
    let mut areas: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for lot in stored {
        let class = class_of(lot.code)?;
        let here = areas.entry(lot.area).or_default();
        if !here.contains(&class) {
            here.push(class);
        }
    }
    let mut found: Vec<Clash> = Vec::new();
    for (area, classes) in &mut areas {
        classes.sort();
        for (at, one) in classes.iter().enumerate() {
            for other in &classes[at + 1..] {
                let apart = |row: &&crate::standard::Row| {
                    let (first, second) = (table.text(row, "first"), table.text(row, "second"));
                    (first == one && (second == other || second == "*")) || (first == other && (second == one || second == "*"))
                };
                if let Some(row) = table.rows.iter().find(apart) {
                    found.push(Clash {
                        area: (*area).to_owned(),
                        classes: (one.clone(), other.clone()),
                        why_zh: table.text(row, "why_zh").to_owned(),
                        why_en: table.text(row, "why_en").to_owned(),
                    });
                }
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standard::shipped;

    fn told(stored: &[(&str, &str)]) -> Vec<String> {
        let stored: Vec<Stored<'_>> = stored.iter().map(|(area, code)| Stored { area, code }).collect();
        let found = clashes(shipped().latest("waste", "rules").unwrap(), &stored).unwrap();
        found.iter().map(|c| format!("{} {}+{}", c.area, c.classes.0, c.classes.1)).collect()
    }

    /// By hand, from the table.
    #[test]
    fn acid_and_alkali_stand_apart_and_explosives_stand_alone() {
        assert_eq!(told(&[("A", "HW34"), ("A", "900-352-35"), ("A", "HW08")]), ["A HW34+HW35"]);
        assert_eq!(told(&[("A", "HW35"), ("B", "HW34")]), [""; 0], "in two areas");
        assert_eq!(told(&[("A", "HW15"), ("A", "HW08"), ("A", "HW49")]), ["A HW08+HW15", "A HW15+HW49"]);
        assert_eq!(told(&[("A", "HW15"), ("A", "HW15")]), [""; 0], "with its own kind");
        assert_eq!(told(&[("A", "HW34"), ("A", "HW33"), ("A", "HW33")]), ["A HW33+HW34"], "once");
    }

    #[test]
    fn a_code_has_its_shape() {
        assert_eq!((class_of("HW08").unwrap(), class_of("900-214-08").unwrap()), ("HW08".into(), "HW08".into()));
        for bad in ["", "HW8", "08", "34-08", "废酸", "900-214-8", "HW08-1-08", "90-214-08", "9x0-214-08"] {
            assert_eq!(class_of(bad).unwrap_err().code, "waste.code", "{bad}");
        }
    }
}

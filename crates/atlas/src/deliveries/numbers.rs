//! Numbers as people write them into forms, and the plain ones that are meant: 1,234, １２, 12万, 3.5吨.
//! Nothing is taken as meant without being asked; it is what a corrected copy proposes.

use liangshan_vocab::Unit;
use rust_decimal::Decimal;

/// Units as departments write them.
const WORDS: [(&str, &str); 40] = [
    ("亿元", "1e8 CNY"),
    ("万元", "1e4 CNY"),
    ("元", "CNY"),
    ("元/吨", "CNY/t"),
    ("元/kg", "CNY/kg"),
    ("元/公斤", "CNY/kg"),
    ("元/立方米", "CNY/m3"),
    ("亿吨", "1e8 t"),
    ("万吨", "1e4 t"),
    ("吨", "t"),
    ("千克", "kg"),
    ("公斤", "kg"),
    ("万公顷", "1e4 ha"),
    ("公顷", "ha"),
    ("平方公里", "km2"),
    ("平方千米", "km2"),
    ("平方米", "m2"),
    ("万亩", "1e4 mu"),
    ("亩", "mu"),
    ("亿立方米", "1e8 m3"),
    ("万立方米", "1e4 m3"),
    ("立方米", "m3"),
    ("亿方", "1e8 m3"),
    ("万方", "1e4 m3"),
    ("方", "m3"),
    ("公里", "km"),
    ("千米", "km"),
    ("米", "m"),
    ("万人次", "1e4 visits"),
    ("人次", "visits"),
    ("万人", "1e4 persons"),
    ("人", "persons"),
    ("亿千瓦时", "1e8 kWh"),
    ("万千瓦时", "1e4 kWh"),
    ("千瓦时", "kWh"),
    ("小时", "h"),
    ("分贝", "dB"),
    ("百分比", "%"),
    ("元/人", "CNY/person"),
    ("头", "head"),
];

/// A unit as a symbol of ours or as a word of departments; `None` for what is neither.
pub(super) fn unit_said(said: &str) -> Option<&str> {
    let said = said.trim();
    WORDS.iter().find(|w| w.0 == said).map(|w| w.1).or_else(|| (!said.is_empty() && Unit::parse(said).is_ok()).then_some(said))
}

/// What a number in unit `from` is multiplied by to be one in unit `to`.
pub(super) fn factor(from: &str, to: &str) -> Option<f64> {
    Unit::parse(from).ok()?.factor_to(&Unit::parse(to).ok()?)
}

/// Full-width letters, digits and signs as half-width ones; odd spaces as plain ones, ends cut.
pub(crate) fn half_width(cell: &str) -> String {
    let narrow = cell.chars().map(|c| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' | '\u{a0}' | '\t' | '\r' | '\n' => ' ',
        '−' | '–' => '-',
        _ => c,
    });
    narrow.collect::<String>().trim().to_owned()
}

/// True for plain digits with a sign, a point and an exponent.
pub(crate) fn is_plain(cell: &str) -> bool {
    cell.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b)) && cell.parse::<f64>().is_ok_and(f64::is_finite)
}

/// A plain number as an exact decimal.
pub(super) fn decimal(cell: &str) -> Option<Decimal> {
    is_plain(cell).then(|| cell.parse().or_else(|_| Decimal::from_scientific(cell)).ok()).flatten()
}

/// True for what a spreadsheet shows where a formula failed.
pub(crate) fn is_error(cell: &str) -> bool {
    cell.starts_with('#') && (cell.ends_with('!') || cell.ends_with('?') || cell.ends_with("/A") || cell.contains("DIV"))
}

/// `1,234,567.8` or `1 234` joined; `None` where the groups are not thousands.
fn joined(written: &str) -> Option<String> {
    let (whole, rest) = written.split_at(written.find('.').unwrap_or(written.len()));
    let groups: Vec<&str> = whole.trim_start_matches(['-', '+']).split([',', ' ']).collect();
    let thousands = groups.iter().enumerate().all(|(i, g)| g.bytes().all(|b| b.is_ascii_digit()) && g.len() <= 3 && !g.is_empty() && (i == 0 || g.len() == 3));
    (groups.len() == 1 || thousands).then(|| format!("{}{rest}", whole.replace([',', ' '], "")))
}

/// The plain number that a cell means in a column of this unit, where nothing has to be guessed.
pub(crate) fn meant(cell: &str, unit: &str) -> Option<String> {
    let narrow = half_width(cell);
    let end = narrow.find(|c: char| !(c.is_ascii_digit() || "+-.,eE ".contains(c))).unwrap_or(narrow.len());
    let (number, said) = narrow.split_at(end);
    let number = decimal(&joined(number.trim())?)?;
    let times = |by: i64| number.checked_mul(Decimal::from(by));
    let found = match said.trim() {
        "" => Some(number),
        "%" if unit == "%" => Some(number),
        "%" if unit == "1" => number.checked_div(Decimal::from(100)),
        // In a column of 亿元, 1.2亿 may be 1.2 or 120000000: that is for the department to say.
        "万" | "亿" if unit.starts_with("1e") => None,
        "万" => times(10_000),
        "亿" => times(100_000_000),
        said => {
            let by = factor(unit_said(said)?, unit)?;
            // A factor that a decimal cannot hold exactly is not applied behind anyone's back.
            let by = Decimal::try_from(by).ok().filter(|d| f64::try_from(*d).is_ok_and(|back| back == by))?;
            number.checked_mul(by)
        }
    }?;
    let written = found.normalize().to_string();
    (written != cell).then_some(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_and_what_they_mean() {
        // By hand.
        for (cell, unit, plain) in [
            ("1,234", "t", Some("1234")),
            ("1 234.50", "t", Some("1234.5")),
            ("１２．５", "t", Some("12.5")),
            ("12万", "t", Some("120000")),
            ("3.5万吨", "t", Some("35000")),
            ("3.5 t", "t", Some("3.5")),
            ("1.2亿", "1e8 CNY", None),
            ("2亿元", "1e8 CNY", Some("2")),
            ("3万元", "1e8 CNY", Some("0.0003")),
            ("85%", "%", Some("85")),
            ("85%", "1", Some("0.85")),
            ("15亩", "ha", None),
            ("3吨", "ha", None),
            ("1,23", "t", None),
            ("约五十", "t", None),
            ("--", "t", None),
            ("", "t", None),
            ("12", "t", None),
        ] {
            assert_eq!(meant(cell, unit).as_deref(), plain, "{cell} in {unit}");
        }
        assert!(is_error("#REF!") && is_error("#N/A") && is_error("#NAME?") && !is_error("#1"));
    }

    #[test]
    fn every_word_for_a_unit_is_a_unit() {
        for (word, unit) in WORDS {
            assert!(Unit::parse(unit).is_ok(), "{word}: {unit}");
        }
    }
}

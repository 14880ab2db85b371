//! Numbers as people write them: money in 亿元 or billion yuan, amounts in 万 or million, units by
//! their names. What is shown is rounded; what stands behind it on hovering is exact.

use liangshan_accounts::account::RowPrice;
use liangshan_accounts::catalogue;
use liangshan_accounts::valuation::Amount;
use liangshan_vocab::{Fen, Lang, Text, words};

/// Groups the digits before the decimal point by three.
pub(crate) fn grouped(number: &str) -> String {
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |rest| ("−", rest));
    let (whole, part) = digits.split_once('.').map_or((digits, None), |(w, p)| (w, Some(p)));
    let mut out = String::from(sign);
    for (at, c) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    if let Some(part) = part {
        out.push('.');
        out.push_str(part);
    }
    out
}

/// `units / 10^from` rounded to `to` decimals, half away from zero, without passing through a float.
fn rounded(units: i128, from: u32, to: u32) -> String {
    let (magnitude, to_size) = (units.unsigned_abs(), to as usize);
    let kept = match from.checked_sub(to) {
        Some(0) => magnitude,
        Some(drop) => {
            let step = 10u128.pow(drop);
            magnitude / step + u128::from(magnitude % step >= step.div_ceil(2))
        }
        None => magnitude * 10u128.pow(to - from),
    };
    let sign = if units < 0 && kept > 0 { "-" } else { "" };
    let digits = format!("{kept:0>width$}", width = to_size + 1);
    let (whole, part) = digits.split_at(digits.len() - to_size);
    if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") }
}

/// A float with so many decimals, grouped; a dash where there is none.
pub(crate) fn float(value: f64, decimals: usize) -> String {
    if value.is_finite() { grouped(&format!("{value:.decimals$}")) } else { "–".into() }
}

/// A float with about three significant digits.
pub(crate) fn significant(value: f64) -> String {
    let size = value.abs();
    let decimals = if size >= 100.0 || size == 0.0 {
        0
    } else if size >= 10.0 {
        1
    } else if size >= 1.0 {
        2
    } else if size >= 0.001 {
        (2 - size.log10().floor() as i32) as usize
    } else {
        return format!("{value:.2e}");
    };
    float(value, decimals)
}

/// A share of one as percent, with its sign where it is a change. All is 100 %, and no less is.
pub(crate) fn percent(share: f64, signed: bool) -> String {
    if !signed && share == 1.0 {
        return "100%".into();
    }
    if !signed && (0.9995..1.0).contains(&share) {
        return ">99.9%".into();
    }
    let decimals = if share.abs() >= 0.01 || share == 0.0 { 1 } else { 2 };
    let said = float(share * 100.0, decimals);
    if signed && share > 0.0 && said.chars().any(|c| ('1'..='9').contains(&c)) { format!("+{said}%") } else { format!("{said}%") }
}

/// Money as its size asks: 亿元, 万元 or 元; billion, million or yuan.
pub(crate) fn money(fen: Fen) -> Text {
    let (number, zh, en) = money_parts(fen);
    Text::of(format!("{} {zh}", number.zh), format!("{} {en}", number.en))
}

/// The number and the unit of [`money`] apart, for large type.
pub(crate) fn money_parts(fen: Fen) -> (Text, &'static str, &'static str) {
    let size = fen.0.unsigned_abs();
    let (zh, zh_unit) = match size {
        10_000_000_000.. => (rounded(fen.0, 10, 2), "亿元"),
        1_000_000.. => (rounded(fen.0, 6, 1), "万元"),
        _ => (rounded(fen.0, 2, 2), "元"),
    };
    let (en, en_unit) = match size {
        100_000_000_000.. => (rounded(fen.0, 11, if size < 1_000_000_000_000 { 3 } else { 2 }), "billion yuan"),
        100_000_000.. => (rounded(fen.0, 8, if size < 1_000_000_000 { 2 } else { 1 }), "million yuan"),
        _ => (rounded(fen.0, 2, 2), "yuan"),
    };
    (Text::of(grouped(&zh), grouped(&en)), zh_unit, en_unit)
}

/// Money exactly, to the fen.
pub(crate) fn exact(fen: Fen) -> Text {
    let yuan = grouped(&fen.yuan());
    words!("{yuan} 元", "CNY {yuan}")
}

/// Money in a table's one unit: 万元, and million yuan with two decimals. Less than the last digit is
/// said to be so; it is not zero.
pub(crate) fn in_table(fen: Fen) -> Text {
    let of = |decimals: u32, power: u32, least: &str| {
        let said = rounded(fen.0, power, decimals);
        if fen.0 != 0 && said.chars().all(|c| matches!(c, '0' | '.' | '-')) { format!("<{least}") } else { grouped(&said) }
    };
    Text::of(of(0, 6, "1"), of(2, 8, "0.01"))
}

/// The unit of [`in_table`].
pub(crate) fn table_unit() -> Text {
    Text::of("万元", "million yuan")
}

/// Money for each km², in the unit of [`density_unit`].
pub(crate) fn density(yuan: f64) -> Text {
    Text::of(float(yuan / 1e4, 1), float(yuan / 1e6, 2))
}

/// The unit of [`density`].
pub(crate) fn density_unit() -> Text {
    Text::of("万元/平方千米", "million yuan/km²")
}

/// A difference of money in a table, with its sign.
pub(crate) fn signed(fen: Fen) -> Text {
    let said = in_table(fen);
    if fen.0 > 0 { Text::of(format!("+{}", said.zh), format!("+{}", said.en)) } else { said }
}

/// A difference of money with its unit and its sign.
#[cfg(feature = "serve")]
pub(crate) fn signed_money(fen: Fen) -> Text {
    let said = money(fen);
    if fen.0 > 0 { Text::of(format!("+{}", said.zh), format!("+{}", said.en)) } else { said }
}

/// The unit of an output that is given as one sum of money: neither its count nor its price says
/// anything.
pub(crate) const LUMP: &str = "lot";

/// An amount and its unit, scaled to 万 and 亿, thousand groups, million and billion.
pub(crate) fn amount(amount: &Amount, unit_name: &str) -> Text {
    let whole = 10u128.pow(amount.decimals);
    let size = amount.units.unsigned_abs() / whole;
    let scaled = |lang: Lang| {
        let steps: &[(u128, u32, &str)] = match lang {
            Lang::Zh => &[(100_000_000, 8, "亿"), (100_000, 4, "万")],
            Lang::En => &[(1_000_000_000, 9, "billion "), (1_000_000, 6, "million ")],
        };
        let unit = unit(unit_name);
        let unit = unit.get(lang);
        // A unit such as 1e4 plants is scaled already.
        let steps = if unit_name.starts_with("1e") { &[] } else { steps };
        match steps.iter().find(|s| size >= s.0) {
            Some((_, power, prefix)) => format!("{} {prefix}{unit}", grouped(&rounded(amount.units, amount.decimals + power, 2))),
            None if size >= 1000 => format!("{} {unit}", grouped(&rounded(amount.units, amount.decimals, 0))),
            None => format!("{} {unit}", grouped(&rounded(amount.units, amount.decimals, amount.decimals.min(2)))),
        }
    };
    Text::of(scaled(Lang::Zh), scaled(Lang::En))
}

/// An amount exactly, with all its decimals.
pub(crate) fn amount_exact(amount: &Amount, unit_name: &str) -> Text {
    let (number, unit) = (grouped(&amount.to_string()), unit(unit_name));
    Text::of(format!("{number} {}", unit.zh), format!("{number} {}", unit.en))
}

/// The price of a row, `7.06 元/立方米`; a share has no unit.
pub(crate) fn price(price: &RowPrice) -> Text {
    let unit = unit(&price.unit);
    let value = match price.value.parse::<f64>() {
        Ok(value) if value.abs() >= 0.01 => grouped(&trimmed(&format!("{value:.4}"))),
        _ => price.value.clone(),
    };
    if price.unit == "1" { Text::same(value) } else { Text::of(format!("{value} {}", unit.zh), format!("{value} {}", unit.en)) }
}

/// Without zeros at the end of decimals.
pub(crate) fn trimmed(number: &str) -> String {
    if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.').to_owned() } else { number.to_owned() }
}

/// Every symbol of a unit that is shown by another name: symbol, 中文, English.
const SYMBOLS: &[(&str, &str, &str)] = &[
    ("m", "米", "m"),
    ("m2", "平方米", "m²"),
    ("m3", "立方米", "m³"),
    ("mm", "毫米", "mm"),
    ("km", "千米", "km"),
    ("km2", "平方千米", "km²"),
    ("ha", "公顷", "ha"),
    ("mu", "亩", "mu"),
    ("g", "克", "g"),
    ("kg", "千克", "kg"),
    ("t", "吨", "t"),
    ("tC", "吨碳", "t C"),
    ("gC", "克碳", "g C"),
    ("kgC", "千克碳", "kg C"),
    ("a", "年", "yr"),
    ("d", "天", "d"),
    ("h", "小时", "h"),
    ("kWh", "千瓦时", "kWh"),
    ("MJ", "兆焦", "MJ"),
    ("kJ", "千焦", "kJ"),
    ("dB", "分贝", "dB"),
    ("CNY", "元", "yuan"),
    ("visit", "人次", "visits"),
    ("room-night", "间夜", "room-nights"),
    ("person", "人", "persons"),
    ("ion", "个", "ions"),
    ("head", "头（只）", "head"),
    ("plants", "株", "plants"),
    ("culms", "根", "culms"),
    ("C", "碳", "C"),
    ("CO2", "二氧化碳", "CO₂"),
    ("O2", "氧", "O₂"),
    ("degC", "摄氏度", "°C"),
    ("degree", "度", "°"),
    ("1", "无量纲", "no unit"),
    ("1e4", "万", "10⁴"),
    ("1e8", "亿", "10⁸"),
];

/// Symbols whose English name is a plural.
const PLURAL: [&str; 5] = ["visit", "room-night", "person", "plants", "culms"];

/// A unit by the names people use: `t/(ha a)` is 吨/(公顷·年), t/(ha·yr).
pub(crate) fn unit(written: &str) -> Text {
    let (mut zh, mut en) = (String::new(), String::new());
    let mut symbol = String::new();
    let mut between = false;
    for c in written.chars().chain([' ']) {
        if !matches!(c, ' ' | '/' | '(' | ')') {
            symbol.push(c);
            continue;
        }
        if !symbol.is_empty() {
            let known = SYMBOLS.iter().find(|s| s.0 == symbol);
            let substance = matches!(symbol.as_str(), "C" | "CO2" | "O2");
            if between {
                zh.push_str(if substance || zh.ends_with(['万', '亿']) { "" } else { "·" });
                en.push_str(if substance || en.ends_with(['⁴', '⁸']) { " " } else { "·" });
            }
            zh.push_str(known.map_or(&symbol, |s| s.1));
            // One of what stands below the line: yuan for a visit, not for visits.
            let many = known.map_or(symbol.as_str(), |s| s.2);
            let one = if en.contains('/') && known.is_some_and(|s| PLURAL.contains(&s.0)) { many.trim_end_matches('s') } else { many };
            en.push_str(one);
            symbol.clear();
            between = true;
        }
        if c != ' ' {
            zh.push(c);
            en.push(c);
            between = c == ')';
        }
    }
    Text::of(without_idle_brackets(&zh), without_idle_brackets(&en))
}

/// A unit by its symbols as standards print them, the same in both languages: `ug/m3` is μg/m³. A number
/// without a unit has none.
pub(crate) fn symbols(written: &str) -> String {
    if written == "1" {
        return String::new();
    }
    let one = |symbol: &str| match symbol {
        "degC" => "℃".to_owned(),
        "degree" => "°".to_owned(),
        _ => {
            let (micro, rest) = symbol.strip_prefix('u').map_or(("", symbol), |rest| ("μ", rest));
            let rest = rest.strip_suffix('2').map_or(rest.to_owned(), |base| format!("{base}²"));
            let rest = rest.strip_suffix('3').map_or(rest.clone(), |base| format!("{base}³"));
            format!("{micro}{rest}")
        }
    };
    written.split('/').map(|factor| factor.split(' ').map(one).collect::<Vec<_>>().join("·")).collect::<Vec<_>>().join("/")
}

/// Brackets around a single name hold nothing together: 元/(吨二氧化碳) is 元/吨二氧化碳.
fn without_idle_brackets(unit: &str) -> String {
    match unit.split_once('(').and_then(|(before, rest)| Some((before, rest.split_once(')')?))) {
        Some((before, (inside, after))) if !inside.contains(['·', '(']) => format!("{before}{inside}{after}"),
        _ => unit.to_owned(),
    }
}

/// What an indicator of the catalogue is called; of a part with a dot, its whole.
pub(crate) fn indicator(id: &str) -> Text {
    catalogue::indicator(id).map_or_else(|| Text::same(id), |row| sentence(&row.title))
}

/// With a capital first letter in English.
pub(crate) fn sentence(words: &Text) -> Text {
    let mut letters = words.en.chars();
    let first: String = letters.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    Text::of(words.zh.clone(), first + letters.as_str())
}

/// Several texts with a mark between them.
pub(crate) fn joined<'a>(texts: impl IntoIterator<Item = &'a Text>) -> Text {
    let texts: Vec<&Text> = texts.into_iter().collect();
    let in_language = |lang: Lang, mark: &str| texts.iter().map(|t| t.get(lang)).collect::<Vec<_>>().join(mark);
    Text::of(in_language(Lang::Zh, "、"), in_language(Lang::En, "; "))
}

/// True for a Chinese character.
fn is_chinese(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// A note that was kept as `中文 / English [source]`, taken apart; one in a single language stays as it
/// is in both.
pub(crate) fn note(note: &str) -> Text {
    let (said, source) = match note.rfind(" [") {
        Some(at) if note.ends_with(']') => (&note[..at], &note[at..]),
        _ => (note, ""),
    };
    match said.split_once(" / ") {
        Some((zh, en)) if zh.chars().any(is_chinese) && !en.chars().any(is_chinese) => Text::of(format!("{zh}{source}"), format!("{en}{source}")),
        _ => Text::same(note),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both(text: &Text) -> (&str, &str) {
        (&text.zh, &text.en)
    }

    /// By hand.
    #[test]
    fn money_is_rounded_from_its_integer() {
        assert_eq!(both(&money(Fen(701_234_567_890))), ("70.12 亿元", "7.012 billion yuan"));
        assert_eq!(both(&money(Fen(123_456_789))), ("123.5 万元", "1.23 million yuan"));
        assert_eq!(both(&money(Fen(-12_005))), ("−120.05 元", "−120.05 yuan"));
        assert_eq!(both(&exact(Fen(701_234_567_890))), ("7,012,345,678.90 元", "CNY 7,012,345,678.90"));
        assert_eq!(both(&in_table(Fen(701_234_567_890))), ("701,235", "7,012.35"));
        assert_eq!(both(&in_table(Fen(4_999))), ("<1", "<0.01"));
        assert_eq!(both(&in_table(Fen(0))), ("0", "0.00"));
        assert_eq!(both(&signed(Fen(1_500_000))), ("+2", "+0.02"));
        #[cfg(feature = "serve")]
        assert_eq!(both(&signed_money(Fen(123_456_789))), ("+123.5 万元", "+1.23 million yuan"));
    }

    /// By hand.
    #[test]
    fn amounts_take_the_scale_of_their_language() {
        assert_eq!(both(&amount(&Amount { units: 6_197_000_000, decimals: 0 }, "m3")), ("61.97 亿立方米", "6.20 billion m³"));
        assert_eq!(both(&amount(&Amount { units: 12_345_678, decimals: 1 }, "t")), ("123.46 万吨", "1.23 million t"));
        assert_eq!(both(&amount(&Amount { units: 133_000, decimals: 2 }, "1e4 plants")), ("1,330 万株", "1,330 10⁴ plants"));
        assert_eq!(both(&amount(&Amount { units: 23_456, decimals: 1 }, "t CO2")), ("2,346 吨二氧化碳", "2,346 t CO₂"));
        assert_eq!(both(&amount(&Amount { units: 12_345, decimals: 3 }, "dB km")), ("12.35 分贝·千米", "12.35 dB·km"));
        assert_eq!(both(&amount_exact(&Amount { units: 12_345_678, decimals: 1 }, "t")), ("1,234,567.8 吨", "1,234,567.8 t"));
    }

    #[test]
    fn units_have_names_in_both_languages() {
        assert_eq!(both(&unit("t/(ha a)")), ("吨/(公顷·年)", "t/(ha·yr)"));
        assert_eq!(both(&unit("mm/a")), ("毫米/年", "mm/yr"));
        assert_eq!(both(&unit("CNY/(t CO2)")), ("元/吨二氧化碳", "yuan/t CO₂"));
        assert_eq!(both(&unit("gC/(m2 a)")), ("克碳/(平方米·年)", "g C/(m²·yr)"));
        assert_eq!(both(&unit("1e4 CNY")), ("万元", "10⁴ yuan"));
        assert_eq!(both(&unit("CNY/visit")), ("元/人次", "yuan/visit"));
        assert_eq!(["ug/m3", "mg/L", "degC", "1", "kg/h", "%"].map(symbols), ["μg/m³", "mg/L", "℃", "", "kg/h", "%"]);
    }

    #[test]
    fn a_note_in_two_languages_is_taken_apart() {
        assert_eq!(both(&note("虚构 / invented [table 3]")), ("虚构 [table 3]", "invented [table 3]"));
        assert_eq!(both(&note("C/N 比")), ("C/N 比", "C/N 比"));
    }

    #[test]
    fn shares_and_floats_keep_sensible_digits() {
        assert_eq!(percent(0.4216, false), "42.2%");
        assert_eq!(percent(-0.0123, true), "−1.2%");
        assert_eq!(percent(0.00123, true), "+0.12%");
        assert_eq!([percent(1.0, false), percent(0.99996, false)], ["100%", ">99.9%"]);
        assert_eq!([significant(12345.6), significant(12.345), significant(0.012345)], ["12,346", "12.3", "0.0123"]);
    }
}

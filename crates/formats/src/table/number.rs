//! Numbers in cells: plain ones are read, all others refused with a word on how to write them.

use liangshan_vocab::{Problem, text, words};

/// A sign, digits with at most one point, an exponent; finite.
pub(super) fn parse(cell: &str) -> Option<f64> {
    let plain = cell.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b)) && cell.bytes().any(|b| b.is_ascii_digit());
    if !plain {
        return None;
    }
    cell.parse().ok().filter(|number: &f64| number.is_finite())
}

pub(super) fn parse_integer(cell: &str) -> Option<i64> {
    cell.parse().ok()
}

pub(super) fn not_a_number(cell: &str) -> Problem {
    let shown = shown(cell);
    let problem = Problem::error("table.not_a_number", words!("“{shown}”不是数", "\"{shown}\" is not a number"))
        .expect(text("半角的数，如 1234.5；没有数值时留空", "a plain number such as 1234.5, or an empty cell where there is none"));
    hint(cell, problem)
}

pub(super) fn not_an_integer(cell: &str) -> Problem {
    let shown = shown(cell);
    let problem = Problem::error("table.not_an_integer", words!("“{shown}”不是整数", "\"{shown}\" is not an integer"))
        .expect(text("半角的整数，如 2020；没有数值时留空", "a plain integer such as 2020, or an empty cell where there is none"));
    match parse(cell) {
        Some(whole) if whole.fract() == 0.0 && whole.abs() < 1e15 => problem.fix(words!("写作 {whole}", "write {whole}")),
        Some(_) => problem,
        None => hint(cell, problem),
    }
}

fn shown(cell: &str) -> String {
    let mut shown: String = cell.chars().take(40).collect();
    if shown.len() < cell.len() {
        shown.push('…');
    }
    shown
}

/// What people put where there is no value.
const NO_VALUE: &[&str] = &[
    "-", "--", "---", "—", "——", "–", "*", "**", "/", "\\", ".", "…", "……", "?", "#N/A", "#DIV/0!", "#VALUE!", "#REF!", "na", "n/a", "nan", "nil", "none",
    "null", "无", "缺", "缺测", "暂无", "空", "不详", "inf", "+inf", "-inf", "infinity",
];

fn hint(cell: &str, problem: Problem) -> Problem {
    if NO_VALUE.iter().any(|mark| mark.eq_ignore_ascii_case(cell)) {
        return problem.fix(text("没有数值时留空", "leave the cell empty where there is no value"));
    }
    let narrow = half_width(cell);
    let joined = without_thousands(&narrow);
    if let Some(plain) = joined.as_deref().filter(|plain| *plain != narrow && parse(plain).is_some()) {
        return problem.fix(words!("去掉千分位分隔符，写作 {plain}", "drop the thousands separators: write {plain}"));
    }
    if narrow != cell && parse(&narrow).is_some() {
        return problem.fix(words!("改为半角字符，写作 {narrow}", "use half-width characters: write {narrow}"));
    }
    if narrow.starts_with(['<', '>', '≤', '≥']) || ["未检出", "nd"].iter().any(|mark| mark.eq_ignore_ascii_case(&narrow)) {
        return problem.fix(text(
            "低于检出限的值，按方法规定换成数值，并在说明列注明",
            "give a value below the detection limit as the method prescribes, and say so in a column of remarks",
        ));
    }
    if cell.parse::<f64>().is_ok() {
        return problem.fix(text("数值过大，请核对指数", "the number is too large; check its exponent"));
    }
    let end = narrow.find(|c: char| !(c.is_ascii_digit() || "+-.,".contains(c))).unwrap_or(narrow.len());
    let (number, unit) = narrow.split_at(end);
    if let Some(number) = without_thousands(number.trim()).filter(|number| parse(number).is_some())
        && !unit.is_empty()
    {
        let unit = unit.trim();
        return problem.fix(words!(
            "只写数 {number}；“{unit}”若是单位，写在列的说明里",
            "write only {number}; if \"{unit}\" is the unit, put it in the description of the column"
        ));
    }
    problem.fix(text("改成数，或留空", "write a number, or leave the cell empty"))
}

/// Full-width digits, signs, points, commas and spaces as ASCII ones.
fn half_width(cell: &str) -> String {
    cell.chars()
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            '\u{3000}' | '\u{a0}' => ' ',
            '−' | '–' => '-',
            '。' | '·' => '.',
            _ => c,
        })
        .collect()
}

/// `1,234,567.8` or `1 234 567.8` joined; `None` where the groups are not thousands.
fn without_thousands(written: &str) -> Option<String> {
    let (whole, rest) = written.split_at(written.find('.').unwrap_or(written.len()));
    let groups: Vec<&str> = whole.trim_start_matches(['-', '+']).split([',', ' ']).collect();
    let thousands = groups.iter().enumerate().all(|(i, group)| group.bytes().all(|b| b.is_ascii_digit()) && (i == 0 || group.len() == 3) && group.len() <= 3);
    (groups.len() == 1 || thousands).then(|| format!("{}{rest}", whole.replace([',', ' '], "")))
}

//! One cell: a value, a non-detect, nothing, or what cannot be read; and the times that rows are of.

use jiff::civil::{Date, DateTime, Time};
use liangshan_vocab::{Problem, Text, text, words};

use super::words::{Sign, Words};
use crate::deliveries::numbers::{half_width, is_error, is_plain, meant};

/// What a cell says. Numbers are kept as they are written, so that no digit is lost.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Said {
    /// Nothing was measured.
    Nothing,
    /// A value.
    Value(String),
    /// Below this detection limit.
    Below(String),
    /// Above this end of the method.
    Above(String),
    /// Not detected; the limit is not told.
    NotDetected,
    /// Something that cannot be read: told already, and nothing is passed by it.
    Unreadable,
}

impl Said {
    /// Digits behind the point.
    pub(super) fn decimals(&self) -> u32 {
        match self {
            Said::Value(n) | Said::Below(n) | Said::Above(n) => n.split_once('.').map_or(0, |(_, behind)| behind.len() as u32),
            _ => 0,
        }
    }
}

/// Reads a cell of measured values.
///
/// # Errors
/// `assess.error_cell`, `assess.not_a_value`: without file, row and column.
pub(super) fn value(cell: &str, words: &Words) -> Result<Said, Problem> {
    let narrow = half_width(cell);
    if narrow.is_empty() {
        return Ok(Said::Nothing);
    }
    if is_plain(&narrow) {
        return Ok(Said::Value(narrow));
    }
    match words.sign(&narrow) {
        Some(Sign::Nothing) => return Ok(Said::Nothing),
        Some(Sign::NotDetected) => return Ok(Said::NotDetected),
        None => {}
    }
    let number = |n: &str| Some(n.trim()).filter(|n| is_plain(n)).map(str::to_owned);
    let ends = |c: char| matches!(c, 'L' | 'l');
    if let Some(limit) = narrow.strip_prefix(['<', '≤']).or_else(|| narrow.strip_suffix(ends)).and_then(number) {
        return Ok(Said::Below(limit));
    }
    if let Some(end) = narrow.strip_prefix(['>', '≥']).and_then(number) {
        return Ok(Said::Above(end));
    }
    // 未检出(0.02), ND<0.02
    if let Some((word, rest)) = narrow.split_once(['(', '<', ' ']) {
        let limit = number(rest.trim_end_matches(')').trim_start_matches(['<', '=']).trim_end_matches(ends));
        if let (Some(Sign::NotDetected), Some(limit)) = (words.sign(word.trim()), limit) {
            return Ok(Said::Below(limit));
        }
    }
    Err(not_a_value(cell.trim()))
}

fn not_a_value(cell: &str) -> Problem {
    if is_error(cell) {
        return Problem::error("assess.error_cell", words!("公式出错：{cell}", "the formula failed: {cell}"))
            .expect(text("公式的结果，或直接填写的值", "the result of the formula, or the value itself"))
            .fix(text("改正公式后再保存；该格未评价", "mend the formula and save; the cell was not judged"));
    }
    let shown: String = cell.chars().take(40).collect();
    let problem =
        Problem::error("assess.not_a_value", words!("“{shown}”不是可用的值，该格未评价", "\"{shown}\" is not a usable value, and the cell was not judged"))
            .expect(text("数；未检出写 <检出限 或 检出限L；没有数据留空", "a number; <limit or limitL for a non-detect; blank where there is none"));
    match meant(cell, "") {
        Some(plain) => problem.fix(words!("若指 {plain}，请写作 {plain}", "write {plain} if that is meant")),
        None => problem.fix(text("按左列写法改正", "write it as expected")),
    }
}

/// When a row was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Stamp {
    /// The day.
    pub(super) date: Date,
    /// The time of day, where one is told. 24:00 is kept as such.
    pub(super) clock: Option<(i8, i8)>,
}

impl Stamp {
    /// As results print it: `2021-04-01` or `2021-04-01 08:00`.
    pub(super) fn printed(self) -> String {
        match self.clock {
            Some((hour, minute)) => format!("{} {hour:02}:{minute:02}", self.date),
            None => self.date.to_string(),
        }
    }

    /// The same with an hour from another column.
    pub(super) fn at_hour(self, hour: i8) -> Self {
        Self { clock: Some((hour, 0)), ..self }
    }
}

/// Reads a time: `2021-04-01T08:00+08:00`, `2021/4/1 8:00`, `2021年4月1日8时`, `20210401`, `2021040108`.
///
/// # Errors
/// What is wrong with it, in words.
pub(super) fn time(cell: &str) -> Result<Stamp, Text> {
    let narrow = half_width(cell);
    let (moment, zone) = zone(&narrow);
    if !matches!(zone, "" | "+08:00" | "+0800" | "+08" | "+8") {
        return Err(words!("时区 {zone} 不是北京时间", "the zone {zone} is not that of Beijing"));
    }
    let digits_only = !moment.is_empty() && moment.bytes().all(|b| b.is_ascii_digit());
    let parts: Vec<i16> = if digits_only {
        match moment.len() {
            8 | 10 | 12 | 14 => [(0, 4), (4, 6), (6, 8), (8, 10), (10, 12)].iter().filter_map(|(a, b)| moment.get(*a..*b)?.parse().ok()).collect(),
            _ => Vec::new(),
        }
    } else {
        let marks = |c: char| matches!(c, '-' | '/' | '.' | ':' | ' ' | 'T' | '年' | '月' | '日' | '时' | '点' | '分' | '秒' | '号');
        let pieces: Vec<&str> = moment.split(marks).filter(|p| !p.is_empty()).collect();
        let read: Option<Vec<i16>> = pieces.iter().take(5).map(|p| p.parse().ok()).collect();
        read.unwrap_or_default()
    };
    let [year, month, day, clock @ ..] = parts.as_slice() else { return Err(text("不是日期", "it is not a day")) };
    let small = |n: i16| i8::try_from(n).unwrap_or(-1);
    let date = (*year >= 1000).then(|| Date::new(*year, small(*month), small(*day)).ok()).flatten();
    let Some(date) = date else { return Err(text("日历上没有这一天", "there is no such day in the calendar")) };
    let clock = match clock {
        [] => None,
        [24] | [24, 0] => Some((24, 0)),
        [hour, rest @ ..] => {
            let minute = rest.first().copied().unwrap_or(0);
            Time::new(small(*hour), small(minute), 0, 0).map_err(|_| text("没有这个时刻", "there is no such time"))?;
            Some((small(*hour), small(minute)))
        }
    };
    Ok(Stamp { date, clock })
}

/// The moment, and the zone behind it.
fn zone(written: &str) -> (&str, &str) {
    if let Some(moment) = written.strip_suffix(['Z', 'z']) {
        return (moment, "Z");
    }
    let behind_clock = written.find(':').unwrap_or(written.len());
    match written[behind_clock..].find(['+', '-']) {
        Some(at) => written.split_at(behind_clock + at),
        None => (written, ""),
    }
}

/// The moment that a serial number of Excel stands for, such as 45722.333; `None` for any other number.
pub(super) fn serial(cell: &str) -> Option<Stamp> {
    let days: f64 = half_width(cell).parse().ok().filter(|n| (20_000.0..80_000.0).contains(n))?;
    // Counted from the last day of 1899, to the minute.
    let minutes = (days * 1440.0).round() as i64;
    let date = jiff::civil::date(1899, 12, 30).checked_add(jiff::Span::new().days(minutes / 1440)).ok()?;
    let of_day = minutes % 1440;
    let clock = (of_day > 0).then_some(((of_day / 60) as i8, (of_day % 60) as i8));
    Some(Stamp { date, clock })
}

/// An hour by itself: `8`, `08`, `8时`, `08:00`; 0 to 24.
pub(super) fn hour(cell: &str) -> Option<i8> {
    let narrow = half_width(cell);
    let digits = narrow.trim_end_matches(['时', '点']).trim_end_matches(":00").trim_end_matches(":00");
    let digits = digits.strip_suffix(".0").unwrap_or(digits);
    digits.parse().ok().filter(|h| (0..=24).contains(h))
}

/// The civil time of a stamp, 24:00 as the day's last moment.
pub(super) fn civil(stamp: Stamp) -> DateTime {
    match stamp.clock {
        Some((24, _)) => stamp.date.at(23, 59, 59, 0),
        Some((hour, minute)) => stamp.date.at(hour, minute, 0, 0),
        None => stamp.date.at(0, 0, 0, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_as_laboratories_write_them() {
        let words = Words::shipped();
        let read = |cell: &str| value(cell, &words);
        for (cell, said) in [
            ("0.020", Said::Value("0.020".into())),
            ("１．５", Said::Value("1.5".into())),
            ("<0.02", Said::Below("0.02".into())),
            ("＜ 0.02", Said::Below("0.02".into())),
            ("0.02L", Said::Below("0.02".into())),
            ("未检出(0.02)", Said::Below("0.02".into())),
            ("未检出（<0.02）", Said::Below("0.02".into())),
            ("ND<0.02", Said::Below("0.02".into())),
            (">24000", Said::Above("24000".into())),
            ("未检出", Said::NotDetected),
            ("nd", Said::NotDetected),
            ("--", Said::Nothing),
            ("*", Said::Nothing),
            ("", Said::Nothing),
        ] {
            assert_eq!(read(cell), Ok(said), "{cell}");
        }
        for (cell, code) in [("#REF!", "assess.error_cell"), ("约2", "assess.not_a_value"), ("1,234", "assess.not_a_value"), ("0.5mg", "assess.not_a_value")] {
            assert_eq!(read(cell).unwrap_err().code, code, "{cell}");
        }
    }

    #[test]
    fn times_as_departments_write_them() {
        for (written, printed) in [
            ("2021-04-01T08:00+08:00", "2021-04-01 08:00"),
            ("2021/4/1 8:00", "2021-04-01 08:00"),
            ("2021-04-01 08:00:00", "2021-04-01 08:00"),
            ("2021年4月1日8时", "2021-04-01 08:00"),
            ("2021年4月1日", "2021-04-01"),
            ("20210401", "2021-04-01"),
            ("2021040108", "2021-04-01 08:00"),
            ("2021.4.1", "2021-04-01"),
            ("2021-04-01 24:00", "2021-04-01 24:00"),
        ] {
            assert_eq!(time(written).map(Stamp::printed).as_deref(), Ok(printed), "{written}");
        }
        for wrong in ["2021-02-30", "2021-04", "上午", "44287", "2021-04-01T08:00Z", "2021-04-01 25:00", "2021-04-01T08:00-05:00", "21-4-1"] {
            assert!(time(wrong).is_err(), "{wrong}");
        }
        // 2025-03-06 08:00, as LibreOffice shows 45722.333333.
        assert_eq!(serial("45722.3333333333").map(Stamp::printed).as_deref(), Some("2025-03-06 08:00"));
        assert_eq!((serial("45722").map(Stamp::printed).as_deref(), serial("20250306"), serial("7.2")), (Some("2025-03-06"), None, None));
        assert_eq!([hour("8"), hour("08:00"), hour("8时"), hour("24"), hour("25"), hour("x")], [Some(8), Some(8), Some(8), Some(24), None, None]);
    }
}

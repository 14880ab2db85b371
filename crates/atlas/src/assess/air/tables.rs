//! What the judge of air says, laid out as tables.

use super::SaidOfAir;
use super::facts::{charts, facts};
use super::published::{best, compared, published};
use super::replayed::replayed;
use crate::assess::Domain;
use crate::assess::columns::ColumnRead;
use crate::assess::palette::{OPEN, hex};
use crate::assess::result::{Assessed, Cell, FileRead, Table, Used};
use liangshan_duty::air::day::DayJudged;
use liangshan_duty::air::month::months;
use liangshan_duty::air::{At, DayNumber, Index, Indicator, Judged, Profile, Rules};
use liangshan_vocab::{Problems, Text, text};
use std::collections::BTreeMap;

/// Everything that was said, as a document.
pub(super) fn lay_out(
    said: &SaidOfAir<'_>,
    file: FileRead,
    columns: Vec<ColumnRead>,
    assumed: Vec<Text>,
    standards: Vec<Used>,
    mut problems: Problems,
) -> Assessed {
    let compared = compared(said);
    let mut tables = vec![places(said), years(said)];
    tables.extend(replayed(said));
    tables.extend([statistics(said), monthly(said), daily(said)]);
    if said.hourly {
        tables.push(hourly(said));
    }
    tables.extend(published(said, &compared));
    tables.retain(|t| !t.rows.is_empty() || t.id == "published_differs" || t.id.starts_with("editions"));
    if let Some(best) = best(&compared) {
        problems.extend(if best.days { best.comparison.about_days() } else { best.comparison.about_hours() });
    }
    let facts = facts(said, &file, &compared);
    let charts = charts(said);
    let standings = super::standing::standings(said);
    Assessed {
        domain: Domain::Air,
        title: text("环境空气质量评价", "Ambient air assessed"),
        file,
        columns,
        assumed,
        standards,
        facts,
        tables,
        charts,
        standings,
        problems,
    }
}

pub(super) fn level(profile: &Profile, aqi: Option<u16>) -> Cell {
    match aqi {
        Some(aqi) => {
            let level = profile.level(aqi);
            Cell::Graded(level.level.to_string(), level.title.clone(), hex(level.rgb))
        }
        None => Cell::Graded("undecided".into(), text("未定", "open"), OPEN.into()),
    }
}

pub(super) fn index(aqi: Option<u16>) -> Cell {
    aqi.map_or(Cell::Blank, |aqi| Cell::Whole(i64::from(aqi)))
}

pub(super) fn names(rules: &Rules, indicators: &[Indicator], places: impl Iterator<Item = usize>) -> Cell {
    let named: Vec<String> = places.map(|p| indicator(rules, &indicators[p])).collect();
    Cell::word(named.join(", "))
}

pub(super) fn indicator(rules: &Rules, indicator: &Indicator) -> String {
    let symbol = &rules.named(indicator.item.pollutant).symbol;
    // Only ozone stands in an index with two averaging times.
    if symbol == "O3" { format!("{symbol}-{}", indicator.item.averaging.word()) } else { symbol.clone() }
}

pub(super) fn parts(index: &Index, indicators: &[Indicator], rules: &Rules) -> Cell {
    let list: Vec<String> = indicators.iter().enumerate().filter_map(|(p, i)| Some(format!("{} {}", indicator(rules, i), index.part(p)?))).collect();
    Cell::word(list.join("; "))
}

pub(super) fn places(said: &SaidOfAir<'_>) -> Table {
    let mut table = Table::new(
        "places",
        text("站点与城市", "Places"),
        text("优良率按有效日计算；有效日不足的年份不作结论。", "Good days as a share of valid days; a year with too few of them has no conclusion."),
        30,
        &[
            ("place", "站点", "place", ""),
            ("hours", "小时数", "hours", "1"),
            ("hours_with_aqi", "有 AQI 的小时", "hours with AQI", "1"),
            ("days", "天数", "days", "1"),
            ("valid_days", "有效日", "valid days", "1"),
            ("good_days", "优良天", "good days", "1"),
            ("good_pct", "优良率", "good days", "%"),
            ("worst_aqi", "最高 AQI", "highest AQI", "1"),
            ("worst_at", "最高的时间", "when", ""),
            ("primary", "首要污染物天（时）数", "primary pollutant, days (hours)", ""),
        ],
    );
    for place in &said.judged {
        let of_days = counted(&place.days);
        let by_hours = of_days.0 == 0;
        let worst = if by_hours {
            place.hours.iter().filter_map(|h| Some((h.index.aqi?, printed_hour(h.day, h.hour)))).max_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)))
        } else {
            place.days.iter().filter_map(|d| Some((d.index.aqi?, d.day.date().to_string()))).max_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)))
        };
        table.push(vec![
            Cell::word(&place.station),
            Cell::Whole(place.hours.len() as i64),
            Cell::Whole(place.hours.iter().filter(|h| h.index.aqi.is_some()).count() as i64),
            Cell::Whole(place.days.len() as i64),
            Cell::Whole(i64::from(of_days.0)),
            Cell::Whole(i64::from(of_days.1)),
            Cell::number(share(of_days), 2),
            index(worst.as_ref().map(|w| w.0)),
            worst.map_or(Cell::Blank, |w| Cell::word(w.1)),
            primaries(said.rules, place, by_hours),
        ]);
    }
    table
}

pub(super) fn counted(days: &[DayJudged]) -> (u32, u32) {
    days.iter().filter_map(|d| d.good()).fold((0, 0), |(valid, good), is| (valid + 1, good + u32::from(is)))
}

pub(super) fn share((valid, good): (u32, u32)) -> Option<f64> {
    (valid > 0).then(|| f64::from(good) * 100.0 / f64::from(valid))
}

pub(super) fn primaries(rules: &Rules, place: &Judged, by_hours: bool) -> Cell {
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    let mut add = |indicators: &[Indicator], index: &Index| {
        for p in index.primary() {
            *counts.entry(rules.named(indicators[p].item.pollutant).symbol.clone()).or_default() += 1;
        }
    };
    if by_hours {
        place.hours.iter().for_each(|h| add(&rules.profiles[h.profile].hourly, &h.index));
    } else {
        place.days.iter().for_each(|d| add(&rules.profiles[d.profile].daily, &d.index));
    }
    let mut list: Vec<(String, u32)> = counts.into_iter().collect();
    list.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    Cell::word(list.iter().map(|(name, n)| format!("{name} {n}")).collect::<Vec<_>>().join(", "))
}

pub(super) fn printed_hour(day: DayNumber, hour: u8) -> String {
    format!("{} {hour:02}:00", day.date())
}

pub(super) fn truth(said: Option<bool>) -> Cell {
    Cell::Truth(
        said,
        match said {
            Some(true) => text("达标", "attains"),
            Some(false) => text("不达标", "fails"),
            None => text("数据不足", "insufficient"),
        },
    )
}

pub(super) fn enough(sufficient: bool) -> Cell {
    Cell::Truth(Some(sufficient), if sufficient { text("充分", "sufficient") } else { text("不足", "insufficient") })
}

pub(super) fn years(said: &SaidOfAir<'_>) -> Table {
    let mut table = Table::new(
        "years",
        text("年评价", "Years"),
        text(
            "跨版本的年份按每个版本各评一次；综合指数越低越好。",
            "A year in which the edition changed is judged under each; a lower composite index is better.",
        ),
        24,
        &[
            ("place", "站点", "place", ""),
            ("year", "年份", "year", ""),
            ("edition", "版本", "edition", ""),
            ("valid_days", "有效日", "valid days", "1"),
            ("good_days", "优良天", "good days", "1"),
            ("good_pct", "优良率", "good days", "%"),
            ("good_pct_unrounded", "优良率（不修约）", "good days, unrounded", "%"),
            ("sufficient", "数据充分", "sufficient", ""),
            ("attains", "全项达标", "attainment", ""),
            ("composite_index", "综合指数", "composite index", "1"),
        ],
    );
    for place in &said.judged {
        for year in place.years.iter().filter(|y| y.days.valid > 0) {
            table.push(vec![
                Cell::word(&place.station),
                Cell::Whole(i64::from(year.year)),
                Cell::word(&said.rules.profiles[year.profile].id),
                Cell::Whole(i64::from(year.days.valid)),
                Cell::Whole(i64::from(year.days.good)),
                Cell::number(year.days.good_pct(), 2),
                Cell::number(year.days.good_pct_unrounded(), 2),
                enough(year.sufficient),
                truth(year.attains),
                Cell::number(year.index.filter(|_| year.sufficient), 3),
            ]);
        }
    }
    table
}

pub(super) fn statistics(said: &SaidOfAir<'_>) -> Table {
    let mut table = Table::new(
        "statistics",
        text("年统计与限值", "Statistics of years against limits"),
        text("均值与百分位数；数据不足的不判达标。", "Means and percentiles; where the data do not suffice nothing is concluded."),
        0,
        &[
            ("place", "站点", "place", ""),
            ("year", "年份", "year", ""),
            ("edition", "版本", "edition", ""),
            ("statistic", "统计量", "statistic", ""),
            ("unit", "单位", "unit", ""),
            ("days", "有效日", "days", "1"),
            ("sufficient", "数据充分", "sufficient", ""),
            ("value", "数值", "value", ""),
            ("rounded", "修约后", "rounded", ""),
            ("limit", "限值", "limit", ""),
            ("attains", "达标", "attains", ""),
        ],
    );
    for place in &said.judged {
        for year in &place.years {
            let profile = &said.rules.profiles[year.profile];
            for s in &year.statistics {
                let yearly = &profile.yearly[s.place];
                table.push(vec![
                    Cell::word(&place.station),
                    Cell::Whole(i64::from(year.year)),
                    Cell::word(&profile.id),
                    Cell::word(&yearly.key),
                    Cell::word(&said.rules.named(yearly.pollutant).unit),
                    Cell::Whole(i64::from(s.days)),
                    enough(s.sufficient),
                    Cell::number(s.value.map(|c| c.number()), 3),
                    Cell::number(s.rounded.map(|c| c.number()), 3),
                    Cell::number(Some(s.limit.number()), 3),
                    truth(s.attains),
                ]);
            }
        }
    }
    table
}

pub(super) fn monthly(said: &SaidOfAir<'_>) -> Table {
    let means: Vec<(String, String)> = said.rules.pollutants.iter().map(|p| (p.key.clone(), p.unit.clone())).collect();
    let mut columns = vec![
        ("place", "站点", "place", ""),
        ("month", "月份", "month", ""),
        ("edition", "版本", "edition", ""),
        ("valid_days", "有效日", "valid days", "1"),
        ("good_days", "优良天", "good days", "1"),
        ("good_pct", "优良率", "good days", "%"),
        ("sufficient", "数据充分", "sufficient", ""),
    ];
    columns.extend(means.iter().map(|(key, unit)| (key.as_str(), "日值均值", "mean of days", unit.as_str())));
    // Of several places the picture and the files tell more than the first rows would.
    let shown = if said.judged.len() == 1 { 12 } else { 0 };
    let mut table = Table::new(
        "months",
        text("月统计", "Months"),
        text("污染物列为该月有效日值的平均（臭氧为日最大 8 小时）。", "Pollutants: means of valid daily values, ozone of the largest eight hours."),
        shown,
        &columns,
    );
    for column in &mut table.columns[7..] {
        let zh = format!("{} 均值", column.id);
        column.title = Text::of(zh, format!("{} mean", column.id));
        column.wide = true;
    }
    for place in &said.judged {
        for month in months(&place.days, &said.rules.profiles).into_iter().filter(|m| m.days.valid > 0 || m.means.iter().any(|m| m.c.is_some())) {
            let mut row = vec![
                Cell::word(&place.station),
                Cell::word(format!("{}-{:02}", month.year, month.month)),
                Cell::word(&said.rules.profiles[month.profile].id),
                Cell::Whole(i64::from(month.days.valid)),
                Cell::Whole(i64::from(month.days.good)),
                Cell::number(month.days.good_pct(), 1),
                enough(month.sufficient),
            ];
            for (key, _) in &means {
                // The mean of a day, or of its largest eight hours.
                let of =
                    month.means.iter().filter(|m| said.rules.named(m.item.pollutant).key == *key && m.item.averaging != liangshan_duty::air::Averaging::Hour);
                let found = of.filter_map(|m| m.c).next();
                row.push(Cell::number(found.map(|c| c.number()), 2));
            }
            table.push(row);
        }
    }
    table
}

pub(super) fn daily(said: &SaidOfAir<'_>) -> Table {
    let mut columns = vec![
        ("place", "站点", "place", ""),
        ("day", "日期", "day", ""),
        ("edition", "版本", "edition", ""),
        ("aqi", "AQI", "AQI", "1"),
        ("aqi_unrounded", "AQI（不修约）", "AQI, unrounded", "1"),
        ("level", "级别", "level", ""),
        ("primary", "首要污染物", "primary pollutant", ""),
        ("exceeding", "超标污染物", "exceeding", ""),
        ("missing", "缺项", "missing", ""),
        ("iaqi", "分指数", "individual indices", ""),
    ];
    let keys: Vec<String> = said.rules.pollutants.iter().map(|p| p.key.clone()).collect();
    columns.extend(said.rules.pollutants.iter().map(|p| (p.key.as_str(), "日值", "day's value", p.unit.as_str())));
    let lead = text(
        "污染物列为日均值，臭氧为日最大 8 小时；不足标准规定小时数的不计。",
        "Pollutants are means of the day, ozone its largest eight hours; days with too few hours have no value.",
    );
    let mut table = Table::new("days", text("日评价", "Days"), lead, 0, &columns);
    for column in &mut table.columns[10..] {
        column.title = Text::of(format!("{} 日值", column.id), format!("{} of the day", column.id));
    }
    for place in &said.judged {
        for day in &place.days {
            let profile = &said.rules.profiles[day.profile];
            let exceeding = if profile.names_exceeding { names(said.rules, &profile.daily, day.index.exceeding()) } else { Cell::Blank };
            let missing: Vec<&str> = day.index.missing(&profile.daily).into_iter().map(|p| said.rules.named(p).symbol.as_str()).collect();
            let mut row = vec![
                Cell::word(&place.station),
                Cell::word(day.day.date().to_string()),
                Cell::word(&profile.id),
                index(day.index.aqi),
                index(day.unrounded.aqi),
                level(profile, day.index.aqi),
                names(said.rules, &profile.daily, day.index.primary()),
                exceeding,
                Cell::word(missing.join(", ")),
                parts(&day.index, &profile.daily, said.rules),
            ];
            for key in &keys {
                let at = profile
                    .daily
                    .iter()
                    .position(|i| said.rules.named(i.item.pollutant).key == *key && i.item.averaging != liangshan_duty::air::Averaging::Hour);
                row.push(at.map_or(Cell::Blank, |at| Cell::number(day.values[at].c.map(|c| c.number()), 3)));
            }
            table.push(row);
        }
    }
    table
}

pub(super) fn hourly(said: &SaidOfAir<'_>) -> Table {
    let mut table = Table::new(
        "hours",
        text("小时评价", "Hours"),
        text("小时以其末时为标记，00:00 属前一日的 24 时。", "An hour is named by its end; 00:00 is 24:00 of the day before."),
        0,
        &[
            ("place", "站点", "place", ""),
            ("time", "时间", "time", ""),
            ("edition", "版本", "edition", ""),
            ("aqi", "AQI", "AQI", "1"),
            ("level", "级别", "level", ""),
            ("primary", "首要污染物", "primary pollutant", ""),
            ("missing", "缺项", "missing", ""),
            ("iaqi", "分指数", "individual indices", ""),
            ("published", "公布 AQI", "published AQI", "1"),
        ],
    );
    for place in &said.judged[..said.own] {
        for hour in &place.hours {
            let profile = &said.rules.profiles[hour.profile];
            let missing: Vec<&str> = hour.index.missing(&profile.hourly).into_iter().map(|p| said.rules.named(p).symbol.as_str()).collect();
            let published = said.published.get(&(place.station.clone(), At::Hour(hour.day, hour.hour)));
            table.push(vec![
                Cell::word(&place.station),
                Cell::word(printed_hour(hour.day, hour.hour)),
                Cell::word(&profile.id),
                index(hour.index.aqi),
                level(profile, hour.index.aqi),
                names(said.rules, &profile.hourly, hour.index.primary()),
                Cell::word(missing.join(", ")),
                parts(&hour.index, &profile.hourly, said.rules),
                published.map_or(Cell::Blank, |p| Cell::Whole(i64::from(p.aqi))),
            ]);
        }
    }
    table
}

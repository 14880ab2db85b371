//! What the judge of air says, laid out as tables, facts and pictures.

use std::collections::BTreeMap;

use liangshan_duty::air::day::DayJudged;
use liangshan_duty::air::month::months;
use liangshan_duty::air::published::{Comparison, Why, why_it_differs};
use liangshan_duty::air::{At, DayNumber, Index, Indicator, Judged, Profile, Rules};
use liangshan_vocab::{Problems, Text, text, words};
use serde_json::json;

use super::Domain;
use super::air::SaidOfAir;
use super::columns::ColumnRead;
use super::palette::{OPEN, hex};
use super::result::{Assessed, Cell, Chart, Fact, FileRead, Lines, Shares, Table, Tone, Used, number};

/// Everything that was said, as a document.
pub(super) fn lay_out(said: &SaidOfAir<'_>, file: FileRead, columns: Vec<ColumnRead>, assumed: Vec<Text>, standards: Vec<Used>, mut problems: Problems) -> Assessed {
    let compared = compared(said);
    let mut tables = vec![places(said), years(said), statistics(said), monthly(said), daily(said)];
    if said.hourly {
        tables.push(hourly(said));
    }
    tables.extend(published(said, &compared));
    tables.extend(replayed(said));
    tables.retain(|t| !t.rows.is_empty() || t.id == "published_differs" || t.id.starts_with("editions"));
    if let Some(best) = best(&compared) {
        problems.extend(if best.days { best.comparison.about_days() } else { best.comparison.about_hours() });
    }
    let facts = facts(said, &file, &compared);
    let charts = charts(said);
    Assessed { domain: Domain::Air, title: text("环境空气质量评价", "Ambient air assessed"), file, columns, assumed, standards, facts, tables, charts, problems }
}

fn level(profile: &Profile, aqi: Option<u16>) -> Cell {
    match aqi {
        Some(aqi) => {
            let level = profile.level(aqi);
            Cell::Graded(level.level.to_string(), level.title.clone(), hex(level.rgb))
        }
        None => Cell::Graded("undecided".into(), text("未定", "open"), OPEN.into()),
    }
}

fn index(aqi: Option<u16>) -> Cell {
    aqi.map_or(Cell::Blank, |aqi| Cell::Whole(i64::from(aqi)))
}

fn names(rules: &Rules, indicators: &[Indicator], places: impl Iterator<Item = usize>) -> Cell {
    let named: Vec<String> = places.map(|p| indicator(rules, &indicators[p])).collect();
    Cell::word(named.join(", "))
}

fn indicator(rules: &Rules, indicator: &Indicator) -> String {
    let symbol = &rules.named(indicator.item.pollutant).symbol;
    // Only ozone stands in an index with two averaging times.
    if symbol == "O3" { format!("{symbol}-{}", indicator.item.averaging.word()) } else { symbol.clone() }
}

fn parts(index: &Index, indicators: &[Indicator], rules: &Rules) -> Cell {
    let list: Vec<String> = indicators.iter().enumerate().filter_map(|(p, i)| Some(format!("{} {}", indicator(rules, i), index.part(p)?))).collect();
    Cell::word(list.join("; "))
}

fn places(said: &SaidOfAir<'_>) -> Table {
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

fn counted(days: &[DayJudged]) -> (u32, u32) {
    days.iter().filter_map(|d| d.index.good()).fold((0, 0), |(valid, good), is| (valid + 1, good + u32::from(is)))
}

fn share((valid, good): (u32, u32)) -> Option<f64> {
    (valid > 0).then(|| f64::from(good) * 100.0 / f64::from(valid))
}

fn primaries(rules: &Rules, place: &Judged, by_hours: bool) -> Cell {
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

fn printed_hour(day: DayNumber, hour: u8) -> String {
    format!("{} {hour:02}:00", day.date())
}

fn truth(said: Option<bool>) -> Cell {
    Cell::Truth(
        said,
        match said {
            Some(true) => text("达标", "attains"),
            Some(false) => text("不达标", "fails"),
            None => text("数据不足", "insufficient"),
        },
    )
}

fn enough(sufficient: bool) -> Cell {
    Cell::Truth(Some(sufficient), if sufficient { text("充分", "sufficient") } else { text("不足", "insufficient") })
}

fn years(said: &SaidOfAir<'_>) -> Table {
    let mut table = Table::new(
        "years",
        text("年评价", "Years"),
        text("跨版本的年份按每个版本各评一次；综合指数越低越好。", "A year in which the edition changed is judged under each; a lower composite index is better."),
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
        for year in &place.years {
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
                Cell::number(year.index, 3),
            ]);
        }
    }
    table
}

fn statistics(said: &SaidOfAir<'_>) -> Table {
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

fn monthly(said: &SaidOfAir<'_>) -> Table {
    let means: Vec<(String, String)> =
        said.rules.pollutants.iter().map(|p| (p.key.clone(), p.unit.clone())).collect();
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
    let mut table = Table::new("months", text("月统计", "Months"), text("污染物列为该月有效日值的平均（臭氧为日最大 8 小时）。", "Pollutants: means of valid daily values, ozone of the largest eight hours."), 14, &columns);
    for column in &mut table.columns[7..] {
        let zh = format!("{} 均值", column.id);
        column.title = Text::of(zh, format!("{} mean", column.id));
        column.wide = true;
    }
    for place in &said.judged {
        for month in months(&place.days, &said.rules.profiles) {
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
                let of = month.means.iter().filter(|m| said.rules.named(m.item.pollutant).key == *key && m.item.averaging != liangshan_duty::air::Averaging::Hour);
                let found = of.filter_map(|m| m.c).next();
                row.push(Cell::number(found.map(|c| c.number()), 2));
            }
            table.push(row);
        }
    }
    table
}

fn daily(said: &SaidOfAir<'_>) -> Table {
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
    let lead = text("污染物列为日均值，臭氧为日最大 8 小时；不足标准规定小时数的不计。", "Pollutants are means of the day, ozone its largest eight hours; days with too few hours have no value.");
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
                let at = profile.daily.iter().position(|i| said.rules.named(i.item.pollutant).key == *key && i.item.averaging != liangshan_duty::air::Averaging::Hour);
                row.push(at.map_or(Cell::Blank, |at| Cell::number(day.values[at].c.map(|c| c.number()), 3)));
            }
            table.push(row);
        }
    }
    table
}

fn hourly(said: &SaidOfAir<'_>) -> Table {
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

/// Published indices beside those of one edition.
struct Compared<'s> {
    /// The edition; `by_date` where the date chose.
    edition: String,
    days: bool,
    comparison: Comparison,
    /// Place, time, row, published, computed, why; with the indicators of why.
    differing: Vec<(String, String, u64, u16, Option<u16>, Why, &'s [Indicator])>,
    /// Published, without a computed one.
    without: u32,
}

fn compared<'s>(said: &'s SaidOfAir<'_>) -> Vec<Compared<'s>> {
    if said.published.is_empty() {
        return Vec::new();
    }
    let mut out = Vec::new();
    let mut add = |edition: String, judged: &'s [Judged], days: bool| {
        let mut found: BTreeMap<(&str, At), (&Index, &'s [Indicator])> = BTreeMap::new();
        for place in judged {
            if days {
                found.extend(place.days.iter().map(|d| ((place.station.as_str(), At::Day(d.day)), (&d.index, said.rules.profiles[d.profile].daily.as_slice()))));
            } else {
                found.extend(
                    place.hours.iter().map(|h| ((place.station.as_str(), At::Hour(h.day, h.hour)), (&h.index, said.rules.profiles[h.profile].hourly.as_slice()))),
                );
            }
        }
        let (mut pairs, mut differing, mut without) = (Vec::new(), Vec::new(), 0);
        for ((place, at), row) in said.published.iter().filter(|((_, at), _)| matches!(at, At::Day(_)) == days) {
            let Some((index, indicators)) = found.get(&(place.as_str(), *at)) else {
                without += 1;
                continue;
            };
            match index.aqi {
                Some(aqi) => pairs.push((row.aqi, aqi)),
                None => without += 1,
            }
            let why = why_it_differs(index, row.aqi);
            if why != Why::Same {
                let time = match at {
                    At::Hour(day, hour) => printed_hour(*day, *hour),
                    At::Day(day) => day.date().to_string(),
                };
                differing.push((place.clone(), time, row.row, row.aqi, index.aqi, why, *indicators));
            }
        }
        if !pairs.is_empty() || without > 0 {
            out.push(Compared { edition, days, comparison: Comparison::of(pairs), differing, without });
        }
    };
    let own = &said.judged[..said.own];
    let by_date = |hours: bool| {
        let mut ids: Vec<&str> = Vec::new();
        for place in own {
            let used: Vec<usize> = if hours { place.hours.iter().map(|h| h.profile).collect() } else { place.days.iter().map(|d| d.profile).collect() };
            for p in used {
                if !ids.contains(&said.rules.profiles[p].id.as_str()) {
                    ids.push(&said.rules.profiles[p].id);
                }
            }
        }
        ids.join(" + ")
    };
    add(by_date(true), own, false);
    add(by_date(false), own, true);
    for (id, judged) in &said.by_name {
        add(id.clone(), judged, false);
    }
    out
}

/// The edition that agrees best.
fn best<'c, 's>(compared: &'c [Compared<'s>]) -> Option<&'c Compared<'s>> {
    compared.iter().filter(|c| c.comparison.compared > 0).max_by_key(|c| c.comparison.equal)
}

fn published(said: &SaidOfAir<'_>, compared: &[Compared<'_>]) -> Vec<Table> {
    if compared.is_empty() {
        return Vec::new();
    }
    let mut table = Table::new(
        "published",
        text("与公布指数比较", "Beside published indices"),
        text("按各版本由浓度重算；版本不同不混用。", "Computed from the concentrations under each edition; editions are never mixed."),
        8,
        &[
            ("edition", "版本", "edition", ""),
            ("of", "时段", "of", ""),
            ("compared", "可比", "compared", "1"),
            ("equal", "相同", "equal", "1"),
            ("mean_difference", "公布减重算，平均", "published less computed, mean", "1"),
            ("not_decided", "无法算出", "not decided", "1"),
        ],
    );
    for c in compared {
        table.push(vec![
            Cell::word(&c.edition),
            Cell::Text(if c.days { text("日", "day") } else { text("小时", "hour") }),
            Cell::Whole(i64::from(c.comparison.compared)),
            Cell::Whole(i64::from(c.comparison.equal)),
            Cell::number(c.comparison.mean_difference(), 2),
            Cell::Whole(i64::from(c.without)),
        ]);
    }
    let mut out = vec![table];
    if let Some(best) = best(compared) {
        let edition = &best.edition;
        let mut rows = Table::new(
            "published_differs",
            text("与公布指数不同的行", "Rows whose published index differs"),
            words!("按最相符的版本 {edition} 重算；一致的行不列。", "Under {edition}, which agrees best; rows that agree are not listed."),
            10,
            &[
                ("place", "站点", "place", ""),
                ("time", "时间", "time", ""),
                ("row", "行号", "row", ""),
                ("published", "公布", "published", "1"),
                ("computed", "重算", "computed", "1"),
                ("why", "原因", "why", ""),
            ],
        );
        for (place, time, row, published, computed, reason, indicators) in &best.differing {
            rows.push(vec![
                Cell::word(place),
                Cell::word(time),
                Cell::Whole(row.cast_signed()),
                Cell::Whole(i64::from(*published)),
                index(*computed),
                Cell::Text(why(said.rules, *reason, indicators)),
            ]);
        }
        out.push(rows);
    }
    out
}

fn why(rules: &Rules, why: Why, indicators: &[Indicator]) -> Text {
    let of = |place: usize| indicator(rules, &indicators[place]);
    match why {
        Why::Same => text("一致", "the same"),
        Why::NotDecided => text("浓度不足以算出指数", "the concentrations make no index"),
        Why::Without(place) => {
            let name = of(place);
            words!("公布值未计 {name}", "published without {name}")
        }
        Why::OtherValue(place) => {
            let name = of(place);
            words!("公布时所用的 {name} 与文件中的不同", "published with another value of {name} than the file has")
        }
        Why::Unexplained => text("原因不明", "not explained"),
    }
}

fn replayed(said: &SaidOfAir<'_>) -> Vec<Table> {
    let Some(replay) = &said.replay else { return Vec::new() };
    let [a, b] = &replay.editions;
    let profiles = [a, b].map(|id| said.rules.profile(id).ok());
    let graded = |which: usize, aqi: Option<u16>| profiles[which].map_or(Cell::Blank, |p| level(p, aqi));
    let lead = words!("A：{a}；B：{b}。同一天（时）自然不变，差别全部来自规则。", "A: {a}; B: {b}. In one day or hour nature is the same, so all of a difference is the rule's.");
    let columns = [
        ("place", "站点", "place", ""),
        ("at", "时间", "time", ""),
        ("a", "A 的 AQI", "AQI under A", "1"),
        ("b", "B 的 AQI", "AQI under B", "1"),
        ("level_a", "A 的级别", "level under A", ""),
        ("level_b", "B 的级别", "level under B", ""),
        ("rule", "规则变化", "change of rule", "1"),
        ("nature", "自然变化", "change of nature", "1"),
    ];
    let mut differ = Table::new("editions_differ", text("两版结果不同的日与时", "Days and hours the editions see differently"), lead, 14, &columns);
    let mut push = |place: &str, at: String, x: Option<u16>, y: Option<u16>| {
        if x != y {
            let rule = x.zip(y).map_or(Cell::Blank, |(x, y)| Cell::Whole(i64::from(y) - i64::from(x)));
            let nature = if x.is_some() && y.is_some() { Cell::Whole(0) } else { Cell::Blank };
            differ.push(vec![Cell::word(place), Cell::word(at), index(x), index(y), graded(0, x), graded(1, y), rule, nature]);
        }
    };
    for place in &replay.of_places {
        place.days.iter().for_each(|d| push(&place.station, d.day.date().to_string(), d.a, d.b));
    }
    for (place, hours) in &replay.hours {
        hours.iter().for_each(|h| push(place, printed_hour(h.day, h.hour), h.a, h.b));
    }
    let columns = [
        ("place", "站点", "place", ""),
        ("year", "年份", "year", ""),
        ("what", "指标", "number", ""),
        ("a", "A", "A", ""),
        ("b", "B", "B", ""),
        ("rule", "规则变化", "change of rule", ""),
    ];
    let mut years = Table::new("editions_years", text("两版的年指标", "Numbers of years under both"), words!("A：{a}；B：{b}。", "A: {a}; B: {b}."), 20, &columns);
    let columns = [
        ("place", "站点", "place", ""),
        ("what", "指标", "number", ""),
        ("from", "前一年", "from", ""),
        ("to", "后一年", "to", ""),
        ("before", "前（A）", "before (A)", ""),
        ("after", "后（B）", "after (B)", ""),
        ("nature", "自然变化", "change of nature", ""),
        ("rule", "规则变化", "change of rule", ""),
    ];
    let lead = text("前一年按 A，后一年按 B；自然变化在 A 下量得，规则变化在后一年量得，两者之和为总变化。", "The first year by A, the second by B; nature measured under A, the rule in the second year; both add up to the whole.");
    let mut between = Table::new("between_years", text("相邻年份的变化", "From one year to the next"), lead, 20, &columns);
    for place in &replay.of_places {
        for n in &place.years {
            years.push(vec![
                Cell::word(&place.station),
                Cell::Whole(i64::from(n.year)),
                Cell::word(&n.what),
                Cell::number(n.a, 4),
                Cell::number(n.b, 4),
                Cell::number(n.rule(), 4),
            ]);
        }
        let mut of: Vec<i16> = place.years.iter().map(|n| n.year).collect();
        of.dedup();
        for pair in of.windows(2) {
            for s in place.split(pair[0], pair[1]) {
                between.push(vec![
                    Cell::word(&place.station),
                    Cell::word(&s.what),
                    Cell::Whole(i64::from(s.from.0)),
                    Cell::Whole(i64::from(s.to.0)),
                    Cell::number(Some(s.from.1), 4),
                    Cell::number(Some(s.to.1), 4),
                    Cell::number(Some(s.nature), 4),
                    Cell::number(Some(s.rule), 4),
                ]);
            }
        }
    }
    vec![differ, years, between]
}

fn facts(said: &SaidOfAir<'_>, file: &FileRead, compared: &[Compared<'_>]) -> Vec<Fact> {
    let (own, cities) = (said.own, said.judged.len() - said.own);
    let plain = |id, label, value: String, json, note| Fact { id, label, value: Text::same(value), json, note, tone: Tone::Plain };
    let aside = file.set_aside;
    let mut facts = vec![plain(
        "places",
        text("站点", "Places"),
        own.to_string(),
        json!(own),
        if cities > 0 { words!("另由站点平均得到 {cities} 个城市", "and {cities} cities as means of them") } else { words!("剔除维护等 {aside} 行", "{aside} rows set aside as maintenance or the like") },
    )];
    if said.hourly {
        let (all, with) = said.judged[..own].iter().flat_map(|j| &j.hours).fold((0, 0), |(all, with), h| (all + 1, with + usize::from(h.index.aqi.is_some())));
        facts.push(plain("hours", text("评价小时", "Hours judged"), with.to_string(), json!({ "hours": all, "with_aqi": with }), words!("共 {all} 个站时，其余缺项或滑动平均不足", "of {all}; the others lack a pollutant or hours for a sliding mean")));
    }
    let days: Vec<(u32, u32)> = said.judged[..own].iter().map(|j| counted(&j.days)).collect();
    let sum = days.iter().fold((0, 0), |(v, g), (valid, good)| (v + valid, g + good));
    let total: usize = said.judged[..own].iter().map(|j| j.days.len()).sum();
    if total > 0 {
        let (valid, good) = sum;
        let percent = share(sum);
        facts.push(Fact {
            id: "good_days",
            label: text("优良天", "Good days"),
            value: percent.map_or_else(|| text("数据不足", "insufficient"), |p| Text::same(format!("{}%", number(p, 2)))),
            json: json!({ "days": total, "valid": valid, "good": good, "pct": percent }),
            note: words!("{good}/{valid} 有效日，共 {total} 天", "{good} of {valid} valid days, {total} in all"),
            tone: if percent.is_some() { Tone::Plain } else { Tone::Open },
        });
    }
    let decided: Vec<bool> = said.judged.iter().flat_map(|j| &j.years).filter(|y| y.sufficient).filter_map(|y| y.attains).collect();
    let years = said.judged.iter().map(|j| j.years.len()).sum::<usize>();
    if years > 0 {
        let (attained, open) = (decided.iter().filter(|a| **a).count(), years - decided.len());
        let of = decided.len();
        facts.push(Fact {
            id: "attainment",
            label: text("年达标", "Years that attain"),
            value: if of == 0 { text("数据不足", "insufficient") } else { Text::same(format!("{attained}/{of}")) },
            json: json!({ "decided": of, "attained": attained, "insufficient": open }),
            note: words!("数据不足不作结论：{open} 个站年", "{open} years of places with too little data for a conclusion"),
            tone: if of == 0 { Tone::Open } else if attained == of { Tone::Good } else { Tone::Bad },
        });
    }
    if let Some(best) = best(compared) {
        let (equal, all, edition) = (best.comparison.equal, best.comparison.compared, &best.edition);
        facts.push(Fact {
            id: "published",
            label: text("与公布指数一致", "Agrees with published"),
            value: Text::same(format!("{equal}/{all}")),
            json: json!({ "edition": edition, "compared": all, "equal": equal, "of": if best.days { "day" } else { "hour" } }),
            note: words!("按版本 {edition} 由浓度重算", "computed under {edition}"),
            tone: if equal == all { Tone::Good } else { Tone::Open },
        });
    }
    if let Some(replay) = &said.replay {
        let [a, b] = &replay.editions;
        let differ = replay.of_places.iter().flat_map(|p| &p.days).filter(|d| d.a != d.b).count() + replay.hours.iter().flat_map(|h| &h.1).filter(|h| h.a != h.b).count();
        facts.push(plain("editions_differ", text("两版不同", "Editions differ"), differ.to_string(), json!(differ), words!("{a} 与 {b}，日与时", "{a} and {b}, days and hours")));
    }
    facts
}

/// Lines in a picture, bars in another.
const LINES: usize = 6;
const BARS: usize = 36;
/// Hours are drawn up to so many days.
const HOURS_UP_TO: i32 = 45;

fn charts(said: &SaidOfAir<'_>) -> Vec<Chart> {
    let all_days = || said.judged.iter().flat_map(|j| j.days.iter().map(|d| d.day.0).chain(j.hours.iter().map(|h| h.day.0)));
    let span = all_days().max().zip(all_days().min()).map_or(0, |(last, first)| last - first);
    let by_hours = said.hourly && span <= HOURS_UP_TO;
    let mut lines: Vec<(String, Vec<(f64, f64)>)> = Vec::new();
    let indices = if by_hours && !said.by_name.is_empty() && decided(&said.judged) < decided(&said.by_name[0].1) { &said.by_name[0].1 } else { &said.judged };
    for place in indices {
        let points: Vec<(f64, f64)> = if by_hours {
            place.hours.iter().filter_map(|h| Some((f64::from(h.day.0) + f64::from(h.hour) / 24.0, f64::from(h.index.aqi?)))).collect()
        } else {
            place.days.iter().filter_map(|d| Some((f64::from(d.day.0), f64::from(d.index.aqi?)))).collect()
        };
        if !points.is_empty() {
            lines.push((place.station.clone(), points));
        }
    }
    let mean = |points: &[(f64, f64)]| points.iter().map(|p| p.1).sum::<f64>() / points.len().max(1) as f64;
    lines.sort_by(|a, b| mean(&b.1).total_cmp(&mean(&a.1)).then(a.0.cmp(&b.0)));
    let more = lines.len().saturating_sub(LINES);
    lines.truncate(LINES);
    let mut out = Vec::new();
    if let (Some(profile), false) = (said.rules.profiles.iter().find(|p| p.by_date), lines.is_empty()) {
        let bands = profile.levels.iter().map(|l| (l.up_to.map_or(f64::INFINITY, f64::from), hex(l.rgb), l.title.clone())).collect();
        let edition = if std::ptr::eq(indices, &said.judged) { String::new() } else { said.by_name[0].0.clone() };
        let note = match (more, edition.is_empty()) {
            (0, true) => text("底色为级别", "bands are the levels"),
            (0, false) => words!("按公布所用的版本 {edition}；底色为级别", "under the edition of the publication, {edition}; bands are the levels"),
            _ => words!("指数最高的 {LINES} 个；另有 {more} 个见结果表；底色为级别", "the {LINES} highest; {more} more in the tables; bands are the levels"),
        };
        let title = if by_hours { text("小时 AQI", "Hourly AQI") } else { text("日 AQI", "Daily AQI") };
        let gap_d = if by_hours { 3.5 / 24.0 } else { 3.5 };
        out.push(Chart::Lines(Lines { title, unit: String::new(), note, lines, gap_d, limits: Vec::new(), bands }));
    }
    out.extend(shares(said).map(Chart::Shares));
    out
}

fn decided(judged: &[Judged]) -> usize {
    judged.iter().flat_map(|j| &j.hours).filter(|h| h.index.aqi.is_some()).count()
}

/// Days by level, month by month over all places; by place where there are several and few months.
fn shares(said: &SaidOfAir<'_>) -> Option<Shares> {
    let profile = said.rules.profiles.iter().find(|p| p.by_date)?;
    let own = &said.judged[..said.own];
    let mut by_month: BTreeMap<(i16, i8), Vec<u32>> = BTreeMap::new();
    for month in own.iter().flat_map(|j| months(&j.days, &said.rules.profiles)) {
        let counts = by_month.entry((month.year, month.month)).or_insert_with(|| vec![0; month.levels.len()]);
        counts.iter_mut().zip(&month.levels).for_each(|(sum, n)| *sum += n);
    }
    let mut bars: Vec<(String, Vec<u32>)> = by_month.into_iter().map(|((y, m), counts)| (format!("{y}-{m:02}"), counts)).filter(|b| b.1.iter().any(|n| *n > 0)).collect();
    if bars.len() > BARS {
        let mut by_year: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        for (month, counts) in bars {
            let sums = by_year.entry(month[..4].to_owned()).or_insert_with(|| vec![0; counts.len()]);
            sums.iter_mut().zip(&counts).for_each(|(sum, n)| *sum += n);
        }
        bars = by_year.into_iter().collect();
    }
    if bars.is_empty() {
        return None;
    }
    let count = own.len();
    Some(Shares {
        title: text("各级别天数", "Days of each level"),
        note: if count > 1 { words!("{count} 个站点合计，只计有效日", "{count} places together, valid days only") } else { text("只计有效日", "valid days only") },
        bars,
        kinds: profile.levels.iter().map(|l| (hex(l.rgb), l.title.clone())).collect(),
    })
}

//! What the judge of water says, laid out as tables and facts.

use liangshan_duty::water::{Assessment, Class, Held, OfPeriod, Reading, Section, Span, Split, Water, Why, basin_rating, held};
use liangshan_vocab::{Problems, Text, text, words};
use serde_json::{Value, json};

use super::columns::ColumnRead;
use super::palette::{OPEN, numeral, water as colour};
use super::result::{Assessed, Cell, Fact, FileRead, Table, Tone, Used, number};
use super::water::Said2;
use super::Domain;

/// Everything that was said, as a document.
pub(super) fn lay_out(said: Said2<'_, '_>, file: FileRead, columns: Vec<ColumnRead>, assumed: Vec<Text>, standards: Vec<Used>, problems: Problems) -> Assessed {
    let mut tables = vec![sections(&said.all), periods(&said.all), samples(&said.all), items(&said.all), means(&said.all), compliance(&said.all)];
    tables.extend(lakes(&said));
    tables.extend(trends(&said));
    tables.extend(published(&said));
    tables.extend(replayed(&said));
    let facts = facts(&said, &file);
    let charts = super::water_charts::charts(&said.all);
    Assessed { domain: Domain::Water, title: text("地表水水质评价", "Surface water assessed"), file, columns, assumed, standards, facts, tables, charts, problems }
}

/// A class as a cell; one that is open tells between what it lies.
pub(super) fn class(found: Option<Class>) -> Cell {
    match found {
        Some(class) => Cell::Graded(class.number().to_string(), Text::of(numeral(class), numeral(class)), colour(class).to_owned()),
        None => Cell::Graded("undecided".into(), text("未定", "open"), OPEN.to_owned()),
    }
}

fn class_of(section: &Section) -> Cell {
    match (section.class(), section.bounds()) {
        (None, Some((best, worst))) => {
            let between = format!("{}–{}", numeral(best), numeral(worst));
            Cell::Graded("undecided".into(), words!("未定（{between}）", "open ({between})"), OPEN.to_owned())
        }
        (None, None) => Cell::Graded("no_data".into(), text("无数据", "no data"), OPEN.to_owned()),
        (found, _) => class(found),
    }
}

fn kind(water: Water) -> Cell {
    Cell::Text(match water {
        Water::River => text("河流", "river"),
        Water::Lake => text("湖库", "lake"),
    })
}

fn said_of(held: Held) -> Cell {
    let (said, words) = match held {
        Held::Met => (Some(true), text("达标", "met")),
        Held::Missed => (Some(false), text("不达标", "missed")),
        Held::Insufficient => (None, text("数据不足", "insufficient")),
        Held::NoTarget => (None, text("无目标", "no target")),
    };
    Cell::Truth(said, words)
}

fn meets(section: &Section, target: Option<Class>) -> Cell {
    match target {
        None => said_of(Held::NoTarget),
        Some(target) => said_of(match section.meets(target) {
            Some(true) => Held::Met,
            Some(false) => Held::Missed,
            None => Held::Insufficient,
        }),
    }
}

/// `总磷(0.3)、氨氮(0.1)`.
pub(super) fn main_pollutants(all: &Assessment<'_, '_>, rules: usize, section: &Section) -> Text {
    let each = |zh: bool| {
        let names = section.main.iter().map(|at| {
            let verdict = &section.items[*at];
            let item = &all.rules[rules].items[verdict.item];
            let name = if zh { &item.title.zh } else { &item.title.en };
            verdict.multiple.map_or_else(|| name.to_string(), |m| format!("{name}({m:.1})"))
        });
        names.collect::<Vec<_>>().join(if zh { "、" } else { ", " })
    };
    Text::of(each(true), each(false))
}

fn said(words: Text) -> Cell {
    if words.is_empty() { Cell::Blank } else { Cell::Text(words) }
}

/// Spans from the longest that has a class down to the month, and the last of each.
pub(super) fn latest<'a>(all: &'a Assessment<'_, '_>, span: Span) -> Option<&'a str> {
    all.periods.iter().filter(|p| p.span == span).map(|p| p.period.as_str()).max()
}

fn of_period<'a>(all: &'a Assessment<'_, '_>, span: Span, name: &str) -> Vec<&'a OfPeriod> {
    all.periods.iter().filter(|p| p.span == span && p.period == name).collect()
}

/// One row a section: its last month, its last year, its samples.
fn sections(all: &Assessment<'_, '_>) -> Table {
    let mut table = Table::new(
        "sections",
        text("断面一览", "Sections"),
        text("最近一月为各断面自己的最近一月；两项达标分别判断。", "The last month is each section's own; the two aims are two results."),
        40,
        &[
            ("section", "断面", "section", ""),
            ("water", "水体", "water", ""),
            ("target", "目标", "target", ""),
            ("samples", "样次", "samples", "1"),
            ("~samples_worse_than_III", "劣于Ⅲ类样次", "worse than III", "1"),
            ("month", "最近一月", "last month", ""),
            ("class", "类别", "class", ""),
            ("main_pollutants", "主要污染指标（超标倍数）", "main pollutants (multiple)", ""),
            ("meets_target", "目标达标", "own target", ""),
            ("meets_III", "达Ⅲ类", "class III", ""),
            ("months_met", "达标月/评价月", "months met / assessed", ""),
        ],
    );
    for (number, station) in all.stations.iter().enumerate() {
        let times: Vec<_> = all.times.iter().filter(|t| t.station == number).collect();
        let last = all.periods.iter().filter(|p| p.station == number && p.span == Span::Month).max_by(|a, b| a.period.cmp(&b.period));
        let worse = times.iter().filter(|t| t.section.meets(Class::III) == Some(false)).count();
        let (met, assessed) = all.months_met(number, "");
        let mut row = vec![
            Cell::word(&station.name),
            kind(station.water),
            station.target.map_or(Cell::Blank, |t| class(Some(t))),
            Cell::Whole(times.len() as i64),
            Cell::Whole(worse as i64),
        ];
        match last {
            Some(p) => row.extend([
                Cell::word(&p.period),
                if p.insufficient { said_of(Held::Insufficient) } else { class_of(&p.section) },
                said(main_pollutants(all, p.rules, &p.section)),
                said_of(held(p.class(), station.target)),
                said_of(held(p.class(), Some(Class::III))),
            ]),
            None => row.extend([Cell::Blank, said_of(Held::Insufficient), Cell::Blank, said_of(Held::Insufficient), said_of(Held::Insufficient)]),
        }
        row.push(if station.target.is_some() { Cell::word(format!("{met}/{assessed}")) } else { Cell::Blank });
        table.push(row);
    }
    table
}

fn span_word(span: Span) -> Text {
    match span {
        Span::Month => text("月", "month"),
        Span::Quarter => text("季", "quarter"),
        Span::Year => text("年", "year"),
    }
}

fn periods(all: &Assessment<'_, '_>) -> Table {
    let mut table = Table::new(
        "periods",
        text("月、季、年评价", "Months, quarters, years"),
        text("先求浓度均值再评价；数据不足不给类别，不算达标。", "Concentrations are averaged and then judged; too little data has no class and is no pass."),
        0,
        &[
            ("section", "断面", "section", ""),
            ("span", "周期", "span", ""),
            ("period", "时段", "period", ""),
            ("parts", "样次或月数", "samples or months", "1"),
            ("sufficient", "数据充分", "sufficient", ""),
            ("class", "类别", "class", ""),
            ("main_pollutants", "主要污染指标", "main pollutants", ""),
            ("meets_target", "目标达标", "own target", ""),
            ("meets_III", "达Ⅲ类", "class III", ""),
            ("standards", "标准", "standards", ""),
        ],
    );
    for p in &all.periods {
        let station = &all.stations[p.station];
        let enough = if p.insufficient { text("不足", "insufficient") } else { text("充分", "sufficient") };
        table.push(vec![
            Cell::word(&station.name),
            Cell::Text(span_word(p.span)),
            Cell::word(&p.period),
            Cell::Whole(p.parts as i64),
            Cell::Truth(Some(!p.insufficient), enough),
            if p.insufficient { Cell::Graded("insufficient".into(), text("数据不足", "insufficient"), OPEN.into()) } else { class_of(&p.section) },
            if p.insufficient { Cell::Blank } else { said(main_pollutants(all, p.rules, &p.section)) },
            said_of(held(p.class(), station.target)),
            said_of(held(p.class(), Some(Class::III))),
            Cell::word(standards_of(all, p.rules)),
        ]);
    }
    table
}

fn standards_of(all: &Assessment<'_, '_>, rules: usize) -> String {
    format!("{} + {}", all.rules[rules].limits.id, all.rules[rules].assessment.id)
}

fn samples(all: &Assessment<'_, '_>) -> Table {
    let mut table = Table::new(
        "samples",
        text("逐次评价", "Samples"),
        text("单因子评价：最差项目决定断面类别。", "By the single factor: the worst item decides."),
        0,
        &[
            ("section", "断面", "section", ""),
            ("time", "时间", "time", ""),
            ("row", "行号", "row", ""),
            ("items", "评价项数", "items", "1"),
            ("class", "类别", "class", ""),
            ("quality", "水质状况", "quality", ""),
            ("main_pollutants", "主要污染指标", "main pollutants", ""),
            ("meets_target", "目标达标", "own target", ""),
            ("meets_III", "达Ⅲ类", "class III", ""),
            ("standards", "标准", "standards", ""),
        ],
    );
    for t in &all.times {
        let station = &all.stations[t.station];
        table.push(vec![
            Cell::word(&station.name),
            Cell::word(t.at),
            Cell::Whole(t.row.cast_signed()),
            Cell::Whole(t.section.items.len() as i64),
            class_of(&t.section),
            said(quality(all, t.rules, t.section.class())),
            said(main_pollutants(all, t.rules, &t.section)),
            meets(&t.section, station.target),
            meets(&t.section, Some(Class::III)),
            Cell::word(standards_of(all, t.rules)),
        ]);
    }
    table
}

/// What a class means, by the standard's table.
fn quality(all: &Assessment<'_, '_>, rules: usize, class: Option<Class>) -> Text {
    let Some(class) = class else { return Text::default() };
    let Ok(table) = all.rules[rules].assessment.table("quality") else { return Text::default() };
    table.row(class.grade()).map(|row| Text::of(table.text(row, "name_zh"), table.text(row, "name_en"))).unwrap_or_default()
}

fn reading(reading: Reading) -> Cell {
    match reading {
        Reading::Value(v) => Cell::number(Some(v), 6),
        Reading::Below(limit) if limit.is_infinite() => Cell::Text(text("未检出", "not detected")),
        Reading::Below(limit) => Cell::Word(format!("<{}", number(limit, 6))),
        Reading::Above(end) => Cell::Word(format!(">{}", number(end, 6))),
    }
}

const ITEM_COLUMNS: [(&str, &str, &str, &str); 5] = [
    ("item", "项目代码", "item", ""),
    ("title", "项目", "name", ""),
    ("value", "数值", "value", ""),
    ("judged", "修约后", "as judged", ""),
    ("unit", "单位", "unit", ""),
];

fn items(all: &Assessment<'_, '_>) -> Table {
    let mut columns = vec![("section", "断面", "section", ""), ("time", "时间", "time", "")];
    columns.extend(ITEM_COLUMNS);
    columns.extend([("class", "类别", "class", ""), ("multiple", "超标倍数", "multiple", "1")]);
    let mut table = Table::new("items", text("单项评价", "Items"), text("参考项目只列出，不参与评价。", "Reference items are listed and decide nothing."), 0, &columns);
    for t in &all.times {
        for row in judged_items(all, t.rules, &t.readings, &t.section) {
            let mut cells = vec![Cell::word(&all.stations[t.station].name), Cell::word(t.at)];
            cells.extend(row);
            table.push(cells);
        }
    }
    table
}

/// Item, value, value judged, unit, class and multiple of each reading.
fn judged_items(all: &Assessment<'_, '_>, rules: usize, readings: &[(usize, Reading)], section: &Section) -> Vec<Vec<Cell>> {
    let rules = &all.rules[rules];
    let row = |(number, given): &(usize, Reading)| {
        let item = &rules.items[*number];
        let verdict = section.items.iter().find(|v| v.item == *number);
        let at = match verdict {
            Some(v) if v.class().is_some() => class(v.class()),
            Some(v) => Cell::Graded("undecided".into(), words!("未定（{0}–{1}）", "open ({0}–{1})", numeral(v.best), numeral(v.worst)), OPEN.into()),
            None if section.reference.contains(number) => Cell::Text(text("参考", "reference")),
            None => Cell::Text(text("无限值", "no limits")),
        };
        vec![
            Cell::word(&item.code),
            Cell::Text(item.title.clone()),
            reading(*given),
            verdict.map_or(Cell::Blank, |v| Cell::number(Some(v.judged), 6)),
            Cell::word(if item.unit == "1" { "" } else { &item.unit }),
            at,
            Cell::number(verdict.and_then(|v| v.multiple), 4),
        ]
    };
    readings.iter().map(row).collect()
}

fn means(all: &Assessment<'_, '_>) -> Table {
    let mut columns = vec![("section", "断面", "section", ""), ("span", "周期", "span", ""), ("period", "时段", "period", "")];
    columns.extend(ITEM_COLUMNS);
    columns.extend([("class", "类别", "class", ""), ("multiple", "超标倍数", "multiple", "1")]);
    let lead = text("均值由未修约的值求得；pH 经氢离子浓度求平均；未检出按检出限的规定比例计。", "Means of unrounded values; pH through the hydrogen ion; a non-detect counts for the standard's share of its limit.");
    let mut table = Table::new("means", text("时段均值", "Means"), lead, 0, &columns);
    for p in &all.periods {
        for row in judged_items(all, p.rules, &p.means, &p.section) {
            let mut cells = vec![Cell::word(&all.stations[p.station].name), Cell::Text(span_word(p.span)), Cell::word(&p.period)];
            cells.extend(row);
            table.push(cells);
        }
    }
    table
}

fn compliance(all: &Assessment<'_, '_>) -> Table {
    let mut table = Table::new(
        "compliance",
        text("达标率", "Compliance"),
        text("分母不含数据不足的断面；两项达标率分列。", "Sections with too little data are in no denominator; the two rates are two results."),
        14,
        &[
            ("span", "周期", "span", ""),
            ("period", "时段", "period", ""),
            ("assessed", "评价断面", "assessed", "1"),
            ("insufficient", "数据不足", "insufficient", "1"),
            ("without_target", "无目标", "without target", "1"),
            ("own_pct", "目标达标率", "own target", "%"),
            ("third_pct", "Ⅲ类及以上", "class III or better", "%"),
            ("rating", "整体评价", "rating", ""),
        ],
    );
    for (span, period, c) in all.compliance() {
        let rating = rated(all, span, &period).map_or(Cell::Blank, |r| Cell::Text(r.0));
        table.push(vec![
            Cell::Text(span_word(span)),
            Cell::word(&period),
            Cell::Whole(c.assessed as i64),
            Cell::Whole(c.insufficient as i64),
            Cell::Whole(c.without_target as i64),
            Cell::number(c.own_pct, 1),
            Cell::number(c.third_pct, 1),
            rating,
        ]);
    }
    table
}

/// The rating of all sections of a period together: from five on by the shares of their classes.
fn rated(all: &Assessment<'_, '_>, span: Span, period: &str) -> Option<(Text, f64)> {
    let of = of_period(all, span, period);
    let classes: Vec<Class> = of.iter().filter_map(|p| p.class()).collect();
    let rules = of.last()?.rules;
    if classes.len() < 5 {
        return None;
    }
    basin_rating(all.rules[rules].assessment, &classes).ok().map(|r| (r.title, r.good_pct))
}

fn lakes(of: &Said2<'_, '_>) -> Option<Table> {
    if of.lakes.is_empty() {
        return None;
    }
    let mut table = Table::new(
        "trophic",
        text("湖库营养状态", "Trophic state of lakes"),
        text("综合营养状态指数；缺参数时按其余参数重新分配权重，注明“部分”。", "The trophic index; where a parameter is missing its weight goes to the others and the result is partial."),
        12,
        &[
            ("lake", "湖库", "lake", ""),
            ("span", "周期", "span", ""),
            ("period", "时段", "period", ""),
            ("index", "综合营养状态指数", "TLI", "1"),
            ("state", "营养状态", "state", ""),
            ("partial", "参数", "parameters", ""),
            ("sufficient", "数据充分", "sufficient", ""),
        ],
    );
    for lake in &of.lakes {
        let all = lake.trophic.parts.len();
        let there = lake.trophic.parts.iter().flatten().count();
        table.push(vec![
            Cell::word(&of.all.stations[lake.station].name),
            Cell::Text(span_word(lake.span)),
            Cell::word(&lake.period),
            Cell::number(Some(lake.trophic.index), 1),
            Cell::Text(lake.trophic.title.clone()),
            Cell::Text(if lake.trophic.partial { words!("部分（{there}/{all}）", "partial ({there}/{all})") } else { words!("齐全（{there}/{all}）", "complete ({there}/{all})") }),
            Cell::Truth(Some(!lake.insufficient), if lake.insufficient { text("不足", "insufficient") } else { text("充分", "sufficient") }),
        ]);
    }
    Some(table)
}

fn trends(of: &Said2<'_, '_>) -> Option<Table> {
    if of.trends.is_empty() {
        return None;
    }
    let mut table = Table::new(
        "trends",
        text("年际趋势（秩相关）", "Trends over years (rank correlation)"),
        text("数据充分的年份足够时检验；显著上升表示浓度变高（溶解氧相反）。", "Where there are enough years with enough data. Rising is worse, but for dissolved oxygen."),
        12,
        &[
            ("section", "断面", "section", ""),
            ("item", "项目", "item", ""),
            ("from", "自", "from", ""),
            ("to", "至", "to", ""),
            ("years", "年数", "years", "1"),
            ("rs", "秩相关系数", "rank correlation", "1"),
            ("trend", "趋势", "trend", ""),
        ],
    );
    for t in &of.trends {
        let word = match t.trend.as_ref().map(|t| t.word()) {
            Some("rising") => text("显著上升", "rising"),
            Some("falling") => text("显著下降", "falling"),
            Some(_) => text("无显著趋势", "none"),
            None => text("无该年数的临界值", "no critical value for so many years"),
        };
        table.push(vec![
            Cell::word(&of.all.stations[t.station].name),
            Cell::word(&t.item),
            Cell::word(&t.years.0),
            Cell::word(&t.years.1),
            Cell::Whole(t.periods as i64),
            Cell::number(t.trend.as_ref().map(|t| t.rs), 3),
            Cell::Text(word),
        ]);
    }
    Some(table)
}

/// Why a published class differs, in words.
fn why(of: &Said2<'_, '_>, why: Why) -> Text {
    match why {
        Why::Same => text("一致", "the same"),
        Why::NotDecided => text("数值不足以判定", "the values decide nothing"),
        Why::Rounding => text("公布值未经评价前修约", "published without rounding before judging"),
        Why::LimitEdge { item } => {
            let title = of.all.rules.last().map(|r| r.items[item].title.clone()).unwrap_or_default();
            Text::of(format!("{}恰在限值边上，差半个末位", title.zh), format!("{} lies at a limit, half a last digit away", title.en))
        }
        Why::CarriedOver => text("与前一次公布相同，疑似沿用", "the same as published before: probably carried over"),
        Why::Unexplained => text("原因不明", "not explained"),
    }
}

fn published(of: &Said2<'_, '_>) -> Option<Table> {
    if of.compared.is_empty() {
        return None;
    }
    let mut table = Table::new(
        "published_differs",
        text("与公布类别不同的行", "Rows whose published class differs"),
        text("按该行自己的数值重算；一致的行不列。", "Judged again by the row's own values; rows that agree are not listed."),
        12,
        &[
            ("section", "断面", "section", ""),
            ("time", "时间", "time", ""),
            ("row", "行号", "row", ""),
            ("published", "公布", "published", ""),
            ("computed", "重算", "computed", ""),
            ("why", "原因", "why", ""),
            ("why_code", "原因代码", "code of why", ""),
            ("set_aside", "该行状态", "status of the row", ""),
        ],
    );
    for c in of.compared.iter().filter(|c| c.why != Why::Same) {
        let row = &of.published[c.of];
        let aside = of.compared_aside.contains(&row.row);
        table.push(vec![
            Cell::word(&row.section),
            Cell::word(&row.at),
            Cell::Whole(row.row.cast_signed()),
            class(Some(row.class)),
            class(c.computed),
            Cell::Text(why(of, c.why)),
            Cell::word(why_code(c.why)),
            if aside { Cell::Text(text("维护等，不计入评价", "maintenance or the like, not judged")) } else { Cell::Blank },
        ]);
    }
    Some(table)
}

fn why_code(why: Why) -> &'static str {
    match why {
        Why::Same => "same",
        Why::NotDecided => "not_decided",
        Why::Rounding => "rounding",
        Why::LimitEdge { .. } => "limit_edge",
        Why::CarriedOver => "carried_over",
        Why::Unexplained => "unexplained",
    }
}

fn replayed(of: &Said2<'_, '_>) -> Vec<Table> {
    let Some(replay) = &of.replay else { return Vec::new() };
    let [a, b] = &replay.editions;
    let columns = [
        ("section", "断面", "section", ""),
        ("at", "时间或时段", "time or period", ""),
        ("before", "前", "before", ""),
        ("after", "后", "after", ""),
        ("rule", "规则变化", "change of rule", "1"),
        ("nature", "自然变化", "change of nature", "1"),
        ("items", "评价不同的项目", "items seen differently", ""),
    ];
    let whole = |n: Option<i8>| n.map_or(Cell::Blank, |n| Cell::Whole(i64::from(n)));
    let fill = |table: &mut Table, splits: &[Split]| {
        for s in splits {
            table.push(vec![Cell::word(&s.section), Cell::word(&s.at), class(s.before), class(s.after), whole(s.rule), whole(s.nature), Cell::word(s.items.join(", "))]);
        }
    };
    let lead = words!("前：{a}；后：{b}。级差为正表示变差；同一样次自然不变，差别全部来自规则。", "Before by {a}, after by {b}. Classes, positive is worse; nature is the same in one sample, so all of a difference is the rule's.");
    let mut same = Table::new("editions_differ", text("两版结果不同的样次与时段", "Samples and periods the editions see differently"), lead, 16, &columns);
    fill(&mut same, &replay.differing);
    let lead = words!("前一时段按 {a}，后一时段按 {b}；规则变化与自然变化之和为总变化。", "The earlier period by {a}, the later by {b}; rule and nature add up to the whole.");
    let mut next = Table::new("between_periods", text("相邻时段的变化", "From one period to the next"), lead, 16, &columns);
    fill(&mut next, &replay.between);
    vec![same, next]
}

fn facts(of: &Said2<'_, '_>, file: &FileRead) -> Vec<Fact> {
    let all = &of.all;
    let lakes = all.stations.iter().filter(|s| s.water == Water::Lake).count();
    let (count, rivers) = (all.stations.len(), all.stations.len() - lakes);
    let plain = |id, label: Text, value: Text, json: Value, note: Text| Fact { id, label, value, json, note, tone: Tone::Plain };
    let mut facts = vec![plain(
        "sections",
        text("断面", "Sections"),
        Text::same(count.to_string()),
        json!(count),
        words!("河流 {rivers}，湖库 {lakes}", "{rivers} of rivers, {lakes} of lakes"),
    )];
    let undecided = all.times.iter().filter(|t| t.section.class().is_none()).count();
    let aside = file.set_aside;
    facts.push(plain(
        "samples",
        text("评价样次", "Samples judged"),
        Text::same(all.times.len().to_string()),
        json!(all.times.len()),
        words!("未能定类 {undecided}；维护等剔除 {aside} 行", "{undecided} left open; {aside} rows set aside as maintenance or the like"),
    ));
    let month = latest(all, Span::Month).map(str::to_owned);
    if let Some(month) = month {
        let rates = all.compliance();
        if let Some((_, _, c)) = rates.iter().find(|(span, p, _)| *span == Span::Month && *p == month) {
            let (assessed, few) = (c.assessed, c.insufficient);
            let percent = |p: Option<f64>| p.map_or_else(|| text("—", "—"), |p| Text::same(format!("{}%", number(p, 1))));
            let tone = |p: Option<f64>| match p {
                Some(p) if p >= 100.0 => Tone::Good,
                Some(_) => Tone::Bad,
                None => Tone::Open,
            };
            let note = words!("{month}，评价 {assessed} 个断面，数据不足 {few} 个", "{month}, {assessed} sections assessed, {few} insufficient");
            facts.push(Fact { id: "third_pct", label: text("Ⅲ类及以上断面", "Class III or better"), value: percent(c.third_pct), json: json!(c.third_pct), note, tone: tone(c.third_pct) });
            let without = c.without_target;
            let note = words!("{month}，{without} 个断面未给目标", "{month}, {without} sections have no target");
            facts.push(Fact { id: "own_pct", label: text("达到各自目标的断面", "Own target met"), value: percent(c.own_pct), json: json!(c.own_pct), note, tone: tone(c.own_pct) });
        }
        if let Some((title, good)) = rated(all, Span::Month, &month) {
            let good = number(good, 1);
            facts.push(plain("rating", text("整体评价", "Rating of all"), title.clone(), json!(title.en), words!("{month}，Ⅰ–Ⅲ类占 {good}%", "{month}, {good}% of class I to III")));
        }
    }
    if !of.compared.is_empty() {
        let (compared, equal) = (of.compared.len(), of.compared.iter().filter(|c| c.why == Why::Same).count());
        facts.push(Fact {
            id: "published",
            label: text("与公布类别一致", "Agrees with published"),
            value: Text::same(format!("{equal}/{compared}")),
            json: json!({ "compared": compared, "equal": equal }),
            note: reasons(of),
            tone: if equal == compared { Tone::Good } else { Tone::Open },
        });
    }
    if let Some(replay) = &of.replay {
        let (count, [a, b]) = (replay.differing.len(), &replay.editions);
        facts.push(plain("editions_differ", text("两版不同", "Editions differ"), Text::same(count.to_string()), json!(count), words!("{a} 与 {b}，样次与时段", "{a} and {b}, samples and periods")));
    }
    facts
}

/// `限值边上 2，沿用 4`.
fn reasons(of: &Said2<'_, '_>) -> Text {
    let short = [
        ("rounding", "未修约", "not rounded"),
        ("limit_edge", "限值边上", "at a limit"),
        ("carried_over", "疑似沿用", "carried over"),
        ("not_decided", "未定", "open"),
        ("unexplained", "原因不明", "unexplained"),
    ];
    let counts: Vec<(usize, &str, &str)> = short
        .iter()
        .map(|(code, zh, en)| (of.compared.iter().filter(|c| why_code(c.why) == *code).count(), *zh, *en))
        .filter(|c| c.0 > 0)
        .collect();
    if counts.is_empty() {
        return text("全部一致", "all agree");
    }
    let zh: Vec<String> = counts.iter().map(|(n, zh, _)| format!("{zh} {n}")).collect();
    let en: Vec<String> = counts.iter().map(|(n, _, en)| format!("{en} {n}")).collect();
    Text::of(format!("不同的：{}", zh.join("，")), format!("others: {}", en.join(", ")))
}

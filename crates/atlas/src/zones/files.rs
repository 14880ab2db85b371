//! `zones.csv`, `zone_assets.csv`, `zone_changes.csv`, `zone_alerts.csv` and `zone_rules.csv`.

use std::collections::BTreeMap;

use liangshan_accounts::account::ALL;
use liangshan_accounts::catalogue;
use liangshan_accounts::change::Factor;
use liangshan_accounts::pieces::{PieceChange, sum_of};
use liangshan_formats::table::write_csv;
use liangshan_vocab::Fen;

use super::Where;
use super::sheet::{ELSEWHERE, Line, ZoneSheet, m2, m2_written};

/// A column: name, title in Chinese, title.
pub type Column = (&'static str, &'static str, &'static str);

/// The columns of `zones.csv`.
pub const ZONE_COLUMNS: [Column; 18] = [
    ("set", "分区组", "set of zones that stand side by side"),
    ("kind", "种类：zone 空间，line 控制线，function 功能区，water 水环境，area 管控区域", "zone, line, function, water or area"),
    ("zone", "分区标识；elsewhere 为以上之外，all 为各分区合计", "id of the zone; elsewhere: outside all of them; all: the zones together"),
    ("name_zh", "名称", "name, in Chinese"),
    ("name_en", "名称（英文）", "name"),
    ("layer", "管控图层", "control layer"),
    ("edition", "版本", "edition"),
    ("adopted", "通过日期", "day of adoption"),
    ("decree", "依据", "decree"),
    ("office", "责任部门", "office that answers for it"),
    ("features", "要素数", "features it is made of"),
    ("place_code", "地区代码", "place code"),
    ("place_name", "地区", "place"),
    ("area_m2", "面积（m²）", "area, m²"),
    ("area_ha", "面积（公顷）", "area, ha"),
    ("area_mu", "面积（亩）", "area, mu"),
    ("share", "占该地区面积的比例", "share of the place's area"),
    ("method", "量算方法", "how it was measured"),
];

/// The columns of `zone_assets.csv`.
pub const ASSET_COLUMNS: [Column; 10] = [
    ("year", "年份", "year"),
    ("set", "分区组", "set"),
    ("zone", "分区标识", "zone"),
    ("place_code", "地区代码", "place code"),
    (
        "ecosystem",
        "生态系统类型；all 为合计；各类型只列分区全部，不列分县",
        "ecosystem type; all is the sum; types are told of the zone as a whole, not by county",
    ),
    ("indicator", "指标；extent 为面积，total 为已分区服务合计", "indicator; extent is the area, total the sum of what is divided"),
    (
        "how",
        "分法：map 按分布图，type_area 按生态系统类型面积分摊，none 不分区（此行为全县）",
        "map: by its cells; type_area: by the area of its ecosystem type; none: not divided, the row is the county's",
    ),
    ("quantity", "实物量；各部分为整数，相加等于账户", "quantity; parts are whole and add up to the account"),
    ("unit", "单位", "unit"),
    ("value_yuan", "价值（元）；各部分相加等于账户", "value, CNY; parts add up to the account"),
];

/// The columns of `zone_changes.csv`.
pub const CHANGE_COLUMNS: [Column; 13] = [
    ("from_year", "起始年份", "earlier year"),
    ("to_year", "终止年份", "later year"),
    ("set", "分区组", "set"),
    ("zone", "分区标识", "zone"),
    ("place_code", "地区代码", "place code"),
    ("indicator", "指标；total 为合计", "indicator; total is the sum"),
    ("before_yuan", "起始年价值（元）", "value in the earlier year, CNY"),
    ("after_yuan", "终止年价值（元）", "value in the later year, CNY"),
    ("change_yuan", "变化（元），等于后四列之和", "change, CNY: the sum of the next four"),
    ("weather_yuan", "其中天气（元）", "of it by weather, CNY"),
    ("price_yuan", "其中单价（元）", "of it by prices, CNY"),
    ("land_cover_yuan", "其中土地覆被（元）", "of it by land cover, CNY"),
    ("rest_yuan", "其中其他（元）", "of it by the rest, CNY"),
];

/// The columns of `zone_alerts.csv`.
pub const ALERT_COLUMNS: [Column; 9] = [
    ("set", "分区组", "set"),
    ("zone", "分区标识", "zone"),
    ("office", "责任部门", "office"),
    ("measure", "量：value 价值，managed 扣除天气与单价影响的价值，natural 林灌草湿面积", "value; managed: value less weather and prices; natural: area"),
    ("from_year", "起始年份", "earlier year"),
    ("to_year", "终止年份", "later year"),
    ("by", "变化：价值为元，面积为 m²", "change: CNY of value, m² of area"),
    ("decline_percent", "下降百分数", "decline, %"),
    ("threshold_percent", "预警阈值百分数", "threshold, %"),
];

/// The columns of `zone_rules.csv`.
pub const RULE_COLUMNS: [Column; 10] = [
    ("rule", "规则", "rule"),
    ("title_zh", "内容", "what it says, in Chinese"),
    ("title_en", "内容（英文）", "what it says"),
    ("layers", "图层", "layers"),
    ("holds", "是否成立：yes、no、undecidable", "yes, no or undecidable"),
    ("pieces", "找出的图斑数，含容差以内的", "pieces found, those within tolerance included"),
    ("area_m2", "图斑面积合计（m²）", "their area together, m²"),
    ("severity", "逐条：级别", "of each fault: severity"),
    ("fault", "逐条：说明与位置", "of each fault: what and where"),
    ("fault_area_m2", "逐条：面积（m²）", "of each fault: area, m²"),
];

/// The files, by name.
pub fn files(sheet: &ZoneSheet<'_>) -> Vec<(String, Vec<u8>)> {
    vec![
        ("zones.csv".into(), zones(sheet)),
        ("zone_assets.csv".into(), assets(sheet)),
        ("zone_changes.csv".into(), changes(sheet)),
        ("zone_alerts.csv".into(), alerts(sheet)),
        ("zone_rules.csv".into(), rules(sheet)),
    ]
}

/// Names of columns.
fn names<const N: usize>(columns: &[Column; N]) -> [&'static str; N] {
    columns.map(|c| c.0)
}

/// A place: a county, or all of them.
pub(super) fn places(sheet: &ZoneSheet<'_>) -> Vec<(Option<usize>, String, String)> {
    let p = &sheet.book.prepared.places;
    let whole = (None, p.whole.clone(), p.whole_name.zh.to_string());
    let counties = p.counties.iter().enumerate().map(|(at, c)| (Some(at), c.code.clone(), c.name.zh.to_string()));
    std::iter::once(whole).chain(counties).collect()
}

fn zones(sheet: &ZoneSheet<'_>) -> Vec<u8> {
    let method = sheet.method().zh;
    let mut rows = Vec::new();
    for (at, set) in sheet.zones.sets.iter().enumerate() {
        for line in sheet.lines_of(at) {
            rows.extend(zone_rows(sheet, line, &set.id, set.kind.word(), &method));
        }
        for (county, code, name) in places(sheet) {
            let inside = sheet.lines_of(at).filter(|l| l.zone.is_some());
            let area: i128 = inside.flat_map(|l| l.counties.iter()).filter(|(c, _)| county.is_none_or(|own| own == **c)).map(|(_, a)| a).sum();
            if area > 0 {
                let head = [set.id.clone(), set.kind.word().into(), "all".into(), set.title.zh.to_string(), set.title.en.to_string()];
                let none = std::iter::repeat_n(String::new(), 6);
                rows.push(head.into_iter().chain(none).chain(measures(sheet, county, code, name, area, &method)).collect::<Vec<_>>());
            }
        }
    }
    write_csv(&names(&ZONE_COLUMNS), rows, true)
}

fn zone_rows(sheet: &ZoneSheet<'_>, line: &Line, set: &str, kind: &str, method: &str) -> Vec<Vec<String>> {
    let zone = line.zone.map(|z| &sheet.zones.zones[z]);
    let of = |pick: &dyn Fn(&super::Zone) -> String| zone.map(pick).unwrap_or_default();
    let head: Vec<String> = vec![
        set.to_owned(),
        kind.to_owned(),
        line.id.clone(),
        line.title.zh.to_string(),
        line.title.en.to_string(),
        of(&|z| z.layer.clone()),
        of(&|z| z.edition.clone()),
        of(&|z| z.adopted.to_string()),
        of(&|z| z.decree.clone()),
        of(&|z| z.office.clone()),
        of(&|z| z.features.to_string()),
    ];
    let mut rows = Vec::new();
    for (county, code, name) in places(sheet) {
        let area = county.map_or_else(|| line.area(), |c| line.counties.get(&c).copied().unwrap_or(0));
        if area > 0 {
            rows.push(head.iter().cloned().chain(measures(sheet, county, code, name, area, method)).collect());
        }
    }
    rows
}

fn measures(sheet: &ZoneSheet<'_>, county: Option<usize>, code: String, name: String, area: i128, method: &str) -> [String; 7] {
    let of = county.map_or_else(|| sheet.whole(), |c| sheet.counties[c]);
    // Hectares to a hundredth of a square metre; mu, which are 2000/3 m², to a hundredth of a mu.
    let ha = liangshan_accounts::valuation::Amount { units: area, decimals: 6 }.to_string();
    [code, name, m2_written(area), ha, format!("{:.2}", m2(area) * 15.0 / 10_000.0), format!("{:.6}", area as f64 / of as f64), method.to_owned()]
}

fn assets(sheet: &ZoneSheet<'_>) -> Vec<u8> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for year in sheet.years() {
        for line in &sheet.lines {
            let set = &sheet.zones.sets[line.set].id;
            let counties: Vec<usize> = line.counties.keys().copied().collect();
            // A zone in one county says the same of the county and of the whole.
            let wanted: Vec<Option<usize>> = std::iter::once(None).chain(counties.iter().map(|c| Some(*c))).collect();
            for county in wanted {
                let here = |at: Where| sheet.has(at) && (at.set, at.zone) == (line.set, line.zone) && county.is_none_or(|c| c == at.county);
                let code = code_of(sheet, county);
                let head = |ecosystem: &str, indicator: &str| {
                    vec![year.to_string(), set.clone(), line.id.clone(), code.clone(), ecosystem.to_owned(), indicator.to_owned()]
                };
                rows.extend(extent_rows(sheet, *year, county.is_none(), &here, &head));
                let assets = sheet.assets(*year, here);
                let mut totals: BTreeMap<&str, Fen> = BTreeMap::new();
                for asset in assets.iter().filter(|a| county.is_none() || a.ecosystem == ALL) {
                    let top = catalogue::parent(&asset.indicator).is_none();
                    if let Some(value) = asset.value.filter(|_| top) {
                        *totals.entry(asset.ecosystem.as_str()).or_default() += value;
                    }
                    let (quantity, unit) = asset.quantity.as_ref().map_or((String::new(), String::new()), |(q, u)| (q.to_string(), u.clone()));
                    let value = asset.value.map(Fen::yuan).unwrap_or_default();
                    rows.push(head(&asset.ecosystem, &asset.indicator).into_iter().chain([asset.how.word().to_owned(), quantity, unit, value]).collect());
                }
                for (ecosystem, value) in totals {
                    rows.push(head(ecosystem, "total").into_iter().chain([String::new(), String::new(), String::new(), value.yuan()]).collect());
                }
            }
        }
        rows.extend(undivided_rows(sheet, *year));
    }
    write_csv(&names(&ASSET_COLUMNS), rows, true)
}

fn code_of(sheet: &ZoneSheet<'_>, county: Option<usize>) -> String {
    let places = &sheet.book.prepared.places;
    county.map_or_else(|| places.whole.clone(), |c| places.counties[c].code.clone())
}

fn extent_rows(sheet: &ZoneSheet<'_>, year: i32, types: bool, here: &dyn Fn(Where) -> bool, head: &dyn Fn(&str, &str) -> Vec<String>) -> Vec<Vec<String>> {
    let mut by_type: BTreeMap<&str, i128> = BTreeMap::new();
    for row in sheet.account.extent.iter().filter(|r| r.year == year && here(r.at)) {
        *by_type.entry(row.ecosystem.as_str()).or_default() += row.area;
    }
    let all: i128 = by_type.values().sum();
    let row = |ecosystem: &str, area: i128| {
        head(ecosystem, "extent").into_iter().chain(["map".to_owned(), m2_written(area), "m2".to_owned(), String::new()]).collect()
    };
    let by_type = by_type.into_iter().filter(|_| types);
    std::iter::once(row(ALL, all)).chain(by_type.map(|(kind, area)| row(kind, area))).collect()
}

/// What is not divided, so that it is nowhere dropped: by county, in no zone.
fn undivided_rows(sheet: &ZoneSheet<'_>, year: i32) -> Vec<Vec<String>> {
    let mut by: BTreeMap<(usize, &str), Fen> = BTreeMap::new();
    for one in sheet.account.undivided.iter().filter(|u| u.year == year) {
        *by.entry((one.county, one.indicator.as_str())).or_default() += one.value;
    }
    let row = |((county, indicator), value): ((usize, &str), Fen)| {
        let code = code_of(sheet, Some(county));
        let cells = [
            year.to_string(),
            String::new(),
            String::new(),
            code,
            "all".into(),
            indicator.to_owned(),
            "none".into(),
            String::new(),
            String::new(),
            value.yuan(),
        ];
        cells.to_vec()
    };
    by.into_iter().map(row).collect()
}

/// Set, whether outside all of its zones, zone and county, in the order of `zone_changes.csv`.
type Group = (usize, bool, Option<usize>, Option<usize>);

fn changes(sheet: &ZoneSheet<'_>) -> Vec<u8> {
    let mut rows = Vec::new();
    for change in &sheet.account.changes {
        let mut by: BTreeMap<Group, BTreeMap<(usize, &str), Vec<&PieceChange>>> = BTreeMap::new();
        for row in change.rows.iter().filter(|r| sheet.has(r.at)) {
            for county in [None, Some(row.at.county)] {
                let own = by.entry((row.at.set, row.at.zone.is_none(), row.at.zone, county)).or_default();
                for id in std::iter::successors(Some(row.indicator.as_str()), |id| catalogue::parent(id)) {
                    own.entry(catalogue::rank(id)).or_default().push(&row.change);
                }
                own.entry((usize::MAX, "total")).or_default().push(&row.change);
            }
        }
        for ((set, _, zone, county), indicators) in by {
            let id = zone.map_or(ELSEWHERE, |z| sheet.zones.zones[z].id.as_str());
            for ((_, indicator), parts) in indicators {
                let sum = sum_of(parts);
                let head = [
                    change.from.to_string(),
                    change.to.to_string(),
                    sheet.zones.sets[set].id.clone(),
                    id.to_owned(),
                    code_of(sheet, county),
                    indicator.to_owned(),
                ];
                let values = [sum.before, sum.after, sum.after - sum.before].into_iter().chain(Factor::ALL.map(|f| sum.parts.of(f))).map(Fen::yuan);
                rows.push(head.into_iter().chain(values).collect::<Vec<_>>());
            }
        }
    }
    write_csv(&names(&CHANGE_COLUMNS), rows, true)
}

fn alerts(sheet: &ZoneSheet<'_>) -> Vec<u8> {
    let mut rows = Vec::new();
    for line in &sheet.lines {
        for alert in &line.alerts {
            let by = liangshan_accounts::valuation::Amount { units: alert.by, decimals: 2 }.to_string();
            rows.push(vec![
                sheet.zones.sets[line.set].id.clone(),
                line.id.clone(),
                line.zone.map(|z| sheet.zones.zones[z].office.clone()).unwrap_or_default(),
                alert.measure.word().to_owned(),
                alert.from.to_string(),
                alert.to.to_string(),
                by,
                format!("{:.4}", alert.share * 100.0),
                format!("{}", alert.threshold * 100.0),
            ]);
        }
    }
    write_csv(&names(&ALERT_COLUMNS), rows, true)
}

fn rules(sheet: &ZoneSheet<'_>) -> Vec<u8> {
    let mut rows = Vec::new();
    for checked in &sheet.checked {
        let head = [
            checked.rule.to_owned(),
            checked.title.zh.to_string(),
            checked.title.en.to_string(),
            checked.layers.join(" "),
            checked.holds.word().to_owned(),
            checked.pieces.to_string(),
            format!("{:.4}", checked.area_m2),
        ];
        if checked.problems.is_empty() {
            rows.push(head.iter().cloned().chain(std::iter::repeat_n(String::new(), 3)).collect::<Vec<_>>());
        }
        for problem in &checked.problems.0 {
            let area = problem.at.area_m2.map(|a| format!("{a:.4}")).unwrap_or_default();
            let severity = problem.severity.word(liangshan_vocab::Lang::En).to_owned();
            rows.push(head.iter().cloned().chain([severity, problem.what.zh.to_string(), area]).collect());
        }
    }
    write_csv(&names(&RULE_COLUMNS), rows, true)
}

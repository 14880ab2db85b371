//! `account.csv`, `totals.csv`, `dictionary.csv`, `statements.jsonl`, `provenance.json`; what stands
//! beside them is in [`super::beside`].

use liangshan_accounts::account::{ALL, Total};
use liangshan_accounts::catalogue::{CATALOGUE, Class};
use liangshan_accounts::statements::Subject;
use liangshan_formats::table::write_csv;
use liangshan_vocab::{Problems, Text};
use serde_json::{Value, json};

use crate::book::Book;
use crate::ground::UNALLOCATED;
use crate::publication::Publication;

/// The columns of `account.csv`, in order: name, title, meaning.
pub const ACCOUNT_COLUMNS: [(&str, &str, &str, &str, &str); 18] = [
    ("year", "年份", "year", "核算年份", "accounting year"),
    ("place_code", "地区代码", "place code", "GB/T 2260 区划代码", "GB/T 2260 division code"),
    ("place_name", "地区", "place", "地区名称（中文）", "name of the place, in Chinese"),
    (
        "ecosystem",
        "生态系统类型",
        "ecosystem type",
        "HJ 1166-2021 一级类；all 为合计，unallocated 为未分配",
        "HJ 1166-2021 level I; all is the sum, unallocated what falls under none",
    ),
    ("indicator", "指标", "indicator", "指标标识；带点的是某指标的组成部分", "indicator id; a dotted one is part of another"),
    ("class", "类别", "class", "material 物质供给，regulating 调节服务，cultural 文化服务", "material, regulating or cultural"),
    (
        "quantity",
        "实物量",
        "quantity",
        "取整一次（四舍六入五成双）到指标的最小单位；合计为整数和",
        "rounded once, half to even, to the indicator's smallest unit; totals are integer sums",
    ),
    ("unit", "实物量单位", "unit of quantity", "一个核算年的量", "of one accounting year"),
    ("price", "单价", "price", "原子行为所用单价；合计行为平均单价", "the price applied; of a sum, its average"),
    ("price_unit", "单价单位", "unit of price", "元每实物量单位；1 表示对金额的份额", "CNY per unit of quantity; 1 for a share of money"),
    ("price_year", "价格年份", "price year", "单价所属年份", "the year of the price"),
    ("price_id", "单价标识", "price id", "价格表中的标识；average(…) 表示平均", "id in the price table; average(…) for an average"),
    (
        "value_yuan",
        "价值（元）",
        "value, CNY",
        "实物量 × 单价，四舍六入五成双到分；合计为整数和",
        "quantity × price, half to even to the fen; totals are integer sums",
    ),
    ("profile", "方法方案", "method profile", "后缀 -reconstructed 表示无人读过原文", "the suffix -reconstructed says that nobody here has read the text"),
    ("evidence", "核实程度", "evidence", "verified、partial 或 unverified", "verified, partial or unverified"),
    ("origin", "数据性质", "origin", "measured 实测，modelled 模拟，synthetic 合成，mixed 混合", "measured, modelled, synthetic or mixed"),
    ("status", "状态", "status", "ok、not_applicable 或 missing_input", "ok, not_applicable or missing_input"),
    ("digest", "依据摘要", "digest", "所读全部数据与方法的 SHA-256", "SHA-256 of everything read"),
];

/// The files of this module, by name.
///
/// # Errors
/// None at present; the signature leaves room for formats that can fail.
pub(super) fn files(book: &Book, publication: &Publication, dictionary: &[[String; 14]]) -> Result<Vec<(String, Vec<u8>)>, Problems> {
    Ok(vec![
        ("account.csv".into(), account(book)),
        ("totals.csv".into(), totals(book)),
        ("dictionary.csv".into(), self::dictionary(dictionary)),
        ("beside.csv".into(), beside(book)),
        ("statements.jsonl".into(), statements(book)),
        ("provenance.json".into(), provenance(book, publication)),
        ("alternatives.csv".into(), super::beside::alternatives(book)),
        ("profile.json".into(), super::beside::profile(book)),
    ])
}

fn account_columns() -> Vec<&'static str> {
    ACCOUNT_COLUMNS.iter().map(|c| c.0).collect()
}

/// `dictionary.csv`.
pub(super) fn dictionary(rows: &[[String; 14]]) -> Vec<u8> {
    write_csv(&DICTIONARY_COLUMNS, rows, true)
}

/// `account.csv`.
pub(super) fn account(book: &Book) -> Vec<u8> {
    let account = &book.assembled.account;
    let mut digests = std::collections::BTreeMap::new();
    let rows = account.rows.iter().map(|row| {
        let name = book.prepared.places.name(&row.place).map(|n| n.zh.to_string()).unwrap_or_default();
        let price = row.price.as_ref();
        let subject = Subject { year: row.year, place: &row.place, ecosystem: &row.ecosystem, indicator: &row.indicator };
        let digest = digests.entry((row.year, row.place.clone(), row.indicator.clone())).or_insert_with(|| book.basis_of(subject)).as_str().to_owned();
        vec![
            row.year.to_string(),
            row.place.clone(),
            name,
            row.ecosystem.clone(),
            row.indicator.clone(),
            row.class.word().to_owned(),
            row.quantity.map(|q| q.to_string()).unwrap_or_default(),
            row.unit.clone(),
            price.map(|p| p.value.clone()).unwrap_or_default(),
            price.map(|p| p.unit.clone()).unwrap_or_default(),
            price.and_then(|p| p.year).map(|y| y.to_string()).unwrap_or_default(),
            price.map(|p| p.id.clone()).unwrap_or_default(),
            row.value.map(|v| v.yuan()).unwrap_or_default(),
            account.profile.clone(),
            row.evidence.word().to_owned(),
            row.origin.map(|o| o.word()).unwrap_or_default().to_owned(),
            row.status.word().to_owned(),
            digest,
        ]
    });
    write_csv(&account_columns(), rows, true)
}

/// The columns of `beside.csv`, in order: name and titles.
pub const BESIDE_COLUMNS: [(&str, &str, &str); 15] = [
    ("year", "年份", "year"),
    ("place_code", "地区代码", "place code"),
    ("indicator", "指标", "indicator"),
    (
        "kind",
        "类别：route 另一方法，price 另一单价，unvalued 只计实物量者的价值",
        "route: another method; price: another price; unvalued: the value of what is counted by quantity only",
    ),
    ("alternative", "路线或单价标识", "route or price id"),
    ("quantity", "实物量", "quantity"),
    ("unit", "实物量单位", "unit of quantity"),
    ("price", "单价", "price"),
    ("price_unit", "单价单位", "unit of price"),
    ("price_year", "价格年份", "price year"),
    ("price_id", "单价标识", "price id"),
    ("value_yuan", "价值（元），不计入任何合计", "value, CNY; in no total"),
    ("over_account", "与账户数之比", "over the account's number"),
    ("note_zh", "说明", "note, in Chinese"),
    ("note_en", "说明（英文）", "note, in English"),
];

/// What stands beside the account.
fn beside(book: &Book) -> Vec<u8> {
    let rows = book.besides().into_iter().map(|b| {
        let price = b.price.as_ref();
        vec![
            b.year.to_string(),
            b.place.clone(),
            b.indicator.clone(),
            b.kind.word().to_owned(),
            b.name.clone(),
            b.quantity.to_string(),
            b.unit.clone(),
            price.map(|p| p.value.to_string()).unwrap_or_default(),
            price.map(|p| p.unit.clone()).unwrap_or_default(),
            price.map(|p| p.year.to_string()).unwrap_or_default(),
            price.map(|p| p.id.clone()).unwrap_or_default(),
            b.value.map(|v| v.yuan()).unwrap_or_default(),
            b.over.map(|o| format!("{o}")).unwrap_or_default(),
            b.note.zh.to_string(),
            b.note.en.to_string(),
        ]
    });
    write_csv(&BESIDE_COLUMNS.map(|c| c.0), rows, true)
}

/// The columns of `totals.csv`, in order: name and titles.
pub const TOTAL_COLUMNS: [(&str, &str, &str); 20] = [
    ("year", "年份", "year"),
    ("place_code", "地区代码", "place code"),
    ("place_name", "地区", "place"),
    ("ecosystem", "生态系统类型", "ecosystem type"),
    ("total", "总值标识", "total id: gep, or assessed_services when incomplete"),
    ("title_zh", "总值名称", "name of the total, in Chinese"),
    ("material_yuan", "物质供给价值（元）", "material supply, CNY"),
    ("regulating_yuan", "调节服务价值（元）", "regulating services, CNY"),
    ("cultural_yuan", "文化服务价值（元）", "cultural services, CNY"),
    ("deduction_yuan", "扣减：区外产品价值（元）", "deduction: products from outside, CNY"),
    ("value_yuan", "总值（元）", "total, CNY"),
    ("conversion_yuan", "“两山”转化价值（元）", "two-mountains conversion value (material + cultural), CNY"),
    ("area_km2", "面积（km2，椭球）", "area on the ellipsoid, km2"),
    ("yuan_per_km2", "单位面积价值（元/km2）", "CNY per km2"),
    ("yuan_per_head", "人均价值（元）", "CNY per resident"),
    ("over_gdp", "与 GDP 之比", "over GDP"),
    ("index_zh", "指数名称", "name of the index, in Chinese"),
    ("complete", "是否完整", "complete or not"),
    ("missing", "未核算指标", "indicators not assessed"),
    ("weather", "天气：year 当年，normal 常年", "weather: the year's own, or normal"),
];

/// `totals.csv`.
pub(super) fn totals(book: &Book) -> Vec<u8> {
    let account = &book.assembled.account;
    let ratio = |value: Option<f64>| value.map(|v| format!("{v}")).unwrap_or_default();
    let rows = account.totals.iter().map(|t: &Total| {
        let name = book.prepared.places.name(&t.place).map(|n| n.zh.to_string()).unwrap_or_default();
        let area = book.prepared.places.area_m2(&t.place).filter(|_| t.ecosystem == ALL).map(|m2| m2 / 1e6);
        vec![
            t.year.to_string(),
            t.place.clone(),
            name,
            t.ecosystem.clone(),
            t.id().to_owned(),
            t.title().zh.to_string(),
            t.class(Class::Material).yuan(),
            t.class(Class::Regulating).yuan(),
            t.class(Class::Cultural).yuan(),
            t.deduction.yuan(),
            t.value.yuan(),
            t.conversion().yuan(),
            ratio(area),
            ratio(t.per_km2),
            ratio(t.per_head),
            ratio(t.over_gdp),
            t.index_title().zh.to_string(),
            if t.complete { "yes" } else { "no" }.to_owned(),
            t.missing.iter().map(|m| m.indicator.as_str()).collect::<Vec<_>>().join(" "),
            book.prepared.weather.word().to_owned(),
        ]
    });
    write_csv(&TOTAL_COLUMNS.map(|c| c.0), rows, true)
}

/// The columns of `dictionary.csv`, in order.
pub const DICTIONARY_COLUMNS: [&str; 14] = [
    "kind",
    "id",
    "title_zh",
    "title_en",
    "meaning_zh",
    "meaning_en",
    "unit",
    "smallest_unit",
    "class",
    "parent",
    "counted_in_total",
    "how",
    "price_id",
    "evidence",
];

/// The rows of `dictionary.csv`.
pub(super) fn dictionary_rows(book: &Book) -> Vec<[String; 14]> {
    let profile = &book.prepared.method.profile;
    let account = &book.assembled.account;
    let mut rows: Vec<[String; 14]> = Vec::new();
    let plain = |kind: &str, id: &str, title: &Text, meaning: &Text| {
        let mut row: [String; 14] = std::array::from_fn(|_| String::new());
        row[..6].clone_from_slice(&[kind.into(), id.into(), title.zh.to_string(), title.en.to_string(), meaning.zh.to_string(), meaning.en.to_string()]);
        row
    };
    for (id, zh, en, meaning_zh, meaning_en) in ACCOUNT_COLUMNS.iter() {
        rows.push(plain("account.csv", id, &Text::of(*zh, *en), &Text::of(*meaning_zh, *meaning_en)));
    }
    for (id, zh, en) in TOTAL_COLUMNS {
        rows.push(plain("totals.csv", id, &Text::of(zh, en), &Text::default()));
    }
    for [kind, id, zh, en, meaning_zh, meaning_en] in super::workbook::described().into_iter().chain(super::wide::described()) {
        rows.push(plain(kind, id, &Text::of(zh, en), &Text::of(meaning_zh, meaning_en)));
    }
    for (id, zh, en) in crate::review::REVIEW_COLUMNS {
        rows.push(plain("review.csv", id, &Text::of(zh, en), &Text::default()));
    }
    for (id, zh, en) in super::changes::CHANGE_COLUMNS {
        rows.push(plain("changes.csv", id, &Text::of(zh, en), &Text::default()));
    }
    for (id, zh, en) in super::beside::ALTERNATIVE_COLUMNS {
        rows.push(plain("alternatives.csv", id, &Text::of(zh, en), &Text::default()));
    }
    for (id, zh, en) in BESIDE_COLUMNS {
        rows.push(plain("beside.csv", id, &Text::of(zh, en), &Text::default()));
    }
    let rules = [
        (
            "rounding",
            "四舍六入五成双",
            "half to even",
            "原子（年份、县、生态系统类型、指标）的实物量取整一次，价值取整到分一次；一切合计都是原子的整数和",
            "an atom (year, county, ecosystem type, indicator) has its quantity rounded once and its value once to the fen; every total is an integer sum of atoms",
        ),
        (
            "total",
            "总值的组成",
            "what the total adds",
            "counted_in_total = yes 的指标在 ecosystem = all 的行之和",
            "the rows with ecosystem = all of the indicators with counted_in_total = yes",
        ),
        ("blank", "空白不是零", "blank is not zero", "空白表示没有计入，零表示算得或申明为零", "blank means not counted, zero means computed or declared zero"),
        (
            "change",
            "变化的分解",
            "how a change is split",
            "天气、单价、土地覆被与其他四个因素依次由前一年换到后一年，取全部 24 种次序下各因素贡献的平均，逐原子取整到分，四部分之和等于变化",
            "weather, prices, land cover and the rest are switched from the earlier year to the later; each part is the average of what its factor adds over all 24 orders, in whole fen atom by atom, and the four add up to the change",
        ),
        ("weather", "天气设定", "weather setting", "year 为当年天气，normal 为常年天气", "year is the year's own weather, normal the multi-year normal"),
    ];
    for (id, zh, en, meaning_zh, meaning_en) in rules {
        rows.push(plain("rule", id, &Text::of(zh, en), &Text::of(meaning_zh, meaning_en)));
    }
    let weather = book.weather_words();
    rows.push(plain("setting", "weather", &Text::of("本账户的天气设定", "the weather of this account"), &weather));
    for kind in &book.prepared.classes.types {
        rows.push(plain("ecosystem", &kind.id, &kind.name, &Text::default()));
    }
    rows.push(plain("ecosystem", UNALLOCATED, &Text::of("未分配", "unallocated"), &Text::default()));
    let mut seen = std::collections::BTreeSet::new();
    for row in account.rows.iter().filter(|r| r.ecosystem == ALL && r.place == book.prepared.places.whole) {
        if !seen.insert(row.indicator.clone()) {
            continue;
        }
        let Some(known) = liangshan_accounts::catalogue::indicator(&row.indicator) else { continue };
        let method = profile.method(&row.indicator);
        let part = book.assembled.names.get(&row.indicator).cloned().unwrap_or_default();
        let join = |title: &str, part: &str, between: &str| if part.is_empty() { title.to_owned() } else { format!("{title}{between}{part}") };
        let decimals = row.quantity.map(|q| q.decimals).or_else(|| profile.measure(&row.indicator).map(|m| m.1)).unwrap_or(known.decimals);
        let reason = row.status.reason().cloned().unwrap_or_default();
        let note = method.map(|m| m.note.clone()).unwrap_or_default();
        let (note_zh, note_en) = note.split_once(" / ").map_or((note.clone(), note.clone()), |(zh, en)| (zh.to_owned(), en.to_owned()));
        let counted = account.rows.iter().any(|r| r.indicator == row.indicator && r.counted);
        rows.push([
            "indicator".into(),
            row.indicator.clone(),
            join(&known.title.zh, &part.zh, "·"),
            join(&known.title.en, &part.en, ": "),
            if reason.is_empty() { note_zh } else { format!("{}：{}", row.status.word(), reason.zh) },
            if reason.is_empty() { note_en } else { format!("{}: {}", row.status.word(), reason.en) },
            row.unit.clone(),
            if decimals == 0 { "1".into() } else { format!("0.{}1", "0".repeat(decimals as usize - 1)) },
            row.class.word().into(),
            liangshan_accounts::catalogue::parent(&row.indicator).unwrap_or_default().into(),
            if counted { "yes" } else { "no" }.into(),
            method.map(|m| m.how.clone()).unwrap_or_default(),
            method.and_then(|m| m.price_id.clone()).unwrap_or_default(),
            row.evidence.word().into(),
        ]);
    }
    for indicator in CATALOGUE.iter().filter(|i| !seen.contains(i.id)) {
        let why = match profile.inclusion(indicator.id) {
            liangshan_accounts::profile::Inclusion::Unknown => {
                Text::of("方法方案是否计入未知，故不计", "not known whether the profile counts it, so it is left out")
            }
            _ => Text::of("该方法方案不计入", "not counted by this profile"),
        };
        rows.push(plain("not_counted", indicator.id, &indicator.title, &why));
    }
    rows
}

fn statements(book: &Book) -> Vec<u8> {
    let mut out = Vec::new();
    for statement in book.statements() {
        // A statement is made of text and finite numbers only, so it always serialises.
        if serde_json::to_writer(&mut out, &statement).is_ok() {
            out.push(b'\n');
        }
    }
    out
}

fn provenance(book: &Book, publication: &Publication) -> Vec<u8> {
    let p = &book.prepared;
    let grid = &p.region.declared.grid;
    let streams: Vec<Value> = book
        .years
        .iter()
        .flat_map(|y| y.plan.streams.iter().map(move |s| (y, s)))
        .map(|(y, s)| {
            let chain: Vec<Value> = y.plan.steps.iter().map(|step| json!({ "model": step.model.spec.id, "version": step.model.version, "source": { "work": step.model.spec.source.work, "at": step.model.spec.source.at }, "numbers": step.numbers.iter().map(|(n, v)| json!({ "name": n, "value": v })).collect::<Vec<_>>() })).collect();
            json!({
                "year": y.plan.year, "model": s.id(&y.plan), "name": s.name, "origin": s.origin, "counted_by": s.counted_by,
                "reads": s.reads.iter().map(|r| json!({ "file": r.file, "part": r.part, "digest": r.digest })).collect::<Vec<_>>(),
                "steps": chain,
            })
        })
        .collect();
    let flows: serde_json::Map<String, Value> = p.method.flows.iter().map(|(id, flow)| (id.clone(), json!(flow))).collect();
    let indicators: Vec<Value> = p
        .method
        .profile
        .indicators
        .iter()
        .map(|m| {
            let parameters: Vec<Value> = m.parameters.iter().map(parameter).collect();
            json!({ "indicator": m.indicator, "include": m.status.word(), "how": m.how, "price_id": m.price_id, "alternatives": m.alternatives, "basis": m.basis, "evidence": m.evidence, "note": m.note, "parameters": parameters, "flow": flows.get(&m.indicator) })
        })
        .collect();
    let sources: Vec<Value> = publication
        .sources
        .iter()
        .map(|s| json!({ "file": s.read.file, "digest": s.read.digest, "origin": s.read.origin, "licence": s.read.licence, "title": s.title, "from": s.from, "method": s.method, "used_by": s.used_by }))
        .collect();
    let profile = &p.method.profile;
    let decisions: Vec<&str> = {
        let mut all: Vec<&str> = book.years.iter().flat_map(|y| y.plan.datums()).chain(p.places.datum).collect();
        all.sort_unstable();
        all.dedup();
        all
    };
    let out = json!({
        "program": { "name": "liangshan", "version": crate::VERSION, "engine": crate::plan::ENGINE },
        "region": { "id": p.region.declared.id, "title": p.region.declared.title, "code": p.region.declared.code, "years": book.assembled.account.years, "weather": p.weather },
        "grid": { "crs": grid.crs.name(), "cell_m": grid.dx, "origin": [grid.x0, grid.y0], "columns": grid.columns, "rows": grid.rows },
        "decisions": decisions,
        "places": { "edition": p.places.edition, "files": p.places.basis.iter().map(|(f, d)| json!({ "file": f, "digest": d })).collect::<Vec<_>>() },
        "profile": {
            "id": profile.printed_id(), "title": profile.title, "effective_from": profile.effective_from, "supersedes": profile.supersedes, "extends": profile.extends,
            "evidence": profile.evidence, "source": profile.source, "note": profile.note,
            "files": p.method.basis.iter().map(|(f, d)| json!({ "file": f, "digest": d })).collect::<Vec<_>>(),
            "flags": profile.flags.iter().map(parameter).collect::<Vec<_>>(), "indicators": indicators,
        },
        "streams": streams,
        "sources": sources,
        "deliveries": publication.deliveries.to_json(),
        "journal": p.region.journal.as_ref().map(|(seq, digest)| json!({ "seq": seq, "digest": digest })),
        "warnings": publication.warnings.to_json(liangshan_vocab::Lang::Zh),
        "account": publication.basis,
    });
    serde_json::to_vec_pretty(&out).unwrap_or_default()
}

pub(super) fn parameter(p: &liangshan_accounts::profile::Parameter) -> Value {
    use liangshan_accounts::profile::ParameterValue;
    let value = match &p.value {
        ParameterValue::Number(number) => json!(number),
        ParameterValue::Text(word) => json!(word),
        ParameterValue::Flag(yes) => json!(yes),
    };
    json!({ "name": p.name, "value": value, "unit": p.unit, "source": p.source, "evidence": p.evidence })
}

//! Soil: points of farmland by land use and pH, points of construction land by planned use.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use liangshan_duty::soil::{ConstructionRisk, LandUse, construction, farmland, unit_category, values_of};
use liangshan_duty::standard::{Standard, Standards};
use liangshan_duty::water::Reading;
use liangshan_vocab::{Problem, Problems, Text, text, words};
use serde_json::json;

use super::cells::Said;
use super::columns::Items;
use super::palette::{OPEN, VERDICTS};
use super::result::{Assessed, Cell, Chart, Fact, Shares, Table, Tone};
use super::sheets::{Entry, Found, Needs, read};
use super::words::{Words, converted, plain};
use super::{Domain, Request, Source, standard_of, used};

/// Items of both standards by all their names.
struct SoilItems<'w> {
    words: &'w Words,
    by_name: HashMap<String, String>,
    titles: HashMap<String, (Text, String)>,
}

impl<'w> SoilItems<'w> {
    fn of(words: &'w Words, farmland: &Standard, construction: &Standard) -> Result<Self, Problem> {
        let (mut by_name, mut titles) = (HashMap::new(), HashMap::new());
        let screening = farmland.table("screening")?;
        for row in &screening.rows {
            let code = screening.text(row, "item").to_owned();
            for column in ["item", "name_zh", "name_en"] {
                by_name.entry(plain(screening.text(row, column))).or_insert_with(|| code.clone());
            }
            let title = Text::of(screening.text(row, "name_zh"), screening.text(row, "name_en"));
            titles.entry(code).or_insert((title, screening.text(row, "unit").to_owned()));
        }
        let limits = construction.table("limits")?;
        for row in &limits.rows {
            let code = limits.text(row, "item").to_owned();
            for name in ["item", "name_zh", "cas"].map(|c| limits.text(row, c)).into_iter().filter(|n| !n.is_empty()) {
                by_name.entry(plain(name)).or_insert_with(|| code.clone());
            }
            let title = Text::of(limits.text(row, "name_zh"), limits.text(row, "item"));
            titles.entry(code).or_insert((title, limits.text(row, "unit").to_owned()));
        }
        Ok(Self { words, by_name, titles })
    }
}

impl Items for SoilItems<'_> {
    fn words(&self) -> &Words {
        self.words
    }

    fn code(&self, name: &str) -> Option<String> {
        self.by_name.get(&plain(name)).cloned()
    }

    fn title(&self, code: &str) -> Text {
        self.titles.get(code).map_or_else(|| Text::same(code), |t| t.0.clone())
    }

    fn unit(&self, code: &str) -> String {
        self.titles.get(code).map_or_else(|| "mg/kg".to_owned(), |t| t.1.clone())
    }

    fn names(&self) -> Vec<String> {
        self.by_name.keys().cloned().collect()
    }
}

/// A point, its rows put together.
struct Point<'e> {
    entry: &'e Entry,
    readings: BTreeMap<String, (Reading, &'e Found)>,
}

/// How bad a point is: 1 to 3, or open.
type Verdict = Option<u8>;

/// Judges a file of soil.
pub(super) fn assess(request: &Request, (standards, words): (&Standards, &Words), source: &Source) -> Result<Assessed, Problems> {
    let (mut of_farmland, mut of_construction) = (standards.latest("soil", "farmland")?, standards.latest("soil", "construction")?);
    for said in &request.standards {
        let standard = standard_of(standards, Domain::Soil, said)?;
        if standard.kind == "farmland" { of_farmland = standard } else { of_construction = standard }
    }
    let items = SoilItems::of(words, of_farmland, of_construction)?;
    let needs = Needs { time: false, place: true, measured: true, on: request.day() };
    let mut file = read(&source.bytes, &source.name, &source.stem, Domain::Soil, &items, &needs)?;
    let mut problems = std::mem::take(&mut file.problems);
    let limits: HashMap<String, f64> = request.limits.iter().filter_map(|(name, limit)| Some((items.code(name)?, *limit))).collect();
    let points = points(&file.entries, &items, &limits, &mut problems);
    let mut judge = Judge {
        of_farmland,
        of_construction,
        items: &items,
        samples: samples(),
        results: results(),
        verdicts: Vec::new(),
        units: BTreeMap::new(),
        notes: BTreeSet::new(),
    };
    let mut refused = 0;
    for point in &points {
        match judge.point(point) {
            Ok(()) => {}
            Err(told) => {
                refused += 1;
                problems.extend(told.into_iter().map(|p| p.or_file(&point.entry.file)).map(|p| if p.at.row.is_none() { p.row(point.entry.line) } else { p }));
            }
        }
    }
    let units = judge.categories(&mut problems);
    let mut read = source.read(file.encoding, file.rows, file.refused + refused);
    read.set_aside = file.entries.iter().filter(|e| e.set_aside.is_some()).count();
    let assumed: Vec<Text> = judge.notes.into_iter().collect();
    let (facts, charts) = summary(&judge.verdicts);
    let mut standards = Vec::new();
    for (standard, construction) in [(of_farmland, false), (of_construction, true)] {
        if judge.verdicts.iter().any(|v| v.0 == construction) {
            standards.push(used(standard, if construction { text("建设用地", "construction land") } else { text("农用地", "farmland") }));
        }
    }
    let mut tables = vec![judge.samples];
    tables.extend(units);
    tables.push(judge.results);
    Ok(Assessed {
        domain: Domain::Soil,
        title: text("土壤环境质量评价", "Soil assessed"),
        file: read,
        columns: file.columns,
        assumed,
        standards,
        facts,
        tables,
        charts,
        standings: Vec::new(),
        problems,
    })
}

/// Rows of one point put together: wide rows stand alone, the rows of a long table are one point's. A value
/// that is repeated counts once; two that differ are told, and what is there of the item is not known.
fn points<'e>(entries: &'e [Entry], items: &SoilItems<'_>, limits: &HashMap<String, f64>, problems: &mut Problems) -> Vec<Point<'e>> {
    let mut order: Vec<&Entry> = entries.iter().filter(|e| e.set_aside.is_none()).collect();
    order.sort_by(|a, b| (&a.file, &a.place, a.fields.get("land"), a.line).cmp(&(&b.file, &b.place, b.fields.get("land"), b.line)));
    let mut out: Vec<Point<'e>> = Vec::new();
    for entry in order {
        let joins =
            out.last().is_some_and(|p| p.entry.file == entry.file && p.entry.place == entry.place && p.entry.fields.get("land") == entry.fields.get("land"));
        if !joins {
            out.push(Point { entry, readings: BTreeMap::new() });
        }
        let Some(point) = out.last_mut() else { continue };
        for found in &entry.values {
            let Some(reading) = reading(entry, found, items, limits, problems) else { continue };
            match point.readings.get(&found.item) {
                None => {
                    point.readings.insert(found.item.clone(), (reading, found));
                }
                Some((before, _)) if *before == reading => problems.push(repeated(entry, found, &items.title(&found.item))),
                Some(_) => {
                    problems.push(differs(entry, found, &items.title(&found.item)));
                    point.readings.insert(found.item.clone(), (Reading::Unknown, found));
                }
            }
        }
    }
    out
}

fn repeated(entry: &Entry, found: &Found, title: &Text) -> Problem {
    Problem::note(
        "assess.repeated",
        Text::of(format!("{} 的{}重复，只计一次", entry.place, title.zh), format!("{} of {} is repeated and counts once", title.en, entry.place)),
    )
    .file(entry.file.as_str())
    .row(entry.line)
    .column(found.head.as_str())
    .expect(text("每个点位和项目一个值", "one value for each point and item"))
    .fix(text("可删去重复的行", "the repeated row may be removed"))
}

fn differs(entry: &Entry, found: &Found, title: &Text) -> Problem {
    Problem::warning(
        "assess.at_odds",
        Text::of(
            format!("{} 的{}有互相矛盾的值，都不计", entry.place, title.zh),
            format!("{} of {} has values that contradict each other; none counts", title.en, entry.place),
        ),
    )
    .file(entry.file.as_str())
    .row(entry.line)
    .column(found.head.as_str())
    .expect(text("每个点位和项目一个值；不同土层用不同点位编号", "one value for each point and item; name layers as points of their own"))
    .fix(text("核对原始记录，只留正确的一个", "keep the right one by the record of the laboratory"))
}

fn reading(entry: &Entry, found: &Found, items: &SoilItems<'_>, limits: &HashMap<String, f64>, problems: &mut Problems) -> Option<Reading> {
    let unit = found.unit.as_deref().unwrap_or_default();
    let number = |n: &str| converted(n, unit, &items.unit(&found.item));
    Some(match &found.said {
        Said::Nothing => return None,
        Said::Value(n) => Reading::Value(number(n)?),
        Said::Below(n) => Reading::Below(number(n)?),
        Said::Above(n) => Reading::Above(number(n)?),
        Said::Unreadable => Reading::Unknown,
        Said::NotDetected => match found.limit.as_deref().and_then(number).or_else(|| limits.get(&found.item).copied()) {
            Some(limit) => Reading::Below(limit),
            None => {
                problems.push(super::water::no_limit(&found.item).file(entry.file.as_str()).row(entry.line).column(found.head.as_str()));
                // Below a limit that nobody told: as open as can be.
                Reading::Unknown
            }
        },
    })
}

fn samples() -> Table {
    Table::new(
        "points",
        text("点位评价", "Points"),
        text("农用地按用地类型和 pH 选限值；建设用地按规划用途选筛选值与管制值。", "Farmland by land use and pH; construction land by planned use."),
        40,
        &[
            ("point", "点位", "point", ""),
            ("row", "行号", "row", ""),
            ("land", "用地", "land", ""),
            ("ph", "pH", "pH", "1"),
            ("items", "项数", "items", "1"),
            ("verdict", "结论", "verdict", ""),
            ("over", "超筛选值的项目（倍数）", "over screening (multiple)", ""),
            ("over_intervention", "超管制值的项目", "over intervention", ""),
            ("undecided", "无法判定", "not decidable", ""),
        ],
    )
}

fn results() -> Table {
    Table::new(
        "items",
        text("单项评价", "Items"),
        text("含量与筛选值 S、管制值 G 比较。", "Contents against screening value S and intervention value G."),
        0,
        &[
            ("point", "点位", "point", ""),
            ("land", "用地", "land", ""),
            ("item", "项目代码", "item", ""),
            ("title", "项目", "name", ""),
            ("value", "含量", "content", ""),
            ("unit", "单位", "unit", ""),
            ("screening", "筛选值", "screening", ""),
            ("intervention", "管制值", "intervention", ""),
            ("ratio", "含量/筛选值", "content over screening", "1"),
            ("verdict", "结论", "verdict", ""),
        ],
    )
}

/// Points of a unit: land, pH and contents.
type OfUnit<'e> = Vec<(String, f64, Vec<(&'e str, Reading)>)>;

struct Judge<'j, 'e> {
    of_farmland: &'j Standard,
    of_construction: &'j Standard,
    items: &'j SoilItems<'j>,
    samples: Table,
    results: Table,
    /// Construction land or not, and how bad.
    verdicts: Vec<(bool, Verdict)>,
    units: BTreeMap<&'e str, OfUnit<'e>>,
    notes: BTreeSet<Text>,
}

impl<'e> Judge<'_, 'e> {
    fn point(&mut self, point: &'e Point<'e>) -> Result<(), Problems> {
        let words = self.items.words;
        let entry = point.entry;
        let said = entry.fields.get("land").map(String::as_str).unwrap_or_default();
        let Some(land) = words.land(said) else { return Err(no_land(said, &words.lands()).into()) };
        if !land.note.is_empty() {
            self.notes.insert(land.note.clone());
        }
        if point.readings.is_empty() {
            return Err(nothing_measured().into());
        }
        if land.construction { self.construction(point, &land.land) } else { self.farmland(point, &land.land) }
    }

    fn farmland(&mut self, point: &'e Point<'e>, land: &str) -> Result<(), Problems> {
        let entry = point.entry;
        let written = entry.fields.get("ph").map(String::as_str).unwrap_or_default();
        let Ok(ph) = written.parse::<f64>() else { return Err(no_ph(written).into()) };
        let screening = self.of_farmland.table("screening")?;
        let of_standard = |code: &str| screening.rows.iter().any(|r| screening.text(r, "item") == code);
        let values: Vec<(&str, Reading)> =
            point.readings.iter().filter(|(code, _)| of_standard(code)).map(|(code, (reading, _))| (code.as_str(), *reading)).collect();
        let judged = farmland(self.of_farmland, land, ph, &values)?;
        let (mut over, mut beyond, mut open) = (Vec::new(), Vec::new(), Vec::new());
        for risk in &judged.items {
            let title = self.items.title(&risk.item);
            match (risk.class, risk.ratio) {
                (None, _) => open.push(title.zh.to_string()),
                (Some(1), _) => {}
                (Some(class), ratio) => {
                    over.push(ratio.map_or_else(|| title.zh.to_string(), |r| format!("{}({:.2})", title.zh, r - 1.0)));
                    if class == 3 {
                        beyond.push(title.zh.to_string());
                    }
                }
            }
            let reading = values.iter().find(|v| v.0 == risk.item).map(|v| v.1);
            self.result(point, land, &risk.item, reading, (Some(risk.screening), risk.intervention), farmland_cell(risk.class));
        }
        for (code, (reading, _)) in point.readings.iter().filter(|(code, _)| !of_standard(code)) {
            self.result(point, land, code, Some(*reading), (None, None), Cell::Text(text("无限值", "no limits")));
        }
        if let Some(unit) = entry.fields.get("unit_of_land").filter(|u| !u.is_empty()) {
            // The limit of a non-detect stands for its content: never better than it is.
            self.units.entry(unit.as_str()).or_default().push((land.to_owned(), ph, values.clone()));
        }
        self.verdicts.push((false, judged.class));
        self.row(point, land, Some(ph), judged.items.len(), farmland_cell(judged.class), [over, beyond, open]);
        Ok(())
    }

    fn construction(&mut self, point: &Point<'_>, land: &str) -> Result<(), Problems> {
        let (mut worst, mut open_any): (u8, bool) = (1, false);
        let (mut over, mut beyond, mut open, mut count) = (Vec::new(), Vec::new(), Vec::new(), 0);
        let background = point.entry.fields.get("background").and_then(|b| b.parse::<f64>().ok());
        for (code, (reading, found)) in &point.readings {
            let Ok((s, g, by_background)) = values_of(self.of_construction, code, LandUse::parse(land)) else {
                self.result(point, land, code, Some(*reading), (None, None), Cell::Text(text("无限值", "no limits")));
                continue;
            };
            let local = background.filter(|_| by_background);
            let (risk, multiple) = construction(code, *reading, s, g, local).map_err(|p| p.row(point.entry.line).column(found.head.as_str()))?;
            count += 1;
            let title = self.items.title(code);
            let rank = match risk {
                ConstructionRisk::Negligible | ConstructionRisk::Background => 1,
                ConstructionRisk::Survey => 2,
                ConstructionRisk::Control => 3,
                ConstructionRisk::Undecidable => 0,
            };
            match rank {
                0 => open.push(title.zh.to_string()),
                1 => {}
                _ => over.push(multiple.map_or_else(|| title.zh.to_string(), |m| format!("{}({m:.2})", title.zh))),
            }
            if rank == 3 {
                beyond.push(title.zh.to_string());
            }
            open_any |= rank == 0;
            worst = worst.max(rank);
            self.result(point, land, code, Some(*reading), (Some(s), Some(g)), construction_cell(risk));
        }
        if count == 0 {
            return Err(nothing_measured().into());
        }
        // What is open could be as bad as it gets.
        let verdict = (!open_any || worst == 3).then_some(worst);
        let cell = match verdict {
            Some(1) => construction_cell(ConstructionRisk::Negligible),
            Some(2) => construction_cell(ConstructionRisk::Survey),
            Some(_) => construction_cell(ConstructionRisk::Control),
            None => construction_cell(ConstructionRisk::Undecidable),
        };
        self.verdicts.push((true, verdict));
        self.row(point, land, None, count, cell, [over, beyond, open]);
        Ok(())
    }

    fn row(&mut self, point: &Point<'_>, land: &str, ph: Option<f64>, items: usize, verdict: Cell, [over, beyond, open]: [Vec<String>; 3]) {
        self.samples.push(vec![
            Cell::word(&point.entry.place),
            Cell::Whole(point.entry.line.cast_signed()),
            land_cell(land),
            Cell::number(ph, 2),
            Cell::Whole(items as i64),
            verdict,
            Cell::word(over.join("、")),
            Cell::word(beyond.join("、")),
            Cell::word(open.join("、")),
        ]);
    }

    fn result(&mut self, point: &Point<'_>, land: &str, code: &str, reading: Option<Reading>, (s, g): (Option<f64>, Option<f64>), verdict: Cell) {
        let value = match reading {
            Some(Reading::Value(v)) => Cell::number(Some(v), 6),
            Some(Reading::Below(v)) => Cell::Word(format!("<{v}")),
            Some(Reading::Above(v)) => Cell::Word(format!(">{v}")),
            Some(Reading::Unknown) => Cell::Text(text("不明", "not known")),
            None => Cell::Blank,
        };
        let ratio = match (reading, s) {
            (Some(Reading::Value(v)), Some(s)) if s > 0.0 => Some(v / s),
            _ => None,
        };
        self.results.push(vec![
            Cell::word(&point.entry.place),
            land_cell(land),
            Cell::word(code),
            Cell::Text(self.items.title(code)),
            value,
            Cell::word(self.items.unit(code)),
            Cell::number(s, 4),
            Cell::number(g, 4),
            Cell::number(ratio, 3),
            verdict,
        ]);
    }

    /// The category of every unit of farmland that points name.
    fn categories(&self, problems: &mut Problems) -> Option<Table> {
        if self.units.is_empty() {
            return None;
        }
        let mut table = Table::new(
            "units",
            text("耕地评价单元类别", "Categories of farmland units"),
            text(
                "按各项目平均含量定类，最差项目决定；pH 取点位平均；未检出以检出限计。农产品修正须另行提交样品清单。",
                "By the mean content of each item, the worst decides; pH is the mean of the points; a non-detect counts for its limit. Correction by produce needs its list of samples.",
            ),
            20,
            &[
                ("unit", "单元", "unit", ""),
                ("land", "用地", "land", ""),
                ("points", "点位数", "points", "1"),
                ("ph", "平均 pH", "mean pH", "1"),
                ("category", "类别", "category", ""),
            ],
        );
        for (unit, points) in &self.units {
            let lands: BTreeSet<&str> = points.iter().map(|p| p.0.as_str()).collect();
            if lands.len() > 1 {
                problems.push(
                    Problem::error(
                        "assess.unit_lands",
                        words!("单元 {unit} 有几种用地，未定类", "the unit {unit} has several land uses and was not given a category"),
                    )
                    .key(*unit)
                    .expect(text("一个单元一种用地", "one land use for a unit"))
                    .fix(text("拆分单元", "divide the unit")),
                );
                continue;
            }
            let ph = points.iter().map(|p| p.1).sum::<f64>() / points.len() as f64;
            let contents: Vec<Vec<(&str, Reading)>> = points.iter().map(|p| p.2.clone()).collect();
            match unit_category(self.of_farmland, &points[0].0, ph, &contents) {
                Ok(judged) => table.push(vec![
                    Cell::word(*unit),
                    land_cell(&points[0].0),
                    Cell::Whole(points.len() as i64),
                    Cell::number(Some(ph), 2),
                    category_cell(judged.class),
                ]),
                Err(told) => problems.extend(told),
            }
        }
        Some(table)
    }
}

fn land_cell(land: &str) -> Cell {
    Cell::Text(match land {
        "paddy" => text("水田", "paddy"),
        "orchard" => text("果园", "orchard"),
        "other" => text("其他农用地", "other farmland"),
        "class2" => text("第二类用地", "class 2"),
        "class1" => text("第一类用地", "class 1"),
        _ => text("第一类用地（用途不明）", "class 1 (use unknown)"),
    })
}

fn graded(class: Verdict, words: [Text; 3]) -> Cell {
    match class {
        Some(class @ 1..=3) => {
            let at = usize::from(class) - 1;
            Cell::Graded(class.to_string(), words[at].clone(), VERDICTS[at].into())
        }
        _ => Cell::Graded("undecided".into(), text("无法判定", "not decidable"), OPEN.into()),
    }
}

fn farmland_cell(class: Verdict) -> Cell {
    graded(
        class,
        [
            text("风险低（≤筛选值）", "low risk (within screening)"),
            text("可能存在风险（筛选值–管制值）", "possible risk (over screening)"),
            text("风险高（>管制值）", "high risk (over intervention)"),
        ],
    )
}

fn category_cell(class: Verdict) -> Cell {
    graded(class, [text("优先保护类", "priority protection"), text("安全利用类", "safe use"), text("严格管控类", "strict control")])
}

fn construction_cell(risk: ConstructionRisk) -> Cell {
    let (code, colour) = match risk {
        ConstructionRisk::Negligible => ("1", VERDICTS[0]),
        ConstructionRisk::Background => ("1", VERDICTS[0]),
        ConstructionRisk::Survey => ("2", VERDICTS[1]),
        ConstructionRisk::Control => ("3", VERDICTS[2]),
        ConstructionRisk::Undecidable => ("undecided", OPEN),
    };
    Cell::Graded(code.into(), risk.title(), colour.into())
}

fn summary(verdicts: &[(bool, Verdict)]) -> (Vec<Fact>, Vec<Chart>) {
    let count = |construction: bool, class: Verdict| verdicts.iter().filter(|v| v.0 == construction && v.1 == class).count();
    let (mut facts, mut bars) = (Vec::new(), Vec::new());
    for (construction, id, label) in
        [(false, "farmland", text("农用地点位", "Points of farmland")), (true, "construction", text("建设用地点位", "Points of construction land"))]
    {
        let [low, some, high] = [1, 2, 3].map(|c| count(construction, Some(c)));
        let open = count(construction, None);
        let all = low + some + high + open;
        if all == 0 {
            continue;
        }
        facts.push(Fact {
            id,
            label: label.clone(),
            value: Text::same(format!("{low}/{all}")),
            json: json!({ "points": all, "within_screening": low, "over_screening": some, "over_intervention": high, "undecided": open }),
            note: words!(
                "不超筛选值；超筛选值 {some}，超管制值 {high}，无法判定 {open}",
                "within screening; {some} over it, {high} over intervention, {open} not decidable"
            ),
            tone: if low == all {
                Tone::Good
            } else if some + high > 0 {
                Tone::Bad
            } else {
                Tone::Open
            },
        });
        let name = if construction { "建设用地 construction" } else { "农用地 farmland" };
        bars.push((name.to_owned(), [low, some, high, open].map(|n| n as u32).to_vec()));
    }
    let kinds = [
        (VERDICTS[0], text("不超筛选值", "within screening")),
        (VERDICTS[1], text("超筛选值", "over screening")),
        (VERDICTS[2], text("超管制值", "over intervention")),
        (OPEN, text("无法判定", "not decidable")),
    ];
    let chart = Shares {
        title: text("点位结论", "Verdicts on points"),
        note: text("条中数字为点位数", "numbers are points"),
        bars,
        kinds: kinds.map(|(c, t)| (c.to_owned(), t)).to_vec(),
    };
    let charts = if chart.bars.is_empty() { Vec::new() } else { vec![Chart::Shares(chart)] };
    (facts, charts)
}

fn no_land(said: &str, known: &str) -> Problem {
    Problem::error("assess.land", words!("用地类型“{said}”不认识，该点未评价", "the land use \"{said}\" is not known, and the point was not judged"))
        .column("land")
        .expect(words!("{known} 等", "such as {known}"))
        .fix(text("写明用地类型；建设用地用途不明的写“规划用途不明确”", "state the land use; write unknown for construction land without a planned use"))
}

fn no_ph(said: &str) -> Problem {
    let what = if said.is_empty() {
        text("农用地点位没有 pH，该点未评价", "a point of farmland has no pH and was not judged")
    } else {
        words!("农用地点位的 pH“{said}”不能用，该点未评价", "the pH \"{said}\" of a point of farmland cannot be used, and the point was not judged")
    };
    Problem::error("assess.no_ph", what)
        .column("ph")
        .expect(text("0 至 14 的数；没有 pH 就不能选限值", "a number from 0 to 14; without it no value can be chosen"))
        .fix(text("补上 pH", "give the pH"))
}

fn nothing_measured() -> Problem {
    Problem::error("assess.nothing_measured", text("该点没有可评价的值", "the point has no value that can be judged"))
        .expect(text("至少一个项目的含量", "the content of one item at least"))
        .fix(text("补上数据，或删去该行", "give the data, or take the row out"))
}

//! Solid waste: tables of balance, storage, producers, manifests and household waste, each known by its
//! columns. A workbook may hold several.

mod apart;
mod ledgers;
mod manifests;
mod trips;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use liangshan_duty::standard::{Standard, Standards};
use liangshan_duty::waste::rules::in_force;
use liangshan_vocab::{Problem, Problems, Text, text, words};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::json;

use crate::assess::cells::{Said, time};
use crate::assess::columns::Items;
use crate::assess::palette::VERDICTS;
use crate::assess::result::{Assessed, Cell, Fact, Table, Tone};
use crate::assess::sheets::{Entry, Needs, read};
use crate::assess::words::{Words, factor};
use crate::assess::{Domain, Request, Source, standard_of, used};
use crate::deliveries::numbers::half_width;

/// Columns of amounts, all in tonnes: code and titles.
const AMOUNTS: [(&str, &str, &str); 14] = [
    ("open", "期初库存", "opening stock"),
    ("generated", "产生量", "generated"),
    ("own_used", "自行利用量", "used on site"),
    ("own_disposed", "自行处置量", "disposed on site"),
    ("transferred", "转移量", "transferred"),
    ("close", "期末实测库存", "measured closing stock"),
    ("in_t", "入库量", "stored"),
    ("out_t", "出库量", "removed"),
    ("amount", "年产生量", "yearly amount"),
    ("sent_t", "移出量", "sent"),
    ("received_t", "接受量", "received"),
    ("collected", "清运量", "collected"),
    ("left_t", "出发重量", "weight on leaving"),
    ("arrived_t", "到达重量", "weight on arriving"),
];

struct Amounts<'w> {
    words: &'w Words,
}

impl Items for Amounts<'_> {
    fn words(&self) -> &Words {
        self.words
    }

    fn code(&self, name: &str) -> Option<String> {
        let field = self.words.field(Domain::Waste, name)?;
        AMOUNTS.iter().find(|a| a.0 == field).map(|a| a.0.to_owned())
    }

    fn title(&self, code: &str) -> Text {
        AMOUNTS.iter().find(|a| a.0 == code).map_or_else(|| Text::same(code), |a| text(a.1, a.2))
    }

    fn unit(&self, _: &str) -> String {
        "t".to_owned()
    }

    fn names(&self) -> Vec<String> {
        AMOUNTS.iter().flat_map(|a| [a.0.to_owned(), a.1.to_owned()]).collect()
    }
}

/// What a sheet is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Balance,
    Storage,
    Producers,
    Manifests,
    Household,
    Trips,
}

impl Kind {
    /// Tried in this order.
    const ALL: [Kind; 6] = [Kind::Balance, Kind::Storage, Kind::Producers, Kind::Manifests, Kind::Household, Kind::Trips];

    /// Columns without which it is not this.
    fn needs(self) -> &'static [&'static str] {
        match self {
            Kind::Balance => &["open", "generated", "close"],
            Kind::Storage => &["in_date", "in_t"],
            Kind::Producers => &["year", "amount"],
            Kind::Manifests => &["number", "sent_t", "received_t"],
            Kind::Household => &["year", "collected"],
            Kind::Trips => &["trip", "sort", "left_t", "arrived_t"],
        }
    }

    fn title(self) -> Text {
        match self {
            Kind::Balance => text("物料平衡", "mass balance"),
            Kind::Storage => text("贮存台账", "storage ledger"),
            Kind::Producers => text("产废单位", "producers"),
            Kind::Manifests => text("转移联单", "manifests"),
            Kind::Household => text("生活垃圾清运", "household waste"),
            Kind::Trips => text("生活垃圾车次称重", "trips of household waste"),
        }
    }
}

/// Judges a file of waste.
pub(super) fn assess(request: &Request, (standards, words): (&Standards, &Words), source: &Source) -> Result<Assessed, Problems> {
    let today = time(&request.on).map_err(|why| Problem::error("assess.on", why).key("--on").expect(text("如 2026-03-01", "such as 2026-03-01")))?.date;
    let rules = match request.standards.first() {
        Some(said) => standard_of(standards, Domain::Waste, said)?,
        None => in_force(standards, today)?,
    };
    let needs = Needs { time: false, place: true, measured: true, on: request.day() };
    let mut file = read(&source.bytes, &source.name, &source.stem, Domain::Waste, &Amounts { words }, &needs)?;
    let mut problems = std::mem::take(&mut file.problems);
    let mut sheets: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
    for entry in file.entries.iter().filter(|e| e.set_aside.is_none()) {
        sheets.entry(&entry.file).or_default().push(entry);
    }
    let mut judge =
        Judge { rules, words, today, problems: Problems::new(), facts: Vec::new(), tables: Vec::new(), refused: BTreeSet::new(), assumed: Vec::new() };
    let mut kinds = BTreeSet::new();
    for (name, entries) in &sheets {
        let columns: BTreeSet<&str> = file.columns.iter().filter(|c| of_sheet(name, &source.name, &c.sheet)).map(|c| c.taken_for.as_str()).collect();
        match Kind::ALL.into_iter().find(|k| k.needs().iter().all(|n| columns.contains(n))) {
            Some(kind) => {
                kinds.insert(kind);
                judge.sheet(kind, entries, &columns)?;
            }
            None => problems.push(not_known(name)),
        }
    }
    if kinds.is_empty() {
        return Err(problems);
    }
    problems.extend(judge.problems);
    let mut read = source.read(file.encoding, file.rows, file.refused + judge.refused.len());
    read.set_aside = file.entries.iter().filter(|e| e.set_aside.is_some()).count();
    let list: Vec<Text> = kinds.into_iter().map(Kind::title).collect();
    let join = |of: fn(&Text) -> &str, with: &str| list.iter().map(of).collect::<Vec<_>>().join(with);
    let mut assumed = vec![Text::of(format!("按表头认作：{}", join(|t| &t.zh, "、")), format!("taken by their headers for: {}", join(|t| &t.en, ", ")))];
    assumed.extend(judge.assumed);
    Ok(Assessed {
        domain: Domain::Waste,
        title: text("固体废物监管评价", "Solid waste assessed"),
        file: read,
        columns: file.columns,
        assumed,
        standards: vec![used(rules, text("界限取自此", "thresholds are from it"))],
        facts: judge.facts,
        tables: judge.tables,
        charts: Vec::new(),
        standings: Vec::new(),
        problems,
    })
}

fn of_sheet(called: &str, file: &str, sheet: &str) -> bool {
    if sheet.is_empty() { called == file } else { called == format!("{file}!{sheet}") }
}

fn not_known(sheet: &str) -> Problem {
    let listed = |zh: bool| {
        let kind = |k: &Kind| {
            let heads: Vec<String> = k.needs().iter().map(|n| head(n)).map(|t| if zh { t.zh } else { t.en }.into_owned()).collect();
            if zh { format!("{}（{}）", k.title().zh, heads.join("、")) } else { format!("{} ({})", k.title().en, heads.join(", ")) }
        };
        Kind::ALL.iter().map(kind).collect::<Vec<_>>().join(if zh { "；" } else { "; " })
    };
    Problem::error("assess.waste_table", text("认不出这是哪种固废表，未评价", "it cannot be told which table of waste this is; it was not judged"))
        .file(sheet)
        .expect(Text::of(listed(true), listed(false)))
        .fix(text("按上列任一种补齐列名", "give it the columns of one of these"))
}

/// A head that names a column.
fn head(code: &str) -> Text {
    match code {
        "number" => text("联单编号", "manifest number"),
        "year" => text("年度", "year"),
        "sort" => text("垃圾类别", "class of waste"),
        "trip" => text("车次", "trip"),
        "in_date" => text("入库日期", "date in"),
        amount => AMOUNTS.iter().find(|a| a.0 == amount).map_or_else(|| Text::same(amount), |a| text(a.1, a.2)),
    }
}

/// Is this a code of the national list (`900-041-49`), of other solid waste (`900-001-S17`), a class (`HW08`,
/// `SW17`), or a name in words?
fn is_waste(said: &str) -> bool {
    let digits = |part: &str, n: usize| part.len() == n && part.bytes().all(|b| b.is_ascii_digit());
    let upper = half_width(said).to_ascii_uppercase();
    if !upper.is_ascii() {
        return true;
    }
    match upper.split('-').collect::<Vec<_>>().as_slice() {
        [industry, serial, class] => digits(industry, 3) && digits(serial, 3) && digits(class.strip_prefix('S').unwrap_or(class), 2),
        [one] => match one.strip_prefix("HW").or(one.strip_prefix("SW")) {
            Some(class) => digits(class, 2),
            None => !one.bytes().any(|b| b.is_ascii_digit()),
        },
        _ => false,
    }
}

struct Judge<'j> {
    rules: &'j Standard,
    words: &'j Words,
    today: Date,
    problems: Problems,
    facts: Vec<Fact>,
    tables: Vec<Table>,
    /// Rows that are not judged, by sheet and line.
    refused: BTreeSet<(String, u64)>,
    assumed: Vec<Text>,
}

/// Tonnes as a number to print.
fn tonnes(t: Decimal) -> Cell {
    Cell::number(t.to_f64(), 6)
}

fn verdict(at: usize, code: &str, words: Text) -> Cell {
    Cell::Graded(code.to_owned(), words, VERDICTS[at].to_owned())
}

impl Judge<'_> {
    fn sheet(&mut self, kind: Kind, entries: &[&Entry], columns: &BTreeSet<&str>) -> Result<(), Problems> {
        let mut entries = entries.to_vec();
        let key = |e: &Entry| (e.place.clone(), e.fields.clone(), e.line);
        entries.sort_by_key(|e| key(e));
        self.same_rows(kind, &mut entries);
        match kind {
            Kind::Balance => self.balance(&entries, columns),
            Kind::Storage => self.storage(&entries, columns),
            Kind::Producers => self.producers(&entries, columns),
            Kind::Manifests => self.manifests(&entries),
            Kind::Household => self.household(&entries, columns),
            Kind::Trips => self.trips(&entries),
        }
    }

    /// Rows that say the very same as one before them. A manifest's number is its own, so its row counts once;
    /// two equal lots may have come on one day, so other rows are counted and told.
    fn same_rows(&mut self, kind: Kind, entries: &mut Vec<&Entry>) {
        let mut kept: Vec<&Entry> = Vec::new();
        for entry in entries.iter() {
            let same = kept.iter().rev().take_while(|k| k.place == entry.place && k.fields == entry.fields).find(|k| k.values == entry.values);
            let Some(first) = same else {
                kept.push(entry);
                continue;
            };
            let line = first.line;
            let problem = if kind == Kind::Manifests {
                Problem::note("assess.repeated", words!("与第 {line} 行相同，只计一次", "the same as row {line}, and counts once"))
            } else {
                kept.push(entry);
                Problem::warning("assess.same_row", words!("与第 {line} 行完全相同，两行都已计入", "the very same as row {line}, and both are counted"))
            };
            let problem = problem
                .expect(text("一件事一行", "one row for one thing"))
                .fix(text("若是重复请删去一行；若确为两件，请以批次或日期分清", "take one out if it is a repetition; tell two things apart by batch or day"));
            self.problems.push(problem.file(entry.file.as_str()).row(entry.line));
        }
        *entries = kept;
    }

    fn refuse(&mut self, entry: &Entry, problem: Problem) {
        self.left_out(entry);
        self.problems.push(problem.file(entry.file.as_str()).row(entry.line));
    }

    fn left_out(&mut self, entry: &Entry) {
        self.refused.insert((entry.file.clone(), entry.line));
    }

    /// Does a row say which waste it is of? One that does not cannot be told from others.
    fn waste_code(&mut self, entry: &Entry) -> bool {
        let Some(said) = entry.fields.get("waste_code") else { return true };
        let problem = if said.is_empty() {
            Problem::error("assess.waste_code", text("没有写明废物代码，该行未评价", "the row names no waste and was not judged"))
        } else if is_waste(said) {
            return true;
        } else {
            Problem::error("assess.waste_code", words!("“{said}”不是废物代码，该行未评价", "\"{said}\" is no code of a waste, and the row was not judged"))
        };
        let problem = problem
            .column("waste_code")
            .expect(text("如 900-041-49、900-001-S17 或 HW49", "such as 900-041-49, 900-001-S17 or HW49"))
            .fix(text("对照《国家危险废物名录》改正", "correct it by the national list"));
        self.refuse(entry, problem);
        false
    }

    /// The year of a row; one that has not begun is told like one that is none.
    fn year(&mut self, entry: &Entry) -> Option<i32> {
        let said = entry.fields.get("year").map(|y| half_width(y)).unwrap_or_default();
        let year = said.trim_end_matches('年').parse::<i32>().ok().filter(|y| (1900..=i32::from(self.today.year())).contains(y));
        if year.is_none() {
            let this = self.today.year();
            let problem =
                Problem::error("assess.year", words!("“{said}”不是已有的年份，该行未评价", "\"{said}\" is no year that has begun, and the row was not judged"))
                    .column("year")
                    .expect(words!("1900 至 {this}，如 {this}", "1900 to {this}, such as {this}"))
                    .fix(text("改正年份；若评价日有误，用 --on 指明", "correct the year; name the day of judgement by --on where that is wrong"));
            self.refuse(entry, problem);
        }
        year
    }

    /// An amount of a row in tonnes, to the last digit. A blank is not zero.
    fn amount(&mut self, entry: &Entry, code: &str) -> Option<Decimal> {
        let found = entry.values.iter().find(|f| f.item == code);
        let read = found.and_then(|f| match &f.said {
            Said::Value(n) => {
                let by = f.unit.as_deref().and_then(|u| factor(u, "t")).unwrap_or(1.0);
                let value: Decimal = n.parse().ok().or_else(|| Decimal::from_scientific(n).ok())?;
                value.checked_mul(Decimal::try_from(by).ok()?)
            }
            _ => None,
        });
        match read {
            Some(t) if !t.is_sign_negative() || t.is_zero() => Some(t),
            // Told where the cell was read.
            _ if found.is_some_and(|f| f.said == Said::Unreadable) => {
                self.left_out(entry);
                None
            }
            _ => {
                let title = Amounts { words: self.words }.title(code);
                let problem = Problem::error(
                    "assess.amount",
                    Text::of(format!("{}没有可用的数，该行未评价", title.zh), format!("{} has no usable number, and the row was not judged", title.en)),
                )
                .column(found.map_or(code, |f| f.head.as_str()))
                .expect(text("不小于 0 的数，吨", "a number of 0 or more, t"))
                .fix(text("没有的填 0，不留空", "write 0 where there is none; a blank is not zero"));
                self.refuse(entry, problem);
                None
            }
        }
    }

    fn date(&mut self, entry: &Entry, field: &str, needed: bool) -> Result<Option<Date>, ()> {
        let said = entry.fields.get(field).map(String::as_str).unwrap_or_default();
        if said.is_empty() && !needed {
            return Ok(None);
        }
        match time(said) {
            Ok(stamp) if stamp.date <= self.today => Ok(Some(stamp.date)),
            Ok(_) => {
                let today = self.today;
                let problem =
                    Problem::error("assess.date", words!("“{said}”晚于 {today}，该行未评价", "\"{said}\" is later than {today}, and the row was not judged"))
                        .column(field)
                        .expect(words!("不晚于 {today} 的日期", "a day no later than {today}"))
                        .fix(text("改正日期；若评价日有误，用 --on 指明", "correct the date; name the day of judgement by --on where that is wrong"));
                self.refuse(entry, problem);
                Err(())
            }
            Err(why) => {
                let problem = Problem::error(
                    "assess.date",
                    Text::of(format!("“{said}”：{}，该行未评价", why.zh), format!("\"{said}\": {}; the row was not judged", why.en)),
                )
                .column(field)
                .expect(text("如 2026-03-01", "such as 2026-03-01"))
                .fix(text("改正日期", "correct the date"));
                self.refuse(entry, problem);
                Err(())
            }
        }
    }

    /// Adds a table with the fact of how many of its rows are not as they should be.
    fn close(&mut self, table: Table, id: &'static str, label: Text, bad: usize) {
        let all = table.rows.len();
        self.facts.push(Fact {
            id,
            label,
            value: Text::same(format!("{bad}/{all}")),
            json: json!({ "rows": all, "found": bad }),
            note: words!("共 {all} 行", "of {all} rows"),
            tone: if all == 0 {
                Tone::Open
            } else if bad == 0 {
                Tone::Good
            } else {
                Tone::Bad
            },
        });
        self.tables.push(table);
    }
}

fn field(entry: &Entry, name: &str) -> Cell {
    entry.fields.get(name).map_or(Cell::Blank, |v| Cell::word(v.clone()))
}

//! A recognised sheet held against its declaration: every fault at once, each with its row, column,
//! reason and remedy, and where nothing has to be guessed, what was meant.

use std::collections::{BTreeMap, BTreeSet};

use liangshan_formats::table::Row;
use liangshan_vocab::{Problem, Text, nearest, text, words};

use super::cells;
use super::forms::{Form, Kind, Line, Where};
use super::known::{Knowledge, Present};
use super::numbers::decimal;
use super::reading::{Heading, Recognised, Sheet, stated_unit};
use super::totals;

/// What was meant by a cell, for a corrected copy.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Mend {
    /// The line of the sheet.
    pub(super) line: u64,
    /// The column of the sheet, from 0.
    pub(super) at: usize,
    /// What to write; `None` to leave the whole row out.
    pub(super) write: Option<String>,
}

/// One fault.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Fault {
    /// What it is called when somebody accepts it: `out_of_range@12:quantity`.
    pub(super) name: String,
    /// The letter.
    pub(super) problem: Problem,
    /// Whether the table can be taken over with it.
    pub(super) acceptable: bool,
    /// Whether the row is left out when it is accepted.
    pub(super) leaves_out: Option<u64>,
    /// What was meant, where nothing has to be guessed.
    pub(super) mend: Option<Mend>,
}

/// A row that is about something.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Judged {
    /// The line of the sheet.
    pub(super) line: u64,
    /// Cells by column of the form, trimmed.
    pub(super) cells: Vec<String>,
}

/// What came of it.
#[derive(Debug)]
pub(super) struct Judgement<'f> {
    /// The table it is.
    pub(super) form: &'f Form,
    /// The line of the header.
    pub(super) header: u64,
    /// Rows of the table, totals and remarks left out.
    pub(super) rows: Vec<Judged>,
    /// Columns of the form that the sheet has.
    pub(super) has: Vec<usize>,
    /// Everything wrong.
    pub(super) faults: Vec<Fault>,
    /// Worth knowing.
    pub(super) notes: Vec<Problem>,
    /// Years with rows.
    pub(super) years: BTreeSet<i32>,
    /// How many expected rows are not there.
    pub(super) missing: usize,
}

/// The name by which a fault is accepted.
pub(super) fn fault_name(problem: &Problem) -> String {
    let code = problem.code.rsplit('.').next().unwrap_or_default();
    let column = problem.at.column.as_ref().map(|c| format!(":{c}")).unwrap_or_default();
    match (problem.at.row, &problem.at.key) {
        (Some(row), _) => format!("{code}@{row}{column}"),
        (None, Some(key)) => format!("{code}@{key}"),
        (None, None) => format!("{code}@*{column}"),
    }
}

impl Fault {
    /// One that has to be put right.
    pub(super) fn hard(problem: Problem) -> Self {
        Self { name: fault_name(&problem), problem, acceptable: false, leaves_out: None, mend: None }
    }

    /// One that may be accepted.
    pub(super) fn soft(problem: Problem) -> Self {
        Self { acceptable: true, ..Self::hard(problem) }
    }

    /// With what was meant.
    pub(super) fn mended(mut self, line: u64, at: usize, write: Option<String>) -> Self {
        self.mend = Some(Mend { line, at, write });
        self
    }
}

/// What a cell is judged with.
pub(super) struct Around<'a> {
    pub(super) form: &'a Form,
    pub(super) knowledge: &'a Knowledge<'a>,
    pub(super) years: &'a [i32],
}

/// Judges a sheet.
pub(super) fn judge<'f>(sheet: &Sheet, found: Recognised<'f>, knowledge: &Knowledge<'_>, present: Option<&Present>) -> Judgement<'f> {
    let Recognised { form, header, headings } = found;
    let years = &knowledge.region.declared.years;
    let around = Around { form, knowledge, years };
    let lines = knowledge.lines(form, present);
    let mut j = Judgement {
        form,
        header: sheet.rows[header].line,
        rows: Vec::new(),
        has: Vec::new(),
        faults: header_faults(&sheet.rows[header], &headings, form),
        notes: Vec::new(),
        years: BTreeSet::new(),
        missing: 0,
    };
    j.faults.extend(sheet.faults.iter().map(|p| Fault::hard(p.clone())));
    let at: Vec<Option<usize>> = (0..form.columns.len())
        .map(|k| headings.iter().position(|h| *h == Heading::Is(k)).or_else(|| headings.iter().position(|h| *h == Heading::Near(k))))
        .collect();
    j.has = (0..at.len()).filter(|k| at[*k].is_some()).collect();
    let mut totals = Vec::new();
    for row in &sheet.rows[header + 1..] {
        let cell = |k: usize| at[k].and_then(|c| row.cells.get(c)).map(|c| c.trim().to_owned()).unwrap_or_default();
        let cells: Vec<String> = (0..form.columns.len()).map(cell).collect();
        let judged = Judged { line: row.line, cells };
        if judged.cells.iter().all(String::is_empty) {
            j.notes.extend(not_read(row));
        } else if totals::is_total(&judged, form) {
            totals.push(judged);
        } else {
            cells::judge(&judged, &at, &around, &lines, &mut j.faults);
            j.rows.push(judged);
        }
    }
    if let Some(year) = form.of_kind(&Kind::Year).and_then(|c| form.columns.iter().position(|o| o == c)) {
        j.years = j.rows.iter().filter_map(|r| r.cells[year].parse().ok()).filter(|y| years.contains(y)).collect();
    }
    let doubled = doubles(&j.rows, form, &at);
    j.faults.extend(doubled);
    let (missing, unknown) = expected(&j, &lines, knowledge);
    j.missing = missing.len();
    j.faults.extend(missing);
    j.faults.extend(unknown);
    j.faults.extend(totals::faults(&j.rows, &totals, form, &lines, knowledge));
    j.notes.extend(totals.iter().map(|t| {
        Problem::note("delivery.total_row", text("合计行只用来核对，不作为一行数据", "a row of totals is compared, and not taken over as a row"))
            .row(t.line)
            .expect(text("每县每年一行", "one row for each county and year"))
            .fix(text("无须处理", "nothing to do"))
    }));
    j.faults.sort_by_key(|f| f.problem.at.row.unwrap_or(u64::MAX));
    j
}

/// A remark below or above the table.
fn not_read(row: &Row) -> Option<Problem> {
    let said = row.cells.iter().find(|c| !c.trim().is_empty())?.trim();
    let shown: String = said.chars().take(30).collect();
    Some(
        Problem::note(
            "delivery.remark_row",
            words!("这一行不在报表各列之内，未读取：{shown}", "this row is outside the columns of the table and was not read: {shown}"),
        )
        .row(row.line)
        .expect(text("报表各列中的数据", "data in the columns of the table"))
        .fix(text("若是数据，请移到对应的列下", "if it is data, move it below its columns")),
    )
}

fn header_faults(row: &Row, headings: &[Heading], form: &Form) -> Vec<Fault> {
    let mut faults = Vec::new();
    let called = |k: usize| format!("{} {}", form.columns[k].title.zh, form.columns[k].name);
    for (i, heading) in headings.iter().enumerate() {
        let said = row.cells[i].trim();
        match heading {
            Heading::Near(k) => {
                let meant = called(*k);
                faults.push(
                    Fault::hard(
                        Problem::error("delivery.header_misspelt", words!("表头“{said}”有误", "the head \"{said}\" is misspelt"))
                            .row(row.line)
                            .column(said)
                            .expect(words!("“{meant}”", "\"{meant}\""))
                            .fix(words!("改为“{meant}”", "write \"{meant}\"")),
                    )
                    .mended(row.line, i, Some(meant.clone())),
                );
            }
            Heading::Unknown => faults.push(Fault::soft(
                Problem::error("delivery.unknown_column", words!("报表没有“{said}”这一列", "the table has no column \"{said}\""))
                    .row(row.line)
                    .column(said)
                    .expect(words!("这些列：{}", "these columns: {}", form.columns.iter().map(|c| c.name.as_str()).collect::<Vec<_>>().join(", ")))
                    .fix(text("删去该列；若接受，则该列不被读取", "delete the column; if this is accepted, it is not read")),
            )),
            Heading::Is(k) => {
                let column = &form.columns[*k];
                let stated = stated_unit(said).filter(|u| !column.unit.is_empty() && *u != column.unit);
                if let Some(stated) = stated {
                    let unit = &column.unit;
                    let fix = match super::numbers::factor(&stated, unit) {
                        Some(by) => words!("整列乘以 {by}，并把表头的单位改为 {unit}", "multiply the column by {by} and write {unit} in its head"),
                        None => words!("核对该列填的是什么，换算为 {unit}", "see what the column holds, and convert it to {unit}"),
                    };
                    if super::numbers::factor(&stated, unit) != Some(1.0) {
                        faults.push(Fault::hard(
                            Problem::error(
                                "delivery.unit_in_header",
                                words!("表头写的单位是 {stated}，应为 {unit}", "the head says {stated}, and the unit is {unit}"),
                            )
                            .row(row.line)
                            .column(column.name.as_str())
                            .expect(words!("单位 {unit}", "the unit {unit}"))
                            .fix(fix),
                        ));
                    }
                }
            }
            Heading::Blank => {}
        }
        let again = headings[..i].iter().any(|h| matches!((h, heading), (Heading::Is(a) | Heading::Near(a), Heading::Is(b)) if a == b));
        if again {
            faults.push(Fault::hard(
                Problem::error("delivery.column_twice", words!("“{said}”这一列有两次", "the column \"{said}\" is there twice"))
                    .row(row.line)
                    .column(said)
                    .expect(text("每列一次", "every column once"))
                    .fix(text("删去其中一列", "delete one of them")),
            ));
        }
    }
    for (k, column) in form.columns.iter().enumerate().filter(|(_, c)| c.needed) {
        if !headings.iter().any(|h| *h == Heading::Is(k) || *h == Heading::Near(k)) {
            let meant = called(k);
            faults.push(Fault::hard(
                Problem::error("delivery.missing_column", words!("缺少“{meant}”这一列", "the column \"{meant}\" is missing"))
                    .row(row.line)
                    .column(column.name.as_str())
                    .expect(words!("“{meant}”，如 {}", "\"{meant}\", such as {}", column.example))
                    .fix(text("添加该列并填写；`liangshan template` 给出完整的表头", "add and fill it; `liangshan template` gives the whole header")),
            ));
        }
    }
    faults
}

fn key_of(row: &Judged, form: &Form) -> Vec<String> {
    form.key.iter().filter_map(|name| form.columns.iter().position(|c| c.name == *name)).map(|k| row.cells[k].clone()).collect()
}

fn doubles(rows: &[Judged], form: &Form, at: &[Option<usize>]) -> Vec<Fault> {
    let mut first: BTreeMap<Vec<String>, &Judged> = BTreeMap::new();
    let mut faults = Vec::new();
    let have_key = form.key.iter().all(|name| form.columns.iter().position(|c| c.name == *name).is_some_and(|k| at[k].is_some()));
    for row in rows.iter().filter(|_| have_key) {
        let key = key_of(row, form);
        let Some(earlier) = first.get(&key) else {
            first.insert(key, row);
            continue;
        };
        let (line, before, shown) = (row.line, earlier.line, key.join("/"));
        let same = earlier.cells == row.cells;
        let what = if same {
            words!("与第 {before} 行完全重复：{shown}", "the same as line {before}: {shown}")
        } else {
            words!("与第 {before} 行说的是同一件事，内容却不同：{shown}", "about the same thing as line {before}, and says otherwise: {shown}")
        };
        let fix = if same {
            words!("删去第 {line} 行", "delete line {line}")
        } else {
            words!("核对第 {before} 行和第 {line} 行，只留一行", "compare lines {before} and {line} and keep one")
        };
        let fault = Fault::hard(
            Problem::error("delivery.duplicate_row", what).row(line).column(form.key.join("+")).expect(text("每件事一行", "one row for each thing")).fix(fix),
        );
        faults.push(if same { fault.mended(line, 0, None) } else { fault });
    }
    faults
}

/// Rows that should be there and are not, and rows about what nobody expects.
fn expected(j: &Judgement<'_>, lines: &[Line], knowledge: &Knowledge<'_>) -> (Vec<Fault>, Vec<Fault>) {
    let form = j.form;
    let index = |name: &str| form.columns.iter().position(|c| c.name == name).filter(|k| j.has.contains(k));
    let of_kind = |kind: &Kind| form.columns.iter().position(|c| c.kind == *kind).filter(|k| j.has.contains(k));
    let (Some(year), Some(place)) = (of_kind(&Kind::Year), of_kind(&Kind::Place)) else { return (Vec::new(), Vec::new()) };
    if form.places == Where::Nowhere {
        return (Vec::new(), Vec::new());
    }
    // Units say how a line is written, not what it is about.
    let units: BTreeSet<&str> = form.columns.iter().filter_map(|c| c.unit_from.as_deref()).collect();
    let about: Vec<(&str, usize)> =
        form.lines_by.iter().filter(|n| form.key.contains(n) && !units.contains(n.as_str())).filter_map(|n| Some((n.as_str(), index(n)?))).collect();
    let there: BTreeSet<(String, String, Vec<String>)> =
        j.rows.iter().map(|r| (r.cells[year].clone(), r.cells[place].clone(), about.iter().map(|(_, k)| r.cells[*k].clone()).collect())).collect();
    let mut subjects: Vec<Vec<String>> = Vec::new();
    for line in lines {
        let subject: Vec<String> = about.iter().map(|(n, _)| line.cells.get(*n).cloned().unwrap_or_default()).collect();
        if !subjects.contains(&subject) {
            subjects.push(subject);
        }
    }
    if subjects.is_empty() {
        subjects.push(Vec::new());
    }
    let wild = about.is_empty() || lines.is_empty();
    let years: Vec<i32> = if j.years.is_empty() { knowledge.region.declared.years.clone() } else { j.years.iter().copied().collect() };
    let mut missing = Vec::new();
    for (y, p) in years.iter().flat_map(|y| knowledge.places(form).into_iter().map(move |p| (y, p))) {
        for subject in &subjects {
            let found = if wild {
                there.iter().any(|(ty, tp, _)| *ty == y.to_string() && *tp == p.code)
            } else {
                there.contains(&(y.to_string(), p.code.clone(), subject.clone()))
            };
            if !found {
                let key: Vec<&str> = [p.code.as_str()].into_iter().chain(subject.iter().map(String::as_str)).collect();
                let key = format!("{y}/{}", key.join("/"));
                let (zh, en) = (&p.name.zh, &p.name.en);
                missing.push(Fault::soft(
                    Problem::error("delivery.missing_row", words!("缺少一行：{y} 年{zh} {}", "a row is missing: {en} {y} {}", subject.join(" ")))
                        .key(key)
                        .expect(words!(
                            "每年、每地、每项一行，共 {} 行",
                            "one row for every year, place and item, {} in all",
                            years.len() * knowledge.places(form).len() * subjects.len()
                        ))
                        .fix(text(
                            "补上该行；没有产出的填 0，没有数据的可接受并说明原因",
                            "add it, with 0 where there was none; where there is no data, accept it and say why",
                        )),
                ));
            }
        }
    }
    let mut unknown = Vec::new();
    if !wild {
        for row in &j.rows {
            let subject: Vec<String> = about.iter().map(|(_, k)| row.cells[*k].clone()).collect();
            // A word outside a closed list was told of at its cell.
            let told = about
                .iter()
                .any(|(n, k)| form.column(n).is_some_and(|c| matches!(&c.kind, Kind::Code(codes) if !codes.iter().any(|(code, _)| *code == row.cells[*k]))));
            if !told && !subjects.contains(&subject) && subject.iter().all(|s| !s.is_empty()) {
                let known: Vec<String> = subjects.iter().map(|s| s.join(" ")).collect();
                let said = subject.join(" ");
                let near = nearest(&said, known.iter().map(String::as_str));
                unknown.push(Fault::soft(
                    Problem::error("delivery.unknown_line", words!("以前的报表里没有“{said}”", "\"{said}\" was not in this table before"))
                        .row(row.line)
                        .column(about.iter().map(|a| a.0).collect::<Vec<_>>().join("+"))
                        .expect(Text::same(known.join("；")))
                        .fix_near(near, text("若是新增的一项，可接受并说明", "if it is new, accept it and say so")),
                ));
            }
        }
    }
    (missing, unknown)
}

/// The number in a cell of a row, where it is a plain one.
pub(super) fn number(row: &Judged, column: usize) -> Option<rust_decimal::Decimal> {
    decimal(row.cells.get(column)?)
}

//! T-A to T-D: sums over the atoms, laid out as the published accounts are.

use liangshan_accounts::account::{ALL, Row, Status};
use liangshan_accounts::catalogue::{Class, rank};
use liangshan_accounts::valuation::Amount;
use liangshan_formats::workbook::{Cached, Cell, Look, NumberFormat, Sheet, Span};
use liangshan_vocab::{Fen, Text, words};

use super::exact::{Exact, at, double, down, on, picked};
use super::ledger::{COMPARABLE, Ledger, Line, QUANTITY, TYPE, VALUE, Year};
use super::{ACCOUNT_SHEET_COLUMNS, Draft, over};
use crate::ground::UNALLOCATED;

/// Where T-C has its lines.
pub(super) struct Counties {
    sheet: String,
    rows: Vec<u32>,
    quantity: u16,
    value: u16,
}

/// Where T-B has, for a line that some counties lack, what the others have of it.
pub(super) struct Types {
    sheet: String,
    partial: Vec<Option<u32>>,
    total: u16,
}

/// The place of a number on another sheet, and the number.
pub(super) struct Found {
    /// `'T-A 2020'!K40`.
    pub(super) cell: String,
    /// What stands there.
    pub(super) value: Fen,
}

/// A number as a spreadsheet has it.
fn yuan(value: Fen) -> f64 {
    value.yuan().parse().unwrap_or_default()
}

/// What stands in the place of a number that is not there.
fn absent(row: Option<&Row>) -> Cell {
    match row.map(|r| &r.status) {
        Some(Status::MissingInput { .. }) => Cell::text("缺 missing"),
        Some(Status::NotApplicable(_)) => Cell::text("不适用 n/a"),
        _ => Cell::default().look(Look::Plain),
    }
}

fn look(line: &Line<'_>) -> Look {
    if line.valued || line.parts.is_empty() { Look::Plain } else { Look::Subtotal }
}

fn dressed(cells: Vec<Cell>, look: Look) -> Vec<Cell> {
    cells.into_iter().map(|cell| cell.look(look)).collect()
}

fn indented(line: &Line<'_>) -> String {
    format!("{}{}", "　".repeat(line.depth), line.title)
}

fn title_of(class: Class) -> String {
    class.title().to_string()
}

/// Rows of the lines a class or a whole is the sum of.
fn rows_of(rows: &[u32], lines: &[Line<'_>], wanted: impl Fn(&Line<'_>) -> bool) -> Vec<u32> {
    rows.iter().zip(lines).filter(|(_, line)| line.valued && wanted(line)).map(|(row, _)| *row).collect()
}

fn parts_of(line: &Line<'_>, rows: &[u32], partial: &[Option<u32>], lines: &[Line<'_>], valued: bool) -> Vec<u32> {
    let mut of: Vec<u32> = Vec::new();
    for part in line.parts.iter().copied().filter(|p| !valued || lines[*p].valued) {
        of.extend(rows.get(part));
        of.extend(partial.get(part).copied().flatten());
    }
    of
}

/// T-C: quantity and value of every line in every county.
pub(super) fn counties(ledger: &Ledger<'_>, year: &Year<'_>, exact: &Exact) -> (Counties, Sheet) {
    let counties = &ledger.counties;
    let n = counties.len() as u16;
    let (quantities, values) = (4_u16, 5 + n);
    let sheet = format!("T-C {}", year.year);
    let mut draft = Draft::new(
        sheet.clone(),
        &words!("{} 年分县账户", "account by county, {}", year.year),
        &Text::of(
            "县的数是原子之和，全区是各县之和；空白不是零。灰底的行是下面各行之和，不再计入合计。",
            "a county is the sum of its atoms, the region that of its counties; blank is not zero. Shaded lines sum those below and are not counted again.",
        ),
    );
    let mut groups = vec![Cell::default().look(Look::Header); usize::from(6 + 2 * n)];
    groups[usize::from(quantities)] = Cell::text("实物量 quantity").look(Look::Header);
    groups[usize::from(values)] = Cell::text("价值（元） value, CNY").look(Look::Header);
    let top = draft.push(groups);
    let names = || counties.iter().copied().chain([ledger.whole]).map(|code| ledger.place_name(code));
    let fixed = [("类别", "category", 14.0), ("指标", "indicator", 34.0), ("指标代码", "id", 28.0), ("单位", "unit", 9.0)];
    let heads = fixed.map(|(zh, en, width)| (over(zh, en), width)).into_iter();
    draft.heads(heads.chain(names().chain(names()).map(|name| (over(&name.zh, &name.en), 20.0))));
    draft.sheet.repeated = Some((top, top + 1));
    for (first, last) in [(quantities, quantities + n), (values, values + n)] {
        draft.sheet.merged.push(Span { first_row: top, first_column: first, last_row: top, last_column: last });
    }
    let first = draft.next();
    let rows: Vec<u32> = (first..).take(year.lines.len()).collect();
    for (line, row) in year.lines.iter().zip(&rows) {
        let unit = ledger.row(year.year, ledger.whole, ALL, line.id).map(|r| r.unit.as_str()).unwrap_or_default();
        let mut cells = vec![Cell::text(title_of(line.class)), Cell::text(indented(line)), Cell::text(line.id), Cell::text(unit)];
        let found: Vec<Option<&Row>> = counties.iter().map(|county| ledger.row(year.year, county, ALL, line.id)).collect();
        let whole = ledger.row(year.year, ledger.whole, ALL, line.id);
        let all = |first: u16| format!("{}:{}", at(*row, first), at(*row, first + n - 1));
        for (column, (county, found)) in (quantities..).zip(counties.iter().zip(&found)) {
            cells.push(county_cell(year, line, &rows, (county, column), found.and_then(|r| r.quantity), *found, exact));
        }
        cells.push(whole.and_then(|r| r.quantity).map_or_else(|| absent(whole), |q| exact.amount(&all(quantities), q)));
        for (column, (county, found)) in (values..).zip(counties.iter().zip(&found)) {
            cells.push(match found.and_then(|r| r.value) {
                None => absent(*found),
                Some(value) if line.valued => match year.block_of(line.id, county) {
                    Some(block) => exact.money(&down(&year.sheet(), block, VALUE), value),
                    None => Cell::money(value),
                },
                Some(value) => match parts_of(line, &rows, &[], &year.lines, true) {
                    parts if parts.is_empty() => Cell::money(value),
                    parts => exact.money(&picked(&parts, column), value),
                },
            });
        }
        cells.push(whole.and_then(|r| r.value).map_or_else(|| absent(whole), |v| exact.money(&all(values), v)));
        draft.push(dressed(cells, look(line)));
    }
    county_totals(ledger, year, &rows, values, &mut draft, exact);
    (Counties { sheet, rows, quantity: quantities + n, value: values + n }, draft.done(4, false))
}

/// The quantity of a line in a county: its atoms, or its parts where those are of the same thing.
fn county_cell(
    year: &Year<'_>,
    line: &Line<'_>,
    rows: &[u32],
    (county, column): (&str, u16),
    quantity: Option<Amount>,
    row: Option<&Row>,
    exact: &Exact,
) -> Cell {
    let Some(quantity) = quantity else { return absent(row) };
    match year.block_of(line.id, county) {
        Some(block) => exact.amount(&down(&year.sheet(), block, QUANTITY), quantity),
        None if line.own || line.parts.is_empty() => Cell::number(double(quantity)).format(NumberFormat::Decimals(quantity.decimals)),
        None => exact.amount(&picked(&parts_of(line, rows, &[], &year.lines, false), column), quantity),
    }
}

/// Classes, deduction and total below the lines of T-C.
fn county_totals(ledger: &Ledger<'_>, year: &Year<'_>, rows: &[u32], values: u16, draft: &mut Draft, exact: &Exact) {
    let n = ledger.counties.len() as u16;
    let of = |code: &str| ledger.total(year.year, code, ALL);
    let mut below = |name: String, look: Look, picks: &dyn Fn(u16) -> String, value: &dyn Fn(&str) -> Option<Fen>, formula: bool| {
        let row = draft.next();
        let mut cells = vec![Cell::text(name)];
        cells.resize(usize::from(values), Cell::default());
        for (column, county) in (values..).zip(&ledger.counties) {
            cells.push(value(county).map_or_else(Cell::default, |v| match picks(column) {
                cells if cells.is_empty() || !formula => Cell::money(v),
                cells => exact.money(&cells, v),
            }));
        }
        let all = format!("{}:{}", at(row, values), at(row, values + n - 1));
        cells.push(value(ledger.whole).map_or_else(Cell::default, |v| exact.money(&all, v)));
        draft.push(dressed(cells, look))
    };
    let mut terms = Vec::new();
    for class in Class::ALL {
        let of_class = rows_of(rows, &year.lines, |line| line.class == class);
        terms.push(below(title_of(class), Look::Subtotal, &|column| picked(&of_class, column), &|code| of(code).map(|t| t.class(class)), true));
    }
    if ledger.account.totals.iter().any(|t| t.deduction != Fen(0)) {
        let minus = |code: &str| of(code).map(|t| Fen(-t.deduction.0));
        terms.push(below("扣减：区外产品 / deduction: products from outside".into(), Look::Subtotal, &|_| String::new(), &minus, false));
    }
    let name = of(ledger.whole).map_or_else(String::new, |t| t.title().to_string());
    below(name, Look::Total, &|column| picked(&terms, column), &|code| of(code).map(|t| t.value), true);
}

/// T-B: the value of every line in every ecosystem type of the whole region.
pub(super) fn types(ledger: &Ledger<'_>, year: &Year<'_>, exact: &Exact) -> (Types, Sheet) {
    let kinds: Vec<&str> = {
        let all = ledger.account.ecosystems.iter().map(String::as_str);
        all.filter(|kind| year.atoms.iter().any(|e| e.atom.ecosystem == *kind)).collect()
    };
    let n = kinds.len() as u16;
    let (first_kind, total) = (3_u16, 3 + n);
    let sheet = format!("T-B {}", year.year);
    let mut draft = Draft::new(
        sheet.clone(),
        &words!("{} 年按生态系统类型的价值（元）", "value by ecosystem type, {}, CNY", year.year),
        &Text::of(
            "行为服务，列为类型；空白表示该类型没有该项服务，不是零。份额以已分配到类型的部分为分母。",
            "services by types; blank means that a type does not give the service, not zero. Shares are of what is allocated to types.",
        ),
    );
    let fixed = [("类别", "category", 14.0), ("指标", "indicator", 34.0), ("指标代码", "id", 28.0)].map(|(zh, en, width)| (over(zh, en), width));
    let names = kinds.iter().map(|kind| ledger.type_name(kind)).map(|name| (over(&name.zh, &name.en), 20.0));
    draft.heads(fixed.into_iter().chain(names).chain([(over("合计", "total"), 20.0), (over("类别合计", "category total"), 20.0)]));
    let place = |kind: &str, block| {
        let (values, of) = (down(&year.sheet(), block, VALUE), down(&year.sheet(), block, TYPE));
        format!("ROUND(SUMIF({of},\"{kind}\",{values}),2)")
    };
    let (mut rows, mut partial, mut categories) = (Vec::new(), Vec::new(), Vec::new());
    // Parts stand below their whole, so the rows are known before any is filled.
    let mut next = draft.next();
    for line in &year.lines {
        rows.push(next);
        let whole = ledger.row(year.year, ledger.whole, ALL, line.id);
        let lacking = line.valued && whole.is_none_or(|r| r.value.is_none());
        partial.push(lacking.then_some(next + 1));
        next += 1 + u32::from(lacking);
    }
    for (i, line) in year.lines.iter().enumerate() {
        let whole = ledger.row(year.year, ledger.whole, ALL, line.id);
        let head = |name: String| vec![Cell::text(title_of(line.class)), Cell::text(name), Cell::text(line.id)];
        let across = |row: u32| format!("{}:{}", at(row, first_kind), at(row, first_kind + n.max(1) - 1));
        let block = year.block(line.id).filter(|_| line.valued);
        let mut cells = head(indented(line));
        for (column, kind) in (first_kind..).zip(&kinds) {
            let value = whole.and_then(|r| r.value).and(ledger.row(year.year, ledger.whole, kind, line.id)).and_then(|r| r.value);
            cells.push(value.map_or_else(Cell::default, |value| match block {
                Some(block) => exact.money_of(place(kind, block), value),
                None => exact.money(&picked(&parts_of(line, &rows, &partial, &year.lines, true), column), value),
            }));
        }
        cells.push(match whole.and_then(|r| r.value) {
            None => absent(whole),
            Some(value) if line.own || !line.parts.is_empty() => exact.money(&across(rows[i]), value),
            Some(value) => Cell::money(value),
        });
        cells.push(Cell::default());
        let row = draft.push(dressed(cells, look(line)));
        if !categories.iter().any(|(class, _)| *class == line.class) {
            categories.push((line.class, row));
        }
        if let (Some(row), Some(block)) = (partial[i], block) {
            let mut cells = head(format!("{}其中：有数据的县 / of which counties that have it", "　".repeat(line.depth + 1)));
            for kind in &kinds {
                let there = year.of(line.id).iter().any(|e| e.atom.ecosystem == *kind);
                cells.push(if there { exact.money_of(place(kind, block), year.sum(line.id, Some(kind))) } else { Cell::default() });
            }
            cells.extend([exact.money(&across(row), year.sum(line.id, None)), Cell::default()]);
            draft.push(dressed(cells, Look::Plain));
        }
    }
    let counted = |class: Option<Class>| {
        let mut of = rows_of(&rows, &year.lines, |line| class.is_none_or(|c| c == line.class));
        of.extend(partial.iter().zip(&year.lines).filter(|(_, line)| class.is_none_or(|c| c == line.class)).filter_map(|(row, _)| *row));
        of.sort_unstable();
        of
    };
    for (class, row) in categories {
        let Some(value) = ledger.total(year.year, ledger.whole, ALL).map(|t| t.class(class)) else { continue };
        draft.sheet.rows[row as usize][usize::from(total) + 1] = exact.money(&picked(&counted(Some(class)), total), value).look(Look::Subtotal);
    }
    type_totals(ledger, year, &kinds, (first_kind, total), &counted, &mut draft, exact);
    (Types { sheet, partial, total }, draft.done(3, false))
}

/// Classes, total and shares below the lines of T-B.
fn type_totals(
    ledger: &Ledger<'_>,
    year: &Year<'_>,
    kinds: &[&str],
    (first, total): (u16, u16),
    counted: &dyn Fn(Option<Class>) -> Vec<u32>,
    draft: &mut Draft,
    exact: &Exact,
) {
    let of = |kind: &str| ledger.total(year.year, ledger.whole, kind);
    let gross = |t: &liangshan_accounts::account::Total| t.classes.iter().copied().sum::<Fen>();
    let mut terms = Vec::new();
    let rows = Class::ALL.into_iter().map(Some).chain([None]);
    for class in rows {
        let row = draft.next();
        let from = class.map_or_else(|| terms.clone(), |class| counted(Some(class)));
        let value = |kind: &str| of(kind).map(|t| class.map_or_else(|| gross(t), |class| t.class(class)));
        let name = class.map_or_else(|| "各类之和 / sum of the categories".to_owned(), title_of);
        let mut cells = vec![Cell::text(name), Cell::default(), Cell::default()];
        for (column, kind) in (first..).zip(kinds) {
            let sum = |v| if from.is_empty() { Cell::money(v) } else { exact.money(&picked(&from, column), v) };
            cells.push(value(kind).map_or_else(Cell::default, sum));
        }
        let across = format!("{}:{}", at(row, first), at(row, total.max(first + 1) - 1));
        cells.push(value(ALL).map_or_else(Cell::default, |v| exact.money(&across, v)));
        cells.push(Cell::default());
        draft.push(dressed(cells, if class.is_some() { Look::Subtotal } else { Look::Total }));
        terms.push(row);
    }
    let sum = terms[terms.len() - 1];
    let whole = of(ALL).map_or(Fen(0), gross);
    let loose = kinds.iter().position(|kind| *kind == UNALLOCATED);
    let apart = loose.and_then(|_| of(UNALLOCATED)).map_or(Fen(0), gross);
    let allocated = whole - apart;
    let row = draft.next();
    let mut cells = vec![Cell::text("已分配合计 / allocated to types")];
    cells.resize(usize::from(total), Cell::default());
    let formula = loose.map_or_else(|| at(sum, total), |at_kind| format!("ROUND({}-{},2)", at(sum, total), at(sum, first + at_kind as u16)));
    cells.extend([exact.money_of(formula, allocated), Cell::default()]);
    draft.push(dressed(cells, Look::Subtotal));
    let mut cells = vec![Cell::text("占已分配的份额 / share of the allocated"), Cell::default(), Cell::default()];
    for (column, kind) in (first..).zip(kinds) {
        let share = (*kind != UNALLOCATED && allocated != Fen(0)).then(|| yuan(of(kind).map_or(Fen(0), gross)) / yuan(allocated));
        let formula = format!("{}/{}", at(sum, column), at(row, total));
        cells.push(share.map_or_else(Cell::default, |share| Cell::formula(formula, Cached::Number(share)).format(NumberFormat::Percent(2))));
    }
    cells.extend([Cell::default(), Cell::default()]);
    draft.push(dressed(cells, Look::Plain));
}

/// T-A: the account of the whole region; and where its total stands.
pub(super) fn account(ledger: &Ledger<'_>, year: &Year<'_>, counties: &Counties, types: &Types, exact: &Exact) -> (Sheet, Found) {
    const QUANTITY: u16 = 4;
    const VALUE: u16 = 10;
    const CATEGORY: u16 = 12;
    let sheet = format!("T-A {}", year.year);
    let mut draft = Draft::new(
        sheet.clone(),
        &Text::of(
            format!("{} 年{}实物量与价值量账户", year.year, ledger.place_name(ledger.whole).zh),
            format!("physical and monetary account of {}, {}", ledger.place_name(ledger.whole).en, year.year),
        ),
        &Text::of(
            "价值列只有计入总值的行；上级指标之和在“服务小计”列。单价为平均时由价值 ÷ 实物量得出。",
            "the value column has only what counts in the total; sums of groups stand under subtotal. An average price is value over quantity.",
        ),
    );
    draft.heads(ACCOUNT_SHEET_COLUMNS.iter().map(|(zh, en, _, _, width)| (over(zh, en), *width)));
    let start = draft.next();
    let (mut rows, mut partial) = (Vec::new(), Vec::new());
    let mut next = start;
    for lacking in &types.partial {
        rows.push(next);
        partial.push(lacking.map(|_| next + 1));
        next += 1 + u32::from(lacking.is_some());
    }
    let mut counted: Vec<(Class, u32)> = Vec::new();
    for (i, line) in year.lines.iter().enumerate() {
        let row = rows[i];
        let found = ledger.row(year.year, ledger.whole, ALL, line.id);
        let class = if i == 0 || year.lines[i - 1].class != line.class { title_of(line.class) } else { String::new() };
        let service = if line.depth == 0 { line.service.to_string() } else { String::new() };
        let mut cells = vec![Cell::text(class), Cell::text(service), Cell::text(indented(line)), Cell::text(line.id)];
        let quantity = found.and_then(|r| r.quantity);
        cells.push(quantity.map_or_else(
            || absent(found),
            |q| {
                let there = on(&counties.sheet, counties.rows[i], counties.quantity);
                Cell::formula(there, Cached::Number(double(q))).format(NumberFormat::Decimals(q.decimals))
            },
        ));
        cells.push(Cell::text(found.map(|r| r.unit.as_str()).unwrap_or_default()));
        cells.extend(price(year, line, found, &at(row, QUANTITY), &at(row, VALUE)));
        let value = found.and_then(|r| r.value);
        let there = on(&counties.sheet, counties.rows[i], counties.value);
        let parts = parts_of(line, &rows, &partial, &year.lines, true);
        let (own, sub) = match value {
            Some(value) if line.valued => {
                (Cell::formula(there, Cached::Money(value)), (line.depth == 0).then(|| Cell::formula(at(row, VALUE), Cached::Money(value))))
            }
            Some(value) if !parts.is_empty() => (Cell::default(), Some(exact.money(&picked(&parts, VALUE), value))),
            Some(value) => (Cell::formula(there, Cached::Money(value)), None),
            None => (absent(found), None),
        };
        if line.valued && value.is_some() {
            counted.push((line.class, row));
        }
        cells.extend([own, sub.unwrap_or_default(), Cell::default()]);
        cells.push(Cell::text(found.map(|r| r.evidence.word()).unwrap_or_default()));
        let remark = found.map(|r| r.status.reason().cloned().or_else(|| r.origin.map(|o| o.title())).unwrap_or_default()).unwrap_or_default();
        cells.push(Cell::text(if remark.is_empty() { String::new() } else { remark.to_string() }));
        draft.push(dressed(cells, look(line)));
        if let (Some(row), Some(there)) = (partial[i], types.partial[i]) {
            let mut cells = vec![Cell::default(); ACCOUNT_SHEET_COLUMNS.len()];
            cells[2] = Cell::text(format!("{}其中：有数据的县 / of which counties that have it", "　".repeat(line.depth + 1)));
            cells[3] = Cell::text(line.id);
            cells[usize::from(VALUE)] = Cell::formula(on(&types.sheet, there, types.total), Cached::Money(year.sum(line.id, None)));
            cells[14] = Cell::text("其余县缺资料，全区不作为该指标的数 / other counties lack it, so it is no number of the region");
            draft.push(dressed(cells, Look::Plain));
            counted.push((line.class, row));
        }
    }
    let total = ledger.total(year.year, ledger.whole, ALL);
    let mut classes = Vec::new();
    for class in Class::ALL {
        let of: Vec<u32> = counted.iter().filter(|(c, _)| *c == class).map(|(_, row)| *row).collect();
        let Some(at_line) = year.lines.iter().position(|line| line.class == class) else { continue };
        let value = total.map_or(Fen(0), |t| t.class(class));
        let cell = if of.is_empty() { Cell::money(value) } else { exact.money(&picked(&of, VALUE), value) };
        draft.sheet.rows[rows[at_line] as usize][usize::from(CATEGORY)] = cell.look(Look::Subtotal);
        classes.push(rows[at_line]);
    }
    let blank = || vec![Cell::default(); ACCOUNT_SHEET_COLUMNS.len()];
    let mut minus = None;
    if let Some(deduction) = total.map(|t| t.deduction).filter(|d| *d != Fen(0)) {
        let mut cells = blank();
        cells[0] = Cell::text("扣减：区外产品 / deduction: products from outside");
        cells[usize::from(CATEGORY)] = Cell::money(Fen(-deduction.0));
        minus = Some(draft.push(dressed(cells, Look::Subtotal)));
    }
    let value = total.map_or(Fen(0), |t| t.value);
    let terms: Vec<u32> = classes.iter().copied().chain(minus).collect();
    let mut cells = blank();
    cells[0] = Cell::text(total.map_or_else(String::new, |t| t.title().to_string()));
    cells[usize::from(CATEGORY)] = if terms.is_empty() { Cell::money(value) } else { exact.money(&picked(&terms, CATEGORY), value) };
    let row = draft.push(dressed(cells, Look::Total));
    let area = ledger.book.prepared.places.area_m2(ledger.whole).map(|m2| m2 / 1e6);
    if let Some(km2) = area.filter(|km2| *km2 > 0.0) {
        let mut cells = blank();
        cells[0] = Cell::text("面积（km²，椭球面） / area on the ellipsoid, km²");
        cells[usize::from(CATEGORY)] = Cell::number(km2).format(NumberFormat::Decimals(3));
        let there = draft.push(dressed(cells, Look::Plain));
        let mut cells = blank();
        cells[0] = Cell::text("单位面积价值（元/km²） / CNY per km²");
        let formula = format!("{}/{}", at(row, CATEGORY), at(there, CATEGORY));
        cells[usize::from(CATEGORY)] = Cell::formula(formula, Cached::Number(yuan(value) / km2)).format(NumberFormat::Money);
        draft.push(dressed(cells, Look::Plain));
    }
    (draft.done(4, false), Found { cell: on(&sheet, row, CATEGORY), value })
}

/// Price, its unit, year and id.
fn price(year: &Year<'_>, line: &Line<'_>, row: Option<&Row>, quantity: &str, value: &str) -> [Cell; 4] {
    let Some(price) = row.and_then(|r| r.price.as_ref()).filter(|_| line.valued) else { return std::array::from_fn(|_| Cell::default()) };
    if let Some(one) = year.one_price(line.id) {
        let number = Cell::number(one.value.to_string().parse().unwrap_or_default());
        return [number, Cell::text(&one.unit), Cell::number(f64::from(one.year)).format(NumberFormat::Whole), Cell::text(&one.id)];
    }
    let average = row.and_then(|r| Some(yuan(r.value?) / double(r.quantity?))).filter(|p| p.is_finite());
    let number = average.map_or_else(Cell::default, |p| Cell::formula(format!("{value}/{quantity}"), Cached::Number(p)));
    let of = price.year.map_or_else(Cell::default, |year| Cell::number(f64::from(year)).format(NumberFormat::Whole));
    [number, Cell::text(&price.unit), of, Cell::text(&price.id)]
}

/// T-D: every line by year, at current prices and at those of the base year.
pub(super) fn years(ledger: &Ledger<'_>, tables: &[(&Year<'_>, Counties, Types)], exact: &Exact) -> Sheet {
    let n = tables.len() as u16;
    let (current, comparable, growth) = (3_u16, 3 + n, 3 + 2 * n);
    let base = ledger.base;
    let mut draft = Draft::new(
        "T-D".into(),
        &words!("年际账户（元）：当年价与 {base} 年可比价", "account by year, CNY: at current prices and at those of {base}"),
        &Text::of(
            "可比价 = 当年实物量 × 基年单价。以金额为实物量的指标没有可比价（需要价格指数），空白不是零；增长率只用可比价。",
            "comparable = the year's quantity × the base year's price. An amount of money has no comparable value without an index: blank, not zero. Growth is in comparable prices.",
        ),
    );
    let fixed = [("类别", "category", 14.0), ("指标", "indicator", 34.0), ("指标代码", "id", 28.0)].map(|(zh, en, width)| (over(zh, en), width));
    let of =
        |zh: &'static str, en: &'static str, skip: usize| tables.iter().skip(skip).map(move |(y, _, _)| (format!("{} {zh}\n{en} {}", y.year, y.year), 20.0));
    let growths = of("可比价增长", "growth", 1).map(|(said, _)| (said, 14.0));
    draft.heads(fixed.into_iter().chain(of("当年价", "current", 0)).chain(of("可比价", "comparable", 0)).chain(growths));
    let mut lines: Vec<&Line<'_>> = Vec::new();
    for line in tables.iter().flat_map(|(year, _, _)| &year.lines) {
        match lines.iter_mut().find(|known| known.id == line.id) {
            Some(known) if !known.valued && line.valued => *known = line,
            Some(_) => {}
            None => lines.push(line),
        }
    }
    lines.sort_by_key(|line| rank(line.id));
    let first = draft.next();
    let rows: Vec<u32> = (first..).take(lines.len()).collect();
    let valued = |wanted: &dyn Fn(&Line<'_>) -> bool| -> Vec<u32> {
        rows.iter().zip(&lines).filter(|(_, line)| line.valued && wanted(line)).map(|(row, _)| *row).collect()
    };
    for (line, row) in lines.iter().zip(&rows) {
        let mut cells = vec![Cell::text(title_of(line.class)), Cell::text(indented(line)), Cell::text(line.id)];
        cells.extend(tables.iter().map(|(year, counties, types)| current_value(ledger, year, counties, types, line.id)));
        let parts: Vec<&Line<'_>> =
            lines.iter().copied().filter(|part| part.valued && part.id != line.id && liangshan_accounts::catalogue::is_within(part.id, line.id)).collect();
        let within = valued(&|part| parts.iter().any(|p| p.id == part.id));
        let at_base = |year: &Year<'_>| {
            let own = year.block(line.id).filter(|_| line.valued).map(|_| year.at_base(line.id));
            own.unwrap_or_else(|| parts.iter().filter(|p| year.block(p.id).is_some()).map(|p| year.at_base(p.id)).try_fold(Fen(0), |sum, v| Some(sum + v?)))
        };
        let there = |year: &Year<'_>| year.block(line.id).is_some_and(|_| line.valued) || parts.iter().any(|p| year.block(p.id).is_some());
        let values: Vec<Option<Fen>> = tables.iter().map(|(year, _, _)| at_base(year).filter(|_| there(year))).collect();
        for (column, ((year, _, _), value)) in (comparable..).zip(tables.iter().zip(&values)) {
            cells.push(value.map_or_else(Cell::default, |value| match year.block(line.id).filter(|_| line.valued) {
                Some(block) => exact.money(&down(&year.sheet(), block, COMPARABLE), value),
                None => exact.money(&picked(&within, column), value),
            }));
        }
        cells.extend(growth_cells(&values, *row, comparable));
        draft.push(dressed(cells, look(line)));
    }
    let mut terms = Vec::new();
    for class in Class::ALL.into_iter().map(Some).chain([None]) {
        let row = draft.next();
        let from = class.map_or_else(|| terms.clone(), |class| valued(&|line| line.class == class));
        let name = class.map_or_else(|| "各类之和 / sum of the categories".to_owned(), title_of);
        let mut cells = vec![Cell::text(name), Cell::default(), Cell::default()];
        let sum = |column: u16, value: Fen| if from.is_empty() { Cell::money(value) } else { exact.money(&picked(&from, column), value) };
        for (column, (year, _, _)) in (current..).zip(tables) {
            let total = ledger.total(year.year, ledger.whole, ALL);
            let value = total.map(|t| class.map_or_else(|| t.classes.iter().copied().sum(), |class| t.class(class)));
            cells.push(value.map_or_else(Cell::default, |value| sum(column, value)));
        }
        let of_class = |line: &Line<'_>| line.valued && class.is_none_or(|c| c == line.class);
        let at_base = |year: &Year<'_>| {
            let of = lines.iter().filter(|line| of_class(line) && year.block(line.id).is_some());
            of.map(|line| year.at_base(line.id)).try_fold(Fen(0), |sum, value| Some(sum + value?))
        };
        let values: Vec<Option<Fen>> = tables.iter().map(|(year, _, _)| at_base(year)).collect();
        for (column, value) in (comparable..).zip(&values) {
            cells.push(value.map_or_else(Cell::default, |value| sum(column, value)));
        }
        cells.extend(growth_cells(&values, row, comparable));
        draft.push(dressed(cells, if class.is_some() { Look::Subtotal } else { Look::Total }));
        terms.push(row);
    }
    debug_assert_eq!(draft.sheet.columns.len(), usize::from(growth + n.saturating_sub(1)));
    draft.done(3, false)
}

/// A line's value in a year: of the whole region, or of the counties that have it.
fn current_value(ledger: &Ledger<'_>, year: &Year<'_>, counties: &Counties, types: &Types, id: &str) -> Cell {
    let Some(i) = year.lines.iter().position(|line| line.id == id) else { return Cell::default() };
    let row = ledger.row(year.year, ledger.whole, ALL, id);
    match (row.and_then(|r| r.value), types.partial[i]) {
        (Some(value), _) => Cell::formula(on(&counties.sheet, counties.rows[i], counties.value), Cached::Money(value)),
        (None, Some(partial)) => {
            Cell::formula(on(&types.sheet, partial, types.total), Cached::Money(year.sum(id, None))).note("只含有数据的县 / only the counties that have it")
        }
        (None, None) => absent(row),
    }
}

/// Growth over the first year, at its prices.
fn growth_cells(values: &[Option<Fen>], row: u32, comparable: u16) -> Vec<Cell> {
    let base = values.first().copied().flatten().filter(|v| *v != Fen(0));
    (1_u16..)
        .zip(values.iter().skip(1))
        .map(|(i, value)| match (base, value) {
            (Some(base), Some(value)) => {
                let formula = format!("{}/{}-1", at(row, comparable + i), at(row, comparable));
                Cell::formula(formula, Cached::Number(yuan(*value) / yuan(base) - 1.0)).format(NumberFormat::Percent(2))
            }
            _ => Cell::default(),
        })
        .collect()
}

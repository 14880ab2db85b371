//! One row, cell by cell.

use liangshan_vocab::{Problem, Text, nearest, text, words};

use super::forms::{Column, Kind, Line};
use super::judge::{Around, Fault, Judged};
use super::numbers;

/// Judges the cells of a row. `at` says where a column of the form stands in the sheet.
pub(super) fn judge(row: &Judged, at: &[Option<usize>], around: &Around<'_>, lines: &[Line], faults: &mut Vec<Fault>) {
    let units: Vec<&str> = around.form.columns.iter().filter_map(|c| c.unit_from.as_deref()).collect();
    let line = line_of(row, around, lines);
    for (k, column) in around.form.columns.iter().enumerate() {
        let Some(place) = at[k] else { continue };
        let cell = row.cells[k].as_str();
        let here = |p: Problem| p.row(row.line).column(column.name.as_str());
        if cell.is_empty() {
            if column.needed {
                faults.push(empty(row, column, place, around));
            }
            continue;
        }
        if numbers::is_error(cell) {
            faults.push(Fault::hard(here(
                Problem::error("delivery.error_cell", words!("公式出错：{cell}", "the formula failed: {cell}"))
                    .expect(text("公式的结果，或直接填写的值", "the result of the formula, or the value itself"))
                    .fix(text("改正公式，或填写数值后再保存", "mend the formula, or write the value, and save")),
            )));
            continue;
        }
        let fault = match &column.kind {
            Kind::Year => year(cell, around),
            Kind::Place => place_code(cell, around),
            Kind::PlaceName => place_name(cell, row, around),
            Kind::Code(codes) => code(cell, codes),
            Kind::Number { least, most } => {
                let most = line.and_then(|l| l.most).or(*most);
                number(cell, column, unit_of(row, column, around), (*least, most))
            }
            Kind::Text if units.contains(&column.name.as_str()) => wrong_unit(cell, column, line),
            Kind::Text => None,
        };
        let Some((fault, mend)) = fault else { continue };
        let fault = Fault { problem: here(fault.problem), ..fault };
        let fault = Fault { name: super::judge::fault_name(&fault.problem), ..fault };
        faults.push(match mend {
            Some(write) => fault.mended(row.line, place, Some(write)),
            None => fault,
        });
    }
}

type Found = Option<(Fault, Option<String>)>;

/// The declared line that a row is about, units aside.
fn line_of<'l>(row: &Judged, around: &Around<'_>, lines: &'l [Line]) -> Option<&'l Line> {
    let form = around.form;
    let units: Vec<&str> = form.columns.iter().filter_map(|c| c.unit_from.as_deref()).collect();
    let cell = |name: &str| form.columns.iter().position(|c| c.name == name).map(|k| row.cells[k].as_str());
    let about = |l: &&Line| {
        let mut compared = l.cells.iter().filter(|(name, _)| form.key.contains(name) && !units.contains(&name.as_str())).peekable();
        compared.peek().is_some() && compared.all(|(name, said)| cell(name) == Some(said.as_str()))
    };
    lines.iter().find(about)
}

/// The unit of a number: the column's, or what the row says in another column.
fn unit_of<'r>(row: &'r Judged, column: &'r Column, around: &Around<'_>) -> &'r str {
    let from = column.unit_from.as_ref().and_then(|name| around.form.columns.iter().position(|c| c.name == *name));
    from.map_or(column.unit.as_str(), |k| row.cells[k].as_str())
}

fn empty(row: &Judged, column: &Column, place: usize, around: &Around<'_>) -> Fault {
    let name = format!("{} {}", column.title.zh, column.name);
    let problem = Problem::error("delivery.empty_cell", words!("“{name}”是空的", "\"{name}\" is empty"))
        .row(row.line)
        .column(column.name.as_str())
        .expect(such_as(wanted(column), &column.example))
        .fix(text("填上；没有产出的填 0。若接受，则该行不作为数据", "fill it in, with 0 where there was none; if this is accepted, the row is left out"));
    // A code is known where its name stands beside it.
    let names = around.form.columns.iter().position(|c| c.kind == Kind::PlaceName);
    let named = names.filter(|_| column.kind == Kind::Place).and_then(|k| by_name(&row.cells[k], around));
    match named {
        Some(code) => Fault::hard(problem).mended(row.line, place, Some(code)),
        None => Fault { leaves_out: Some(row.line), ..Fault::soft(problem) },
    }
}

fn such_as(wanted: Text, example: &str) -> Text {
    if example.is_empty() { wanted } else { Text::of(format!("{}，如 {example}", wanted.zh), format!("{}, such as {example}", wanted.en)) }
}

fn wanted(column: &Column) -> Text {
    match &column.kind {
        Kind::Number { .. } => text("数", "a number"),
        Kind::Year => text("年份", "a year"),
        Kind::Place => text("区划代码", "a division code"),
        Kind::Code(_) => text("清单中的词", "a word of the list"),
        _ => text("文字", "words"),
    }
}

fn by_name(said: &str, around: &Around<'_>) -> Option<String> {
    let known = around.knowledge.places(around.form).into_iter().chain([&around.knowledge.whole]);
    known.into_iter().find(|p| !said.is_empty() && (p.name.zh == said || p.name.en.eq_ignore_ascii_case(said))).map(|p| p.code.clone())
}

fn year(cell: &str, around: &Around<'_>) -> Found {
    let known = around.years.iter().map(i32::to_string).collect::<Vec<_>>().join(", ");
    if around.years.iter().any(|y| y.to_string() == cell) {
        return None;
    }
    let narrow = numbers::half_width(cell);
    let meant = narrow.trim_end_matches('年').trim();
    let meant = meant.strip_suffix(".0").unwrap_or(meant);
    if around.years.iter().any(|y| y.to_string() == meant) {
        let problem = Problem::error("delivery.year_written", words!("年份“{cell}”写法不对", "the year \"{cell}\" is not written plainly"))
            .expect(words!("{known} 之一", "one of {known}"))
            .fix(words!("写作 {meant}", "write {meant}"));
        return Some((Fault::hard(problem), Some(meant.to_owned())));
    }
    let problem = Problem::error("delivery.year_outside", words!("“{cell}”不是本区域的核算年份", "\"{cell}\" is not an accounting year of this region"))
        .expect(words!("{known} 之一", "one of {known}"))
        .fix(text("改正年份；若确为别的年份，请删去该行", "correct the year, or delete the row if it is of another one"));
    Some((Fault::hard(problem), None))
}

fn place_code(cell: &str, around: &Around<'_>) -> Found {
    let places = around.knowledge.places(around.form);
    let places = if places.is_empty() { around.knowledge.counties.iter().collect() } else { places };
    if places.iter().any(|p| p.code == cell) {
        return None;
    }
    let narrow = numbers::half_width(cell);
    let narrow = narrow.strip_suffix(".0").unwrap_or(&narrow);
    let meant = places.iter().find(|p| p.code == narrow).map(|p| p.code.clone()).or_else(|| by_name(cell, around));
    let near = nearest(cell, places.iter().map(|p| p.code.as_str()).chain(places.iter().map(|p| p.name.zh.as_ref())));
    let list: Vec<String> = places.iter().map(|p| format!("{} {}", p.code, p.name.zh)).collect();
    let problem = Problem::error("delivery.unknown_place", words!("“{cell}”不是本区域的区划代码", "\"{cell}\" is no division code of this region"))
        .expect(Text::same(list.join("；")));
    Some(match meant {
        Some(code) => (Fault::hard(problem.fix(words!("写作 {code}", "write {code}"))), Some(code)),
        None => (Fault::hard(problem.fix_near(near, text("改正代码", "correct the code"))), None),
    })
}

fn place_name(cell: &str, row: &Judged, around: &Around<'_>) -> Found {
    let code = around.form.columns.iter().position(|c| c.kind == Kind::Place).map(|k| row.cells[k].as_str())?;
    let known = around.knowledge.counties.iter().chain([&around.knowledge.whole]).find(|p| p.code == code)?;
    if known.name.zh == cell || known.name.en.eq_ignore_ascii_case(cell) {
        return None;
    }
    let name = &known.name.zh;
    let problem = Problem::error(
        "delivery.place_name_differs",
        words!("代码 {code} 是{name}，表中写的是“{cell}”", "the code {code} is {name}, and the row says \"{cell}\""),
    )
    .expect(words!("{name}", "{name}"))
    .fix(text(
        "核对这一行是哪个县的，改正代码或名称；若接受，以代码为准",
        "see which county the row is of and correct the code or the name; if this is accepted, the code decides",
    ));
    Some((Fault::soft(problem), None))
}

fn code(cell: &str, codes: &[(String, String)]) -> Found {
    if codes.iter().any(|(code, _)| code == cell) {
        return None;
    }
    let narrow = numbers::half_width(cell);
    let meant = codes.iter().find(|(code, zh)| code.eq_ignore_ascii_case(&narrow) || (!zh.is_empty() && *zh == narrow)).map(|(code, _)| code.clone());
    let near = nearest(cell, codes.iter().map(|c| c.0.as_str()));
    let list: Vec<String> = codes.iter().map(|(code, zh)| if zh.is_empty() { code.clone() } else { format!("{code}（{zh}）") }).collect();
    let problem = Problem::error("delivery.wrong_code", words!("“{cell}”不在清单中", "\"{cell}\" is not of the list")).expect(Text::same(list.join("、")));
    Some(match meant {
        Some(code) => (Fault::hard(problem.fix(words!("写作 {code}", "write {code}"))), Some(code)),
        None => (Fault::hard(problem.fix_near(near, text("用清单中的词", "use a word of the list"))), None),
    })
}

fn wrong_unit(cell: &str, column: &Column, line: Option<&Line>) -> Found {
    let wanted = line?.cells.get(&column.name).filter(|u| *u != cell)?;
    let said = numbers::unit_said(cell);
    // The same unit in the words of a department.
    if said == Some(wanted) {
        let problem = Problem::error("delivery.wrong_unit", words!("单位“{cell}”请写作 {wanted}", "write the unit \"{cell}\" as {wanted}"))
            .expect(words!("{wanted}", "{wanted}"))
            .fix(words!("写作 {wanted}", "write {wanted}"));
        return Some((Fault::hard(problem), Some(wanted.clone())));
    }
    let fix = match said.and_then(|said| numbers::factor(said, wanted)) {
        Some(by) => words!("数值乘以 {by}，单位写 {wanted}", "multiply the number by {by} and write {wanted}"),
        None => words!("换算为 {wanted}；确需换单位时先改报表的声明", "convert it to {wanted}; a table with another unit needs another declaration first"),
    };
    let problem = Problem::error("delivery.wrong_unit", words!("单位“{cell}”不对", "the unit \"{cell}\" is not the one of the table"))
        .expect(words!("{wanted}", "{wanted}"))
        .fix(fix);
    Some((Fault::hard(problem), None))
}

fn number(cell: &str, column: &Column, unit: &str, (least, most): (Option<f64>, Option<f64>)) -> Found {
    let Some(value) = numbers::decimal(cell).and_then(|d| f64::try_from(d).ok()) else {
        let shown: String = cell.chars().take(40).collect();
        let problem = Problem::error("delivery.not_a_number", words!("“{shown}”不是可用的数", "\"{shown}\" is not a usable number")).expect(words!(
            "半角的数，如 1234.5{}",
            "a plain number such as 1234.5{}",
            if unit.is_empty() { String::new() } else { format!(" ({unit})") }
        ));
        return Some(match numbers::meant(cell, unit) {
            Some(plain) => (Fault::hard(problem.fix(words!("写作 {plain}", "write {plain}"))), Some(plain)),
            None => (
                Fault::hard(
                    problem.fix(text("只写数；没有产出的填 0，没有数据的留空", "write the number alone; 0 where there was none, blank where there is no data")),
                ),
                None,
            ),
        });
    };
    let name = &column.name;
    if least.is_some_and(|least| value < least) {
        let least = least.unwrap_or_default();
        let problem = if least == 0.0 {
            Problem::error("delivery.negative", words!("“{name}”为负：{cell}", "\"{name}\" is negative: {cell}"))
        } else {
            Problem::error("delivery.below_least", words!("“{name}”过小：{cell}", "\"{name}\" is too small: {cell}"))
        };
        return Some((
            Fault::hard(problem.expect(words!("不小于 {least}", "{least} or more")).fix(text("核对原始报表", "compare with the original return"))),
            None,
        ));
    }
    if unit == "%" && value > 100.0 && most.is_none_or(|m| m <= 100.0) {
        let problem = Problem::error("delivery.over_100", words!("百分比超过 100：{cell}", "a percentage above 100: {cell}"))
            .expect(text("0 至 100", "0 to 100"))
            .fix(text("核对；若填的是小数或千分数，换算为百分数", "compare; convert it if it is a fraction or per mille"));
        return Some((Fault::hard(problem), None));
    }
    if let Some(most) = most.filter(|m| value > *m) {
        let problem = Problem::error("delivery.out_of_range", words!("“{name}”大得可疑：{cell}", "\"{name}\" is doubtfully large: {cell}"))
            .expect(words!("不大于 {most} {unit}", "{most} {unit} or less"))
            .fix(text("核对单位与小数点；若属实，可接受并说明", "look at the unit and the decimal point; if it is so, accept it and say why"));
        return Some((Fault::soft(problem), None));
    }
    None
}

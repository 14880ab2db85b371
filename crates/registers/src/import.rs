//! A table held against a declaration: records, and everything wrong in it at once.

use std::collections::{BTreeMap, BTreeSet};

use liangshan_vocab::fact::is_day;
use liangshan_vocab::{Problem, Problems, Text, nearest, text, words};

use crate::{Column, Holds, Record, Register, Value};

/// A table as it was written.
#[derive(Debug, Clone, Copy)]
pub struct Given<'g> {
    /// Column names, or their titles in either language.
    pub columns: &'g [String],
    /// Rows: the line, and as many cells as columns.
    pub rows: &'g [(u64, Vec<String>)],
}

/// What rows may refer to.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Division codes.
    pub places: BTreeSet<String>,
    /// Ids of offices; `None` where there is no list to hold them against.
    pub offices: Option<BTreeSet<String>>,
    /// Ids of sentences and named things of the plan.
    pub plan_rows: BTreeSet<String>,
    /// Keys of other registers; those that are not here are not held against anything.
    pub keys: BTreeMap<String, BTreeSet<String>>,
}

/// Reads a table as records of a register. A row with a fault gives no record.
///
/// Problems: `register.unknown_column`, `register.missing_column`, `register.empty`,
/// `register.duplicate_key`, and for cells `register.not_a_number`, `register.not_an_integer`,
/// `register.range`, `register.not_a_day`, `register.not_yes_no`, `register.unknown_code`,
/// `register.unknown_place`, `register.unknown_office`, `register.unknown_key`,
/// `register.unknown_plan_row`, `register.not_a_path`, each with line and column.
pub fn import(register: &Register, given: Given<'_>, known: &Known) -> (Vec<Record>, Problems) {
    let mut problems = Problems::new();
    let at: Vec<Option<usize>> = register.columns.iter().map(|c| given.columns.iter().position(|name| called(c, name))).collect();
    header(register, given.columns, &at, &mut problems);
    let mut records: Vec<Record> = Vec::new();
    let mut keys: BTreeMap<String, u64> = BTreeMap::new();
    for (line, cells) in given.rows {
        let mut whole = true;
        let mut values = Vec::with_capacity(register.columns.len());
        for (column, at) in register.columns.iter().zip(&at) {
            let cell = at.and_then(|at| cells.get(at)).map_or("", |cell| cell.trim());
            match value(register, column, cell, known) {
                Ok(value) => values.push(value),
                Err(problem) => {
                    whole = false;
                    // A column that is not there at all was told once.
                    if at.is_some() {
                        problems.push(problem.row(*line).column(column.name.as_str()));
                    }
                }
            }
        }
        let key = register.columns.iter().zip(&at).find(|(c, _)| c.name == register.key).and_then(|(_, at)| cells.get((*at)?)).map_or("", |k| k.trim());
        if !key.is_empty()
            && let Some(first) = keys.insert(key.to_owned(), *line)
        {
            problems.push(
                Problem::error("register.duplicate_key", words!("“{key}”已在第 {first} 行登记", "\"{key}\" is on line {first} already"))
                    .row(*line)
                    .column(register.key.as_str())
                    .expect(text("每条记录一个标识", "one key for each record"))
                    .fix(text("合并两行，或改正标识", "join the rows, or correct the key")),
            );
            continue;
        }
        if whole {
            records.push(Record { line: *line, key: key.to_owned(), values });
        }
    }
    (records, problems)
}

/// A column goes by its name, by its title in either language, and by the title with its unit.
fn called(column: &Column, name: &str) -> bool {
    let name = name.trim();
    let with_unit = |title: &str| !column.unit.is_empty() && name == format!("{title}（{}）", column.unit);
    name == column.name || name == column.title.zh || name == column.title.en || with_unit(&column.title.zh) || with_unit(&column.title.en)
}

fn header(register: &Register, columns: &[String], at: &[Option<usize>], problems: &mut Problems) {
    let known: Vec<&str> = register.columns.iter().map(|c| c.name.as_str()).collect();
    for (column, _) in register.columns.iter().zip(at).filter(|(c, at)| c.needed && at.is_none()) {
        let (name, zh, en) = (&column.name, &column.title.zh, &column.title.en);
        problems.push(
            Problem::error("register.missing_column", words!("缺少列“{name}”（{zh}）", "the column \"{name}\" ({en}) is missing"))
                .row(1)
                .column(name.as_str())
                .expect(words!("列：{}", "columns: {}", known.join(", ")))
                .fix(text("补上该列", "add the column")),
        );
    }
    for (i, name) in columns.iter().enumerate().filter(|(i, _)| !at.contains(&Some(*i))) {
        let _ = i;
        problems.push(
            Problem::error("register.unknown_column", words!("登记册“{}”没有列“{name}”", "the register \"{}\" has no column \"{name}\"", register.id))
                .row(1)
                .column(name.as_str())
                .expect(words!("列：{}", "columns: {}", known.join(", ")))
                .fix_near(nearest(name, known.iter().copied()), text("改正列名，或在声明中增加该列", "correct its name, or declare it")),
        );
    }
}

fn bad(problem: Problem, expected: Text, fix: Text) -> Problem {
    problem.expect(expected).fix(fix)
}

/// Plain digits with a sign, a point and an exponent.
fn number(cell: &str) -> Option<f64> {
    let plain = cell.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'e' | b'E'));
    cell.parse().ok().filter(|n: &f64| plain && n.is_finite())
}

fn out_of(cell: &str, least: Option<f64>, most: Option<f64>, unit: &str) -> Problem {
    let bound = |b: Option<f64>| b.map_or_else(|| "…".to_owned(), |b| b.to_string());
    let (low, high) = (bound(least), bound(most));
    bad(
        Problem::error("register.range", words!("{cell} 超出范围", "{cell} is out of range")),
        words!("{low} 至 {high} {unit}", "{low} to {high} {unit}"),
        text("核对数值与单位", "look at the number and its unit"),
    )
}

fn listed(code: &'static str, cell: &str, list: &BTreeSet<String>, of: Text) -> Result<Value, Problem> {
    if list.contains(cell) {
        return Ok(Value::Text(cell.to_owned()));
    }
    let Text { zh, en } = of;
    let some: Vec<&str> = list.iter().take(12).map(String::as_str).collect();
    Err(Problem::error(code, Text::of(format!("没有{zh}“{cell}”"), format!("there is no {en} \"{cell}\"")))
        .expect(Text::same(some.join(", ")))
        .fix_near(nearest(cell, list.iter().map(String::as_str)), text("改正，或先登记它", "correct it, or register it first")))
}

fn value(register: &Register, column: &Column, cell: &str, known: &Known) -> Result<Value, Problem> {
    if cell.is_empty() {
        return if column.needed {
            let (zh, en) = (&column.title.zh, &column.title.en);
            Err(bad(
                Problem::error("register.empty", Text::of(format!("“{zh}”不能为空"), format!("\"{en}\" may not be empty"))),
                Text::same(column.example.as_str()),
                text("填写；确实没有时请声明该列可空", "fill it in, or declare that the column may be empty"),
            ))
        } else {
            Ok(Value::Missing)
        };
    }
    let own = || Value::Text(cell.to_owned());
    match &column.holds {
        Holds::Text => Ok(own()),
        Holds::Number { least, most } => match number(cell) {
            None => Err(bad(
                Problem::error("register.not_a_number", words!("“{cell}”不是数", "\"{cell}\" is not a number")),
                words!("数，单位 {}", "a number in {}", column.unit),
                text("只写数字；没有数值时留空", "write digits only, or leave it empty where there is no value"),
            )),
            Some(n) if least.is_some_and(|l| n < l) || most.is_some_and(|m| n > m) => Err(out_of(cell, *least, *most, &column.unit)),
            Some(n) => Ok(Value::Number(n, cell.to_owned())),
        },
        Holds::Integer { least, most } => match cell.parse::<i64>() {
            Err(_) => Err(bad(
                Problem::error("register.not_an_integer", words!("“{cell}”不是整数", "\"{cell}\" is not a whole number")),
                text("整数", "a whole number"),
                text("去掉小数、千分位与单位", "write no fraction, separators or unit"),
            )),
            Ok(n) if least.is_some_and(|l| n < l) || most.is_some_and(|m| n > m) => {
                Err(out_of(cell, least.map(|l| l as f64), most.map(|m| m as f64), &column.unit))
            }
            Ok(n) => Ok(Value::Integer(n)),
        },
        Holds::Date if is_day(cell) => Ok(own()),
        Holds::Date => Err(bad(
            Problem::error("register.not_a_day", words!("“{cell}”不是日期", "\"{cell}\" is not a day")),
            text("如 2020-06-30", "such as 2020-06-30"),
            text("写成 年-月-日，各补足两位", "write year-month-day, two digits each"),
        )),
        Holds::YesNo => match cell {
            "yes" | "是" => Ok(Value::Truth(true)),
            "no" | "否" => Ok(Value::Truth(false)),
            _ => Err(bad(
                Problem::error("register.not_yes_no", words!("“{cell}”不是 yes 或 no", "\"{cell}\" is neither yes nor no")),
                text("yes 或 no（是、否）", "yes or no"),
                text("改用其中一个", "use one of them"),
            )),
        },
        Holds::Code(codes) => coded(cell, codes.iter().map(|(code, zh)| (code.as_str(), zh.as_str()))),
        Holds::State => {
            let states = register.life.as_ref().map(|l| l.states.as_slice()).unwrap_or_default();
            coded(cell, states.iter().map(|(state, title)| (state.as_str(), title.zh.as_ref())))
        }
        Holds::Place => listed("register.unknown_place", cell, &known.places, text("区划代码", "division code")),
        Holds::Office => match &known.offices {
            Some(offices) => listed("register.unknown_office", cell, offices, text("部门或岗位", "office")),
            None => Ok(own()),
        },
        Holds::Reference(to) => match known.keys.get(to) {
            Some(keys) => listed("register.unknown_key", cell, keys, words!("{to} 的记录", "record of {to}")),
            None => Ok(own()),
        },
        Holds::PlanRow => {
            for row in cell.split_whitespace() {
                listed("register.unknown_plan_row", row, &known.plan_rows, text("方案条目", "row of the plan"))?;
            }
            Ok(own())
        }
        Holds::Path => path(cell).map(|path| Value::Path(path, cell.to_owned())).ok_or_else(|| {
            bad(
                Problem::error("register.not_a_path", words!("“{cell}”不是坐标串", "\"{cell}\" is not a list of places")),
                text("经度 纬度; 经度 纬度，至少两处", "longitude latitude; longitude latitude, two at least"),
                text("以空格分开经纬度，以分号分开各处", "put a space between the two and a semicolon between places"),
            )
        }),
    }
}

fn coded<'c>(cell: &str, codes: impl Iterator<Item = (&'c str, &'c str)> + Clone) -> Result<Value, Problem> {
    if let Some((code, _)) = codes.clone().find(|(code, zh)| *code == cell || *zh == cell) {
        return Ok(Value::Text(code.to_owned()));
    }
    let list: Vec<String> = codes.clone().map(|(code, zh)| format!("{code}（{zh}）")).collect();
    Err(Problem::error("register.unknown_code", words!("“{cell}”不在清单中", "\"{cell}\" is not of the list"))
        .expect(Text::same(list.join("、")))
        .fix_near(nearest(cell, codes.map(|(code, _)| code)), text("改用清单中的词", "use a word of the list")))
}

/// Two places or more, within what longitudes and latitudes can be.
fn path(cell: &str) -> Option<Vec<(f64, f64)>> {
    let place = |part: &str| {
        let mut numbers = part.split_whitespace().map(number);
        match (numbers.next()??, numbers.next()??, numbers.next()) {
            (lon, lat, None) if lon.abs() <= 180.0 && lat.abs() <= 90.0 => Some((lon, lat)),
            _ => None,
        }
    };
    let places: Vec<(f64, f64)> = cell.split([';', '；']).map(str::trim).filter(|p| !p.is_empty()).map(place).collect::<Option<_>>()?;
    (places.len() >= 2).then_some(places)
}

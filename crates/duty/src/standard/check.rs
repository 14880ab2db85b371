//! Is every standard sound? Names resolve, periods join, samples fire and stay silent.

use std::collections::HashMap;

use liangshan_vocab::{Problem, Problems, Text, nearest, text, words};

use super::{SERIES, Standard, Standards, Table, Test};

impl Standards {
    /// Everything that is wrong with standards that could be read: editions that overlap or leave a
    /// gap, cells and decimals that name nothing, limits that do not go one way, rules that no sample
    /// proves or that say the contrary of their sample.
    pub fn check(&self) -> Problems {
        let mut problems = Problems::new();
        for series in SERIES {
            let editions: Vec<&Standard> = self.editions(series.domain, series.kind).collect();
            problems.extend(editions.windows(2).filter_map(|pair| joint(pair[0], pair[1])));
        }
        for standard in self.all() {
            for table in &standard.tables {
                self.names(standard, table, &mut problems);
                monotone(standard, table, &mut problems);
                ascending(standard, table, &mut problems);
            }
            self.decimals(standard, &mut problems);
            samples(standard, &mut problems);
        }
        problems
    }

    /// The table of `standard.table`.
    fn referred(&self, reference: &str) -> Option<&Table> {
        let (standard, table) = reference.rsplit_once('.')?;
        self.get(standard).ok()?.table(table).ok()
    }

    fn unresolved(&self, standard: &Standard, reference: &str, key: String) -> Problem {
        let all: Vec<String> = self.all().iter().flat_map(|s| s.tables.iter().map(move |t| format!("{}.{}", s.id, t.id))).collect();
        Problem::error("standard.reference", words!("没有表“{reference}”", "there is no table \"{reference}\""))
            .file(format!("rules/{}", standard.file))
            .key(key)
            .expect(text("形如 标准标识.表", "something like standard-id.table"))
            .fix_near(nearest(reference, all.iter().map(String::as_str)), text("改正所指的表", "correct the reference"))
    }

    fn names(&self, standard: &Standard, table: &Table, problems: &mut Problems) {
        for (at, column) in table.columns.iter().enumerate() {
            let Some(reference) = &column.names else { continue };
            let Some(named) = self.referred(reference) else {
                problems.push(self.unresolved(standard, reference, format!("table.{}.columns.{}.names", table.id, column.name)));
                continue;
            };
            let keys: Vec<String> = named.keys().collect();
            for row in &table.rows {
                let name = row.cells[at].written();
                if !name.is_empty() && named.row(name).is_none() {
                    problems.push(unknown_name(name, reference, &keys).file(format!("rules/{}", row.file)).row(row.line).column(column.name.as_str()));
                }
            }
        }
    }

    fn decimals(&self, standard: &Standard, problems: &mut Problems) {
        let Some(reference) = &standard.rounding.items else { return };
        let Some(named) = self.referred(reference) else {
            problems.push(self.unresolved(standard, reference, "rounding.items".to_owned()));
            return;
        };
        let keys: Vec<String> = named.keys().collect();
        let mut items: Vec<&String> = standard.rounding.decimals.keys().filter(|item| named.row(item).is_none()).collect();
        items.sort();
        for item in items {
            let place = format!("rounding.decimals.{item}");
            problems.push(unknown_name(item, reference, &keys).file(format!("rules/{}", standard.file)).key(place));
        }
    }
}

fn unknown_name(name: &str, reference: &str, keys: &[String]) -> Problem {
    Problem::error("standard.unknown_name", words!("“{name}”不是 {reference} 中的项", "\"{name}\" is no key of {reference}"))
        .expect(words!("{reference} 的一个键", "a key of {reference}"))
        .fix_near(nearest(name, keys.iter().map(String::as_str)), text("改正名称，或在该表中添加一行", "correct the name, or add a row to that table"))
}

/// What is wrong where one edition ends and the next begins.
fn joint(first: &Standard, next: &Standard) -> Option<Problem> {
    let (a, b) = (&first.id, &next.id);
    let letter = |problem: Problem, fix: Text| {
        problem
            .file(format!("rules/{}", next.file))
            .key("from")
            .expect(text("前一版本 until 的那一天即后一版本的 from", "the day an edition ends is the day the next begins"))
            .fix(fix)
    };
    match first.until {
        Some(until) if until == next.from => None,
        Some(until) if until < next.from => Some(letter(
            Problem::warning(
                "standard.gap",
                words!("{until} 至 {} 没有施行中的标准（{a} 与 {b} 之间）", "from {until} to {} nothing is in force, between {a} and {b}", next.from),
            ),
            text("核对两个版本的日期，或补上其间的版本", "check the days of both, or add the edition between them"),
        )),
        _ => Some(letter(
            Problem::error("standard.overlap", words!("{a} 与 {b} 的施行期重叠", "{a} and {b} are in force at the same time")),
            text("给前一版本写上 until；地方或试用版本写 by_name = true", "give the earlier one its until; by_name = true for a local or trial variant"),
        )),
    }
}

fn monotone(standard: &Standard, table: &Table, problems: &mut Problems) {
    for row in &table.rows {
        let numbers: Vec<f64> = table.monotone.iter().filter_map(|c| table.number(row, c)).collect();
        let rises = numbers.windows(2).all(|w| w[0] <= w[1]);
        let falls = numbers.windows(2).all(|w| w[0] >= w[1]);
        if !rises && !falls {
            let (key, columns) = (table.key_of(row), table.monotone.join(", "));
            problems.push(
                Problem::error("standard.not_monotone", words!("“{key}”的限值时升时降", "the limits of \"{key}\" go up and down"))
                    .file(format!("rules/{}", row.file))
                    .row(row.line)
                    .key(standard.id.as_str())
                    .expect(words!("沿 {columns} 只升或只降", "limits that only rise or only fall along {columns}"))
                    .fix(text("对照标准原文改正", "correct it by the text of the standard")),
            );
        }
    }
}

fn ascending(standard: &Standard, table: &Table, problems: &mut Problems) {
    let Some(column) = &table.ascending else { return };
    let mut last: HashMap<Vec<&str>, f64> = HashMap::new();
    for row in &table.rows {
        let Some(value) = table.number(row, column) else { continue };
        let list: Vec<&str> = table.within.iter().map(|c| table.text(row, c)).collect();
        if let Some(before) = last.insert(list, value)
            && value <= before
        {
            problems.push(
                Problem::error("standard.not_ascending", words!("{value} 没有大于上一行的 {before}", "{value} is not above {before}, the row before"))
                    .file(format!("rules/{}", row.file))
                    .row(row.line)
                    .column(column.as_str())
                    .key(standard.id.as_str())
                    .expect(text("逐行上升的值", "values that rise from row to row"))
                    .fix(text("对照标准原文改正", "correct it by the text of the standard")),
            );
        }
    }
}

fn samples(standard: &Standard, problems: &mut Problems) {
    for rule in &standard.rules {
        let id = &rule.id;
        let place = |problem: Problem| problem.file(format!("rules/{}", standard.file)).row(rule.line).key(format!("rule.{id}"));
        let bounds = match rule.bounds(standard) {
            Ok(bounds) => bounds,
            Err(problem) => {
                problems.push(place(problem));
                continue;
            }
        };
        for sample in &rule.samples {
            let key = &sample.key;
            let at = |problem: Problem| problem.file(format!("rules/{}", sample.file)).row(sample.line).key(format!("{id}: {key}"));
            let Some((_, bound)) = bounds.iter().find(|b| b.0 == *key) else {
                let near = nearest(key, bounds.iter().map(|b| b.0.as_str()));
                problems.push(at(Problem::error("standard.unknown_name", words!("规则 {id} 没有项“{key}”", "the rule {id} has no item \"{key}\""))
                    .expect(text("规则所用表中有限值的一行", "a row of the rule's table that has a limit"))
                    .fix_near(near, text("改正 key", "correct the key"))));
                continue;
            };
            let fired = rule.fires(standard, key, bound, &sample.series);
            match (fired, sample.fires) {
                (None, true) => problems.push(at(contrary(
                    text("规则在应触发的样例上没有触发", "the rule is silent on a sample on which it must fire"),
                    bound.limit,
                    rule.test,
                ))),
                (Some(_), false) => {
                    problems.push(at(contrary(
                        text("规则在不应触发的样例上触发了", "the rule fires on a sample on which it must not"),
                        bound.limit,
                        rule.test,
                    )));
                }
                _ => {}
            }
        }
        for (key, _) in &bounds {
            for fires in [true, false] {
                if !rule.samples.iter().any(|s| s.key == *key && s.fires == fires) {
                    let (zh, en) = if fires { ("触发", "fires") } else { ("不触发", "stays silent") };
                    problems.push(place(
                        Problem::error("standard.no_sample", words!("规则 {id}（{key}）没有{zh}的样例", "no sample shows that the rule {id} ({key}) {en}"))
                            .expect(text("每条规则至少一个触发和一个不触发的样例", "for each rule a sample on which it fires and one on which it does not"))
                            .fix(text("在规则的 fires、silent 或样例表中添加", "add one to fires or silent of the rule, or to the table of samples")),
                    ));
                }
            }
        }
    }
}

fn contrary(what: Text, limit: f64, test: Test) -> Problem {
    let word = test.word();
    Problem::error("standard.sample", what)
        .expect(words!("与规则（{word} {limit}）相符的样例", "a sample that agrees with the rule ({word} {limit})"))
        .fix(text("对照标准原文，改正限值或样例", "correct the limit or the sample by the text of the standard"))
}

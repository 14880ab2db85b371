//! One standard from its TOML text and the CSV tables it names.

use std::collections::HashMap;

use liangshan_vocab::document::{Document, Section};
use liangshan_vocab::{Evidence, Problem, Problems, Text, Unit, nearest, text, words};

use super::rule::series;
use super::{Column, Compare, Day, Holds, Mode, On, Parameter, Rounding, Rule, RuleText, SERIES, Sample, Series, Standard, Table, Test};

/// Finds the text of a file under `rules/`.
pub(super) type Find<'t> = dyn Fn(&str) -> Option<&'t str> + 't;

/// The id and what it extends, without a word about faults: those are told when it is read.
pub(super) fn peek(given: &str) -> (Option<String>, Option<String>) {
    match Document::parse(given.as_bytes()) {
        Ok(document) => (document.root().optional_text("id"), document.root().optional_text("extends")),
        Err(_) => (None, None),
    }
}

/// Reads a standard on top of the one it extends. `None` when its head cannot be read.
pub(super) fn read(given: &RuleText, base: Option<&Standard>, find: &Find<'_>) -> (Option<Standard>, Problems) {
    let file = format!("rules/{}", given.file);
    let document = match Document::parse(given.text.as_bytes()) {
        Ok(document) => document,
        Err(problems) => return (None, problems.or_file(&file)),
    };
    let mut reader = Reader { given, base, find, problems: Problems::new() };
    let standard = reader.standard(&document.root());
    let mut problems = document.finish();
    problems.extend(reader.problems);
    (standard, problems.or_file(&file))
}

struct Reader<'r, 't> {
    given: &'r RuleText,
    base: Option<&'r Standard>,
    find: &'r Find<'t>,
    problems: Problems,
}

impl Reader<'_, '_> {
    fn standard(&mut self, root: &Section<'_>) -> Option<Standard> {
        let base = self.base;
        let id = root.text("id");
        let extends = root.optional_text("extends");
        if let Some(id) = &id {
            self.file_name(root, id);
        }
        let title = titled(root, base.map(|b| &b.title));
        let number = inherited(root, "number", base.map(|b| &b.number));
        let asked = series_of(root, base);
        let (from, until) = (day(root, "from"), day(root, "until"));
        let from = match (from, base) {
            (None, Some(base)) if !root.has("from") => Some(base.from),
            (None, _) if !root.has("from") => root.date("from").and(None),
            (from, _) => from,
        };
        if let (Some(from), Some(until)) = (from, until)
            && until <= from
        {
            root.problem(
                "until",
                Problem::error("standard.period", words!("施行期止于 {until}，早于起始日 {from}", "it ends on {until}, not after {from}, when it begins"))
                    .expect(text("晚于 from 的日期；当日起不再施行", "a day after from; from that day on it is not in force"))
                    .fix(text("改正 from 或 until", "correct from or until")),
            );
        }
        let by_name = root.optional_boolean("by_name").unwrap_or(false);
        let supersedes = root.optional_texts("supersedes").unwrap_or_default();
        let evidence = evidence(root).or(base.map(|b| b.evidence));
        if evidence.is_none() && !root.has("evidence") {
            root.text("evidence");
        }
        let source = inherited(root, "source", base.map(|b| &b.source));
        let note = match (root.optional_text("note_zh"), root.optional_text("note_en")) {
            (Some(zh), Some(en)) => Some(Text::of(zh, en)),
            (zh, en) => {
                if zh.is_some() != en.is_some() {
                    root.text(if zh.is_some() { "note_en" } else { "note_zh" });
                }
                base.and_then(|b| b.note.clone())
            }
        };
        let rounding = self.rounding(root);
        let tables = self.tables(root);
        let values = self.values(root);
        let rules = self.rules(root);
        let asked = asked?;
        Some(Standard {
            id: id?,
            title: title?,
            number: number?,
            domain: asked.domain,
            kind: asked.kind,
            from: from?,
            until,
            by_name,
            supersedes,
            extends,
            evidence: evidence?,
            source: source?,
            note,
            rounding,
            tables,
            values,
            rules,
            file: self.given.file.clone(),
        })
    }

    /// `water/gb3838-2002.toml` holds `gb3838-2002` of the domain `water`.
    fn file_name(&self, root: &Section<'_>, id: &str) {
        let name = self.given.file.rsplit('/').next().unwrap_or_default();
        if name != format!("{id}.toml") {
            root.problem(
                "id",
                Problem::error("standard.file_name", words!("标识“{id}”与文件名“{name}”不同", "the id \"{id}\" is not the name of the file, \"{name}\""))
                    .expect(text("rules/<领域>/<标识>.toml", "rules/<domain>/<id>.toml"))
                    .fix(text("改文件名或改 id", "rename the file, or correct the id")),
            );
        }
    }

    fn rounding(&mut self, root: &Section<'_>) -> Rounding {
        let inherited = self.base.map(|b| b.rounding.clone()).unwrap_or_default();
        let Some(s) = root.optional_section("rounding") else { return inherited };
        let modes = Mode::WORDS.map(|w| w.0);
        let mode = s.optional_one_of("mode", &modes).and_then(|word| Mode::WORDS.iter().find(|w| w.0 == word)).map_or(inherited.mode, |w| w.1);
        let compare = match s.optional_one_of("compare", &["full_value", "rounded_value"]) {
            Some("rounded_value") => Compare::RoundedValue,
            Some(_) => Compare::FullValue,
            None => inherited.compare,
        };
        let mut decimals = inherited.decimals;
        if let Some(list) = s.optional_section("decimals") {
            for item in list.keys() {
                match list.integer(&item).map(u32::try_from) {
                    Some(Ok(number)) if number <= 12 => {
                        decimals.insert(item, number);
                    }
                    Some(_) => list.problem(
                        &item,
                        Problem::error("standard.decimals", text("小数位数不对", "this is not a number of decimals"))
                            .expect(text("0 至 12 的整数", "an integer from 0 to 12"))
                            .fix(text("改正小数位数", "correct it")),
                    ),
                    None => {}
                }
            }
        }
        Rounding {
            mode,
            compare,
            keeps_nonzero: s.optional_boolean("keeps_nonzero").unwrap_or(inherited.keeps_nonzero),
            items: s.optional_text("items").or(inherited.items),
            decimals,
            evidence: evidence(&s).or(inherited.evidence),
            source: s.optional_text("source").or(inherited.source),
        }
    }

    fn tables(&mut self, root: &Section<'_>) -> Vec<Table> {
        let mut tables: Vec<Table> = self.base.map(|b| b.tables.clone()).unwrap_or_default();
        for (id, s) in root.sections("table") {
            let at = tables.iter().position(|t| t.id == id);
            let base = at.map(|at| tables[at].clone());
            let Some(table) = self.table(&id, &s, base) else { continue };
            match at {
                Some(at) => tables[at] = table,
                None => tables.push(table),
            }
        }
        tables
    }

    fn table(&mut self, id: &str, s: &Section<'_>, base: Option<Table>) -> Option<Table> {
        let title = titled(s, base.as_ref().map(|b| &b.title));
        let at = inherited(s, "at", base.as_ref().map(|b| &b.at));
        let columns = match (s.optional_section("columns"), &base) {
            (None, Some(base)) => Some(base.columns.clone()),
            (None, None) => s.section("columns").and(None),
            (Some(list), _) => columns(&list),
        };
        let file = s.optional_text("file");
        let lists = [("key", s.optional_texts("key")), ("monotone", s.optional_texts("monotone")), ("within", s.optional_texts("within"))];
        let ascending = s.optional_text("ascending");
        let (title, at, columns) = (title?, at?, columns?);
        let names: Vec<&str> = columns.iter().map(|c| c.name.as_str()).collect();
        for (key, list) in &lists {
            for name in list.iter().flatten() {
                no_such_column(s, key, name, &names);
            }
        }
        if let Some(name) = &ascending {
            no_such_column(s, "ascending", name, &names);
        }
        let [(_, key), (_, monotone), (_, within)] = lists;
        let key = key.or_else(|| base.as_ref().map(|b| b.key.clone())).unwrap_or_else(|| names.first().map(|n| vec![(*n).to_owned()]).unwrap_or_default());
        let mut table = Table::new(id.to_owned(), title, at, columns.clone(), key);
        table.monotone = monotone.or_else(|| base.as_ref().map(|b| b.monotone.clone())).unwrap_or_default();
        table.ascending = ascending.or_else(|| base.as_ref().and_then(|b| b.ascending.clone()));
        table.within = within.or_else(|| base.as_ref().map(|b| b.within.clone())).unwrap_or_default();
        if let Some(base) = base.filter(|b| b.columns == columns) {
            for row in base.rows {
                table.add(row, false);
            }
        }
        let inherits = !table.rows.is_empty();
        if let Some(name) = file {
            let Some((path, csv)) = self.beside(s, "file", &name) else { return Some(table) };
            let (rows, problems) = table.read(&path, csv);
            self.problems.extend(problems);
            let mut seen: HashMap<String, u64> = HashMap::new();
            for row in rows {
                let twice = seen.insert(table.key_of(&row), row.line).is_some();
                self.problems.extend(table.add(row, inherits && !twice));
            }
        }
        Some(table)
    }

    /// The text of a file beside the standard's own.
    fn beside<'t>(&self, s: &Section<'_>, key: &str, name: &str) -> Option<(String, &'t str)>
    where
        Self: 't,
    {
        let folder = self.given.file.rsplit_once('/').map_or("", |f| f.0);
        let path = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        let found = (self.find)(&path);
        if found.is_none() {
            s.problem(
                key,
                Problem::error("standard.no_file", words!("没有文件 rules/{path}", "there is no file rules/{path}"))
                    .expect(text("与该标准同目录的 CSV", "a CSV in the folder of the standard"))
                    .fix(text("放入该文件，或改正文件名", "put the file there, or correct its name")),
            );
        }
        // The texts outlive the reader; the shorter life is only that of the closure that finds them.
        found.map(|csv| (path, csv))
    }

    fn values(&mut self, root: &Section<'_>) -> Vec<Parameter> {
        let mut values: Vec<Parameter> = self.base.map(|b| b.values.clone()).unwrap_or_default();
        for (name, s) in root.sections("value") {
            let base = values.iter().position(|v| v.name == name);
            let title = titled(&s, base.map(|at| &values[at].title));
            let value = s.number("value");
            let unit = unit(&s, "unit");
            let own = evidence(&s).or_else(|| evidence_of(root)).or(self.base.map(|b| b.evidence)).unwrap_or(Evidence::Unverified);
            let source = s.optional_text("source");
            let (Some(title), Some(value), Some(unit)) = (title, value, unit) else { continue };
            let parameter = Parameter { name, title, value, unit, evidence: own, source };
            match base {
                Some(at) => values[at] = parameter,
                None => values.push(parameter),
            }
        }
        values
    }

    fn rules(&mut self, root: &Section<'_>) -> Vec<Rule> {
        let mut rules: Vec<Rule> = self.base.map(|b| b.rules.clone()).unwrap_or_default();
        for s in root.array_of_sections("rule") {
            let Some(rule) = self.rule(&s) else { continue };
            match rules.iter().position(|r| r.id == rule.id) {
                Some(at) => rules[at] = rule,
                None => rules.push(rule),
            }
        }
        if let Some(name) = root.optional_text("samples")
            && let Some((path, csv)) = self.beside(root, "samples", &name)
        {
            self.samples(&path, csv, &mut rules);
        }
        rules
    }

    fn rule(&mut self, s: &Section<'_>) -> Option<Rule> {
        let id = s.text("id");
        let title = titled(s, None);
        let test = s.one_of("test", &Test::WORDS.map(|w| w.0)).and_then(|word| Test::WORDS.iter().find(|w| w.0 == word)).map(|w| w.1);
        let on = match s.optional_text("table") {
            Some(table) => s.text("limit").map(|limit| On::Table { table, limit, low: s.optional_text("low"), direction: s.optional_text("direction") }),
            None => {
                let (limit, unit) = (s.number("limit"), unit(s, "unit"));
                let low = s.optional_number("low");
                limit.zip(unit).map(|(limit, unit)| On::Literal { low, limit, unit })
            }
        };
        let consecutive = s.optional_integer("consecutive").unwrap_or(1);
        if consecutive < 1 {
            s.problem(
                "consecutive",
                Problem::error("standard.consecutive", text("连续次数应不小于 1", "a run is of one value or more"))
                    .expect(text("1 或更大的整数", "an integer of 1 or more"))
                    .fix(text("改正次数", "correct it")),
            );
        }
        let rounded = s.optional_boolean("rounded").unwrap_or(false);
        let mut samples = Vec::new();
        for (key, fires) in [("fires", true), ("silent", false)] {
            for written in s.optional_texts(key).unwrap_or_default() {
                match series(&written) {
                    Ok(series) => samples.push(Sample { key: String::new(), series, fires, file: self.given.file.clone(), line: s.row_of(key) }),
                    Err(problem) => s.problem(key, problem),
                }
            }
        }
        Some(Rule {
            id: id?,
            title: title?,
            test: test?,
            on: on?,
            consecutive: usize::try_from(consecutive).unwrap_or(1).max(1),
            rounded,
            samples,
            line: s.row(),
        })
    }

    /// The samples of rules over tables: `rule, key, fires, silent`, each a series. Those given for a row take
    /// the place of those inherited for it, whose limit may be another.
    fn samples(&mut self, path: &str, csv: &str, rules: &mut [Rule]) {
        let plain = |name: &str| Column {
            name: name.to_owned(),
            title: Text::same(name),
            holds: Holds::Text,
            unit: None,
            unit_from: None,
            optional: name == "fires" || name == "silent",
            names: None,
        };
        let columns = ["rule", "key", "fires", "silent"].map(plain).to_vec();
        let table = Table::new("samples".to_owned(), Text::default(), String::new(), columns, Vec::new());
        let (rows, problems) = table.read(path, csv);
        self.problems.extend(problems);
        for row in &rows {
            if let Some(rule) = rules.iter_mut().find(|r| r.id == row.cells[0].written()) {
                rule.samples.retain(|s| s.key != row.cells[1].written());
            }
        }
        for row in rows {
            let id = row.cells[0].written();
            let at = |problem: Problem, column: &str| problem.file(format!("rules/{path}")).row(row.line).column(column);
            let Some(rule) = rules.iter().position(|r| r.id == id) else {
                let near = nearest(id, rules.iter().map(|r| r.id.as_str()));
                self.problems.push(at(
                    Problem::error("standard.no_rule", words!("没有规则“{id}”", "there is no rule \"{id}\""))
                        .expect(text("该标准的规则标识", "the id of a rule of the standard"))
                        .fix_near(near, text("改正规则标识", "correct it")),
                    "rule",
                ));
                continue;
            };
            for (column, fires) in [(2, true), (3, false)] {
                let written = row.cells[column].written();
                if written.is_empty() {
                    continue;
                }
                match series(written) {
                    Ok(series) => {
                        rules[rule].samples.push(Sample { key: row.cells[1].written().to_owned(), series, fires, file: path.to_owned(), line: row.line })
                    }
                    Err(problem) => self.problems.push(at(problem, if fires { "fires" } else { "silent" })),
                }
            }
        }
    }
}

fn columns(list: &Section<'_>) -> Option<Vec<Column>> {
    let names = list.keys();
    let mut columns = Vec::new();
    for name in &names {
        let Some(s) = list.section(name) else { continue };
        let holds = match s.one_of("is", &["text", "number", "unit", "word"]) {
            Some("number") => Some(Holds::Number),
            Some("unit") => Some(Holds::Unit),
            Some("word") => s.texts("words").map(Holds::Word),
            Some(_) => Some(Holds::Text),
            None => None,
        };
        let own = s.optional_parsed("unit", |u| Unit::parse(u).map(|_| u.to_owned()));
        let unit_from = s.optional_text("unit_from");
        if let Some(from) = &unit_from {
            no_such_column(&s, "unit_from", from, &names.iter().map(String::as_str).collect::<Vec<_>>());
        }
        if holds == Some(Holds::Number) && own.is_none() && unit_from.is_none() && !s.has("unit") {
            s.problem(
                "unit",
                Problem::error("standard.no_unit", words!("数值列“{name}”没有单位", "the numbers of \"{name}\" have no unit"))
                    .expect(text("unit = \"…\"，或 unit_from = \"单位所在的列\"", "unit = \"…\", or unit_from = \"the column of the unit\""))
                    .fix(text("写明单位；纯数写 \"1\"", "name the unit; \"1\" for a plain number")),
            );
        }
        let title = match (s.optional_text("title_zh"), s.optional_text("title_en")) {
            (Some(zh), Some(en)) => Text::of(zh, en),
            (zh, en) => {
                if zh.is_some() != en.is_some() {
                    s.text(if zh.is_some() { "title_en" } else { "title_zh" });
                }
                Text::same(name.as_str())
            }
        };
        let optional = s.optional_boolean("optional").unwrap_or(false);
        let of = s.optional_text("names");
        let Some(holds) = holds else { continue };
        columns.push(Column { name: name.clone(), title, holds, unit: own, unit_from, optional, names: of });
    }
    (columns.len() == names.len() && !columns.is_empty()).then_some(columns)
}

fn no_such_column(s: &Section<'_>, key: &str, name: &str, known: &[&str]) {
    if !known.contains(&name) {
        s.problem(
            key,
            Problem::error("standard.column", words!("列“{name}”没有声明", "the column \"{name}\" is not declared"))
                .expect(words!("{0} 之一", "one of {0}", known.join(", ")))
                .fix_near(nearest(name, known.iter().copied()), text("改正列名", "correct the name")),
        );
    }
}

fn series_of(root: &Section<'_>, base: Option<&Standard>) -> Option<&'static Series> {
    let of_base = base.and_then(|b| SERIES.iter().find(|s| s.domain == b.domain && s.kind == b.kind));
    if let (Some(base), false, false) = (of_base, root.has("domain"), root.has("kind")) {
        return Some(base);
    }
    let mut domains: Vec<&str> = SERIES.iter().map(|s| s.domain).collect();
    domains.dedup();
    let domain = root.one_of("domain", &domains);
    let kinds: Vec<&str> = SERIES.iter().filter(|s| domain.is_none_or(|d| d == s.domain)).map(|s| s.kind).collect();
    let kind = root.one_of("kind", &kinds);
    let (domain, kind) = (domain?, kind?);
    SERIES.iter().find(|s| s.domain == domain && s.kind == kind)
}

fn day(s: &Section<'_>, key: &str) -> Option<Day> {
    let written = s.optional_date(key)?;
    let day = Day::parse(&written).filter(|_| written.len() == 10);
    if day.is_none() {
        s.problem(
            key,
            Problem::error("standard.day", words!("“{written}”不是日期", "\"{written}\" is not a day"))
                .expect(text("如 2026-03-01 的日期，不带时刻", "a day such as 2026-03-01, without a time"))
                .fix(text("改正日期", "correct it")),
        );
    }
    day
}

fn titled(s: &Section<'_>, base: Option<&Text>) -> Option<Text> {
    match base {
        Some(base) if !s.has("title_zh") && !s.has("title_en") => Some(base.clone()),
        _ => {
            let (zh, en) = (s.text("title_zh"), s.text("title_en"));
            Some(Text::of(zh?, en?))
        }
    }
}

fn inherited(s: &Section<'_>, key: &str, base: Option<&String>) -> Option<String> {
    match base {
        Some(base) if !s.has(key) => Some(base.clone()),
        _ => s.text(key),
    }
}

fn unit(s: &Section<'_>, key: &str) -> Option<String> {
    s.parsed(key, |u| Unit::parse(u).map(|_| u.to_owned()))
}

fn evidence(s: &Section<'_>) -> Option<Evidence> {
    s.optional_one_of("evidence", &["verified", "partial", "unverified"]).and_then(Evidence::parse)
}

/// The evidence of the whole, asked a second time for a part of it.
fn evidence_of(root: &Section<'_>) -> Option<Evidence> {
    root.optional_text("evidence").as_deref().and_then(Evidence::parse)
}

//! The values of a target: computed where something can compute them, else typed with their source.

use std::collections::BTreeMap;

use liangshan_vocab::{Problem, Problems, Text, Unit, quantity, text, words};

use super::declared::{Declared, TargetSources, ValueFrom};
use super::observed::{self, Shares};
use super::published::Published;
use super::records::Book;
use super::statistics::Statistics;
use super::zones::AreaShares;
use crate::region::Region;

/// Whether something was computed or typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fed {
    /// A fact that the program computed.
    Computed,
    /// A value that somebody typed.
    Typed,
    /// Nothing.
    Nothing,
}

impl Fed {
    /// The word in tables.
    pub fn word(self) -> &'static str {
        match self {
            Fed::Computed => "computed",
            Fed::Typed => "typed",
            Fed::Nothing => "nothing",
        }
    }

    /// What it is called.
    pub fn title(self) -> Text {
        match self {
            Fed::Computed => text("计算得到", "computed"),
            Fed::Typed => text("人工填报", "typed"),
            Fed::Nothing => text("无数据", "nothing"),
        }
    }
}

/// A value with what it rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Sourced {
    /// The value, in the target's unit.
    pub value: f64,
    /// Computed or typed.
    pub fed: Fed,
    /// Where it comes from: measured, modelled, mixed, synthetic, derived.
    pub origin: String,
    /// Its source in words.
    pub source: Text,
    /// Initial, revised, final; empty where nobody says.
    pub vintage: String,
}

/// The values of one target by year.
#[derive(Debug, Clone, Default)]
pub struct Values {
    /// Of the city.
    pub city: BTreeMap<i32, Sourced>,
    /// Of counties.
    pub counties: BTreeMap<String, BTreeMap<i32, Sourced>>,
    /// Years that something could have computed, and why it did not.
    pub short: BTreeMap<i32, Text>,
    /// What a reviewer should know: a computed and a typed value of one year that differ.
    pub doubts: Problems,
}

impl Values {
    /// The numbers of the city.
    pub fn numbers(&self) -> BTreeMap<i32, f64> {
        self.city.iter().map(|(year, v)| (*year, v.value)).collect()
    }

    /// A county's value of a year.
    pub fn county(&self, code: &str, year: i32) -> Option<&Sourced> {
        self.counties.get(code)?.get(&year)
    }
}

/// What values are taken from.
pub struct Grounds<'g> {
    /// The region.
    pub region: &'g Region,
    /// The plan.
    pub declared: &'g Declared,
    /// Statistics.
    pub statistics: &'g Statistics,
    /// Registers.
    pub books: &'g [Book],
    /// The kept account.
    pub published: &'g Published,
    /// Shares of layers.
    pub areas: &'g AreaShares,
    /// Good days, judged.
    pub good_days: Shares,
    /// Sections judged by their own target and by class III.
    pub sections: [Shares; 2],
    /// The whole's code.
    pub whole: String,
    /// The counties' codes.
    pub counties: Vec<String>,
    /// The day of asking.
    pub on: String,
    /// The last year whose values are known on that day.
    pub known: i32,
}

/// A row of the typed values.
struct Typed {
    target: String,
    place: String,
    year: i32,
    value: f64,
    unit: String,
    origin: String,
    source: String,
    vintage: String,
}

/// Typed values of all targets.
pub struct TypedValues {
    file: String,
    rows: Vec<(u64, Typed)>,
}

impl TypedValues {
    /// Reads them.
    ///
    /// # Errors
    /// Those of the table.
    pub fn read(region: &Region, file: &str) -> Result<Self, Problems> {
        let table = region.sources.table(file)?;
        let t = &table.table;
        let [target, place, year, value, unit, origin, source] =
            t.find(["target_id", "region_code", "year", "value", "unit", "origin", "source"]).map_err(|p| p.or_file(file))?;
        let vintage = t.columns.iter().position(|c| c == "vintage");
        let (mut problems, mut rows) = (Problems::new(), Vec::new());
        for row in &t.rows {
            let year = problems.keep(t.integer(row, year).map_err(|p| p.or_file(file))).flatten().and_then(|y| i32::try_from(y).ok());
            let value = problems.keep(t.number(row, value).map_err(|p| p.or_file(file))).flatten();
            let (Some(year), Some(value)) = (year, value) else { continue };
            let cell = |c| t.text(row, c).to_owned();
            let vintage = vintage.map(cell).unwrap_or_default();
            let typed = Typed { target: cell(target), place: cell(place), year, value, unit: cell(unit), origin: cell(origin), source: cell(source), vintage };
            rows.push((row.line, typed));
        }
        problems.into_result(Self { file: file.to_owned(), rows })
    }
}

/// How far a typed value may be from a computed one of the same year before it is told, as a share.
const SAME: f64 = 0.001;

impl Grounds<'_> {
    /// The values of a target: for each year the first source that has one, typed ones last. A typed value
    /// beside a computed one that differs by more than a thousandth is told and not used.
    pub fn values(&self, id: &str, sources: &TargetSources, due: i32, typed: &TypedValues, problems: &mut Problems) -> Values {
        let mut values = Values::default();
        for from in &sources.values {
            match self.of_source(from, sources, due) {
                Ok(found) => {
                    for (place, years) in found.places {
                        let into = if place == self.whole { &mut values.city } else { values.counties.entry(place).or_default() };
                        for (year, value) in years {
                            into.entry(year).or_insert(value);
                        }
                    }
                    values.short.extend(found.short);
                }
                Err(problem) => problems.push(problem.or_file(super::PLAN_FILE).key(format!("target.{id}.values"))),
            }
        }
        values.short.retain(|year, _| !values.city.contains_key(year));
        // A value of a year that is not over on the day is not known yet.
        for (line, row) in typed.rows.iter().filter(|(_, r)| r.target == id && r.year <= self.known) {
            let factor = if sources.typed_unit.as_deref() == Some(row.unit.as_str()) { Ok(Some(1.0)) } else { converted(&row.unit, &sources.unit) };
            let factor = match factor {
                Ok(Some(factor)) => factor,
                Ok(None) => {
                    problems.push(quantity::mismatch(&row.unit, &sources.unit).file(typed.file.as_str()).row(*line).column("unit"));
                    continue;
                }
                Err(problem) => {
                    problems.push(problem.file(typed.file.as_str()).row(*line).column("unit"));
                    continue;
                }
            };
            let value = Sourced {
                value: row.value * factor,
                fed: Fed::Typed,
                origin: row.origin.clone(),
                source: Text::same(row.source.clone()),
                vintage: row.vintage.clone(),
            };
            let into = if row.place == self.whole { &mut values.city } else { values.counties.entry(row.place.clone()).or_default() };
            match into.get(&row.year) {
                None => drop(into.insert(row.year, value)),
                Some(own) if (own.value - value.value).abs() <= SAME * own.value.abs() => {}
                Some(own) => values.doubts.push(differs(id, row.year, own, &value).file(typed.file.as_str()).row(*line)),
            }
        }
        values
    }

    fn places(&self) -> impl Iterator<Item = &String> {
        std::iter::once(&self.whole).chain(&self.counties)
    }

    fn years(&self) -> std::ops::RangeInclusive<i32> {
        // Long enough for any history a table may hold.
        self.declared.first_year - 30..=self.known
    }

    /// What a source has.
    pub fn of_source(&self, from: &ValueFrom, sources: &TargetSources, due: i32) -> Result<Found, Problem> {
        let mut found = Found::default();
        match from {
            ValueFrom::Statistic(name) => {
                for (place, year) in self.cells(name) {
                    if let Some((value, row)) = self.statistics.of(&place, year, name, &sources.unit)? {
                        found.put(
                            &place,
                            year,
                            Sourced { value, fed: Fed::Typed, origin: row.origin.clone(), source: Text::same(row.source.clone()), vintage: String::new() },
                        );
                    }
                }
            }
            ValueFrom::Ratio(part, whole) => {
                for (place, year) in self.cells(part) {
                    let own = self.statistics.of(&place, year, part, "1e8 CNY")?.zip(self.statistics.of(&place, year, whole, "1e8 CNY")?);
                    if let Some(((a, row), (b, _))) = own.filter(|(_, (b, _))| *b != 0.0) {
                        found.put(
                            &place,
                            year,
                            computed(100.0 * a / b, &row.origin, words!("{part} ÷ {whole}（统计表）", "{part} / {whole} of the statistics")),
                        );
                    }
                }
            }
            ValueFrom::PerHead(amount, population) => {
                for (place, year) in self.cells(amount) {
                    let people = |year| self.statistics.of(&place, year, population, "person").map(|p| p.map(|(p, _)| p));
                    if let (Some((a, row)), Some(before), Some(after)) = (self.statistics.of(&place, year, amount, "CNY")?, people(year - 1)?, people(year)?) {
                        let says =
                            words!("{amount} ÷ 年平均人口（{population} 两年平均）", "{amount} over the year's mean population ({population} of two years)");
                        found.put(&place, year, computed(a / ((before + after) / 2.0), &row.origin, says));
                    }
                }
            }
            ValueFrom::Growth(name) => {
                for (place, year) in self.cells(name) {
                    let unit = self.statistics.latest(&place, name).map(|(_, row)| row.unit.clone()).unwrap_or_default();
                    let pair = self.statistics.of(&place, year, name, &unit)?.zip(self.statistics.of(&place, year - 1, name, &unit)?);
                    if let Some(((now, row), (before, _))) = pair.filter(|(_, (b, _))| *b != 0.0) {
                        found.put(
                            &place,
                            year,
                            computed(
                                100.0 * (now - before) / before,
                                &row.origin,
                                words!("{name} 比上年（统计表）", "{name} against the year before, statistics"),
                            ),
                        );
                    }
                }
            }
            ValueFrom::Register(register, measure) => self.of_register(register, measure, &mut found)?,
            ValueFrom::AreaShare(layer) => {
                let share = self.areas.share(layer).ok_or_else(|| unknown("图层", "layer", layer))?;
                for year in self.years().filter(|y| *y >= self.declared.first_year) {
                    if let Some(value) = share.at(&format!("{year}-12-31")) {
                        found.put(&self.whole, year, computed(value, &share.origin, share.source()));
                    }
                }
            }
            ValueFrom::GoodDays => self.of_shares(&self.good_days, &mut found),
            ValueFrom::Sections(aim) => self.of_shares(&self.sections[usize::from(*aim == super::declared::Aim::Third)], &mut found),
            ValueFrom::Proofs => {
                for year in self.years().filter(|y| (self.declared.first_year..=due).contains(y)) {
                    let lacking: Vec<String> = sources.proofs.iter().filter(|p| !self.proof(p, year)).cloned().collect();
                    if lacking.is_empty() {
                        let list = sources.proofs.join("、");
                        found.put(&self.whole, year, computed(1.0, "derived", words!("已具备：{list}", "all there: {list}")));
                    } else {
                        let list = lacking.join("、");
                        found.short.insert(year, words!("尚缺：{list}", "wanting: {list}"));
                    }
                }
            }
        }
        Ok(found)
    }

    fn cells(&self, indicator: &str) -> Vec<(String, i32)> {
        let all = self.places().flat_map(|place| self.statistics.years(place, indicator).into_iter().map(|year| (place.clone(), year)));
        all.filter(|(_, year)| *year <= self.known).collect()
    }

    fn of_register(&self, register: &str, measure: &str, found: &mut Found) -> Result<(), Problem> {
        let book = self.books.iter().find(|b| b.register.id == register).ok_or_else(|| unknown("登记册", "register", register))?;
        let own = book.register.measure(measure).ok_or_else(|| unknown("量", "measure", measure))?;
        if book.records.is_empty() {
            return Ok(());
        }
        let origin = book.origins.iter().copied().collect::<Vec<_>>().join("+");
        for year in self.years().filter(|y| *y >= self.declared.first_year) {
            let day = format!("{year}-12-31");
            let measured = own.take(&book.register, &book.records, &day);
            let (of, what) = (&book.register.title, &own.title);
            let says = || Text::of(format!("登记册 {}：{}，{day}", of.zh, what.zh), format!("register {}: {}, {day}", of.en, what.en));
            if let Some(value) = measured.all {
                found.put(&self.whole, year, computed(value, &origin, says()));
            }
            for code in &self.counties {
                // A county that no record names has none of it: for a count that is zero.
                let value = measured.places.get(code).copied().unwrap_or((own.how == liangshan_registers::How::Count).then_some(0.0));
                if let Some(value) = value {
                    found.put(code, year, computed(value, &origin, says()));
                }
            }
        }
        Ok(())
    }

    fn of_shares(&self, shares: &Shares, found: &mut Found) {
        for (year, (value, says)) in shares.years.iter().filter(|(y, _)| **y <= self.known) {
            found.put(&self.whole, *year, computed(*value, "measured", says.clone()));
        }
        found.short.extend(shares.short.iter().map(|(y, t)| (*y, t.clone())));
    }

    /// True when a part of a deliverable is there.
    fn proof(&self, proof: &str, year: i32) -> bool {
        match proof.split_once(':') {
            None if proof == "account" => self.published.rows.values().any(|years| years.contains_key(&year)),
            None if proof == "green_gold" => self.published.totals.get(&year).is_some_and(|t| t.over_gdp.is_some()),
            Some(("layer", id)) => self.areas.has(id),
            Some(("standard", id)) => liangshan_duty::standard::shipped().get(id).is_ok(),
            Some(("register", id)) => self.books.iter().any(|b| b.register.id == id && !b.records.is_empty()),
            Some(("file", path)) => {
                let path = path.replace("{profile}", &self.region.declared.profile).replace("{year}", &year.to_string());
                self.region.folder.join(path).is_file()
            }
            _ => false,
        }
    }
}

/// Values that a source has.
#[derive(Debug, Default)]
pub struct Found {
    /// By place and year.
    pub places: BTreeMap<String, BTreeMap<i32, Sourced>>,
    /// Years it has too little for.
    pub short: BTreeMap<i32, Text>,
}

impl Found {
    fn put(&mut self, place: &str, year: i32, value: Sourced) {
        self.places.entry(place.to_owned()).or_default().insert(year, value);
    }
}

fn computed(value: f64, origin: &str, source: Text) -> Sourced {
    Sourced { value, fed: Fed::Computed, origin: origin.to_owned(), source, vintage: String::new() }
}

fn converted(from: &str, to: &str) -> Result<Option<f64>, Problem> {
    // A number of things is a plain number.
    let from = if from == "count" { "1" } else { from };
    Ok(Unit::parse(from)?.factor_to(&Unit::parse(to)?))
}

fn unknown(zh: &str, en: &str, name: &str) -> Problem {
    Problem::error("plan.unknown_source", Text::of(format!("没有{zh}“{name}”"), format!("there is no {en} \"{name}\"")))
        .expect(text("已声明的图层、登记册或量", "a layer, register or measure that is declared"))
        .fix(text("声明它，或改正名称", "declare it, or correct the name"))
}

fn differs(id: &str, year: i32, own: &Sourced, typed: &Sourced) -> Problem {
    let (a, b) = (own.value, typed.value);
    Problem::warning(
        "plan.typed_differs",
        words!("{id} {year} 年：计算得 {a}，填报 {b}；采用计算值", "{id} in {year}: computed {a}, typed {b}; the computed one is used"),
    )
    .key(format!("{id} {year}"))
    .expect(own.source.clone())
    .fix(text("核对口径；删去填报值，或更正其来源", "compare the definitions; take the typed value out, or correct what it rests on"))
}

/// Judges what the observations of a region give.
///
/// # Errors
/// Those of [`observed`].
pub fn judged(region: &Region, declared: &Declared, books: &[Book]) -> Result<(Shares, [Shares; 2]), Problems> {
    let mut problems = Problems::new();
    let register = books.iter().find(|b| b.register.id == "sections").filter(|b| !b.records.is_empty());
    let air = problems.keep(observed::good_days(region, &declared.observations));
    let own = problems.keep(observed::sections(region, &declared.observations, register, super::declared::Aim::Own));
    let third = problems.keep(observed::sections(region, &declared.observations, register, super::declared::Aim::Third));
    problems.into_result((air.unwrap_or_default(), [own.unwrap_or_default(), third.unwrap_or_default()]))
}

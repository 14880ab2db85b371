//! Purification: what ecosystems could take up of a pollutant, held county by county against what was
//! emitted and how clean air and water are, and shared out to ecosystem types and cells by capacity.

use liangshan_accounts::atom::{Atom, AtomKey};
use liangshan_accounts::profile::how_named;
use liangshan_accounts::valuation::Amount;
use liangshan_models::purification::{County, Regime, SetBy, taken_up};
use liangshan_vocab::{Origin, Problem, Problems, Text, Unit, nearest, text, words};

use crate::assemble::{Assembler, TableRow, YearSums, quantity_factor, sum_of_type};
use crate::book::Book;
use crate::explain::Explanation;
use crate::explaining::{Asked, plain, push_once, step};
use crate::ground::{Classes, Places};
use crate::layers::{Read, unit_factor};
use crate::plan::YearPlan;
use crate::profiles::{Flow, Limit, Method, ModelFlow};
use crate::region::{REGION_FILE, Region, TableFile};
use crate::task::Sums;

/// What is measured in the air and what is priced. A species not here is priced as itself.
const MEASURED_AS: [(&str, &str); 2] = [("NO2", "NOx"), ("PM10", "dust")];

/// Faults of the profile: `profile.species_mismatch` where the species of a flow is not what its price
/// is a price of, `profile.nitrogen_counted_twice` where total nitrogen and the ammonia nitrogen in it
/// are both valued.
pub(crate) fn faults(method: &Method) -> Problems {
    let mut problems = Problems::new();
    for indicator in method.profile.indicators.iter().filter(|m| m.status.counts()) {
        let (id, basis) = (indicator.indicator.as_str(), indicator.basis.as_str());
        let Some(Flow::LimitedSum { limit, .. }) = method.flow(id) else { continue };
        let species = limit.species.as_str();
        let priced_as = MEASURED_AS.iter().find(|m| m.0 == species).map_or(species, |m| m.1);
        if priced_as != basis {
            problems.push(
                Problem::error(
                    "profile.species_mismatch",
                    words!("指标 {id} 的排放量是“{species}”的，计价对象却是“{basis}”", "{id} takes the emission of \"{species}\" and is priced as \"{basis}\""),
                )
                .key(format!("indicator.{id}.species"))
                .expect(words!("计价对象 {priced_as}，或 {basis} 的排放量", "the basis {priced_as}, or the emission of {basis}"))
                .fix(text(
                    "总氮与氨氮是不同物质，不能换用；改正 species 或 basis",
                    "total and ammonia nitrogen are different things; correct species or basis",
                )),
            );
        }
    }
    let valued = |id: &str| method.profile.method(id).filter(|m| m.status.counts()).and_then(|m| how_named(&m.how)).is_some_and(|h| h.priced);
    if valued("water_purification_tn") && valued("water_purification_nh3n") {
        problems.push(
            Problem::error(
                "profile.nitrogen_counted_twice",
                text("总氮与氨氮同时计价：氨氮是总氮的一部分", "total nitrogen and ammonia nitrogen are both valued: the one is part of the other"),
            )
            .key("indicator.water_purification_nh3n.how")
            .expect(text("其中之一的 how 为 physical_only", "how = \"physical_only\" for one of them"))
            .fix(text("只对其中之一计价", "value one of them only")),
        );
    }
    problems
}

/// What the table says of one county.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CountyLimit {
    /// Mean concentration.
    pub concentration: Option<f64>,
    /// Its limit, in the same unit.
    pub limit: Option<f64>,
    /// Emission of the year, t.
    pub emission: Option<f64>,
    /// The rows behind them.
    pub rows: Vec<TableRow>,
}

/// What an indicator's capacity is held against in one year.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// How the amount is decided.
    pub regime: Regime,
    /// The unit of concentration and limit.
    pub unit: String,
    /// By county, in the order of the places.
    pub counties: Vec<CountyLimit>,
    /// The table.
    pub read: Option<Read>,
}

/// What was decided for a county.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Decided {
    /// The amount, rounded once.
    pub amount: Amount,
    /// What set it.
    pub by: SetBy,
    /// What could be taken up, in the unit of the amount.
    pub capacity: f64,
}

impl Limits {
    /// Reads the table of one indicator and year. A county without a row has no numbers here; whether
    /// they are needed is for the regime to say.
    ///
    /// # Errors
    /// Those of the table: columns, units, numbers, unknown counties, a key given twice.
    pub fn read(region: &Region, places: &Places, method: &Method, limit: &Limit, year: i32) -> Result<Option<Self>, Problems> {
        let Some(regime) = method.regime(limit) else { return Ok(None) };
        let mut limits = Self { regime, unit: String::new(), counties: vec![CountyLimit::default(); places.counties.len()], read: None };
        let Some(path) = region.declared.tables.limits(&limit.table) else {
            return Ok((regime == Regime::Capacity).then_some(limits));
        };
        let table = region.sources.table(path)?;
        let t = &table.table;
        let mut problems = Problems::new();
        let names = ["year", "county_code", "species", "annual_concentration", "annual_limit", "emission"];
        let columns = t.find(names).map_err(|p| p.or_file(path))?;
        problems.extend(t.duplicate_keys(&columns[..3]).or_file(path));
        let unit_of = |name: &str| table.file.sidecar.columns.get(name).and_then(|c| c.unit.clone()).unwrap_or_default();
        let at_unit = |p: Problem, name: &str| p.or_file(&format!("{path}.toml")).key(format!("columns.{name}.unit"));
        let tonnes = problems.keep(unit_factor(&unit_of("emission"), "t").map_err(|p| at_unit(p, "emission"))).unwrap_or(1.0);
        limits.unit = unit_of("annual_concentration");
        let same = Unit::parse(&unit_of("annual_limit")).and_then(|from| Ok(from.factor_to(&Unit::parse(&limits.unit)?)));
        let of_limit = match problems.keep(same.map_err(|p| at_unit(p, "annual_limit"))) {
            Some(Some(factor)) => factor,
            Some(None) => {
                problems.push(at_unit(liangshan_vocab::quantity::mismatch(&unit_of("annual_limit"), &limits.unit), "annual_limit"));
                1.0
            }
            None => 1.0,
        };
        for row in &t.rows {
            let code = t.text(row, columns[1]);
            let Some(county) = places.counties.iter().position(|c| c.code == code) else {
                problems.push(unknown_place(&table, row.line, code, places));
                continue;
            };
            let species = t.text(row, columns[2]);
            let (emits, decides) = (species == limit.species, species == limit.decided_by);
            if t.text(row, columns[0]) != year.to_string() || !(emits || decides) {
                continue;
            }
            let mut number = |at: usize| {
                let value = problems.keep(t.number(row, at).map_err(|p| p.or_file(path))).flatten();
                if let Some(value) = value.filter(|v| *v < 0.0) {
                    problems.push(negative(path, row.line, names[at_name(&columns, at)], value));
                }
                value
            };
            let own = &mut limits.counties[county];
            if decides {
                (own.concentration, own.limit) = (number(columns[3]), number(columns[4]).map(|l| l * of_limit));
            }
            if emits {
                own.emission = number(columns[5]).map(|e| e * tonnes);
            }
            let cells = columns[2..].iter().map(|c| (t.columns[*c].clone(), t.text(row, *c).to_owned())).collect();
            let origin = t.columns.iter().position(|c| c == "origin").and_then(|c| Origin::parse(t.text(row, c)));
            let read = Read::of(&table.file, "");
            own.rows.push(TableRow::of(Read { origin: origin.unwrap_or(read.origin), ..read }, row.line, cells));
        }
        limits.read = Some(Read::of(&table.file, ""));
        problems.into_result(Some(limits))
    }

    /// Everything of it that decides an amount, for the name of a stream.
    pub fn setting(&self) -> String {
        let numbers: Vec<_> = self.counties.iter().map(|c| (c.concentration, c.limit, c.emission)).collect();
        format!("{} {numbers:?}", self.regime.word())
    }

    /// The amount of each county, `None` where a number that decides is missing.
    ///
    /// # Errors
    /// `amount.*` when an amount cannot be held.
    pub fn decide(&self, sums: &Sums, output: &str, factor: f64, decimals: u32) -> Result<Vec<Option<Decided>>, Problem> {
        let at = sums.quantities.iter().position(|q| q == output);
        let decide = |(i, county): (usize, &CountyLimit)| {
            let own = sums.by.iter().filter(|(key, _)| usize::from(key.0) == i);
            let mut total = liangshan_space::FixedSum::new();
            own.filter_map(|(_, s)| s.get(at?)).for_each(|s| total.merge(s));
            let capacity = total.value() * factor;
            let given = County { concentration: county.concentration, limit: county.limit, emission: county.emission, capacity };
            let Some((amount, by)) = taken_up(self.regime, &given) else { return Ok(None) };
            // Nothing takes up what no ecosystem of the county can be given; a warning tells of it.
            let (amount, by) = if capacity > 0.0 { (amount, by) } else { (0.0, SetBy::Capacity) };
            Ok(Some(Decided { amount: Amount::round(amount, decimals)?, by, capacity }))
        };
        self.counties.iter().enumerate().map(decide).collect()
    }
}

fn at_name(columns: &[usize; 6], at: usize) -> usize {
    columns.iter().position(|c| *c == at).unwrap_or(0)
}

fn negative(path: &str, line: u64, column: &str, value: f64) -> Problem {
    Problem::error("table.negative", words!("“{column}”为负：{value}", "\"{column}\" is negative: {value}"))
        .file(path)
        .row(line)
        .column(column)
        .expect(text("不小于 0 的数", "a number of zero or more"))
        .fix(text("核对原始报表", "compare with the original return"))
}

fn unknown_place(table: &TableFile, line: u64, code: &str, places: &Places) -> Problem {
    Problem::error("place.unknown_code", words!("区划代码“{code}”不在本区域", "the division code \"{code}\" is not of this region"))
        .file(table.file.path.as_str())
        .row(line)
        .column("county_code")
        .expect(text("本区域各县的区划代码", "the division code of a county of this region"))
        .fix_near(nearest(code, places.counties.iter().map(|c| c.code.as_str())), text("用 GB/T 2260 的六位代码", "use the six-digit code of GB/T 2260"))
}

/// What one tonne of capacity counts for in each county, so that a map of capacity becomes one of the
/// amount; `None` for an indicator that is not limited.
pub(crate) fn shares_of_capacity(plan: &YearPlan, method: &Method, indicator: &str, output: &str, unit: &str, sums: &Sums) -> Option<Vec<f64>> {
    let limits = plan.limits.get(indicator)?;
    let (wanted, decimals) = method.profile.measure(indicator)?;
    let factor = quantity_factor(unit, wanted).ok()?;
    let decided = limits.decide(sums, output, factor, decimals).ok()?;
    Some(decided.into_iter().map(|d| d.map_or(f64::NAN, |d| if d.capacity > 0.0 { d.amount.as_f64() / d.capacity } else { 0.0 })).collect())
}

/// Weights of ecosystem types in a county: their capacities as whole numbers.
fn weights(sums: &Sums, classes: &Classes, place: usize, output: &str) -> Vec<Option<i128>> {
    (0..classes.types.len()).map(|kind| sum_of_type(sums, classes, place, kind, output).map(|s| s.raw())).collect()
}

impl Assembler<'_> {
    /// The amount of each county, shared out to its ecosystem types by capacity.
    pub(crate) fn limited_sum(&mut self, indicator: &str, flow: &ModelFlow, limit: &Limit, year: &YearSums) {
        let plan = &year.plan;
        let priced = self.method.profile.method(indicator).and_then(|m| how_named(&m.how)).is_some_and(|h| h.priced);
        let Some(stream) = plan.stream(flow) else { return self.unserved(indicator, flow, plan) };
        let Some(limits) = plan.limits.get(indicator) else {
            let key = &limit.table;
            let reason = words!("区域没有排放与浓度表（tables.{key}）", "the region has no table of emissions and concentrations (tables.{key})");
            return self.missing(indicator, Some(plan.year), reason, REGION_FILE);
        };
        let sums = &year.sums[stream];
        let Some(output) = plan.steps[plan.streams[stream].step].model.spec.output(&flow.output) else { return };
        let Some((unit, decimals)) = self.method.profile.measure(indicator) else { return };
        let Some(factor) = self.problems.keep(quantity_factor(output.measure.unit, unit).map_err(|p| p.key(indicator))) else { return };
        let price = if priced { self.price(indicator, unit) } else { None };
        if priced && price.is_none() {
            return;
        }
        let Some(decided) = self.problems.keep(limits.decide(sums, output.name, factor, decimals)) else { return };
        let evidence = price.iter().fold(self.evidence(indicator), |e, p| e.with(p.1));
        let file = limits.read.as_ref().map(|r| r.file.clone()).unwrap_or_default();
        for (i, (county, decided)) in self.places.counties.iter().zip(decided).enumerate() {
            let (code, species) = (county.code.clone(), &limit.species);
            let Some(decided) = decided else {
                let year = plan.year;
                let reason = words!("{year} 年缺 {species} 的浓度、限值或排放量", "concentration, limit or emission of {species} is missing in {year}");
                self.missing_at(indicator, year, &code, reason, &file);
                continue;
            };
            let own = &limits.counties[i];
            let origin = own.rows.iter().fold(plan.streams[stream].origin, |o, r| o.with(r.read.origin));
            let origin = price.iter().fold(origin, |o, p| o.with(p.2));
            let weights = weights(sums, self.classes, i, output.name);
            let all: Vec<i128> = weights.iter().map(|w| w.unwrap_or(0)).collect();
            let Some(shares) = self.problems.keep(decided.amount.shared(&all).map_err(|p| p.key(format!("{indicator} {code}")))) else { continue };
            let nothing = all.iter().all(|w| *w == 0);
            for ((kind, weight), share) in self.classes.types.iter().zip(&weights).zip(shares) {
                // A type that can take nothing up has no row; where none can, all have their zero.
                if weight.is_none_or(|w| w == 0 && !nothing) {
                    continue;
                }
                let key = AtomKey { year: plan.year, place: code.clone(), ecosystem: kind.id.clone(), indicator: indicator.to_owned() };
                let atom = Atom::new(key, share, unit, price.clone().map(|p| p.0), evidence, origin);
                self.atoms.extend(self.problems.keep(atom));
            }
            self.trail.entry((plan.year, code, indicator.to_owned())).or_default().extend(own.rows.iter().cloned());
        }
    }
}

impl Book {
    /// The limited indicators of a year that are an indicator or below it, with flow and amounts by county.
    fn limited(&self, indicator: &str, year: i32) -> Vec<(&str, &ModelFlow, &Limits, Vec<Option<Decided>>)> {
        let method = &self.prepared.method;
        let Some(of_year) = self.years.iter().find(|y| y.plan.year == year) else { return Vec::new() };
        let mut out = Vec::new();
        for (id, limits) in &of_year.plan.limits {
            let Some(Flow::LimitedSum { capacity, .. }) = method.flow(id) else { continue };
            let within = indicator.is_empty() || liangshan_accounts::catalogue::is_within(id, indicator);
            let Some(stream) = of_year.plan.stream(capacity).filter(|_| within) else { continue };
            let spec = of_year.plan.steps[of_year.plan.streams[stream].step].model.spec;
            let measured = spec.output(&capacity.output).zip(method.profile.measure(id));
            let Some((output, (unit, decimals))) = measured else { continue };
            let Ok(factor) = quantity_factor(output.measure.unit, unit) else { continue };
            if let Ok(decided) = limits.decide(&of_year.sums[stream], output.name, factor, decimals) {
                out.push((id.as_str(), capacity, limits, decided));
            }
        }
        out
    }

    /// How the amount of each county was decided.
    pub(crate) fn limited_steps(&self, asked: Asked<'_>, out: &mut Explanation) {
        let whole = self.prepared.places.whole == asked.place;
        for (id, _, limits, decided) in self.limited(asked.indicator, asked.year).into_iter().filter(|l| l.0 == asked.indicator) {
            let table = limits.read.as_ref().map(|r| r.file.clone()).unwrap_or_default();
            for ((county, own), decided) in self.prepared.places.counties.iter().zip(&limits.counties).zip(&decided) {
                let code = &county.code;
                let (Some(decided), true) = (decided, whole || *code == asked.place) else { continue };
                let row = own.rows.iter().map(|r| format!("{}:{}", r.read.file, r.line)).collect::<Vec<_>>().join("; ");
                let from = Text::same(if row.is_empty() { table.clone() } else { row });
                for (symbol, value, unit, title) in [
                    ("c", own.concentration, limits.unit.as_str(), text("年均浓度", "mean concentration of the year")),
                    ("c_lim", own.limit, limits.unit.as_str(), text("浓度限值", "limit of the concentration")),
                    ("E", own.emission, "t", text("排放量", "emission")),
                ] {
                    if let Some(value) = value {
                        push_once(out, step(&format!("{symbol}[{code}]"), &plain(value), unit, title, from.clone()));
                    }
                }
                let (unit, _) = self.prepared.method.profile.measure(id).unwrap_or(("t", 0));
                let sum = text("格网速率 × 面积，求和", "rate × area, summed over cells");
                push_once(out, step(&format!("C[{code}]"), &plain(decided.capacity), unit, text("净化能力", "capacity"), sum));
                let by = match decided.by {
                    SetBy::Emission => text("取排放量", "the emission"),
                    SetBy::Capacity => text("取净化能力", "the capacity"),
                };
                let regime = limits.regime.word();
                push_once(out, step(&format!("Qc[{code}]"), &decided.amount.to_string(), unit, by, words!("净化量口径 {regime}", "regime {regime}")));
            }
        }
    }

    /// `purification_beyond_emissions` where more is taken up than was emitted,
    /// `purification_without_ecosystem` where something was emitted and nothing can take it up, and
    /// `tp_rate_equals_tn_rate`.
    pub(crate) fn purification_warnings(&self) -> Problems {
        let mut problems = Problems::new();
        for year in self.years.iter().map(|y| y.plan.year) {
            for (id, _, limits, decided) in self.limited("", year) {
                let mut beyond = (0.0, 0.0);
                for ((county, own), decided) in self.prepared.places.counties.iter().zip(&limits.counties).zip(&decided) {
                    let (Some(emission), Some(decided)) = (own.emission, decided) else { continue };
                    let (code, amount) = (&county.code, decided.amount.as_f64());
                    // The last unit of the rounding is not more than was emitted.
                    if amount > emission + 0.5 / 10f64.powi(decided.amount.decimals as i32) {
                        beyond = (beyond.0 + amount, beyond.1 + emission);
                        problems.push(beyond_emissions(id, year, code, amount, emission));
                    }
                    if emission > 0.0 && decided.capacity <= 0.0 {
                        problems.push(
                            Problem::warning(
                                "rule.purification_without_ecosystem",
                                words!(
                                    "{id}：{code} 有排放 {emission} t，却没有能净化它的生态系统，计为 0",
                                    "{id}: {code} emits {emission} t and has no ecosystem that takes it up; counted as 0"
                                ),
                            )
                            .key(format!("{code} {year}"))
                            .expect(text("至少一个速率大于零的类别", "at least one class with a rate above zero"))
                            .fix(text("核对速率表与生态系统图", "check the table of rates and the ecosystem map")),
                        );
                    }
                }
                if beyond.1 > 0.0 {
                    problems.push(beyond_emissions(id, year, &self.prepared.places.whole, beyond.0, beyond.1));
                }
            }
        }
        for year in &self.years {
            let rates = |name: &str| year.plan.layers.iter().find(|l| l.name == name).and_then(|l| Some((l.by_class()?, l.reads.last()?)));
            if let (Some((tn, read)), Some((tp, _))) = (rates("tn_rate"), rates("tp_rate"))
                && tn.iter().any(|r| *r > 0.0)
                && tn.iter().zip(tp).all(|(n, p)| n == p || n.is_nan() && p.is_nan())
            {
                let (whole, year) = (&self.prepared.places.whole, year.plan.year);
                problems.push(
                    Problem::warning(
                        "rule.tp_rate_equals_tn_rate",
                        text(
                            "总磷与总氮的净化速率逐类相同，可能是同一个数抄入了两列",
                            "the rates of total phosphorus equal those of total nitrogen in every class: perhaps one value copied into two columns",
                        ),
                    )
                    .file(read.file.as_str())
                    .key(format!("{whole} {year}"))
                    .expect(text("各有出处的两组速率", "two sets of rates, each with its source"))
                    .fix(text("查明出处，换成各自的速率", "find their sources and replace them")),
                );
            }
        }
        problems
    }
}

fn beyond_emissions(id: &str, year: i32, code: &str, amount: f64, emission: f64) -> Problem {
    Problem::warning(
        "rule.purification_beyond_emissions",
        words!("{id}：{code} 的净化量 {amount} t 超过排放量 {emission} t", "{id}: {amount} t are taken up in {code}, where {emission} t were emitted"),
    )
    .key(format!("{code} {year}"))
    .expect(text("不超过排放量的净化量", "no more than was emitted"))
    .fix(text("核对 purification_regime、速率与排放表", "check purification_regime, the rates and the table of emissions"))
}

//! From sums and department tables to atoms, and from atoms to the account.

use std::collections::BTreeMap;

use liangshan_accounts::account::{Account, AccountInput, AccountPlace, State, Status};
use liangshan_accounts::atom::{Atom, AtomKey, UnitPrice};
use liangshan_accounts::price::{Price, PriceRow};
use liangshan_accounts::rules::{Stock, subtract_storm_overlap};
use liangshan_accounts::tables::build;
use liangshan_accounts::valuation::Amount;
use liangshan_space::FixedSum;
use rust_decimal::Decimal;

use liangshan_vocab::{Evidence, Origin, Problem, Problems, Severity, Text, Unit, text};

use crate::ground::{Classes, Places, UNALLOCATED};
use crate::layers::Read;
use crate::plan::YearPlan;
use crate::profiles::{Flow, Method, ModelFlow};
use crate::region::{Region, TableFile};
use crate::task::Sums;
use crate::zones::kept::ZoneSums;

/// The sums of one year, one for each stream of its plan.
pub struct YearSums {
    /// The plan.
    pub plan: YearPlan,
    /// Sums by stream.
    pub sums: Vec<Sums>,
    /// Sums by parts of zones, where they were asked for.
    pub zones: Option<ZoneSums>,
}

/// The price table.
pub struct Prices {
    /// Sound rows.
    pub rows: Vec<Price>,
    /// The file.
    pub read: Read,
    /// The line of each row.
    pub lines: BTreeMap<String, u64>,
}

/// Reads the prices and what is wrong with them: a fault of a row in use is an error, one of any other
/// row a note. The sound rows are there in any case.
///
/// # Errors
/// Those of the table as a whole.
pub fn read_prices(region: &Region, method: &Method) -> Result<(Prices, Problems), Problems> {
    let path = &region.declared.tables.prices;
    let TableFile { file, table } = region.sources.table(path)?;
    let mut problems = Problems::new();
    let names = ["price_id", "indicator", "name", "value", "unit", "basis", "price_year", "price_year_is", "kind", "region", "source_tag", "evidence", "note"];
    let columns = table.find(names).map_err(|p| p.or_file(path))?;
    problems.extend(table.duplicate_keys(&columns[..1]).or_file(path));
    let in_use: Vec<&str> = method.profile.indicators.iter().filter(|m| m.status.counts()).filter_map(|m| m.price_id.as_deref()).collect();
    let (mut rows, mut lines) = (Vec::new(), BTreeMap::new());
    let origin_at = table.columns.iter().position(|c| c == "origin");
    for row in &table.rows {
        let cell = |i: usize| table.text(row, columns[i]).to_owned();
        let id = cell(0);
        lines.insert(id.clone(), row.line);
        let given = PriceRow {
            id: id.clone(),
            indicator: cell(1),
            name: cell(2),
            value: cell(3),
            unit: cell(4),
            basis: cell(5),
            year: cell(6),
            year_is: cell(7),
            kind: cell(8),
            region: cell(9),
            source: cell(10),
            evidence: cell(11),
            note: cell(12),
            origin: origin_at.map(|c| table.text(row, c).to_owned()).unwrap_or_default(),
        };
        match Price::new(given) {
            Ok(price) => rows.push(price),
            Err(failed) => {
                let used = in_use.contains(&id.as_str());
                let severity = if used { Severity::Error } else { Severity::Note };
                problems.extend(failed.into_iter().map(|p| Problem { severity, ..p.or_file(path).row(row.line) }));
            }
        }
    }
    let read =
        Read { file: file.path.clone(), part: String::new(), digest: file.digest.clone(), origin: file.sidecar.origin, licence: file.sidecar.licence.clone() };
    Ok((Prices { rows, read, lines }, problems))
}

/// A row of a department table behind an atom.
#[derive(Debug, Clone, PartialEq)]
pub struct TableRow {
    /// The file as read.
    pub read: Read,
    /// The line.
    pub line: u64,
    /// Name and value of the cells that were used.
    pub cells: Vec<(String, String)>,
    /// For a product: its market price per unit of the quantity, before the share that counts.
    pub market: Option<Decimal>,
    /// What it gives to the quantity of its atom, where several rows or columns make one.
    pub gives: Option<Gives>,
    /// Why it was left out, as a reservoir that is only planned.
    pub left_out: Option<Text>,
}

/// What a row gives to the quantity of an atom.
#[derive(Debug, Clone, PartialEq)]
pub struct Gives {
    /// What the row is about: a reservoir, a stand, a group of visitors.
    pub name: String,
    /// How much, exact.
    pub amount: Decimal,
    /// Its unit.
    pub unit: String,
    /// How it is made from the cells.
    pub how: Text,
}

impl TableRow {
    /// A row whose quantity is that of its atom.
    pub(crate) fn of(read: Read, line: u64, cells: Vec<(String, String)>) -> Self {
        Self { read, line, cells, market: None, gives: None, left_out: None }
    }
}

/// The rows of tables behind each atom of a department table.
pub type Trail = BTreeMap<(i32, String, String), Vec<TableRow>>;

/// The account, with what an explanation needs beside it.
pub struct Assembled {
    /// The account.
    pub account: Account,
    /// The atoms it is a sum of.
    pub atoms: Vec<Atom>,
    /// Rows of department tables, by year, place and indicator.
    pub trail: Trail,
    /// Files of department tables that were read.
    pub reads: Vec<Read>,
    /// What the dotted parts of indicators are called.
    pub names: BTreeMap<String, Text>,
    /// Storm water taken out of flood regulation by vegetation, by year, county and ecosystem type.
    pub overlap: BTreeMap<(i32, String, String), Amount>,
    /// Standing timber of the statistics.
    pub timber: Vec<Stock>,
    /// Standing volume of forest at two dates, by year and place.
    pub stocks: BTreeMap<(i32, String), crate::routes::Stock>,
}

/// An account on its way.
pub(crate) struct Assembler<'a> {
    pub(crate) region: &'a Region,
    pub(crate) places: &'a Places,
    pub(crate) classes: &'a Classes,
    pub(crate) method: &'a Method,
    pub(crate) prices: &'a Prices,
    pub(crate) atoms: Vec<Atom>,
    pub(crate) states: Vec<State>,
    pub(crate) trail: Trail,
    pub(crate) reads: Vec<Read>,
    pub(crate) names: BTreeMap<String, Text>,
    pub(crate) problems: Problems,
}

/// The atoms of years or of mixtures of years.
///
/// # Errors
/// Everything wrong in the tables, prices and profile at once.
pub fn atoms_of(region: &Region, places: &Places, classes: &Classes, method: &Method, prices: &Prices, years: &[YearSums]) -> Result<Vec<Atom>, Problems> {
    let Assembler { mut atoms, mut problems, .. } = gathered(region, places, classes, method, prices, years);
    if subtracts(method) {
        // A mixture of years is made as the years themselves are.
        problems.keep(subtract_storm_overlap(&mut atoms));
    }
    if problems.has_errors() { Err(problems) } else { Ok(atoms) }
}

/// True where the method takes storm water counted twice out of flood regulation.
fn subtracts(method: &Method) -> bool {
    method.profile.flag("subtract_storm_overlap").and_then(|f| f.value.as_flag()) == Some(true)
}

fn gathered<'a>(region: &'a Region, places: &'a Places, classes: &'a Classes, method: &'a Method, prices: &'a Prices, years: &[YearSums]) -> Assembler<'a> {
    let mut a = Assembler::new(region, places, classes, method, prices);
    let all_years: Vec<i32> = years.iter().map(|y| y.plan.year).collect();
    for indicator in method.profile.counted() {
        let id = indicator.indicator.as_str();
        match method.flow(id) {
            Some(Flow::ModelSum(flow)) => years.iter().for_each(|y| a.model_sum(id, flow, y, true)),
            Some(Flow::RollUp { own: Some(flow) }) => years.iter().for_each(|y| a.model_sum(id, flow, y, false)),
            Some(Flow::RollUp { own: None }) => {}
            Some(Flow::LimitedSum { capacity, limit }) => years.iter().for_each(|y| a.limited_sum(id, capacity, limit, y)),
            flow if a.of_tables(id, flow, &all_years) => {}
            _ => a.missing(id, None, text("本版本尚无该指标的核算方法", "this version has no method for the indicator yet"), ""),
        }
    }
    a
}

/// Makes the account.
///
/// # Errors
/// Everything wrong in the tables, prices and profile at once.
pub fn assemble(region: &Region, places: &Places, classes: &Classes, method: &Method, prices: &Prices, years: &[YearSums]) -> Result<Assembled, Problems> {
    let all_years: Vec<i32> = years.iter().map(|y| y.plan.year).collect();
    let mut a = gathered(region, places, classes, method, prices, years);
    a.looked_up();
    let denominators = a.denominators(&all_years);
    let stocks = a.stocks(&all_years);
    let timber = a.timber(&all_years);
    let overlap = if subtracts(method) { a.problems.keep(subtract_storm_overlap(&mut a.atoms)).unwrap_or_default() } else { BTreeMap::new() };
    let Assembler { atoms, states, trail, reads, names, problems, .. } = a;
    if problems.has_errors() {
        return Err(problems);
    }
    let km2 = |code: &str| places.area_m2(code).map(|m2| m2 / 1e6);
    let whole = AccountPlace { code: places.whole.clone(), name: places.whole_name.clone(), parent: None, area_km2: km2(&places.whole) };
    let counties =
        places.counties.iter().map(|c| AccountPlace { code: c.code.clone(), name: c.name.clone(), parent: Some(places.whole.clone()), area_km2: km2(&c.code) });
    let ecosystems = classes.types.iter().map(|t| t.id.clone()).chain([UNALLOCATED.to_owned()]).filter(|id| atoms.iter().any(|a| a.ecosystem == *id)).collect();
    let input = AccountInput {
        profile: &method.profile,
        years: all_years,
        places: [whole].into_iter().chain(counties).collect(),
        ecosystems,
        atoms: atoms.clone(),
        states,
        denominators,
        deductions: Vec::new(),
    };
    let account = build(&input)?;
    Ok(Assembled { account, atoms, trail, reads, names, overlap, timber, stocks })
}

/// Everything wrong in the department tables, found by reading them as an account would.
pub fn assemble_tables(region: &Region, places: &Places, classes: &Classes, method: &Method, prices: &Prices, years: &[i32]) -> Problems {
    let mut a = Assembler::new(region, places, classes, method, prices);
    for indicator in method.profile.counted() {
        let id = indicator.indicator.as_str();
        a.of_tables(id, method.flow(id), years);
    }
    a.looked_up();
    a.denominators(years);
    a.problems
}

/// What a model's output per area and year is multiplied by, after the sum over hectares, to be an
/// indicator's quantity of one year.
///
/// # Errors
/// `unit.mismatch` when they do not measure the same thing.
pub fn quantity_factor(output_unit: &str, indicator_unit: &str) -> Result<f64, Problem> {
    let over_a_year = Unit::parse(output_unit)?.times(&Unit::parse("ha")?).times(&Unit::parse("a")?);
    over_a_year.factor_to(&Unit::parse(indicator_unit)?).ok_or_else(|| liangshan_vocab::quantity::mismatch(output_unit, indicator_unit))
}

/// The sum of a quantity over the classes of an ecosystem type in a place; `None` where the type has
/// no counted cell there.
pub fn sum_of_type(sums: &Sums, classes: &Classes, place: usize, kind: usize, quantity: &str) -> Option<FixedSum> {
    let place = u16::try_from(place).ok()?;
    let mut total: Option<FixedSum> = None;
    for (i, _) in classes.classes.iter().enumerate().filter(|(_, c)| c.kind == kind) {
        if let Some(sum) = u16::try_from(i).ok().and_then(|class| sums.sum(place, class, quantity)) {
            total.get_or_insert_with(FixedSum::new).merge(sum);
        }
    }
    total
}

impl<'a> Assembler<'a> {
    fn new(region: &'a Region, places: &'a Places, classes: &'a Classes, method: &'a Method, prices: &'a Prices) -> Self {
        let reads = vec![prices.read.clone()];
        Self {
            region,
            places,
            classes,
            method,
            prices,
            atoms: Vec::new(),
            states: Vec::new(),
            trail: Trail::new(),
            reads,
            names: BTreeMap::new(),
            problems: Problems::new(),
        }
    }

    pub(crate) fn price(&mut self, indicator: &str, unit: &str) -> Option<(UnitPrice, Evidence, Origin)> {
        let method = self.method.profile.method(indicator)?;
        let id = method.price_id.as_deref()?;
        let price = self.prices.rows.iter().find(|p| p.id == id)?;
        let unit = Unit::parse(unit).ok()?;
        let made = UnitPrice::of(price, &unit, &method.basis).map_err(|p| p.or_file(&self.region.declared.tables.prices));
        let (evidence, origin) = (price.evidence, price.origin);
        self.problems.keep(made).map(|made| (made, evidence, origin))
    }

    pub(crate) fn evidence(&self, indicator: &str) -> Evidence {
        let Some(method) = self.method.profile.method(indicator) else { return Evidence::Unverified };
        // A part rests on the coefficients of its whole as well.
        let whole = indicator.split_once('.').and_then(|(whole, _)| self.method.profile.method(whole));
        let parameters = method.parameters.iter().chain(whole.into_iter().flat_map(|m| &m.parameters));
        parameters.fold(method.evidence, |e, p| e.with(p.evidence))
    }

    pub(crate) fn missing(&mut self, indicator: &str, year: Option<i32>, reason: Text, file: &str) {
        self.states.push(State { indicator: indicator.to_owned(), year, place: None, status: Status::MissingInput { reason, file: file.to_owned() } });
    }

    /// An indicator whose model could not run for want of a source.
    pub(crate) fn unserved(&mut self, indicator: &str, flow: &ModelFlow, plan: &YearPlan) {
        let lacking = plan.unserved.get(&flow.model).cloned().unwrap_or_default();
        let (zh, en): (Vec<_>, Vec<_>) = lacking.iter().map(|u| (format!("{}（{}）", u.title.zh, u.key), format!("{} ({})", u.title.en, u.key))).unzip();
        self.missing(
            indicator,
            Some(plan.year),
            Text::of(format!("没有数据源：{}", zh.join("、")), format!("no source for {}", en.join(", "))),
            crate::region::REGION_FILE,
        );
    }

    fn model_sum(&mut self, indicator: &str, flow: &ModelFlow, year: &YearSums, priced: bool) {
        let plan = &year.plan;
        let Some(stream) = plan.stream(flow) else { return self.unserved(indicator, flow, plan) };
        let (sums, origin) = (&year.sums[stream], plan.streams[stream].origin);
        let spec = plan.steps[plan.streams[stream].step].model.spec;
        let Some(output) = spec.output(&flow.output) else { return };
        let Some((unit, decimals)) = self.method.profile.measure(indicator) else { return };
        let Some(factor) = self.problems.keep(quantity_factor(output.measure.unit, unit).map_err(|p| p.key(indicator))) else { return };
        let price = if priced { self.price(indicator, unit) } else { None };
        if priced && price.is_none() {
            return;
        }
        let evidence = price.iter().fold(self.evidence(indicator), |e, p| e.with(p.1));
        // A value is no better than its price.
        let origin = price.iter().fold(origin, |o, p| o.with(p.2));
        for (i, county) in self.places.counties.iter().enumerate() {
            if flow.counted.is_some() && sums.by.keys().all(|key| usize::from(key.0) != i) {
                let reason = text("生态系统图中没有计入的类别", "the ecosystem map has none of the classes that count");
                let status = Status::Zero { reason, origin };
                self.states.push(State { indicator: indicator.to_owned(), year: Some(plan.year), place: Some(county.code.clone()), status });
                continue;
            }
            for (k, kind) in self.classes.types.iter().enumerate() {
                let Some(sum) = sum_of_type(sums, self.classes, i, k, output.name) else { continue };
                let key = AtomKey { year: plan.year, place: county.code.clone(), ecosystem: kind.id.clone(), indicator: indicator.to_owned() };
                let atom = Amount::round(sum.value() * factor, decimals)
                    .and_then(|quantity| Atom::new(key, quantity, unit, price.clone().map(|p| p.0), evidence, origin));
                self.atoms.extend(self.problems.keep(atom));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_millimetre_on_a_hectare_is_ten_cubic_metres() {
        // Method sheet, section 0: 1 mm over 1 ha = 10 m3.
        assert!((quantity_factor("mm/a", "m3").unwrap() - 10.0).abs() < 1e-12);
        assert!((quantity_factor("t/(ha a)", "t").unwrap() - 1.0).abs() < 1e-12);
        assert_eq!(quantity_factor("t C/(ha a)", "t CO2").unwrap_err().code, "unit.mismatch");
    }
}

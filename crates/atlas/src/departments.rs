//! Department tables: products, tourism, declared zeros, residents and domestic product. Rows become
//! atoms and statuses; every row used is kept for the explanation.

use std::collections::{BTreeMap, BTreeSet};

use liangshan_accounts::account::{Denominator, State, Status};
use liangshan_accounts::atom::{Atom, AtomKey, UnitPrice};
use liangshan_accounts::catalogue::{self, CATALOGUE};
use liangshan_accounts::valuation::Amount;
use liangshan_formats::table::Row;
use liangshan_vocab::{Fen, Origin, Problem, Text, Unit, nearest, text, words};
use rust_decimal::Decimal;

use crate::assemble::{Assembler, TableRow};
use crate::layers::Read;
use crate::region::TableFile;

impl Assembler<'_> {
    fn county_of(&mut self, table: &TableFile, row: &Row, column: usize) -> Option<String> {
        let code = table.table.text(row, column);
        if self.places.counties.iter().any(|c| c.code == code) {
            return Some(code.to_owned());
        }
        self.unknown_place(table, row, column);
        None
    }

    fn unknown_place(&mut self, table: &TableFile, row: &Row, column: usize) {
        let code = table.table.text(row, column);
        let near = nearest(code, self.places.counties.iter().map(|c| c.code.as_str()));
        self.problems.push(
            Problem::error("place.unknown_code", words!("区划代码“{code}”不在本区域", "the division code \"{code}\" is not of this region"))
                .file(table.file.path.as_str())
                .row(row.line)
                .column(table.table.columns[column].as_str())
                .fix_near(near, text("用 GB/T 2260 的六位代码", "use the six-digit code of GB/T 2260"))
                .expect(text("本区域各县的区划代码", "the division code of a county of this region")),
        );
    }

    /// Rows that would be passed over in silence: one of two with the same key, and those of a place
    /// that the region does not have.
    fn passed_over(&mut self, path: &str, place: &str, keys: [&str; 2]) {
        let Some(table) = self.problems.keep(self.region.sources.table(path)) else { return };
        let t = table.table.clone();
        let Some(columns) = self.problems.keep(t.find([place, keys[0], keys[1]]).map_err(|p| p.or_file(path))) else { return };
        self.problems.extend(t.duplicate_keys(&columns).or_file(path));
        let known: Vec<String> = self.places.codes().iter().map(|c| (*c).to_owned()).collect();
        for row in t.rows.iter().filter(|r| !known.iter().any(|c| c == t.text(r, columns[0]))) {
            self.unknown_place(&table, row, columns[0]);
        }
    }

    /// The tables that are looked up row by row, held against their own keys.
    pub(crate) fn looked_up(&mut self) {
        let tables = &self.region.declared.tables;
        if let Some(path) = tables.statistics.clone() {
            self.passed_over(&path, "region_code", ["period", "indicator"]);
        }
        if let Some(path) = tables.declared.clone() {
            self.passed_over(&path, "county_code", ["year", "indicator"]);
        }
    }

    fn read_of(&mut self, table: &TableFile, origin: Option<Origin>) -> Read {
        let file = &table.file;
        let read = Read {
            file: file.path.clone(),
            part: String::new(),
            digest: file.digest.clone(),
            origin: file.sidecar.origin,
            licence: file.sidecar.licence.clone(),
        };
        if !self.reads.contains(&read) {
            self.reads.push(read.clone());
        }
        Read { origin: origin.unwrap_or(read.origin), ..read }
    }

    fn decimal(&mut self, table: &TableFile, row: &Row, column: usize) -> Option<Decimal> {
        let at = |p: Problem| p.or_file(&table.file.path);
        // The number is judged by the table's rules first, so that "1,234" is taught and not guessed.
        let number = self.problems.keep(table.table.number(row, column).map_err(at))?;
        let name = table.table.columns[column].as_str();
        let Some(number) = number else {
            self.problems.push(at(Problem::error("table.empty_cell", words!("“{name}”是空的", "\"{name}\" is empty"))
                .row(row.line)
                .column(name)
                .expect(text("一个数；没有则删去该行", "a number, or no row at all"))
                .fix(text("填上数值；零填 0", "fill it in; write 0 for nothing"))));
            return None;
        };
        if number < 0.0 {
            self.problems.push(at(Problem::error("table.negative", words!("“{name}”为负：{number}", "\"{name}\" is negative: {number}"))
                .row(row.line)
                .column(name)
                .expect(text("不小于 0 的数", "a number of zero or more"))
                .fix(text("核对原始报表", "compare with the original return"))));
            return None;
        }
        let written = table.table.text(row, column);
        let parsed = written.parse::<Decimal>().or_else(|_| Decimal::from_scientific(written));
        self.problems.keep(parsed.map_err(|_| {
            at(Problem::error("table.not_a_decimal", words!("“{written}”不能精确表示", "\"{written}\" cannot be held exactly"))
                .row(row.line)
                .column(table.table.columns[column].as_str())
                .expect(text("不超过 28 位有效数字的十进制数", "a decimal number of at most 28 digits"))
                .fix(text("少写几位小数", "write fewer digits")))
        }))
    }

    /// What the region calls its products; a product without a row keeps the word of its table.
    fn product_names(&mut self) -> BTreeMap<String, Text> {
        let Some(path) = self.region.declared.tables.product_names.clone() else { return BTreeMap::new() };
        let Some(table) = self.problems.keep(self.region.sources.table(&path)) else { return BTreeMap::new() };
        let t = &table.table;
        let Some([product, zh, en]) = self.problems.keep(t.find(["product", "name_zh", "name_en"]).map_err(|p| p.or_file(&path))) else {
            return BTreeMap::new();
        };
        self.problems.extend(t.duplicate_keys(&[product]).or_file(&path));
        t.rows.iter().map(|row| (t.text(row, product).to_owned(), Text::of(t.text(row, zh), t.text(row, en)))).collect()
    }

    /// An indicator, or a part of one, that has no number in a county.
    pub(crate) fn missing_at(&mut self, indicator: &str, year: i32, county: &str, reason: Text, file: &str) {
        let status = Status::MissingInput { reason, file: file.to_owned() };
        self.states.push(State { indicator: indicator.to_owned(), year: Some(year), place: Some(county.to_owned()), status });
    }

    /// Rows of an indicator that nobody knows would be lost without a word.
    pub(crate) fn unknown_indicators(&mut self, table: &TableFile, column: usize) {
        for row in &table.table.rows {
            let said = table.table.text(row, column);
            if catalogue::indicator(said).is_none() {
                self.problems.push(
                    Problem::error("table.unknown_indicator", words!("没有指标“{said}”", "there is no indicator \"{said}\""))
                        .file(table.file.path.as_str())
                        .row(row.line)
                        .column("indicator")
                        .expect(text("docs/reference/indicators.md 所列的标识", "an id of docs/reference/indicators.md"))
                        .fix_near(nearest(said, CATALOGUE.iter().map(|i| i.id)), text("改正标识", "correct the id")),
                );
            }
        }
    }

    /// A value stated beside quantity and price that contradicts their product is told.
    fn stated_value(&mut self, table: &TableFile, row: &Row, column: usize, product: Decimal) {
        let unit = table.file.sidecar.columns.get("value").and_then(|c| c.unit.as_deref()).and_then(|u| Unit::parse(u).ok());
        let factor = unit.and_then(|u| Unit::parse("CNY").ok().and_then(|yuan| u.factor_to(&yuan)));
        let stated = table.table.number(row, column).ok().flatten();
        let (Some(factor), Some(stated), Ok(product)) = (factor, stated, f64::try_from(product)) else { return };
        // Quantity times price is in yuan only where the price is per unit of the quantity as written.
        let (stated, most) = (stated * factor, 0.005 * product.abs() + 1e4);
        let scaled = [1.0, 1e4].iter().any(|scale| (stated - product * scale).abs() <= most * scale);
        if !scaled {
            self.problems.push(
                Problem::warning(
                    "table.value_differs",
                    words!(
                        "所列产值 {stated:.0} 元与 数量 × 单价 = {product:.0} 元不符",
                        "the stated value of {stated:.0} CNY is not quantity × price = {product:.0} CNY"
                    ),
                )
                .file(table.file.path.as_str())
                .row(row.line)
                .column("value")
                .expect(text("数量 × 单价", "quantity × price"))
                .fix(text("核对数量、单价与产值；核算用数量与单价", "compare the three; the account uses quantity and price")),
            );
        }
    }

    /// Products with a quantity and a market price; the share of the output that the method counts
    /// is the indicator's price.
    pub(crate) fn products(&mut self, indicator: &str, ecosystem: &str, years: &[i32]) {
        let tables = &self.region.declared.tables;
        let (path, by_indicator) = if indicator == "supply_other" { (&tables.supply_other, false) } else { (&tables.supply_products, true) };
        let Some(path) = path.clone() else {
            let key = if by_indicator { "tables.supply_products" } else { "tables.supply_other" };
            self.missing(indicator, None, words!("没有产品表（{key}）", "no table of products ({key})"), crate::region::REGION_FILE);
            return;
        };
        let Some(table) = self.problems.keep(self.region.sources.table(&path)) else { return };
        let Some((share, share_evidence, share_origin)) = self.price(indicator, "CNY") else { return };
        let t = table.table.clone();
        let Some([year_at, county_at, product_at, quantity_at, unit_at, price_at, price_unit_at]) =
            self.problems.keep(t.find(["year", "county_code", "product", "quantity", "quantity_unit", "price", "price_unit"]).map_err(|p| p.or_file(&path)))
        else {
            return;
        };
        let called = self.product_names();
        let value_at = t.columns.iter().position(|c| c == "value");
        let indicator_at = t.columns.iter().position(|c| c == "indicator");
        if let Some(column) = indicator_at.filter(|_| by_indicator) {
            self.unknown_indicators(&table, column);
        }
        let origin_columns: Vec<usize> = ["origin", "quantity_origin", "price_origin"].iter().filter_map(|n| t.columns.iter().position(|c| c == n)).collect();
        let keys: Vec<usize> = [year_at, county_at, product_at].into_iter().chain(indicator_at.filter(|_| by_indicator)).collect();
        self.problems.extend(t.duplicate_keys(&keys).or_file(&path));
        let evidence = self.evidence(indicator).with(share_evidence);
        let mut outputs: BTreeMap<(i32, String), (Decimal, Origin)> = BTreeMap::new();
        let mut lines = Vec::new();
        for row in &t.rows {
            if by_indicator && indicator_at.is_some_and(|c| t.text(row, c) != indicator) {
                continue;
            }
            let Some(year) = self
                .problems
                .keep(t.integer(row, year_at).map_err(|p| p.or_file(&path)))
                .flatten()
                .and_then(|y| i32::try_from(y).ok())
                .filter(|y| years.contains(y))
            else {
                continue;
            };
            let Some(county) = self.county_of(&table, row, county_at) else { continue };
            let (Some(quantity), Some(price)) = (self.decimal(&table, row, quantity_at), self.decimal(&table, row, price_at)) else { continue };
            let (unit, price_unit) = (t.text(row, unit_at).to_owned(), t.text(row, price_unit_at).to_owned());
            if let Some(stated) = value_at {
                self.stated_value(&table, row, stated, quantity * price);
            }
            let Some(per_unit) = self.problems.keep(price_per(&unit, &price_unit, price).map_err(|p| p.or_file(&path).row(row.line).column("price_unit")))
            else {
                continue;
            };
            let mut origin: Option<Origin> = None;
            for column in &origin_columns {
                if let Some(own) = Origin::parse(t.text(row, *column)) {
                    origin = Some(origin.map_or(own, |o| o.with(own)));
                }
            }
            let read = self.read_of(&table, origin);
            let cells =
                [product_at, quantity_at, unit_at, price_at, price_unit_at].iter().map(|c| (t.columns[*c].clone(), t.text(row, *c).to_owned())).collect();
            lines.push((
                year,
                county,
                t.text(row, product_at).replace(' ', "_"),
                quantity,
                unit,
                per_unit,
                TableRow { read, line: row.line, cells, market: Some(per_unit) },
            ));
        }
        let scale_of = |product: &str| lines.iter().filter(|l| l.2 == product).map(|l| l.3.normalize().scale()).max().unwrap_or(0);
        for (year, county, product, quantity, unit, per_unit, line) in &lines {
            let part = format!("{indicator}.{product}");
            let plain = product.replace('_', " ");
            self.names.insert(part.clone(), called.get(&plain).cloned().unwrap_or_else(|| Text::same(plain)));
            // The market price is that of the row's year; the share of it that counts has none of its own.
            let price = UnitPrice { id: share.id.clone(), value: (per_unit * share.value).normalize(), unit: format!("CNY/{}", bracketed(unit)), year: *year };
            let key = AtomKey { year: *year, place: county.clone(), ecosystem: ecosystem.to_owned(), indicator: part.clone() };
            let atom = Amount::of_decimal(*quantity, scale_of(product))
                .and_then(|q| Atom::new(key, q, unit, Some(price), evidence, line.read.origin.with(share_origin)));
            self.atoms.extend(self.problems.keep(atom));
            self.trail.entry((*year, county.clone(), part)).or_default().push(line.clone());
            let total = outputs.entry((*year, county.clone())).or_insert((Decimal::ZERO, line.read.origin));
            *total = (total.0 + quantity * per_unit, total.1.with(line.read.origin));
        }
        for year in years {
            for county in self.places.counties.clone() {
                match outputs.get(&(*year, county.code.clone())) {
                    Some((output, origin)) => {
                        let key = AtomKey { year: *year, place: county.code.clone(), ecosystem: ecosystem.to_owned(), indicator: indicator.to_owned() };
                        let atom = Amount::of_decimal(*output, 2).and_then(|q| Atom::new(key, q, "CNY", None, evidence, *origin));
                        self.atoms.extend(self.problems.keep(atom));
                    }
                    None => {
                        let parts: BTreeSet<String> = lines.iter().filter(|l| l.0 == *year).map(|l| format!("{indicator}.{}", l.2)).collect();
                        for id in [indicator.to_owned()].into_iter().chain(parts) {
                            let reason = words!("产品表中没有 {year} 年的行", "the table of products has no row for {year}");
                            self.missing_at(&id, *year, &county.code, reason, &path);
                        }
                    }
                }
            }
        }
    }

    /// Tourism revenue times the share that nature has in it; visits stand beside it.
    pub(crate) fn tourism(&mut self, indicator: &str, ecosystem: &str, years: &[i32]) {
        let names = &self.region.declared.statistics;
        let (Some(revenue), Some(visits)) = (names.tourism_revenue.clone(), names.tourist_visits.clone()) else {
            self.missing(
                indicator,
                None,
                text(
                    "区域没有声明旅游收入与游客人次（statistics.tourism_revenue、statistics.tourist_visits）",
                    "the region declares no tourism revenue and visits (statistics.tourism_revenue, statistics.tourist_visits)",
                ),
                crate::region::REGION_FILE,
            );
            return;
        };
        let Some((share, share_evidence, share_origin)) = self.price(indicator, "CNY") else { return };
        let evidence = self.evidence(indicator).with(share_evidence);
        for year in years {
            for county in self.places.counties.clone() {
                let (money, people) = (self.statistic(&county.code, *year, &revenue, "CNY"), self.statistic(&county.code, *year, &visits, "visit"));
                let (Some((money, money_row)), Some((people, people_row))) = (money, people) else {
                    let file = self.region.declared.tables.statistics.clone().unwrap_or_default();
                    for id in [indicator.to_owned(), format!("{indicator}.revenue")] {
                        let reason = words!("统计表中没有 {year} 年的旅游收入或人次", "the statistics have no tourism revenue or visits of {year}");
                        self.missing_at(&id, *year, &county.code, reason, &file);
                    }
                    continue;
                };
                let origin = money_row.read.origin.with(people_row.read.origin);
                let key = |id: &str| AtomKey { year: *year, place: county.code.clone(), ecosystem: ecosystem.to_owned(), indicator: id.to_owned() };
                let part = format!("{indicator}.revenue");
                self.names.insert(part.clone(), text("旅游收入", "tourism revenue"));
                let own = Amount::of_decimal(people, 0).and_then(|q| Atom::new(key(indicator), q, "visit", None, evidence, origin));
                let valued = Amount::of_decimal(money, 2)
                    .and_then(|q| Atom::new(key(&part), q, "CNY", Some(share.clone()), evidence, money_row.read.origin.with(share_origin)));
                self.atoms.extend(self.problems.keep(own));
                self.atoms.extend(self.problems.keep(valued));
                self.trail.entry((*year, county.code.clone(), part)).or_default().push(money_row);
                self.trail.entry((*year, county.code.clone(), indicator.to_owned())).or_default().push(people_row);
            }
        }
    }

    /// A number of the statistics table, exact, in a unit.
    pub(crate) fn statistic(&mut self, code: &str, year: i32, name: &str, unit: &str) -> Option<(Decimal, TableRow)> {
        let path = self.region.declared.tables.statistics.clone()?;
        let table = self.problems.keep(self.region.sources.table(&path))?;
        let t = table.table.clone();
        let [code_at, period_at, name_at, value_at, unit_at] =
            self.problems.keep(t.find(["region_code", "period", "indicator", "value", "unit"]).map_err(|p| p.or_file(&path)))?;
        let origin_at = t.columns.iter().position(|c| c == "origin");
        let wanted = year.to_string();
        let row = t.rows.iter().find(|r| t.text(r, code_at) == code && t.text(r, period_at) == wanted && t.text(r, name_at) == name)?;
        let value = self.decimal(&table, row, value_at)?;
        let given = t.text(row, unit_at).to_owned();
        let factor = Unit::parse(&given).and_then(|from| Ok(from.factor_to(&Unit::parse(unit)?).and_then(|f| Decimal::try_from(f).ok())));
        let factor = match factor {
            Ok(Some(factor)) => factor,
            Ok(None) => {
                self.problems.push(liangshan_vocab::quantity::mismatch(&given, unit).file(path).row(row.line).column("unit"));
                return None;
            }
            Err(problem) => {
                self.problems.push(problem.file(path).row(row.line).column("unit"));
                return None;
            }
        };
        // Values computed from other rows are called derived in the table; for an account that is modelled.
        let origin = origin_at.map(|c| t.text(row, c)).map(|word| Origin::parse(word).unwrap_or(Origin::Modelled));
        let read = self.read_of(&table, origin);
        let cells = [code_at, period_at, name_at, value_at, unit_at].iter().map(|c| (t.columns[*c].clone(), t.text(row, *c).to_owned())).collect();
        Some((value * factor, TableRow { read, line: row.line, cells, market: None }))
    }

    pub(crate) fn denominators(&mut self, years: &[i32]) -> Vec<Denominator> {
        let names = self.region.declared.statistics.clone();
        let codes: Vec<String> = self.places.codes().iter().map(|c| (*c).to_owned()).collect();
        let mut out = Vec::new();
        for year in years {
            for code in &codes {
                let population = names.population.as_ref().and_then(|name| self.statistic(code, *year, name, "person"));
                let gdp = names.gdp.as_ref().and_then(|name| self.statistic(code, *year, name, "CNY"));
                for (name, found) in [(&names.population, &population), (&names.gdp, &gdp)] {
                    if let (Some(name), None, Some(file)) = (name, found, &self.region.declared.tables.statistics) {
                        self.problems.push(
                            Problem::note(
                                "statistics.missing",
                                words!(
                                    "统计表中没有 {code} 在 {year} 年的 {name}，相应比值不计算",
                                    "the statistics have no {name} of {code} in {year}; the ratio is left out"
                                ),
                            )
                            .file(file.as_str())
                            .key(format!("{code}, {year}, {name}"))
                            .fix(text("补上该行，或改正 [statistics] 中的指标名", "add the row, or correct the name under [statistics]")),
                        );
                    }
                    if let (Some(name), Some((_, row))) = (name, found) {
                        self.trail.entry((*year, code.clone(), name.clone())).or_default().push(row.clone());
                    }
                }
                out.push(Denominator {
                    year: *year,
                    place: code.clone(),
                    population: population.and_then(|(p, _)| p.try_into().ok()),
                    gdp: gdp.and_then(|(g, _)| Amount::of_decimal(g, 2).ok()).map(|a| Fen(a.units)),
                });
            }
        }
        out
    }

    /// Declared zero or not applicable, with the reason the region gives.
    pub(crate) fn declared(&mut self, indicator: &str, years: &[i32]) {
        let Some(path) = self.region.declared.tables.declared.clone() else {
            self.missing(
                indicator,
                None,
                text("区域没有申明该指标（tables.declared）", "the region does not declare the indicator (tables.declared)"),
                crate::region::REGION_FILE,
            );
            return;
        };
        let Some(table) = self.problems.keep(self.region.sources.table(&path)) else { return };
        let t = table.table.clone();
        let Some([year_at, county_at, indicator_at, quantity_at, reason_at]) =
            self.problems.keep(t.find(["year", "county_code", "indicator", "quantity", "reason"]).map_err(|p| p.or_file(&path)))
        else {
            return;
        };
        let not_applicable = self.region.declared.not_applicable.iter().any(|i| i == indicator);
        for year in years {
            for county in self.places.counties.clone() {
                let row = t
                    .rows
                    .iter()
                    .find(|r| t.text(r, indicator_at) == indicator && t.text(r, county_at) == county.code && t.text(r, year_at) == year.to_string());
                let status = match row {
                    Some(row) => {
                        let read = self.read_of(&table, None);
                        let quantity = self.problems.keep(t.number(row, quantity_at).map_err(|p| p.or_file(&path))).flatten();
                        if quantity != Some(0.0) {
                            self.problems.push(
                                Problem::error("declared.not_zero", text("申明为零的指标填了非零的量", "an indicator declared zero has a quantity"))
                                    .file(path.as_str())
                                    .row(row.line)
                                    .column("quantity")
                                    .expect(text("0", "0"))
                                    .fix(text("填 0；若确有数量，从申报表中删去该行", "write 0; if there is a quantity, take the row out of this table")),
                            );
                        }
                        let cells = [indicator_at, quantity_at, reason_at].iter().map(|c| (t.columns[*c].clone(), t.text(row, *c).to_owned())).collect();
                        self.trail.entry((*year, county.code.clone(), indicator.to_owned())).or_default().push(TableRow {
                            read,
                            line: row.line,
                            cells,
                            market: None,
                        });
                        let reason = Text::same(t.text(row, reason_at));
                        let origin = table.file.sidecar.origin;
                        if not_applicable { Status::NotApplicable(reason) } else { Status::Zero { reason, origin } }
                    }
                    None => Status::MissingInput {
                        reason: words!("申明表中没有 {year} 年的行", "the table of declared zeros has no row for {year}"),
                        file: path.clone(),
                    },
                };
                self.states.push(State { indicator: indicator.to_owned(), year: Some(*year), place: Some(county.code.clone()), status });
            }
        }
    }
}

/// Yuan per unit of the quantity, exact: 4.3 `CNY/plant` for a quantity in `1e4 plants` is 43 000.
fn price_per(quantity_unit: &str, price_unit: &str, price: Decimal) -> Result<Decimal, Problem> {
    let Some(denominator) = price_unit.strip_prefix("CNY/") else {
        return Err(Problem::error("price.not_a_price", words!("单位“{price_unit}”不是单价", "the unit \"{price_unit}\" is not that of a price"))
            .expect(words!("CNY/{quantity_unit}", "CNY/{quantity_unit}"))
            .fix(text("改正单价的单位", "correct the unit of the price")));
    };
    let (quantity, denominator) = (Unit::parse(quantity_unit)?, Unit::parse(denominator)?);
    let factor = quantity.factor_to(&denominator).and_then(|f| Decimal::try_from(f).ok());
    factor.map(|f| (price * f).normalize()).ok_or_else(|| liangshan_vocab::quantity::mismatch(price_unit, &format!("CNY/{quantity_unit}")))
}

fn bracketed(unit: &str) -> String {
    if unit.contains([' ', '/']) { format!("({unit})") } else { unit.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_meet_quantities_in_their_own_unit() {
        // By hand: 4.3 yuan a plant is 43 000 yuan for ten thousand plants.
        let per = price_per("1e4 plants", "CNY/plant", Decimal::new(43, 1)).unwrap();
        assert_eq!(per, Decimal::new(43_000, 0));
        assert_eq!(price_per("t", "CNY/m3", Decimal::ONE).unwrap_err().code, "unit.mismatch");
    }
}

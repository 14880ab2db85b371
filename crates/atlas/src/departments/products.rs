//! Products of material supply: quantity, market price, and the share of it that a method counts.

use std::collections::{BTreeMap, BTreeSet};

use liangshan_accounts::atom::{Atom, AtomKey, UnitPrice};
use liangshan_accounts::valuation::Amount;
use liangshan_formats::table::Row;
use liangshan_vocab::{Origin, Problem, Text, Unit, text, words};
use rust_decimal::Decimal;

use crate::assemble::{Assembler, TableRow};
use crate::region::TableFile;

impl Assembler<'_> {
    /// What the region calls its products; a product without a row keeps the word of its table.
    pub(super) fn product_names(&mut self) -> BTreeMap<String, Text> {
        let Some(path) = self.region.declared.tables.product_names.clone() else { return BTreeMap::new() };
        let Some(table) = self.problems.keep(self.region.sources.table(&path)) else { return BTreeMap::new() };
        let t = &table.table;
        let Some([product, zh, en]) = self.problems.keep(t.find(["product", "name_zh", "name_en"]).map_err(|p| p.or_file(&path))) else {
            return BTreeMap::new();
        };
        self.problems.extend(t.duplicate_keys(&[product]).or_file(&path));
        t.rows.iter().map(|row| (t.text(row, product).to_owned(), Text::of(t.text(row, zh), t.text(row, en)))).collect()
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
                TableRow { market: Some(per_unit), ..TableRow::of(read, row.line, cells) },
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

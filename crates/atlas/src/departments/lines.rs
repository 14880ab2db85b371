//! Rows of a department table on their way to atoms: which year and county they are of, in what unit
//! their cells are, and what is said of a county that has none.

use std::collections::BTreeMap;

use liangshan_accounts::atom::{Atom, AtomKey};
use liangshan_accounts::valuation::Amount;
use liangshan_formats::table::Row;
use liangshan_vocab::{Origin, Problem, Text, Unit, nearest, text, words};
use rust_decimal::Decimal;

use crate::assemble::{Assembler, Gives, TableRow};
use crate::region::{REGION_FILE, TableFile};

/// The rows of a table that are of the account's years and counties.
pub(super) struct Yearly<const N: usize> {
    /// The table.
    pub(super) table: TableFile,
    /// The columns asked for.
    pub(super) columns: [usize; N],
    /// Year, county and row.
    pub(super) rows: Vec<(i32, String, Row)>,
}

/// What one row gives to the quantity of one atom.
pub(super) struct Line {
    /// The year.
    pub(super) year: i32,
    /// The county's code.
    pub(super) county: String,
    /// The part of the indicator; the indicator itself where none.
    pub(super) part: Option<String>,
    /// The ecosystem type; that of the profile where none.
    pub(super) ecosystem: Option<String>,
    /// How much, in the unit.
    pub(super) quantity: Decimal,
    /// Unit and decimals of the atom.
    pub(super) measure: (&'static str, u32),
    /// The row.
    pub(super) row: TableRow,
}

/// Year, county, indicator or part, ecosystem type.
type Place = (i32, String, String, String);

/// How much, of what origin, in which unit and to how many decimals.
type Sum = (Decimal, Origin, (&'static str, u32));

/// What the parts of indicators are called.
const PARTS: [(&str, &str, &str); 21] = [
    ("supply_biomass_energy.straw", "秸秆", "straw"),
    ("supply_biomass_energy.firewood", "薪柴", "firewood"),
    ("supply_biomass_energy.biogas", "沼气", "biogas"),
    ("supply_freshwater.domestic", "生活用水", "domestic use"),
    ("supply_freshwater.industrial", "工业用水", "industrial use"),
    ("supply_freshwater.agricultural", "农业用水", "agricultural use"),
    ("supply_freshwater.ecological", "生态用水", "ecological use"),
    ("pest_control.forest", "森林", "forest"),
    ("pest_control.grass", "草地", "grassland"),
    ("species_conservation.h0_1", "香农指数 0–1", "Shannon index 0 to 1"),
    ("species_conservation.h1_2", "香农指数 1–2", "Shannon index 1 to 2"),
    ("species_conservation.h2_3", "香农指数 2–3", "Shannon index 2 to 3"),
    ("species_conservation.h3_4", "香农指数 3–4", "Shannon index 3 to 4"),
    ("species_conservation.h4_5", "香农指数 4–5", "Shannon index 4 to 5"),
    ("landscape_premium.housing", "住房", "housing"),
    ("landscape_premium.room_nights", "客房间夜", "room-nights"),
    ("tourism_health.revenue", "旅游收入", "tourism revenue"),
    ("tourism_health.spending", "旅行支出", "travel spending"),
    ("tourism_health.time", "时间成本", "time cost"),
    ("tourism_health.consumer_surplus", "消费者剩余（福利价值）", "consumer surplus (a welfare value)"),
    ("leisure_recreation.residents", "居民", "residents"),
];

impl Assembler<'_> {
    /// What a part is called: as here, as the region calls its products, or by its own word.
    pub(super) fn call(&mut self, part: &str) {
        let known = PARTS.iter().find(|p| p.0 == part).map(|(_, zh, en)| text(zh, en));
        let called = known.unwrap_or_else(|| Text::same(part.split_once('.').map_or(part, |p| p.1).replace('_', " ")));
        self.names.entry(part.to_owned()).or_insert(called);
    }

    /// The parts of an indicator that the profile names.
    pub(super) fn parts_named(&self, indicator: &str) -> Vec<String> {
        self.method.profile.parts(indicator).map(|m| m.indicator.clone()).collect()
    }

    /// The rows of a table of the account's years and counties; `named_by` are the columns that tell
    /// rows of one year and county apart. Without the table the indicator is missing.
    pub(super) fn yearly<const N: usize>(&mut self, indicator: &str, key: &str, columns: [&str; N], named_by: &[&str], years: &[i32]) -> Option<Yearly<N>> {
        let Some(path) = self.region.declared.tables.departments.get(key).cloned() else {
            self.missing(indicator, None, words!("区域没有声明该表（tables.{key}）", "the region declares no such table (tables.{key})"), REGION_FILE);
            return None;
        };
        let table = self.problems.keep(self.region.sources.table(&path))?;
        let t = table.table.clone();
        let keys = self.problems.keep(t.find(["year", "county_code"]).map_err(|p| p.or_file(&path)));
        let columns = self.problems.keep(t.find(columns).map_err(|p| p.or_file(&path)));
        let ([year_at, county_at], columns) = (keys?, columns?);
        let own: Vec<usize> = [year_at, county_at].into_iter().chain(named_by.iter().filter_map(|n| t.columns.iter().position(|c| c == n))).collect();
        self.problems.extend(t.duplicate_keys(&own).or_file(&path));
        let mut rows = Vec::new();
        for row in &t.rows {
            let year = self.problems.keep(t.integer(row, year_at).map_err(|p| p.or_file(&path))).flatten();
            let Some(year) = year.and_then(|y| i32::try_from(y).ok()).filter(|y| years.contains(y)) else { continue };
            if let Some(county) = self.county_of(&table, row, county_at) {
                rows.push((year, county, row.clone()));
            }
        }
        Some(Yearly { table, columns, rows })
    }

    /// A cell in a unit; the sidecar says in which unit the column is.
    pub(super) fn in_unit(&mut self, table: &TableFile, row: &Row, column: usize, unit: &str) -> Option<Decimal> {
        let value = self.decimal(table, row, column)?;
        let factor = self.unit_factor(table, row, column, unit)?;
        Some((value * factor).normalize())
    }

    /// What a cell is multiplied by to be in a unit.
    fn unit_factor(&mut self, table: &TableFile, row: &Row, column: usize, unit: &str) -> Option<Decimal> {
        let (name, path) = (table.table.columns[column].clone(), table.file.path.clone());
        let given = self.unit_of(table, row, column)?;
        let factor = Unit::parse(&given).and_then(|from| Ok(from.factor_to(&Unit::parse(unit)?).and_then(|f| Decimal::try_from(f).ok())));
        match factor {
            Ok(Some(factor)) => return Some(factor),
            Ok(None) => self.problems.push(liangshan_vocab::quantity::mismatch(&given, unit).file(path).row(row.line).column(name)),
            Err(problem) => self.problems.push(problem.file(path).row(row.line).column(name)),
        }
        None
    }

    /// The unit of a cell as written: that of its column in the sidecar, or of the column named there.
    pub(super) fn unit_of(&mut self, table: &TableFile, row: &Row, column: usize) -> Option<String> {
        let name = table.table.columns[column].as_str();
        let said = table.file.sidecar.columns.get(name).and_then(|c| c.unit.clone()).filter(|u| !u.is_empty());
        let given = said.and_then(|said| match said.strip_prefix("column:") {
            Some(other) => table.table.columns.iter().position(|c| c == other).map(|at| table.table.text(row, at).to_owned()),
            None => Some(said),
        });
        if given.is_none() {
            self.problems.push(
                Problem::error("table.no_unit", words!("“{name}”列没有单位", "the column \"{name}\" has no unit"))
                    .file(table.file.path.as_str())
                    .column(name)
                    .expect(words!("说明文件中 [columns.{name}] 的 unit", "unit under [columns.{name}] of the sidecar"))
                    .fix(text("在说明文件中补上单位", "add the unit to the sidecar")),
            );
        }
        given
    }

    /// A row as it is kept for the explanation, with the cells that were used.
    pub(super) fn kept_row(&mut self, table: &TableFile, row: &Row, columns: &[usize]) -> TableRow {
        let t = &table.table;
        let mut origin: Option<Origin> = None;
        for name in ["origin", "total_capacity_origin"] {
            // A word of its own, such as derived, is for an account that of a model.
            if let Some(word) = t.columns.iter().position(|c| c == name).map(|c| t.text(row, c)).filter(|w| !w.is_empty()) {
                let own = Origin::parse(word).unwrap_or(Origin::Modelled);
                origin = Some(origin.map_or(own, |o| o.with(own)));
            }
        }
        let cells = columns.iter().map(|c| (t.columns[*c].clone(), t.text(row, *c).to_owned())).collect();
        TableRow::of(self.read_of(table, origin), row.line, cells)
    }

    /// A price that the table states beside its `price_id` and that is not that of the price table.
    pub(super) fn stated_price(&mut self, table: &TableFile, row: &Row, column: &str) {
        let t = &table.table;
        let at = |name: &str| t.columns.iter().position(|c| c == name);
        let (Some(stated_at), Some(id_at)) = (at(column), at("price_id")) else { return };
        let id = t.text(row, id_at);
        let Some(price) = self.prices.rows.iter().find(|p| p.id == id) else { return };
        let written = t.text(row, stated_at);
        let stated = written.parse::<Decimal>().or_else(|_| Decimal::from_scientific(written)).ok();
        if stated.is_some_and(|s| s != price.value) {
            let (known, unit) = (price.value, &price.unit);
            self.problems.push(
                Problem::warning(
                    "table.price_differs",
                    words!(
                        "所列单价 {written} 与单价表中 {id} 的 {known} {unit} 不同",
                        "the stated price {written} is not that of {id} in the price table, {known} {unit}"
                    ),
                )
                .file(table.file.path.as_str())
                .row(row.line)
                .column(column)
                .expect(words!("{known}", "{known}"))
                .fix(text("核对两处；核算用单价表", "compare the two; the account uses the price table")),
            );
        }
    }

    /// Rows into atoms: those of one year, county, ecosystem type and part are added, valued at the
    /// price of the part, and kept. A county without a row, or without one of the parts that the
    /// profile prices, is missing: a blank is not a zero.
    pub(super) fn enter(&mut self, indicator: &str, lines: Vec<Line>, years: &[i32], file: &str) {
        let parts = self.parts_named(indicator);
        let mut sums: BTreeMap<Place, Sum> = BTreeMap::new();
        for line in lines {
            let id = line.part.as_ref().map_or_else(|| indicator.to_owned(), |part| format!("{indicator}.{part}"));
            if line.part.is_some() && !parts.contains(&id) && self.method.profile.method(&id).is_some_and(|m| m.price_id.is_none()) {
                self.unknown_part(&id, &parts, &line.row);
                continue;
            }
            if line.part.is_some() {
                self.call(&id);
            }
            let ecosystem = line.ecosystem.unwrap_or_else(|| self.method.ecosystem(&id).to_owned());
            let sum = sums.entry((line.year, line.county.clone(), id.clone(), ecosystem)).or_insert((Decimal::ZERO, line.row.read.origin, line.measure));
            let Some(added) = sum.0.checked_add(line.quantity) else {
                self.problems.push(
                    Problem::error("table.not_a_decimal", text("合计过大，不能精确表示", "the sum is too large to be held exactly"))
                        .file(line.row.read.file.as_str())
                        .row(line.row.line)
                        .expect(text("不超过 28 位有效数字", "at most 28 digits"))
                        .fix(text("核对单位", "check the unit")),
                );
                continue;
            };
            (sum.0, sum.1) = (added, sum.1.with(line.row.read.origin));
            self.trail.entry((line.year, line.county, id)).or_default().push(line.row);
        }
        let mut seen: BTreeMap<(i32, &str), Vec<&str>> = BTreeMap::new();
        for (year, county, id, _) in sums.keys() {
            seen.entry((*year, county)).or_default().push(id);
        }
        for year in years {
            for county in self.places.counties.clone() {
                let have = seen.get(&(*year, county.code.as_str())).cloned().unwrap_or_default();
                let wanted: Vec<String> = if have.is_empty() {
                    [indicator.to_owned()].into_iter().chain(parts.clone()).collect()
                } else {
                    parts.iter().filter(|p| !have.contains(&p.as_str())).cloned().collect()
                };
                for id in wanted {
                    self.call_part(&id);
                    let reason = words!("表中没有 {year} 年的行", "the table has no row for {year}");
                    self.missing_at(&id, *year, &county.code, reason, file);
                }
            }
        }
        for ((year, county, id, ecosystem), (quantity, origin, (unit, decimals))) in sums {
            let Some((price, price_evidence, price_origin)) = self.price(&id, unit) else { continue };
            let evidence = self.evidence(&id).with(price_evidence);
            let key = AtomKey { year, place: county, ecosystem, indicator: id };
            let atom = Amount::of_decimal(quantity, decimals).and_then(|q| Atom::new(key, q, unit, Some(price), evidence, origin.with(price_origin)));
            self.atoms.extend(self.problems.keep(atom));
        }
    }

    fn call_part(&mut self, id: &str) {
        if id.contains('.') {
            self.call(id);
        }
    }

    pub(super) fn unknown_part(&mut self, id: &str, parts: &[String], row: &TableRow) {
        let (whole, part) = id.split_once('.').unwrap_or((id, ""));
        let known: Vec<&str> = parts.iter().filter_map(|p| p.split_once('.').map(|p| p.1)).collect();
        let list = known.join(", ");
        self.problems.push(
            Problem::error("table.unknown_part", words!("方法方案没有给“{part}”定价", "the profile has no price for \"{part}\""))
                .file(row.read.file.as_str())
                .row(row.line)
                .key(id)
                .expect(words!("{list} 之一", "one of {list}"))
                .fix_near(
                    nearest(part, known.iter().copied()),
                    words!(
                        "改正该词，或在方案中写 [indicator.{whole}.part.{part}]",
                        "correct the word, or write [indicator.{whole}.part.{part}] in the profile"
                    ),
                ),
        );
    }
}

impl TableRow {
    /// The row with what it gives and how.
    pub(super) fn giving(mut self, name: &str, amount: Decimal, unit: &str, how: Text) -> Self {
        self.gives = Some(Gives { name: name.to_owned(), amount: amount.normalize(), unit: unit.to_owned(), how });
        self
    }
}

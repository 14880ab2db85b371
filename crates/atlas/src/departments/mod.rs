//! Department tables: products, energy, water, registers, tourism, declared zeros, residents and
//! domestic product. Rows become atoms and statuses; every row used is kept for the explanation, and
//! so is every row that was left out, with its reason.

mod declared;
mod inputs;
mod lines;
mod products;
mod registers;
mod statistics;
mod tourism;

use liangshan_accounts::account::{State, Status};
use liangshan_accounts::catalogue::{self, CATALOGUE};
use liangshan_formats::table::Row;
use liangshan_vocab::{Origin, Problem, Text, nearest, text, words};
use rust_decimal::Decimal;

use crate::assemble::Assembler;
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
}

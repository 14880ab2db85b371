//! Indicators that the region declares to be zero or not to apply, with its reason.

use liangshan_accounts::account::{State, Status};
use liangshan_vocab::{Problem, Text, text, words};

use crate::assemble::{Assembler, TableRow};

impl Assembler<'_> {
    /// Declared zero or not applicable, with the reason the region gives.
    pub(super) fn declared(&mut self, indicator: &str, years: &[i32]) {
        self.declared_but(indicator, years, &|_, _| false);
    }

    /// The same, but for the counties and years that have a quantity.
    pub(super) fn declared_but(&mut self, indicator: &str, years: &[i32], has: &dyn Fn(i32, &str) -> bool) {
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
            for county in self.places.counties.clone().into_iter().filter(|c| !has(*year, &c.code)) {
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
                        self.trail.entry((*year, county.code.clone(), indicator.to_owned())).or_default().push(TableRow::of(read, row.line, cells));
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

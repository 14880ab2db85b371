//! Numbers of the statistics table: residents, domestic product, water and power.

use liangshan_accounts::account::Denominator;
use liangshan_accounts::rules::Stock;
use liangshan_accounts::valuation::Amount;
use liangshan_vocab::{Fen, Origin, Problem, Text, Unit, text, words};
use rust_decimal::Decimal;

use super::lines::Line;
use crate::assemble::{Assembler, TableRow};
use crate::region::REGION_FILE;

impl Assembler<'_> {
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
        Some((value * factor, TableRow::of(read, row.line, cells)))
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

    /// Water used by households, industry, farms and the environment, each at its price.
    pub(super) fn freshwater(&mut self, indicator: &str, years: &[i32]) {
        let names = self.region.declared.statistics.clone();
        let uses = [
            ("domestic", names.water_domestic, "statistics.water_domestic"),
            ("industrial", names.water_industrial, "statistics.water_industrial"),
            ("agricultural", names.water_agricultural, "statistics.water_agricultural"),
            ("ecological", names.water_ecological, "statistics.water_ecological"),
        ];
        let lacking: Vec<&str> = uses.iter().filter(|u| u.1.is_none()).map(|u| u.2).collect();
        if !lacking.is_empty() {
            let list = lacking.join(", ");
            self.missing(
                indicator,
                None,
                words!("区域没有声明用水量在统计表中的名称（{list}）", "the region does not say what its statistics call water use ({list})"),
                REGION_FILE,
            );
            return;
        }
        let uses: Vec<(&str, String)> = uses.into_iter().filter_map(|(part, name, _)| Some((part, name?))).collect();
        self.of_statistics(indicator, &uses, ("m3", 0), text("用水量", "water used"), years);
    }

    /// Electricity from water: an abiotic flow.
    pub(super) fn hydropower(&mut self, indicator: &str, years: &[i32]) {
        let Some(name) = self.region.declared.statistics.hydropower.clone() else {
            let reason = text(
                "区域没有声明水力发电量在统计表中的名称（statistics.hydropower）",
                "the region does not say what its statistics call hydropower (statistics.hydropower)",
            );
            self.missing(indicator, None, reason, REGION_FILE);
            return;
        };
        self.of_statistics(indicator, &[("", name)], ("kWh", 0), text("水力发电量", "electricity from water"), years);
    }

    /// Numbers of the statistics table as quantities; the empty part is the indicator itself.
    fn of_statistics(&mut self, indicator: &str, parts: &[(&str, String)], measure: (&'static str, u32), how: Text, years: &[i32]) {
        let mut lines = Vec::new();
        for year in years {
            for county in self.places.counties.clone() {
                for (part, name) in parts {
                    let Some((quantity, row)) = self.statistic(&county.code, *year, name, measure.0) else { continue };
                    let row = row.giving(name, quantity, measure.0, how.clone());
                    let part = (!part.is_empty()).then(|| (*part).to_owned());
                    lines.push(Line { year: *year, county: county.code.clone(), part, ecosystem: None, quantity, measure, row });
                }
            }
        }
        let file = self.region.declared.tables.statistics.clone().unwrap_or_default();
        self.enter(indicator, lines, years, &file);
    }

    /// Standing timber, to hold the year's yield against.
    pub(crate) fn timber(&mut self, years: &[i32]) -> Vec<Stock> {
        let Some(name) = self.region.declared.statistics.forest_stock.clone() else { return Vec::new() };
        let mut out = Vec::new();
        for year in years {
            for county in self.places.counties.clone() {
                if let Some((volume, _)) = self.statistic(&county.code, *year, &name, "m3") {
                    out.push(Stock { year: *year, place: county.code.clone(), volume_m3: f64::try_from(volume).unwrap_or(f64::NAN) });
                }
            }
        }
        out
    }
}

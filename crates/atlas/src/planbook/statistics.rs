//! The region's statistics as the plan reads them: a number of a place, a year and an indicator.

use std::collections::BTreeMap;

use liangshan_vocab::{Problem, Problems, Unit, quantity};

use crate::region::Region;

/// A row.
#[derive(Debug, Clone, PartialEq)]
pub struct Statistic {
    /// The number.
    pub value: f64,
    /// Its unit.
    pub unit: String,
    /// Where it comes from, as the table says.
    pub origin: String,
    /// Who published it.
    pub source: String,
    /// The line.
    pub line: u64,
}

/// All rows that are of a year.
#[derive(Debug, Clone, Default)]
pub struct Statistics {
    /// The file; empty where the region has none.
    pub file: String,
    rows: BTreeMap<(String, i32, String), Statistic>,
}

impl Statistics {
    /// Reads them. Rows of days, normals and the like are not of a year and left alone.
    ///
    /// # Errors
    /// Those of the table.
    pub fn read(region: &Region) -> Result<Self, Problems> {
        let Some(file) = region.declared.tables.statistics.clone() else { return Ok(Self::default()) };
        let table = region.sources.table(&file)?;
        let t = &table.table;
        let [code, period, name, value, unit] = t.find(["region_code", "period", "indicator", "value", "unit"]).map_err(|p| p.or_file(&file))?;
        let extra = |column: &str| t.columns.iter().position(|c| c == column);
        let (origin, source) = (extra("origin"), extra("source"));
        let mut problems = Problems::new();
        let mut rows = BTreeMap::new();
        for row in &t.rows {
            let Ok(year) = t.text(row, period).parse::<i32>() else { continue };
            let Some(Some(number)) = problems.keep(t.number(row, value).map_err(|p| p.or_file(&file))) else { continue };
            let cell = |at: Option<usize>| at.map_or("", |at| t.text(row, at)).to_owned();
            let key = (t.text(row, code).to_owned(), year, t.text(row, name).to_owned());
            rows.entry(key).or_insert(Statistic {
                value: number,
                unit: t.text(row, unit).to_owned(),
                origin: cell(origin),
                source: cell(source),
                line: row.line,
            });
        }
        problems.into_result(Self { file, rows })
    }

    /// A number in a unit.
    ///
    /// # Errors
    /// The unit does not convert.
    pub fn of(&self, place: &str, year: i32, indicator: &str, unit: &str) -> Result<Option<(f64, &Statistic)>, Problem> {
        let Some(row) = self.rows.get(&(place.to_owned(), year, indicator.to_owned())) else { return Ok(None) };
        let factor = Unit::parse(&row.unit)?.factor_to(&Unit::parse(unit)?);
        let factor = factor.ok_or_else(|| quantity::mismatch(&row.unit, unit).file(self.file.as_str()).row(row.line).column("unit"))?;
        Ok(Some((if factor == 1.0 { row.value } else { row.value * factor }, row)))
    }

    /// Years in which a place has the indicator.
    pub fn years(&self, place: &str, indicator: &str) -> Vec<i32> {
        self.rows.keys().filter(|(p, _, i)| p == place && i == indicator).map(|(_, y, _)| *y).collect()
    }

    /// The latest row of an indicator of a place.
    pub fn latest(&self, place: &str, indicator: &str) -> Option<(i32, &Statistic)> {
        self.rows.iter().filter(|((p, _, i), _)| p == place && i == indicator).map(|((_, y, _), row)| (*y, row)).next_back()
    }
}

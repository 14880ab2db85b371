//! The ground of the security pattern on the region's grid: how important each cell is and how hard it is
//! to cross.

use liangshan_formats::raster::Raster;
use liangshan_space::Window;
use liangshan_store::Blobs;
use liangshan_vocab::{Problem, Problems, Text, text, words};

use super::rules::ZoneRules;
use crate::book::Book;
use crate::plan::margin;
use crate::rules::{Standard, load};
use crate::task::output_of;

/// One row of the table of resistances: factor, class and number.
#[derive(Debug, Clone, PartialEq)]
pub struct Factor {
    /// `land` or `slope`; what the region has no map of is not here.
    pub factor: String,
    /// The class.
    pub class: String,
    /// What it is called.
    pub title: Text,
    /// Resistance of land, or multiplier.
    pub value: f64,
}

/// Everything that the pattern is made from, row by row over the region's grid.
#[derive(Debug, Clone)]
pub struct Terrain {
    /// Cells in a row.
    pub columns: usize,
    /// Importance, 0 to 1; NaN outside the region.
    pub importance: Vec<f64>,
    /// Area inside the region, m².
    pub areas_m2: Vec<f64>,
    /// The rows of the table that apply.
    pub factors: Vec<Factor>,
    /// For each cell the row of its land and that of its slope; `usize::MAX` where there is none.
    pub of: Vec<(usize, usize)>,
    /// Services that made the importance.
    pub services: Vec<String>,
    /// What the table asks for and the region has no map of.
    pub absent: Vec<String>,
}

/// A cell belongs to the region when at least half of it lies inside.
const HALF: f64 = 0.5;

impl Terrain {
    /// Reads it for a year.
    ///
    /// # Errors
    /// Those of the sources and of the rules; `pattern.no_map` where no service has a map.
    pub fn of(book: &Book, rules: &ZoneRules, year: i32) -> Result<Self, Problems> {
        let p = &book.prepared;
        let grid = &p.region.declared.grid;
        let (standards, _) = load(Some(&p.region.folder))?;
        let (factors, absent) = factors(standards.get("resistance-default")?)?;
        let Some(of_year) = book.years.iter().find(|y| y.plan.year == year) else { return Err(no_map().into()) };
        let mut out = Self {
            columns: grid.columns,
            importance: vec![f64::NAN; grid.cells()],
            areas_m2: vec![0.0; grid.cells()],
            of: vec![(usize::MAX, usize::MAX); grid.cells()],
            factors,
            services: Vec::new(),
            absent,
        };
        let slopes = slopes(&out.factors);
        let m = margin();
        for window in p.blocks() {
            let classes = of_year.plan.classes.read(&p.classes, &p.grid, &window)?;
            let slope = output_of(&of_year.plan, p.ground(), window, "slope_degrees")?;
            let areas = p.areas.of(&p.grid, &window)?;
            let mut shares = vec![0.0; window.cells()];
            p.places.counties.iter().flat_map(|c| c.coverage.in_window(&window)).for_each(|(i, share)| shares[i as usize] += share);
            for (i, share) in shares.iter().enumerate().filter(|(_, share)| **share >= HALF) {
                let Some(class) = p.classes.classes.get(usize::from(classes[i])) else { continue };
                let at = cell(&window, i, m, grid.columns);
                let land = rules.land.get(&class.code);
                let land = land.and_then(|l| out.factors.iter().position(|f| f.factor == "land" && f.class == *l)).unwrap_or(usize::MAX);
                let steep = slope.as_ref().map(|s| s[i]).and_then(|s| slopes.iter().rev().find(|(from, _)| s >= *from)).map_or(usize::MAX, |s| s.1);
                out.of[at] = (land, steep);
                out.areas_m2[at] = areas[i] * share;
                out.importance[at] = 0.0;
            }
        }
        out.rank(book, rules, year)?;
        Ok(out)
    }

    /// The importance of a cell: the mean rank of its services, each from 0 for the least to 1 for the
    /// most. A cell where a service does not count has rank 0 in it.
    fn rank(&mut self, book: &Book, rules: &ZoneRules, year: i32) -> Result<(), Problems> {
        let blobs = Blobs::at(book.prepared.region.folder.join("derived"));
        let mut weights = 0.0;
        for (indicator, weight) in &rules.importance {
            let Some(map) = book.maps.iter().find(|m| m.indicator == *indicator && m.year == year) else { continue };
            let path = blobs.plain(&map.stream, &map.kind());
            let file = std::fs::File::open(&path).map_err(|e| crate::whole::cannot_read(&map.file(), &e))?;
            let raster = Raster::open(std::sync::Arc::new(file))?;
            let values = raster.read(0, 0, 0, self.columns, self.importance.len() / self.columns)?;
            let mut sorted: Vec<f64> = values.iter().zip(&self.importance).filter(|(v, i)| !v.is_nan() && !i.is_nan()).map(|(v, _)| *v).collect();
            sorted.sort_by(f64::total_cmp);
            for (importance, value) in self.importance.iter_mut().zip(&values).filter(|(i, v)| !i.is_nan() && !v.is_nan()) {
                let (below, upto) = (sorted.partition_point(|s| s < value), sorted.partition_point(|s| s <= value));
                *importance += weight * (below + upto) as f64 / (2 * sorted.len()) as f64;
            }
            weights += weight;
            self.services.push(indicator.clone());
        }
        if weights <= 0.0 {
            return Err(no_map().into());
        }
        self.importance.iter_mut().for_each(|i| *i /= weights);
        Ok(())
    }

    /// Resistances with one row of the table changed by a factor, or as they are; scaled so that the
    /// least is 1. A cell without land is a barrier.
    pub fn resistance(&self, changed: Option<(usize, f64)>) -> Vec<f64> {
        let value = |row: usize| self.factors.get(row).map(|f| f.value * changed.filter(|c| c.0 == row).map_or(1.0, |c| c.1));
        let of = |(land, slope): &(usize, usize)| value(*land).map_or(f64::NAN, |land| land * value(*slope).unwrap_or(1.0));
        let made: Vec<f64> = self.of.iter().map(of).collect();
        let least = made.iter().copied().filter(|r| !r.is_nan()).fold(f64::INFINITY, f64::min);
        made.into_iter().map(|r| r / least).collect()
    }
}

fn cell(window: &Window, i: usize, margin: usize, columns: usize) -> usize {
    (window.row - margin + i / window.columns) * columns + window.column - margin + i % window.columns
}

/// The rows that apply, and the factors that the region has no map of.
fn factors(standard: &Standard) -> Result<(Vec<Factor>, Vec<String>), Problem> {
    let table = standard.table("resistance")?;
    let (mut out, mut absent) = (Vec::new(), Vec::new());
    for row in &table.rows {
        let cell = |name: &str| table.text(row, name).to_owned();
        let Some(value) = table.number(row, "resistance") else { continue };
        match cell("factor").as_str() {
            "land" | "slope" => out.push(Factor { factor: cell("factor"), class: cell("class"), title: Text::of(cell("name_zh"), cell("name_en")), value }),
            other if !absent.iter().any(|a| a == other) => absent.push(other.to_owned()),
            _ => {}
        }
    }
    Ok((out, absent))
}

/// The lower ends of classes of slope in degrees (`5-15`, `over-25`), with the row of each.
fn slopes(factors: &[Factor]) -> Vec<(f64, usize)> {
    let lower = |class: &str| class.strip_prefix("over-").or_else(|| class.split('-').next()).and_then(|n| n.parse::<f64>().ok());
    let mut out: Vec<(f64, usize)> =
        factors.iter().enumerate().filter(|(_, f)| f.factor == "slope").filter_map(|(at, f)| Some((lower(&f.class)?, at))).collect();
    out.sort_by(|a, b| a.0.total_cmp(&b.0));
    out
}

fn no_map() -> Problem {
    Problem::error("pattern.no_map", text("没有服务的分布图，无法找源地", "no service has a map, so no source can be found"))
        .expect(words!("方案计入 water_conservation 等，并声明其数据源", "a profile that counts water_conservation or the like, with its sources declared"))
        .fix(text("补上数据源，或在区域的 rules/ 中改 zoning-importance", "declare the sources, or change zoning-importance in the region's rules/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use liangshan_duty::standard::shipped;

    /// The table by hand: eleven rows of land and slope; roads have no map here.
    #[test]
    fn classes_of_slope_begin_at_their_lower_end() {
        let (factors, absent) = factors(shipped().get("resistance-default").unwrap()).unwrap();
        assert_eq!((factors.len(), absent), (11, vec!["road_distance".to_owned()]));
        let slopes = slopes(&factors);
        let value = |degrees: f64| factors[slopes.iter().rev().find(|(from, _)| degrees >= *from).unwrap().1].value;
        assert_eq!([0.0, 4.9, 5.0, 24.9, 25.0, 60.0].map(value), [1.0, 1.0, 1.2, 1.5, 2.0, 2.0]);
    }

    /// By hand: land 1 and 50 on slopes × 1 and × 2; with land 1 taken 25 % higher all is over 1.25.
    #[test]
    fn the_least_resistance_is_one() {
        let factor = |factor: &str, value| Factor { factor: factor.into(), class: String::new(), title: Text::default(), value };
        let terrain = Terrain {
            columns: 2,
            importance: vec![0.0; 4],
            areas_m2: vec![1.0; 4],
            factors: vec![factor("land", 1.0), factor("land", 50.0), factor("slope", 2.0)],
            of: vec![(0, usize::MAX), (1, 2), (0, 2), (usize::MAX, 2)],
            services: Vec::new(),
            absent: Vec::new(),
        };
        let made = terrain.resistance(None);
        assert_eq!(made[..3], [1.0, 100.0, 2.0]);
        assert!(made[3].is_nan());
        assert_eq!(terrain.resistance(Some((0, 1.25)))[..3], [1.0, 80.0, 2.0]);
    }
}

//! A synthetic region of any size, to try the program on and to measure it with: the template filled
//! in with an invented land. Everything in it is invented and says so.

mod counties;
mod land;
mod rasters;
mod tables;

use std::path::Path;

use liangshan_formats::CrsName;
use liangshan_formats::vector::{Cell, Feature, Field, FieldKind, Layer, write_geopackage};
use liangshan_space::geo::Geometry;
use liangshan_space::{Crs, Grid};
use liangshan_store::write_whole;
use liangshan_vocab::{Problem, Problems, text, words};

use self::counties::{County, counties};
use self::land::Land;
use crate::book::{Hooks, Stage, stopped};
use crate::template;
use crate::whole::cannot_write;

/// What is made.
#[derive(Debug, Clone, PartialEq)]
pub struct Wish {
    /// Cells along a side of the square.
    pub cells: usize,
    /// Side of a cell, m.
    pub cell_m: f64,
    /// Accounting years.
    pub years: Vec<i32>,
    /// Another number, another land.
    pub seed: u64,
}

impl Default for Wish {
    fn default() -> Self {
        Self { cells: 96, cell_m: 100.0, years: vec![2019, 2020], seed: 1 }
    }
}

/// Where every sample begins: its upper left corner in EPSG:4549. A fictional place.
const CORNER: (f64, f64) = (400_000.0, 3_300_000.0);
/// The code of the whole.
const WHOLE: &str = "990000";
/// The most cells along a side; beyond lies another zone of the projection.
const MOST_CELLS: usize = 40_000;
/// The widest square, m.
const WIDEST_M: f64 = 1_200_000.0;

/// A region on its way.
struct Maker<'a> {
    folder: &'a Path,
    wish: &'a Wish,
    land: Land,
    grid: Grid,
    counties: Vec<County>,
    written: usize,
}

/// Writes a sample into a folder that does not exist yet or is empty. The number of files is returned.
///
/// # Errors
/// `new.not_empty`, `sample.size`, `run.cancelled`, `output.cannot_write`. What was written before an
/// error is left, without `region.toml`, which comes last.
pub fn make(folder: &Path, wish: &Wish, hooks: Hooks<'_>) -> Result<usize, Problems> {
    check(wish)?;
    template::refuse_occupied(folder)?;
    let land = Land { seed: wish.seed };
    let side = wish.cells as f64 * wish.cell_m;
    let grid = Grid { crs: Crs::of_epsg(4549)?, x0: CORNER.0, y0: CORNER.1, dx: wish.cell_m, dy: wish.cell_m, columns: wish.cells, rows: wish.cells };
    // Counties of about 1,500 km² as in Zhejiang, four at least and four hundred at most.
    let across = ((side * side / 1.5e9).sqrt().round() as usize).clamp(2, 20);
    let counties = counties(land, CORNER, side, across);
    let mut maker = Maker { folder, wish, land, grid, counties, written: 0 };
    let layers = rasters::all(wish);
    let steps = layers.len() + 2;
    let tell = |done: usize| (hooks.progress)(&Stage { title: text("编造样例区域", "inventing the sample region"), done, of: steps });
    tell(0);
    maker.places()?;
    maker.tables()?;
    for (i, layer) in layers.iter().enumerate() {
        if (hooks.cancelled)() {
            return Err(stopped().into());
        }
        tell(i + 1);
        maker.raster(layer)?;
    }
    tell(steps - 1);
    maker.declaration()?;
    tell(steps);
    Ok(maker.written)
}

fn check(wish: &Wish) -> Result<(), Problems> {
    let mut problems = Problems::new();
    let mut refuse =
        |key: &str, what, expected| problems.push(Problem::error("sample.size", what).key(key).expect(expected).fix(text("改正该选项", "correct the option")));
    let (cells, cell) = (wish.cells, wish.cell_m);
    if !(8..=MOST_CELLS).contains(&cells) {
        refuse("--cells", words!("边长 {cells} 格不在范围内", "{cells} cells along a side are out of range"), words!("8 至 {MOST_CELLS}", "8 to {MOST_CELLS}"));
    }
    if !(cell.is_finite() && (1.0..=1_000.0).contains(&cell) && cells as f64 * cell <= WIDEST_M) {
        refuse(
            "--cell-m",
            words!("格网边长 {cell} 米不在范围内", "cells of {cell} m are out of range"),
            words!("1 至 1000 米，且全区不宽于 {WIDEST_M} 米", "1 to 1000 m, and a square of at most {WIDEST_M} m"),
        );
    }
    if wish.years.is_empty() || wish.years.iter().any(|y| !(1990..=2100).contains(y)) {
        refuse("--year", words!("年份不在范围内：{:?}", "years out of range: {:?}", wish.years), text("1990 至 2100", "1990 to 2100"));
    }
    problems.into_result(())
}

impl Maker<'_> {
    fn put(&mut self, file: &str, bytes: &[u8]) -> Result<(), Problems> {
        let path = self.folder.join(file);
        write_whole(&path, bytes).map_err(|e| cannot_write(&path, &e))?;
        self.written += 1;
        Ok(())
    }

    /// A file with its sidecar; `more` are further lines of it.
    fn source(&mut self, file: &str, bytes: &[u8], [zh, en]: [&str; 2], period: &str, more: &str) -> Result<(), Problems> {
        self.put(file, bytes)?;
        self.sidecar(file, [zh, en], period, more)
    }

    fn sidecar(&mut self, file: &str, [zh, en]: [&str; 2], period: &str, more: &str) -> Result<(), Problems> {
        let seed = self.wish.seed;
        let sidecar = format!(
            "title_zh = \"{zh}\"\ntitle_en = \"{en}\"\norigin = \"synthetic\"\nfrom = \"invented by liangshan sample, seed {seed}\"\nlicence = \"CC0-1.0\"\nperiod = \"{period}\"\ndelivered = \"made for the sample\"\ncovers = \"the sample region\"\n{more}"
        );
        self.put(&format!("{file}.toml"), sidecar.as_bytes())
    }

    /// Outlines and the table of places.
    fn places(&mut self) -> Result<(), Problems> {
        let fields = vec![Field { name: "code".into(), kind: FieldKind::Text }, Field { name: "name".into(), kind: FieldKind::Text }];
        let features = (1..)
            .zip(&self.counties)
            .map(|(id, c)| Feature {
                id,
                geometry: Some(Geometry::MultiPolygon(c.shape.clone())),
                cells: vec![Cell::Text(c.code.clone()), Cell::Text(c.name.0.clone())],
            })
            .collect();
        let layer = Layer { name: "places".into(), crs: CrsName::Epsg(4549), fields, features };
        let bytes = write_geopackage(&[layer], "2020-01-01T00:00:00.000Z")?;
        self.source("sources/places.gpkg", &bytes, ["样例县界", "Sample counties"], "2020", "crs = \"EPSG:4549\"\n")?;
        let mut table = format!("code,name_zh,name_en,level,parent_code\n{WHOLE},样例市,Sample City,city,\n");
        for c in &self.counties {
            table.push_str(&format!("{},{},{},county,{WHOLE}\n", c.code, c.name.0, c.name.1));
        }
        self.source("sources/places.csv", table.as_bytes(), ["样例区划", "Sample places"], "", "")
    }

    /// `region.toml`: the template's, filled in.
    fn declaration(&mut self) -> Result<(), Problems> {
        let Some((_, template)) = template::FILES.iter().find(|(file, _)| *file == "region.toml") else { return Ok(()) };
        let years = self.wish.years.iter().map(i32::to_string).collect::<Vec<_>>().join(", ");
        let (cells, cell) = (self.wish.cells, self.wish.cell_m);
        let (x, y) = CORNER;
        let filled = [
            ("id", "\"sample\"".to_owned()),
            ("title_zh", "\"样例市（虚构）\"".into()),
            ("title_en", "\"Sample City (invented)\"".into()),
            ("code", format!("\"{WHOLE}\"")),
            ("years", format!("[{years}]")),
            ("cell_m", format!("{cell}")),
            ("origin_x", format!("{x}")),
            ("origin_y", format!("{y}")),
            ("columns", format!("{cells}")),
            ("rows", format!("{cells}")),
            ("edition", "\"sample\"".into()),
        ];
        let mut once: Vec<&str> = Vec::new();
        let mut lines =
            vec!["# 由 liangshan sample 生成；一切数据均为虚构。".to_owned(), "# Made by liangshan sample; everything in it is invented.".to_owned()];
        for line in String::from_utf8_lossy(template).lines() {
            let key = line.split('=').next().unwrap_or_default().trim();
            match filled.iter().find(|(k, _)| *k == key && !once.contains(k)) {
                Some((k, value)) => {
                    once.push(k);
                    lines.push(format!("{k} = {value}"));
                }
                None => lines.push(line.to_owned()),
            }
        }
        lines.push(String::new());
        let text = rasters::one_band_each(&lines.join("\n"));
        self.put("region.toml", text.as_bytes())
    }
}

//! Maps: model outputs collected block by block in a scratch file and written as Cloud Optimized
//! GeoTIFF, so that no whole map is ever held in memory.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

use liangshan_accounts::catalogue;
use liangshan_formats::raster::{CogLayout, CogSample, Overviews, write_cog};
use liangshan_space::{Grid, Window};
use liangshan_store::{Blobs, WholeFile, digest_file};
use liangshan_vocab::{Digest, Origin, Problem, Problems, Text};
use serde::{Deserialize, Serialize};

use crate::book::{Prepared, indicators_of};
use crate::ground::Places;
use crate::plan::{YearPlan, margin};
use crate::profiles::Method;
use crate::purification::shares_of_capacity;
use crate::task::Sums;
use crate::whole::cannot_write;

/// Stored in a cell where nothing counts.
const NODATA: f64 = -9999.0;

/// A map that is to be drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct MapSheet {
    /// The stream it comes from.
    pub stream: usize,
    /// The indicator it shows.
    pub indicator: String,
    /// The model's output.
    pub output: &'static str,
    /// The output's unit.
    pub unit: &'static str,
    /// What it shows.
    pub title: Text,
}

/// A map that was drawn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MapMade {
    /// The name of the stream it comes from.
    pub stream: Digest,
    /// The indicator.
    pub indicator: String,
    /// The year.
    pub year: i32,
    /// What it shows.
    pub title: Text,
    /// Unit of a cell.
    pub unit: String,
    /// Cells with a value.
    pub valid: u64,
    /// Least, mean and greatest value.
    pub range: Option<[f64; 3]>,
    /// What it rests on.
    pub origin: Origin,
    /// The digest of its bytes, so that a damaged one is noticed and drawn again.
    pub digest: Digest,
}

impl MapSheet {
    /// The maps of a plan: one for each indicator that a model output serves.
    pub fn of(plan: &YearPlan, method: &Method) -> Vec<Self> {
        let mut sheets = Vec::new();
        for (at, stream) in plan.streams.iter().enumerate() {
            let model = plan.steps[stream.step].model;
            for (indicator, output) in indicators_of(method, model, stream.counted_by.as_deref()) {
                let (Some(output), Some(row)) = (model.spec.output(output), catalogue::indicator(indicator)) else { continue };
                sheets.push(Self { stream: at, indicator: indicator.to_owned(), output: output.name, unit: output.measure.unit, title: row.title.clone() });
            }
        }
        sheets
    }

    /// The kind under which it is kept.
    pub fn kind(&self) -> String {
        format!("{}.tif", self.indicator)
    }
}

impl MapMade {
    /// The kind under which it is kept.
    pub fn kind(&self) -> String {
        format!("{}.tif", self.indicator)
    }

    /// Its path below an output folder.
    pub fn file(&self) -> String {
        format!("maps/{}_{}.tif", self.indicator, self.year)
    }
}

/// Turns capacity into the amount that counts: each cell times the share of its county, on a border
/// the counties' mean weighted by what each covers.
fn scale(values: &mut [f64], window: &Window, shares: &[f64], places: &Places) {
    let mut weighed = vec![(0.0, 0.0); values.len()];
    for (county, share) in places.counties.iter().zip(shares) {
        for (index, covered) in county.coverage.in_window(window) {
            let cell = &mut weighed[index as usize];
            *cell = (cell.0 + share * covered, cell.1 + covered);
        }
    }
    for (value, (sum, covered)) in values.iter_mut().zip(weighed) {
        if *value != NODATA && !value.is_nan() {
            // A county whose amount is not known has no map.
            *value = if covered > 0.0 && sum.is_finite() { *value * (sum / covered) } else { f64::NAN };
        }
    }
}

/// One map on its way.
struct Sheet {
    sheet: MapSheet,
    path: PathBuf,
    scratch: File,
}

/// The maps of a pass.
pub struct Drawing {
    sheets: Vec<Vec<Sheet>>,
    columns: usize,
    rows: usize,
    blobs: Blobs,
}

impl Drop for Drawing {
    fn drop(&mut self) {
        for sheet in self.sheets.iter().flatten() {
            // A scratch file that cannot be removed is swept by the next run.
            let _ = std::fs::remove_file(&sheet.path);
        }
    }
}

impl Drawing {
    /// Begins the maps of the streams that are made.
    ///
    /// # Errors
    /// `output.cannot_write`.
    pub fn begin(plan: &YearPlan, wanted: &[usize], sheets: &[MapSheet], grid: &Grid, blobs: &Blobs) -> Result<Self, Problems> {
        let mut drawing = Self { sheets: Vec::new(), columns: grid.columns, rows: grid.rows, blobs: blobs.clone() };
        std::fs::create_dir_all(blobs.root()).map_err(|e| cannot_write(blobs.root(), &e))?;
        for stream in wanted {
            let mut own = Vec::new();
            for sheet in sheets.iter().filter(|s| s.stream == *stream) {
                let name = format!(".{}.{}.{}.scratch.tmp", plan.streams[*stream].name.short(), sheet.indicator, std::process::id());
                let path = blobs.root().join(name);
                let scratch = File::options().read(true).write(true).create(true).truncate(true).open(&path).map_err(|e| cannot_write(&path, &e))?;
                own.push(Sheet { sheet: sheet.clone(), path, scratch });
            }
            drawing.sheets.push(own);
        }
        Ok(drawing)
    }

    /// Adds a block of a stream.
    ///
    /// # Errors
    /// `output.cannot_write`.
    pub fn draw(&mut self, at: usize, window: &Window, maps: &[(&'static str, Vec<f32>)]) -> Result<(), Problem> {
        let (column, row, m) = (window.column - margin(), window.row - margin(), self.columns);
        for sheet in &mut self.sheets[at] {
            let Some((_, values)) = maps.iter().find(|(name, _)| *name == sheet.sheet.output) else { continue };
            let mut write = || -> io::Result<()> {
                for (r, line) in values.chunks(window.columns).enumerate() {
                    let bytes: Vec<u8> = line.iter().flat_map(|v| v.to_le_bytes()).collect();
                    sheet.scratch.seek(SeekFrom::Start((((row + r) * m + column) * 4) as u64))?;
                    sheet.scratch.write_all(&bytes)?;
                }
                Ok(())
            };
            write().map_err(|e| cannot_write(&sheet.path, &e))?;
        }
        Ok(())
    }

    /// Writes the maps and forgets the scratch.
    ///
    /// # Errors
    /// `output.cannot_write`.
    pub fn finish(mut self, prepared: &Prepared, plan: &YearPlan, sums: &[Sums]) -> Result<Vec<Vec<MapMade>>, Problems> {
        let grid = &prepared.region.declared.grid;
        let mut all = Vec::new();
        let sheets = std::mem::take(&mut self.sheets);
        for (own, sums) in sheets.into_iter().zip(sums) {
            let mut made = Vec::new();
            for mut sheet in own {
                let s = &sheet.sheet;
                let shares = shares_of_capacity(plan, &prepared.method, &s.indicator, s.output, s.unit, sums).map(|shares| (shares, &prepared.places));
                let result = self.write(&mut sheet, grid, plan, shares);
                let _ = std::fs::remove_file(&sheet.path);
                made.push(result?);
            }
            all.push(made);
        }
        Ok(all)
    }

    /// Writes one map. With `shares`, what is drawn is a capacity of which each county counts a share.
    fn write(&self, sheet: &mut Sheet, grid: &Grid, plan: &YearPlan, shares: Option<(Vec<f64>, &Places)>) -> Result<MapMade, Problem> {
        let s = &sheet.sheet;
        let stream = &plan.streams[s.stream];
        let model = plan.steps[stream.step].model;
        let layout = CogLayout {
            columns: self.columns,
            rows: self.rows,
            epsg: grid.crs.epsg().unwrap_or(0),
            crs_citation: grid.crs.name(),
            geographic: grid.crs.is_geographic(),
            transform: grid.transform(),
            sample: CogSample::F32,
            nodata: Some(NODATA),
            tile: 256,
            overviews: Overviews::Average,
            title: s.title.to_string(),
            unit: s.unit.to_owned(),
            metadata: vec![
                ("INDICATOR".into(), s.indicator.clone()),
                ("MODEL".into(), format!("{} {}", model.spec.id, model.version)),
                ("OUTPUT".into(), s.output.to_owned()),
                ("YEAR".into(), plan.year.to_string()),
                ("WEATHER".into(), plan.weather.word().to_owned()),
                ("ORIGIN".into(), stream.origin.word().to_owned()),
                ("BASIS".into(), stream.name.as_str().to_owned()),
            ],
        };
        let target = self.blobs.plain(&stream.name, &s.kind());
        let mut out = WholeFile::create(&target).map_err(|e| cannot_write(&target, &e))?;
        let (all, path) = (self.columns, sheet.path.clone());
        let scratch = &mut sheet.scratch;
        let statistics = write_cog(
            &layout,
            &mut |column, row, columns, rows| {
                let mut values = Vec::with_capacity(columns * rows);
                let mut line = vec![0_u8; columns * 4];
                for r in row..row + rows {
                    let read = scratch.seek(SeekFrom::Start(((r * all + column) * 4) as u64)).and_then(|_| scratch.read_exact(&mut line));
                    read.map_err(|e| cannot_write(&path, &e))?;
                    values.extend(line.chunks_exact(4).map(|b| f64::from(f32::from_le_bytes([b[0], b[1], b[2], b[3]]))));
                }
                if let Some((shares, places)) = &shares {
                    scale(&mut values, &Window { column: column + margin(), row: row + margin(), columns, rows }, shares, places);
                }
                Ok(values)
            },
            &mut out,
        )?;
        out.finish().map_err(|e| cannot_write(&target, &e))?;
        Ok(MapMade {
            stream: stream.name.clone(),
            indicator: s.indicator.clone(),
            year: plan.year,
            title: s.title.clone(),
            unit: s.unit.to_owned(),
            valid: statistics.valid,
            range: (statistics.valid > 0).then_some([statistics.min, statistics.mean, statistics.max]),
            origin: stream.origin,
            digest: digest_file(&target).map_err(|e| cannot_write(&target, &e))?,
        })
    }
}

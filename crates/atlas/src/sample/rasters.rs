//! The rasters of the sample: which files the template wants, and what each cell holds.

use liangshan_formats::raster::{CogLayout, CogSample, Overviews, write_cog};
use liangshan_store::WholeFile;
use liangshan_vocab::Problems;
use rayon::prelude::*;

use super::land::{Land, Point};
use super::{Maker, Wish};
use crate::whole::cannot_write;

/// One raster.
pub(super) struct Sheet {
    file: String,
    titles: [String; 2],
    unit: &'static str,
    period: String,
    sample: CogSample,
    value: Box<dyn Fn(Land, Point) -> f64 + Sync>,
}

/// Tiles of the written files.
const TILE: usize = 256;

/// Every raster the template asks for.
pub(super) fn all(wish: &Wish) -> Vec<Sheet> {
    let still = |name: &str, zh: &str, en: &str, unit, value: Box<dyn Fn(Land, Point) -> f64 + Sync>| Sheet {
        file: format!("sources/{name}.tif"),
        titles: [zh.to_owned(), en.to_owned()],
        unit,
        period: String::new(),
        sample: CogSample::F32,
        value,
    };
    let mut out = vec![
        still("elevation", "高程", "Elevation", "m", Box::new(|l, p| l.elevation(p))),
        still("sand", "砂粒", "Sand", "%", Box::new(|l, p| l.texture(p)[0])),
        still("silt", "粉粒", "Silt", "%", Box::new(|l, p| l.texture(p)[1])),
        still("clay", "黏粒", "Clay", "%", Box::new(|l, p| l.texture(p)[2])),
        still("organic_carbon", "有机碳", "Organic carbon", "%", Box::new(|l, p| l.texture(p)[3])),
        still("bulk_density", "土壤干容重", "Dry bulk density", "t/m3", Box::new(|l, p| l.bulk_density(p))),
        still("soil_nitrogen", "全氮", "Total nitrogen", "%", Box::new(|l, p| l.nutrients(p)[0])),
        still("soil_phosphorus", "全磷", "Total phosphorus", "%", Box::new(|l, p| l.nutrients(p)[1])),
    ];
    for year in wish.years.iter().copied() {
        let yearly = |name: &str, zh: &str, en: &str, unit, sample, value: Box<dyn Fn(Land, Point) -> f64 + Sync>| Sheet {
            file: format!("sources/{name}_{year}.tif"),
            titles: [format!("{zh}，{year} 年"), format!("{en}, {year}")],
            unit,
            period: year.to_string(),
            sample,
            value,
        };
        out.extend([
            yearly("ecosystem", "生态系统类型", "Ecosystem classes", "code", CogSample::U8, Box::new(move |l, p| f64::from(l.class(p, year).0))),
            yearly("ecosystem_attribute", "生态系统属性", "Ecosystem attributes", "code", CogSample::U8, Box::new(move |l, p| f64::from(l.class(p, year).1))),
            yearly("precipitation", "年降水量", "Rain of the year", "mm/a", CogSample::F32, Box::new(move |l, p| l.rain(p, year))),
            yearly("evapotranspiration", "年实际蒸散发", "Evapotranspiration", "mm/a", CogSample::F32, Box::new(move |l, p| l.evapotranspiration(p, year))),
            yearly("erosivity", "降雨侵蚀力", "Rainfall erosivity", "MJ mm/(ha h a)", CogSample::F32, Box::new(move |l, p| l.erosivity(p, year))),
            yearly("vegetation_cover", "植被覆盖度", "Vegetation cover", "1", CogSample::F32, Box::new(move |l, p| l.cover(p, year))),
            yearly("nep", "净生态系统生产力", "Net ecosystem production", "gC/(m2 a)", CogSample::F32, Box::new(move |l, p| l.production(p, year))),
            yearly("storm_rain", "暴雨日降水量", "Rain of storm days", "mm/a", CogSample::F32, Box::new(move |l, p| l.storm_rain(p, year))),
            yearly("hot_days", "日均温高于 26 ℃ 的天数", "Days with a mean above 26 degC", "d", CogSample::F32, Box::new(move |l, p| l.hot_days(p, year))),
        ]);
    }
    out
}

/// The template has one file of four bands for the texture; the sample writes a file for each.
pub(super) fn one_band_each(region: &str) -> String {
    let mut out = region.to_owned();
    for (band, name) in (1..).zip(["sand", "silt", "clay", "organic_carbon"]) {
        out = out.replace(&format!("raster = \"sources/soil_texture.tif\"\nband = {band}\n"), &format!("raster = \"sources/{name}.tif\"\n"));
    }
    out
}

impl Maker<'_> {
    /// Writes one raster, tile by tile.
    pub(super) fn raster(&mut self, sheet: &Sheet) -> Result<(), Problems> {
        let grid = &self.grid;
        let layout = CogLayout {
            columns: grid.columns,
            rows: grid.rows,
            epsg: 4549,
            crs_citation: grid.crs.name(),
            geographic: false,
            transform: grid.transform(),
            sample: sheet.sample,
            nodata: None,
            tile: TILE,
            overviews: if sheet.sample == CogSample::U8 { Overviews::Mode } else { Overviews::Average },
            title: sheet.titles[0].clone(),
            unit: sheet.unit.to_owned(),
            metadata: vec![("ORIGIN".into(), "synthetic".into())],
        };
        let path = self.folder.join(&sheet.file);
        let mut out = WholeFile::create(&path).map_err(|e| cannot_write(&path, &e))?;
        let (land, cell) = (self.land, self.wish.cell_m);
        write_cog(
            &layout,
            &mut |column, row, columns, rows| {
                let centre = |i: usize| ((column + i % columns) as f64 + 0.5, (row + i / columns) as f64 + 0.5);
                let at = |i| (sheet.value)(land, (centre(i).0 * cell, centre(i).1 * cell));
                Ok((0..columns * rows).into_par_iter().map(at).collect())
            },
            &mut out,
        )?;
        out.finish().map_err(|e| cannot_write(&path, &e))?;
        self.written += 1;
        let [zh, en] = sheet.titles.each_ref().map(String::as_str);
        self.sidecar(&sheet.file, [zh, en], &sheet.period, &format!("unit = \"{}\"\n", sheet.unit))
    }
}

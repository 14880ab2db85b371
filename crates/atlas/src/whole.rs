//! Checks over the whole of a region's folder: every declared file, each problem once.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use liangshan_store::digest_file;
use liangshan_vocab::{Problem, Problems, text, words};
use rayon::prelude::*;

use crate::assemble::assemble_tables;
use crate::book::Prepared;
use crate::region::{REGION_FILE, Region, Serving};

/// Every path that `region.toml` names, with the years put in, in its order.
fn declared_paths(region: &Region) -> Vec<String> {
    let d = &region.declared;
    let mut paths: Vec<String> = vec![d.places.layer.clone(), d.places.table.clone()];
    paths.extend(d.places.reference.clone());
    paths.push(d.ecosystem.classes.clone());
    paths.extend(d.ecosystem.attributes.clone());
    for year in &d.years {
        paths.push(d.ecosystem.raster.of(*year));
        paths.extend(d.ecosystem.attribute.iter().map(|p| p.of(*year)));
    }
    for layer in d.layers.values() {
        match &layer.serving {
            Serving::Raster { raster, normal, .. } => {
                for year in &d.years {
                    paths.push(raster.of(*year));
                    paths.extend(normal.iter().map(|p| p.of(*year)));
                }
            }
            Serving::Monthly { raster, factors, .. } => paths.extend([raster.clone(), factors.clone()]),
            Serving::DailyRain { table, compare, normal, .. } => {
                paths.push(table.clone());
                for year in &d.years {
                    paths.extend(compare.iter().chain(normal).map(|p| p.of(*year)));
                }
            }
            Serving::Constant { source, .. } => paths.extend(source.clone()),
            Serving::ClassTable { file, .. } => paths.push(file.clone()),
            Serving::CodeTable { table, .. } => {
                paths.push(table.file.clone());
                paths.extend(d.years.iter().map(|y| table.raster.of(*y)));
            }
        }
    }
    let t = &d.tables;
    paths.push(t.prices.clone());
    paths.extend([&t.statistics, &t.supply_products, &t.supply_other, &t.declared, &t.parameters, &t.product_names].into_iter().flatten().cloned());
    let mut seen = BTreeSet::new();
    paths.retain(|p| seen.insert(p.clone()));
    paths
}

/// True for a raster by its name.
fn is_raster(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|e| e.eq_ignore_ascii_case("tif") || e.eq_ignore_ascii_case("tiff"))
}

/// Opens every declared file: digest, sidecar, and for rasters every tile. A file that is not what
/// its sidecar says was delivered is a warning.
pub fn declared_files(region: &Region) -> Problems {
    let found: Vec<Problems> = declared_paths(region)
        .par_iter()
        .map(|path| {
            let mut problems = Problems::new();
            if let Some(file) = problems.keep(region.sources.file(path))
                && file.sidecar.sha256.as_ref().is_some_and(|stated| *stated != file.digest)
            {
                problems.push(
                    Problem::warning(
                        "source.digest_differs",
                        text(
                            "文件与说明文件中登记的校验值不符：交付后被改动过",
                            "the file is not the one its sidecar registers: it was changed after delivery",
                        ),
                    )
                    .file(path.as_str())
                    .fix(text(
                        "若改动是有意的，请更新说明文件的 sha256、method 与 delivered",
                        "if the change is meant, update sha256, method and delivered in the sidecar",
                    )),
                );
            }
            if is_raster(path) && !problems.iter().any(|p| p.code == "source.missing_file") {
                problems.extend(every_tile(region, path));
            }
            problems
        })
        .collect();
    Problems(found.into_iter().flatten().collect())
}

/// Decodes a raster from end to end in strips as high as its tiles.
fn every_tile(region: &Region, path: &str) -> Problems {
    let mut problems = Problems::new();
    let Some(raster) = problems.keep(region.sources.raster(path)) else { return problems };
    let info = raster.info();
    let height = info.tile.1.clamp(1, info.rows.max(1));
    'bands: for band in 0..info.bands {
        for row in (0..info.rows).step_by(height) {
            if let Err(problem) = raster.read(band, 0, row, info.columns, height.min(info.rows - row)) {
                problems.push(problem.or_file(path));
                break 'bands;
            }
        }
    }
    problems
}

/// Keeps the first of equal problems.
pub fn once_each(problems: &mut Problems) {
    let mut seen: BTreeSet<String> = BTreeSet::new();
    problems.0.retain(|p| {
        let place = serde_json::to_string(&p.at).unwrap_or_default();
        seen.insert(format!("{}|{place}|{}", p.code, p.what.zh))
    });
}

/// Everything wrong in the department tables.
pub fn table_faults(prepared: &Prepared) -> Problems {
    assemble_tables(&prepared.region, &prepared.places, &prepared.classes, &prepared.method, &prepared.prices, &prepared.years)
}

/// The problem of a folder that cannot be written to.
pub fn cannot_write(path: &Path, error: &io::Error) -> Problem {
    let shown = path.display().to_string();
    Problem::error("output.cannot_write", words!("无法写入：{error}", "cannot write: {error}"))
        .file(shown)
        .fix(text("检查目录权限与磁盘空间；没有留下半成品", "check permissions and disk space; nothing half-written was left"))
}

/// The digest of a file, where it can be read.
pub fn file_digest(path: &Path) -> Option<liangshan_vocab::Digest> {
    digest_file(path).ok()
}

/// The digest of `region.toml` as text; empty when it cannot be read any more.
pub fn region_file(region: &Region) -> String {
    digest_file(&region.folder.join(REGION_FILE)).map(|d| d.as_str().to_owned()).unwrap_or_default()
}

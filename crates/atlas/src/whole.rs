//! Checks over the whole of a region's folder: every declared file, each problem once.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

pub use liangshan_store::digest;
use liangshan_store::{digest_file, write_whole};
use liangshan_vocab::{Problem, Problems, Text, nearest, text, words};
use rayon::prelude::*;

use crate::assemble::assemble_tables;
use crate::book::Prepared;
use crate::profiles::Method;
use crate::region::{REGION_FILE, Region, Serving};

/// A file that `region.toml` names, the key that names it, and what it should hold.
struct Named {
    path: String,
    key: String,
    holds: Text,
}

/// Every file that `region.toml` names, with the years put in, in its order.
fn declared_paths(region: &Region) -> Vec<Named> {
    let d = &region.declared;
    let mut named: Vec<Named> = Vec::new();
    let mut name = |key: &str, path: String, holds: Text| named.push(Named { path, key: key.to_owned(), holds });
    name("places.layer", d.places.layer.clone(), text("各县边界，面，带区划代码字段", "outlines of the counties as polygons with a field of division codes"));
    name("places.table", d.places.table.clone(), text("区划代码、名称与上级代码", "division codes, names and parent codes"));
    if let Some(path) = &d.places.reference {
        name("places.reference", path.clone(), text("作对照的另一份边界", "another drawing of the outlines, to compare with"));
    }
    name("ecosystem.classes", d.ecosystem.classes.clone(), text("生态系统类别表", "the table of ecosystem classes"));
    if let Some(path) = &d.ecosystem.attributes {
        name("ecosystem.attributes", path.clone(), text("生态系统属性表", "the table of ecosystem attributes"));
    }
    for year in &d.years {
        name(
            "ecosystem.raster",
            d.ecosystem.raster.of(*year),
            text("生态系统类型栅格，HJ 1166-2021 二级类代码", "a raster of ecosystem classes, codes of HJ 1166-2021 level II"),
        );
        if let Some(pattern) = &d.ecosystem.attribute {
            name("ecosystem.attribute", pattern.of(*year), text("生态系统属性栅格", "a raster of ecosystem attributes"));
        }
    }
    for layer in d.layers.values() {
        let key = format!("layer.{}", layer.name);
        let holds = layer_holds(&layer.name);
        let mut files: Vec<String> = Vec::new();
        match &layer.serving {
            Serving::Raster { raster, normal, .. } => {
                for year in &d.years {
                    files.push(raster.of(*year));
                    files.extend(normal.iter().map(|p| p.of(*year)));
                }
            }
            Serving::Monthly { raster, factors, .. } => files.extend([raster.clone(), factors.clone()]),
            Serving::DailyRain { table, compare, normal, .. } => {
                files.push(table.clone());
                for year in &d.years {
                    files.extend(compare.iter().chain(normal).map(|p| p.of(*year)));
                }
            }
            Serving::Constant { source, .. } => files.extend(source.clone()),
            Serving::ClassTable { file, .. } => files.push(file.clone()),
            Serving::CodeTable { table, .. } => {
                files.push(table.file.clone());
                files.extend(d.years.iter().map(|y| table.raster.of(*y)));
            }
        }
        files.into_iter().for_each(|path| name(&key, path, holds.clone()));
    }
    let t = &d.tables;
    name("tables.prices", t.prices.clone(), text("单价表", "the table of prices"));
    let tables = [
        ("statistics", &t.statistics),
        ("supply_products", &t.supply_products),
        ("supply_other", &t.supply_other),
        ("declared", &t.declared),
        ("parameters", &t.parameters),
        ("product_names", &t.product_names),
        ("air_quality", &t.air_quality),
        ("water_quality", &t.water_quality),
    ];
    let departments = t.departments.iter().map(|(table, path)| (table.as_str(), Some(path)));
    for (table, path) in tables.into_iter().map(|(table, path)| (table, path.as_ref())).chain(departments) {
        if let Some(path) = path {
            name(
                &format!("tables.{table}"),
                path.clone(),
                text("docs/reference/region-toml.md 所述的表", "the table that docs/reference/region-toml.md describes"),
            );
        }
    }
    let mut seen = BTreeSet::new();
    named.retain(|n| seen.insert(n.path.clone()));
    named
}

/// What a layer should hold, from the model that needs it.
fn layer_holds(name: &str) -> Text {
    match liangshan_models::all().iter().find_map(|m| m.spec.input(name)) {
        Some(input) => {
            let (zh, en, unit) = (&input.title.zh, &input.title.en, input.measure.unit);
            words!("{zh}，单位可换算为 {unit}", "{en}, in a unit that converts to {unit}")
        }
        None => text("region.toml 中声明的数据", "what region.toml declares"),
    }
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
        .map(|Named { path, key, holds }| {
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
                    ))
                    .expect(text("与登记的 sha256 一致的文件", "the file whose sha256 is registered")),
                );
            }
            if is_raster(path) && !problems.iter().any(|p| p.code == "source.missing_file") {
                problems.extend(every_tile(region, path));
            }
            for problem in problems.0.iter_mut().filter(|p| p.code == "source.missing_file") {
                problem.at.key = Some(key.clone());
                problem.expected = holds.clone();
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

/// Layers that nothing asks for and that look like one that something does.
pub fn misspelt_layers(region: &Region, method: &Method) -> Problems {
    let mut known: Vec<&str> = liangshan_models::all().iter().flat_map(|m| m.spec.inputs).map(|i| i.name).collect();
    for flow in method.flows.values() {
        known.extend(flow.model().and_then(|f| f.counted.as_deref()));
    }
    let unknown = region.declared.layers.values().filter(|l| !known.contains(&l.name.as_str()));
    let told = unknown.filter_map(|layer| {
        let (name, near) = (&layer.name, nearest(&layer.name, known.iter().copied())?);
        Some(
            Problem::warning("region.unknown_layer", words!("没有模型需要“{name}”", "no model asks for \"{name}\""))
                .file(REGION_FILE)
                .row(layer.row)
                .key(format!("layer.{name}"))
                .expect(text("docs/reference/models.md 所列的输入", "an input of docs/reference/models.md"))
                .fix_near(Some(near), text("改正名称，或删去该层", "correct the name, or take the layer out")),
        )
    });
    Problems(told.collect())
}

/// Keeps the first of equal problems.
pub fn once_each(problems: &mut Problems) {
    let mut seen: BTreeSet<String> = BTreeSet::new();
    problems.0.retain(|p| {
        // A missing file is one problem, however many ask for it.
        let place = if p.code == "source.missing_file" { p.at.file.clone().unwrap_or_default() } else { serde_json::to_string(&p.at).unwrap_or_default() };
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
        .expect(text("可写的目录", "a folder that can be written to"))
}

/// Writes a file that is whole or not there.
///
/// # Errors
/// `output.cannot_write`.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Problem> {
    write_whole(path, bytes).map_err(|e| cannot_write(path, &e))
}

/// The digest of a file, where it can be read.
pub fn file_digest(path: &Path) -> Option<liangshan_vocab::Digest> {
    digest_file(path).ok()
}

/// The digest of `region.toml` as text; empty when it cannot be read any more.
pub fn region_file(region: &Region) -> String {
    digest_file(&region.folder.join(REGION_FILE)).map(|d| d.as_str().to_owned()).unwrap_or_default()
}

/// The problem of a file that cannot be read.
pub fn cannot_read(file: &str, error: &io::Error) -> Problem {
    Problem::error("source.unreadable_file", words!("无法读取文件：{error}", "the file cannot be read: {error}"))
        .file(file)
        .expect(text("可读的文件", "a file that can be read"))
        .fix(text("检查路径、权限与磁盘", "check its path, its permissions and the disk"))
}

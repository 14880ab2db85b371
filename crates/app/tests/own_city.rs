//! "Your own city", as the README says it: its commands, one after the other, on a region that a
//! stranger would bring. Rasters in longitude and latitude on cells of a quarter of a hundredth of a
//! degree, outlines as GeoJSON, tables in GBK, a grid of 300 m in a zone of CGCS2000. All invented.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::io::Cursor;
use std::path::Path;
use std::process::{Command, Output};

use liangshan_formats::raster::{CogLayout, CogSample, Overviews, write_cog};

/// Upper left corner of the rasters, their cell in degrees and their cells a side.
const CORNER: (f64, f64) = (118.95, 29.15);
const CELL: f64 = 0.0025;
const CELLS: usize = 80;

fn raster(folder: &Path, name: &str, unit: &str, period: &str, value: impl Fn(f64, f64) -> f64) {
    let layout = CogLayout {
        columns: CELLS,
        rows: CELLS,
        epsg: 4326,
        crs_citation: "WGS 84".into(),
        geographic: true,
        transform: [CORNER.0, CELL, 0.0, CORNER.1, 0.0, -CELL],
        sample: CogSample::F32,
        nodata: None,
        tile: 256,
        overviews: Overviews::Average,
        title: name.into(),
        unit: unit.into(),
        metadata: Vec::new(),
    };
    let mut out = Cursor::new(Vec::new());
    let mut read = |column: usize, row: usize, columns: usize, rows: usize| {
        Ok((0..columns * rows).map(|i| value((column + i % columns) as f64, (row + i / columns) as f64)).collect())
    };
    write_cog(&layout, &mut read, &mut out).unwrap();
    fs::write(folder.join(format!("sources/{name}.tif")), out.into_inner()).unwrap();
    let sidecar = format!(
        "title_zh = \"{name}\"\ntitle_en = \"{name}\"\norigin = \"synthetic\"\nfrom = \"a test\"\nlicence = \"CC0-1.0\"\nperiod = \"{period}\"\nunit = \"{unit}\"\n"
    );
    fs::write(folder.join(format!("sources/{name}.tif.toml")), sidecar).unwrap();
}

fn rasters(folder: &Path) {
    const CLASSES: [(f64, f64); 6] = [(11.0, 21.0), (12.0, 24.0), (33.0, 41.0), (52.0, 3.0), (42.0, 12.0), (41.0, 15.0)];
    let class = |c: f64, r: f64| CLASSES[((c / 9.0) as usize + 2 * (r / 13.0) as usize) % CLASSES.len()];
    let wave = |c: f64, r: f64| (c / 7.0).sin() * (r / 11.0).cos();
    raster(folder, "ecosystem_2020", "code", "2020", |c, r| class(c, r).0);
    raster(folder, "ecosystem_attribute_2020", "code", "2020", |c, r| class(c, r).1);
    raster(folder, "precipitation_2020", "mm/a", "2020", |c, r| 1_700.0 + 90.0 * wave(c, r));
    raster(folder, "evapotranspiration_2020", "mm/a", "2020", |c, r| 850.0 + 60.0 * wave(r, c));
    raster(folder, "storm_rain_2020", "mm/a", "2020", |c, r| 320.0 + 40.0 * wave(c, r));
    raster(folder, "hot_days_2020", "d/a", "2020", |c, _| (60.0 + c / 10.0).floor());
    raster(folder, "erosivity_2020", "MJ mm/(ha h a)", "2020", |c, r| 9_000.0 + 500.0 * wave(c, r));
    raster(folder, "vegetation_cover_2020", "%", "2020", |c, r| 60.0 + 30.0 * wave(r, c));
    raster(folder, "nep_2020", "gC/(m2 a)", "2020", |c, r| 300.0 + 80.0 * wave(c, r));
    raster(folder, "elevation", "m", "", |c, r| 200.0 + 90.0 * wave(c, r) + c);
    raster(folder, "sand", "%", "", |c, r| 40.0 + 4.0 * wave(c, r));
    raster(folder, "silt", "%", "", |c, r| 35.0 - 4.0 * wave(c, r));
    raster(folder, "clay", "%", "", |_, _| 25.0);
    raster(folder, "organic_carbon", "%", "", |c, r| 1.5 + 0.4 * wave(c, r));
    raster(folder, "bulk_density", "t/m3", "", |_, _| 1.25);
    raster(folder, "soil_nitrogen", "%", "", |_, _| 0.12);
    raster(folder, "soil_phosphorus", "%", "", |_, _| 0.05);
}

/// Two counties side by side, in longitude and latitude.
fn outlines(folder: &Path) {
    let county = |code: &str, west: f64, east: f64| {
        format!(
            "{{\"type\":\"Feature\",\"properties\":{{\"code\":\"{code}\"}},\"geometry\":{{\"type\":\"Polygon\",\"coordinates\":[[[{west},29.01],[{east},29.01],[{east},29.09],[{west},29.09],[{west},29.01]]]}}}}"
        )
    };
    let text = format!("{{\"type\":\"FeatureCollection\",\"features\":[{},{}]}}", county("990001", 119.01, 119.055), county("990002", 119.055, 119.09));
    fs::write(folder.join("sources/places.geojson"), text).unwrap();
    let sidecar = "title_zh = \"县界\"\ntitle_en = \"Counties\"\norigin = \"synthetic\"\nfrom = \"a test\"\nlicence = \"CC0-1.0\"\n";
    fs::write(folder.join("sources/places.geojson.toml"), sidecar).unwrap();
}

/// Every table in GBK, as an office program in China saves it.
fn tables_in_gbk(folder: &Path) {
    for entry in fs::read_dir(folder.join("sources")).unwrap().flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|e| e == "csv") {
            let text = fs::read_to_string(&path).unwrap();
            let (bytes, _, lost) = encoding_rs::GBK.encode(text.trim_start_matches('\u{feff}'));
            assert!(!lost, "{}", path.display());
            fs::write(&path, bytes).unwrap();
        }
    }
}

/// What the template marks as to be changed.
fn declaration(folder: &Path) {
    let path = folder.join("region.toml");
    let mut text = fs::read_to_string(&path).unwrap();
    let mut change = |from: &str, to: &str| {
        assert!(text.contains(from), "the template has no {from:?}");
        text = text.replacen(from, to, 1);
    };
    change("id = \"example\"", "id = \"own-city\"");
    change("cell_m = 250", "cell_m = 300");
    change("origin_y = 3300000", "origin_y = 3224000");
    change("columns = 400", "columns = 50");
    change("rows = 400", "rows = 50");
    change("sources/places.gpkg", "sources/places.geojson");
    for (band, name) in (1..).zip(["sand", "silt", "clay", "organic_carbon"]) {
        change(&format!("raster = \"sources/soil_texture.tif\"\nband = {band}\n"), &format!("raster = \"sources/{name}.tif\"\n"));
    }
    fs::write(path, text).unwrap();
}

/// The commands below "Your own city" in the README, without what starts cargo.
fn commands(readme: &str, heading: &str) -> Vec<Vec<String>> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(readme)).unwrap();
    let (_, section) = text.split_once(heading).unwrap_or_else(|| panic!("{readme} has no {heading}"));
    let section = section.split("\n## ").next().unwrap();
    let lines = section.lines().filter_map(|l| l.trim().strip_prefix("cargo run --release -- "));
    lines.map(|l| l.split('#').next().unwrap().split_whitespace().map(str::to_owned).collect()).collect()
}

fn run(arguments: &[String], folder: &Path) -> Output {
    let own = |word: &String| match word.as_str() {
        "mycity" => folder.display().to_string(),
        "CODE" | "代码" => "990000".to_owned(),
        "YEAR" | "年份" => "2020".to_owned(),
        _ => word.clone(),
    };
    Command::new(env!("CARGO_BIN_EXE_liangshan")).args(arguments.iter().map(own)).args(["--quiet", "--lang", "en"]).output().unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn a_city_of_ones_own_by_the_readme() {
    let steps = commands("README.md", "## Your own city");
    let chinese = commands("README.zh-CN.md", "## 换成你的城市");
    for readme in [&steps, &chinese] {
        let verbs: Vec<&str> = readme.iter().map(|s| s[0].as_str()).collect();
        assert_eq!(verbs, ["new", "check", "run", "explain"]);
    }
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("mycity");

    let new = run(&steps[0], &folder);
    assert_eq!(new.status.code(), Some(0), "{}", said(&new));
    let empty = run(&steps[1], &folder);
    assert_eq!(empty.status.code(), Some(1));
    assert!(said(&empty).contains("sources/elevation.tif"), "{}", said(&empty));

    rasters(&folder);
    outlines(&folder);
    declaration(&folder);
    tables_in_gbk(&folder);
    let checked = run(&steps[1], &folder);
    assert_eq!(checked.status.code(), Some(0), "{}", said(&checked));
    let made = run(&steps[2], &folder);
    assert_eq!(made.status.code(), Some(0), "{}", said(&made));
    let why = run(&steps[3], &folder);
    assert_eq!(why.status.code(), Some(0), "{}", said(&why));

    let totals = fs::read_to_string(folder.join("out/national-2022-reconstructed/totals.csv")).unwrap();
    let whole = totals.lines().find(|l| l.starts_with("2020,990000,") && l.contains(",all,")).unwrap();
    // 0.08 by 0.08 degrees at 29.05 N: 0.08 × 110.84 km by 0.08 × 97.41 km (a degree of latitude and of
    // longitude there on the ellipsoid), 69.1 km².
    let area: f64 = whole.split(',').find_map(|cell| cell.parse::<f64>().ok().filter(|a| (60.0..80.0).contains(a))).unwrap();
    assert!((area - 69.1).abs() < 0.2, "{area}");
    // Everything the profile counts is there, so the total has its name; and the names read well.
    assert!(whole.contains(",gep,") && whole.contains("示例市"), "{whole}");
}

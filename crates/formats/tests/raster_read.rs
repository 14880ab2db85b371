//! What GDAL writes is read cell by cell. The files and their formula are in `data/raster/make.py`.
#![allow(clippy::unwrap_used, clippy::panic)] // the whole file is a test

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::PathBuf;
use std::sync::Arc;

use liangshan_formats::raster::{CrsName, Raster, Sample};
use liangshan_vocab::{Lang, Problem};

fn path(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/raster")).join(format!("{name}.tif"))
}

fn open(name: &str) -> Raster {
    try_open(name).unwrap_or_else(|problem| panic!("{name}: {}", problem.letter(Lang::En)))
}

fn try_open(name: &str) -> Result<Raster, Problem> {
    Raster::open(Arc::new(File::open(path(name)).unwrap()))
}

fn k(band: usize, column: usize, row: usize) -> f64 {
    ((7 * column + 13 * row + 31 * band) % 251) as f64
}

fn is_missing(band: usize, column: usize, row: usize) -> bool {
    (3 * column + 5 * row + band) % 19 == 4
}

/// The formula of make.py.
fn formula(kind: &str, band: usize, column: usize, row: usize) -> f64 {
    let k = k(band, column, row);
    match kind {
        "u8" => k,
        "u16" => k * 200.0,
        "u32" => k * 1e7,
        "i8" => (k / 2.0).floor() - 60.0,
        "i16" => k * 100.0 - 12_000.0,
        "i32" => k * 9e6 - 1.1e9,
        "f32" => f64::from((k - 100.0) as f32 / 7.0_f32),
        "f64" => (k - 100.0) / 7.0,
        other => panic!("no formula for {other}"),
    }
}

fn same(a: f64, b: f64) -> bool {
    a == b || (a.is_nan() && b.is_nan())
}

struct Case {
    name: String,
    kind: String,
    has_nodata: bool,
    numbers: BTreeMap<String, Option<f64>>,
}

fn cases() -> Vec<Case> {
    let mut table = csv::Reader::from_path(path("x").with_file_name("cases.csv")).unwrap();
    let header = table.headers().unwrap().clone();
    let row = |row: csv::StringRecord| {
        let numbers: BTreeMap<String, Option<f64>> = header.iter().zip(&row).skip(2).map(|(name, said)| (name.to_owned(), said.parse().ok())).collect();
        Case { name: row[0].to_owned(), kind: row[1].to_owned(), has_nodata: numbers["nodata"].is_some(), numbers }
    };
    table.into_records().map(|line| row(line.unwrap())).collect()
}

#[test]
fn every_file_says_what_gdal_says_of_it() {
    let cases = cases();
    assert!(cases.len() > 50, "the table of cases is not whole");
    for case in &cases {
        let raster = open(&case.name);
        let info = raster.info();
        let number = |name: &str| case.numbers[name];
        let name = &case.name;
        let sizes = [info.columns, info.rows, info.bands, info.tile.0, info.tile.1].map(|n| Some(n as f64));
        assert_eq!(sizes, ["columns", "rows", "bands", "tile_columns", "tile_rows"].map(number), "{name}");
        assert_eq!(info.crs, CrsName::Epsg(number("epsg").unwrap() as u32), "{name}");
        let want = ["x0", "dx", "y0", "dy"].map(|key| number(key).unwrap());
        let [x0, dx, rx, y0, ry, dy] = info.transform;
        assert_eq!([rx, ry], [0.0, 0.0], "{name}");
        for (got, want) in [x0, dx, y0, dy].into_iter().zip(want) {
            assert!((got - want).abs() <= 1e-12 * want.abs(), "{name}: {got} against {want}");
        }
        let sample = match info.sample {
            Sample::U8 => "u8",
            Sample::I8 => "i8",
            Sample::U16 => "u16",
            Sample::I16 => "i16",
            Sample::U32 => "u32",
            Sample::I32 => "i32",
            Sample::F32 => "f32",
            Sample::F64 => "f64",
        };
        assert_eq!(sample, case.kind, "{name}");
        assert_eq!((info.scale, info.offset), (number("scale"), number("offset")), "{name}");
        assert!(same(info.nodata.unwrap_or(-1.5), number("nodata").unwrap_or(-1.5)), "{name}: {:?}", info.nodata);
    }
}

#[test]
fn every_cell_of_every_file_is_right() {
    for case in cases() {
        let raster = open(&case.name);
        let info = raster.info();
        for band in 0..info.bands {
            let cells = raster.read(band, 0, 0, info.columns, info.rows).unwrap();
            for (index, got) in cells.iter().enumerate() {
                let (column, row) = (index % info.columns, index / info.columns);
                let hole = case.has_nodata && is_missing(band, column, row);
                let want = if hole { f64::NAN } else { formula(&case.kind, band, column, row) };
                assert!(same(*got, want), "{}: band {band}, column {column}, row {row}: {got} against {want}", case.name);
            }
        }
    }
}

#[test]
fn any_window_is_a_piece_of_the_whole() {
    let mut state = 20_261_124_u64;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    for case in cases() {
        let raster = open(&case.name);
        let (columns, rows) = (raster.info().columns, raster.info().rows);
        let band = next(raster.info().bands);
        let whole = raster.read(band, 0, 0, columns, rows).unwrap();
        for _ in 0..12 {
            let (column, row) = (next(columns), next(rows));
            let (wide, high) = (next(columns - column + 1), next(rows - row + 1));
            let got = raster.read(band, column, row, wide, high).unwrap();
            let want: Vec<f64> = (row..row + high).flat_map(|line| whole[line * columns + column..][..wide].to_vec()).collect();
            assert!(got.len() == want.len() && got.iter().zip(&want).all(|(a, b)| same(*a, *b)), "{}: {column} {row} {wide} {high}", case.name);
        }
    }
}

#[test]
fn threads_share_one_raster() {
    let raster = open("pixel-strips");
    let whole = raster.read(2, 0, 0, 37, 29).unwrap();
    std::thread::scope(|threads| {
        for _ in 0..4 {
            threads.spawn(|| assert!(raster.read(2, 0, 0, 37, 29).unwrap().iter().zip(&whole).all(|(a, b)| same(*a, *b))));
        }
    });
}

/// Expected figures: numpy on what rasterio 1.4.4 (GDAL 3.10.3) reads, float64 throughout.
#[test]
fn real_files_have_the_figures_rasterio_gives() {
    let rain = open("real-precipitation");
    let info = rain.info();
    assert_eq!((info.columns, info.rows, info.bands, info.sample, info.nodata), (23, 19, 12, Sample::F32, None));
    assert_eq!((info.crs.clone(), info.transform), (CrsName::Epsg(4326), [117.5, 0.25, 0.0, 31.5, 0.0, -0.25]));
    for (band, sum, low, high) in RAIN {
        let cells = rain.read(band, 0, 0, 23, 19).unwrap();
        let got = (cells.iter().sum::<f64>(), cells.iter().copied().fold(f64::NAN, f64::min), cells.iter().copied().fold(f64::NAN, f64::max));
        assert!((got.0 - sum).abs() < 1e-9 * sum && (got.1, got.2) == (low, high), "band {band}: {got:?}");
    }
    let cover = open("real-landcover");
    assert_eq!((cover.info().columns, cover.info().rows, cover.info().sample, cover.info().nodata), (102, 86, Sample::U8, Some(255.0)));
    let mut classes: BTreeMap<i64, usize> = BTreeMap::new();
    for cell in cover.read(0, 0, 0, 102, 86).unwrap() {
        *classes.entry(if cell.is_nan() { -1 } else { cell as i64 }).or_default() += 1;
    }
    assert_eq!(classes.into_iter().collect::<Vec<_>>(), CLASSES);
}

#[test]
fn a_reference_system_is_known_unknown_or_missing() {
    assert!(matches!(&open("odd-albers").info().crs, CrsName::Unknown(said) if !said.is_empty()));
    assert_eq!(open("odd-no-crs").info().crs, CrsName::Missing);
    assert_eq!(open("odd-no-crs").info().transform, [302_500.0, 250.0, 0.0, 3_271_000.0, 0.0, -250.0]); // make.py
}

#[test]
fn what_cannot_be_used_is_refused_by_name() {
    for (name, code, said) in [
        ("odd-nowhere", "raster.no_georeference", "does not say where"),
        ("odd-rotated", "raster.unsupported", "rotated"),
        ("odd-south-up", "raster.unsupported", "mirrored"),
        ("odd-jpeg", "raster.unsupported", "compression JPEG"),
        ("odd-lerc", "raster.unsupported", "compression LERC"),
        ("odd-complex", "raster.unsupported", ""),
        ("odd-u64", "raster.unsupported", "uint64"),
    ] {
        let problem = try_open(name).expect_err(name);
        assert_eq!(problem.code, code, "{name}");
        assert!(problem.what.en.contains(said) && problem.at.file.is_none(), "{name}: {}", problem.letter(Lang::En));
        assert!(!problem.expected.is_empty() && !problem.fix.is_empty(), "{name}");
    }
}

#[test]
fn holes_masks_and_single_bits() {
    // make.py stores only columns 16 to 31 of rows 0 to 15, all 9.
    for (name, hole) in [("odd-sparse", f64::NAN), ("odd-sparse-zero", 0.0)] {
        let cells = open(name).read(0, 0, 0, 40, 30).unwrap();
        for (index, got) in cells.iter().enumerate() {
            let stored = (16..32).contains(&(index % 40)) && index / 40 < 16;
            assert!(same(*got, if stored { 9.0 } else { hole }), "{name}: {index}");
        }
    }
    let masked = open("odd-mask").read(0, 0, 0, 37, 29).unwrap();
    let bits = open("odd-one-bit").read(0, 0, 0, 37, 29).unwrap();
    for index in 0..37 * 29 {
        let (column, row) = (index % 37, index / 37);
        let want = if is_missing(0, column, row) { f64::NAN } else { k(0, column, row) };
        assert!(same(masked[index], want), "mask: {index}");
        assert!(same(bits[index], k(0, column, row) % 2.0), "one bit: {index}");
    }
}

#[test]
fn gdals_own_cog_is_read_with_its_block_leaders() {
    let raster = open("odd-gdal-cog");
    let cells = raster.read(0, 0, 0, 300, 280).unwrap();
    for (index, got) in cells.iter().enumerate() {
        let (column, row) = (index % 300, index / 300);
        let want = if is_missing(0, column, row) { f64::NAN } else { formula("f32", 0, column, row).floor() };
        assert!(same(*got, want), "{index}: {got}");
    }
}

#[test]
fn a_file_cut_short_says_which_tile_and_how_many_bytes() {
    // The tiles of an uncompressed file are its last bytes, so cutting 100 off cuts them from a tile.
    let whole = fs::read(path("u8-tiles-none")).unwrap();
    let problem = Raster::open(Arc::new(whole[..whole.len() - 100].to_vec())).unwrap_err();
    assert_eq!(problem.code, "raster.truncated");
    assert!(problem.what.en.contains("1 of 6 blocks") && problem.what.en.contains("100 bytes are missing"), "{}", problem.letter(Lang::En));
    assert_eq!(problem.at.key.as_deref(), Some("tile 5"));
    // A damaged tile is found when it is read: here the deflate stream of the first is overwritten.
    let mut damaged = fs::read(path("u8-tiles-deflate")).unwrap();
    let start = damaged.windows(2).rposition(|pair| pair == [0x78, 0x9c] || pair == [0x78, 0x5e] || pair == [0x78, 0xda]).unwrap();
    damaged[start + 2..start + 12].fill(0xff);
    let raster = Raster::open(Arc::new(damaged)).unwrap();
    let problem = raster.read(0, 0, 0, 37, 29).unwrap_err();
    assert_eq!(problem.code, "raster.truncated");
    assert!(problem.at.key.as_deref().is_some_and(|key| key.starts_with("tile ")), "{}", problem.letter(Lang::En));
}

#[test]
fn what_is_not_a_raster_is_said_so() {
    for bytes in [&b""[..], b"II", b"county,area\n330802,600\n", b"\x89PNG\r\n\x1a\n0000000000000000", b"II*\0"] {
        let problem = Raster::open(Arc::new(bytes.to_vec())).unwrap_err();
        assert_eq!(problem.code, "raster.unreadable", "{}", problem.letter(Lang::En));
    }
}

#[test]
fn a_band_that_is_not_there_is_a_problem() {
    let problem = open("point").read(1, 0, 0, 1, 1).unwrap_err();
    assert_eq!((problem.code.as_ref(), problem.what.en.as_ref()), ("raster.no_such_band", "the raster has no band 2"));
}

/// Band from 0, sum, minimum, maximum.
const RAIN: [(usize, f64, f64, f64); 12] = [
    (0, 25402.60799407959, 32.73500061035156, 76.63099670410156),
    (1, 35960.25603103638, 47.827999114990234, 119.74099731445312),
    (2, 59300.23003387451, 79.25, 204.21299743652344),
    (3, 65727.92507171631, 85.2300033569336, 252.50999450683594),
    (4, 81430.78089904785, 91.02999877929688, 306.7799987792969),
    (5, 103728.73226165771, 127.79000091552734, 407.0),
    (6, 59831.11111450195, 43.56999969482422, 306.47900390625),
    (7, 66593.74496459961, 63.599998474121094, 319.04998779296875),
    (8, 60214.62393951416, 76.47699737548828, 258.3800048828125),
    (9, 32001.9239692688, 45.119998931884766, 112.08999633789062),
    (10, 28353.91803741455, 43.645999908447266, 102.75900268554688),
    (11, 19962.60000038147, 24.91699981689453, 67.95899963378906),
];
/// Class (-1 for missing) and its cells.
const CLASSES: [(i64, usize); 12] = [(0, 2981), (1, 59), (2, 389), (4, 20), (5, 771), (8, 2608), (9, 854), (10, 5), (11, 31), (12, 267), (13, 516), (14, 271)];

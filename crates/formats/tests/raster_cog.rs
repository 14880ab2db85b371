//! What is written is a Cloud Optimized GeoTIFF, and reads back as it was.
#![allow(clippy::unwrap_used, clippy::panic)] // the whole file is a test

use std::io::Cursor;
use std::sync::Arc;

use liangshan_formats::raster::{CogLayout, CogSample, CrsName, Overviews, Raster, Sample, Statistics, write_cog};
use liangshan_vocab::{Lang, Problem, text};

fn layout(columns: usize, rows: usize, sample: CogSample) -> CogLayout {
    CogLayout {
        columns,
        rows,
        epsg: 4549,
        crs_citation: "CGCS2000 / 3-degree Gauss-Kruger CM 120E".to_owned(),
        geographic: false,
        transform: [302_500.0, 250.0, 0.0, 3_271_000.0, 0.0, -250.0],
        sample,
        nodata: Some(match sample {
            CogSample::U8 | CogSample::U16 => 0.0,
            CogSample::I16 | CogSample::F32 => -9999.0,
        }),
        tile: 256,
        overviews: Overviews::Average,
        title: "土壤保持量 <Soil & water>".to_owned(),
        unit: "t/(ha a)".to_owned(),
        metadata: vec![("method".to_owned(), "soil_retention \"1.0\"".to_owned())],
    }
}

/// Values the sample type holds, with holes.
fn map(columns: usize, rows: usize, sample: CogSample) -> Vec<f64> {
    (0..columns * rows)
        .map(|i| {
            let (c, r) = (i % columns, i / columns);
            let k = ((7 * c + 13 * r + c * r / 5) % 251) as f64;
            match sample {
                _ if (3 * c + 5 * r) % 19 == 4 || (c > 60 && c < 90 && r > 20 && r < 60) => f64::NAN,
                CogSample::U8 => k + 1.0,
                CogSample::U16 => k * 250.0 + 3.0,
                CogSample::I16 => k * 200.0 - 20_000.0,
                CogSample::F32 => f64::from((k - 100.0) as f32 / 7.0),
            }
        })
        .collect()
}

fn write(layout: &CogLayout, map: &[f64]) -> Result<(Vec<u8>, Statistics), Problem> {
    let mut out = Cursor::new(Vec::new());
    let mut read = |column: usize, row: usize, columns: usize, rows: usize| {
        Ok((row..row + rows).flat_map(|line| map[line * layout.columns + column..][..columns].to_vec()).collect())
    };
    let statistics = write_cog(layout, &mut read, &mut out)?;
    Ok((out.into_inner(), statistics))
}

fn written(layout: &CogLayout, map: &[f64]) -> (Vec<u8>, Statistics) {
    write(layout, map).unwrap_or_else(|problem| panic!("{}", problem.letter(Lang::En)))
}

fn same(a: &[f64], b: &[f64]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a == b || (a.is_nan() && b.is_nan()))
}

const SAMPLES: [CogSample; 4] = [CogSample::U8, CogSample::U16, CogSample::I16, CogSample::F32];
/// Below a tile, one tile, exact multiples, one beyond, one row, Quzhou's grid.
const SIZES: [(usize, usize); 8] = [(1, 1), (70, 50), (256, 256), (512, 256), (257, 255), (700, 1), (3, 900), (553, 600)];

#[test]
fn every_size_and_type_reads_back_exactly() {
    for sample in SAMPLES {
        for (columns, rows) in SIZES {
            let layout = layout(columns, rows, sample);
            let map = map(columns, rows, sample);
            let (bytes, _) = written(&layout, &map);
            let raster = Raster::open(Arc::new(bytes)).unwrap();
            let info = raster.info();
            assert_eq!((info.columns, info.rows, info.bands, info.tile), (columns, rows, 1, (256, 256)));
            assert_eq!((&info.crs, info.transform, info.nodata), (&CrsName::Epsg(4549), layout.transform, layout.nodata));
            let stored = [Sample::U8, Sample::U16, Sample::I16, Sample::F32][SAMPLES.iter().position(|s| *s == sample).unwrap()];
            assert_eq!(info.sample, stored);
            assert!(same(&raster.read(0, 0, 0, columns, rows).unwrap(), &map), "{sample:?} {columns} x {rows}");
        }
    }
}

#[test]
fn the_same_cells_give_the_same_bytes() {
    let layout = layout(553, 600, CogSample::F32);
    let map = map(553, 600, CogSample::F32);
    assert!(written(&layout, &map).0 == written(&layout, &map).0);
    // Another sign or payload of NaN is the same missing cell.
    let other: Vec<f64> = map.iter().map(|cell| if cell.is_nan() { -f64::NAN } else { *cell }).collect();
    assert!(written(&layout, &map).0 == written(&layout, &other).0);
}

#[test]
fn statistics_are_those_of_the_cells() {
    for (tile, sample) in [(256, CogSample::I16), (512, CogSample::I16), (256, CogSample::F32), (512, CogSample::F32)] {
        let layout = CogLayout { tile, ..layout(553, 600, sample) };
        let map = map(553, 600, sample);
        let (bytes, got) = written(&layout, &map);
        // The plain way: row sums, then their sum; the sums here are of whole numbers or of few digits.
        let valid: Vec<f64> = map.iter().copied().filter(|cell| !cell.is_nan()).collect();
        let sum: f64 = map.chunks(553).map(|row| row.iter().filter(|cell| !cell.is_nan()).sum::<f64>()).sum();
        assert_eq!((got.valid, got.missing), (valid.len() as u64, (553 * 600 - valid.len()) as u64));
        assert_eq!(got.min, valid.iter().copied().fold(f64::INFINITY, f64::min));
        assert_eq!(got.max, valid.iter().copied().fold(f64::NEG_INFINITY, f64::max));
        assert_eq!(got.mean.to_bits(), (sum / valid.len() as f64).to_bits(), "tile {tile}");
        let said = String::from_utf8_lossy(&bytes);
        assert!(said.contains(&format!("<Item name=\"STATISTICS_MEAN\" sample=\"0\">{}</Item>", got.mean)));
        assert!(said.contains("role=\"description\">土壤保持量 &lt;Soil &amp; water&gt;</Item>"));
        assert!(said.contains("role=\"unittype\">t/(ha a)</Item>") && said.contains("<Item name=\"method\">soil_retention &quot;1.0&quot;</Item>"));
    }
    let empty = layout(30, 20, CogSample::F32);
    let (bytes, none) = written(&empty, &vec![f64::NAN; 600]);
    assert_eq!((none.valid, none.missing), (0, 600));
    assert!(none.min.is_nan() && none.max.is_nan() && none.mean.is_nan() && !String::from_utf8_lossy(&bytes).contains("STATISTICS"));
}

/// The directories of a file, read here by hand: tag to (type, count, the value or where it is).
struct Walk {
    at: u64,
    tags: std::collections::BTreeMap<u16, (u16, u64, u64)>,
    tiles: Vec<(u64, u64)>,
}

fn directories(bytes: &[u8]) -> Vec<Walk> {
    let number = |at: u64, size: usize| {
        let mut value = [0; 8];
        value[..size].copy_from_slice(&bytes[at as usize..at as usize + size]);
        u64::from_le_bytes(value)
    };
    assert_eq!(&bytes[..4], b"II*\0");
    let mut at = number(4, 4);
    let mut found = Vec::new();
    while at != 0 {
        let count = number(at, 2);
        let tags: std::collections::BTreeMap<u16, (u16, u64, u64)> =
            (0..count).map(|i| at + 2 + 12 * i).map(|e| (number(e, 2) as u16, (number(e + 2, 2) as u16, number(e + 4, 4), number(e + 8, 4)))).collect();
        let list = |tag: u16| -> Vec<u64> {
            let (_, count, value) = tags[&tag];
            if count == 1 { vec![value] } else { (0..count).map(|i| number(value + 4 * i, 4)).collect() }
        };
        let tiles = list(324).into_iter().zip(list(325)).collect();
        found.push(Walk { at, tags, tiles });
        at = number(at + 2 + 12 * count, 4);
    }
    found
}

#[test]
fn the_layout_is_cloud_optimized() {
    for (columns, rows) in SIZES {
        let (bytes, _) = written(&layout(columns, rows, CogSample::F32), &map(columns, rows, CogSample::F32));
        let found = directories(&bytes);
        let first_data = found.iter().flat_map(|d| &d.tiles).map(|(at, _)| *at).min().unwrap();
        assert!(bytes[8..].starts_with(b"GDAL_STRUCTURAL_METADATA_SIZE=000140 bytes\nLAYOUT=IFDS_BEFORE_DATA\n"));
        let (mut wide, mut high) = (columns as u64, rows as u64);
        for (level, directory) in found.iter().enumerate() {
            let said = |tag: u16| directory.tags.get(&tag).map(|tag| tag.2);
            assert_eq!((said(256), said(257)), (Some(wide), Some(high)), "each level is half the one before, rounded up");
            assert_eq!(said(254), (level > 0).then_some(1), "smaller copies say that they are");
            assert_eq!((said(259), said(317), said(322), said(323), said(339)), (Some(8), Some(3), Some(256), Some(256), Some(3)));
            assert!(directory.at < first_data, "directories stand before the data");
            for (kind, count, value) in directory.tags.values() {
                let size = [(2, 1), (3, 2), (4, 4), (12, 8)].into_iter().find(|(known, _)| known == kind).unwrap().1;
                assert!(count * size <= 4 || *value < first_data, "a value outside its directory stands before the data");
            }
            assert!(directory.tiles.windows(2).all(|pair| pair[0].0 + pair[0].1 + 8 == pair[1].0), "tiles follow each other row by row");
            assert_eq!(directory.tiles.len() as u64, wide.div_ceil(256) * high.div_ceil(256));
            if level + 1 == found.len() {
                assert!(wide <= 256 && high <= 256, "the last level fits into one tile");
            }
            (wide, high) = (wide.div_ceil(2), high.div_ceil(2));
        }
        for pair in found.windows(2) {
            assert!(pair[0].at < pair[1].at, "directories run from large to small");
            let (small, large) = (pair[1].tiles.last().unwrap(), pair[0].tiles[0]);
            assert_eq!(small.0 + small.1 + 8, large.0, "the data runs from small to large");
        }
        let last = found[0].tiles.last().unwrap();
        assert_eq!(last.0 + last.1 + 4, bytes.len() as u64, "nothing follows the last tile");
        for (at, count) in found.iter().flat_map(|d| &d.tiles).map(|(at, count)| (*at as usize, *count as usize)) {
            assert_eq!(bytes[at - 4..at], (count as u32).to_le_bytes(), "a tile's length stands before it");
            assert_eq!(bytes[at + count - 4..at + count], bytes[at + count..at + count + 4], "its last bytes stand after it again");
        }
    }
}

/// The stored cells of one level, decoded by the TIFF library and placed by our own walk.
fn overview(bytes: &[u8], level: usize) -> Vec<f64> {
    let found = directories(bytes);
    let file = tiff_reader::TiffFile::from_bytes(bytes.to_vec()).unwrap();
    assert_eq!(file.ifds()[level].offset(), found[level].at);
    let cells = file.read_band_bytes(level, 0).unwrap();
    match found[level].tags[&339].2 {
        3 => cells.as_chunks::<4>().0.iter().map(|four| f64::from(f32::from_ne_bytes(*four))).collect(),
        _ => cells.iter().map(|byte| f64::from(*byte)).collect(),
    }
}

#[test]
fn overviews_are_means_or_modes_of_four() {
    let (columns, rows) = (520, 300);
    let float = layout(columns, rows, CogSample::F32);
    let cells = map(columns, rows, CogSample::F32);
    let (bytes, _) = written(&float, &cells);
    let got = overview(&bytes, 1);
    for (index, got) in got.iter().enumerate() {
        let (c, r) = (index % 260 * 2, index / 260 * 2);
        let four: Vec<f64> =
            [(c, r), (c + 1, r), (c, r + 1), (c + 1, r + 1)].map(|(c, r)| cells[r * columns + c]).into_iter().filter(|v| !v.is_nan()).collect();
        let want = if four.is_empty() { -9999.0 } else { f64::from((four.iter().sum::<f64>() / four.len() as f64) as f32) };
        assert_eq!(*got, want, "column {c}, row {r}");
    }
    let classes = CogLayout { overviews: Overviews::Mode, nodata: Some(255.0), ..layout(columns, rows, CogSample::U8) };
    let cells: Vec<f64> = (0..columns * rows).map(|i| if i % 11 == 0 { f64::NAN } else { ((i * i / 7) % 4) as f64 }).collect();
    let (bytes, _) = written(&classes, &cells);
    for (index, got) in overview(&bytes, 1).iter().enumerate() {
        let (c, r) = (index % 260 * 2, index / 260 * 2);
        let four = [(c, r), (c + 1, r), (c, r + 1), (c + 1, r + 1)].map(|(c, r)| cells[r * columns + c]);
        let count = |class: f64| four.iter().filter(|cell| **cell == class).count();
        let want = (0..4).map(f64::from).rev().filter(|class| count(*class) > 0).max_by_key(|class| count(*class)).map(|class| {
            // of equals the lowest
            (0..4).map(f64::from).find(|other| count(*other) == count(class)).unwrap()
        });
        assert_eq!(*got, want.unwrap_or(255.0), "column {c}, row {r}: {four:?}");
    }
    let (bytes, _) = written(&CogLayout { overviews: Overviews::None, ..float }, &map(columns, rows, CogSample::F32));
    assert_eq!(directories(&bytes).len(), 1);
}

#[test]
fn a_value_the_type_cannot_hold_is_a_problem_and_never_wrapped() {
    let one = |sample, value: f64, nodata: Option<f64>| write(&CogLayout { nodata, ..layout(3, 2, sample) }, &[1.0, 2.0, 3.0, 4.0, value, 6.0]).map(|_| ());
    for (sample, value) in [
        (CogSample::U8, 256.0),
        (CogSample::U8, -1.0),
        (CogSample::U8, 1.5),
        (CogSample::U16, 65_536.0),
        (CogSample::I16, -32_769.0),
        (CogSample::I16, f64::INFINITY),
        (CogSample::F32, f64::NEG_INFINITY),
        (CogSample::F32, 1e39),
    ] {
        let problem = one(sample, value, None).unwrap_err();
        assert_eq!((problem.code.as_ref(), problem.at.key.as_deref()), ("raster.value_out_of_type", Some("column 1, row 1")), "{sample:?} {value}");
    }
    assert_eq!(one(CogSample::U8, 5.0, Some(5.0)).unwrap_err().code, "raster.value_is_nodata");
    assert_eq!(one(CogSample::U8, f64::NAN, None).unwrap_err().code, "raster.missing_without_nodata");
    assert_eq!(one(CogSample::U8, 5.0, Some(-9999.0)).unwrap_err().code, "raster.value_out_of_type");
    assert_eq!(one(CogSample::U8, 5.0, Some(f64::NAN)).unwrap_err().code, "raster.value_out_of_type");
    assert_eq!(one(CogSample::F32, f64::NAN, None), Ok(()));
    assert_eq!(one(CogSample::F32, 5.0, Some(f64::NAN)), Ok(()));
}

#[test]
fn what_geotiff_cannot_say_is_refused() {
    let good = layout(3, 2, CogSample::U8);
    for bad in [
        CogLayout { epsg: 0, ..good.clone() },
        CogLayout { epsg: 102_025, ..good.clone() },
        CogLayout { columns: 0, ..good.clone() },
        CogLayout { transform: [0.0, 1.0, 0.5, 0.0, 0.0, -1.0], ..good.clone() },
        CogLayout { transform: [0.0, 1.0, 0.0, 0.0, 0.0, 1.0], ..good.clone() },
        CogLayout { transform: [f64::NAN, 1.0, 0.0, 0.0, 0.0, -1.0], ..good },
    ] {
        assert_eq!(write(&bad, &[1.0; 6]).unwrap_err().code, "raster.unsupported");
    }
}

#[test]
fn what_the_reader_says_reaches_the_caller() {
    let mut calls = 0;
    let mut read = |_: usize, _: usize, columns: usize, rows: usize| {
        calls += 1;
        if calls > 3 { Err(Problem::error("run.stopped", text("已停止", "stopped"))) } else { Ok(vec![1.0; columns * rows]) }
    };
    let problem = write_cog(&layout(600, 600, CogSample::F32), &mut read, Cursor::new(Vec::new())).unwrap_err();
    assert_eq!(problem.code, "run.stopped");
}

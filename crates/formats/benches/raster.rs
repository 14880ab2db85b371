//! How fast rasters are read and written, in uncompressed megabytes a second. Run by hand:
//! `cargo bench -p liangshan-formats --bench raster [-- FOLDER]`; with a folder the files stay there.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use liangshan_formats::raster::{CogLayout, CogSample, Overviews, Raster, write_cog};
use liangshan_vocab::{Lang, Problem};

const SIDE: usize = 4096;
const BLOCK: usize = 512;

/// Ground that rolls, with some roughness and a quarter missing, so that deflate has real work.
fn height(column: usize, row: usize) -> f64 {
    if (column / 300 + row / 200).is_multiple_of(4) {
        return f64::NAN;
    }
    let rough = (column.wrapping_mul(2_654_435_761) ^ row.wrapping_mul(40_503)) % 1000;
    400.0 + 300.0 * (column as f64 / 500.0).sin() * (row as f64 / 700.0).cos() + rough as f64 * 0.01
}

fn layout(columns: usize, rows: usize, sample: CogSample, epsg: u32) -> CogLayout {
    let geographic = epsg == 4326;
    CogLayout {
        columns,
        rows,
        epsg,
        crs_citation: format!("EPSG:{epsg}"),
        geographic,
        transform: if geographic { [118.0, 0.0025, 0.0, 29.5, 0.0, -0.0025] } else { [302_500.0, 250.0, 0.0, 3_271_000.0, 0.0, -250.0] },
        sample,
        nodata: Some(if sample == CogSample::U8 { 255.0 } else { -9999.0 }),
        tile: BLOCK,
        overviews: if sample == CogSample::U8 { Overviews::Mode } else { Overviews::Average },
        title: "高程".to_owned(),
        unit: "m".to_owned(),
        metadata: vec![("made_by".to_owned(), "benchmark".to_owned())],
    }
}

fn cell(sample: CogSample, column: usize, row: usize) -> f64 {
    let height = height(column, row);
    match sample {
        CogSample::F32 => height,
        CogSample::U8 => (height / 50.0).floor(),
        CogSample::U16 | CogSample::I16 => height.round(),
    }
}

fn write(layout: &CogLayout, path: &PathBuf) -> Result<(), Problem> {
    let map: Vec<f64> = (0..layout.rows).flat_map(|row| (0..layout.columns).map(move |column| (column, row))).map(|(c, r)| cell(layout.sample, c, r)).collect();
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path).expect("the folder can be written to"));
    let mut read = |column: usize, row: usize, columns: usize, rows: usize| {
        Ok((row..row + rows).flat_map(|line| &map[line * layout.columns + column..][..columns]).copied().collect())
    };
    let start = Instant::now();
    write_cog(layout, &mut read, &mut out)?;
    report("write", layout, path, start);
    Ok(())
}

fn read(layout: &CogLayout, path: &PathBuf) -> Result<(), Problem> {
    let raster = Raster::open(Arc::new(File::open(path).expect("the file just written is there")))?;
    let start = Instant::now();
    let mut sum = 0.0;
    for row in (0..layout.rows).step_by(BLOCK) {
        for column in (0..layout.columns).step_by(BLOCK) {
            let cells = raster.read(0, column, row, BLOCK.min(layout.columns - column), BLOCK.min(layout.rows - row))?;
            sum += cells.iter().filter(|cell| !cell.is_nan()).sum::<f64>();
        }
    }
    report("read", layout, path, start);
    assert!(sum.is_finite(), "the cells read are used");
    Ok(())
}

fn report(what: &str, layout: &CogLayout, path: &PathBuf, start: Instant) {
    let cell = match layout.sample {
        CogSample::U8 => 1,
        CogSample::U16 | CogSample::I16 => 2,
        CogSample::F32 => 4,
    };
    let megabytes = (layout.columns * layout.rows * cell) as f64 / 1e6;
    let rate = megabytes / start.elapsed().as_secs_f64();
    let stored = std::fs::metadata(path).map_or(0.0, |about| about.len() as f64 / 1e6);
    let _ = writeln!(
        std::io::stdout(),
        "{what:5} {:?} {} x {}: {rate:.0} MB/s of {megabytes:.1} MB, {stored:.1} MB stored",
        layout.sample,
        layout.columns,
        layout.rows
    );
}

fn main() {
    let folder = std::env::args().skip(1).find(|word| !word.starts_with("--")).map_or_else(std::env::temp_dir, PathBuf::from);
    let keep = std::env::args().skip(1).any(|word| !word.starts_with("--"));
    let sizes = if keep { vec![(SIDE, SIDE), (553, 600), (512, 512), (1024, 512), (70, 50)] } else { vec![(SIDE, SIDE)] };
    for (columns, rows) in sizes {
        for sample in [CogSample::F32, CogSample::I16, CogSample::U8] {
            for epsg in if columns == SIDE { vec![4549] } else { vec![4549, 4326, 32_650] } {
                let layout = layout(columns, rows, sample, epsg);
                let path = folder.join(format!("liangshan-bench-{sample:?}-{columns}x{rows}-{epsg}.tif"));
                if let Err(problem) = write(&layout, &path).and_then(|()| read(&layout, &path)) {
                    let _ = writeln!(std::io::stdout(), "{}", problem.letter(Lang::En));
                }
                if !keep {
                    let _ = std::fs::remove_file(&path);
                }
            }
        }
    }
}

//! Writes a Cloud Optimized GeoTIFF: deflate, tiles, overviews before the full resolution.
//!
//! Nothing is held but a tile for each level, one smaller copy of at most 32 MB, and the tables. The
//! front of the file is left as zeros until all tiles are written, so a killed write leaves bytes
//! that no reader takes for a raster. Layout: OGC 21-026 (Cloud Optimized GeoTIFF 1.0).

use std::io::{self, Seek, SeekFrom, Write};

use flate2::Compression;
use flate2::write::ZlibEncoder;
use liangshan_vocab::{Problem, Text, text, words};

use super::directory::{Directory, Entry, front};
use super::metadata::{GDAL_METADATA, GDAL_NODATA, Items};
pub use super::overview::Overviews;
use super::overview::{Pyramid, sizes};

/// How the cells of the written file are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum CogSample {
    U8,
    U16,
    I16,
    F32,
}

/// What is written.
#[derive(Debug, Clone, PartialEq)]
pub struct CogLayout {
    /// Cells across.
    pub columns: usize,
    /// Cells down.
    pub rows: usize,
    /// Code of the reference system in the EPSG register.
    pub epsg: u32,
    /// Its name in words, for people.
    pub crs_citation: String,
    /// True when coordinates are longitude and latitude, false when projected.
    pub geographic: bool,
    /// `x0, dx, 0, y0, 0, dy` of the first cell's outer corner, `dx > 0`, `dy < 0`.
    pub transform: [f64; 6],
    /// How cells are stored.
    pub sample: CogSample,
    /// The stored value for missing cells. Without one, whole-number files cannot have missing
    /// cells and floats store NaN.
    pub nodata: Option<f64>,
    /// Width and height of a tile in cells: 256 or 512.
    pub tile: usize,
    /// How the smaller copies are made: each half the one before, until one fits into a tile.
    pub overviews: Overviews,
    /// What the band shows.
    pub title: String,
    /// Its unit.
    pub unit: String,
    /// Further names and values, in this order.
    pub metadata: Vec<(String, String)>,
}

/// What was written, over the cells of the full resolution as stored.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Statistics {
    /// Cells with a value.
    pub valid: u64,
    /// Cells without.
    pub missing: u64,
    /// The smallest value; NaN when there is none.
    pub min: f64,
    /// The largest value; NaN when there is none.
    pub max: f64,
    /// The mean value; NaN when there is none.
    pub mean: f64,
}

/// Above this many uncompressed bytes the file is written as BigTIFF. Deflate may grow a tile by a
/// few bytes, never by a tenth.
const CLASSIC_BYTES_MAX: u64 = 3_800_000_000;
/// Room kept for the digits of the statistics, which are known last.
const STATISTICS_BYTES: usize = 1024;
/// Bytes before a tile (its length) and after it (its last bytes again), by which GDAL fetches a tile
/// in one request and notices a file edited since; a zlib stream is never shorter.
const AROUND: usize = 4;
const DEFLATE_LEVEL: u32 = 6;
const TILES: [usize; 2] = [256, 512];

/// Writes the raster that `read` hands out as a Cloud Optimized GeoTIFF.
///
/// `read` is asked for windows (column, row, columns, rows) within the raster and answers row by row,
/// NaN where missing; it is asked for every cell once for the full resolution and again for the
/// overviews, so it must answer the same each time. The same cells and layout give the same bytes.
/// Float cells are rounded to the nearest 4-byte float.
///
/// # Errors
/// Whatever `read` says; `raster.value_out_of_type` when a value (or the nodata value) is not one the
/// sample type can hold; `raster.value_is_nodata` when a real value would be taken for missing;
/// `raster.missing_without_nodata`; `raster.unsupported` for a layout GeoTIFF cannot express;
/// `raster.unwritten` when `out` fails.
pub fn write_cog<W: Write + Seek>(
    layout: &CogLayout,
    read: &mut dyn FnMut(usize, usize, usize, usize) -> Result<Vec<f64>, Problem>,
    out: W,
) -> Result<Statistics, Problem> {
    check(layout)?;
    let across_and_down = sizes(layout.columns, layout.rows, layout.tile, layout.overviews);
    let tiles: u64 = across_and_down.iter().map(|size| Table::for_size(*size, layout.tile).tiles as u64).sum();
    let tile_bytes = (layout.tile * layout.tile * layout.sample.bytes()) as u64;
    write_as(layout, read, out, tiles.saturating_mul(tile_bytes) > CLASSIC_BYTES_MAX)
}

fn write_as<W: Write + Seek>(
    layout: &CogLayout,
    read: &mut dyn FnMut(usize, usize, usize, usize) -> Result<Vec<f64>, Problem>,
    mut out: W,
    big: bool,
) -> Result<Statistics, Problem> {
    let mut read = |column, row, columns, rows| read(column, row, columns, rows);
    let levels = sizes(layout.columns, layout.rows, layout.tile, layout.overviews);
    let mut tables: Vec<Table> = levels.iter().map(|size| Table::for_size(*size, layout.tile)).collect();
    let room = front(&ghost(), directories(layout, &tables, None), big).len() + STATISTICS_BYTES;
    let mut pyramid = Pyramid::of(levels, layout.overviews, layout.tile, &mut read);
    pyramid.keep()?;

    let mut at = room.next_multiple_of(16) as u64;
    out.write_all(&vec![0; at as usize]).map_err(unwritten)?;
    let mut summary = Summary::default();
    // The smallest copy first: the order in which a viewer asks for them.
    for level in (0..pyramid.sizes.len()).rev() {
        let (columns, rows) = pyramid.sizes[level];
        let full = level == 0;
        for row in (0..rows).step_by(layout.tile) {
            let high = layout.tile.min(rows - row);
            for column in (0..columns).step_by(layout.tile) {
                let wide = layout.tile.min(columns - column);
                let cells = pyramid.window(level, column, row, wide, high)?;
                let place = full.then_some((column, row));
                let stored = store(layout, &cells, wide, place)?;
                if full {
                    summary.take(&stored, wide, row, layout.tile);
                }
                let bytes = compress(&encode(layout, &stored, wide)).map_err(unwritten)?;
                let leader = (bytes.len() as u32).to_le_bytes();
                let trailer = &bytes[bytes.len() - AROUND..];
                out.write_all(&leader).and_then(|()| out.write_all(&bytes)).and_then(|()| out.write_all(trailer)).map_err(unwritten)?;
                tables[level].offsets.push(at + AROUND as u64);
                tables[level].counts.push(bytes.len() as u64);
                at += (bytes.len() + 2 * AROUND) as u64;
            }
        }
    }
    let statistics = summary.finish();
    let mut head = front(&ghost(), directories(layout, &tables, Some(&statistics)), big);
    assert!(head.len() <= room, "the front of the file outgrew the room kept for it");
    head.resize(room, 0);
    out.seek(SeekFrom::Start(0)).and_then(|_| out.write_all(&head)).and_then(|()| out.seek(SeekFrom::End(0))).and_then(|_| out.flush()).map_err(unwritten)?;
    Ok(statistics.figures)
}

/// GDAL's note to readers about the layout; the number counts the bytes after its own line.
fn ghost() -> String {
    let said = "LAYOUT=IFDS_BEFORE_DATA\nBLOCK_ORDER=ROW_MAJOR\nBLOCK_LEADER=SIZE_AS_UINT4\nBLOCK_TRAILER=LAST_4_BYTES_REPEATED\n\
        KNOWN_INCOMPATIBLE_EDITION=NO\n ";
    format!("GDAL_STRUCTURAL_METADATA_SIZE={:06} bytes\n{said}", said.len())
}

impl CogSample {
    fn bytes(self) -> usize {
        match self {
            CogSample::U8 => 1,
            CogSample::U16 | CogSample::I16 => 2,
            CogSample::F32 => 4,
        }
    }

    /// As the problems and tables name it.
    fn name(self) -> &'static str {
        match self {
            CogSample::U8 => "uint8",
            CogSample::U16 => "uint16",
            CogSample::I16 => "int16",
            CogSample::F32 => "float32",
        }
    }

    /// The value as the type holds it, when it can: a whole number in range, or the nearest float.
    fn hold(self, value: f64) -> Option<f64> {
        let (low, high) = match self {
            CogSample::U8 => (0.0, 255.0),
            CogSample::U16 => (0.0, 65_535.0),
            CogSample::I16 => (-32_768.0, 32_767.0),
            CogSample::F32 => return Some(f64::from(value as f32)).filter(|held| held.is_finite()),
        };
        // Adding zero turns a negative zero into zero.
        (value.fract() == 0.0 && (low..=high).contains(&value)).then_some(value + 0.0)
    }

    fn range(self) -> Text {
        match self {
            CogSample::U8 => text("0 到 255 的整数", "a whole number from 0 to 255"),
            CogSample::U16 => text("0 到 65535 的整数", "a whole number from 0 to 65535"),
            CogSample::I16 => text("-32768 到 32767 的整数", "a whole number from -32768 to 32767"),
            CogSample::F32 => text("绝对值不超过 3.4e38 的有限数", "a finite number of at most 3.4e38 in size"),
        }
    }
}

fn check(layout: &CogLayout) -> Result<(), Problem> {
    assert!(TILES.contains(&layout.tile), "tiles are 256 or 512 cells wide");
    let unfit = |why: Text| {
        Err(Problem::error("raster.unsupported", Text::of(format!("无法写成 GeoTIFF：{}", why.zh), format!("this cannot be a GeoTIFF: {}", why.en))))
    };
    let [x0, dx, rx, y0, ry, dy] = layout.transform;
    if layout.columns == 0 || layout.rows == 0 || u32::try_from(layout.columns.max(layout.rows)).is_err() {
        let (columns, rows) = (layout.columns, layout.rows);
        return unfit(words!("{columns} 列 {rows} 行", "{columns} columns and {rows} rows"));
    }
    if !(x0.is_finite() && y0.is_finite() && dx.is_finite() && dy.is_finite() && dx > 0.0 && dy < 0.0 && rx == 0.0 && ry == 0.0) {
        return unfit(text("格网不是北在上", "its grid is not north up"));
    }
    if !(1024..=32_766).contains(&layout.epsg) {
        let epsg = layout.epsg;
        return unfit(words!("EPSG:{epsg} 超出 GeoTIFF 可写的代码", "EPSG:{epsg} is not a code GeoTIFF can hold"));
    }
    match layout.nodata {
        Some(nodata) if !(nodata.is_nan() && layout.sample == CogSample::F32) && layout.sample.hold(nodata).is_none() => {
            Err(out_of_type(layout, nodata).key("nodata"))
        }
        _ => Ok(()),
    }
}

fn out_of_type(layout: &CogLayout, value: f64) -> Problem {
    let name = layout.sample.name();
    Problem::error("raster.value_out_of_type", words!("数值 {value} 无法存为 {name}", "the value {value} cannot be stored as {name}"))
        .expect(layout.sample.range())
        .fix(text("改用能容纳该数值的类型（如 float32），或检查数值的来历", "store it in a wider type such as float32, or look at where the value comes from"))
}

/// The cells as they will be read back, NaN where missing. `place` is the first cell's, given for the
/// full resolution; smaller copies are rounded to the type, since a mean of classes need not be one.
fn store(layout: &CogLayout, cells: &[f64], wide: usize, place: Option<(usize, usize)>) -> Result<Vec<f64>, Problem> {
    let missing = layout.nodata.filter(|nodata| !nodata.is_nan()).and_then(|nodata| layout.sample.hold(nodata));
    let at = |problem: Problem, index: usize| match place {
        Some((column, row)) => problem.key(format!("column {}, row {}", column + index % wide, row + index / wide)),
        None => problem,
    };
    cells
        .iter()
        .enumerate()
        .map(|(index, &cell)| {
            if cell.is_nan() {
                return if layout.nodata.is_none() && layout.sample != CogSample::F32 { Err(at(missing_without_nodata(layout), index)) } else { Ok(f64::NAN) };
            }
            let cell = if place.is_none() && layout.sample != CogSample::F32 { cell.round() } else { cell };
            let held = layout.sample.hold(cell).ok_or_else(|| at(out_of_type(layout, cell), index))?;
            if place.is_some() && missing == Some(held) { Err(at(value_is_nodata(held), index)) } else { Ok(held) }
        })
        .collect()
}

fn value_is_nodata(value: f64) -> Problem {
    Problem::error(
        "raster.value_is_nodata",
        words!("有效值 {value} 与缺测值相同，写出后会被当作缺测", "the real value {value} is also the missing value and would be read as missing"),
    )
    .expect(text("不会作为有效值出现的缺测值", "a missing value that no cell can have"))
    .fix(text("另选缺测值", "choose another missing value"))
}

fn missing_without_nodata(layout: &CogLayout) -> Problem {
    let name = layout.sample.name();
    Problem::error(
        "raster.missing_without_nodata",
        words!("有缺测格网，而 {name} 图层没有设缺测值", "a cell is missing, and the {name} layer has no missing value"),
    )
    .expect(text("缺测值，或没有缺测的图层", "a missing value, or a layer without missing cells"))
    .fix(text("为该图层设缺测值", "give the layer a missing value"))
}

/// One tile as bytes, padded with missing cells, with the predictor applied row by row.
fn encode(layout: &CogLayout, stored: &[f64], wide: usize) -> Vec<u8> {
    let tile = layout.tile;
    let missing = layout.nodata.unwrap_or(if layout.sample == CogSample::F32 { f64::NAN } else { 0.0 });
    let mut line = vec![missing; tile];
    let mut out = Vec::with_capacity(tile * tile * layout.sample.bytes());
    for row in 0..tile {
        line.fill(missing);
        if let Some(cells) = stored.get(row * wide..(row + 1) * wide) {
            for (cell, &value) in line.iter_mut().zip(cells) {
                *cell = if value.is_nan() { missing } else { value };
            }
        }
        match layout.sample {
            CogSample::U8 => differences(&line, &mut out, |value| (value as u8).to_le_bytes(), |a, b| [a[0].wrapping_sub(b[0])]),
            CogSample::U16 => differences(&line, &mut out, |value| (value as u16).to_le_bytes(), less),
            CogSample::I16 => differences(&line, &mut out, |value| (value as i16).to_le_bytes(), less),
            CogSample::F32 => float_differences(&line, &mut out),
        }
    }
    out
}

fn less(a: [u8; 2], b: [u8; 2]) -> [u8; 2] {
    u16::from_le_bytes(a).wrapping_sub(u16::from_le_bytes(b)).to_le_bytes()
}

/// Predictor 2: each sample less the one before. The values have passed [`CogSample::hold`].
fn differences<const N: usize>(line: &[f64], out: &mut Vec<u8>, bytes: impl Fn(f64) -> [u8; N], less: impl Fn([u8; N], [u8; N]) -> [u8; N]) {
    let mut before = [0; N];
    for &value in line {
        let now = bytes(value);
        out.extend_from_slice(&less(now, before));
        before = now;
    }
}

/// Predictor 3 (Adobe Photoshop TIFF Technical Note 3): all highest bytes of the row, then the next
/// ones, and so on; then each byte less the one before.
fn float_differences(line: &[f64], out: &mut Vec<u8>) {
    let start = out.len();
    let wide = line.len();
    out.resize(start + wide * 4, 0);
    let row = &mut out[start..];
    for (column, &value) in line.iter().enumerate() {
        // One NaN for all: its sign and payload may differ between machines.
        let float = if value.is_nan() { f32::NAN } else { value as f32 };
        for (plane, byte) in float.to_be_bytes().into_iter().enumerate() {
            row[plane * wide + column] = byte;
        }
    }
    for index in (1..row.len()).rev() {
        row[index] = row[index].wrapping_sub(row[index - 1]);
    }
}

fn compress(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(DEFLATE_LEVEL));
    encoder.write_all(bytes)?;
    encoder.finish()
}

fn unwritten(error: io::Error) -> Problem {
    Problem::error("raster.unwritten", words!("栅格写出失败：{error}", "the raster could not be written: {error}"))
        .fix(text("检查磁盘空间与写权限后重试", "check the free space and the right to write, and try again"))
}

/// Where the tiles of one level went.
struct Table {
    size: (usize, usize),
    tiles: usize,
    offsets: Vec<u64>,
    counts: Vec<u64>,
}

impl Table {
    fn for_size(size: (usize, usize), tile: usize) -> Self {
        Self { size, tiles: size.0.div_ceil(tile) * size.1.div_ceil(tile), offsets: Vec::new(), counts: Vec::new() }
    }

    fn places(&self, of: &[u64]) -> Entry {
        Entry::Places(if of.is_empty() { vec![0; self.tiles] } else { of.to_vec() })
    }
}

fn directories(layout: &CogLayout, tables: &[Table], statistics: Option<&Summed>) -> Vec<Directory> {
    let mut made: Vec<Directory> = tables.iter().map(|table| image(layout, table)).collect();
    for overview in made.iter_mut().skip(1) {
        overview.push((254, Entry::Longs(vec![1])));
    }
    let [x0, dx, _, y0, _, dy] = layout.transform;
    let full = &mut made[0];
    full.push((33_550, Entry::Doubles(vec![dx, -dy, 0.0])));
    full.push((33_922, Entry::Doubles(vec![0.0, 0.0, 0.0, x0, y0, 0.0])));
    let citation = format!("{}|", layout.crs_citation.replace(['|', '\0'], " "));
    let (model, code) = if layout.geographic { (2, 2048) } else { (1, 3072) };
    let keys = [[1, 1, 0, 4], [1024, 0, 1, model], [1025, 0, 1, 1], [1026, 34_737, citation.len() as u16, 0], [code, 0, 1, layout.epsg as u16]];
    full.push((34_735, Entry::Shorts(keys.concat())));
    full.push((34_737, Entry::Words(citation)));
    let mut items = Items::new();
    for (name, value) in &layout.metadata {
        items.of_raster(name, value);
    }
    items.of_band("DESCRIPTION", "description", &layout.title);
    items.of_band("UNITTYPE", "unittype", &layout.unit);
    if let Some(summed) = statistics.filter(|summed| summed.figures.valid > 0) {
        for (name, value) in summed.named() {
            items.of_band(name, "", &value);
        }
    }
    full.push((GDAL_METADATA, Entry::Words(items.finish())));
    made
}

fn image(layout: &CogLayout, table: &Table) -> Directory {
    let (predictor, format) = match layout.sample {
        CogSample::U8 | CogSample::U16 => (2, 1),
        CogSample::I16 => (2, 2),
        CogSample::F32 => (3, 3),
    };
    let mut made = vec![
        (256, Entry::Longs(vec![table.size.0 as u32])),
        (257, Entry::Longs(vec![table.size.1 as u32])),
        (258, Entry::Shorts(vec![8 * layout.sample.bytes() as u16])),
        (259, Entry::Shorts(vec![8])),
        (262, Entry::Shorts(vec![1])),
        (277, Entry::Shorts(vec![1])),
        (284, Entry::Shorts(vec![1])),
        (317, Entry::Shorts(vec![predictor])),
        (322, Entry::Shorts(vec![layout.tile as u16])),
        (323, Entry::Shorts(vec![layout.tile as u16])),
        (324, table.places(&table.offsets)),
        (325, table.places(&table.counts)),
        (339, Entry::Shorts(vec![format])),
    ];
    if let Some(nodata) = layout.nodata.or((layout.sample == CogSample::F32).then_some(f64::NAN)) {
        let said = if nodata.is_nan() { "nan".to_owned() } else { number(nodata) };
        made.push((GDAL_NODATA, Entry::Words(said)));
    }
    made
}

/// As short as reads back the same.
fn number(value: f64) -> String {
    if value != 0.0 && !(1e-5..1e15).contains(&value.abs()) { format!("{value:e}") } else { format!("{value}") }
}

/// Sums row by row from left to right and then down, so that the tile size does not show.
#[derive(Default)]
struct Summary {
    lines: Vec<[f64; 2]>,
    first_line: usize,
    total: Option<Summed>,
}

struct Summed {
    figures: Statistics,
    sum: f64,
    squares: f64,
}

impl Summary {
    fn take(&mut self, stored: &[f64], wide: usize, row: usize, tile: usize) {
        if row != self.first_line || self.lines.is_empty() {
            self.close();
            self.first_line = row;
            self.lines = vec![[0.0; 2]; tile];
        }
        let total = self.total.get_or_insert_with(Summed::none);
        let figures = &mut total.figures;
        for (line, cells) in self.lines.iter_mut().zip(stored.chunks(wide)) {
            for &cell in cells {
                if cell.is_nan() {
                    figures.missing += 1;
                    continue;
                }
                figures.valid += 1;
                // `min` and `max` pass over the NaN they start from.
                figures.min = figures.min.min(cell);
                figures.max = figures.max.max(cell);
                line[0] += cell;
                line[1] += cell * cell;
            }
        }
    }

    fn close(&mut self) {
        if let Some(total) = &mut self.total {
            for [sum, squares] in self.lines.drain(..) {
                total.sum += sum;
                total.squares += squares;
            }
        }
    }

    fn finish(mut self) -> Summed {
        self.close();
        let mut total = self.total.unwrap_or_else(Summed::none);
        if total.figures.valid > 0 {
            total.figures.mean = total.sum / total.figures.valid as f64;
        }
        total
    }
}

impl Summed {
    fn none() -> Self {
        let figures = Statistics { valid: 0, missing: 0, min: f64::NAN, max: f64::NAN, mean: f64::NAN };
        Self { figures, sum: 0.0, squares: 0.0 }
    }

    /// As GDAL names them.
    fn named(&self) -> [(&'static str, String); 5] {
        let Statistics { valid, missing, min, max, mean } = self.figures;
        let spread = (self.squares / valid as f64 - mean * mean).max(0.0).sqrt();
        let share = 100.0 * valid as f64 / (valid + missing) as f64;
        [
            ("STATISTICS_MAXIMUM", number(max)),
            ("STATISTICS_MEAN", number(mean)),
            ("STATISTICS_MINIMUM", number(min)),
            ("STATISTICS_STDDEV", number(spread)),
            ("STATISTICS_VALID_PERCENT", number(share)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;
    use std::sync::Arc;

    use super::*;
    use crate::raster::Raster;

    #[test]
    fn a_big_file_differs_only_in_its_tables() {
        let layout = CogLayout {
            columns: 300,
            rows: 270,
            epsg: 4490,
            crs_citation: "China Geodetic Coordinate System 2000".to_owned(),
            geographic: true,
            transform: [118.0, 0.01, 0.0, 29.75, 0.0, -0.01],
            sample: CogSample::F32,
            nodata: Some(-9999.0),
            tile: 256,
            overviews: Overviews::Average,
            title: String::new(),
            unit: String::new(),
            metadata: Vec::new(),
        };
        let written = |big| {
            let mut read = |c: usize, r: usize, w: usize, h: usize| Ok((r..r + h).flat_map(|y| (c..c + w).map(move |x| (x * y % 97) as f64)).collect());
            let mut out = Cursor::new(Vec::new());
            write_as(&layout, &mut read, &mut out, big).unwrap();
            out.into_inner()
        };
        let [classic, big] = [written(false), written(true)];
        assert_eq!((classic[2], big[2]), (42, 43)); // the version numbers of TIFF and BigTIFF
        let [classic, big] = [classic, big].map(|bytes| Raster::open(Arc::new(bytes)).unwrap());
        assert_eq!(classic.info(), big.info());
        assert_eq!(classic.read(0, 0, 0, 300, 270).unwrap(), big.read(0, 0, 0, 300, 270).unwrap());
    }

    #[test]
    fn numbers_read_back_the_same() {
        for value in [-9999.0, 0.0, 0.1, -3.402_823_466_385_288_6e38, 1e15, 123_456_789.125, 2.5e-7] {
            assert_eq!(number(value).parse::<f64>().unwrap().to_bits(), value.to_bits(), "{}", number(value));
        }
        assert_eq!((number(-9999.0), number(-3.402_823_466_385_288_6e38)), ("-9999".to_owned(), "-3.4028234663852886e38".to_owned()));
    }
}

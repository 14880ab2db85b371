//! Opens a GeoTIFF and reads windows of it.

use std::sync::{Arc, PoisonError, RwLock};

use liangshan_vocab::{Problem, Text, text, words};
use tiff_reader::source::TiffSource;
use tiff_reader::{Ifd, OpenOptions, ParseBudgets, TiffError, TiffFile};

use super::georeference;
use super::metadata;
use super::source::{Bytes, ReadAt};
use crate::crs::CrsName;

/// One decoded tile or strip may not be larger: above it the file was not made to be read in parts.
const BLOCK_BYTES_MAX: usize = 1 << 30;
/// Decoded tiles kept for the next window of one raster.
const CACHE_BYTES: usize = 32 << 20;
const CACHE_BLOCKS: usize = 4096;

const NEW_SUBFILE_TYPE: u16 = 254;
const SUBFILE_MASK: u32 = 4;
const SUBFILE_REDUCED: u32 = 1;
const PHOTOMETRIC_YCBCR: u16 = 6;

/// How the cells are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Sample {
    U8,
    I8,
    U16,
    I16,
    U32,
    I32,
    F32,
    F64,
}

/// What a raster says about itself.
#[derive(Debug, Clone, PartialEq)]
pub struct RasterInfo {
    /// Cells across.
    pub columns: usize,
    /// Cells down.
    pub rows: usize,
    /// Bands, all of one size and one sample type.
    pub bands: usize,
    /// The reference system, as far as the file names it.
    pub crs: CrsName,
    /// `x0, dx, rx, y0, ry, dy` with (x0, y0) the outer corner of the first cell: `x = x0 + column·dx`,
    /// `y = y0 + row·dy`. Always `dx > 0`, `dy < 0`, `rx = ry = 0`; a file whose numbers stand for
    /// the cell's centre has been shifted by half a cell.
    pub transform: [f64; 6],
    /// The stored value that means missing. [`Raster::read`] has already turned it into NaN.
    pub nodata: Option<f64>,
    /// Factor of the first band from stored to real values. Not applied here.
    pub scale: Option<f64>,
    /// Addend of the first band from stored to real values, after the factor. Not applied here.
    pub offset: Option<f64>,
    /// How cells are stored.
    pub sample: Sample,
    /// Columns and rows of one tile, or of one strip.
    pub tile: (usize, usize),
}

/// A GeoTIFF opened for reading. Shared freely between threads.
///
/// Memory: the tables of the file, the tiles a window touches one at a time, and at most 32 MB of
/// tiles kept for the next window.
pub struct Raster {
    source: Arc<dyn TiffSource>,
    /// With the tiles that were decoded last.
    file: RwLock<Arc<TiffFile>>,
    info: RasterInfo,
    image: Blocks,
    mask: Option<Blocks>,
}

impl std::fmt::Debug for Raster {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Raster").field("info", &self.info).finish_non_exhaustive()
    }
}

/// Where the tiles or strips of one image lie.
struct Blocks {
    directory: usize,
    sample: Sample,
    bands: usize,
    planar: bool,
    columns: usize,
    rows: usize,
    block: (usize, usize),
    across: usize,
    down: usize,
    tiled: bool,
    offsets: Vec<u64>,
    counts: Vec<u64>,
}

impl Raster {
    /// Reads the header and the tables, checks that all tiles lie within the file, decodes none.
    ///
    /// Of a file with several images the first is read, as GDAL does; an internal mask is honoured.
    ///
    /// # Errors
    /// Without a file name: `raster.unreadable` (not a TIFF, or a broken one), `raster.truncated`
    /// (bytes are missing), `raster.unsupported` (compression, sample type, rotated grid),
    /// `raster.no_georeference`.
    pub fn open(source: Arc<dyn ReadAt>) -> Result<Self, Problem> {
        let source: Arc<dyn TiffSource> = Arc::new(Bytes::of(source));
        let len = source.len();
        let file = opened(&source).map_err(|error| unopened(&error))?;
        let ifd = file.ifd(0).map_err(|error| unopened(&error))?;
        let image = Blocks::of(ifd, 0)?;
        image.check_within(len)?;
        let mask = file.ifds().iter().enumerate().skip(1).find(|(_, other)| is_mask_of(ifd, other)).map(|(at, other)| Blocks::of(other, at)).transpose()?;
        if let Some(mask) = &mask {
            mask.check_within(len)?;
        }
        let [scale, offset] = metadata::scale_and_offset(ifd)?;
        let info = RasterInfo {
            columns: image.columns,
            rows: image.rows,
            bands: image.bands,
            crs: georeference::crs(ifd),
            transform: georeference::transform(ifd)?,
            nodata: metadata::nodata(ifd)?,
            scale,
            offset,
            sample: image.sample,
            tile: image.block,
        };
        Ok(Self { source, file: RwLock::new(Arc::new(file)), info, image, mask })
    }

    /// Lets go of the tiles that are kept for the next window: for whoever keeps a raster at hand without
    /// reading it. The next window decodes its tiles again.
    pub fn rest(&self) {
        if let Ok(fresh) = opened(&self.source) {
            *self.file.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(fresh);
        }
    }

    /// What the file says about itself.
    pub fn info(&self) -> &RasterInfo {
        &self.info
    }

    /// A window of one band (counted from 0), row by row, as stored: scale and offset are not
    /// applied. Missing cells are NaN: the nodata value, NaN itself, cells under the file's mask, and
    /// holes of a sparse file that has a nodata value (without one a hole is 0, as GDAL reads it).
    ///
    /// # Errors
    /// `raster.no_such_band`; `raster.truncated` when a tile cannot be decoded, with its number and
    /// first cell; `raster.unreadable` when the source fails.
    ///
    /// # Panics
    /// If the window reaches outside the raster: whoever plans windows knows [`RasterInfo`].
    pub fn read(&self, band: usize, column: usize, row: usize, columns: usize, rows: usize) -> Result<Vec<f64>, Problem> {
        let info = &self.info;
        let fits = |start: usize, count: usize, all: usize| start.checked_add(count).is_some_and(|end| end <= all);
        assert!(fits(column, columns, info.columns) && fits(row, rows, info.rows), "the window reaches outside the raster");
        if band >= info.bands {
            let (wanted, bands) = (band + 1, info.bands);
            return Err(Problem::error("raster.no_such_band", words!("栅格没有第 {wanted} 波段", "the raster has no band {wanted}"))
                .expect(words!("1 到 {bands} 之间的波段", "a band from 1 to {bands}"))
                .fix(text("改正所指的波段号", "correct the band number that refers to it")));
        }
        let window = Window { column, row, columns, rows };
        let hole = if info.nodata.is_some() { f64::NAN } else { 0.0 };
        let file = Arc::clone(&self.file.read().unwrap_or_else(PoisonError::into_inner));
        let mut cells = self.image.read(&file, band, &window, hole)?;
        if let Some(nodata) = info.nodata.map(|nodata| as_stored(nodata, info.sample)).filter(|nodata| !nodata.is_nan()) {
            for cell in &mut cells {
                if *cell == nodata {
                    *cell = f64::NAN;
                }
            }
        }
        if let Some(mask) = &self.mask {
            let shown = mask.read(&file, band.min(mask.bands - 1), &window, 0.0)?;
            for (cell, shown) in cells.iter_mut().zip(shown) {
                if shown == 0.0 {
                    *cell = f64::NAN;
                }
            }
        }
        Ok(cells)
    }
}

fn opened(source: &Arc<dyn TiffSource>) -> Result<TiffFile, TiffError> {
    let options = OpenOptions {
        block_cache_bytes: CACHE_BYTES,
        block_cache_slots: CACHE_BLOCKS,
        decode_output_bytes: BLOCK_BYTES_MAX,
        parse_budgets: ParseBudgets { max_ifds: 1024, max_ifd_entries: 4096, ..ParseBudgets::default() },
    };
    TiffFile::from_source_with_options(Arc::clone(source), options)
}

/// The nodata value is written in decimal digits; a 4-byte cell holds the nearest it can.
fn as_stored(nodata: f64, sample: Sample) -> f64 {
    if sample == Sample::F32 { f64::from(nodata as f32) } else { nodata }
}

fn is_mask_of(image: &Ifd, other: &Ifd) -> bool {
    let kind = other.tag(NEW_SUBFILE_TYPE).and_then(|tag| tag.value.as_u32()).unwrap_or(0);
    kind & SUBFILE_MASK != 0 && kind & SUBFILE_REDUCED == 0 && (image.width(), image.height()) == (other.width(), other.height())
}

struct Window {
    column: usize,
    row: usize,
    columns: usize,
    rows: usize,
}

impl Blocks {
    fn of(ifd: &Ifd, directory: usize) -> Result<Self, Problem> {
        let codec = ifd.compression();
        if !matches!(codec, 1 | 5 | 8 | 32_773 | 32_946 | 50_000) {
            let name = codec_name(codec);
            return Err(unsupported(Text::of(format!("压缩方式 {name}"), format!("compression {name}"))));
        }
        if ifd.photometric_interpretation() == Some(PHOTOMETRIC_YCBCR) {
            return Err(unsupported(text("YCbCr 彩色", "YCbCr colour")));
        }
        let layout = ifd.raster_layout().map_err(|error| unopened(&error))?;
        let sample = match (layout.sample_format, layout.bits_per_sample) {
            (1, 1..=8) => Sample::U8,
            (1, 9..=16) => Sample::U16,
            (1, 32) => Sample::U32,
            (2, 8) => Sample::I8,
            (2, 16) => Sample::I16,
            (2, 32) => Sample::I32,
            (3, 32) => Sample::F32,
            (3, 64) => Sample::F64,
            (format, bits) => {
                let kind = ["", "uint", "int", "float"].get(usize::from(format)).copied().unwrap_or("sample");
                return Err(unsupported(Text::of(format!("数据类型 {kind}{bits}"), format!("sample type {kind}{bits}"))));
            }
        };
        let tiled = ifd.is_tiled();
        let block = if tiled {
            (ifd.tile_width().unwrap_or(0) as usize, ifd.tile_height().unwrap_or(0) as usize)
        } else {
            (layout.width, (ifd.rows_per_strip() as usize).min(layout.height))
        };
        if block.0 == 0 || block.1 == 0 {
            return Err(unreadable(text("瓦片或条带的大小为零", "its tiles or strips have no size")));
        }
        let samples = if layout.planar_configuration == 2 { 1 } else { layout.samples_per_pixel };
        let block_bytes = [block.0, block.1, samples, layout.bytes_per_sample].iter().try_fold(1_usize, |bytes, n| bytes.checked_mul(*n));
        if block_bytes.is_none_or(|bytes| bytes > BLOCK_BYTES_MAX) {
            return Err(unsupported(text("单个瓦片或条带解码后超过 1 GiB", "a single tile or strip of more than 1 GiB")));
        }
        let (across, down) = (layout.width.div_ceil(block.0), layout.height.div_ceil(block.1));
        let planar = layout.planar_configuration == 2;
        let (offsets, counts) = if tiled { (ifd.tile_offsets(), ifd.tile_byte_counts()) } else { (ifd.strip_offsets(), ifd.strip_byte_counts()) };
        let (offsets, counts) = (offsets.unwrap_or_default(), counts.unwrap_or_default());
        let planes = if planar { layout.samples_per_pixel } else { 1 };
        let wanted = across.checked_mul(down).and_then(|blocks| blocks.checked_mul(planes));
        if wanted != Some(offsets.len()) || wanted != Some(counts.len()) {
            let (has, sizes, wants) = (offsets.len(), counts.len(), wanted.map_or_else(|| "?".to_owned(), |n| n.to_string()));
            return Err(unreadable(words!(
                "应有 {wants} 个瓦片或条带，表中却有 {has} 个位置、{sizes} 个长度",
                "it should have {wants} tiles or strips, but its tables list {has} places and {sizes} lengths"
            )));
        }
        Ok(Self {
            directory,
            sample,
            bands: layout.samples_per_pixel,
            planar,
            columns: layout.width,
            rows: layout.height,
            block,
            across,
            down,
            tiled,
            offsets,
            counts,
        })
    }

    /// A hole: nothing is stored for this block.
    fn is_hole(&self, index: usize) -> bool {
        self.offsets[index] == 0 || self.counts[index] == 0
    }

    fn missing_bytes(&self, index: usize, len: u64) -> u64 {
        if self.is_hole(index) { 0 } else { self.offsets[index].saturating_add(self.counts[index]).saturating_sub(len).min(self.counts[index]) }
    }

    /// The first block in file order that reaches past the end, and how many do.
    fn check_within(&self, len: u64) -> Result<(), Problem> {
        let mut beyond = (0..self.offsets.len()).filter(|index| self.missing_bytes(*index, len) > 0).peekable();
        let Some(first) = beyond.peek().copied() else { return Ok(()) };
        let missing = beyond.try_fold((0_u64, 0_u64), |(blocks, bytes), index| Some((blocks + 1, bytes.saturating_add(self.missing_bytes(index, len)))));
        let (blocks, bytes) = missing.unwrap_or_default();
        let all = self.offsets.len();
        let place = self.place(first);
        Err(truncated(Text::of(
            format!("栅格不完整：{all} 个数据块中有 {blocks} 个超出文件末尾，共缺 {bytes} 字节，首先是{}", place.zh),
            format!("the raster is cut short: {blocks} of {all} blocks reach past the end of the file, {bytes} bytes are missing, first {}", place.en),
        ))
        .key(self.name(first)))
    }

    fn name(&self, index: usize) -> String {
        format!("{} {index}", if self.tiled { "tile" } else { "strip" })
    }

    /// A block as a person finds it.
    fn place(&self, index: usize) -> Text {
        let in_plane = index % (self.across * self.down);
        let (column, row) = (in_plane % self.across * self.block.0, in_plane / self.across * self.block.1);
        if self.tiled {
            words!("瓦片 {index}（自列 {column}、行 {row} 起）", "tile {index} (from column {column}, row {row})")
        } else {
            words!("条带 {index}（自行 {row} 起）", "strip {index} (from row {row})")
        }
    }

    fn read(&self, file: &TiffFile, band: usize, window: &Window, hole: f64) -> Result<Vec<f64>, Problem> {
        let mut cells = vec![hole; window.columns * window.rows];
        if cells.is_empty() {
            return Ok(cells);
        }
        let (wide, high) = self.block;
        let plane = if self.planar { band * self.across * self.down } else { 0 };
        for down in window.row / high..=(window.row + window.rows - 1) / high {
            for across in window.column / wide..=(window.column + window.columns - 1) / wide {
                let index = plane + down * self.across + across;
                if self.is_hole(index) {
                    continue;
                }
                let (left, top) = ((across * wide).max(window.column), (down * high).max(window.row));
                let right = (across * wide).saturating_add(wide).min(window.column + window.columns);
                let bottom = (down * high).saturating_add(high).min(window.row + window.rows);
                let bytes =
                    file.read_band_window_bytes(self.directory, band, top, left, bottom - top, right - left).map_err(|error| self.undecoded(index, &error))?;
                let start = (top - window.row) * window.columns + (left - window.column);
                spread(&bytes, self.sample, &mut cells[start..], right - left, window.columns);
            }
        }
        Ok(cells)
    }

    fn undecoded(&self, index: usize, error: &TiffError) -> Problem {
        let place = self.place(index);
        if let TiffError::Io(error, _) = error {
            return unreadable(words!("读取时出错：{error}", "reading failed: {error}")).key(self.name(index));
        }
        let bytes = self.counts[index];
        truncated(Text::of(
            format!("栅格的{}无法解码，其 {bytes} 字节残缺或损坏：{error}", place.zh),
            format!("{} of the raster cannot be decoded, its {bytes} bytes are incomplete or damaged: {error}", place.en),
        ))
        .key(self.name(index))
    }
}

/// Turns native-endian samples into numbers, row by row, into a wider grid.
fn spread(bytes: &[u8], sample: Sample, cells: &mut [f64], columns: usize, stride: usize) {
    fn each<const N: usize>(bytes: &[u8], cells: &mut [f64], columns: usize, stride: usize, number: impl Fn([u8; N]) -> f64) {
        for (row, line) in bytes.as_chunks::<N>().0.chunks(columns).enumerate() {
            for (cell, stored) in cells[row * stride..].iter_mut().zip(line) {
                *cell = number(*stored);
            }
        }
    }
    match sample {
        Sample::U8 => each(bytes, cells, columns, stride, |[byte]: [u8; 1]| f64::from(byte)),
        Sample::I8 => each(bytes, cells, columns, stride, |byte| f64::from(i8::from_ne_bytes(byte))),
        Sample::U16 => each(bytes, cells, columns, stride, |pair| f64::from(u16::from_ne_bytes(pair))),
        Sample::I16 => each(bytes, cells, columns, stride, |pair| f64::from(i16::from_ne_bytes(pair))),
        Sample::U32 => each(bytes, cells, columns, stride, |four| f64::from(u32::from_ne_bytes(four))),
        Sample::I32 => each(bytes, cells, columns, stride, |four| f64::from(i32::from_ne_bytes(four))),
        Sample::F32 => each(bytes, cells, columns, stride, |four| f64::from(f32::from_ne_bytes(four))),
        Sample::F64 => each(bytes, cells, columns, stride, f64::from_ne_bytes),
    }
}

fn codec_name(code: u16) -> String {
    let name = match code {
        2..=4 => "CCITT",
        6 | 7 => "JPEG",
        34_712 => "JPEG2000",
        34_887 => "LERC",
        34_925 => "LZMA",
        50_001 => "WEBP",
        50_002 => "JPEG XL",
        _ => return code.to_string(),
    };
    name.to_owned()
}

fn unopened(error: &TiffError) -> Problem {
    match error {
        TiffError::InvalidMagic | TiffError::UnsupportedVersion(_) => unreadable(text("这不是 TIFF 文件", "this is not a TIFF file")),
        TiffError::Truncated { offset, .. } | TiffError::OffsetOutOfBounds { offset, .. } if *offset < 16 => {
            unreadable(text("这不是 TIFF 文件：连文件头都不完整", "this is not a TIFF file: not even its header is whole"))
        }
        TiffError::Truncated { offset, needed: length, available: len } => beyond(*offset, *length, offset.saturating_add(*len)),
        TiffError::OffsetOutOfBounds { offset, length, data_len } => beyond(*offset, *length, *data_len),
        TiffError::UnsupportedCompression(code) => {
            let name = codec_name(*code);
            unsupported(Text::of(format!("压缩方式 {name}"), format!("compression {name}")))
        }
        TiffError::UnsupportedPredictor(_)
        | TiffError::UnsupportedPlanarConfiguration(_)
        | TiffError::UnsupportedBitsPerSample(_)
        | TiffError::UnsupportedSampleFormat(_) => unsupported(Text::same(error.to_string())),
        other => unreadable(Text::of(format!("文件头有误：{other}"), format!("its header is broken: {other}"))),
    }
}

fn beyond(offset: u64, length: u64, len: u64) -> Problem {
    let missing = offset.saturating_add(length).saturating_sub(len);
    truncated(words!(
        "栅格不完整：目录位于第 {offset} 字节，而文件只有 {len} 字节，至少缺 {missing} 字节",
        "the raster is cut short: its directory is at byte {offset}, but the file has {len} bytes; at least {missing} are missing"
    ))
}

fn unreadable(why: Text) -> Problem {
    Problem::error("raster.unreadable", Text::of(format!("栅格无法读取：{}", why.zh), format!("the raster cannot be read: {}", why.en)))
        .expect(text("完好的 GeoTIFF 文件", "an intact GeoTIFF file"))
        .fix(text("用 gdalinfo 检查该文件，重新取得或重新导出", "look at it with gdalinfo; fetch or export it again"))
}

fn truncated(what: Text) -> Problem {
    Problem::error("raster.truncated", what)
        .expect(text("完整的文件", "the whole file"))
        .fix(text("重新下载或复制该文件，并核对字节数", "download or copy it again and compare the number of bytes"))
}

fn unsupported(why: Text) -> Problem {
    Problem::error("raster.unsupported", Text::of(format!("不支持这种栅格：{}", why.zh), format!("this raster is not supported: {}", why.en)))
        .expect(text(
            "8 至 32 位整数或 32、64 位浮点数；不压缩或用 deflate、LZW、zstd、PackBits 压缩",
            "integers of 8 to 32 bits or floats of 32 or 64; uncompressed, deflate, LZW, zstd or PackBits",
        ))
        .fix(text(
            "用 gdal_translate -co COMPRESS=DEFLATE -co TILED=YES（需要时加 -ot）转换后再试",
            "convert it with gdal_translate -co COMPRESS=DEFLATE -co TILED=YES (and -ot where needed) and try again",
        ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads all there is, the way a caller would; the answer is not looked at.
    fn read_all(bytes: &[u8]) -> Result<(), Problem> {
        let raster = Raster::open(Arc::new(bytes.to_vec()))?;
        let info = raster.info().clone();
        for band in 0..info.bands.min(3) {
            // A broken header may promise any size; the window is what a block of work would be.
            raster.read(band, 0, 0, info.columns.min(64), info.rows.min(64))?;
            let (column, row) = (info.columns.saturating_sub(40), info.rows.saturating_sub(30));
            raster.read(band, column, row, info.columns - column, info.rows - row)?;
        }
        Ok(())
    }

    #[test]
    fn damaged_bytes_are_a_problem_and_never_a_panic() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/raster");
        let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.retain(|path| path.extension().is_some_and(|end| end == "tif"));
        files.sort();
        assert!(files.len() > 60);
        // More by hand: LIANGSHAN_DAMAGE=20000 makes 2.5 million damaged files in under a minute.
        let times = std::env::var("LIANGSHAN_DAMAGE").ok().and_then(|times| times.parse().ok()).unwrap_or(60);
        let (mut read, mut refused) = (0_u32, 0_u32);
        for path in files {
            let good = std::fs::read(&path).unwrap();
            let mut try_one = |bytes: &[u8]| match std::panic::catch_unwind(|| read_all(bytes)) {
                Ok(Ok(())) => read += 1,
                Ok(Err(problem)) => {
                    assert!(problem.code.starts_with("raster.") && !problem.what.is_empty());
                    refused += 1;
                }
                Err(_) => {
                    std::fs::write(std::env::temp_dir().join("liangshan-damaged.tif"), bytes).unwrap();
                    panic!("{} with damage kept in the temporary folder", path.display());
                }
            };
            crate::mangled::each(&good, times, &mut try_one);
            // Once more in the directory alone, where every bit has a meaning.
            let front = good.len().min(400);
            crate::mangled::each(&good[..front], times, |bytes| try_one(&[bytes, &good[front..]].concat()));
        }
        assert!(read > 500 && refused > 500, "the damage should sometimes show and sometimes not: {read} read, {refused} refused");
    }
}

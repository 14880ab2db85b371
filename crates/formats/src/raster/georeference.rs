//! Where a raster lies: its reference system and its geotransform, from the GeoTIFF tags.
//!
//! Source: OGC 19-008r4, GeoTIFF 1.1 (key directory, tie points, pixel scale, raster type); the order
//! of the six numbers and the half-pixel shift of point rasters follow GDAL's raster data model.

use liangshan_vocab::{Problem, Text, text};
use tiff_reader::{Ifd, TagValue};

use crate::crs::CrsName;

const MODEL_PIXEL_SCALE: u16 = 33_550;
const MODEL_TIEPOINT: u16 = 33_922;
const MODEL_TRANSFORMATION: u16 = 34_264;
const KEY_DIRECTORY: u16 = 34_735;
const KEY_ASCII: u16 = 34_737;

const KEY_MODEL_TYPE: u16 = 1024;
const KEY_RASTER_TYPE: u16 = 1025;
const KEY_CITATION: u16 = 1026;
const KEY_GEOGRAPHIC: u16 = 2048;
const KEY_GEOGRAPHIC_CITATION: u16 = 2049;
const KEY_PROJECTED: u16 = 3072;
const KEY_PROJECTED_CITATION: u16 = 3073;

const MODEL_PROJECTED: u16 = 1;
const MODEL_GEOGRAPHIC: u16 = 2;
const RASTER_PIXEL_IS_POINT: u16 = 2;
/// Codes from 1024 to here are EPSG's; above are "user-defined" and private ones.
const EPSG_CODES: std::ops::RangeInclusive<u16> = 1024..=32_766;

/// The keys we read; a key that is not there is `None`.
#[derive(Default)]
struct Keys {
    model: Option<u16>,
    raster: Option<u16>,
    geographic: Option<u16>,
    projected: Option<u16>,
    citation: Option<String>,
}

/// Reads the key directory: rows of (key, where, count, value), the first one a header.
fn keys(ifd: &Ifd) -> Option<Keys> {
    let directory = ifd.tag(KEY_DIRECTORY)?.value.as_u16_slice()?;
    let ascii = ifd.tag(KEY_ASCII).and_then(|tag| tag.value.as_str()).unwrap_or_default();
    let mut found = Keys::default();
    let mut citations: [Option<String>; 3] = Default::default();
    for row in directory.as_chunks::<4>().0.iter().skip(1) {
        let [key, place, count, value] = *row;
        let words = || {
            let start = usize::from(value);
            let said = ascii.get(start..start + usize::from(count))?.trim_end_matches(['|', '\0']).trim();
            (place == KEY_ASCII && !said.is_empty()).then(|| said.to_owned())
        };
        let code = (place == 0).then_some(value);
        match key {
            KEY_MODEL_TYPE => found.model = code,
            KEY_RASTER_TYPE => found.raster = code,
            KEY_GEOGRAPHIC => found.geographic = code,
            KEY_PROJECTED => found.projected = code,
            KEY_PROJECTED_CITATION => citations[0] = words(),
            KEY_CITATION => citations[1] = words(),
            KEY_GEOGRAPHIC_CITATION => citations[2] = words(),
            _ => {}
        }
    }
    found.citation = citations.into_iter().flatten().next();
    Some(found)
}

/// The reference system named by the keys.
pub(super) fn crs(ifd: &Ifd) -> CrsName {
    let Some(keys) = keys(ifd) else { return CrsName::Missing };
    let code = match keys.model {
        Some(MODEL_PROJECTED) => keys.projected,
        Some(MODEL_GEOGRAPHIC) => keys.geographic,
        Some(_) => None,
        // Some writers leave the model type out and give only the code.
        None => keys.projected.or(keys.geographic),
    };
    match code {
        Some(code) if EPSG_CODES.contains(&code) => CrsName::Epsg(u32::from(code)),
        None if keys.model.is_none_or(|model| model == 0) && keys.citation.is_none() => CrsName::Missing,
        _ => CrsName::Unknown(keys.citation.unwrap_or_else(|| code.map_or_else(String::new, |code| format!("code {code}")))),
    }
}

fn numbers(ifd: &Ifd, tag: u16) -> Option<Vec<f64>> {
    match &ifd.tag(tag)?.value {
        TagValue::Double(values) => Some(values.clone()),
        other => other.as_f64_vec(),
    }
}

/// The geotransform `x0, dx, rx, y0, ry, dy` of the outer corner of the first cell.
///
/// # Errors
/// `raster.no_georeference` when there is none or it is not finite; `raster.unsupported` when the
/// grid is rotated, mirrored or held only by ground control points.
pub(super) fn transform(ifd: &Ifd) -> Result<[f64; 6], Problem> {
    let point = keys(ifd).and_then(|keys| keys.raster) == Some(RASTER_PIXEL_IS_POINT);
    let mut found = if let Some(matrix) = numbers(ifd, MODEL_TRANSFORMATION).filter(|matrix| matrix.len() == 16) {
        [matrix[3], matrix[0], matrix[1], matrix[7], matrix[4], matrix[5]]
    } else {
        let tie = numbers(ifd, MODEL_TIEPOINT).unwrap_or_default();
        let scale = numbers(ifd, MODEL_PIXEL_SCALE).unwrap_or_default();
        match (tie.get(..6), scale.get(..2)) {
            (Some(tie), Some(scale)) => {
                let [dx, dy] = [scale[0], -scale[1]];
                [tie[3] - tie[0] * dx, dx, 0.0, tie[4] - tie[1] * dy, 0.0, dy]
            }
            (Some(_), None) => return Err(not_a_grid(text("只有控制点，没有格网", "it has ground control points and no grid"))),
            _ => return Err(no_georeference()),
        }
    };
    if !found.iter().all(|number| number.is_finite()) || found[1] == 0.0 || found[5] == 0.0 {
        return Err(no_georeference());
    }
    if found[2] != 0.0 || found[4] != 0.0 {
        return Err(not_a_grid(text("格网是旋转的", "its grid is rotated")));
    }
    if found[1] < 0.0 || found[5] > 0.0 {
        return Err(not_a_grid(text("格网是镜像的（列不向东或行不向南）", "its grid is mirrored: columns must run east and rows south")));
    }
    if point {
        found[0] -= found[1] / 2.0;
        found[3] -= found[5] / 2.0;
    }
    Ok(found)
}

fn no_georeference() -> Problem {
    Problem::error("raster.no_georeference", text("栅格没有地理参考，不知道位于何处", "the raster does not say where it lies"))
        .expect(text("GeoTIFF 的像元大小与连接点（或变换矩阵）", "a GeoTIFF pixel scale with a tie point, or a transformation matrix"))
        .fix(text(
            "用 gdal_translate -a_ullr 左 上 右 下 -a_srs EPSG:代码 写入地理参考后再试",
            "write one with gdal_translate -a_ullr LEFT TOP RIGHT BOTTOM -a_srs EPSG:CODE and try again",
        ))
}

fn not_a_grid(why: Text) -> Problem {
    Problem::error("raster.unsupported", Text::of(format!("不支持这种栅格：{}", why.zh), format!("this raster is not supported: {}", why.en)))
        .expect(text("行列与坐标轴平行、北在上的格网", "a grid with rows and columns along the axes, north up"))
        .fix(text("用 gdalwarp 转成北在上的格网后再试", "turn it north up with gdalwarp and try again"))
}

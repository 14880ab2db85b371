//! Sites from the bytes of a file, by what the bytes are and not by what the file is called.

use liangshan_formats::vector::{Layer, read_geojson, read_geopackage};
use liangshan_space::Crs;
use liangshan_vocab::{Text, words};

use super::sites::{Asked, Refused, Sites, sites_of};
use crate::ground::layer_crs;
use crate::region::Region;

/// Reads the sites of a file.
///
/// # Errors
/// Those of its format; everything that [`sites_of`] tells.
pub fn read_sites(bytes: &[u8], region: &Region, asked: &Asked) -> Result<Sites, Refused> {
    let (layer, format) = if bytes.starts_with(b"SQLite format 3\0") {
        (read_geopackage(bytes, asked.layer.as_deref())?, "GeoPackage")
    } else {
        (read_geojson(bytes)?, "GeoJSON")
    };
    let crs = layer_crs(&layer, asked.crs.map(|c| c.to_string()).as_deref().unwrap_or(""))?;
    sites_of(&layer, &crs, said(format, &layer, &crs), region, asked)
}

/// What was recognised.
fn said(format: &str, layer: &Layer, crs: &Crs) -> Text {
    let (count, name) = (layer.features.len(), crs.name());
    words!("{format}，{count} 个要素，{crs}（{name}），先东坐标后北坐标", "{format}, {count} features, {crs} ({name}), easting before northing")
}

//! GeoPackage 1.3 (OGC 12-128r17) in memory: an SQLite file as bytes, in and out.

mod definition;
mod described;
mod read;
mod write;

use liangshan_vocab::{Problem, text, words};

pub use described::{FieldNotes, LayerNotes, LayerStyle};
pub use read::{geopackage_layers, read_geopackage};
pub use write::{write_described, write_geopackage};

/// `GPKG`, the application id of the file.
const APPLICATION_ID: i32 = 0x4750_4b47;
/// Version 1.3.0.
const USER_VERSION: i32 = 10_300;

/// A name as SQL wants it.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// What SQLite says about a file it cannot read.
fn unreadable(fault: &rusqlite::Error) -> Problem {
    Problem::error("vector.unreadable", words!("GeoPackage 无法读取：{fault}", "the GeoPackage cannot be read: {fault}"))
        .expect(text("完好的 GeoPackage 文件", "a sound GeoPackage"))
        .fix(text("在地理信息软件中打开检查，重新复制或导出", "check it in a GIS, and copy or export it again"))
}

#[cfg(test)]
mod tests;

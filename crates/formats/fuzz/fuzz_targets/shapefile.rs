//! Reads any bytes as a zipped Shapefile; what is read can be written as a GeoPackage.
#![no_main]

use liangshan_formats::vector::{read_shapefile, write_geopackage};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(layer) = read_shapefile(bytes) else { return };
    let _ = write_geopackage(std::slice::from_ref(&layer), "2020-01-01T00:00:00.000Z");
});

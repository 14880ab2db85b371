//! Reads any bytes as GeoJSON; a layer that can be read can be written as a GeoPackage, and is read
//! back the same.
#![no_main]

use liangshan_formats::vector::{read_geojson, read_geopackage, write_geopackage};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(mut layer) = read_geojson(bytes) else { return };
    if let Ok(file) = write_geopackage(std::slice::from_ref(&layer), "2020-01-01T00:00:00.000Z") {
        layer.features.sort_by_key(|feature| feature.id);
        assert_eq!(read_geopackage(&file, None).expect("what is written is read"), layer);
    }
});

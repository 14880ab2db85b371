//! Reads every layer of any bytes that call themselves a GeoPackage.
#![no_main]

use liangshan_formats::vector::{geopackage_layers, read_geopackage};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for layer in geopackage_layers(bytes).unwrap_or_default() {
        let _ = read_geopackage(bytes, Some(&layer));
    }
});

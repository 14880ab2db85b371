//! Opens any bytes as a GeoTIFF and reads two blocks of each band.
#![no_main]

use std::sync::Arc;

use liangshan_formats::raster::Raster;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(raster) = Raster::open(Arc::new(bytes.to_vec())) else { return };
    let info = raster.info();
    let (columns, rows) = (info.columns.min(64), info.rows.min(64));
    for band in 0..info.bands.min(4) {
        let _ = raster.read(band, 0, 0, columns, rows);
        let _ = raster.read(band, info.columns - columns, info.rows - rows, columns, rows);
    }
});

//! Reads any bytes as pasted coordinates: WKT, the text of land offices, or pairs of numbers. What is read
//! has blocks, and every ring of them is closed by four corners or more of finite numbers.
#![no_main]

use liangshan_formats::coordinates::read_coordinates;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(drawn) = read_coordinates(bytes) else { return };
    assert!(!drawn.blocks.is_empty());
    for ring in drawn.blocks.iter().flat_map(|block| &block.polygons).flatten() {
        assert!(ring.len() >= 3 && ring.iter().all(|(x, y)| x.is_finite() && y.is_finite()), "{ring:?}");
    }
});

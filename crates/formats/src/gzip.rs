//! Bytes packed as gzip (RFC 1952), for whoever reads them over HTTP. No name and no time is written, so
//! that the same bytes pack to the same bytes.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

/// Packs bytes; `level` goes from 1, fast, to 9, small.
pub fn gzip(bytes: &[u8], level: u32) -> Vec<u8> {
    let mut writer = GzEncoder::new(Vec::new(), Compression::new(level.clamp(1, 9)));
    // Writing to memory does not fail.
    let _ = writer.write_all(bytes);
    writer.finish().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::gzip;

    #[test]
    fn what_was_packed_unpacks_and_packs_alike() {
        let bytes = "衢州 Quzhou ".repeat(100).into_bytes();
        let packed = gzip(&bytes, 6);
        let mut back = Vec::new();
        flate2::read::GzDecoder::new(packed.as_slice()).read_to_end(&mut back).unwrap();
        assert_eq!(back, bytes);
        assert!(packed.len() * 10 < bytes.len() && gzip(&bytes, 6) == packed);
    }
}

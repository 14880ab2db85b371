//! Pictures for people: PNG, the same bytes for the same pixels.

use std::collections::HashMap;

/// Up to this many colours are written as a palette of one byte a pixel or less, which is what
/// makes a map of classes or of a stepped ramp a fraction of the size.
const PALETTE_MAX: usize = 256;

/// A picture as PNG. `rgba` holds red, green, blue and opacity of each pixel, row by row from the
/// top. Nothing is lost: a palette is used exactly when the picture has at most 256 colours.
///
/// # Panics
/// If there is no pixel, or `rgba` is not four bytes for each: the caller drew the picture.
pub fn png(columns: usize, rows: usize, rgba: &[u8]) -> Vec<u8> {
    let (pixels, rest) = rgba.as_chunks::<4>();
    assert!(rest.is_empty() && !pixels.is_empty() && columns.checked_mul(rows) == Some(pixels.len()), "the picture has another number of pixels");
    let size = u32::try_from(columns).ok().zip(u32::try_from(rows).ok()).expect("a picture has fewer than 2^32 columns and rows");
    match palette(pixels) {
        Some((colours, indices)) => indexed(size, columns, &colours, &indices),
        None => full(size, pixels),
    }
}

/// The colours in the order they first appear, and for each pixel which one; `None` when too many.
fn palette(pixels: &[[u8; 4]]) -> Option<(Vec<[u8; 4]>, Vec<u8>)> {
    let mut colours: Vec<[u8; 4]> = Vec::new();
    let mut places: HashMap<[u8; 4], u8> = HashMap::new();
    let mut indices = Vec::with_capacity(pixels.len());
    for pixel in pixels {
        let index = match places.get(pixel) {
            Some(index) => *index,
            None if colours.len() == PALETTE_MAX => return None,
            None => {
                let index = colours.len() as u8;
                places.insert(*pixel, index);
                colours.push(*pixel);
                index
            }
        };
        indices.push(index);
    }
    Some((colours, indices))
}

fn indexed(size: (u32, u32), columns: usize, colours: &[[u8; 4]], indices: &[u8]) -> Vec<u8> {
    let (depth, bits) = match colours.len() {
        0..=2 => (png::BitDepth::One, 1),
        3..=4 => (png::BitDepth::Two, 2),
        5..=16 => (png::BitDepth::Four, 4),
        _ => (png::BitDepth::Eight, 8),
    };
    let in_byte = 8 / bits;
    let packed: Vec<u8> = indices
        .chunks(columns)
        .flat_map(|row| row.chunks(in_byte).map(move |few| few.iter().enumerate().fold(0, |byte, (at, index)| byte | index << (8 - bits * (at + 1)))))
        .collect();
    write(size, png::ColorType::Indexed, depth, Some(colours), &packed)
}

fn full(size: (u32, u32), pixels: &[[u8; 4]]) -> Vec<u8> {
    if pixels.iter().all(|pixel| pixel[3] == u8::MAX) {
        let bytes: Vec<u8> = pixels.iter().flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
        return write(size, png::ColorType::Rgb, png::BitDepth::Eight, None, &bytes);
    }
    write(size, png::ColorType::Rgba, png::BitDepth::Eight, None, pixels.as_flattened())
}

fn write(size: (u32, u32), colour: png::ColorType, depth: png::BitDepth, palette: Option<&[[u8; 4]]>, bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, size.0, size.1);
    encoder.set_color(colour);
    encoder.set_depth(depth);
    encoder.set_compression(png::Compression::Balanced);
    if let Some(colours) = palette {
        encoder.set_palette(colours.iter().flat_map(|c| [c[0], c[1], c[2]]).collect::<Vec<u8>>());
        if colours.iter().any(|c| c[3] != u8::MAX) {
            encoder.set_trns(colours.iter().map(|c| c[3]).collect::<Vec<u8>>());
        }
    }
    let written = encoder.write_header().and_then(|mut writer| {
        writer.write_image_data(bytes)?;
        writer.finish()
    });
    written.expect("a picture of a checked size is written to memory");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Decodes by the png crate's own reader, expanded to eight-bit colours with opacity.
    fn read(bytes: &[u8]) -> (usize, usize, Vec<u8>) {
        let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
        decoder.set_transformations(png::Transformations::normalize_to_color8() | png::Transformations::ALPHA);
        let mut reader = decoder.read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        (info.width as usize, info.height as usize, pixels)
    }

    /// A picture with exactly so many colours, transparent ones among them when asked.
    fn picture(columns: usize, rows: usize, colours: usize, opaque: bool) -> Vec<u8> {
        (0..columns * rows)
            .flat_map(|i| {
                let c = (i * 7 % colours) as u32;
                [(c % 251) as u8, (c / 251) as u8, (c * 3 % 256) as u8, if opaque || !c.is_multiple_of(3) { 255 } else { 0 }]
            })
            .collect()
    }

    #[test]
    fn every_depth_reads_back_pixel_by_pixel() {
        for colours in [1, 2, 3, 4, 5, 16, 17, 256, 257, 900] {
            for (columns, rows) in [(1, 1), (3, 5), (37, 29), (64, 48)] {
                for opaque in [true, false] {
                    let pixels = picture(columns, rows, colours, opaque);
                    let made = png(columns, rows, &pixels);
                    assert_eq!(made, png(columns, rows, &pixels), "same pixels, same bytes");
                    let (wide, high, mut read) = read(&made);
                    if read.len() == columns * rows * 3 {
                        read = read.as_chunks::<3>().0.iter().flat_map(|c| [c[0], c[1], c[2], 255]).collect();
                    }
                    assert_eq!((wide, high), (columns, rows));
                    assert!(read == pixels, "{colours} colours, {columns} x {rows}, opaque {opaque}");
                }
            }
        }
    }

    #[test]
    fn a_map_of_classes_is_small() {
        // 8 bits less a pixel by palette: 200 x 200 pixels in 12 colours are 20 kB before deflate, 160 kB as RGBA.
        let made = png(200, 200, &picture(200, 200, 12, false));
        assert!(made.len() < 4_000, "{} bytes", made.len());
    }
}

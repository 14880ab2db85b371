//! A GeoTIFF writer for tests that shares no code with the one under test: little-endian, one
//! uncompressed strip of 4-byte floats for each band.

/// Stored where a cell is missing.
pub(crate) const NODATA: f32 = -9999.0;

/// What the file says of its reference system.
#[derive(Debug, Clone)]
pub(crate) enum Keys {
    /// Not a word.
    None,
    /// A projected system by its code.
    Projected(u16),
    /// A geographic system by its code.
    Geographic(u16),
    /// A projected system without a code, by name.
    Named(&'static str),
}

/// A raster: cells of `dx` by `dy` from the upper left corner.
#[derive(Debug, Clone)]
pub(crate) struct Tiff {
    /// Reference system.
    pub(crate) keys: Keys,
    /// Upper left corner.
    pub(crate) corner: (f64, f64),
    /// Size of a cell.
    pub(crate) cell: (f64, f64),
    /// Columns and rows.
    pub(crate) size: (usize, usize),
    /// Bands, row by row.
    pub(crate) bands: Vec<Vec<f32>>,
    /// Whether the file says that [`NODATA`] is missing.
    pub(crate) says_nodata: bool,
}

impl Tiff {
    /// A raster of one band from a function of column and row.
    pub(crate) fn of(keys: Keys, corner: (f64, f64), cell: (f64, f64), size: (usize, usize), value: impl Fn(usize, usize) -> f64) -> Self {
        Self { keys, corner, cell, size, bands: Vec::new(), says_nodata: true }.and(value)
    }

    /// The same with one band more.
    #[must_use]
    pub(crate) fn and(mut self, value: impl Fn(usize, usize) -> f64) -> Self {
        let (columns, rows) = self.size;
        self.bands.push((0..rows).flat_map(|r| (0..columns).map(move |c| (c, r))).map(|(c, r)| value(c, r) as f32).collect());
        self
    }

    /// The bytes of the file.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let n = self.bands.len() as u32;
        let strip = (self.size.0 * self.size.1 * 4) as u32;
        let mut tail: Vec<u8> = Vec::new();
        let mut entries: Vec<(u16, u16, u32, u32)> = Vec::new();
        let (code, ascii): (Vec<[u16; 4]>, &str) = match self.keys {
            Keys::None => (Vec::new(), ""),
            Keys::Projected(code) => (vec![[1024, 0, 1, 1], [1025, 0, 1, 1], [3072, 0, 1, code]], ""),
            Keys::Geographic(code) => (vec![[1024, 0, 1, 2], [1025, 0, 1, 1], [2048, 0, 1, code]], ""),
            Keys::Named(name) => (vec![[1024, 0, 1, 1], [1025, 0, 1, 1], [1026, 34_737, name.len() as u16 + 1, 0], [3072, 0, 1, 32_767]], name),
        };
        let count = 13 + u32::from(self.says_nodata) + if code.is_empty() { 0 } else { 1 } + if ascii.is_empty() { 0 } else { 1 };
        let start = 8 + 2 + count * 12 + 4;
        let mut put = |tag: u16, kind: u16, values: u32, bytes: &[u8]| {
            let value = if bytes.len() <= 4 {
                let mut own = [0; 4];
                own[..bytes.len()].copy_from_slice(bytes);
                u32::from_le_bytes(own)
            } else {
                let at = start + tail.len() as u32;
                tail.extend_from_slice(bytes);
                tail.resize(tail.len().div_ceil(8) * 8, 0);
                at
            };
            entries.push((tag, kind, values, value));
        };
        let shorts = |v: &[u16]| v.iter().flat_map(|x| x.to_le_bytes()).collect::<Vec<u8>>();
        let longs = |v: &[u32]| v.iter().flat_map(|x| x.to_le_bytes()).collect::<Vec<u8>>();
        let doubles = |v: &[f64]| v.iter().flat_map(|x| x.to_le_bytes()).collect::<Vec<u8>>();
        put(256, 3, 1, &shorts(&[self.size.0 as u16]));
        put(257, 3, 1, &shorts(&[self.size.1 as u16]));
        put(258, 3, n, &shorts(&vec![32; n as usize]));
        put(259, 3, 1, &shorts(&[1]));
        put(262, 3, 1, &shorts(&[1]));
        // Strip offsets are known only when the tail is: they are mended below.
        put(273, 4, n, &longs(&vec![0; n as usize]));
        put(277, 3, 1, &shorts(&[n as u16]));
        put(278, 3, 1, &shorts(&[self.size.1 as u16]));
        put(279, 4, n, &longs(&vec![strip; n as usize]));
        put(284, 3, 1, &shorts(&[2]));
        put(339, 3, n, &shorts(&vec![3; n as usize]));
        put(33_550, 12, 3, &doubles(&[self.cell.0, self.cell.1, 0.0]));
        put(33_922, 12, 6, &doubles(&[0.0, 0.0, 0.0, self.corner.0, self.corner.1, 0.0]));
        if !code.is_empty() {
            let keys: Vec<u16> = [1, 1, 0, code.len() as u16].into_iter().chain(code.iter().flatten().copied()).collect();
            put(34_735, 3, keys.len() as u32, &shorts(&keys));
        }
        if !ascii.is_empty() {
            put(34_737, 2, ascii.len() as u32 + 2, format!("{ascii}|\0").as_bytes());
        }
        if self.says_nodata {
            put(42_113, 2, 6, b"-9999\0");
        }
        let data = start + tail.len() as u32;
        let offsets: Vec<u32> = (0..n).map(|b| data + b * strip).collect();
        match entries.iter_mut().find(|e| e.0 == 273) {
            Some(entry) if n == 1 => entry.3 = offsets[0],
            Some(entry) => {
                let at = (entry.3 - start) as usize;
                tail[at..at + offsets.len() * 4].copy_from_slice(&longs(&offsets));
            }
            None => unreachable!("the entry was put above"),
        }
        let mut out = b"II*\0\x08\0\0\0".to_vec();
        out.extend((entries.len() as u16).to_le_bytes());
        for (tag, kind, values, value) in &entries {
            out.extend(tag.to_le_bytes());
            out.extend(kind.to_le_bytes());
            out.extend(values.to_le_bytes());
            out.extend(value.to_le_bytes());
        }
        out.extend([0; 4]);
        assert_eq!(out.len() as u32, start, "the number of entries was counted wrongly");
        out.extend(&tail);
        for band in &self.bands {
            out.extend(band.iter().flat_map(|v| if v.is_nan() { NODATA } else { *v }.to_le_bytes()));
        }
        out
    }
}

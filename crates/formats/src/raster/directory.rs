//! Image directories of a TIFF being written: little-endian, classic or big.
//!
//! Source: TIFF 6.0, section 2; BigTIFF as libtiff describes it.

/// A tag's value.
pub(super) enum Entry {
    /// ASCII with its closing zero.
    Words(String),
    /// SHORT.
    Shorts(Vec<u16>),
    /// LONG.
    Longs(Vec<u32>),
    /// DOUBLE.
    Doubles(Vec<f64>),
    /// A place or a length in the file: LONG, or LONG8 in a big file.
    Places(Vec<u64>),
}

impl Entry {
    fn bytes(&self, big: bool) -> (u16, u64, Vec<u8>) {
        match self {
            Entry::Words(words) => {
                let mut bytes = words.clone().into_bytes();
                bytes.push(0);
                (2, bytes.len() as u64, bytes)
            }
            Entry::Shorts(values) => (3, values.len() as u64, values.iter().flat_map(|v| v.to_le_bytes()).collect()),
            Entry::Longs(values) => (4, values.len() as u64, values.iter().flat_map(|v| v.to_le_bytes()).collect()),
            Entry::Doubles(values) => (12, values.len() as u64, values.iter().flat_map(|v| v.to_le_bytes()).collect()),
            Entry::Places(values) if big => (16, values.len() as u64, values.iter().flat_map(|v| v.to_le_bytes()).collect()),
            Entry::Places(values) => {
                let short = |v: &u64| u32::try_from(*v).expect("a classic file was planned under 4 GiB").to_le_bytes();
                (4, values.len() as u64, values.iter().flat_map(short).collect())
            }
        }
    }
}

/// The tags of one image, each with its value.
pub(super) type Directory = Vec<(u16, Entry)>;

/// The whole front of the file: header, `ghost` (a note to readers that stands before the first
/// directory), and the directories chained, each followed by the values that do not fit into it.
pub(super) fn front(ghost: &str, mut directories: Vec<Directory>, big: bool) -> Vec<u8> {
    let mut out = Vec::new();
    out.extend_from_slice(b"II");
    out.extend_from_slice(if big { &[43, 0, 8, 0, 0, 0] } else { &[42, 0] });
    let mut link = out.len();
    place(&mut out, 0, big);
    out.extend_from_slice(ghost.as_bytes());
    for directory in &mut directories {
        directory.sort_by_key(|(tag, _)| *tag);
        out.resize(out.len().next_multiple_of(8), 0);
        let start = out.len() as u64;
        set(&mut out, link, start, big);
        link = describe(&mut out, directory, big);
    }
    out
}

/// Appends one directory; answers where the link to the next one stands.
fn describe(out: &mut Vec<u8>, directory: &Directory, big: bool) -> usize {
    if big {
        out.extend_from_slice(&(directory.len() as u64).to_le_bytes());
    } else {
        out.extend_from_slice(&(directory.len() as u16).to_le_bytes());
    }
    let (entry_bytes, inline) = if big { (20, 8) } else { (12, 4) };
    let link = out.len() + directory.len() * entry_bytes;
    let mut values = Vec::new();
    let after = (link + inline).next_multiple_of(8);
    for (tag, entry) in directory {
        let (kind, count, mut bytes) = entry.bytes(big);
        out.extend_from_slice(&tag.to_le_bytes());
        out.extend_from_slice(&kind.to_le_bytes());
        place(out, count, big);
        if bytes.len() <= inline {
            bytes.resize(inline, 0);
            out.extend_from_slice(&bytes);
        } else {
            place(out, (after + values.len()) as u64, big);
            bytes.resize(bytes.len().next_multiple_of(8), 0);
            values.extend_from_slice(&bytes);
        }
    }
    place(out, 0, big);
    out.resize(after, 0);
    out.extend_from_slice(&values);
    link
}

fn place(out: &mut Vec<u8>, value: u64, big: bool) {
    let at = out.len();
    out.resize(at + if big { 8 } else { 4 }, 0);
    set(out, at, value, big);
}

fn set(out: &mut [u8], at: usize, value: u64, big: bool) {
    if big {
        out[at..at + 8].copy_from_slice(&value.to_le_bytes());
    } else {
        let short = u32::try_from(value).expect("a classic file was planned under 4 GiB");
        out[at..at + 4].copy_from_slice(&short.to_le_bytes());
    }
}

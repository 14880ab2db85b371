//! What stands between `CP=&&` and `&&`: items divided by `;`, pairs within them by `,`.
//!
//! Every divider is below 0x40, so it is no part of a UTF-8 or GBK character, and bytes can be cut
//! before anybody asks how they are encoded.

use std::borrow::Cow;

use super::fault::Fault;

/// One `name=value`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair<'a> {
    /// `w01018-Avg`, or `DataTime` where it stands alone.
    pub name: &'a [u8],
    /// As written.
    pub value: &'a [u8],
}

impl<'a> Pair<'a> {
    fn read(piece: &'a [u8]) -> Option<Self> {
        let equals = piece.iter().position(|b| *b == b'=')?;
        let (name, value) = (&piece[..equals], &piece[equals + 1..]);
        let good = !name.is_empty() && name.iter().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(b));
        good.then_some(Self { name, value })
    }

    /// `w01018` and `Avg` of `w01018-Avg`; `None` where it stands alone.
    pub fn channel(&self) -> Option<(&'a str, &'a str)> {
        let dash = self.name.iter().position(|b| *b == b'-')?;
        Some((ascii(&self.name[..dash]), ascii(&self.name[dash + 1..])))
    }

    /// The value as text: UTF-8, or else GB18030, which holds GBK.
    pub fn text(&self) -> Cow<'a, str> {
        text(self.value)
    }

    /// The value as a plain decimal; `None` for anything else, an empty one included.
    pub fn number(&self) -> Option<f64> {
        number(self.value)
    }
}

/// Names were held to ASCII when they were read.
fn ascii(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or_default()
}

/// Text in UTF-8, or else in GB18030.
pub fn text(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => encoding_rs::GB18030.decode_without_bom_handling(bytes).0,
    }
}

/// `12.50`, `-3`: digits with at most one point and a minus sign, as the standard writes numbers.
pub fn number(bytes: &[u8]) -> Option<f64> {
    let unsigned = bytes.strip_prefix(b"-").unwrap_or(bytes);
    let (mut mantissa, mut decimals, mut point, mut any) = (0_u64, 0_usize, false, false);
    for byte in unsigned {
        match byte {
            b'0'..=b'9' => {
                any = true;
                mantissa = mantissa.checked_mul(10)?.checked_add(u64::from(byte - b'0'))?;
                decimals += usize::from(point);
            }
            b'.' if !point => point = true,
            _ => return None,
        }
    }
    if !any {
        return None;
    }
    // Exact in both parts, so the quotient is the nearest double, as the decimal itself is read.
    let value =
        if mantissa <= 1 << 53 && decimals < TENS.len() { mantissa as f64 / TENS[decimals] } else { std::str::from_utf8(unsigned).ok()?.parse().ok()? };
    Some(if unsigned.len() < bytes.len() { -value } else { value })
}

const TENS: [f64; 16] = [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

/// One item: the pairs of one factor, or a single pair that stands alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item<'a> {
    body: &'a [u8],
    at: usize,
}

impl<'a> Item<'a> {
    /// Its pairs; faults are told where they are.
    pub fn pairs(&self) -> Cut<'a> {
        Cut { rest: Some(self.body), at: self.at, divider: b"," }
    }
}

/// Items of the data. An empty one is a fault, but a last `;` with nothing behind it is not.
pub fn items(content: &[u8]) -> impl Iterator<Item = Item<'_>> {
    let content = content.strip_suffix(b";").unwrap_or(content);
    let mut at = 0;
    let split = content.split(|b| *b == b';').map(move |body| {
        let item = Item { body, at };
        at += body.len() + 1;
        item
    });
    split.take(if content.is_empty() { 0 } else { usize::MAX })
}

/// Every pair of the data, whatever item it stands in.
pub fn pairs(content: &[u8]) -> Cut<'_> {
    let content = content.strip_suffix(b";").unwrap_or(content);
    Cut { rest: (!content.is_empty()).then_some(content), at: 0, divider: b",;" }
}

/// Pairs one after another; stops behind the first fault.
#[derive(Debug, Clone)]
pub struct Cut<'a> {
    rest: Option<&'a [u8]>,
    at: usize,
    divider: &'static [u8],
}

impl<'a> Iterator for Cut<'a> {
    type Item = Result<Pair<'a>, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.rest.take()?;
        let end = rest.iter().position(|b| self.divider.contains(b)).unwrap_or(rest.len());
        let at = self.at;
        let Some(pair) = Pair::read(&rest[..end]) else { return Some(Err(Fault::Content { at })) };
        self.rest = rest.get(end + 1..);
        self.at += end + 1;
        Some(Ok(pair))
    }
}

/// Holds the data together: every piece a pair, the pairs of one item of one factor, and no name
/// with two different values.
///
/// # Errors
/// [`Fault::Content`] at the first.
pub fn check(content: &[u8]) -> Result<(), Fault> {
    // A packet has some thirty names: looking through their fingerprints is quicker than any map.
    let mut seen: Vec<Pair<'_>> = Vec::with_capacity(64);
    let mut prints: Vec<u32> = Vec::with_capacity(64);
    for item in items(content) {
        let mut factor = None;
        let mut at = item.at;
        for pair in item.pairs() {
            let pair = pair?;
            let own = pair.channel().map(|c| c.0);
            if *factor.get_or_insert(own) != own {
                return Err(Fault::Content { at });
            }
            let print = fingerprint(pair.name);
            if prints.iter().zip(&seen).any(|(p, s)| *p == print && s.name == pair.name && s.value != pair.value) {
                return Err(Fault::Content { at });
            }
            prints.push(print);
            seen.push(pair);
            at += pair.name.len() + pair.value.len() + 2;
        }
    }
    Ok(())
}

/// Tells names apart that are not alike, mostly (FNV-1a).
fn fingerprint(name: &[u8]) -> u32 {
    name.iter().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

/// The value of a name that stands alone, such as `DataTime`.
pub fn alone<'a>(content: &'a [u8], name: &str) -> Option<&'a [u8]> {
    items(content).find_map(|item| item.pairs().flatten().find(|p| p.name == name.as_bytes()).map(|p| p.value))
}

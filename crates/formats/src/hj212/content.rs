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
    /// Where the first dash of the name is; its end where there is none.
    dash: usize,
}

/// What a byte can be in a name.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Name,
    Dash,
    Equals,
    Other,
}

const PARTS: [Part; 256] = {
    let mut parts = [Part::Other; 256];
    let mut byte = 0;
    while byte < 128 {
        let b = byte as u8;
        if b.is_ascii_alphanumeric() || b == b'_' || b == b'.' {
            parts[byte] = Part::Name;
        }
        byte += 1;
    }
    parts[b'-' as usize] = Part::Dash;
    parts[b'=' as usize] = Part::Equals;
    parts
};

impl<'a> Pair<'a> {
    /// The pair at the beginning of some bytes, and its length; the bytes behind it are at their end or begin
    /// with a divider.
    fn read(bytes: &'a [u8]) -> Option<(Self, usize)> {
        let (mut dash, mut equals) = (None, 0);
        loop {
            match PARTS[usize::from(*bytes.get(equals)?)] {
                Part::Name => {}
                Part::Dash => dash = dash.or(Some(equals)),
                Part::Equals => break,
                Part::Other => return None,
            }
            equals += 1;
        }
        let behind = &bytes[equals + 1..];
        let value = &behind[..behind.iter().position(|b| matches!(b, b',' | b';')).unwrap_or(behind.len())];
        let pair = Self { name: &bytes[..equals], value, dash: dash.unwrap_or(equals) };
        (equals > 0).then_some((pair, equals + 1 + value.len()))
    }

    /// `w01018` and `Avg` of `w01018-Avg`; `None` where it stands alone.
    pub fn channel(&self) -> Option<(&'a str, &'a str)> {
        let field = self.name.get(self.dash + 1..)?;
        Some((ascii(&self.name[..self.dash]), ascii(field)))
    }

    /// `w01018` of `w01018-Avg`; nothing where it stands alone.
    fn factor(&self) -> &'a [u8] {
        if self.dash < self.name.len() { &self.name[..self.dash] } else { b"" }
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
        Cut { rest: Some(self.body), at: self.at }
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
    Cut { rest: (!content.is_empty()).then_some(content), at: 0 }
}

/// Pairs one after another; stops behind the first fault.
#[derive(Debug, Clone)]
pub struct Cut<'a> {
    rest: Option<&'a [u8]>,
    at: usize,
}

impl<'a> Iterator for Cut<'a> {
    type Item = Result<Pair<'a>, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.rest.take()?;
        let at = self.at;
        let Some((pair, length)) = Pair::read(rest) else { return Some(Err(Fault::Content { at })) };
        self.rest = rest.get(length + 1..);
        self.at += length + 1;
        Some(Ok(pair))
    }
}

/// Holds the data together: every piece a pair, the pairs of one item of one factor, and no name
/// with two different values.
///
/// # Errors
/// [`Fault::Content`] at the first.
pub fn check(content: &[u8]) -> Result<(), Fault> {
    read(content, |_| {})
}

/// The same, and hands over every pair. What was handed over is worth nothing where a fault is answered.
///
/// # Errors
/// As [`check`].
pub fn read<'a>(content: &'a [u8], mut each: impl FnMut(Pair<'a>)) -> Result<(), Fault> {
    let content = content.strip_suffix(b";").unwrap_or(content);
    if content.is_empty() {
        return Ok(());
    }
    let (mut seen, mut factor, mut at) = (Seen::default(), None, 0);
    loop {
        let (pair, length) = Pair::read(&content[at..]).ok_or(Fault::Content { at })?;
        if *factor.get_or_insert(pair.factor()) != pair.factor() || seen.contradicts(pair) {
            return Err(Fault::Content { at });
        }
        each(pair);
        match content.get(at + length) {
            None => return Ok(()),
            Some(b';') => factor = None,
            Some(_) => {}
        }
        at += length + 1;
    }
}

/// The pairs of some data so far.
struct Seen<'a> {
    pairs: Vec<Pair<'a>>,
    /// A bit for the fingerprint of every name: a packet has some thirty, so that nearly every new name finds
    /// its own unset, and nobody looks through the others.
    bits: [u64; 16],
}

impl Default for Seen<'_> {
    fn default() -> Self {
        Self { pairs: Vec::with_capacity(64), bits: [0; 16] }
    }
}

impl<'a> Seen<'a> {
    /// Takes a pair in; true where its name stands there already with another value.
    fn contradicts(&mut self, pair: Pair<'a>) -> bool {
        let print = fingerprint(pair.name);
        let (word, bit) = (usize::from(print >> 6) % 16, 1_u64 << (print % 64));
        let twin = self.bits[word] & bit != 0 && self.pairs.iter().any(|s| s.name == pair.name && s.value != pair.value);
        self.bits[word] |= bit;
        self.pairs.push(pair);
        twin
    }
}

/// Tells names apart that are not alike, mostly: of their first and last eight bytes.
fn fingerprint(name: &[u8]) -> u16 {
    let eight = |bytes: &[u8]| match bytes.first_chunk::<8>() {
        Some(whole) => u64::from_le_bytes(*whole),
        None => bytes.iter().fold(0, |n, b| n << 8 | u64::from(*b)),
    };
    let (begin, end) = (eight(name), eight(&name[name.len().saturating_sub(8)..]));
    ((begin ^ end.rotate_left(29)).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 48) as u16
}

/// The value of a name that stands alone, such as `DataTime`.
pub fn alone<'a>(content: &'a [u8], name: &str) -> Option<&'a [u8]> {
    items(content).find_map(|item| item.pairs().flatten().find(|p| p.name == name.as_bytes()).map(|p| p.value))
}

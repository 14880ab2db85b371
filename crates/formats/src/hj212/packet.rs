//! The header of a segment: `QN;ST;CN;PW;MN;Flag;[PNUM;PNO;][RF;]CP=&&…&&`.
//!
//! A packet is refused when it could be taken for something it is not; where only a habit of older
//! devices differs from the text, it is taken with a [`Remark`].

use liangshan_vocab::{Problem, Text, text};

use super::fault::{Fault, Faults, Field};
use super::{Edition, moment};

/// A packet's header, and its data unread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packet<'a> {
    /// Number of the exchange: a moment of 17 digits. Devices of 2005 may leave it out.
    pub qn: Option<&'a str>,
    /// System code.
    pub st: &'a str,
    /// Command code.
    pub cn: u16,
    /// Password, as sent.
    pub pw: &'a str,
    /// The device.
    pub mn: &'a str,
    /// The number of `Flag`; none in some packets of 2005.
    pub flag: Option<u8>,
    /// The text it follows.
    pub edition: Edition,
    /// Which packet of how many.
    pub part: Option<Part>,
    /// Sent again later, because the line was down.
    pub resent: bool,
    /// What stands between `CP=&&` and `&&`.
    pub content: &'a [u8],
    /// Habits that differ from the text.
    pub remarks: Remarks,
}

/// Which packet of how many, both from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Part {
    /// PNUM.
    pub of: u16,
    /// PNO.
    pub number: u16,
}

/// A habit that differs from the text and loses nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Remark {
    /// No QN, as in HJ/T 212-2005.
    NoQn,
    /// No Flag, as in HJ/T 212-2005.
    NoFlag,
    /// A password of more than six characters.
    LongPassword,
    /// A device number that is not 24 hexadecimal digits.
    ShortMn,
    /// PNUM and PNO although `Flag` announces none.
    UnannouncedParts,
    /// RF in an edition that knows none.
    EarlyRf,
    /// Fields in another order, or one the text does not know.
    OtherFields,
    /// More characters of data than the text allows.
    LongContent,
}

impl Remark {
    const ALL: [Remark; 8] = [
        Remark::NoQn,
        Remark::NoFlag,
        Remark::LongPassword,
        Remark::ShortMn,
        Remark::UnannouncedParts,
        Remark::EarlyRf,
        Remark::OtherFields,
        Remark::LongContent,
    ];

    /// The warning beside a packet that was taken.
    pub fn problem(self) -> Problem {
        let what: Text = match self {
            Remark::NoQn => text("没有 QN（HJ/T 212-2005 设备）", "no QN, as devices of HJ/T 212-2005 have it"),
            Remark::NoFlag => text("没有 Flag（HJ/T 212-2005 设备）", "no Flag, as devices of HJ/T 212-2005 have it"),
            Remark::LongPassword => text("PW 超过 6 个字符", "PW has more than 6 characters"),
            Remark::ShortMn => text("MN 不是 24 位十六进制", "MN is not 24 hexadecimal digits"),
            Remark::UnannouncedParts => text("有 PNUM、PNO，而 Flag 的拆分包位为 0", "PNUM and PNO are there, and the bit of Flag for them is 0"),
            Remark::EarlyRf => text("RF 是 2025 版的字段", "RF is a field of the 2025 edition"),
            Remark::OtherFields => text("字段顺序不同，或有未定义的字段", "fields in another order, or one that is not defined"),
            Remark::LongContent => text("数据区超过 950 个字符", "more than 950 characters of data"),
        };
        Problem::warning("hj212.habit", what).fix(text("报文照常接收；请厂家按标准改正", "the packet is taken; ask the maker to follow the standard"))
    }
}

/// A set of remarks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Remarks(u8);

impl Remarks {
    fn add(&mut self, remark: Remark) {
        self.0 |= 1 << remark as u8;
    }

    /// True when it is one of them.
    pub fn has(self, remark: Remark) -> bool {
        self.0 & 1 << remark as u8 != 0
    }

    /// All of them.
    pub fn iter(self) -> impl Iterator<Item = Remark> {
        Remark::ALL.into_iter().filter(move |r| self.has(*r))
    }
}

/// The fields as they stand, before anything is said about them.
#[derive(Default)]
struct Fields<'a> {
    values: [Option<&'a [u8]>; 9],
    content: Option<&'a [u8]>,
    twice: Option<Field>,
    other: bool,
}

const ORDER: [(Field, &[u8]); 9] = [
    (Field::Qn, b"QN"),
    (Field::St, b"ST"),
    (Field::Cn, b"CN"),
    (Field::Pw, b"PW"),
    (Field::Mn, b"MN"),
    (Field::Flag, b"Flag"),
    (Field::Pnum, b"PNUM"),
    (Field::Pno, b"PNO"),
    (Field::Rf, b"RF"),
];

impl<'a> Fields<'a> {
    fn cut(segment: &'a [u8]) -> Self {
        let (mut fields, mut rest, mut last) = (Self::default(), segment, 0);
        while !rest.is_empty() {
            if let Some(content) = rest.strip_prefix(b"CP=") {
                fields.content = Some(content);
                break;
            }
            let end = rest.iter().position(|b| *b == b';').unwrap_or(rest.len());
            let piece = &rest[..end];
            rest = rest.get(end + 1..).unwrap_or_default();
            let equals = piece.iter().position(|b| *b == b'=').unwrap_or(piece.len());
            match ORDER[last..].iter().chain(&ORDER[..last]).position(|(_, name)| *name == &piece[..equals]) {
                None => fields.other = true,
                Some(ahead) => {
                    let slot = (last + ahead) % ORDER.len();
                    fields.other |= slot < last;
                    if fields.values[slot].replace(piece.get(equals + 1..).unwrap_or_default()).is_some() {
                        fields.twice.get_or_insert(ORDER[slot].0);
                    }
                    last = slot;
                }
            }
        }
        fields
    }

    fn of(&self, field: Field) -> Option<&'a [u8]> {
        self.values[field as usize]
    }
}

fn word(bytes: &[u8], longest: usize) -> Option<&str> {
    let fits = !bytes.is_empty() && bytes.len() <= longest && bytes.iter().all(|b| b.is_ascii_graphic() && !b",;=&".contains(b));
    fits.then(|| std::str::from_utf8(bytes).ok()).flatten()
}

fn digits(bytes: &[u8], longest: usize) -> Option<u16> {
    let fits = !bytes.is_empty() && bytes.len() <= longest && bytes.iter().all(u8::is_ascii_digit);
    fits.then(|| bytes.iter().fold(0, |n, d| n * 10 + u16::from(d - b'0')))
}

impl<'a> Packet<'a> {
    /// Reads the header of a plain or encrypted segment; the data stay as they are.
    ///
    /// # Errors
    /// Every fault, those of missing fields first: a comma behind QN, say, takes ST along with it, and
    /// is answered as a fault of ST.
    pub fn read(segment: &'a [u8]) -> Result<Self, Faults> {
        let fields = Fields::cut(segment);
        let (mut missing, mut malformed, mut remarks) = (Vec::new(), Vec::new(), Remarks::default());
        let mut needed = |field: Field, good: fn(&'a [u8]) -> Option<&'a str>| match fields.of(field) {
            None => {
                missing.push(Fault::Missing(field));
                ""
            }
            Some(bytes) => good(bytes).unwrap_or_else(|| {
                malformed.push(Fault::Malformed(field));
                ""
            }),
        };
        let st = needed(Field::St, |b| word(b, 2).filter(|w| w.len() == 2));
        let cn = needed(Field::Cn, |b| word(b, 4).filter(|w| w.len() == 4 && w.bytes().all(|d| d.is_ascii_digit())));
        let mn = needed(Field::Mn, |b| word(b, 24).filter(|w| w.bytes().all(|c| c.is_ascii_alphanumeric())));
        let pw = needed(Field::Pw, |b| word(b, 64));
        if fields.content.is_none() {
            missing.push(Fault::Missing(Field::Cp));
        }
        let mut checked = |field: Field, fits: bool| {
            if !fits {
                malformed.push(Fault::Malformed(field));
            }
        };

        let flag = fields.of(Field::Flag).map(|bytes| digits(bytes, 3).filter(|flag| *flag < 256).map(|flag| flag as u8));
        let edition = match flag {
            None => Some(Edition::E2005),
            Some(flag) => flag.and_then(|flag| Edition::of_version(flag >> 2)),
        };
        checked(Field::Flag, edition.is_some());
        let (flag, edition) = (flag.flatten(), edition.unwrap_or(Edition::E2005));

        let qn = fields.of(Field::Qn);
        let good_qn = qn.map(|bytes| bytes.len() == 17 && moment(bytes).is_some());
        checked(Field::Qn, good_qn.unwrap_or(edition == Edition::E2005));

        let longest = if edition == Edition::E2025 { 1 } else { 4 };
        let part = match (fields.of(Field::Pnum), fields.of(Field::Pno)) {
            (None, None) => None,
            (of, number) => {
                let (of, number) = (of.and_then(|b| digits(b, longest)).unwrap_or(0), number.and_then(|b| digits(b, longest)).unwrap_or(0));
                checked(Field::Pnum, of > 0);
                checked(Field::Pno, 0 < number && number <= of.max(1));
                Some(Part { of, number })
            }
        };
        let announced = flag.is_some_and(|flag| flag & 2 != 0);
        checked(Field::Pnum, part.is_some() || !announced);
        let rf = fields.of(Field::Rf);
        checked(Field::Rf, rf.is_none_or(|rf| rf == b"1"));
        let content = fields.content.map(|c| c.strip_prefix(b"&&").and_then(|c| c.strip_suffix(b"&&")));
        checked(Field::Cp, content != Some(None));
        if let Some(field) = fields.twice {
            checked(field, false);
        }

        let content = content.flatten().unwrap_or_default();
        let hexadecimal = |mn: &str| mn.len() == 24 && mn.bytes().all(|c| c.is_ascii_hexdigit());
        for (remark, holds) in [
            (Remark::NoQn, qn.is_none()),
            (Remark::NoFlag, flag.is_none()),
            (Remark::LongPassword, pw.len() > 6),
            (Remark::ShortMn, !hexadecimal(mn)),
            (Remark::UnannouncedParts, part.is_some() && !announced),
            (Remark::EarlyRf, rf.is_some() && edition != Edition::E2025),
            (Remark::OtherFields, fields.other),
            (Remark::LongContent, content.len() > 950),
        ] {
            if holds {
                remarks.add(remark);
            }
        }
        missing.append(&mut malformed);
        if !missing.is_empty() {
            return Err(Faults(missing));
        }
        let (qn, cn) = (qn.and_then(|b| word(b, 17)), digits(cn.as_bytes(), 4).unwrap_or_default());
        Ok(Self { qn, st, cn, pw, mn, flag, edition, part, resent: rf.is_some(), content, remarks })
    }

    /// True when the sender wants to be told that it arrived.
    pub fn wants_reply(&self) -> bool {
        self.flag.is_some_and(|flag| flag & 1 != 0)
    }
}

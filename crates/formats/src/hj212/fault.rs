//! Why a frame or packet is refused. A fault is small and copied freely, since a line full of noise
//! makes thousands; [`Fault::problem`] writes the letter.

use std::fmt;

use liangshan_vocab::{Problem, text, words};

/// A field of the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// Number of the exchange, a moment with milliseconds.
    Qn,
    /// System.
    St,
    /// Command.
    Cn,
    /// Password.
    Pw,
    /// The device.
    Mn,
    /// Edition, packet numbers, reply.
    Flag,
    /// Number of packets.
    Pnum,
    /// Number of this packet.
    Pno,
    /// Sent again later.
    Rf,
    /// The data.
    Cp,
}

impl Field {
    /// As it is written in a packet.
    pub fn word(self) -> &'static str {
        match self {
            Field::Qn => "QN",
            Field::St => "ST",
            Field::Cn => "CN",
            Field::Pw => "PW",
            Field::Mn => "MN",
            Field::Flag => "Flag",
            Field::Pnum => "PNUM",
            Field::Pno => "PNO",
            Field::Rf => "RF",
            Field::Cp => "CP",
        }
    }
}

/// Why a frame or packet is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// Bytes between frames, so many.
    Garbage {
        /// How many bytes.
        bytes: usize,
    },
    /// No four digits, or no line end where the length puts it.
    Length,
    /// A segment longer than is taken.
    Oversize {
        /// What the frame says, in bytes.
        bytes: usize,
    },
    /// The stream ended, or was silent too long, within a frame.
    Truncated,
    /// The check differs.
    Crc {
        /// What the segment gives.
        computed: u16,
        /// What was sent, if it was four hexadecimal digits.
        sent: Option<u16>,
        /// True when the other way of computing would fit.
        other_mode: bool,
    },
    /// The segment is encrypted and no key is known.
    NoKey,
    /// A field of the header is not there.
    Missing(Field),
    /// A field of the header is not as it should be.
    Malformed(Field),
    /// A piece of the data that is no `name=value`, or an item that is told twice and differently.
    Content {
        /// Byte within the data.
        at: usize,
    },
}

impl Fault {
    /// One word for logs and answers: `length`, `CRC`, or the field's name.
    pub fn word(self) -> &'static str {
        match self {
            Fault::Garbage { .. } => "garbage",
            Fault::Length | Fault::Oversize { .. } | Fault::Truncated => "length",
            Fault::Crc { .. } => "CRC",
            Fault::NoKey => "key",
            Fault::Missing(field) | Fault::Malformed(field) => field.word(),
            Fault::Content { .. } => "CP",
        }
    }

    /// The `QnRtn` of an answer to a request. A wrong frame or check is owed no answer.
    pub fn qn_rtn(self) -> Option<u16> {
        match self {
            Fault::Garbage { .. } | Fault::Length | Fault::Oversize { .. } | Fault::Truncated | Fault::Crc { .. } => None,
            Fault::Missing(field) | Fault::Malformed(field) => Some(match field {
                Field::Pw => 3,
                Field::Mn => 4,
                Field::St => 5,
                Field::Flag => 6,
                Field::Qn => 7,
                Field::Cn => 8,
                Field::Pnum | Field::Pno | Field::Rf | Field::Cp => 100,
            }),
            Fault::NoKey | Fault::Content { .. } => Some(100),
        }
    }

    /// The letter to the person who looks after the device.
    pub fn problem(self) -> Problem {
        let refused = |zh: String, en: String| {
            Problem::error(
                match self {
                    Fault::Garbage { .. } => "hj212.garbage",
                    Fault::Length => "hj212.length",
                    Fault::Oversize { .. } => "hj212.oversize",
                    Fault::Truncated => "hj212.truncated",
                    Fault::Crc { .. } => "hj212.crc",
                    Fault::NoKey => "hj212.no_key",
                    Fault::Missing(_) => "hj212.missing",
                    Fault::Malformed(_) => "hj212.malformed",
                    Fault::Content { .. } => "hj212.content",
                },
                liangshan_vocab::Text::of(zh, en),
            )
        };
        match self {
            Fault::Garbage { bytes } => refused(format!("帧之间有 {bytes} 个多余字节"), format!("{bytes} stray bytes between frames"))
                .expect(text("以 ## 开头的帧", "frames that begin with ##")),
            Fault::Length => refused("长度字段不是四位数字，或与实际不符".into(), "the length is not four digits, or not where the line ends".into())
                .expect(text("数据段的字节数（UTF-8 按字节计）", "the bytes of the data segment, bytes also where it is UTF-8")),
            Fault::Oversize { bytes } => refused(format!("数据段长 {bytes} 字节，超过允许值"), format!("a segment of {bytes} bytes, more than is taken"))
                .expect(text("数据段不超过 1024 字节", "a segment of 1024 bytes at most"))
                .fix(text("分包发送（PNUM、PNO）", "split it into packets (PNUM, PNO)")),
            Fault::Truncated => refused("帧未收全".into(), "the frame never became whole".into())
                .fix(text("检查链路；设备应在超时后重发", "look at the link; the device sends it again after its time-out")),
            Fault::Crc { computed, sent, other_mode } => {
                let sent = sent.map_or_else(|| "????".to_owned(), |crc| format!("{crc:04X}"));
                let said = refused(format!("CRC 不符：收到 {sent}，应为 {computed:04X}"), format!("the CRC is {sent}, the segment gives {computed:04X}"));
                if other_mode {
                    said.fix(text(
                        "该值符合另一种算法；请核对设备登记的 crc_mode",
                        "it fits the other algorithm; look at the crc_mode the device is registered with",
                    ))
                } else {
                    said.fix(text("数据在传输中受损，或设备算法有误；不作应答", "damaged on the way, or computed wrongly by the device; no answer is owed"))
                }
            }
            Fault::NoKey => refused("该命令须加密，而没有该设备的密钥".into(), "this command is encrypted and there is no key for the device".into())
                .fix(text("登记该设备的 SM4 密钥", "register the SM4 key of the device")),
            Fault::Missing(field) => {
                let word = field.word();
                refused(format!("缺少字段 {word}"), format!("the field {word} is missing")).key(word)
            }
            Fault::Malformed(field) => {
                let word = field.word();
                refused(format!("字段 {word} 不符合格式"), format!("the field {word} is not well formed")).key(word).expect(match field {
                    Field::Qn => text("17 位时间 YYYYMMDDhhmmsszzz", "a moment of 17 digits, YYYYMMDDhhmmsszzz"),
                    Field::St => text("两位系统编码", "a system code of two characters"),
                    Field::Cn => text("四位命令编码", "a command of four digits"),
                    Field::Pw => text("不含分隔符的密码", "a password without separators"),
                    Field::Mn => text(
                        "24 位十六进制；已登记的旧设备可为较短的字母数字",
                        "24 hexadecimal digits; registered older devices may have fewer letters and digits",
                    ),
                    Field::Flag => text("0 至 255，版本位为 0、1 或 2", "0 to 255, with the version bits 0, 1 or 2"),
                    Field::Pnum | Field::Pno => text("1 ≤ PNO ≤ PNUM，至多四位", "1 ≤ PNO ≤ PNUM, four digits at most"),
                    Field::Rf => text("RF=1，否则不写", "RF=1, or no RF at all"),
                    Field::Cp => text("CP=&&数据&&", "CP=&&data&&"),
                })
            }
            Fault::Content { at } => refused(format!("数据区第 {} 字节处有误", at + 1), format!("the data are wrong at byte {}", at + 1)).expect(words!(
                "名称=值，项内以逗号、项间以分号分隔，同一名称不得有两个不同的值",
                "name=value, commas within an item, semicolons between, no name with two values"
            )),
        }
    }
}

/// Every fault of one packet, the one to answer with first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults(pub Vec<Fault>);

impl Faults {
    /// The one an answer names.
    pub fn first(&self) -> Fault {
        assert!(!self.0.is_empty(), "a refusal names a fault");
        self.0[0]
    }
}

impl From<Fault> for Faults {
    fn from(fault: Fault) -> Self {
        Self(vec![fault])
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

//! Packets to bytes. What is built here is read back by [`super::packet`] as the same.

use std::fmt::Write as _;

use liangshan_vocab::{Problem, Problems, text, words};

use super::Edition;
use super::cipher::Key;
use super::content;
use super::crc::CrcMode;
use super::frame::SEGMENT_MAX;
use super::packet::{Packet, Part};

/// Puts length, check and line end around a segment. Its length is counted in bytes.
///
/// # Errors
/// `hj212.too_long` above 9999 bytes, which four digits cannot say.
pub fn frame(segment: &[u8], mode: CrcMode) -> Result<Vec<u8>, Problem> {
    around(segment, mode.of(segment))
}

fn around(segment: &[u8], crc: u16) -> Result<Vec<u8>, Problem> {
    let length = segment.len();
    if length > 9999 {
        return Err(Problem::error("hj212.too_long", words!("数据段长 {length} 字节", "the segment has {length} bytes"))
            .expect(text("标准允许 1024 字节，长度字段至多四位", "1024 by the standard, and a length of four digits"))
            .fix(text("分包发送", "split it into packets")));
    }
    let mut frame = format!("##{length:04}").into_bytes();
    frame.extend_from_slice(segment);
    frame.extend_from_slice(format!("{crc:04X}\r\n").as_bytes());
    Ok(frame)
}

/// Writes one packet.
#[derive(Debug, Clone)]
pub struct PacketBuilder {
    edition: Edition,
    qn: String,
    st: String,
    cn: u16,
    pw: String,
    mn: String,
    reply: bool,
    part: Option<Part>,
    resent: bool,
    content: String,
}

impl PacketBuilder {
    /// A packet of an edition to or from a device.
    pub fn new(edition: Edition, qn: &str, st: &str, cn: u16, mn: &str) -> Self {
        let pw = "123456".to_owned();
        let (qn, st, mn) = (qn.to_owned(), st.to_owned(), mn.to_owned());
        Self { edition, qn, st, cn, pw, mn, reply: false, part: None, resent: false, content: String::new() }
    }

    /// With another password than the standard's example.
    #[must_use]
    pub fn password(mut self, pw: &str) -> Self {
        pw.clone_into(&mut self.pw);
        self
    }

    /// Asking to be told of its arrival.
    #[must_use]
    pub fn wants_reply(mut self) -> Self {
        self.reply = true;
        self
    }

    /// As one of several.
    #[must_use]
    pub fn part(mut self, number: u16, of: u16) -> Self {
        self.part = Some(Part { of, number });
        self
    }

    /// Sent again later (2025).
    #[must_use]
    pub fn resent(mut self) -> Self {
        self.resent = true;
        self
    }

    /// One more pair that stands alone: `DataTime=…`.
    #[must_use]
    pub fn alone(mut self, name: &str, value: &str) -> Self {
        self.divide();
        let _ = write!(self.content, "{name}={value}");
        self
    }

    /// One more item: the pairs of one factor, `w01018-Avg=25.0,w01018-Flag=N`.
    #[must_use]
    pub fn item(mut self, factor: &str, pairs: &[(&str, &str)]) -> Self {
        for (i, (field, value)) in pairs.iter().enumerate() {
            if i == 0 {
                self.divide();
            } else {
                self.content.push(',');
            }
            let _ = write!(self.content, "{factor}-{field}={value}");
        }
        self
    }

    fn divide(&mut self) {
        if !self.content.is_empty() {
            self.content.push(';');
        }
    }

    /// The segment.
    ///
    /// # Errors
    /// `hj212.too_long`, and whatever a reader would refuse it for.
    pub fn segment(&self) -> Result<String, Problems> {
        let flag = self.edition.version() << 2 | u8::from(self.part.is_some()) << 1 | u8::from(self.reply);
        let mut out = format!("QN={};ST={};CN={:04};PW={};MN={};Flag={flag};", self.qn, self.st, self.cn, self.pw, self.mn);
        if let Some(Part { of, number }) = self.part {
            let _ = write!(out, "PNUM={of};PNO={number};");
        }
        if self.resent {
            out.push_str("RF=1;");
        }
        let _ = write!(out, "CP=&&{}&&", self.content);
        let (length, characters) = (out.len(), self.content.chars().count());
        if length > SEGMENT_MAX || characters > 950 {
            return Err(Problem::error(
                "hj212.too_long",
                words!("数据段 {length} 字节，数据区 {characters} 个字符", "a segment of {length} bytes with {characters} characters of data"),
            )
            .expect(text("数据段至多 1024，数据区至多 950", "1024 for the segment, 950 for the data"))
            .fix(text("分包发送", "split it into packets"))
            .into());
        }
        let read = Packet::read(out.as_bytes()).map_err(|faults| Problems(faults.0.into_iter().map(super::Fault::problem).collect()))?;
        if self.content.contains("&&") {
            return Err(super::Fault::Content { at: self.content.find("&&").unwrap_or_default() }.problem().into());
        }
        content::check(read.content).map_err(super::Fault::problem)?;
        Ok(out)
    }

    /// The whole frame, plain.
    ///
    /// # Errors
    /// Those of [`PacketBuilder::segment`].
    pub fn frame(&self, mode: CrcMode) -> Result<Vec<u8>, Problems> {
        Ok(frame(self.segment()?.as_bytes(), mode)?)
    }

    /// The whole frame with its data encrypted: the check is that of the plain segment.
    ///
    /// # Errors
    /// Those of [`PacketBuilder::segment`].
    pub fn sealed(&self, mode: CrcMode, key: &Key) -> Result<Vec<u8>, Problems> {
        let plain = self.segment()?.into_bytes();
        let crc = mode.of(&plain);
        Ok(around(&key.seal(plain), crc)?)
    }
}

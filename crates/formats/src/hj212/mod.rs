//! HJ 212, the messages of pollutant monitors: bytes to packets and packets to bytes, in the
//! editions of 2005, 2017 and 2025. Nothing is copied while reading; what is read is borrowed from
//! the bytes.
//!
//! ```text
//! ## 0101 QN=…;ST=32;CN=2061;PW=…;MN=…;Flag=5;CP=&&DataTime=…;w01018-Avg=25.0,w01018-Flag=N&& 1C80 \r\n
//!    length of the segment in bytes                                                          CRC
//! ```
//!
//! [`frame`] finds frames in a stream, [`packet`] reads the segment's header, [`content`] what
//! stands between `CP=&&` and `&&`, [`assemble`] joins split packets, [`build`] and [`reply`] write,
//! [`cipher`] is the encryption of 2025. What a value is for is nobody's business here.

pub mod assemble;
pub mod build;
pub mod cipher;
pub mod content;
pub mod crc;
pub mod fault;
pub mod frame;
pub mod packet;
pub mod reply;

pub use assemble::Assembler;
pub use build::PacketBuilder;
pub use cipher::Key;
pub use content::{Item, Pair, items, pairs};
pub use crc::CrcMode;
pub use fault::{Fault, Faults, Field};
pub use frame::{Frame, Framer};
pub use packet::{Packet, Remark};

/// Which text a packet follows, as its `Flag` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Edition {
    /// HJ/T 212-2005; also a packet without `Flag`.
    E2005,
    /// HJ 212-2017.
    E2017,
    /// HJ 212-2025.
    E2025,
}

impl Edition {
    /// The version bits of `Flag`.
    pub fn version(self) -> u8 {
        match self {
            Edition::E2005 => 0,
            Edition::E2017 => 1,
            Edition::E2025 => 2,
        }
    }

    /// The edition of some version bits.
    pub fn of_version(version: u8) -> Option<Self> {
        [Edition::E2005, Edition::E2017, Edition::E2025].into_iter().find(|e| e.version() == version)
    }

    /// The year, as rules and tables name it.
    pub fn word(self) -> &'static str {
        match self {
            Edition::E2005 => "2005",
            Edition::E2017 => "2017",
            Edition::E2025 => "2025",
        }
    }
}

/// The moment written as `YYYYMMDDhhmmss`, with or without three more digits of milliseconds.
/// `None` for anything that is no such moment of the calendar.
pub fn moment(digits: &[u8]) -> Option<jiff::civil::DateTime> {
    if !matches!(digits.len(), 14 | 17) || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number = |from: usize, to: usize| digits[from..to].iter().fold(0_i32, |n, d| n * 10 + i32::from(d - b'0'));
    let small = |from: usize| number(from, from + 2) as i8;
    let nanoseconds = if digits.len() == 17 { number(14, 17) * 1_000_000 } else { 0 };
    jiff::civil::DateTime::new(number(0, 4) as i16, small(4), small(6), small(8), small(10), small(12), nanoseconds).ok()
}

#[cfg(test)]
mod tests;

//! SM4 of the 2025 edition: ECB without padding over the data between `CP=&&` and `&&`. Each full
//! block of 16 bytes is encrypted, what is left behind the last one stays plain, and no length
//! changes. The check is that of the plain segment. Known from readers of the text, not from the
//! text itself; electronic codebook and a check of eight bits protect little, so nothing here is
//! proof of who sent a packet.

use std::fmt;

use sm4::Sm4;
use sm4::cipher::{Block, BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};

use super::fault::Fault;
use super::frame::Frame;
use super::packet::Packet;
use super::{CrcMode, Edition};

const BLOCK: usize = 16;

/// A key of 16 bytes. It is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Key([u8; BLOCK]);

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

impl Key {
    /// `None` unless it has 16 bytes.
    pub fn new(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// Encrypts the full blocks of some data in place; answers with their number.
    pub fn encrypt(&self, data: &mut [u8]) -> usize {
        let cipher = Sm4::new(&self.0.into());
        self.blocks(data, |block| cipher.encrypt_block(block))
    }

    /// Undoes [`Key::encrypt`].
    pub fn decrypt(&self, data: &mut [u8]) -> usize {
        let cipher = Sm4::new(&self.0.into());
        self.blocks(data, |block| cipher.decrypt_block(block))
    }

    fn blocks(&self, data: &mut [u8], turn: impl Fn(&mut Block<Sm4>)) -> usize {
        let mut count = 0;
        for bytes in data.chunks_exact_mut(BLOCK) {
            let mut block = Block::<Sm4>::default();
            block.copy_from_slice(bytes);
            turn(&mut block);
            bytes.copy_from_slice(&block);
            count += 1;
        }
        count
    }

    /// The segment with its data encrypted; unchanged where it has none.
    pub fn seal(&self, mut segment: Vec<u8>) -> Vec<u8> {
        if let Some(data) = data(&mut segment) {
            self.encrypt(data);
        }
        segment
    }

    /// Undoes [`Key::seal`].
    pub fn open(&self, mut segment: Vec<u8>) -> Vec<u8> {
        if let Some(data) = data(&mut segment) {
            self.decrypt(data);
        }
        segment
    }
}

/// What stands between `CP=&&` and the last `&&`.
fn data(segment: &mut [u8]) -> Option<&mut [u8]> {
    let start = segment.windows(5).position(|w| w == b"CP=&&")? + 5;
    let end = segment.len().checked_sub(2).filter(|end| *end >= start && segment.ends_with(b"&&"))?;
    Some(&mut segment[start..end])
}

/// Commands whose data the 2025 edition wants encrypted.
pub fn is_secret(edition: Edition, cn: u16) -> bool {
    edition == Edition::E2025 && (matches!(cn, 2000..=2999) || cn == 1014 || cn == 3020)
}

/// The plain segment of a frame from a device with a key: deciphered where it has to be, and held
/// against its check. A device that still sends the data of such a command plain is understood when
/// the check fits as it stands.
///
/// # Errors
/// [`Fault::NoKey`] where the check does not fit data that cannot be read, else [`Fault::Crc`].
pub fn plain_segment(frame: &Frame<'_>, mode: CrcMode, key: Option<&Key>) -> Result<Option<Vec<u8>>, Fault> {
    let as_sent = frame.verify(frame.segment, mode);
    if as_sent.is_ok() && key.is_none() {
        return Ok(None);
    }
    let secret = Packet::read(frame.segment).is_ok_and(|p| is_secret(p.edition, p.cn) && !p.content.is_empty());
    match (secret, key) {
        (true, Some(key)) => {
            let plain = key.open(frame.segment.to_vec());
            match frame.verify(&plain, mode) {
                // The check has one chance in 256 to fit by accident: pairs must be readable too.
                Ok(()) if readable(&plain) => Ok(Some(plain)),
                _ => as_sent.map(|()| None),
            }
        }
        // Readable pairs were sent plain, and were damaged.
        (true, None) if !readable(frame.segment) => Err(Fault::NoKey),
        _ => as_sent.map(|()| None),
    }
}

fn readable(plain: &[u8]) -> bool {
    Packet::read(plain).is_ok_and(|p| super::content::check(p.content).is_ok())
}

/// The bytes of a text that shows them as `{0xE4,0x0A,…}` between plain characters, as printed
/// examples do. For import only: on the wire bytes are bytes. `None` where braces hold anything else.
pub fn from_braces(shown: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut rest = shown;
    while let Some((plain, inner)) = rest.split_once("{0x") {
        bytes.extend_from_slice(plain.as_bytes());
        let (listed, after) = inner.split_once('}')?;
        for one in listed.split(',') {
            bytes.push(u8::from_str_radix(one.trim().trim_start_matches("0x"), 16).ok()?);
        }
        rest = after;
    }
    bytes.extend_from_slice(rest.as_bytes());
    Some(bytes)
}

//! Frames in a stream: `##`, four digits of length, the segment, four of check, CR LF. Streams come
//! split, glued, with noise between frames and with lengths that lie; after each fault reading goes
//! on at the next `##`. The length is trusted over what the segment holds, since encrypted data may
//! hold any bytes.

use super::crc::CrcMode;
use super::fault::Fault;

/// Bytes around the segment.
pub const AROUND: usize = 12;
/// The longest segment of the standard, bytes.
pub const SEGMENT_MAX: usize = 1024;

/// One frame whose ends are right. Nothing is said yet about its check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame<'a> {
    /// What the length counts.
    pub segment: &'a [u8],
    /// The four characters behind it.
    pub check: [u8; 4],
}

impl<'a> Frame<'a> {
    /// A whole frame and nothing else, CR LF included.
    ///
    /// # Errors
    /// What [`Framer`] would tell of it.
    pub fn read(bytes: &'a [u8]) -> Result<Self, Fault> {
        match step(bytes, SEGMENT_MAX) {
            Step::Frame { segment } if segment + AROUND == bytes.len() => Ok(Self::at(bytes, segment)),
            Step::Frame { segment } => Err(Fault::Garbage { bytes: bytes.len() - segment - AROUND }),
            Step::Bad { fault, .. } => Err(fault),
            Step::More => Err(Fault::Truncated),
        }
    }

    fn at(bytes: &'a [u8], segment: usize) -> Self {
        let end = 6 + segment;
        Self { segment: &bytes[6..end], check: [bytes[end], bytes[end + 1], bytes[end + 2], bytes[end + 3]] }
    }

    /// The check that was sent, in either case of letters.
    pub fn crc(&self) -> Option<u16> {
        self.check.iter().try_fold(0, |crc, c| Some(crc << 4 | (*c as char).to_digit(16)? as u16))
    }

    /// Holds the check against the plain segment. Of an encrypted frame the segment is deciphered
    /// first and given here.
    ///
    /// # Errors
    /// [`Fault::Crc`].
    pub fn verify(&self, plain: &[u8], mode: CrcMode) -> Result<(), Fault> {
        let (computed, sent) = (mode.of(plain), self.crc());
        if sent == Some(computed) {
            return Ok(());
        }
        let other = if mode == CrcMode::Standard { CrcMode::Modbus } else { CrcMode::Standard };
        Err(Fault::Crc { computed, sent, other_mode: sent == Some(other.of(plain)) })
    }
}

/// What the beginning of some bytes is.
enum Step {
    /// A frame with a segment of so many bytes.
    Frame { segment: usize },
    /// Something else: so many bytes are passed over.
    Bad { fault: Fault, used: usize },
    /// Not yet to be told.
    More,
}

fn step(bytes: &[u8], longest: usize) -> Step {
    let Some(start) = bytes.windows(2).position(|pair| pair == b"##") else {
        let kept = usize::from(bytes.last() == Some(&b'#'));
        let used = bytes.len() - kept;
        return if used == 0 { Step::More } else { Step::Bad { fault: Fault::Garbage { bytes: used }, used } };
    };
    if start > 0 {
        return Step::Bad { fault: Fault::Garbage { bytes: start }, used: start };
    }
    let digits = &bytes[2..bytes.len().min(6)];
    // Of "###0101" only the first sign is passed over.
    let past = if digits.first() == Some(&b'#') { 1 } else { 2 };
    if !digits.iter().all(u8::is_ascii_digit) {
        return Step::Bad { fault: Fault::Length, used: past };
    }
    if digits.len() < 4 {
        return Step::More;
    }
    let segment = digits.iter().fold(0, |n, d| n * 10 + usize::from(d - b'0'));
    if segment > longest {
        return Step::Bad { fault: Fault::Oversize { bytes: segment }, used: past };
    }
    match bytes.get(segment + AROUND - 2..segment + AROUND) {
        None => Step::More,
        Some(b"\r\n") => Step::Frame { segment },
        Some(_) => Step::Bad { fault: Fault::Length, used: past },
    }
}

/// Goes through what is whole and answers with how many bytes were used.
fn drain(bytes: &[u8], longest: usize, each: &mut impl FnMut(Result<Frame<'_>, Fault>)) -> usize {
    let mut used = 0;
    loop {
        let rest = &bytes[used..];
        match step(rest, longest) {
            Step::More => return used,
            Step::Frame { segment } => {
                each(Ok(Frame::at(rest, segment)));
                used += segment + AROUND;
            }
            Step::Bad { fault, used: passed } => {
                each(Err(fault));
                used += passed;
            }
        }
    }
}

/// Takes a stream in pieces of any size and tells its frames. Memory never exceeds two of the
/// longest frames.
#[derive(Debug, Clone)]
pub struct Framer {
    held: Vec<u8>,
    longest: usize,
}

impl Default for Framer {
    fn default() -> Self {
        Self::new(SEGMENT_MAX)
    }
}

impl Framer {
    /// One that takes segments of so many bytes at most.
    pub fn new(longest: usize) -> Self {
        Self { held: Vec::new(), longest }
    }

    /// Takes some bytes; calls `each` with every frame that is now whole and every fault between
    /// them, in order. Whole frames are told straight from `bytes`, without a copy.
    pub fn feed(&mut self, mut bytes: &[u8], mut each: impl FnMut(Result<Frame<'_>, Fault>)) {
        while !self.held.is_empty() && !bytes.is_empty() {
            let room = 2 * (self.longest + AROUND) - self.held.len();
            let taken = room.min(bytes.len());
            let before = self.held.len();
            self.held.extend_from_slice(&bytes[..taken]);
            let used = drain(&self.held, self.longest, &mut each);
            if used >= before {
                // All that was held is told: go on in the caller's bytes.
                self.held.clear();
                bytes = &bytes[used - before..];
            } else {
                self.held.drain(..used);
                bytes = &bytes[taken..];
            }
        }
        let used = drain(bytes, self.longest, &mut each);
        self.held.extend_from_slice(&bytes[used..]);
    }

    /// Bytes held for a frame that is not whole yet.
    pub fn waiting(&self) -> usize {
        self.held.len()
    }

    /// The stream ended or was silent too long: what is held is looked through once more behind its
    /// first `##`, and the rest given up.
    pub fn give_up(&mut self, mut each: impl FnMut(Result<Frame<'_>, Fault>)) {
        let held = std::mem::take(&mut self.held);
        let mut from = 0;
        while from < held.len() {
            each(Err(Fault::Truncated));
            let inner = held[from + 1..].windows(2).position(|pair| pair == b"##").map_or(held.len(), |at| from + 1 + at);
            from = inner + drain(&held[inner..], self.longest, &mut each);
        }
    }
}

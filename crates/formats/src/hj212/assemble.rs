//! Packets that belong together: PNO 1 to PNUM of one device, command and data time. Late ones and
//! doubles are usual; memory is bounded, and what never becomes whole is told.

use std::collections::BTreeMap;

use super::fault::{Fault, Field};
use super::packet::{Packet, Part};

/// What the packets of one message share.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Message {
    /// The device.
    pub mn: String,
    /// The command.
    pub cn: u16,
    /// `DataTime`, or QN where there is none.
    pub time: String,
}

/// What a packet did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Joined {
    /// Others are awaited.
    Waiting,
    /// The same packet was here already, byte for byte.
    Again,
    /// All data of the message, in the order of the packets.
    Whole(Vec<Vec<u8>>),
}

/// Joins split packets.
#[derive(Debug, Clone)]
pub struct Assembler {
    patience_ms: i64,
    most_bytes: usize,
    held_bytes: usize,
    held: BTreeMap<Message, Partial>,
}

#[derive(Debug, Clone)]
struct Partial {
    since_ms: i64,
    of: u16,
    parts: BTreeMap<u16, Vec<u8>>,
}

impl Partial {
    fn bytes(&self) -> usize {
        self.parts.values().map(Vec::len).sum()
    }
}

impl Default for Assembler {
    /// Sixty seconds, and four megabytes for all devices together.
    fn default() -> Self {
        Self::new(60_000, 4 << 20)
    }
}

impl Assembler {
    /// One that waits so long for the packets of a message, and holds so many bytes at most.
    pub fn new(patience_ms: i64, most_bytes: usize) -> Self {
        Self { patience_ms, most_bytes, held_bytes: 0, held: BTreeMap::new() }
    }

    /// Takes a packet of several that arrived at `now_ms`.
    ///
    /// # Errors
    /// [`Fault::Malformed`] of PNUM where the packets disagree on their number, of PNO where two
    /// different packets have one number or this one is not split; [`Fault::Oversize`] where there is
    /// no room.
    pub fn take(&mut self, packet: &Packet<'_>, now_ms: i64) -> Result<Joined, Fault> {
        let Some(Part { of, number }) = packet.part else { return Err(Fault::Malformed(Field::Pno)) };
        let message = Self::message(packet);
        if let Some(partial) = self.held.get(&message) {
            if partial.of != of {
                return Err(Fault::Malformed(Field::Pnum));
            }
            if let Some(same) = partial.parts.get(&number) {
                return if same == packet.content { Ok(Joined::Again) } else { Err(Fault::Malformed(Field::Pno)) };
            }
        }
        if self.held_bytes + packet.content.len() > self.most_bytes {
            return Err(Fault::Oversize { bytes: self.held_bytes + packet.content.len() });
        }
        self.held_bytes += packet.content.len();
        let partial = self.held.entry(message.clone()).or_insert_with(|| Partial { since_ms: now_ms, of, parts: BTreeMap::new() });
        partial.parts.insert(number, packet.content.to_vec());
        if partial.parts.len() < usize::from(of) {
            return Ok(Joined::Waiting);
        }
        Ok(Joined::Whole(self.remove(&message)))
    }

    /// Gives up the messages that have waited too long; each with the packets that never came.
    pub fn expire(&mut self, now_ms: i64) -> Vec<(Message, Vec<u16>)> {
        let old: Vec<Message> = self.held.iter().filter(|(_, p)| now_ms - p.since_ms > self.patience_ms).map(|(m, _)| m.clone()).collect();
        old.into_iter()
            .map(|message| {
                let partial = &self.held[&message];
                let lacking = (1..=partial.of).filter(|n| !partial.parts.contains_key(n)).collect();
                self.remove(&message);
                (message, lacking)
            })
            .collect()
    }

    /// Bytes held for messages that are not whole yet.
    pub fn waiting(&self) -> usize {
        self.held_bytes
    }

    fn remove(&mut self, message: &Message) -> Vec<Vec<u8>> {
        let partial = self.held.remove(message).map(|p| (p.bytes(), p.parts));
        let (bytes, parts) = partial.unwrap_or_default();
        self.held_bytes -= bytes;
        parts.into_values().collect()
    }

    fn message(packet: &Packet<'_>) -> Message {
        let time = super::content::alone(packet.content, "DataTime").map(super::content::text).unwrap_or(packet.qn.unwrap_or_default().into());
        Message { mn: packet.mn.to_owned(), cn: packet.cn, time: time.into_owned() }
    }
}

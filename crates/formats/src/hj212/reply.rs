//! What a packet is answered with. An answer repeats the packet's QN and MN and speaks as system 91.

use liangshan_vocab::Problems;

use super::build::PacketBuilder;
use super::fault::Fault;
use super::packet::Packet;

/// Whether a request can be carried out (QnRtn).
pub const READY: u16 = 1;

/// Codes of answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Answer {
    /// 9011: a request is taken or refused, with QnRtn.
    Request(u16),
    /// 9012: how a request ended, with ExeRtn.
    Done(u16),
    /// 9013: a notice arrived.
    Notice,
    /// 9014: data arrived.
    Data,
}

impl Answer {
    /// The command code.
    pub fn cn(self) -> u16 {
        match self {
            Answer::Request(_) => 9011,
            Answer::Done(_) => 9012,
            Answer::Notice => 9013,
            Answer::Data => 9014,
        }
    }

    /// What is owed to a packet that was taken; `None` where it asks for nothing.
    ///
    /// A command that goes both ways is data when it brings some and a request when it does not.
    pub fn owed(packet: &Packet<'_>) -> Option<Self> {
        if !packet.wants_reply() {
            return None;
        }
        match packet.cn {
            9011..=9014 => None,
            1013 | 9015 | 2012 | 2022 => Some(Answer::Notice),
            1001 | 2013 | 2052 | 2062 | 2081 | 2111 => Some(Answer::Data),
            1011 | 1061 | 1063 | 2011 | 2021 | 2031 | 2041 | 2051 | 2061 | 3015 | 3017..=3020 if !packet.content.is_empty() => Some(Answer::Data),
            _ => Some(Answer::Request(READY)),
        }
    }

    /// What is owed to a packet that was refused for a fault; `None` for a wrong check, which ends
    /// the exchange, and where no answer is wanted.
    pub fn refusing(packet: &Packet<'_>, fault: Fault) -> Option<Self> {
        fault.qn_rtn().filter(|_| packet.wants_reply()).map(Answer::Request)
    }

    /// The packet that carries it. Devices of 2005 that sent no QN cannot be answered.
    ///
    /// # Errors
    /// Faults of what would be written.
    pub fn to(self, packet: &Packet<'_>) -> Option<PacketBuilder> {
        let answer = PacketBuilder::new(packet.edition, packet.qn?, "91", self.cn(), packet.mn).password(packet.pw);
        Some(match self {
            Answer::Request(code) => answer.alone("QnRtn", &code.to_string()),
            Answer::Done(code) => answer.alone("ExeRtn", &code.to_string()),
            Answer::Notice | Answer::Data => answer,
        })
    }

    /// Its bytes.
    ///
    /// # Errors
    /// Faults of what would be written.
    pub fn frame(self, packet: &Packet<'_>, mode: super::CrcMode) -> Result<Option<Vec<u8>>, Problems> {
        self.to(packet).map(|answer| answer.frame(mode)).transpose()
    }
}

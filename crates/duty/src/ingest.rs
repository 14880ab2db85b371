//! Taking in what devices send, so that sending it again changes nothing.
//!
//! Values are kept by device, command, data time, factor and field. The same value again adds only
//! the moment it was sent; another one is a revision, and the old one stays in the history. The
//! newest is the one sent last by QN, so the order of arrival does not matter. Loggers send the
//! pollutants of one hour in separate packets, so no coarser key would do. A packet is a duplicate
//! only when its bytes were here before.

use std::collections::{BTreeMap, BTreeSet};

use liangshan_vocab::Digest;

/// What one value is a value of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The device.
    pub mn: String,
    /// The command.
    pub cn: u16,
    /// Data time, as sent.
    pub data_time: String,
    /// Factor code.
    pub factor: String,
    /// Field, `Avg` or `Flag`.
    pub field: String,
}

impl Key {
    /// Joined by vertical bars.
    pub fn joined(&self) -> String {
        format!("{}|{}|{}|{}|{}", self.mn, self.cn, self.data_time, self.factor, self.field)
    }
}

/// A value with the moment it was sent, which says which of two is newer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sent {
    /// QN of the packet; empty where the device sends none, and older than any.
    pub qn: String,
    /// The value as written.
    pub value: String,
}

/// A packet that passed every check of form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// Digest of its bytes.
    pub digest: Digest,
    /// The device.
    pub mn: String,
    /// The command.
    pub cn: u16,
    /// QN; empty where there is none.
    pub qn: String,
    /// Data time as sent.
    pub data_time: String,
    /// Factor, field and value, each pair of the first two once.
    pub values: Vec<(String, String, String)>,
}

/// What became of a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Taken; what it brought was new, or held already.
    Stored,
    /// The same bytes were here before: acknowledge again and count it.
    Duplicate,
    /// At least one value differs from the one held: an event for a person.
    Revision,
    /// Not taken.
    Reject,
}

impl Outcome {
    /// The word in answers.
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Stored => "stored",
            Outcome::Duplicate => "duplicate",
            Outcome::Revision => "revision",
            Outcome::Reject => "reject",
        }
    }
}

/// What a packet changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// What became of it.
    pub outcome: Outcome,
    /// Values to be kept, in the order sent.
    pub kept: Vec<(Key, Sent)>,
}

/// What is held: every value that was ever sent, the newest in front.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Held {
    registered: BTreeSet<String>,
    seen: BTreeSet<Digest>,
    records: BTreeMap<Key, BTreeSet<Sent>>,
    quarantine: BTreeMap<String, u64>,
}

/// A decimal without the zeros behind it; anything else as it is.
fn trimmed(number: &str) -> &str {
    let decimal = number.contains('.') && number.bytes().all(|c| c.is_ascii_digit() || c == b'.' || c == b'-');
    if decimal { number.trim_end_matches('0').trim_end_matches('.') } else { number }
}

/// `31.4` and `31.40` are one value; anything else is compared as written.
fn same(a: &str, b: &str) -> bool {
    a == b || trimmed(a) == trimmed(b)
}

impl Held {
    /// Nothing yet, of some registered devices.
    pub fn of(registered: impl IntoIterator<Item = String>) -> Self {
        Self { registered: registered.into_iter().collect(), ..Self::default() }
    }

    /// What a packet would change. Nothing is changed by asking.
    pub fn judge(&self, arrival: &Arrival) -> Receipt {
        let nothing = |outcome| Receipt { outcome, kept: Vec::new() };
        if !self.registered.contains(&arrival.mn) {
            return nothing(Outcome::Reject);
        }
        if self.seen.contains(&arrival.digest) {
            return nothing(Outcome::Duplicate);
        }
        let mut receipt = nothing(Outcome::Stored);
        for (factor, field, value) in &arrival.values {
            let key = Key { mn: arrival.mn.clone(), cn: arrival.cn, data_time: arrival.data_time.clone(), factor: factor.clone(), field: field.clone() };
            let held = self.records.get(&key);
            if held.is_some_and(|held| held.iter().all(|h| !same(&h.value, value))) {
                receipt.outcome = Outcome::Revision;
            }
            // The same value under another QN is kept too: of A, B, A the newest is A, in whatever order they come.
            let sent = Sent { qn: arrival.qn.clone(), value: value.clone() };
            if held.is_none_or(|held| !held.contains(&sent)) {
                receipt.kept.push((key, sent));
            }
        }
        receipt
    }

    /// Carries out what [`Held::judge`] said of a packet.
    pub fn keep(&mut self, arrival: &Arrival, receipt: Receipt) -> Outcome {
        match receipt.outcome {
            Outcome::Reject => *self.quarantine.entry(arrival.mn.clone()).or_default() += 1,
            Outcome::Duplicate => {}
            Outcome::Stored | Outcome::Revision => {
                self.seen.insert(arrival.digest.clone());
                for (key, sent) in receipt.kept {
                    self.records.entry(key).or_default().insert(sent);
                }
            }
        }
        receipt.outcome
    }

    /// Both at once.
    pub fn take(&mut self, arrival: &Arrival) -> Outcome {
        let receipt = self.judge(arrival);
        self.keep(arrival, receipt)
    }

    /// The newest value of every key, in the order of the keys.
    pub fn newest(&self) -> impl Iterator<Item = (&Key, &str)> {
        self.records.iter().filter_map(|(key, sent)| Some((key, sent.last()?.value.as_str())))
    }

    /// Every change of a key's value, the oldest first.
    pub fn history(&self, key: &Key) -> impl Iterator<Item = &Sent> {
        let mut before: Option<&str> = None;
        self.records.get(key).into_iter().flatten().filter(move |sent| {
            let changed = before.is_none_or(|b| !same(b, &sent.value));
            before = Some(&sent.value);
            changed
        })
    }

    /// Devices nobody registered, with how many packets each sent.
    pub fn quarantine(&self) -> impl Iterator<Item = (&str, u64)> {
        self.quarantine.iter().map(|(mn, count)| (mn.as_str(), *count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn packet(qn: u64, value: &str) -> Arrival {
        let mut digest = [0; 32];
        digest[..8].copy_from_slice(&qn.to_be_bytes());
        digest[8..8 + value.len()].copy_from_slice(value.as_bytes());
        Arrival {
            digest: Digest::of_bytes(&digest),
            mn: "A1".into(),
            cn: 2061,
            qn: format!("{qn:017}"),
            data_time: "20260302080000".into(),
            values: vec![("w01018".into(), "Avg".into(), value.into())],
        }
    }

    #[test]
    fn the_newest_is_the_one_sent_last_and_not_the_one_that_came_last() {
        let mut held = Held::of(["A1".to_owned()]);
        let outcomes = [packet(2, "31.9"), packet(1, "31.4"), packet(3, "31.90"), packet(3, "31.90")].map(|p| held.take(&p));
        assert_eq!(outcomes, [Outcome::Stored, Outcome::Revision, Outcome::Stored, Outcome::Duplicate]);
        assert_eq!(held.newest().map(|(_, v)| v).collect::<Vec<_>>(), ["31.90"]);
        let key = held.newest().next().unwrap().0.clone();
        assert_eq!(held.history(&key).map(|s| s.value.as_str()).collect::<Vec<_>>(), ["31.4", "31.9"]);
        let stranger = Arrival { mn: "B2".into(), ..packet(9, "1") };
        assert_eq!((held.take(&stranger), held.quarantine().collect::<Vec<_>>()), (Outcome::Reject, vec![("B2", 1)]));
    }

    proptest! {
        #[test]
        fn any_order_and_any_repetition_leaves_the_same_newest_values(
            packets in prop::collection::vec((1_u64..50, 0_u8..4), 1..12),
            order in any::<u64>(),
        ) {
            let packets: Vec<Arrival> = packets.iter().map(|(qn, v)| packet(*qn, &format!("3{v}.5"))).collect();
            let mut shuffled: Vec<Arrival> = packets.iter().chain(&packets).cloned().collect();
            let mut state = order | 1;
            for i in (1..shuffled.len()).rev() {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                shuffled.swap(i, (state >> 33) as usize % (i + 1));
            }
            let newest = |packets: &[Arrival]| {
                let mut held = Held::of(["A1".to_owned()]);
                packets.iter().for_each(|p| { held.take(p); });
                let all: Vec<String> = held.newest().map(|(k, v)| format!("{}={v}", k.joined())).collect();
                all
            };
            prop_assert_eq!(newest(&packets), newest(&shuffled));
        }
    }
}

//! A rule held against an outlet hour after hour, without going over again what no later reading can
//! change.
//!
//! Behind enough clear slots in a row nothing is under way: what was found before stays as it is, and
//! what comes is judged as if the series began there. Such a slot is *settled*. A reading that changes
//! a slot at or before it, or a marking, unsettles everything.

use super::episode::State;
use super::judge::{Finding, Slots, judged, same_again};
use super::rule::Rule;
use super::track::{Outlet, Reading};
use crate::emissions::record::Doubts;

/// What was found of one outlet, and from which slot on it may still change.
///
/// It answers as [`super::judge`] does about everything that lies behind the first reading kept,
/// whatever was asked before; the order of findings may differ between kinds, and a jump that was seen
/// is still told when the readings it was seen by are forgotten.
#[derive(Debug, Clone, Default)]
pub struct Following {
    findings: Vec<Finding>,
    /// How many of them are settled.
    settled: usize,
    /// The first slot that is not settled, and the channels that were sending then.
    from: Option<(i64, Vec<bool>)>,
    /// The rule's doubts about devices, read once.
    device: Option<Doubts>,
}

impl Following {
    /// A reading was put into a slot.
    pub fn touched(&mut self, slot: i64) {
        if self.from.as_ref().is_some_and(|(from, _)| slot <= *from) {
            self.unsettle();
        }
    }

    /// Something else about the outlet changed.
    pub fn unsettle(&mut self) {
        self.from = None;
        self.settled = 0;
    }

    /// Holds the rule, always the same one, against the outlet. `now` is the slot under way, and never less than before.
    pub fn judge(&mut self, rule: &Rule, outlet: &Outlet, now: i64) -> &[Finding] {
        let Some((first, last)) = outlet.span() else {
            self.unsettle();
            self.findings.clear();
            return &self.findings;
        };
        let sending: Vec<bool> = outlet.tracks.iter().map(|t| !t.readings().is_empty()).collect();
        if self.from.as_ref().is_some_and(|(from, then)| *from <= first || *from > last.min(now) || *then != sending) {
            self.unsettle();
        }
        self.findings.truncate(self.settled);
        // What lies before the first reading kept is not seen any more; of what reaches over it only a part would be.
        let kept = self.findings.len();
        self.findings.retain(|f| f.to >= first);
        self.settled -= kept - self.findings.len();
        if self.findings.iter().any(|f| f.from < first) {
            self.unsettle();
            self.findings.clear();
        }
        let begin = self.from.as_ref().map_or(first, |(from, _)| *from);
        let device = *self.device.get_or_insert_with(|| rule.device_doubts());
        let (found, slots) = judged(rule, device, outlet, begin, now);
        self.findings.extend(found);
        if let Some(from) = settled(rule, outlet, &slots, begin) {
            // Stable: those that are settled come first.
            self.findings.sort_by_key(|f| f.to >= from);
            self.settled = self.findings.partition_point(|f| f.to < from);
            self.from = Some((from, sending));
        }
        &self.findings
    }
}

/// The last slot before which nothing is under way in any channel, and nothing can still come.
fn settled(rule: &Rule, outlet: &Outlet, slots: &[Slots], begin: i64) -> Option<i64> {
    let sending: Vec<usize> = (0..slots.len()).filter(|c| !outlet.tracks[*c].readings().is_empty()).collect();
    let length = sending.iter().map(|c| slots[*c].over.len()).min()?;
    // Clear long enough to end what was under way, and to let the hold-down pass.
    let needed = rule.clear.readings as usize + usize::try_from(rule.clear.hold_down).unwrap_or_default() + 2;
    let all = |at: usize, wanted: fn(&State) -> bool| sending.iter().all(|c| wanted(&slots[*c].over[at]) && wanted(&slots[*c].fault[at]));
    let (mut clear, mut best) = (0, None);
    for at in 0..length {
        if clear >= needed && outlet_goes_on(outlet, &sending, begin + at as i64) {
            best = Some(begin + at as i64);
        }
        if !all(at, |state| *state != State::Open) {
            break;
        }
        clear = if all(at, |state| *state == State::Clear) { clear + 1 } else { 0 };
    }
    best
}

/// True where every channel has a reading in the slot that does not repeat the one before: a row of
/// equal values says something about its beginning only when it is long.
fn outlet_goes_on(outlet: &Outlet, sending: &[usize], slot: i64) -> bool {
    sending.iter().all(|c| {
        let readings = outlet.tracks[*c].readings();
        let at = readings.partition_point(|r| r.slot < slot);
        let here: Option<&Reading> = readings.get(at).filter(|r| r.slot == slot);
        here.is_some_and(|reading| at == 0 || !same_again(&readings[at - 1], reading))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::judge;
    use super::super::rule::SHIPPED;
    use super::super::track::{Marking, Track};
    use super::*;
    use crate::emissions::codes::Counts;
    use crate::emissions::limit::{Basis, Compare, Limit};
    use crate::emissions::record::Doubt;

    fn outlet() -> Outlet {
        let limit = Limit::new("50", Compare::FullValue, Basis::Measured, "").unwrap();
        Outlet { id: "甲".into(), tracks: ["a", "b"].map(|f| Track::new(f, limit.clone())).into(), markings: Vec::new() }
    }

    /// What a slot may bring: nothing, clear, between, over, far over, equal ones, a mark, a doubt.
    fn reading(slot: i64, sort: u8, sent_ms: i64) -> Option<Reading> {
        let wave = (slot % 7) as f64 / 10.0;
        let (value, counts, doubts) = match sort {
            0..=5 => (20.0 + wave, Counts::Valid, Doubts::NONE),
            6 => (49.0 + wave / 10.0, Counts::Valid, Doubts::NONE),
            7 | 8 => (55.0 + wave, Counts::Valid, Doubts::NONE),
            9 => (120.0, Counts::Valid, Doubts::NONE),
            10..=12 => (30.0, Counts::Valid, Doubts::NONE),
            13 => (60.0, Counts::Valid, Doubts::NONE.and(Doubt::Broken, true)),
            _ => return None,
        };
        Some(Reading { slot, value, counts, doubts, sent_ms })
    }

    proptest! {
        /// Hour after hour, with readings that are late, revised, missing and marked, and with a window that
        /// moves on: the same as judging everything again, about all that lies behind the window's edge.
        #[test]
        fn it_finds_what_judging_everything_finds(
            sorts in prop::collection::vec((0_u8..16, 0_u8..16), 40..160),
            late in prop::collection::vec((0_usize..150, 1_i64..20, 0_u8..14, 0_usize..2), 0..12),
            marked in prop::option::of((0_i64..120, 1_i64..12, 0_i64..20)),
            kept in 30_i64..90,
            calm in any::<bool>(),
        ) {
            let mut rule = Rule::read(SHIPPED[0].1).unwrap();
            // A jump is told by the readings before, of which judging anew has forgotten some.
            rule.screen.jump_sigma = f64::INFINITY;
            let (mut outlet, mut following) = (outlet(), Following::default());
            let mut settled = 0;
            for (hour, (a, b)) in sorts.iter().enumerate() {
                let slot = hour as i64;
                let now = slot + 1;
                // Mostly calm, as outlets are: else nothing would ever be settled.
                let calmed = |sort: u8| if calm && slot % 23 > 5 { sort % 6 } else { sort };
                let mut put = |channel: usize, reading: Option<Reading>| {
                    if let Some(reading) = reading.filter(|r| r.slot >= 0) && outlet.tracks[channel].put(reading) {
                        following.touched(reading.slot);
                    }
                };
                put(0, reading(slot, calmed(*a), slot));
                put(1, reading(slot, calmed(*b), slot));
                for (_, back, sort, channel) in late.iter().filter(|l| l.0 == hour) {
                    put(*channel, reading(slot - back, *sort, slot + 1));
                }
                if let Some((from, hours, _)) = marked.filter(|m| m.0 + m.2 == slot) {
                    outlet.markings.push(Marking { from, until: from + hours, reason: "stop".into() });
                    following.unsettle();
                }
                let since = now - kept;
                outlet.forget(since - rule.context());
                let sorted = |findings: &[Finding]| {
                    let mut seen: Vec<String> = findings.iter().filter(|f| f.to >= since).map(|f| format!("{f:?}")).collect();
                    seen.sort();
                    seen
                };
                let all = judge(&rule, &outlet, now);
                prop_assert_eq!(sorted(following.judge(&rule, &outlet, now)), sorted(&all), "hour {}", hour);
                settled = settled.max(following.from.as_ref().map_or(0, |f| f.0));
            }
            prop_assert!(!calm || settled > 0, "nothing was ever settled");
        }
    }
}

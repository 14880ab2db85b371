//! What is known of each slot of a stretch, channel by channel.

use super::episode::State;
use super::rule::Rule;
use super::track::{Outlet, Reading, Track};
use crate::emissions::codes::Counts;
use crate::emissions::record::{Doubt, Doubts};

/// A rule held against an outlet, with what is asked of the two again and again.
#[derive(Clone, Copy)]
pub(super) struct Held<'a> {
    pub rule: &'a Rule,
    /// Doubts of the rule that make a reading a fault of the device.
    pub device: Doubts,
    pub outlet: &'a Outlet,
    /// Channels with any reading: one that sends nothing at all has nothing to wait for.
    pub sending: &'a [usize],
}

/// Some slots in a row. Nothing was under way when the first began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stretch {
    /// The first.
    pub from: i64,
    /// The one behind the last.
    pub until: i64,
    /// The slot under way.
    pub now: i64,
    /// True where the series ends with it, false where it goes on behind.
    pub last: bool,
}

/// What is known of the slots of one channel: their states for exceedance and for the device, and their doubts.
#[derive(Debug, Clone, Default)]
pub(super) struct Slots {
    pub over: Vec<State>,
    pub fault: Vec<State>,
    pub doubts: Vec<Doubts>,
    /// Where a reading jumps, the slot of the oldest reading by which that is seen; else [`NO_JUMP`].
    pub jumps: Vec<i64>,
}

/// No slot at all.
pub(super) const NO_JUMP: i64 = i64::MIN;

/// The slots of a stretch in every channel that sends; kept by who looks often.
#[derive(Debug, Clone, Default)]
pub(super) struct Sight {
    /// By place among the channels that send.
    pub channels: Vec<Slots>,
    /// Slots of which anything is here.
    pub here: Vec<bool>,
    /// One more than slots: true where the series could not have begun with that slot.
    pub busy: Vec<bool>,
}

const FAULT: State = State::Over(1.0);

impl Sight {
    /// Looks at a stretch.
    pub(super) fn look(&mut self, held: &Held<'_>, stretch: Stretch) {
        let length = (stretch.until - stretch.from) as usize;
        self.channels.resize_with(held.sending.len(), Slots::default);
        self.here.clear();
        self.here.resize(length, false);
        self.busy.clear();
        self.busy.resize(length + 1, false);
        for (channel, slots) in held.sending.iter().zip(&mut self.channels) {
            slots.look(held, &held.outlet.tracks[*channel], stretch, &mut self.here, &mut self.busy);
        }
        for (busy, here) in self.busy.iter_mut().zip(&self.here) {
            *busy |= !here;
        }
    }
}

impl Slots {
    fn look(&mut self, held: &Held<'_>, track: &Track, stretch: Stretch, here: &mut [bool], busy: &mut [bool]) {
        let (rule, first) = (held.rule, stretch.from);
        let length = here.len();
        // Up to here a reading is waited for in vain.
        let given_up = usize::try_from(stretch.now - rule.missing.wait - first).unwrap_or_default().min(length);
        self.over.clear();
        self.over.resize(given_up, State::Void);
        self.over.resize(length, State::Open);
        self.fault.clone_from(&self.over);
        self.doubts.clear();
        self.doubts.resize(length, Doubts::NONE);
        self.jumps.clear();
        self.jumps.resize(length, NO_JUMP);
        let readings = track.readings();
        let begin = readings.partition_point(|r| r.slot < first);
        let mut equal = 0;
        for (i, reading) in readings.iter().enumerate().skip(begin).take_while(|(_, r)| r.slot < stretch.until) {
            let at = (reading.slot - first) as usize;
            let marked = held.outlet.is_marked(reading.slot);
            let constant = i > begin && same_again(&readings[i - 1], reading);
            equal = if constant { equal + 1 } else { 1 };
            (here[at], busy[at]) = (true, busy[at] | constant);
            self.doubts[at] = reading.doubts;
            (self.over[at], self.fault[at]) = stand(rule, track, reading, held.device, marked);
            if equal >= rule.screen.constant && !marked {
                // Only now is it known of the slots before.
                let from = if equal == rule.screen.constant { at + 1 - equal as usize } else { at };
                for back in from..=at {
                    self.doubts[back] = self.doubts[back].and(Doubt::Constant, true);
                    if held.device.has(Doubt::Constant) {
                        (self.over[back], self.fault[back]) = (State::Void, FAULT);
                    }
                }
            }
            if matches!(self.over[at], State::Over(_)) {
                self.jumps[at] = jump(rule, &readings[..i], reading.value).unwrap_or(NO_JUMP);
            }
        }
        // What may still come stands in the way of all that lies behind it.
        if let Some(open) = self.over.iter().zip(&self.fault).position(|(o, f)| *o == State::Open || *f == State::Open) {
            busy[open..].fill(true);
        }
    }
}

/// The next slot with the same value, other than zero: an outlet at rest sends zeros.
fn same_again(before: &Reading, reading: &Reading) -> bool {
    before.slot + 1 == reading.slot
        && before.value == reading.value
        && reading.value != 0.0
        && before.counts == Counts::Valid
        && reading.counts == Counts::Valid
}

fn stand(rule: &Rule, track: &Track, reading: &Reading, device: Doubts, marked: bool) -> (State, State) {
    if marked {
        return (State::Void, State::Void);
    }
    if reading.doubts.meets(device) {
        return (State::Void, FAULT);
    }
    if reading.counts != Counts::Valid || !reading.value.is_finite() {
        return (State::Void, State::Void);
    }
    let held = track.limit.hold(reading.value);
    let state = if held.over {
        State::Over(held.multiple + 1.0)
    } else if held.compared > track.limit.value() * rule.clear.at_share {
        State::Between
    } else {
        State::Clear
    };
    (state, State::Clear)
}

/// Where a value lies further from the mean of the valid ones before than the rule allows: the slot of the
/// oldest of them.
fn jump(rule: &Rule, before: &[Reading], value: f64) -> Option<i64> {
    let past = || before.iter().rev().filter(|r| r.counts == Counts::Valid).take(rule.screen.jump_over);
    let (count, sum) = past().fold((0, 0.0), |(count, sum), r| (count + 1, sum + r.value));
    if count < rule.screen.jump_over {
        return None;
    }
    let mean = sum / count as f64;
    let deviation = (past().map(|r| (r.value - mean).powi(2)).sum::<f64>() / (count - 1) as f64).sqrt();
    let jumps = deviation > 0.0 && (value - mean).abs() > rule.screen.jump_sigma * deviation;
    past().last().filter(|_| jumps).map(|oldest| oldest.slot)
}

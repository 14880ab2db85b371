//! One rule over one outlet at one moment.

use super::episode::{Cutting, Episode, State, episodes};
use super::rule::{Group, Rule};
use super::track::{Outlet, Reading, Track};
use crate::emissions::codes::Counts;
use crate::emissions::record::{Doubt, Doubts};

/// What a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A real exceedance of a limit.
    Exceedance,
    /// An instrument that does not measure.
    Device,
    /// Nothing arrives.
    Silence,
}

impl Kind {
    /// The word in answers.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Exceedance => "exceedance",
            Kind::Device => "device",
            Kind::Silence => "silence",
        }
    }
}

/// What a rule finds. The same rule, outlet and moment give the same findings, in whatever order the
/// readings came.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The rule.
    pub rule: String,
    /// What it is about.
    pub kind: Kind,
    /// The outlet.
    pub outlet: String,
    /// What one task is made for: the outlet, or one of its factors.
    pub subject: String,
    /// Factors concerned, in the order of the channels.
    pub factors: Vec<String>,
    /// First slot.
    pub from: i64,
    /// Last slot.
    pub to: i64,
    /// The slot that made it a task; none while somebody is only asked to look at the device.
    pub anchor: Option<i64>,
    /// Greatest value over limit, and its slot; zero where there is no limit in question.
    pub peak: (f64, i64),
    /// True while it goes on.
    pub open: bool,
    /// True where readings that may still come can change it.
    pub pending: bool,
    /// What is doubtful about the readings it rests on.
    pub doubts: Doubts,
    /// The office that has to act: the one of the task, or the one that verifies.
    pub office: String,
}

/// What is known of one slot: its state for exceedance, for the device, and its doubts.
struct Slots {
    over: Vec<State>,
    fault: Vec<State>,
    doubts: Vec<Doubts>,
}

/// Holds a rule against an outlet. `now` is the slot under way.
pub fn judge(rule: &Rule, outlet: &Outlet, now: i64) -> Vec<Finding> {
    let Some((first, last)) = outlet.span() else { return Vec::new() };
    let last = last.min(now);
    if last < first {
        return Vec::new();
    }
    let device = rule.device_doubts();
    let slots: Vec<Slots> = outlet.tracks.iter().map(|track| look(rule, outlet, track, device, first, last, now)).collect();
    let mut findings = Vec::new();
    let finder = Finder { rule, outlet, first, slots: &slots };
    // A channel that sends nothing at all has nothing to wait for.
    let sending: Vec<usize> = (0..slots.len()).filter(|c| !outlet.tracks[*c].readings().is_empty()).collect();
    match rule.group {
        Group::Outlet => finder.find(Kind::Exceedance, &sending, &mut findings),
        Group::Channel => sending.iter().for_each(|c| finder.find(Kind::Exceedance, &[*c], &mut findings)),
    }
    for channel in sending {
        finder.find(Kind::Device, &[channel], &mut findings);
    }
    silences(rule, outlet, first, now, &mut findings);
    findings
}

fn look(rule: &Rule, outlet: &Outlet, track: &Track, device: Doubts, first: i64, last: i64, now: i64) -> Slots {
    let length = (last - first + 1) as usize;
    let hole = |at: usize| if now - (first + at as i64) <= rule.missing.wait { State::Open } else { State::Void };
    let mut slots = Slots { over: (0..length).map(hole).collect(), fault: Vec::new(), doubts: vec![Doubts::NONE; length] };
    slots.fault.clone_from(&slots.over);
    let readings = track.readings();
    let readings = &readings[..readings.partition_point(|r| r.slot <= last)];
    let mut equal = 0;
    for (i, reading) in readings.iter().enumerate() {
        let at = (reading.slot - first) as usize;
        let marked = outlet.is_marked(reading.slot);
        let constant = i > 0 && same_again(&readings[i - 1], reading);
        equal = if constant { equal + 1 } else { 1 };
        slots.doubts[at] = slots.doubts[at].union(reading.doubts);
        (slots.over[at], slots.fault[at]) = stand(rule, track, reading, device, marked);
        if equal >= rule.screen.constant && !marked {
            // Only now is it known of the slots before.
            let from = if equal == rule.screen.constant { at + 1 - equal as usize } else { at };
            for back in from..=at {
                slots.doubts[back] = slots.doubts[back].and(Doubt::Constant, true);
                if device.has(Doubt::Constant) {
                    (slots.over[back], slots.fault[back]) = (State::Void, FAULT);
                }
            }
        }
        if matches!(slots.over[at], State::Over(_)) {
            slots.doubts[at] = slots.doubts[at].and(Doubt::Jump, jumps(rule, &readings[..i], reading.value));
        }
    }
    slots
}

const FAULT: State = State::Over(1.0);

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

/// True where a value lies further from the mean of the valid ones before than the rule allows.
fn jumps(rule: &Rule, before: &[Reading], value: f64) -> bool {
    let past: Vec<f64> = before.iter().rev().filter(|r| r.counts == Counts::Valid).map(|r| r.value).take(rule.screen.jump_over).collect();
    if past.len() < rule.screen.jump_over {
        return false;
    }
    let mean = past.iter().sum::<f64>() / past.len() as f64;
    let deviation = (past.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (past.len() - 1) as f64).sqrt();
    deviation > 0.0 && (value - mean).abs() > rule.screen.jump_sigma * deviation
}

struct Finder<'a> {
    rule: &'a Rule,
    outlet: &'a Outlet,
    first: i64,
    slots: &'a [Slots],
}

impl Finder<'_> {
    fn find(&self, kind: Kind, channels: &[usize], findings: &mut Vec<Finding>) {
        let row = |channel: &usize| match kind {
            Kind::Device => &self.slots[*channel].fault,
            _ => &self.slots[*channel].over,
        };
        // Most outlets, most of the time.
        if channels.iter().map(row).all(|row| row.iter().all(|state| !matches!(state, State::Over(_)))) {
            return;
        }
        let rows: Vec<Vec<State>> = channels.iter().map(|c| row(c).clone()).collect();
        findings.extend(episodes(&rows, &self.cutting(kind)).iter().map(|episode| self.told(kind, channels, episode)));
    }

    fn cutting(&self, kind: Kind) -> Cutting {
        let Rule { over, clear, missing, .. } = self.rule;
        Cutting {
            consecutive: if kind == Kind::Device { 1 } else { over.consecutive },
            at_once_times: over.at_once_times,
            clear: clear.readings,
            hold_down: usize::try_from(clear.hold_down).unwrap_or_default(),
            gap: missing.gap,
        }
    }

    fn told(&self, kind: Kind, channels: &[usize], episode: &Episode) -> Finding {
        let concerned: Vec<usize> = channels.iter().zip(&episode.over).filter(|(_, over)| **over).map(|(c, _)| *c).collect();
        let factors: Vec<String> = concerned.iter().map(|c| self.outlet.tracks[*c].factor.clone()).collect();
        let doubts = concerned.iter().flat_map(|c| &self.slots[*c].doubts[episode.from..=episode.to]).fold(Doubts::NONE, |all, d| all.union(*d));
        let slot = |at: usize| self.first + at as i64;
        let alone = kind == Kind::Device || self.rule.group == Group::Channel;
        let duty = &self.rule.duty;
        Finding {
            rule: self.rule.id.clone(),
            kind,
            outlet: self.outlet.id.clone(),
            subject: if alone { format!("{}/{}", self.outlet.id, factors.join("+")) } else { self.outlet.id.clone() },
            factors,
            from: slot(episode.from),
            to: slot(episode.to),
            anchor: episode.anchor.map(slot),
            peak: if kind == Kind::Device { (0.0, slot(episode.from)) } else { (episode.peak.0, slot(episode.peak.1)) },
            open: episode.open,
            pending: episode.pending,
            doubts,
            office: match (kind, episode.anchor) {
                (Kind::Exceedance, Some(_)) => duty.office.clone(),
                (Kind::Exceedance, None) => duty.verify.clone(),
                _ => duty.device.clone(),
            },
        }
    }
}

/// Stretches in which nothing of the outlet arrived for too long.
fn silences(rule: &Rule, outlet: &Outlet, first: i64, now: i64, findings: &mut Vec<Finding>) {
    let mut slots: Vec<i64> = outlet.tracks.iter().flat_map(|t| t.readings()).map(|r| r.slot).filter(|slot| *slot <= now).collect();
    slots.sort_unstable();
    slots.push(now + 1);
    let mut before = first - 1;
    for slot in slots {
        let (from, to) = (before + 1, slot - 1);
        // The slot under way has not ended, so nothing of it can be here.
        let ended = if slot > now { to - 1 } else { to };
        if ended - from + 1 > rule.missing.silent_after {
            findings.push(Finding {
                rule: rule.id.clone(),
                kind: Kind::Silence,
                outlet: outlet.id.clone(),
                subject: outlet.id.clone(),
                factors: Vec::new(),
                from,
                to,
                anchor: Some(from + rule.missing.silent_after),
                peak: (0.0, from),
                open: slot > now,
                pending: now - to <= rule.missing.wait,
                doubts: Doubts::NONE,
                office: rule.duty.device.clone(),
            });
        }
        before = slot;
    }
}

//! One rule over one outlet at one moment.

use super::episode::{Cutting, Episode, State, episodes};
use super::rule::{Group, Rule};
use super::sight::{Held, NO_JUMP, Sight, Slots, Stretch};
use super::track::Outlet;
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

/// Holds a rule against an outlet. `now` is the slot under way.
pub fn judge(rule: &Rule, outlet: &Outlet, now: i64) -> Vec<Finding> {
    let Some((first, last)) = seen(outlet, now) else { return Vec::new() };
    let sending: Vec<usize> = sending(outlet).collect();
    let held = Held { rule, device: rule.device_doubts(), outlet, sending: &sending };
    let mut found = Vec::new();
    find(&held, Stretch { from: first, until: last + 1, now, last: true }, &mut Sight::default(), &mut found);
    found.into_iter().map(|f| f.finding).collect()
}

/// The first and last slot of an outlet that there is anything to say of.
pub(super) fn seen(outlet: &Outlet, now: i64) -> Option<(i64, i64)> {
    outlet.span().map(|(first, last)| (first, last.min(now))).filter(|(first, last)| first <= last)
}

/// Channels that send anything.
pub(super) fn sending(outlet: &Outlet) -> impl Iterator<Item = usize> {
    outlet.tracks.iter().enumerate().filter(|(_, track)| !track.readings().is_empty()).map(|(channel, _)| channel)
}

/// A finding, with what is asked of it as readings are forgotten.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub finding: Finding,
    /// Kind and channel: findings are told kind by kind, channel by channel, each from the first slot on.
    pub order: (Kind, usize),
    /// Its doubts without jumps.
    pub steady: Doubts,
    /// Slot of the reading without which no jump is seen.
    pub jump: i64,
}

/// What a stretch shows, in the order in which it is told. `sight` tells afterwards where something is under way.
pub(super) fn find(held: &Held<'_>, stretch: Stretch, sight: &mut Sight, found: &mut Vec<Found>) {
    sight.look(held, stretch);
    let Sight { channels, busy, here } = sight;
    let places = 0..held.sending.len();
    let mut finder = Finder { held, first: stretch.from, slots: channels, busy, found };
    match held.rule.group {
        Group::Outlet => finder.find(Kind::Exceedance, places.clone()),
        Group::Channel => places.clone().for_each(|place| finder.find(Kind::Exceedance, place..place + 1)),
    }
    places.for_each(|place| finder.find(Kind::Device, place..place + 1));
    silences(held, stretch, here, found);
}

struct Finder<'a, 'h> {
    held: &'a Held<'h>,
    first: i64,
    slots: &'a [Slots],
    busy: &'a mut [bool],
    found: &'a mut Vec<Found>,
}

impl Finder<'_, '_> {
    fn find(&mut self, kind: Kind, places: std::ops::Range<usize>) {
        fn row(kind: Kind, slots: &Slots) -> &[State] {
            if kind == Kind::Device { &slots.fault } else { &slots.over }
        }
        let slots = &self.slots[places.clone()];
        // Most outlets, most of the time.
        if slots.iter().all(|slots| row(kind, slots).iter().all(|state| !matches!(state, State::Over(_)))) {
            return;
        }
        let rows: Vec<&[State]> = slots.iter().map(|slots| row(kind, slots)).collect();
        for episode in episodes(&rows, &self.cutting(kind), self.busy) {
            self.found.push(self.told(kind, places.clone(), &episode));
        }
    }

    fn cutting(&self, kind: Kind) -> Cutting {
        let Rule { over, clear, missing, .. } = self.held.rule;
        Cutting {
            consecutive: if kind == Kind::Device { 1 } else { over.consecutive },
            at_once_times: over.at_once_times,
            clear: clear.readings,
            hold_down: usize::try_from(clear.hold_down).unwrap_or_default(),
            gap: missing.gap,
        }
    }

    fn told(&self, kind: Kind, places: std::ops::Range<usize>, episode: &Episode) -> Found {
        let Held { rule, outlet, sending, .. } = self.held;
        let begin = places.start;
        let concerned: Vec<usize> = places.zip(&episode.over).filter(|(_, over)| **over).map(|(place, _)| place).collect();
        let factors: Vec<String> = concerned.iter().map(|place| outlet.tracks[sending[*place]].factor.clone()).collect();
        let within = |place: &usize| {
            let slots = &self.slots[*place];
            slots.doubts[episode.from..=episode.to].iter().zip(&slots.jumps[episode.from..=episode.to])
        };
        let (steady, jump) = concerned.iter().flat_map(within).fold((Doubts::NONE, NO_JUMP), |(d, j), (doubts, jump)| (d.union(*doubts), j.max(*jump)));
        let slot = |at: usize| self.first + at as i64;
        let alone = kind == Kind::Device || rule.group == Group::Channel;
        let duty = &rule.duty;
        let finding = Finding {
            rule: rule.id.clone(),
            kind,
            outlet: outlet.id.clone(),
            subject: if alone { format!("{}/{}", outlet.id, factors.join("+")) } else { outlet.id.clone() },
            factors,
            from: slot(episode.from),
            to: slot(episode.to),
            anchor: episode.anchor.map(slot),
            peak: if kind == Kind::Device { (0.0, slot(episode.from)) } else { (episode.peak.0, slot(episode.peak.1)) },
            open: episode.open,
            pending: episode.pending,
            doubts: steady.and(Doubt::Jump, jump != NO_JUMP),
            office: match (kind, episode.anchor) {
                (Kind::Exceedance, Some(_)) => duty.office.clone(),
                (Kind::Exceedance, None) => duty.verify.clone(),
                _ => duty.device.clone(),
            },
        };
        Found { finding, order: (kind, begin), steady, jump }
    }
}

/// Slots in a row in which nothing of the outlet arrived, where they are too many.
fn silences(held: &Held<'_>, stretch: Stretch, here: &[bool], found: &mut Vec<Found>) {
    let mut from = stretch.from;
    for slot in (stretch.from..).zip(here).filter(|(_, here)| **here).map(|(slot, _)| slot) {
        silence(held, stretch.now, (from, slot - 1, slot - 1), found);
        from = slot + 1;
    }
    match stretch.last {
        // The slot under way has not ended, so nothing of it can be here.
        true => silence(held, stretch.now, (from, stretch.now, stretch.now - 1), found),
        false => silence(held, stretch.now, (from, stretch.until - 1, stretch.until - 1), found),
    }
}

/// One of them: its first and last slot, and the last that has ended.
fn silence(held: &Held<'_>, now: i64, (from, to, ended): (i64, i64, i64), found: &mut Vec<Found>) {
    let Held { rule, outlet, .. } = held;
    if ended - from < rule.missing.silent_after {
        return;
    }
    let finding = Finding {
        rule: rule.id.clone(),
        kind: Kind::Silence,
        outlet: outlet.id.clone(),
        subject: outlet.id.clone(),
        factors: Vec::new(),
        from,
        to,
        anchor: Some(from + rule.missing.silent_after),
        peak: (0.0, from),
        open: to == now,
        pending: now - to <= rule.missing.wait,
        doubts: Doubts::NONE,
        office: rule.duty.device.clone(),
    };
    found.push(Found { finding, order: (Kind::Silence, 0), steady: Doubts::NONE, jump: NO_JUMP });
}

//! A rule held against an outlet hour after hour, without going over again what no reading to come can
//! change: the findings are those of [`super::judge()`], to the last field and in the same order.
//!
//! A slot is a **cut** when nothing is under way as it begins, every slot before it is known or given up,
//! something of the outlet is in it, and no channel repeats in it the value of the slot before. What is found
//! from a cut on is the same as if the series began there, and what was found before it the same as if the
//! series ended there. So only the slots behind the last cut are gone over when the next hour comes, a late
//! reading leads back to the last cut before it, and where the window's beginning moves on, the slots up to the
//! next cut are gone over.

use std::collections::VecDeque;

use super::judge::{Finding, Found, find, seen, sending};
use super::rule::Rule;
use super::sight::{Held, NO_JUMP, Sight, Stretch};
use super::track::{Marking, Outlet, Reading};
use crate::emissions::record::Doubts;

/// An outlet with what is found of it.
#[derive(Debug, Clone)]
pub struct Followed {
    outlet: Outlet,
    sending: Vec<usize>,
    /// The rule's doubts about devices, read once.
    device: Option<Doubts>,
    first: i64,
    now: i64,
    /// The last cut; [`NOTHING`] where everything is to be gone over.
    cut: i64,
    /// Slots between the first and the last cut that are none.
    busy: VecDeque<i64>,
    found: Vec<Found>,
    sight: Sight,
}

const NOTHING: i64 = i64::MIN;

impl Followed {
    /// An outlet of which nothing was asked yet.
    pub fn new(outlet: Outlet) -> Self {
        let (busy, found) = (VecDeque::new(), Vec::new());
        Self { outlet, sending: Vec::new(), device: None, first: NOTHING, now: NOTHING, cut: NOTHING, busy, found, sight: Sight::default() }
    }

    /// The outlet with its readings.
    pub fn outlet(&self) -> &Outlet {
        &self.outlet
    }

    /// Puts a reading in its place; answers whether anything changed.
    pub fn put(&mut self, channel: usize, reading: Reading) -> bool {
        let changed = self.outlet.tracks[channel].put(reading);
        if changed && reading.slot <= self.cut {
            self.go_back(reading.slot);
        }
        changed
    }

    /// Enters what an enterprise has marked.
    pub fn mark(&mut self, marking: Marking) {
        self.outlet.markings.push(marking);
        self.cut = NOTHING;
    }

    /// Forgets what lies before a slot.
    pub fn forget(&mut self, before: i64) {
        self.outlet.forget(before);
    }

    /// Holds the rule, always the same one, against the outlet. `now` is the slot under way.
    pub fn judge(&mut self, rule: &Rule, now: i64) -> impl Iterator<Item = &Finding> + Clone {
        self.bring_up(rule, now);
        self.found.iter().map(|f| &f.finding)
    }

    /// To the last cut before a slot that changed.
    fn go_back(&mut self, slot: i64) {
        let mut cut = slot - 1;
        while self.busy.back().is_some_and(|busy| *busy >= cut) {
            if self.busy.pop_back() == Some(cut) {
                cut -= 1;
            }
        }
        self.cut = if cut > self.first { cut } else { NOTHING };
    }

    fn bring_up(&mut self, rule: &Rule, now: i64) {
        let Some((first, last)) = seen(&self.outlet, now) else {
            self.cut = NOTHING;
            self.found.clear();
            return;
        };
        if !sending(&self.outlet).eq(self.sending.iter().copied()) {
            self.sending = sending(&self.outlet).collect();
            self.cut = NOTHING;
        }
        if now < self.now || self.cut > last {
            self.cut = NOTHING;
        }
        self.now = now;
        if first != self.first && self.cut > first {
            self.begin_at(rule, first);
        }
        self.first = first;
        let cut = self.cut;
        if cut <= first {
            (self.cut, _) = (first, self.found.clear());
            self.busy.clear();
        } else {
            self.found.retain(|f| f.finding.to < cut);
        }
        self.go_on(rule, last);
    }

    /// The window begins later than it did, and before the last cut.
    fn begin_at(&mut self, rule: &Rule, first: i64) {
        self.found.retain(|f| f.finding.to >= first);
        self.busy.drain(..self.busy.partition_point(|busy| *busy < first));
        if self.busy.front() == Some(&first) {
            let next = (first..).zip(self.busy.iter()).find(|(slot, busy)| slot != *busy).map_or(first + self.busy.len() as i64, |(slot, _)| slot);
            self.found.retain(|f| f.finding.from >= next);
            self.find(rule, Stretch { from: first, until: next, now: self.now, last: false });
            let busy = &self.sight.busy;
            if busy[(next - first) as usize] {
                self.cut = NOTHING;
                return;
            }
            self.busy.drain(..(next - first) as usize);
            (1..next - first).rev().filter(|at| busy[*at as usize]).for_each(|at| self.busy.push_front(first + at));
        }
        // A jump is seen by the readings before it, and not without them.
        for found in self.found.iter_mut().filter(|f| f.jump < first && f.jump != NO_JUMP) {
            (found.jump, found.finding.doubts) = (NO_JUMP, found.steady);
        }
    }

    /// What lies behind the last cut, and where the next one is.
    fn go_on(&mut self, rule: &Rule, last: i64) {
        let from = self.cut;
        self.find(rule, Stretch { from, until: last + 1, now: self.now, last: true });
        let busy = &self.sight.busy;
        let cut = (1..=(last - from) as usize).rev().find(|at| !busy[*at]).unwrap_or(0);
        self.busy.extend((1..cut).filter(|at| busy[*at]).map(|at| from + at as i64));
        self.cut = from + cut as i64;
    }

    fn find(&mut self, rule: &Rule, stretch: Stretch) {
        let device = *self.device.get_or_insert_with(|| rule.device_doubts());
        let before = self.found.len();
        find(&Held { rule, device, outlet: &self.outlet, sending: &self.sending }, stretch, &mut self.sight, &mut self.found);
        if before > 0 && self.found.len() > before {
            self.found.sort_by_key(|f| (f.order, f.finding.from));
        }
    }
}

#[cfg(test)]
mod tests;

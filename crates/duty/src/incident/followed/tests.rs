//! Following an outlet finds what judging all that is held finds: every history is judged both ways, hour after
//! hour.

use proptest::prelude::*;

use super::super::judge;
use super::super::rule::{Group, SHIPPED};
use super::super::track::Track;
use super::*;
use crate::emissions::codes::Counts;
use crate::emissions::limit::{Basis, Compare, Limit};
use crate::emissions::record::Doubt;

const CHANNELS: usize = 2;

/// SplitMix64: one number makes a whole history, so that a failure shrinks to its hours.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn of(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

fn outlet() -> Outlet {
    let limit = Limit::new("50", Compare::FullValue, Basis::Measured, "").unwrap();
    Outlet { id: "甲".into(), tracks: ["a", "b"].map(|f| Track::new(f, limit.clone())).into(), markings: Vec::new() }
}

/// A rule with small numbers of its own: much happens in few slots.
fn rule(chance: &mut Chance) -> Rule {
    let mut rule = Rule::read(SHIPPED[0].1).unwrap();
    if chance.of(20) {
        return rule;
    }
    rule.group = if chance.of(30) { Group::Channel } else { Group::Outlet };
    rule.over.consecutive = 1 + chance.below(3) as u32;
    rule.clear.readings = 1 + chance.below(3) as u32;
    rule.clear.hold_down = chance.below(4) as i64;
    rule.missing.wait = chance.below(8) as i64;
    rule.missing.gap = chance.below(4) as u32;
    rule.missing.silent_after = 1 + chance.below(6) as i64;
    rule.screen.constant = 2 + chance.below(4) as u32;
    rule.screen.jump_over = 2 + chance.below(6) as usize;
    if chance.of(20) {
        rule.screen.device.clear();
    }
    rule
}

/// How a history goes: shares in percent.
struct Weather {
    calm: u64,
    lost: u64,
    late: u64,
    revised: u64,
    marked: u64,
}

impl Weather {
    fn of(chance: &mut Chance) -> Self {
        let mut often = |of: &[u64]| of[chance.below(of.len() as u64) as usize];
        Self { calm: often(&[20, 60, 90, 98]), lost: often(&[0, 3, 30]), late: often(&[0, 3, 30]), revised: often(&[0, 2, 10]), marked: often(&[0, 1, 3]) }
    }

    fn reading(&self, slot: i64, chance: &mut Chance) -> Reading {
        let wave = chance.below(1000) as f64 / 100.0;
        let sort = if chance.of(self.calm) { 0 } else { 1 + chance.below(9) };
        let (value, counts, doubts) = match sort {
            1 => (48.0 + wave / 10.0, Counts::Valid, Doubts::NONE),
            2 | 3 => (55.0 + wave, Counts::Valid, Doubts::NONE),
            4 => (120.0 + wave, Counts::Valid, Doubts::NONE),
            5 => (30.0, Counts::Valid, Doubts::NONE),
            6 => (60.0, Counts::Valid, Doubts::NONE),
            7 => (61.0, Counts::Fault, Doubts::NONE.and(Doubt::Broken, true)),
            8 => (0.0, Counts::Valid, Doubts::NONE.and(Doubt::LoadDiffers, true)),
            9 => (f64::NAN, Counts::Invalid, Doubts::NONE),
            _ => (20.0 + wave, Counts::Valid, Doubts::NONE),
        };
        Reading { slot, value, counts, doubts, sent_ms: slot }
    }
}

/// Lives through a history; answers in how many slots it was gone back, and how many slots were gone over.
fn lived(seed: u64, hours: i64) -> Result<(u32, usize), TestCaseError> {
    let chance = &mut Chance(seed);
    let (rule, weather) = (rule(chance), Weather::of(chance));
    let kept = 5 + chance.below(60) as i64;
    let mut followed = Followed::new(outlet());
    let mut waiting: Vec<(i64, usize, Reading)> = Vec::new();
    let (mut back, mut over, mut stretch) = (0, 0, 0);
    for slot in 0..hours {
        let now = slot + 1;
        for channel in 0..CHANNELS {
            // Lines lie dead for days.
            stretch = if stretch > 0 {
                stretch - 1
            } else if chance.of(1) {
                chance.below(40)
            } else {
                0
            };
            if stretch > 2 || chance.of(weather.lost) {
                continue;
            }
            let reading = weather.reading(slot, chance);
            let delay = if chance.of(weather.late) { chance.below(20) as i64 } else { 0 };
            waiting.push((now + delay, channel, reading));
            if chance.of(weather.late) {
                waiting.push((now + chance.below(30) as i64, channel, reading));
            }
            if chance.of(weather.revised) {
                let revised = Reading { value: weather.reading(slot, chance).value, sent_ms: slot + 1, ..reading };
                waiting.push((now + chance.below(15) as i64, channel, revised));
            }
        }
        if chance.of(weather.marked) {
            let from = slot - 10 + chance.below(14) as i64;
            followed.mark(Marking { from, until: from + 1 + chance.below(12) as i64, reason: "stop".into() });
        }
        // Of what comes in an hour the last comes first.
        for at in (0..waiting.len()).rev().filter(|at| waiting[*at].0 <= now).collect::<Vec<_>>() {
            let (_, channel, reading) = waiting.remove(at);
            let before = followed.cut;
            if reading.slot >= now - kept - rule.context() {
                followed.put(channel, reading);
            }
            back += u32::from(followed.cut < before);
        }
        // Now and then nobody asks for a while.
        if chance.of(10) {
            continue;
        }
        followed.forget(now - kept - rule.context());
        let whole = judge(&rule, followed.outlet(), now);
        let told: Vec<Finding> = followed.judge(&rule, now).cloned().collect();
        prop_assert_eq!(told, whole, "seed {}, slot {}", seed, slot);
        over += followed.outlet().span().map_or(0, |(_, last)| (last - followed.cut) as usize);
    }
    Ok((back, over))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]
    /// With readings that are late, doubled, revised, lost and marked, in a window that moves on, under rules
    /// with numbers of all kinds.
    #[test]
    fn it_finds_what_judging_everything_finds(seed in any::<u64>(), hours in 1_i64..250) {
        lived(seed, hours)?;
    }
}

/// The histories are as bad as they say: late readings lead back, and yet most of a window is never gone over again.
#[test]
fn histories_lead_back_and_still_settle() {
    let lives: Vec<(u32, usize)> = (0..100).map(|seed| lived(seed, 200).unwrap()).collect();
    let (back, over): (u32, usize) = lives.iter().fold((0, 0), |sum, life| (sum.0 + life.0, sum.1 + life.1));
    let asked = 100 * 200 * 9 / 10;
    assert!(back > 500, "{back}");
    assert!(over < asked * 15, "{over} of some {asked} windows");
}

/// In calm weather next to nothing is gone over again: without that, nothing would be gained.
#[test]
fn in_order_only_the_last_hours_are_gone_over() {
    let rule = Rule::read(SHIPPED[0].1).unwrap();
    let mut followed = Followed::new(outlet());
    for slot in 0..500 {
        for channel in 0..CHANNELS {
            let value = if slot % 97 < 3 { 60.0 } else { 20.0 } + (slot % 7) as f64 / 10.0;
            followed.put(channel, Reading { slot, value, counts: Counts::Valid, doubts: Doubts::NONE, sent_ms: slot });
        }
        followed.forget(slot - 130);
        assert_eq!(followed.judge(&rule, slot + 1).count(), if slot < 97 { 1 } else { followed.found.len() });
        let behind = slot - followed.cut;
        // Two clear hours end an incident, three more are held down.
        assert!(if (1..9).contains(&(slot % 97)) { behind <= 8 } else { behind == 0 }, "{slot}: {behind}");
    }
}

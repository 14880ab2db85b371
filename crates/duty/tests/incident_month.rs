//! A month of outlets, replayed: readings are dropped, late, doubled and out of order, devices freeze
//! and break, and yet every true breach ends in exactly one task, and nothing else does.
//!
//! The breaches are planned by the simulator, which never asks the judge what one is.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};

use liangshan_duty::emissions::codes::{Counts, counts};
use liangshan_duty::emissions::limit::{Basis, Compare, Limit};
use liangshan_duty::emissions::record::{Doubt, Doubts};
use liangshan_duty::incident::desk::Standing;
use liangshan_duty::incident::rule::{Averaging, Group, SHIPPED};
use liangshan_duty::incident::track::Marking;
use liangshan_duty::incident::{Desk, Finding, Kind, Outlet, Reading, Rule, Track, judge};
use proptest::prelude::*;

const FACTORS: [(&str, &str); 2] = [("w01018", "50"), ("w21003", "5")];
const DAYS: i64 = 30;
const HOURS: i64 = DAYS * 24;
/// Hours of readings that are kept; every incident here is far shorter.
const KEPT: i64 = 60;

/// SplitMix64.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: i64) -> i64 {
        (self.next() % bound as u64) as i64
    }

    fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn of(&mut self, share: f64) -> bool {
        self.share() < share
    }
}

/// What the simulator plans for some hours of an outlet.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Event {
    /// Both hours and more over: a task.
    Breach { factor: usize, both: bool },
    /// One hour far over: a task.
    Burst { factor: usize },
    /// One hour slightly over: a notice.
    Blip { factor: usize },
    /// A frozen instrument, possibly above the limit: a task of the device.
    Frozen { factor: usize, times: f64 },
    /// An instrument that says it is broken, with values above the limit.
    Broken { factor: usize },
    /// An instrument that is calibrated, with values above the limit: nothing.
    Calibrating { factor: usize },
    /// Marked by the enterprise beforehand, over the limit: nothing.
    StartUp,
    /// Just below the limit, above the clear line: nothing.
    Hovering { factor: usize },
    /// Two hours over, eight just below the limit, two over: never clear, one task.
    Wavering { factor: usize },
    /// Two hours over, four clear, two over: clear after two of them, over again in the third hour behind that,
    /// which is held down: one task.
    Relapse { factor: usize },
    /// Two hours over, five clear, two over: an hour later than that. Two tasks.
    Apart { factor: usize },
}

impl Event {
    /// What it is called, and how many tasks of exceedance and of the device it makes.
    fn wanted(self) -> (&'static str, usize, usize) {
        match self {
            Event::Breach { .. } => ("breach", 1, 0),
            Event::Burst { .. } => ("burst", 1, 0),
            Event::Wavering { .. } => ("wavering", 1, 0),
            Event::Relapse { .. } => ("relapse", 1, 0),
            Event::Apart { .. } => ("apart", 2, 0),
            Event::Frozen { .. } => ("frozen", 0, 1),
            Event::Broken { .. } => ("broken", 0, 1),
            Event::Blip { .. } => ("blip", 0, 0),
            Event::StartUp => ("start-up", 0, 0),
            Event::Hovering { .. } => ("hovering", 0, 0),
            Event::Calibrating { .. } => ("calibrating", 0, 0),
        }
    }

    /// The factors a task of it names.
    fn factors(self) -> Vec<usize> {
        match self {
            Event::Breach { both: true, .. } | Event::StartUp => vec![0, 1],
            Event::Breach { factor, .. }
            | Event::Burst { factor }
            | Event::Blip { factor }
            | Event::Frozen { factor, .. }
            | Event::Broken { factor }
            | Event::Calibrating { factor }
            | Event::Hovering { factor }
            | Event::Wavering { factor }
            | Event::Relapse { factor }
            | Event::Apart { factor } => vec![factor],
        }
    }
}

#[derive(Debug, Clone)]
struct Planned {
    from: i64,
    hours: i64,
    event: Event,
}

struct Month {
    outlet: String,
    plan: Vec<Planned>,
    /// Arrivals by the hour in which they come: factor and reading.
    arrivals: BTreeMap<i64, Vec<(usize, Reading)>>,
    markings: Vec<Marking>,
    dropped: u32,
    late: u32,
    doubled: u32,
}

impl Month {
    fn new(seed: u64, outlet: usize, rule: &Rule) -> Self {
        let mut chance = Chance(seed.wrapping_mul(31).wrapping_add(outlet as u64));
        let plan = plan(&mut chance);
        let mut month = Self {
            outlet: format!("3308000A8900016F000169D{outlet}"),
            markings: plan
                .iter()
                .filter(|p| p.event == Event::StartUp)
                .map(|p| Marking { from: p.from, until: p.from + p.hours, reason: "start-up".into() })
                .collect(),
            plan,
            arrivals: BTreeMap::new(),
            dropped: 0,
            late: 0,
            doubled: 0,
        };
        for factor in 0..FACTORS.len() {
            month.send(factor, &mut chance, rule);
        }
        for arrivals in month.arrivals.values_mut() {
            // Within an hour they come in any order.
            for i in (1..arrivals.len()).rev() {
                arrivals.swap(i, chance.below(i as i64 + 1) as usize);
            }
        }
        month
    }

    fn send(&mut self, factor: usize, chance: &mut Chance, rule: &Rule) {
        let limit: f64 = FACTORS[factor].1.parse().unwrap();
        let mut last_dropped = -10;
        for slot in 0..HOURS {
            let planned = self.plan.iter().find(|p| p.from <= slot && slot < p.from + p.hours);
            let (value, mark) = measured(planned, slot, (factor, limit), chance);
            let doubts = Doubts::NONE.and(Doubt::Broken, mark == "D");
            let reading = Reading { slot, value, counts: counts(mark), doubts, sent_ms: (slot + 1) * 3_600_000 + chance.below(60_000) };
            // For ever: never within a planned event, whose two hours nobody could then see, and never two in a row.
            if planned.is_none() && slot - last_dropped > 1 && chance.of(0.02) {
                last_dropped = slot;
                self.dropped += 1;
                continue;
            }
            // The line was down, or the acknowledgement got lost: it comes later, as late as is waited for.
            let delay = if chance.of(0.10) { 1 + chance.below(rule.missing.wait - 1) } else { 0 };
            self.late += u32::from(delay > 0);
            self.arrivals.entry(slot + 1 + delay).or_default().push((factor, reading));
            if chance.of(0.10) {
                self.doubled += 1;
                self.arrivals.entry(slot + 1 + delay + chance.below(30)).or_default().push((factor, reading));
            }
        }
    }
}

/// Events far enough apart that none can be taken for part of another: more than clear readings,
/// hold-down and a lost hour.
fn plan(chance: &mut Chance) -> Vec<Planned> {
    let (mut plan, mut at) = (Vec::new(), 12 + chance.below(24));
    loop {
        let factor = chance.below(2) as usize;
        let (event, hours) = match chance.below(13) {
            0..=2 => (Event::Breach { factor, both: chance.of(0.3) }, 2 + chance.below(9)),
            3 => (Event::Burst { factor }, 1),
            4 => (Event::Blip { factor }, 1),
            5 => (Event::Frozen { factor, times: if chance.of(0.5) { 0.7 } else { 1.3 } }, 7 + chance.below(12)),
            6 => (Event::Broken { factor }, 1 + chance.below(6)),
            7 => (Event::StartUp, 3 + chance.below(4)),
            8 => (Event::Wavering { factor }, 12),
            9 => (Event::Relapse { factor }, 8),
            10 => (Event::Apart { factor }, 9),
            11 => (Event::Calibrating { factor }, 2 + chance.below(4)),
            _ => (Event::Hovering { factor }, 4 + chance.below(8)),
        };
        if at + hours > HOURS - 40 {
            return plan;
        }
        plan.push(Planned { from: at, hours, event });
        at += hours + 9 + chance.below(30);
    }
}

fn measured(planned: Option<&Planned>, slot: i64, (factor, limit): (usize, f64), chance: &mut Chance) -> (f64, &'static str) {
    let round = |v: f64| (v * 1000.0).round() / 1000.0;
    let quiet = round(limit * (0.45 + 0.4 * chance.share()));
    let Some(planned) = planned else { return (quiet, "N") };
    let over = round(limit * (1.05 + 0.8 * chance.share()));
    let below = round(limit * (0.955 + 0.04 * chance.share()));
    let at_an_end = slot < planned.from + 2 || slot >= planned.from + planned.hours - 2;
    match planned.event {
        Event::Breach { factor: f, both } if f == factor || both => (over, "N"),
        Event::Blip { factor: f } if f == factor => (over, "N"),
        Event::Burst { factor: f } if f == factor => (round(limit * (2.1 + chance.share())), "N"),
        Event::Frozen { factor: f, times } if f == factor => (limit * times, "N"),
        Event::Broken { factor: f } if f == factor => (over, "D"),
        Event::Calibrating { factor: f } if f == factor => (over, "C"),
        Event::StartUp => (over, "N"),
        Event::Hovering { factor: f } if f == factor => (below, "N"),
        Event::Wavering { factor: f } if f == factor => (if at_an_end { over } else { below }, "N"),
        Event::Relapse { factor: f } | Event::Apart { factor: f } if f == factor => (if at_an_end { over } else { quiet }, "N"),
        _ => (quiet, "N"),
    }
}

fn hourly() -> Rule {
    Rule::read(SHIPPED[0].1).unwrap()
}

fn empty(id: &str) -> Outlet {
    let track = |(factor, limit): &(&str, &str)| Track::new(factor, Limit::new(limit, Compare::FullValue, Basis::Measured, "").unwrap());
    Outlet { id: id.to_owned(), tracks: FACTORS.iter().map(track).collect(), markings: Vec::new() }
}

/// Lives through a month hour by hour; what people were told is never taken back by hindsight.
fn live(rule: &Rule, month: &Month) -> Desk {
    let (mut desk, mut outlet) = (Desk::default(), empty(&month.outlet));
    outlet.markings.clone_from(&month.markings);
    for now in 0..HOURS + 20 {
        let mut changed = false;
        for (factor, reading) in month.arrivals.get(&now).into_iter().flatten() {
            // What comes again after it was forgotten is known already.
            if reading.slot >= now - KEPT - rule.context() {
                changed |= outlet.tracks[*factor].put(*reading);
            }
        }
        if changed || now % 6 == 0 {
            let since = (now - KEPT).max(0);
            outlet.tracks.iter_mut().for_each(|t| t.forget(since - rule.context()));
            desk.settle(rule, &outlet.id, &judge(rule, &outlet, now), since, now);
        }
    }
    desk
}

fn touching<'a>(desk: &'a Desk, kind: Kind, planned: &Planned) -> Vec<&'a liangshan_duty::incident::Task> {
    let within = |t: &&liangshan_duty::incident::Task| planned.from <= t.span.1 && t.span.0 < planned.from + planned.hours;
    desk.tasks().iter().filter(|t| t.kind == kind && !matches!(t.standing, Standing::Withdrawn)).filter(within).collect()
}

#[test]
fn every_true_breach_ends_in_exactly_one_task() {
    let rule = hourly();
    let mut seen = BTreeMap::<&str, u32>::new();
    let (mut dropped, mut late, mut doubled) = (0, 0, 0);
    for seed in 0..500 {
        let outlet = seed as usize % 4;
        let month = Month::new(seed, outlet, &rule);
        let desk = live(&rule, &month);
        let mut accounted = BTreeSet::new();
        for planned in &month.plan {
            let [over, device] = [Kind::Exceedance, Kind::Device].map(|kind| touching(&desk, kind, planned));
            let (name, tasks, devices) = planned.event.wanted();
            *seen.entry(name).or_default() += 1;
            assert_eq!((over.len(), device.len()), (tasks, devices), "seed {seed}, outlet {outlet}: {planned:?}\n{:#?}", desk.tasks());
            for task in over.iter().chain(&device) {
                accounted.insert(task.id.clone());
                let office = if task.kind == Kind::Exceedance { "ecology-enforcement" } else { "outlet-operator" };
                assert_eq!((task.office.as_str(), &task.standing), (office, &Standing::Ended), "seed {seed}");
            }
            if let [task] = over.as_slice() {
                // Both hours that prove it may be late, as late as is waited for.
                assert!(task.opened - planned.from <= rule.missing.wait + 2, "seed {seed}: {planned:?} {task:?}");
                let named: BTreeSet<&str> = task.factors.iter().map(String::as_str).collect();
                assert_eq!(named, planned.event.factors().iter().map(|f| FACTORS[*f].0).collect(), "seed {seed}: {planned:?}");
                assert_eq!(task.span, (planned.from, planned.from + planned.hours - 1), "seed {seed}: {planned:?}");
            }
            if let [first, second] = over.as_slice() {
                let spans = BTreeSet::from([first.span, second.span]);
                let last = planned.from + planned.hours - 1;
                assert_eq!(spans, BTreeSet::from([(planned.from, planned.from + 1), (last - 1, last)]), "seed {seed}: {planned:?}");
            }
        }
        let standing = desk.tasks().iter().filter(|t| !matches!(t.standing, Standing::Withdrawn));
        let others: Vec<_> = standing.filter(|t| !accounted.contains(&t.id)).collect();
        assert!(others.is_empty(), "seed {seed}, outlet {outlet}: tasks for nothing: {others:#?}");
        dropped += month.dropped;
        late += month.late;
        doubled += month.doubled;
    }
    // The month is as bad as it says: otherwise this test would prove little.
    assert!(dropped > 7_000 && late > 50_000 && doubled > 50_000, "{dropped} {late} {doubled}");
    assert!(seen.len() == 11 && seen.values().all(|n| *n > 500), "{seen:?}");
}

#[test]
fn a_dead_line_is_silence_and_its_end_is_seen() {
    let rule = hourly();
    let mut outlet = empty("A");
    let put = |outlet: &mut Outlet, slots: std::ops::Range<i64>| {
        for slot in slots {
            outlet.tracks[0].put(Reading { slot, value: 20.0 + slot as f64 / 100.0, counts: Counts::Valid, doubts: Doubts::NONE, sent_ms: slot });
        }
    };
    put(&mut outlet, 0..10);
    let (mut desk, silent) = (Desk::default(), |f: &[Finding]| f.iter().filter(|f| f.kind == Kind::Silence).count());
    for now in 10..60 {
        let findings = judge(&rule, &outlet, now);
        assert_eq!(silent(&findings), usize::from(now - 10 > 24), "hour {now}");
        desk.settle(&rule, "A", &findings, 0, now);
    }
    put(&mut outlet, 60..70);
    let findings = judge(&rule, &outlet, 70);
    desk.settle(&rule, "A", &findings, 0, 70);
    assert_eq!(desk.tasks().len(), 1);
    assert_eq!((desk.tasks()[0].span, &desk.tasks()[0].standing), ((10, 59), &Standing::Ended));
    // The logger had kept everything and sends it after all.
    put(&mut outlet, 10..60);
    desk.settle(&rule, "A", &judge(&rule, &outlet, 71), 0, 71);
    assert_eq!(desk.tasks()[0].standing, Standing::Withdrawn);
}

#[test]
fn a_revision_can_withdraw_and_join() {
    let rule = hourly();
    let mut outlet = empty("A");
    let put = |outlet: &mut Outlet, slot: i64, value: f64, sent_ms: i64| {
        outlet.tracks[0].put(Reading { slot, value, counts: Counts::Valid, doubts: Doubts::NONE, sent_ms })
    };
    let values = [60.0, 61.0, 20.0, 21.0, 22.0, 23.0, 24.0, 25.0, 62.0, 63.0, 22.0, 23.0];
    for (slot, value) in values.into_iter().enumerate() {
        put(&mut outlet, slot as i64, value, 0);
    }
    let mut desk = Desk::default();
    let settle =
        |outlet: &Outlet, desk: &mut Desk, now| desk.settle(&rule, "A", &judge(&rule, outlet, now), 0, now).into_iter().map(|c| c.1).collect::<Vec<_>>();
    use liangshan_duty::incident::desk::Change::{Changed, Merged, Opened, Withdrawn};
    assert_eq!(settle(&outlet, &mut desk, 12), [Opened, Opened]);
    assert_eq!(settle(&outlet, &mut desk, 13), []);
    for slot in 2..8 {
        put(&mut outlet, slot, 60.5 + slot as f64, 1);
    }
    assert_eq!(settle(&outlet, &mut desk, 14), [Changed, Merged]);
    for slot in 0..10 {
        put(&mut outlet, slot, 10.0 + slot as f64, 2);
    }
    assert_eq!(settle(&outlet, &mut desk, 15), [Withdrawn]);
    assert!(!put(&mut outlet, 0, 99.0, 1), "what was sent earlier does not come back");
}

#[test]
fn shipped_rules_are_sound_and_bad_ones_are_told() {
    for (name, source) in SHIPPED {
        let rule = Rule::read(source).unwrap_or_else(|problems| panic!("{name}: {problems:?}"));
        assert!(!rule.title_zh.is_empty() && !rule.title_en.is_empty() && rule.samples.len() >= 2);
    }
    assert_eq!((hourly().averaging, hourly().group), (Averaging::Hour, Group::Outlet));
    let source = SHIPPED[0].1;
    for (from, to, code) in [
        ("consecutive = 2 ", "consecutive = 0 ", "incident.number"),
        ("consecutive = 2 ", "consecutive = 3 ", "incident.sample"),
        ("\"broken\",", "\"brocken\",", "incident.doubt"),
        ("hold_down = 3", "hold_dwon = 3", "toml.missing"),
        ("consecutive = 2 ", "consecutive = -1 ", "incident.count"),
        ("tasks = 1", "tasks = 2", "incident.sample"),
    ] {
        let problems = Rule::read(&source.replacen(from, to, 1)).unwrap_err();
        assert_eq!(problems.0[0].code, code, "{to}");
    }
    let without = source.split("[[sample]]").next().unwrap().to_owned() + "sample = []";
    assert!(Rule::read(&without).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    /// Each case is a month of its own up to an hour of its own, with what was dropped, doubled and revised,
    /// in an order of its own; what comes twice may come any number of times.
    #[test]
    fn the_same_facts_in_any_order_give_the_same_findings(seed in 0_u64..10_000, order in any::<u64>(), now in 24_i64..400) {
        let rule = hourly();
        let month = Month::new(seed, 0, &rule);
        let mut facts: Vec<(usize, Reading)> = month.arrivals.range(..=now).flat_map(|(_, a)| a.iter().copied()).collect();
        // A revision or two, sent later than the first.
        for i in 0..4 {
            let Some((factor, reading)) = facts.get(i * 17).copied() else { break };
            facts.push((factor, Reading { value: reading.value * 1.5, sent_ms: reading.sent_ms + 1000, ..reading }));
        }
        let found = |facts: &[(usize, Reading)]| {
            let mut outlet = empty("A");
            outlet.markings.clone_from(&month.markings);
            for (factor, reading) in facts {
                outlet.tracks[*factor].put(*reading);
            }
            judge(&rule, &outlet, now)
        };
        let expected = found(&facts);
        let mut chance = Chance(order);
        let again: Vec<(usize, Reading)> = facts.iter().filter(|_| chance.of(0.2)).copied().collect();
        facts.extend(again);
        for i in (1..facts.len()).rev() {
            facts.swap(i, chance.below(i as i64 + 1) as usize);
        }
        prop_assert_eq!(found(&facts), expected);
    }
}

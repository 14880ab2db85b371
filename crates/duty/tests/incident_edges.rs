//! Edges of the rule of hours, by hand: what one slot more or less, one mark or one reading changes. The rule
//! is that of `rules/incident/emission-hour.toml`: two hours in a row or one above twice the limit; clear at
//! 0.95 of it for two hours, held down for three; late readings are waited for twelve hours, a gap of more than
//! six cuts.

#![allow(clippy::unwrap_used, clippy::panic)]

use liangshan_duty::emissions::codes::{Counts, counts};
use liangshan_duty::emissions::limit::{Basis, Compare, Limit};
use liangshan_duty::emissions::record::{Doubt, Doubts};
use liangshan_duty::incident::rule::SHIPPED;
use liangshan_duty::incident::track::Marking;
use liangshan_duty::incident::{Finding, Kind, Outlet, Reading, Rule, Track, judge};

const QUIET: f64 = 20.0;
const OVER: f64 = 60.0;
/// Between 47.5, 0.95 of the limit of 50, and the limit.
const BELOW: f64 = 49.0;

fn rule() -> Rule {
    Rule::read(SHIPPED[0].1).unwrap()
}

fn outlet() -> Outlet {
    let limit = Limit::new("50", Compare::FullValue, Basis::Measured, "").unwrap();
    Outlet { id: "A".into(), tracks: vec![Track::new("w01018", limit)], markings: Vec::new() }
}

fn reading(slot: i64, value: f64) -> Reading {
    // Quiet hours differ, so that no instrument seems frozen.
    let value = if value == QUIET { value + slot as f64 / 100.0 } else { value + slot as f64 / 1000.0 };
    Reading { slot, value, counts: Counts::Valid, doubts: Doubts::NONE, sent_ms: slot }
}

/// An outlet with an hour for each letter: `.` quiet, `x` over, `-` just below the limit, a blank for one that
/// never came.
fn hours(drawn: &str) -> Outlet {
    let mut outlet = outlet();
    for (slot, letter) in (0..).zip(drawn.chars()) {
        let value = match letter {
            '.' => QUIET,
            'x' => OVER,
            '-' => BELOW,
            _ => continue,
        };
        outlet.tracks[0].put(reading(slot, value));
    }
    outlet
}

fn exceedances(outlet: &Outlet, now: i64) -> Vec<Finding> {
    judge(&rule(), outlet, now).into_iter().filter(|f| f.kind == Kind::Exceedance).collect()
}

/// First and last hour of each exceedance, and whether it is a task; long after, when nothing more can come.
fn spans(drawn: &str) -> Vec<(i64, i64, bool)> {
    exceedances(&hours(drawn), drawn.len() as i64 + 20).into_iter().map(|f| (f.from, f.to, f.anchor.is_some())).collect()
}

#[test]
fn below_the_limit_is_not_yet_clear() {
    assert_eq!(spans(".xx--------xx.."), [(1, 12, true)], "hysteresis: eight hours just below the limit end nothing");
    assert_eq!(spans(".xx........xx.."), [(1, 2, true), (11, 12, true)]);
}

#[test]
fn the_hold_down_ends_with_its_third_hour() {
    // Clear twice at 3 and 4; hours 5, 6 and 7 are held down.
    assert_eq!(spans(".xx....xx......"), [(1, 8, true)], "over again in the third hour");
    assert_eq!(spans(".xx.....xx....."), [(1, 2, true), (8, 9, true)], "and in the fourth");
    assert_eq!(spans(".xx.-..-.xx...."), [(1, 10, true)], "never clear for two hours in a row before 10");
}

#[test]
fn a_gap_of_six_is_bridged_and_one_of_seven_cuts() {
    assert_eq!(spans(".x      x....."), [(1, 8, true)], "two hours over with six lost between are two in a row");
    assert_eq!(spans(".x       x....."), [(1, 1, false), (9, 9, false)], "with seven they are two single hours");
    assert_eq!(spans(".xx      xx...."), [(1, 10, true)]);
    assert_eq!(spans(".xx       xx..."), [(1, 2, true), (10, 11, true)]);
}

#[test]
fn what_is_waited_for_is_pending_for_twelve_hours() {
    let outlet = hours(".x .......");
    // The hour 2 never came: it is twelve hours old at 14, and given up at 15.
    let pending = |now| exceedances(&outlet, now).first().map(|f| f.pending);
    assert_eq!((pending(14), pending(15)), (Some(true), Some(false)));
}

#[test]
fn every_mark_but_that_of_a_valid_hour_takes_it_out() {
    for mark in ["F", "M", "S", "C", "?"] {
        let mut outlet = hours("....");
        for slot in 4..8 {
            outlet.tracks[0].put(Reading { counts: counts(mark), ..reading(slot, OVER) });
        }
        assert_eq!(exceedances(&outlet, 30), [], "{mark}");
    }
    let mut outlet = hours("....");
    (4..8).for_each(|slot| assert!(outlet.tracks[0].put(Reading { counts: counts("N"), ..reading(slot, OVER) })));
    assert_eq!(exceedances(&outlet, 30).len(), 1);
}

#[test]
fn a_stretch_is_marked_from_its_first_hour_to_the_one_before_its_end() {
    let mut outlet = hours("........");
    outlet.markings = vec![Marking { from: 3, until: 6, reason: "start-up".into() }];
    assert_eq!((2..7).map(|slot| outlet.is_marked(slot)).collect::<Vec<_>>(), [false, true, true, true, false]);
    let judged = |drawn: &str| {
        let mut outlet = hours(drawn);
        outlet.markings = vec![Marking { from: 3, until: 6, reason: "start-up".into() }];
        exceedances(&outlet, 40).into_iter().map(|f| (f.from, f.to, f.anchor.is_some())).collect::<Vec<_>>()
    };
    assert_eq!(judged("...xxx......"), []);
    assert_eq!(judged("..xxxx......"), [(2, 2, false)], "the hour before is over by itself");
    assert_eq!(judged("...xxxx....."), [(6, 6, false)], "and so is the one behind");
}

#[test]
fn what_is_forgotten_ends_before_the_slot_named() {
    let mut outlet = hours("..........");
    outlet.markings = vec![Marking { from: 1, until: 4, reason: "stop".into() }, Marking { from: 1, until: 5, reason: "stop".into() }];
    outlet.forget(4);
    assert_eq!(outlet.tracks[0].readings().iter().map(|r| r.slot).collect::<Vec<_>>(), [4, 5, 6, 7, 8, 9]);
    assert_eq!(outlet.markings.iter().map(|m| m.until).collect::<Vec<_>>(), [5]);
}

#[test]
fn at_the_limit_and_at_twice_the_limit_nothing_happens() {
    let of = |values: &[f64]| {
        let mut outlet = hours("....");
        for (slot, value) in (4..).zip(values) {
            outlet.tracks[0].put(Reading { slot, value: *value, counts: Counts::Valid, doubts: Doubts::NONE, sent_ms: 0 });
        }
        exceedances(&outlet, 30).into_iter().map(|f| (f.anchor.is_some(), f.office)).collect::<Vec<_>>()
    };
    assert_eq!(of(&[50.0, 50.0, 49.0]), []);
    assert_eq!(of(&[100.0, 20.0]), [(false, "outlet-operator".to_owned())], "twice is not more than twice: somebody verifies");
    assert_eq!(of(&[100.1, 20.0]), [(true, "ecology-enforcement".to_owned())]);
}

/// 24 quiet hours between 20.00 and 20.23 have a deviation of 0.07: 60 lies far beyond five of them, and the
/// doubt is told beside the exceedance.
#[test]
fn a_jump_is_told_and_takes_nothing_away() {
    let quiet = ".".repeat(24);
    let found = exceedances(&hours(&format!("{quiet}xx....")), 50);
    assert_eq!((found.len(), found[0].doubts.has(Doubt::Jump)), (1, true));
    let found = exceedances(&hours(".......xx...."), 50);
    assert_eq!((found.len(), found[0].doubts.has(Doubt::Jump)), (1, false), "of seven hours nothing is known yet");
}

/// Of two readings of one hour that were sent at the same moment one holds, whichever came first.
#[test]
fn twins_do_not_depend_on_who_came_first() {
    let twins = [Reading { value: 60.0, ..reading(5, OVER) }, Reading { value: 61.0, ..reading(5, OVER) }];
    let held = |order: [usize; 2]| {
        let mut outlet = hours(".....");
        order.into_iter().for_each(|i| {
            outlet.tracks[0].put(twins[i]);
        });
        outlet.tracks[0].readings().last().map(|r| r.value)
    };
    assert_eq!((held([0, 1]), held([1, 0])), (Some(61.0), Some(61.0)));
}

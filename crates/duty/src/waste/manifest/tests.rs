use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::*;
use crate::standard::shipped;

const OIL: &str = "900-214-08";
const SLUDGE: &str = "336-064-17";

fn t(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn guards() -> Guards {
    Guards {
        plan_left_t: [(OIL.to_owned(), t("10")), (SLUDGE.to_owned(), t("4"))].into(),
        licence_left_t: [(OIL.to_owned(), t("500")), (SLUDGE.to_owned(), t("500"))].into(),
        licence_until: Some(date(2027, 6, 30)),
        carrier_until: Some(date(2026, 12, 31)),
        ..Guards::of(shipped().latest("waste", "rules").unwrap()).unwrap()
    }
}

fn manifest(oil: &str) -> Manifest {
    let number = ManifestNumber::new(2026, "3308", 123).unwrap();
    Manifest::draft(number, vec![Line { code: OIL.into(), sent_t: t(oil) }, Line { code: SLUDGE.into(), sent_t: t("1") }])
}

fn weighed(oil: &str, sludge: &str) -> BTreeMap<String, Decimal> {
    [(OIL.to_owned(), t(oil)), (SLUDGE.to_owned(), t(sludge))].into()
}

fn on(day: i8, event: Event) -> Happened {
    Happened { on: date(2026, 11, day), event }
}

fn codes(told: &liangshan_vocab::Problems) -> Vec<&str> {
    told.iter().map(|p| p.code.as_ref()).collect()
}

/// Accepted on Friday 20 November 2026: five working days end on Friday 27 (case S04b).
#[test]
fn a_transfer_as_it_should_be() {
    let went = [
        on(18, Event::File),
        on(19, Event::Load),
        on(19, Event::Depart),
        on(19, Event::Stop { minutes: 30 }),
        on(20, Event::Arrive),
        on(20, Event::Accept(weighed("5.05", "1.03"))),
        on(27, Event::Confirm),
        on(28, Event::Treat),
        on(29, Event::Close),
    ];
    let (closed, told) = replay(manifest("5"), &went, &guards());
    assert!(told.is_empty(), "{told:?}");
    assert_eq!((closed.stage, closed.confirm_by), (Stage::Closed, Some(date(2026, 11, 27))));
}

/// By hand: 0.051 t of 5 t is 1 % but above 0.05 t; 0.031 t of 1 t is below 0.05 t but above 3 %.
#[test]
fn what_is_told_beside_the_steps() {
    let went = [
        on(18, Event::File),
        on(19, Event::Load),
        on(19, Event::Depart),
        on(19, Event::Stop { minutes: 31 }),
        on(20, Event::Arrive),
        on(20, Event::AcceptPart(weighed("4.949", "0.969"))),
        on(28, Event::Confirm),
    ];
    let (confirmed, told) = replay(manifest("5"), &went, &guards());
    assert_eq!(confirmed.stage, Stage::Confirmed);
    assert_eq!(codes(&told), ["waste.unplanned_stop", "waste.difference", "waste.difference", "waste.confirm_late"]);
    assert!(!told.has_errors());
}

#[test]
fn guards_refuse_and_the_manifest_stays() {
    let mut over = manifest("10.001");
    assert_eq!(codes(&over.take(&on(18, Event::File), &guards())), ["waste.plan_amount"]);
    assert_eq!(over, manifest("10.001"));

    let nobody = Guards { licence_until: None, carrier_until: Some(date(2026, 11, 18)), ..guards() };
    assert_eq!(codes(&manifest("5").take(&on(18, Event::File), &nobody)), ["waste.licence"]);

    let mut filed = manifest("5");
    assert!(filed.take(&on(18, Event::File), &guards()).is_empty());
    assert_eq!(codes(&filed.take(&on(19, Event::Load), &nobody)), ["waste.carrier"]);
    assert_eq!(codes(&filed.take(&on(17, Event::Load), &guards())), ["waste.step_time"]);
    assert_eq!(filed.stage, Stage::Filed);
}

#[test]
fn a_rejected_load_is_confirmed_and_closed_but_never_treated() {
    let went = [on(18, Event::File), on(19, Event::Load), on(19, Event::Depart), on(20, Event::Arrive), on(20, Event::Reject), on(23, Event::Confirm)];
    let (mut sent_back, told) = replay(manifest("5"), &went, &guards());
    assert!(told.is_empty());
    assert_eq!(codes(&sent_back.take(&on(24, Event::Treat), &guards())), ["waste.step_order"]);
    assert!(sent_back.take(&on(24, Event::Close), &guards()).is_empty());
    assert_eq!(sent_back.stage, Stage::Closed);
}

fn any_event() -> impl Strategy<Value = Event> {
    prop_oneof![
        Just(Event::File),
        Just(Event::Withdraw),
        Just(Event::Load),
        Just(Event::Depart),
        (0u32..90).prop_map(|minutes| Event::Stop { minutes }),
        Just(Event::Arrive),
        (0i64..9, 0i64..2).prop_map(|(a, b)| Event::Accept([(OIL.to_owned(), Decimal::from(a)), (SLUDGE.to_owned(), Decimal::from(b))].into())),
        (0i64..9).prop_map(|a| Event::AcceptPart([(OIL.to_owned(), Decimal::from(a))].into())),
        Just(Event::Reject),
        Just(Event::Confirm),
        Just(Event::Treat),
        Just(Event::Close),
    ]
}

/// The places of the life as the sheet writes it, in order: a step never leads back.
fn place(stage: Stage) -> usize {
    match stage {
        Stage::Draft => 0,
        Stage::Filed => 1,
        Stage::Loaded => 2,
        Stage::InTransit => 3,
        Stage::Arrived => 4,
        Stage::Accepted | Stage::PartlyAccepted | Stage::Rejected => 5,
        Stage::Confirmed => 6,
        Stage::Treated => 7,
        Stage::Closed | Stage::Void => 8,
    }
}

proptest! {
    /// Whatever is thrown at a manifest: it goes forward only; no stage from loading on is ever void;
    /// what was treated was received and confirmed; a refused event changes nothing and is told.
    #[test]
    fn any_order_of_events(events in prop::collection::vec((any_event(), 0i16..4), 0..40)) {
        let guards = guards();
        let (mut now, mut day): (Manifest, Date) = (manifest("5"), date(2026, 11, 2));
        let mut seen = vec![now.stage];
        for (event, days) in events {
            day = day.saturating_add(jiff::Span::new().days(days));
            let before = now.clone();
            let told = now.take(&Happened { on: day, event }, &guards);
            if told.has_errors() {
                prop_assert_eq!(&now, &before);
            } else {
                prop_assert!(place(now.stage) >= place(before.stage));
                prop_assert!(place(now.stage) - place(before.stage) <= 1 || now.stage == Stage::Void || (before.stage, now.stage) == (Stage::Confirmed, Stage::Closed));
                seen.push(now.stage);
            }
        }
        let was = |stage| seen.contains(&stage);
        prop_assert!(!was(Stage::Void) || !was(Stage::Loaded));
        prop_assert!(!was(Stage::Treated) || (was(Stage::Confirmed) && now.received.values().any(|t| *t > Decimal::ZERO)));
        prop_assert!(!was(Stage::Closed) || was(Stage::Confirmed));
        prop_assert_eq!(now.confirm_by.is_some(), was(Stage::Accepted) || was(Stage::PartlyAccepted) || was(Stage::Rejected));
    }

    /// Events in their right order always reach the end, whatever was weighed.
    #[test]
    fn the_straight_way_is_open(oil in 1i64..9000, later in 0i8..3) {
        let went = [
            on(18, Event::File), on(18 + later, Event::Load), on(21, Event::Depart), on(21, Event::Arrive),
            on(21, Event::Accept([(OIL.to_owned(), Decimal::new(oil, 3))].into())), on(23, Event::Confirm), on(24, Event::Treat), on(24, Event::Close),
        ];
        let (closed, told) = replay(manifest("5"), &went, &guards());
        prop_assert!(!told.has_errors());
        prop_assert_eq!(closed.stage, Stage::Closed);
    }
}

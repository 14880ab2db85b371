//! The chain of household waste, trip by trip: what was weighed where a lorry left and where it arrived.

use std::collections::{BTreeMap, BTreeSet};

use liangshan_duty::waste::household::{Allowed, Leg, Sort, Weighing, hold};
use liangshan_vocab::{Problem, Problems, Text, text, words};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::json;

use super::{Judge, tonnes, verdict};
use crate::assess::cells::Said;
use crate::assess::result::{Cell, Fact, Table, Tone};
use crate::assess::sheets::Entry;

/// A leg of the way by the name of its stage, with the rows of each trip.
#[derive(Default)]
struct OfStage<'e> {
    leg: Leg,
    rows: BTreeMap<String, &'e Entry>,
}

/// What a trip carried, left with and arrived with; the sort of its first weighing.
type Trip = (Option<Sort>, Option<Decimal>, Option<Decimal>);

impl Judge<'_> {
    /// Holds arrivals against departures on every leg. A blank weight is one that nobody entered: the trip
    /// never arrived, or was never seen to leave.
    pub(super) fn trips(&mut self, entries: &[&Entry]) -> Result<(), Problems> {
        let allowed = Allowed::of(self.rules)?;
        let mut stages: BTreeMap<String, OfStage<'_>> = BTreeMap::new();
        for entry in entries {
            let field = |name: &str| entry.fields.get(name).map(String::as_str).unwrap_or_default();
            let said = field("sort");
            let Some(sort) = Sort::ALL.into_iter().find(|s| self.words.means(s.word(), said)) else {
                self.refuse(entry, no_sort(said));
                continue;
            };
            let trip = field("trip").to_owned();
            if trip.is_empty() {
                self.refuse(entry, no_trip());
                continue;
            }
            let Some([left, arrived]) = self.weights(entry) else { continue };
            let of = stages.entry(field("stage").to_owned()).or_default();
            let weighed = |t: Decimal, at: &str| Weighing { trip: trip.clone(), at: at.to_owned(), sort, t };
            of.leg.left.extend(left.map(|t| weighed(t, "left")));
            of.leg.arrived.extend(arrived.map(|t| weighed(t, "arrived")));
            of.rows.entry(trip.clone()).or_insert(entry);
        }
        let mut table = table();
        let (mut with_findings, mut all, mut left_t, mut arrived_t) = (0, 0, Decimal::ZERO, Decimal::ZERO);
        for (stage, of) in &stages {
            let mut findings: BTreeMap<String, Vec<Problem>> = BTreeMap::new();
            for finding in hold(&of.leg, &allowed) {
                findings.entry(finding.at.key.clone().unwrap_or_default()).or_default().push(finding);
            }
            for (trip, (sort, left, arrived)) in trips(&of.leg) {
                let told = findings.remove(&trip).unwrap_or_default();
                all += 1;
                with_findings += usize::from(!told.is_empty());
                left_t += left.unwrap_or_default();
                arrived_t += arrived.unwrap_or_default();
                let lost = left.zip(arrived).and_then(|(left, arrived)| ((left - arrived) * Decimal::ONE_HUNDRED).checked_div(left));
                let said = Text::of(
                    told.iter().map(|p| p.what.zh.to_string()).collect::<Vec<_>>().join("；"),
                    told.iter().map(|p| p.what.en.to_string()).collect::<Vec<_>>().join("; "),
                );
                table.push(vec![
                    Cell::word(&trip),
                    Cell::word(stage),
                    sort.map_or(Cell::Blank, |sort| Cell::Text(sort.title())),
                    left.map_or(Cell::Blank, tonnes),
                    arrived.map_or(Cell::Blank, tonnes),
                    Cell::number(lost.and_then(|p| p.to_f64()), 2),
                    if told.is_empty() { verdict(0, "ok", text("相符", "in order")) } else { verdict(2, "findings", text("有问题", "to be looked at")) },
                    if said.is_empty() { Cell::Blank } else { Cell::Text(said) },
                ]);
                let entry = of.rows.get(&trip).copied();
                self.problems.extend(told.into_iter().map(|p| match entry {
                    Some(entry) => p.file(entry.file.as_str()).row(entry.line),
                    None => p,
                }));
            }
        }
        self.facts.push(Fact {
            id: "trips_weighed",
            label: text("称重合计", "Weighed"),
            value: Text::same(format!("{left_t} → {arrived_t} t")),
            json: json!({ "left_t": left_t.to_f64(), "arrived_t": arrived_t.to_f64() }),
            note: words!("{all} 车次，出发与到达", "{all} trips, leaving and arriving"),
            tone: Tone::Plain,
        });
        self.close(table, "trip_findings", text("有问题的车次", "Trips to be looked at"), with_findings);
        Ok(())
    }

    /// Both weights of a row; blank ones are none. One that is no weight refuses the row.
    fn weights(&mut self, entry: &Entry) -> Option<[Option<Decimal>; 2]> {
        let mut out = [None, None];
        for (weight, code) in out.iter_mut().zip(["left_t", "arrived_t"]) {
            if entry.values.iter().any(|f| f.item == code && f.said != Said::Nothing) {
                *weight = Some(self.amount(entry, code)?);
            }
        }
        if out == [None, None] {
            self.refuse(
                entry,
                Problem::error(
                    "assess.amount",
                    text("出发与到达都没有称重，该行未评价", "neither leaving nor arriving was weighed, and the row was not judged"),
                )
                .column("left_t")
                .expect(text("至少一次称重，吨", "one weight at least, t"))
                .fix(text("补上称重", "give the weight")),
            );
            return None;
        }
        Some(out)
    }
}

/// What each trip of a leg left and arrived with, in the order of their names.
fn trips(leg: &Leg) -> BTreeMap<String, Trip> {
    let names: BTreeSet<&String> = leg.left.iter().chain(&leg.arrived).map(|w| &w.trip).collect();
    let of = |list: &[Weighing], name: &str| {
        let mine = || list.iter().filter(|w| w.trip == name);
        (mine().next().map(|w| w.sort), mine().next().map(|_| mine().map(|w| w.t).sum()))
    };
    let trip = |name: &String| {
        let ((left_sort, left), (arrived_sort, arrived)) = (of(&leg.left, name), of(&leg.arrived, name));
        (name.clone(), (left_sort.or(arrived_sort), left, arrived))
    };
    names.into_iter().map(trip).collect()
}

fn table() -> Table {
    Table::new(
        "trips",
        text("生活垃圾逐车核对", "Household waste trip by trip"),
        text(
            "各环节出发与到达的称重逐车次核对：丢失、来历不明、混装、重量不符；易腐垃圾另许失水。",
            "Weights where a lorry left and arrived: lost, of unknown origin, mixed, unequal; perishable waste may lose water besides.",
        ),
        40,
        &[
            ("trip", "车次", "trip", ""),
            ("stage", "环节", "stage", ""),
            ("sort", "类别", "class", ""),
            ("left_t", "出发", "left", "t"),
            ("arrived_t", "到达", "arrived", "t"),
            ("lost_pct", "减少", "lost", "%"),
            ("verdict", "结论", "verdict", ""),
            ("findings", "问题", "findings", ""),
        ],
    )
}

fn no_sort(said: &str) -> Problem {
    Problem::error("assess.sort", words!("垃圾类别“{said}”不认识，该行未评价", "the class of waste \"{said}\" is not known, and the row was not judged"))
        .column("sort")
        .expect(text("可回收物、有害垃圾、易腐垃圾、其他垃圾", "recyclable, hazardous, perishable or other"))
        .fix(text("改正", "correct it"))
}

fn no_trip() -> Problem {
    Problem::error("assess.trip", text("没有车次，该行未评价", "no trip is named, and the row was not judged"))
        .column("trip")
        .expect(text("车次或运单号", "the number of the trip or its note"))
        .fix(text("补上车次", "give it"))
}

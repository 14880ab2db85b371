//! The account as statements: one for every quantity and value that was computed, one for every
//! total and index.

use liangshan_vocab::{Digest, Evidence, MethodRef, Origin, Period, Place, Statement, Value};
use serde_json::json;

use crate::account::{ALL, Account};
use crate::profile::Profile;

/// Which number a digest of everything read is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject<'a> {
    /// The year.
    pub year: i32,
    /// The place's code.
    pub place: &'a str,
    /// An ecosystem type's id, or `all`.
    pub ecosystem: &'a str,
    /// The indicator, or the id of a total: `gep`, `assessed_services`.
    pub indicator: &'a str,
}

/// What every statement of an account shares.
#[derive(Debug, Clone, Copy)]
pub struct Edition<'a> {
    /// Which drawing of the boundaries.
    pub boundary: &'a str,
    /// The version of the methods' implementation.
    pub version: &'a str,
}

/// Statements in the order of the tables: `quantity` and `value` of every row with numbers, then
/// `total`, `per_km2`, `per_head` and `over_gdp` of every total. Money is a string of integer fen;
/// quantities and ratios are numbers (a quantity of more than 15 digits is exact only in its row). `profile` is the account's.
pub fn statements(account: &Account, profile: &Profile, edition: Edition<'_>, basis: impl Fn(Subject<'_>) -> Digest) -> Vec<Statement> {
    let mut out = Vec::new();
    let mut say = |kind: &str, at: Subject<'_>, amount: serde_json::Value, unit: &str, evidence: Evidence, origin: Origin| {
        out.push(Statement {
            kind: kind.to_owned(),
            place: Place::new(at.place, edition.boundary),
            period: Period::year(at.year),
            part: (at.ecosystem != ALL).then(|| at.ecosystem.to_owned()),
            value: Value::Amount { amount, unit: unit.to_owned() },
            method: MethodRef { profile: account.profile.clone(), indicator: at.indicator.to_owned(), version: edition.version.to_owned() },
            evidence,
            origin,
            basis: basis(at),
        });
    };
    for row in &account.rows {
        let Some(origin) = row.origin else { continue };
        let at = Subject { year: row.year, place: &row.place, ecosystem: &row.ecosystem, indicator: &row.indicator };
        if let Some(quantity) = row.quantity {
            say("quantity", at, json!(quantity.as_f64()), &row.unit, row.evidence, origin);
        }
        if let Some(value) = row.value {
            say("value", at, json!(value), "fen", row.evidence, origin);
        }
    }
    for total in &account.totals {
        let at = Subject { year: total.year, place: &total.place, ecosystem: &total.ecosystem, indicator: total.id() };
        let mut trust: Option<(Evidence, Origin)> = None;
        for row in account.terms(total.year, &total.place, &total.ecosystem) {
            if let Some(origin) = row.origin {
                trust = Some(trust.map_or((row.evidence, origin), |(e, o)| (e.with(row.evidence), o.with(origin))));
            }
        }
        let Some((evidence, origin)) = trust else { continue };
        let evidence = evidence.with(profile.evidence);
        say("total", at, json!(total.value), "fen", evidence, origin);
        for (kind, ratio, unit) in [("per_km2", total.per_km2, "CNY/km2"), ("per_head", total.per_head, "CNY/person"), ("over_gdp", total.over_gdp, "1")] {
            if let Some(ratio) = ratio {
                say(kind, at, json!(ratio), unit, evidence, origin);
            }
        }
    }
    out
}

//! The account of a place and year as JSON: what the page shows, with every digit.

use liangshan_accounts::account::ALL;
use liangshan_accounts::catalogue::{self, Class};
use liangshan_accounts::change::Factor;
use liangshan_atlas::formulas;
use liangshan_vocab::Fen;
use schemars::{JsonSchema, Schema};
use serde::Serialize;

use super::desk::Desk;
use super::{change, downloads, review, standing};
use crate::serve::route::schema_of;

/// An account.
#[derive(Serialize, JsonSchema)]
pub(super) struct Account {
    place: String,
    place_name: String,
    year: i32,
    years: Vec<i32>,
    profile: String,
    /// Digest of everything the account was made from.
    basis: String,
    total: Option<Total>,
    /// Indicators the profile counts that are there, of how many.
    completeness: Completeness,
    services: Vec<Service>,
    /// Places that the chosen one is made of.
    counties: Vec<Total>,
    change: Option<Change>,
    /// About the whole region.
    review: Vec<Question>,
    downloads: Vec<Download>,
}

/// The total of a place and year.
#[derive(Serialize, JsonSchema)]
pub(super) struct Total {
    place: String,
    place_name: String,
    /// `gep` where the account is complete, else `assessed_services`.
    indicator: String,
    title: String,
    complete: bool,
    /// Whole fen as text.
    value_fen: String,
    material_fen: String,
    regulating_fen: String,
    cultural_fen: String,
    deduction_fen: String,
    yuan_per_km2: Option<f64>,
    yuan_per_head: Option<f64>,
    over_gdp: Option<f64>,
    missing: Vec<String>,
    why: String,
}

/// How complete an account is.
#[derive(Serialize, JsonSchema)]
pub(super) struct Completeness {
    there: usize,
    of: usize,
}

/// A line of the account.
#[derive(Serialize, JsonSchema)]
pub(super) struct Service {
    indicator: String,
    title: String,
    class: String,
    /// What it is a part of.
    parent: Option<String>,
    /// Whether the total adds it; subtotals and parts shown for themselves are not added again.
    counted: bool,
    status: String,
    reason: Option<String>,
    /// With all its decimals, as text.
    quantity: Option<String>,
    unit: String,
    price: Option<Price>,
    /// Whole fen as text.
    value_fen: Option<String>,
    evidence: String,
    origin: Option<String>,
    formula: String,
    why: String,
}

/// A price.
#[derive(Serialize, JsonSchema)]
pub(super) struct Price {
    id: String,
    value: String,
    unit: String,
    year: Option<i32>,
    average: bool,
}

/// What changed from the year before, by cause. The four parts of a line add up to its change.
#[derive(Serialize, JsonSchema)]
pub(super) struct Change {
    from: i32,
    to: i32,
    services: Vec<Moved>,
    total: Moved,
}

/// One line of a change; whole fen as text.
#[derive(Serialize, JsonSchema)]
pub(super) struct Moved {
    indicator: String,
    before_fen: String,
    after_fen: String,
    weather_fen: String,
    price_fen: String,
    land_cover_fen: String,
    rest_fen: String,
}

/// What a review will attack.
#[derive(Serialize, JsonSchema)]
pub(super) struct Question {
    ground: String,
    indicator: String,
    question: String,
    value_fen: Option<String>,
    stake_fen: Option<String>,
    alternative: Option<String>,
    alternative_fen: Option<String>,
    look: String,
}

/// A file of the account.
#[derive(Serialize, JsonSchema)]
pub(super) struct Download {
    file: String,
    title: String,
    address: String,
}

/// The schema of [`Account`].
pub(super) fn schema() -> Schema {
    schema_of::<Account>()
}

fn fen(value: Fen) -> String {
    value.0.to_string()
}

fn total(desk: &Desk<'_>, place: &str) -> Option<Total> {
    let total = desk.publication().account.total(desk.year, place, ALL)?;
    Some(Total {
        place: place.to_owned(),
        place_name: desk.say(&desk.view.place(place)).to_owned(),
        indicator: total.id().to_owned(),
        title: desk.say(&total.title()).to_owned(),
        complete: total.complete,
        value_fen: fen(total.value),
        material_fen: fen(total.class(Class::Material)),
        regulating_fen: fen(total.class(Class::Regulating)),
        cultural_fen: fen(total.class(Class::Cultural)),
        deduction_fen: fen(total.deduction),
        yuan_per_km2: total.per_km2,
        yuan_per_head: total.per_head,
        over_gdp: total.over_gdp,
        missing: total.missing.iter().map(|m| m.indicator.clone()).collect(),
        why: desk.why(total.id(), place, desk.year, ALL),
    })
}

/// The account that was asked for.
pub(super) fn of(desk: &Desk<'_>) -> Account {
    let publication = desk.publication();
    let (there, counted) = standing::counts(desk);
    let counties = if desk.is_whole() { desk.view.counties.iter().filter_map(|c| total(desk, &c.code)).collect() } else { Vec::new() };
    let mut files: Vec<Download> = downloads::FILES
        .iter()
        .map(|f| Download { file: f.name.to_owned(), title: desk.say(&f.title).to_owned(), address: downloads::address(desk, f.name) })
        .collect();
    files.extend(publication.maps.iter().filter(|m| m.year == desk.year).map(|m| Download {
        file: m.file.clone(),
        title: desk.say(&m.title).to_owned(),
        address: downloads::address(desk, &m.file),
    }));
    Account {
        place: desk.place.to_owned(),
        place_name: desk.say(&desk.place_name()).to_owned(),
        year: desk.year,
        years: desk.view.years(),
        profile: publication.profile.printed_id(),
        basis: publication.basis.as_str().to_owned(),
        total: total(desk, desk.place),
        completeness: Completeness { there, of: counted },
        services: desk.rows(desk.year).into_iter().map(|row| service(desk, row)).collect(),
        counties,
        change: desk.previous.and_then(|from| moved(desk, from)),
        review: review::of(desk).into_iter().map(|q| question(desk, q)).collect(),
        downloads: files,
    }
}

fn service(desk: &Desk<'_>, row: &liangshan_accounts::account::Row) -> Service {
    Service {
        indicator: row.indicator.clone(),
        title: desk.say(&desk.view.indicator(&row.indicator)).to_owned(),
        class: row.class.word().to_owned(),
        parent: catalogue::parent(&row.indicator).map(str::to_owned),
        counted: row.counted,
        status: row.status.word().to_owned(),
        reason: row.status.reason().map(|r| desk.say(r).to_owned()),
        quantity: row.quantity.map(|q| q.to_string()),
        unit: row.unit.clone(),
        price: row.price.as_ref().map(|p| Price { id: p.id.clone(), value: p.value.clone(), unit: p.unit.clone(), year: p.year, average: p.average }),
        value_fen: row.value.map(fen),
        evidence: row.evidence.word().to_owned(),
        origin: row.origin.map(|o| o.word().to_owned()),
        formula: desk.say(&formulas::of(&row.indicator).0).to_owned(),
        why: desk.why(&row.indicator, desk.place, desk.year, ALL),
    }
}

fn moved(desk: &Desk<'_>, from: i32) -> Option<Change> {
    let found = change::of(desk, from)?;
    let line = |indicator: &str, before: Fen, after: Fen, parts: &liangshan_accounts::change::Parts| Moved {
        indicator: indicator.to_owned(),
        before_fen: fen(before),
        after_fen: fen(after),
        weather_fen: fen(parts.of(Factor::Weather)),
        price_fen: fen(parts.of(Factor::Price)),
        land_cover_fen: fen(parts.of(Factor::LandCover)),
        rest_fen: fen(parts.of(Factor::Rest)),
    };
    let (before, after, parts) = found.sum(|a| change::here(desk, a));
    let services = change::services(desk, found).iter().map(|(id, before, after, parts)| line(id, *before, *after, parts)).collect();
    Some(Change { from, to: desk.year, services, total: line("total", before, after, &parts) })
}

fn question(desk: &Desk<'_>, q: &liangshan_accounts::review::Question) -> Question {
    Question {
        ground: q.ground.word().to_owned(),
        indicator: q.indicator.clone(),
        question: desk.say(&q.what).to_owned(),
        value_fen: q.value.map(fen),
        stake_fen: q.stake.map(fen),
        alternative: q.otherwise.as_ref().map(|o| desk.say(&o.what).to_owned()),
        alternative_fen: q.otherwise.as_ref().map(|o| fen(o.value)),
        look: desk.say(&q.look).to_owned(),
    }
}

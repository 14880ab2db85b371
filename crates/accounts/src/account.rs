//! The account: rows by year, place, ecosystem type and indicator, and the totals over them.
//!
//! Rows and totals are integer sums of atoms, so counties add up to the city, ecosystem types to
//! `all` and parts to their whole, to the fen. [`crate::tables::build`] makes it.

use liangshan_vocab::{Evidence, Fen, Origin, Text, text};

use crate::atom::Atom;
use crate::catalogue::Class;
use crate::profile::Profile;
use crate::valuation::Amount;

/// The ecosystem column of a row over all types.
pub const ALL: &str = "all";

/// A county or a place made of counties.
#[derive(Debug, Clone, PartialEq)]
pub struct AccountPlace {
    /// Its code.
    pub code: String,
    /// What it is called.
    pub name: Text,
    /// The place it is a part of.
    pub parent: Option<String>,
    /// Its area, km²; per-area figures are left out without it.
    pub area_km2: Option<f64>,
}

/// What a total is set against. Absent ones leave their ratio out; nothing is estimated.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Denominator {
    /// The year.
    pub year: i32,
    /// The place's code.
    pub place: String,
    /// Residents.
    pub population: Option<f64>,
    /// Gross domestic product of the year.
    pub gdp: Option<Fen>,
}

/// Value of products that came from outside, to be deducted; negative adds.
#[derive(Debug, Clone, PartialEq)]
pub struct Deduction {
    /// The year.
    pub year: i32,
    /// The county's code.
    pub place: String,
    /// How much.
    pub value: Fen,
}

/// How it stands with an indicator at a place.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Status {
    /// It was computed.
    #[default]
    Ok,
    /// It is declared to be zero, for a reason.
    Zero {
        /// Why.
        reason: Text,
        /// What the declaration is.
        origin: Origin,
    },
    /// It does not apply here, for a reason, as the coast of an inland city.
    NotApplicable(Text),
    /// An input is missing.
    MissingInput {
        /// What is missing.
        reason: Text,
        /// The file it should be in; empty where no file is known.
        file: String,
    },
}

impl Status {
    /// The word in `account.csv`; a declared zero is `ok` with a quantity of zero.
    pub fn word(&self) -> &'static str {
        match self {
            Status::Ok | Status::Zero { .. } => "ok",
            Status::NotApplicable(_) => "not_applicable",
            Status::MissingInput { .. } => "missing_input",
        }
    }

    /// The reason, where there is one.
    pub fn reason(&self) -> Option<&Text> {
        match self {
            Status::Ok => None,
            Status::Zero { reason, .. } | Status::NotApplicable(reason) | Status::MissingInput { reason, .. } => Some(reason),
        }
    }

    /// True when an input is missing.
    pub fn is_missing(&self) -> bool {
        matches!(self, Status::MissingInput { .. })
    }
}

/// A status said of an indicator, everywhere or in one year or place.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// A catalogue indicator or a dotted part of one.
    pub indicator: String,
    /// In which year; every year when absent.
    pub year: Option<i32>,
    /// In which county; every county when absent.
    pub place: Option<String>,
    /// What is said.
    pub status: Status,
}

/// Everything an account is made of.
#[derive(Debug, Clone)]
pub struct AccountInput<'a> {
    /// The resolved method profile.
    pub profile: &'a Profile,
    /// Accounting years, in the order of the tables.
    pub years: Vec<i32>,
    /// Counties and what they make up, in the order of the tables.
    pub places: Vec<AccountPlace>,
    /// Ecosystem types, in the order of the tables.
    pub ecosystems: Vec<String>,
    /// What was computed.
    pub atoms: Vec<Atom>,
    /// What was not, and why.
    pub states: Vec<State>,
    /// Residents and domestic product.
    pub denominators: Vec<Denominator>,
    /// The `external_product_deduction` line; none means zero.
    pub deductions: Vec<Deduction>,
}

/// The price column of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowPrice {
    /// Yuan per unit, as a decimal number.
    pub value: String,
    /// `CNY/t`; `1` for a share.
    pub unit: String,
    /// The price year; absent where prices of several years are averaged.
    pub year: Option<i32>,
    /// The price's id; `average(a+b)` where it is value over quantity of a total.
    pub id: String,
    /// True when it is value over quantity and not a price anybody stated.
    pub average: bool,
}

/// One row of the account.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The year.
    pub year: i32,
    /// The place's code.
    pub place: String,
    /// An ecosystem type's id, or [`ALL`].
    pub ecosystem: String,
    /// A catalogue indicator or a dotted part of one.
    pub indicator: String,
    /// Its class.
    pub class: Class,
    /// The quantity; absent for a sum of different things, and where the status is not ok.
    pub quantity: Option<Amount>,
    /// The quantity's unit; empty where there is none.
    pub unit: String,
    /// The price, or the average of a total.
    pub price: Option<RowPrice>,
    /// The value; absent where the status is not ok, and where the indicator is not valued.
    pub value: Option<Fen>,
    /// The weakest evidence it rests on.
    pub evidence: Evidence,
    /// What its inputs are; absent where nothing was computed.
    pub origin: Option<Origin>,
    /// How it stands with it.
    pub status: Status,
    /// True when the row is a term of the total of its year, place and ecosystem. Rows of parents are
    /// not: their value stands in their parts already.
    pub counted: bool,
}

/// An indicator without which a total may not be called gross ecosystem product.
#[derive(Debug, Clone, PartialEq)]
pub struct Missing {
    /// The indicator, or the part of it, that is missing.
    pub indicator: String,
    /// The counties it is missing in.
    pub places: Vec<String>,
    /// Why.
    pub reason: Text,
    /// The file it should be in; empty where no file is known.
    pub file: String,
    /// What other counties of the place have of it; this much of the total stands in no row.
    pub value_elsewhere: Fen,
}

/// The sum of one year, place and ecosystem type, and what it is set against.
#[derive(Debug, Clone, PartialEq)]
pub struct Total {
    /// The year.
    pub year: i32,
    /// The place's code.
    pub place: String,
    /// An ecosystem type's id, or [`ALL`].
    pub ecosystem: String,
    /// Material supply, regulating and cultural services, in that order.
    pub classes: [Fen; 3],
    /// The `external_product_deduction` line; zero for a single ecosystem type.
    pub deduction: Fen,
    /// The classes less the deduction.
    pub value: Fen,
    /// True when every indicator the profile counts is there or declared not applicable or zero.
    pub complete: bool,
    /// What is missing.
    pub missing: Vec<Missing>,
    /// Yuan per km² of the place.
    pub per_km2: Option<f64>,
    /// Yuan per resident.
    pub per_head: Option<f64>,
    /// The value over the domestic product.
    pub over_gdp: Option<f64>,
}

impl Total {
    /// The sum of one class.
    pub fn class(&self, class: Class) -> Fen {
        self.classes[class as usize]
    }

    /// The conversion value of the two mountains: material supply and cultural services.
    pub fn conversion(&self) -> Fen {
        self.class(Class::Material) + self.class(Class::Cultural)
    }

    /// The conversion value over the total.
    pub fn conversion_share(&self) -> Option<f64> {
        (self.value.0 != 0).then(|| self.conversion().0 as f64 / self.value.0 as f64)
    }

    /// The name that completeness allows it.
    pub fn title(&self) -> Text {
        if self.complete { text("生态产品总值", "gross ecosystem product (GEP)") } else { text("已核算服务合计", "sum of assessed services") }
    }

    /// The id of the total in statements and tables.
    pub fn id(&self) -> &'static str {
        if self.complete { "gep" } else { "assessed_services" }
    }

    /// The name of the ratio to domestic product.
    pub fn index_title(&self) -> Text {
        index_title(self.complete)
    }
}

/// What the ratio of a total to domestic product may be called.
pub fn index_title(complete: bool) -> Text {
    if complete {
        text("绿金指数", "green-gold index")
    } else {
        text("已核算服务合计与地区生产总值之比", "sum of assessed services over GDP")
    }
}

/// A finished account under one profile.
#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    /// The profile's printed id.
    pub profile: String,
    /// The profile's title.
    pub title: Text,
    /// Years, places and ecosystem types in the order of the tables.
    pub years: Vec<i32>,
    /// Counties and what they make up.
    pub places: Vec<AccountPlace>,
    /// Ecosystem types.
    pub ecosystems: Vec<String>,
    /// By year, place, ecosystem (`all` first) and indicator.
    pub rows: Vec<Row>,
    /// By year, place and ecosystem (`all` first).
    pub totals: Vec<Total>,
    /// Indicators nobody here knows to be part of the method: left out.
    pub unknown: Vec<String>,
}

impl Account {
    /// A row.
    pub fn row(&self, year: i32, place: &str, ecosystem: &str, indicator: &str) -> Option<&Row> {
        self.rows.iter().find(|r| r.year == year && r.place == place && r.ecosystem == ecosystem && r.indicator == indicator)
    }

    /// A total.
    pub fn total(&self, year: i32, place: &str, ecosystem: &str) -> Option<&Total> {
        self.totals.iter().find(|t| t.year == year && t.place == place && t.ecosystem == ecosystem)
    }

    /// The rows a total is the sum of.
    pub fn terms<'a>(&'a self, year: i32, place: &'a str, ecosystem: &'a str) -> impl Iterator<Item = &'a Row> {
        self.rows.iter().filter(move |r| r.counted && r.year == year && r.place == place && r.ecosystem == ecosystem)
    }
}

//! Accounts: what ecosystems give, in physical units and in yuan, as tables that add up.
//!
//! A physical amount comes in as an [`Atom`] of one year, county, ecosystem type and indicator. It is
//! valued by a [`Price`] whose unit, basis and year are known, under a method [`Profile`], and
//! [`tables::build`] makes every table and total by adding integers.
//!
//! **Invariant:** no maps, models, files or databases. Anything that needs cells happened in
//! `models`; if you reach for them here, the atom is missing a field. Money never passes through
//! floating point, except in ratios and in the stand-alone formulas of [`calculators`].

pub mod account;
pub mod alternatives;
pub mod atom;
pub mod calculators;
pub mod catalogue;
pub mod change;
pub mod elsewhere;
pub mod linkage;
pub mod pieces;
pub mod plausibility;
pub mod price;
pub mod profile;
pub mod provinces;
pub mod resolution;
pub mod review;
pub mod rules;
pub mod statements;
pub mod tables;
pub mod targets;
pub mod valuation;

pub use account::{Account, AccountInput, AccountPlace, Deduction, Denominator, Row, State, Status, Total};
pub use alternatives::{Alternative, Role, alternatives};
pub use atom::{Atom, AtomKey, UnitPrice};
pub use catalogue::{Class, Indicator};
pub use price::{Price, PriceRow};
pub use profile::{Inclusion, IndicatorMethod, Parameter, ParameterValue, Profile};
pub use resolution::{Draft, MethodDraft, resolve};
pub use statements::statements;
pub use tables::build;
pub use valuation::{Amount, value};

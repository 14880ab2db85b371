//! The house: opens a region and carries out its use cases — check, plan, run, explain, publish,
//! begin a new one. It alone puts models, accounts, formats and store side by side.
//!
//! **Invariant:** no argv, HTTP or HTML, and no formula: physical ones live in `models`, monetary
//! ones in `accounts`.

pub mod approved;
pub mod areas;
pub mod assemble;
pub mod assess;
pub mod book;
pub mod calculators;
pub mod change;
pub mod class_map;
pub mod coefficients;
pub mod conflicts;
pub mod conform;
pub mod control;
pub mod deliveries;
mod departments;
mod doubts;
pub mod drawn;
pub mod explain;
pub mod explaining;
mod explaining_tables;
mod explaining_total;
mod flags;
pub mod formulas;
pub mod ground;
pub mod kept;
pub mod layers;
pub mod mapping;
pub mod online;
pub mod plan;
pub mod planbook;
pub mod plausible;
pub mod profiles;
pub mod publication;
pub mod publish;
pub mod purification;
pub mod region;
pub mod review;
pub mod routes;
pub mod ruled;
pub mod rules;
pub mod sample;
pub mod survey;
pub mod task;
pub mod template;
pub mod whole;
pub mod zones;

pub use liangshan_space::Crs;

/// The version of the program, printed with every result.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

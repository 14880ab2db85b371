//! Solid waste: the manifest of a transfer, the balance of a site, the age of what is stored, the
//! class of a producer, what may not stand together, waste per product, terms in working days, the chain of
//! household waste, and shares and gaps of the other kinds.
//!
//! Amounts are tonnes in decimal, so that what was weighed adds up to the last digit. Days are civil
//! dates given by the caller.

pub mod balance;
pub mod band;
pub mod household;
pub mod incompatible;
pub mod manifest;
pub mod producer;
pub mod rates;
pub mod rules;
pub mod storage;
pub mod term;

pub use balance::{Balance, Tolerance};
pub use manifest::ManifestNumber;
pub use producer::{ProducerClass, Thresholds};
pub use storage::{Age, Limits, Lot};
pub use term::WorkCalendar;

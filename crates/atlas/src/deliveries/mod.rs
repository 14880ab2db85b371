//! Department tables: empty ones out, filled ones in, what was taken over, and what is still wanting.

mod cells;
pub mod completeness;
mod corrected;
pub mod forms;
mod judge;
pub mod known;
pub(crate) mod numbers;
mod reading;
pub mod receive;
pub mod record;
mod taking;
pub mod templates;
mod totals;
pub mod verify;

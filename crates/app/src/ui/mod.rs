//! What people look at: pages made in Rust, with their style and small scripts embedded.
//!
//! A page is drawn from a finished publication and computes nothing but pictures of it.

pub(crate) mod bars;
mod bulletin;
#[cfg(feature = "serve")]
pub(crate) mod ecosystems;
pub(crate) mod html;
mod opinion;
mod plan;
pub(crate) mod ramp;
pub(crate) mod report;
pub(crate) mod words;
mod zones;

#[cfg(test)]
mod sample;

pub(crate) use bulletin::bulletin;
#[cfg(feature = "serve")]
pub(crate) use bulletin::{chart, judgement, listed};
pub(crate) use opinion::opinion;
#[cfg(feature = "serve")]
pub(crate) use opinion::way_out;
pub(crate) use plan::plan;
pub(crate) use report::report;
pub(crate) use zones::zones;

//! From readings to findings, and from findings to tasks. Everything is a pure function of rules,
//! readings and `now`, so a month can be replayed in a moment.
//!
//! Readings come late, doubled, out of order, or never. A reading that is missing and may still come
//! is an **open** hole: it never ends an incident and never proves one. A hole that has been waited
//! for long enough is void: neither over nor clear. So while facts come in, incidents may be cut
//! apart but are never joined, and each keeps the one task it was given.
//!
//! ```text
//! rule · outlet (tracks of hours) · now ── judge ──▶ findings ── desk ──▶ tasks opened, grown, withdrawn
//! ```
//!
//! [`judge()`] goes over all that is held of an outlet; [`Followed`] says the same of one that is followed hour
//! after hour, and goes over what is new.

pub mod desk;
pub mod episode;
mod followed;
pub mod judge;
mod print;
mod read;
pub mod rule;
mod sight;
pub mod track;

pub use desk::{Desk, Task};
pub use followed::Followed;
pub use judge::{Finding, Kind, judge};
pub use print::Entry;
pub use rule::Rule;
pub use track::{Outlet, Reading, Track};

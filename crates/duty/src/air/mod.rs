//! Ambient air: index, level and primary pollutant of hours and days, the year against its limits,
//! and what of a change is the rule's and what is the air's.
//!
//! Breakpoints, limits, decimals and rules of validity are data ([`Rules`]); a concentration is a
//! whole number of millionths ([`Micro`]), so that no breakpoint is missed by a rounding of the machine.

pub mod city;
pub mod day;
pub mod index;
pub mod item;
pub mod judge;
pub mod micro;
pub mod month;
pub mod ozone;
pub mod profile;
pub mod published;
pub mod read;
pub mod replay;
pub mod rules;
pub mod scale;
pub mod series;
pub mod statistics;
pub mod voc;
pub mod year;

pub use index::{Index, Pollutants};
pub use item::{Averaging, Item, Pollutant};
pub use judge::{Circumstances, Edition, Event, Judged, Question, judge, judge_with};
pub use micro::Micro;
pub use profile::{Indicator, Missing, Profile, Statistic, Steps, Validity, Yearly};
pub use rules::Rules;
pub use scale::{Above, Scale};
pub use series::{At, DayNumber, Reading, Series};
pub use year::Zone;

//! Events of any source, an exceedance, an alarm, a complaint: how severe they are, whose they are and by when,
//! whether a cure has worked; and the grade of an emergency. Steps and terms lie in `rules/linkage/`.

mod cure;
mod emergency;
mod severity;

pub use cure::{Cure, Recheck, escalation, recheck};
pub use emergency::{Emergency, Graded, grade};
pub use severity::{Event, Severity, severity};

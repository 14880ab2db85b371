//! Targets and how they are judged: the green-development index, the green-gold index, attainment of
//! a target, the lamp of a project, and the chance of reaching a target.
//!
//! Missing data is undecidable and never a pass. A forecast never changes a verdict.

pub mod assessment;
pub mod attainment;
pub mod break_down;
pub mod exact;
pub mod forecast;
pub mod green_gold;
pub mod green_index;
pub mod history;
pub mod lamp;
pub mod population;
pub mod splitmix;
pub mod standing;
pub mod supervision;

pub use assessment::Grade;
pub use attainment::{Attainment, Direction, Target, attainment, progress};
pub use break_down::{Part, break_down};
pub use forecast::{Forecast, forecast};
pub use green_gold::GreenGold;
pub use green_index::{Score, group_score, index, normalise, ranks};
pub use history::{History, history};
pub use lamp::{Lamp, LampRule, Milestone, Progress};
pub use splitmix::SplitMix64;
pub use standing::{Aim, Sort, Standing, standing};
pub use supervision::{Supervision, is_done, months_red};

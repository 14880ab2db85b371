//! The judge of surface water: class per item and section, main pollutants, rivers and basins, lakes,
//! periods, compliance, drinking-water sources, loads and capacity, zero discharge, river chiefs.
//!
//! Limits and ways of assessing come from `rules/water/` ([`Rules::of`]); nothing here knows a limit.
//!
//! **Missing-value rule:** what is not measured passes nothing. A value below a detection limit that is
//! above the limit leaves the item undecided, and with it the section, unless another item decides.

mod basin;
mod basin_load;
mod chiefs;
mod city;
mod class;
mod compliance;
mod drinking;
mod lakes;
mod load;
mod means;
mod periods;
mod published;
mod reduction;
mod replay;
mod rules;
mod section;
mod series;
mod standard_index;
mod trend;
mod trophic;
pub mod zero_discharge;

pub use basin::{BasinRating, Change, OverInBasin, basin_rating, change_of_basin, change_of_section, main_of_basin};
pub use basin_load::{BasinLoad, Flux, OfUnit, Unit, basin_load, equivalents, flux};
pub use chiefs::{Parts, Patrol, counts, due, score};
pub use city::{CityIndex, city_index};
pub use class::{Class, Water};
pub use compliance::{Compliance, Held, held, section_compliance};
pub use drinking::{Drinking, drinking, rate_by_volume};
pub use lakes::{OfLake, Parameter, lakes};
pub use load::{ControlZone, PlantReduction, Reduced, control_zone, plant_reduction, remaining_capacity};
pub use means::{MeanWay, mean_of, mean_ph};
pub use published::{Compared, Published, Why, compare, why_it_differs};
pub use reduction::{OfPollutant, Project, reductions};
pub use replay::{Split, replay, split};
pub use rules::{Item, Limits, Part, Rules};
pub use section::{Reading, Section, Verdict};
pub use series::{Assessment, Observation, OfPeriod, OfTime, Plan, Span, Station, assess};
pub use standard_index::{saturation_mg_l, standard_index};
pub use trend::{OfTrend, Trend, spearman, trends};
pub use trophic::{Trophic, trophic};

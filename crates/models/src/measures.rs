//! Kinds and units that several models share, so that what one makes fits what another needs, and
//! the factors between units that formulas use.

use liangshan_vocab::quantity::{Measure, measure};

/// Rainfall erosivity R.
pub const EROSIVITY: Measure = measure("erosivity", "MJ mm/(ha h a)");
/// Soil erodibility K in SI units.
pub const ERODIBILITY: Measure = measure("erodibility", "t ha h/(ha MJ mm)");
/// Slope length factor L.
pub const LENGTH_FACTOR: Measure = measure("slope_length_factor", "1");
/// Slope steepness factor S.
pub const STEEPNESS_FACTOR: Measure = measure("slope_steepness_factor", "1");
/// L and S together.
pub const LENGTH_STEEPNESS: Measure = measure("slope_length_steepness", "1");
/// Cover management factor C.
pub const COVER_FACTOR: Measure = measure("cover_factor", "1");
/// Support practice factor P.
pub const PRACTICE_FACTOR: Measure = measure("practice_factor", "1");
/// Fractional vegetation cover.
pub const COVER: Measure = measure("vegetation_cover", "1");
/// Angle of the slope.
pub const SLOPE: Measure = measure("slope", "degree");
/// Height above the datum.
pub const ELEVATION: Measure = measure("elevation", "m");
/// Length of a slope along which water gathers.
pub const SLOPE_LENGTH: Measure = measure("slope_length", "m");
/// Soil eroded or kept.
pub const SOIL: Measure = measure("soil", "t/(ha a)");
/// Loose sediment that settles.
pub const SEDIMENT: Measure = measure("sediment", "m3/(ha a)");
/// Nitrogen carried by soil.
pub const NITROGEN: Measure = measure("nitrogen", "t/(ha a)");
/// Phosphorus carried by soil.
pub const PHOSPHORUS: Measure = measure("phosphorus", "t/(ha a)");
/// Dry bulk density of soil.
pub const BULK_DENSITY: Measure = measure("bulk_density", "t/m3");
/// Precipitation.
pub const PRECIPITATION: Measure = measure("precipitation", "mm/a");
/// Evapotranspiration.
pub const EVAPOTRANSPIRATION: Measure = measure("evapotranspiration", "mm/a");
/// Quick surface runoff.
pub const RUNOFF: Measure = measure("runoff", "mm/a");
/// Water kept by an ecosystem.
pub const WATER_RETAINED: Measure = measure("water_retained", "mm/a");
/// Net primary production, as carbon.
pub const NPP: Measure = measure("net_primary_production", "gC/(m2 a)");
/// Respiration of soil organisms, as carbon.
pub const RESPIRATION: Measure = measure("soil_respiration", "gC/(m2 a)");
/// Net ecosystem production, as carbon.
pub const NEP: Measure = measure("net_ecosystem_production", "gC/(m2 a)");
/// Carbon taken up.
pub const CARBON: Measure = measure("carbon", "tC/(ha a)");
/// Carbon dioxide taken up.
pub const CARBON_DIOXIDE: Measure = measure("carbon_dioxide", "tCO2/(ha a)");

/// Tonnes of carbon dioxide made of a tonne of carbon, 44/12.
pub const CO2_PER_CARBON: f64 = 44.0 / 12.0;
/// Tonnes a hectare in one gram a square metre.
pub const T_PER_HA_IN_G_PER_M2: f64 = 0.01;
/// Per cent in a share of one.
pub const PERCENT: f64 = 100.0;
/// Square metres in a hectare.
pub const M2_PER_HA: f64 = 1e4;
/// Millimetres in a metre: a depth in mm over an area in m² is a thousandth of that in m³.
pub const MM_PER_M: f64 = 1e3;
/// Tonnes of oxygen released with a tonne of carbon dioxide taken up, 32/44.
pub const O2_PER_CO2: f64 = 32.0 / 44.0;
/// Rain on the storm days of a year.
pub const STORM_RAIN: Measure = measure("storm_rain", "mm/a");
/// Storm water that vegetation holds back.
pub const STORM_RETAINED: Measure = measure("storm_water_retained", "mm/a");
/// Storm water that a marsh takes up.
pub const MARSH_STORAGE: Measure = measure("marsh_storage", "m/a");
/// Oxygen released.
pub const OXYGEN: Measure = measure("oxygen", "t O2/(ha a)");
/// Days of a year hot enough for cooling to be worth something.
pub const HOT_DAYS: Measure = measure("hot_days", "d");
/// Heat that plants take up by transpiring, on one hot day.
pub const TRANSPIRATION_HEAT: Measure = measure("transpiration_heat", "kJ/(m2 d)");
/// Water that evaporates from open water on one hot day.
pub const HOT_DAY_EVAPORATION: Measure = measure("hot_day_evaporation", "mm/d");
/// Heat that a mass of water takes up when it evaporates.
pub const LATENT_HEAT: Measure = measure("latent_heat", "kJ/kg");
/// Electricity an air conditioner or humidifier would take for the same.
pub const ELECTRICITY: Measure = measure("electricity", "kWh/(ha a)");

/// Kilojoules in a kilowatt-hour.
pub const KJ_PER_KWH: f64 = 3600.0;
/// Days of a year in a yearly mean.
pub const DAYS_PER_YEAR: f64 = 365.0;
/// Kilograms of water in a millimetre on a square metre.
pub const KG_PER_MM_M2: f64 = 1.0;
/// Cubic metres in a millimetre on a hectare.
pub const M3_PER_MM_HA: f64 = 10.0;
/// Kilograms in a tonne.
pub const KG_PER_T: f64 = 1e3;

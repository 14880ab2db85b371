//! Cooling of the air by plants and open water, as the electricity an air conditioner would take.
//!
//! There are two routes for plants, and they are two methods and not two accuracies of one number: the
//! heat a unit of vegetation is said to take up a day (EPP), and the energy of the whole
//! evapotranspiration. The second gives some 50 to 100 times the first.

/// Heat by vegetation type: EPP.
pub mod transpiration {
    use liangshan_vocab::spec::{POSITIVE, RATIO, grid, grid_out, number};
    use liangshan_vocab::{Reach, Source, Spec, text};

    use crate::measures::{ELECTRICITY, HOT_DAYS, KJ_PER_KWH, M2_PER_HA, TRANSPIRATION_HEAT};
    use crate::model::{Given, Made, Model};

    /// What it needs and makes.
    pub const SPEC: Spec = Spec {
        id: "transpiration_cooling",
        title: text("植被蒸腾降温（单位面积吸热法）", "Cooling by transpiration, by heat per area"),
        source: Source {
            work: "白玛卓嘎等 (2017), 生态学报 37(19): 6302-6312; 博文静等 (2017), 生态学报 37(12): 4182-4190",
            at: "EPP·A·D/(3600·R); the values of EPP are of the region's table",
        },
        reach: Reach::Cell,
        inputs: &[
            grid("epp", "单位面积蒸腾吸热", "Heat taken up by transpiration, by area and day", TRANSPIRATION_HEAT, (0.0, 20_000.0)),
            grid("hot_days", "空调开放天数", "Days on which cooling counts", HOT_DAYS, (0.0, 366.0)),
            number("cop", "空调能效比", "Efficiency of air conditioners", RATIO, (0.5, 20.0)),
        ],
        outputs: &[grid_out("electricity", "节约电量", "Electricity saved", ELECTRICITY, POSITIVE)],
    };

    /// The model.
    pub const MODEL: Model = Model { spec: &SPEC, version: "1", tallies: &[], run };

    /// `EPP·D·10⁴/(3600·R)` in kWh/(ha a): `epp` in kJ/(m² d), `hot_days` D in days, `cop` R. NaN where
    /// either grid is missing.
    ///
    /// # Panics
    /// If lengths differ: our bug.
    pub fn heat_as_electricity(epp: &[f64], hot_days: &[f64], cop: f64, electricity: &mut [f64]) {
        assert!(hot_days.len() == epp.len() && electricity.len() == epp.len(), "blocks differ");
        for (i, saved) in electricity.iter_mut().enumerate() {
            *saved = epp[i] * hot_days[i] * M2_PER_HA / (KJ_PER_KWH * cop);
        }
    }

    fn run(given: &Given<'_>, made: &mut Made) {
        let [epp, hot_days] = given.grids(["epp", "hot_days"]);
        heat_as_electricity(epp, hot_days, given.number("cop"), made.grid("electricity"));
    }
}

/// The energy of the whole evapotranspiration.
pub mod evapotranspiration {
    use liangshan_vocab::spec::{POSITIVE, RATIO, grid, grid_out, number};
    use liangshan_vocab::{Reach, Source, Spec, text};

    use crate::measures::{DAYS_PER_YEAR, ELECTRICITY, EVAPOTRANSPIRATION, HOT_DAYS, KG_PER_MM_M2, KJ_PER_KWH, LATENT_HEAT, M2_PER_HA};
    use crate::model::{Given, Made, Model};

    /// What it needs and makes.
    pub const SPEC: Spec = Spec {
        id: "evapotranspiration_cooling",
        title: text("植被蒸腾降温（蒸散发能量法）", "Cooling by transpiration, by energy of evapotranspiration"),
        source: Source {
            work: "GB/T 46869-2025 据称允许蒸散发能量法（原文未读） / said to be allowed by GB/T 46869-2025 (text not read)",
            at: "ET·D/365·q·A/(3600·R): the evapotranspiration of a hot day is taken as the mean of the year's days",
        },
        reach: Reach::Cell,
        inputs: &[
            grid("evapotranspiration", "蒸散发量", "Evapotranspiration", EVAPOTRANSPIRATION, (0.0, 5_000.0)),
            grid("hot_days", "空调开放天数", "Days on which cooling counts", HOT_DAYS, (0.0, 366.0)),
            number("latent_heat", "水的汽化潜热", "Latent heat of water", LATENT_HEAT, (2_000.0, 2_600.0)),
            number("cop", "空调能效比", "Efficiency of air conditioners", RATIO, (0.5, 20.0)),
        ],
        outputs: &[grid_out("electricity", "节约电量", "Electricity saved", ELECTRICITY, POSITIVE)],
    };

    /// The model.
    pub const MODEL: Model = Model { spec: &SPEC, version: "1", tallies: &[], run };

    /// `ET/365·D·q·10⁴/(3600·R)` in kWh/(ha a): `et` in mm/a, `hot_days` D in days, `latent_heat` q in
    /// kJ/kg, `cop` R. NaN where either grid is missing.
    ///
    /// # Panics
    /// If lengths differ: our bug.
    pub fn energy_as_electricity(et: &[f64], hot_days: &[f64], latent_heat: f64, cop: f64, electricity: &mut [f64]) {
        assert!(hot_days.len() == et.len() && electricity.len() == et.len(), "blocks differ");
        for (i, saved) in electricity.iter_mut().enumerate() {
            let kj_a_day = et[i] / DAYS_PER_YEAR * KG_PER_MM_M2 * latent_heat;
            *saved = kj_a_day * hot_days[i] * M2_PER_HA / (KJ_PER_KWH * cop);
        }
    }

    fn run(given: &Given<'_>, made: &mut Made) {
        let [et, hot_days] = given.grids(["evapotranspiration", "hot_days"]);
        energy_as_electricity(et, hot_days, given.number("latent_heat"), given.number("cop"), made.grid("electricity"));
    }
}

/// Evaporation from open water.
pub mod evaporation {
    use liangshan_vocab::quantity::measure;
    use liangshan_vocab::spec::{POSITIVE, RATIO, SHARE, grid, grid_out, number};
    use liangshan_vocab::{Reach, Source, Spec, text};

    use crate::measures::{ELECTRICITY, EVAPOTRANSPIRATION, HOT_DAY_EVAPORATION, HOT_DAYS, KG_PER_T, KJ_PER_KWH, LATENT_HEAT, M3_PER_MM_HA};
    use crate::model::{Given, Made, Model};

    /// What it needs and makes.
    pub const SPEC: Spec = Spec {
        id: "evaporation_cooling",
        title: text("水面蒸发降温增湿", "Cooling and humidifying by open water"),
        source: Source {
            work: "白玛卓嘎等 (2017), 生态学报 37(19): 6302-6312",
            at: "E·ρ·q/3600 + E·γ; whether the cooling is divided by the efficiency R is a choice of the method, and γ is 0 where summers are humid",
        },
        reach: Reach::Cell,
        inputs: &[
            grid("hot_day_evaporation", "高温日水面蒸发量", "Evaporation on a hot day", HOT_DAY_EVAPORATION, (0.0, 30.0)),
            grid("hot_days", "空调开放天数", "Days on which cooling counts", HOT_DAYS, (0.0, 366.0)),
            number("latent_heat", "水的汽化潜热", "Latent heat of water", LATENT_HEAT, (2_000.0, 2_600.0)),
            number("cop", "空调能效比", "Efficiency of air conditioners", RATIO, (0.5, 20.0)),
            number("evap_uses_cop", "降温项是否除以能效比（1 是，0 否）", "1 to divide the cooling by the efficiency, 0 not to", RATIO, SHARE),
            number("humidify_gamma", "增湿耗电系数", "Electricity of humidifying", measure("humidify_gamma", "kWh/m3"), (0.0, 1_000.0)),
        ],
        outputs: &[
            grid_out("water_evaporated", "高温日水面蒸发总量", "Water evaporated on hot days", EVAPOTRANSPIRATION, POSITIVE),
            grid_out("electricity", "节约电量", "Electricity saved", ELECTRICITY, POSITIVE),
        ],
    };

    /// The model.
    pub const MODEL: Model = Model { spec: &SPEC, version: "1", tallies: &[], run };

    /// Electricity of one m³ evaporated, kWh: `1000·q/3600`, over `cop` where the method divides, and
    /// `gamma` for humidifying.
    pub fn kwh_per_m3(latent_heat: f64, cop: Option<f64>, gamma: f64) -> f64 {
        KG_PER_T * latent_heat / KJ_PER_KWH / cop.unwrap_or(1.0) + gamma
    }

    /// Water `e·D` in mm/a and its electricity in kWh/(ha a) at `kwh_per_m3`: `evaporation` e in mm/d,
    /// `hot_days` D in days. NaN where either is missing.
    ///
    /// # Panics
    /// If lengths differ: our bug.
    pub fn water_as_electricity(evaporation: &[f64], hot_days: &[f64], kwh_per_m3: f64, water: &mut [f64], electricity: &mut [f64]) {
        let cells = evaporation.len();
        assert!(hot_days.len() == cells && water.len() == cells && electricity.len() == cells, "blocks differ");
        for i in 0..cells {
            water[i] = evaporation[i] * hot_days[i];
            electricity[i] = water[i] * M3_PER_MM_HA * kwh_per_m3;
        }
    }

    fn run(given: &Given<'_>, made: &mut Made) {
        let [evaporation, hot_days] = given.grids(["hot_day_evaporation", "hot_days"]);
        let divides = given.number("evap_uses_cop");
        assert!(divides == 0.0 || divides == 1.0, "evap_uses_cop is 0 or 1, not {divides}");
        let cop = (divides == 1.0).then(|| given.number("cop"));
        let each = kwh_per_m3(given.number("latent_heat"), cop, given.number("humidify_gamma"));
        let [water, electricity] = made.grids_mut(["water_evaporated", "electricity"]);
        water_as_electricity(evaporation, hot_days, each, water, electricity);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: 70.4 kJ/(m² d) over 70 days on a hectare is 49 280 000 kJ, 13 688.9 kWh of heat and a third
    /// of that of electricity.
    #[test]
    fn heat_by_area_and_day_becomes_electricity() {
        let mut saved = [0.0; 2];
        transpiration::heat_as_electricity(&[70.4, 70.4], &[70.0, f64::NAN], 3.0, &mut saved);
        assert!((saved[0] - 49_280_000.0 / 3600.0 / 3.0).abs() < 1e-9 && saved[1].is_nan());
    }

    /// Method sheet 3.10: one m³ gives 680.6 kWh of cooling and 120 of humidifying; divided by 3 it is
    /// 226.9 and with humidifying 346.9.
    #[test]
    fn a_cubic_metre_of_water_has_the_published_electricity() {
        for (cop, gamma, published) in [(None, 120.0, 800.6), (Some(3.0), 120.0, 346.9), (Some(3.0), 0.0, 226.9)] {
            assert!((evaporation::kwh_per_m3(2450.0, cop, gamma) - published).abs() < 0.05, "{cop:?} {gamma}");
        }
        let (mut water, mut saved) = ([0.0], [0.0]);
        evaporation::water_as_electricity(&[5.0], &[70.0], 226.9, &mut water, &mut saved);
        // 350 mm on a hectare are 3500 m³.
        assert!((water[0] - 350.0).abs() < 1e-12 && (saved[0] - 3500.0 * 226.9).abs() < 1e-6);
    }

    /// The trap of method sheet 3.10: 70.4 kJ/(m² d) is 0.029 mm a day, real evapotranspiration some two
    /// orders more, and so is the electricity.
    #[test]
    fn the_two_routes_differ_by_orders_of_magnitude() {
        assert!((70.4_f64 / 2450.0 - 0.0287).abs() < 1e-4);
        let (mut by_heat, mut by_energy) = ([0.0], [0.0]);
        transpiration::heat_as_electricity(&[70.4], &[70.0], 3.0, &mut by_heat);
        evapotranspiration::energy_as_electricity(&[700.0], &[70.0], 2450.0, 3.0, &mut by_energy);
        let ratio = by_energy[0] / by_heat[0];
        assert!((50.0..=100.0).contains(&ratio), "{ratio}");
    }
}

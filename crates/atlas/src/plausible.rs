//! What the sums show that a reviewer would judge by its magnitude: soil loss a hectare, the runoff
//! coefficient, water conservation in millimetres, NEP of forest, and the two erosivities.

use liangshan_accounts::account::ALL;
use liangshan_accounts::plausibility::{Observation, bands, judge, observations};
use liangshan_models::measures::EROSIVITY;
use liangshan_vocab::{Input, Problems};

use crate::assemble::{YearSums, sum_of_type};
use crate::book::{Book, Prepared};
use crate::layers::{Prepared as Layer, Setting};
use crate::plan::YearPlan;
use crate::region::{Layer as Declared, Serving, Weather};
use crate::task::Sums;

/// Warnings about every magnitude outside its band, the account's own yuan per km² included.
pub fn warnings(book: &Book) -> Problems {
    let mut told = Problems(judge(&bands(), &seen(book)));
    told.extend(crate::routes::warnings(book));
    told
}

/// Every magnitude that a band is there for.
pub fn seen(book: &Book) -> Vec<Observation> {
    let mut seen = observations(&book.assembled.account);
    for year in &book.years {
        seen.extend(physical(&book.prepared, year));
        seen.extend(erosivities(&book.prepared, &year.plan));
    }
    seen.extend(oxygen_over_carbon(book));
    seen
}

/// Oxygen over carbon dioxide, by place, where both are counted: two bases show here.
fn oxygen_over_carbon(book: &Book) -> Vec<Observation> {
    let account = &book.assembled.account;
    let amount = |row: &liangshan_accounts::account::Row, indicator: &str| {
        account.row(row.year, &row.place, ALL, indicator).and_then(|r| r.quantity).map(|q| q.as_f64()).filter(|q| *q != 0.0)
    };
    let oxygen = account.rows.iter().filter(|r| r.indicator == "oxygen_release" && r.ecosystem == ALL);
    oxygen
        .filter_map(|row| {
            let value = amount(row, "oxygen_release")? / amount(row, "carbon_sequestration")?;
            Some(Observation { quantity: "o2_over_co2".into(), place: row.place.clone(), year: row.year, value })
        })
        .collect()
}

/// The total of a quantity over all classes of a place, per hectare of the counted area.
fn mean(sums: &Sums, place: Option<usize>, quantity: &str) -> Option<f64> {
    let (total, area) = (total(sums, place, quantity)?, total(sums, place, "area_m2")? / 1e4);
    (area > 0.0).then(|| total / area)
}

/// Over one county, or all of them.
fn total(sums: &Sums, place: Option<usize>, quantity: &str) -> Option<f64> {
    let at = sums.quantities.iter().position(|q| q == quantity)?;
    Some(sums.by.iter().filter(|(key, _)| place.is_none_or(|p| usize::from(key.0) == p)).map(|(_, s)| s[at].value()).sum())
}

fn physical(prepared: &Prepared, year: &YearSums) -> Vec<Observation> {
    let mut out = Vec::new();
    let forest = prepared.classes.types.iter().position(|t| t.id == "forest");
    for (at, stream) in year.plan.streams.iter().enumerate() {
        let sums = &year.sums[at];
        let counties = prepared.places.counties.iter().enumerate().map(|(i, c)| (Some(i), &c.code));
        for (place, code) in counties.chain([(None, &prepared.places.whole)]) {
            let mut see = |quantity: &str, value: Option<f64>| {
                if let Some(value) = value.filter(|v| v.is_finite()) {
                    out.push(Observation { quantity: quantity.to_owned(), place: code.clone(), year: year.plan.year, value });
                }
            };
            match stream.id(&year.plan) {
                "soil_retention" => {
                    see("soil_loss_potential", mean(sums, place, "potential"));
                    see("soil_loss_actual", mean(sums, place, "actual"));
                }
                "water_conservation" => {
                    let (rain, et, kept) = (mean(sums, place, "in.precipitation"), mean(sums, place, "in.evapotranspiration"), mean(sums, place, "retained"));
                    see("runoff_coefficient", rain.zip(et).map(|(p, e)| 1.0 - e / p));
                    see("water_conservation_depth", kept);
                    see("water_share_of_p_minus_et", kept.zip(rain.zip(et)).map(|(q, (p, e))| q / (p - e)));
                }
                "carbon_sequestration" => {
                    let of_forest = |quantity: &str| {
                        forest.zip(place).and_then(|(kind, place)| sum_of_type(sums, &prepared.classes, place, kind, quantity)).map(|s| s.value())
                    };
                    see("nep_forest", of_forest("in.nep").zip(of_forest("area_m2")).map(|(nep, area)| nep / (area / 1e4)));
                }
                _ => {}
            }
        }
    }
    out
}

/// Erosivity from daily rain over that of the raster kept for comparison, by county.
fn erosivities(prepared: &Prepared, plan: &YearPlan) -> Vec<Observation> {
    const R: Input = liangshan_vocab::spec::grid("r", "降雨侵蚀力因子", "Rainfall erosivity", EROSIVITY, (0.0, 30_000.0));
    let Some(Declared { serving: Serving::DailyRain { compare: Some(compare), resample, .. }, row, .. }) = prepared.region.declared.layers.get("r") else {
        return Vec::new();
    };
    let Some(daily) = plan.layers.iter().find(|l| l.name == "r").and_then(Layer::by_place) else { return Vec::new() };
    let raster = Declared { name: "r".into(), row: *row, basis: None, serving: Serving::Raster { raster: compare.clone(), normal: None, band: 1, resample } };
    let setting = Setting {
        region: &prepared.region,
        grid: &prepared.grid,
        places: &prepared.places,
        classes: &prepared.classes,
        year: plan.year,
        weather: Weather::Year,
        erosive_rain_mm: None,
    };
    // What cannot be opened was reported by the check; there is then nothing to compare with.
    let Ok(raster) = Layer::prepare(&setting, &raster, &R) else { return Vec::new() };
    let mut sums = vec![(0.0, 0.0); prepared.places.counties.len()];
    for window in prepared.blocks() {
        let (Ok(values), Ok(areas)) = (raster.read(&prepared.grid, &window, &[]), prepared.areas.of(&prepared.grid, &window)) else { return Vec::new() };
        for (county, sum) in prepared.places.counties.iter().zip(&mut sums) {
            for (index, share) in county.coverage.in_window(&window) {
                let (value, area) = (values[index as usize], areas[index as usize] * share);
                if !value.is_nan() {
                    *sum = (sum.0 + value * area, sum.1 + area);
                }
            }
        }
    }
    let by_county = prepared.places.counties.iter().zip(daily).zip(sums);
    by_county
        .filter(|(_, (_, area))| *area > 0.0)
        .map(|((county, daily), (sum, area))| Observation {
            quantity: "erosivity_sources".into(),
            place: county.code.clone(),
            year: plan.year,
            value: daily / (sum / area),
        })
        .collect()
}

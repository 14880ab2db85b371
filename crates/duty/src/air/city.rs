//! A city's day is the mean of its stations' days, where enough of them are valid.

use std::collections::BTreeMap;

use super::judge::Judged;
use super::rules::Rules;
use super::series::{At, Reading, Series};
use super::{DayNumber, Item, Micro};

/// The daily values of a city of these stations, as a series of one place that can be judged like any
/// other. `stations` are all that belong to the city: one without data on a day counts as not valid.
///
/// The mean is that of the stations' values before rounding. An item with fewer valid stations than the
/// profile of the day asks for has no value.
pub fn city(code: &str, stations: &[&Judged], rules: &Rules) -> Series {
    let mut sums: BTreeMap<(DayNumber, Item), (i64, u32, u32)> = BTreeMap::new();
    for day in stations.iter().flat_map(|s| &s.days) {
        let profile = &rules.profiles[day.profile];
        for (indicator, value) in profile.daily.iter().zip(&day.values) {
            let Some(c) = value.c else { continue };
            let (sum, of, least) = sums.entry((day.day, indicator.item)).or_default();
            *sum += c.count();
            *of += 1;
            *least = profile.validity.city_pct;
        }
    }
    let mut series = Series::new(rules.pollutants.len());
    let place = series.station(code);
    for ((day, item), (sum, of, least_pct)) in sums {
        let enough = u64::from(of) * 100 >= u64::from(least_pct) * stations.len() as u64;
        if let Some(c) = Micro::mean(sum, of).filter(|_| enough) {
            let put = series.put(place, At::Day(day), item, Reading::Value(c));
            assert!(put.is_ok(), "a day and an item are put once");
        }
    }
    series
}

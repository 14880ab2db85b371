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
/// profile of the day asks for has no value. Where a station's value rests on non-detects, so does the city's,
/// and its span is the mean of theirs.
pub fn city(code: &str, stations: &[&Judged], rules: &Rules) -> Series {
    let mut sums: BTreeMap<(DayNumber, Item), Sum> = BTreeMap::new();
    for day in stations.iter().flat_map(|s| &s.days) {
        let profile = &rules.profiles[day.profile];
        for (indicator, value) in profile.daily.iter().zip(&day.values) {
            let Some(c) = value.c else { continue };
            let sum = sums.entry((day.day, indicator.item)).or_default();
            let (low, high) = value.span.unwrap_or((c, c));
            for (sum, c) in sum.of.iter_mut().zip([c, low, high]) {
                *sum += c.count();
            }
            sum.stations += 1;
            sum.least_pct = profile.validity.city_pct;
        }
    }
    let mut series = Series::new(rules.pollutants.len());
    let place = series.station(code);
    for ((day, item), sum) in sums {
        let enough = u64::from(sum.stations) * 100 >= u64::from(sum.least_pct) * stations.len() as u64;
        let [Some(c), Some(low), Some(high)] = sum.of.map(|of| Micro::mean(of, sum.stations).filter(|_| enough)) else { continue };
        let put = if low == high { series.put(place, At::Day(day), item, Reading::Value(c)) } else { series.put_spanned(place, day, item, c, [low, high]) };
        assert!(put.is_ok(), "a day and an item are put once");
    }
    series
}

/// Values of stations added up: as they count, with non-detects at zero, and at their limits.
#[derive(Default)]
struct Sum {
    of: [i64; 3],
    stations: u32,
    least_pct: u32,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::air::{Question, judge};
    use jiff::civil::date;

    /// By hand, one year of 2012's edition: A has PM2.5 of 30, B is below 10 every day, which counts as 5: the
    /// city's mean is 17.5, and lies between 15 and 20. Below 90 it counts as 45, and the mean 37.5 lies between
    /// 15 and 60: whether the city keeps 35 is then open, and so it does not attain.
    #[test]
    fn what_stations_did_not_detect_is_open_in_the_city_too() {
        let rules = Rules::shipped();
        let fine = rules.item("PM25_24h").unwrap();
        let of = |limit: i64| {
            let mut series = Series::new(rules.pollutants.len());
            let places = ["A", "B"].map(|code| series.station(code));
            for at in 0..365 {
                let day = At::Day(DayNumber(DayNumber::of(date(2019, 1, 1)).0 + at));
                series.put(places[0], day, fine, Reading::Value(Micro::units(30).unwrap())).unwrap();
                series.put(places[1], day, fine, Reading::Below(Micro::units(limit).unwrap())).unwrap();
            }
            let judged = judge(&series, rules, &Question::default()).unwrap();
            let mean = city("C", &judged.iter().collect::<Vec<_>>(), rules);
            let of_city = judge(&mean, rules, &Question::default()).unwrap().remove(0);
            let day = &of_city.days[0];
            let place = rules.profiles[day.profile].daily.iter().position(|i| i.item == fine).unwrap();
            let value = day.values[place];
            let year = &of_city.years[0];
            let yearly = year.statistics.iter().find(|s| rules.profiles[year.profile].yearly[s.place].key == "PM25").unwrap();
            (value.c.unwrap().number(), value.span.map(|(low, high)| (low.number(), high.number())), yearly.attains)
        };
        assert_eq!(of(10), (17.5, Some((15.0, 20.0)), Some(true)));
        assert_eq!(of(90), (37.5, Some((15.0, 60.0)), None));
    }
}

//! Editions side by side: the date decides, and a difference is the rule's or nature's. All data here
//! are invented; expected numbers are by hand from the tables of the standards.

#![allow(clippy::unwrap_used)]

use jiff::civil::{Date, date};
use liangshan_duty::air::city::city;
use liangshan_duty::air::replay::replay;
use liangshan_duty::air::{At, DayNumber, Edition, Judged, Micro, Question, Reading, Rules, Series, Zone, judge};
use proptest::prelude::*;

const KEYS: [&str; 6] = ["SO2_24h", "NO2_24h", "PM10_24h", "CO_24h", "O3_8h", "PM25_24h"];

fn rules() -> &'static Rules {
    Rules::shipped()
}

fn put(series: &mut Series, station: &str, at: At, key: &str, written: &str) {
    let station = series.station(station);
    series.put(station, at, rules().item(key).unwrap(), Reading::Value(Micro::parse(written).unwrap())).unwrap();
}

/// A day on which everything is low but PM2.5.
fn day(series: &mut Series, station: &str, day: Date, pm25: &str) {
    for (key, c) in KEYS.iter().zip(["10", "20", "30", "0.5", "60", pm25]) {
        put(series, station, At::Day(DayNumber::of(day)), key, c);
    }
}

fn year(series: &mut Series, station: &str, year: i16, pm25: &str) {
    let mut next = date(year, 1, 1);
    while next.year() == year {
        day(series, station, next, pm25);
        next = next.tomorrow().unwrap();
    }
}

fn empty() -> Series {
    Series::new(rules().pollutants.len())
}

fn judged(series: &Series) -> Judged {
    judge(series, rules(), &Question::default()).unwrap().remove(0)
}

/// PM2.5 of 70: 2012 gives 50 + 50·35/40 = 93.75, up to 94; 2026 gives 100 + 50·10/55 = 109.09, up to 110.
#[test]
fn the_date_decides() {
    let mut series = empty();
    day(&mut series, "s", date(2026, 2, 28), "70");
    day(&mut series, "s", date(2026, 3, 1), "70");
    let judged = judged(&series);
    assert_eq!(judged.days.iter().map(|d| d.index.aqi).collect::<Vec<_>>(), [Some(94), Some(110)]);
    let ids: Vec<&str> = judged.years.iter().map(|y| rules().profiles[y.profile].id.as_str()).collect();
    assert_eq!(ids, ["2012", "2026-transition"], "the year of change is judged under each, whole");
    assert_eq!(judged.years.iter().map(|y| (y.days.valid, y.days.good)).collect::<Vec<_>>(), [(2, 2), (2, 0)]);
    assert!(judged.problems.iter().any(|p| p.code == "air.year_of_two_editions"));
    assert!(judged.years.iter().all(|y| y.attains.is_none() && !y.sufficient), "two days are no year");
}

/// 2025 at 32 and 2026 at 28 µg/m³ all year. Under 2012 the limit is 35, under the transition 30: shares
/// 32/35, 28/35 and 28/30. Nature is 28/35 − 32/35, the rule 28/30 − 28/35.
#[test]
fn a_change_is_split_into_nature_and_rule() {
    let mut series = empty();
    year(&mut series, "s", 2025, "32");
    year(&mut series, "s", 2026, "28");
    let replayed = replay(&series, rules(), ["2012", "2026-transition"], Zone::Class2).unwrap().remove(0);
    let splits = replayed.split(2025, 2026);
    let pm25 = splits.iter().find(|s| s.what == "PM25/limit").unwrap();
    let near = |a: f64, b: f64| (a - b).abs() < 1e-12;
    assert!(near(pm25.from.1, 32.0 / 35.0) && near(pm25.to.1, 28.0 / 30.0), "{pm25:?}");
    assert!(near(pm25.nature, -4.0 / 35.0) && near(pm25.rule, 28.0 / 30.0 - 28.0 / 35.0), "{pm25:?}");
    for split in &splits {
        assert!(near(split.to.1 - split.from.1, split.nature + split.rule), "{split:?}");
    }
    // 28 of PM2.5 is 40 under both editions: the index of a day does not move, the composite index does.
    let of = |what: &str| splits.iter().find(|s| s.what == what).unwrap().rule;
    assert!(near(of("mean_aqi"), 0.0) && near(of("good_day_pct"), 0.0) && of("composite_index") > 0.1);
    assert!(replay(&series, rules(), ["2012", "2062"], Zone::Class2).is_err());
}

/// A whole year at 28 attains under 2012 and the transition (30) and not under the final limits (25);
/// nor in zones of class 1 (15).
#[test]
fn a_year_against_the_limits() {
    let mut series = empty();
    year(&mut series, "s", 2025, "28");
    let under = |edition: &str, zone| {
        let question = Question { edition: Edition::Named(edition.to_owned()), zone, hours: false };
        judge(&series, rules(), &question).unwrap()[0].years[0].attains
    };
    assert_eq!(under("2012", Zone::Class2), Some(true));
    assert_eq!(under("2026-transition", Zone::Class2), Some(true));
    assert_eq!(under("2026-final", Zone::Class2), Some(false));
    assert_eq!(under("2012", Zone::Class1), Some(false));
}

/// A day without NO2: marked and published in 2012, withheld at 100 or less and published above in 2026.
/// It is never a good day.
#[test]
fn a_missing_pollutant_is_never_a_pass() {
    let of = |edition: &str, pm25: &str| {
        let mut series = empty();
        for (key, c) in KEYS.iter().zip(["10", "20", "30", "0.5", "60", pm25]).filter(|(key, _)| **key != "NO2_24h") {
            put(&mut series, "s", At::Day(DayNumber::of(date(2025, 5, 1))), key, c);
        }
        let question = Question { edition: Edition::Named(edition.to_owned()), ..Question::default() };
        let judged = judge(&series, rules(), &question).unwrap().remove(0);
        (judged.days[0].index.aqi, judged.years[0].days.valid, judged.years[0].days.good)
    };
    assert_eq!(of("2012", "35"), (Some(50), 0, 0));
    assert_eq!(of("2026-transition", "35"), (None, 0, 0));
    assert_eq!(of("2026-transition", "115"), (Some(150), 1, 0));
}

/// 19 hours are no day and 20 are; ozone has no mean over a day, and its largest eight hours are told.
#[test]
fn a_day_of_hours() {
    let with = |hours: u8| {
        let mut series = empty();
        for hour in 1..=hours {
            for (key, c) in ["SO2_1h", "NO2_1h", "PM10_1h", "CO_1h", "O3_1h", "PM25_1h"].iter().zip(["10", "20", "30", "0.5", "60", "35"]) {
                put(&mut series, "s", At::Hour(DayNumber::of(date(2027, 5, 1)), hour), key, c);
            }
        }
        judged(&series)
    };
    assert_eq!(with(24).days[0].index.aqi, Some(50));
    assert_eq!(with(20).days[0].index.good(), Some(true));
    let short = with(19);
    assert_eq!((short.days[0].index.aqi, short.days[0].index.good()), (None, None));
    assert_eq!(short.problems.iter().filter(|p| p.code == "air.day_short").count(), 5, "five means; ozone has 14 windows by 19:00 and more");
}

/// Three of four stations are 75 % and make a city's day; two are not.
#[test]
fn a_city_is_the_mean_of_enough_stations() {
    let mut series = empty();
    for (station, pm25) in [("a", "30"), ("b", "40"), ("c", "51")] {
        day(&mut series, station, date(2025, 5, 1), pm25);
    }
    for station in ["a", "b"] {
        day(&mut series, station, date(2025, 5, 2), "30");
    }
    day(&mut series, "d", date(2025, 5, 3), "30");
    let all = judge(&series, rules(), &Question::default()).unwrap();
    let of_city = judged(&city("city", &all.iter().collect::<Vec<_>>(), rules()));
    assert_eq!(of_city.days.len(), 1);
    // (30 + 40 + 51) / 3 = 40.33, rounded 40: 50 + 50·5/40 = 56.25, up to 57
    assert_eq!(of_city.days[0].index.aqi, Some(57));
}

proptest! {
    /// The order of arrival does not show.
    #[test]
    fn any_order(seed in prop::collection::vec((0u8..2, 1u8..=24, 0usize..6, 0i64..400_000_000), 1..120), turn in 0usize..120) {
        let hourly = ["SO2_1h", "NO2_1h", "PM10_1h", "CO_1h", "O3_1h", "PM25_1h"];
        let of = |list: &[(u8, u8, usize, i64)]| {
            let mut series = empty();
            let station = series.station("s");
            for (day, hour, item, c) in list {
                let at = At::Hour(DayNumber(20_000 + i32::from(*day)), *hour);
                let _ = series.put(station, at, rules().item(hourly[*item]).unwrap(), Reading::Value(Micro::millionths(*c).unwrap()));
            }
            judge(&series, rules(), &Question { hours: true, ..Question::default() }).unwrap().remove(0)
        };
        let mut turned = seed.clone();
        turned.rotate_left(turn % seed.len());
        prop_assert_eq!(of(&seed), of(&turned));
    }
}

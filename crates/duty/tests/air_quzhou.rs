//! Observations of Quzhou and Zhejiang as they were published, judged again. Expected numbers come from
//! the publication itself, or from an independent computation in Python with fractions.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;
use std::fs;

use jiff::civil::DateTime;
use liangshan_duty::air::judge::{Edition, Judged, Question, judge};
use liangshan_duty::air::published::Comparison;
use liangshan_duty::air::{At, DayNumber, Item, Micro, Reading, Rules, Series};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../regions/quzhou/sources/monitoring/");

struct Table {
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    fn read(file: &str) -> Self {
        let text = fs::read_to_string(format!("{FOLDER}{file}")).unwrap();
        let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let columns = reader.headers().unwrap().iter().map(str::to_owned).collect();
        let rows = reader.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect();
        Self { columns, rows }
    }

    fn get<'t>(&self, row: &'t [String], column: &str) -> &'t str {
        &row[self.columns.iter().position(|c| c == column).unwrap()]
    }
}

fn rules() -> &'static Rules {
    Rules::shipped()
}

fn put(series: &mut Series, station: usize, at: At, key: &str, written: &str) {
    if written.is_empty() {
        return;
    }
    let item: Item = rules().item(key).unwrap();
    series.put(station, at, item, Reading::Value(Micro::parse(written).unwrap())).unwrap();
}

fn hour(written: &str) -> At {
    let time: DateTime = written[..16].parse().unwrap();
    At::hour_ending(time.date(), u8::try_from(time.hour()).unwrap())
}

const HOURLY: [(&str, &str); 7] =
    [("pm25", "PM25_1h"), ("pm10", "PM10_1h"), ("co", "CO_1h"), ("no2", "NO2_1h"), ("o3_1h", "O3_1h"), ("o3_8h", "O3_8h"), ("so2", "SO2_1h")];
const DAILY: [(&str, &str); 6] = [("pm25", "PM25_24h"), ("pm10", "PM10_24h"), ("co", "CO_24h"), ("no2", "NO2_24h"), ("o3_8h", "O3_8h"), ("so2", "SO2_24h")];

/// Station and hour of a row, with what was published for it.
type Published = BTreeMap<(String, DayNumber, u8), (u16, String, String)>;

fn hourly(file: &str) -> (Series, Published) {
    let table = Table::read(file);
    let (mut series, mut published) = (Series::new(rules().pollutants.len()), Published::new());
    for row in &table.rows {
        let code = table.get(row, "station_code");
        let (station, at) = (series.station(code), hour(table.get(row, "time_local")));
        for (column, key) in HOURLY.iter().filter(|(column, _)| table.columns.iter().any(|c| c == column)) {
            put(&mut series, station, at, key, table.get(row, column));
        }
        let At::Hour(day, hour) = at else { unreachable!() };
        let word = |column: &str| if table.columns.iter().any(|c| c == column) { table.get(row, column).to_owned() } else { String::new() };
        if let Ok(aqi) = table.get(row, "aqi").parse() {
            published.insert((code.to_owned(), day, hour), (aqi, word("level"), word("primary_pollutant")));
        }
    }
    (series, published)
}

fn under(series: &Series, edition: &str) -> Vec<Judged> {
    judge(series, rules(), &Question { edition: Edition::Named(edition.to_owned()), hours: true, ..Question::default() }).unwrap()
}

#[test]
fn published_hours_come_out_in_397_of_397_rows() {
    let (series, published) = hourly("quzhou_stations_hourly_2020-03-26_2020-04-05.csv");
    let mut pairs = Vec::new();
    for station in under(&series, "cnemc-realtime") {
        let profile = rules().profile("cnemc-realtime").unwrap();
        for hour in &station.hours {
            let Some((aqi, level, primary)) = published.get(&(station.station.clone(), hour.day, hour.hour)) else { continue };
            let computed = hour.index.aqi.unwrap();
            pairs.push((*aqi, computed));
            assert_eq!(profile.level(computed).title.zh, *level);
            let names: Vec<&str> = hour.index.primary().map(|p| rules().named(profile.hourly[p].item.pollutant).symbol.as_str()).collect();
            assert_eq!(names.len(), primary.matches('(').count(), "{names:?} published as {primary}");
            assert!(names.iter().all(|name| primary.contains(&format!("({name})"))), "{names:?} published as {primary}");
        }
    }
    let all = Comparison::of(pairs);
    assert_eq!((all.compared, all.equal), (397, 397));
    assert!(all.about_hours().is_none());
}

/// The strict hourly rule of HJ 633-2012 decides only where both particles have 20 of the last 24
/// hours: 71 rows, 6 equal to the published AQI, 23 higher, 42 lower, 59 of the same level.
#[test]
fn the_strict_hourly_rule_is_another_thing() {
    let (series, published) = hourly("quzhou_stations_hourly_2020-03-26_2020-04-05.csv");
    let profile = rules().profile("2012").unwrap();
    let place = |key: &str| profile.hourly.iter().position(|i| rules().key(i.item) == key).unwrap();
    let (pm10, pm25) = (place("PM10_24h"), place("PM25_24h"));
    let (mut decided, mut equal, mut higher, mut lower, mut same_level) = (0, 0, 0, 0, 0);
    for station in under(&series, "2012") {
        for hour in station.hours.iter().filter(|h| h.index.part(pm10).is_some() && h.index.part(pm25).is_some()) {
            let Some((aqi, level, _)) = published.get(&(station.station.clone(), hour.day, hour.hour)) else { continue };
            let strict = hour.index.aqi.unwrap();
            decided += 1;
            equal += i32::from(strict == *aqi);
            higher += i32::from(strict > *aqi);
            lower += i32::from(strict < *aqi);
            same_level += i32::from(profile.level(strict).title.zh == *level);
        }
    }
    assert_eq!((decided, equal, higher, lower, same_level), (71, 6, 23, 42, 59));
}

fn city() -> (Series, Vec<(DayNumber, u16)>) {
    let table = Table::read("quzhou_city_daily_2013-12_2015-12.csv");
    let mut series = Series::new(rules().pollutants.len());
    let station = series.station("衢州");
    let mut published = Vec::new();
    for row in &table.rows {
        let day = DayNumber::of(table.get(row, "date").parse().unwrap());
        for (column, key) in DAILY {
            put(&mut series, station, At::Day(day), key, table.get(row, column));
        }
        published.push((day, table.get(row, "aqi").parse().unwrap()));
    }
    (series, published)
}

/// 760 days: 566 good ones rounded (74.47 %), 565 not (74.34 %). Means of PM2.5 by year as published
/// beside the data: 57.1 and 42.7.
#[test]
fn years_of_the_city() {
    let (series, _) = city();
    let judged = judge(&series, rules(), &Question::default()).unwrap().remove(0);
    assert_eq!(judged.years.iter().map(|y| (y.year, y.days.valid)).collect::<Vec<_>>(), [(2013, 30), (2014, 365), (2015, 365)]);
    let sum = |of: fn(&liangshan_duty::air::year::Days) -> u32| judged.years.iter().map(|y| of(&y.days)).sum::<u32>();
    assert_eq!((sum(|d| d.valid), sum(|d| d.good), sum(|d| d.good_unrounded)), (760, 566, 565));
    let pm25 = |year: usize| {
        let year = &judged.years[year];
        let place = rules().profiles[year.profile].yearly.iter().position(|y| y.key == "PM25").unwrap();
        year.statistics[place].clone()
    };
    let mean = |year| format!("{:.1}", pm25(year).value.unwrap().number());
    assert_eq!([mean(1), mean(2)], ["57.1", "42.7"]);
    assert_eq!((pm25(0).attains, pm25(1).attains, pm25(2).attains), (None, Some(false), Some(false)), "30 days of 2013 decide nothing");
    let codes: Vec<&str> = judged.problems.iter().map(|p| p.code.as_ref()).collect();
    assert_eq!(codes.iter().filter(|c| **c == "air.zero").count(), 5, "three of PM10, one of SO2, one of CO");
    assert!(codes.contains(&"air.year_short") && codes.contains(&"air.rounding_decides"));
}

/// The published daily AQI is a mean of hourly ones: −8.4 on the mean of 760 days, worst in August.
#[test]
fn the_published_day_is_no_daily_index() {
    let (series, published) = city();
    let judged = judge(&series, rules(), &Question::default()).unwrap().remove(0);
    let pairs = |month: Option<i8>| {
        judged.days.iter().zip(&published).filter(move |(d, _)| month.is_none_or(|m| d.day.date().month() == m)).map(|(d, (day, aqi))| {
            assert_eq!(d.day, *day);
            (*aqi, d.index.aqi.unwrap())
        })
    };
    let all = Comparison::of(pairs(None));
    assert_eq!(format!("{:.2}", all.mean_difference().unwrap()), "-8.42");
    assert_eq!(format!("{:.2}", Comparison::of(pairs(Some(8))).mean_difference().unwrap()), "-19.19");
    assert_eq!(all.about_days().unwrap().code, "air.published_daily_is_mean");
}

/// One hour of 2018 at 63 stations: 48 published indices come out. In the 15 others ozone is the largest
/// part and the published index lies below it, and not below the largest of the other parts: the
/// publisher used another ozone value than the one in the file.
#[test]
fn stations_of_2018() {
    let (series, published) = hourly("zhejiang_cnemc_stations_2018-02-20T07.csv");
    let profile = rules().profile("cnemc-realtime").unwrap();
    let ozone = profile.hourly.iter().position(|i| rules().key(i.item) == "O3_1h").unwrap();
    let mut pairs = Vec::new();
    for station in under(&series, "cnemc-realtime") {
        let hour = &station.hours[0];
        let (aqi, _, _) = published[&(station.station.clone(), hour.day, hour.hour)];
        let computed = hour.index.aqi.unwrap();
        pairs.push((aqi, computed));
        if aqi != computed {
            let others = (0..profile.hourly.len()).filter(|p| *p != ozone).filter_map(|p| hour.index.part(p)).max().unwrap();
            assert!(hour.index.part(ozone) == Some(computed) && others <= aqi && aqi < computed, "{}", station.station);
        }
    }
    let all = Comparison::of(pairs);
    assert_eq!((all.compared, all.equal), (63, 48));
    assert_eq!(all.about_hours().unwrap().code, "air.published_differs");
}

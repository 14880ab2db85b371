//! How fast a year of hourly data of 100 stations is judged. Run by hand:
//! `cargo bench -p liangshan-duty --bench air`.

use std::time::Instant;

use jiff::civil::date;
use liangshan_duty::air::{At, DayNumber, Item, Judged, Micro, Question, Reading, Rules, Series, judge};

const STATIONS: usize = 100;
const YEAR: i16 = 2025;
const DAYS: i32 = 365;

/// Concentrations that wander, invented, one in fifty missing: made of station, hour and item alone.
fn reading(station: usize, hour: i32, item: usize) -> Option<Micro> {
    let mixed = (station as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (hour as u64).wrapping_mul(0xBF58_476D_1CE4_E5B9) ^ (item as u64) << 17;
    let mixed = (mixed ^ mixed >> 31).wrapping_mul(0x94D0_49BB_1331_11EB);
    let most = [40, 90, 160, 3, 220, 110][item] * 1000;
    (mixed % 50 != 0).then(|| (mixed >> 20) as i64 % most).and_then(|thousandths| Micro::millionths(thousandths * 1000))
}

fn filled(items: &[Item]) -> (Series, u64) {
    let mut series = Series::new(items.len());
    let (first, mut count) = (DayNumber::of(date(YEAR, 1, 1)).0, 0);
    for station in 0..STATIONS {
        let place = series.station(&format!("S{station:03}"));
        for hour in 0..DAYS * 24 {
            let at = At::Hour(DayNumber(first + hour / 24), (hour % 24) as u8 + 1);
            for (i, item) in items.iter().enumerate() {
                let Some(c) = reading(station, hour, i) else { continue };
                series.put(place, at, *item, Reading::Value(c)).expect("each is put once");
                count += 1;
            }
        }
    }
    (series, count)
}

fn told(name: &str, judged: &[Judged], seconds: f64) {
    let hours: usize = judged.iter().map(|j| j.hours.len()).sum();
    let days: usize = judged.iter().map(|j| j.days.len()).sum();
    let good: u32 = judged.iter().flat_map(|j| &j.years).map(|y| y.days.good).sum();
    let sum: u64 = judged.iter().flat_map(|j| &j.hours).filter_map(|h| h.index.aqi).map(u64::from).sum();
    eprintln!(
        "{name:<18} {seconds:.3} s   {:.2} million station hours a second   {hours} hours, {days} days, {good} good, sum of AQI {sum}",
        hours as f64 / seconds / 1e6
    );
}

fn main() {
    let rules = Rules::shipped();
    let items: Vec<Item> =
        ["SO2_1h", "NO2_1h", "PM10_1h", "CO_1h", "O3_1h", "PM25_1h"].iter().map(|key| rules.item(key).expect("an item of the rules")).collect();
    let start = Instant::now();
    let (series, count) = filled(&items);
    let seconds = start.elapsed().as_secs_f64();
    eprintln!("{count} observations of {STATIONS} stations made and put in {seconds:.3} s");
    for edition in ["2012", "2026-transition", "cnemc-realtime"] {
        let question = Question { edition: liangshan_duty::air::Edition::Named(edition.to_owned()), hours: true, ..Question::default() };
        let start = Instant::now();
        let judged = judge(&series, rules, &question).expect("a known edition");
        told(edition, &judged, start.elapsed().as_secs_f64());
    }
}

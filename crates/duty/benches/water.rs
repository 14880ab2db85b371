//! How fast samples of water are judged, and a year of hourly data of 100 stations with its months, quarters and
//! years. Run by hand: `cargo bench -p liangshan-duty --bench water`.

#![allow(clippy::print_stdout, reason = "a bench tells what it measured")]

use std::time::Instant;

use liangshan_duty::standard::shipped;
use liangshan_duty::water::{Observation, Plan, Reading, Rules, Section, Water, assess};

const SECTIONS: usize = 100;
const DAYS: usize = 365;
const ITEMS: [(&str, f64); 5] = [("ph", 9.0), ("do", 10.0), ("codmn", 8.0), ("nh3n", 1.5), ("tp", 0.3)];

/// Concentrations that wander, invented: made of section, time and item alone.
fn value(section: usize, time: usize, item: usize) -> f64 {
    let mixed = (section as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (time as u64).wrapping_mul(0xBF58_476D_1CE4_E5B9) ^ (item as u64) << 17;
    let mixed = (mixed ^ mixed >> 31).wrapping_mul(0x94D0_49BB_1331_11EB);
    (ITEMS[item].1 * ((mixed >> 40) % 1000) as f64).round() / 1000.0
}

/// A year of hours of 100 stations, every hour's sample judged, then months, quarters and the year.
fn a_year_of_hours(names: &[String]) {
    let times: Vec<String> = (0..DAYS * 24)
        .map(|t| jiff::civil::date(2025, 1, 1).at(0, 0, 0, 0).saturating_add(jiff::Span::new().hours(t as i64)))
        .map(|at| at.strftime("%Y-%m-%d %H:%M").to_string())
        .collect();
    let mut given = Vec::with_capacity(SECTIONS * times.len() * ITEMS.len());
    for (s, name) in names.iter().enumerate() {
        for (t, at) in times.iter().enumerate() {
            for (i, item) in ITEMS.iter().enumerate() {
                given.push(Observation { section: name, at, item: item.0, reading: Reading::Value(value(s, t, i)), unit: "", row: given.len() as u64 });
            }
        }
    }
    let began = Instant::now();
    let plan = Plan { otherwise: Some(Water::River), ..Plan::default() };
    let all = assess(shipped(), &given, &plan).expect("the standards are sound");
    let took = began.elapsed().as_secs_f64();
    let (times, periods) = (all.times.len(), all.periods.len());
    println!("hours   {} values, {times} samples, {periods} periods in {took:.3} s: {:.0} values a second", given.len(), given.len() as f64 / took);
}

fn main() {
    let rules = Rules::latest(shipped()).expect("the standards are sound");
    let numbers: Vec<usize> = ITEMS.iter().map(|i| rules.item(i.0).expect("an item of the standard")).collect();
    let samples = SECTIONS * DAYS * 6;
    let (mut section, mut readings, mut classes) = (Section::default(), Vec::new(), [0_u32; 7]);
    let began = Instant::now();
    for sample in 0..samples {
        readings.clear();
        readings.extend(numbers.iter().enumerate().map(|(i, number)| (*number, Reading::Value(value(sample % SECTIONS, sample, i)))));
        rules.judge(Water::River, &readings, None, &mut section);
        classes[section.class().map_or(0, |c| usize::from(c.number()))] += 1;
    }
    let took = began.elapsed().as_secs_f64();
    println!("judge   {samples} samples of 5 items in {took:.3} s: {:.0} items a second {classes:?}", 5.0 * samples as f64 / took);

    let names: Vec<String> = (0..SECTIONS).map(|s| format!("S{s:03}")).collect();
    let times: Vec<String> = (0..DAYS * 6).map(|t| format!("2025-{:02}-{:02}T{:02}:00", t / 6 / 28 % 12 + 1, t / 6 % 28 + 1, t % 6 * 4)).collect();
    let mut given = Vec::with_capacity(samples * 5);
    for (s, name) in names.iter().enumerate() {
        for (t, at) in times.iter().take(12 * 28 * 6).enumerate() {
            for (i, item) in ITEMS.iter().enumerate() {
                given.push(Observation { section: name, at, item: item.0, reading: Reading::Value(value(s, t, i)), unit: "", row: given.len() as u64 });
            }
        }
    }
    let began = Instant::now();
    let plan = Plan { otherwise: Some(Water::River), ..Plan::default() };
    let all = assess(shipped(), &given, &plan).expect("the standards are sound");
    let took = began.elapsed().as_secs_f64();
    let (times, periods) = (all.times.len(), all.periods.len());
    println!("assess  {} values, {times} samples, {periods} periods in {took:.3} s: {:.0} values a second", given.len(), given.len() as f64 / took);
    drop((all, given));
    a_year_of_hours(&names);
}

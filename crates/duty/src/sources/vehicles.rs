//! Motor vehicles: what records of remote sensing, inspection and remote diagnosis say. Every screen names
//! what somebody has to look at; none is proof by itself.
//!
//! **Missing-value rule:** a reading that is not valid counts for nothing.

use std::collections::BTreeMap;

use jiff::{Span, civil::Date};
use liangshan_vocab::Problem;

use crate::standard::Standard;

/// The thresholds, as data.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds {
    /// Readings over the limit that make a high emitter.
    pub remote_over: usize,
    /// Months they lie within.
    pub remote_months: i32,
    /// Fails in a row after which a repair must stand before the next test.
    pub fails_before_repair: usize,
    /// Standard deviations above the mean pass rate.
    pub pass_rate_sd: f64,
    /// NOx of a heavy diesel vehicle, ppm.
    pub nox_ppm: f64,
    /// Share of driving time above it.
    pub nox_share: f64,
    /// Hours without urea.
    pub urea_missing_h: f64,
    /// Days offline.
    pub obd_offline_d: f64,
}

impl Thresholds {
    /// Those of a standard of `air/vehicles`.
    ///
    /// # Errors
    /// What the standard lacks.
    pub fn of(standard: &Standard) -> Result<Self, Problem> {
        let value = |name| standard.value(name);
        Ok(Self {
            remote_over: value("remote_over")? as usize,
            remote_months: value("remote_months")? as i32,
            fails_before_repair: value("fails_before_repair")? as usize,
            pass_rate_sd: value("pass_rate_sd")?,
            nox_ppm: value("nox_ppm")?,
            nox_share: value("nox_share")?,
            urea_missing_h: value("urea_missing")?,
            obd_offline_d: value("obd_offline")?,
        })
    }
}

/// One reading by remote sensing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sensed {
    /// The day.
    pub day: Date,
    /// The pollutant.
    pub pollutant: String,
    /// Whether the reading is valid.
    pub valid: bool,
    /// Whether it is over its limit.
    pub over: bool,
}

/// Pollutants of which one vehicle has enough valid readings over the limit within the months, with the day
/// of the reading that made it so. Readings may come in any order.
pub fn high_emitter(readings: &[Sensed], thresholds: &Thresholds) -> BTreeMap<String, Date> {
    let mut days: BTreeMap<&str, Vec<Date>> = BTreeMap::new();
    for reading in readings.iter().filter(|r| r.valid && r.over) {
        days.entry(&reading.pollutant).or_default().push(reading.day);
    }
    let wanted = thresholds.remote_over.max(1);
    let made = |(pollutant, mut days): (&str, Vec<Date>)| {
        days.sort_unstable();
        let within = |w: &&[Date]| w[wanted - 1] <= w[0].saturating_add(Span::new().months(thresholds.remote_months));
        days.windows(wanted).find(within).map(|w| (pollutant.to_owned(), w[wanted - 1]))
    };
    days.into_iter().filter_map(made).collect()
}

/// A record of one vehicle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// A test, passed or not.
    Test {
        /// Passed.
        pass: bool,
    },
    /// A repair at an M station.
    Repair,
}

/// Places of tests that follow so many fails in a row without a repair between: nobody knows what made them
/// pass. Records in the order of their time.
pub fn tests_without_repair(records: &[Kept], thresholds: &Thresholds) -> Vec<usize> {
    let (mut fails, mut found) = (0, Vec::new());
    for (at, record) in records.iter().enumerate() {
        match record {
            Kept::Repair => fails = 0,
            Kept::Test { pass } => {
                if fails >= thresholds.fails_before_repair {
                    found.push(at);
                }
                fails = if *pass { 0 } else { fails + 1 };
            }
        }
    }
    found
}

/// One test at a station.
#[derive(Debug, Clone, PartialEq)]
pub struct Tested {
    /// The station.
    pub station: String,
    /// The vehicle.
    pub vin: String,
    /// Seconds it took.
    pub seconds: f64,
    /// Seconds the method takes at least.
    pub least_seconds: f64,
    /// The values that were measured.
    pub values: Vec<f64>,
    /// Passed.
    pub pass: bool,
}

/// What is odd about stations: places of tests by screen, and stations by their pass rate.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Odd {
    /// Tests shorter than their method.
    pub too_short: Vec<usize>,
    /// Tests with the very values of another vehicle's test.
    pub same_values: Vec<usize>,
    /// Vehicles tested at more than one station.
    pub many_stations: Vec<String>,
    /// Stations whose pass rate is so many standard deviations above the mean of the others.
    pub pass_rate: Vec<String>,
}

/// Screens the tests of stations.
pub fn screens(tests: &[Tested], thresholds: &Thresholds) -> Odd {
    let mut odd = Odd::default();
    let mut seen: BTreeMap<Vec<u64>, Vec<usize>> = BTreeMap::new();
    let mut stations_of: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut passed: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    for (at, test) in tests.iter().enumerate() {
        if test.seconds < test.least_seconds {
            odd.too_short.push(at);
        }
        if !test.values.is_empty() {
            seen.entry(test.values.iter().map(|v| v.to_bits()).collect()).or_default().push(at);
        }
        stations_of.entry(&test.vin).or_default().push(&test.station);
        let (pass, all) = passed.entry(&test.station).or_default();
        *pass += u32::from(test.pass);
        *all += 1;
    }
    odd.same_values = seen.into_values().filter(|places| places.iter().any(|at| tests[*at].vin != tests[places[0]].vin)).flatten().collect();
    odd.same_values.sort_unstable();
    odd.many_stations = stations_of.into_iter().filter(|(_, s)| s.iter().any(|station| *station != s[0])).map(|(vin, _)| vin.to_owned()).collect();
    let rates: Vec<(&str, f64)> = passed.into_iter().map(|(station, (pass, all))| (station, f64::from(pass) / f64::from(all))).collect();
    odd.pass_rate = rates.iter().filter(|(station, rate)| stands_out(station, *rate, &rates, thresholds.pass_rate_sd)).map(|(s, _)| (*s).to_owned()).collect();
    odd
}

/// True when a rate lies so far above the mean of the others; fewer than three others say nothing.
fn stands_out(station: &str, rate: f64, rates: &[(&str, f64)], deviations: f64) -> bool {
    let others: Vec<f64> = rates.iter().filter(|(s, _)| *s != station).map(|(_, r)| *r).collect();
    if others.len() < 3 {
        return false;
    }
    let n = others.len() as f64;
    let mean = others.iter().sum::<f64>() / n;
    let deviation = (others.iter().map(|r| (r - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
    rate > mean + deviations * deviation
}

/// A heavy diesel vehicle as its remote diagnosis says.
#[derive(Debug, Clone, PartialEq)]
pub struct Heavy {
    /// NOx while it drove, ppm, one for each equal span of time.
    pub nox_ppm: Vec<f64>,
    /// Hours for which there was no urea.
    pub urea_missing_h: f64,
    /// Days offline.
    pub offline_d: f64,
}

/// Share of driving time above the NOx limit, and the words of what is wrong: `nox`, `urea`, `offline`.
pub fn heavy_diesel(vehicle: &Heavy, thresholds: &Thresholds) -> (Option<f64>, Vec<&'static str>) {
    let driven = vehicle.nox_ppm.iter().filter(|n| n.is_finite()).count();
    let above = vehicle.nox_ppm.iter().filter(|n| **n > thresholds.nox_ppm).count();
    let share = (driven > 0).then(|| above as f64 / driven as f64);
    let wrong = [
        ("nox", share.is_some_and(|s| s > thresholds.nox_share)),
        ("urea", vehicle.urea_missing_h > thresholds.urea_missing_h),
        ("offline", vehicle.offline_d > thresholds.obd_offline_d),
    ];
    (share, wrong.into_iter().filter(|w| w.1).map(|w| w.0).collect())
}

/// Old vehicles that are gone, % of the list; `None` of an empty list.
pub fn eliminated_pct(scrapped: u32, listed: u32) -> Option<f64> {
    (listed > 0).then(|| 100.0 * f64::from(scrapped) / f64::from(listed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standard::shipped;
    use jiff::civil::date;

    fn thresholds() -> Thresholds {
        Thresholds::of(shipped().latest("air", "vehicles").unwrap()).unwrap()
    }

    #[test]
    fn two_of_one_pollutant_within_six_months() {
        let sensed = |day, pollutant: &str, valid, over| Sensed { day, pollutant: pollutant.to_owned(), valid, over };
        let first = sensed(date(2026, 1, 10), "NO", true, true);
        let with = |second: Sensed| high_emitter(&[second, first.clone()], &thresholds());
        assert_eq!(with(sensed(date(2026, 7, 10), "NO", true, true)), BTreeMap::from([("NO".to_owned(), date(2026, 7, 10))]));
        assert!(with(sensed(date(2026, 7, 11), "NO", true, true)).is_empty(), "six months and a day");
        assert!(with(sensed(date(2026, 2, 1), "HC", true, true)).is_empty(), "another pollutant");
        assert!(with(sensed(date(2026, 2, 1), "NO", false, true)).is_empty() && with(sensed(date(2026, 2, 1), "NO", true, false)).is_empty());
    }

    #[test]
    fn a_test_after_two_fails_wants_a_repair() {
        let (fail, pass) = (Kept::Test { pass: false }, Kept::Test { pass: true });
        let found = |records: &[Kept]| tests_without_repair(records, &thresholds());
        assert_eq!(found(&[fail, fail, pass, pass]), [2]);
        assert!(found(&[fail, fail, Kept::Repair, pass]).is_empty());
        assert!(found(&[fail, pass, fail, pass]).is_empty());
        assert_eq!(found(&[fail, fail, fail, fail]), [2, 3]);
    }

    #[test]
    fn what_is_odd_about_stations() {
        let test = |station: &str, vin: &str, seconds: f64, values: &[f64], pass| Tested {
            station: station.to_owned(),
            vin: vin.to_owned(),
            seconds,
            least_seconds: 90.0,
            values: values.to_vec(),
            pass,
        };
        let mut tests = vec![test("A", "1", 90.0, &[0.1, 7.0], true), test("A", "2", 89.0, &[0.1, 7.0], true), test("B", "1", 95.0, &[0.3], true)];
        let odd = screens(&tests, &thresholds());
        assert_eq!((odd.too_short, odd.same_values, odd.many_stations, odd.pass_rate), (vec![1], vec![0, 1], vec!["1".to_owned()], vec![]));
        // B, C, D pass 80, 82 and 84 of 100: mean 82 %, deviation 2 %; 100 % is beyond 88 %, 87 % is not.
        for (station, of_100) in [("B2", 80), ("C", 82), ("D", 84), ("E", 100)] {
            tests.extend((0..100).map(|i| test(station, &format!("{station}{i}"), 90.0, &[], i < of_100)));
        }
        tests.retain(|t| !["A", "B"].contains(&t.station.as_str()));
        assert_eq!(screens(&tests, &thresholds()).pass_rate, ["E"]);
        tests.iter_mut().filter(|t| t.station == "E").enumerate().for_each(|(i, t)| t.pass = i < 87);
        assert!(screens(&tests, &thresholds()).pass_rate.is_empty());
    }

    #[test]
    fn a_heavy_diesel_vehicle() {
        let of = |nox: &[f64], urea, offline| heavy_diesel(&Heavy { nox_ppm: nox.to_vec(), urea_missing_h: urea, offline_d: offline }, &thresholds());
        assert_eq!(of(&[501.0, 500.0, f64::NAN], 24.0, 7.0), (Some(0.5), vec!["nox"]));
        assert_eq!(of(&[], 25.0, 8.0), (None, vec!["urea", "offline"]));
        assert_eq!((eliminated_pct(30, 40), eliminated_pct(0, 0)), (Some(75.0), None));
    }
}

//! What is known beside the readings: non-detects, events that are taken out, pollutants outside the plan;
//! and what rests on a year: the weighted index and trends. Expected numbers by hand.

#![allow(clippy::unwrap_used, clippy::panic)] // a broken rule should stop its test

use jiff::civil::{Date, date};
use liangshan_duty::air::year::{YearJudged, trend};
use liangshan_duty::air::{At, Circumstances, DayNumber, Edition, Event, Judged, Micro, Question, Reading, Rules, Series, judge, judge_with};
use liangshan_vocab::text;

const KEYS: [&str; 6] = ["SO2_24h", "NO2_24h", "PM10_24h", "CO_24h", "O3_8h", "PM25_24h"];

fn rules() -> &'static Rules {
    Rules::shipped()
}

fn put(series: &mut Series, day: Date, key: &str, reading: Reading) {
    let station = series.station("s");
    series.put(station, At::Day(DayNumber::of(day)), rules().item(key).unwrap(), reading).unwrap();
}

fn micro(written: &str) -> Micro {
    Micro::parse(written).unwrap()
}

/// A day of one station; an empty value is missing, one with `<` below its detection limit.
fn day(series: &mut Series, day: Date, values: [&str; 6]) {
    for (key, c) in KEYS.iter().zip(values).filter(|(_, c)| !c.is_empty()) {
        put(series, day, key, c.strip_prefix('<').map_or_else(|| Reading::Value(micro(c)), |limit| Reading::Below(micro(limit))));
    }
}

fn days_of(year: i16) -> impl Iterator<Item = Date> {
    date(year, 1, 1).series(jiff::Span::new().days(1)).take_while(move |d| d.year() == year)
}

fn empty() -> Series {
    Series::new(rules().pollutants.len())
}

fn of(series: &Series, known: &Circumstances) -> Judged {
    judge_with(series, rules(), &Question::default(), known).unwrap().remove(0)
}

fn number<'y>(year: &'y YearJudged, key: &str) -> &'y liangshan_duty::air::year::StatisticJudged {
    year.statistics.iter().find(|s| rules().profiles[year.profile].yearly[s.place].key == key).unwrap()
}

/// 355 days of PM10 = 50 and ten days of dust of 600: the mean is (17750 + 6000)/365 = 65.07 and misses
/// 60; without the dust it is 50 and keeps it. Good days 355 of 365, and 355 of 355.
#[test]
fn dust_is_taken_out_beside_and_never_instead() {
    let mut series = empty();
    let dust = |d: Date| d.month() == 4 && d.day() <= 10;
    for d in days_of(2027) {
        day(&mut series, d, ["10", "20", if dust(d) { "600" } else { "50" }, "0.5", "60", "20"]);
    }
    let event = Event {
        from: DayNumber::of(date(2027, 4, 1)),
        to: DayNumber::of(date(2027, 4, 10)),
        pollutants: vec![rules().pollutant("PM10").unwrap(), rules().pollutant("PM25").unwrap()],
        reason: text("沙尘", "dust"),
    };
    let known = Circumstances { events: vec![event], ..Circumstances::default() };
    let judged = of(&series, &known);
    let (raw, without) = (&judged.years[0], &judged.deducted[0]);
    assert_eq!(judged.years, of(&series, &Circumstances::default()).years, "the raw year is the raw year");
    assert_eq!(format!("{:.2}", number(raw, "PM10").value.unwrap().number()), "65.07");
    assert_eq!((number(raw, "PM10").attains, number(without, "PM10").attains), (Some(false), Some(true)));
    assert_eq!(number(without, "PM10").value.unwrap().number(), 50.0);
    assert_eq!((number(without, "PM10").days, number(without, "SO2").days), (355, 365), "only the particles are taken out");
    assert_eq!(
        ((raw.days.good, raw.days.valid, raw.days.deducted), (without.days.good, without.days.valid, without.days.deducted)),
        ((355, 365, 0), (355, 355, 10))
    );
    assert_eq!((raw.attains, without.attains, without.sufficient), (Some(false), Some(true), true));
    assert!(judged.problems.iter().any(|p| p.code == "air.events_deducted" && p.what.en.contains("10 days") && p.what.zh.contains("沙尘")));
    // Another year has no event and is not told twice.
    assert!(
        of(&series, &Circumstances { events: vec![Event { from: DayNumber(0), to: DayNumber(5), ..known.events[0].clone() }], ..known }).deducted.is_empty()
    );
}

/// Whether the data suffice is asked before: dust of thirty days in March leaves the month measured.
#[test]
fn a_month_of_dust_is_no_month_without_data() {
    let mut series = empty();
    days_of(2027).for_each(|d| day(&mut series, d, ["10", "20", "50", "0.5", "60", "20"]));
    let event = Event { from: DayNumber::of(date(2027, 3, 1)), to: DayNumber::of(date(2027, 3, 30)), pollutants: Vec::new(), reason: text("沙尘", "dust") };
    let judged = of(&series, &Circumstances { events: vec![event], ..Circumstances::default() });
    assert_eq!((judged.deducted[0].attains, number(&judged.deducted[0], "PM25").sufficient), (Some(true), true));
}

/// HJ 633-2026, 5.3: without CO an index of 60 is not published, unless CO is outside the plan and was no
/// primary pollutant of a polluted day in three years.
#[test]
fn a_pollutant_outside_the_plan_is_not_missed_when_it_was_clean_for_three_years() {
    let outside = Circumstances { outside_plan: vec![rules().pollutant("CO").unwrap()], ..Circumstances::default() };
    let with = |polluted: Option<Date>, known: &Circumstances, question: &Question| {
        let mut series = empty();
        if let Some(at) = polluted {
            day(&mut series, at, ["10", "20", "30", "20", "60", "20"]); // CO 20 mg/m3: 150 + 50·(20 − 14)/(24 − 14) = 180, the largest
        }
        day(&mut series, date(2027, 6, 1), ["10", "20", "58", "", "60", "20"]);
        let judged = judge_with(&series, rules(), question, known).unwrap().remove(0);
        let last = judged.days.last().unwrap();
        (last.index.aqi, last.good())
    };
    let question = Question::default();
    // PM10 of 58 on 50 … 120: 50 + 50·8/70 = 55.7, up to 56.
    assert_eq!(with(None, &Circumstances::default(), &question), (None, None));
    assert_eq!(with(None, &outside, &question), (Some(56), Some(true)));
    assert_eq!(with(Some(date(2026, 5, 1)), &outside, &question), (None, None), "a polluted day of CO a year before");
    assert_eq!(with(Some(date(2024, 6, 1)), &outside, &question), (None, None), "three years to the day");
    assert_eq!(with(Some(date(2024, 5, 31)), &outside, &question), (Some(56), Some(true)), "longer ago");
    let old = Question { edition: Edition::Named("2012".to_owned()), ..Question::default() };
    assert_eq!(with(None, &outside, &old).1, None, "HJ 633-2012 knows no such exception");
}

/// PM2.5 below 3 counts for 1.5, and nothing hangs on it. Below 130, on a day whose other parts are good,
/// whether it is a good day hangs on it, and the day is neither.
#[test]
fn non_detects_count_for_half_and_decide_nothing() {
    let mut series = empty();
    day(&mut series, date(2027, 6, 1), ["10", "20", "30", "0.5", "60", "<3"]);
    day(&mut series, date(2027, 6, 2), ["10", "20", "30", "0.5", "60", "<130"]);
    let judged = of(&series, &Circumstances::default());
    let place = rules().profiles[judged.days[0].profile].daily.iter().position(|i| rules().key(i.item) == "PM25_24h").unwrap();
    let pm25 = |d: usize| judged.days[d].values[place];
    assert_eq!((pm25(0).c, pm25(0).span), (Some(micro("1.5")), Some((micro("0"), micro("3")))));
    assert_eq!((judged.days[0].good(), judged.days[1].good(), judged.days[1].decided), (Some(true), None, false));
    assert_eq!((judged.years[0].days.valid, judged.years[0].days.good), (1, 1));
    let told = judged.problems.iter().find(|p| p.code == "air.non_detects").unwrap();
    assert!(told.what.en.starts_with("2 days") && told.what.en.contains("1 of them"), "{told:?}");
    // A year at "<50" has a mean between 0 and 50: whether it keeps to 30 nobody knows, and that is no pass.
    let mut year = empty();
    days_of(2027).for_each(|d| day(&mut year, d, ["10", "20", "50", "0.5", "60", "<50"]));
    let judged = of(&year, &Circumstances::default()).years.remove(0);
    let pm25 = number(&judged, "PM25");
    assert_eq!((pm25.value, pm25.attains, number(&judged, "PM25_95").attains, judged.attains), (Some(micro("25")), None, Some(true), None));
}

/// Weights 3 of PM2.5, 2 of NO2 and ozone, 1 of the others, on shares of the limits; an older edition has none.
#[test]
fn the_weighted_index_stands_beside_the_index() {
    let mut series = empty();
    days_of(2027).for_each(|d| day(&mut series, d, ["10", "20", "50", "0.5", "60", "20"]));
    let year = of(&series, &Circumstances::default()).years.remove(0);
    let limit = |key: &str| rules().profiles[year.profile].yearly.iter().find(|y| y.key == key).unwrap().class2.number();
    let share = |key: &str, c: f64| c / limit(key);
    let (so2, no2, pm10, pm25, co, o3) =
        (share("SO2", 10.0), share("NO2", 20.0), share("PM10", 50.0), share("PM25", 20.0), share("CO95", 0.5), share("O3_90", 60.0));
    assert_eq!((limit("PM10"), limit("PM25"), limit("CO95"), limit("O3_90")), (60.0, 30.0, 4.0, 160.0));
    assert!((year.index.unwrap() - (so2 + no2 + pm10 + pm25 + co + o3)).abs() < 1e-9);
    assert!((year.weighted_index.unwrap() - (so2 + 2.0 * no2 + pm10 + 3.0 * pm25 + co + 2.0 * o3)).abs() < 1e-9);
    let old = judge(&series, rules(), &Question { edition: Edition::Named("2012".to_owned()), ..Question::default() }).unwrap().remove(0);
    assert_eq!(old.years[0].weighted_index, None);
}

/// Five years of falling PM2.5 fall; across the change of edition there is a trend under each and none
/// over both.
#[test]
fn a_trend_is_made_under_one_edition() {
    let mut series = empty();
    for (year, pm25) in (2023..2028).zip(["40", "36", "33", "30", "28"]) {
        days_of(year).for_each(|d| day(&mut series, d, ["10", "20", "50", "0.5", "60", pm25]));
    }
    let place = |years: &[YearJudged]| rules().profiles[years[0].profile].yearly.iter().position(|y| y.key == "PM25").unwrap();
    let mixed = of(&series, &Circumstances::default()).years;
    assert_eq!(trend(&mixed, place(&mixed), 0.9, 5).unwrap_err().code, "air.trend_of_editions");
    for edition in ["2012", "2026-transition"] {
        let question = Question { edition: Edition::Named(edition.to_owned()), ..Question::default() };
        let years = judge(&series, rules(), &question).unwrap().remove(0).years;
        let found = trend(&years, place(&years), 0.9, 5).unwrap();
        assert_eq!((found.rs, found.word()), (-1.0, "falling"), "{edition}");
        assert_eq!(trend(&years[..4], place(&years), 0.9, 5).unwrap_err().code, "water.too_few");
    }
}

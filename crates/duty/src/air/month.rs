//! A month of one place: valid and good days, means of daily values, and whether there are enough of them.

use super::day::DayJudged;
use super::profile::Profile;
use super::statistics::mean;
use super::year::Days;
use super::{DayNumber, Item, Micro};

/// The daily values of one indicator in a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mean {
    /// What.
    pub item: Item,
    /// Days with a valid value.
    pub days: u32,
    /// Their mean, not rounded.
    pub c: Option<Micro>,
    /// True when the days suffice for a month.
    pub sufficient: bool,
}

/// A month judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthJudged {
    /// The year.
    pub year: i16,
    /// The month, 1 to 12.
    pub month: i8,
    /// The place of the profile that judged its last day.
    pub profile: usize,
    /// Days by their index, each under the edition of its day.
    pub days: Days,
    /// Days on each level, best first.
    pub levels: Vec<u32>,
    /// Means of the daily indicators.
    pub means: Vec<Mean>,
    /// True when the valid days suffice for a month.
    pub sufficient: bool,
}

/// The months of days in their order. Means are of the items of the last day's profile.
pub fn months(days: &[DayJudged], profiles: &[Profile]) -> Vec<MonthJudged> {
    let of = |day: DayNumber| (day.date().year(), day.date().month());
    days.chunk_by(|a, b| of(a.day) == of(b.day)).map(|days| month(days, of(days[0].day), profiles)).collect()
}

fn month(days: &[DayJudged], (year, month): (i16, i8), profiles: &[Profile]) -> MonthJudged {
    let place = days[days.len() - 1].profile;
    let profile = &profiles[place];
    let least = if month == 2 { profile.validity.february_days } else { profile.validity.month_days };
    let mut levels = vec![0; profile.levels.len()];
    for day in days.iter().filter(|d| d.good().is_some()) {
        if let Some(aqi) = day.index.aqi {
            let level = usize::from(profiles[day.profile].level(aqi).level.max(1)) - 1;
            if let Some(count) = levels.get_mut(level) {
                *count += 1;
            }
        }
    }
    let mean_of = |item: Item| {
        let values: Vec<Micro> = days
            .iter()
            .filter_map(|day| {
                let place = profiles[day.profile].daily.iter().position(|i| i.item == item)?;
                day.values[place].c
            })
            .collect();
        let enough = values.len() as u64 >= u64::from(least);
        Mean { item, days: values.len() as u32, c: mean(&values), sufficient: enough }
    };
    let counted = super::year::count(days, &[]);
    MonthJudged {
        year,
        month,
        profile: place,
        sufficient: counted.valid >= least,
        days: counted,
        levels,
        means: profile.daily.iter().map(|i| mean_of(i.item)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::air::{At, Question, Reading, Rules, Series, judge};
    use jiff::civil::date;

    /// By hand: 27 days of April with PM2.5 of 35, and PM10, SO2, NO2, CO and ozone at harmless values, are
    /// 27 good days and enough; 26 are not. The mean of 26 times 35 and once 62 is 36.
    #[test]
    fn a_month_needs_its_days() {
        let rules = Rules::shipped();
        let of = |count: i8| {
            let mut series = Series::new(rules.pollutants.len());
            let place = series.station("X");
            for day in 1..=count {
                for (key, value) in [("SO2_24h", 10), ("NO2_24h", 20), ("PM10_24h", 40), ("CO_24h", 1), ("O3_8h", 80)] {
                    series
                        .put(place, At::Day(DayNumber::of(date(2020, 4, day))), rules.item(key).unwrap(), Reading::Value(Micro::units(value).unwrap()))
                        .unwrap();
                }
                let fine = Micro::units(if day == 27 { 62 } else { 35 }).unwrap();
                series.put(place, At::Day(DayNumber::of(date(2020, 4, day))), rules.item("PM25_24h").unwrap(), Reading::Value(fine)).unwrap();
            }
            let judged = judge(&series, rules, &Question::default()).unwrap().remove(0);
            months(&judged.days, &rules.profiles).remove(0)
        };
        let (april, short) = (of(27), of(26));
        assert_eq!((april.days.valid, april.days.good, april.sufficient, short.sufficient), (27, 27, true, false));
        assert_eq!(april.levels, [26, 1, 0, 0, 0, 0]);
        let fine = april.means.iter().find(|m| rules.key(m.item) == "PM25_24h").unwrap();
        assert_eq!((fine.c.unwrap().number(), fine.sufficient), (36.0, true));
    }
}

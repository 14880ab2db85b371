//! A profile: the texts that judge the air together, chosen by the date of the data.

use jiff::civil::Date;
use liangshan_vocab::{Evidence, Text};

use super::{Averaging, Item, Micro, Pollutant, Reading, Scale};

/// One part of an index: what is measured, and the breakpoints it is held against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indicator {
    /// What is measured.
    pub item: Item,
    /// Breakpoints, possibly those of a longer averaging time.
    pub scale: Scale,
}

/// What becomes of an index that lacks a pollutant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// It is published, the pollutant marked NA.
    Mark,
    /// It is published only above this index.
    Withhold(u16),
}

/// What an index is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Steps {
    /// Primary pollutants are named above this index.
    pub primary_above: u16,
    /// Up to this index a day is a good one; above it pollutants exceed.
    pub good_up_to: u16,
    /// What becomes of an index that lacks a pollutant.
    pub missing: Missing,
}

/// How many hours and days make a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// Minutes in an hour.
    pub hour_minutes: u8,
    /// Hours in a day.
    pub day_hours: u32,
    /// Hours in a window of eight.
    pub window_hours: u32,
    /// Windows in a day.
    pub day_windows: u32,
    /// Days in a year.
    pub year_days: u32,
    /// Days in a month but February.
    pub month_days: u32,
    /// Days in February.
    pub february_days: u32,
    /// Share of a city's stations, %.
    pub city_pct: u32,
    /// What of its detection limit a non-detect counts for, %.
    pub non_detect_pct: u32,
}

/// A level of the index (空气质量级别) with its words and colour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    /// 1 is the best.
    pub level: u8,
    /// The highest index of it; none for the last.
    pub up_to: Option<u16>,
    /// Its words.
    pub title: Text,
    /// The name of its colour.
    pub colour: Text,
    /// Red, green and blue.
    pub rgb: [u8; 3],
}

/// What is taken of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Statistic {
    /// The mean.
    Mean,
    /// A percentile, %.
    Percentile(u32),
}

/// A statistic of a year and its limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Yearly {
    /// What.
    pub pollutant: Pollutant,
    /// What is taken of it.
    pub statistic: Statistic,
    /// Its key in results: `PM25`, `CO95`, `O3_90`.
    pub key: String,
    /// The limit of zones of class 1.
    pub class1: Micro,
    /// The limit of zones of class 2.
    pub class2: Micro,
    /// True when the composite index sums it.
    pub in_index: bool,
    /// Its weight in the weighted variant of the composite index; none where the edition has no such variant.
    pub weight: Option<Micro>,
}

/// Where a part of a profile was taken from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basis {
    /// Which part: a standard, its rounding, a named number.
    pub point: String,
    /// Text and table.
    pub source: String,
    /// How well it was read.
    pub evidence: Evidence,
}

/// The texts that judge together, as data.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// `2012`, `2026-transition` …
    pub id: String,
    /// What it is called.
    pub title: Text,
    /// The standard of the index.
    pub index: String,
    /// The standard of the limits.
    pub limits: String,
    /// First day in force.
    pub from: Date,
    /// The day from which it no longer is; none while there is no successor.
    pub until: Option<Date>,
    /// True when the date chooses it; one that follows the data is chosen by name.
    pub by_date: bool,
    /// How well the texts were read.
    pub evidence: Evidence,
    /// Decimals a concentration is rounded to before it is judged, by pollutant.
    pub decimals: Vec<u32>,
    /// What the index of a day rests on.
    pub daily: Vec<Indicator>,
    /// What the index of an hour rests on.
    pub hourly: Vec<Indicator>,
    /// Levels of the index, best first; never none.
    pub levels: Vec<Level>,
    /// What an index is held against.
    pub steps: Steps,
    /// A pollutant outside the monitoring plan is not missed where it was no primary pollutant of a polluted
    /// day for so many years; none where the edition knows no such exception.
    pub exempt_years: Option<u8>,
    /// True when exceeding pollutants are named.
    pub names_exceeding: bool,
    /// How many hours and days make a value.
    pub validity: Validity,
    /// The statistics of a year.
    pub yearly: Vec<Yearly>,
    /// The limit of ozone over eight hours in zones of class 2: beyond it a day counts with few hours.
    pub ozone_limit: Option<(Pollutant, Micro)>,
    /// Where each part was taken from.
    pub basis: Vec<Basis>,
}

impl Validity {
    /// An hour's concentration measured over so many minutes: valid from [`Validity::hour_minutes`] on.
    pub fn hour(&self, c: Micro, minutes: u8) -> Reading {
        if minutes >= self.hour_minutes { Reading::Value(c) } else { Reading::NotValid }
    }
}

impl Profile {
    /// True when it is in force on a day.
    pub fn in_force(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day < until)
    }

    /// The scale of an item, from whichever list has it.
    pub fn scale(&self, item: Item) -> Option<&Scale> {
        self.daily.iter().chain(&self.hourly).find(|i| i.item == item).map(|i| &i.scale)
    }

    /// The level of an index.
    pub fn level(&self, aqi: u16) -> &Level {
        let last = &self.levels[self.levels.len() - 1];
        self.levels.iter().find(|l| l.up_to.is_none_or(|most| aqi <= most)).unwrap_or(last)
    }

    /// True when the day's value of a pollutant is the largest mean of eight hours.
    pub fn by_windows(&self, pollutant: Pollutant) -> bool {
        self.daily.iter().any(|i| i.item == Item { pollutant, averaging: Averaging::EightHours })
    }
}

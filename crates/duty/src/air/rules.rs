//! The rules of the air as they were read from data: pollutants, levels, profiles.

use jiff::civil::Date;
use liangshan_vocab::{Problem, Text, nearest, text, words};

use super::{Averaging, Item, Pollutant, Profile};

/// A pollutant as people and files name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// `PM25`.
    pub key: String,
    /// `PM2.5`, as printed.
    pub symbol: String,
    /// What it is called.
    pub title: Text,
    /// The unit of its concentrations.
    pub unit: String,
}

/// All rules of the air.
#[derive(Debug, Clone, PartialEq)]
pub struct Rules {
    /// Pollutants; their order is that of [`Pollutant`].
    pub pollutants: Vec<Named>,
    /// Profiles.
    pub profiles: Vec<Profile>,
}

impl Rules {
    /// A pollutant by key or symbol.
    pub fn pollutant(&self, name: &str) -> Option<Pollutant> {
        let place = self.pollutants.iter().position(|p| p.key.eq_ignore_ascii_case(name) || p.symbol.eq_ignore_ascii_case(name))?;
        u8::try_from(place).ok().map(Pollutant)
    }

    /// What a pollutant is called.
    pub fn named(&self, pollutant: Pollutant) -> &Named {
        &self.pollutants[pollutant.0 as usize]
    }

    /// The key of an item, `PM25_24h`.
    pub fn key(&self, item: Item) -> String {
        format!("{}_{}", self.named(item.pollutant).key, item.averaging.word())
    }

    /// An item by its key.
    pub fn item(&self, key: &str) -> Option<Item> {
        let (pollutant, averaging) = key.rsplit_once('_')?;
        Some(Item { pollutant: self.pollutant(pollutant)?, averaging: Averaging::parse(averaging)? })
    }

    /// A profile by its id, or by that of a standard it joins: then the first in time.
    ///
    /// # Errors
    /// `air.no_profile`, with the nearest known one.
    pub fn profile(&self, id: &str) -> Result<&Profile, Problem> {
        let named = |p: &&Profile| p.id == id || p.index == id || p.limits == id;
        self.profiles.iter().find(|p| p.id == id).or_else(|| self.profiles.iter().find(named)).ok_or_else(|| {
            let known: Vec<&str> = self.profiles.iter().map(|p| p.id.as_str()).collect();
            let list = known.join(", ");
            Problem::error("air.no_profile", words!("没有名为“{id}”的空气质量版本", "there is no edition \"{id}\" for the air"))
                .key(id)
                .expect(words!("{list}", "{list}"))
                .fix_near(nearest(id, known.iter().copied()), text("用 rules show 查看各版本", "rules show lists the editions"))
        })
    }

    /// The last profile that a day chooses, for a question without a date.
    ///
    /// # Errors
    /// `air.no_edition` where the rules know none.
    pub fn latest(&self) -> Result<&Profile, Problem> {
        self.profiles.iter().filter(|p| p.by_date).max_by_key(|p| p.from).ok_or_else(|| {
            Problem::error("air.no_edition", text("没有按日期选用的空气质量标准", "no edition for the air is chosen by a date"))
                .fix(text("在 rules/ 中添加", "add one to rules/"))
        })
    }

    /// The profile in force on a day.
    ///
    /// # Errors
    /// `air.no_edition` where the rules know none.
    pub fn on(&self, day: Date) -> Result<&Profile, Problem> {
        self.profiles.iter().find(|p| p.by_date && p.in_force(day)).ok_or_else(|| {
            Problem::error("air.no_edition", words!("{day} 没有施行中的空气质量标准", "no edition for the air is in force on {day}"))
                .key(day.to_string())
                .fix(text("改正日期，或用 --standard 指定版本", "correct the date, or name an edition with --standard"))
        })
    }
}

//! What was chosen: an account, a place, a year; and how its numbers are linked and written.

use liangshan_accounts::account::{ALL, Row, Total};
use liangshan_atlas::publication::Publication;
use liangshan_vocab::{Fen, Text, text, words};

use crate::serve::profiles::{Chosen, own};
use crate::serve::reply::Refusal;
use crate::serve::route::{Ask, Kind, Param};
use crate::serve::snapshot::AccountPart;
use crate::ui::html::Html;
use crate::ui::report::view::View;
use crate::ui::words;

/// The year of an account.
pub(crate) const YEAR: Param = Param::optional("year", Kind::Integer(1900, 2200), ("年份，默认最近一年", "year; the latest where none"), "2020");
/// A place of the region.
pub(crate) const PLACE: Param = Param::optional("place", Kind::Word, ("区划代码，默认全域", "place code; the whole region where none"), "330803");
/// A method profile.
pub(crate) const PROFILE: Param =
    Param::optional("profile", Kind::Word, ("核算方法方案，默认本区域的方案", "method profile; the region's own where none"), "national-2022-reconstructed");

/// An account with a place and a year of it.
pub(crate) struct Desk<'d> {
    /// The question.
    pub(crate) ask: &'d Ask<'d>,
    /// The account.
    pub(crate) part: &'d AccountPart,
    /// What is looked up often in it.
    pub(crate) view: View<'d>,
    /// The place's code.
    pub(crate) place: &'d str,
    /// The year.
    pub(crate) year: i32,
    /// The year before it in the account.
    pub(crate) previous: Option<i32>,
}

impl<'d> Desk<'d> {
    /// What the parameters `place` and `year` choose of an account.
    ///
    /// # Errors
    /// While the account is being read; a place or year that it does not have.
    pub(crate) fn of(ask: &'d Ask<'d>, chosen: &'d Chosen<'_>) -> Result<Self, Refusal> {
        let part = chosen.account()?;
        let view = View::of(&part.publication);
        let account = &part.publication.account;
        let place = match ask.word("place") {
            None => part.publication.whole.as_str(),
            Some(code) => match account.places.iter().find(|p| p.code == code) {
                Some(place) => place.code.as_str(),
                None => return Err(ask.unknown("place", &text("地区", "place"), account.places.iter().map(|p| p.code.as_str()))),
            },
        };
        let year = ask.year("year").unwrap_or(view.latest);
        let years = view.years();
        if !years.contains(&year) {
            let known: Vec<String> = years.iter().map(i32::to_string).collect();
            return Err(ask.unknown("year", &text("年份", "year"), known.iter().map(String::as_str)));
        }
        let previous = years.iter().copied().filter(|y| *y < year).max();
        Ok(Self { ask, part, view, place, year, previous })
    }

    /// What a run publishes.
    pub(crate) fn publication(&self) -> &'d Publication {
        &self.part.publication
    }

    /// Whether the place is the whole region.
    pub(crate) fn is_whole(&self) -> bool {
        self.place == self.part.publication.whole
    }

    /// What the place is called.
    pub(crate) fn place_name(&self) -> Text {
        self.view.place(self.place)
    }

    /// The total of the place in a year.
    pub(crate) fn total(&self, year: i32) -> Option<&'d Total> {
        self.publication().account.total(year, self.place, ALL)
    }

    /// A row of the place over all ecosystem types.
    pub(crate) fn row(&self, year: i32, indicator: &str) -> Option<&'d Row> {
        self.publication().account.row(year, self.place, ALL, indicator)
    }

    /// The rows of the place over all ecosystem types, in the order of the tables.
    pub(crate) fn rows(&self, year: i32) -> Vec<&'d Row> {
        self.publication().account.rows.iter().filter(|r| r.year == year && r.place == self.place && r.ecosystem == ALL).collect()
    }

    /// The profile as it stands in addresses: empty for the region's own.
    pub(crate) fn profile(&self) -> &str {
        self.ask.word("profile").filter(|id| *id != own(self.ask.snapshot)).unwrap_or_default()
    }

    /// Where a number is explained.
    pub(crate) fn why(&self, indicator: &str, place: &str, year: i32, ecosystem: &str) -> String {
        let (year, ecosystem) = (year.to_string(), if ecosystem == ALL { "" } else { ecosystem });
        self.ask.link("/why", &[("indicator", indicator), ("place", place), ("year", &year), ("ecosystem", ecosystem), ("profile", self.profile())])
    }

    /// An address of the same account, place and year below another path.
    pub(crate) fn to(&self, path: &str, place: &str, year: i32) -> String {
        let place = if place == self.publication().whole { "" } else { place };
        self.ask.link(path, &[("place", place), ("year", &year.to_string()), ("profile", self.profile())])
    }

    /// Words in the language of the answer.
    pub(crate) fn say<'t>(&self, words: &'t Text) -> &'t str {
        words.get(self.ask.lang)
    }

    /// Money in large type, its unit smaller, exact on hovering, linked to why it is so.
    pub(crate) fn large(&self, h: &mut Html, value: Fen, to: &str) {
        let (number, zh, en) = words::money_parts(value);
        let exact = words::exact(value);
        h.with("a.why", &[("href", to), ("title", self.say(&exact))], |h| {
            h.text(self.say(&number));
            h.el("span.unit", |h| h.text(self.ask.say(zh, en)));
        });
    }

    /// Money as its size asks, linked.
    pub(crate) fn money(&self, h: &mut Html, value: Fen, to: &str) {
        let exact = words::exact(value);
        h.with("a.why", &[("href", to), ("title", self.say(&exact))], |h| h.say(&words::money(value)));
    }

    /// Money to the fen, linked; columns of it add up to the last digit.
    pub(crate) fn exact(&self, h: &mut Html, value: Fen, to: &str) {
        h.with("a.why", &[("href", to)], |h| h.text(&words::grouped(&value.yuan())));
    }

    /// A change with its sign, and its share of what was before.
    pub(crate) fn change(&self, h: &mut Html, before: Fen, now: Fen, year: i32) {
        let by = now - before;
        let class = if by.0 >= 0 { "span.gain" } else { "span.loss" };
        h.el(class, |h| {
            let said = words::money(by);
            let mark = if by.0 > 0 { "+" } else { "" };
            h.text(&format!("{mark}{}", self.say(&said)));
            if let Some(share) = crate::ui::report::view::change_of(before, now) {
                h.text(&format!("{}{}{}", self.ask.say("（", " ("), words::percent(share, true), self.ask.say("）", ")")));
            }
        });
        h.text(" ");
        h.el("span.muted", |h| h.say(&words!("比 {year} 年", "against {year}")));
    }
}

/// Marks of origin and evidence as chips with a word.
pub(crate) fn rests_on(h: &mut Html, row: &Row) {
    use crate::ui::report::view::{evidence_chip, origin_chip};
    if let Some(origin) = row.origin {
        origin_chip(h, origin);
    }
    evidence_chip(h, row.evidence);
}

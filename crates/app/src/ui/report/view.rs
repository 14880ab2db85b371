//! What the sections of a report ask of a publication: names, years, shares.

use std::collections::BTreeMap;

use liangshan_accounts::account::{ALL, AccountPlace, Row, Status, Total};
use liangshan_accounts::catalogue::{self, Class};
use liangshan_accounts::profile::Inclusion;
use liangshan_atlas::publication::Publication;
use liangshan_vocab::{Evidence, Fen, Lang, Origin, Text};

use crate::ui::bars::{Piece, end_to_end};
use crate::ui::html::Html;
use crate::ui::words;

/// A publication with what is looked up often.
pub(crate) struct View<'a> {
    pub(crate) publication: &'a Publication,
    /// The latest year.
    pub(crate) latest: i32,
    /// The year before it in the account.
    pub(crate) previous: Option<i32>,
    /// Places that are made of no other.
    pub(crate) counties: Vec<&'a AccountPlace>,
}

impl<'a> View<'a> {
    /// Looks at a publication.
    pub(crate) fn of(publication: &'a Publication) -> Self {
        let account = &publication.account;
        let mut years = account.years.clone();
        years.sort_unstable();
        let latest = years.pop().unwrap_or_default();
        let is_leaf = |code: &str| !account.places.iter().any(|p| p.parent.as_deref() == Some(code));
        let counties = account.places.iter().filter(|p| is_leaf(&p.code)).collect();
        Self { publication, latest, previous: years.pop(), counties }
    }

    /// Years from first to last.
    pub(crate) fn years(&self) -> Vec<i32> {
        let mut years = self.publication.account.years.clone();
        years.sort_unstable();
        years
    }

    /// What a place is called.
    pub(crate) fn place(&self, code: &str) -> Text {
        let publication = self.publication;
        let in_account = publication.account.places.iter().find(|p| p.code == code).map(|p| &p.name);
        let name = in_account.or_else(|| publication.places.iter().find(|p| p.code == code).map(|p| &p.name));
        name.cloned().unwrap_or_else(|| Text::same(code))
    }

    /// What an indicator is called; a part with a dot by its whole and itself.
    pub(crate) fn indicator(&self, id: &str) -> Text {
        let whole = words::indicator(id);
        match self.part(id) {
            Some(part) => Text::of(format!("{}：{}", whole.zh, part.zh), format!("{}: {}", whole.en, part.en)),
            None => whole,
        }
    }

    /// What a part with a dot is called by itself.
    pub(crate) fn part(&self, id: &str) -> Option<Text> {
        let (_, word) = id.split_once('.')?;
        Some(self.publication.names.get(id).cloned().unwrap_or_else(|| Text::same(word.replace('_', " "))))
    }

    /// What an ecosystem type is called.
    pub(crate) fn ecosystem(&self, id: &str) -> Text {
        self.publication.ecosystems.get(id).map_or_else(|| Text::same(id), words::sentence)
    }

    /// The total of the whole region.
    pub(crate) fn total(&self, year: i32) -> Option<&'a Total> {
        self.publication.account.total(year, &self.publication.whole, ALL)
    }

    /// A row of the whole region over all ecosystem types.
    pub(crate) fn row(&self, year: i32, indicator: &str) -> Option<&'a Row> {
        self.publication.account.row(year, &self.publication.whole, ALL, indicator)
    }

    /// Rows of the whole region over all ecosystem types, in the order of the tables.
    pub(crate) fn rows(&self, year: i32) -> impl Iterator<Item = &'a Row> {
        let whole = self.publication.whole.as_str();
        self.publication.account.rows.iter().filter(move |r| r.year == year && r.place == whole && r.ecosystem == ALL)
    }

    /// Money of a year by something said of its atoms, in its order.
    fn by<K: Ord>(&self, year: i32, key: impl Fn(&Row) -> Option<K>) -> BTreeMap<K, Fen> {
        let mut out = BTreeMap::new();
        for row in &self.publication.account.rows {
            let is_atom = row.counted && row.year == year && row.ecosystem != ALL && self.counties.iter().any(|c| c.code == row.place);
            if let (true, Some(value), Some(key)) = (is_atom, row.value, key(row)) {
                *out.entry(key).or_insert(Fen(0)) += value;
            }
        }
        out
    }

    /// Money of a year by what its inputs are.
    pub(crate) fn by_origin(&self, year: i32) -> BTreeMap<Origin, Fen> {
        self.by(year, |row| row.origin)
    }

    /// Money of a year by whether its method and price were read.
    pub(crate) fn by_evidence(&self, year: i32) -> BTreeMap<Evidence, Fen> {
        self.by(year, |row| Some(row.evidence))
    }

    /// True when the profile counts parts of an indicator: it stands or falls with them.
    pub(crate) fn has_parts(&self, id: &str) -> bool {
        let others = self.publication.profile.indicators.iter().filter(|m| m.status == Inclusion::Included && m.indicator != id);
        others.into_iter().any(|m| catalogue::is_within(&m.indicator, id))
    }

    /// Indicators the profile counts, wholes left out for their parts: how many there are, and how many
    /// of them are missing in a year.
    pub(crate) fn completeness(&self, year: i32) -> (usize, usize) {
        let profile = &self.publication.profile;
        let counted = profile.indicators.iter().filter(|m| m.status == Inclusion::Included && !self.has_parts(&m.indicator)).count();
        let missing = self.total(year).map_or(0, |t| t.missing.iter().filter(|m| !self.has_parts(&m.indicator)).count());
        (counted, missing.min(counted))
    }

    /// What a total of the whole region is the sum of, by catalogue indicator and in their order: rows,
    /// and what the counties that are not missing have of a service that is missing in others.
    pub(crate) fn terms(&self, year: i32) -> Vec<(&'a str, Fen)> {
        let rows = self.rows(year).filter(|r| r.counted).filter_map(|r| Some((r.indicator.as_str(), r.value?)));
        let missing = self.total(year).into_iter().flat_map(|t| &t.missing).map(|m| (m.indicator.as_str(), m.value_elsewhere)).filter(|m| m.1.0 != 0);
        let mut out: Vec<(&str, Fen)> = Vec::new();
        for (id, value) in rows.chain(missing) {
            let stem = id.split_once('.').map_or(id, |(stem, _)| stem);
            match out.iter_mut().find(|t| t.0 == stem) {
                Some(term) => term.1 += value,
                None => out.push((stem, value)),
            }
        }
        out.sort_by_key(|t| catalogue::rank(t.0));
        out
    }

    /// Words in which codes of places and ids of indicators are said by name.
    pub(crate) fn named(&self, said: &Text) -> Text {
        let in_language = |lang: Lang| {
            let mut out = String::new();
            let mut token = String::new();
            for c in said.get(lang).chars().map(Some).chain([None]) {
                match c {
                    Some(c) if c.is_ascii_alphanumeric() || c == '_' => token.push(c),
                    c => {
                        let name: Option<Text> = if self.publication.places.iter().any(|p| p.code == token) {
                            Some(self.place(&token))
                        } else if token.contains('_') && catalogue::indicator(&token).is_some() {
                            Some(self.indicator(&token))
                        } else {
                            None
                        };
                        out.push_str(name.as_ref().map_or(&token, |n| n.get(lang)));
                        token.clear();
                        out.extend(c);
                    }
                }
            }
            out
        };
        Text::of(in_language(Lang::Zh), in_language(Lang::En))
    }

    /// The class of an ecosystem type's colour; types nobody thought of take those of others in turn.
    pub(crate) fn ecosystem_class(&self, id: &str) -> String {
        const KNOWN: [&str; 9] = ["forest", "shrub", "grassland", "wetland", "farmland", "town", "desert", "other", "unallocated"];
        if KNOWN.contains(&id) {
            return format!("eco-{id}");
        }
        let at = self.publication.account.ecosystems.iter().position(|e| e == id).unwrap_or(0);
        format!("eco-{}", KNOWN[at % 7])
    }
}

/// The class of a service class's colour.
pub(crate) fn class_colour(class: Class) -> String {
    format!("class-{}", class.word())
}

/// The three classes of a total as pieces of a bar whose full width stands for `of`.
pub(crate) fn class_pieces(total: &Total, of: Fen) -> Vec<Piece> {
    end_to_end(
        of.as_yuan_f64(),
        Class::ALL.map(|class| {
            let (title, value) = (words::sentence(&class.title()), words::money(total.class(class)));
            (total.class(class).as_yuan_f64(), class_colour(class), Text::of(format!("{} {}", title.zh, value.zh), format!("{} {}", title.en, value.en)))
        }),
    )
}

/// The key of the three classes.
pub(crate) fn class_key(h: &mut Html) {
    crate::ui::bars::key(h, Class::ALL.map(|c| (["class-material", "class-regulating", "class-cultural"][c as usize], words::sentence(&c.title()))));
}

/// Money, with its exact value on hovering.
pub(crate) fn money(h: &mut Html, value: Fen) {
    h.say_with(&words::money(value), &words::exact(value));
}

/// Money in the unit of the tables, with its exact value on hovering.
pub(crate) fn cell_money(h: &mut Html, value: Fen) {
    h.say_with(&words::in_table(value), &words::exact(value));
}

/// The money of a row, or in a word why there is none.
pub(crate) fn cell_value(h: &mut Html, row: Option<&Row>) {
    match row {
        None => {}
        Some(Row { status: Status::MissingInput { reason, .. }, .. }) => h.say_with(&liangshan_vocab::text("缺输入", "missing"), reason),
        Some(Row { status: Status::NotApplicable(reason), .. }) => h.say_with(&liangshan_vocab::text("不适用", "n/a"), reason),
        Some(Row { status: Status::Zero { reason, .. }, value, .. }) => h.say_with(&words::in_table(value.unwrap_or_default()), reason),
        Some(Row { value: Some(value), .. }) => cell_money(h, *value),
        Some(_) => {}
    }
}

/// A mark of where inputs come from.
pub(crate) fn origin_chip(h: &mut Html, origin: Origin) {
    let class = format!("span.chip.origin-{}", origin.word());
    let hover = if origin == Origin::Mixed {
        liangshan_vocab::text("部分输入为合成（虚构）数据", "some inputs are synthetic, that is, invented")
    } else {
        origin.title()
    };
    h.el(&class, |h| h.say_with(&origin_word(origin), &hover));
}

/// The word for an origin that is short enough for a table and still says it.
pub(crate) fn origin_word(origin: Origin) -> Text {
    if origin == Origin::Mixed { liangshan_vocab::text("含合成", "part synthetic") } else { origin.title() }
}

/// A mark of whether a method was read.
pub(crate) fn evidence_chip(h: &mut Html, evidence: Evidence) {
    let class = format!("span.chip.evidence-{}", evidence.word());
    h.el(&class, |h| h.say(&evidence.title()));
}

/// A table that may scroll sideways by itself, named by its caption.
pub(crate) fn table(h: &mut Html, class: &str, caption: &Text, inside: impl FnOnce(&mut Html)) {
    let name = h.said(caption);
    h.with("div.scroll", &[("role", "region"), ("aria-label", &name), ("tabindex", "0")], |h| {
        h.el(&format!("table{class}"), |h| {
            h.el("caption", |h| h.line("span.caption", caption));
            inside(h);
        });
    });
}

/// A head of a table: words, and whether the column holds numbers.
pub(crate) fn heads(h: &mut Html, columns: &[(Text, bool)]) {
    h.el("thead", |h| {
        h.el("tr", |h| {
            for (words, number) in columns {
                h.with(if *number { "th.n" } else { "th" }, &[("scope", "col")], |h| h.say(words));
            }
        });
    });
}

/// A change as a share of what was before.
pub(crate) fn change_of(before: Fen, now: Fen) -> Option<f64> {
    (before.0 > 0).then(|| (now - before).as_yuan_f64() / before.as_yuan_f64())
}

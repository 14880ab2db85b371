//! Every sentence and every named thing of the plan with its owner, its feeds and its state; and what
//! hangs loose on either side.

use std::collections::BTreeSet;

use liangshan_accounts::catalogue;
use liangshan_accounts::targets::Lamp;
use liangshan_vocab::{Text, text, words};

use super::declared::Declared;
use super::feeds::{Feed, FeedView, Sources};
use super::records::Book;
use super::values::Fed;
use super::wording::{Sentence, Sort, System};

/// The state of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// It asks nobody for anything.
    Said,
    /// Done.
    Done,
    /// On its way, or met.
    Green,
    /// Recorded; there is nothing to judge it by.
    Recorded,
    /// Begun, and nothing can be said yet.
    Grey,
    /// Behind.
    Yellow,
    /// Far behind, or missed.
    Red,
    /// Nothing feeds it.
    Unfed,
}

impl State {
    /// The word in tables and classes of a page.
    pub fn word(self) -> &'static str {
        match self {
            State::Said => "said",
            State::Done => "done",
            State::Green => "green",
            State::Recorded => "recorded",
            State::Grey => "grey",
            State::Yellow => "yellow",
            State::Red => "red",
            State::Unfed => "unfed",
        }
    }

    /// What it is called.
    pub fn title(self) -> Text {
        match self {
            State::Said => text("表述", "statement"),
            State::Done => text("完成", "done"),
            State::Green => text("达标或按计划", "met or on plan"),
            State::Recorded => text("有记录", "recorded"),
            State::Grey => text("尚不能判定", "cannot be told yet"),
            State::Yellow => text("滞后", "behind"),
            State::Red => text("严重滞后或未达标", "far behind or missed"),
            State::Unfed => text("无数据", "nothing feeds it"),
        }
    }

    /// The state that feeds give.
    fn of(feeds: &[FeedView]) -> Self {
        if feeds.iter().all(|f| f.fed == Fed::Nothing) {
            return State::Unfed;
        }
        Self::by_lamps(feeds.iter().filter_map(|f| f.lamp))
    }

    /// The state that lamps give: that of the worst; recorded where there is none.
    pub fn by_lamps(lamps: impl Iterator<Item = Lamp>) -> Self {
        // Blue, green, grey, yellow, red: the order of lamps is from best to worst.
        match lamps.max() {
            None => State::Recorded,
            Some(Lamp::Blue) => State::Done,
            Some(Lamp::Green) => State::Green,
            Some(Lamp::Grey) => State::Grey,
            Some(Lamp::Yellow) => State::Yellow,
            Some(Lamp::Red) => State::Red,
        }
    }
}

/// A row of the plan as it stands.
#[derive(Debug, Clone)]
pub struct RowView {
    /// Its id.
    pub id: String,
    /// The chapter of a sentence; the sentences of a named thing.
    pub of: String,
    /// The sort of a sentence; the fit of a named thing.
    pub kind: String,
    /// Its words.
    pub text: Text,
    /// Its owner.
    pub owner: String,
    /// What the owner is called.
    pub owner_title: String,
    /// Its feeds.
    pub feeds: Vec<FeedView>,
    /// The best of its feeds: computed, typed or nothing.
    pub fed: Fed,
    /// Its state.
    pub state: State,
}

/// Something that hangs loose.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Loose {
    /// `sentence`, `system`, `target`, `register`, `record`, `indicator`, `projects` or `layer`.
    pub what: &'static str,
    /// Which.
    pub id: String,
    /// `no_owner`, `no_feed`, `unknown_feed` or `no_sentence`.
    pub why: &'static str,
    /// In words.
    pub says: Text,
}

fn loose(what: &'static str, id: &str, why: &'static str, says: Text) -> Loose {
    Loose { what, id: id.to_owned(), why, says }
}

/// What the rows are made from.
pub struct Rows<'r> {
    /// The plan.
    pub declared: &'r Declared,
    /// Sentences.
    pub sentences: &'r [Sentence],
    /// Named things.
    pub systems: &'r [System],
    /// What feeds are looked up in.
    pub sources: &'r Sources<'r>,
    /// The office register.
    pub offices: Option<&'r Book>,
}

impl Rows<'_> {
    fn owner_title(&self, owner: &str) -> Option<String> {
        let book = self.offices?;
        book.record(owner).map(|record| book.written(record, "name_zh"))
    }

    fn feeds(&self, written: &[String], rows: &[&str], what: &'static str, id: &str, found: &mut Vec<Loose>) -> Vec<FeedView> {
        let mut out: Vec<FeedView> = Vec::new();
        for word in written {
            let feed = Feed::parse(word);
            match self.sources.view(&feed, rows) {
                Some(view) if !out.contains(&view) => out.push(view),
                Some(_) => {}
                None => found.push(loose(what, id, "unknown_feed", words!("没有“{word}”这样的来源", "there is no such feed: {word}"))),
            }
        }
        out
    }

    fn owned(&self, owner: &str, what: &'static str, id: &str, found: &mut Vec<Loose>) -> String {
        let title = self.owner_title(owner);
        if title.is_none() {
            let says =
                if owner.is_empty() { text("没有责任部门", "no owner") } else { words!("没有部门“{owner}”", "there is no office \"{owner}\"") };
            found.push(loose(what, id, "no_owner", says));
        }
        title.unwrap_or_default()
    }

    fn finished(id: &str, of: String, kind: &str, said: Text, owner: (&str, String), feeds: Vec<FeedView>, asks: bool) -> RowView {
        let fed = feeds.iter().map(|f| f.fed).min().unwrap_or(Fed::Nothing);
        let state = if asks { State::of(&feeds) } else { State::Said };
        RowView { id: id.to_owned(), of, kind: kind.to_owned(), text: said, owner: owner.0.to_owned(), owner_title: owner.1, feeds, fed, state }
    }

    /// Sentences and named things, and what of them hangs loose.
    pub fn views(&self) -> (Vec<RowView>, Vec<RowView>, Vec<Loose>) {
        let mut found = Vec::new();
        let systems: Vec<RowView> = self
            .systems
            .iter()
            .map(|s| {
                let mut rows: Vec<&str> = vec![s.id.as_str()];
                rows.extend(s.sentences.iter().map(String::as_str));
                let title = self.owned(&s.owner, "system", &s.id, &mut found);
                let feeds = self.feeds(&s.feeds, &rows[..1], "system", &s.id, &mut found);
                if s.feeds.is_empty() {
                    found.push(loose("system", &s.id, "no_feed", text("没有来源", "no feed")));
                }
                Self::finished(&s.id, s.sentences.join(" "), &s.fit, s.text.clone(), (&s.owner, title), feeds, true)
            })
            .collect();
        let sentences = self
            .sentences
            .iter()
            .map(|s| {
                let named: Vec<&System> = self.systems.iter().filter(|y| y.sentences.contains(&s.id)).collect();
                let asks = s.sort != Sort::Statement;
                let title = if asks || !s.owner.is_empty() { self.owned(&s.owner, "sentence", &s.id, &mut found) } else { String::new() };
                let mut feeds = self.feeds(&s.feeds, &[s.id.as_str()], "sentence", &s.id, &mut found);
                // What feeds the things it names feeds the sentence; a feed that is unknown was told there.
                for view in systems.iter().filter(|v| named.iter().any(|n| n.id == v.id)).flat_map(|v| &v.feeds) {
                    if !feeds.contains(view) {
                        feeds.push(view.clone());
                    }
                }
                if asks && s.feeds.is_empty() && named.iter().all(|n| n.feeds.is_empty()) {
                    found.push(loose("sentence", &s.id, "no_feed", text("没有来源", "no feed")));
                }
                Self::finished(&s.id, s.chapter.clone(), s.sort.word(), Text::same(s.text.clone()), (&s.owner, title), feeds, asks)
            })
            .collect();
        found.extend(self.without_sentence());
        found.sort();
        found.dedup();
        (sentences, systems, found)
    }

    /// Targets, registers, records, projects, layers and indicators that no row of the plan asks for.
    fn without_sentence(&self) -> Vec<Loose> {
        let asked: BTreeSet<Feed> =
            self.sentences.iter().flat_map(|s| &s.feeds).chain(self.systems.iter().flat_map(|s| &s.feeds)).map(|word| Feed::parse(word)).collect();
        let has = |kind: &str, of: &str| asked.contains(&Feed { kind: kind.to_owned(), of: of.to_owned() });
        let mut found = Vec::new();
        let no_sentence = |what, id: &str| loose(what, id, "no_sentence", text("方案中没有语句与它对应", "no sentence of the plan asks for it"));
        found.extend(self.sources.targets.iter().filter(|t| !has("target", &t.row.id)).map(|t| no_sentence("target", &t.row.id)));
        found.extend(self.sources.books.iter().filter(|b| !has("register", &b.register.id)).map(|b| no_sentence("register", &b.register.id)));
        found.extend(self.declared.layers.iter().filter(|l| !has("layer", &l.id)).map(|l| no_sentence("layer", &l.id)));
        let clauses: BTreeSet<&str> = self.sources.projects.iter().map(|p| p.clause.as_str()).collect();
        found.extend(clauses.into_iter().filter(|c| !has("projects", c)).map(|c| no_sentence("projects", c)));
        let known: BTreeSet<&str> = self.sentences.iter().map(|s| s.id.as_str()).chain(self.systems.iter().map(|s| s.id.as_str())).collect();
        for book in self.sources.books {
            let Some(column) = book.register.holding(&liangshan_registers::Holds::PlanRow) else { continue };
            for record in &book.records {
                let rows = book.written(record, &column.name);
                if !rows.split_whitespace().any(|row| known.contains(row)) {
                    found.push(no_sentence("record", &format!("{}/{}", book.register.id, record.key)));
                }
            }
        }
        // A part of an indicator is asked for with the whole.
        for indicator in self.sources.published.rows.keys().filter(|id| !id.contains('.') && catalogue::indicator(id).is_some()) {
            let mut id = Some(indicator.as_str());
            while let Some(own) = id.filter(|own| !has("indicator", own)) {
                id = catalogue::indicator(own).and_then(|i| i.parent);
            }
            if id.is_none() {
                found.push(no_sentence("indicator", indicator));
            }
        }
        found
    }
}

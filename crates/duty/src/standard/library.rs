//! All standards at hand, and which of them judges a day.

use std::borrow::Cow;
use std::sync::OnceLock;

use liangshan_vocab::{Problem, Problems, nearest, text, words};

use super::{Day, Standard, language};

/// A text under `rules/`: a standard's TOML or one of its CSV tables.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleText {
    /// Its path under `rules/`, with slashes: `water/gb3838-2002.toml`.
    pub file: String,
    /// What it says.
    pub text: Cow<'static, str>,
}

impl RuleText {
    /// A text by its path under `rules/`.
    pub fn new(file: impl Into<String>, text: impl Into<Cow<'static, str>>) -> Self {
        Self { file: file.into(), text: text.into() }
    }
}

const SHIPPED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/rules.rs"));

/// The texts shipped with the program.
pub fn shipped_texts() -> Vec<RuleText> {
    SHIPPED.iter().map(|(file, text)| RuleText::new(*file, *text)).collect()
}

/// The standards shipped with the program.
pub fn shipped() -> &'static Standards {
    static ALL: OnceLock<Standards> = OnceLock::new();
    ALL.get_or_init(|| {
        let (standards, problems) = Standards::read(&[&shipped_texts()]);
        assert!(!problems.has_errors(), "the standards shipped with the program cannot be read: {problems:?}");
        standards
    })
}

/// Standards by id.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Standards {
    /// Sorted by domain, kind, first day and id.
    list: Vec<Standard>,
}

impl Standards {
    /// Reads layers of texts, most basic first; a standard of a later layer takes the place of one
    /// with the same id, and may extend it. What can be read is read; every fault is told with file
    /// and line.
    pub fn read(layers: &[&[RuleText]]) -> (Self, Problems) {
        let (mut list, mut problems): (Vec<Standard>, Problems) = (Vec::new(), Problems::new());
        for (depth, layer) in layers.iter().enumerate() {
            let find = |path: &str| layers[..=depth].iter().rev().find_map(|l| l.iter().find(|t| t.file == path)).map(|t| t.text.as_ref());
            let mut pass = Layer { texts: Vec::new(), read: Vec::new(), above: Vec::new(), find: &find };
            // Rules of incidents lie beside the standards in a language of their own: `crate::incident` reads them.
            for given in layer.iter().filter(|t| t.file.ends_with(".toml") && !t.file.starts_with("incident/")) {
                let (id, extends) = language::peek(&given.text);
                pass.texts.push(Peeked { given, id, extends, done: false });
            }
            for at in 0..pass.texts.len() {
                pass.visit(at, &list, &mut problems);
            }
            for standard in pass.read {
                match list.iter().position(|s| s.id == standard.id) {
                    Some(at) => list[at] = standard,
                    None => list.push(standard),
                }
            }
        }
        list.sort_by(|a, b| (a.domain, a.kind, a.from, &a.id).cmp(&(b.domain, b.kind, b.from, &b.id)));
        (Self { list }, problems)
    }

    /// All of them, by domain, kind and first day.
    pub fn all(&self) -> &[Standard] {
        &self.list
    }

    /// A standard by its id.
    ///
    /// # Errors
    /// `standard.unknown` with the nearest id.
    pub fn get(&self, id: &str) -> Result<&Standard, Problem> {
        self.list.iter().find(|s| s.id == id).ok_or_else(|| {
            let ids: Vec<&str> = self.list.iter().map(|s| s.id.as_str()).collect();
            Problem::error("standard.unknown", words!("没有标准“{id}”", "there is no standard \"{id}\""))
                .key(id)
                .expect(words!("{0} 之一", "one of {0}", ids.join(", ")))
                .fix_near(nearest(id, ids.iter().copied()), text("用 liangshan rules list 查看", "see liangshan rules list"))
        })
    }

    /// The editions that a day chooses among, from first to last.
    pub fn editions<'s, 'n>(&'s self, domain: &'n str, kind: &'n str) -> impl Iterator<Item = &'s Standard> + use<'s, 'n> {
        self.list.iter().filter(move |s| s.domain == domain && s.kind == kind && !s.by_name)
    }

    /// The edition in force on a day.
    ///
    /// # Errors
    /// `standard.none_in_force`.
    pub fn in_force(&self, domain: &str, kind: &str, day: Day) -> Result<&Standard, Problem> {
        self.editions(domain, kind).find(|s| s.in_force(day)).ok_or_else(|| {
            let list: Vec<String> =
                self.editions(domain, kind).map(|s| format!("{} [{}, {})", s.id, s.from, s.until.map_or("…".to_owned(), |d| d.to_string()))).collect();
            let list = if list.is_empty() { "-".to_owned() } else { list.join(", ") };
            Problem::error("standard.none_in_force", words!("{day} 没有施行中的标准（{domain}/{kind}）", "no standard of {domain}/{kind} is in force on {day}"))
                .key(format!("{domain}/{kind}"))
                .expect(words!("下列施行期之一：{list}", "one of these periods: {list}"))
                .fix(text("核对日期，或用 --standard 指明标准", "check the date, or name a standard by --standard"))
        })
    }

    /// The last edition, for a question without a date.
    ///
    /// # Errors
    /// `standard.none_in_force`.
    pub fn latest(&self, domain: &str, kind: &str) -> Result<&Standard, Problem> {
        self.editions(domain, kind).last().ok_or_else(|| {
            Problem::error("standard.none_in_force", words!("没有 {domain}/{kind} 的标准", "there is no standard of {domain}/{kind}"))
                .key(format!("{domain}/{kind}"))
                .expect(text("至少一个版本", "one edition at least"))
                .fix(text("在 rules/ 中添加该标准", "add the standard to rules/"))
        })
    }
}

/// A text with its id and what it extends.
struct Peeked<'t> {
    given: &'t RuleText,
    id: Option<String>,
    extends: Option<String>,
    done: bool,
}

/// One layer while it is read: a standard after those it extends.
struct Layer<'t> {
    texts: Vec<Peeked<'t>>,
    read: Vec<Standard>,
    above: Vec<usize>,
    find: &'t language::Find<'t>,
}

impl Layer<'_> {
    fn visit(&mut self, at: usize, below: &[Standard], problems: &mut Problems) {
        if self.texts[at].done {
            return;
        }
        let (id, extends, given) = (self.texts[at].id.clone(), self.texts[at].extends.clone(), self.texts[at].given);
        let letter = |problem: Problem| problem.file(format!("rules/{}", given.file)).key("extends");
        if self.above.contains(&at) {
            let id = id.unwrap_or_default();
            problems.push(letter(
                Problem::error("standard.extends_itself", words!("标准“{id}”经由他人继承自己", "the standard \"{id}\" extends itself by way of others"))
                    .expect(text("不成环的继承", "standards that extend each other without a circle"))
                    .fix(text("改正其中一个的 extends", "correct extends in one of them")),
            ));
            self.texts[at].done = true;
            return;
        }
        if let (Some(id), Some(twin)) = (&id, self.texts[..at].iter().find(|t| t.id == id)) {
            let other = &twin.given.file;
            problems.push(letter(
                Problem::error("standard.id_twice", words!("标识“{id}”已用于 rules/{other}", "the id \"{id}\" is that of rules/{other} already"))
                    .expect(text("同一层中不重复的标识", "ids that differ within a folder of rules"))
                    .fix(text("改其中一个的标识", "change one of the ids")),
            ));
        }
        let mut base = None;
        if let Some(extends) = &extends {
            if let Some(other) = self.texts.iter().position(|t| t.id.as_ref() == Some(extends)).filter(|_| id.as_ref() != Some(extends)) {
                self.above.push(at);
                self.visit(other, below, problems);
                self.above.pop();
                if self.texts[at].done {
                    return;
                }
            }
            base = self.read.iter().find(|s| s.id == *extends).or_else(|| below.iter().find(|s| s.id == *extends)).cloned();
            // A base of the same folder that could not be read has its own letter already.
            let told = self.texts.iter().any(|t| t.id.as_ref() == Some(extends) && t.id != id);
            if base.is_none() && !told {
                let ids: Vec<&str> = self.texts.iter().filter_map(|t| t.id.as_deref()).chain(below.iter().map(|s| s.id.as_str())).collect();
                problems.push(letter(
                    Problem::error("standard.unknown", words!("没有可继承的标准“{extends}”", "there is no standard \"{extends}\" to extend"))
                        .expect(words!("{0} 之一", "one of {0}", ids.join(", ")))
                        .fix_near(nearest(extends, ids.iter().copied()), text("改正 extends", "correct extends")),
                ));
            }
        }
        self.texts[at].done = true;
        if extends.is_some() && base.is_none() {
            return;
        }
        let (standard, faults) = language::read(given, base.as_ref(), self.find);
        problems.extend(faults);
        self.read.extend(standard);
    }
}

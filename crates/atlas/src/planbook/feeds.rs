//! What feeds a sentence, and what it says of it on a day.

use liangshan_accounts::catalogue;
use liangshan_accounts::targets::{Attainment, Lamp};
use liangshan_vocab::{Text, text, words};

use super::projects::{ProjectView, of_clause};
use super::published::Published;
use super::records::Book;
use super::statistics::Statistics;
use super::targets::TargetView;
use super::values::Fed;
use super::zones::{AreaShares, said};
use crate::region::Region;

/// A feed as it is declared, `target:T05`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Feed {
    /// `target`, `indicator`, `statistic`, `register`, `projects`, `layer`, `standard` or `command`.
    pub kind: String,
    /// What of it.
    pub of: String,
}

impl Feed {
    /// Reads it; a word without a colon is of no kind.
    pub fn parse(word: &str) -> Self {
        let (kind, of) = word.split_once(':').unwrap_or(("", word));
        Self { kind: kind.to_owned(), of: of.to_owned() }
    }
}

impl std::fmt::Display for Feed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.kind, self.of)
    }
}

/// A feed on a day.
#[derive(Debug, Clone, PartialEq)]
pub struct FeedView {
    /// The feed.
    pub feed: Feed,
    /// Computed, typed or nothing.
    pub fed: Fed,
    /// Its lamp, where it can be judged.
    pub lamp: Option<Lamp>,
    /// What it says.
    pub says: Text,
    /// Where it comes from; empty where that has no meaning.
    pub origin: String,
}

/// A number as people read it: four decimals at most, fewer where it is large.
pub fn shown(value: f64) -> String {
    let decimals = match value.abs() {
        v if v >= 1000.0 => 1,
        v if v >= 100.0 => 2,
        _ => 4,
    };
    let written = format!("{value:.decimals$}");
    if written.contains('.') { written.trim_end_matches('0').trim_end_matches('.').to_owned() } else { written }
}

/// What feeds can be looked up in.
pub struct Sources<'s> {
    /// The region.
    pub region: &'s Region,
    /// Targets.
    pub targets: &'s [TargetView],
    /// Registers.
    pub books: &'s [Book],
    /// Projects.
    pub projects: &'s [ProjectView],
    /// The kept account.
    pub published: &'s Published,
    /// Statistics.
    pub statistics: &'s Statistics,
    /// Layers.
    pub areas: &'s AreaShares,
    /// Commands of the program.
    pub commands: &'s [String],
}

impl Sources<'_> {
    /// Looks a feed up for rows of the plan; `None` where there is no such thing at all.
    pub fn view(&self, feed: &Feed, rows: &[&str]) -> Option<FeedView> {
        let seen = |fed, lamp, says, origin: &str| Some(FeedView { feed: feed.clone(), fed, lamp, says, origin: origin.to_owned() });
        match feed.kind.as_str() {
            "target" => self.target(feed),
            "register" => self.register(feed, rows),
            "projects" => {
                let Some((count, lamp)) = of_clause(self.projects, &feed.of) else {
                    // A clause without projects is known where the plan has such a chapter; it then has none yet.
                    return feed.of.starts_with("任务").then(|| self.nothing(feed, text("该条款还没有项目", "no project under this clause yet")));
                };
                let red = self.projects.iter().filter(|p| p.clause == feed.of && p.progress.lamp == Lamp::Red).count();
                seen(Fed::Computed, Some(lamp), words!("{count} 个项目，{red} 个红灯", "{count} projects, {red} of them red"), self.project_origin())
            }
            "indicator" => self.indicator(feed),
            "statistic" => {
                let (year, row) = self.statistics.latest(&self.region.declared.code, &feed.of)?;
                let (value, unit) = (row.value, &row.unit);
                seen(Fed::Typed, None, words!("{year} 年 {value} {unit}", "{value} {unit} in {year}"), &row.origin)
            }
            "layer" => {
                let share = self.areas.share(&feed.of)?;
                if share.features == 0 {
                    return Some(self.nothing(feed, text("图层没有要素", "the layer has no feature")));
                }
                seen(Fed::Computed, None, said(share), &share.origin)
            }
            "standard" => {
                let standard = liangshan_duty::standard::shipped().get(&feed.of).ok()?;
                seen(Fed::Computed, None, Text::of(format!("规则数据：{}", standard.title.zh), format!("rules as data: {}", standard.title.en)), "")
            }
            "command" => {
                let name = self.commands.iter().find(|c| **c == feed.of)?;
                seen(Fed::Computed, None, words!("命令 liangshan {name}", "the command liangshan {name}"), "")
            }
            _ => None,
        }
    }

    fn nothing(&self, feed: &Feed, says: Text) -> FeedView {
        FeedView { feed: feed.clone(), fed: Fed::Nothing, lamp: None, says, origin: String::new() }
    }

    fn project_origin(&self) -> &str {
        self.books.iter().find(|b| b.register.id == "projects").and_then(|b| b.origins.iter().next().copied()).unwrap_or("")
    }

    fn target(&self, feed: &Feed) -> Option<FeedView> {
        let view = self.targets.iter().find(|t| t.row.id == feed.of)?;
        let standing = &view.standing;
        let Some((year, value)) = standing.latest else {
            let why = view.values.short.values().next_back().cloned();
            return Some(self.nothing(feed, why.unwrap_or(text("没有数值", "no value"))));
        };
        let own = view.values.city.get(&year);
        let (fed, origin) = own.map_or((Fed::Nothing, ""), |v| (v.fed, v.origin.as_str()));
        let (wanted, value) = (view.wanted(), shown(value));
        let verdict = match (standing.attained, standing.now) {
            (Attainment::Yes, _) => text("达到", "met"),
            (Attainment::No, _) => text("未达到", "not met"),
            (_, Attainment::Yes) => text("现值达标，尚不能判定", "met at present, not decided yet"),
            (_, Attainment::No) => text("现值未达标，尚不能判定", "short at present, not decided yet"),
            _ => text("不能判定", "undecidable"),
        };
        let says = Text::of(format!("{} 年 {value}（目标 {wanted}）：{}", year, verdict.zh), format!("{value} in {year} (target {wanted}): {}", verdict.en));
        Some(FeedView { feed: feed.clone(), fed, lamp: Some(standing.lamp), says, origin: origin.to_owned() })
    }

    fn register(&self, feed: &Feed, rows: &[&str]) -> Option<FeedView> {
        let book = self.books.iter().find(|b| b.register.id == feed.of)?;
        let serving: Vec<_> = book.serving(rows).collect();
        let (all, title) = (serving.len(), &book.register.title);
        let silent = serving.iter().filter(|r| book.not_reported(r)).count();
        let says = match (all, silent) {
            (0, _) => Text::of(format!("{}：没有记录", title.zh), format!("{}: no record", title.en)),
            (_, 0) => Text::of(format!("{}：{all} 条记录", title.zh), format!("{}: {all} records", title.en)),
            _ => Text::of(format!("{}：{all} 条记录，{silent} 条未报送", title.zh), format!("{}: {all} records, {silent} not reported", title.en)),
        };
        if all == silent {
            return Some(self.nothing(feed, says));
        }
        let origin = book.origins.iter().copied().collect::<Vec<_>>().join("+");
        Some(FeedView { feed: feed.clone(), fed: Fed::Computed, lamp: None, says, origin })
    }

    fn indicator(&self, feed: &Feed) -> Option<FeedView> {
        let total = feed.of == "gep";
        let known = total || catalogue::indicator(&feed.of).is_some();
        if !known {
            return None;
        }
        if self.published.is_empty() {
            return Some(self.nothing(feed, self.published.wanting(self.region)));
        }
        let yuan = |year: i32| -> Option<(String, f64)> {
            let written = if total { &self.published.totals.get(&year)?.yuan } else { &self.published.rows.get(&feed.of)?.get(&year)?.yuan };
            Some((written.clone(), written.parse().ok()?))
        };
        let years: Vec<i32> = if total {
            self.published.totals.keys().copied().collect()
        } else {
            self.published.rows.get(&feed.of).map(|y| y.keys().copied().collect()).unwrap_or_default()
        };
        let Some((year, (_, now))) = years.iter().rev().find_map(|y| Some((*y, yuan(*y)?))) else {
            return Some(self.nothing(feed, text("账户中没有该指标的数值", "the account has no value of it")));
        };
        let origin = self.published.rows.get(&feed.of).and_then(|y| y.get(&year)).map(|r| r.origin.clone()).unwrap_or_default();
        let title = if total { self.published.totals.get(&year).map(|t| t.title.clone()).unwrap_or_default() } else { String::new() };
        let (hundred_millions, billions) = (now / 1e8, now / 1e9);
        let before = yuan(year - 1).map(|(_, b)| b).filter(|b| *b != 0.0);
        let (change_zh, change_en) = before.map_or((String::new(), String::new()), |b| {
            let change = 100.0 * (now - b) / b;
            (format!("，比上年 {change:+.1} %"), format!(", {change:+.1} % on the year before"))
        });
        let says = Text::of(format!("{title}{year} 年 {hundred_millions:.2} 亿元{change_zh}"), format!("{billions:.3} billion yuan in {year}{change_en}"));
        Some(FeedView { feed: feed.clone(), fed: Fed::Computed, lamp: None, says, origin })
    }
}

//! Sections at which items of tables 2 or 3 were measured, judged as drinking-water sources as well.

use std::collections::BTreeMap;

use liangshan_duty::standard::{Standard, Table as Limits};
use liangshan_duty::water::{Drinking, Reading, Rules, Water, drinking, rate_by_volume};
use liangshan_vocab::{Problem, Text, text, words};
use serde_json::json;

use crate::assess::result::{Cell, Fact, Table, Tone, number};

/// The items of tables 2 and 3 of a standard: code, names and unit.
pub(super) fn further(limits: &Standard) -> Result<Vec<(String, Text, String)>, Problem> {
    let of = |table: &Limits| {
        let row =
            |row| (table.text(row, "code").to_owned(), Text::of(table.text(row, "name_zh"), table.text(row, "name_en")), table.text(row, "unit").to_owned());
        table.rows.iter().map(row).collect::<Vec<_>>()
    };
    Ok([of(limits.table("drinking")?), of(limits.table("specific")?)].concat())
}

/// A sample of a source.
#[derive(Default)]
pub(super) struct Sampled<'e> {
    /// Items by code, those of table 1 among them.
    pub(super) readings: Vec<(&'e str, Reading)>,
    /// True when one is of table 2 or 3.
    pub(super) is_source: bool,
    /// What was drawn, where the file says so.
    pub(super) volume: Option<f64>,
}

/// What is said of one sample.
pub(in crate::assess) struct OfSource {
    section: String,
    at: String,
    volume: Option<f64>,
    items: usize,
    said: Drinking,
}

/// Samples by section and time.
pub(super) type Samples<'e> = BTreeMap<(&'e str, &'e str), Sampled<'e>>;

/// Judges the samples in which an item of table 2 or 3 was measured. `of` gives the rules of a sample's day
/// and the kind of its water.
///
/// # Errors
/// What the standard lacks.
pub(super) fn judge<'r, 's: 'r>(samples: &Samples<'_>, of: impl Fn(&str, &str) -> Option<(&'r Rules<'s>, Water)>) -> Result<Vec<OfSource>, Problem> {
    let mut out = Vec::new();
    for ((section, at), sample) in samples.iter().filter(|(_, s)| s.is_source) {
        let Some((rules, water)) = of(section, at) else { continue };
        let said = drinking(rules, water, &sample.readings)?;
        out.push(OfSource { section: (*section).to_owned(), at: (*at).to_owned(), volume: sample.volume, items: sample.readings.len(), said });
    }
    Ok(out)
}

pub(super) fn table(sources: &[OfSource], name: impl Fn(&str) -> Text) -> Option<Table> {
    if sources.is_empty() {
        return None;
    }
    let mut table = Table::new(
        "drinking",
        text("集中式饮用水水源地", "Drinking-water sources"),
        text(
            "测了表 2、表 3 项目的断面另按水源地评价：表 1 参评项目达Ⅲ类，表 2 五项与所测表 3 项目不超限值。有项目未测或未定时不算达标。",
            "Sections at which items of tables 2 or 3 were measured, judged as sources too: items of table 1 at class III, the five of table 2 and those measured of table 3 within their limits. What was not measured passes nothing.",
        ),
        20,
        &[
            ("section", "断面", "section", ""),
            ("time", "时间", "time", ""),
            ("items", "项数", "items", "1"),
            ("passes", "达标", "passes", ""),
            ("failing", "超标项目", "items that fail", ""),
            ("undecided", "未定项目", "open items", ""),
            ("missing", "未测项目", "items not measured", ""),
            ("~volume", "取水量", "water drawn", ""),
        ],
    );
    for s in sources {
        let listed = |codes: &[String]| {
            let join = |of: fn(&Text) -> &str, with: &str| codes.iter().map(|c| of(&name(c)).to_owned()).collect::<Vec<_>>().join(with);
            if codes.is_empty() { Cell::Blank } else { Cell::Text(Text::of(join(|t| &t.zh, "、"), join(|t| &t.en, ", "))) }
        };
        let words = match s.said.passes {
            Some(true) => text("达标", "passes"),
            Some(false) => text("不达标", "fails"),
            None => text("未定", "open"),
        };
        table.push(vec![
            Cell::word(&s.section),
            Cell::word(&s.at),
            Cell::Whole(s.items as i64),
            Cell::Truth(s.said.passes, words),
            listed(&s.said.failing),
            listed(&s.said.undecided),
            listed(&s.said.missing),
            Cell::number(s.volume, 4),
        ]);
    }
    Some(table)
}

/// The rate by count of the samples that are decided; by water drawn beside it, where all tell theirs.
pub(super) fn fact(sources: &[OfSource]) -> Option<Fact> {
    if sources.is_empty() {
        return None;
    }
    let (all, decided) = (sources.len(), sources.iter().filter(|s| s.said.passes.is_some()).count());
    let passing = sources.iter().filter(|s| s.said.passes == Some(true)).count();
    let volumes: Option<Vec<(f64, Option<bool>)>> = sources.iter().map(|s| Some((s.volume?, s.said.passes))).collect();
    let by_volume = volumes.and_then(rate_by_volume);
    let note = match by_volume {
        Some(rate) => {
            let rate = number(rate, 2);
            words!("样次；按水量 {rate}%；共 {all} 样次", "samples; {rate}% by water drawn; {all} in all")
        }
        None => words!("判定的样次；共 {all} 样次", "samples that are decided, of {all}"),
    };
    Some(Fact {
        id: "drinking",
        label: text("水源地达标", "Drinking sources pass"),
        value: Text::same(format!("{passing}/{decided}")),
        json: json!({ "samples": all, "decided": decided, "passing": passing, "by_volume_pct": by_volume }),
        note,
        tone: match (decided, passing) {
            (0, _) => Tone::Open,
            (d, p) if d == p && d == all => Tone::Good,
            (d, p) if d == p => Tone::Open,
            _ => Tone::Bad,
        },
    })
}

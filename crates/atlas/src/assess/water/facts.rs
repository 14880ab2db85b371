//! What to know first of water.

use super::Judgement;
use super::beside::why_code;
use super::tables::{latest, rated};
use crate::assess::result::{Fact, FileRead, Tone, number};
use liangshan_duty::water::{Span, Water, Why};
use liangshan_vocab::{Text, text, words};
use serde_json::{Value, json};

pub(super) fn facts(of: &Judgement<'_, '_>, file: &FileRead) -> Vec<Fact> {
    let all = &of.all;
    let lakes = all.stations.iter().filter(|s| s.water == Water::Lake).count();
    let (count, rivers) = (all.stations.len(), all.stations.len() - lakes);
    let plain = |id, label: Text, value: Text, json: Value, note: Text| Fact { id, label, value, json, note, tone: Tone::Plain };
    let mut facts = vec![plain(
        "sections",
        text("断面", "Sections"),
        Text::same(count.to_string()),
        json!(count),
        words!("河流 {rivers}，湖库 {lakes}", "{rivers} of rivers, {lakes} of lakes"),
    )];
    let undecided = all.times.iter().filter(|t| t.section.class().is_none()).count();
    let aside = file.set_aside;
    facts.push(plain(
        "samples",
        text("评价样次", "Samples judged"),
        Text::same(all.times.len().to_string()),
        json!(all.times.len()),
        words!("未能定类 {undecided}；维护等剔除 {aside} 行", "{undecided} left open; {aside} rows set aside as maintenance or the like"),
    ));
    let month = latest(all, Span::Month).map(str::to_owned);
    if let Some(month) = month {
        let rates = all.compliance();
        if let Some((_, _, c)) = rates.iter().find(|(span, p, _)| *span == Span::Month && *p == month) {
            let (assessed, few) = (c.assessed, c.insufficient);
            let percent = |p: Option<f64>| p.map_or_else(|| text("—", "—"), |p| Text::same(format!("{}%", number(p, 1))));
            let tone = |p: Option<f64>| match p {
                Some(p) if p >= 100.0 => Tone::Good,
                Some(_) => Tone::Bad,
                None => Tone::Open,
            };
            let note = words!("{month}，评价 {assessed} 个断面，数据不足 {few} 个", "{month}, {assessed} sections assessed, {few} insufficient");
            facts.push(Fact {
                id: "third_pct",
                label: text("Ⅲ类及以上断面", "Class III or better"),
                value: percent(c.third_pct),
                json: json!(c.third_pct),
                note,
                tone: tone(c.third_pct),
            });
            let without = c.without_target;
            let note = words!("{month}，{without} 个断面未给目标", "{month}, {without} sections have no target");
            facts.push(Fact {
                id: "own_pct",
                label: text("达到各自目标的断面", "Own target met"),
                value: percent(c.own_pct),
                json: json!(c.own_pct),
                note,
                tone: tone(c.own_pct),
            });
        }
        if let Some((title, good)) = rated(all, Span::Month, &month) {
            let good = number(good, 1);
            facts.push(plain(
                "rating",
                text("整体评价", "Rating of all"),
                title.clone(),
                json!(title.en),
                words!("{month}，Ⅰ–Ⅲ类占 {good}%", "{month}, {good}% of class I to III"),
            ));
        }
    }
    facts.extend(super::sources::fact(&of.sources));
    if !of.compared.is_empty() {
        let (compared, equal) = (of.compared.len(), of.compared.iter().filter(|c| c.why == Why::Same).count());
        facts.push(Fact {
            id: "published",
            label: text("与公布类别一致", "Agrees with published"),
            value: Text::same(format!("{equal}/{compared}")),
            json: json!({ "compared": compared, "equal": equal }),
            note: reasons(of),
            tone: if equal == compared { Tone::Good } else { Tone::Open },
        });
    }
    if let Some(replay) = &of.replay {
        let (count, [a, b]) = (replay.differing.len(), &replay.editions);
        facts.push(plain(
            "editions_differ",
            text("两版不同", "Editions differ"),
            Text::same(count.to_string()),
            json!(count),
            words!("{a} 与 {b}，样次与时段", "{a} and {b}, samples and periods"),
        ));
    }
    facts
}

/// `限值边上 2，沿用 4`.
pub(super) fn reasons(of: &Judgement<'_, '_>) -> Text {
    let short = [
        ("rounding", "未修约", "not rounded"),
        ("limit_edge", "限值边上", "at a limit"),
        ("carried_over", "疑似沿用", "carried over"),
        ("not_decided", "未定", "open"),
        ("unexplained", "原因不明", "unexplained"),
    ];
    let counts: Vec<(usize, &str, &str)> =
        short.iter().map(|(code, zh, en)| (of.compared.iter().filter(|c| why_code(c.why) == *code).count(), *zh, *en)).filter(|c| c.0 > 0).collect();
    if counts.is_empty() {
        return text("全部一致", "all agree");
    }
    let zh: Vec<String> = counts.iter().map(|(n, zh, _)| format!("{zh} {n}")).collect();
    let en: Vec<String> = counts.iter().map(|(n, _, en)| format!("{en} {n}")).collect();
    Text::of(format!("不同的：{}", zh.join("，")), format!("others: {}", en.join(", ")))
}

//! What stands beside the classes: lakes, trends, published classes, and two editions.

use super::Judgement;
use super::tables::{class, span_word};
use crate::assess::result::{Cell, Table};
use liangshan_duty::water::{Split, Why};
use liangshan_vocab::{Text, text, words};

pub(super) fn lakes(of: &Judgement<'_, '_>) -> Option<Table> {
    if of.lakes.is_empty() {
        return None;
    }
    let mut table = Table::new(
        "trophic",
        text("湖库营养状态", "Trophic state of lakes"),
        text(
            "综合营养状态指数；缺参数时按其余参数重新分配权重，注明“部分”。",
            "The trophic index; where a parameter is missing its weight goes to the others and the result is partial.",
        ),
        12,
        &[
            ("lake", "湖库", "lake", ""),
            ("span", "周期", "span", ""),
            ("period", "时段", "period", ""),
            ("index", "综合营养状态指数", "TLI", "1"),
            ("state", "营养状态", "state", ""),
            ("partial", "参数", "parameters", ""),
            ("sufficient", "数据充分", "sufficient", ""),
        ],
    );
    for lake in &of.lakes {
        let all = lake.trophic.parts.len();
        let there = lake.trophic.parts.iter().flatten().count();
        table.push(vec![
            Cell::word(&of.all.stations[lake.station].name),
            Cell::Text(span_word(lake.span)),
            Cell::word(&lake.period),
            Cell::number(Some(lake.trophic.index), 1),
            // Too little data has no state.
            if lake.insufficient { Cell::Blank } else { Cell::Text(lake.trophic.title.clone()) },
            Cell::Text(if lake.trophic.partial {
                words!("部分（{there}/{all}）", "partial ({there}/{all})")
            } else {
                words!("齐全（{there}/{all}）", "complete ({there}/{all})")
            }),
            Cell::Truth(Some(!lake.insufficient), if lake.insufficient { text("不足", "insufficient") } else { text("充分", "sufficient") }),
        ]);
    }
    Some(table)
}

pub(super) fn trends(of: &Judgement<'_, '_>) -> Option<Table> {
    if of.trends.is_empty() {
        return None;
    }
    let mut table = Table::new(
        "trends",
        text("年际趋势（秩相关）", "Trends over years (rank correlation)"),
        text(
            "数据充分的年份足够时检验；显著上升表示浓度变高（溶解氧相反）。",
            "Where there are enough years with enough data. Rising is worse, but for dissolved oxygen.",
        ),
        12,
        &[
            ("section", "断面", "section", ""),
            ("item", "项目", "item", ""),
            ("from", "自", "from", ""),
            ("to", "至", "to", ""),
            ("years", "年数", "years", "1"),
            ("rs", "秩相关系数", "rank correlation", "1"),
            ("trend", "趋势", "trend", ""),
        ],
    );
    for t in &of.trends {
        let word = match t.trend.as_ref().map(|t| t.word()) {
            Some("rising") => text("显著上升", "rising"),
            Some("falling") => text("显著下降", "falling"),
            Some(_) => text("无显著趋势", "none"),
            None => text("无该年数的临界值", "no critical value for so many years"),
        };
        table.push(vec![
            Cell::word(&of.all.stations[t.station].name),
            Cell::word(&t.item),
            Cell::word(&t.years.0),
            Cell::word(&t.years.1),
            Cell::Whole(t.periods as i64),
            Cell::number(t.trend.as_ref().map(|t| t.rs), 3),
            Cell::Text(word),
        ]);
    }
    Some(table)
}

/// Why a published class differs, in words.
pub(super) fn why(of: &Judgement<'_, '_>, why: Why) -> Text {
    match why {
        Why::Same => text("一致", "the same"),
        Why::NotDecided => text("数值不足以判定", "the values decide nothing"),
        Why::Rounding => text("公布值未经评价前修约", "published without rounding before judging"),
        Why::LimitEdge { item } => {
            let title = of.all.rules.last().map(|r| r.items[item].title.clone()).unwrap_or_default();
            Text::of(format!("{}恰在限值边上，差半个末位", title.zh), format!("{} lies at a limit, half a last digit away", title.en))
        }
        Why::CarriedOver => text("与前一次公布相同，疑似沿用", "the same as published before: probably carried over"),
        Why::Unexplained => text("原因不明", "not explained"),
    }
}

pub(super) fn published(of: &Judgement<'_, '_>) -> Option<Table> {
    if of.compared.is_empty() {
        return None;
    }
    let mut table = Table::new(
        "published_differs",
        text("与公布类别不同的行", "Rows whose published class differs"),
        text("按该行自己的数值重算；一致的行不列。", "Judged again by the row's own values; rows that agree are not listed."),
        12,
        &[
            ("section", "断面", "section", ""),
            ("time", "时间", "time", ""),
            ("row", "行号", "row", ""),
            ("published", "公布", "published", ""),
            ("computed", "重算", "computed", ""),
            ("why", "原因", "why", ""),
            ("~why_code", "原因代码", "code of why", ""),
            ("set_aside", "该行状态", "status of the row", ""),
        ],
    );
    for c in of.compared.iter().filter(|c| c.why != Why::Same) {
        let row = &of.published[c.of];
        let aside = of.compared_aside.contains(&row.row);
        table.push(vec![
            Cell::word(&row.section),
            Cell::word(&row.at),
            Cell::Whole(row.row.cast_signed()),
            class(Some(row.class)),
            class(c.computed),
            Cell::Text(why(of, c.why)),
            Cell::word(why_code(c.why)),
            if aside { Cell::Text(text("维护等，不计入评价", "maintenance or the like, not judged")) } else { Cell::Blank },
        ]);
    }
    Some(table)
}

pub(super) fn why_code(why: Why) -> &'static str {
    match why {
        Why::Same => "same",
        Why::NotDecided => "not_decided",
        Why::Rounding => "rounding",
        Why::LimitEdge { .. } => "limit_edge",
        Why::CarriedOver => "carried_over",
        Why::Unexplained => "unexplained",
    }
}

pub(super) fn replayed(of: &Judgement<'_, '_>) -> Vec<Table> {
    let Some(replay) = &of.replay else { return Vec::new() };
    let [a, b] = &replay.editions;
    let columns = [
        ("section", "断面", "section", ""),
        ("at", "时间或时段", "time or period", ""),
        ("before", "前", "before", ""),
        ("after", "后", "after", ""),
        ("rule", "规则变化", "change of rule", "1"),
        ("nature", "自然变化", "change of nature", "1"),
        ("items", "评价不同的项目", "items seen differently", ""),
    ];
    let whole = |n: Option<i8>| n.map_or(Cell::Blank, |n| Cell::Whole(i64::from(n)));
    let fill = |table: &mut Table, splits: &[Split]| {
        for s in splits {
            table.push(vec![
                Cell::word(&s.section),
                Cell::word(&s.at),
                class(s.before),
                class(s.after),
                whole(s.rule),
                whole(s.nature),
                Cell::word(s.items.join(", ")),
            ]);
        }
    };
    let lead = words!(
        "前：{a}；后：{b}。级差为正表示变差；同一样次自然不变，差别全部来自规则。",
        "Before by {a}, after by {b}. Classes, positive is worse; nature is the same in one sample, so all of a difference is the rule's."
    );
    let mut same = Table::new("editions_differ", text("两版结果不同的样次与时段", "Samples and periods the editions see differently"), lead, 16, &columns);
    fill(&mut same, &replay.differing);
    let lead = words!(
        "前一时段按 {a}，后一时段按 {b}；规则变化与自然变化之和为总变化。",
        "The earlier period by {a}, the later by {b}; rule and nature add up to the whole."
    );
    let mut next = Table::new("between_periods", text("相邻时段的变化", "From one period to the next"), lead, 16, &columns);
    fill(&mut next, &replay.between);
    vec![same, next]
}

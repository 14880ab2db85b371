//! What an expert review will attack, ranked by the yuan at stake (评审质询单).

use liangshan_accounts::review::Question;
use liangshan_vocab::{Fen, Text, text};

use super::view::{View, cell_money, heads, table};
use crate::ui::bars::{Piece, bar};
use crate::ui::html::Html;
use crate::ui::words;

/// How many questions the report prints; all of them stand in `review.csv`.
const MOST: usize = 24;

pub(super) fn draw(h: &mut Html, view: &View<'_>) {
    let all: Vec<&Question> = view.publication.review.iter().filter(|q| q.year == view.latest).collect();
    let widest = all.iter().filter_map(|q| q.stake).map(|s| s.0.abs()).max().unwrap_or(1).max(1);
    let count = all.len();
    let unit = words::table_unit();
    let caption = Text::of(
        format!("{} 年评审质询单（{}），{count} 条中所涉金额最大的 {} 条。全部见 review.csv", view.latest, unit.zh, count.min(MOST)),
        format!("What a review of {} will attack ({}): the {} with most at stake of {count}; all of them in review.csv", view.latest, unit.en, count.min(MOST)),
    );
    table(h, ".review", &caption, |h| {
        heads(
            h,
            &[
                (text("名次", "Rank"), true),
                (text("指标", "Indicator"), false),
                (text("质询", "Question"), false),
                (text("现值", "Now"), true),
                (text("次优选择下", "Next best"), true),
                (text("所涉金额", "At stake"), true),
            ],
        );
        h.el("tbody", |h| {
            for (rank, question) in all.iter().take(MOST).enumerate() {
                h.el("tr", |h| row(h, view, rank + 1, question, widest));
            }
        });
    });
    h.line(
        "p.note",
        &text(
            "所涉金额：有次优选择的为二者之差，否则为建立在该薄弱处上的全部金额；各条互有重叠，不可相加。次优选择是方案列出的其他单价，或合理区间的边缘，并不表示应当采用。",
            "At stake is the difference to the next-best alternative where there is one, else all that rests on the weak point. The stakes overlap and do not add up. An alternative is another price the profile names, or the edge of a band; it is no advice to take it.",
        ),
    );
}

fn row(h: &mut Html, view: &View<'_>, rank: usize, q: &Question, widest: i128) {
    let name = if q.indicator.is_empty() { text("合计", "The total") } else { view.indicator(&q.indicator) };
    h.el("td.n", |h| h.text(&rank.to_string()));
    h.with("th", &[("scope", "row")], |h| h.say(&name));
    h.el("td.what", |h| {
        h.line("span.tag", &q.ground.title());
        h.text(" ");
        h.say(&view.named(&q.what));
        if let Some(other) = &q.otherwise {
            h.el("div.small", |h| {
                h.line("span.tag", &text("次优", "Next best"));
                h.text(" ");
                h.say(&other.what);
            });
        }
        h.el("div.small", |h| {
            h.line("span.tag", &text("查看", "See"));
            h.text(" ");
            h.el("code", |h| h.say(&q.look));
        });
    });
    h.el("td.n", |h| q.value.into_iter().for_each(|v| cell_money(h, v)));
    h.el("td.n", |h| q.otherwise.iter().for_each(|o| cell_money(h, o.value)));
    h.el("td.n.stake", |h| match q.stake {
        Some(stake) => {
            cell_money(h, stake);
            let says = words::money(stake);
            let share = (stake.0.abs() as f64 / widest as f64).max(0.004);
            bar(h, &says.clone(), &[Piece { from: 0.0, share, class: "stake".into(), says }]);
        }
        None => h.say(&text("无法估计", "unknown")),
    });
}

/// The stake that a sentence elsewhere may name: the greatest that has an alternative.
pub(super) fn greatest_with_alternative<'a>(view: &View<'a>) -> Option<(&'a Question, Fen)> {
    view.publication.review.iter().filter(|q| q.year == view.latest && q.otherwise.is_some()).find_map(|q| Some((q, q.stake?)))
}

/// Words for the contents of the section.
pub(super) fn lead(view: &View<'_>) -> Text {
    let intro = text(
        "专家评审最可能攻击之处，按所涉金额由大到小；每条写明次优选择下的数字与查看何处。",
        "Where an expert review will attack, most yuan first; each with the number under the next-best alternative and where to look.",
    );
    let Some((question, stake)) = greatest_with_alternative(view) else { return intro };
    let (name, stake) = (view.indicator(&question.indicator), words::money(stake));
    Text::of(
        format!("{}有替代选择的各条中，{}的变动最大：{}。", intro.zh, name.zh, stake.zh),
        format!("{} Among those with an alternative, {} would move most: {}.", intro.en, name.en.to_lowercase(), stake.en),
    )
}

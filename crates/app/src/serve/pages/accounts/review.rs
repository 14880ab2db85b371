//! What an expert review will attack, by the yuan at stake.

use liangshan_accounts::account::ALL;
use liangshan_accounts::review::Question;
use liangshan_vocab::{Text, text, words};

use super::desk::Desk;
use crate::ui::bars::{Piece, bar};
use crate::ui::html::Html;
use crate::ui::words;

/// Questions that are shown at once.
const FIRST: usize = 6;

/// The questions about the chosen year.
pub(super) fn of<'a>(desk: &Desk<'a>) -> Vec<&'a Question> {
    desk.publication().review.iter().filter(|q| q.year == desk.year).collect()
}

pub(super) fn draw(h: &mut Html, desk: &Desk<'_>) {
    let all = of(desk);
    if all.is_empty() {
        h.line("p", &text("本年没有找到薄弱处。", "No weak point was found in this year."));
        return;
    }
    h.el("p.caption", |h| {
        h.say(&text(
            "针对全域账户，按所涉金额由大到小。有次优选择的，所涉金额为二者之差，否则为建立在该薄弱处上的全部金额；各条互有重叠，不可相加。",
            "About the account of the whole region, most yuan first. At stake is the difference to the next-best alternative, else all that rests on the weak point; the stakes overlap and do not add up.",
        ));
    });
    let widest = all.iter().filter_map(|q| q.stake).map(|s| s.0.abs()).max().unwrap_or(1).max(1);
    h.el("ol.questions", |h| all.iter().take(FIRST).for_each(|q| question(h, desk, q, widest)));
    if all.len() > FIRST {
        h.el("details", |h| {
            let more = all.len() - FIRST;
            h.line("summary", &words!("其余 {more} 条", "{more} more"));
            let start = (FIRST + 1).to_string();
            h.with("ol.questions", &[("start", &start)], |h| all.iter().skip(FIRST).for_each(|q| question(h, desk, q, widest)));
        });
    }
}

fn question(h: &mut Html, desk: &Desk<'_>, q: &Question, widest: i128) {
    let total = desk.publication().account.total(q.year, &desk.publication().whole, ALL).map_or("gep", |t| t.id());
    let id = if q.indicator.is_empty() { total } else { q.indicator.as_str() };
    let name = if q.indicator.is_empty() { text("合计", "The total") } else { desk.view.indicator(&q.indicator) };
    h.el("li", |h| {
        h.el("div.what", |h| {
            let here = q.indicator.is_empty() || desk.view.row(q.year, &q.indicator).is_some();
            if here {
                h.with("a", &[("href", &desk.why(id, &desk.publication().whole, q.year, ALL))], |h| h.el("b", |h| h.say(&name)));
            } else {
                h.el("b", |h| h.say(&name));
            }
            h.text(" ");
            h.line("span.tag", &q.ground.title());
            h.el("p", |h| h.say(&words::sentence(&desk.view.named(&q.what))));
            h.el("p.caption", |h| {
                if let Some(other) = &q.otherwise {
                    h.say(&text("次优选择：", "Next best: "));
                    h.say(&desk.view.named(&other.what));
                    let value = words::money(other.value);
                    h.say(&Text::of(format!("，得 {}。", value.zh), format!(", giving {}. ", value.en)));
                }
                h.say(&text("查看：", "See: "));
                h.el("code", |h| h.say(&q.look));
            });
        });
        h.el("div.stake", |h| match q.stake {
            Some(stake) => {
                let (says, exact) = (words::money(stake), words::exact(stake));
                h.with("span.figure", &[("title", desk.say(&exact))], |h| h.say(&says));
                let share = (stake.0.abs() as f64 / widest as f64).max(0.004);
                bar(h, &says.clone(), &[Piece { from: 0.0, share, class: "stake".into(), says }]);
            }
            None => h.line("span.muted", &text("金额无法估计", "stake unknown")),
        });
    });
}

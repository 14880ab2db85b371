//! The text of the plan, paragraph by paragraph, every sentence with the colour of its state.

use liangshan_atlas::planbook::Planbook;
use liangshan_atlas::planbook::rows::{RowView, State};
use liangshan_atlas::planbook::wording::Sentence;
use liangshan_vocab::Text;

use super::state_chip;
use crate::ui::html::Html;

pub(super) fn draw(h: &mut Html, plan: &Planbook) {
    h.el("div.states", |h| {
        for state in [State::Done, State::Green, State::Recorded, State::Grey, State::Yellow, State::Red, State::Unfed] {
            state_chip(h, state);
        }
    });
    h.with("div.sheet.wording", &[("lang", "zh-CN")], |h| {
        let mut paragraph: Vec<(&Sentence, &RowView)> = Vec::new();
        for pair in plan.sentences.iter().zip(&plan.sentence_views) {
            if pair.0.lead.contains('\n') && !paragraph.is_empty() {
                one(h, &paragraph);
                paragraph.clear();
            }
            paragraph.push(pair);
        }
        one(h, &paragraph);
    });
}

fn one(h: &mut Html, sentences: &[(&Sentence, &RowView)]) {
    let Some((first, _)) = sentences.first() else { return };
    let title = sentences.len() == 1 && sentences[0].1.state == State::Said;
    let class = match (title, first.lead.contains('\u{3000}')) {
        (true, _) => "p.title",
        (_, true) => "p",
        _ => "p.flush",
    };
    h.el(class, |h| {
        for (sentence, view) in sentences {
            // Numbers of tasks carry a sign of a private font behind them; a full stop is what it shows.
            let shown = sentence.text.replace('\u{e010}', "．");
            if view.state == State::Said {
                h.text(&shown);
                continue;
            }
            let (to, state) = (format!("#row-{}", view.id), view.state.title());
            let hover = Text::of(format!("{} {}：{}", view.id, view.owner_title, state.zh), format!("{} {}", view.id, state.en));
            h.with(&format!("a.s.{}", view.state.word()), &[("href", &to), ("title", &hover.to_string())], |h| h.text(&shown));
        }
    });
}

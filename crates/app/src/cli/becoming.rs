//! What `conform --becomes` says: every service before and after.

use liangshan_atlas::conform::becomes::{Becomes, Shift};
use liangshan_vocab::{Fen, Lang};
use serde_json::{Value, json};

use super::Face;
use super::print::table_of_words as table;

fn difference(shift: &Shift) -> Fen {
    Fen(shift.value.1.0 - shift.value.0.0)
}

/// The change of a quantity, exactly.
fn moved(shift: &Shift) -> String {
    let Some((before, after)) = &shift.quantity else { return String::new() };
    let change = liangshan_accounts::Amount { units: after.units - before.units, decimals: after.decimals };
    if before.decimals == after.decimals { change.to_string() } else { String::new() }
}

/// As JSON; money as strings of fen.
pub(crate) fn to_json(made: &Becomes, lang: Lang) -> Value {
    let shift = |s: &Shift| {
        json!({
            "indicator": s.indicator, "title": s.title.get(lang), "unit": s.unit,
            "quantity_before": s.quantity.as_ref().map(|q| q.0.to_string()), "quantity_after": s.quantity.as_ref().map(|q| q.1.to_string()),
            "quantity_change": s.quantity.as_ref().map(|_| moved(s)),
            "value_before_fen": s.value.0, "value_after_fen": s.value.1, "value_change_fen": difference(s), "evidence": s.evidence.word(),
        })
    };
    json!({
        "year": made.year, "profile": made.profile,
        "class": { "code": made.class.0, "attribute": made.class.1, "title": made.class.2.get(lang) },
        "rule": "cell_centre_in_site", "cells": made.cells, "cells_m2": made.cells_m2,
        "from": made.from.iter().map(|(title, cells)| json!({ "title": title.get(lang), "cells": cells })).collect::<Vec<_>>(),
        "blocks_computed": made.blocks, "blocks": made.of_blocks,
        "services": made.shifts.iter().map(shift).collect::<Vec<_>>(),
        "total": { "title": made.total_title.get(lang), "before_fen": made.total.0, "after_fen": made.total.1, "change_fen": Fen(made.total.1.0 - made.total.0.0) },
    })
}

/// For a person.
pub(super) fn shown(made: &Becomes, face: Face) -> String {
    let lang = face.lang;
    let from: Vec<String> = made.from.iter().map(|(title, cells)| format!("{} {cells}", title.get(lang))).collect();
    let (code, title) = (made.class.0, made.class.2.get(lang));
    let mut out = match lang {
        Lang::Zh => format!(
            "\n若变为 {code} {title}（{} 年，{}）：{} 个格网（格网中心在选址内者），{:.2} m²；原为 {}；重算 {}/{} 块\n",
            made.year,
            made.profile,
            made.cells,
            made.cells_m2,
            from.join("、"),
            made.blocks,
            made.of_blocks
        ),
        Lang::En => format!(
            "\nif it became {code} {title} ({}, {}): {} cells (whose centre lies in the site), {:.2} m²; they were {}; {} of {} blocks computed again\n",
            made.year,
            made.profile,
            made.cells,
            made.cells_m2,
            from.join(", "),
            made.blocks,
            made.of_blocks
        ),
    };
    let mut rows: Vec<Vec<String>> = made
        .shifts
        .iter()
        .map(|s| vec![s.title.get(lang).to_owned(), moved(s), s.unit.clone(), difference(s).yuan(), s.evidence.title().get(lang).to_owned()])
        .collect();
    rows.push(vec![made.total_title.get(lang).to_owned(), String::new(), String::new(), Fen(made.total.1.0 - made.total.0.0).yuan(), String::new()]);
    let head = [
        face.say("服务", "service"),
        face.say("实物量变化", "change of quantity"),
        face.say("单位", "unit"),
        face.say("价值变化（元）", "change of value, CNY"),
        face.say("证据", "evidence"),
    ];
    out.push_str(&table(&head, &rows));
    out
}

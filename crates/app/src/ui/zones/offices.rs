//! Declines that are told, and what changed inside the zones of each office.

use liangshan_accounts::change::Factor;
use liangshan_accounts::pieces::without;
use liangshan_atlas::zones::sheet::{Alert, Line, Office};
use liangshan_vocab::{Fen, Text, text, words};

use super::View;
use crate::ui::html::Html;
use crate::ui::report::view::{heads, table};
use crate::ui::words as said;

pub(super) fn alerts(h: &mut Html, view: &View<'_>) {
    table(h, "", &text("超过阈值的下降", "Declines beyond their threshold"), |h| {
        heads(
            h,
            &[
                (text("分区", "Zone"), false),
                (text("部门", "Office"), false),
                (text("量", "Of what"), false),
                (text("年份", "Years"), false),
                (text("变化", "Change"), true),
                (text("下降", "Decline"), true),
                (text("阈值", "Threshold"), true),
            ],
        );
        h.el("tbody", |h| {
            for line in &view.sheet.lines {
                line.alerts.iter().for_each(|alert| row(h, view, line, alert));
            }
        });
    });
}

fn row(h: &mut Html, view: &View<'_>, line: &Line, alert: &Alert) {
    h.el("tr", |h| {
        h.with("th", &[("scope", "row")], |h| h.say(&line.title));
        h.el("td", |h| h.text(line.zone.map_or("", |z| view.sheet.zones.zones[z].office_name.as_str())));
        h.el("td", |h| h.say(&alert.title()));
        h.el("td", |h| h.text(&format!("{}–{}", alert.from, alert.to)));
        h.el("td.n", |h| match alert.is_money() {
            true => h.say_with(&said::money(Fen(alert.by)), &said::exact(Fen(alert.by))),
            false => {
                let ha = said::float(alert.by as f64 / 1e6, 1);
                h.say(&words!("{ha} 公顷", "{ha} ha"));
            }
        });
        h.el("td.n.alert", |h| h.text(&said::percent(alert.share, false)));
        h.el("td.n", |h| h.text(&said::percent(alert.threshold, false)));
    });
}

/// One fold for each office: its zones, and what changed in them.
pub(super) fn draw(h: &mut Html, view: &View<'_>) {
    let sheet = view.sheet;
    for office in &sheet.offices_shown() {
        let lines: Vec<&Line> = sheet.lines_of_office(office).collect();
        let alerts: usize = lines.iter().map(|l| l.alerts.len()).sum();
        let (name, id, count) = (&office.name, &office.id, lines.len());
        let anchor = format!("office-{id}");
        h.with("details.parts", &[("id", &anchor)], |h| {
            h.line("summary", &words!("{name}：{count} 个分区，{alerts} 项预警", "{name} ({id}): {count} zones, {alerts} declines"));
            h.el("article.sheet", |h| changes(h, view, office, &lines));
        });
    }
    h.line(
        "p.note",
        &text(
            "县级部门的页面用 `liangshan zones REGION --office 代码` 单独生成：所列为本县内的部分。“本部门项目”是土地覆被造成的变化中落在该部门牵头或协办、两年间在建的项目用地以内的部分；没有项目位置的不考察，也不是零。",
            "The page of a county's office is made by `liangshan zones REGION --office CODE`: what lies in its county. Own projects have the part of land cover that lies inside the sites of projects which the office leads or helps and which were under way between the years; those without a site are not examined, which is not zero.",
        ),
    );
}

fn changes(h: &mut Html, view: &View<'_>, office: &Office, lines: &[&Line]) {
    let Some((from, to)) = view.pair else { return };
    let name = &office.name;
    let unit = said::table_unit();
    let caption =
        Text::of(format!("{name}：{from} 年至 {to} 年的变化及成因（{}）", unit.zh), format!("{name}: change from {from} to {to} by cause ({})", unit.en));
    table(h, ".pinned", &caption, |h| {
        let mut columns = vec![(text("分区", "Zone"), false), (text("变化", "Change"), true)];
        columns.extend([Factor::Weather.title(), Factor::Price.title()].map(|title| (title, true)));
        columns
            .extend([text("土地覆被（项目以外）", "Land cover outside"), text("本部门项目", "Own projects"), Factor::Rest.title()].map(|title| (title, true)));
        columns.push((text("林灌草湿（公顷）", "Natural, ha"), true));
        heads(h, &columns);
        h.el("tbody", |h| {
            for line in lines {
                h.el("tr", |h| {
                    h.with("th", &[("scope", "row")], |h| h.say(&line.title));
                    causes(h, view, office, line, (from, to));
                    let by = line.natural(to) - line.natural(from);
                    h.el("td.n", |h| h.text(&said::float(by as f64 / 1e6, 1)));
                });
            }
        });
    });
    h.line("p.note", &view.sheet.own_words(office, (from, to)));
}

/// The change and its causes; where no site is given, own projects are said not to have been examined.
fn causes(h: &mut Html, view: &View<'_>, office: &Office, line: &Line, pair: (i32, i32)) {
    let Some((_, _, whole)) = line.changes.iter().find(|c| (c.0, c.1) == pair) else {
        (0..6).for_each(|_| h.el("td.n", |_| {}));
        return;
    };
    let own = view.sheet.own(office, line, pair);
    let outside = own.as_ref().map_or(*whole, |own| without(whole, &own.change));
    let cell = |h: &mut Html, class: &str, value: Fen| {
        h.el(class, |h| {
            if value.0 != 0 {
                h.say_with(&said::signed(value), &said::exact(value));
            }
        });
    };
    cell(h, "td.n.strong", whole.after - whole.before);
    cell(h, "td.n", whole.parts.of(Factor::Weather));
    cell(h, "td.n", whole.parts.of(Factor::Price));
    cell(h, "td.n", outside.parts.of(Factor::LandCover));
    match &own {
        Some(own) => cell(h, "td.n", own.change.parts.of(Factor::LandCover)),
        None => h.el("td.n", |h| h.say(&text("未考察", "not examined"))),
    }
    cell(h, "td.n", whole.parts.of(Factor::Rest));
}

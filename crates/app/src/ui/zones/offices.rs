//! Declines that are told, and what changed inside the zones of each office.

use liangshan_accounts::change::Factor;
use liangshan_atlas::zones::sheet::{Alert, Line};
use liangshan_vocab::{Fen, Text, text, words};

use super::View;
use super::sets::changed;
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
    let offices = match &sheet.office {
        Some(own) => vec![own.clone()],
        // A table that cannot be read stopped the run before this.
        None => sheet.offices().unwrap_or_default().into_iter().filter(|o| o.county.is_none()).collect(),
    };
    for office in &offices {
        let own = |line: &&Line| sheet.office.is_some() || line.zone.is_some_and(|z| sheet.zones.zones[z].office == office.id);
        let lines: Vec<&Line> = sheet.lines.iter().filter(own).filter(|l| l.zone.is_some()).collect();
        let alerts: usize = lines.iter().map(|l| l.alerts.len()).sum();
        let (name, id, count) = (&office.name, &office.id, lines.len());
        let anchor = format!("office-{id}");
        h.with("details.parts", &[("id", &anchor)], |h| {
            h.line("summary", &words!("{name}：{count} 个分区，{alerts} 项预警", "{name} ({id}): {count} zones, {alerts} declines"));
            h.el("article.sheet", |h| changes(h, view, name, &lines));
        });
    }
    h.line(
        "p.note",
        &text(
            "县级部门的页面用 `liangshan zones REGION --office 代码` 单独生成：所列为本县内的部分。项目造成的变化尚未单独分出，包含在“土地覆被”与“其他”之中。",
            "The page of a county's office is made by `liangshan zones REGION --office CODE`: what lies in its county. What projects did is not told apart yet; it is within land cover and the rest.",
        ),
    );
}

fn changes(h: &mut Html, view: &View<'_>, name: &str, lines: &[&Line]) {
    let Some((from, to)) = view.pair else { return };
    let unit = said::table_unit();
    let caption =
        Text::of(format!("{name}：{from} 年至 {to} 年的变化及成因（{}）", unit.zh), format!("{name}: change from {from} to {to} by cause ({})", unit.en));
    table(h, ".pinned", &caption, |h| {
        let mut columns = vec![(text("分区", "Zone"), false), (text("变化", "Change"), true)];
        columns.extend(Factor::ALL.map(|f| (f.title(), true)));
        columns.push((text("林灌草湿（公顷）", "Natural, ha"), true));
        heads(h, &columns);
        h.el("tbody", |h| {
            for line in lines {
                h.el("tr", |h| {
                    h.with("th", &[("scope", "row")], |h| h.say(&line.title));
                    changed(h, line, (from, to));
                    let by = line.natural(to) - line.natural(from);
                    h.el("td.n", |h| h.text(&said::float(by as f64 / 1e6, 1)));
                });
            }
        });
    });
}

//! Pictures of series that can be looked into: drawn on the server as everywhere, with the numbers beside
//! them, from which `js/plot.js` draws the same picture with values under the pointer and a stretch of time
//! to choose. Without scripts the drawn picture stays.

use liangshan_atlas::assess::{Chart, Lines};
use liangshan_vocab::Lang;
use serde_json::{Value, json};

use crate::ui::chart;
use crate::ui::html::Html;
use crate::ui::words::symbols;

/// Milliseconds of a day.
const DAY_MS: f64 = 86_400_000.0;

/// A picture of a series; others are drawn as they are. `id` is its own on the page.
pub(super) fn plot(h: &mut Html, id: &str, picture: &Chart) {
    let Chart::Lines(lines) = picture else { return chart(h, picture) };
    h.with("div.plot", &[("data-plot", id)], |h| chart(h, picture));
    h.data(id, &numbers(lines, h.lang()).to_string());
}

/// What is drawn: times in milliseconds since 1970, a gap where points are not joined.
fn numbers(lines: &Lines, lang: Lang) -> Value {
    let series = lines.lines.iter().map(|(name, points)| {
        let mut drawn: Vec<Value> = Vec::with_capacity(points.len());
        let mut last: Option<f64> = None;
        for (day, value) in points {
            if last.is_some_and(|last| day - last > lines.gap_d) {
                drawn.push(json!([((day - lines.gap_d / 2.0) * DAY_MS).round(), null]));
            }
            drawn.push(json!([(day * DAY_MS).round(), value]));
            last = Some(*day);
        }
        json!({ "name": name, "points": drawn })
    });
    let limits = lines.limits.iter().map(|(value, title)| json!({ "value": value, "title": title.get(lang) }));
    let bands = lines
        .bands
        .iter()
        .map(|(to, colour, title)| json!({ "to": if to.is_finite() { json!(to) } else { Value::Null }, "colour": colour, "title": title.get(lang) }));
    json!({
        "title": lines.title.get(lang), "unit": symbols(&lines.unit), "lines": series.collect::<Vec<_>>(), "limits": limits.collect::<Vec<_>>(), "bands": bands.collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use liangshan_vocab::text;

    use super::*;

    /// By hand: 18 262 days after 1970-01-01 is 2020-01-01, 1 577 836 800 000 ms.
    #[test]
    fn a_gap_is_no_line_and_a_day_is_its_midnight() {
        let lines = Lines {
            title: text("氨氮", "ammonia"),
            unit: "mg/L".into(),
            note: text("", ""),
            lines: vec![("某断面".into(), vec![(18_262.0, 0.5), (18_263.0, 0.7), (18_270.0, 0.2)])],
            gap_d: 3.5,
            limits: vec![(1.0, text("Ⅲ类", "class III"))],
            bands: vec![(f64::INFINITY, "#fff".into(), text("", ""))],
        };
        let told = numbers(&lines, Lang::En);
        let points = &told["lines"][0]["points"];
        assert_eq!((points[0][0].as_f64(), points[0][1].as_f64()), (Some(1_577_836_800_000.0), Some(0.5)));
        assert_eq!((points.as_array().map(Vec::len), &points[2][1]), (Some(4), &Value::Null));
        assert_eq!((told["limits"][0]["title"].as_str(), &told["bands"][0]["to"]), (Some("class III"), &Value::Null));
    }
}

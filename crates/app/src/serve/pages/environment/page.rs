//! The page of a watched place: how it stands and why, its series, where it lies, who answers for it and
//! what is near it, with the ways on and back.

use liangshan_atlas::assess::{Assessed, Chart, Domain};
use liangshan_vocab::{Problems, Text, text, words};

use super::out::{GradeOut, ItemOut, OfficeOut, PlaceOut, RegisterOut, StandingOut, VerdictOut, WayOut};
use super::plots::plot;
use super::{locator, place};
use crate::serve::layout::{self, Page, Screen};
use crate::serve::reply::Answer;
use crate::serve::route::Ask;
use crate::serve::watch::{Point, PointKind, State, judged};
use crate::ui::html::Html;
use crate::ui::listed;
use crate::ui::words::symbols;

/// Tables of a judged file that say something of one place, with so many rows, and columns left to the JSON.
const TABLES: [(&str, usize, &[&str]); 8] = [
    ("periods", 16, &[]),
    ("trophic", 6, &[]),
    ("trend", 6, &[]),
    ("samples", 14, &["standards"]),
    ("years", 6, &["good_pct_unrounded"]),
    ("months", 14, &[]),
    ("days", 14, &["aqi_unrounded", "missing", "iaqi"]),
    ("published_differs", 8, &[]),
];

pub(super) fn shown(ask: &Ask<'_>, kind: PointKind) -> Answer {
    let point = place::chosen(ask, kind)?;
    let made = place::of(ask, point)?;
    let (watch, ground) = (ask.snapshot.watch.get()?, ask.snapshot.ground.get()?);
    let files = files(ask, point, &made);
    let page = Page {
        styles: &["css/assessed.css", "css/environment.css"],
        scripts: &["vendor/echarts@6.1.0/echarts.common.min.js"],
        modules: &["js/plot.js"],
        ..Page::of(Screen::Environment, Text::same(point.name.clone()))
    };
    Ok(layout::page(ask, &page, |h| {
        back(h, ask, point);
        h.el("h1", |h| {
            h.text(&point.name);
            h.el("span.kind", |h| {
                h.say(&kind.title());
                if point.id != point.name {
                    h.text(&format!(" {}", point.id));
                }
            });
        });
        marks(h, &made);
        h.el("div.place", |h| {
            h.el("div.main", |h| {
                now(h, ask, &made);
                why(h, ask, &made);
                for (standing, assessed) in &files {
                    series(h, ask, standing, assessed);
                }
            });
            h.el("aside.side", |h| {
                let to = point.at.map(|at| on_map(ask, at, point)).unwrap_or_default();
                locator::draw(h, ask, &ground.drawings, watch, point, &to);
                about(h, ask, &made);
                offices(h, &made.offices);
                zones(h, &made);
                made.near.iter().for_each(|register| near(h, ask, register));
            });
        });
        h.el("p.caption", |h| {
            h.say(&text("本页数据：", "The data of this page: "));
            h.with("a", &[("href", &ask.link(&format!("/api{}", point.path()), &[]))], |h| h.text("JSON"));
        });
    }))
}

/// Layers that are shown around a section, where the region has them.
const AROUND: [&str; 4] = ["counties", "rivers", "waters", "control_zone"];

/// The map there, with what belongs to such a place.
fn on_map(ask: &Ask<'_>, at: (f64, f64), point: &Point) -> String {
    let most = if point.kind == PointKind::Section { AROUND.len() } else { 1 };
    let has = |l: &&str| ask.snapshot.ground.ready().is_some_and(|g| g.drawings.layer(l).is_some());
    let layers: Vec<&str> = AROUND[..most].iter().copied().filter(has).chain(point.layer.as_deref()).collect();
    place::on_map(ask, at, &layers)
}

fn back(h: &mut Html, ask: &Ask<'_>, point: &Point) {
    h.with("nav.caption.back", &[("aria-label", ask.say("返回", "back"))], |h| {
        h.with("a", &[("href", &ask.link("/environment", &[]))], |h| h.say(&text("← 环境质量", "← Environment")));
        if let Some(at) = point.at {
            h.with("a", &[("href", &on_map(ask, at, point))], |h| h.say(&text("← 一张图", "← Map")));
        }
        for (file, _) in &point.standings {
            let observed = ask.snapshot.region.declared.observed.iter().find(|o| o.name == *file);
            if let Some(observed) = observed {
                h.with("a", &[("href", &ask.link(&format!("/environment/{file}"), &[]))], |h| {
                    h.text("← ");
                    h.say(&observed.title);
                });
            }
        }
    });
}

/// Each file that measures the place, judged for it alone.
fn files<'m>(ask: &Ask<'_>, point: &Point, made: &'m PlaceOut) -> Vec<(&'m StandingOut, Result<Assessed, Problems>)> {
    let region = &ask.snapshot.region;
    let one = |standing: &'m StandingOut| {
        let observed = region.declared.observed.iter().find(|o| o.name == standing.file)?;
        let place = point.standings.iter().find(|(f, _)| *f == standing.file)?.1.place.as_str();
        Some((standing, judged(region, observed, ask.snapshot.today, Vec::new(), Some(place))))
    };
    made.standings.iter().filter_map(one).collect()
}

pub(super) fn origin_title(word: &str) -> Option<Text> {
    Some(match word {
        "measured" => text("实测", "measured"),
        "modelled" => text("模拟", "modelled"),
        "mixed" => text("部分合成", "partly synthetic"),
        "synthetic" => text("合成", "synthetic"),
        _ => return None,
    })
}

/// What each part of it rests on, where it stands.
fn marks(h: &mut Html, made: &PlaceOut) {
    h.el("p.marks", |h| {
        let mut mark = |what: &str, origin: &str| {
            if let Some(title) = origin_title(origin) {
                h.el(&format!("span.mark.{origin}"), |h| {
                    h.text(what);
                    h.text(" ");
                    h.say(&title);
                });
                h.text(" ");
            }
        };
        made.known.iter().filter(|k| k.value.is_empty()).for_each(|k| mark(&k.title, &k.origin));
        made.standings.iter().take(1).for_each(|s| mark(&s.title, &s.origin));
    });
}

fn graded(h: &mut Html, grade: Option<&GradeOut>) {
    match grade {
        Some(g) => h.with("span.grade", &[("style", &format!("--c:{}", g.colour))], |h| h.text(&g.title)),
        None => h.text("–"),
    }
}

pub(super) fn state_of(word: &str) -> State {
    State::ALL.into_iter().find(|s| s.word() == word).unwrap_or(State::NoData)
}

/// A state as a lamp: its word stands beside the colour.
pub(super) fn state(h: &mut Html, word: &str) {
    let state = state_of(word);
    h.el(&format!("span.chip.{word}"), |h| h.say(&state.title()));
}

/// What holds now, in a few numbers.
fn now(h: &mut Html, ask: &Ask<'_>, made: &PlaceOut) {
    let Some(standing) = made.standings.first() else {
        h.el("section.sheet", |h| {
            state(h, &made.point.state);
            h.line(
                "p",
                &text(
                    "区域的监测文件里没有这个站点的数据，所以这里不说它达不达标。有了数据，写进 region.toml 的 [observations.*]，这一页就会有类别和序列。",
                    "No file of measurements of the region has this place, so nothing is said of its quality. Once there is one, declared as [observations.*] in region.toml, this page has its class and series.",
                ),
            );
        });
        return;
    };
    let verdict = standing.period.as_ref().or(standing.latest.as_ref());
    h.with("section.kpis", &[("aria-label", ask.say("现状", "how it stands"))], |h| {
        let kpi = |h: &mut Html, name: &Text, inside: &dyn Fn(&mut Html), below: Option<Text>| {
            h.el("div.kpi", |h| {
                h.line("span.name", name);
                h.el("div.figure", inside);
                if let Some(below) = below {
                    h.line("span.caption", &below);
                }
            });
        };
        kpi(h, &text("目标", "Target"), &|h| graded(h, made.point.target.as_ref()), None);
        if let Some(v) = verdict {
            let name = if v.index.is_some() { text("AQI 级别", "AQI level") } else { text("现状类别", "Class now") };
            kpi(
                h,
                &name,
                &|h| {
                    graded(h, v.grade.as_ref());
                    if let Some(index) = v.index {
                        h.el("span.unit", |h| h.text(&format!("AQI {index}")));
                    }
                },
                Some(when(v)),
            );
            kpi(h, &text("与目标相比", "Against it"), &|h| state(h, &made.point.state), None);
            let main = if v.main.is_empty() { ask.say("无", "none").to_owned() } else { v.main.clone() };
            let note = (v.span == "month" || v.span == "sample").then(|| text("括号内为超Ⅲ类标准的倍数", "in brackets: times above class III"));
            let title = if v.index.is_some() { text("首要污染物", "Primary pollutant") } else { text("主要污染指标", "Main pollutants") };
            kpi(h, &title, &|h| h.el("span.words", |h| h.text(&main)), note.filter(|_| !v.main.is_empty()));
        }
    });
    if standing.period.is_none() {
        h.line(
            "p.caption",
            &text(
                "数据不足以评价一个完整时段，上面是最近一次的结果；数据不足不算达标。",
                "There is too little data for a whole period; the last sample is shown above. Too little data is no pass.",
            ),
        );
    }
}

fn when(v: &VerdictOut) -> Text {
    let (over, at, parts) = (&v.over, &v.at, v.parts);
    if v.span == "month" {
        Text::of(format!("{at} {over}，{parts} 次样品"), format!("{at}, {over}, {parts} samples"))
    } else {
        Text::same(format!("{at} {over}"))
    }
}

/// Why the class is what it is: each item against its limits, and the standard that says so.
fn why(h: &mut Html, ask: &Ask<'_>, made: &PlaceOut) {
    let Some(v) = made.standings.first().and_then(|s| s.period.as_ref().or(s.latest.as_ref())) else { return };
    let water = v.index.is_none();
    h.with("section.sheet", &[("id", "why")], |h| {
        h.line("h2", &if water { text("为什么是这一类", "Why this class") } else { text("为什么是这一级", "Why this level") });
        h.line(
            "p.caption",
            &if water {
                text("单因子评价：最差的一项决定断面类别，下表中加粗。", "By the single factor: the worst item decides the class. It is in bold.")
            } else {
                text("AQI 取各污染物分指数中最大的一个，下表中加粗。", "The AQI is the largest of the individual indices. It is in bold.")
            },
        );
        h.with("div.scroll.assessed", &[("tabindex", "0"), ("role", "region"), ("aria-label", ask.say("逐项与限值", "items and limits"))], |h| {
            h.el("table", |h| {
                h.el("thead", |h| {
                    h.el("tr", |h| {
                        let limit = if water { text("目标限值", "Limit of the target") } else { text("优良限值", "Limit of a good day") };
                        let grade = if water { text("类别", "Class") } else { text("分指数", "Index") };
                        let heads =
                            [text("项目", "Item"), text("#数值", "#Value"), text("#修约后", "#As judged"), limit, grade, text("#超标倍数", "#Times above III")];
                        for (at, head) in heads.iter().enumerate() {
                            if !water && (at == 2 || at == 5) {
                                continue;
                            }
                            let class = if head.zh.starts_with('#') { "th.n" } else { "th" };
                            h.with(class, &[("scope", "col")], |h| h.text(head.get(h.lang()).trim_start_matches('#')));
                        }
                    });
                });
                h.el("tbody", |h| v.items.iter().for_each(|i| item(h, i, water)));
            });
        });
        h.el("p.caption", |h| {
            h.say(&text("依据：", "By: "));
            for (at, id) in v.standards.iter().enumerate() {
                if at > 0 {
                    h.say(&text("、", ", "));
                }
                let to = ask.link(&format!("/environment/standard/{id}"), &[]);
                h.with("a", &[("href", &to)], |h| h.text(id));
            }
            h.say(&text("（限值、修约与来源）。", " (limits, rounding and sources)."));
        });
    });
}

fn item(h: &mut Html, item: &ItemOut, water: bool) {
    h.el(if item.decides { "tr.decides" } else { "tr" }, |h| {
        h.with("th", &[("scope", "row")], |h| h.text(&item.title));
        h.el("td.n", |h| {
            h.text(&item.value);
            if !item.unit.is_empty() && !item.value.is_empty() {
                h.el("span.unit", |h| h.text(&format!(" {}", symbols(&item.unit))));
            }
        });
        if water {
            h.el("td.n", |h| h.text(&item.judged));
        }
        h.with("td.short", &[("title", &item.limits.join(" · "))], |h| h.text(&item.limit));
        h.el("td", |h| match &item.grade {
            Some(grade) => graded(h, Some(grade)),
            None => h.el("span.caption", |h| h.text(&item.remark)),
        });
        if water {
            h.el("td.n", |h| h.text(&item.multiple));
        }
    });
}

/// What is known of the place itself.
fn about(h: &mut Html, ask: &Ask<'_>, made: &PlaceOut) {
    if made.county.is_none() && made.known.is_empty() && made.standings.first().is_none_or(|s| s.water.is_empty()) {
        return;
    }
    h.el("section.sheet", |h| {
        h.el("dl.about", |h| {
            if let Some((code, name)) = &made.county {
                h.line("dt", &text("所在地", "county"));
                h.el("dd", |h| {
                    h.with("a", &[("href", &ask.link("/accounts", &[("place", code)]))], |h| h.text(name));
                    h.text(" · ");
                    h.with("a", &[("href", &ask.link("/public", &[("place", code)]))], |h| h.text(ask.say("公众页", "public page")));
                });
            }
            if let Some(water) = made.standings.first().map(|s| &s.water).filter(|w| !w.is_empty()) {
                h.line("dt", &text("水体", "kind of water"));
                h.el("dd", |h| h.text(water));
            }
            for known in made.known.iter().filter(|k| !k.value.is_empty()) {
                h.el("dt", |h| h.text(&known.title));
                h.el("dd", |h| {
                    h.say(&readable(&known.value));
                    if !known.origin.is_empty() {
                        h.el("span.caption.block", |h| h.text(&known.origin));
                    }
                });
            }
            ways(h, &text("上游断面", "sections above"), &made.upstream);
            ways(h, &text("下游断面", "section below"), made.downstream.as_slice());
        });
    });
}

/// A cell of a table of places as people read it: lists by their mark, durations (ISO 8601) in words.
fn readable(value: &str) -> Text {
    let every = |number: &str, zh: &str, en: &str| {
        let n: u32 = number.parse().ok()?;
        Some(if n == 1 { Text::of(format!("每{zh}"), format!("every {en}")) } else { Text::of(format!("每 {n} {zh}"), format!("every {n} {en}s")) })
    };
    let duration = value.strip_prefix("PT").and_then(|t| t.strip_suffix('H')).and_then(|n| every(n, "小时", "hour"));
    let days = || value.strip_prefix('P').and_then(|t| t.strip_suffix('D')).and_then(|n| every(n, "天", "day"));
    let months = || value.strip_prefix('P').and_then(|t| t.strip_suffix('M')).and_then(|n| every(n, "月", "month"));
    duration.or_else(days).or_else(months).unwrap_or_else(|| Text::of(value.replace(';', "、"), value.replace(';', ", ")))
}

fn ways(h: &mut Html, title: &Text, ways: &[WayOut]) {
    if ways.is_empty() {
        return;
    }
    h.line("dt", title);
    h.el("dd", |h| {
        for way in ways {
            h.el("span.way", |h| {
                h.with("a", &[("href", &way.page)], |h| h.text(&way.name));
                h.text(" ");
                state(h, &way.state);
            });
        }
    });
}

/// What a file says of the place over time.
fn series(h: &mut Html, ask: &Ask<'_>, standing: &StandingOut, assessed: &Result<Assessed, Problems>) {
    h.el("section.file", |h| {
        h.el("h2", |h| {
            h.with("a", &[("href", &ask.link(&format!("/environment/{}", standing.file), &[]))], |h| h.text(&standing.title));
            if let Some(title) = origin_title(&standing.origin) {
                h.text(" ");
                h.line("span.mark", &title);
            }
        });
        let assessed = match assessed {
            Ok(assessed) => assessed,
            Err(problems) => return layout::letters(h, problems),
        };
        let (rows, digest) = (standing.samples, assessed.file.digest.short());
        let file = &assessed.file.name;
        h.el("p.caption", |h| {
            let what = if assessed.domain == Domain::Water {
                words!("{rows} 次样品", "{rows} samples")
            } else {
                words!("{rows} 个时次", "{rows} hours or days")
            };
            h.say(&what);
            h.text(" · ");
            h.el("code", |h| h.text(file));
            h.text(&format!(" · sha256 {digest} · "));
            h.with("a", &[("href", &standing.data)], |h| h.say(&text("本点全部结果（JSON）", "all results of this place (JSON)")));
        });
        h.el("div.assessed", |h| {
            h.el("div.pictures", |h| {
                let (tiles, rest): (Vec<&Chart>, Vec<&Chart>) = assessed.charts.iter().partition(|c| matches!(c, Chart::Tiles(_)));
                tiles.into_iter().chain(rest).enumerate().for_each(|(at, c)| plot(h, &format!("plot-{}-{at}", standing.file), c));
            });
            for (id, rows, without) in TABLES {
                if let Some(table) = assessed.table(id).filter(|t| !t.rows.is_empty()) {
                    // The last ones are what somebody looks for; the JSON has all.
                    listed(h, table, rows, without);
                }
            }
        });
    });
}

fn offices(h: &mut Html, offices: &[OfficeOut]) {
    if offices.is_empty() {
        return;
    }
    h.with("section.sheet", &[("id", "offices")], |h| {
        h.line("h2", &text("谁负责", "Who answers for it"));
        h.el("dl.about", |h| {
            for office in offices {
                h.el("dt", |h| h.text(&office.of));
                h.el("dd", |h| h.text(&office.name));
            }
        });
    });
}

fn zones(h: &mut Html, made: &PlaceOut) {
    if made.zones.is_empty() {
        return;
    }
    h.with("section.sheet", &[("id", "zones")], |h| {
        h.line("h2", &text("所在的分区与控制单元", "Zones and control units here"));
        h.el("dl.about", |h| {
            for zone in &made.zones {
                h.el("dt", |h| h.text(&zone.layer_title));
                h.el("dd", |h| {
                    h.with("a", &[("href", &zone.map)], |h| h.text(&zone.name));
                    if let Some(title) = origin_title(&zone.origin).filter(|_| zone.origin != "measured") {
                        h.text(" ");
                        h.line("span.mark", &title);
                    }
                    h.el("span.caption.block", |h| h.text(&zone.edition));
                });
            }
        });
    });
}

fn near(h: &mut Html, ask: &Ask<'_>, register: &RegisterOut) {
    h.el("section.sheet.near", |h| {
        h.el("h2", |h| {
            h.with("a", &[("href", &ask.link(&format!("/plan/register/{}", register.id), &[]))], |h| h.text(&register.title));
            for origin in &register.origins {
                if let Some(title) = origin_title(origin).filter(|_| origin != "measured") {
                    h.text(" ");
                    h.line("span.mark", &title);
                }
            }
        });
        let (shown, count) = (register.records.len(), register.count);
        h.line(
            "p.caption",
            &words!("同一控制区或 5 千米以内 {count} 个，列出 {shown} 个", "{count} in the same control zone or within 5 km; {shown} of them listed"),
        );
        h.el("ul.plain", |h| {
            for record in &register.records {
                h.el("li", |h| {
                    h.with("a", &[("href", &record.page)], |h| h.text(&record.name));
                    let km = record.distance_m as f64 / 1000.0;
                    let unit = if record.same_unit { text("，同一单元", ", same unit") } else { Text::default() };
                    h.el("span.caption", |h| {
                        h.say(&Text::of(format!(" {km:.1} 千米{}", unit.zh), format!(" {km:.1} km{}", unit.en)));
                    });
                    if !record.said.is_empty() {
                        h.el("span.caption.block", |h| h.text(&record.said.join(" · ")));
                    }
                });
            }
        });
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_of_places_are_readable() {
        let both = |value: &str| {
            let said = readable(value);
            (said.zh, said.en)
        };
        assert_eq!(both("PT1H"), ("每小时".into(), "every hour".into()));
        assert_eq!(both("PT4H"), ("每 4 小时".into(), "every 4 hours".into()));
        assert_eq!(both("rain;temp"), ("rain、temp".into(), "rain, temp".into()));
        assert_eq!(both("PTFE"), ("PTFE".into(), "PTFE".into()));
    }
}

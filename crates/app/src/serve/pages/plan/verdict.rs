//! The form of the conformity page and its answer: the verdict, rule by rule, on a map, with the way out.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use liangshan_atlas::conform::becomes::{Becomes, Shift};
use liangshan_atlas::conform::said::{clause, headline, mu, needs, share, standing_title, verdict_title};
use liangshan_atlas::conform::{Line, Measure, Opinion, Refused, SiteOpinion, Standing, Verdict, exchange};
use liangshan_atlas::rules::Day;
use liangshan_vocab::{Fen, Lang, Text, text, words};
use serde_json::json;

use super::conform::{Judged, Question, samples};
use super::{lamp, select, table, under};
use crate::serve::layout;
use crate::serve::route::Ask;
use crate::ui::html::Html;
use crate::ui::way_out;
use crate::ui::words as said;

/// The map, whose data stand in the page.
fn map(h: &mut Html, ask: &Ask<'_>, question: &Question, judged: Option<&Judged<'_>>) {
    let drawn = judged.and_then(|j| exchange::geojson(j.opinions, ask.lang).ok());
    let lines = ask.link("/api/plan/lines", &[("on", question.on.as_deref().unwrap_or_default())]);
    let words = json!({
        "draw": ask.say("在图上画", "Draw"), "undo": ask.say("退一点", "Undo"), "clear": ask.say("清除", "Clear"),
        "hint": ask.say("依次点出各拐点；坐标写入左边的文字框，与粘贴的一样。", "Click the corners one after another; they are written into the text box, as if pasted."),
    });
    layout::data(h, "conform-data", &json!({ "lines": lines, "drawn": drawn, "words": words, "under": under(ask) }));
    h.el("figure.map", |h| {
        h.with(
            "div.canvas",
            &[("id", "conform-map"), ("role", "application"), ("aria-label", ask.say("选址与控制线的地图", "map of the site and of control lines"))],
            |_| {},
        );
        h.with("div.tools", &[("id", "conform-tools")], |_| {});
        h.el("figcaption.key", |h| {
            for (class, name) in [
                ("site", text("选址", "site")),
                ("overlap", text("重叠", "overlap")),
                ("redline", text("生态保护红线", "ecological red line")),
                ("farmland", text("永久基本农田", "permanent farmland")),
                ("urban", text("城镇开发边界", "urban boundary")),
                ("area", text("其他保护区域", "other protected areas")),
            ] {
                h.line(&format!("span.{class}"), &name);
            }
        });
    });
}

/// The corners of a site as a text that the page reads again.
fn corners(judged: &Judged<'_>, lang: Lang) -> String {
    let Some(drawn) = exchange::geojson(judged.opinions.get(..1).unwrap_or_default(), lang).ok() else { return String::new() };
    let shape = &drawn["features"][0]["geometry"];
    if shape["type"] != "Polygon" || shape["coordinates"].as_array().is_none_or(|rings| rings.len() != 1) {
        return drawn["features"][0].to_string();
    }
    let line = |c: &serde_json::Value| Some(format!("{:.7}, {:.7}", c[0].as_f64()?, c[1].as_f64()?));
    let ring = shape["coordinates"][0].as_array().cloned().unwrap_or_default();
    ring.iter().filter_map(line).collect::<Vec<_>>().join("\n")
}

/// The form: text box, file, map; day, use, what-if; and the region's examples.
pub(super) fn form(h: &mut Html, ask: &Ask<'_>, question: &Question, today: Day, judged: Option<&Judged<'_>>) {
    let typed = match (judged, std::str::from_utf8(&question.bytes)) {
        (_, Ok(text)) if !question.bytes.is_empty() => text.to_owned(),
        (Some(judged), _) if judged.opinions.len() == 1 && question.sample.is_some() => corners(judged, ask.lang),
        _ => String::new(),
    };
    let action = ask.link("/plan/conform", &[]);
    h.el("section.sheet.ask", |h| {
        h.with("form", &[("method", "post"), ("action", &action), ("enctype", "multipart/form-data"), ("id", "conform-form")], |h| {
            h.el("div.fields", |h| {
                h.with("label.wide", &[("for", "site-text")], |h| h.line("span", &text("粘贴坐标", "Paste coordinates")));
                let example = "118.8721, 28.9563\n118.8790, 28.9563\n118.8790, 28.9601";
                h.with("textarea", &[("id", "site-text"), ("name", "text"), ("rows", "6"), ("spellcheck", "false"), ("placeholder", example), ("aria-describedby", "forms")], |h| {
                    h.text(&typed);
                });
                h.with("p.caption", &[("id", "forms")], |h| {
                    h.say(&text(
                        "认得：经纬度或高斯坐标（3 度、6 度带，带号与否，先东后北或先北后东）、度分秒、WKT、报盘 TXT、GeoJSON。认成什么会告诉您。",
                        "Understood: degrees or Gauss coordinates (3 or 6 degree zones, with or without the zone number, either order), degrees-minutes-seconds, WKT, land-office TXT, GeoJSON. You are told what was recognised.",
                    ));
                });
                h.el("div.choose", |h| {
                    h.el("label", |h| {
                        h.line("span", &text("或上传文件（≤ 8 MB）", "or upload a file (≤ 8 MB)"));
                        h.void("input", &[("type", "file"), ("name", "file"), ("accept", ".gpkg,.geojson,.json,.zip,.txt,.wkt")]);
                    });
                    h.el("label", |h| {
                        h.line("span", &text("按此日施行的线", "Lines in force on"));
                        let on = question.on.clone().unwrap_or_default();
                        h.void("input", &[("type", "date"), ("name", "on"), ("value", &on), ("max", "2100-12-31")]);
                    });
                    planned(h, ask, question, today);
                    classes(h, ask, question);
                });
                h.with("button", &[("type", "submit")], |h| h.say(&text("审查", "Judge")));
                h.with("span.caption.after", &[], |h| h.say(&words!("不填日期：用选址自带的申请日，没有则为 {today}。", "No date: the site's day of application, else {today}.")));
            });
        });
        map(h, ask, question, judged);
    });
    let all = samples(ask);
    if !all.is_empty() {
        h.with("nav.samples", &[("aria-label", ask.say("示例选址", "sample sites"))], |h| {
            h.line("span.caption", &text("示例（合成）：", "Examples (synthetic): "));
            for (id, name) in &all {
                let to = ask.link("/plan/conform", &[("sample", id)]);
                let mut attributes = vec![("href", to.as_str()), ("title", id.as_str())];
                if question.sample.as_deref() == Some(id) {
                    attributes.push(("aria-current", "true"));
                }
                h.with("a", &attributes, |h| h.text(&format!("{} {name}", id.trim_start_matches("SITE"))));
            }
        });
    }
}

fn planned(h: &mut Html, ask: &Ask<'_>, question: &Question, today: Day) {
    let desk = ask.snapshot.desks.ready().and_then(|d| d.desk(&ask.snapshot.region, today).ok());
    let Some(desk) = desk else { return };
    let words: Vec<(String, String)> =
        desk.project_words().iter().filter(|w| w.field == "planned_use").map(|w| (w.word.clone(), w.title.get(ask.lang).to_owned())).collect();
    if !words.is_empty() {
        select(h, "use", &text("项目用途（选填）", "Planned use (optional)"), question.planned.as_deref(), &words);
    }
}

/// What it could become: the classes of the account's map.
fn classes(h: &mut Html, ask: &Ask<'_>, question: &Question) {
    let Some(account) = ask.snapshot.account.ready() else { return };
    let known: Vec<(String, String)> = account
        .book
        .prepared
        .classes
        .classes
        .iter()
        .map(|c| {
            let code = if c.attribute == 0 { c.code.to_string() } else { format!("{}/{}", c.code, c.attribute) };
            let said = format!("{code} {}", c.name.get(ask.lang));
            (code, said)
        })
        .collect();
    select(h, "becomes", &text("假如变成（选填）", "What if it became (optional)"), question.class.as_deref(), &known);
}

/// Everything that is wrong with what was given, each with its row.
pub(super) fn wrong(h: &mut Html, ask: &Ask<'_>, refused: &Refused) {
    h.with("section.sheet.against", &[("role", "alert"), ("id", "verdict")], |h| {
        let count = refused.problems.len();
        h.line("h2", &words!("不能审查：{count} 处问题", "Cannot be judged: {count} problems"));
        layout::letters(h, &refused.problems);
        if !refused.repairs.is_empty() {
            let made = exchange::repairs(&refused.repairs, &ask.snapshot.region.declared.grid.crs);
            if let Ok(made) = made {
                h.el("details", |h| {
                    h.line(
                        "summary",
                        &text("建议的修补（须经核对，程序不自行采用）", "A repair that is proposed (to be checked; nothing is repaired by itself)"),
                    );
                    h.el("pre", |h| h.text(&made.to_string()));
                });
            }
        }
    });
}

/// The answer.
pub(super) fn told(h: &mut Html, ask: &Ask<'_>, question: &Question, judged: &Judged<'_>) {
    h.with("section", &[("id", "verdict"), ("tabindex", "-1")], |h| {
        if judged.opinions.len() > 1 {
            batch(h, judged);
        }
        for opinion in judged.opinions.iter().take(if judged.opinions.len() > 1 { 10 } else { 1 }) {
            one(h, judged, opinion);
        }
        if let Some(changed) = judged.becomes {
            what_if(h, changed);
        }
        gives(h, ask, question);
    });
}

fn class_of(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "v-pass",
        Verdict::Need => "v-need",
        Verdict::Escalate => "v-escalate",
        Verdict::Forbid => "v-forbid",
    }
}

fn stamp(h: &mut Html, opinion: &Opinion<'_>) {
    let part = if opinion.is_complete() { "" } else { ".part" };
    h.el(&format!("span.stamp.{}{part}", class_of(opinion.verdict)), |h| h.say(&headline(opinion)));
}

fn batch(h: &mut Html, judged: &Judged<'_>) {
    let count = judged.opinions.len();
    h.el("div.sheet", |h| {
        h.line("h2", &words!("{count} 个选址", "{count} sites"));
        h.line("p.caption", &judged.sites.reading);
        let head = [text("选址", "Site"), text("日期", "On"), text("#m²", "#m²"), text("#亩", "#mu"), text("结论", "Verdict"), text("依据", "Because of")];
        table(h, &text("各选址的结论", "Verdicts by site"), &head, |h| {
            for o in judged.opinions {
                h.el("tr", |h| {
                    h.with("th", &[("scope", "row")], |h| h.text(&format!("{} {}", o.site.id, o.site.name)));
                    h.el("td", |h| h.text(&o.site.on.to_string()));
                    h.el("td.number", |h| h.text(&format!("{:.2}", o.area_m2)));
                    h.el("td.number", |h| h.text(&format!("{:.4}", mu(o.area_m2))));
                    h.el("td", |h| stamp(h, &o.opinion));
                    h.el("td", |h| {
                        let why: Vec<&str> = o.opinion.lines.iter().filter(|l| l.verdict().is_some()).map(|l| l.rule.title.get(h.lang())).collect();
                        h.text(&why.join("、"));
                    });
                });
            }
        });
    });
}

fn one(h: &mut Html, judged: &Judged<'_>, o: &SiteOpinion<'_>) {
    h.el("article.sheet.verdict", |h| {
        h.el("header", |h| {
            stamp(h, &o.opinion);
            h.el("div", |h| {
                h.el("h2", |h| h.text(&format!("{} {}", o.site.id, o.site.name)));
                h.el("p", |h| {
                    h.el("b", |h| h.text(&said::grouped(&format!("{:.2}", o.area_m2))));
                    h.el("span.unit", |h| h.text("m²"));
                    h.text(&format!(" = {:.4}", mu(o.area_m2)));
                    h.line("span.unit", &text("亩", "mu"));
                    h.text(&format!(" · {} ", o.site.on));
                    h.el("span.muted", |h| h.say(&o.site.on_from.title()));
                });
                h.el("p.caption", |h| {
                    h.say(&text("坐标认作：", "Read as: "));
                    h.say(&judged.sites.reading);
                });
            });
        });
        if liangshan_atlas::conform::said::origin(o) == "synthetic" || liangshan_atlas::conform::said::origin(o) == "mixed" {
            h.el("p", |h| {
                h.line("span.mark", &text("合成数据", "synthetic"));
                h.say(&text(" 管控图层含虚构数据，本意见没有法律效力。", " The control layers hold invented data; this opinion has no legal force."));
            });
        }
        if !o.opinion.ask.is_empty() {
            let list = o.opinion.ask.join(", ");
            h.line("p.loss", &words!("须先说明：{list}；有规则因此未定。", "To be stated first: {list}; rules are open because of it."));
        }
        let asked = needs(o);
        if !asked.is_empty() {
            h.el("p", |h| {
                h.line("b", &text("须办理：", "Needs: "));
                h.say(&said::joined(asked));
            });
        }
        let (slivers, mut lines): (Vec<&Line<'_>>, Vec<&Line<'_>>) = o.opinion.lines.iter().partition(|l| l.standing == Standing::Sliver);
        lines.sort_by_key(|l| (std::cmp::Reverse(l.verdict().unwrap_or(Verdict::Pass)), l.amount <= 0.0));
        let (found, clear): (Vec<&Line<'_>>, Vec<&Line<'_>>) = lines.into_iter().partition(|l| l.amount > 0.0 || l.standing != Standing::Clear);
        if found.is_empty() {
            h.line("p", &text("与各管控图层均无重叠（0.00 m²）。", "No overlap with any control layer (0.00 m²)."));
        } else {
            rules(h, o, &found, &text("逐条结论", "Rule by rule"));
        }
        better(h, o);
        if !slivers.is_empty() {
            h.line("h3", &text("容差以内的细碎重叠（不影响结论）", "Slivers within the tolerance (they do not count)"));
            rules(h, o, &slivers, &text("细碎重叠", "Slivers"));
        }
        h.el("details", |h| {
            let (passed, open) = (clear.len(), o.opinion.unmeasured.len());
            h.line("summary", &words!("其余 {passed} 条规则无重叠；{open} 条未审查", "{passed} other rules find nothing; {open} were not examined"));
            if !clear.is_empty() {
                rules(h, o, &clear, &text("无重叠", "No overlap"));
            }
            if open > 0 {
                h.el("p.caption", |h| {
                    h.say(&text("区域在该日没有图层，未审查不等于没有冲突：", "No layer in force on that day, which is not the same as no conflict: "));
                    h.say(&said::joined(o.opinion.unmeasured.iter().map(|r| &r.title)));
                });
            }
        });
        let (id, title, evidence, _) = o.desk.rule_set();
        h.el("p.caption", |h| {
            h.say(&text("规则：", "Rules: "));
            h.say(title);
            h.text(&format!(" {id} · "));
            h.say(&evidence.title());
            h.say(&text(" · 意见校验值 ", " · digest of the opinion "));
            h.el("code", |h| h.text(o.digests().whole.short()));
        });
    });
}

fn rules(h: &mut Html, o: &SiteOpinion<'_>, lines: &[&Line<'_>], caption: &Text) {
    let head = [
        text("规则", "Rule"),
        text("#m²", "#m²"),
        text("#亩", "#mu"),
        text("#占比", "#Share"),
        text("#容差 m²", "#Tolerance m²"),
        text("结论", "Verdict"),
        text("版本与批准文件", "Edition and decree"),
        text("条款", "Clause"),
    ];
    table(h, caption, &head, |h| {
        for line in lines {
            h.el("tr", |h| {
                h.with("th", &[("scope", "row")], |h| {
                    h.say(&line.rule.title);
                    if line.amount > 0.0 {
                        h.text(" ");
                        h.with("button.quiet.zoom", &[("type", "button"), ("data-zoom", &line.rule.layer), ("hidden", "")], |h| h.say(&text("看图", "Zoom")));
                    }
                });
                let cells = match line.measure {
                    Some(Measure::Area { .. }) => [
                        said::grouped(&format!("{:.2}", line.amount)),
                        format!("{:.4}", mu(line.amount)),
                        format!("{:.2} %", 100.0 * share(line.amount, o.area_m2)),
                        format!("{}", line.tolerance),
                    ],
                    Some(Measure::Length(metres)) => [format!("{metres:.2} m"), String::new(), String::new(), String::new()],
                    _ => [format!("{}", line.amount), String::new(), String::new(), String::new()],
                };
                cells.iter().for_each(|c| h.el("td.number", |h| h.text(c)));
                h.el("td", |h| match line.verdict() {
                    Some(v) => h.el(&format!("span.stamp.{}", class_of(v)), |h| h.say(&verdict_title(v))),
                    None => lamp(h, "none", standing_title(line.standing).get(h.lang())),
                });
                h.el("td", |h| {
                    if let Some(layer) = o.piece(&line.rule.of).map(|p| o.desk.layer(p)) {
                        h.text(&format!("{} · {}", layer.edition.edition, layer.edition.decree));
                        h.el("span.caption.block", |h| h.text(&layer.office));
                    }
                });
                h.line("td.clause", &clause(line.rule));
            });
        }
    });
}

fn better(h: &mut Html, o: &SiteOpinion<'_>) {
    let way_out = way_out(o);
    if !way_out.is_empty() {
        h.line("h3", &text("怎样才能更好", "For a better verdict"));
        h.el("ul", |h| way_out.iter().for_each(|said| h.line("li", said)));
    }
}

/// Every service before and after, in quantity and yuan.
fn what_if(h: &mut Html, made: &Becomes) {
    h.with("section.sheet", &[("id", "what-if")], |h| {
        let (code, name, year) = (made.class.0, &made.class.2, made.year);
        h.line("h2", &Text::of(format!("假如变成 {code} {}", name.zh), format!("What if it became {code} {}", name.en)));
        h.el("p.lead", |h| {
            h.say(&made.total_title);
            h.text(" ");
            let change = Fen(made.total.1.0 - made.total.0.0);
            h.el(if change.0 < 0 { "b.loss" } else { "b.gain" }, |h| h.say(&said::signed(change)));
            h.say(&words!("（{year} 年）", " ({year})"));
        });
        let (cells, area) = (made.cells, made.cells_m2);
        h.line(
            "p.caption",
            &words!(
                "格网中心在选址内的 {cells} 个格网，{area:.2} m²，整图重算其影响所及的部分。",
                "{cells} cells whose centre lies in the site, {area:.2} m²; everything that they reach is computed again."
            ),
        );
        let head = [text("服务", "Service"), text("#数量变化", "#Change of quantity"), text("单位", "Unit"), text("#价值变化（元）", "#Change of value (CNY)")];
        table(h, &text("各项服务的变化", "Change by service"), &head, |h| {
            for shift in &made.shifts {
                h.el("tr", |h| {
                    h.with("th", &[("scope", "row")], |h| h.say(&shift.title));
                    h.el("td.number", |h| h.text(&moved(shift)));
                    h.el("td", |h| h.say(&said::unit(&shift.unit)));
                    let change = Fen(shift.value.1.0 - shift.value.0.0);
                    h.el(if change.0 < 0 { "td.number.loss" } else { "td.number.gain" }, |h| h.say(&said::exact(change)));
                });
            }
        });
    });
}

fn moved(shift: &Shift) -> String {
    let Some((before, after)) = &shift.quantity else { return String::new() };
    if before.decimals != after.decimals {
        return String::new();
    }
    said::grouped(&liangshan_accounts::Amount { units: after.units - before.units, decimals: after.decimals }.to_string())
}

/// The same question again, for the opinion to print and for programs.
fn gives(h: &mut Html, ask: &Ask<'_>, question: &Question) {
    let action = ask.link("/plan/conform", &[]);
    h.with("form.choose.gives", &[("method", "post"), ("action", &action), ("enctype", "multipart/form-data")], |h| {
        let held = STANDARD.encode(&question.bytes);
        let word = |w: &Option<String>| w.clone().unwrap_or_default();
        for (name, value) in [
            ("held", held),
            ("sample", word(&question.sample)),
            ("on", word(&question.on)),
            ("use", word(&question.planned)),
            ("becomes", word(&question.class)),
        ] {
            h.void("input", &[("type", "hidden"), ("name", name), ("value", &value)]);
        }
        for (give, title, class) in [
            ("opinion", text("下载可打印的意见", "Download the opinion to print"), "button"),
            ("json", text("意见 JSON（可复核）", "Opinion as JSON (can be verified)"), "button.quiet"),
            ("geojson", text("图形 GeoJSON", "Shapes as GeoJSON"), "button.quiet"),
        ] {
            h.with(class, &[("type", "submit"), ("name", "give"), ("value", give)], |h| h.say(&title));
        }
    });
}

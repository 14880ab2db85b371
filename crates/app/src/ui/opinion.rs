//! The opinion on a site as a page to print: one file, no network, no script, both languages in it.

mod map;

use liangshan_atlas::conform::said::{clause, headline, methods, mu, needs, origin, share, standing_title, step_of, to_state, verdict_title};
use liangshan_atlas::conform::way_out::{moves, steps};
use liangshan_atlas::conform::{Line, Measure, SiteOpinion, Standing, Verdict};
use liangshan_vocab::{Evidence, Lang, Origin, Text, text};

use super::html::Html;

const STYLE: &str = include_str!("opinion.css");

/// Renders the opinion; the same opinion gives the same bytes. `reading` says how coordinates were read.
pub(crate) fn opinion(opinion: &SiteOpinion<'_>, reading: &Text, region: &Text, lang: Lang) -> String {
    let mut h = Html::default();
    h.with("html", &[("lang", lang.code())], |h| {
        h.el("head", |h| {
            h.void("meta", &[("charset", "utf-8")]);
            h.void("meta", &[("name", "viewport"), ("content", "width=device-width, initial-scale=1")]);
            h.el("title", |h| h.text(&format!("{} {}", opinion.site.id, text("合规性审查意见", "Opinion on conformity").get(lang))));
            h.embed("style", STYLE);
        });
        h.el("body", |h| {
            tongue(h, lang);
            masthead(h, opinion, region);
            notice(h, opinion);
            facts(h, opinion, reading);
            h.line("h2", &text("位置图", "Map"));
            map::draw(h, opinion);
            rules(h, opinion);
            way(h, opinion);
            unexamined(h, opinion);
            basis(h, opinion);
        });
    });
    format!("<!doctype html>\n{}\n", h.finish())
}

fn tongue(h: &mut Html, lang: Lang) {
    h.el("div.tongue", |h| {
        for (code, name, is) in [("zh", "中文", Lang::Zh), ("en", "English", Lang::En)] {
            let mut attributes = vec![("type", "radio"), ("name", "tongue"), ("id", code)];
            if is == lang {
                attributes.push(("checked", "checked"));
            }
            h.void("input", &attributes);
            h.with("label", &[("for", code)], |h| h.text(name));
            h.text(" ");
        }
    });
}

fn masthead(h: &mut Html, o: &SiteOpinion<'_>, region: &Text) {
    let verdict = o.opinion.verdict;
    h.el("header", |h| {
        h.el("div", |h| {
            h.line("h1", &text("建设项目用地合规性审查意见", "Opinion on the conformity of a project's site"));
            h.el("p", |h| {
                h.say(region);
                h.text(&format!(" · {} {}", o.site.id, o.site.name));
            });
        });
        h.el(&format!("div.stamp.{}", verdict.word()), |h| {
            h.say(&headline(&o.opinion));
            h.el("small", |h| h.text(verdict.word()));
        });
    });
}

/// What nobody may overlook: invented layers, rules that were not read, facts not stated.
fn notice(h: &mut Html, o: &SiteOpinion<'_>) {
    let (_, _, evidence, _) = o.desk.rule_set();
    let mut told: Vec<Text> = Vec::new();
    if [Origin::Synthetic, Origin::Mixed].iter().any(|known| known.word() == origin(o)) {
        told.push(text(
            "管控图层含合成（虚构）数据：本意见无法律效力。",
            "The control layers hold synthetic (invented) data: this opinion has no legal force.",
        ));
    }
    if evidence != Evidence::Verified {
        told.push(text("规则为设计值，条款未经核对原文。", "The rules are a design; their clauses were not held against the texts of law."));
    }
    if !o.opinion.ask.is_empty() {
        let list = to_state(o);
        told.push(Text::of(
            format!("申请未说明项目{}；有规则因此未定。", list.zh),
            format!("The application does not state {}; rules are open because of it.", list.en),
        ));
    }
    if !told.is_empty() {
        h.el("div.notice", |h| told.iter().for_each(|said| h.line("p", said)));
    }
}

fn facts(h: &mut Html, o: &SiteOpinion<'_>, reading: &Text) {
    h.line("h2", &text("选址", "The site"));
    h.el("table.facts", |h| {
        let mut row = |title: Text, said: &dyn Fn(&mut Html)| {
            h.el("tr", |h| {
                h.line("th", &title);
                h.el("td", said);
            });
        };
        row(text("面积", "area"), &|h| {
            h.text(&format!("{:.2} m² = {:.4} ", o.area_m2, mu(o.area_m2)));
            h.say(&text("亩（椭球面积）", "mu (on the ellipsoid)"));
            h.text(&format!("；{:.2} m² ", o.plane_m2));
            h.say(&text("（平面）", "(in the plane)"));
        });
        row(text("依据日期", "as of"), &|h| {
            h.text(&format!("{} ", o.site.on));
            h.say(&o.site.on_from.title());
        });
        row(text("坐标识别为", "read as"), &|h| h.say(reading));
        for word in o.desk.project_words() {
            if let Some((field, _)) = o.site.attributes.iter().find(|(f, w)| *f == word.field && *w == word.word) {
                let title = word.title.clone();
                row(Text::same(field.clone()), &move |h| h.say(&title));
            }
        }
        let asked = needs(o);
        if !asked.is_empty() {
            row(text("须办理", "needs"), &|h| {
                for (i, need) in asked.iter().enumerate() {
                    h.text(if i > 0 { "；" } else { "" });
                    h.say(need);
                }
            });
        }
    });
}

fn rules(h: &mut Html, o: &SiteOpinion<'_>) {
    h.line("h2", &text("逐条审查", "Rule by rule"));
    let (apart, lines): (Vec<&Line<'_>>, Vec<&Line<'_>>) = o.opinion.lines.iter().partition(|l| l.standing == Standing::Sliver);
    let mut lines = lines;
    lines.sort_by_key(|l| (std::cmp::Reverse(l.verdict().unwrap_or(Verdict::Pass)), l.amount <= 0.0));
    h.el("div.scroll", |h| rows(h, o, &lines));
    h.line("h2", &text("容差以内的细碎重叠", "Slivers within the tolerance"));
    if apart.is_empty() {
        h.line("p.small", &text("没有。", "None."));
    } else {
        h.el("div.scroll", |h| rows(h, o, &apart));
    }
}

fn rows(h: &mut Html, o: &SiteOpinion<'_>, lines: &[&Line<'_>]) {
    h.el("table", |h| {
        h.el("tr", |h| {
            for (class, title) in [
                ("th", text("规则", "rule")),
                ("th", text("版本与批准文件", "edition and decree")),
                ("th.number", Text::same("m²")),
                ("th.number", text("亩", "mu")),
                ("th.number", text("占比", "share")),
                ("th.number", text("容差 m²", "tolerance m²")),
                ("th", text("结论", "verdict")),
                ("th", text("条款", "clause")),
            ] {
                h.line(class, &title);
            }
        });
        for line in lines {
            h.el(if line.amount > 0.0 { "tr" } else { "tr.clear" }, |h| row(h, o, line));
        }
    });
}

fn row(h: &mut Html, o: &SiteOpinion<'_>, line: &Line<'_>) {
    h.line("td", &line.rule.title);
    h.el("td", |h| {
        if let Some(layer) = o.piece(&line.rule.of).map(|p| o.desk.layer(p)) {
            h.text(&format!("{} ({}) {}；{}", layer.edition.edition, layer.edition.adopted, layer.edition.decree, layer.office));
        }
    });
    let cells = match line.measure {
        Some(Measure::Area { .. }) => [
            format!("{:.2}", line.amount),
            format!("{:.4}", mu(line.amount)),
            format!("{:.2}%", 100.0 * share(line.amount, o.area_m2)),
            format!("{}", line.tolerance),
        ],
        Some(Measure::Length(metres)) => [format!("{metres:.2} m"), String::new(), String::new(), String::new()],
        _ => [format!("{}", line.amount), String::new(), String::new(), String::new()],
    };
    cells.iter().for_each(|cell| h.el("td.number", |h| h.text(cell)));
    h.el(&line.verdict().map_or_else(|| "td.verdict".to_owned(), |v| format!("td.verdict.{}", v.word())), |h| h.say(&standing_title(line.standing)));
    h.line("td", &clause(line.rule));
}

/// What would have to move for a better verdict, sentence by sentence; none where nothing would help.
pub(crate) fn way_out(o: &SiteOpinion<'_>) -> Vec<Text> {
    let title = |rule: &str| o.opinion.lines.iter().find(|l| l.rule.layer == rule).map_or_else(|| Text::same(rule.to_owned()), |l| l.rule.title.clone());
    let moved = moves(o).into_iter().map(|one| {
        let (name, area) = (title(&one.rule), one.area_m2);
        let mut said = Text::of(format!("{}：须移出 {area:.2} m²", name.zh), format!("{}: {area:.2} m² would have to move", name.en));
        if let Some(toward) = one.toward.map(|t| t.title()) {
            said = Text::of(format!("{}，向{}", said.zh, toward.zh), format!("{} toward the {}", said.en, toward.en));
        }
        if let Some(metres) = one.edge_m {
            said = Text::of(
                format!("{}；整个选址都在其中，最近的边界距中心 {metres:.0} m", said.zh),
                format!("{}; all of the site, the nearest edge is {metres:.0} m from its middle", said.en),
            );
        }
        said
    });
    // What lies in a line with all its ground cannot be helped by moving an edge.
    let (left, gone): (Vec<_>, Vec<_>) = steps(o).into_iter().partition(|step| step.plane_m2 > 0.0);
    let elsewhere = (left.is_empty() && !gone.is_empty()).then(|| {
        text("移出后选址不剩什么：移动边界无法解决，只能另选地方。", "Nothing of the site would remain: no edge can be moved to help, only another place.")
    });
    let reached = left.into_iter().map(|step| {
        let reaches = verdict_title(step.reaches);
        Text::of(
            format!("移出后余 {:.2} m²（平面），结论为“{}”。", step.plane_m2, reaches.zh),
            format!("What remains, {:.2} m² in the plane, would be \"{}\".", step.plane_m2, reaches.en),
        )
    });
    moved.chain(reached).chain(elsewhere).collect()
}

fn way(h: &mut Html, o: &SiteOpinion<'_>) {
    let way_out = way_out(o);
    if !way_out.is_empty() {
        h.line("h2", &text("怎样才能更好", "For a better verdict"));
        way_out.iter().for_each(|said| h.line("p", said));
    }
}

fn unexamined(h: &mut Html, o: &SiteOpinion<'_>) {
    if o.opinion.unmeasured.is_empty() {
        return;
    }
    h.line("h2", &text("未审查", "Not examined"));
    h.line(
        "p.small",
        &text(
            "区域在该日期没有这些图层；没有审查不等于没有冲突。",
            "The region has no such layer in force on that day; not examined is not the same as no conflict.",
        ),
    );
    h.el("p", |h| {
        for (i, rule) in o.opinion.unmeasured.iter().enumerate() {
            h.text(if i > 0 { " · " } else { "" });
            h.say(&rule.title);
        }
    });
}

fn basis(h: &mut Html, o: &SiteOpinion<'_>) {
    h.line("h2", &text("依据与校验", "Basis and digests"));
    let (id, title, evidence, _) = o.desk.rule_set();
    h.el("p", |h| {
        h.say(&text("规则：", "Rules: "));
        h.say(title);
        h.text(&format!(" {id}，"));
        h.say(&evidence.title());
    });
    for (_, said) in methods(&o.desk.control().crs.to_string(), step_of(&o.site.shape)) {
        h.line("p.small", &said);
    }
    let digests = o.digests();
    h.el("table.facts", |h| {
        for (title, digest) in [
            (text("图形", "shape"), &digests.geometry),
            (text("图层版本", "editions of layers"), &digests.layers),
            (text("规则", "rules"), &digests.rules),
            (text("意见", "opinion"), &digests.whole),
        ] {
            h.el("tr", |h| {
                h.line("th", &title);
                h.el("td", |h| h.el("code", |h| h.text(digest.as_str())));
            });
        }
    });
    h.line(
        "p.small",
        &text(
            "复核：liangshan conform 区域 --verify 意见.json。图形、版本、规则与结论任一不同，校验值即不同。",
            "To check again: liangshan conform REGION --verify OPINION.json. Another shape, edition, rule or answer gives another digest.",
        ),
    );
    h.el("p.small", |h| h.text(&format!("liangshan {}", liangshan_atlas::VERSION)));
}

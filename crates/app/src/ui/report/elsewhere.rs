//! The value per km² beside published accounts of other places, and why ours differs.

use liangshan_accounts::catalogue;
use liangshan_accounts::elsewhere::{PUBLISHED, Published};
use liangshan_vocab::{Evidence, Text, Unit, text, words};

use super::view::{View, evidence_chip, heads, table};
use crate::ui::bars::{Piece, bar};
use crate::ui::html::Html;
use crate::ui::words;

pub(super) fn draw(h: &mut Html, view: &View<'_>) {
    let Some(ours) = view.total(view.latest).and_then(|t| t.per_km2) else { return };
    h.el("figure.sheet.ranking.elsewhere", |h| ranking(h, view, ours / 1e4));
    for other in PUBLISHED.iter().filter(|p| !p.services.is_empty()) {
        services(h, view, other);
    }
}

/// All places on one axis, by the logarithm: they lie apart by a factor of ten and more.
fn ranking(h: &mut Html, view: &View<'_>, ours: f64) {
    let unit = words::density_unit();
    h.line(
        "figcaption",
        &Text::of(format!("单位面积价值量（{}，对数轴）与已发表结果", unit.zh), format!("Value per km² ({}, logarithmic) beside published accounts", unit.en)),
    );
    let own = (view.place(&view.publication.whole), view.latest, ours, None::<&Published>);
    let mut all: Vec<_> = PUBLISHED.iter().map(|p| (p.name(), p.year, p.per_km2(), Some(p))).chain([own]).collect();
    all.sort_by(|a, b| a.2.total_cmp(&b.2));
    let (low, high) = all.iter().filter(|a| a.2 > 0.0).fold((f64::MAX, f64::MIN), |(low, high), a| (low.min(a.2), high.max(a.2)));
    let (low, high) = ((low / 2.0).ln(), high.ln());
    for (name, year, value, published) in &all {
        h.el(if published.is_none() { "div.rank.own" } else { "div.rank" }, |h| {
            h.el("span.who", |h| h.say(&Text::of(format!("{} {year}", name.zh), format!("{}, {year}", name.en))));
            let share = if *value > 0.0 { ((value.ln() - low) / (high - low)).clamp(0.01, 1.0) } else { 0.01 };
            let says = words::density(value * 1e4);
            let class = if published.is_none() { "own" } else { "other" };
            bar(h, &name.clone(), &[Piece { from: 0.0, share, class: class.into(), says: says.clone() }]);
            h.el("span.value", |h| {
                h.say(&says);
                if let Some(p) = published.filter(|p| p.area_evidence != Evidence::Verified) {
                    h.text(" ");
                    evidence_chip(h, p.area_evidence);
                }
            });
        });
    }
    h.el("p.note", |h| {
        h.say(&text(
            "各地的指标范围、方法与价格年份不同，并非同一口径；“未核实”指面积凭记忆，原文摘要没有给出。来源：",
            "The places differ in indicators, methods and price years and are not on one footing. Unverified: the area is recalled, the abstract does not print it. Sources: ",
        ));
        let sources: Vec<&str> = PUBLISHED.iter().map(|p| p.source).collect();
        h.text(&sources.join("；"));
    });
}

/// Service by service: the ratio of values per km² is that of quantities times that of prices.
fn services(h: &mut Html, view: &View<'_>, other: &Published) {
    let Some(area) = view.publication.account.places.iter().find(|p| p.code == view.publication.whole).and_then(|p| p.area_km2) else { return };
    let name = other.name();
    let unit = words::density_unit();
    let caption = Text::of(
        format!("与{}（{} 年）逐项比较（{}）", name.zh, other.year, unit.zh),
        format!("Service by service against {} ({}), {}", name.en, other.year, unit.en),
    );
    table(h, ".elsewhere", &caption, |h| {
        heads(
            h,
            &[
                (text("服务", "Service"), false),
                (words!("本区域 {} 年", "Here, {}", view.latest), true),
                (words!("{} 年", "There, {}", other.year), true),
                (text("倍数", "Ratio"), true),
                (text("实物量倍数", "of quantities"), true),
                (text("单价倍数", "of prices"), true),
                (text("差异何来", "Why"), false),
            ],
        );
        h.el("tbody", |h| {
            for service in other.services {
                let Some(row) = view.row(view.latest, service.indicator) else { continue };
                let Some(value) = row.value.filter(|v| v.0 != 0) else { continue };
                let here = value.as_yuan_f64() / area;
                let there = service.value * 1e8 / other.area_km2;
                let ratio = here / there;
                let quantity = row.quantity.zip(service.quantity).and_then(|(own, (theirs, unit))| {
                    let factor = Unit::parse(unit).ok()?.factor_to(&Unit::parse(&row.unit).ok()?)?;
                    Some((own.as_f64() / area) / (theirs * factor / other.area_km2))
                });
                let quantity = quantity.filter(|q| q.is_finite() && *q > 0.0);
                h.el("tr", |h| {
                    h.with("th", &[("scope", "row")], |h| h.say(&view.indicator(service.indicator)));
                    h.el("td.n", |h| h.say(&words::density(here)));
                    h.el("td.n", |h| h.say(&words::density(there)));
                    h.el("td.n.strong", |h| h.text(&times(ratio)));
                    h.el("td.n", |h| quantity.into_iter().for_each(|q| h.text(&times(q))));
                    h.el("td.n", |h| quantity.into_iter().for_each(|q| h.text(&times(ratio / q))));
                    h.line("td", &why(service.indicator, ratio, quantity));
                });
            }
        });
    });
}

fn times(ratio: f64) -> String {
    format!("×{}", words::significant(ratio))
}

/// The reason, from which factor is further from one, and what is known of the service.
fn why(indicator: &str, ratio: f64, quantity: Option<f64>) -> Text {
    let known = match catalogue::parent(indicator).unwrap_or(indicator) {
        "water_conservation" => text("降水、蒸散与产流不同", "rain, evapotranspiration and runoff differ"),
        "soil_retention" => text("降雨侵蚀力、坡长取值与土壤养分不同", "erosivity, slope length and soil nutrients differ"),
        "flood_regulation" => {
            text("计入部分不同：彼处只有湖泊与沼泽，此处有植被滞蓄与水库", "other parts: lakes and marshes there, plants and reservoirs here")
        }
        "air_purification" | "water_purification" => {
            text("受排放量限制，取决于当地排放而非生态系统", "limited by emissions: it follows them and not the ecosystems")
        }
        "carbon_sequestration" => {
            text("森林净生态系统生产力不同；彼处实物量只印两位有效数字", "forest production differs; the quantity there is printed to two digits")
        }
        "oxygen_release" => text("彼处按 NPP 计，与固碳的 NEP 口径不一", "by NPP there, which is not the basis of its carbon"),
        "climate_regulation" => text("高温天数、单位吸热量与空调能效比的取值不同", "hot days, heat taken up and air-conditioner efficiency differ"),
        "tourism_health" => text("彼处价值超过旅游总收入三倍，无法复核", "three times the whole tourism revenue there, which cannot be recomputed"),
        _ => Text::default(),
    };
    let lead = match quantity {
        _ if (0.9..=1.1).contains(&ratio) => text("相近。", "Close. "),
        Some(q) if q.ln().abs() >= (ratio / q).ln().abs() => text("主要是实物量：", "Mostly quantity: "),
        Some(_) => text("主要是单价：", "Mostly price: "),
        None => text("实物量不可比：", "Quantities cannot be compared: "),
    };
    Text::of(format!("{}{}", lead.zh, known.zh), format!("{}{}", lead.en, known.en))
}

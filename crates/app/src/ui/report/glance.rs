//! The account at a glance: a sheet for each year with its total, its classes and what they are set
//! against.

use liangshan_accounts::account::Total;
use liangshan_accounts::catalogue::Class;
use liangshan_vocab::{Fen, Text, text, words};

use super::view::{View, change_of, class_colour, class_pieces, money};
use crate::ui::bars::bar;
use crate::ui::html::Html;
use crate::ui::words;

pub(super) fn draw(h: &mut Html, view: &View<'_>) {
    let years = view.years();
    let widest = years.iter().filter_map(|y| view.total(*y)).map(|t| t.classes.into_iter().sum::<Fen>()).max().unwrap_or_default();
    let mut before: Option<&Total> = None;
    h.el("div.years", |h| {
        for year in years {
            let Some(total) = view.total(year) else { continue };
            h.el("article.sheet.year", |h| sheet(h, view, total, before, widest));
            before = Some(total);
        }
    });
}

fn sheet(h: &mut Html, view: &View<'_>, total: &Total, before: Option<&Total>, widest: Fen) {
    let (year, id) = (total.year, format!("total-{}", total.year));
    h.el("h3", |h| h.say(&words!("{year} 年", "{year}")));
    let title = words::sentence(&total.title());
    h.line("p.kpi-name", &title);
    let (number, zh, en) = words::money_parts(total.value);
    let fen = total.value.0.to_string();
    h.with("p.kpi", &[("id", &id), ("data-fen", &fen)], |h| {
        h.el("strong", |h| h.say_with(&number, &words::exact(total.value)));
        h.text(" ");
        h.line("span.unit", &Text::of(zh, en));
    });
    h.el("p.exact", |h| {
        h.say(&words::exact(total.value));
        if let Some((before, change)) = before.and_then(|b| Some((b, change_of(b.value, total.value)?))) {
            let (year, change_said) = (before.year, words::percent(change, true));
            h.text(" ");
            h.line(if change < 0.0 { "span.down" } else { "span.up" }, &words!("比 {year} 年 {change_said}", "{change_said} on {year}"));
        }
    });
    let alt = words!("{year} 年三类服务的价值", "Value of the three classes in {year}");
    bar(h, &alt, &class_pieces(total, widest));
    h.el("ul.classes", |h| {
        for class in Class::ALL {
            h.el("li", |h| {
                h.el(&format!("i.swatch.{}", class_colour(class)), |_| {});
                h.line("span.what", &words::sentence(&class.title()));
                h.el("span.value", |h| money(h, total.class(class)));
            });
        }
        if total.deduction.0 != 0 {
            h.el("li", |h| {
                h.el("i.swatch.none", |_| {});
                h.line("span.what", &text("扣减：区外生态产品", "Less products from outside"));
                h.el("span.value", |h| money(h, Fen(-total.deduction.0)));
            });
        }
    });
    h.el("dl.ratios", |h| {
        let ten_thousand = |yuan: f64| Fen((yuan * 100.0).round() as i128);
        if let Some(yuan) = total.per_km2 {
            ratio(h, &text("每平方千米", "Per km²"), &words::money(ten_thousand(yuan)));
        }
        if let Some(yuan) = total.per_head {
            ratio(h, &text("常住人口人均", "Per resident"), &words!("{} 元", "{} yuan", words::float(yuan, 0)));
        }
        if let Some(share) = total.over_gdp {
            ratio(h, &words::sentence(&total.index_title()), &Text::same(words::float(share, 3)));
        }
        if let Some(share) = total.conversion_share() {
            let (value, share) = (words::money(total.conversion()), words::percent(share, false));
            ratio(
                h,
                &text("两山转化价值（物质供给与文化服务）及占比", "Conversion value (material and cultural) and its share"),
                &Text::of(format!("{}，{share}", value.zh), format!("{}, {share}", value.en)),
            );
        }
    });
    h.el("p.profile", |h| {
        h.el("code", |h| h.text(&view.publication.profile.printed_id()));
    });
}

fn ratio(h: &mut Html, name: &Text, value: &Text) {
    h.el("div", |h| {
        h.line("dt", name);
        h.line("dd", value);
    });
}

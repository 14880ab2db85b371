//! One map (一张图): the region as a sheet of paper with what it yields, its lines and its waters.
//!
//! Everything that can be read is written here and works without scripts: the totals, the legend, the
//! ranking and the table twin. The scripts put the map between them.

mod legend;

use liangshan_accounts::account::{ALL, AccountPlace, Total};
use liangshan_accounts::catalogue::Class;
use liangshan_vocab::{Fen, Problem, Text, nearest, text, words};
use serde_json::{Value, json};

use super::places::{before, year_of};
use crate::serve::ground::Ground;
use crate::serve::layout::{self, Page, Screen};
use crate::serve::reply::{Answer, Refusal};
use crate::serve::route::{Ask, Kind, Param, Route};
use crate::serve::snapshot::AccountPart;
use crate::serve::watch::Watch;
use crate::ui::html::Html;
use crate::ui::ramp::{hex, value_colours};
use crate::ui::words as said;

const TAKES: &[Param] = &[
    Param::optional("year", Kind::Integer(1900, 2200), ("核算年份", "accounting year"), "2020"),
    Param::optional("place", Kind::Word, ("选中的地区", "the chosen place"), "330803"),
    Param::optional(
        "value",
        Kind::Word,
        ("底图上的值：指标标识、gep、ecosystem 或 none", "what the ramp shows: an indicator, gep, ecosystem, or none"),
        "water_conservation",
    ),
    Param::optional("layers", Kind::Word, ("显示的图层，以逗号分开", "layers that are shown, by commas"), "redline,rivers"),
    Param::optional("at", Kind::Word, ("中心与级别：经度,纬度,级别", "centre and zoom: longitude,latitude,zoom"), "118.87,28.94,9"),
];

/// The map.
pub(super) const ROUTES: &[Route] = &[Route::page("/map", ("一张图", "one map"), TAKES, page)];

struct View<'a> {
    watch: &'a Watch,
    ask: &'a Ask<'a>,
    account: &'a AccountPart,
    ground: &'a Ground,
    year: i32,
    place: &'a AccountPlace,
}

fn page(ask: &Ask<'_>) -> Answer {
    let (account, ground) = (ask.snapshot.account.get()?, ask.snapshot.ground.get()?);
    let watch = ask.snapshot.watch.get()?;
    let year = year_of(ask, account)?;
    let whole = account.publication.whole.as_str();
    let code = ask.word("place").unwrap_or(whole);
    let places = &account.publication.account.places;
    let Some(place) = places.iter().find(|p| p.code == code) else {
        return Err(ask.unknown("place", &text("地区", "place"), places.iter().map(|p| p.code.as_str())));
    };
    known(ask, ground)?;
    let view = View { watch, ask, account, ground, year, place };
    let page = Page {
        styles: &["vendor/maplibre-gl@6.17.0/maplibre-gl.css", "css/map.css"],
        modules: &["js/map/main.js"],
        class: "full",
        ..Page::of(Screen::Map, text("一张图", "Map"))
    };
    Ok(layout::page(ask, &page, |h| view.draw(h)))
}

/// What the address says of values, layers and the middle is told when the region has no such thing.
fn known(ask: &Ask<'_>, ground: &Ground) -> Result<(), Refusal> {
    let values = || ground.sheets.iter().map(|s| s.indicator.as_str()).chain(["gep", "ecosystem", "none"]);
    if ask.word("value").is_some_and(|value| !values().any(|v| v == value)) {
        return Err(ask.unknown("value", &text("色阶", "value"), values()));
    }
    let layers = || ground.drawings.layers.iter().map(|l| l.name.as_str());
    if let Some(wrong) = ask.word("layers").into_iter().flat_map(|l| l.split(',')).find(|l| *l != "none" && !layers().any(|n| n == *l)) {
        let list = layers().collect::<Vec<_>>().join(", ");
        return Err(Refusal::NotFound(
            Problem::error("web.unknown_value", words!("没有“{wrong}”这个图层", "there is no layer \"{wrong}\""))
                .key("layers")
                .expect(words!("{list} 之一，以逗号分开；或 none", "some of {list}, by commas; or none"))
                .fix_near(nearest(wrong, layers()), text("从所列中选", "take some of those listed")),
        ));
    }
    let middle = |at: &str| {
        let numbers: Vec<f64> = at.split(',').filter_map(|n| n.parse().ok()).collect();
        at.split(',').count() == 3 && matches!(numbers[..], [lon, lat, zoom] if lon.abs() <= 180.0 && lat.abs() <= 85.0 && (0.0..=24.0).contains(&zoom))
    };
    match ask.word("at") {
        Some(at) if !middle(at) => Err(Problem::error("web.bad_parameter", words!("参数“at”的值“{at}”不对", "the parameter \"at\" cannot be \"{at}\""))
            .key("at")
            .expect(text("经度,纬度,级别，如 118.87,28.94,9", "longitude,latitude,zoom, such as 118.87,28.94,9"))
            .into()),
        _ => Ok(()),
    }
}

impl View<'_> {
    fn draw(&self, h: &mut Html) {
        let lang = self.ask.lang;
        h.el("h1.hidden", |h| h.say(&words!("{} 一张图", "Map of {}", self.ask.snapshot.region.declared.title.get(lang))));
        h.with(
            "div.map",
            &[("id", "map"), ("role", "application"), ("aria-label", self.ask.say("地图：方向键移动，加减键缩放", "map: arrows move, plus and minus zoom"))],
            |_| {},
        );
        h.with("div.over", &[], |h| {
            h.with("section.kpis", &[("aria-label", self.ask.say("主要数字", "main figures"))], |h| self.figures(h));
            h.with("aside.sheet.left", &[("id", "layers"), ("aria-label", self.ask.say("图层", "layers"))], |h| self.layers(h));
            h.with("aside.sheet.right", &[("id", "place"), ("aria-label", self.ask.say("这个地方", "this place"))], |h| self.place(h));
            h.with("section.time", &[("aria-label", self.ask.say("年份", "years"))], |h| self.time(h));
        });
        layout::data(h, "map-data", &self.data());
    }

    fn total(&self, code: &str) -> Option<&Total> {
        self.account.publication.account.total(self.year, code, ALL)
    }

    fn why(&self, indicator: &str, code: &str) -> String {
        self.ask.link("/why", &[("indicator", indicator), ("place", code), ("year", &self.year.to_string())])
    }

    /// The totals of the place, each a way to its explanation.
    fn figures(&self, h: &mut Html) {
        let code = self.place.code.as_str();
        let Some(total) = self.total(code) else { return };
        let earlier = before(self.account, code, self.year);
        let (number, unit) = self.money(total.value);
        let change = earlier.filter(|e| e.value.0 > 0).map(|e| (total.value - e.value).as_yuan_f64() / e.value.as_yuan_f64());
        self.figure(h, &said::sentence(&total.title()), &number, &unit, change, &self.why(total.id(), code));
        if let Some(per_km2) = total.per_km2 {
            let was = earlier.and_then(|e| e.per_km2).filter(|e| *e > 0.0);
            let (number, unit) = (said::density(per_km2), said::density_unit());
            self.figure(
                h,
                &text("单位面积价值", "Value per area"),
                number.get(self.ask.lang),
                unit.get(self.ask.lang),
                was.map(|w| per_km2 / w - 1.0),
                &self.why(total.id(), code),
            );
        }
        if let Some(index) = total.over_gdp {
            let was = earlier.and_then(|e| e.over_gdp).filter(|e| *e > 0.0);
            self.figure(h, &said::sentence(&total.index_title()), &format!("{index:.3}"), "", was.map(|w| index / w - 1.0), &self.why(total.id(), code));
        }
        for class in Class::ALL {
            let (number, unit) = self.money(total.class(class));
            let was = earlier.map(|e| e.class(class)).filter(|e| e.0 > 0);
            let change = was.map(|w| (total.class(class) - w).as_yuan_f64() / w.as_yuan_f64());
            let to = self.ask.link("/accounts", &[("place", code), ("year", &self.year.to_string())]);
            self.figure(h, &said::sentence(&class.title()), &number, &unit, change, &to);
        }
    }

    fn money(&self, value: Fen) -> (String, String) {
        let (number, zh, en) = said::money_parts(value);
        (number.get(self.ask.lang).to_owned(), self.ask.say(zh, en).to_owned())
    }

    fn figure(&self, h: &mut Html, name: &Text, number: &str, unit: &str, change: Option<f64>, to: &str) {
        h.with("a.kpi", &[("href", to)], |h| {
            h.line("span.name", name);
            h.el("span.figure", |h| {
                h.text(number);
                if !unit.is_empty() {
                    h.el("span.unit", |h| h.text(unit));
                }
            });
            if let Some(change) = change {
                let class = if change < 0.0 { "span.delta.loss" } else { "span.delta.gain" };
                h.el(class, |h| h.text(&said::percent(change, true)));
            }
        });
    }

    fn folding(&self, h: &mut Html, id: &str, title: &Text) {
        h.el("header", |h| {
            h.line("h2", title);
            let label = self.ask.say("收起或展开", "fold or unfold");
            h.with("button.fold.quiet", &[("type", "button"), ("aria-controls", id), ("aria-expanded", "true"), ("aria-label", label)], |_| {});
        });
    }

    /// This place: its three classes, its numbers, and how it stands among the counties.
    fn place(&self, h: &mut Html) {
        let code = self.place.code.as_str();
        self.folding(h, "place", &self.place.name);
        h.el("div.body", |h| {
            if code != self.account.publication.whole {
                let to = self.ask.here(&[("place", "")]);
                h.el("p.caption", |h| h.with("a", &[("href", &to)], |h| h.say(&text("← 全区域", "← the whole region"))));
            }
            if let Some(total) = self.total(code) {
                self.classes_bar(h, total);
                h.el("dl.facts", |h| {
                    self.fact(h, &said::sentence(&total.title()), &said::money(total.value), Some(&self.why(total.id(), code)));
                    if let Some(area) = self.place.area_km2 {
                        self.fact(h, &text("面积", "area"), &words!("{} 平方千米", "{} km²", said::float(area, 1)), None);
                    }
                    if let Some(per_head) = total.per_head {
                        let yuan = said::float(per_head, 0);
                        self.fact(h, &text("人均", "per resident"), &words!("{yuan} 元", "¥{yuan}"), Some(&self.why(total.id(), code)));
                    }
                    if let Some(earlier) = before(self.account, code, self.year) {
                        let to = format!("{}#change", self.ask.link("/accounts", &[("place", code), ("year", &self.year.to_string())]));
                        self.fact(h, &words!("比 {} 年", "since {}", earlier.year), &said::signed_money(total.value - earlier.value), Some(&to));
                    }
                    if let Some(rank) = self.rank(code) {
                        let of = self.account.publication.account.places.len().saturating_sub(1);
                        self.fact(h, &text("合计位次", "rank by total"), &words!("第 {rank} 位，共 {of} 个", "{rank} of {of}"), None);
                    }
                });
                if !total.complete {
                    h.line("p.caption", &text("有指标缺输入，合计不称生态产品总值。", "Some inputs are missing, so the total is not called GEP."));
                }
                let query = [("place", code), ("year", &self.year.to_string())];
                h.el("p", |h| {
                    h.with("a.button.quiet", &[("href", &self.ask.link("/accounts", &query))], |h| h.say(&text("看这里的账户", "Open its account")));
                });
            }
            self.ranking(h);
            h.with("div", &[("id", "here"), ("aria-live", "polite")], |_| {});
        });
    }

    fn fact(&self, h: &mut Html, name: &Text, value: &Text, why: Option<&str>) {
        h.line("dt", name);
        h.el("dd", |h| match why {
            Some(to) => h.with("a.why", &[("href", to)], |h| h.say(value)),
            None => h.say(value),
        });
    }

    fn classes_bar(&self, h: &mut Html, total: &Total) {
        let whole: f64 = Class::ALL.iter().map(|c| total.class(*c).as_yuan_f64().max(0.0)).sum();
        if whole <= 0.0 {
            return;
        }
        h.with(
            "svg.classes",
            &[
                ("viewBox", "0 0 300 10"),
                ("preserveAspectRatio", "none"),
                ("role", "img"),
                ("aria-label", self.ask.say("三类产品的份额", "shares of the three classes")),
            ],
            |h| {
                let mut at = 0.0;
                for class in Class::ALL {
                    let wide = total.class(class).as_yuan_f64().max(0.0) / whole * 300.0;
                    h.with(
                        &format!("rect.{}", class.word()),
                        &[("x", &format!("{at:.2}")), ("y", "0"), ("width", &format!("{:.2}", (wide - 1.0).max(0.0))), ("height", "10")],
                        |_| {},
                    );
                    at += wide;
                }
            },
        );
        h.el("p.caption.key3", |h| {
            for class in Class::ALL {
                let share = said::percent(total.class(class).as_yuan_f64() / whole, false);
                h.el("span.entry", |h| {
                    h.el(&format!("span.dot.{}", class.word()), |_| {});
                    h.say(&said::sentence(&class.title()));
                    h.text(&format!(" {share}"));
                });
            }
        });
    }

    fn counties(&self) -> Vec<(&AccountPlace, &Total)> {
        let account = &self.account.publication.account;
        let leaf = |p: &&AccountPlace| !account.places.iter().any(|q| q.parent.as_deref() == Some(p.code.as_str()));
        let mut counties: Vec<_> = account.places.iter().filter(leaf).filter_map(|p| Some((p, self.total(&p.code)?))).collect();
        counties.sort_by_key(|(_, t)| std::cmp::Reverse(t.value));
        counties
    }

    fn rank(&self, code: &str) -> Option<usize> {
        self.counties().iter().position(|(p, _)| p.code == code).map(|at| at + 1)
    }

    /// The counties by total, drawn and as the table twin.
    fn ranking(&self, h: &mut Html) {
        let counties = self.counties();
        let most = counties.iter().map(|(_, t)| t.value.as_yuan_f64()).fold(0.0, f64::max);
        if counties.len() < 2 || most <= 0.0 {
            return;
        }
        h.el("h3", |h| h.say(&words!("各县（市、区），{} 年，{}", "Counties, {0}, {1}", self.year, said::table_unit().get(self.ask.lang))));
        h.el("table.ranking", |h| {
            h.el("thead.hidden", |h| {
                h.el("tr", |h| {
                    for head in [text("地区", "place"), text("三类", "classes"), text("合计", "total")] {
                        h.with("th", &[("scope", "col")], |h| h.say(&head));
                    }
                });
            });
            h.el("tbody", |h| {
                for (place, total) in &counties {
                    let chosen = place.code == self.place.code;
                    h.with(if chosen { "tr.chosen" } else { "tr" }, &[("data-place", &place.code)], |h| {
                        h.with("th", &[("scope", "row")], |h| h.with("a", &[("href", &self.ask.here(&[("place", &place.code)]))], |h| h.say(&place.name)));
                        h.el("td.bar", |h| {
                            h.with("svg", &[("viewBox", "0 0 100 10"), ("preserveAspectRatio", "none"), ("aria-hidden", "true")], |h| {
                                let mut at = 0.0;
                                for class in Class::ALL {
                                    let wide = total.class(class).as_yuan_f64().max(0.0) / most * 100.0;
                                    h.with(
                                        &format!("rect.{}", class.word()),
                                        &[("x", &format!("{at:.2}")), ("y", "0"), ("width", &format!("{wide:.2}")), ("height", "10")],
                                        |_| {},
                                    );
                                    at += wide;
                                }
                            });
                        });
                        h.el("td.number", |h| {
                            h.with("a.why", &[("href", &self.why(total.id(), &place.code))], |h| {
                                h.say_with(&said::in_table(total.value), &said::exact(total.value))
                            })
                        });
                    });
                }
            });
            let sum: Fen = counties.iter().map(|(_, t)| t.value).sum();
            h.el("tfoot", |h| {
                h.el("tr.total", |h| {
                    h.with("th", &[("scope", "row")], |h| h.say(&text("合计", "total")));
                    h.el("td", |_| {});
                    h.el("td.number", |h| h.say_with(&said::in_table(sum), &said::exact(sum)));
                });
            });
        });
    }

    /// Years as links; the scripts make them change the map without another page.
    fn time(&self, h: &mut Html) {
        let account = &self.account.publication.account;
        let mut years = account.years.clone();
        years.sort_unstable();
        let most = years.iter().filter_map(|y| account.total(*y, &self.place.code, ALL)).map(|t| t.value.as_yuan_f64()).fold(0.0, f64::max);
        h.with("button.play", &[("type", "button"), ("id", "play"), ("aria-label", self.ask.say("逐年播放", "play the years"))], |h| h.text("▶"));
        h.el("div.years", |h| {
            for year in years {
                let to = self.ask.here(&[("year", &year.to_string())]);
                let mut attributes = vec![("href", to.as_str()), ("data-year", "")];
                if year == self.year {
                    attributes.push(("aria-current", "true"));
                }
                let total = account.total(year, &self.place.code, ALL).map(|t| t.value);
                h.with("a", &attributes, |h| {
                    if let Some(total) = total.filter(|_| most > 0.0) {
                        let high = total.as_yuan_f64() / most * 22.0;
                        h.with("svg", &[("viewBox", "0 0 60 24"), ("aria-hidden", "true")], |h| {
                            h.with("rect", &[("x", "8"), ("y", &format!("{:.1}", 23.0 - high)), ("width", "44"), ("height", &format!("{high:.1}"))], |_| {});
                        });
                    }
                    h.el("span", |h| h.text(&year.to_string()));
                });
            }
        });
    }

    /// What the scripts need.
    fn data(&self) -> Value {
        let lang = self.ask.lang;
        let account = &self.account.publication.account;
        let layers: Vec<Value> = self.ground.drawings.layers.iter().map(|l| self.layer(l)).collect();
        let sheets: Vec<Value> = self
            .ground
            .sheets
            .iter()
            .map(|s| {
                json!({ "indicator": s.indicator, "title": s.title.get(lang), "unit": said::unit(&s.unit).get(lang), "low": s.scale.low, "high": s.scale.high, "breaks": s.scale.breaks, "quantiles": s.scale.quantiles, "years": s.files.keys().collect::<Vec<_>>() })
            })
            .collect();
        let outlines = self.ground.drawings.layers.first();
        let named = |(place, total): &(&AccountPlace, &Total)| {
            let at = outlines.and_then(|l| l.features.iter().find(|f| f.id == place.code)).map(|f| f.point());
            json!({ "code": place.code, "name": place.name.get(lang), "per_km2": total.per_km2, "at": at })
        };
        let counties: Vec<Value> = self.counties().iter().map(named).collect();
        // One scale for all years, or a change of year would not show.
        let densities = account.years.iter().flat_map(|y| account.places.iter().filter_map(|p| account.total(*y, &p.code, ALL)?.per_km2)).collect::<Vec<_>>();
        let ends = [densities.iter().copied().fold(f64::INFINITY, f64::min), densities.iter().copied().fold(0.0, f64::max)];
        let per_year: Vec<Value> = account
            .years
            .iter()
            .map(|y| json!({ "year": y, "per_km2": account.places.iter().filter_map(|p| Some((p.code.clone(), json!(account.total(*y, &p.code, ALL)?.per_km2?)))).collect::<serde_json::Map<_, _>>() }))
            .collect();
        json!({
            "lang": lang.code(), "year": self.year, "place": self.place.code, "whole": self.account.publication.whole, "bounds": self.ground.drawings.bounds,
            "layers": layers, "sheets": sheets, "counties": counties, "density": { "ends": ends, "years": per_year, "unit": said::density_unit().get(lang) },
            "relief": self.ground.relief.is_some(), "ecosystem": self.ground.classes.as_ref().map(|c| c.years().collect::<Vec<_>>()), "colours": value_colours(16).into_iter().map(hex).collect::<Vec<_>>(),
            "words": {
                "search": self.ask.say("查找地名（/）", "search (/)"), "nothing": self.ask.say("没有找到", "nothing found"),
                "here": self.ask.say("这一点", "at this point"), "yields": self.ask.say("每个格网单元的产出", "what its cell yields"),
                "covered": self.ask.say("所在的分区与控制线", "zones and lines here"), "outside": self.ask.say("在区域之外", "outside the region"),
                "why": self.ask.say("为什么", "why"), "zoom_in": self.ask.say("放大", "zoom in"), "zoom_out": self.ask.say("缩小", "zoom out"),
                "whole": self.ask.say("全区域", "whole region"), "pause": self.ask.say("暂停", "pause"), "failed": self.ask.say("没有取到", "could not be read"),
                "quantiles": self.ask.say("每种颜色的格网数相同（分位数分级）", "as many cells of each colour (quantiles)"),
                "equal": self.ask.say("等距分级", "equal steps"), "linear": self.ask.say("各县为平均，按各年同一色阶", "averages of counties, one ramp for all years"),
                "type": self.ask.say("生态系统", "ecosystem"),
                "edition": self.ask.say("版本", "edition"), "target": self.ask.say("目标", "target"),
            },
        })
    }
}

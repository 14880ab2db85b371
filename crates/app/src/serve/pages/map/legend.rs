//! The legend of the map: what the ramp shows, ecosystem types, and layers by groups, each beside its switch.

use std::collections::BTreeMap;

use liangshan_atlas::drawn::DrawnLayer;
use liangshan_vocab::{Origin, Text, text};
use serde_json::{Map, Value, json};

use super::View;
use crate::serve::pages::places::told;
use crate::serve::scale::STEPS;
use crate::serve::watch::State;
use crate::ui::ecosystems;
use crate::ui::html::Html;
use crate::ui::ramp::{hex, value_colours};
use crate::ui::words as said;

impl View<'_> {
    /// The legend: what the ramp shows, then layers by groups, each beside its switch.
    pub(super) fn layers(&self, h: &mut Html) {
        self.folding(h, "layers", &text("图层", "Layers"));
        h.el("div.body", |h| {
            h.el("fieldset", |h| {
                h.line("legend", &text("产出（色阶）", "What nature yields"));
                let shown = self.ask.word("value").unwrap_or("gep");
                h.with("select", &[("name", "value"), ("id", "value"), ("aria-label", self.ask.say("色阶显示什么", "what the ramp shows"))], |h| {
                    self.choice(h, "gep", &text("单位面积价值（按县）", "value per area, by county"), shown == "gep", None);
                    for sheet in &self.ground.sheets {
                        let mark = (sheet.origin != Origin::Measured).then(|| sheet.origin.title());
                        self.choice(h, &sheet.indicator, &said::sentence(&sheet.title), shown == sheet.indicator, mark);
                    }
                    if let Some(maps) = &self.ground.classes {
                        let mark = (maps.origin != Origin::Measured).then(|| maps.origin.title());
                        self.choice(h, "ecosystem", &text("生态系统类型", "ecosystem types"), shown == "ecosystem", mark);
                    }
                    self.choice(h, "none", &text("不显示", "nothing"), shown == "none", None);
                });
                h.with("div.ramp", &[("id", "ramp")], |h| {
                    h.with("div.colours", &[("aria-hidden", "true")], |h| {
                        for colour in value_colours(STEPS) {
                            h.with("svg", &[("viewBox", "0 0 10 8"), ("preserveAspectRatio", "none")], |h| {
                                h.with("rect", &[("width", "10"), ("height", "8"), ("fill", &hex(colour))], |_| {});
                            });
                        }
                    });
                    h.el("div.breaks", |_| {});
                    h.el("p.caption.about", |_| {});
                });
                self.types(h, shown == "ecosystem");
                h.el("label.opacity", |h| {
                    h.line("span", &text("不透明度", "opacity"));
                    h.void("input", &[("type", "range"), ("id", "opacity"), ("min", "20"), ("max", "100"), ("value", "85")]);
                });
            });
            let groups: [(Text, &[&str]); 4] = [
                (text("三区三线与分区", "Zones and lines"), &["zone", "line", "function", "area"]),
                (text("水环境与水系", "Water"), &["water_unit", "water", "river", "section"]),
                (text("安全格局", "Security pattern"), &["pattern"]),
                (text("基础与站点", "Base and stations"), &["place", "station", "site"]),
            ];
            for (title, kinds) in &groups {
                let layers: Vec<_> = self.ground.drawings.layers.iter().filter(|l| kinds.contains(&l.kind)).collect();
                if layers.is_empty() {
                    continue;
                }
                h.el("fieldset", |h| {
                    h.line("legend", title);
                    for layer in layers {
                        let on = match self.ask.word("layers") {
                            Some(list) => list.split(',').any(|l| l == layer.name),
                            None => self.on_at_first(layer.kind, &layer.name),
                        };
                        h.el("label.switch", |h| {
                            let mut attributes = vec![("type", "checkbox"), ("name", "layer"), ("value", layer.name.as_str())];
                            if on {
                                attributes.push(("checked", ""));
                            }
                            h.void("input", &attributes);
                            h.with("span.key", &[("data-kind", layer.kind), ("data-layer", &layer.name)], |_| {});
                            h.el("span.title", |h| {
                                h.say(&layer.title);
                                if layer.origin == Origin::Synthetic && !layer.title.zh.contains('（') {
                                    h.el("span.caption", |h| h.say(&text("（合成）", " (synthetic)")));
                                }
                            });
                        });
                        self.states(h, &layer.name);
                    }
                });
            }
        });
    }

    /// The legend of ecosystem types: each type of level I with its classes that the year's map has.
    fn types(&self, h: &mut Html, shown: bool) {
        let Some(maps) = &self.ground.classes else { return };
        let classes = &self.account.book.prepared.classes;
        let mut attributes = vec![("id", "types")];
        if !shown {
            attributes.push(("hidden", ""));
        }
        h.with("div.types", &attributes, |h| {
            let empty = BTreeMap::new();
            let shares = maps.shares.get(&self.year).unwrap_or(&empty);
            for (kind, of) in classes.types.iter().enumerate() {
                let present: Vec<_> = classes.classes.iter().filter(|c| c.kind == kind && c.attribute == 0 && shares.contains_key(&c.code)).collect();
                if present.is_empty() {
                    continue;
                }
                h.el("p.type", |h| {
                    h.line("b", &of.name);
                    for class in present {
                        h.el("span.entry", |h| {
                            h.with("svg", &[("viewBox", "0 0 10 10"), ("aria-hidden", "true")], |h| {
                                h.with("rect", &[("width", "10"), ("height", "10"), ("fill", &hex(ecosystems::colour(class.code)))], |_| {});
                            });
                            h.say(&class.name);
                            let share = shares[&class.code];
                            let said = if share < 0.001 { "<0.1 %".to_owned() } else { format!("{:.1} %", share * 100.0) };
                            h.el("span.share", |h| h.text(&said));
                        });
                    }
                });
            }
            h.line(
                "p.caption",
                &text(
                    "HJ 1166-2021 一级、二级类；占图上格网的份额；颜色由本系统自定。",
                    "Levels I and II of HJ 1166-2021, with their shares of the cells; the colours are our own.",
                ),
            );
        });
    }

    /// Beside the switch of a layer of sections or stations: how they stand, a colour and a word each.
    fn states(&self, h: &mut Html, layer: &str) {
        let points: Vec<_> = self.watch.of_layer(layer).collect();
        let count = |state: State| points.iter().filter(|p| p.state() == state).count();
        if points.is_empty() {
            return;
        }
        h.el("p.states", |h| {
            for state in State::ALL.into_iter().filter(|s| count(*s) > 0) {
                h.el(&format!("span.chip.{}", state.word()), |h| {
                    h.say(&state.title());
                    h.text(&format!(" {}", count(state)));
                });
            }
            let to = format!("{}#{}", self.ask.link("/environment", &[]), if points[0].kind.word() == "section" { "sections" } else { "stations" });
            h.with("a", &[("href", &to)], |h| h.say(&text("逐个看", "one by one")));
        });
    }

    fn choice(&self, h: &mut Html, value: &str, title: &Text, chosen: bool, mark: Option<Text>) {
        let mut attributes = vec![("value", value)];
        if chosen {
            attributes.push(("selected", ""));
        }
        h.with("option", &attributes, |h| {
            h.say(title);
            if let Some(mark) = mark {
                h.text(&format!(" · {}", mark.get(self.ask.lang)));
            }
        });
    }

    /// Whether a layer is drawn at first: what the land is cut into, its waters, and what is watched and measured.
    fn on_at_first(&self, kind: &str, name: &str) -> bool {
        let measured = || self.watch.of_layer(name).any(|p| p.state() != State::NoData);
        matches!(kind, "place" | "river" | "section") || ["redline", "urban_boundary"].contains(&name) || (kind == "station" && measured())
    }

    /// A layer for the scripts; one of sections or stations says how each of them stands and where its page is.
    pub(super) fn layer(&self, layer: &DrawnLayer) -> Value {
        let lang = self.ask.lang;
        let mut out = told(layer, lang);
        let points = self.watch.of_layer(&layer.name).map(|p| {
            let letter = match p.now() {
                Some((_, _, v)) => v.index.map_or_else(|| v.grade.printed().zh.to_string(), |aqi| aqi.to_string()),
                None => String::new(),
            };
            (p.id.clone(), json!({ "state": p.state().word(), "letter": letter, "page": self.ask.link(&p.path(), &[]) }))
        });
        let points: Map<String, Value> = points.collect();
        if !points.is_empty() {
            out["points"] = Value::Object(points);
        }
        out
    }
}

//! Method profiles: TOML read into the accounts' words. A region's own `methods/` extend or replace
//! those shipped with the program, by id.

use std::collections::BTreeMap;

use liangshan_accounts::profile::{Inclusion, Parameter, ParameterValue, Profile};
use liangshan_accounts::resolution::{Draft, MethodDraft, resolve};
use liangshan_formats::document::{Document, Section};
use liangshan_models::purification::Regime;
use liangshan_store::digest;
use liangshan_vocab::{Digest, Evidence, Problem, Problems, Text, nearest, text, words};
use serde::Serialize;

use crate::region::Region;

/// The profiles shipped with the program: id and text.
pub const SHIPPED: &[(&str, &str)] = &[
    ("national-2022-reconstructed", include_str!("../../../methods/national-2022-reconstructed.toml")),
    ("zhejiang-db33-2020-reconstructed", include_str!("../../../methods/zhejiang-db33-2020-reconstructed.toml")),
];

/// How an indicator's quantity comes about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "flow", rename_all = "snake_case")]
pub enum Flow {
    /// The sum of a model's output over the cells of a place.
    ModelSum(ModelFlow),
    /// A whole of other indicators; its own physical quantity, if any, comes from a model.
    RollUp {
        /// The physical quantity.
        own: Option<ModelFlow>,
    },
    /// What ecosystems take up of a pollutant: by county the smaller of emission and capacity, or as
    /// the regime says, shared out by capacity.
    LimitedSum {
        /// The capacity.
        capacity: ModelFlow,
        /// What it is held against.
        limit: Limit,
    },
    /// Products of a department table.
    OutputShare {
        /// The ecosystem type they are counted under.
        ecosystem: String,
    },
    /// Tourism revenue of the statistics.
    RevenueShare {
        /// The ecosystem type it is counted under.
        ecosystem: String,
    },
    /// Declared zero or not applicable by the region.
    Declared,
    /// Counted by the profile, but this version has no method for it yet.
    Pending,
}

/// One output of one model.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ModelFlow {
    /// The model.
    pub model: String,
    /// Its output.
    pub output: String,
    /// The 0/1 layer that says which classes count; all of them where there is none.
    pub counted: Option<String>,
}

/// What a capacity is held against, county by county.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Limit {
    /// The table, by its key below `[tables]` of `region.toml`.
    pub table: String,
    /// The species whose row gives the emission.
    pub species: String,
    /// The species whose row gives concentration and limit.
    pub decided_by: String,
    /// A regime of its own, by its word; that of the flag `purification_regime` where none.
    pub regime: Option<String>,
}

impl Flow {
    /// The model output behind it, where there is one.
    pub fn model(&self) -> Option<&ModelFlow> {
        match self {
            Flow::ModelSum(flow) | Flow::RollUp { own: Some(flow) } | Flow::LimitedSum { capacity: flow, .. } => Some(flow),
            _ => None,
        }
    }
}

/// Models among which a flag of the profile chooses: other methods, not other accuracies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Routes {
    /// The flag.
    pub flag: String,
    /// The model of each of its words; all make an output of the same name and unit.
    pub models: BTreeMap<String, String>,
}

/// A resolved profile with its flows.
#[derive(Debug, Clone)]
pub struct Method {
    /// What is counted and valued.
    pub profile: Profile,
    /// Where the quantities come from, by indicator.
    pub flows: BTreeMap<String, Flow>,
    /// Indicators whose model a flag chooses.
    pub routes: BTreeMap<String, Routes>,
    /// The texts it was read from: file and digest, most basic first.
    pub basis: Vec<(String, Digest)>,
}

impl Method {
    /// The flow of an indicator.
    pub fn flow(&self, indicator: &str) -> Option<&Flow> {
        self.flows.get(indicator)
    }

    /// The flows that an indicator would have by the other words of its flag.
    pub fn other_routes(&self, indicator: &str) -> Vec<(&str, ModelFlow)> {
        let (Some(routes), Some(flow)) = (self.routes.get(indicator), self.flow(indicator).and_then(Flow::model)) else { return Vec::new() };
        let others = routes.models.iter().filter(|(_, model)| **model != flow.model);
        others.map(|(word, model)| (word.as_str(), ModelFlow { model: model.clone(), ..flow.clone() })).collect()
    }

    /// The word of the route that an indicator takes.
    pub fn route(&self, indicator: &str) -> Option<&str> {
        let (routes, flow) = (self.routes.get(indicator)?, self.flow(indicator)?.model()?);
        routes.models.iter().find(|(_, model)| **model == flow.model).map(|(word, _)| word.as_str())
    }

    /// How the amount of a purified pollutant is decided.
    pub fn regime(&self, limit: &Limit) -> Option<Regime> {
        let flag = self.profile.flag("purification_regime").and_then(|f| f.value.as_text());
        limit.regime.as_deref().or(flag).and_then(Regime::parse)
    }

    /// Puts the model that a flag chooses into each flow that has routes.
    fn settle(&mut self) {
        for (indicator, routes) in &self.routes {
            let word = self.profile.flag(&routes.flag).and_then(|f| f.value.as_text());
            if let (Some(model), Some(Flow::ModelSum(flow))) = (word.and_then(|w| routes.models.get(w)), self.flows.get_mut(indicator)) {
                flow.model.clone_from(model);
            }
        }
    }

    /// A number that the profile gives under this name, with the indicators of a flow asked first,
    /// then the flags.
    pub fn number(&self, indicators: &[&str], name: &str) -> Option<&Parameter> {
        let of_indicators = indicators.iter().filter_map(|id| self.profile.method(id)).flat_map(|m| m.parameters.iter());
        let flag = crate::flags::NUMBERS.iter().find(|n| n.0 == name).map_or(name, |n| n.1);
        of_indicators.chain(&self.profile.flags).find(|p| p.name == name || p.name == flag)
    }
}

/// The ids that may be asked for.
pub fn known(region: &Region) -> Vec<String> {
    let mut ids: Vec<String> = SHIPPED.iter().map(|s| s.0.to_owned()).collect();
    if let Ok(folder) = std::fs::read_dir(region.folder.join("methods")) {
        for entry in folder.flatten() {
            let path = entry.path();
            if path.extension().is_some_and(|e| e == "toml")
                && let Some(stem) = path.file_stem().and_then(|s| s.to_str())
            {
                ids.push(stem.to_owned());
            }
        }
    }
    ids.sort();
    ids.dedup();
    ids
}

/// Reads and resolves a profile by its id.
///
/// # Errors
/// `profile.unknown` with the nearest id, `profile.extends_itself`, and everything wrong in the
/// files.
pub fn load(region: &Region, id: &str) -> Result<Method, Problems> {
    load_from(region, id, &mut Vec::new())
}

fn load_from(region: &Region, id: &str, above: &mut Vec<String>) -> Result<Method, Problems> {
    if above.iter().any(|a| a == id) {
        let chain = above.join(" → ");
        return Err(Problem::error("profile.extends_itself", words!("方法方案互相引用：{chain} → {id}", "the profiles extend each other: {chain} → {id}"))
            .key("extends")
            .expect(text("逐级继承、不成环的方案", "profiles that extend each other without a circle"))
            .fix(text("改正其中一个方案的 extends", "correct extends in one of them"))
            .into());
    }
    above.push(id.to_owned());
    let plain = !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_' || b == b'.');
    let file = format!("methods/{id}.toml");
    let own = if plain { std::fs::read(region.folder.join(&file)).ok() } else { None };
    let bytes = match (own, SHIPPED.iter().find(|s| s.0 == id)) {
        (Some(bytes), _) => bytes,
        (None, Some((_, shipped))) => shipped.as_bytes().to_vec(),
        (None, None) => {
            let ids = known(region);
            let near = nearest(id, ids.iter().map(String::as_str)).map(str::to_owned);
            let list = ids.join(", ");
            return Err(Problem::error("profile.unknown", words!("没有名为“{id}”的方法方案", "there is no method profile \"{id}\""))
                .key(id)
                .expect(words!("{list} 之一", "one of {list}"))
                .fix_near(near.as_deref(), text("改正 --profile 或 region.profile", "correct --profile or region.profile"))
                .into());
        }
    };
    let document = Document::parse(&bytes).map_err(|p| p.or_file(&file))?;
    let (draft, own_flows, own_routes) = read(&document);
    let problems = document.finish().or_file(&file);
    let Some(draft) = draft.filter(|_| !problems.has_errors()) else { return Err(problems) };
    let base = match &draft.extends {
        Some(base) => Some(load_from(region, base, above)?),
        None => None,
    };
    let (mut flows, mut routes, mut basis) = base.as_ref().map(|b| (b.flows.clone(), b.routes.clone(), b.basis.clone())).unwrap_or_default();
    // A flow of its own takes the routes of the one it replaces away.
    routes.retain(|indicator, _| !own_flows.contains_key(indicator));
    routes.extend(own_routes);
    let profile = resolve(base.as_ref().map(|b| &b.profile), draft).map_err(|p| p.or_file(&file))?;
    flows.extend(own_flows);
    basis.push((file, digest(&bytes)));
    let mut method = Method { profile, flows, routes, basis };
    method.settle();
    Ok(method)
}

/// Reads a profile's text; faults are noted in the document.
fn read(document: &Document) -> (Option<Draft>, BTreeMap<String, Flow>, BTreeMap<String, Routes>) {
    let root = document.root();
    let id = root.text("id");
    let title = match (root.optional_text("title_zh"), root.optional_text("title_en")) {
        (Some(zh), Some(en)) => Some(Text::of(zh, en)),
        _ => None,
    };
    let (effective_from, supersedes, extends) = (root.optional_text("effective_from"), root.optional_text("supersedes"), root.optional_text("extends"));
    let evidence = evidence(&root);
    let source = root.optional_text("source");
    let note = note(&root);
    let flags = root.optional_section("flags").map(|s| parameters(&s)).unwrap_or_default();
    let (mut indicators, mut flows, mut routes) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
    for (indicator, s) in root.sections("indicator") {
        let status = s.optional_one_of("include", &["yes", "no", "optional", "unknown"]).map(|word| match word {
            "yes" => Inclusion::Included,
            "no" => Inclusion::Excluded,
            "optional" => Inclusion::Optional,
            _ => Inclusion::Unknown,
        });
        if let Some(flow) = flow(&s) {
            if let Some(own) = s.optional_section("routes").and_then(|r| self::routes(&r, &flow)) {
                routes.insert(indicator.clone(), own);
            }
            flows.insert(indicator.clone(), flow);
        }
        let (how, price_id, alternatives) = (s.optional_text("how"), s.optional_text("price_id"), s.optional_texts("alternatives"));
        let basis = s.optional_text("basis");
        let parameters = s.optional_section("parameters").map(|p| self::parameters(&p)).unwrap_or_default();
        // The source of a single indicator is part of what a reviewer should know.
        let note = match (s.optional_text("source"), self::note(&s)) {
            (Some(source), Some(note)) => Some(format!("{note} [{source}]")),
            (source, note) => note.or(source),
        };
        indicators.push(MethodDraft { indicator, status, how, price_id, alternatives, basis, parameters, evidence: self::evidence(&s), note });
    }
    let draft = id.map(|id| Draft { id, title, effective_from, supersedes, extends, evidence, source, note, indicators, flags });
    (draft, flows, routes)
}

/// `flag = "…"` and a model for each of its words.
fn routes(s: &Section<'_>, flow: &Flow) -> Option<Routes> {
    let flag = s.text("flag")?;
    let output = flow.model()?.output.as_str();
    let mut models = BTreeMap::new();
    for word in s.keys().into_iter().filter(|k| k != "flag") {
        let model = s.text(&word)?;
        let makes = liangshan_models::find(&model).is_some_and(|m| m.spec.output(output).is_some());
        if !makes {
            s.problem(
                &word,
                Problem::error("profile.unknown_route", words!("没有产出“{output}”的模型“{model}”", "there is no model \"{model}\" that makes \"{output}\""))
                    .expect(words!("输出 {output} 的模型", "a model with the output {output}"))
                    .fix(text("docs/reference/models.md 列出了模型", "docs/reference/models.md lists the models")),
            );
            return None;
        }
        models.insert(word, model);
    }
    Some(Routes { flag, models })
}

/// `table`, `species`, and where another species decides, `decided_by`; `regime` where not the flag's.
fn limit(s: &Section<'_>) -> Option<Limit> {
    let (table, species) = (s.one_of("table", &crate::region::LIMIT_TABLES), s.text("species"));
    let words: Vec<&str> = Regime::ALL.iter().map(|r| r.0).collect();
    let (decided_by, regime) = (s.optional_text("decided_by"), s.optional_one_of("regime", &words).map(str::to_owned));
    let species = species?;
    Some(Limit { table: table?.to_owned(), decided_by: decided_by.unwrap_or_else(|| species.clone()), species, regime })
}

fn flow(s: &Section<'_>) -> Option<Flow> {
    let word = s.optional_one_of("flow", &["model_sum", "roll_up", "limited_sum", "output_share", "revenue_share", "declared", "pending"])?;
    let model_flow = |needed: bool| -> Option<ModelFlow> {
        if !needed && !s.has("model") {
            return None;
        }
        let (model, output) = (s.text("model"), s.text("output"));
        let counted = s.optional_text("counted");
        let (model, output) = (model?, output?);
        let spec = match liangshan_models::find(&model) {
            Some(found) => found.spec,
            None => {
                let near = nearest(&model, liangshan_models::all().iter().map(|m| m.spec.id));
                s.problem(
                    "model",
                    Problem::error("profile.unknown_model", words!("没有模型“{model}”", "there is no model \"{model}\""))
                        .fix_near(near, text("docs/reference/models.md 列出了模型", "docs/reference/models.md lists the models"))
                        .expect(text("程序中已有的模型", "a model of the program")),
                );
                return None;
            }
        };
        if spec.output(&output).is_none() {
            let list = spec.outputs.iter().map(|o| o.name).collect::<Vec<_>>().join(", ");
            s.problem(
                "output",
                Problem::error("profile.unknown_output", words!("模型 {model} 没有输出“{output}”", "the model {model} makes no \"{output}\""))
                    .expect(words!("{list} 之一", "one of {list}"))
                    .fix(text("改正 output", "correct output")),
            );
            return None;
        }
        Some(ModelFlow { model, output, counted })
    };
    match word {
        "model_sum" => model_flow(true).map(Flow::ModelSum),
        "limited_sum" => match (model_flow(true), limit(s)) {
            (Some(capacity), Some(limit)) => Some(Flow::LimitedSum { capacity, limit }),
            _ => None,
        },
        "roll_up" => Some(Flow::RollUp { own: model_flow(false) }),
        "output_share" => Some(Flow::OutputShare { ecosystem: s.text("ecosystem")? }),
        "revenue_share" => Some(Flow::RevenueShare { ecosystem: s.text("ecosystem")? }),
        "declared" => Some(Flow::Declared),
        _ => Some(Flow::Pending),
    }
}

fn evidence(s: &Section<'_>) -> Option<Evidence> {
    s.optional_parsed("evidence", |word| {
        Evidence::parse(word).ok_or_else(|| {
            Problem::error("profile.evidence", words!("证据等级“{word}”不在清单中", "the evidence \"{word}\" is not one of the list"))
                .expect(text("verified、partial 或 unverified", "verified, partial or unverified"))
                .fix(text("改用其中一个词", "use one of these words"))
        })
    })
}

/// The note in both languages, as one text for the accounts.
fn note(s: &Section<'_>) -> Option<String> {
    match (s.optional_text("note_zh"), s.optional_text("note_en")) {
        (Some(zh), Some(en)) => Some(format!("{zh} / {en}")),
        (zh, en) => zh.or(en),
    }
}

/// `name = { value = …, unit = "…", source = "…", evidence = "…" }`.
fn parameters(section: &Section<'_>) -> Vec<Parameter> {
    section
        .keys()
        .into_iter()
        .filter_map(|name| {
            let s = section.section(&name)?;
            let value = match s.kind_of("value") {
                "number" => s.number("value").map(ParameterValue::Number),
                "boolean" => s.boolean("value").map(ParameterValue::Flag),
                _ => s.text("value").map(ParameterValue::Text),
            };
            let unit = s.optional_parsed("unit", |u| liangshan_vocab::Unit::parse(u).map(|_| u.to_owned())).unwrap_or_else(|| "1".into());
            let source = s.text("source");
            let evidence = evidence(&s).unwrap_or(Evidence::Unverified);
            Some(Parameter { name, value: value?, unit, source: source?, evidence })
        })
        .collect()
}

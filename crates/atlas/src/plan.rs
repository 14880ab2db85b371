//! The plan of a year: which models run in which order, what serves each of their inputs, and the
//! name of every stream of results, made from everything it reads.

mod conditions;

use std::collections::BTreeMap;

use liangshan_accounts::profile::ParameterValue;
use liangshan_models::Model;
use liangshan_space::{Grid, Window};
use liangshan_store::Naming;
use liangshan_vocab::{Digest, Form, Input, Origin, Problem, Problems, Text, Unit, nearest, text, words};

use crate::class_map::ClassMap;
use crate::layers::{Prepared, Read, Setting};
use crate::profiles::{Flow, Method, ModelFlow};
use crate::purification::Limits;
use crate::region::{REGION_FILE, Region, Serving, Weather};
use crate::task::Ground;

/// Raised whenever the engine could give other bytes from the same input.
pub const ENGINE: &str = "1";

/// What serves an input of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    /// A layer of the region.
    Layer(usize),
    /// An output of an earlier step.
    Step(usize, &'static str),
}

/// One model in its place.
pub struct Step {
    /// The model.
    pub model: &'static Model,
    /// Its grids.
    pub inputs: Vec<(&'static str, From)>,
    /// Its numbers.
    pub numbers: Vec<(&'static str, f64)>,
    /// Cells beyond the block in which a later step needs its outputs.
    pub halo: usize,
}

/// Which year each thing is taken from. An account takes all from its own year; the change between
/// two years is split by taking some from one and some from the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mixture {
    /// The year of the layers that follow the weather.
    pub weather: i32,
    /// The year of the ecosystem map.
    pub land_cover: i32,
    /// The year of everything else, tables included.
    pub rest: i32,
}

impl Mixture {
    /// Everything from one year.
    pub fn of(year: i32) -> Self {
        Self { weather: year, land_cover: year, rest: year }
    }

    /// The year a layer is taken from. What a normal has of a year is its land cover.
    fn year_of(self, serving: &Serving, weather: Weather) -> i32 {
        match (serving.follows_weather(), weather) {
            (true, Weather::Year) => self.weather,
            (true, Weather::Normal) => self.land_cover,
            (false, _) => self.rest,
        }
    }
}

/// A model whose outputs are summed for the account.
pub struct Stream {
    /// The step that makes it.
    pub step: usize,
    /// Which classes count, by class index.
    pub counted: Vec<bool>,
    /// The layer that said so, if any.
    pub counted_by: Option<String>,
    /// The name of its results, sums and maps.
    pub name: Digest,
    /// The name of its sums alone, the same for every mixture of years that reads the same.
    pub sums_name: Digest,
    /// Every file behind it, in order of first use.
    pub reads: Vec<Read>,
    /// Layers it rests on.
    pub layers: Vec<usize>,
    /// What it is, all files together.
    pub origin: Origin,
}

impl Stream {
    /// The model's identifier.
    pub fn id(&self, plan: &YearPlan) -> &'static str {
        plan.steps[self.step].model.spec.id
    }
}

/// The plan of one year.
pub struct YearPlan {
    /// The year.
    pub year: i32,
    /// Whose weather.
    pub weather: Weather,
    /// Layers in order of first use.
    pub layers: Vec<Prepared>,
    /// Cells beyond the block in which each layer is needed.
    pub layer_halos: Vec<usize>,
    /// Models in an order in which each finds its inputs made.
    pub steps: Vec<Step>,
    /// What is summed.
    pub streams: Vec<Stream>,
    /// The ecosystem map.
    pub classes: ClassMap,
    /// Layers of models that cannot run for an error elsewhere, with the classes that would count: a
    /// check looks at them all the same.
    pub stranded: Vec<(usize, &'static Input, Vec<bool>)>,
    /// Models that cannot run because the region declares no source for an input, with the input.
    pub unserved: BTreeMap<String, Vec<Unserved>>,
    /// What purified amounts are held against, by indicator.
    pub limits: BTreeMap<String, Limits>,
}

/// An input that the region declares no source for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unserved {
    /// The key that is absent from `region.toml`.
    pub key: String,
    /// What is missing.
    pub title: Text,
}

/// Cells by which the region's grid is extended on every side, so that every halo lies on it.
pub fn margin() -> usize {
    liangshan_models::all().iter().map(|m| m.halo()).sum()
}

/// The region's grid with the margin around it.
pub fn extended(grid: &Grid) -> Grid {
    let m = margin();
    Grid {
        crs: grid.crs,
        x0: grid.x0 - m as f64 * grid.dx,
        y0: grid.y0 + m as f64 * grid.dy,
        columns: grid.columns + 2 * m,
        rows: grid.rows + 2 * m,
        ..grid.clone()
    }
}

/// The blocks of the region, as windows of the extended grid.
pub fn blocks(grid: &Grid, tile: usize) -> Vec<Window> {
    let m = margin();
    grid.blocks(tile).into_iter().map(|w| Window { column: w.column + m, row: w.row + m, ..w }).collect()
}

/// The practice factor P of the soil-loss equation, which some methods do not have.
const PRACTICE_FACTOR: &str = "p";

/// Cells above which a traced slope length is refused, m (method sheet 3.2).
const LARGEST_CELL_FOR_TRACED_SLOPES_M: f64 = 30.0;

struct Planner<'a> {
    setting: Setting<'a>,
    mixture: Mixture,
    method: &'a Method,
    layers: Vec<Prepared>,
    steps: Vec<Step>,
    /// Layers and steps behind each step, itself included.
    behind: Vec<(Vec<usize>, Vec<usize>)>,
    problems: Problems,
    failed_layers: Vec<String>,
    unserved: Vec<Unserved>,
    /// Layers and the inputs they serve, of the model that is being placed.
    seen: Vec<(usize, &'static Input)>,
    /// What purified amounts are held against, by indicator.
    limits: BTreeMap<String, Limits>,
}

impl YearPlan {
    /// Plans a year.
    ///
    /// The problems are everything that keeps a declared source from being used:
    /// `profile.parameter_missing`, `soil.traced_slope_on_coarse_cells`, and those of the sources. An
    /// input for which the region declares no source at all is a warning, and its model does not run.
    ///
    /// The plan is there, without what failed, whenever the ecosystem map can be read, so that a check
    /// can look at the rest; it is to be computed only when there are no errors.
    pub fn make(ground: Ground<'_>, region: &Region, method: &Method, year: i32, weather: Weather) -> (Option<Self>, Problems) {
        Self::mixed(ground, region, method, Mixture::of(year), weather)
    }

    /// Plans a mixture of years, as [`YearPlan::make`] plans one. Its year is that of the rest.
    pub fn mixed(ground: Ground<'_>, region: &Region, method: &Method, mixture: Mixture, weather: Weather) -> (Option<Self>, Problems) {
        let Ground { grid, places, classes, .. } = ground;
        let year = mixture.rest;
        let erosive = method.number(&["soil_retention"], "erosive_rain_threshold").and_then(|p| p.value.as_number());
        let setting = Setting { region, grid, places, classes, year, weather, erosive_rain_mm: erosive };
        let map = ClassMap::open(&Setting { year: mixture.land_cover, ..setting });
        let mut planner = Planner {
            setting,
            mixture,
            method,
            layers: Vec::new(),
            steps: Vec::new(),
            behind: Vec::new(),
            problems: Problems::new(),
            failed_layers: Vec::new(),
            unserved: Vec::new(),
            seen: Vec::new(),
            limits: BTreeMap::new(),
        };
        planner.read_limits();
        let map = planner.problems.keep(map);
        let (mut streams, mut stranded, mut unserved) = (Vec::new(), Vec::new(), BTreeMap::new());
        for (model, counted, indicators) in wanted(method) {
            let Some(found) = liangshan_models::find(&model) else { continue };
            planner.seen.clear();
            let step = planner.step(found, &indicators, &mut Vec::new());
            let served = planner.unserved.is_empty();
            if !served {
                unserved.insert(model.clone(), std::mem::take(&mut planner.unserved));
            }
            let mask = match counted.as_ref().map(|name| planner.counted(name)) {
                Some(Some(mask)) => mask,
                Some(None) => continue,
                None => vec![true; classes.classes.len()],
            };
            match (step, &map) {
                (Some(step), Some(map)) => streams.push(planner.stream(step, mask, counted, &indicators, map)),
                (None, Some(_)) if served => stranded.extend(planner.seen.drain(..).map(|(layer, input)| (layer, input, mask.clone()))),
                _ => {}
            }
        }
        if let Some(map) = &map {
            planner.other_routes(&mut streams, map);
        }
        planner.slopes();
        let halos = planner.halos();
        let Planner { layers, steps, problems, limits, .. } = planner;
        (map.map(|map| Self { year, weather, layers, layer_halos: halos, steps, streams, classes: map, stranded, unserved, limits }), problems)
    }

    /// The stream that a flow is a sum of.
    pub fn stream(&self, flow: &ModelFlow) -> Option<usize> {
        self.streams.iter().position(|s| s.id(self) == flow.model && s.counted_by == flow.counted)
    }

    /// The recorded datum decisions of its layers.
    pub fn datums(&self) -> Vec<&'static str> {
        let mut all: Vec<&'static str> = self.layers.iter().filter_map(|l| l.datum).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// The models that a method sums, each with the layer of classes that count and its indicators.
fn wanted(method: &Method) -> Vec<(String, Option<String>, Vec<String>)> {
    let mut out: Vec<(String, Option<String>, Vec<String>)> = Vec::new();
    for indicator in method.profile.indicators.iter().filter(|m| m.status.counts()) {
        let Some(flow) = method.flow(&indicator.indicator).and_then(Flow::model) else { continue };
        match out.iter_mut().find(|(model, counted, _)| *model == flow.model && *counted == flow.counted) {
            Some((_, _, indicators)) => indicators.push(indicator.indicator.clone()),
            None => out.push((flow.model.clone(), flow.counted.clone(), vec![indicator.indicator.clone()])),
        }
    }
    out
}

impl Planner<'_> {
    fn layer(&mut self, name: &str, model: &'static Model) -> Option<usize> {
        let input = model.spec.input(name)?;
        let layer = match self.layers.iter().position(|l| l.name == name) {
            Some(known) => known,
            None if self.failed_layers.iter().any(|l| l == name) => return None,
            None => {
                let declared = self.setting.region.declared.layers.get(name)?;
                let prepared = if let Err(fault) = self.day_basis(declared) {
                    Err(fault.into())
                } else if name == PRACTICE_FACTOR && !crate::flags::has_practice_factor(self.method) {
                    Ok(Prepared::constant(name, 1.0, "the profile has no P"))
                } else {
                    let year = self.mixture.year_of(&declared.serving, self.setting.weather);
                    Prepared::prepare(&Setting { year, ..self.setting }, declared, input)
                };
                match prepared {
                    Ok(prepared) => {
                        self.layers.push(prepared);
                        self.layers.len() - 1
                    }
                    Err(failed) => {
                        self.problems.extend(failed);
                        self.failed_layers.push(name.to_owned());
                        return None;
                    }
                }
            }
        };
        self.seen.push((layer, input));
        Some(layer)
    }

    /// Places a model and all that it rests on; `None` when something is not served.
    fn step(&mut self, model: &'static Model, indicators: &[String], above: &mut Vec<&'static str>) -> Option<usize> {
        if let Some(known) = self.steps.iter().position(|s| s.model.spec.id == model.spec.id) {
            return Some(known);
        }
        above.push(model.spec.id);
        let (mut inputs, mut numbers) = (Vec::new(), Vec::new());
        let (mut layers, mut steps): (Vec<usize>, Vec<usize>) = (Vec::new(), Vec::new());
        let mut whole = true;
        for input in model.spec.inputs {
            match input.form {
                Form::Grid if self.lacks_normal(input.name) => {
                    self.no_normal(model, input);
                    whole = false;
                }
                Form::Grid if self.setting.region.declared.layers.contains_key(input.name) => match self.layer(input.name, model) {
                    Some(layer) => {
                        layers.push(layer);
                        inputs.push((input.name, From::Layer(layer)));
                    }
                    None => whole = false,
                },
                Form::Grid => {
                    let maker = liangshan_models::all().iter().copied().find(|m| m.spec.output(input.name).is_some() && !above.contains(&m.spec.id));
                    match maker {
                        Some(maker) => {
                            let before = (self.problems.len(), self.unserved.len());
                            match self.step(maker, indicators, above) {
                                Some(step) => {
                                    layers.extend(&self.behind[step].0);
                                    steps.extend(&self.behind[step].1);
                                    inputs.push((input.name, From::Step(step, input.name)));
                                }
                                None => {
                                    whole = false;
                                    self.nobody_began(model, input, maker, before);
                                }
                            }
                        }
                        None if input.needed => {
                            self.unserved(model, input);
                            whole = false;
                        }
                        None => {}
                    }
                }
                _ => match self.number(indicators, input) {
                    Some(number) => numbers.push((input.name, number)),
                    None if input.needed => whole = false,
                    None => {}
                },
            }
        }
        above.pop();
        if !whole {
            return None;
        }
        self.steps.push(Step { model, inputs, numbers, halo: 0 });
        let own = self.steps.len() - 1;
        steps.push(own);
        layers.sort_unstable();
        layers.dedup();
        steps.sort_unstable();
        steps.dedup();
        self.behind.push((layers, steps));
        Some(own)
    }

    /// Where not one input of the maker is served, nobody meant to have it made: the product itself is
    /// what is missing, and not the parts it could be made of.
    fn nobody_began(&mut self, model: &Model, product: &Input, maker: &Model, (problems, unserved): (usize, usize)) {
        let parts = maker.spec.inputs.iter().filter(|i| i.needed).count();
        let only_unserved = self.problems.iter().skip(problems).all(|p| p.code == "model.input_unserved");
        if product.needed && only_unserved && parts > 0 && self.unserved.len() - unserved == parts {
            self.problems.0.truncate(problems);
            self.unserved.truncate(unserved);
            self.unserved(model, product);
        }
    }

    fn unserved(&mut self, model: &Model, input: &Input) {
        let (name, id, unit) = (input.name, model.spec.id, input.measure.unit);
        let (zh, en) = (&input.title.zh, &input.title.en);
        let key = format!("layer.{name}");
        if !self.unserved.iter().any(|u| u.key == key) {
            self.unserved.push(Unserved { key, title: input.title.clone() });
        }
        let mut problem = Problem::warning(
            "model.input_unserved",
            words!(
                "模型 {id} 的输入“{zh}”（{name}）没有数据源，相应指标不核算",
                "nothing serves the input \"{en}\" ({name}) of the model {id}; its indicators are not assessed"
            ),
        )
        .file(REGION_FILE)
        .key(format!("layer.{name}"))
        .expect(words!("单位可换算为 {unit} 的数据源", "a source in a unit that converts to {unit}"))
        .fix(words!("在 region.toml 中添加 [layer.{name}]", "add [layer.{name}] to region.toml"));
        if let Some(near) = nearest(name, self.setting.region.declared.layers.keys().map(String::as_str)) {
            problem = problem.fix(words!(
                "在 region.toml 中添加 [layer.{name}]；是否误写为 [layer.{near}]？",
                "add [layer.{name}] to region.toml; or is it [layer.{near}], misspelt?"
            ));
        }
        self.problems.push(problem);
    }

    fn number(&mut self, indicators: &[String], input: &Input) -> Option<f64> {
        let ids: Vec<&str> = indicators.iter().map(String::as_str).collect();
        let (name, unit) = (input.name, input.measure.unit);
        let profile = self.method.profile.printed_id();
        let at = |p: Problem| p.file(format!("methods/{profile}.toml")).key(name);
        let Some(parameter) = self.method.number(&ids, name) else {
            if input.needed {
                self.problems.push(at(Problem::error(
                    "profile.parameter_missing",
                    words!("方法方案没有给出参数“{name}”", "the profile gives no parameter \"{name}\""),
                )
                .expect(words!("单位可换算为 {unit} 的数值", "a number in a unit that converts to {unit}"))
                .fix(text("在方法方案中给出该参数", "give the parameter in the profile"))));
            }
            return None;
        };
        let factor = Unit::parse(&parameter.unit).and_then(|from| Unit::parse(unit).map(|into| from.factor_to(&into)));
        let value = match parameter.value {
            ParameterValue::Number(number) => number,
            ParameterValue::Flag(yes) => f64::from(u8::from(yes)),
            ParameterValue::Text(_) => f64::NAN,
        };
        let value = match factor {
            Ok(Some(factor)) => value * factor,
            Ok(None) => {
                self.problems.push(at(liangshan_vocab::quantity::mismatch(&parameter.unit, unit)));
                return None;
            }
            Err(problem) => {
                self.problems.push(at(problem));
                return None;
            }
        };
        if !(input.range.0 <= value && value <= input.range.1) {
            let (low, high) = input.range;
            self.problems.push(at(Problem::error(
                "profile.parameter_range",
                words!("参数“{name}”的值 {value} 超出范围", "the parameter \"{name}\" is {value}, outside its range"),
            )
            .expect(words!("{low} 至 {high} {unit}", "{low} to {high} {unit}"))
            .fix(text("检查参数的数值和单位", "check the value and its unit"))));
            return None;
        }
        Some(value)
    }

    /// The mask of classes that a 0/1 layer by class lets count.
    fn counted(&mut self, name: &str) -> Option<Vec<bool>> {
        const COUNTED: Input = liangshan_vocab::spec::grid("counted", "是否计入", "Counted or not", liangshan_vocab::spec::RATIO, (0.0, 1.0));
        let Some(declared) = self.setting.region.declared.layers.get(name) else {
            self.problems.push(
                Problem::error(
                    "model.counted_unserved",
                    words!("方法方案引用了计入表“{name}”，区域没有提供", "the profile asks for the classes of \"{name}\", which the region does not give"),
                )
                .file(REGION_FILE)
                .key(format!("layer.{name}"))
                .fix(words!(
                    "在某个 [class_table.*.layers] 中声明 {name}，取值 yes/no",
                    "declare {name} in a [class_table.*.layers], with the words yes and no"
                ))
                .expect(text("按生态系统类别给出的计入表", "a table that says class by class what counts")),
            );
            return None;
        };
        let prepared = match self.layers.iter().position(|l| l.name == name) {
            Some(known) => known,
            None => {
                let prepared = self.problems.keep(Prepared::prepare(&self.setting, declared, &COUNTED))?;
                self.layers.push(prepared);
                self.layers.len() - 1
            }
        };
        match self.layers[prepared].by_class() {
            Some(values) if values.iter().any(|v| !v.is_nan() && *v != 0.0 && *v != 1.0) => {
                self.problems.push(
                    Problem::error("model.counted_not_yes_no", words!("计入表“{name}”有 0 和 1 以外的取值", "\"{name}\" has values other than 0 and 1"))
                        .file(REGION_FILE)
                        .row(declared.row)
                        .expect(text("words = { yes = 1, no = 0 }", "words = { yes = 1, no = 0 }"))
                        .fix(text("改正 words，或表中的取值", "correct words, or the values of the table")),
                );
                None
            }
            Some(values) => Some(values.iter().map(|v| *v == 1.0).collect()),
            None => {
                self.problems.push(
                    Problem::error("model.counted_not_by_class", words!("“{name}”应按生态系统类别给出", "\"{name}\" must be given by ecosystem class"))
                        .file(REGION_FILE)
                        .row(declared.row)
                        .expect(text("[class_table.*.layers] 中的一列", "a column of a [class_table.*.layers]"))
                        .fix(text("把它移到某个 [class_table.*.layers] 中", "move it to a [class_table.*.layers]")),
                );
                None
            }
        }
    }

    fn stream(&self, step: usize, counted: Vec<bool>, counted_by: Option<String>, indicators: &[String], map: &ClassMap) -> Stream {
        let s = &self.setting;
        let (layers, steps) = &self.behind[step];
        let mut layers = layers.clone();
        if let Some(name) = &counted_by {
            layers.extend(self.layers.iter().position(|l| l.name == *name));
        }
        let grid = s.grid;
        let mut naming = Naming::of("stream")
            .with("engine", ENGINE)
            .with("grid", format!("{} {} {} {} {} {} {}", grid.crs.name(), grid.x0, grid.y0, grid.dx, grid.dy, grid.columns, grid.rows))
            .with("places", &s.places.setting)
            .with("classes", map.setting());
        for (file, digest) in s.places.basis.iter().chain(&s.classes.basis) {
            naming = naming.with(file, digest.as_str());
        }
        for step in steps {
            let step = &self.steps[*step];
            naming = naming.with("model", format!("{} {}", step.model.spec.id, step.model.version)).with("numbers", format!("{:?}", step.numbers));
        }
        let mut reads: Vec<Read> = Vec::new();
        let mut origin = s.places.origin;
        let mut add = |read: &Read| {
            if !reads.contains(read) {
                reads.push(read.clone());
            }
        };
        map.reads.iter().for_each(&mut add);
        for read in &map.reads {
            origin = origin.with(read.origin);
        }
        for layer in &layers {
            let layer = &self.layers[*layer];
            naming = naming.with("layer", &layer.name).with("setting", &layer.setting);
            layer.reads.iter().for_each(&mut add);
            origin = origin.with(layer.origin);
        }
        // Maps of a purified amount show what was decided, so the decision is part of the name.
        for (indicator, limits) in indicators.iter().filter_map(|i| Some((i, self.limits.get(i)?))) {
            naming = naming.with("limits", indicator).with("setting", limits.setting());
            if let Some(read) = &limits.read {
                add(read);
                origin = origin.with(read.origin);
            }
        }
        for read in &reads {
            naming = naming.with(&read.file, read.digest.as_str());
        }
        // Tables by year are read into a layer for one year, which its setting need not show.
        let follows = |layer: &usize| s.region.declared.layers.get(&self.layers[*layer].name).is_some_and(|l| l.serving.follows_weather());
        if layers.iter().any(follows) && s.weather == Weather::Year {
            naming = naming.with("weather of", self.mixture.weather.to_string());
        }
        naming = naming.with("counted", counted.iter().map(|c| u8::from(*c)).collect::<Vec<_>>());
        let (sums_name, name) = (naming.clone().digest(), naming.with("year", s.year.to_string()).digest());
        Stream { step, counted, counted_by, name, sums_name, reads, layers, origin }
    }

    /// A traced slope length is refused where one cell is already longer than any cap.
    fn slopes(&mut self) {
        let Some(layer) = self.setting.region.declared.layers.get("slope_length") else { return };
        let cell = self.setting.grid.dx;
        if !matches!(layer.serving, Serving::Constant { .. } | Serving::ClassTable { .. }) && cell > LARGEST_CELL_FOR_TRACED_SLOPES_M {
            self.problems.push(
                Problem::error(
                    "soil.traced_slope_on_coarse_cells",
                    words!("格网 {cell} 米，不能使用追踪得到的坡长", "a traced slope length is refused on cells of {cell} m"),
                )
                .file(REGION_FILE)
                .row(layer.row)
                .key("layer.slope_length")
                .expect(text("30 米以上的格网用常数坡长，或按类别的坡长", "a constant slope length, or one by class, on cells above 30 m"))
                .fix(text("[layer.slope_length] how = \"constant\"", "[layer.slope_length] how = \"constant\"")),
            );
        }
    }

    /// Halos of steps and layers, from the last step backwards.
    fn halos(&mut self) -> Vec<usize> {
        let mut layers = vec![0; self.layers.len()];
        for i in (0..self.steps.len()).rev() {
            let (inputs, needed) = (self.steps[i].inputs.clone(), self.steps[i].halo + self.steps[i].model.halo());
            for (_, from) in inputs {
                match from {
                    From::Layer(layer) => layers[layer] = layers[layer].max(needed),
                    From::Step(step, _) => self.steps[step].halo = self.steps[step].halo.max(needed),
                }
            }
        }
        layers
    }
}

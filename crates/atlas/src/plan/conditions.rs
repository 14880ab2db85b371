//! What a plan holds against the profile and the weather beside the models themselves: limits of
//! purification, other routes, which temperature makes a day hot, and normals.

use liangshan_models::Model;
use liangshan_vocab::{Input, Problem, Text, text, words};

use super::{Planner, Stream, Unserved};
use crate::class_map::ClassMap;
use crate::profiles::Flow;
use crate::purification::Limits;
use crate::region::{Layer, REGION_FILE, Serving, Weather};

/// Days on which cooling counts; which temperature makes them is a choice that must be said.
const HOT_DAYS: &str = "hot_days";

/// Inputs that are the weather itself: under normal weather a raster of the year does not serve them.
const WEATHER: [&str; 2] = ["storm_rain", HOT_DAYS];

impl Planner<'_> {
    /// What amounts are held against, for every indicator that is limited.
    pub(super) fn read_limits(&mut self) {
        for indicator in self.method.profile.indicators.iter().filter(|m| m.status.counts()) {
            let Some(Flow::LimitedSum { limit, .. }) = self.method.flow(&indicator.indicator) else { continue };
            let read = Limits::read(self.setting.region, self.setting.places, self.method, limit, self.setting.year);
            if let Some(Some(limits)) = self.problems.keep(read) {
                self.limits.insert(indicator.indicator.clone(), limits);
            }
        }
    }

    /// Streams of the routes that the profile does not take, so that their numbers can stand beside the
    /// account. Last, and without a word when something for them is missing: nobody asked for them.
    pub(super) fn other_routes(&mut self, streams: &mut Vec<Stream>, map: &ClassMap) {
        for indicator in self.method.profile.indicators.iter().filter(|m| m.status.counts()) {
            for (_, flow) in self.method.other_routes(&indicator.indicator) {
                let (problems, unserved) = (self.problems.len(), self.unserved.len());
                let known = streams.iter().any(|s| self.steps[s.step].model.spec.id == flow.model && s.counted_by == flow.counted);
                let Some(model) = liangshan_models::find(&flow.model).filter(|_| !known) else { continue };
                let indicators = [indicator.indicator.clone()];
                let step = self.step(model, &indicators, &mut Vec::new());
                let mask = match &flow.counted {
                    Some(name) => self.counted(name),
                    None => Some(vec![true; self.setting.classes.classes.len()]),
                };
                if let (Some(step), Some(mask)) = (step, mask) {
                    streams.push(self.stream(step, mask, flow.counted, &indicators, map));
                }
                self.problems.0.truncate(problems);
                self.unserved.truncate(unserved);
            }
        }
    }

    /// `climate.day_basis_missing` and `climate.day_basis_differs`: a count of hot days says which
    /// temperature makes a day hot, and the profile means the same.
    pub(super) fn day_basis(&self, layer: &Layer) -> Result<(), Problem> {
        if layer.name != HOT_DAYS {
            return Ok(());
        }
        let wanted = self.method.profile.flag("cooling_day_basis").and_then(|f| f.value.as_text());
        let at = |p: Problem| p.file(REGION_FILE).row(layer.row).key(format!("layer.{HOT_DAYS}.basis"));
        match (layer.basis, wanted) {
            (None, _) => Err(at(Problem::error(
                "climate.day_basis_missing",
                text("高温日数没有说明按日均温还是日最高温统计", "the hot days do not say whether they are of daily means or of daily maxima"),
            )
            .expect(text("basis = \"daily_mean\" 或 \"daily_max\"", "basis = \"daily_mean\" or \"daily_max\""))
            .fix(text("查明数据的统计口径，写入 basis；两种口径的天数相差很大", "find out which it is and write basis; the two counts differ widely")))),
            (Some(basis), Some(wanted)) if basis != wanted => Err(at(Problem::error(
                "climate.day_basis_differs",
                words!("高温日数按 {basis} 统计，方法方案要求 {wanted}", "the hot days are of {basis}, the profile asks for {wanted}"),
            )
            .expect(words!("basis = \"{wanted}\" 的数据", "a source with basis = \"{wanted}\""))
            .fix(text("换用同一口径的数据，或改方法方案的 cooling_day_basis", "bring a source of that basis, or change cooling_day_basis of the profile")))),
            _ => Ok(()),
        }
    }

    /// True where only a raster of the year serves an input that is weather, and normal weather is asked for.
    pub(super) fn lacks_normal(&self, name: &str) -> bool {
        let serving = self.setting.region.declared.layers.get(name).map(|l| &l.serving);
        self.setting.weather == Weather::Normal
            && WEATHER.contains(&name)
            && matches!(serving, Some(Serving::Raster { normal: None, raster, .. }) if raster.0.contains("{year}"))
    }

    pub(super) fn no_normal(&mut self, model: &Model, input: &Input) {
        let (name, id) = (input.name, model.spec.id);
        let (zh, en) = (&input.title.zh, &input.title.en);
        let key = format!("layer.{name}.normal");
        if !self.unserved.iter().any(|u| u.key == key) {
            self.unserved.push(Unserved { key: key.clone(), title: Text::of(format!("常年{zh}"), format!("normal of \"{en}\"")) });
        }
        self.problems.push(
            Problem::warning(
                "model.no_normal_source",
                words!(
                    "常年天气下没有“{zh}”（{name}）的常年值，模型 {id} 的指标不核算",
                    "under normal weather nothing serves \"{en}\" ({name}); the indicators of {id} are not assessed"
                ),
            )
            .file(REGION_FILE)
            .key(key)
            .expect(text("常年值栅格", "a raster of the normal"))
            .fix(words!("在 [layer.{name}] 中添加 normal；当年的值不代替常年值", "add normal to [layer.{name}]; the year's own does not stand for it")),
        );
    }
}

//! What a check finds by looking at every cell: classes without a row, layers that do not cover the
//! region, values outside the range a model admits. Nothing is computed.

use std::collections::BTreeMap;

use liangshan_space::Window;
use liangshan_vocab::{Input, Problem, Problems, Text, text, words};
use rayon::prelude::*;

use crate::plan::{From, YearPlan};
use crate::task::Ground;

/// Cells and their area.
#[derive(Debug, Clone, Copy, Default)]
struct Found {
    cells: u64,
    area_m2: f64,
}

impl Found {
    fn add(&mut self, other: Self) {
        self.cells += other.cells;
        self.area_m2 += other.area_m2;
    }
}

#[derive(Debug, Clone, Copy)]
struct Beyond {
    found: Found,
    least: f64,
    greatest: f64,
}

#[derive(Default)]
struct Survey {
    /// Class codes that the class tables do not have.
    unknown_classes: BTreeMap<(i64, i64), Found>,
    /// Cells of a place with no class at all, by place.
    unmapped: BTreeMap<usize, Found>,
    /// By layer: codes of its raster that its table does not list.
    unlisted_codes: BTreeMap<(usize, i64), Found>,
    /// By layer: classes that should count and have no value.
    classless: BTreeMap<(usize, u16), Found>,
    /// By layer and place: cells that should count and have no value.
    missing: BTreeMap<(usize, usize), Found>,
    /// By layer: values beyond the range.
    beyond: BTreeMap<usize, Beyond>,
    problems: Problems,
}

/// Layer, the widest mask of classes that need it, range, whether an empty cell is a fault.
struct Use {
    layer: usize,
    counted: Vec<bool>,
    range: (f64, f64),
    unit: &'static str,
    needed: bool,
}

fn uses(plan: &YearPlan) -> Vec<Use> {
    let mut all: Vec<Use> = Vec::new();
    let mut add = |layer: usize, input: &Input, counted: &[bool]| match all.iter_mut().find(|u| u.layer == layer) {
        Some(known) => {
            known.counted.iter_mut().zip(counted).for_each(|(a, b)| *a |= *b);
            known.needed |= input.needed;
            known.range = (known.range.0.max(input.range.0), known.range.1.min(input.range.1));
        }
        None => all.push(Use { layer, counted: counted.to_vec(), range: input.range, unit: input.measure.unit, needed: input.needed }),
    };
    for stream in &plan.streams {
        for layer in &stream.layers {
            for step in &plan.steps {
                for (name, _) in step.inputs.iter().filter(|(_, from)| *from == From::Layer(*layer)) {
                    if let Some(input) = step.model.spec.input(name) {
                        add(*layer, input, &stream.counted);
                    }
                }
            }
        }
    }
    for (layer, input, counted) in &plan.stranded {
        add(*layer, input, counted);
    }
    all
}

/// Looks at every cell of a year.
pub fn survey(plan: &YearPlan, ground: Ground<'_>, blocks: &[Window], in_flight: usize, cancelled: &(dyn Fn() -> bool + Sync)) -> Problems {
    let uses = uses(plan);
    let mut total = Survey::default();
    // In chunks, so that memory is bounded and a cancel is soon heard.
    for chunk in blocks.chunks(in_flight.max(1)) {
        if cancelled() {
            break;
        }
        let found: Vec<Survey> = chunk.par_iter().map(|window| look(plan, ground, window, &uses)).collect();
        for survey in found {
            total.merge(survey);
        }
    }
    total.report(plan, ground, &uses)
}

fn look(plan: &YearPlan, ground: Ground<'_>, window: &Window, uses: &[Use]) -> Survey {
    let mut s = Survey::default();
    let areas = match ground.areas.of(ground.grid, window) {
        Ok(areas) => areas,
        Err(problem) => {
            s.problems.push(problem);
            return s;
        }
    };
    let covered: Vec<Vec<(u32, f64)>> = ground.places.counties.iter().map(|c| c.coverage.in_window(window)).collect();
    if covered.iter().all(Vec::is_empty) {
        return s;
    }
    let read = plan.classes.codes(ground.grid, window).and_then(|codes| Ok((codes, plan.classes.read(ground.classes, ground.grid, window)?)));
    let ((codes, attributes), classes) = match read {
        Ok(read) => read,
        Err(problem) => {
            s.problems.push(problem);
            return s;
        }
    };
    for (place, cells) in covered.iter().enumerate() {
        for (index, share) in cells {
            let i = *index as usize;
            let here = Found { cells: 1, area_m2: areas[i] * share };
            if codes[i].is_nan() {
                s.unmapped.entry(place).or_default().add(here);
            } else if classes[i] == u16::MAX {
                let attribute = if attributes[i].is_nan() { 0 } else { attributes[i] as i64 };
                s.unknown_classes.entry((codes[i] as i64, attribute)).or_default().add(here);
            }
        }
    }
    for used in uses {
        let layer = &plan.layers[used.layer];
        let values = match layer.read(ground.grid, window, &classes) {
            Ok(values) => values,
            Err(problem) => {
                s.problems.push(problem);
                continue;
            }
        };
        let unlisted = layer.unlisted_codes(ground.grid, window).ok().flatten();
        for (place, cells) in covered.iter().enumerate() {
            for (index, share) in cells {
                let i = *index as usize;
                if !used.counted.get(usize::from(classes[i])).copied().unwrap_or(false) {
                    continue;
                }
                let here = Found { cells: 1, area_m2: areas[i] * share };
                let value = values[i];
                if value.is_nan() {
                    if !used.needed {
                        continue;
                    }
                    if let Some(code) = unlisted.as_ref().map(|u| u[i]).filter(|c| !c.is_nan()) {
                        s.unlisted_codes.entry((used.layer, code as i64)).or_default().add(here);
                    } else if layer.by_class().is_some() {
                        s.classless.entry((used.layer, classes[i])).or_default().add(here);
                    } else {
                        s.missing.entry((used.layer, place)).or_default().add(here);
                    }
                } else if !(used.range.0 <= value && value <= used.range.1) {
                    let beyond = s.beyond.entry(used.layer).or_insert(Beyond { found: Found::default(), least: value, greatest: value });
                    beyond.found.add(here);
                    beyond.least = beyond.least.min(value);
                    beyond.greatest = beyond.greatest.max(value);
                }
            }
        }
    }
    s
}

impl Survey {
    fn merge(&mut self, other: Self) {
        fn into<K: Ord>(own: &mut BTreeMap<K, Found>, other: BTreeMap<K, Found>) {
            for (key, found) in other {
                own.entry(key).or_default().add(found);
            }
        }
        into(&mut self.unknown_classes, other.unknown_classes);
        into(&mut self.unmapped, other.unmapped);
        into(&mut self.unlisted_codes, other.unlisted_codes);
        into(&mut self.classless, other.classless);
        into(&mut self.missing, other.missing);
        for (layer, beyond) in other.beyond {
            let own = self.beyond.entry(layer).or_insert(beyond);
            if own.found.cells != beyond.found.cells || own.least != beyond.least || own.greatest != beyond.greatest {
                own.least = own.least.min(beyond.least);
                own.greatest = own.greatest.max(beyond.greatest);
                own.found.add(beyond.found);
            }
        }
        self.problems.extend(other.problems);
    }

    fn report(self, plan: &YearPlan, ground: Ground<'_>, uses: &[Use]) -> Problems {
        let mut problems = self.problems;
        let file_of = |layer: usize| plan.layers[layer].reads.last().map(|r| r.file.clone()).unwrap_or_default();
        let first_file_of = |layer: usize| plan.layers[layer].reads.first().map(|r| r.file.clone()).unwrap_or_default();
        let map_file = plan.classes.reads.first().map(|r| r.file.clone()).unwrap_or_default();
        for ((code, attribute), found) in self.unknown_classes {
            problems.push(
                Problem::error(
                    "classes.unknown",
                    words!(
                        "生态系统图中的类别 {code}（属性 {attribute}）不在类别表中",
                        "the ecosystem map has class {code} (attribute {attribute}), which the class tables do not have"
                    ),
                )
                .file(map_file.as_str())
                .key(format!("{code}, {attribute}"))
                .cells(found.cells)
                .area_m2(found.area_m2)
                .expect(text("类别表与属性表中的代码", "codes of the class and attribute tables"))
                .fix(text("在类别表中补一行，或改正栅格", "add a row to the class tables, or correct the raster")),
            );
        }
        for ((layer, class), found) in self.classless {
            let class = &ground.classes.classes[usize::from(class)];
            let (code, attribute, name) = (class.code, class.attribute, &plan.layers[layer].name);
            let column = plan.layers[layer].reads.last().map(|r| r.part.clone()).unwrap_or_default();
            problems.push(
                Problem::error(
                    "classes.unlisted",
                    Text::of(
                        format!("类别 {code}（属性 {attribute}，{}）在参数表中没有“{name}”的值", class.name.zh),
                        format!("class {code} (attribute {attribute}, {}) has no value of \"{name}\" in the table", class.name.en),
                    ),
                )
                .file(file_of(layer))
                .column(column)
                .key(format!("{code}, {attribute}"))
                .cells(found.cells)
                .area_m2(found.area_m2)
                .expect(text("图中每个计入的类别一行", "one row for each class of the map that counts"))
                .fix(words!(
                    "在该表中添加类别 {code}、属性 {attribute} 的行，或在方法方案中不计该类别",
                    "add a row for class {code}, attribute {attribute}, or do not count the class"
                )),
            );
        }
        for ((layer, code), found) in self.unlisted_codes {
            problems.push(
                Problem::error("codes.unlisted", words!("栅格中的代码 {code} 在参数表中没有行", "the raster has code {code}, which the table does not list"))
                    .file(file_of(layer))
                    .key(code.to_string())
                    .cells(found.cells)
                    .area_m2(found.area_m2)
                    .expect(text("每个代码一行", "one row for each code"))
                    .fix(words!("在该表中添加代码 {code}", "add code {code} to the table")),
            );
        }
        problems.extend(not_covering(&map_file, "ecosystem", self.unmapped.into_iter().collect(), ground));
        let mut by_layer: BTreeMap<usize, Vec<(usize, Found)>> = BTreeMap::new();
        for ((layer, place), found) in self.missing {
            by_layer.entry(layer).or_default().push((place, found));
        }
        for (layer, places) in by_layer {
            problems.extend(not_covering(&first_file_of(layer), &plan.layers[layer].name, places, ground));
        }
        for (layer, beyond) in self.beyond {
            let Some(used) = uses.iter().find(|u| u.layer == layer) else { continue };
            let ((low, high), unit, name) = (used.range, used.unit, &plan.layers[layer].name);
            let (least, greatest) = (beyond.least, beyond.greatest);
            problems.push(
                Problem::error(
                    "value.out_of_range",
                    words!("“{name}”有超出范围的值：{least} 至 {greatest}", "\"{name}\" has values outside its range: {least} to {greatest}"),
                )
                .file(first_file_of(layer))
                .key(format!("layer.{name}"))
                .cells(beyond.found.cells)
                .area_m2(beyond.found.area_m2)
                .expect(words!("{low} 至 {high} {unit}", "{low} to {high} {unit}"))
                .fix(text("检查单位、scale 与 nodata；它们写在说明文件中", "check unit, scale and nodata, which stand in the sidecar")),
            );
        }
        problems
    }
}

fn not_covering(file: &str, name: &str, places: Vec<(usize, Found)>, ground: Ground<'_>) -> Option<Problem> {
    let mut all = Found::default();
    places.iter().for_each(|(_, found)| all.add(*found));
    if all.cells == 0 {
        return None;
    }
    let region: f64 = ground.places.counties.iter().map(|c| c.area_m2).sum();
    let share = 100.0 * all.area_m2 / region;
    let (mut zh, mut en) = (Vec::new(), Vec::new());
    for (place, found) in &places {
        let county = &ground.places.counties[*place];
        let part = 100.0 * found.area_m2 / county.area_m2;
        zh.push(format!("{} {part:.2}%", county.name.zh));
        en.push(format!("{} {part:.2} %", county.name.en));
    }
    let (zh, en) = (zh.join("、"), en.join(", "));
    Some(
        Problem::error("layer.not_covering", words!("“{name}”没有覆盖全区：缺 {share:.3}%", "\"{name}\" does not cover the region: {share:.3} % is missing"))
            .file(file)
            .key(format!("layer.{name}"))
            .cells(all.cells)
            .area_m2(all.area_m2)
            .expect(liangshan_vocab::Text::of(format!("各县均有数据；缺：{zh}"), format!("data everywhere; missing in {en}")))
            .fix(text("换成覆盖全区的数据，或核对坐标系与 nodata", "bring a source that covers the region, or check CRS and nodata")),
    )
}

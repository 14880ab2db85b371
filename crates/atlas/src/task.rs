//! One block of one year: read once, every model run on it while it is at hand, sums taken in the
//! same pass. What the command line, a server and a cluster all call is [`run_task`].

use std::collections::BTreeMap;

use liangshan_models::{Block, Given};
use liangshan_space::{FixedSum, Grid, Window};
use liangshan_vocab::{Problem, Problems, Text};

use crate::areas::Areas;
use crate::ground::{Classes, Places};
use crate::plan::{From, YearPlan};
use crate::zones::parts::{Cells, ZonePart, by_zone, zones_of};

/// The square metres of a hectare; sums are of values times hectares.
const HECTARE_M2: f64 = 10_000.0;

/// What a task reads beside the plan.
#[derive(Clone, Copy)]
pub struct Ground<'a> {
    /// The extended grid.
    pub grid: &'a Grid,
    /// Places.
    pub places: &'a Places,
    /// Classes.
    pub classes: &'a Classes,
    /// Cell areas.
    pub areas: &'a Areas,
    /// Parts of counties that zones and lines make, where sums are taken by them too.
    pub zones: &'a [ZonePart],
}

/// One block of one year.
#[derive(Clone, Copy)]
pub struct Task<'a> {
    /// The plan of the year.
    pub plan: &'a YearPlan,
    /// What it stands on.
    pub ground: Ground<'a>,
    /// The block, in the extended grid.
    pub window: Window,
    /// The streams to make, by index.
    pub streams: &'a [usize],
    /// Those of them whose sums are also taken by zone.
    pub zoned: &'a [usize],
    /// Whether the extent of ecosystem classes is taken by zone.
    pub extent: bool,
}

/// Sums of one stream over the cells of a block, a region or anything between. They do not depend
/// on the order in which cells are added.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sums {
    /// What is summed: `area_m2`, then the model's outputs and inputs, each times hectares.
    pub quantities: Vec<String>,
    /// By place and class index.
    pub by: BTreeMap<(u16, u16), Vec<FixedSum>>,
    /// The first cell, in reading order of the extended grid, that a place covers wholly.
    pub samples: BTreeMap<(u16, u16), u64>,
    /// Clamps and other counts that models declare.
    pub tallies: BTreeMap<String, u64>,
    /// Cells that should count and have no value, by quantity.
    pub missing: BTreeMap<String, u64>,
}

impl Sums {
    /// Adds the sums of other cells.
    pub fn merge(&mut self, other: Self) {
        if self.quantities.is_empty() {
            self.quantities = other.quantities;
        }
        for (key, sums) in other.by {
            match self.by.get_mut(&key) {
                Some(own) => own.iter_mut().zip(&sums).for_each(|(a, b)| a.merge(b)),
                None => {
                    self.by.insert(key, sums);
                }
            }
        }
        for (key, cell) in other.samples {
            self.samples.entry(key).and_modify(|own| *own = (*own).min(cell)).or_insert(cell);
        }
        for (into, from) in [(&mut self.tallies, other.tallies), (&mut self.missing, other.missing)] {
            for (name, count) in from {
                *into.entry(name).or_insert(0) += count;
            }
        }
    }

    /// Takes out the sums of cells that were added before. What has no area left is gone.
    pub fn take_out(&mut self, other: &Self) {
        for (key, sums) in &other.by {
            let Some(own) = self.by.get_mut(key) else { continue };
            own.iter_mut().zip(sums).for_each(|(a, b)| *a = FixedSum::from_raw(a.raw() - b.raw()));
            if own.first().is_some_and(|area| area.raw() == 0) {
                self.by.remove(key);
            }
        }
        for (name, count) in &other.tallies {
            self.tallies.entry(name.clone()).and_modify(|own| *own = own.saturating_sub(*count));
        }
    }

    /// The sum of a quantity in a place and class.
    pub fn sum(&self, place: u16, class: u16, quantity: &str) -> Option<&FixedSum> {
        let at = self.quantities.iter().position(|q| q == quantity)?;
        self.by.get(&(place, class)).and_then(|sums| sums.get(at))
    }
}

/// What a task made.
pub struct Receipt {
    /// The block.
    pub window: Window,
    /// One part for each stream asked for.
    pub parts: Vec<Part>,
    /// The extent of ecosystem classes by zone, where it was asked for.
    pub extent: Option<Sums>,
}

/// The part of a receipt that belongs to one stream.
pub struct Part {
    /// Sums over the block.
    pub sums: Sums,
    /// The model's outputs over the block, NaN where the cell does not count.
    pub maps: Vec<(&'static str, Vec<f32>)>,
    /// Sums of the model's outputs by part of a zone in the place of the county, where asked for.
    pub zones: Option<Sums>,
}

/// A grid over the block and `halo` cells around it.
struct Held {
    halo: usize,
    values: Vec<f64>,
}

impl Held {
    /// The same grid with a smaller halo.
    fn cropped(&self, window: &Window, halo: usize) -> Vec<f64> {
        assert!(halo <= self.halo, "a grid is needed with a larger halo than it was made with");
        if halo == self.halo {
            return self.values.clone();
        }
        let (off, wide) = (self.halo - halo, window.columns + 2 * self.halo);
        let columns = window.columns + 2 * halo;
        (0..window.rows + 2 * halo).flat_map(|r| &self.values[(r + off) * wide + off..][..columns]).copied().collect()
    }
}

/// Runs one block.
///
/// # Errors
/// Those of reading the sources: a truncated tile and the like. A cell that should count and has no
/// value is counted in [`Sums::missing`], and the caller refuses it.
pub fn run_task(task: &Task<'_>) -> Result<Receipt, Problems> {
    let (plan, ground, window) = (task.plan, task.ground, task.window);
    let mut problems = Problems::new();
    let cells = window.cells();
    let covered: Vec<Vec<(u32, f64)>> = ground.places.counties.iter().map(|c| c.coverage.in_window(&window)).collect();
    let mut inside = vec![false; cells];
    covered.iter().flatten().for_each(|(i, _)| inside[*i as usize] = true);
    let mut classes = plan.classes.read(ground.classes, ground.grid, &window)?;
    for (class, inside) in classes.iter_mut().zip(&inside) {
        if !inside {
            *class = u16::MAX;
        }
    }
    let needed = needed_steps(plan, task.streams);
    let layers = read_layers(task, &needed, &classes, &inside, &mut problems);
    if problems.has_errors() {
        return Err(problems);
    }
    let (made, tallies) = run_steps(task, &needed, &layers);
    let areas = ground.areas.of(ground.grid, &window)?;
    let zoned = if task.zoned.is_empty() && !task.extent { Vec::new() } else { zones_of(ground.zones, &window) };
    let extent = task.extent.then(|| {
        // Counties stand behind the parts, so that what lies outside every zone is known too.
        let counties = covered.iter().enumerate().map(|(at, cells)| (u16::try_from(ground.zones.len() + at).unwrap_or(u16::MAX), cells.clone()));
        let all: Vec<Cells> = zoned.iter().cloned().chain(counties).collect();
        by_zone(&all, &classes, &vec![true; ground.classes.classes.len()], &areas, &[])
    });
    let mut parts = Vec::new();
    for at in task.streams {
        let stream = &plan.streams[*at];
        let step = &plan.steps[stream.step];
        let spec = step.model.spec;
        let of_step = |step: usize, name: &str| made[step].iter().find(|(n, _)| *n == name).map(|(_, held)| held.cropped(&window, 0));
        let mut columns: Vec<(String, Vec<f64>)> = Vec::new();
        let mut maps = Vec::new();
        for output in spec.outputs {
            let Some(mut values) = of_step(stream.step, output.name) else { continue };
            for (value, class) in values.iter_mut().zip(&classes) {
                if !stream.counted.get(usize::from(*class)).copied().unwrap_or(false) {
                    *value = f64::NAN;
                }
            }
            maps.push((output.name, values.iter().map(|v| *v as f32).collect()));
            columns.push((output.name.to_owned(), values));
        }
        let zones = task.zoned.contains(at).then(|| by_zone(&zoned, &classes, &stream.counted, &areas, &columns));
        for (name, from) in step.inputs.iter().filter(|(name, _)| spec.input(name).is_some_and(|i| i.needed)) {
            let values = match from {
                From::Layer(layer) => layers[*layer].as_ref().map(|held| held.cropped(&window, 0)),
                From::Step(step, output) => of_step(*step, output),
            };
            columns.extend(values.map(|values| (format!("in.{name}"), values)));
        }
        let mut sums = Sums { quantities: ["area_m2".to_owned()].into_iter().chain(columns.iter().map(|c| c.0.clone())).collect(), ..Sums::default() };
        for (place, cells) in covered.iter().enumerate() {
            let place = u16::try_from(place).unwrap_or(u16::MAX);
            add_place(&mut sums, place, cells, &classes, &stream.counted, &areas, &columns, |i| {
                let (row, column) = (window.row + i / window.columns, window.column + i % window.columns);
                (row * ground.grid.columns + column) as u64
            });
        }
        for (step, name, count) in &tallies {
            if stream.step == *step || behind(plan, stream.step).contains(step) {
                *sums.tallies.entry((*name).to_owned()).or_insert(0) += count;
            }
        }
        parts.push(Part { sums, maps, zones });
    }
    Ok(Receipt { window, parts, extent })
}

#[allow(clippy::too_many_arguments, reason = "the inner loop of the engine, called from one place")]
fn add_place(
    sums: &mut Sums,
    place: u16,
    cells: &[(u32, f64)],
    classes: &[u16],
    counted: &[bool],
    areas: &[f64],
    columns: &[(String, Vec<f64>)],
    cell_id: impl Fn(usize) -> u64,
) {
    let width = columns.len() + 1;
    for (index, share) in cells {
        let i = *index as usize;
        let class = classes[i];
        if !counted.get(usize::from(class)).copied().unwrap_or(false) {
            continue;
        }
        let own = sums.by.entry((place, class)).or_insert_with(|| vec![FixedSum::new(); width]);
        let area = areas[i] * share;
        own[0].add(area);
        let hectares = area / HECTARE_M2;
        for (column, sum) in columns.iter().zip(&mut own[1..]) {
            let value = column.1[i];
            if value.is_nan() {
                *sums.missing.entry(column.0.clone()).or_insert(0) += 1;
            } else {
                sum.add(value * hectares);
            }
        }
        if *share >= 1.0 {
            let id = cell_id(i);
            sums.samples.entry((place, class)).and_modify(|own| *own = (*own).min(id)).or_insert(id);
        }
    }
}

/// Steps behind a step, itself included.
pub(crate) fn behind(plan: &YearPlan, step: usize) -> Vec<usize> {
    let mut all = vec![step];
    let mut i = 0;
    while i < all.len() {
        for (_, from) in &plan.steps[all[i]].inputs {
            if let From::Step(s, _) = from
                && !all.contains(s)
            {
                all.push(*s);
            }
        }
        i += 1;
    }
    all
}

fn needed_steps(plan: &YearPlan, streams: &[usize]) -> Vec<usize> {
    let mut needed: Vec<usize> = streams.iter().flat_map(|s| behind(plan, plan.streams[*s].step)).collect();
    needed.sort_unstable();
    needed.dedup();
    needed
}

fn read_layers(task: &Task<'_>, needed: &[usize], classes: &[u16], inside: &[bool], problems: &mut Problems) -> Vec<Option<Held>> {
    let (plan, ground, window) = (task.plan, task.ground, task.window);
    let mut layers: Vec<Option<Held>> = plan.layers.iter().map(|_| None).collect();
    for step in needed {
        for (_, from) in &plan.steps[*step].inputs {
            let From::Layer(layer) = from else { continue };
            if layers[*layer].is_some() {
                continue;
            }
            let halo = plan.layer_halos[*layer];
            let read = if halo == 0 {
                plan.layers[*layer].read(ground.grid, &window, classes)
            } else {
                let grown = window.grown(halo, ground.grid);
                plan.classes.read(ground.classes, ground.grid, &grown).and_then(|classes| plan.layers[*layer].read(ground.grid, &grown, &classes))
            };
            match read {
                Ok(mut values) => {
                    if halo == 0 {
                        // Cells outside every place are nobody's: a model neither computes nor counts them.
                        values.iter_mut().zip(inside).filter(|(_, inside)| !**inside).for_each(|(v, _)| *v = f64::NAN);
                    }
                    layers[*layer] = Some(Held { halo, values });
                }
                Err(problem) => problems.push(problem),
            }
        }
    }
    layers
}

/// Step, tally and count.
type Tallies = Vec<(usize, &'static str, u64)>;

fn run_steps(task: &Task<'_>, needed: &[usize], layers: &[Option<Held>]) -> (Vec<Vec<(&'static str, Held)>>, Tallies) {
    let (plan, window) = (task.plan, task.window);
    let mut made: Vec<Vec<(&'static str, Held)>> = plan.steps.iter().map(|_| Vec::new()).collect();
    let mut tallies = Vec::new();
    for at in needed {
        let step = &plan.steps[*at];
        let own = step.model.halo();
        let wanted = step.halo + own;
        let grids: Vec<(&str, Vec<f64>)> = step
            .inputs
            .iter()
            .filter_map(|(name, from)| {
                let held = match from {
                    From::Layer(layer) => layers[*layer].as_ref(),
                    From::Step(s, output) => made[*s].iter().find(|(n, _)| n == output).map(|(_, held)| held),
                };
                held.map(|held| (*name, held.cropped(&window, wanted)))
            })
            .collect();
        let slices: Vec<(&str, &[f64])> = grids.iter().map(|(name, values)| (*name, values.as_slice())).collect();
        let block = Block {
            columns: window.columns + 2 * step.halo,
            rows: window.rows + 2 * step.halo,
            halo: own,
            cell_x_m: task.ground.grid.dx,
            cell_y_m: task.ground.grid.dy,
        };
        let outputs = step.model.compute(&Given::new(block, &slices, &step.numbers));
        tallies.extend(outputs.tallies().iter().map(|(name, count)| (*at, *name, *count)));
        made[*at] = outputs.into_iter().map(|(name, values)| (name, Held { halo: step.halo, values })).collect();
    }
    (made, tallies)
}

/// One output of a model over a block, whether or not it is summed; `None` where no step makes it. Cells
/// are those of the block, also where the ecosystem map is empty.
///
/// # Errors
/// Those of reading the sources.
pub fn output_of(plan: &YearPlan, ground: Ground<'_>, window: Window, output: &str) -> Result<Option<Vec<f64>>, Problems> {
    let Some(step) = plan.steps.iter().position(|s| s.model.spec.output(output).is_some()) else { return Ok(None) };
    let task = Task { plan, ground, window, streams: &[], zoned: &[], extent: false };
    let classes = plan.classes.read(ground.classes, ground.grid, &window)?;
    let mut needed = behind(plan, step);
    needed.sort_unstable();
    let mut problems = Problems::new();
    let layers = read_layers(&task, &needed, &classes, &vec![true; window.cells()], &mut problems);
    if problems.has_errors() {
        return Err(problems);
    }
    let (made, _) = run_steps(&task, &needed, &layers);
    Ok(made[step].iter().find(|(name, _)| *name == output).map(|(_, held)| held.cropped(&window, 0)))
}

/// A value at a cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// Model and input, or model, arrow and output.
    pub name: String,
    /// What it is.
    pub title: Text,
    /// Its unit.
    pub unit: &'static str,
    /// The value; NaN where an optional input has none.
    pub value: f64,
}

/// Every input and output of every step at one cell of the extended grid: what a number rests on,
/// shown for one cell.
///
/// # Errors
/// Those of reading the sources.
pub fn look_at(plan: &YearPlan, ground: Ground<'_>, stream: usize, cell: u64) -> Result<Vec<Seen>, Problems> {
    let columns = ground.grid.columns as u64;
    let window = Window { column: (cell % columns) as usize, row: (cell / columns) as usize, columns: 1, rows: 1 };
    let streams = [stream];
    let task = Task { plan, ground, window, streams: &streams, zoned: &[], extent: false };
    let classes = plan.classes.read(ground.classes, ground.grid, &window)?;
    let needed = needed_steps(plan, &streams);
    let mut problems = Problems::new();
    let layers = read_layers(&task, &needed, &classes, &[true], &mut problems);
    if problems.has_errors() {
        return Err(problems);
    }
    let (made, _) = run_steps(&task, &needed, &layers);
    let mut out = Vec::new();
    for step in needed {
        let spec = plan.steps[step].model.spec;
        for (name, from) in &plan.steps[step].inputs {
            if let (From::Layer(layer), Some(input)) = (from, spec.input(name))
                && let Some(value) = layers[*layer].as_ref().and_then(|h| h.cropped(&window, 0).first().copied())
            {
                out.push(Seen { name: format!("{}.{name}", spec.id), title: input.title.clone(), unit: input.measure.unit, value });
                // A model that sees its neighbours is checked with them in sight.
                let round = layers[*layer].as_ref().filter(|_| plan.steps[step].model.halo() > 0).map(|h| h.cropped(&window, 1)).unwrap_or_default();
                for (side, at) in [("N", 1), ("W", 3), ("E", 5), ("S", 7)] {
                    if let Some(value) = round.get(at) {
                        out.push(Seen { name: format!("{}.{name}[{side}]", spec.id), title: input.title.clone(), unit: input.measure.unit, value: *value });
                    }
                }
            }
        }
        for (name, number) in &plan.steps[step].numbers {
            if let Some(input) = spec.input(name) {
                out.push(Seen { name: format!("{}.{name}", spec.id), title: input.title.clone(), unit: input.measure.unit, value: *number });
            }
        }
        for output in spec.outputs {
            if let Some((_, held)) = made[step].iter().find(|(n, _)| *n == output.name)
                && let Some(value) = held.cropped(&window, 0).first()
            {
                out.push(Seen { name: format!("{} → {}", spec.id, output.name), title: output.title.clone(), unit: output.measure.unit, value: *value });
            }
        }
    }
    Ok(out)
}

/// The problem of cells that should count and have no value.
pub fn missing_cells(model: &str, quantity: &str, cells: u64) -> Problem {
    Problem::error(
        "input.missing_cells",
        liangshan_vocab::words!(
            "模型 {model} 的“{quantity}”在应计入的格网上缺值",
            "\"{quantity}\" of the model {model} has no value on cells that should count"
        ),
    )
    .key(format!("{model}.{quantity}"))
    .cells(cells)
    .fix(liangshan_vocab::text(
        "运行 `liangshan check` 查看缺在哪里；补齐数据，或在方法方案中不计该类别",
        "`liangshan check` shows where; fill the source, or do not count the class in the profile",
    ))
    .expect(liangshan_vocab::text("每个计入的格网都有值", "a value on every cell that counts"))
}

//! A region opened for an account: everything read and planned, the sums made or found again, and
//! the account assembled. `run` publishes it, `explain` takes a number of it apart.

use std::path::{Path, PathBuf};

use liangshan_accounts::change::Change;
use liangshan_duty::standard::Day;
use liangshan_models::Model;
use liangshan_space::{Crs, Grid, Window};
use liangshan_store::{Blobs, Naming};
use liangshan_vocab::{Digest, Problem, Problems, Text, text, words};
use rayon::prelude::*;

use crate::areas::Areas;
use crate::assemble::{Assembled, Prices, YearSums, assemble, read_prices};
use crate::change::changes;
use crate::deliveries::completeness::Completeness;
use crate::deliveries::record;
use crate::flags;
use crate::ground::{Classes, Places};
use crate::mapping::{MapMade, MapSheet};
use crate::plan::{YearPlan, blocks, extended};
use crate::profiles::{Flow, Method, load};
use crate::region::{Region, Weather};
use crate::survey::survey;
use crate::task::{Ground, Sums, Task, missing_cells, run_task};
use crate::zones::Zones;
use crate::zones::kept::Found;
use crate::zones::statement::ZoneAccount;
use crate::{kept, whole};

/// What a caller may choose.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Years; all the region declares where empty.
    pub years: Vec<i32>,
    /// Method profile; the region's default where none.
    pub profile: Option<String>,
    /// Whose weather; the region's default where none.
    pub weather: Option<Weather>,
    /// The output folder; `out/<profile>` of the region where none.
    pub out: Option<PathBuf>,
    /// The digest of the program, so that a new build publishes anew.
    pub program: Option<Digest>,
    /// How much memory blocks in flight may take, bytes; two blocks a thread where none.
    pub memory: Option<u64>,
    /// The day whose zones and lines sums are also taken by; none where they are not asked for.
    pub zones_on: Option<Day>,
}

/// How far long work has come.
#[derive(Debug, Clone)]
pub struct Stage {
    /// What is done.
    pub title: Text,
    /// How many parts of it are done.
    pub done: usize,
    /// Of how many.
    pub of: usize,
}

/// What a caller hears while it waits, and how it stops the work.
#[derive(Clone, Copy)]
pub struct Hooks<'a> {
    /// Told of progress.
    pub progress: &'a (dyn Fn(&Stage) + Sync),
    /// Asked between blocks.
    pub cancelled: &'a (dyn Fn() -> bool + Sync),
}

/// Hooks that say nothing and never stop.
pub const QUIET: Hooks<'static> = Hooks { progress: &|_| {}, cancelled: &|| false };

/// Everything read and planned; nothing computed yet.
pub struct Prepared {
    /// Blocks computed at a time.
    pub in_flight: usize,
    /// The region.
    pub region: Region,
    /// The extended grid.
    pub grid: Grid,
    /// Places.
    pub places: Places,
    /// Classes.
    pub classes: Classes,
    /// Cell areas, computed once.
    pub areas: Areas,
    /// The method.
    pub method: Method,
    /// Prices.
    pub prices: Prices,
    /// The chosen years.
    pub years: Vec<i32>,
    /// Their plans.
    pub plans: Vec<YearPlan>,
    /// Whose weather.
    pub weather: Weather,
    /// Which tables of departments are there.
    pub deliveries: Completeness,
    /// Zones and lines in force on the day that was asked for.
    pub zones: Option<Zones>,
    /// Warnings and notes so far.
    pub notes: Problems,
}

/// An account with what it was made from.
pub struct Book {
    /// What was read and planned.
    pub prepared: Prepared,
    /// Sums by year.
    pub years: Vec<YearSums>,
    /// Maps by year and stream.
    pub maps: Vec<MapMade>,
    /// The account.
    pub assembled: Assembled,
    /// What changed from each year to the next, by its causes.
    pub changes: Vec<Change>,
    /// The account by zone and line, where it was asked for.
    pub zoned: Option<ZoneAccount>,
    /// Streams found again rather than made.
    pub reused: usize,
    /// Streams made.
    pub made: usize,
}

/// Grids of eight bytes a cell that one block of the largest model holds at a time.
const GRIDS_A_BLOCK: u64 = 80;

/// What one block takes, bytes.
fn block_bytes(tile: usize) -> u64 {
    (tile * tile) as u64 * 8 * GRIDS_A_BLOCK
}

/// Blocks computed at a time: two a thread, or as many as the memory allows, but one at least.
fn in_flight(memory: Option<u64>, tile: usize) -> usize {
    let wanted = rayon::current_num_threads().max(1) * 2;
    memory.map_or(wanted, |m| wanted.min(usize::try_from(m / block_bytes(tile)).unwrap_or(wanted)).max(1))
}

/// The problem of work that was stopped.
pub fn stopped() -> Problem {
    Problem::error(
        "run.cancelled",
        text("已按要求中止；已完成的部分已保存，再次运行会接着做", "stopped as asked; what was finished is kept, and the next run goes on from there"),
    )
}

impl Prepared {
    /// Opens a region and plans its years.
    ///
    /// # Errors
    /// Everything that was found wrong, all at once and each thing once.
    pub fn open(folder: &Path, options: &Options) -> Result<Self, Problems> {
        let region = Region::open(folder)?;
        let mut problems = Problems::new();
        let mut notes = Problems::new();
        let declared = &region.declared;
        let years = problems.keep(declared.chosen_years(&options.years));
        let least = block_bytes(declared.tile);
        if let Some(memory) = options.memory.filter(|m| *m < least) {
            let (has, needs) = (memory >> 20, least.div_ceil(1 << 20));
            problems.push(
                Problem::error(
                    "option.memory_too_small",
                    words!("{has} MB 不够一个分块（tile = {}）", "{has} MB do not hold one block (tile = {})", declared.tile),
                )
                .key("--memory")
                .expect(words!("至少 {needs}M", "at least {needs}M"))
                .fix(text("给更多内存，或在 region.toml 中用更小的 tile", "give more, or a smaller tile in region.toml")),
            );
        }
        let method = problems.keep(load(&region, options.profile.as_deref().unwrap_or(&declared.profile)));
        problems.extend(whole::declared_files(&region));
        let grid = extended(&declared.grid);
        let places = problems.keep(Places::read(&region, &grid, &mut notes));
        let classes = problems.keep(Classes::read(&region));
        let prices = method.as_ref().and_then(|m| problems.keep(read_prices(&region, m)));
        let prices = prices.map(|(prices, found)| {
            problems.extend(found);
            prices
        });
        if let (Some(method), Some(prices)) = (&method, &prices) {
            let file = method.basis.last().map(|b| b.0.clone()).unwrap_or_default();
            // A price whose row is faulty was told of already, and is not missing.
            let told = |p: &Problem| {
                p.code == "profile.price_missing" && p.at.key.as_deref().and_then(|k| k.rsplit(": ").next()).is_some_and(|id| prices.lines.contains_key(id))
            };
            problems.extend(method.profile.check(&prices.rows).or_file(&file).into_iter().filter(|p| !told(p)));
        }
        if let Some(method) = &method {
            let file = method.basis.last().map(|b| b.0.clone()).unwrap_or_default();
            problems.extend(flags::faults(&region, method, options.weather).or_file(&file));
            problems.extend(whole::misspelt_layers(&region, method));
        }
        let asked = method.as_ref().and_then(flags::weather);
        let weather = options.weather.or(declared.weather).or(asked).unwrap_or_default();
        let areas = Areas::default();
        let mut plans = Vec::new();
        if let (Some(years), Some(places), Some(classes), Some(method)) = (&years, &places, &classes, &method) {
            let ground = Ground { grid: &grid, places, classes, areas: &areas, zones: &[] };
            for year in years {
                let (plan, found) = YearPlan::make(ground, &region, method, *year, weather);
                problems.extend(found);
                plans.extend(plan);
            }
        }
        let deliveries = problems.keep(Completeness::of(&region)).unwrap_or_default();
        let zones = match (options.zones_on, &places, &classes) {
            (Some(day), Some(places), Some(classes)) => {
                problems.keep(Zones::in_force(&region, places, classes, &grid, day, years.as_deref().unwrap_or_default()))
            }
            _ => None,
        };
        notes.extend(record::notes(folder, &region.deliveries));
        region.as_read(&mut problems);
        whole::once_each(&mut problems);
        whole::once_each(&mut notes);
        let faulty = problems.has_errors();
        match (places, classes, method, prices, years) {
            (Some(places), Some(classes), Some(method), Some(prices), Some(years)) => {
                notes.extend(problems);
                let in_flight = in_flight(options.memory, region.declared.tile);
                let opened = Self { in_flight, areas, region, grid, places, classes, method, prices, years, plans, weather, deliveries, zones, notes };
                // Something is wrong already; what can be looked at is looked at, so that all is told at once.
                if faulty { Err(opened.survey(QUIET)) } else { Ok(opened) }
            }
            _ => {
                problems.extend(notes);
                Err(problems)
            }
        }
    }

    /// What blocks are computed on.
    pub fn ground(&self) -> Ground<'_> {
        Ground {
            grid: &self.grid,
            places: &self.places,
            classes: &self.classes,
            areas: &self.areas,
            zones: self.zones.as_ref().map_or(&[], |z| z.parts.as_slice()),
        }
    }

    /// The blocks of the region, in reading order.
    pub fn blocks(&self) -> Vec<Window> {
        blocks(&self.region.declared.grid, self.region.declared.tile)
    }

    /// Looks at every cell of every year. The whole list is returned, warnings and notes of the
    /// opening included.
    pub fn survey(&self, hooks: Hooks<'_>) -> Problems {
        self.look(&self.plans.iter().collect::<Vec<_>>(), hooks)
    }

    /// Looks at every cell of some plans, and at the tables.
    fn look(&self, plans: &[&YearPlan], hooks: Hooks<'_>) -> Problems {
        let mut problems = self.notes.clone();
        let blocks = self.blocks();
        for (i, plan) in plans.iter().enumerate() {
            (hooks.progress)(&Stage { title: words!("检查 {} 年数据", "checking the sources of {}", plan.year), done: i, of: plans.len() });
            problems.extend(survey(plan, self.ground(), &blocks, self.in_flight, hooks.cancelled));
        }
        let mut tables = whole::table_faults(self);
        self.region.as_read(&mut tables);
        problems.extend(tables);
        whole::once_each(&mut problems);
        problems.sort();
        problems
    }

    /// The name of the whole account: everything read, and how.
    pub fn name(&self, program: Option<&Digest>) -> Digest {
        let mut naming = Naming::of("account").with("version", crate::VERSION).with("weather", self.weather.word());
        for (file, digest) in self.method.basis.iter().chain(&self.places.basis).chain(&self.classes.basis) {
            naming = naming.with(file, digest.as_str());
        }
        for plan in &self.plans {
            naming = naming.with("year", plan.year.to_string());
            for stream in &plan.streams {
                naming = naming.with(stream.id(plan), stream.name.as_str());
            }
        }
        for file in self.region.sources.opened() {
            naming = naming.with(&file.path, file.digest.as_str()).with("sidecar", format!("{:?}", file.sidecar));
        }
        naming = naming.with("region", whole::region_file(&self.region)).with("deliveries", format!("{:?} {:?}", self.deliveries, self.region.journal));
        if let Some(program) = program {
            naming = naming.with("program", program.as_str());
        }
        naming.digest()
    }
}

/// Makes or finds the sums and assembles the account. Everything is checked before anything is
/// computed.
///
/// # Errors
/// Everything that a check finds; `input.missing_cells`; `run.cancelled`.
pub fn open_book(prepared: Prepared, hooks: Hooks<'_>) -> Result<Book, Problems> {
    let mut prepared = prepared;
    if let Some(zones) = &mut prepared.zones {
        zones.cut(&prepared.places, &prepared.grid)?;
    }
    let blobs = Blobs::at(prepared.region.folder.join("derived"));
    let plans = std::mem::take(&mut prepared.plans);
    let sheets: Vec<Vec<MapSheet>> = plans.iter().map(|plan| MapSheet::of(plan, &prepared.method)).collect();
    let found: Vec<Vec<Option<kept::Kept>>> = plans.iter().zip(&sheets).map(|(plan, sheets)| kept::load(&blobs, plan, sheets)).collect();
    let mut zoned: Vec<Found> = plans.iter().map(|plan| Found::of(prepared.zones.as_ref(), plan, &prepared.method, &blobs)).collect();
    // What is kept was looked at before it was made, from the same bytes.
    let unseen: Vec<&YearPlan> = plans.iter().zip(&found).filter(|(_, found)| found.iter().any(Option::is_none)).map(|(plan, _)| plan).collect();
    let surveyed = prepared.look(&unseen, hooks);
    if (hooks.cancelled)() {
        return Err(stopped().into());
    }
    if surveyed.has_errors() {
        return Err(surveyed);
    }
    prepared.notes = surveyed;
    let (mut years, mut maps) = (Vec::new(), Vec::new());
    let (mut reused, mut made) = (0, 0);
    let count = plans.len();
    for (i, ((plan, found), sheets)) in plans.into_iter().zip(found).zip(sheets).enumerate() {
        let title = words!("核算 {} 年实物量", "computing the quantities of {}", plan.year);
        let streams: Vec<usize> = (0..plan.streams.len()).filter(|s| found[*s].is_none()).collect();
        reused += plan.streams.len() - streams.len();
        made += streams.len();
        let mut sums: Vec<Option<kept::Kept>> = found;
        let wanted = Wanted { streams: &streams, zoned: &zoned[i].missing(), extent: zoned[i].lacks_extent() };
        if !wanted.is_empty() {
            let fresh = compute(&prepared, &plan, wanted, &sheets, &blobs, hooks, &|done, of| {
                (hooks.progress)(&Stage { title: title.clone(), done: i * of + done, of: count * of })
            })?;
            for (stream, kept) in streams.iter().zip(fresh.kept) {
                kept::save(&blobs, &plan.streams[*stream].name, &kept).map_err(|e| whole::cannot_write(blobs.root(), &e))?;
                sums[*stream] = Some(kept);
            }
            zoned[i].take(fresh.zones, fresh.extent, &blobs)?;
        }
        let kept: Vec<kept::Kept> = sums.into_iter().flatten().collect();
        maps.extend(kept.iter().flat_map(|k| k.maps.clone()));
        years.push(YearSums { sums: kept.into_iter().map(|k| k.sums).collect(), zones: std::mem::take(&mut zoned[i]).whole(), plan });
    }
    let assembled = assemble(&prepared.region, &prepared.places, &prepared.classes, &prepared.method, &prepared.prices, &years)?;
    let (changes, zone_changes) = changes(&mut prepared, &years, &assembled, &blobs, hooks)?;
    let zoned = ZoneAccount::of(&prepared, &years, &assembled, zone_changes)?;
    Ok(Book { prepared, years, maps, assembled, changes, zoned, reused, made })
}

/// What a pass over the blocks of a year is to make.
#[derive(Clone, Copy)]
pub(crate) struct Wanted<'w> {
    /// Streams whose sums and maps are made.
    pub(crate) streams: &'w [usize],
    /// Streams whose sums by zone are made; they are computed again where they were kept.
    pub(crate) zoned: &'w [usize],
    /// Whether the extent of classes by zone is made.
    pub(crate) extent: bool,
}

impl Wanted<'_> {
    /// True when there is nothing to do.
    pub(crate) fn is_empty(&self) -> bool {
        self.streams.is_empty() && self.zoned.is_empty() && !self.extent
    }
}

/// What a pass made, in the order in which it was asked for.
pub(crate) struct Fresh {
    /// Streams with their maps.
    pub(crate) kept: Vec<kept::Kept>,
    /// Sums by zone.
    pub(crate) zones: Vec<Sums>,
    /// The extent of classes by zone.
    pub(crate) extent: Option<Sums>,
}

/// Makes what was not found of a year, in one pass over the blocks.
pub(crate) fn compute(
    prepared: &Prepared,
    plan: &YearPlan,
    wanted: Wanted<'_>,
    sheets: &[MapSheet],
    blobs: &Blobs,
    hooks: Hooks<'_>,
    progress: &dyn Fn(usize, usize),
) -> Result<Fresh, Problems> {
    let blocks = prepared.blocks();
    let ground = prepared.ground();
    let all: Vec<usize> = wanted.streams.iter().chain(wanted.zoned.iter().filter(|s| !wanted.streams.contains(s))).copied().collect();
    let mut sums: Vec<Sums> = wanted.streams.iter().map(|_| Sums::default()).collect();
    let mut zones: Vec<Sums> = wanted.zoned.iter().map(|_| Sums::default()).collect();
    let mut extent = wanted.extent.then(Sums::default);
    let mut drawing = crate::mapping::Drawing::begin(plan, wanted.streams, sheets, &prepared.region.declared.grid, blobs)?;
    let mut done = 0;
    let task = |window: &Window| Task { plan, ground, window: *window, streams: &all, zoned: wanted.zoned, extent: wanted.extent };
    for chunk in blocks.chunks(prepared.in_flight) {
        if (hooks.cancelled)() {
            return Err(stopped().into());
        }
        let receipts: Vec<_> = chunk.par_iter().map(|window| run_task(&task(window))).collect();
        for receipt in receipts {
            let receipt = receipt?;
            for (at, part) in receipt.parts.into_iter().enumerate() {
                if let Some(own) = sums.get_mut(at) {
                    drawing.draw(at, &receipt.window, &part.maps)?;
                    own.merge(part.sums);
                }
                let own = wanted.zoned.iter().position(|s| *s == all[at]).and_then(|z| zones.get_mut(z));
                if let (Some(own), Some(part)) = (own, part.zones) {
                    own.merge(part);
                }
            }
            if let (Some(own), Some(part)) = (extent.as_mut(), receipt.extent) {
                own.merge(part);
            }
            done += 1;
        }
        progress(done, blocks.len());
    }
    refuse_faults(plan, wanted.streams, &sums)?;
    refuse_faults(plan, wanted.zoned, &zones)?;
    let mut maps = drawing.finish(prepared, plan, &sums)?;
    let kept = sums.into_iter().enumerate().map(|(at, sums)| kept::Kept { sums, maps: std::mem::take(&mut maps[at]) }).collect();
    Ok(Fresh { kept, zones, extent })
}

/// A cell that should count and has no value, or a sum that overflowed, stops the run.
pub(crate) fn refuse_faults(plan: &YearPlan, wanted: &[usize], sums: &[Sums]) -> Result<(), Problems> {
    let mut problems = Problems::new();
    for (stream, sums) in wanted.iter().zip(sums) {
        let model = plan.streams[*stream].id(plan);
        for (quantity, cells) in &sums.missing {
            problems.push(missing_cells(model, quantity, *cells).key(format!("{model}.{quantity}, {}", plan.year)));
        }
        for (at, quantity) in sums.quantities.iter().enumerate() {
            let refused: u64 = sums.by.values().filter_map(|s| s.get(at)).map(|s| s.refused()).sum();
            if refused > 0 {
                problems.push(
                    Problem::error(
                        "sum.overflow",
                        words!("“{quantity}”有 {refused} 个格网的值过大，不能精确累加", "{refused} cells of \"{quantity}\" are too large to be added exactly"),
                    )
                    .key(format!("{model}.{quantity}"))
                    .expect(text("有限且大小合理的值", "finite values of a plausible size"))
                    .fix(text("检查数据源的单位、scale 与 nodata", "check unit, scale and nodata of the sources")),
                );
            }
        }
    }
    problems.into_result(())
}

/// The indicators of a profile that a stream serves, by model output.
pub fn indicators_of<'m>(method: &'m Method, model: &Model, counted: Option<&str>) -> Vec<(&'m str, &'m str)> {
    method
        .profile
        .indicators
        .iter()
        .filter(|m| m.status.counts())
        .filter_map(|m| {
            let flow = method.flow(&m.indicator).and_then(Flow::model)?;
            (flow.model == model.spec.id && flow.counted.as_deref() == counted).then_some((m.indicator.as_str(), flow.output.as_str()))
        })
        .collect()
}

/// The reference system of the region, with the recorded datum decisions that were applied.
pub fn crs_words(prepared: &Prepared, years: &[YearSums]) -> String {
    let crs: &Crs = &prepared.grid.crs;
    let decisions: Vec<&'static str> = years.iter().flat_map(|y| y.plan.datums()).chain(prepared.places.datum).collect();
    crate::layers::crs_note(crs, decisions.first().copied())
}

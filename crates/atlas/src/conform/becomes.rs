//! What would change if a site became another ecosystem type: the account of a year with the changed
//! map, less the account as it is. Only blocks that see a changed cell are computed, with the old map
//! and with the new one; their sums are exchanged in the sums of the year. Sums are integers, so the
//! result is that of a full run with the changed map, to the last digit.
//!
//! The map is a raster: a cell changes when its centre lies in a site.

use std::collections::BTreeMap;
use std::path::Path;

use liangshan_accounts::Amount;
use liangshan_accounts::account::ALL;
use liangshan_space::{Coverage, FixedSum, Grid, Window, cell_areas_m2};
use liangshan_vocab::{Evidence, Fen, Problem, Problems, Text, text, words};
use rayon::prelude::*;

use super::Site;
use crate::assemble::{Assembled, YearSums, assemble};
use crate::book::{Book, Hooks, Options, Prepared, open_book, refuse_faults};
use crate::class_map::Changed;
use crate::ground::Classes;
use crate::plan::margin;
use crate::task::{Receipt, Sums, Task, run_task};

/// The change of one indicator over the whole region.
#[derive(Debug, Clone, PartialEq)]
pub struct Shift {
    /// The indicator or a part of it.
    pub indicator: String,
    /// What it is called.
    pub title: Text,
    /// Its quantity before and after; nothing for a sum of different things.
    pub quantity: Option<(Amount, Amount)>,
    /// The quantity's unit.
    pub unit: String,
    /// Its value before and after.
    pub value: (Fen, Fen),
    /// The weakest evidence it rests on.
    pub evidence: Evidence,
}

/// The changed account against the account as it is.
pub struct Becomes {
    /// The accounting year.
    pub year: i32,
    /// The method profile.
    pub profile: String,
    /// The class the sites become: code, attribute, name.
    pub class: (i64, i64, Text),
    /// Cells that change, by the class they had.
    pub from: Vec<(Text, usize)>,
    /// Cells that change, in all.
    pub cells: usize,
    /// Their area on the ellipsoid, m².
    pub cells_m2: f64,
    /// Blocks that were computed again.
    pub blocks: usize,
    /// Blocks there are.
    pub of_blocks: usize,
    /// Indicators that move, in the order of the account; only those that are terms of the total.
    pub shifts: Vec<Shift>,
    /// The total before and after.
    pub total: (Fen, Fen),
    /// What the total may be called.
    pub total_title: Text,
    /// The changed account.
    pub assembled: Assembled,
    /// Warnings on the way.
    pub notes: Problems,
}

/// Reads a class: its code, `42/12` with an attribute, or its name.
///
/// # Errors
/// `becomes.unknown_class` and `becomes.which_attribute`, with the classes there are.
pub fn class_of(classes: &Classes, said: &str) -> Result<usize, Problem> {
    let shown = |i: usize| {
        let c = &classes.classes[i];
        if c.attribute == 0 { format!("{} {}", c.code, c.name) } else { format!("{}/{} {}", c.code, c.attribute, c.name) }
    };
    let (code, attribute) = said.split_once('/').map_or((said, None), |(code, attribute)| (code, Some(attribute)));
    let numbers = (code.trim().parse::<i64>().ok(), attribute.map(|a| a.trim().parse::<i64>().ok()));
    let fits = |c: &crate::ground::Class| match numbers {
        (Some(code), Some(Some(attribute))) => c.code == code && c.attribute == attribute,
        (Some(code), None) => c.code == code,
        _ => c.name.zh == said || c.name.en.eq_ignore_ascii_case(said),
    };
    let found: Vec<usize> = (0..classes.classes.len()).filter(|i| fits(&classes.classes[*i])).collect();
    match found[..] {
        [one] => Ok(one),
        [] => Err(Problem::error("becomes.unknown_class", words!("没有生态系统类别“{said}”", "there is no ecosystem class \"{said}\""))
            .key("--becomes")
            .expect(Text::same((0..classes.classes.len()).map(shown).collect::<Vec<_>>().join("；")))
            .fix(text("写类别代码、代码/属性或名称", "write the code of a class, code/attribute, or its name"))),
        _ => {
            // A class that an attribute splits does not occur without one.
            let split: Vec<usize> = found.iter().copied().filter(|i| classes.classes[*i].attribute != 0).collect();
            Err(Problem::error("becomes.which_attribute", words!("类别“{said}”按属性再分", "the class \"{said}\" is split by an attribute"))
                .key("--becomes")
                .expect(Text::same(split.into_iter().map(shown).collect::<Vec<_>>().join("；")))
                .fix(text("写成 代码/属性", "write it as code/attribute")))
        }
    }
}

/// Computes the change for all sites together, in the latest year asked for.
///
/// # Errors
/// Everything that opening the account finds; those of [`class_of`]; `becomes.nothing` where no cell's
/// centre lies in a site; `input.missing_cells` where the new class lacks a coefficient.
pub fn becomes(folder: &Path, options: &Options, sites: &[Site], class: &str, hooks: Hooks<'_>) -> Result<Becomes, Problems> {
    let prepared = Prepared::open(folder, &one_year(folder, options)?)?;
    let target = class_of(&prepared.classes, class)?;
    let cells = changed_cells(&prepared, sites)?;
    let book = open_book(prepared, hooks)?;
    exchange(book, target, cells)
}

/// The options with one year: the latest asked for, or the region's latest.
fn one_year(folder: &Path, options: &Options) -> Result<Options, Problems> {
    let latest = match options.years.iter().max() {
        Some(year) => Some(*year),
        None => crate::region::Region::open(folder)?.declared.years.last().copied(),
    };
    Ok(Options { years: latest.into_iter().collect(), ..options.clone() })
}

/// The cells of the extended grid whose centre lies in a site and in a place.
fn changed_cells(prepared: &Prepared, sites: &[Site]) -> Result<Vec<(usize, usize)>, Problems> {
    let grid = &prepared.grid;
    let mut cells: Vec<(usize, usize)> = Vec::new();
    for site in sites {
        let Some(window) = super::bounds_of(&site.shape).and_then(|b| grid.window_over(&b)) else { continue };
        let covered = Coverage::of_centres(&site.shape, grid)?.in_window(&window);
        cells.extend(
            covered
                .into_iter()
                .filter(|(_, share)| *share > 0.0)
                .map(|(i, _)| (window.column + i as usize % window.columns, window.row + i as usize / window.columns)),
        );
    }
    cells.sort_unstable_by_key(|(column, row)| (*row, *column));
    cells.dedup();
    let inside = |(column, row): &(usize, usize)| {
        let one = Window { column: *column, row: *row, columns: 1, rows: 1 };
        prepared.places.counties.iter().any(|c| c.coverage.in_window(&one).iter().any(|(_, share)| *share > 0.0))
    };
    cells.retain(inside);
    if cells.is_empty() {
        let cell = grid.dx;
        return Err(Problem::error(
            "becomes.nothing",
            words!("没有格网中心落在选址内：{cell} m 的图上看不出这个变化", "no cell has its centre in the site: a map of {cell} m cannot show this change"),
        )
        .key("--becomes")
        .expect(text("至少含一个格网中心的选址", "a site with the centre of at least one cell in it"))
        .fix(text("用更细的格网核算，或合并相邻选址", "account on a finer grid, or join neighbouring sites"))
        .into());
    }
    Ok(cells)
}

fn exchange(book: Book, target: usize, cells: Vec<(usize, usize)>) -> Result<Becomes, Problems> {
    let Book { prepared, mut years, assembled: before, .. } = book;
    let Some(YearSums { mut plan, mut sums, .. }) = years.pop() else {
        return Err(Problem::error("region.years", text("没有可用的核算年份", "there is no usable accounting year")).into());
    };
    let grid = &prepared.grid;
    let blocks = prepared.blocks();
    let touched: Vec<Window> = blocks.iter().copied().filter(|block| sees(block, &cells, grid)).collect();
    let streams: Vec<usize> = (0..plan.streams.len()).collect();
    let run = |plan: &crate::plan::YearPlan| -> Result<Vec<Sums>, Problems> {
        let task = |window: &Window| run_task(&Task { plan, ground: prepared.ground(), window: *window, streams: &streams, zoned: &[], extent: false });
        let mut made: Vec<Sums> = streams.iter().map(|_| Sums::default()).collect();
        for receipt in touched.par_iter().map(task).collect::<Vec<Result<Receipt, Problems>>>() {
            receipt?.parts.into_iter().zip(&mut made).for_each(|(part, sums)| sums.merge(part.sums));
        }
        Ok(made)
    };
    let from = classes_before(&plan, &prepared, &cells)?;
    let old = run(&plan)?;
    let class = &prepared.classes.classes[target];
    plan.classes.changed = Some(Changed { code: class.code, attribute: class.attribute, cells: cells.iter().map(|(c, r)| (*r, *c)).collect() });
    let new = run(&plan)?;
    refuse_faults(&plan, &streams, &new)?;
    for ((own, old), new) in sums.iter_mut().zip(&old).zip(new) {
        own.take_out(old);
        own.merge(new);
    }
    let year = plan.year;
    let mut cells_m2 = FixedSum::new();
    for (column, row) in &cells {
        let one = Window { column: *column, row: *row, columns: 1, rows: 1 };
        cells_m2.extend(cell_areas_m2(grid, &one)?);
    }
    let after = assemble(&prepared.region, &prepared.places, &prepared.classes, &prepared.method, &prepared.prices, &[YearSums { plan, sums, zones: None }])?;
    let whole = prepared.places.whole.as_str();
    let total = |made: &Assembled| made.account.total(year, whole, ALL).map_or(Fen(0), |t| t.value);
    Ok(Becomes {
        year,
        profile: after.account.profile.clone(),
        class: (class.code, class.attribute, class.name.clone()),
        from,
        cells: cells.len(),
        cells_m2: super::hundredths(cells_m2.value()),
        blocks: touched.len(),
        of_blocks: blocks.len(),
        shifts: shifts(&before, &after, year, whole),
        total: (total(&before), total(&after)),
        total_title: after.account.total(year, whole, ALL).map(|t| t.title()).unwrap_or_default(),
        notes: prepared.notes,
        assembled: after,
    })
}

/// True when a block, with every halo, sees one of the cells.
fn sees(block: &Window, cells: &[(usize, usize)], grid: &Grid) -> bool {
    let grown = block.grown(margin(), grid);
    cells.iter().any(|(column, row)| grown.has(*column, *row))
}

fn classes_before(plan: &crate::plan::YearPlan, prepared: &Prepared, cells: &[(usize, usize)]) -> Result<Vec<(Text, usize)>, Problems> {
    let mut counted: BTreeMap<u16, usize> = BTreeMap::new();
    for (column, row) in cells {
        let one = Window { column: *column, row: *row, columns: 1, rows: 1 };
        let was = plan.classes.read(&prepared.classes, &prepared.grid, &one)?;
        *counted.entry(was.first().copied().unwrap_or(u16::MAX)).or_insert(0) += 1;
    }
    let name = |class: u16| prepared.classes.classes.get(usize::from(class)).map_or_else(|| text("无数据", "no data"), |c| c.name.clone());
    Ok(counted.into_iter().map(|(class, count)| (name(class), count)).collect())
}

/// Terms of the total that are not what they were.
fn shifts(before: &Assembled, after: &Assembled, year: i32, whole: &str) -> Vec<Shift> {
    let none = (None, Fen(0));
    let mut made = Vec::new();
    for row in after.account.terms(year, whole, ALL) {
        let was = before.account.row(year, whole, ALL, &row.indicator).map_or(none, |r| (r.quantity, r.value.unwrap_or(Fen(0))));
        let now = row.value.unwrap_or(Fen(0));
        if was.1 == now && was.0 == row.quantity {
            continue;
        }
        made.push(Shift {
            title: title(&row.indicator, after),
            indicator: row.indicator.clone(),
            quantity: was.0.zip(row.quantity),
            unit: row.unit.clone(),
            value: (was.1, now),
            evidence: row.evidence,
        });
    }
    made
}

fn title(indicator: &str, made: &Assembled) -> Text {
    if let Some(known) = made.names.get(indicator) {
        return known.clone();
    }
    let base = indicator.split('.').next().unwrap_or(indicator);
    liangshan_accounts::catalogue::indicator(indicator)
        .or_else(|| liangshan_accounts::catalogue::indicator(base))
        .map_or_else(|| Text::same(indicator.to_owned()), |i| i.title.clone())
}

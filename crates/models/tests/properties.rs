//! What holds for every model whatever the map: declarations are sound, cutting the map changes
//! nothing, a missing cell stays missing and spoils no other, values stay within their ranges.

#![allow(clippy::unwrap_used, clippy::panic)] // a broken case should stop its test

use liangshan_models::{Block, Given, Made, Model, all, find};
use liangshan_vocab::{Form, Input};

/// A small generator (splitmix64), so that a seed names a map for ever.
struct Dice(u64);

impl Dice {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn share(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn below(&mut self, n: usize) -> usize {
        (self.share() * n as f64) as usize
    }

    /// A value within the range of an input, at one of its ends now and then.
    fn value(&mut self, input: &Input) -> f64 {
        // Of a soil with neither silt nor clay the formula of K says nothing; see its file.
        let (low, high) = if input.name == "clay" { (0.1, input.range.1) } else { input.range };
        let at = match self.below(12) {
            0 => 0.0,
            1 => 1.0,
            _ => self.share(),
        };
        let value = low + at * (high - low);
        let whole = input.measure.unit == "code" || ["clamp_negative", "evap_uses_cop"].contains(&input.name);
        if whole { value.round() } else { value }
    }
}

/// A map of every input of a model, with holes where asked for.
#[derive(Clone)]
struct Map {
    columns: usize,
    rows: usize,
    grids: Vec<(&'static str, Vec<f64>)>,
    numbers: Vec<(&'static str, f64)>,
}

fn random_map(model: &Model, seed: u64, holes: bool) -> Map {
    let mut dice = Dice(seed);
    let (columns, rows) = (1 + dice.below(17), 1 + dice.below(13));
    let of = |form: Form| model.spec.inputs.iter().filter(move |i| i.form == form);
    let numbers = of(Form::Number).filter(|i| i.needed || seed.is_multiple_of(2)).map(|i| (i.name, dice.value(i))).collect();
    let grids = of(Form::Grid)
        .map(|i| {
            let cell = |_| if holes && dice.below(10) == 0 { f64::NAN } else { dice.value(i) };
            (i.name, (0..columns * rows).map(cell).collect())
        })
        .collect();
    Map { columns, rows, grids, numbers }
}

/// The part of a grid a block sees: its cells and halo, NaN off the map.
fn cut(grid: &[f64], map: &Map, column: usize, row: usize, block: Block) -> Vec<f64> {
    let mut seen = Vec::new();
    for r in 0..block.high() {
        for c in 0..block.wide() {
            let (r, c) = ((row + r).wrapping_sub(block.halo), (column + c).wrapping_sub(block.halo));
            seen.push(if r < map.rows && c < map.columns { grid[r * map.columns + c] } else { f64::NAN });
        }
    }
    seen
}

fn run_block(model: &Model, map: &Map, column: usize, row: usize, columns: usize, rows: usize) -> Made {
    let block = Block { columns, rows, halo: model.halo(), cell_x_m: 250.0, cell_y_m: 200.0 };
    let seen: Vec<(&str, Vec<f64>)> = map.grids.iter().map(|(name, grid)| (*name, cut(grid, map, column, row, block))).collect();
    let grids: Vec<(&str, &[f64])> = seen.iter().map(|(name, grid)| (*name, grid.as_slice())).collect();
    model.compute(&Given::new(block, &grids, &map.numbers))
}

fn sorted(mut tallies: Vec<(&'static str, u64)>) -> Vec<(&'static str, u64)> {
    tallies.sort_unstable();
    tallies
}

/// Outputs by name as bits, so that NaN equals NaN and -0 is not 0, and the tallies.
type Bytes = (Vec<(&'static str, Vec<u64>)>, Vec<(&'static str, u64)>);

fn run_whole(model: &Model, map: &Map) -> Bytes {
    let made = run_block(model, map, 0, 0, map.columns, map.rows);
    let tallies = sorted(made.tallies().to_vec());
    (made.into_iter().map(|(name, grid)| (name, grid.into_iter().map(f64::to_bits).collect())).collect(), tallies)
}

fn run_in_tiles(model: &Model, map: &Map, seed: u64) -> Bytes {
    let mut dice = Dice(!seed);
    let (wide, high) = (1 + dice.below(7), 1 + dice.below(5));
    let mut outputs: Vec<(&'static str, Vec<u64>)> = model.spec.outputs.iter().map(|o| (o.name, vec![0; map.columns * map.rows])).collect();
    let mut tallies: Vec<(&'static str, u64)> = Vec::new();
    for row in (0..map.rows).step_by(high) {
        for column in (0..map.columns).step_by(wide) {
            let (columns, rows) = (wide.min(map.columns - column), high.min(map.rows - row));
            let made = run_block(model, map, column, row, columns, rows);
            for (name, cells) in made.tallies() {
                match tallies.iter_mut().find(|t| t.0 == *name) {
                    Some(tally) => tally.1 += cells,
                    None => tallies.push((name, *cells)),
                }
            }
            for ((_, whole), (_, part)) in outputs.iter_mut().zip(made) {
                for (i, value) in part.into_iter().enumerate() {
                    whole[(row + i / columns) * map.columns + column + i % columns] = value.to_bits();
                }
            }
        }
    }
    (outputs, sorted(tallies))
}

#[test]
fn every_declaration_is_sound_and_found_by_its_name() {
    for model in all() {
        assert_eq!(model.spec.faults(), Vec::<String>::new());
        assert_eq!(find(model.spec.id).map(|m| m.spec.id), Some(model.spec.id));
        assert_eq!(all().iter().filter(|m| m.spec.id == model.spec.id).count(), 1);
        for input in model.spec.inputs {
            assert!(input.range.0 < input.range.1 && input.range.0.is_finite() && input.range.1.is_finite(), "{}: {}", model.spec.id, input.name);
        }
    }
    assert!(find("soil_retension").is_none());
}

#[test]
fn cutting_the_map_changes_nothing() {
    for model in all() {
        for seed in 0..200 {
            let map = random_map(model, seed, true);
            assert_eq!(run_whole(model, &map), run_in_tiles(model, &map, seed), "{} seed {seed}", model.spec.id);
        }
    }
}

/// A hole in a needed input makes some output of that cell missing, and nothing else: every other
/// value is the one without the hole. The one exception is a window, which may look past a missing
/// neighbour, so only cells beyond its reach must be untouched.
#[test]
fn a_missing_cell_stays_missing_and_spoils_no_other() {
    for model in all() {
        for seed in 0..100 {
            let full = random_map(model, seed, false);
            if model.halo() > 0 && (full.columns < 2 || full.rows < 2) {
                continue; // a window of one row or column has no gradient across it
            }
            let before = run_block(model, &full, 0, 0, full.columns, full.rows);
            for output in model.spec.outputs {
                let undefined = before.output(output.name).unwrap().iter().filter(|v| v.is_nan()).count();
                assert_eq!(undefined, 0, "{} seed {seed}: {} is undefined on defined input", model.spec.id, output.name);
            }
            for input in model.spec.inputs.iter().filter(|i| i.form == Form::Grid && i.needed) {
                let mut holed = full.clone();
                let hole = Dice(seed).below(full.columns * full.rows);
                holed.grids.iter_mut().find(|g| g.0 == input.name).unwrap().1[hole] = f64::NAN;
                let after = run_block(model, &holed, 0, 0, full.columns, full.rows);
                let missing = model.spec.outputs.iter().filter(|o| after.output(o.name).unwrap()[hole].is_nan()).count();
                assert!(missing > 0, "{} seed {seed}: {} is missing but nothing made of it is", model.spec.id, input.name);
                for output in model.spec.outputs {
                    let (before, after) = (before.output(output.name).unwrap(), after.output(output.name).unwrap());
                    for i in 0..before.len() {
                        let far = |a: usize, b: usize| a.abs_diff(b) > model.halo();
                        let apart = far(i % full.columns, hole % full.columns) || far(i / full.columns, hole / full.columns);
                        let kept = before[i].to_bits() == after[i].to_bits();
                        assert!(kept || !apart, "{} seed {seed}: cell {i} of {} changed", model.spec.id, output.name);
                        assert!(kept || i != hole || after[i].is_nan(), "{} seed {seed}: a hole became a value", model.spec.id);
                    }
                }
            }
        }
    }
}

#[test]
fn what_is_made_of_values_in_range_is_in_its_range() {
    for model in all() {
        // K is checked over real textures in its own file: random ones do not add up to 100 %.
        for seed in (0..200).filter(|_| model.spec.id != "erodibility") {
            let map = random_map(model, seed, true);
            let made = run_block(model, &map, 0, 0, map.columns, map.rows);
            for output in model.spec.outputs {
                for value in made.output(output.name).unwrap().iter().filter(|v| !v.is_nan()) {
                    assert!(output.range.0 <= *value && *value <= output.range.1, "{} seed {seed}: {} = {value}", model.spec.id, output.name);
                }
            }
        }
    }
}

#[test]
#[should_panic(expected = "declares no grid elevaton")]
fn a_name_that_is_not_declared_is_our_bug() {
    let block = Block { columns: 1, rows: 1, halo: 1, cell_x_m: 1.0, cell_y_m: 1.0 };
    find("slope").unwrap().compute(&Given::new(block, &[("elevaton", &[0.0; 9])], &[]));
}

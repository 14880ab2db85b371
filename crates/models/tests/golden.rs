//! Runs every case of `tests/golden/<model>/<case>.toml`: inputs row by row, expected outputs, a
//! tolerance, and where the numbers are from. Adding a case adds no code.

#![allow(clippy::unwrap_used, clippy::panic)] // a broken case should stop its test

use std::path::Path;

use liangshan_models::{Block, Given, all, find};
use liangshan_vocab::Form;
use toml::{Table, Value};

fn number(value: &Value) -> f64 {
    value.as_float().or_else(|| value.as_integer().map(|i| i as f64)).unwrap_or_else(|| panic!("not a number: {value}"))
}

/// Values row by row, columns, rows.
type Rows = (Vec<f64>, usize, usize);

/// The rows of one table entry.
fn rows(value: &Value) -> Rows {
    let rows: Vec<Vec<f64>> = value.as_array().unwrap().iter().map(|row| row.as_array().unwrap().iter().map(number).collect()).collect();
    assert!(rows.iter().all(|row| row.len() == rows[0].len()), "rows differ in length");
    (rows.concat(), rows[0].len(), rows.len())
}

fn run_case(id: &str, path: &Path) {
    let name = path.display();
    let case: Table = std::fs::read_to_string(path).unwrap().parse().unwrap_or_else(|e| panic!("{name}: {e}"));
    for key in case.keys() {
        assert!(["from", "tolerance", "cell_m", "given", "made", "tallies"].contains(&key.as_str()), "{name}: unknown key {key}");
    }
    assert!(case["from"].as_str().is_some_and(|from| from.len() > 20), "{name}: says nothing of where its numbers come from");
    let tolerance = |kind: &str| case["tolerance"].get(kind).map_or(0.0, number);
    let (relative, absolute) = (tolerance("relative"), tolerance("absolute"));

    let model = find(id).unwrap_or_else(|| panic!("{name}: no model {id}"));
    let given = case["given"].as_table().unwrap();
    let is_grid = |key: &str| model.spec.input(key).is_some_and(|i| i.form == Form::Grid);
    let grids: Vec<(&str, Rows)> = given.iter().filter(|(k, _)| is_grid(k)).map(|(k, v)| (k.as_str(), rows(v))).collect();
    let numbers: Vec<(&str, f64)> = given.iter().filter(|(k, _)| !is_grid(k)).map(|(k, v)| (k.as_str(), number(v))).collect();
    let halo = model.halo();
    // A model that needs no grid has the shape of what it makes.
    let shape = grids.first().map_or_else(|| rows(case["made"].as_table().unwrap().values().next().unwrap()), |g| g.1.clone());
    let (wide, high) = (shape.1, shape.2);
    let side = case.get("cell_m").map_or(250.0, number);
    let block = Block { columns: wide - 2 * halo, rows: high - 2 * halo, halo, cell_x_m: side, cell_y_m: side };
    let slices: Vec<(&str, &[f64])> = grids.iter().map(|(k, g)| (*k, g.0.as_slice())).collect();
    let made = model.compute(&Given::new(block, &slices, &numbers));

    for (key, expected) in case["made"].as_table().unwrap() {
        let (expected, columns, rows) = rows(expected);
        assert_eq!((columns, rows), (block.columns, block.rows), "{name}: {key} has another shape");
        let got = made.output(key).unwrap_or_else(|| panic!("{name}: {id} makes no {key}"));
        for (i, (got, expected)) in got.iter().zip(&expected).enumerate() {
            let near = (got - expected).abs() <= absolute + relative * expected.abs();
            assert!(near || (got.is_nan() && expected.is_nan()), "{name}: {key}[{i}] is {got}, expected {expected}");
        }
    }
    let empty = Table::new();
    let tallies = case.get("tallies").map_or(&empty, |t| t.as_table().unwrap());
    let counted: Vec<(&str, i64)> = made.tallies().iter().map(|(n, c)| (*n, *c as i64)).collect();
    let expected: Vec<(&str, i64)> = tallies.iter().map(|(n, c)| (n.as_str(), c.as_integer().unwrap())).collect();
    assert_eq!(counted, expected, "{name}: tallies");
}

#[test]
fn every_golden_case() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    for folder in std::fs::read_dir(&golden).unwrap() {
        let id = folder.unwrap().file_name().into_string().unwrap();
        assert!(find(&id).is_some(), "tests/golden/{id} names no model");
    }
    for model in all() {
        let folder = golden.join(model.spec.id);
        let cases = std::fs::read_dir(&folder).unwrap_or_else(|_| panic!("{} has no golden case", model.spec.id));
        for case in cases {
            run_case(model.spec.id, &case.unwrap().path());
        }
    }
}

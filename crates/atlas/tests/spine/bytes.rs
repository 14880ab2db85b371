//! Same input, same bytes: whatever the threads, the blocks and the folder.

use std::collections::BTreeMap;

use liangshan_atlas::book::Options;

use crate::region::*;

fn differing(a: &BTreeMap<String, Vec<u8>>, b: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let names: std::collections::BTreeSet<&String> = a.keys().chain(b.keys()).collect();
    names.into_iter().filter(|n| a.get(*n) != b.get(*n)).cloned().collect()
}

fn run_on(threads: usize, region: &Region) -> BTreeMap<String, Vec<u8>> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| drop(region.done()));
    files(&region.out())
}

#[test]
fn one_thread_and_four_leave_the_same_bytes_in_any_folder() {
    let (a, b) = (run_on(1, &Region::new()), run_on(4, &Region::new()));
    assert!(a.len() >= 12 + 6, "maps of six indicators and two years, and tables: {:?}", a.keys());
    assert_eq!(differing(&a, &b), Vec::<String>::new());
}

#[test]
fn blocks_in_flight_change_nothing() {
    let (narrow, wide) = (Region::new(), Region::new());
    narrow.done_with(&Options { memory: Some(200_000), ..Options::default() });
    wide.done();
    assert_eq!(differing(&files(&narrow.out()), &files(&wide.out())), Vec::<String>::new());
}

/// The sizes do not divide the grid of 40 by 36, so borders of blocks fall everywhere.
#[test]
fn the_size_of_a_block_changes_the_name_of_the_run_and_nothing_else() {
    let small = Region::new();
    let of_small = run_on(2, &small);
    for tile in ["32", "64", "256"] {
        let region = Region::new();
        region.replace("region.toml", "tile = 16", &format!("tile = {tile}"));
        let own = run_on(2, &region);
        // The names of a run stand in the workbook, the manifest, the provenance and on the page.
        assert_eq!(differing(&of_small, &own), ["gep.xlsx", "manifest.json", "page.txt", "provenance.json"], "tile {tile}");
    }
}

#[test]
fn a_year_or_a_thread_more_does_not_move_the_other_year() {
    let (both, one) = (Region::new(), Region::new());
    both.done();
    one.done_with(&Options { years: vec![2020], ..Options::default() });
    let of_2020 = |region: &Region| -> Vec<String> {
        let rows = region.published("account.csv");
        rows.all().iter().filter(|r| r["year"] == "2020").map(|r| format!("{r:?}")).collect()
    };
    assert_eq!(of_2020(&both), of_2020(&one));
    let maps = |region: &Region| files(&region.out()).into_iter().filter(|(name, _)| name.ends_with("_2020.tif")).collect::<BTreeMap<_, _>>();
    assert_eq!(differing(&maps(&both), &maps(&one)), Vec::<String>::new());
}

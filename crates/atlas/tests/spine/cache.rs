//! What a second run does: nothing, or only what rests on what was changed; and nothing half-done
//! is ever left or believed.

use std::collections::BTreeMap;
use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};

use liangshan_atlas::book::{Hooks, Options, QUIET};
use liangshan_atlas::publish::Outcome;

use crate::region::*;

/// Three models of two years.
const STREAMS: usize = 28;

fn unchanged(region: &Region) -> bool {
    matches!(region.run_with(&Options::default(), QUIET), Ok(Outcome::Unchanged { .. }))
}

fn leftovers(region: &Region) -> Vec<String> {
    files(region.path()).into_keys().filter(|f| f.ends_with(".tmp")).collect()
}

/// Rows of account.csv by their key, without the column `digest`.
fn rows(region: &Region) -> BTreeMap<String, String> {
    let table = region.published("account.csv");
    table
        .all()
        .into_iter()
        .map(|mut r| {
            (format!("{} {} {} {}", r["year"], r["place_code"], r["ecosystem"], r["indicator"]), {
                r.remove("digest");
                format!("{r:?}")
            })
        })
        .collect()
}

#[test]
fn a_second_run_does_nothing_and_says_so() {
    let region = Region::new();
    let first = region.done();
    assert_eq!((first.made, first.reused, first.kept), (STREAMS, 0, 0));
    let before = files(region.path());
    match region.run_with(&Options::default(), QUIET).unwrap() {
        Outcome::Unchanged { out, files, .. } => assert_eq!((out, files), (region.out(), first.written)),
        Outcome::Done(_) => panic!("it ran again"),
    }
    assert_eq!(files(region.path()), before);
    assert!(leftovers(&region).is_empty());
}

#[test]
fn a_price_moves_its_own_rows_and_no_quantity() {
    let region = Region::new();
    region.done();
    let before = rows(&region);
    region.replace("sources/prices.csv", "carbon price used on CO2,380,", "carbon price used on CO2,390,");
    let done = region.done();
    assert_eq!((done.made, done.reused), (0, STREAMS));
    let after = rows(&region);
    let moved: Vec<&String> = after.iter().filter(|(k, r)| before[*k] != **r).map(|(k, _)| k).collect();
    assert_eq!(before.len(), after.len());
    assert!(!moved.is_empty() && moved.iter().all(|k| k.ends_with(" carbon_sequestration")), "{moved:?}");
    // Maps are those of before: only tables and pages were written.
    assert_eq!(done.kept, 34 + 1, "thirty-four maps and the dictionary are kept: {}", done.kept);
}

#[test]
fn the_cover_table_moves_only_soil() {
    let region = Region::new();
    region.done();
    let before = rows(&region);
    region.replace("sources/cover_factor.csv", "11,21,evergreen broadleaf forest,class,0.1,0.1,0.08", "11,21,evergreen broadleaf forest,class,0.1,0.1,0.09");
    let done = region.done();
    assert_eq!((done.made, done.reused), (2, STREAMS - 2));
    let after = rows(&region);
    assert!(after.iter().filter(|(k, r)| before[*k] != **r).all(|(k, _)| k.contains(" soil_retention")));
}

#[test]
fn one_year_of_a_source_moves_only_that_year() {
    let region = Region::new();
    region.done();
    let before = rows(&region);
    region.replace("sources/et_2020.tif.toml", "unit =", "scale = 1.01\nunit =");
    let done = region.done();
    // Water conservation, and the route of cooling that stands beside.
    assert_eq!((done.made, done.reused), (2, STREAMS - 2), "a scale is part of what a stream rests on");
    let after = rows(&region);
    let moved: Vec<&String> = after.iter().filter(|(k, r)| before[*k] != **r).map(|(k, _)| k).collect();
    assert!(!moved.is_empty() && moved.iter().all(|k| k.starts_with("2020 ") && k.ends_with(" water_conservation")), "{moved:?}");
}

#[test]
fn a_unit_of_a_sidecar_is_part_of_what_a_stream_rests_on() {
    let region = Region::new();
    region.done();
    let before = rows(&region);
    region.replace("sources/et_2020.tif.toml", "mm/a", "cm/a");
    // 700 cm of evapotranspiration are beyond the range, which a check that believed the cache
    // would not see; the scale brings them back to half of what they were.
    region.replace("sources/et_2020.tif.toml", "unit =", "scale = 0.05\nunit =");
    let done = region.done();
    assert_eq!((done.made, done.reused), (2, STREAMS - 2));
    assert_ne!(before, rows(&region));
}

#[test]
fn what_region_toml_says_of_a_table_is_part_of_what_a_stream_rests_on() {
    let region = Region::new();
    region.done();
    let before = rows(&region);
    region.replace(
        "region.toml",
        "carbon_counted = { column = \"counted_by_default\", words = { yes = 1, no = 0 } }",
        "carbon_counted = { column = \"counted_by_default\", words = { yes = 0, no = 1 } }",
    );
    let done = region.done();
    assert_eq!((done.made, done.reused), (2, STREAMS - 2));
    assert_ne!(before, rows(&region));
}

#[test]
fn a_licence_or_a_title_is_published_anew_and_nothing_is_computed() {
    let region = Region::new();
    region.done();
    region.replace("sources/dem.tif.toml", "CC0-1.0", "CC BY 4.0");
    let done = region.done();
    assert_eq!((done.made, done.reused), (0, STREAMS));
    assert!(region.text("out/national-2022-reconstructed/provenance.json").contains("CC BY 4.0"));
}

#[test]
fn a_parameter_of_the_profile_moves_what_uses_it() {
    let region = Region::new();
    region.done();
    let before = rows(&region);
    region.write(
        "methods/national-2022-reconstructed.toml",
        fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../methods/national-2022-reconstructed.toml"))
            .unwrap()
            .replace("deposited_share = { value = 0.24", "deposited_share = { value = 0.3"),
    );
    let done = region.done();
    assert_eq!((done.made, done.reused), (2, STREAMS - 2));
    let after = rows(&region);
    let moved: Vec<&String> = after.iter().filter(|(k, r)| before[*k] != **r).map(|(k, _)| k).collect();
    assert!(!moved.is_empty() && moved.iter().all(|k| k.ends_with(" soil_retention_sediment") || k.ends_with(" soil_retention")), "{moved:?}");
}

#[test]
fn derived_results_may_be_deleted() {
    let region = Region::new();
    region.done();
    let before = files(&region.out());
    let derived = files(&region.file("derived"));
    fs::remove_dir_all(region.file("derived")).unwrap();
    assert!(unchanged(&region), "the outputs are whole, so there is nothing to do");
    fs::remove_dir_all(region.out()).unwrap();
    let done = region.done();
    assert_eq!((done.made, done.reused), (STREAMS, 0));
    assert_eq!(files(&region.out()), before);
    assert_eq!(files(&region.file("derived")), derived);
}

#[test]
fn an_output_that_is_gone_or_altered_is_noticed_and_mended() {
    let region = Region::new();
    region.done();
    let before = files(&region.out());
    for file in ["account.csv", "maps/water_conservation_2020.tif", "manifest.json"] {
        let path = region.out().join(file);
        fs::remove_file(&path).unwrap();
        let done = region.done();
        assert_eq!((done.made, done.reused), (0, STREAMS), "{file}");
        assert_eq!(files(&region.out()), before, "{file} removed");
        let mut bytes = fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(&path, bytes).unwrap();
        let done = region.done();
        assert!(done.written <= 1, "{file}: {} written", done.written);
        assert_eq!(files(&region.out()), before, "{file} altered");
    }
    assert!(unchanged(&region));
}

#[test]
fn a_torn_or_altered_result_is_made_again_rather_than_believed() {
    let region = Region::new();
    region.done();
    let before = files(&region.out());
    for (kind, cut) in [(".sums.json", true), (".sums.json", false), (".tif", true), (".tif", false)] {
        let name = files(&region.file("derived")).into_keys().find(|f| f.ends_with(kind)).unwrap();
        let path = region.file("derived").join(&name);
        let mut bytes = fs::read(&path).unwrap();
        if cut {
            bytes.truncate(bytes.len() / 2);
        } else {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
        }
        fs::write(&path, bytes).unwrap();
        fs::remove_dir_all(region.out()).unwrap();
        region.done();
        let after = files(&region.out());
        let differing: Vec<&String> = after.keys().filter(|f| before.get(*f) != after.get(*f)).collect();
        assert!(differing.is_empty(), "{name} {}: {differing:?} were published from a damaged result", if cut { "cut" } else { "altered" });
    }
}

#[test]
fn what_a_killed_run_left_is_swept() {
    let region = Region::new();
    let out = "out/national-2022-reconstructed";
    for file in ["derived/ab/.x.sums.json.7.0.tmp", "derived/.y.scratch.tmp", &format!("{out}/.account.csv.7.0.tmp"), &format!("{out}/maps/.m.tif.7.1.tmp")] {
        region.write(file, "half");
    }
    region.done();
    assert_eq!(leftovers(&region), Vec::<String>::new());
}

#[test]
fn files_of_an_earlier_run_that_no_longer_belong_are_gone_and_strangers_stay() {
    let region = Region::new();
    region.done();
    region.write("out/national-2022-reconstructed/notes.txt", "mine");
    region.replace("region.toml", "years = [2019, 2020]", "years = [2020]");
    region.done();
    let left = files(&region.out());
    assert!(left.keys().all(|f| !f.contains("_2019")), "{:?}", left.keys());
    assert!(left.contains_key("notes.txt"));
}

/// A run that is stopped after so many questions leaves no half file, whenever that is, and the
/// next one goes on from there.
#[test]
fn a_run_stopped_anywhere_leaves_nothing_half_done_and_the_next_one_goes_on() {
    let whole = Region::new();
    whole.done();
    let wanted = files(&whole.out());
    let mut resumed = 0;
    for after in [0, 1, 3, 6, 8, 10, 12, 14, 20, 30] {
        let region = Region::new();
        let asked = AtomicUsize::new(0);
        let stop = || asked.fetch_add(1, Ordering::SeqCst) >= after;
        let hooks = Hooks { progress: &|_| {}, cancelled: &stop };
        // Blocks one after the other, so that there are many moments to stop at.
        let options = Options { memory: Some(200_000), ..Options::default() };
        let stopped = match region.run_with(&options, hooks) {
            Ok(_) => panic!("it was never asked {after} times"),
            Err(problems) => problems,
        };
        assert!(stopped.iter().any(|p| p.code == "run.cancelled"), "{}", letters(&stopped));
        assert_eq!(leftovers(&region), Vec::<String>::new(), "stopped after {after}");
        assert!(!region.out().join("manifest.json").exists());
        for (file, bytes) in files(&region.out()) {
            assert_eq!(wanted.get(&file), Some(&bytes), "{file} is not what a whole run leaves");
        }
        let next = region.done();
        assert_eq!(next.made + next.reused, STREAMS);
        resumed += usize::from(next.reused > 0);
        assert_eq!(files(&region.out()), wanted, "stopped after {after}");
    }
    assert!(resumed > 0, "no run went on from what was finished");
}

#[test]
fn an_output_folder_that_cannot_be_written_is_told() {
    let region = Region::new();
    region.write("occupied", "a file, not a folder");
    let failed = region.run_with(&Options { out: Some(region.file("occupied")), ..Options::default() }, QUIET).err().unwrap();
    error(&failed, "output.cannot_write");
}

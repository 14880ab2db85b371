//! The beginning of a region, and the regions and profiles that come with the program.

use std::collections::BTreeSet;
use std::path::Path;

use liangshan_atlas::book::{Options, Prepared, QUIET};
use liangshan_atlas::profiles::{SHIPPED, load};
use liangshan_atlas::region::Region as Opened;
use liangshan_atlas::template::{FILES, begin};
use liangshan_vocab::Severity;

use crate::region::*;

#[test]
fn the_check_of_a_new_region_lists_just_the_files_to_bring() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("mycity");
    assert_eq!(begin(&folder).unwrap(), FILES.len());
    let problems = Prepared::open(&folder, &Options::default()).err().expect("a template cannot be run as it is");
    let missing: BTreeSet<String> = problems.iter().filter(|p| p.code == "source.missing_file").filter_map(|p| p.at.file.clone()).collect();
    // The rasters of README.md, section 3, of the year 2020, and the outlines.
    let wanted: BTreeSet<String> = [
        "places.gpkg",
        "ecosystem_2020.tif",
        "ecosystem_attribute_2020.tif",
        "precipitation_2020.tif",
        "evapotranspiration_2020.tif",
        "erosivity_2020.tif",
        "elevation.tif",
        "soil_texture.tif",
        "bulk_density.tif",
        "soil_nitrogen.tif",
        "soil_phosphorus.tif",
        "vegetation_cover_2020.tif",
        "nep_2020.tif",
        "storm_rain_2020.tif",
        "hot_days_2020.tif",
    ]
    .iter()
    .map(|f| format!("sources/{f}"))
    .collect();
    assert_eq!(missing, wanted);
    let other: Vec<_> = problems.iter().filter(|p| p.severity == Severity::Error && p.code != "source.missing_file").collect();
    assert!(other.is_empty(), "{}", letters(&problems));
    for p in problems.iter().filter(|p| p.code == "source.missing_file") {
        assert!(!p.expected.zh.is_empty() && !p.expected.en.is_empty() && !p.fix.zh.is_empty() && p.at.key.is_some(), "{p:?}");
    }
    // Nothing was left behind by looking.
    assert_eq!(files(&folder).len(), FILES.len());
}

#[test]
fn every_file_of_the_readme_is_one_the_declaration_names() {
    let text = |name: &str| String::from_utf8(FILES.iter().find(|f| f.0 == name).unwrap().1.to_vec()).unwrap();
    let (readme, declaration) = (text("README.md"), text("region.toml"));
    let mut seen = 0;
    for word in readme.split('`').filter(|w| w.ends_with(".tif") || w.ends_with(".csv") || w.ends_with(".gpkg")) {
        let file = word.trim_start_matches("sources/");
        assert!(declaration.contains(&format!("\"sources/{file}\"")), "{word} is in README.md and not in region.toml");
        seen += 1;
    }
    assert!(seen >= 20, "{seen}");
}

#[test]
fn every_shipped_profile_loads_clean_against_the_prices_of_the_template() {
    for (id, _) in SHIPPED {
        let region = Region::new();
        let opened = Opened::open(region.path()).unwrap();
        let method = load(&opened, id).unwrap_or_else(|p| panic!("{id}\n{}", letters(&p)));
        assert_eq!(method.profile.printed_id(), *id, "its text was not read, so it carries the suffix");
        let problems = region.check_with(&Options { profile: Some((*id).to_owned()), ..Options::default() });
        assert!(problems.iter().all(|p| p.severity == Severity::Note), "{id}\n{}", letters(&problems));
    }
}

#[test]
fn profiles_that_extend_each_other_or_ask_for_what_there_is_not_are_told() {
    let region = Region::new();
    region.write("methods/a.toml", "id = \"a\"\nextends = \"b\"\n");
    region.write("methods/b.toml", "id = \"b\"\nextends = \"a\"\n");
    let asked = |id: &str| region.check_with(&Options { profile: Some(id.into()), ..Options::default() });
    error(&asked("a"), "profile.extends_itself");
    region.write(
        "methods/c.toml",
        "id = \"c\"\nextends = \"national-2022-reconstructed\"\n[indicator.carbon_sequestration]\nflow = \"model_sum\"\nmodel = \"carbon\"\noutput = \"x\"\n",
    );
    let problems = asked("c");
    let p = error(&problems, "profile.unknown_model");
    assert_eq!((p.at.file.as_deref(), p.at.row), (Some("methods/c.toml"), Some(5)));
    assert_eq!(asked("../../etc/passwd").0[0].code, "profile.unknown");
}

#[test]
fn quzhou_checks_clean() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../regions/quzhou");
    let prepared = Prepared::open(&folder, &Options::default()).unwrap_or_else(|p| panic!("{}", letters(&p)));
    let problems = prepared.survey(QUIET);
    assert!(problems.iter().all(|p| p.severity == Severity::Note), "{}", letters(&problems));
}

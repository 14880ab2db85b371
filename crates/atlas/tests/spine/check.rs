//! What a check finds: one thing is broken in a sound region, and the letter about it must name the
//! place, say what was expected and what to do, and keep a run from beginning.

use std::fs;

use liangshan_atlas::book::{Options, QUIET};
use liangshan_vocab::{Problem, Problems, Severity};

use crate::region::tiff::{Keys, Tiff};
use crate::region::*;

/// A region in which `mend` has broken something, and what a check says.
pub(super) fn broken(mend: impl FnOnce(&Region)) -> (Region, Problems) {
    let region = Region::new();
    mend(&region);
    let problems = region.check();
    (region, problems)
}

/// The error with this code, after making sure that a run refuses and leaves nothing.
#[track_caller]
pub(super) fn refused(code: &str, mend: impl FnOnce(&Region)) -> (Problem, Problems) {
    let (region, problems) = broken(mend);
    let problem = error(&problems, code).clone();
    let failed = region.run_with(&Options::default(), QUIET).err().unwrap_or_else(|| panic!("a run went on in spite of {code}"));
    assert!(failed.has_errors() && failed.iter().any(|p| p.code == code), "the run says something else:\n{}", letters(&failed));
    assert!(!region.out().exists(), "a refused run left an output folder");
    (problem, problems)
}

pub(super) fn grid(keys: Keys, value: impl Fn(usize, usize) -> f64) -> Vec<u8> {
    Tiff::of(keys, CORNERS, (250.0, 250.0), (40, 36), value).bytes()
}

pub(super) const CGCS: Keys = Keys::Projected(4549);

#[test]
fn a_sound_region_has_no_errors_and_no_warnings() {
    let problems = Region::new().check();
    assert!(problems.iter().all(|p| p.severity == Severity::Note), "{}", letters(&problems));
}

// ---- files --------------------------------------------------------------------------------------

#[test]
fn a_missing_file_is_named_once() {
    let (p, all) = refused("source.missing_file", |r| r.remove("sources/et_2019.tif"));
    assert_eq!(p.at.file.as_deref(), Some("sources/et_2019.tif"));
    assert!(p.fix.en.contains("sources/et_2019.tif.toml"));
    assert_eq!(all.iter().filter(|p| p.severity == Severity::Error).count(), 1, "{}", letters(&all));
}

#[test]
fn a_missing_sidecar_is_named() {
    let (p, _) = refused("source.missing_sidecar", |r| r.remove("sources/dem.tif.toml"));
    assert_eq!(p.at.file.as_deref(), Some("sources/dem.tif.toml"));
}

#[test]
fn a_path_out_of_the_folder_is_refused() {
    let (p, _) = refused("source.outside", |r| r.replace("region.toml", "sources/dem.tif", "../dem.tif"));
    assert_eq!(p.at.file.as_deref(), Some("region.toml"));
}

#[test]
fn a_truncated_raster_is_found_before_anything_is_computed() {
    for keep in [0.3, 0.6, 0.99] {
        let (p, _) = refused("raster.truncated", |r| {
            let bytes = fs::read(r.file("sources/cover_2020.tif")).unwrap();
            r.write("sources/cover_2020.tif", &bytes[..(bytes.len() as f64 * keep) as usize]);
        });
        assert_eq!(p.at.file.as_deref(), Some("sources/cover_2020.tif"), "{keep}");
    }
}

#[test]
fn garbage_is_no_raster_and_no_reason_to_panic() {
    let garbage: [&[u8]; 4] = [b"", b"II*\0", &b"this was once a raster ".repeat(99), &[0xff; 4096]];
    for bytes in garbage {
        let (region, problems) = broken(|r| r.write("sources/nep_2019.tif", bytes));
        let p = problems.iter().find(|p| p.code.starts_with("raster.")).unwrap_or_else(|| panic!("{}", letters(&problems)));
        error(&problems, &p.code);
        assert_eq!(p.at.file.as_deref(), Some("sources/nep_2019.tif"));
        assert!(region.run_with(&Options::default(), QUIET).is_err());
    }
}

#[test]
fn garbage_instead_of_outlines_tables_and_toml_is_told() {
    for file in ["sources/places.geojson", "sources/statistics.csv", "sources/factors.csv", "sources/dem.tif.toml", "region.toml"] {
        let (_, problems) = broken(|r| r.write(file, b"\xff\xfe{[\"\0,,\n".repeat(40)));
        let p = problems.iter().find(|p| p.at.file.as_deref() == Some(file)).unwrap_or_else(|| panic!("{file}:\n{}", letters(&problems)));
        assert_eq!(p.severity, Severity::Error, "{file}");
        error(&problems, &p.code);
    }
}

#[test]
fn a_file_changed_after_delivery_is_a_warning_and_the_run_goes_on() {
    let (region, problems) = broken(|r| {
        let sidecar = r.text("sources/dem.tif.toml");
        r.write("sources/dem.tif.toml", format!("{sidecar}sha256 = \"{}\"\n", "0".repeat(64)));
    });
    let p = found(&problems, Severity::Warning, "source.digest_differs");
    assert_eq!(p.at.file.as_deref(), Some("sources/dem.tif"));
    assert!(region.done().publication.warnings.iter().any(|p| p.code == "source.digest_differs"), "the warning is lost in the run");
}

// ---- where rasters lie ----------------------------------------------------------------------------

#[test]
fn a_raster_without_a_reference_system_is_told_where_to_say_it() {
    let bare = |r: &Region| r.write("sources/bulk_density.tif", grid(Keys::None, |_, _| 1.3));
    let (p, _) = refused("source.no_crs", bare);
    assert_eq!(p.at.file.as_deref(), Some("sources/bulk_density.tif"));
    // The sidecar may say it where the file does not.
    let (_, problems) = broken(|r| {
        bare(r);
        r.replace("sources/bulk_density.tif.toml", "unit =", "crs = \"EPSG:4549\"\nunit =");
    });
    assert!(!problems.has_errors(), "{}", letters(&problems));
}

#[test]
fn an_unknown_reference_system_is_named() {
    let (p, _) = refused("crs.unknown", |r| r.write("sources/bulk_density.tif", grid(Keys::Named("Beijing 1954"), |_, _| 1.3)));
    assert!(p.what.en.contains("Beijing 1954"), "{}", p.what.en);
    // Beijing 1954 / 3-degree zone 40, a code of the register that is not supported.
    let (p, _) = refused("crs.unknown", |r| r.write("sources/bulk_density.tif", grid(Keys::Projected(2437), |_, _| 1.3)));
    assert_eq!(p.at.file.as_deref(), Some("sources/bulk_density.tif"));
    let (p, _) = refused("crs.unknown", |r| r.replace("region.toml", "crs = \"EPSG:4549\"", "crs = \"EPSG:45490\""));
    assert_eq!(p.at.file.as_deref(), Some("region.toml"));
    assert_eq!(p.at.row, Some(14), "the line of region.toml");
}

#[test]
fn two_opinions_on_the_reference_system_are_a_conflict() {
    let (p, _) = refused("source.crs_conflict", |r| r.replace("sources/bulk_density.tif.toml", "unit =", "crs = \"EPSG:4528\"\nunit ="));
    assert_eq!(p.at.file.as_deref(), Some("sources/bulk_density.tif"));
    assert!(p.what.en.contains("4549") && p.what.en.contains("4528"), "{}", p.what.en);
}

#[test]
fn a_layer_with_a_hole_is_told_with_the_share_and_the_counties() {
    // Columns from 34 on lie in the county 990002 alone: its western border ends at x = 446120,
    // which is column 24.
    let (p, _) = refused("layer.not_covering", |r| r.write("sources/nep_2020.tif", grid(CGCS, |c, _| if c >= 34 { f64::NAN } else { 5000.0 })));
    assert_eq!(p.at.file.as_deref(), Some("sources/nep_2020.tif"));
    assert_eq!(p.at.key.as_deref(), Some("layer.nep"));
    assert!(p.expected.en.contains("County 990002") && !p.expected.en.contains("County 990001"), "{}", p.expected.en);
    assert!(p.expected.zh.contains("乙县"), "{}", p.expected.zh);
    assert!(p.what.en.contains('%'), "{}", p.what.en);
    let (cells, area) = (p.at.cells.unwrap() as f64, p.at.area_m2.unwrap());
    assert!(cells > 20.0 && area > 0.0 && area <= cells * 62_600.0, "{cells} cells, {area} m2");
}

#[test]
fn a_layer_that_lies_elsewhere_covers_nothing() {
    let elsewhere = Tiff::of(CGCS, (CORNERS.0 + 200_000.0, CORNERS.1), (250.0, 250.0), (40, 36), |_, _| 1.3);
    let (p, _) = refused("layer.not_covering", |r| r.write("sources/bulk_density.tif", elsewhere.bytes()));
    for code in COUNTIES {
        assert!(p.expected.en.contains(code), "{code} in {}", p.expected.en);
    }
}

// ---- classes -------------------------------------------------------------------------------------

#[test]
fn a_class_of_the_map_without_a_row_is_told_with_cells_and_area() {
    // Tussock is the only grassland of the map, so its area is that of the type in the account.
    let region = Region::new();
    let done = region.done();
    let grassland: f64 = COUNTIES.iter().map(|c| done.publication.extent[&(2019, (*c).to_owned(), "grassland".to_owned())]).sum();
    let (_, all) = refused("classes.unlisted", |r| {
        let row = r.text("sources/runoff_coefficients.csv").lines().find(|l| l.starts_with("33,41,")).unwrap().to_owned() + "\n";
        r.replace("sources/runoff_coefficients.csv", &row, "");
    });
    let own: Vec<&Problem> = all.iter().filter(|p| p.code == "classes.unlisted").collect();
    let p = own.iter().find(|p| (p.at.area_m2.unwrap() / grassland - 1.0).abs() < 1e-9).unwrap_or_else(|| panic!("{grassland}\n{}", letters(&all)));
    assert_eq!(p.at.file.as_deref(), Some("sources/runoff_coefficients.csv"));
    assert_eq!(p.at.key.as_deref(), Some("33, 41"));
    assert_eq!(p.at.column.as_deref(), Some("alpha"));
    assert!(p.at.cells.unwrap() as f64 >= grassland / 62_600.0);
    // An empty cell is as missing as an absent row.
    let (p, _) = refused("classes.unlisted", |r| r.replace("sources/runoff_coefficients.csv", "51,1,paddy,12.5", "51,1,paddy,"));
    assert_eq!(p.at.key.as_deref(), Some("51, 1"));
}

#[test]
fn a_code_that_no_class_table_has_is_counted() {
    // Nine cells well inside the county 990002, of 250 m; the ellipsoid changes their area by less
    // than one in a thousand.
    let odd = |c: usize, r: usize| (28..31).contains(&c) && (15..18).contains(&r);
    let (_, all) = refused("classes.unknown", |r| {
        let own = |c: usize, r: usize| if odd(c, r) { 99.0 } else { class(c, r, 2019).0 as f64 };
        r.write("sources/ecosystem_2019.tif", grid(CGCS, own));
    });
    // Listed by attribute, because the pair is what the tables lack.
    let unknown: Vec<&Problem> = all.iter().filter(|p| p.code == "classes.unknown").collect();
    for p in &unknown {
        assert_eq!(p.at.file.as_deref(), Some("sources/ecosystem_2019.tif"));
        assert!(p.at.key.as_deref().is_some_and(|k| k.starts_with("99, ")), "{:?}", p.at.key);
    }
    assert_eq!(unknown.iter().filter_map(|p| p.at.cells).sum::<u64>(), 9);
    let area: f64 = unknown.iter().filter_map(|p| p.at.area_m2).sum();
    assert!((area / (9.0 * 62_500.0) - 1.0).abs() < 1e-3, "{area}");
}

#[test]
fn a_code_of_a_code_raster_without_a_row_is_told() {
    let (p, _) = refused("codes.unlisted", |r| r.replace("sources/soil_classes.csv", "2,0.09,0.045\n", ""));
    assert_eq!(p.at.file.as_deref(), Some("sources/soil_classes.csv"));
    assert_eq!(p.at.key.as_deref(), Some("2"));
    assert!(p.at.cells.unwrap() > 0);
}

// ---- units, years, ranges ------------------------------------------------------------------------

#[test]
fn a_unit_that_does_not_fit_is_found_in_the_sidecar() {
    let (p, _) = refused("unit.mismatch", |r| r.replace("sources/et_2019.tif.toml", "mm/a", "gC/(m2 a)"));
    assert_eq!(p.at.file.as_deref(), Some("sources/et_2019.tif.toml"));
    assert_eq!(p.at.key.as_deref(), Some("unit"));
    let (p, _) = refused("unit.unknown", |r| r.replace("sources/et_2019.tif.toml", "mm/a", "furlong"));
    assert_eq!(p.at.file.as_deref(), Some("sources/et_2019.tif.toml"));
    let (p, _) = refused("unit.missing", |r| r.replace("sources/et_2019.tif.toml", "mm/a", ""));
    assert_eq!(p.at.file.as_deref(), Some("sources/et_2019.tif.toml"));
    let (p, _) = refused("unit.mismatch", |r| r.replace("sources/statistics.csv", "1e8 CNY", "t"));
    assert_eq!((p.at.file.as_deref(), p.at.row), (Some("sources/statistics.csv"), Some(3)));
}

#[test]
fn a_unit_that_converts_is_converted() {
    let region = Region::new();
    let before = region.book();
    region.replace("sources/et_2019.tif.toml", "mm/a", "cm/a");
    region.replace("sources/et_2019.tif.toml", "unit =", "scale = 0.1\nunit =");
    let after = region.book();
    assert_eq!(before.assembled.account.rows.len(), after.assembled.account.rows.len());
    for (a, b) in before.assembled.account.rows.iter().zip(&after.assembled.account.rows) {
        assert_eq!((a.quantity, a.value), (b.quantity, b.value), "{} {}", a.place, a.indicator);
    }
}

#[test]
fn a_source_of_another_year_is_found() {
    let (p, _) = refused("source.year_mismatch", |r| r.replace("sources/et_2019.tif.toml", "\"2019\"", "\"2018\""));
    assert_eq!(p.at.file.as_deref(), Some("sources/et_2019.tif.toml"));
    assert_eq!(p.at.key.as_deref(), Some("period"));
    assert!(p.what.en.contains("2018") && p.expected.en.contains("2019"));
}

#[test]
fn a_month_without_a_factor_is_told() {
    let (p, _) = refused("source.year_missing", |r| {
        let row = r.text("sources/factors.csv").lines().find(|l| l.starts_with("2020,7,")).unwrap().to_owned() + "\n";
        r.replace("sources/factors.csv", &row, "");
    });
    assert_eq!(p.at.file.as_deref(), Some("sources/factors.csv"));
    assert!(p.what.en.contains('7') && p.what.en.contains("2020"), "{}", p.what.en);
}

#[test]
fn a_day_without_rain_figures_is_told() {
    let (p, _) = refused("source.days_missing", |r| {
        let row = r.text("sources/daily_rain.csv").lines().find(|l| l.starts_with("990002,2020-02-29,")).unwrap().to_owned() + "\n";
        r.replace("sources/daily_rain.csv", &row, "");
    });
    assert_eq!(p.at.key.as_deref(), Some("990002"));
    assert!(p.what.en.contains("365") && p.expected.en.contains("366"), "{}", p.what.en);
}

#[test]
fn a_value_beyond_its_range_is_counted() {
    // A cell of forest in 990002.
    assert_eq!(class(30, 22, 2019), (11, 21));
    let (p, _) = refused("value.out_of_range", |r| r.write("sources/cover_2019.tif", grid(CGCS, |c, r| if (c, r) == (30, 22) { 1.75 } else { 0.5 })));
    assert_eq!(p.at.file.as_deref(), Some("sources/cover_2019.tif"));
    assert_eq!(p.at.cells, Some(1));
    assert!(p.what.en.contains("1.75") && p.expected.en.contains("0 to 1"), "{} / {}", p.what.en, p.expected.en);
}

#[test]
fn what_the_sidecar_says_is_missing_is_missing() {
    // A zero that nobody declared would be counted as no carbon at all; declared, it is a hole.
    let mut holes = Tiff::of(CGCS, CORNERS, (250.0, 250.0), (40, 36), |c, _| if c >= 34 { 0.0 } else { 5000.0 });
    holes.says_nodata = false;
    let (_, silent) = broken(|r| r.write("sources/nep_2020.tif", holes.bytes()));
    assert!(!silent.has_errors(), "{}", letters(&silent));
    let (p, _) = refused("layer.not_covering", |r| {
        r.write("sources/nep_2020.tif", holes.bytes());
        r.replace("sources/nep_2020.tif.toml", "scale =", "nodata = 0\nscale =");
    });
    assert_eq!(p.at.file.as_deref(), Some("sources/nep_2020.tif"));
    // Two numbers that mean missing cannot both be meant.
    let (p, _) = refused("source.nodata_conflict", |r| r.replace("sources/nep_2020.tif.toml", "scale =", "nodata = 0\nscale ="));
    assert!(p.what.en.contains("-9999") && p.what.en.contains(" 0,"), "{}", p.what.en);
}

// ---- tables --------------------------------------------------------------------------------------

#[test]
fn a_key_given_twice_is_found_in_every_table() {
    for (file, row, key) in [
        ("sources/runoff_coefficients.csv", "11,21,again,1,x,verified,\n", "11"),
        ("sources/soil_classes.csv", "3,0.1,0.1\n", "3"),
        ("sources/prices.csv", "carbon_garze_co2,carbon_sequestration,again,1,CNY/t,CO2,2010,stated,yes,x,y,z,verified,\n", "carbon_garze_co2"),
        ("sources/places.csv", "990002,又,Again,county,990000,x\n", "990002"),
        ("sources/daily_rain.csv", "990002,2020-02-29,3\n", "990002"),
        ("sources/supply_products.csv", "2019,990001,supply_agriculture,rice,1,t,1,CNY/t,synthetic,\n", "rice"),
        ("sources/statistics.csv", "990001,x,2019,gdp,1,1e8 CNY,synthetic,,\n", "gdp"),
        ("sources/declared_zero.csv", "2019,990001,coastal_protection,0,t,synthetic,again\n", "coastal_protection"),
        ("sources/factors.csv", "2019,3,7\n", "2019"),
    ] {
        let lines = Region::new().text(file).lines().count() as u64;
        let (p, _) = refused("table.duplicate_key", |r| {
            let row = if file.ends_with("places.csv") { row.replacen(",x\n", "\n", 1) } else { row.to_owned() };
            r.write(file, r.text(file) + &row);
        });
        assert_eq!(p.at.file.as_deref(), Some(file));
        assert_eq!(p.at.row, Some(lines + 1), "{file}: {p:?}");
        assert!(p.at.key.as_deref().unwrap_or_default().contains(key) || p.what.en.contains(key), "{file}: {p:?}");
    }
}

#[test]
fn text_in_a_number_is_taught_and_not_guessed() {
    for (written, hint) in [("\"1,234\"", "1234"), ("无", "empty"), ("１２３４", "1234"), ("12.3.4", ""), ("1 234", "1234")] {
        for (file, cell, column, row) in [
            ("sources/supply_products.csv", "1234.5", "quantity", 2),
            ("sources/statistics.csv", "21000", "value", 2),
            ("sources/runoff_coefficients.csv", "4.65", "alpha", 2),
            ("sources/factors.csv", "2019,1,0.95", "factor", 2),
        ] {
            let (p, _) = refused("table.not_a_number", |r| {
                let text = r.text(file);
                let line = text.lines().nth(1).unwrap().to_owned();
                let from = if file.ends_with("factors.csv") { line.as_str() } else { cell };
                let to = if file.ends_with("factors.csv") { format!("2019,1,{written}") } else { written.to_owned() };
                r.replace(file, from, &to);
            });
            assert_eq!((p.at.file.as_deref(), p.at.row, p.at.column.as_deref()), (Some(file), Some(row), Some(column)), "{written}");
            assert!(p.fix.en.contains(hint) || p.expected.en.contains(hint), "{written}: {} / {}", p.expected.en, p.fix.en);
        }
    }
}

#[test]
fn an_unknown_division_code_is_found_with_the_nearest() {
    for (file, from, to) in [
        ("sources/supply_products.csv", "2019,990001,supply_agriculture", "2019,990011,supply_agriculture"),
        ("sources/supply_other.csv", "2019,990001,", "2019,990011,"),
        ("sources/statistics.csv", "990001,x,2019,gdp", "990011,x,2019,gdp"),
        ("sources/declared_zero.csv", "2019,990001,", "2019,990011,"),
    ] {
        let (p, _) = refused("place.unknown_code", |r| r.replace(file, from, to));
        assert_eq!(p.at.file.as_deref(), Some(file));
        assert!(p.at.row.is_some(), "{file}");
        assert!(p.what.en.contains("990011") && p.fix.en.contains("990001"), "{} / {}", p.what.en, p.fix.en);
    }
    let (p, _) = refused("place.unknown_code", |r| r.write("sources/daily_rain.csv", r.text("sources/daily_rain.csv").replace("990001,", "990011,")));
    assert_eq!((p.at.file.as_deref(), p.at.key.as_deref()), (Some("sources/daily_rain.csv"), Some("990011")));
}

#[test]
fn a_table_without_its_column_names_the_nearest() {
    let (p, _) = refused("table.missing_column", |r| r.replace("sources/runoff_coefficients.csv", "alpha", "alfa"));
    assert_eq!(p.at.file.as_deref(), Some("sources/runoff_coefficients.csv"));
    assert!(p.fix.en.contains("alfa"), "{}", p.fix.en);
}

#[test]
fn a_table_in_gbk_or_with_a_mark_reads_the_same() {
    let region = Region::new();
    let utf8 = region.book();
    // 试验市, 甲县, 乙县, 丙县 in GB 18030.
    let text = region.text("sources/places.csv");
    let mut gbk: Vec<u8> = Vec::new();
    for c in text.chars() {
        match c {
            '试' => gbk.extend([0xca, 0xd4]),
            '验' => gbk.extend([0xd1, 0xe9]),
            '市' => gbk.extend([0xca, 0xd0]),
            '甲' => gbk.extend([0xbc, 0xd7]),
            '乙' => gbk.extend([0xd2, 0xd2]),
            '丙' => gbk.extend([0xb1, 0xfb]),
            '县' => gbk.extend([0xcf, 0xd8]),
            c => gbk.push(u8::try_from(c).unwrap()),
        }
    }
    for bytes in [gbk, [b"\xef\xbb\xbf", text.as_bytes()].concat()] {
        region.write("sources/places.csv", bytes);
        let again = region.book();
        assert_eq!(again.prepared.places.name("990002").unwrap().zh, "乙县");
        assert_eq!(again.assembled.account.rows.len(), utf8.assembled.account.rows.len());
    }
}

// ---- all at once ---------------------------------------------------------------------------------

#[test]
fn ten_broken_things_are_reported_in_one_pass() {
    let region = Region::new();
    region.remove("sources/nep_normal_2019.tif");
    let bytes = fs::read(region.file("sources/et_2020.tif")).unwrap();
    region.write("sources/et_2020.tif", &bytes[..bytes.len() / 2]);
    region.write("sources/bulk_density.tif", grid(Keys::None, |_, _| 1.3));
    region.replace("sources/et_2019.tif.toml", "\"2019\"", "\"2018\"");
    region.replace("sources/texture.tif.toml", "\"%\"", "\"m\"");
    region.write("sources/runoff_coefficients.csv", region.text("sources/runoff_coefficients.csv") + "11,21,again,1,x,verified,\n");
    region.replace("sources/factors.csv", "2020,12,", "2020,12,about ");
    region.replace("sources/supply_products.csv", "2019,990001,", "2019,990011,");
    region.replace("sources/prices.csv", "7.06,CNY/m3,capacity (stock),2010", "7.06,CNY/m3,capacity (stock),");
    region.replace("sources/dem.tif.toml", "licence", "license");
    let problems = region.check();
    for code in [
        "source.missing_file",
        "raster.truncated",
        "source.no_crs",
        "source.year_mismatch",
        "unit.mismatch",
        "table.duplicate_key",
        "table.not_a_number",
        "place.unknown_code",
        "price.no_year",
        "toml.unknown_key",
    ] {
        error(&problems, code);
    }
    // Each thing once: no two letters are the same.
    for (i, a) in problems.iter().enumerate() {
        assert!(problems.iter().skip(i + 1).all(|b| a != b), "twice: {a:?}");
    }
}

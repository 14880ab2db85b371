//! What a check finds in outlines, prices, keys and names; see [`crate::check`].

use liangshan_atlas::book::Options;
use liangshan_space::{Crs, Projector, gcj};
use liangshan_vocab::Severity;

use crate::check::{CGCS, broken, grid, refused};
use crate::region::*;

// ---- outlines ------------------------------------------------------------------------------------

#[test]
fn an_outline_without_a_place_and_a_place_without_an_outline() {
    let (p, all) = refused("place.unknown_code", |r| r.replace("sources/places.geojson", "990003", "990030"));
    assert_eq!((p.at.file.as_deref(), p.at.key.as_deref()), (Some("sources/places.geojson"), Some("990030")));
    assert!(p.fix.en.contains("990003"), "{}", p.fix.en);
    let p = error(&all, "place.without_polygon");
    assert_eq!(p.at.key.as_deref(), Some("990003"));
}

#[test]
fn a_polygon_that_crosses_itself_is_located() {
    // A bow tie: the diagonals of the square from (442000, 3193000) to (444000, 3195000) cross in
    // its middle.
    let bow = [(442_000.0, 3_193_000.0), (444_000.0, 3_195_000.0), (444_000.0, 3_193_000.0), (442_000.0, 3_195_000.0), (442_000.0, 3_193_000.0)];
    let (p, _) = refused("place.invalid_polygon", |r| {
        let mut rings = mapped(<[_]>::to_vec);
        rings[2] = bow.to_vec();
        r.write("sources/places.geojson", geojson(Some("EPSG:4549"), &rings));
    });
    assert_eq!((p.at.file.as_deref(), p.at.key.as_deref()), (Some("sources/places.geojson"), Some("990003")));
    for text in [&p.expected.zh, &p.expected.en] {
        assert!(text.contains("443000.0") && text.contains("3194000.0"), "{text}");
    }
}

#[test]
fn outlines_as_a_geopackage_give_the_same_account() {
    use liangshan_formats::CrsName;
    use liangshan_formats::vector::{read_geojson, write_geopackage};
    let region = Region::new();
    let before = region.book();
    let mut layer = read_geojson(region.text("sources/places.geojson").as_bytes()).unwrap();
    assert_eq!(layer.crs, CrsName::Epsg(4549));
    layer.name = "counties".into();
    region.write("sources/places.gpkg", write_geopackage(&[layer], "2020-01-01T00:00:00.000Z").unwrap());
    region.write("sources/places.gpkg.toml", region.text("sources/places.geojson.toml"));
    region.replace("region.toml", "layer = \"sources/places.geojson\"", "layer = \"sources/places.gpkg\"");
    let after = region.book();
    for (a, b) in before.assembled.account.rows.iter().zip(&after.assembled.account.rows) {
        assert_eq!((a.quantity, a.value), (b.quantity, b.value), "{} {}", a.place, a.indicator);
    }
}

/// Points of EPSG:4549 as longitude and latitude.
fn lonlat(ring: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let into = Projector::between(&Crs::of_epsg(4549).unwrap(), &Crs::wgs84()).unwrap();
    ring.iter().map(|p| into.map_one(*p)).collect()
}

/// The same ring with every edge in fifty pieces: the offset bends a straight edge of 5 km by metres.
fn in_pieces(ring: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let piece = |w: &[(f64, f64)], k: i32| {
        let t = f64::from(k) / 50.0;
        (w[0].0 + t * (w[1].0 - w[0].0), w[0].1 + t * (w[1].1 - w[0].1))
    };
    ring.windows(2).flat_map(|w| (0..50).map(move |k| piece(w, k))).chain(ring.last().copied()).collect()
}

fn shifted(ring: &[(f64, f64)]) -> Vec<(f64, f64)> {
    lonlat(&in_pieces(ring)).into_iter().map(|(x, y)| gcj::from_wgs84(x, y)).collect()
}

#[test]
fn a_shift_that_the_sidecar_tells_is_undone_and_one_that_it_does_not_is_suspected() {
    let plain = Region::new();
    plain.write("sources/places.geojson", geojson(None, &mapped(|ring| lonlat(&in_pieces(ring)))));
    assert!(plain.check().iter().all(|p| p.code != "place.gcj_shift"));
    let known = plain.book();

    let told = Region::new();
    told.write("sources/places.geojson", geojson(None, &mapped(shifted)));
    told.replace("sources/places.geojson.toml", "unit =", "crs = \"GCJ-02\"\nunit =");
    let problems = told.check();
    assert!(problems.iter().all(|p| p.code != "place.gcj_shift") && !problems.has_errors(), "{}", letters(&problems));
    let undone = told.book();
    // Undoing is exact to 1e-9 degree, 0.1 mm; edges of 100 m still bend by a millimetre.
    for (a, b) in known.assembled.account.rows.iter().zip(&undone.assembled.account.rows) {
        assert_eq!((a.year, &a.place, &a.ecosystem, &a.indicator), (b.year, &b.place, &b.ecosystem, &b.indicator));
        if let (Some(a), Some(b)) = (a.quantity, b.quantity) {
            assert!((a.as_f64() - b.as_f64()).abs() <= 1e-5 * a.as_f64().abs() + 2.0, "{a} {b}");
        }
    }

    let untold = Region::new();
    untold.write("sources/places.geojson", geojson(None, &mapped(shifted)));
    let problems = untold.check();
    let p = found(&problems, Severity::Warning, "place.gcj_shift");
    assert_eq!(p.at.file.as_deref(), Some("sources/places.geojson"));
    // The offset there, from the formula itself: some 500 m to the east and 200 to 300 m to the south.
    assert!(p.expected.en.contains(" m east") && p.fix.en.contains("GCJ-02"), "{}", p.expected.en);
    assert!(!problems.has_errors(), "{}", letters(&problems));
    // The word of the sidecar moves every number, so it is part of every stream's name.
    let names =
        |region: &Region| -> Vec<String> { region.book().years.iter().flat_map(|y| y.plan.streams.iter().map(|s| s.name.as_str().to_owned())).collect() };
    let before = names(&untold);
    untold.replace("sources/places.geojson.toml", "unit =", "crs = \"GCJ-02\"\nunit =");
    assert!(names(&untold).iter().all(|name| !before.contains(name)));
}

// ---- prices --------------------------------------------------------------------------------------

#[test]
fn a_price_without_a_year_stops_the_run_only_where_it_is_used() {
    let used = "reservoir_cost_7_06,water_conservation,reservoir construction cost per m3 of capacity,7.06,CNY/m3,capacity (stock),2010";
    let (p, _) = refused("price.no_year", |r| r.replace("sources/prices.csv", used, used.strip_suffix("2010").unwrap()));
    assert_eq!((p.at.file.as_deref(), p.at.row), (Some("sources/prices.csv"), Some(3)));
    let unused = "reservoir_cost_0_67,water_conservation,reservoir construction cost per m3 of capacity,0.67,CNY/m3,capacity (stock),1990";
    let (region, problems) = broken(|r| r.replace("sources/prices.csv", unused, unused.strip_suffix("1990").unwrap()));
    let p = found(&problems, Severity::Note, "price.no_year");
    assert_eq!(p.at.row, Some(4));
    assert!(!problems.has_errors(), "{}", letters(&problems));
    region.done();
}

#[test]
fn a_price_of_carbon_is_refused_on_carbon_dioxide() {
    let own = "id = \"own-reconstructed\"\ntitle_zh = \"自有\"\ntitle_en = \"Own\"\nextends = \"national-2022-reconstructed\"\n[indicator.carbon_sequestration]\nprice_id = \"carbon_sweden_c\"\n";
    let (p, _) = refused("price.basis_mismatch", |r| {
        r.write("methods/own-reconstructed.toml", own);
        r.replace("region.toml", "national-2022-reconstructed", "own-reconstructed");
    });
    assert!(p.what.en.contains("carbon_sweden_c") || p.at.key.as_deref() == Some("carbon_sweden_c"), "{p:?}");
    assert!(p.expected.en.contains("CO2") || p.what.en.contains("CO2"), "{p:?}");
    // The same by a basis that was changed in the table.
    let (_, _) = refused("price.basis_mismatch", |r| {
        r.replace(
            "sources/prices.csv",
            "carbon_garze_co2,carbon_sequestration,carbon price used on CO2,380,CNY/t,CO2",
            "carbon_garze_co2,carbon_sequestration,carbon price used on CO2,380,CNY/t,C",
        );
    });
}

#[test]
fn a_price_that_the_profile_names_must_be_in_the_table() {
    refused("profile.price_missing", |r| r.replace("sources/prices.csv", "carbon_garze_co2,", "carbon_garze,"));
}

// ---- keys and names ------------------------------------------------------------------------------

#[test]
fn an_unknown_key_is_told_with_the_nearest_one() {
    let (p, _) = refused("toml.unknown_key", |r| r.replace("region.toml", "normal = \"sources/et_normal", "norml = \"sources/et_normal"));
    assert_eq!((p.at.file.as_deref(), p.at.row), (Some("region.toml"), Some(45)));
    assert!(p.fix.en.contains("normal"), "{}", p.fix.en);
    let (p, _) = refused("toml.unknown_key", |r| r.replace("sources/dem.tif.toml", "licence", "license"));
    assert_eq!((p.at.file.as_deref(), p.at.row), (Some("sources/dem.tif.toml"), Some(5)));
    assert!(p.fix.en.contains("licence"), "{}", p.fix.en);
    let (p, _) = refused("toml.unknown_key", |r| {
        r.write(
            "methods/own-reconstructed.toml",
            "id = \"own-reconstructed\"\nextends = \"national-2022-reconstructed\"\n[indicator.oxygen_release]\ninlcude = \"no\"\n",
        );
        r.replace("region.toml", "national-2022-reconstructed", "own-reconstructed");
    });
    assert_eq!((p.at.file.as_deref(), p.at.row), (Some("methods/own-reconstructed.toml"), Some(4)));
    assert!(p.fix.en.contains("include"), "{}", p.fix.en);
}

#[test]
fn an_unknown_profile_year_or_layer_is_told_with_what_there_is() {
    let region = Region::new();
    let problems = region.check_with(&Options { profile: Some("national-2022".into()), ..Options::default() });
    let p = error(&problems, "profile.unknown");
    assert!(p.fix.en.contains("national-2022-reconstructed") && p.expected.en.contains("zhejiang"), "{} / {}", p.expected.en, p.fix.en);
    let problems = region.check_with(&Options { years: vec![2021], ..Options::default() });
    assert!(error(&problems, "region.unknown_year").expected.en.contains("2019, 2020"));
    region.replace("region.toml", "[layer.bulk_density]", "[layer.bulk_densty]");
    let problems = region.check();
    let p = found(&problems, Severity::Warning, "model.input_unserved");
    assert!(p.fix.en.contains("bulk_densty"), "{}", p.fix.en);
}

#[test]
fn a_traced_slope_length_is_refused_on_coarse_cells() {
    let (p, _) = refused("soil.traced_slope_on_coarse_cells", |r| {
        r.write("sources/slope_length.tif", grid(CGCS, |c, _| 20.0 + c as f64));
        r.write("sources/slope_length.tif.toml", r.text("sources/dem.tif.toml"));
        r.replace(
            "region.toml",
            "how = \"constant\"\nvalue = 25\nunit = \"m\"\nsource = \"sources/parameters.csv\"\nkey = \"slope_length\"",
            "how = \"raster\"\nraster = \"sources/slope_length.tif\"",
        );
    });
    assert_eq!((p.at.file.as_deref(), p.at.key.as_deref()), (Some("region.toml"), Some("layer.slope_length")));
    assert!(p.what.en.contains("250") && p.fix.en.contains("constant"));
}

#[test]
fn a_grid_that_cannot_be_meant_is_refused() {
    for (from, to) in [
        ("cell_m = 250", "cell_m = -250"),
        ("columns = 40", "columns = 0"),
        ("rows = 36", "rows = 99999999999"),
        ("tile = 16", "tile = 17"),
        ("crs = \"EPSG:4549\"", "crs = \"EPSG:4326\""),
    ] {
        let (p, _) = refused("region.grid", |r| r.replace("region.toml", from, to));
        assert_eq!(p.at.file.as_deref(), Some("region.toml"), "{to}");
        assert!(p.at.row.is_some(), "{to}");
    }
}

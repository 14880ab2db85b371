//! How long a site takes at the desk against many polygons, and a batch of sites. The parcels and the sites
//! of fifty corners that lie across them are made up; the other layers and the rules are the demo region's.
//!
//! `cargo bench -p liangshan-atlas --bench conform`

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark prints what it measured")]

use std::path::Path;
use std::time::Instant;

use liangshan_atlas::conform::{DayFrom, Desk, Site};
use liangshan_atlas::control::{Control, ControlFeature, InForce, Shape};
use liangshan_atlas::region::Region;
use liangshan_atlas::rules::{self, Day};
use liangshan_space::overlay::{bounds_of, part, plane_area};
use liangshan_space::{AreaMeter, Crs, Index, LineString, MultiPolygon, Polygon};
use rayon::prelude::*;

/// Side of a parcel and gap between parcels, m.
const PARCEL: f64 = 90.0;
const STEP: f64 = 100.0;

/// Parcels in rows, each a ring of 24 corners.
fn parcels(count: usize) -> Vec<MultiPolygon> {
    let wide = (count as f64).sqrt().ceil() as usize;
    let corner = |x: f64, y: f64, i: usize| {
        let turn = i as f64 / 24.0 * std::f64::consts::TAU;
        (x + PARCEL / 2.0 * (1.0 + turn.cos()), y + PARCEL / 2.0 * (1.0 + turn.sin()))
    };
    (0..count)
        .map(|n| {
            let (x, y) = (350_000.0 + STEP * (n % wide) as f64, 3_150_000.0 + STEP * (n / wide) as f64);
            MultiPolygon(vec![Polygon::new(LineString::from((0..24).map(|i| corner(x, y, i)).collect::<Vec<_>>()), vec![])])
        })
        .collect()
}

/// A site of fifty corners, about six hundred metres across.
fn site(x: f64, y: f64) -> MultiPolygon {
    let corner = |i: u32| {
        let (turn, far) = (f64::from(i) / 50.0 * std::f64::consts::TAU, 240.0 + 60.0 * f64::from(i % 3));
        (x + far * turn.cos(), y + far * turn.sin())
    };
    MultiPolygon(vec![Polygon::new(LineString::from((0..50).map(corner).collect::<Vec<_>>()), vec![])])
}

fn judge(index: &Index, parcels: &[MultiPolygon], meter: &AreaMeter, site: &MultiPolygon) -> f64 {
    let near: Vec<&MultiPolygon> = index.meeting(&bounds_of(site).unwrap()).into_iter().map(|i| &parcels[i]).collect();
    let inside = part(site, &near).inside;
    meter.area_m2(&inside).unwrap() + plane_area(&inside)
}

/// The desk of the demo region with made-up parcels in place of the features of its largest layer, so that
/// a site is held against every rule, every layer and every parcel.
fn desk(count: usize) -> Desk {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../regions/quzhou");
    let region = Region::open(&folder).unwrap();
    let (standards, _) = rules::load(Some(&folder)).unwrap();
    let day = Day::parse("2020-06-30").unwrap();
    let mut control = Control::on(&region, day).unwrap();
    let polygons = |layer: &InForce| layer.features.iter().filter(|f| f.shape.area().is_some()).count();
    let layer = control.layers.iter_mut().max_by_key(|l| polygons(l)).unwrap();
    let feature = |(n, shape): (usize, MultiPolygon)| ControlFeature {
        id: n.to_string(),
        name: String::new(),
        county: None,
        parent: None,
        downstream: None,
        cells: Vec::new(),
        shape: Shape::Area(shape),
    };
    layer.features = parcels(count).into_iter().enumerate().map(feature).collect();
    layer.fields = Vec::new();
    Desk::over(region.id(), control, &standards).unwrap()
}

fn asked(shape: MultiPolygon) -> Site {
    Site { id: "1".into(), name: String::new(), attributes: Vec::new(), on: Day::parse("2020-06-30").unwrap(), on_from: DayFrom::Asked, shape }
}

/// A site at the desk: all layers measured, all rules held against it.
fn opinion(desk: &Desk, site: &Site) -> f64 {
    let opinion = desk.opinion(site).unwrap();
    let within = opinion.pieces.iter().map(|p| p.features.iter().map(|t| t.area_m2).sum::<f64>()).sum();
    assert!(within > 0.0, "the site lies on parcels");
    within
}

fn main() {
    for count in [50_000, 1_000_000] {
        let began = Instant::now();
        let desk = desk(count);
        let opened = began.elapsed();
        let middle = STEP * (count as f64).sqrt() / 2.0;
        let mut took: Vec<u128> = (0..101)
            .map(|i| {
                let site = asked(site(350_000.0 + middle + 37.0 * f64::from(i), 3_150_000.0 + middle));
                let began = Instant::now();
                opinion(&desk, &site);
                began.elapsed().as_micros()
            })
            .collect();
        took.sort_unstable();
        println!("{count} polygons: a desk opened in {opened:.1?}; a site of 50 corners in {} us (median), {} us (worst)", took[50], took[100]);
        if count == 50_000 {
            let sites: Vec<Site> = (0..10_000_u32).map(|i| asked(site(351_000.0 + 2.0 * f64::from(i), 3_151_000.0 + 1.7 * f64::from(i)))).collect();
            let began = Instant::now();
            let sum: f64 = sites.par_iter().map(|s| opinion(&desk, s)).sum();
            assert!(sum > 0.0);
            println!("a batch of 10000 sites on {} threads in {:.1?}", rayon::current_num_threads(), began.elapsed());
        }
    }
    large();
}

/// A site of two hundred thousand corners across parcels.
fn large() {
    let corner = |i: u32| {
        let (turn, far) = (f64::from(i) / 200_000.0 * std::f64::consts::TAU, 4_000.0 + 3.0 * f64::from(i % 2));
        (360_000.0 + far * turn.cos(), 3_160_000.0 + far * turn.sin())
    };
    let site = MultiPolygon(vec![Polygon::new(LineString::from((0..200_000).map(corner).collect::<Vec<_>>()), vec![])]);
    let parcels = parcels(50_000);
    let index = Index::of(parcels.iter().enumerate().map(|(i, p)| (i, bounds_of(p).unwrap())));
    let meter = AreaMeter::of(&Crs::of_epsg(4549).unwrap(), 20.0).unwrap();
    let began = Instant::now();
    let faults = liangshan_space::faults(&site).len();
    let looked = began.elapsed();
    let began = Instant::now();
    let area = judge(&index, &parcels, &meter, &site);
    println!("a site of 200000 corners: looked at in {looked:.1?} ({faults} faults), overlaid in {:.1?} ({area:.0} m2)", began.elapsed());
}

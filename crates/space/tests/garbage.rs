//! Whatever coordinates a file holds, nothing panics: a problem, a fault or a number comes back.

#![allow(clippy::unwrap_used)]

use liangshan_space::geo::{Coord, LineString, MultiPolygon, Polygon};
use liangshan_space::{Coverage, Crs, Grid, Projector, faults, gcj, partition_faults, polygon_area_m2};
use proptest::prelude::*;

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => -200.0..200.0_f64,
        2 => (-4..5_i32).prop_map(f64::from),
        1 => prop::sample::select(vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300, -1e300, 1e18, 4e7, f64::MIN_POSITIVE, -0.0]),
    ]
}

fn shape() -> impl Strategy<Value = MultiPolygon> {
    let ring = prop::collection::vec((number(), number()), 0..7).prop_map(|points| LineString(points.into_iter().map(|(x, y)| Coord { x, y }).collect()));
    let ring = ring.boxed();
    let polygon = (ring.clone(), prop::collection::vec(ring, 0..3)).prop_map(|(exterior, holes)| Polygon::new(exterior, holes));
    prop::collection::vec(polygon, 0..4).prop_map(MultiPolygon)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn nothing_panics(a in shape(), b in shape()) {
        let grid = Grid { crs: Crs::wgs84(), x0: -3.0, y0: 4.0, dx: 0.7, dy: 1.3, columns: 11, rows: 7 };
        for shape in [&a, &b] {
            faults(shape);
            if let Ok(coverage) = Coverage::of(shape, &grid) {
                prop_assert!(coverage.in_window(&grid.whole()).iter().all(|(_, share)| (0.0..=1.0).contains(share)));
            }
            let _ = Coverage::of_centres(shape, &grid);
            for code in [4326, 4549, 3857, 32_650] {
                let crs = Crs::of_epsg(code).unwrap();
                if let Ok(area) = polygon_area_m2(shape, &crs, 1e7) {
                    prop_assert!(area.is_finite());
                }
                Projector::between(&Crs::gcj02(), &crs).unwrap().map_shape(shape);
                Projector::between(&crs, &Crs::cgcs2000()).unwrap().map_shape(shape);
            }
        }
        gcj::better_after_shift(&a, &b);
        let sound: Vec<MultiPolygon> = [a, b].into_iter().filter(|s| faults(s).is_empty()).collect();
        partition_faults(&sound, 1e-6);
    }
}

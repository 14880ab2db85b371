//! Resampling against GDAL, and what must hold on any grid.

#![allow(clippy::unwrap_used, clippy::panic)]

use liangshan_space::{CellMap, Crs, Grid, Projector, Resample, SourceBlock, Window, resample, source_window};
use proptest::prelude::*;

const ALL: [Resample; 5] = [Resample::Nearest, Resample::Mode, Resample::Bilinear, Resample::Average, Resample::Sum];

fn grid(epsg: u32, x0: f64, y0: f64, (dx, dy): (f64, f64), columns: usize, rows: usize) -> Grid {
    Grid { crs: Crs::of_epsg(epsg).unwrap(), x0, y0, dx, dy, columns, rows }
}

/// Resamples in one go.
fn whole(method: Resample, source: &Grid, values: &[f64], destination: &Grid) -> Vec<f64> {
    let projector = Projector::between(&destination.crs, &source.crs).unwrap();
    let block = SourceBlock { grid: source, window: source.whole(), values };
    resample(method, &block, destination, &destination.whole(), &projector)
}

/// Resamples block by block, each from no more of the source than it asks for.
fn tiled(method: Resample, source: &Grid, values: &[f64], destination: &Grid, tile: usize) -> Vec<f64> {
    let projector = Projector::between(&destination.crs, &source.crs).unwrap();
    let mut made = vec![f64::NAN; destination.cells()];
    for block in destination.blocks(tile) {
        let Some(window) = source_window(destination, &block, source, &projector, method.margin()) else { continue };
        let part: Vec<f64> = window.places().map(|(c, r)| values[source.whole().index(c, r)]).collect();
        let part = resample(method, &SourceBlock { grid: source, window, values: &part }, destination, &block, &projector);
        for ((column, row), value) in block.places().zip(part) {
            made[destination.whole().index(column, row)] = value;
        }
    }
    made
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|v| v.to_bits()).collect()
}

#[rustfmt::skip]
const VALUES: [f64; 42] = [
    81.0, 8.0, 17.0, 23.0, 18.0, 80.0, 86.0,
    58.0, 3.0, 9.0, 33.0, 43.0, 62.0, 47.0,
    26.0, 15.0, 69.0, 73.0, 3.0, 11.0, 45.0,
    39.0, 88.0, 51.0, 42.0, 43.0, 66.0, 58.0,
    17.0, 73.0, 75.0, 95.0, 78.0, 28.0, 31.0,
    64.0, 65.0, 69.0, 86.0, 29.0, 93.0, 0.0,
];

/// gdalwarp 3.6.2, EPSG:4490 to EPSG:4549, `-et 0` (no approximation), nearest.
#[rustfmt::skip]
const GDAL_NEAREST: [f64; 110] = [
    81.0, 8.0, 8.0, 17.0, 17.0, 23.0, 18.0, 18.0, 80.0, 80.0,
    58.0, 3.0, 3.0, 9.0, 9.0, 33.0, 43.0, 43.0, 62.0, 62.0,
    58.0, 3.0, 3.0, 9.0, 9.0, 33.0, 43.0, 43.0, 62.0, 62.0,
    26.0, 15.0, 15.0, 69.0, 69.0, 73.0, 3.0, 3.0, 11.0, 11.0,
    26.0, 15.0, 15.0, 69.0, 69.0, 73.0, 3.0, 3.0, 11.0, 11.0,
    39.0, 88.0, 88.0, 51.0, 51.0, 73.0, 3.0, 3.0, 11.0, 11.0,
    39.0, 88.0, 88.0, 51.0, 51.0, 42.0, 43.0, 43.0, 66.0, 58.0,
    39.0, 88.0, 88.0, 51.0, 51.0, 42.0, 43.0, 43.0, 66.0, 58.0,
    17.0, 73.0, 73.0, 75.0, 75.0, 95.0, 78.0, 78.0, 28.0, 31.0,
    17.0, 73.0, 73.0, 75.0, 75.0, 95.0, 78.0, 78.0, 28.0, 31.0,
    64.0, 65.0, 65.0, 69.0, 69.0, 86.0, 29.0, 29.0, 93.0, 0.0,
];

/// The same, bilinear, to nine decimals.
#[rustfmt::skip]
const GDAL_BILINEAR: [f64; 110] = [
    74.746374556, 37.533654543, 8.041591003, 13.144774342, 19.153381823, 25.427880794, 24.506636569, 36.506696315, 68.552565772, 76.561602526,
    64.373332067, 31.279137064, 5.601638884, 9.870475556, 18.849749489, 30.042811958, 33.288250246, 43.208371268, 63.302858596, 63.901277991,
    52.435135456, 26.040612628, 7.351867578, 15.573516834, 26.600307907, 38.818934368, 37.821191023, 41.970229432, 52.984063526, 51.273788614,
    38.00297628, 22.538370183, 16.720079033, 38.265788703, 50.063309271, 55.906382691, 32.697437152, 22.731991303, 30.689034573, 39.034299081,
    26.986875861, 23.046079853, 28.595876838, 58.217366912, 69.406594844, 69.429663898, 28.386710367, 6.785565127, 11.809979018, 28.759951227,
    32.849981134, 44.421397345, 53.979214641, 58.341840829, 58.838500329, 56.274629011, 34.944817397, 26.670967154, 35.857560065, 44.286502937,
    38.713106695, 66.088893086, 78.930311491, 58.044915706, 48.211752318, 43.43143185, 41.806295729, 46.618601575, 59.965587804, 59.648846994,
    29.563264942, 60.107400346, 77.584502048, 64.751324408, 61.96579637, 62.997873896, 58.959234406, 55.164501468, 51.87241308, 49.556436814,
    19.640983839, 52.329872182, 74.328388814, 72.313627125, 78.501745946, 86.462511507, 77.432646972, 61.691312661, 38.152398258, 34.932360018,
    32.555571937, 55.005885196, 70.999788867, 72.65710772, 81.54989615, 90.653621418, 72.915060509, 58.900890679, 48.487621621, 33.975074017,
    53.75331891, 61.4874798, 67.600403005, 69.811749777, 78.335712177, 85.366867175, 56.542830648, 51.615392221, 72.81041746, 40.714008287,
];

fn gdal_grids() -> (Grid, Grid) {
    (grid(4490, 118.7, 29.1, (0.05, 0.05), 7, 6), grid(4549, 374_000.0, 3_218_000.0, (3000.0, 2500.0), 10, 11))
}

#[test]
fn nearest_and_bilinear_are_those_of_gdal() {
    let (source, destination) = gdal_grids();
    assert_eq!(whole(Resample::Nearest, &source, &VALUES, &destination), GDAL_NEAREST);
    for (i, (made, wanted)) in whole(Resample::Bilinear, &source, &VALUES, &destination).iter().zip(GDAL_BILINEAR).enumerate() {
        assert!((made - wanted).abs() < 1e-6, "cell {i}: {made}, expected {wanted}");
    }
}

#[test]
fn bilinear_keeps_a_slanted_plane() {
    // z = 3 + 2 x - y at centres is linear, so between centres the same formula holds
    let source = grid(4549, 0.0, 100.0, (10.0, 10.0), 10, 10);
    let plane = |(x, y): (f64, f64)| 3.0 + 2.0 * x - y;
    let values: Vec<f64> = source.centres(&source.whole()).into_iter().map(plane).collect();
    let destination = grid(4549, 5.5, 94.5, (3.0, 7.0), 29, 12);
    for (made, at) in whole(Resample::Bilinear, &source, &values, &destination).iter().zip(destination.centres(&destination.whole())) {
        assert!((made - plane(at)).abs() < 1e-10, "{at:?}: {made}");
    }
    // the outer half pixel holds the edge value: cell centre (2.5, 97.5) lies in it
    let corner = grid(4549, 0.0, 100.0, (5.0, 5.0), 1, 1);
    assert_eq!(whole(Resample::Bilinear, &source, &values, &corner), [values[0]]);
}

#[test]
fn missing_neighbours_share_their_weight_while_half_of_it_is_left() {
    // by hand: four source cells; a centre at place (0.8, 0.7) has s = 0.3, t = 0.2 and
    // weights 0.56, 0.24, 0.14, 0.06
    let source = grid(4549, 0.0, 20.0, (10.0, 10.0), 2, 2);
    let destination = grid(4549, 7.0, 14.0, (2.0, 2.0), 1, 1);
    let at = |values: [f64; 4]| whole(Resample::Bilinear, &source, &values, &destination)[0];
    let nan = f64::NAN;
    assert!((at([1.0, 2.0, 3.0, 4.0]) - 1.7).abs() < 1e-12);
    assert!((at([1.0, nan, nan, nan]) - 1.0).abs() < 1e-12);
    assert!((at([1.0, 2.0, nan, nan]) - 1.04 / 0.8).abs() < 1e-12);
    assert!(at([nan, 2.0, 3.0, 4.0]).is_nan());
}

#[test]
fn footprints_take_what_lies_under_the_cell() {
    // by hand: a cell of 15 by 15 over cells of 10: shares 1, 0.5, 0.5, 0.25
    let source = grid(4549, 0.0, 20.0, (10.0, 10.0), 2, 2);
    let destination = grid(4549, 0.0, 20.0, (15.0, 15.0), 2, 2);
    let first = |method, values: [f64; 4]| whole(method, &source, &values, &destination)[0];
    let nan = f64::NAN;
    assert!((first(Resample::Average, [4.0, 8.0, 12.0, 16.0]) - (4.0 + 4.0 + 6.0 + 4.0) / 2.25).abs() < 1e-12);
    assert!((first(Resample::Average, [nan, 8.0, 12.0, nan]) - 10.0).abs() < 1e-12);
    assert!((first(Resample::Sum, [4.0, 8.0, 12.0, 16.0]) - 18.0).abs() < 1e-12);
    assert!((first(Resample::Sum, [nan, 8.0, 12.0, nan]) - 10.0).abs() < 1e-12);
    // mode: 2 has 1 + 0.25 against 1.0; then 5 and 7 tie at 1.0 each with the corner missing
    assert_eq!(first(Resample::Mode, [2.0, 7.0, 7.0, 2.0]), 2.0);
    assert_eq!(first(Resample::Mode, [7.0, 5.0, 5.0, nan]), 5.0);
    for method in [Resample::Mode, Resample::Average, Resample::Sum] {
        assert!(first(method, [nan; 4]).is_nan());
    }
}

#[test]
fn totals_are_conserved_through_a_projection() {
    // the destination covers the source with room to spare, so no amount is lost
    let (source, _) = gdal_grids();
    let destination = grid(4549, 360_000.0, 3_240_000.0, (1700.0, 2300.0), 50, 40);
    let made = whole(Resample::Sum, &source, &VALUES, &destination);
    let total: f64 = made.iter().filter(|v| !v.is_nan()).sum();
    let given: f64 = VALUES.iter().sum();
    assert!((total / given - 1.0).abs() < 1e-9, "{total}, expected {given}");
}

#[test]
fn cutting_the_map_changes_nothing() {
    let (source, destination) = gdal_grids();
    let mut values = VALUES;
    values[16] = f64::NAN;
    values[30] = f64::NAN;
    let finer = grid(4549, 360_000.0, 3_240_000.0, (777.0, 1234.0), 90, 60);
    for method in ALL {
        for destination in [&destination, &finer] {
            let expected = bits(&whole(method, &source, &values, destination));
            for tile in [1, 3, 7, 64] {
                assert_eq!(bits(&tiled(method, &source, &values, destination, tile)), expected, "{method:?} in tiles of {tile}");
            }
        }
    }
}

#[test]
fn an_aligned_grid_is_copied() {
    // the lattice of an eighth of a degree, shifted by whole cells; the origin carries some rounding
    let source = grid(4490, 118.0, 30.0, (0.125, 0.125), 6, 5);
    let values: Vec<f64> = (0..30).map(f64::from).collect();
    let destination = grid(4326, 118.25 + 1e-12, 30.125, (0.125, 0.125), 7, 3);
    let projector = Projector::between(&destination.crs, &source.crs).unwrap();
    let map = CellMap::new(&destination, destination.whole(), &source, &projector);
    assert!(map.is_copy());
    for method in ALL {
        let made = map.resample(method, &SourceBlock { grid: &source, window: source.whole(), values: &values });
        // by hand: two columns to the right and one row up
        let n = f64::NAN;
        let expected = [n, n, n, n, n, n, n, 2.0, 3.0, 4.0, 5.0, n, n, n, 8.0, 9.0, 10.0, 11.0, n, n, n];
        assert!(made.iter().zip(expected).all(|(a, b)| a == &b || (a.is_nan() && b.is_nan())), "{method:?}: {made:?}");
    }
    assert_eq!(map.source_window(0), Some(Window { column: 2, row: 0, columns: 4, rows: 2 }));
    let odd = grid(4326, 118.3, 30.125, (0.125, 0.125), 7, 3);
    assert!(!CellMap::new(&odd, odd.whole(), &source, &projector).is_copy());
}

#[test]
fn outside_the_source_everything_is_missing() {
    let (source, _) = gdal_grids();
    let far = grid(4549, 700_000.0, 3_218_000.0, (3000.0, 2500.0), 4, 4);
    for method in ALL {
        assert!(whole(method, &source, &VALUES, &far).iter().all(|v| v.is_nan()));
    }
    let projector = Projector::between(&far.crs, &source.crs).unwrap();
    assert_eq!(source_window(&far, &far.whole(), &source, &projector, 1), None);
}

#[test]
fn a_map_can_be_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<CellMap<'_>>();
    shared::<Projector>();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_constant_stays_what_it_is(value in -1e6..1e6_f64, x in 370_000.0..390_000.0_f64, y in 3_200_000.0..3_220_000.0_f64, dx in 300.0..9000.0_f64, dy in 300.0..9000.0_f64) {
        let (source, _) = gdal_grids();
        let values = vec![value; source.cells()];
        let destination = grid(4549, x, y, (dx, dy), 6, 5);
        for method in [Resample::Nearest, Resample::Mode, Resample::Bilinear, Resample::Average] {
            let made = whole(method, &source, &values, &destination);
            prop_assert!(made.iter().all(|v| v.is_nan() || *v == value), "{:?}: {:?}", method, made);
        }
    }

    #[test]
    fn averages_and_totals_agree(x in -5.0..25.0_f64, y in 15.0..45.0_f64, dx in 1.0..30.0_f64, dy in 1.0..30.0_f64, seed in prop::collection::vec(0.0..9.0_f64, 12)) {
        // on a plane, total = average * covered cells, and the totals of a covering grid are the total
        let source = grid(4549, 0.0, 30.0, (10.0, 10.0), 4, 3);
        let destination = grid(4549, x, y, (dx, dy), 3, 3);
        let sums = whole(Resample::Sum, &source, &seed, &destination);
        let means = whole(Resample::Average, &source, &seed, &destination);
        let ones = whole(Resample::Sum, &source, &[1.0; 12], &destination);
        for ((sum, mean), covered) in sums.iter().zip(means).zip(ones) {
            prop_assert_eq!(sum.is_nan(), mean.is_nan());
            prop_assert!(sum.is_nan() || (sum - mean * covered).abs() < 1e-9);
        }
        let around = grid(4549, x - 4.0 * dx - 60.0, y + 4.0 * dy + 60.0, (dx, dy), 120 / dx as usize + 12, 120 / dy as usize + 12);
        let total: f64 = whole(Resample::Sum, &source, &seed, &around).iter().filter(|v| !v.is_nan()).sum();
        let given: f64 = seed.iter().sum();
        prop_assert!((total - given).abs() <= 1e-9 * given.max(1.0), "{} {}", total, given);
    }
}
